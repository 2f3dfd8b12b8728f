"""The weights of a dense layer behind maps, as those of a convolution."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch.functional.checks import Array


def dense_as_conv(weight: Array, channels: int, height: int, width: int) -> Array:
    """Filters that compute what a dense layer does behind flattened maps, (K, C·H·W) -> (K, C, H, W).

    Examples
    --------
    >>> dense_as_conv(np.zeros((120, 400)), 16, 5, 5).shape
    (120, 16, 5, 5)
    """
    return weight.reshape(-1, channels, height, width)


def _in_order(*axes: int) -> Callable[..., Any]:
    """The numbers read as if the maps had been flattened with their axes in another order."""

    def model(weight: Array, *sizes: int) -> Array:
        read = weight.reshape(-1, *(sizes[axis] for axis in axes))
        return read.transpose(0, *(1 + axes.index(axis) for axis in range(3)))  # (K, C, H, W)

    return model


def _case(words: str, filters: int, *sizes: int) -> Case:
    names = ("channels", "height", "width")
    weight = normal(filters, int(np.prod(sizes)))
    return Case(words, {"weight": weight, **dict(zip(names, sizes, strict=True))})


EXERCISE = Exercise(
    dense_as_conv,
    (
        _case("with one map", 3, 1, 2, 2),
        _case("with several maps", 4, 3, 2, 2),
        _case("with maps that are not square", 5, 2, 3, 4),
        _case("with as many filters as maps", 4, 4, 3, 3),
        _case("with as many inputs as outputs", 12, 3, 2, 2),
        _case("with the sizes of LeNet-5", 120, 16, 5, 5),
    ),
    axes="(K, C, H, W)",
    view=True,
    values=(
        Misconception(
            "channels last",
            _in_order(1, 2, 0),
            "This reads the numbers with the channels last, as Keras flattens maps. Here they were "
            "flattened map by map.",
        ),
        Misconception(
            "columns first",
            _in_order(0, 2, 1),
            "Rows and columns of the maps are exchanged.",
        ),
        Misconception(
            "all turned round",
            _in_order(2, 1, 0),
            "The axes of the maps are read in the opposite order. They were flattened map by map, "
            "each row by row.",
        ),
        Misconception(
            "transposed",
            lambda w, *sizes: w.T.reshape(len(w), *sizes),
            "The matrix is transposed first. A row of it belongs to one output already.",
        ),
        Misconception(
            "flipped",
            lambda w, *sizes: dense_as_conv(w, *sizes)[..., ::-1, ::-1],
            "The kernels are flipped. What networks call convolution does not flip them.",
        ),
    ),
    shapes=(
        Misconception(
            "channels last",
            lambda w, c, height, width: (len(w), height, width, c),
            "The channels come last. A filter here has the shape (C, H, W).",
        ),
        Misconception(
            "filters and maps exchanged",
            lambda w, c, height, width: (c, len(w), height, width),
            "Filters and maps are exchanged: the filters come first.",
        ),
        Misconception(
            "one filter",
            lambda w, *sizes: (1, len(w), *sizes),
            "There is an axis too many: an image would have it, a layer's weights have (K, C, H, W).",
        ),
    ),
)
