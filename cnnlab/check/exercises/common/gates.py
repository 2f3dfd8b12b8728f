"""Boolean functions as exercises: the rows of a truth table, and other functions given instead."""

import itertools
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw
from cnnlab.scratch.functional.checks import Array

Gate: TypeAlias = Callable[..., Any]  # rows of 0 and 1, (N, D) -> (N,)


def table(inputs: int) -> Array:
    """All rows of 0 and 1, (2ⁿ, n), counting up.

    Examples
    --------
    >>> table(2).tolist()
    [[0, 0], [0, 1], [1, 0], [1, 1]]
    """
    return np.array(list(itertools.product([0, 1], repeat=inputs)))


def cases(inputs: int) -> tuple[Case, ...]:
    """The truth table in order, and its rows in any order, some of them twice."""
    return (
        Case("with all rows of the truth table", {"x": table(inputs)}),
        Case("with rows in another order", {"x": _rows(inputs, 3 * 2**inputs)}),
        Case("with a single row", {"x": np.ones((1, inputs), dtype=int)}),
    )


def _rows(inputs: int, count: int) -> Draw:
    return lambda rng: rng.permutation(np.resize(table(inputs), (count, inputs)))


def instead(name: str, gate: Gate, sentence: str) -> Misconception[Any]:
    """A wrong Boolean function; its answers are 0 and 1.

    Examples
    --------
    >>> instead("all ones", lambda x: x[:, 0] >= 0, "It says 1.").model(table(2))
    array([1, 1, 1, 1])
    """
    return Misconception(name, lambda x: np.asarray(gate(x)).astype(int), sentence)


def always(x: Array) -> Array:
    """1 in each row."""
    return np.ones(len(x), dtype=int)


def never(x: Array) -> Array:
    """0 in each row."""
    return np.zeros(len(x), dtype=int)
