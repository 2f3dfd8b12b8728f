"""A network with one hidden layer of ReLUs and one linear output."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.check.exercises.common.gates import table
from cnnlab.scratch.functional.checks import Array


def relu_network(
    x: Array, hidden_weight: Array, hidden_bias: Array, weight: Array, bias: float = 0.0
) -> Array:
    """Answers to the rows of x: (N, D), (H, D), (H,), (H,) -> (N,).

    Examples
    --------
    >>> relu_network(np.array([[0.0, 1.0]]), np.eye(2), np.array([-1.0, 1.0]), np.ones(2), 0.5)
    array([2.5])
    """
    return np.asarray(_relu(x @ hidden_weight.T + hidden_bias) @ weight + bias)


def _relu(z: Array) -> Array:
    return np.maximum(0, z)


def _case(words: str, examples: int, inputs: int, hidden: int, below_0: bool = False) -> Case:
    layer = {"hidden_weight": normal(hidden, inputs), "hidden_bias": normal(hidden)}
    output = {"weight": normal(hidden), "bias": 0.5}
    if below_0:  # in every answer, which a ReLU at the end would hide
        output = {"weight": lambda rng: -rng.uniform(0.5, 2.0, hidden), "bias": -0.5}
    return Case(words, {"x": normal(examples, inputs), **layer, **output})


def _transposed(x: Array, v: Array, c: Array, w: Array, b: float) -> Array | None:
    return relu_network(x, v.T, c, w, b) if v.shape[0] == v.shape[1] else None


_XOR = {
    "x": table(2).astype(float),
    "hidden_weight": np.ones((2, 2)),
    "hidden_bias": np.array([0.0, -1.0]),
    "weight": np.array([1.0, -2.0]),
    "bias": 0.0,
}

EXERCISE = Exercise(
    relu_network,
    (
        Case("with the weights that do XOR", _XOR),
        _case("with two hidden units and any numbers", 9, 2, 2),
        _case("with five hidden units", 9, 2, 5),
        _case("with four inputs and three hidden units", 7, 4, 3, below_0=True),
        _case("with a single example", 1, 3, 4),
    ),
    axes="(N,)",
    asks=("bias",),
    values=(
        Misconception(
            "no activation",
            lambda x, v, c, w, b: (x @ v.T + c) @ w + b,
            "There is no activation between the layers, so they collapse into a single unit.",
        ),
        Misconception(
            "ReLU at the end, too",
            lambda x, v, c, w, b: _relu(relu_network(x, v, c, w, b)),
            "The output goes through ReLU, too. The last layer has no activation here.",
        ),
        Misconception(
            "ReLU at the end only",
            lambda x, v, c, w, b: _relu((x @ v.T + c) @ w + b),
            "ReLU is at the end. It belongs between the two layers.",
        ),
        Misconception(
            "hidden weights transposed",
            _transposed,
            "The hidden weights are read by columns. Each row belongs to a hidden unit, so transpose them.",
        ),
        Misconception(
            "hidden biases left out",
            lambda x, v, c, w, b: _relu(x @ v.T) @ w + b,
            "The biases of the hidden units are not added.",
        ),
        Misconception(
            "hidden biases after ReLU",
            lambda x, v, c, w, b: (_relu(x @ v.T) + c) @ w + b,
            "The biases of the hidden units are added after ReLU. They belong to the sums that it reads.",
        ),
        Misconception(
            "bias left out",
            lambda x, v, c, w, b: _relu(x @ v.T + c) @ w,
            "The bias of the output is not added.",
        ),
        Misconception(
            "hidden biases subtracted",
            lambda x, v, c, w, b: _relu(x @ v.T - c) @ w + b,
            "The hidden biases are subtracted, as if they were thresholds.",
        ),
        Misconception(
            "ReLU on the inputs",
            lambda x, v, c, w, b: (_relu(x) @ v.T + c) @ w + b,
            "ReLU is applied to the inputs. It belongs after the sums of the hidden units.",
        ),
        Misconception(
            "step",
            lambda x, v, c, w, b: (x @ v.T + c > 0) @ w + b,
            "The hidden units answer 0 or 1, as step functions do. ReLU keeps the sum where it is "
            "above 0.",
        ),
        Misconception(
            "size",
            lambda x, v, c, w, b: np.abs(x @ v.T + c) @ w + b,
            "Negative sums change their sign here; ReLU makes them 0.",
        ),
        Misconception(
            "minimum",
            lambda x, v, c, w, b: np.minimum(0, x @ v.T + c) @ w + b,
            "This keeps the negative sums; ReLU keeps the positive ones.",
        ),
        Misconception(
            "hidden units added up",
            lambda x, v, c, w, b: _relu(x @ v.T + c).sum(axis=1) + b,
            "The hidden units are added up as they are. The output weighs each by its weight.",
        ),
    ),
)
