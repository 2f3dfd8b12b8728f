"""The slope of a function of one number, by a nudge up and a nudge down."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise

Curve = Callable[[float], float]


def central_difference(f: Curve, v: float, nudge: float) -> float:
    """Rise of f between v − nudge and v + nudge, divided by the distance.

    Examples
    --------
    >>> central_difference(lambda v: v * v, 3.0, 0.5)
    6.0
    """
    return (f(v + nudge) - f(v - nudge)) / (2 * nudge)


def cube(v: float) -> float:
    """A curve that bends: the error of a nudge shows."""
    return v**3


def inverse(v: float) -> float:
    """A curve that falls."""
    return 1 / v


def _case(words: str, f: Curve, v: float, nudge: float) -> Case:
    given: dict[str, Any] = {"f": lambda rng: f, "v": v, "nudge": nudge}
    return Case(words, given)


EXERCISE = Exercise(
    central_difference,
    (
        _case("with a cube", cube, 1.0, 0.1),
        _case("with an exponential", np.exp, -0.5, 0.25),
        _case("with a falling curve", inverse, 2.0, 0.5),
    ),
    values=(
        Misconception(
            "one-sided",
            lambda f, v, nudge: (f(v + nudge) - f(v)) / nudge,
            "This nudges up only; nudge down as well, and the error shrinks much faster.",
        ),
        Misconception(
            "nudged down only",
            lambda f, v, nudge: (f(v) - f(v - nudge)) / nudge,
            "This nudges down only; nudge up as well, and the error shrinks much faster.",
        ),
        Misconception(
            "distance of one nudge",
            lambda f, v, nudge: (f(v + nudge) - f(v - nudge)) / nudge,
            "Up and down are two nudges apart, so the rise is divided by twice the nudge.",
        ),
        Misconception(
            "not divided",
            lambda f, v, nudge: f(v + nudge) - f(v - nudge),
            "This is the rise; divide it by the distance.",
        ),
        Misconception(
            "a nudge of its own",
            lambda f, v, nudge: (f(v + 1e-5) - f(v - 1e-5)) / 2e-5,
            "The nudge is always the same small one; use the one that is given.",
        ),
        Misconception(
            "divided by 2 first",
            lambda f, v, nudge: (f(v + nudge) - f(v - nudge)) / 2 * nudge,
            "`/ 2 * nudge` divides by 2 and multiplies by the nudge: write `/ (2 * nudge)`.",
        ),
        Misconception(
            "sign turned",
            lambda f, v, nudge: (f(v - nudge) - f(v + nudge)) / (2 * nudge),
            "The sign is wrong: take the value above minus the value below.",
        ),
        Misconception(
            "one-sided, twice the distance",
            lambda f, v, nudge: (f(v + nudge) - f(v)) / (2 * nudge),
            "This nudges up only, from v itself, and still divides by two nudges: nudge down as "
            "well.",
        ),
        Misconception(
            "values added",
            lambda f, v, nudge: (f(v + nudge) + f(v - nudge)) / (2 * nudge),
            "The two values are added; the rise is their difference.",
        ),
        Misconception(
            "last value divided",
            lambda f, v, nudge: f(v + nudge) - f(v - nudge) / (2 * nudge),
            "Only the last value is divided: put parentheses around the difference.",
        ),
        Misconception(
            "divided by 2",
            lambda f, v, nudge: (f(v + nudge) - f(v - nudge)) / 2,
            "The rise is divided by 2; the distance is 2 nudges.",
        ),
        Misconception(
            "divided by the square",
            lambda f, v, nudge: (f(v + nudge) - f(v - nudge)) / nudge**2,
            "The rise is divided by the square of the nudge; the distance is 2 nudges.",
        ),
        Misconception(
            "half a nudge each way",
            lambda f, v, nudge: (f(v + nudge / 2) - f(v - nudge / 2)) / nudge,
            "This goes half a nudge up and half a nudge down; go a whole one each way.",
        ),
        Misconception(
            "nudge of its own",
            lambda f, v, nudge: (f(v + 1e-3) - f(v - 1e-3)) / 2e-3,
            "This does not use the nudge that it is given, but a smaller one of its own.",
        ),
        Misconception(
            "size of the slope",
            lambda f, v, nudge: abs(f(v + nudge) - f(v - nudge)) / (2 * nudge),
            "This is the size of the slope; where the curve falls, the slope is negative.",
        ),
        Misconception(
            "nudged by a share",
            lambda f, v, nudge: (f(v * (1 + nudge)) - f(v * (1 - nudge))) / (2 * nudge),
            "The nudge is multiplied by v; it should be added to v and subtracted from it.",
        ),
        Misconception(
            "around 0",
            lambda f, v, nudge: (f(nudge) - f(-nudge)) / (2 * nudge),
            "This is the slope at 0. Find the slope at v.",
        ),
    ),
)
