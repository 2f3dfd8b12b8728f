"""A 1×1 convolution: at every pixel, each filter weighs all maps."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch.functional.checks import Array


def pointwise(x: Array, weight: Array) -> Array:
    """Mix the maps of images at each pixel, (N, C, H, W), (K, C) -> (N, K, H, W).

    Examples
    --------
    >>> pointwise(np.array([2.0, 0, 5]).reshape(1, 3, 1, 1), np.array([[3.0, 0, -1]])).item()
    1.0
    """
    return np.asarray(np.einsum("nchw,kc->nkhw", x, weight))


def _first_pixel(x: Array, weight: Array) -> Array:
    y = pointwise(x, weight)
    return np.broadcast_to(y[..., :1, :1], y.shape)


def _run_together(x: Array, weight: Array) -> Array:
    mixed = weight @ x.reshape(x.shape[1], -1)
    return mixed.reshape(len(x), len(weight), *x.shape[2:])


def _own_map(x: Array, weight: Array) -> Array | None:
    if len(weight) > x.shape[1]:
        return None
    y: Array = x[:, : len(weight)] * np.diagonal(weight)[:, None, None]
    return y


def _case(words: str, image: tuple[int, ...], filters: int) -> Case:
    return Case(words, {"x": normal(*image), "weight": normal(filters, image[1])})


EXERCISE = Exercise(
    pointwise,
    (
        _case("with one pixel", (1, 3, 1, 1), 2),
        _case("with one image", (1, 3, 4, 5), 2),
        _case("with several images", (3, 4, 5, 3), 6),
        _case("with as many filters as maps", (2, 4, 3, 5), 4),
        _case("with as many maps as pixels along each axis", (4, 4, 4, 4), 4),
    ),
    axes="(N, K, H, W)",
    values=(
        Misconception(
            "mean",
            lambda x, w: pointwise(x, w) / x.shape[1],
            "This is divided by the number of maps. A filter adds up what it weighs.",
        ),
        Misconception(
            "weights turned",
            lambda x, w: pointwise(x, np.ascontiguousarray(w.T).reshape(w.shape)),
            "Rows and columns of the weights are exchanged: a row belongs to a filter, a column to "
            "a map that it reads.",
        ),
        Misconception(
            "rows mixed",
            lambda x, w: (
                np.einsum("nchw,kh->nckw", x, w) if x.shape[2] == len(w) == x.shape[1] else None
            ),
            "The rows of each map are mixed instead of the maps.",
        ),
        Misconception(
            "columns mixed",
            lambda x, w: x @ w.T if x.shape[3] == len(w) == x.shape[1] else None,
            "The columns of each map are mixed instead of the maps: `x @ weight.T` works on the "
            "last axis, and the maps lie along axis 1.",
        ),
        Misconception(
            "images mixed",
            lambda x, w: (
                np.einsum("nchw,kn->kchw", x, w) if len(x) == len(w) == x.shape[1] else None
            ),
            "The images of the batch are mixed instead of the maps.",
        ),
        Misconception(
            "one pixel for all",
            _first_pixel,
            "All pixels get what the first one says; each has numbers of its own.",
        ),
        Misconception(
            "summed weights",
            lambda x, w: x.sum(axis=1, keepdims=True) * w.sum(axis=1)[:, None, None],
            "Sums of maps and of weights are multiplied. Multiply each map by its weight first, "
            "then add up.",
        ),
        Misconception(
            "largest",
            lambda x, w: (x[:, None] * w[:, :, None, None]).max(axis=2),
            "The largest product counts; add all of them up.",
        ),
        Misconception(
            "ReLU",
            lambda x, w: np.maximum(0, pointwise(x, w)),
            "Negative numbers are cut off. There is no activation in this step.",
        ),
        Misconception(
            "last map alone",
            lambda x, w: x[:, -1:] * w[:, -1, None, None],
            "Only the last map counts: is a sum overwritten in the loop?",
        ),
        Misconception(
            "images and maps run together",
            _run_together,
            "The images and their maps run into each other. Keep the axis of the images in front when you reshape.",
        ),
        Misconception(
            "own map alone",
            _own_map,
            "Each filter weighs one map only; it should weigh all of them.",
        ),
    ),
    shapes=(
        Misconception(
            "filters last",
            lambda x, w: (len(x), *x.shape[2:], len(w)),
            "The filters come last; they belong where the maps were, on axis 1.",
        ),
        Misconception(
            "not added up",
            lambda x, w: (len(x), *w.shape, *x.shape[2:]),
            "The products are there, but not added up over the maps.",
        ),
        Misconception(
            "one map",
            lambda x, w: (len(x), 1, *x.shape[2:]),
            "One map comes out; there is one for each filter.",
        ),
        Misconception(
            "summed over the filters",
            lambda x, w: x.shape,
            "There is one map for each that went in: it is added up over the filters. Add up over the maps.",
        ),
        Misconception(
            "summed over the pixels",
            lambda x, w: (len(x), len(w)),
            "It is added up over the pixels, too; each pixel has an output of its own.",
        ),
    ),
)
