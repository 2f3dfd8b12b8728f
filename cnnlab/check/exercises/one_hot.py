"""Labels as rows of 0 and 1."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import labels as drawn
from cnnlab.scratch.functional.checks import Array


def one_hot(labels: Array, classes: int) -> Array:
    """Row i is 0 but for a 1 at label i, (N, K).

    Examples
    --------
    >>> one_hot(np.array([2, 0]), 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    return np.eye(classes)[labels]


EXERCISE = Exercise(
    one_hot,
    (
        Case("with every label once", {"labels": drawn(3, 3), "classes": 3}),
        Case("with labels that repeat", {"labels": drawn(7, 4), "classes": 4}),
        Case("with a class that no example has", {"labels": drawn(4, 3), "classes": 5}),
    ),
    axes="(N, K)",
    values=(
        Misconception(
            "still numbers",
            lambda labels, k: labels,
            "The labels are still numbers; each must become a row of 0 and 1.",
        ),
        Misconception(
            "ten classes",
            lambda labels, k: np.eye(10)[labels],
            "It makes ten columns, whatever classes is given.",
        ),
        Misconception(
            "classes seen",
            lambda labels, k: np.eye(labels.max() + 1)[labels],
            "It makes columns up to the largest label given: a class that no label has needs one.",
        ),
        Misconception(
            "twice",
            lambda labels, k: np.eye(k)[np.eye(k, dtype=int)[labels]],
            "The labels are encoded twice: each 0 and 1 has become a row of its own.",
        ),
        Misconception(
            "counted from 1",
            lambda labels, k: np.eye(k + 1)[labels + 1],
            "There is a column too many: count the classes from 0.",
        ),
        Misconception(
            "transposed",
            lambda labels, k: np.eye(k)[labels].T,
            "Each label is a column here; it must be a row.",
        ),
    ),
)
