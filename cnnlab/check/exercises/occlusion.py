"""Occlusion: how far a score falls when one part of a picture after another is covered."""

from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common import patches
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.changes import kept
from cnnlab.check.exercises.common.draws import normal
from cnnlab.check.exercises.common.patches import Score
from cnnlab.scratch.functional.checks import Array


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
    return score(x) - patches.scores(score, x, patch, stride, fill)


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


def _divided(one: Any, other: Any) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(one / other)


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
            patches.scores,
            "These are the scores under the patch. How far do they lie below that of the whole "
            "picture?",
        ),
        Misconception(
            "sign turned",
            lambda *given: -occlusion(*given),
            "The sign is wrong: a fall is the score of the whole picture minus that under the "
            "patch.",
        ),
        Misconception(
            "patches pile up",
            patches.piled_up,
            "The patches pile up, because all are put on the same picture. Cover a fresh copy at "
            "each place, `x.copy()`.",
        ),
        Misconception(
            "steps of one pixel",
            patches.every_pixel,
            "The patch moves by one pixel from place to place, whatever the stride is.",
        ),
        Misconception(
            "black whatever fill says",
            lambda score, x, patch, stride, fill: occlusion(score, x, patch, stride, 0.0),
            "The patch is 0, whatever `fill` says.",
        ),
        Misconception(
            "mean whatever fill says",
            patches.filled(lambda x, fill: float(x.mean())),
            "The patch shows the mean of the picture, whatever `fill` says.",
        ),
        Misconception(
            "sign of fill",
            patches.filled(lambda x, fill: -fill),
            "The patch shows `fill` with the wrong sign.",
        ),
        Misconception(
            "fill added",
            lambda score, x, patch, stride, fill: (
                score(x)
                - patches.scores(
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
            patches.multiplied,
            "The pixels are multiplied by the filling. It takes their place.",
        ),
        Misconception(
            "one pixel",
            patches.one_pixel,
            "A single pixel is covered at each place. The patch is `patch` pixels high and wide.",
        ),
        Misconception(
            "side by side",
            patches.cut(lambda n, patch, stride: n * patch, lambda patch, stride: patch),
            "The patches lie side by side, whatever the stride is. Begin them at i times the stride.",
        ),
        Misconception(
            "one pixel short",
            patches.cut(lambda n, patch, stride: n * stride, lambda patch, stride: patch - 1),
            "The last row and the last column of the patch are not covered: a slice in Python ends before its end.",
        ),
        Misconception(
            "one pixel too large",
            patches.cut(lambda n, patch, stride: n * stride, lambda patch, stride: patch + 1),
            "The patch is a pixel too high and too wide: a slice from a to a + patch has `patch` pixels.",
        ),
        Misconception(
            "as large as the stride",
            patches.cut(lambda n, patch, stride: n * stride, lambda patch, stride: stride),
            "The patch is as large as the stride. It should have `patch` pixels a side.",
        ),
        Misconception(
            "whole rows",
            patches.stripes,
            "Whole rows are covered. The patch is as wide as it is high, so cut the columns too.",
        ),
        Misconception(
            "all but the patch",
            patches.uncovered,
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
            lambda score, x, *given: _divided(occlusion(score, x, *given), score(x)),
            _SHARE,
        ),
        Misconception(
            "ratio",
            lambda score, x, *given: _divided(score(x), patches.scores(score, x, *given)),
            "The two scores are divided. Subtract them.",
        ),
        Misconception(
            "share of the largest fall",
            lambda *given: _divided(occlusion(*given), occlusion(*given).max()),
            "This is divided by the largest fall. The falls themselves were asked for.",
        ),
        Misconception(
            "rows and columns exchanged",
            patches.transposed,
            "Rows and columns are exchanged: the first number of a place counts down.",
        ),
        Misconception(
            "columns first",
            patches.columns_first,
            "Rows and columns are exchanged: the first number of a place counts down.",
        ),
        Misconception(
            "as many columns as rows",
            patches.square,
            "As many columns are filled as there are rows, and a picture need not be square.",
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
            lambda score, x, patch, stride, fill: patches.places(x, patch, 1),
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
            "patch not taken off",
            lambda score, x, patch, stride, fill: tuple(side // stride for side in x.shape),
            "There are places where the patch would reach over the edge. Subtract its size before you divide.",
        ),
        Misconception(
            "as large as the picture",
            lambda score, x, patch, stride, fill: x.shape,
            "The map is as large as the picture. It has one number for each place of the patch.",
        ),
        Misconception(
            "in a row",
            lambda score, x, patch, stride, fill: (int(np.prod(patches.places(x, patch, stride))),),
            "The falls are in one row. Put them into rows and columns.",
        ),
        Misconception(
            "over the edge",
            lambda score, x, patch, stride, fill: tuple(-(-side // stride) for side in x.shape),
            "There are places where the patch would reach over the edge. It must end inside.",
        ),
        Misconception(
            "one number",
            lambda *given: (),
            "This is a single number: is return inside a loop?",
        ),
    ),
)
