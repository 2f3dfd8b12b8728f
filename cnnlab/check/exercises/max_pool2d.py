"""Max pooling: the largest number of each window, and where its gradient goes."""

import functools
from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common import generic, pooling, pooling_loops
from cnnlab.check.exercises.common.base import Draw, Exercise
from cnnlab.check.exercises.common.changes import Function
from cnnlab.check.exercises.common.sliding import OVERWRITTEN
from cnnlab.scratch import functional as F
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.pooling_windows import pad

_b = F.max_pool_backward


def _also_whole(pool: Function) -> Function:
    """Pool whole numbers too, as floats."""

    @functools.wraps(pool)
    def of_any(x: Array, *args: Any, **settings: Any) -> Any:
        return pool(x.astype(float) if x.dtype.kind == "i" else x, *args, **settings)

    return of_any


_f, _mean = _also_whole(F.max_pool), _also_whole(F.avg_pool)


def _whole(*shape: int) -> Draw:
    return lambda rng: rng.integers(-200, -100, shape)


def _padded_with(number: float) -> Function:
    """The maximum with a padding that takes part."""

    def model(x: Array, kernel_size: Any, **settings: Any) -> Array:
        y, cache = _f(x, kernel_size, **settings)
        wide = x.astype(float) if x.dtype.kind == "i" else x
        taps = cache.windows.taps(pad(wide, cache.windows, number))
        highest: Array = np.maximum.reduce(list(taps))
        return highest.reshape(y.shape)

    return model


def _on_one_side(share: tuple[int, int]) -> Function:
    """Twice the padding before the map, or behind it."""

    def model(x: Array, kernel_size: Any, padding: int = 0, **settings: Any) -> Array | None:
        if not padding or "policy" in settings:
            return None
        sides = (share[0] * padding, share[1] * padding)
        wide = np.pad(x.astype(float), ((0, 0), (0, 0), sides, sides), constant_values=-np.inf)
        return np.asarray(_f(wide, kernel_size, **settings)[0])

    return model


def _stride_1(x: Array, kernel_size: Any, **settings: Any) -> tuple[int, ...] | None:
    """The shape where a stride that is not given is 1."""
    if "stride" in settings:
        return None
    shape: tuple[int, ...] = _f(x, kernel_size, **{**settings, "stride": 1})[0].shape
    return shape


def _over(*axes: int) -> Function:
    """The maximum over further axes too."""

    def model(*args: Any, **settings: Any) -> Array:
        y, _ = _f(*args, **settings)
        return np.broadcast_to(y.max(axes, keepdims=True), y.shape)

    return model


def _by_rule(rule: str) -> Function:
    """Hand each window's gradient on by a wrong rule."""

    def model(dy: Array, cache: Any) -> Array:
        padded, y, windows, _ = cache
        if rule == "share":
            return _b(dy, cache._replace(ties="share"))
        dx = np.zeros(padded.shape, dy.dtype)
        pairs = list(zip(windows.taps(padded), windows.taps(dx), strict=True))
        waiting = np.ones(y.shape, bool)
        for i, (tap, target) in enumerate(pairs[::-1] if rule == "last" else pairs):
            wins = (tap == y) & waiting
            if rule == "all":
                target += dy * (tap == y)
            elif rule == "window":
                target += dy
            elif rule == "corner":
                target += dy * (i == 0)
            elif rule == "overwrite":
                target[wins] = dy[wins]
            else:
                target += dy * wins
            waiting &= ~wins
        inside: Array = windows.inside(dx)
        return inside

    return model


def _windows_overwritten(dy: Array, cache: Any) -> Array:
    """Each window writes all its pixels, so that a later one wipes out an earlier one."""
    padded, _, windows, _ = cache
    dx = np.zeros(padded.shape, dy.dtype)
    for n, c, *place in np.ndindex(dy.shape):
        starts = zip(place, windows.stride, windows.kernel_size, strict=True)
        part = (n, c, *(slice(i * s, i * s + k) for i, s, k in starts))
        share = np.zeros(padded[part].shape)
        share.flat[padded[part].argmax()] = dy[(n, c, *place)]
        dx[part] = share
    inside: Array = windows.inside(dx)
    return inside


