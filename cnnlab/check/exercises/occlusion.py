"""Occlusion: how far a score falls when one part of a picture after another is covered."""

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.changes import kept
from cnnlab.check.exercises.common.draws import normal
from cnnlab.geometry import output_size
from cnnlab.scratch.functional.checks import Array

Score = Callable[[Array], float]


def occlusion(score: Score, x: Array, patch: int, stride: int, fill: float) -> Array:
    """Fall of the score under a square patch at each place, (H, W) -> (rows, columns).

    Source: M. D. Zeiler and R. Fergus, *Visualizing and Understanding Convolutional Networks*,
    2014.

    Examples
    --------
    >>> occlusion(np.sum, np.array([[3.0, 5.0], [1.0, 2.0]]), patch=1, stride=1, fill=0.0)
    array([[3., 5.],
           [1., 2.]])
    """
    return score(x) - _scores(score, x, patch, stride, fill)


def _scores(score: Score, x: Array, patch: int, stride: int, fill: float) -> Array:
    """The score under the patch at each place."""
    found = np.zeros(_size(x, patch, stride))
    for i, j in np.ndindex(found.shape):
        covered = x.copy()
        covered[i * stride : i * stride + patch, j * stride : j * stride + patch] = fill
        found[i, j] = score(covered)
    return found


def _size(x: Array, patch: int, stride: int) -> tuple[int, ...]:
    return tuple(output_size(side, patch, stride) for side in x.shape)


def _piled_up(score: Score, x: Array, patch: int, stride: int, fill: float) -> Array:
    """No patch is ever taken away."""
    whole, covered = score(x), x.copy()
    falls = np.zeros(_size(x, patch, stride))
    for i, j in np.ndindex(falls.shape):
        covered[i * stride : i * stride + patch, j * stride : j * stride + patch] = fill
        falls[i, j] = whole - score(covered)
    return falls


def _every_pixel(score: Score, x: Array, patch: int, stride: int, fill: float) -> Array:
    """Steps of one pixel, as many as there are places."""
    rows, columns = _size(x, patch, stride)
    return occlusion(score, x, patch, 1, fill)[:rows, :columns]


def _one_pixel(score: Score, x: Array, patch: int, stride: int, fill: float) -> Array:
    """Patches of one pixel, in as many places as the right ones."""
    rows, columns = _size(x, patch, stride)
    return occlusion(score, x, 1, stride, fill)[:rows, :columns]


def _multiplied(score: Score, x: Array, patch: int, stride: int, fill: float) -> Array:
    """Pixels under the patch are multiplied by the filling."""
    lost = np.array([score(x)])
    return lost - _scores(
        lambda image: score(np.where(np.isnan(image), x * fill, image)), x, patch, stride, np.nan
    )


def _stripes(score: Score, x: Array, patch: int, stride: int, fill: float) -> Array:
    falls = np.zeros(_size(x, patch, stride))
    for i in range(len(falls)):
        covered = x.copy()
        covered[i * stride : i * stride + patch] = fill
        falls[i] = score(x) - score(covered)
    return falls


def _uncovered(score: Score, x: Array, patch: int, stride: int, fill: float) -> Array:
    falls = np.zeros(_size(x, patch, stride))
    for i, j in product(*map(range, falls.shape)):
        part = slice(i * stride, i * stride + patch), slice(j * stride, j * stride + patch)
        shown = np.full_like(x, fill)
        shown[part] = x[part]
        falls[i, j] = score(x) - score(shown)
    return falls


def _transposed(score: Score, x: Array, patch: int, stride: int, fill: float) -> Array | None:
    falls = occlusion(score, x, patch, stride, fill)
    return falls.T if falls.shape[0] == falls.shape[1] else None


def weighted(image: Array) -> float:
    """Score of a network without hidden units: pixels times whole numbers of both signs."""
    return float((image * ((5 * np.arange(image.size)) % 7 - 3).reshape(image.shape)).sum())


def curved(image: Array) -> float:
    """Score in which pixels depend on one another."""
    return float(weighted(image) + np.tanh(image[:-1] * image[1:]).sum() + 2)


def _case(words: str, score: Score, size: tuple[int, int], *settings: float) -> Case:
    patch, stride, fill = settings
    given: dict[str, Any] = {"score": lambda rng: score, "x": normal(*size)}
    return Case(words, given | {"patch": patch, "stride": stride, "fill": fill})


