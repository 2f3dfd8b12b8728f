"""What does not fit: drawn as far as it goes, and the ways out."""

from dataclasses import replace
from math import gcd
from typing import Any

import numpy as np

from cnnlab.explore.convolution.layer import (
    LARGEST,
    Axis,
    Layer,
    Settings,
    arrays,
    axes,
    check,
    dimensions,
    sides,
)
from cnnlab.explore.fixes import around, ways_out
from cnnlab.explore.scene import Fix

Choice = dict[str, Any]


def fixes(settings: Settings) -> list[Fix]:
    """Ways out, each the smallest change of its kind that fits.

    Examples
    --------
    >>> [fix.label for fix in fixes(Settings(stride=3, policy="error"))]
    ['policy floor', 'padding 1', 'stride 2']
    """
    whole: Choice = {} if _divides(settings) else {"groups": _common(settings)}
    if whole and _fits(replace(settings, **whole)):
        return ways_out([[whole]], lambda _: True)
    kinds = ([change | whole for change in kind] for kind in _choices(settings))
    last = {"kernel_size": 1, "stride": 1, "padding": 0, "each_side": False} | whole
    found = ways_out(kinds, lambda change: _fits(replace(settings, **change)))
    return found or ways_out([[last]], lambda _: True)


def _choices(settings: Settings) -> list[list[Choice]]:
    """Changes to try, by kind, the smallest first."""
    floor: list[Choice] = [{"policy": "floor"}] if settings.policy == "error" else []
    padding = around("padding", settings.padding, range(5))
    if settings.each_side:
        padding = [{"padding": p, "each_side": False} for p in range(5)]
    kernel_size = settings.kernel_size
    return [
        floor,
        padding,
        around("stride", settings.stride, range(1, 5)),
        around("kernel_size", kernel_size, range(1, kernel_size)),
        around("dilation", settings.dilation, range(1, settings.dilation)),
        around("size", settings.size, range(settings.size, 11)),
    ]


def _fits(settings: Settings) -> bool:
    try:
        check(settings)
        axes(settings)
    except ValueError:
        return False
    return True


def _divides(settings: Settings) -> bool:
    channels, filters, groups, _ = dimensions(settings)
    return channels % groups == filters % groups == 0


def _common(settings: Settings) -> int:
    """Largest number of groups, at most as many as asked for, that divides both."""
    both = gcd(settings.channels, settings.filters)
    return max(g for g in range(1, settings.groups + 1) if both % g == 0)


def attempt(settings: Settings) -> Layer | None:
    """The layer without an output, its failing window hanging over; None beyond all bounds.

    Examples
    --------
    >>> attempt(Settings(size=2, kernel_size=5)).rows.hanging
    3
    """
    asked = dimensions(settings) + sides(settings)[0] + sides(settings)[1]
    numbers = (settings.size, settings.stride, settings.dilation, *asked)
    if not all(type(n) is int and 0 <= n <= max(LARGEST.values()) for n in numbers):
        return None
    if min(settings.size, settings.stride, settings.dilation, *asked[:4]) < 1:
        return None
    groups = dimensions(settings)[2] if _divides(settings) else 1
    whole = replace(settings, groups=groups, policy="ceil")
    try:
        rows, columns = axes(whole)
    except ValueError:
        flat = settings.ndim == 1
        rows, columns = (_hanging(settings, side) for side in sides(settings))
        rows = Axis(1, 1, 0, 0, 0, ()) if flat else rows
    x, weight, bias = arrays(whole)
    return Layer(whole, rows, columns, groups, x, weight, bias, np.zeros((len(bias), 0, 0)))


def _hanging(settings: Settings, side: tuple[int, int]) -> Axis:
    kernel_size = dimensions(settings)[3]
    if settings.kind == "transposed":
        return Axis(settings.size, kernel_size, 0, 0, 0, ())
    over = settings.dilation * (kernel_size - 1) + 1 - settings.size - sum(side)
    return Axis(settings.size, kernel_size, *side, max(over, 0), ())


def hangs(layer: Layer) -> bool:
    """Whether an attempt has a window that does not fit; it may be wrong for other reasons.

    Examples
    --------
    >>> hangs(attempt(Settings(size=2, kernel_size=5))), hangs(attempt(Settings(groups=2)))
    (True, False)
    """
    both = (layer.rows, layer.columns)
    windows = not layer.output.size and not layer.transposed
    return windows and any(axis.hanging or not axis.taps for axis in both)


def failing(axis: Axis, dilation: int) -> range:
    """Positions of the window that does not fit."""
    if axis.taps and axis.taps[-1]:
        return range(axis.taps[-1][0][0], axis.taps[-1][-1][0] + 1)
    span = dilation * (axis.kernel_size - 1) + 1
    return range(-axis.before, min(span - axis.before, axis.positions[-1] + 1))
