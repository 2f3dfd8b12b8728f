"""A residual block of two dense layers: a change, added to its input, and a ReLU."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch.functional.checks import Array


def relu(x: Array) -> Array:
    """Cut negative numbers off."""
    return np.maximum(0, x)


def change(x: Array, w1: Array, w2: Array) -> Array:
    """What a block adds to its input: a dense layer, a ReLU, a dense layer, (N, D) -> (N, D)."""
    return relu(x @ w1.T) @ w2.T


def residual_block(x: Array, w1: Array, w2: Array) -> Array:
    """Output of the block, (N, D), (H, D), (D, H) -> (N, D).

    Examples
    --------
    >>> residual_block(np.array([[3.0, -1]]), np.zeros((4, 2)), np.zeros((2, 4))).tolist()
    [[3.0, 0.0]]
    """
    return relu(x + change(x, w1, w2))


def _zeros(*shape: int) -> Draw:
    return lambda rng: np.zeros(shape)


def _case(words: str, examples: int, features: int, hidden: int) -> Case:
    weights = {"w1": normal(hidden, features), "w2": normal(features, hidden)}
    return Case(words, {"x": normal(examples, features), **weights})


EXERCISE = Exercise(
    residual_block,
    (
        _case("with one example", 1, 6, 4),
        _case("with a batch", 7, 4, 6),
        _case("with square weights", 5, 4, 4),
        Case(
            "with weights that are all 0",
            {"x": normal(4, 5), "w1": _zeros(3, 5), "w2": _zeros(5, 3)},
        ),
        _case("with a narrow middle", 8, 6, 1),
    ),
    axes="(N, D)",
    values=(
        Misconception(
            "no shortcut",
            lambda x, w1, w2: relu(change(x, w1, w2)),
            "The input is not added: this is a plain block.",
        ),
        Misconception(
            "ReLU before the sum",
            lambda x, w1, w2: x + relu(change(x, w1, w2)),
            "The last ReLU comes before the sum, so the block can only add and never take away. "
            "Sum first.",
        ),
        Misconception(
            "ReLU before and after the sum",
            lambda x, w1, w2: relu(x + relu(change(x, w1, w2))),
            "There is a ReLU before the sum, so the block can only add and never take away. The "
            "one after the sum is right.",
        ),
        Misconception(
            "no ReLU at the end",
            lambda x, w1, w2: x + change(x, w1, w2),
            "The ReLU after the sum is missing.",
        ),
        Misconception(
            "no ReLU inside",
            lambda x, w1, w2: relu(x + x @ w1.T @ w2.T),
            "The ReLU between the two layers is missing, so they are one linear layer.",
        ),
        Misconception(
            "no ReLU at all",
            lambda x, w1, w2: x + x @ w1.T @ w2.T,
            "Both ReLUs are missing, the one between the layers and the one after the sum.",
        ),
        Misconception(
            "input cut off first",
            lambda x, w1, w2: relu(relu(x) + change(x, w1, w2)),
            "The input loses its negative numbers before it is added. Add it as it is.",
        ),
        Misconception(
            "input cut off, nothing after",
            lambda x, w1, w2: relu(x) + change(x, w1, w2),
            "A ReLU comes before the sum, on the input, and none after it. Sum first.",
        ),
        Misconception(
            "the larger one",
            lambda x, w1, w2: np.maximum(x, change(x, w1, w2)),
            "The larger of input and change comes out. Add them, then cut off what is negative.",
        ),
        Misconception(
            "size of the sum",
            lambda x, w1, w2: np.abs(x + change(x, w1, w2)),
            "The sign of the sum is dropped. A ReLU turns what is negative into 0.",
        ),
        Misconception(
            "negative kept inside",
            lambda x, w1, w2: relu(x + np.minimum(0, x @ w1.T) @ w2.T),
            "The inner ReLU keeps what is negative. It should keep what is positive.",
        ),
        Misconception(
            "weights exchanged",
            lambda x, w1, w2: relu(x + relu(x @ w2) @ w1),
            "w1 and w2 have changed places.",
        ),
        Misconception(
            "first weights twice",
            lambda x, w1, w2: relu(x + relu(x @ w1.T) @ w1),
            "The second layer has the weights of the first one, transposed. It should have w2.",
        ),
        Misconception(
            "change of the change",
            lambda x, w1, w2: relu(x + change(change(x, w1, w2), w1, w2)),
            "The two layers are applied twice. Apply them once.",
        ),
        Misconception(
            "0 and 1",
            lambda x, w1, w2: np.where(x + change(x, w1, w2) > 0, 1.0, 0.0),
            "The last ReLU gives 0 and 1, as a step does. It should let positive numbers pass as they are.",
        ),
        Misconception(
            "multiplied",
            lambda x, w1, w2: relu(x * change(x, w1, w2)),
            "Input and change are multiplied; add them.",
        ),
        Misconception(
            "subtracted",
            lambda x, w1, w2: relu(x - change(x, w1, w2)),
            "The change is subtracted; add it.",
        ),
        Misconception(
            "input subtracted",
            lambda x, w1, w2: relu(change(x, w1, w2) - x),
            "The input is subtracted; add it.",
        ),
        Misconception(
            "averaged",
            lambda x, w1, w2: relu(x + change(x, w1, w2)) / 2,
            "The two paths are averaged; add them.",
        ),
        Misconception(
            "twice",
            lambda x, w1, w2: relu(2 * x + change(x, w1, w2)),
            "The input is added twice.",
        ),
    ),
    shapes=(
        Misconception(
            "side by side",
            lambda x, w1, w2: (len(x), 2 * x.shape[1]),
            "There are twice as many numbers: input and change are side by side. Add them.",
        ),
        Misconception(
            "hidden",
            lambda x, w1, w2: (len(x), len(w1)),
            "It has as many numbers as the hidden layer. The second layer leads back to as many as "
            "the input has.",
        ),
    ),
)
