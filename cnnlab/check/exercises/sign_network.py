"""Predict with a network whose units answer -1 or 1."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch.functional.checks import Array


def sign_network(x: Array, hidden_weight: Array, weight: Array, threshold: float) -> Array:
    """Labels of the rows of x, each unit a sign of its sum less a threshold: (N, D) -> (N,).

    Examples
    --------
    >>> sign_network(np.array([[1.0], [-1.0]]), np.array([[1.0]]), np.array([1.0]), 0.2)
    array([ 1., -1.])
    """
    return np.asarray(_sign(_sign(x @ hidden_weight.T, threshold) @ weight, threshold))


def _sign(sums: Array, threshold: float) -> Array:
    return np.asarray(np.sign(sums - threshold))


def _case(words: str, examples: int, inputs: int, hidden: int, threshold: float) -> Case:
    weights = {"hidden_weight": normal(hidden, inputs), "weight": normal(hidden)}
    return Case(words, {"x": normal(examples, inputs), **weights, "threshold": threshold})


_CORNERS = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
_PISA = {
    "x": _CORNERS,
    "hidden_weight": np.array([[0.4, 0.1], [0.0, -0.4], [-0.1, 0.4]]),
    "weight": np.array([0.2, 0.2, 0.3]),
    "threshold": 0.2,
}

EXERCISE = Exercise(
    sign_network,
    (
        Case("with the network of the lecture", _PISA),
        _case("with any numbers", 40, 2, 3, 0.2),
        _case("with five hidden units", 40, 3, 5, 0.5),
        _case("with a negative threshold", 40, 2, 4, -0.4),
        _case("with two hidden units", 40, 2, 2, 0.3),
    ),
    axes="(N,)",
    values=(
        Misconception(
            "threshold added",
            lambda x, v, w, s: sign_network(x, v, w, -s),
            "The threshold is added to the sums. A sum must exceed it, so take it away.",
        ),
        Misconception(
            "threshold added in the hidden layer",
            lambda x, v, w, s: np.sign(np.sign(x @ v.T + s) @ w - s),
            "The hidden units add the threshold to their sums. A sum must exceed it, so take it away.",
        ),
        Misconception(
            "no threshold",
            lambda x, v, w, s: sign_network(x, v, w, 0.0),
            "The threshold is not used: compare each sum with it, not with 0.",
        ),
        Misconception(
            "threshold in the hidden layer only",
            lambda x, v, w, s: np.sign(np.sign(x @ v.T - s) @ w),
            "The output compares its sum with 0. It has the same threshold as the hidden units.",
        ),
        Misconception(
            "threshold at the output only",
            lambda x, v, w, s: np.sign(np.sign(x @ v.T) @ w - s),
            "The hidden units compare their sums with 0. They have the same threshold as the output.",
        ),
        Misconception(
            "no activation between the layers",
            lambda x, v, w, s: np.sign((x @ v.T) @ w - s),
            "The hidden units hand on their sums. They should hand on -1 or 1.",
        ),
        Misconception(
            "no activation, thresholds taken away",
            lambda x, v, w, s: np.sign((x @ v.T - s) @ w - s),
            "The hidden units hand on their sums less the threshold. They should hand on -1 or 1.",
        ),
        Misconception(
            "0 for −1",
            lambda x, v, w, s: ((x @ v.T > s) @ w > s).astype(int),
            "Your units answer 0 or 1; these answer -1 or 1.",
        ),
        Misconception(
            "0 for −1, at the output only",
            lambda x, v, w, s: (sign_network(x, v, w, s) > 0).astype(int),
            "The labels are 0 and 1 here; they should be -1 and 1.",
        ),
        Misconception(
            "0 for −1, in the hidden layer",
            lambda x, v, w, s: np.sign((x @ v.T > s) @ w - s),
            "The hidden units answer 0 or 1 here; they should answer -1 or 1.",
        ),
        Misconception(
            "−1 above the threshold",
            lambda x, v, w, s: -sign_network(x, v, w, s),
            "The labels have changed places: the sign is 1 above 0, and -1 below.",
        ),
        Misconception(
            "−1 above the threshold, in both layers",
            lambda x, v, w, s: -np.sign(-np.sign(x @ v.T - s) @ w - s),
            "The output adds the threshold; it must take it away. Or the sign is -1 above 0 and 1 "
            "below, in both layers: that comes to the same.",
        ),
        Misconception(
            "sum of the output",
            lambda x, v, w, s: np.sign(x @ v.T - s) @ w,
            "These are the sums of the output; the label is the sign of the sum less the threshold.",
        ),
        Misconception(
            "sum less threshold",
            lambda x, v, w, s: np.sign(x @ v.T - s) @ w - s,
            "These are the sums less the threshold; the label is their sign.",
        ),
        Misconception(
            "hidden units added up",
            lambda x, v, w, s: np.sign(np.sign(x @ v.T - s).sum(axis=1) - s),
            "The hidden units are added up as they are. The output weighs each by its weight.",
        ),
    ),
)