EXERCISE = Exercise(
    _f,
    (
        *pooling.CASES,
        pooling.case(
            "with whole numbers and padding 1", pooling.MAPS, 3, _whole, stride=2, padding=1
        )._replace(needs="whole numbers"),
        pooling.IN_FLOAT32,
    ),
    axes="(N, C, H', W')",
    asks=pooling.ASKS,
    backward=_b,
    values=(
        *(
            Misconception(
                f"all padding {where}",
                _on_one_side(share),
                f"All padding lies {where}; half of it belongs on each side.",
            )
            for where, share in (
                ("above and to the left", (2, 0)),
                ("below and to the right", (0, 2)),
            )
        ),
        *pooling.wrong_windows(_f),
        Misconception(
            "mean for max",
            lambda *a, **s: _mean(*a, **s)[0],
            "This is the mean of each window, and the task asks for the maximum.",
        ),
        Misconception(
            "min for max",
            pooling.of(_f, np.negative, np.negative),
            "This is the smallest number of each window, not the largest.",
        ),
        Misconception(
            "max of sizes", pooling.of(_f, np.abs), "Signs are dropped before the maximum is taken."
        ),
        Misconception(
            "padding is infinity",
            _padded_with(np.inf),
            "The padding wins wherever it takes part: it is +∞ here, so −∞ is needed.",
        ),
        Misconception(
            "padding is 0",
            _padded_with(0),
            "The padding takes part as 0: a window of negative numbers must not become 0.",
        ),
        *(
            Misconception(
                f"padding is {number}",
                _padded_with(number),
                "The padding takes part in the maximum: some numbers of x are smaller still. What "
                "is smaller than every number?",
            )
            for number in (
                -1,
                -100,
                -255,
                -999,
                -1000,
                -9999,
                -10000,
                -99999,
                -100000,
                -1e6,
                -1e7,
                -1e8,
                -1e9,
            )
        ),
        *generic.left_out(_f, "stride", "padding"),
        *pooling_loops.VALUES,
        Misconception(
            "over channels",
            _over(1),
            "The maximum runs over the channels too, but pooling keeps them apart.",
        ),
        Misconception(
            "over everything",
            _over(0, 1),
            "The maximum runs over images and channels too, but pooling keeps them apart.",
        ),
        *generic.values(_f),
    ),
    shapes=(
        Misconception(
            "stride 1 where none is given",
            _stride_1,
            "Without a stride the windows lie side by side: the stride is the kernel size.",
        ),
        *pooling_loops.SHAPES,
    ),
    gradients=(
        *generic.gradients(_b),
        Misconception(
            "tie to the last",
            _by_rule("last"),
            "In a tie the last maximum gets the gradient; here it is the first.",
        ),
        Misconception(
            "tie shared",
            _by_rule("share"),
            "In a tie all maxima share the gradient; here the first one gets all of it.",
        ),
        Misconception(
            "tie to all",
            _by_rule("all"),
            "In a tie every maximum gets the whole gradient; only the first one may.",
        ),
        Misconception(
            "gradient to all",
            _by_rule("window"),
            "Every pixel of a window gets the gradient, but only its maximum counted.",
        ),
        Misconception(
            "gradient to the corner",
            _by_rule("corner"),
            "The first pixel of each window gets the gradient, whatever it did.",
        ),
        Misconception(
            "overlap overwritten",
            _by_rule("overwrite"),
            "Where windows overlap, only the last one counts: a pixel gets the sum of its "
            "gradients.",
        ),
        Misconception("windows overwritten", _windows_overwritten, OVERWRITTEN),
        *generic.batches(_b),
        *pooling.wrong_settings(_f, _b),
    ),
)
