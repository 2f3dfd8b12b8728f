"""A unit with a step function: 1 where the weighted sum with its bias is above 0."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import few, normal
from cnnlab.check.exercises.common.gates import table
from cnnlab.scratch.functional.checks import Array


def unit(x: Array, weight: Array, bias: float = 0.0) -> Array:
    """Answers of a unit to the rows of x: (N, D), (D,) -> (N,).

    Examples
    --------
    >>> unit(np.array([[0, 0], [1, 1]]), np.array([1, 1]), -1.5)
    array([0, 1])
    """
    return np.asarray(x @ weight + bias > 0).astype(int)


EXERCISE = Exercise(
    unit,
    (
        Case("with two inputs", {"x": table(2), "weight": np.array([2.0, 1.0]), "bias": -2.0}),
        Case("with sums of exactly 0", {"x": few(9, 2), "weight": few(2), "bias": 1.0}),
        Case("with three inputs", {"x": normal(30, 3), "weight": normal(3), "bias": 0.5}),
        Case("with a single input", {"x": normal(12, 1), "weight": normal(1), "bias": -0.5}),
        Case("with many inputs", {"x": normal(40, 7), "weight": normal(7), "bias": -1.0}),
    ),
    axes="(N,)",
    asks=("bias",),
    values=(
        Misconception(
            "at least 0",
            lambda x, w, b=0.0: (x @ w + b >= 0).astype(int),
            "At a sum of exactly 0 this says 1. The unit says 1 only above 0.",
        ),
        Misconception(
            "bias as a threshold",
            lambda x, w, b=0.0: (x @ w > b).astype(int),
            "The bias is used as a threshold: the weighted inputs are compared with it. A bias is "
            "added to them, and the sum is compared with 0.",
        ),
        Misconception(
            "bias as a threshold, at least",
            lambda x, w, b=0.0: (x @ w >= b).astype(int),
            "The bias is used as a threshold. It is added to the weighted inputs instead, and the "
            "sum must be above 0.",
        ),
        Misconception(
            "no bias",
            lambda x, w, b=0.0: (x @ w > 0).astype(int),
            "The bias is not added.",
        ),
        Misconception(
            "sums",
            lambda x, w, b=0.0: x @ w + b,
            "These are the sums. The unit answers 1 where its sum is above 0, and 0 elsewhere.",
        ),
        Misconception(
            "sums without bias",
            lambda x, w, b=0.0: x @ w,
            "These are weighted inputs without the bias, and without the step function.",
        ),
        Misconception(
            "−1 for 0",
            lambda x, w, b=0.0: np.where(x @ w + b > 0, 1, -1),
            "It answers -1 where the sum is not above 0; the step function answers 0 there.",
        ),
        Misconception(
            "sign",
            lambda x, w, b=0.0: np.sign(x @ w + b),
            "This is the sign of the sum, which is -1 below 0; the step function is 0 there.",
        ),
        Misconception(
            "ReLU",
            lambda x, w, b=0.0: np.maximum(0, x @ w + b),
            "Where the sum is above 0 you return the sum itself, as ReLU does. The step function "
            "returns 1 there.",
        ),
        Misconception(
            "sigmoid",
            lambda x, w, b=0.0: 1 / (1 + np.exp(-(x @ w + b))),
            "This is the sigmoid of the sum, a soft step; the step function jumps from 0 to 1.",
        ),
        Misconception(
            "weights exchanged",
            lambda x, w, b=0.0: (x @ w[::-1] + b > 0).astype(int),
            "The weights are in reverse order: the first weight belongs to the first input.",
        ),
        Misconception(
            "two inputs only",
            lambda x, w, b=0.0: (x[:, :2] @ w[:2] + b > 0).astype(int),
            "Only the first two inputs are read.",
        ),
        Misconception(
            "above a half",
            lambda x, w, b=0.0: (x @ w + b > 0.5).astype(int),
            "The sum is compared with ½; the unit says 1 as soon as it is above 0.",
        ),
        Misconception(
            "cut off",
            lambda x, w, b=0.0: np.clip(x @ w + b, 0, 1),
            "Sums between 0 and 1 come out as they are; the step function returns 1 there.",
        ),
        Misconception(
            "exchanged",
            lambda x, w, b=0.0: (x @ w + b <= 0).astype(int),
            "0 and 1 have changed places.",
        ),
        Misconception(
            "below 0",
            lambda x, w, b=0.0: (x @ w + b < 0).astype(int),
            "This says 1 where the sum is below 0, so the unit answers the other way round.",
        ),
    ),
)
