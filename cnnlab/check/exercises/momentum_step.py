"""One step of gradient descent with momentum, in PyTorch's form."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch.functional.checks import Array

_WEIGHT_FIRST = "The two have changed places: return the weight first, then the velocity."


def momentum_step(
    weight: Array, gradient: Array, velocity: Array, rate: float, momentum: float
) -> Array:
    """New weight and velocity, v = momentum · v + gradient and w = w − rate · v: (D,) -> (2, D).

    Examples
    --------
    >>> one = np.array([1.0])
    >>> momentum_step(one, one, 2 * one, 0.5, 0.25)
    array([[0.25],
           [1.5 ]])
    """
    return _step(weight, momentum * velocity + gradient, rate)


def _step(weight: Array, velocity: Array, rate: float) -> Array:
    return np.stack([weight - rate * velocity, velocity])


def _case(words: str, size: int, rate: float, momentum: float, still: bool = False) -> Case:
    velocity = np.zeros(size) if still else normal(size)
    inputs = {"weight": normal(size), "gradient": normal(size), "velocity": velocity}
    return Case(words, inputs | {"rate": rate, "momentum": momentum})


EXERCISE = Exercise(
    momentum_step,
    (
        _case("from rest", 3, 0.1, 0.9, still=True),
        _case("on the move", 4, 0.1, 0.9),
        _case("with less momentum and a higher rate", 5, 0.25, 0.3),
    ),
    axes="(2, D)",
    values=(
        Misconception(
            "no momentum",
            lambda w, g, v, rate, momentum: _step(w, g, rate),
            "The old velocity is lost: this is plain gradient descent.",
        ),
        Misconception(
            "uphill",
            lambda w, g, v, rate, momentum: _step(w, momentum * v + g, -rate),
            "The step goes uphill: subtract it from the weight.",
        ),
        Misconception(
            "old velocity used",
            lambda w, g, v, rate, momentum: np.stack([w - rate * v, momentum * v + g]),
            "The weight moves by the old velocity: renew the velocity first.",
        ),
        Misconception(
            "velocity not renewed",
            lambda w, g, v, rate, momentum: np.stack([w - rate * (momentum * v + g), v]),
            "The weight is right, but the old velocity comes back with it.",
        ),
        Misconception(
            "averaged",
            lambda w, g, v, rate, momentum: _step(w, momentum * v + (1 - momentum) * g, rate),
            "The gradient is weighed by 1 − momentum; in this form it counts in full.",
        ),
        Misconception(
            "rate inside the velocity",
            lambda w, g, v, rate, momentum: np.stack(
                [w - momentum * v - rate * g, momentum * v + rate * g]
            ),
            "The rate is inside the velocity. Here it scales the whole step of the weight.",
        ),
        Misconception(
            "negative rate inside the velocity",
            lambda w, g, v, rate, momentum: np.stack(
                [w + momentum * v - rate * g, momentum * v - rate * g]
            ),
            "The velocity holds −rate · gradient, as in Keras. Here it holds gradients, and the "
            "weight subtracts rate · velocity.",
        ),
        Misconception(
            "gradient subtracted in the velocity",
            lambda w, g, v, rate, momentum: _step(w, momentum * v - g, rate),
            "The gradient is subtracted in the velocity, and the velocity from the weight: two "
            "minus signs lead uphill.",
        ),
        Misconception(
            "Nesterov",
            lambda w, g, v, rate, momentum: np.stack(
                [w - rate * (g + momentum * (momentum * v + g)), momentum * v + g]
            ),
            "This is Nesterov's step, which looks one step of the velocity ahead.",
        ),
        Misconception(
            "rate left out",
            lambda w, g, v, rate, momentum: _step(w, momentum * v + g, 1),
            "The step is the whole velocity: where is the learning rate?",
        ),
        Misconception(
            "momentum left out",
            lambda w, g, v, rate, momentum: _step(w, v + g, rate),
            "The old velocity counts in full, so it would never fade: multiply it by momentum.",
        ),
        Misconception(
            "rate and momentum exchanged",
            lambda w, g, v, rate, momentum: momentum_step(w, g, v, momentum, rate),
            "The rate and the momentum are exchanged.",
        ),
        Misconception(
            "velocity first",
            lambda w, g, v, rate, momentum: momentum_step(w, g, v, rate, momentum)[::-1],
            _WEIGHT_FIRST,
        ),
    ),
    shapes=(
        Misconception(
            "one alone",
            lambda w, g, v, rate, momentum: w.shape,
            "One array comes back: return the new weight and the new velocity.",
        ),
    ),
)
