"""What does not fit: drawn as far as it goes, and the ways out."""

from dataclasses import replace
from typing import Any, NamedTuple

from cnnlab import geometry
from cnnlab.explore.fixes import around, ways_out
from cnnlab.explore.pooling.model import MAX_WINDOW, Pooling, Settings, check, kind
from cnnlab.explore.scene import Fix


def fixes(settings: Settings) -> list[Fix]:
    """Ways out of settings that do not pool.

    Examples
    --------
    >>> [fix.label for fix in fixes(Settings([[1, 2, 3]] * 3, padding=2))]
    ['padding 1', 'kernel size 3']
    """

    def fits(change: dict[str, Any]) -> bool:
        try:
            check(settings._replace(**change))
        except (TypeError, ValueError):
            return False
        return True

    floor: list[dict[str, Any]] = [{"policy": "floor"}] if settings.policy == "error" else []
    names = {"padding": range(4), "kernel_size": range(1, 5), "stride": range(1, 5)}
    kinds = [around(name, getattr(settings, name), stops) for name, stops in names.items()]
    last = {"kernel_size": 1, "stride": 1, "padding": 0}
    return ways_out([floor, *kinds], fits) or ways_out([[last]], fits)


class _Side(NamedTuple):
    """One axis: what is drawn, the window that does not fit, and what the others read."""

    drawn: range
    failing: range
    read: set[int]


def attempt(pooling: Pooling) -> Pooling:
    """The same pooling with its failing window hanging over, if it can be drawn.

    Examples
    --------
    >>> from cnnlab.explore.pooling.model import pool
    >>> partial = attempt(pool(Settings([[1, 2, 3]] * 3, policy="error")))
    >>> partial.failing, sorted(partial.unread)
    ((range(2, 4), range(2, 4)), [(0, 2), (1, 2), (2, 0), (2, 1), (2, 2)])
    """
    settings, size = pooling.settings, pooling.size
    window = settings.kernel_size, settings.stride, settings.padding
    if not all(type(n) is int and 0 <= n <= MAX_WINDOW for n in window) or 0 in window[:2]:
        return pooling
    rows, columns = (_side(n, settings) for n in size)
    kinds = {(r, c): kind((r, c), size, window[2]) for r in rows.drawn for c in columns.drawn}
    unread = {
        (r, c)
        for (r, c), what in kinds.items()
        if what == "pixel" and not (r in rows.read and c in columns.read)
    }
    return replace(
        pooling,
        rows=rows.drawn,
        columns=columns.drawn,
        kinds=kinds,
        failing=(rows.failing, columns.failing),
        unread=unread if rows.read and columns.read else frozenset(),
    )


def _side(size: int, settings: Settings) -> _Side:
    kernel_size, stride, padding = settings.kernel_size, settings.stride, settings.padding
    room = size + 2 * padding - kernel_size
    read: set[int] = set()
    start = -padding
    if room >= 0:
        windows = geometry.windows(size, kernel_size, stride, padding)
        read = {position for window in windows for position in window}
        if settings.policy == "error":
            start += -(-room // stride) * stride
    failing = range(start, start + kernel_size)
    return _Side(range(-padding, max(size + padding, failing.stop)), failing, read)
