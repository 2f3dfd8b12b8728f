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


def _far_apart(x: Array) -> Array:
    """Windows of four numbers that lie half a map apart, (N, C, H', W', 2, 2)."""
    height, width = x.shape[2] // 2, x.shape[3] // 2
    return x.reshape(*x.shape[:2], 2, height, 2, width).transpose(0, 1, 3, 5, 2, 4)


def _squashed(by: Callable[[Array], Array]) -> Callable[..., Any]:
    return lambda x, w, b: by(subsample(x, w, b))


def _along_columns(x: Array, weight: Array, bias: Array) -> Array | None:
    """Weight and bias as NumPy lines them up with columns, where it does."""
    if len({1, len(weight), x.shape[3] // 2}) == 3:
        return None
    return weight * subsample(x, np.ones_like(weight), np.zeros_like(bias)) + bias


_SQUASHED = "An activation bends the result. Here the sub-sampling ends with the bias."

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
            "half of the sum",
            _of_windows(lambda windows: windows.sum(axis=(-2, -1)) / 2),
            "The sum of each window is divided by 2. It has four numbers.",
        ),
        Misconception(
            "half of two",
            _of_windows(lambda windows: (windows[..., 0, 0] + windows[..., 1, 1]) / 2),
            "Two of the four numbers of each window are read, on the diagonal.",
        ),
        Misconception(
            "median",
            _of_windows(lambda windows: np.median(windows, axis=(-2, -1))),
            "You took the median of each window; take the mean.",
        ),
        Misconception(
            "rounded down",
            _of_windows(lambda windows: windows.sum(axis=(-2, -1)) // 4),
            "The mean is rounded down: divide with / instead of //.",
        ),
        Misconception(
            "half a map apart",
            lambda x, w, b: _mixed(w, b, lambda w, b: w * _far_apart(x).mean(axis=(-2, -1)) + b),
            "The four numbers of a mean lie half a map apart. In a reshape, the 2 of a window comes after the number of windows.",
        ),
        Misconception(
            "columns added, then divided",
            _of_windows(
                lambda windows: windows[..., 0].sum(axis=-1) + windows[..., 1].sum(axis=-1) / 4
            ),
            "Only a part of the sum is divided by 4: put brackets around all of it.",
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
            "The bias is subtracted; it should be added.",
        ),
        Misconception(
            "divided by the weight",
            lambda x, w, b: subsample(x, 1 / w, b),
            "The mean is divided by the weight; it should be multiplied by it.",
        ),
        Misconception(
            "weight and bias exchanged",
            lambda x, w, b: subsample(x, b, w),
            "Weight and bias have changed places.",
        ),
        Misconception(
            "mean of all weights",
            lambda x, w, b: subsample(x, np.full_like(w, w.mean()), np.full_like(b, b.mean())),
            "All maps share one weight and one bias, the mean of them; each has its own.",
        ),
        Misconception(
            "weights along the columns",
            _along_columns,
            "Weight and bias run along the columns, as NumPy lines up the last axes. Give them two more axes: `weight[:, None, None]`.",
        ),
        Misconception(
            "tanh",
            _squashed(np.tanh),
            _SQUASHED,
        ),
        Misconception(
            "sigmoid",
            _squashed(lambda y: 1 / (1 + np.exp(-y))),
            _SQUASHED,
        ),
        Misconception(
            "ReLU",
            _squashed(lambda y: np.maximum(y, 0)),
            _SQUASHED,
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
            "rows alone",
            lambda x, w, b: (*x.shape[:2], x.shape[2] // 2, x.shape[3]),
            "Only the rows are halved. A window has two rows and two columns.",
        ),
        Misconception(
            "as many columns as rows",
            lambda x, w, b: (*x.shape[:2], x.shape[2] // 2, x.shape[2] // 2),
            "There are as many columns as rows, but a map need not be square.",
        ),
        Misconception(
            "mean of the images",
            lambda x, w, b: (x.shape[1], x.shape[2] // 2, x.shape[3] // 2),
            "The images are averaged too; each of them has its own output.",
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
