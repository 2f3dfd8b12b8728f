"""The gradient through two branches that meet again: y = p·x, a = q·y, b = r·y, c = a + b."""

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw, Exercise


def diamond(p: float, q: float, r: float) -> float:
    """dc/dx for y = p·x, a = q·y, b = r·y and c = a + b.

    Examples
    --------
    >>> diamond(3, 2, 5)
    21
    """
    return p * (q + r)


def _number(least: float) -> Draw:
    return lambda rng: float(rng.uniform(least, least + 1))


EXERCISE = Exercise(
    diamond,
    (
        Case("with 3, 2 and 5", {"p": 3.0, "q": 2.0, "r": 5.0}),
        Case("with fractions", {"p": _number(0.3), "q": _number(1.6), "r": _number(3.1)}),
        Case("with a negative branch", {"p": _number(2.0), "q": _number(0.5), "r": _number(-4.5)}),
    ),
    values=(
        Misconception(
            "last branch only",
            lambda p, q, r: p * r,
            "Only the second branch arrives at y: its message has replaced that of the first. Add "
            "up what comes back from all branches.",
        ),
        Misconception(
            "first branch only",
            lambda p, q, r: p * q,
            "Only the first branch arrives at y. Add up what comes back from all branches.",
        ),
        Misconception(
            "one chain",
            lambda p, q, r: p * q * r,
            "All slopes are multiplied, as along one chain. Multiply along each path, then add up "
            "the paths.",
        ),
        Misconception(
            "added along the path",
            lambda p, q, r: p + q + r,
            "All slopes are added. Along one path they are multiplied; only paths are added.",
        ),
        Misconception(
            "first step left out",
            lambda p, q, r: q + r,
            "This is dc/dy: one step is missing, from y back to x.",
        ),
        Misconception(
            "backward twice",
            lambda p, q, r: 2 * p * (q + r),
            "It is twice as large as it should be: a second backward pass has added to the first. "
            "Start from 0.",
        ),
        Misconception(
            "backward twice, through what was left inside",
            lambda p, q, r: 4 * p * (q + r),
            "It is four times as large as it should be: in a second backward pass, y still held "
            "the messages of the first. Start from 0 at every node.",
        ),
        Misconception(
            "branches averaged",
            lambda p, q, r: p * (q + r) / 2,
            "The two branches are averaged: add them up.",
        ),
        Misconception(
            "branches subtracted",
            lambda p, q, r: p * (q - r),
            "One branch is subtracted from the other: c adds both, so both slopes are positive.",
        ),
    ),
)
