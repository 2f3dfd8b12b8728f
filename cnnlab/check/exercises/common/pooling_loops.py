"""Max pooling in loops, as people write it: windows that begin or end wrongly, places miscounted."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Wrong
from cnnlab.check.exercises.common.changes import Function
from cnnlab.scratch.functional.checks import Array

Begin = Callable[[int, int, int], int]
"""First pixel of a window, from its number, the stride and the kernel size."""


def _places(size: int, kernel_size: int, stride: int, padding: int) -> int:
    return (size + 2 * padding - kernel_size) // stride + 1


def _plain(kernel_size: Any, policy: str) -> bool:
    """Whether the loops of the lab serve these settings."""
    return isinstance(kernel_size, int) and policy == "floor"


def _cut(begin: Begin, length: Callable[[int, int], int]) -> Function:
    """The maximum of windows of another beginning, or of a length by stride and kernel size."""

    def model(
        x: Array, kernel_size: Any, stride: Any = None, padding: int = 0, policy: str = "floor"
    ) -> Array | None:
        if not _plain(kernel_size, policy):
            return None
        stride, sides = stride or kernel_size, (padding, padding)
        wide = np.pad(x.astype(float), ((0, 0), (0, 0), sides, sides), constant_values=-np.inf)
        places = (_places(n, kernel_size, stride, padding) for n in x.shape[2:])
        y = np.zeros((*x.shape[:2], *places))  # (N, C, H', W')
        size = length(stride, kernel_size)
        for i, j in np.ndindex(y.shape[2:]):
            top, left = (begin(n, stride, kernel_size) for n in (i, j))
            window = wide[:, :, top : top + size, left : left + size]
            if window.size:  # where there is none, such a loop stops
                y[:, :, i, j] = window.max(axis=(2, 3))
        return y

    return model


def _counted(rows: Callable[..., int], square: bool = False) -> Function:
    """The shape where places are counted in a wrong way, or one number serves both directions."""

    def model(
        x: Array, kernel_size: Any, stride: Any = None, padding: int = 0, policy: str = "floor"
    ) -> tuple[int, ...] | None:
        if not _plain(kernel_size, policy):
            return None
        height, width = x.shape[2:]
        sizes = (height, height if square else width)
        numbers = kernel_size, stride or kernel_size, padding
        return (*x.shape[:2], *(rows(size, *numbers) for size in sizes))

    return model


VALUES: Wrong = (
    Misconception(
        "windows begin at their number",
        _cut(lambda i, stride, k: i, lambda stride, k: k),
        "Window number i begins at pixel i; it must begin at i times the stride.",
    ),
    Misconception(
        "windows side by side in a loop",
        _cut(lambda i, stride, k: i * k, lambda stride, k: k),
        "The windows lie side by side, as if the stride were the kernel size. Begin them at i times "
        "the stride.",
    ),
    Misconception(
        "last row and column of each window",
        _cut(lambda i, stride, k: i * stride, lambda stride, k: k - 1),
        "The last row and the last column of each window are not read: a slice in Python ends "
        "before its end.",
    ),
    Misconception(
        "windows as large as the stride",
        _cut(lambda i, stride, k: i * stride, lambda stride, k: stride),
        "The windows are as large as the stride; they must be as large as the kernel.",
    ),
)
"""Wrong numbers of a loop over windows."""

SHAPES: Wrong = (
    Misconception(
        "stride 2 always",
        _counted(lambda size, k, stride, padding: _places(size, k, 2, padding)),
        "The windows move by 2 pixels, whatever kernel size and stride are.",
    ),
    Misconception(
        "padding counted once",
        _counted(lambda size, k, stride, padding: (size + padding - k) // stride + 1),
        "The padding is counted once, but it lies on both sides of a map.",
    ),
    Misconception(
        "as many columns as rows",
        _counted(_places, square=True),
        "There are as many columns as rows, but a map need not be square.",
    ),
    Misconception(
        "as large as the input",
        lambda x, *args, **settings: x.shape,
        "It is as large as the input; each window gives one number.",
    ),
)
"""Wrong shapes of a loop over windows."""
