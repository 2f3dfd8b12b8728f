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
            "a place too early",
            lambda labels, k: np.eye(k)[labels - 1],
            "The 1 is a place too early: the classes count from 0.",
        ),
        Misconception(
            "all labels in each row",
            lambda labels, k: np.tile(
                np.isin(np.arange(k), labels).astype(float), (len(labels), 1)
            ),
            "Each row has a 1 for every label given. Pair each row with its own label: "
            "`rows[np.arange(len(labels)), labels] = 1`.",
        ),
        Misconception(
            "0 at the label",
            lambda labels, k: 1 - np.eye(k)[labels],
            "0 and 1 are exchanged: 1 is at the label, and 0 elsewhere.",
        ),
        Misconception(
            "label in place of 1",
            lambda labels, k: np.eye(k)[labels] * labels[:, None],
            "The label itself is at its place; put a 1 there.",
        ),
        Misconception(
            "table of all classes",
            lambda labels, k: np.eye(k),
            "There is a row for each class, whatever the labels are: pick a row for each label.",
        ),
        Misconception(
            "as many columns as labels",
            lambda labels, k: np.eye(max(len(labels), k))[labels][:, : len(labels)],
            "There are as many columns as labels; there must be one for each class.",
        ),
        Misconception(
            "in one line",
            lambda labels, k: np.eye(k)[labels].ravel(),
            "All rows are in one line; each label is a row of its own.",
        ),
        Misconception(
            "transposed",
            lambda labels, k: np.eye(k)[labels].T,
            "Each label is a column here; it must be a row.",
        ),
    ),
)
