"""Labels and answers of two classes, for exercises that judge a network's answers."""

from typing import Any

import numpy as np

from cnnlab.check.exercises.common.base import Case, Draw
from cnnlab.scratch.functional.checks import Array

LABELS = [-1, 1, 1, -1, 1, 1, -1, 1, 1, -1]
ANSWERS = [-1, 1, -1, -1, 1, 1, -1, -1, 1, 1]


def other(positive: Any, labels: Array) -> Any:
    """The other one of two classes.

    Examples
    --------
    >>> other(-1, np.array([1, -1, 1]))
    np.int64(1)
    """
    return next(one for one in np.unique(labels) if one != positive)


def cases() -> tuple[Case, ...]:
    """Two classes, both said and missed, each of them the positive one in turn."""

    def case(words: str, positive: int, zero: int, seed: int) -> Case:
        inputs = {"labels": _drawn(zero, seed, 0.3), "answers": _drawn(zero, seed, 0.45)}
        return Case(words, inputs | {"positive": positive})

    ten = {"labels": np.array(LABELS), "answers": np.array(ANSWERS)}
    return (
        Case("with ten records and class -1", ten | {"positive": -1}),
        Case("with ten records and class 1", ten | {"positive": 1}),
        case("with classes 0 and 1, and class 1", 1, 0, 1),
        case("with classes 0 and 1, and class 0", 0, 0, 2),
        case("with many examples", -1, -1, 3),
    )


def _drawn(zero: int, seed: int, share: float) -> Draw:
    """About this share of ones, and a few examples of each class whatever is drawn."""

    def draw(rng: np.random.Generator) -> Array:
        ones = np.append(rng.random(20 + 7 * seed) < share, [True, True, False, False])
        return np.where(ones, 1, zero)

    return draw
