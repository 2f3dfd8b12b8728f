"""Ways out of settings that do not fit together."""

from collections.abc import Callable, Iterable
from typing import Any

from cnnlab.explore.scene import Fix

MOST = 3  # buttons


def ways_out(
    kinds: Iterable[Iterable[dict[str, Any]]], fits: Callable[[dict[str, Any]], bool]
) -> list[Fix]:
    """Of each kind of change, the first that fits.

    Parameters
    ----------
    kinds : iterable
        Kinds of changes; of each, settings to try, the smallest change first.
    fits : callable
        Whether a change is enough.

    Examples
    --------
    >>> kinds = [[{"padding": p} for p in (0, 1, 2)], [{"stride": 1}]]
    >>> ways_out(kinds, lambda change: change.get("padding", 0) > 0)
    [Fix(label='padding 1', settings={'padding': 1})]
    """
    found = (next(filter(fits, kind), None) for kind in kinds)
    return [Fix(_label(change), change) for change in found if change][:MOST]


def around(name: str, value: int, stops: Iterable[int]) -> list[dict[str, Any]]:
    """Other values of one setting, the nearest first.

    Examples
    --------
    >>> around("padding", 1, range(4))
    [{'padding': 0}, {'padding': 2}, {'padding': 3}]
    """
    others = (stop for stop in stops if stop != value)
    return [{name: stop} for stop in sorted(others, key=lambda stop: abs(stop - value))]


def _label(change: dict[str, Any]) -> str:
    """In words; a switch that only makes way for a number is not named."""
    named = {k: v for k, v in change.items() if not isinstance(v, bool)}
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in named.items())
