"""Numbers for the cases of exercises: functions of a generator, so that each call draws anew."""

import numpy as np

from cnnlab.check.exercises.common.base import Draw


def normal(*shape: int) -> Draw:
    """Standard normal numbers of a shape.

    Examples
    --------
    >>> normal(2, 3)(np.random.default_rng(0)).shape
    (2, 3)
    """
    return lambda rng: rng.standard_normal(shape)


def positive(*shape: int) -> Draw:
    """Numbers between 0.5 and 2."""
    return lambda rng: rng.uniform(0.5, 2.0, shape)


def few(*shape: int) -> Draw:
    """Small whole numbers, so that many are equal and some are 0."""
    return lambda rng: rng.integers(-1, 2, shape).astype(float)


def far(*shape: int) -> Draw:
    """Rows of large numbers, whose exponentials overflow, and of numbers far below 0 in turn."""
    return lambda rng: rng.standard_normal(shape) * 50 + [[1000], [-1000]] * (shape[0] // 2)


def low(*shape: int) -> Draw:
    """Numbers far below 0."""
    return lambda rng: 1e10 * rng.standard_normal(shape) - 1e12


def large(*shape: int) -> Draw:
    """Numbers of both signs, up to several millions."""
    return lambda rng: 1e6 * rng.standard_normal(shape)


def wide(*shape: int) -> Draw:
    """Numbers from -50 to 50."""
    return lambda rng: rng.uniform(-50, 50, shape)


def labels(count: int, classes: int) -> Draw:
    """Labels in random order, each about equally often."""
    return lambda rng: rng.permutation(np.arange(count) % classes)
