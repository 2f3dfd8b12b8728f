"""The share of examples whose largest logit is at the label."""

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import labels as drawn
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch.functional.checks import Array


def accuracy(logits: Array, labels: Array) -> float:
    """Share of examples whose largest logit is at the label.

    Examples
    --------
    >>> import numpy as np
    >>> accuracy(np.array([[2.0, 1.0], [0.0, 3.0]]), np.array([0, 0]))
    0.5
    """
    return float((logits.argmax(axis=1) == labels).mean())


def _case(words: str, examples: int, classes: int) -> Case:
    return Case(words, {"logits": normal(examples, classes), "labels": drawn(examples, classes)})


def _right(logits: Array, labels: Array) -> int:
    return int((logits.argmax(axis=1) == labels).sum())


EXERCISE = Exercise(
    accuracy,
    (_case("with a batch", 16, 3), _case("with two classes", 25, 2)),
    values=(
        Misconception(
            "percent",
            lambda x, t: 100 * _right(x, t) / len(t),
            "This is in percent; give a share from 0 to 1.",
        ),
        Misconception(
            "number of right ones",
            _right,
            "This counts the right examples; divide by how many there are.",
        ),
        Misconception(
            "share of wrong ones",
            lambda x, t: 1 - _right(x, t) / len(t),
            "This is the share of wrong answers, not of right ones.",
        ),
    ),
)
