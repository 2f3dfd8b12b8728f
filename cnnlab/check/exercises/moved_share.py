"""How far weights have moved, as a share of their length."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw, Exercise
from cnnlab.scratch.functional.checks import Array


def moved_share(before: Array, after: Array) -> float:
    """Length of the difference, divided by the length before.

    Examples
    --------
    >>> moved_share(np.array([3.0, 4.0]), np.array([3.0, 5.0]))
    0.2
    """
    return float(_length(after - before) / _length(before))


def _length(weights: Array) -> float:
    return float(np.sqrt((weights**2).sum()))


def _spectral(weights: Array) -> float:
    return float(np.linalg.norm(weights, 2)) if weights.ndim == 2 else _length(weights)


def _near(*shape: int, scale: float = 1.1, far: float = 0.3) -> dict[str, Draw]:
    """Weights before and after; the seed of the first ones is their shape."""

    def before(rng: np.random.Generator) -> Array:
        return np.random.default_rng(shape).standard_normal(shape) + 0.2

    def after(rng: np.random.Generator) -> Array:
        return np.asarray(scale * before(rng) + far * rng.standard_normal(shape))

    return {"before": before, "after": after}


EXERCISE = Exercise(
    moved_share,
    (
        Case(
            "with two weights",
            {"before": np.array([3.0, 4.0]), "after": np.array([3.0, 5.0])},
        ),
        Case("with a dense layer", _near(7, 3)),
        Case("with a convolution", _near(4, 3, 3, 2)),
        Case("with weights that have shrunk", _near(9, scale=0.3, far=0.1)),
    ),
    values=(
        Misconception(
            "length after",
            lambda before, after: _length(after - before) / _length(after),
            "You divided by the length after the training. Divide by the length before.",
        ),
        Misconception(
            "not divided",
            lambda before, after: _length(after - before),
            "This is the length of the difference. Divide by the length of the weights before.",
        ),
        Misconception(
            "squared",
            lambda before, after: (_length(after - before) / _length(before)) ** 2,
            "This is the square of the share: the roots are missing.",
        ),
        Misconception(
            "root above missing",
            lambda before, after: _length(after - before) ** 2 / _length(before),
            "The length of the difference is still squared: take its root.",
        ),
        Misconception(
            "root below missing",
            lambda before, after: _length(after - before) / _length(before) ** 2,
            "You divided by the square of the length: take its root.",
        ),
        Misconception(
            "difference of the lengths",
            lambda before, after: abs(_length(after) - _length(before)) / _length(before),
            "You subtracted the lengths. Weights can move far and keep their length, so subtract "
            "the weights first.",
        ),
        Misconception(
            "signed difference of the lengths",
            lambda before, after: (_length(after) - _length(before)) / _length(before),
            "You subtracted the lengths: this says how much longer they are. Subtract the weights "
            "first.",
        ),
        Misconception(
            "ratio of the lengths",
            lambda before, after: _length(after) / _length(before),
            "This is how many times as long they are. Subtract the weights first.",
        ),
        Misconception(
            "upside down",
            lambda before, after: _length(before) / _length(after - before),
            "This is upside down: divide the length of the difference by the length before.",
        ),
        Misconception(
            "both lengths",
            lambda before, after: _length(after - before) / (_length(before) + _length(after)),
            "You divided by both lengths together. Divide by the length before.",
        ),
        Misconception(
            "number of weights",
            lambda before, after: _length(after - before) / before.size,
            "You divided by the number of weights. Divide by their length before.",
        ),
        Misconception(
            "sum of the weights",
            lambda before, after: _length(after + before) / _length(before),
            "The weights are added. Subtract them.",
        ),
        Misconception(
            "angle",
            lambda before, after: (
                1 - float((after * before).sum()) / (_length(after) * _length(before))
            ),
            "This compares directions: it is 1 minus the cosine. Take the length of the difference.",
        ),
        Misconception(
            "absolute values",
            lambda before, after: np.abs(after - before).sum() / np.abs(before).sum(),
            "You added up absolute values. A length is the root of a sum of squares.",
        ),
        Misconception(
            "deviations",
            lambda before, after: (after - before).std() / before.std(),
            "A standard deviation subtracts the mean first. A length takes the numbers as they are.",
        ),
        Misconception(
            "root of the mean square",
            lambda before, after: _length(after - before) / np.sqrt(before.size),
            "This is the root of the *mean* of the squares. Take the root of their sum, and divide by the length before.",
        ),
        Misconception(
            "weight by weight",
            lambda before, after: np.abs((after - before) / before).mean(),
            "You divided weight by weight and took the mean. Divide once, one length by the other.",
        ),
        Misconception(
            "weight by weight, with signs",
            lambda before, after: ((after - before) / before).mean(),
            "You divided weight by weight and took the mean. Divide once, one length by the other.",
        ),
        Misconception(
            "length of the shares",
            lambda before, after: _length((after - before) / before),
            "You divided weight by weight and took the length of that. Divide once, one length by the other.",
        ),
        Misconception(
            "largest",
            lambda before, after: np.abs(after - before).max() / np.abs(before).max(),
            "You compared the largest values. A length takes all of them.",
        ),
        Misconception(
            "largest difference",
            lambda before, after: np.abs(after - before).max(),
            "This is the largest difference. A length takes all of them.",
        ),
        Misconception(
            "how many have moved",
            lambda before, after: (after != before).mean(),
            "This says how many weights have moved at all. How *far* have they moved?",
        ),
        Misconception(
            "sum of the differences",
            lambda before, after: abs((after - before).sum()) / abs(before.sum()),
            "Positive and negative differences cancel out. Square them before you add them up.",
        ),
        Misconception(
            "signed sum of the differences",
            lambda before, after: (after - before).sum() / before.sum(),
            "Positive and negative differences cancel out. Square them before you add them up.",
        ),
        Misconception(
            "spectral norm",
            lambda before, after: _spectral(after - before) / _spectral(before),
            "np.linalg.norm(…, 2) of a matrix is another length: its largest singular value. Leave the 2 out.",
        ),
        Misconception(
            "percent",
            lambda before, after: 100 * moved_share(before, after),
            "This is in percent; give a share.",
        ),
        Misconception(
            "mean square above",
            lambda before, after: _length(after - before) / np.sqrt(before.size) / _length(before),
            "You took the mean of the squares above and their sum below. Take the same for both.",
        ),
    ),
)
