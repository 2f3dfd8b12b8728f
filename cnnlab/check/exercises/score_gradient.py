"""The gradient of a class's score with respect to the input, through one layer of ReLUs."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch.functional.checks import Array


def score_gradient(x: Array, w1: Array, w2: Array) -> Array:
    """Gradient of w2 · ReLU(w1 x) with respect to x: (n,), (hidden, n), (hidden,) -> (n,).

    Source: K. Simonyan et al., *Deep Inside Convolutional Networks*, 2014.

    Examples
    --------
    >>> score_gradient(np.array([1.0]), np.array([[2.0], [5.0]]), np.array([1.0, -1.0]))
    array([-3.])
    """
    return _back(x, w1, w2, _open(x, w1))


def _open(x: Array, w1: Array) -> Array:
    """Which units let a gradient pass."""
    return w1 @ x > 0


def _back(x: Array, w1: Array, w2: Array, through: Array) -> Array:
    return np.asarray((w2 * through) @ w1)


def _of_one(x: Array, w1: Array, w2: Array, which: int) -> Array:
    """What comes from one of the open units."""
    unit = np.flatnonzero(_open(x, w1))[which]
    return np.asarray(w2[unit] * w1[unit])


def _case(words: str, pixels: int, hidden: int) -> Case:
    return Case(words, {"x": normal(pixels), "w1": normal(hidden, pixels), "w2": normal(hidden)})


EXERCISE = Exercise(
    score_gradient,
    (
        Case(
            "with two units, one of which is off",
            {
                "x": np.array([1.0, 2.0, -1.0]),
                "w1": np.array([[3.0, 1.0, -2.0], [1.0, -4.0, 2.0]]),
                "w2": np.array([2.0, 5.0]),
            },
        ),
        Case(
            "where a unit speaks against the class",
            {
                "x": np.array([1.0, 2.0, -1.0]),
                "w1": np.array([[3.0, 1.0, 2.0], [1.0, 4.0, 1.0], [1.0, -1.0, 2.0]]),
                "w2": np.array([2.0, -5.0, 3.0]),
            },
        ),
        _case("with as many units as pixels", 12, 12),
        _case("with more units than pixels", 6, 20),
    ),
    axes="(n,)",
    values=(
        Misconception(
            "ReLU ignored",
            lambda x, w1, w2: w2 @ w1,
            "The ReLUs are left out. A unit that is off, because `w1 @ x` is not positive there, "
            "lets nothing pass.",
        ),
        Misconception(
            "guided",
            lambda x, w1, w2: _back(x, w1, np.maximum(w2, 0), _open(x, w1)),
            "What comes back negative is cut off, as guided back-propagation does. The gradient "
            "keeps it.",
        ),
        Misconception(
            "cut off on the way back alone",
            lambda x, w1, w2: np.maximum(w2, 0) @ w1,
            "The ReLU is put on what comes back. What decides is whether its *input* `w1 @ x` was "
            "positive.",
        ),
        Misconception(
            "times the input",
            lambda x, w1, w2: x * score_gradient(x, w1, w2),
            "This is the input times the gradient. The gradient alone was asked for.",
        ),
        Misconception(
            "value in place of slope",
            lambda x, w1, w2: _back(x, w1, w2, np.maximum(w1 @ x, 0)),
            "What comes back is multiplied by the unit's value. Multiply by the slope of the ReLU, "
            "which is 0 or 1.",
        ),
        Misconception(
            "input in place of slope",
            lambda x, w1, w2: _back(x, w1, w2, w1 @ x),
            "What comes back is multiplied by `w1 @ x` itself. Multiply by the slope of the ReLU, "
            "which is 0 or 1.",
        ),
        Misconception(
            "closed units",
            lambda x, w1, w2: _back(x, w1, w2, ~_open(x, w1)),
            "The wrong units let the gradient pass: those whose `w1 @ x` is positive should.",
        ),
        Misconception(
            "positive weights alone",
            lambda x, w1, w2: w2 @ np.maximum(w1, 0),
            "The weights are cut off below 0. What decides is whether the unit's input `w1 @ x` is positive.",
        ),
        Misconception(
            "signs for slopes",
            lambda x, w1, w2: _back(x, w1, w2, np.sign(w1 @ x)),
            "What comes back is multiplied by the sign of `w1 @ x`. The slope of the ReLU is 0 or 1.",
        ),
        Misconception(
            "slope of a tanh",
            lambda x, w1, w2: _back(x, w1, w2, 1 - np.tanh(w1 @ x) ** 2),
            "This is the slope of a tanh. The units are ReLUs, whose slope is 0 or 1.",
        ),
        Misconception(
            "first open unit",
            lambda x, w1, w2: _of_one(x, w1, w2, 0),
            "Only the first open unit has a part: is return inside the loop?",
        ),
        Misconception(
            "last open unit",
            lambda x, w1, w2: _of_one(x, w1, w2, -1),
            "Only the last open unit has a part. Add up what comes from all of them.",
        ),
        Misconception(
            "w2 left out",
            lambda x, w1, w2: _open(x, w1) @ w1,
            "The weights `w2` are left out: how much does each unit count in the score?",
        ),
        Misconception(
            "cut off in the end",
            lambda x, w1, w2: np.maximum(score_gradient(x, w1, w2), 0),
            "What is negative at the pixels is cut off. The gradient keeps its signs.",
        ),
        Misconception(
            "cut off in the end alone",
            lambda x, w1, w2: np.maximum(w2 @ w1, 0),
            "The ReLU is put on the pixels. It belongs at the hidden units, and what decides is their input `w1 @ x`.",
        ),
        Misconception(
            "dark pixels closed",
            lambda x, w1, w2: (w2 @ w1) * (x > 0),
            "The pixels decide what passes. The units do: a ReLU is open where `w1 @ x` is "
            "positive.",
        ),
        Misconception(
            "sizes",
            lambda x, w1, w2: np.abs(score_gradient(x, w1, w2)),
            "The signs are lost. A saliency map is drawn without them; the gradient has them.",
        ),
        Misconception(
            "of length 1",
            lambda x, w1, w2: score_gradient(x, w1, w2) / np.linalg.norm(score_gradient(x, w1, w2)),
            "The gradient is divided by its length. Leave it as it is.",
        ),
        Misconception(
            "sign turned",
            lambda x, w1, w2: -score_gradient(x, w1, w2),
            "The sign is wrong. Nothing is made smaller here: how does the score *rise*?",
        ),
        Misconception(
            "transposed",
            lambda x, w1, w2: w1 @ (w2 * _open(x, w1)) if w1.shape[0] == w1.shape[1] else None,
            "The matrix works the wrong way round: on the way back it is transposed.",
        ),
    ),
    shapes=(
        Misconception(
            "the score",
            lambda x, w1, w2: (),
            "This is one number, such as the score. The gradient has a number for each pixel.",
        ),
        Misconception(
            "a number for each unit",
            lambda x, w1, w2: w2.shape,
            "There is a number for each hidden unit. Go one step further back, to the pixels.",
        ),
        Misconception(
            "not added up",
            lambda x, w1, w2: w1.shape,
            "What comes back from the units is not added up: a pixel gets it from all of them.",
        ),
    ),
)
