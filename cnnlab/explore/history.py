"""Settings one can go back to."""

from typing import Any

import numpy as np

Settings = dict[str, Any]

LONGEST = 200  # states


class History:
    """States of an explorer in the order one made them, and where one stands in them.

    Examples
    --------
    >>> history = History({"stride": 1})
    >>> history.note({"stride": 2})
    >>> history.step(-1), history.can({"stride": 1})
    ({'stride': 1}, [False, True])
    """

    def __init__(self, first: Settings) -> None:
        self.first = first
        self._states = [first]
        self._at = 0

    def note(self, settings: Settings) -> None:
        """Add a state, unless one is in it already; what was undone is forgotten."""
        if same(settings, self._states[self._at]):
            return
        self._states = [*self._states[: self._at + 1], settings][-LONGEST:]
        self._at = len(self._states) - 1

    def step(self, by: int) -> Settings:
        """Go back (−1) or forth (1), and stay where there is nowhere to go."""
        self._at = min(max(self._at + by, 0), len(self._states) - 1)
        return self._states[self._at]

    def can(self, settings: Settings) -> list[bool]:
        """Whether one can go back from these settings, and forth."""
        here = same(settings, self._states[self._at])
        return [self._at > 0 or not here, here and self._at < len(self._states) - 1]


def same(some: Settings, others: Settings) -> bool:
    """Whether two states are equal; arrays are compared as a whole.

    Examples
    --------
    >>> same({"a": 1}, {"a": True}), same({"x": np.eye(2)}, {"x": np.eye(2)})
    (False, True)
    """
    if some.keys() != others.keys():
        return False
    return all(_equal(value, others[name]) for name, value in some.items())


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return np.array_equal(one, other, equal_nan=True)
    return type(one) is type(other) and bool(one == other)
