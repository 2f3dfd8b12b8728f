"""NOT AND of three inputs: 0 only if all of them are 1."""

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Exercise
from cnnlab.check.exercises.common.gates import always, cases, instead, never
from cnnlab.scratch.functional.checks import Array


def nand_of_three(x: Array) -> Array:
    """Whether not all three inputs are 1: (N, 3) -> (N,).

    Examples
    --------
    >>> import numpy as np
    >>> nand_of_three(np.array([[0, 1, 0], [1, 1, 1]]))
    array([1, 0])
    """
    answers: Array = 1 - x.all(axis=1).astype(int)
    return answers


EXERCISE = Exercise(
    nand_of_three,
    cases(3),
    axes="(N,)",
    values=(
        instead(
            "signs of the weights only",
            never,
            "It says 0 to everything. Did you change the signs of the weights alone? The bias of "
            "AND has a sign, too.",
        ),
        instead(
            "sign of the bias only",
            always,
            "It says 1 to everything. The more ones there are, the smaller the sum should be: "
            "which sign must the weights have?",
        ),
        instead(
            "AND",
            lambda x: x.all(axis=1),
            "This is AND. NAND is NOT AND: it says 0 where AND says 1.",
        ),
        instead(
            "NOR",
            lambda x: ~x.any(axis=1),
            "It says 0 as soon as one input is 1: that is NOT OR. Only three ones may bring the sum "
            "down to 0 or below.",
        ),
        Misconception(
            "bits turned",
            lambda x: ~x.all(axis=1).astype(int),
            "`~` turns every bit of a whole number, so 0 becomes -1. It suits True and False; 0 and "
            "1 become their opposites by 1 - a.",
        ),
        Misconception(
            "minus AND",
            lambda x: -x.all(axis=1).astype(int),
            "This is minus AND. The opposite of an answer a, which is 0 or 1, is 1 - a.",
        ),
        instead(
            "bias of two inputs",
            lambda x: x.sum(axis=1) < 2,
            "It says 0 to two ones already. Your bias would suit two inputs; with three there is "
            "one more weight to outweigh.",
        ),
        instead(
            "OR",
            lambda x: x.any(axis=1),
            "This is OR: 1 as soon as one input is 1. NAND is 0 only at 111.",
        ),
        *(
            instead(
                f"without {name}",
                lambda x, others=others: ~x[:, others].all(axis=1),
                f"It never looks at {name}: NAND of the two others is a good start.",
            )
            for name, others in (("x₁", [1, 2]), ("x₂", [0, 2]), ("x₃", [0, 1]))
        ),
    ),
)
