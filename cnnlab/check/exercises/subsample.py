"""LeNet's sub-sampling: the mean of each window of 2×2, with a weight and a bias for each map."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch import functional
from cnnlab.scratch.functional.checks import Array


def subsample(x: Array, weight: Array, bias: Array) -> Array:
    """Sub-sample images by windows of 2×2, (N, C, H, W) -> (N, C, H', W').

    Examples
    --------
    >>> subsample(np.array([[[[1.0, 2], [3, 6]]]]), np.array([0.5]), np.array([-1.0])).item()
    0.5
    """
    return functional.subsample(x, weight, bias, 2)[0]


def _windows(x: Array) -> Array:
    return np.lib.stride_tricks.sliding_window_view(x, (2, 2), (2, 3))[:, :, ::2, ::2]


def _mixed(weight: Array, bias: Array, mixed: Callable[..., Array]) -> Array:
    """Put weights and biases where they meet maps: (C,) -> (C, 1, 1)."""
    return mixed(weight[:, None, None], bias[:, None, None])


def _of_windows(take: Callable[[Array], Array]) -> Callable[..., Any]:
    def model(x: Array, weight: Array, bias: Array) -> Array:
        return _mixed(weight, bias, lambda w, b: w * take(_windows(x)) + b)

    return model


def _case(words: str, shape: tuple[int, ...]) -> Case:
    maps = shape[1]
    return Case(words, {"x": normal(*shape), "weight": normal(maps), "bias": normal(maps)})


EXERCISE = Exercise(
    subsample,
    (
        _case("with one image and one map", (1, 1, 4, 4)),
        _case("with several maps", (1, 3, 4, 6)),
        _case("with several images and maps", (2, 3, 6, 4)),
        _case("with a single window", (2, 4, 2, 2)),
        _case("with as many maps as pixels along an axis", (3, 4, 8, 4)),
    ),
    axes="(N, C, H', W')",
    asks=("bias",),
    values=(
        Misconception(
            "sum",
            _of_windows(lambda windows: windows.sum(axis=(-2, -1))),
            "You added the four numbers up, as the paper of 1998 does. Here their mean is taken.",
        ),
        Misconception(
            "maximum",
            _of_windows(lambda windows: windows.max(axis=(-2, -1))),
            "You took the largest number of each window. Here it is the mean of all four.",
        ),
        Misconception(
            "no bias",
            lambda x, w, b: subsample(x, w, np.zeros_like(b)),
            "The bias is missing.",
        ),
        Misconception(
            "no weight",
            lambda x, w, b: subsample(x, np.ones_like(w), b),
            "The weight is missing: these are the means, with the bias.",
        ),
        Misconception(
            "means alone",
            lambda x, w, b: subsample(x, np.ones_like(w), np.zeros_like(b)),
            "These are the means of the windows; each map has a weight and a bias, too.",
        ),
        Misconception(
            "bias first",
            lambda x, w, b: subsample(x, w, w * b),
            "The bias is added before the weight multiplies the mean. It is the other way round: "
            "multiply first, then add.",
        ),
        Misconception(
            "the first map's weight for all",
            lambda x, w, b: subsample(x, np.full_like(w, w[0]), np.full_like(b, b[0])),
            "All maps get the weight and the bias of the first one; each has its own.",
        ),
        Misconception(
            "bias taken off",
            lambda x, w, b: subsample(x, w, -b),
            "The bias is taken off; it is added.",
        ),
        Misconception(
            "every second pixel",
            lambda x, w, b: _mixed(w, b, lambda w, b: w * x[:, :, ::2, ::2] + b),
            "Only the first pixel of each window is read; all four count.",
        ),
        Misconception(
            "maps mixed",
            lambda x, w, b: np.broadcast_to(
                subsample(x, w, b).sum(axis=1, keepdims=True), subsample(x, w, b).shape
            ),
            "The maps are added up. Each map stays by itself.",
        ),
    ),
    shapes=(
        Misconception(
            "stride 1",
            lambda x, w, b: (*x.shape[:2], x.shape[2] - 1, x.shape[3] - 1),
            "The windows move by one pixel; the stride is 2, so that they do not overlap.",
        ),
        Misconception(
            "one map",
            lambda x, w, b: (len(x), 1, x.shape[2] // 2, x.shape[3] // 2),
            "One map comes out for each image; there must be as many as went in.",
        ),
        Misconception(
            "as large as it was",
            lambda x, w, b: x.shape,
            "The maps are as large as before; each window gives one number.",
        ),
    ),
)
