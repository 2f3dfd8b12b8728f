"""1 if at least two of three inputs are 1."""

from cnnlab.check.exercises.common.base import Exercise
from cnnlab.check.exercises.common.gates import always, cases, instead, never
from cnnlab.scratch.functional.checks import Array


def at_least_two(x: Array) -> Array:
    """Whether at least two inputs are 1: (N, 3) -> (N,).

    Examples
    --------
    >>> import numpy as np
    >>> at_least_two(np.array([[0, 1, 0], [1, 1, 0]]))
    array([0, 1])
    """
    answers: Array = (x.sum(axis=1) >= 2).astype(int)
    return answers


EXERCISE = Exercise(
    at_least_two,
    cases(3),
    axes="(N,)",
    values=(
        instead(
            "always",
            always,
            "It says 1 to everything, even to 000. Has your bias the sign of a threshold?",
        ),
        instead(
            "never",
            never,
            "It says 0 to everything. How large do the weighted inputs get, and what does your "
            "bias leave of that?",
        ),
        instead(
            "at least one",
            lambda x: x.any(axis=1),
            "A single 1 is enough for it. With one 1, the sum must not be above 0.",
        ),
        instead(
            "all three",
            lambda x: x.all(axis=1),
            "It asks for all three. With two ones, the sum must be above 0 already.",
        ),
        instead(
            "exactly two",
            lambda x: x.sum(axis=1) == 2,
            "It says 0 to 111, but three ones are at least two.",
        ),
        instead(
            "opposite",
            lambda x: x.sum(axis=1) < 2,
            "0 and 1 have changed places: change the signs of the weights and of the bias.",
        ),
        *(
            instead(
                f"without {name}",
                lambda x, others=others: x[:, others].all(axis=1),
                f"It never looks at {name}: has {name} the weight 0?",
            )
            for name, others in (("x₁", [1, 2]), ("x₂", [0, 2]), ("x₃", [0, 1]))
        ),
    ),
)
