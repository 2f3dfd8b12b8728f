"""A gradient that is too long is shortened, and keeps its direction."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch.functional.checks import Array


def clip_gradient(gradient: Array, limit: float) -> Array:
    """Shorten a gradient to a length, if it is longer.

    Source: R. Pascanu, T. Mikolov and Y. Bengio, *On the difficulty of training recurrent neural
    networks*, 2013.

    Parameters
    ----------
    gradient : array
        Of any shape; not all 0.
    limit : float
        Its largest length.

    Examples
    --------
    >>> clip_gradient(np.array([3.0, 4.0]), 1.0)
    array([0.6, 0.8])
    """
    return gradient * min(1.0, limit / _length(gradient))


def _length(gradient: Array) -> float:
    return float(np.sqrt((gradient**2).sum()))


def _of_length(length: float, *shape: int) -> Draw:
    """Numbers of both signs whose squares add up to that of a length."""

    def draw(rng: np.random.Generator) -> Array:
        drawn = rng.standard_normal(shape)
        return drawn * (length / _length(drawn))

    return draw


def _by_and_by(gradient: Array, limit: float) -> Array:
    while _length(gradient) > limit:
        gradient = 0.9 * gradient
    return gradient


def _if_long(gradient: Array, limit: float, clipped: Array) -> Array:
    return clipped if _length(gradient) > limit else gradient


EXERCISE = Exercise(
    clip_gradient,
    (
        Case("with a gradient that is too long", {"gradient": _of_length(8.0, 4), "limit": 2.0}),
        Case("with one that is short enough", {"gradient": _of_length(0.7, 4), "limit": 2.0}),
        Case("with a matrix", {"gradient": _of_length(30.0, 3, 5), "limit": 5.0}),
        Case("with many small numbers", {"gradient": _of_length(3.0, 12, 12), "limit": 1.0}),
        Case("with any numbers", {"gradient": normal(2, 3), "limit": 0.5}),
    ),
    view=True,
    tolerance=1e-5,  # PyTorch adds a millionth to the length
    values=(
        Misconception(
            "each number cut",
            lambda g, limit: np.clip(g, -limit, limit),
            "Each number is cut by itself, and so the direction changes. Multiply all of them by the same "
            "factor.",
        ),
        Misconception(
            "cut from above only",
            lambda g, limit: np.minimum(g, limit),
            "Each number is cut by itself, and only those above 0. Multiply all of them by the same "
            "factor.",
        ),
        Misconception(
            "always of this length",
            lambda g, limit: g * limit / _length(g),
            "Short gradients are made longer. Only one that is longer than the limit is changed.",
        ),
        Misconception(
            "short ones made longer",
            lambda g, limit: g * max(1.0, limit / _length(g)),
            "Long gradients stay as they are, and short ones are made longer. Only one that is "
            "longer than the limit is changed.",
        ),
        Misconception(
            "short ones made shorter",
            lambda g, limit: g * min(1.0, _length(g) / limit),
            "Long gradients stay as they are, and short ones are made shorter. The factor is upside down.",
        ),
        Misconception(
            "made of length 1",
            lambda g, limit: _if_long(g, limit, g / _length(g)),
            "The long ones come out with length 1. They should come out with the limit for a length.",
        ),
        Misconception(
            "always of length 1",
            lambda g, limit: g / _length(g),
            "Everything comes out with length 1. Only what is longer than the limit is changed, and "
            "its length becomes the limit.",
        ),
        Misconception(
            "divided by the limit",
            lambda g, limit: _if_long(g, limit, g / limit),
            "A long gradient is divided by the limit. What factor brings its length down to the "
            "limit?",
        ),
        Misconception(
            "multiplied by the limit",
            lambda g, limit: _if_long(g, limit, g * limit),
            "A long gradient is multiplied by the limit. What factor brings its length down to the "
            "limit?",
        ),
        Misconception(
            "limit squared",
            lambda g, limit: g * min(1.0, limit / _length(g)) ** 2,
            "The factor is squared, so that long ones become too short.",
        ),
        Misconception(
            "root of the factor",
            lambda g, limit: g * min(1.0, limit / _length(g)) ** 0.5,
            "There is a root around the factor, so that long ones stay too long.",
        ),
        Misconception(
            "halved",
            lambda g, limit: _if_long(g, limit, g / 2),
            "A long gradient is halved. What factor brings its length down to the limit?",
        ),
        Misconception(
            "shortened by and by",
            _by_and_by,
            "A long gradient is shortened bit by bit, until it is shorter than the limit. It should be just as long.",
        ),
        Misconception(
            "excess taken off",
            lambda g, limit: _if_long(g, limit, g - (_length(g) - limit)),
            "The excess is subtracted from each number, and so the direction changes. Multiply all of them by the same factor.",
        ),
        Misconception(
            "signs alone",
            lambda g, limit: _if_long(g, limit, limit * np.sign(g)),
            "Each number became the limit, with its sign, and so the direction changes. Multiply all of them by the same factor.",
        ),
        Misconception(
            "bent",
            lambda g, limit: limit * np.tanh(g / limit),
            "Each number is bent by itself, and so the direction changes. Multiply all of them by the same factor.",
        ),
        Misconception(
            "square for length",
            lambda g, limit: g * min(1.0, limit / _length(g) ** 2),
            "The length is the square root of the sum of the squares; here the root is missing.",
        ),
        Misconception(
            "sum of sizes",
            lambda g, limit: g * min(1.0, limit / np.abs(g).sum()),
            "For the length you added the sizes of the numbers. Add their squares, and take the "
            "root.",
        ),
        Misconception(
            "largest for length",
            lambda g, limit: g * min(1.0, limit / np.abs(g).max()),
            "For the length you took the largest number. Add the squares of all, and take the root.",
        ),
        Misconception(
            "mean for length",
            lambda g, limit: g * min(1.0, limit / np.sqrt((g**2).mean())),
            "For the length you took the mean of the squares. Their sum counts.",
        ),
        Misconception(
            "sum for length",
            lambda g, limit: g * min(1.0, limit / g.sum()),
            "For the length you added the numbers, and their signs cancel. Add their squares, and take the root.",
        ),
        Misconception(
            "deviation for length",
            lambda g, limit: g * min(1.0, limit / g.std()),
            "A standard deviation is a mean. For the length, add the squares, and take the root.",
        ),
        Misconception(
            "entries for length",
            lambda g, limit: g * min(1.0, limit / len(g)),
            "You took the number of entries. For the length, add the squares, and take the root.",
        ),
        Misconception(
            "column by column",
            lambda g, limit: g * np.minimum(1.0, limit / np.sqrt((g**2).sum(axis=0))),
            "Each column is shortened by itself. The length of the whole gradient counts.",
        ),
        Misconception(
            "row by row",
            lambda g, limit: (
                g * np.minimum(1.0, limit / np.sqrt((g**2).sum(axis=-1, keepdims=True)))
            ),
            "Each row is shortened by itself. The length of the whole gradient counts.",
        ),
        Misconception(
            "spectral norm",
            lambda g, limit: g * min(1.0, limit / np.linalg.norm(g, 2)) if g.ndim == 2 else None,
            "np.linalg.norm(…, 2) of a matrix is another length: its largest singular value. Leave "
            "the 2 out.",
        ),
        Misconception(
            "nothing clipped",
            lambda g, limit: g,
            "Nothing was clipped: this is the gradient as it was.",
        ),
        Misconception(
            "long ones dropped",
            lambda g, limit: _if_long(g, limit, np.zeros_like(g)),
            "A long gradient became 0, so the step is lost. Shorten it.",
        ),
    ),
    shapes=(
        Misconception(
            "the length",
            lambda g, limit: (),
            "This is one number. Give back the gradient, shortened.",
        ),
        Misconception(
            "flattened",
            lambda g, limit: (g.size,),
            "The gradient is flattened. It keeps its shape.",
        ),
        Misconception(
            "the limit",
            lambda g, limit: () if _length(g) > limit else g.shape,
            "Where it is too long, one number comes out. Give back the gradient, shortened.",
        ),
    ),
)
