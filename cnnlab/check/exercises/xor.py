"""Exclusive or: 1 if exactly one of two inputs is 1."""

from cnnlab.check.exercises.common.base import Exercise
from cnnlab.check.exercises.common.gates import always, cases, instead, never
from cnnlab.scratch.functional.checks import Array


def xor(x: Array) -> Array:
    """Whether exactly one input is 1: (N, 2) -> (N,).

    Examples
    --------
    >>> import numpy as np
    >>> xor(np.array([[0, 1], [1, 1]]))
    array([1, 0])
    """
    answers: Array = (x[:, 0] != x[:, 1]).astype(int)
    return answers


EXERCISE = Exercise(
    xor,
    cases(2),
    axes="(N,)",
    values=(
        instead(
            "OR",
            lambda x: x.any(axis=1),
            "This is OR: it is wrong at 11. One step on x₁ + x₂ is one line; a second unit must say "
            "no to 11.",
        ),
        instead(
            "AND",
            lambda x: x.all(axis=1),
            "This is AND: it says 1 where both are 1. One step on x₁ + x₂ is one line, and a line "
            "cannot do it.",
        ),
        instead(
            "XNOR",
            lambda x: x[:, 0] == x[:, 1],
            "0 and 1 have changed places: this says 1 where both inputs are equal.",
        ),
        instead(
            "NAND",
            lambda x: ~x.all(axis=1),
            "This is NAND: it is wrong at 00. Let a second hidden unit say no to 00.",
        ),
        instead(
            "NOR",
            lambda x: ~x.any(axis=1),
            "This is NOT OR. Which two questions must both be answered by yes?",
        ),
        instead(
            "x₁ but not x₂",
            lambda x: x[:, 0] > x[:, 1],
            "It finds 10, but not 01: that is one half of XOR.",
        ),
        instead(
            "x₂ but not x₁",
            lambda x: x[:, 0] < x[:, 1],
            "It finds 01, but not 10: that is one half of XOR.",
        ),
        instead(
            "never",
            never,
            "It says 0 to everything. Does each hidden unit hand on its answer, 0 or 1? Without a step "
            "between the layers, their sums may cancel each other.",
        ),
        instead(
            "always",
            always,
            "It says 1 to everything. Has a bias the sign of a threshold? Or do the hidden units hand on "
            "sums, without a step, that cancel each other?",
        ),
    ),
)
