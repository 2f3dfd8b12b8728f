"""Patches that cover a picture place by place: the right ones, and wrong ones."""

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

from cnnlab.check.exercises.common.changes import kept
from cnnlab.geometry import output_size
from cnnlab.scratch.functional.checks import Array

Score = Callable[[Array], float]


def falls_of(score: Score, x: Array, patch: int, stride: int, fill: float) -> Array:
    """How far the score falls under the patch at each place."""
    return score(x) - scores(score, x, patch, stride, fill)


def scores(score: Score, x: Array, patch: int, stride: int, fill: float) -> Array:
    """The score under the patch at each place."""
    found = np.zeros(places(x, patch, stride))
    for i, j in np.ndindex(found.shape):
        covered = x.copy()
        covered[i * stride : i * stride + patch, j * stride : j * stride + patch] = fill
        found[i, j] = score(covered)
    return found


def places(x: Array, patch: int, stride: int) -> tuple[int, ...]:
    """How many places a patch has along each side.

    Examples
    --------
    >>> places(np.zeros((4, 7)), patch=3, stride=2)
    (1, 3)
    """
    return tuple(output_size(side, patch, stride) for side in x.shape)


def cut(begin: Callable[[int, int, int], int], length: Callable[[int, int], int]) -> Any:
    """Patches that begin elsewhere, or are of another size, by stride and patch."""

    def model(score: Score, x: Array, patch: int, stride: int, fill: float) -> Array:
        falls = np.zeros(places(x, patch, stride))
        for place in np.ndindex(falls.shape):
            firsts = (begin(n, patch, stride) for n in place)
            covered = x.copy()
            covered[tuple(slice(n, n + length(patch, stride)) for n in firsts)] = fill
            falls[place] = score(x) - score(covered)
        return falls

    return model


def filled(fill_of: Callable[[Array, float], float]) -> Any:
    """Patches that show something else."""
    return lambda score, x, patch, stride, fill: falls_of(score, x, patch, stride, fill_of(x, fill))


def columns_first(score: Score, x: Array, patch: int, stride: int, fill: float) -> Array:
    """The patch moves down where it should move to the right."""
    falls = np.zeros(places(x, patch, stride))
    for i, j in np.ndindex(falls.shape):
        covered = x.copy()
        covered[j * stride : j * stride + patch, i * stride : i * stride + patch] = fill
        falls[i, j] = score(x) - score(covered)
    return falls


def square(*given: Any) -> Array:
    """As many columns filled as there are rows."""
    falls = falls_of(*given)
    return kept(falls, ..., slice(len(falls)))


def piled_up(score: Score, x: Array, patch: int, stride: int, fill: float) -> Array:
    """No patch is ever taken away."""
    whole, covered = score(x), x.copy()
    falls = np.zeros(places(x, patch, stride))
    for i, j in np.ndindex(falls.shape):
        covered[i * stride : i * stride + patch, j * stride : j * stride + patch] = fill
        falls[i, j] = whole - score(covered)
    return falls


def every_pixel(score: Score, x: Array, patch: int, stride: int, fill: float) -> Array:
    """Steps of one pixel, as many as there are places."""
    rows, columns = places(x, patch, stride)
    return falls_of(score, x, patch, 1, fill)[:rows, :columns]


def one_pixel(score: Score, x: Array, patch: int, stride: int, fill: float) -> Array:
    """Patches of one pixel, in as many places as the right ones."""
    rows, columns = places(x, patch, stride)
    return falls_of(score, x, 1, stride, fill)[:rows, :columns]


def multiplied(score: Score, x: Array, patch: int, stride: int, fill: float) -> Array:
    """Pixels under the patch are multiplied by the filling."""
    lost = np.array([score(x)])
    return lost - scores(
        lambda image: score(np.where(np.isnan(image), x * fill, image)), x, patch, stride, np.nan
    )


def stripes(score: Score, x: Array, patch: int, stride: int, fill: float) -> Array:
    """Patches as wide as the picture."""
    falls = np.zeros(places(x, patch, stride))
    for i in range(len(falls)):
        covered = x.copy()
        covered[i * stride : i * stride + patch] = fill
        falls[i] = score(x) - score(covered)
    return falls


def uncovered(score: Score, x: Array, patch: int, stride: int, fill: float) -> Array:
    """Everything but the patch covered."""
    falls = np.zeros(places(x, patch, stride))
    for i, j in product(*map(range, falls.shape)):
        part = slice(i * stride, i * stride + patch), slice(j * stride, j * stride + patch)
        shown = np.full_like(x, fill)
        shown[part] = x[part]
        falls[i, j] = score(x) - score(shown)
    return falls


def transposed(score: Score, x: Array, patch: int, stride: int, fill: float) -> Array | None:
    """Rows for columns, where there are as many."""
    falls = falls_of(score, x, patch, stride, fill)
    return falls.T if falls.shape[0] == falls.shape[1] else None
