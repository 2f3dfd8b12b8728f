"""A depthwise convolution: each map has a kernel of its own, and nothing is added up over maps."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch import functional
from cnnlab.scratch.functional.checks import Array


def depthwise(x: Array, weight: Array) -> Array:
    """Slide each kernel over its own map, (N, C, H, W), (C, kh, kw) -> (N, C, H', W').

    Stride 1, no padding.

    Source: F. Chollet, *Xception: Deep Learning with Depthwise Separable Convolutions*, 2017.

    Examples
    --------
    >>> depthwise(np.ones((1, 2, 3, 3)), np.array([[[1.0, 1]], [[2.0, 2]]]))[0, :, 0]
    array([[2., 2.],
           [4., 4.]])
    """
    return functional.conv2d(x, weight[:, None], groups=len(weight))[0]


def _by_image(x: Array, weight: Array) -> Array | None:
    """Each kernel over all maps of one image; only where there are as many images as maps."""
    if len(x) != len(weight):
        return None
    return depthwise(x.swapaxes(0, 1), weight).swapaxes(0, 1)


def _size(x: Array, weight: Array) -> tuple[int, ...]:
    """(H', W') of the maps."""
    return tuple(n - k + 1 for n, k in zip(x.shape[2:], weight.shape[1:], strict=True))


def _case(words: str, image: tuple[int, ...], *kernel: int) -> Case:
    return Case(words, {"x": normal(*image), "weight": normal(image[1], *kernel)})


EXERCISE = Exercise(
    depthwise,
    (
        _case("with a single map", (1, 1, 5, 5), 3, 3),
        _case("with several maps", (1, 3, 5, 6), 3, 3),
        _case("with several images", (2, 4, 6, 5), 3, 3),
        _case("with kernels that are not square", (2, 3, 5, 6), 2, 3),
        _case("with as many images as maps", (3, 3, 4, 5), 2, 2),
        _case("with kernels of a single pixel", (2, 3, 4, 3), 1, 1),
    ),
    axes="(N, C, H', W')",
    values=(
        Misconception(
            "maps added up",
            lambda x, w: functional.conv2d(x.sum(axis=1, keepdims=True), w[:, None])[0],
            "Each kernel reads all maps, and what it finds in them is added up, as in an ordinary "
            "convolution. Here a kernel reads its own map alone.",
        ),
        Misconception(
            "first map for all",
            lambda x, w: functional.conv2d(x[:, :1], w[:, None])[0],
            "All kernels read the first map; each reads its own.",
        ),
        Misconception(
            "first kernel for all",
            lambda x, w: depthwise(x, np.broadcast_to(w[:1], w.shape)),
            "The first kernel slides over all maps; each map has its own.",
        ),
        Misconception(
            "kernels in reverse",
            lambda x, w: depthwise(x, w[::-1]),
            "The first map gets the last kernel: kernels and maps are in the same order.",
        ),
        Misconception(
            "by image",
            _by_image,
            "Kernels go with the images of the batch. They go with the maps, axis 1.",
        ),
        Misconception(
            "flipped",
            lambda x, w: depthwise(x, w[:, ::-1, ::-1]),
            "The kernels are flipped. What networks call convolution does not flip them.",
        ),
        Misconception(
            "kernels transposed",
            lambda x, w: depthwise(x, w.transpose(0, 2, 1)) if w.shape[1] == w.shape[2] else None,
            "Rows and columns of the kernels are exchanged.",
        ),
        Misconception(
            "mean",
            lambda x, w: depthwise(x, w) / w[0].size,
            "This is divided by the number of weights in a kernel. A kernel adds up.",
        ),
        Misconception(
            "first window for all",
            lambda x, w: np.broadcast_to(
                depthwise(x, w)[..., :1, :1], (*x.shape[:2], *_size(x, w))
            ),
            "All places hold what the first window says: does the window move?",
        ),
    ),
    shapes=(
        Misconception(
            "added up over the maps",
            lambda x, w: (len(x), *_size(x, w)),
            "The maps are added up, and their axis is gone. Each map stays by itself.",
        ),
        Misconception(
            "one place",
            lambda x, w: x.shape[:2],
            "This is one place of each map: is return inside a loop?",
        ),
        Misconception(
            "one map",
            lambda x, w: (len(x), 1, *_size(x, w)),
            "One map comes out, as from one filter of an ordinary convolution. Here nothing is "
            "added up over the maps: as many come out as went in.",
        ),
        Misconception(
            "every kernel over every map",
            lambda x, w: (len(x), len(w) ** 2, *_size(x, w)),
            "Every kernel slides over every map. Each slides over its own alone.",
        ),
        Misconception(
            "every kernel over every map, on two axes",
            lambda x, w: (len(x), len(w), len(w), *_size(x, w)),
            "Every kernel slides over every map. Each slides over its own alone.",
        ),
        Misconception(
            "as large as the image",
            lambda x, w: x.shape,
            "The maps are as large as before: a window must end inside, so there are fewer places.",
        ),
        Misconception(
            "maps last",
            lambda x, w: (len(x), *_size(x, w), len(w)),
            "The maps come last; they belong on axis 1.",
        ),
        Misconception(
            "maps first",
            lambda x, w: (len(w), len(x), *_size(x, w)),
            "Maps and images are exchanged: the images lie along axis 0, the maps along axis 1.",
        ),
    ),
)
