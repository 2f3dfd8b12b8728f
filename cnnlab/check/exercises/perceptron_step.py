"""One step of the perceptron's learning rule, on one example."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.changes import Function
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch.functional.checks import Array


def perceptron_step(weights: Array, x: Array, target: int) -> Array:
    """New weights, the bias last, after one example: (D + 1,), (D,) -> (D + 1,).

    Examples
    --------
    >>> perceptron_step(np.array([0.0, 0.0, 0.0]), np.array([1.0, 1.0]), 1)
    array([1., 1., 1.])
    """
    return np.asarray(_moved(lambda t, y, z: t - y)(weights, x, target))


def _sum(weights: Array, x: Array) -> float:
    return float(x @ weights[:-1] + weights[-1])


def _moved(error: Function, bias: float = 1.0, inputs: float = 1.0) -> Function:
    """Move by an error, found from the target, the answer and the sum."""

    def model(weights: Array, x: Array, target: int) -> Array:
        total = _sum(weights, x)
        read = np.append(inputs * x, bias)
        return np.asarray(weights + error(target, int(total > 0), total) * read)

    return model


def _to_all(weights: Array, x: Array, target: int) -> Array:
    return weights + (target - (_sum(weights, x) > 0))


def _multiplied(weights: Array, x: Array, target: int) -> Array:
    error = target - int(_sum(weights, x) > 0)
    return np.asarray(weights * error * np.append(x, 1))


def _without_bias(weights: Array, x: Array, target: int) -> Array:
    return np.asarray(weights + (target - int(x @ weights[:-1] > 0)) * np.append(x, 1))


def _bias_first(weights: Array, x: Array, target: int) -> Array:
    error = target - int(x @ weights[1:] + weights[0] > 0)
    return np.asarray(weights + error * np.append(1, x))


def _case(words: str, weights: list[float], x: list[float], target: int) -> Case:
    return Case(
        words, {"weights": np.array(weights, float), "x": np.array(x, float), "target": target}
    )


EXERCISE = Exercise(
    perceptron_step,
    (
        _case("where it said 0 and 1 was wanted", [0, 1, -4], [2, 3], 1),
        _case("where it said 1 and 0 was wanted", [2, -1, 1], [2, 3], 0),
        _case("where it was right to say 1", [2, 2, -3], [1, 1], 1),
        _case("where it was right to say 0", [2, 2, -3], [0, 1], 0),
        _case("where the sum is exactly 0, and 0 was wanted", [1, -1, 0], [2, 2], 0),
        _case("where the sum is exactly 0, and 1 was wanted", [1, -1, 0], [2, 2], 1),
        _case("where the bias decides", [1, 1, -5], [1, 2], 1),
        Case("with four inputs", {"weights": normal(5), "x": normal(4), "target": 1}),
        Case("with four other inputs", {"weights": normal(5), "x": normal(4), "target": 0}),
        Case("with one input", {"weights": normal(2), "x": normal(1), "target": 0}),
    ),
    axes="(D + 1,)",
    view=True,  # where nothing changes, the old weights may come back
    values=(
        Misconception(
            "nothing learned",
            lambda weights, x, target: weights,
            "The weights stay as they were. What does the unit answer, and what was wanted?",
        ),
        Misconception(
            "sign turned",
            _moved(lambda t, y, z: y - t),
            "It moves the wrong way: the error is what was wanted minus what was said.",
        ),
        Misconception(
            "target for error",
            _moved(lambda t, y, z: t),
            "The target is used in place of the error, so a right answer changes the weights, and "
            "one that should have been 0 does not.",
        ),
        Misconception(
            "answer for error",
            _moved(lambda t, y, z: -y),
            "The answer is used in place of the error: subtract it from the target.",
        ),
        Misconception(
            "bias left alone",
            _moved(lambda t, y, z: t - y, bias=0.0),
            "The bias does not move. It is the weight of an input that is always 1.",
        ),
        Misconception(
            "weights left alone",
            _moved(lambda t, y, z: t - y, inputs=0.0),
            "Only the bias moves; each weight moves by the error times its input.",
        ),
        Misconception(
            "inputs forgotten",
            _to_all,
            "Every weight moves by the error itself. It should move by the error times its input.",
        ),
        Misconception(
            "sum for answer",
            _moved(lambda t, y, z: t - z),
            "The sum is taken from the target. The perceptron takes its answer, 0 or 1.",
        ),
        Misconception(
            "at least 0",
            _moved(lambda t, y, z: t - int(z >= 0)),
            "At a sum of exactly 0 you let the unit say 1; it says 1 only above 0.",
        ),
        Misconception(
            "answer without bias",
            _without_bias,
            "The bias is missing from the sum, so the unit's answer is wrong in some cases.",
        ),
        Misconception(
            "bias read first",
            _bias_first,
            "The first of the weights is taken for the bias. Here the bias is the last.",
        ),
        Misconception(
            "−1 for 0",
            _moved(lambda t, y, z: 2 * (t - y)),
            "The step is twice as large as it should be: answers and targets are 0 or 1, not -1 "
            "or 1.",
        ),
        Misconception(
            "always by the inputs",
            _moved(lambda t, y, z: float(t != y)),
            "The inputs are added after any mistake. Where it said 1 and 0 was wanted, they are "
            "subtracted: the error has a sign.",
        ),
        Misconception(
            "answer of a sign",
            _moved(lambda t, y, z: t - np.sign(z)),
            "The answer is taken as the sign of the sum, -1 or 1. The unit answers 0 or 1.",
        ),
        Misconception(
            "half a step",
            _moved(lambda t, y, z: (t - y) / 2),
            "The step is half as large as it should be: the only factor is the error.",
        ),
        Misconception(
            "sigmoid for answer",
            _moved(lambda t, y, z: t - 1 / (1 + np.exp(-z))),
            "The answer is a sigmoid of the sum; the perceptron takes a step, 0 or 1.",
        ),
        Misconception(
            "the move alone",
            lambda weights, x, target: perceptron_step(weights, x, target) - weights,
            "This is the move alone: add it to the old weights.",
        ),
        Misconception(
            "weights times the move",
            _multiplied,
            "The weights are multiplied by the error and the inputs; that product is added to "
            "them.",
        ),
        Misconception(
            "bias first",
            lambda weights, x, target: np.roll(perceptron_step(weights, x, target), 1),
            "The bias comes first; it should come last.",
        ),
        Misconception(
            "bias moved the other way",
            _moved(lambda t, y, z: t - y, bias=-1.0),
            "The weights move as they should, but the bias moves the other way.",
        ),
    ),
)
