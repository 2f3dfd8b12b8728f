"""How often each class was taken for which."""

from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.changes import Function
from cnnlab.check.exercises.common.draws import labels
from cnnlab.scratch.functional.checks import Array

_SHARES = "These are shares; counts are asked for."
_ONE_IMAGE = "Only one image is counted. Make the table before the loop, and return it after."


def confusion_matrix(true: Array, predicted: Array, classes: int) -> Array:
    """How often each class, down, was taken for each, across, (K, K).

    Examples
    --------
    >>> confusion_matrix(np.array([0, 1, 1]), np.array([0, 0, 1]), 2)
    array([[1, 0],
           [1, 1]])
    """
    table = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(table, (true, predicted), 1)
    return table


def _case(words: str, examples: int, seen: int, classes: int) -> Case:
    drawn: dict[str, Any] = {"true": labels(examples, seen), "predicted": labels(examples, seen)}
    return Case(words, drawn | {"classes": classes})


def _share(axis: int | None, least: int = 0) -> Function:
    """Counts as shares of their row, of their column, or of all images; 0 of 0 is NaN or 0."""

    def model(true: Array, predicted: Array, k: int) -> Array:
        counts = confusion_matrix(true, predicted, k)
        with np.errstate(invalid="ignore"):
            return np.asarray(counts / counts.sum(axis=axis, keepdims=True).clip(min=least))

    return model


def _percent(share: Function) -> Function:
    return lambda *args: 100 * share(*args)


EXERCISE = Exercise(
    confusion_matrix,
    (
        _case("with three classes", 20, 3, 3),
        _case("with many examples", 200, 4, 4),
        _case("with a class that no example has", 30, 3, 5),
        _case("with thousands of examples", 3000, 2, 2),
    ),
    axes="(true class, predicted class)",
    values=(
        Misconception(
            "transposed",
            lambda true, predicted, k: confusion_matrix(predicted, true, k),
            "Rows and columns are exchanged: the true class goes down, the predicted one across.",
        ),
        Misconception(
            "right ones only",
            lambda true, predicted, k: np.diag(np.bincount(true[true == predicted], minlength=k)),
            "Only the right answers are counted; the mistakes belong off the diagonal.",
        ),
        Misconception(
            "mistakes only",
            lambda *given: confusion_matrix(*given) * (1 - np.eye(given[-1], dtype=int)),
            "The diagonal is empty: right answers are counted too.",
        ),
        Misconception(
            "each pair once",
            lambda *given: confusion_matrix(*given).clip(max=1),
            "A pair that occurs twice is counted once. Go through the images one by one, and add "
            "1 each time.",
        ),
        Misconception(
            "counted from 1",
            lambda *given: np.roll(confusion_matrix(*given), -1, (0, 1)),
            "Each count is one row and one column too early: the classes count from 0.",
        ),
        Misconception(
            "whole rows",
            lambda true, predicted, k: np.tile(np.bincount(true, minlength=k), (k, 1)).T,
            "Each image is counted in its whole row, not only in the column of its prediction.",
        ),
        Misconception(
            "whole columns",
            lambda true, predicted, k: np.tile(np.bincount(predicted, minlength=k), (k, 1)),
            "Each image is counted in every row, not only in that of its true class. Note that "
            "`[[0] * k] * k` holds one and the same row k times.",
        ),
        Misconception(
            "every pair",
            lambda true, predicted, k: np.outer(
                np.bincount(true, minlength=k), np.bincount(predicted, minlength=k)
            ),
            "Every true class is paired with every prediction, as one loop inside the other does. "
            "Go through both at once.",
        ),
        Misconception(
            "begins with ones",
            lambda *given: confusion_matrix(*given) + 1,
            "Every count is too large by 1: begin with zeros.",
        ),
        Misconception(
            "all of a class right",
            lambda true, predicted, k: np.diag(np.bincount(true, minlength=k)),
            "Every image is counted on the diagonal. A row belongs to its true class, a column to the "
            "predicted one.",
        ),
        Misconception(
            "both ways",
            lambda true, predicted, k: (
                confusion_matrix(true, predicted, k) + confusion_matrix(predicted, true, k)
            ),
            "Each image is counted twice, at [t, p] and at [p, t].",
        ),
        Misconception(
            "first image left out",
            lambda true, predicted, k: confusion_matrix(true[1:], predicted[1:], k),
            "The first image is not counted: begin at 0.",
        ),
        Misconception(
            "last image left out",
            lambda true, predicted, k: confusion_matrix(true[:-1], predicted[:-1], k),
            "The last image is not counted: a range in Python ends before its end.",
        ),
        Misconception(
            "either of the two",
            lambda true, predicted, k: (
                np.bincount(true, minlength=k)[:, None]
                + np.bincount(predicted, minlength=k)
                - confusion_matrix(true, predicted, k)
            ),
            "It counts where one of the two classes fits; both must fit, so join them with and.",
        ),
        Misconception(
            "last image only",
            lambda true, predicted, k: confusion_matrix(true[-1:], predicted[-1:], k),
            _ONE_IMAGE,
        ),
        Misconception(
            "first image only",
            lambda true, predicted, k: confusion_matrix(true[:1], predicted[:1], k),
            _ONE_IMAGE,
        ),
        Misconception("shares of rows", _share(1), _SHARES),
        Misconception("shares of columns", _share(0), _SHARES),
        Misconception("shares of rows, 0 in empty ones", _share(1, least=1), _SHARES),
        Misconception("shares of columns, 0 in empty ones", _share(0, least=1), _SHARES),
        Misconception("shares of all", _share(None), _SHARES),
        *(
            Misconception(f"percent of {name}", _percent(_share(axis, least=1)), _SHARES)
            for name, axis in (("rows", 1), ("columns", 0), ("all", None))
        ),
        *(
            Misconception(
                f"counted in {kind.__name__}",
                lambda *given, kind=kind: confusion_matrix(*given).astype(kind),
                "Large counts begin again from below: the type of the table has no room for them.",
            )
            for kind in (np.uint8, np.int8)
        ),
        Misconception(
            "ten classes",
            lambda true, predicted, k: confusion_matrix(true, predicted, 10),
            "It makes ten rows and columns, whatever classes is given.",
        ),
        Misconception(
            "classes seen",
            lambda true, predicted, k: confusion_matrix(
                true, predicted, 1 + max(*true, *predicted)
            ),
            "It makes rows and columns up to the largest class given: each of the classes needs one.",
        ),
    ),
)
