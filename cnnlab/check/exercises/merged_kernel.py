"""Two convolutions without an activation between them, as one: its kernel."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch import naive
from cnnlab.scratch.functional.checks import Array


def merged_kernel(first: Array, second: Array) -> Array:
    """Kernel that does at once what two do one after the other, (h, w), (h', w') -> (h+h'-1, w+w'-1).

    The two slide as in networks, unflipped; so does what comes out.

    Examples
    --------
    >>> merged_kernel(np.array([[1.0, 2]]), np.array([[1.0, 10]])).tolist()
    [[1.0, 12.0, 20.0]]
    """
    return naive.convolve2d(_framed(first, second), second)


def _framed(first: Array, second: Array) -> Array:
    return np.pad(first, [(n - 1, n - 1) for n in second.shape])


def _apart(first: Array, second: Array) -> Array:
    """Both kernels in the frame of the merged one, added."""
    frame = np.zeros(tuple(n + m - 1 for n, m in zip(first.shape, second.shape, strict=True)))
    for kernel in (first, second):
        frame[: kernel.shape[0], : kernel.shape[1]] += kernel
    return frame


def _overwritten(first: Array, second: Array) -> Array:
    merged = np.zeros_like(merged_kernel(first, second))
    height, width = first.shape
    for (i, j), weight in np.ndenumerate(second):
        merged[i : i + height, j : j + width] = weight * first
    return merged


def _first_copy(first: Array, second: Array) -> Array:
    merged = np.zeros_like(merged_kernel(first, second))
    merged[: first.shape[0], : first.shape[1]] = second[0, 0] * first
    return merged


def _first_row(first: Array, second: Array) -> Array:
    only = np.zeros_like(second)
    only[0] = second[0]
    return merged_kernel(first, only)


def _weights_added(first: Array, second: Array) -> Array:
    ones = np.ones_like(first), np.ones_like(second)
    return merged_kernel(first, ones[1]) + merged_kernel(ones[0], second)


def _together(first: Array, second: Array) -> tuple[int, ...] | None:
    """The shape of a sum or a product, where NumPy makes one."""
    pairs = [{n, m, 1} for n, m in zip(first.shape, second.shape, strict=True)]
    return tuple(map(max, pairs)) if all(len(pair) < 3 for pair in pairs) else None


def _inside(first: Array, second: Array) -> tuple[int, ...] | None:
    steps = [n - m for n, m in zip(first.shape, second.shape, strict=True)]
    fits = all(n >= 0 for n in steps) or all(n <= 0 for n in steps)
    return tuple(abs(n) + 1 for n in steps) if fits else None


def _case(words: str, first: tuple[int, int], second: tuple[int, int]) -> Case:
    return Case(words, {"first": normal(*first), "second": normal(*second)})


EXERCISE = Exercise(
    merged_kernel,
    (
        _case("with kernels of one row", (1, 2), (1, 2)),
        _case("with two kernels of 3×3", (3, 3), (3, 3)),
        _case("with kernels of different sizes", (2, 2), (3, 3)),
        _case("with kernels that are not square", (2, 3), (3, 2)),
        _case("with a column and a row", (3, 1), (1, 3)),
        _case("with a kernel of one number", (3, 3), (1, 1)),
    ),
    axes="(h + h' − 1, w + w' − 1)",
    values=(
        Misconception(
            "first row only",
            _first_row,
            "Only the first row of the second kernel is laid out: does `return` stand inside the loop?",
        ),
        Misconception(
            "second flipped",
            lambda a, b: naive.cross_correlate2d(_framed(a, b), b),
            "The second kernel is laid out as it slides. Spread the first kernel by the second: "
            "one of the two has to be turned by 180 degrees when it slides over the other.",
        ),
        Misconception(
            "first flipped",
            lambda a, b: merged_kernel(a, b[::-1, ::-1])[::-1, ::-1],
            "The result is turned: it is the kernel for a first kernel turned by 180 degrees.",
        ),
        Misconception(
            "turned",
            lambda a, b: merged_kernel(a, b)[::-1, ::-1],
            "The result is turned by 180 degrees.",
        ),
        Misconception(
            "second transposed",
            lambda a, b: merged_kernel(a, b.T) if b.shape == b.T.shape else None,
            "Rows and columns of the second kernel are exchanged.",
        ),
        Misconception(
            "overwritten",
            _overwritten,
            "Where copies overlap, a later one replaces an earlier one: add them up.",
        ),
        Misconception(
            "unweighted copies",
            lambda a, b: merged_kernel(a, np.ones_like(b)),
            "The copies of the first kernel are added as they are; multiply each by its weight of "
            "the second.",
        ),
        Misconception(
            "side by side",
            _apart,
            "The two kernels are laid into one frame and added. That is what two *parallel* "
            "convolutions do; these come one after the other.",
        ),
        Misconception(
            "first copy alone",
            _first_copy,
            "Only the first copy is laid down: is return inside the loop?",
        ),
        Misconception(
            "sums of the first",
            lambda a, b: a.sum() * _apart(np.zeros_like(a), b),
            "Each weight of the second kernel multiplies the sum of the first one. It should multiply a copy of it, number by number.",
        ),
        Misconception(
            "weights added to copies",
            _weights_added,
            "The weight is added to each copy of the first kernel; multiply.",
        ),
        Misconception(
            "divided by its sum",
            lambda a, b: merged_kernel(a, b) / merged_kernel(a, b).sum(),
            "The kernel is divided by its sum. Leave it as it is.",
        ),
    ),
    shapes=(
        Misconception(
            "product",
            lambda a, b: a.shape,
            "It is as large as the first kernel. Two kernels in a row see more than one of them: a "
            "pixel more along each axis for each further pixel of the second.",
        ),
        Misconception(
            "sizes added",
            lambda a, b: tuple(n + m for n, m in zip(a.shape, b.shape, strict=True)),
            "The sizes are added. The two overlap by one pixel.",
        ),
        Misconception(
            "number by number",
            _together,
            "The two are taken together number by number. They come one after the other, and each of them slides.",
        ),
        Misconception(
            "Kronecker product",
            lambda a, b: tuple(n * m for n, m in zip(a.shape, b.shape, strict=True)),
            "The copies are side by side. They overlap: each begins one pixel after the one before.",
        ),
        Misconception(
            "products of all numbers",
            lambda a, b: (a.size, b.size),
            "This is a table of all products. Each belongs at a place of the kernel, and those of one place are added up.",
        ),
        Misconception(
            "inside only",
            _inside,
            "The second kernel stays inside the first one. Each of its weights lays down a whole copy of the first.",
        ),
    ),
)