_SHARE = "This is a share of the score. The fall itself was asked for."

EXERCISE = Exercise(
    occlusion,
    (
        _case("with a patch of one pixel", weighted, (2, 2), 1, 1, 0.0),
        _case("with a patch of 2×2", weighted, (4, 4), 2, 1, 0.0),
        _case("with stride 2", weighted, (6, 6), 2, 2, 0.0),
        _case("with a picture that is not square", curved, (5, 8), 3, 1, 0.0),
        _case("with a filling that is not 0", curved, (6, 6), 2, 2, 0.5),
        _case("where the patch does not reach the edge", curved, (7, 9), 3, 3, -1.0),
    ),
    axes="(rows, columns)",
    values=(
        Misconception(
            "scores",
            _scores,
            "These are the scores under the patch. How far do they lie below that of the whole "
            "picture?",
        ),
        Misconception(
            "sign turned",
            lambda *given: -occlusion(*given),
            "The sign is turned: a fall is the score of the whole picture minus that under the "
            "patch.",
        ),
        Misconception(
            "patches pile up",
            _piled_up,
            "The patches pile up, because all are put on the same picture. Cover a fresh copy at "
            "each place, `x.copy()`.",
        ),
        Misconception(
            "steps of one pixel",
            _every_pixel,
            "The patch moves by one pixel from place to place, whatever the stride is.",
        ),
        Misconception(
            "black whatever fill says",
            lambda score, x, patch, stride, fill: occlusion(score, x, patch, stride, 0.0),
            "The patch is 0, whatever `fill` says.",
        ),
        Misconception(
            "fill added",
            lambda score, x, patch, stride, fill: (
                score(x)
                - _scores(
                    lambda image: score(np.where(np.isnan(image), x + fill, image)),
                    x,
                    patch,
                    stride,
                    np.nan,
                )
            ),
            "The filling is added to the pixels. It takes their place.",
        ),
        Misconception(
            "multiplied by fill",
            _multiplied,
            "The pixels are multiplied by the filling. It takes their place.",
        ),
        Misconception(
            "one pixel",
            _one_pixel,
            "A single pixel is covered at each place. The patch is `patch` pixels high and wide.",
        ),
        Misconception(
            "whole rows",
            _stripes,
            "Whole rows are covered. The patch is as wide as it is high, so cut the columns too.",
        ),
        Misconception(
            "all but the patch",
            _uncovered,
            "Everything but the patch is covered. Cover the patch, and leave the rest.",
        ),
        Misconception(
            "sizes",
            lambda *given: np.abs(occlusion(*given)),
            "The signs are lost. Where covering helps the class, the fall is negative.",
        ),
        Misconception(
            "negative cut off",
            lambda *given: np.maximum(occlusion(*given), 0),
            "What is negative is cut off. Where covering helps the class, the fall is negative.",
        ),
        Misconception(
            "share of the score",
            lambda score, x, *given: occlusion(score, x, *given) / score(x),
            _SHARE,
        ),
        Misconception(
            "rows and columns exchanged",
            _transposed,
            "Rows and columns are exchanged: the first number of a place counts down.",
        ),
        Misconception(
            "first place only",
            lambda *given: kept(occlusion(*given), 0, 0),
            "Only the first place is filled. Does the loop go on to the others?",
        ),
    ),
    shapes=(
        Misconception(
            "every pixel",
            lambda score, x, patch, stride, fill: _size(x, patch, 1),
            "There are as many places as with stride 1.",
        ),
        Misconception(
            "last place missing",
            lambda score, x, patch, stride, fill: tuple(
                (side - patch) // stride for side in x.shape
            ),
            "The last place is missing: (n − k) // s + 1 patches fit along a side.",
        ),
        Misconception(
            "as large as the picture",
            lambda score, x, patch, stride, fill: x.shape,
            "The map is as large as the picture. It has one number for each place of the patch.",
        ),
        Misconception(
            "in a row",
            lambda score, x, patch, stride, fill: (int(np.prod(_size(x, patch, stride))),),
            "The falls stand in one row. Put them into rows and columns.",
        ),
        Misconception(
            "over the edge",
            lambda score, x, patch, stride, fill: tuple(-(-side // stride) for side in x.shape),
            "There are places where the patch would reach over the edge. It must end inside.",
        ),
        Misconception(
            "one number",
            lambda *given: (),
            "This is a single number: does return stand inside a loop?",
        ),
    ),
)
