"""Settings that differ from layer to layer, told by the paths of ``state_dict``."""

from collections.abc import Mapping
from typing import TypeVar

Value = TypeVar("Value")


def nearest(path: str, values: Mapping[str, Value], otherwise: Value) -> Value:
    """Value of the longest name in ``values`` that is the path, or a part that holds it.

    Parameters
    ----------
    path : str
        Names from the top, joined by dots.
    values : dict
        By path; the name "" holds everything.
    otherwise : object
        What a path gets that no name holds.

    Examples
    --------
    >>> nearest("block1.conv1", {"": 1, "block1": 2, "block10": 3}, 0)
    2
    """
    parts = path.split(".")
    for stop in range(len(parts), -1, -1):
        name = ".".join(parts[:stop])
        if name in values:
            return values[name]
    return otherwise
