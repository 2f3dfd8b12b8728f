"""A depthwise convolution and a 1×1 convolution behind it, as the kernels of a single one."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch.functional.checks import Array


def separable_kernel(depthwise: Array, pointwise: Array) -> Array:
    """Filters that do in one convolution what the two do, (C, kh, kw), (K, C) -> (K, C, kh, kw).

    Examples
    --------
    >>> separable_kernel(np.array([[[1.0, 2]], [[3.0, 4]]]), np.array([[10.0, 100]])).tolist()
    [[[[10.0, 20.0]], [[300.0, 400.0]]]]
    """
    return np.asarray(pointwise[:, :, None, None] * depthwise)


def _turned(depthwise: Array, pointwise: Array) -> Array:
    """Rows and columns of the 1×1 weights exchanged, in the shape that they should have."""
    return np.ascontiguousarray(pointwise.T).reshape(pointwise.shape)


def _case(words: str, filters: int, *kernels: int) -> Case:
    return Case(words, {"depthwise": normal(*kernels), "pointwise": normal(filters, kernels[0])})


EXERCISE = Exercise(
    separable_kernel,
    (
        _case("with a single map", 2, 1, 3, 3),
        _case("with a single filter", 1, 3, 3, 3),
        _case("with more filters than maps", 5, 3, 3, 3),
        _case("with more maps than filters", 2, 4, 3, 3),
        _case("with kernels that are not square", 4, 3, 2, 3),
        _case("with as many filters as maps", 3, 3, 3, 3),
        _case("with as many filters, maps, rows and columns", 3, 3, 3, 3),
    ),
    axes="(K, C, kh, kw)",
    values=(
        Misconception(
            "added",
            lambda d, p: p[:, :, None, None] + d,
            "The weights are added. The two convolutions come one after the other, so that their "
            "weights are multiplied.",
        ),
        Misconception(
            "weights turned",
            lambda d, p: separable_kernel(d, _turned(d, p)),
            "Rows and columns of the 1×1 weights are exchanged: a row belongs to a filter, a "
            "column to a map that it reads.",
        ),
        Misconception(
            "one kernel for all maps",
            lambda d, p: separable_kernel(np.broadcast_to(d[:1], d.shape), p),
            "All maps have the first map's kernel; each has its own.",
        ),
        Misconception(
            "one row for all filters",
            lambda d, p: separable_kernel(d, np.broadcast_to(p[:1], p.shape)),
            "All filters have the weights of the first one; each mixes the maps in its own way.",
        ),
        Misconception(
            "pointwise left out",
            lambda d, p: np.broadcast_to(d, (len(p), *d.shape)),
            "All filters are alike: these are the depthwise kernels, and the 1×1 weights are left "
            "out.",
        ),
        Misconception(
            "depthwise left out",
            lambda d, p: np.broadcast_to(p[:, :, None, None], (*p.shape, *d.shape[1:])),
            "All weights of a kernel are alike: these are the 1×1 weights, and the depthwise "
            "kernels are left out.",
        ),
        Misconception(
            "flipped",
            lambda d, p: separable_kernel(d[:, ::-1, ::-1], p),
            "The kernels are flipped. They slide as they are.",
        ),
        Misconception(
            "kernels transposed",
            lambda d, p: (
                separable_kernel(d.transpose(0, 2, 1), p) if d.shape[1] == d.shape[2] else None
            ),
            "Rows and columns of the kernels are exchanged.",
        ),
        Misconception(
            "kernel by filter",
            lambda d, p: p[:, :, None, None] * d[:, None] if len(p) == len(d) else None,
            "The depthwise kernels go with the filters. They go with the maps that are read: "
            "a kernel for each map that enters.",
        ),
        Misconception(
            "mean",
            lambda d, p: separable_kernel(d, p) / len(d),
            "This is divided by the number of maps. A filter adds up what it weighs.",
        ),
    ),
    shapes=(
        Misconception(
            "maps first",
            lambda d, p: (*p.T.shape, *d.shape[1:]),
            "Filters and maps are exchanged: the filters lie along axis 0, the maps that a filter "
            "reads along axis 1.",
        ),
        Misconception(
            "added up over maps",
            lambda d, p: (len(p), *d.shape[1:]),
            "This is added up over the maps. A filter keeps a kernel for each map that it reads; "
            "the adding comes when it slides.",
        ),
        Misconception(
            "kernels first",
            lambda d, p: (*d.shape[1:], *p.shape),
            "Rows and columns of the kernels come first; they belong on the last two axes.",
        ),
        Misconception(
            "one filter after the other",
            lambda d, p: (p.size, *d.shape[1:]),
            "Filters and maps lie along one axis. Keep an axis for each.",
        ),
    ),
)
