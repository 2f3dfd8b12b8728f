"""Means of what is drawn again from a sample: the bootstrap, its draws given."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw, Exercise
from cnnlab.scratch.functional.checks import Array


def bootstrap_means(gains: Array, draws: Array) -> Array:
    """Mean of each draw, whose row says which gains are taken: (N,), (B, M) -> (B,).

    Examples
    --------
    >>> bootstrap_means(np.array([2.0, 1.0, 3.0]), np.array([[0, 0, 2], [1, 1, 1]]))
    array([2.33333333, 1.        ])
    """
    return np.asarray(gains[draws].mean(axis=1))


def _drawn(rows: int, count: int) -> Draw:
    return lambda rng: rng.integers(count, size=(rows, count))


def _gains(count: int) -> Draw:
    return lambda rng: rng.normal(1, 2, count)


def _once(gains: Array, draws: Array) -> Array:
    """What is drawn twice counts once."""
    return np.array([gains[np.unique(row)].mean() for row in draws])


EXERCISE = Exercise(
    bootstrap_means,
    (
        Case(
            "with three gains",
            {"gains": np.array([2.0, 1.0, 3.0]), "draws": np.array([[0, 0, 2], [1, 1, 0]])},
        ),
        Case("with many draws", {"gains": _gains(8), "draws": _drawn(20, 8)}),
        Case("with as many draws as gains", {"gains": _gains(6), "draws": _drawn(6, 6)}),
        Case("with one draw", {"gains": _gains(5), "draws": _drawn(1, 5)}),
        Case(
            "with small draws",
            {"gains": _gains(7), "draws": lambda rng: rng.integers(7, size=(4, 3))},
        ),
    ),
    axes="a mean for each draw",
    values=(
        Misconception(
            "over the draws",
            lambda gains, draws: gains[draws].mean(axis=0),
            "You took the mean over the draws. Each row is a draw, and has a mean of its own.",
        ),
        Misconception(
            "what is drawn twice counts once",
            _once,
            "What is drawn twice counts twice: that is what drawing with replacement means.",
        ),
        Misconception(
            "mean of the places",
            lambda gains, draws: draws.mean(axis=1),
            "You took the mean of the places. Look the gains up at these places first.",
        ),
        Misconception(
            "no draw",
            lambda gains, draws: np.full(len(draws), gains.mean()),
            "This is the mean of the sample, the same for each draw. Take the gains that the row "
            "names.",
        ),
        Misconception(
            "sum",
            lambda gains, draws: gains[draws].sum(axis=1),
            "You added the gains of a draw up. Divide by how many there are.",
        ),
        Misconception(
            "median",
            lambda gains, draws: np.median(gains[draws], axis=1),
            "You took the median of each draw. Take the mean.",
        ),
        Misconception(
            "centred",
            lambda gains, draws: gains[draws].mean(axis=1) - gains.mean(),
            "You subtracted the mean of the sample. Give the means of the draws as they are.",
        ),
        Misconception(
            "divided by the draws",
            lambda gains, draws: gains[draws].sum(axis=1) / len(draws),
            "You divided by the number of draws. Divide by how many gains a draw takes.",
        ),
        Misconception(
            "divided by the gains",
            lambda gains, draws: gains[draws].sum(axis=1) / len(gains),
            "You divided by the number of gains. Divide by how many of them a draw takes.",
        ),
        Misconception(
            "whole numbers",
            lambda gains, draws: gains[draws].sum(axis=1) // draws.shape[1],
            "What is left over is dropped: divide with / instead of //.",
        ),
        Misconception(
            "standard deviation",
            lambda gains, draws: gains[draws].std(axis=1),
            "This is the deviation of each draw. Take its mean.",
        ),
        Misconception(
            "in the order of size",
            lambda gains, draws: np.sort(gains[draws].mean(axis=1)),
            "The means are sorted. Leave them in the order of the draws.",
        ),
        Misconception(
            "counted from 1",
            lambda gains, draws: gains[draws - 1].mean(axis=1),
            "You took one off the places. They count from 0, as places do in Python.",
        ),
    ),
    shapes=(
        Misconception(
            "one mean",
            lambda gains, draws: (),
            "This is a single number. Each draw has a mean of its own.",
        ),
    ),
)
