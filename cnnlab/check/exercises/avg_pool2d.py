"""Average pooling: the mean of each window, and the shares of its gradient."""

from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common import generic, pooling
from cnnlab.check.exercises.common.base import Exercise
from cnnlab.check.exercises.common.changes import gradient
from cnnlab.check.exercises.common.sliding import OVERWRITTEN
from cnnlab.scratch import functional as F
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.pooling_windows import pad

_f, _b = F.avg_pool, F.avg_pool_backward


def _largest(x: Array, kernel_size: Any, **settings: Any) -> Array:
    settings.pop("count_include_pad", None)
    return F.max_pool(x, kernel_size, **settings)[0]


def _summed(*args: Any, **settings: Any) -> Array:
    y, cache = _f(*args, **settings)
    return y * cache.counts


def _to_corner(dy: Array, cache: Any) -> Array:
    dx = _canvas(dy, cache)
    corner = next(cache.windows.taps(dx))
    corner += dy
    inside: Array = cache.windows.inside(dx)
    return inside


def _overwritten(dy: Array, cache: Any) -> Array:
    dx = _canvas(dy, cache)
    for tap in cache.windows.taps(dx):
        tap[...] = dy / cache.counts
    inside: Array = cache.windows.inside(dx)
    return inside


def _windows_overwritten(dy: Array, cache: Any) -> Array:
    """Window by window, each writing all its pixels."""
    dx, windows = _canvas(dy, cache), cache.windows
    for n, c, *place in np.ndindex(dy.shape):
        starts = zip(place, windows.stride, windows.kernel_size, strict=True)
        part = (n, c, *(slice(i * s, i * s + k) for i, s, k in starts))
        dx[part] = (dy / cache.counts)[(n, c, *place)]
    inside: Array = windows.inside(dx)
    return inside


def _canvas(dy: Array, cache: Any) -> Array:
    maps = np.zeros((*dy.shape[:2], *cache.windows.size), dy.dtype)
    return pad(maps, cache.windows, 0)


EXERCISE = Exercise(
    _f,
    (
        *pooling.CASES,
        pooling.case(
            "without counting the padding",
            pooling.MAPS,
            3,
            stride=2,
            padding=1,
            count_include_pad=False,
        ),
        pooling.IN_FLOAT32,
    ),
    axes="(N, C, H', W')",
    asks=pooling.ASKS,
    backward=_b,
    values=(
        *generic.values(_f),
        *pooling.wrong_windows(_f),
        Misconception(
            "max for mean",
            _largest,
            "This is the maximum of each window, and the task asks for the mean.",
        ),
        Misconception(
            "sum for mean", _summed, "The windows are summed, but the sum is not divided."
        ),
        Misconception(
            "root mean square",
            pooling.of(_f, np.square, np.sqrt),
            "This is the root of the mean square of each window, not its mean.",
        ),
        Misconception(
            "padding never counts",
            lambda *a, **s: _f(*a, **s | {"count_include_pad": False}),
            "The padding is left out of the count; here it counts in the mean.",
        ),
        Misconception(
            "padding always counts",
            lambda *a, **s: _f(*a, **s | {"count_include_pad": True}),
            "The padding counts in the mean; here it must be left out.",
        ),
        *generic.left_out(_f, "stride", "padding"),
    ),
    gradients=(
        *generic.gradients(_b),
        Misconception(
            "gradient not divided",
            lambda dy, c: _b(dy, c._replace(counts=np.ones_like(c.counts))),
            "Every pixel gets all of the gradient, but the mean took a share of each.",
        ),
        Misconception(
            "gradient to the corner",
            _to_corner,
            "The first pixel of each window gets the gradient, whatever it did.",
        ),
        Misconception(
            "overlap overwritten",
            _overwritten,
            "Where windows overlap, only the last one counts: a pixel gets the sum of its "
            "gradients.",
        ),
        Misconception(
            "gradient shifted",
            gradient(_b, lambda g: np.roll(g, 1, -1)),
            "The gradient is shifted by one column.",
        ),
        Misconception("windows overwritten", _windows_overwritten, OVERWRITTEN),
        *generic.batches(_b),
        *pooling.wrong_settings(_f, _b),
    ),
)
