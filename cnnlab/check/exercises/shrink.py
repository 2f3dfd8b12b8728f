"""The proximal step of L1: every number moves towards 0, and stops there."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch.functional.checks import Array


def shrink(weights: Array, amount: float) -> Array:
    """Move each number by an amount towards 0; what is nearer than that becomes 0: (D,) -> (D,).

    Examples
    --------
    >>> shrink(np.array([3.0, -2.0, 0.5]), 1.0)
    array([ 2., -1.,  0.])
    """
    return np.asarray(np.sign(weights) * np.maximum(np.abs(weights) - amount, 0))


def _near(size: int) -> Draw:
    return lambda rng: rng.uniform(-0.5, 0.5, size)


def _whole(rng: np.random.Generator) -> Array:
    return rng.permutation([-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0])


EXERCISE = Exercise(
    shrink,
    (
        Case("with large and small numbers", {"weights": normal(12), "amount": 0.5}),
        Case("with 0 and the amount itself among them", {"weights": _whole, "amount": 1.0}),
        Case("where all of them end at 0", {"weights": _near(6), "amount": 0.5}),
        Case("with an amount of 0", {"weights": normal(5), "amount": 0.0}),
    ),
    axes="(D,)",
    view=True,
    values=(
        Misconception(
            "jumps over",
            lambda w, a: w - a * np.sign(w),
            "What is nearer to 0 than the amount jumps over it and changes its sign. It must stop "
            "at 0.",
        ),
        Misconception(
            "sign lost",
            lambda w, a: np.maximum(np.abs(w) - a, 0),
            "Negative numbers come out positive: give each its sign back.",
        ),
        Misconception(
            "cut off",
            lambda w, a: np.where(np.abs(w) > a, w, 0),
            "The small ones become 0, but the large ones do not move.",
        ),
        Misconception(
            "small ones kept",
            lambda w, a: np.where(np.abs(w) > a, w - a * np.sign(w), w),
            "The large ones move, but the small ones stay where they are: they must become 0.",
        ),
        Misconception(
            "clipped",
            lambda w, a: np.clip(w, -a, a),
            "The large ones are cut to the amount, and the small ones stay. That is how far each "
            "number should move, not where it ends.",
        ),
        Misconception(
            "negative ones lost",
            lambda w, a: np.maximum(w - a, 0),
            "Negative numbers all become 0: they move up, towards 0.",
        ),
        Misconception(
            "shifted",
            lambda w, a: w - a,
            "The amount is subtracted from everything, so negative numbers move away from 0.",
        ),
        Misconception(
            "scaled",
            lambda w, a: w * (1 - a),
            "Everything is multiplied by 1 − amount, as weight decay does. Here each number moves "
            "by the same amount.",
        ),
        Misconception(
            "outwards",
            lambda w, a: w + a * np.sign(w),
            "The numbers move away from 0.",
        ),
        Misconception("untouched", lambda w, a: w.copy(), "The numbers come back as they were."),
        Misconception(
            "minimum for maximum",
            lambda w, a: np.sign(w) * np.minimum(np.abs(w) - a, 0),
            "What is left is kept where it is below 0; keep it where it is above.",
        ),
    ),
)
