"""The sigmoid: any number to one between 0 and 1."""

from typing import NamedTuple

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common import elementwise, generic
from cnnlab.check.exercises.common.base import Exercise
from cnnlab.scratch import functional as F
from cnnlab.scratch.functional.checks import Array


class Cache(NamedTuple):
    """The output, and the input for those who take it instead."""

    y: Array
    x: Array


def sigmoid(x: Array) -> tuple[Array, Cache]:
    """1 / (1 + e⁻ˣ), and a cache that holds x too.

    Examples
    --------
    >>> sigmoid(np.array([0.0]))[1]
    Cache(y=array([0.5]), x=array([0.]))
    """
    y, _ = F.sigmoid(x)
    return y, Cache(y, x)


def sigmoid_backward(dy: Array, cache: Cache) -> Array:
    """Gradient of the input, from that of the output.

    Examples
    --------
    >>> sigmoid_backward(np.array([2.0]), sigmoid(np.array([0.0]))[1])
    array([0.5])
    """
    return np.asarray(dy * cache.y * (1 - cache.y))


EXERCISE = Exercise(
    sigmoid,
    elementwise.CASES,
    axes="of x",
    asks=elementwise.ASKS,
    backward=sigmoid_backward,
    values=(
        Misconception(
            "turned", lambda x: F.sigmoid(-x)[0], "It falls where it must rise: look at a sign."
        ),
        Misconception("tanh", np.tanh, "This is tanh, which runs from −1 to 1."),
    ),
    gradients=(
        *generic.gradients(sigmoid_backward),
        Misconception(
            "input for output",
            lambda dy, c: dy * c.x * (1 - c.x),
            "The slope is y(1 − y), with the output y of the sigmoid. Here the input is in its "
            "place.",
        ),
        Misconception(
            "sigmoid taken twice",
            lambda dy, c: sigmoid_backward(dy, sigmoid(c.y)[1]),
            "The sigmoid is taken twice: y is its output already, so the slope is y(1 − y).",
        ),
        Misconception(
            "slope y",
            lambda dy, c: dy * c.y,
            "This is dy times y; the slope of the sigmoid has a second factor, 1 − y.",
        ),
        Misconception(
            "slope 1 − y",
            lambda dy, c: dy * (1 - c.y),
            "This is dy times 1 − y; the slope of the sigmoid has a second factor, y.",
        ),
        Misconception(
            "slope of tanh",
            lambda dy, c: dy * (1 - c.y**2),
            "1 − y² is the slope of tanh; that of the sigmoid is y(1 − y).",
        ),
        Misconception(
            "y squared",
            lambda dy, c: dy * c.y**2,
            "This is dy times y²; the slope of the sigmoid is y(1 − y).",
        ),
        Misconception(
            "parentheses left out",
            lambda dy, c: dy * c.y * 1 - c.y,
            "`dy * y * 1 - y` multiplies first and subtracts then: put 1 - y in parentheses.",
        ),
        Misconception(
            "added",
            lambda dy, c: dy + c.y * (1 - c.y),
            "The slope is added to dy; along a path signals are multiplied by slopes.",
        ),
        Misconception(
            "largest slope",
            lambda dy, c: dy / 4,
            "This is a quarter of dy everywhere. The slope is ¼ at 0 only, and less elsewhere.",
        ),
        Misconception(
            "slope of ReLU",
            lambda dy, c: dy * (c.y > 0.5),
            "This is the slope of ReLU, 0 or 1; that of the sigmoid is y(1 − y).",
        ),
        *generic.batches(sigmoid_backward),
    ),
)
