"""Mean and deviation of scores over seeds."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.scratch.functional.checks import Array


def mean_and_deviation(scores: Array) -> Array:
    """Mean, and the standard deviation of a sample: (N,) -> (2,).

    Examples
    --------
    >>> mean_and_deviation(np.array([0.5, 0.7, 0.9]))
    array([0.7, 0.2])
    """
    return np.array([scores.mean(), scores.std(ddof=1)])


def _pair(mean: float, spread: float) -> Array:
    return np.array([mean, spread])


EXERCISE = Exercise(
    mean_and_deviation,
    (
        Case("with three seeds", {"scores": np.array([0.5, 0.7, 0.9])}),
        Case("with five seeds", {"scores": np.array([0.91, 0.95, 0.92, 0.9, 0.92])}),
        Case("with two seeds", {"scores": np.array([0.6, 0.9])}),
        Case("with ten seeds", {"scores": lambda rng: rng.uniform(0.7, 1.0, 10)}),
    ),
    axes="mean and deviation",
    values=(
        Misconception(
            "deviation of a population",
            lambda scores: _pair(scores.mean(), scores.std()),
            "The deviation is divided by n. Your seeds are a sample of all seeds, so divide by "
            "n − 1: in NumPy, ddof=1.",
        ),
        Misconception(
            "variance",
            lambda scores: _pair(scores.mean(), scores.var(ddof=1)),
            "The second number is the variance. The deviation is its root.",
        ),
        Misconception(
            "variance of a population",
            lambda scores: _pair(scores.mean(), scores.var()),
            "The second number is the variance, divided by n. The deviation is its root, and a "
            "sample divides by n − 1.",
        ),
        Misconception(
            "error of the mean",
            lambda scores: _pair(scores.mean(), scores.std(ddof=1) / len(scores) ** 0.5),
            "The second number is the error of the mean, which shrinks with more seeds. Asked is "
            "how far single runs scatter.",
        ),
        Misconception(
            "range",
            lambda scores: _pair(scores.mean(), float(np.ptp(scores))),
            "The second number is the range from the lowest to the highest score, which grows with "
            "every seed. Take the standard deviation.",
        ),
        Misconception(
            "mean distance",
            lambda scores: _pair(scores.mean(), abs(scores - scores.mean()).mean()),
            "The second number is the mean distance from the mean. The standard deviation squares "
            "the distances first.",
        ),
        Misconception(
            "mean of a sample, too",
            lambda scores: _pair(scores.sum() / (len(scores) - 1), scores.std(ddof=1)),
            "The mean is divided by n − 1. That belongs to the deviation; a mean divides by n.",
        ),
        Misconception(
            "best",
            lambda scores: _pair(scores.max(), scores.std(ddof=1)),
            "The first number is the best score. The best of several runs is luck; take the mean.",
        ),
        Misconception(
            "best, population",
            lambda scores: _pair(scores.max(), scores.std()),
            "The first number is the best score. The best of several runs is luck; take the mean.",
        ),
        Misconception(
            "median",
            lambda scores: _pair(float(np.median(scores)), scores.std(ddof=1)),
            "The first number is the median. Take the mean.",
        ),
        Misconception(
            "percent",
            lambda scores: 100 * mean_and_deviation(scores),
            "Both numbers are in percent; give shares from 0 to 1.",
        ),
        Misconception(
            "two deviations",
            lambda scores: _pair(scores.mean(), 2 * scores.std(ddof=1)),
            "The second number is twice the deviation.",
        ),
        Misconception(
            "best and worst",
            lambda scores: _pair(scores.max(), scores.min()),
            "These are the best and the worst score. Give the mean, then the standard deviation.",
        ),
        Misconception(
            "lower and upper end",
            lambda scores: scores.mean() + scores.std(ddof=1) * np.array([-1, 1]),
            "These are the mean less the deviation and the mean plus it. Give the two numbers "
            "apart: the mean, then the deviation.",
        ),
        Misconception(
            "exchanged",
            lambda scores: mean_and_deviation(scores)[::-1],
            "The deviation comes first. Give the mean, then the deviation.",
        ),
    ),
    shapes=(
        Misconception(
            "mean alone",
            lambda scores: (),
            "This is a single number. Give the mean and the deviation.",
        ),
    ),
)
