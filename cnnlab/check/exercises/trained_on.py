"""Examples of a test set whose group was trained on."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw, Exercise
from cnnlab.scratch.functional.checks import Array


def trained_on(training: Array, test: Array) -> Array:
    """Whether the group of each test example occurs in training: (N,), (M,) -> (M,).

    Examples
    --------
    >>> trained_on(np.array([3, 3, 8]), np.array([8, 5]))
    array([ True, False])
    """
    return np.isin(test, training)


def _paired(training: Array, test: Array) -> Array | None:
    return training == test if len(training) == len(test) else None


def _groups(count: int, lowest: int, highest: int) -> Draw:
    return lambda rng: rng.integers(lowest, highest, count)


EXERCISE = Exercise(
    trained_on,
    (
        Case("with a few patches", {"training": np.array([4, 4, 9, 2]), "test": np.array([2, 7])}),
        Case(
            "with as many test patches as training patches",
            {"training": np.array([1, 5, 5, 3]), "test": np.array([1, 3, 6, 6])},
        ),
        Case("with many", {"training": _groups(60, 0, 50), "test": _groups(20, 0, 80)}),
        Case("where nothing leaks", {"training": _groups(9, 0, 9), "test": _groups(5, 20, 29)}),
        Case("where everything leaks", {"training": np.arange(8), "test": _groups(6, 0, 8)}),
    ),
    axes="one for each test example",
    values=(
        Misconception(
            "place by place",
            _paired,
            "You compared place by place. A group may be anywhere in training.",
        ),
        Misconception(
            "the other way",
            lambda training, test: np.isin(training, test),
            "This says for each training example whether its group is tested. Turn it round.",
        ),
        Misconception(
            "new ones",
            lambda training, test: ~np.isin(test, training),
            "This marks what is new. Mark what was trained on.",
        ),
        Misconception(
            "the groups",
            np.intersect1d,
            "These are the groups that both have. Say true or false for each test example.",
        ),
        Misconception(
            "places",
            lambda training, test: np.flatnonzero(np.isin(test, training)),
            "These are the places of what leaks. Say true or false for each test example.",
        ),
        Misconception(
            "how often",
            lambda training, test: (test[:, None] == training).sum(axis=1),
            "This counts how often each group was trained on. True or false is enough.",
        ),
        Misconception(
            "any",
            lambda training, test: np.full(len(test), np.isin(test, training).any()),
            "This says of all test examples what is true of some. Ask for each of them.",
        ),
        Misconception(
            "all",
            lambda training, test: np.full(len(test), np.isin(test, training).all()),
            "This says of all test examples what is true only if all leak. Ask for each of them.",
        ),
        Misconception(
            "twice in the test set",
            lambda training, test: (test[:, None] == test).sum(axis=1) > 1,
            "This finds groups that lie twice in the test set. That is allowed; ask whether "
            "training holds them.",
        ),
    ),
)
