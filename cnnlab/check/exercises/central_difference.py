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


def _case(words: str, f: Curve, v: float, nudge: float) -> Case:
    given: dict[str, Any] = {"f": lambda rng: f, "v": v, "nudge": nudge}
    return Case(words, given)


EXERCISE = Exercise(
    central_difference,
    (
        _case("with a cube", lambda v: v**3, 1.0, 0.1),
        _case("with an exponential", np.exp, -0.5, 0.25),
        _case("with a falling curve", lambda v: 1 / v, 2.0, 0.5),
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
            "divided by 2 first",
            lambda f, v, nudge: (f(v + nudge) - f(v - nudge)) / 2 * nudge,
            "`/ 2 * nudge` divides by 2 and multiplies by the nudge: write `/ (2 * nudge)`.",
        ),
        Misconception(
            "sign turned",
            lambda f, v, nudge: (f(v - nudge) - f(v + nudge)) / (2 * nudge),
            "The sign is turned: take the value above minus the value below.",
        ),
    ),
)
