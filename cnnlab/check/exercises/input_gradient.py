"""The gradient of an image that one kernel slid over: each place sends its share back."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.changes import kept
from cnnlab.check.exercises.common.draws import few, normal
from cnnlab.check.exercises.common.sliding import OVERWRITTEN, half_turn
from cnnlab.scratch import naive
from cnnlab.scratch.functional.checks import Array

_SHARE_MISSING = "A place has not sent its share: each place sends one, unless its dy is 0."


def input_gradient(dy: Array, kernel: Array) -> Array:
    """Gradient of an image that one kernel slid over: (H', W'), (kh, kw) -> (H, W).

    Examples
    --------
    >>> input_gradient(np.array([[1.0, 2.0]]), np.array([[3.0, 5.0]]))
    array([[ 3., 11., 10.]])
    """
    (rows, columns), (height, width) = dy.shape, kernel.shape
    dx = np.zeros((rows + height - 1, columns + width - 1))
    for i, j in np.ndindex(dy.shape):
        dx[i : i + height, j : j + width] += dy[i, j] * kernel
    return dx


def _case(words: str, dy: Any, kernel: Any, draw: Any = normal) -> Case:
    return Case(words, {"dy": draw(*dy), "kernel": draw(*kernel)})


def _replaced(dy: Array, kernel: Array, keeps: Callable[[Array, Array], Array]) -> Array:
    """Shares that do not add up: each place decides what stays of old and new."""
    dx = np.zeros_like(input_gradient(dy, kernel))
    for i, j in np.ndindex(dy.shape):
        part = slice(i, i + kernel.shape[0]), slice(j, j + kernel.shape[1])
        dx[part] = keeps(dx[part], dy[i, j] * kernel)
    return dx


def _without(dy: Array, *place: Any) -> Array:
    rest = dy.copy()
    rest[place] = 0
    return rest


EXERCISE = Exercise(
    input_gradient,
    (
        _case("with four windows", (2, 2), (2, 2)),
        _case("with small whole numbers", (3, 4), (2, 3), few),
        _case("with any numbers", (4, 3), (3, 2)),
    ),
    axes="(H, W)",
    values=(
        Misconception(
            "kernel turned",
            lambda dy, k: input_gradient(dy, half_turn(k)),
            "The kernel is turned: each place sends it back as it is.",
        ),
        Misconception(
            "kernel transposed",
            lambda dy, k: input_gradient(dy, k.T),
            "Rows and columns of the kernel are exchanged.",
        ),
        Misconception(
            "dy transposed",
            lambda dy, k: input_gradient(dy.T, k),
            "Rows and columns of dy are exchanged.",
        ),
        Misconception(
            "windows overwritten", lambda dy, k: _replaced(dy, k, lambda old, new: new), OVERWRITTEN
        ),
        Misconception(
            "windows overwritten, but not by 0",
            lambda dy, k: _replaced(dy, k, lambda old, new: new if new.any() else old),
            OVERWRITTEN,
        ),
        Misconception(
            "first share kept",
            lambda dy, k: _replaced(dy, k, lambda old, new: np.where(old, old, new)),
            "Where windows overlap, only the first share is kept: add them up.",
        ),
        Misconception(
            "dy left out",
            lambda dy, k: input_gradient(np.ones_like(dy), k),
            "Every place sends the kernel back as it is: multiply it by the dy of the place.",
        ),
        Misconception(
            "signs of dy lost",
            lambda dy, k: input_gradient(np.abs(dy), k),
            "A dy has lost its minus sign.",
        ),
        Misconception(
            "0 sends too",
            lambda dy, k: input_gradient(np.where(dy == 0, 1, dy), k),
            "A place whose dy is 0 sends nothing.",
        ),
        Misconception(
            "kernel left out",
            lambda dy, k: input_gradient(dy, np.ones_like(k)),
            "Every pixel of a window gets the whole dy: multiply it by the weight that lies there.",
        ),
        Misconception(
            "averaged where windows overlap",
            lambda dy, k: input_gradient(dy, k) / input_gradient(np.ones_like(dy), np.ones_like(k)),
            "Where windows overlap, their shares are averaged; they must be added.",
        ),
        Misconception(
            "slid over dy",
            naive.cross_correlate2d,
            "The kernel slides over dy and gathers; in the backward pass each place sends.",
        ),
        Misconception(
            "number by number",
            lambda dy, k: dy * k if dy.shape == k.shape else None,
            "dy and kernel are multiplied number by number; each number of dy needs the whole "
            "kernel.",
        ),
        Misconception("sign turned", lambda dy, k: -input_gradient(dy, k), "The sign is wrong."),
        Misconception(
            "first place only", lambda dy, k: input_gradient(kept(dy, 0, 0), k), _SHARE_MISSING
        ),
        Misconception(
            "last place missing",
            lambda dy, k: input_gradient(_without(dy, -1, -1), k),
            _SHARE_MISSING,
        ),
        Misconception(
            "first place missing",
            lambda dy, k: input_gradient(_without(dy, 0, 0), k),
            _SHARE_MISSING,
        ),
        Misconception(
            "corner missing", lambda dy, k: input_gradient(_without(dy, -1, 0), k), _SHARE_MISSING
        ),
    ),
    shapes=(
        Misconception(
            "as small as dy",
            lambda dy, k: dy.shape,
            "It has the shape of dy: the gradient of the input has that of the input.",
        ),
    ),
)
