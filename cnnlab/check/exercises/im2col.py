"""Windows as columns of a matrix, so that a convolution becomes one matrix product."""

import math
from typing import Any

import numpy as np

from cnnlab import geometry
from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common import generic, sliding
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch.functional.checks import Array


def windows(x: Array, kernel_size: int | tuple[int, int], stride: int = 1) -> Array:
    """All windows of images, one after another, as (N, C, H', W', kh, kw).

    Examples
    --------
    >>> windows(np.zeros((2, 3, 5, 4)), 3).shape
    (2, 3, 3, 2, 3, 3)
    """
    size = geometry.per_axis("kernel_size", kernel_size, 2)
    every = np.lib.stride_tricks.sliding_window_view(x, size, (2, 3))
    return every[:, :, ::stride, ::stride]


def im2col(
    x: Array, kernel_size: int | tuple[int, int], stride: int = 1, padding: int = 0
) -> Array:
    """Windows as columns, (N, C·kh·kw, H'·W'), in the order of PyTorch's ``unfold``.

    Examples
    --------
    >>> im2col(np.zeros((2, 3, 5, 4)), 3).shape
    (2, 27, 6)
    """
    sides = (padding, padding)
    every = windows(np.pad(x, ((0, 0), (0, 0), sides, sides)), kernel_size, stride)
    columns = every.transpose(0, 1, 4, 5, 2, 3)  # (N, C, kh, kw, H', W')
    return columns.reshape(len(x), math.prod(columns.shape[1:4]), -1)  # (N, C·kh·kw, H'·W')


def case(words: str, image: Any, kernel: Any, **settings: Any) -> Case:
    """One call for the windows of images."""
    return Case(words, {"x": normal(*image), "kernel_size": kernel}, settings)


CASES = (
    case("with one image and one channel", (1, 1, 4, 5), 2),
    case("with several images and channels", (2, 3, 5, 4), 3),
    case("with stride 2", (2, 3, 7, 6), 3, stride=2),
    case("with padding 1", (2, 3, 5, 4), 3, padding=1),
    case("with stride 2 and padding 1", (2, 3, 5, 8), 3, stride=2, padding=1),
    case("with even windows, stride 3 and padding 2", (2, 2, 7, 6), 4, stride=3, padding=2),
    case("with a single window", (2, 3, 3, 3), 3, stride=2),
    case("with windows that are not square", (2, 3, 5, 6), (2, 3))._replace(needs="not square"),
)


def _grid(columns: Array, x: Array, k: Any, stride: int = 1, padding: int = 0) -> Array:
    """Columns with their places as rows and columns of the output, (N, C·kh·kw, H', W')."""
    size = geometry.output_shape(x.shape[2:], _pair(k), stride, padding)
    return columns.reshape(*columns.shape[:2], *size)


def _pair(kernel_size: Any) -> tuple[int, int]:
    kh, kw = np.broadcast_to(kernel_size, 2).tolist()
    return kh, kw


def _downwards(x: Array, k: Any, **settings: Any) -> Array:
    columns = im2col(x, k, **settings)
    return _grid(columns, x, k, **settings).swapaxes(2, 3).reshape(columns.shape)


def _unmoved(x: Array, k: Any, stride: int = 1, padding: int = 0) -> Array:
    rows, columns = geometry.output_shape(x.shape[2:], _pair(k), stride, padding)
    every = _grid(im2col(x, k, padding=padding), x, k, padding=padding)
    return every[:, :, :rows, :columns].reshape(*every.shape[:2], -1)


def _inside(columns: Array, x: Array, k: Any, *order: int) -> Array:
    """Columns whose windows (C, kh, kw) are flattened in another order of axes."""
    parts = columns.reshape(len(x), x.shape[1], *_pair(k), -1)
    return parts.transpose(0, *(1 + axis for axis in order), 4).reshape(columns.shape)


def _shape(x: Array, kernel_size: tuple[int, int], settings: dict[str, Any]) -> tuple[int, ...]:
    places = geometry.output_shape(x.shape[2:], kernel_size, **settings)
    return len(x), x.shape[1] * math.prod(kernel_size), math.prod(places)


EXERCISE = Exercise(
    im2col,
    CASES,
    axes="(N, C·kh·kw, H'·W')",
    asks=("stride", "padding"),
    values=(
        *generic.left_out(im2col, "stride", "padding"),
        Misconception(
            "windows as rows",
            lambda *a, **s: im2col(*a, **s).swapaxes(1, 2),
            "Each row holds a window; this asks for windows as columns.",
        ),
        Misconception(
            "places column by column",
            _downwards,
            "The places go down first: go along each row, from the top left.",
        ),
        Misconception("windows not moved", _unmoved, sliding.NOT_MOVED),
        Misconception(
            "channels last",
            lambda x, k, **s: _inside(im2col(x, k, **s), x, k, 1, 2, 0),
            "The channels of a pixel are together; put each channel's window in one piece.",
        ),
        Misconception(
            "windows column by column",
            lambda x, k, **s: _inside(im2col(x, k, **s), x, k, 0, 2, 1),
            "Each window is flattened column by column: go along its rows.",
        ),
        Misconception(
            "image 0 for all",
            lambda x, k, **s: im2col(np.repeat(x[:1], len(x), 0), k, **s),
            "Every column comes from the first image.",
        ),
    ),
    shapes=(
        Misconception(
            "places first",
            lambda x, k, **s: (im2col(x, k, **s).shape[2], *im2col(x, k, **s).shape[:2]),
            "The places come first: put the columns side by side, along the last axis.",
        ),
        Misconception(
            "height both ways", lambda x, k, **s: _shape(x, (_pair(k)[0],) * 2, s), sliding.HEIGHT
        ),
        Misconception(
            "width both ways", lambda x, k, **s: _shape(x, (_pair(k)[1],) * 2, s), sliding.WIDTH
        ),
        Misconception(
            "height for width", lambda x, k, **s: _shape(x, _pair(k)[::-1], s), sliding.EXCHANGED
        ),
    ),
)
