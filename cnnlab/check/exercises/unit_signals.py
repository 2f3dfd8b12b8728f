"""Error signals of one sigmoid unit under half of the squared error, with a pencil."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.scratch.functional.checks import Array


def _unit(x: float, w: float, b: float) -> float:
    return float(1 / (1 + np.exp(-(w * x + b))))


def unit_signals(numbers: Array) -> Array:
    """Error signals of y, z, w and b for y = σ(z), z = wx + b, L = ½(y − t)².

    Parameters
    ----------
    numbers : (1, 4) array
        x, w, b and t.

    Examples
    --------
    >>> unit_signals(np.array([[2.0, 1.0, -2.0, 1.0]]))
    array([-0.5  , -0.125, -0.25 , -0.125])
    """
    x, w, b, t = np.ravel(numbers)
    y = _unit(x, w, b)
    z_bar = (y - t) * y * (1 - y)
    return np.array([y - t, z_bar, z_bar * x, z_bar])


def _scaled(numbers: Array, *factors: float) -> Array:
    return np.asarray(unit_signals(numbers) * np.array(factors))


def _twice_sigmoid(numbers: Array) -> Array:
    x, w, b, t = np.ravel(numbers)
    y = _unit(x, w, b)
    again = _unit(y, 1.0, 0.0)
    z_bar = (y - t) * again * (1 - again)
    return np.array([y - t, z_bar, z_bar * x, z_bar])


def _slope_left_out(numbers: Array) -> Array:
    x, w, b, t = np.ravel(numbers)
    error = _unit(x, w, b) - t
    return np.array([error, error, error * x, error])


def _slope_half(numbers: Array) -> Array:
    x, w, b, t = np.ravel(numbers)
    y = _unit(x, w, b)
    z_bar = (y - t) * y
    return np.array([y - t, z_bar, z_bar * x, z_bar])


def _weight_for_input(numbers: Array) -> Array:
    _, w, _, _ = np.ravel(numbers)
    y_bar, z_bar, _, b_bar = unit_signals(numbers)
    return np.array([y_bar, z_bar, z_bar * w, b_bar])


def _case(words: str, *numbers: float) -> Case:
    return Case(words, {"numbers": lambda rng: np.array([numbers])})


EXERCISE = Exercise(
    unit_signals,
    (
        _case("with numbers for a pencil", 3.0, 2.0, -6.0, 0.0),
        _case("with other numbers", -1.5, 0.5, 1.0, 1.0),
    ),
    axes="(ȳ, z̄, w̄, b̄)",
    tolerance=0.005,
    values=(
        Misconception(
            "sign turned",
            lambda numbers: -unit_signals(numbers),
            "All signs are wrong: the slope of ½(y − t)² in y is y − t, not t − y.",
        ),
        Misconception(
            "factor 2",
            lambda numbers: 2 * unit_signals(numbers),
            "All are twice as large as they should be: the ½ takes the 2 of the square away.",
        ),
        Misconception(
            "slope of the sigmoid left out",
            _slope_left_out,
            "z̄ is ȳ, unchanged. In the backward pass through the sigmoid it is multiplied by the "
            "sigmoid's slope, y(1 − y).",
        ),
        Misconception(
            "slope y",
            _slope_half,
            "ȳ is multiplied by y alone; the slope of the sigmoid is y(1 − y).",
        ),
        Misconception(
            "sigmoid taken twice",
            _twice_sigmoid,
            "The slope y(1 − y) already has the sigmoid in it: y is its output. Do not take the "
            "sigmoid of y once more.",
        ),
        Misconception(
            "w for x",
            _weight_for_input,
            "In z = wx + b the slope of z in w is x; here z̄ is multiplied by w.",
        ),
        Misconception(
            "x forgotten",
            lambda numbers: _scaled(numbers, 1, 1, 1 / np.ravel(numbers)[0], 1),
            "w̄ is z̄, unchanged: it is multiplied by what w is multiplied by, which is x.",
        ),
        Misconception(
            "bias times x",
            lambda numbers: _scaled(numbers, 1, 1, 1, np.ravel(numbers)[0]),
            "b̄ is multiplied by x, but b is added: its slope is 1.",
        ),
        Misconception(
            "slope for signal of b",
            lambda numbers: np.array([*unit_signals(numbers)[:3], 1.0]),
            "1 is the slope of z in b; its error signal is z̄ times that slope.",
        ),
        Misconception(
            "no signal of b",
            lambda numbers: _scaled(numbers, 1, 1, 1, 0),
            "The bias gets no signal here, but it moves z as everything does that is added to it.",
        ),
        Misconception(
            "reverse order",
            lambda numbers: unit_signals(numbers)[::-1],
            "The four are right, but in reverse order: ȳ comes first.",
        ),
        Misconception(
            "another order",
            lambda numbers: unit_signals(numbers)[[1, 0, 2, 3]],
            "The first two have changed places: ȳ comes first, then z̄.",
        ),
    ),
)
