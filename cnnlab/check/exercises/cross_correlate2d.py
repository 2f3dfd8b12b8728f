"""Cross-correlation of one image with one kernel."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common import sliding
from cnnlab.check.exercises.common.base import Exercise
from cnnlab.check.exercises.common.changes import kept
from cnnlab.scratch import naive
from cnnlab.scratch.functional.checks import Array

_slide = naive.cross_correlate2d


def _under(image: Array, kernel: Array, u: int, v: int) -> Array:
    """Pixels that lie under one weight, place by place."""
    rows, columns = _slide(image, kernel).shape
    return image[u : u + rows, v : v + columns]


def _before(image: Array, kernel: Array) -> Array:
    """Windows that end at their place and come in again on the other side, as Python counts."""
    every = sum(kernel[place] * np.roll(image, place, (0, 1)) for place in np.ndindex(kernel.shape))
    rows, columns = _slide(image, kernel).shape
    return np.asarray(every)[:rows, :columns]


def _same_size(image: Array, kernel: Array) -> Array:
    sides = [((size - 1) // 2, size // 2) for size in kernel.shape]
    return _slide(np.pad(image, sides), kernel)


EXERCISE = Exercise(
    _slide,
    sliding.cases("image", (5, 7), (2, 3), *sliding.OVER),
    axes="(H', W')",
    values=(
        Misconception("flipped", naive.convolve2d, sliding.FLIPPED),
        Misconception(
            "same size",
            _same_size,
            "The image was padded to keep its size; here the kernel stays inside the image.",
        ),
        Misconception(
            "mean of products",
            lambda x, k: _slide(x, k) / k.size,
            "The products are averaged, but this asks for their sum.",
        ),
        Misconception(
            "one window too few",
            lambda x, k: _slide(x, k)[:-1, :-1],
            "The last row and column of windows is missing: how many places does the kernel have?",
        ),
        Misconception(
            "weights left out",
            lambda x, k: _slide(x, np.ones_like(k)),
            "The pixels of each window are added up without the weights.",
        ),
        Misconception(
            "weights added",
            lambda x, k: _slide(x, np.ones_like(k)) + k.sum(),
            "Weights and pixels are added: multiply what lies on top of each other.",
        ),
        Misconception(
            "minus of a weight lost",
            lambda x, k: _slide(x, np.abs(k)),
            "A weight has lost its minus sign.",
        ),
    ),
    code_only=(
        Misconception(
            "nothing written",
            lambda x, k: 0 * _slide(x, k),
            "All its values are 0: is each sum written into the output?",
        ),
        Misconception(
            "last product only",
            lambda x, k: k[-1, -1] * _under(x, k, k.shape[0] - 1, k.shape[1] - 1),
            "Only the last product of each window is kept: add up all of them.",
        ),
        Misconception(
            "return after a product",
            lambda x, k: kept(k[0, 0] * _under(x, k, 0, 0), 0, 0),
            sliding.RETURNS,
        ),
        Misconception(
            "return after a row of weights",
            lambda x, k: kept(_slide(x, kept(k, 0)), 0, 0),
            sliding.RETURNS,
        ),
        Misconception(
            "return after a place", lambda x, k: kept(_slide(x, k), 0, 0), sliding.RETURNS
        ),
        Misconception(
            "return after a row of places",
            lambda x, k: kept(_slide(x, k), 0),
            "Only the first row of places is computed: is return inside a loop?",
        ),
        Misconception(
            "one window for all",
            lambda x, k: np.full_like(_slide(x, k), _slide(x, k)[0, 0]),
            "Every place reads the same window: move the window along with its place.",
        ),
        Misconception(
            "one pixel of each window",
            lambda x, k: k.sum() * _under(x, k, 0, 0),
            "Each window reads its first pixel only: move on inside the window too.",
        ),
        Misconception(
            "windows before their place",
            _before,
            "The window lies above its place and left of it: it begins there, and goes down and "
            "right.",
        ),
    ),
    shapes=(
        Misconception("as large as the image", lambda x, k: x.shape, sliding.AS_LARGE),
        Misconception(
            "height both ways",
            lambda x, k: sliding.places(x.shape, (k.shape[0],) * 2),
            sliding.HEIGHT,
        ),
        Misconception(
            "width both ways",
            lambda x, k: sliding.places(x.shape, (k.shape[1],) * 2),
            sliding.WIDTH,
        ),
        Misconception(
            "height for width",
            lambda x, k: sliding.places(x.shape, k.shape[::-1]),
            sliding.EXCHANGED,
        ),
    ),
)
