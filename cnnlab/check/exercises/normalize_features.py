"""Each feature of new examples by its own mean and deviation in the training examples."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw, Exercise
from cnnlab.scratch.functional.checks import Array


def normalize_features(train: Array, new: Array) -> Array:
    """Each column of new by the mean and the deviation that it has in train: (N, D), (M, D).

    Examples
    --------
    >>> normalize_features(np.array([[1.0, 10.0], [3.0, 30.0]]), np.array([[2.0, 50.0]]))
    array([[0., 3.]])
    """
    return np.asarray((new - train.mean(axis=0)) / train.std(axis=0))


def _divided(a: Array, deviation: Array) -> Array:
    """A quotient that is no number where one example has no deviation, as students get it."""
    with np.errstate(all="ignore"):
        return np.asarray(a / deviation)


def _columns(count: int, features: int, shift: float = 0.0) -> Draw:
    """Features of very different sizes."""
    sizes = 10.0 ** np.arange(features)
    return lambda rng: sizes * (3 + shift + rng.standard_normal((count, features)))


EXERCISE = Exercise(
    normalize_features,
    (
        Case("with a few new examples", {"train": _columns(500, 3), "new": _columns(4, 3, 1.0)}),
        Case("with a single new example", {"train": _columns(500, 3), "new": _columns(1, 3)}),
        Case("with many features", {"train": _columns(500, 6), "new": _columns(5, 6)}),
        Case(
            "with as many of them as features", {"train": _columns(400, 4), "new": _columns(4, 4)}
        ),
    ),
    axes="of new",
    tolerance=3e-3,  # n or n - 1 examples: with many of them it comes to the same
    values=(
        Misconception(
            "not normalised", lambda train, new: new, "The new examples come back as they were."
        ),
        Misconception(
            "own statistics",
            lambda train, new: _divided(new - new.mean(axis=0), new.std(axis=0)),
            "The new examples are normalised with their own mean and deviation. What one of them "
            "becomes must not depend on the others.",
        ),
        Misconception(
            "own mean",
            lambda train, new: (new - new.mean(axis=0)) / train.std(axis=0),
            "The deviation is that of the training examples, but the mean is that of the new ones.",
        ),
        Misconception(
            "own deviation",
            lambda train, new: _divided(new - train.mean(axis=0), new.std(axis=0)),
            "The mean is that of the training examples, but the deviation is that of the new ones.",
        ),
        Misconception(
            "all together",
            lambda train, new: normalize_features(np.concatenate([train, new]), new),
            "The new examples have a say in the mean and the deviation.",
        ),
        Misconception(
            "one mean for all",
            lambda train, new: (new - train.mean()) / train.std(),
            "One mean and one deviation serve all features, and the largest of them rules both. "
            "Take them for each column by itself.",
        ),
        Misconception(
            "one deviation for all",
            lambda train, new: (new - train.mean(axis=0)) / train.std(),
            "Each feature has its own mean, but one deviation serves them all.",
        ),
        Misconception(
            "over the features",
            lambda train, new: (
                (new - new.mean(axis=1, keepdims=True)) / new.std(axis=1, keepdims=True)
            ),
            "Each example is normalised by itself, over its features. A mean belongs to a feature.",
        ),
        Misconception(
            "not divided",
            lambda train, new: new - train.mean(axis=0),
            "The mean is subtracted, but nothing is divided by the deviation.",
        ),
        Misconception(
            "mean kept",
            lambda train, new: new / train.std(axis=0),
            "It is divided by the deviation, but the mean is not subtracted.",
        ),
        Misconception(
            "only the mean divided",
            lambda train, new: new - train.mean(axis=0) / train.std(axis=0),
            "Only the mean is divided: put parentheses around the difference.",
        ),
        Misconception(
            "variance",
            lambda train, new: (new - train.mean(axis=0)) / train.var(axis=0),
            "It is divided by the variance; take the standard deviation, its root.",
        ),
        Misconception(
            "from 0 to 1",
            lambda train, new: (new - train.min(axis=0)) / np.ptp(train, axis=0),
            "This moves the training examples into the range from 0 to 1. Subtract the mean "
            "and divide by the deviation instead.",
        ),
        Misconception(
            "training examples",
            lambda train, new: normalize_features(train, train),
            "These are the training examples; the new ones are asked for.",
        ),
    ),
)
