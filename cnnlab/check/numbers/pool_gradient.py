"""The gradient of a max pooling, worked out with a pencil."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np

from cnnlab import geometry
from cnnlab.check.core.arrays import Array, same, to_array
from cnnlab.check.core.differences import difference
from cnnlab.check.core.misconception import Misconception
from cnnlab.check.core.result import Result
from cnnlab.check.core.score import check
from cnnlab.check.numbers.base import Calculation


class Pooling(NamedTuple):
    """The backward pass of a max pooling; arrays are (H, W)."""

    dy: Array
    x: Array
    kernel_size: int
    stride: int

    def route(self, shares: Callable[[Array], Array]) -> Array:
        """Gradient of x if each window hands its own out by these shares."""
        dx = np.zeros(self.x.shape)
        for i, j in np.ndindex(self.dy.shape):
            top, left = i * self.stride, j * self.stride
            part = slice(top, top + self.kernel_size), slice(left, left + self.kernel_size)
            dx[part] += self.dy[i, j] * shares(self.x[part])
        return dx


def _first(window: Array) -> Array:
    one = np.zeros(window.size)
    one[window.argmax()] = 1
    return one.reshape(window.shape)


def _last(window: Array) -> Array:
    turned: Array = _first(window[::-1, ::-1])[::-1, ::-1]
    return turned


def _tied(window: Array) -> Array:
    winners: Array = window == window.max()
    return winners.astype(float)


GRADIENTS: tuple[Misconception[Pooling], ...] = (
    Misconception(
        "all of it to each winner",
        lambda p: p.route(_tied),
        "In a tie you gave the whole gradient to each winner: more goes out than came in.",
    ),
    Misconception(
        "shared in a tie",
        lambda p: p.route(lambda w: _tied(w) / _tied(w).sum()),
        "You shared the gradient between the winners of a tie. That is fair, but PyTorch does "
        "otherwise.",
    ),
    Misconception(
        "last of a tie",
        lambda p: p.route(_last),
        "In a tie you chose the last winner; PyTorch goes row by row from the top left.",
    ),
    Misconception(
        "value of the winner",
        lambda p: p._replace(dy=np.ones_like(p.dy)).route(lambda w: _first(w) * w),
        "The places are right, but you wrote the winners there: put the gradients of their "
        "windows.",
    ),
    Misconception(
        "mark of the winner",
        lambda p: p._replace(dy=np.ones_like(p.dy)).route(_first),
        "The places are right, but you only marked them: put the gradients of the windows there.",
    ),
    Misconception(
        "gradient times value",
        lambda p: p.route(lambda w: _first(w) * w),
        "You multiplied the gradients with the winners, but raising a winner by 1 raises the "
        "output by 1.",
    ),
    Misconception(
        "to every pixel",
        lambda p: p.route(np.ones_like),
        "Every pixel of a window got its gradient, but changing a loser changes nothing.",
    ),
    Misconception(
        "shared by all pixels",
        lambda p: p.route(lambda w: np.ones(w.shape) / w.size),
        "You shared each gradient between all pixels of its window: that is average pooling.",
    ),
    Misconception(
        "to the first pixel",
        lambda p: p._replace(x=np.zeros_like(p.x)).route(_first),
        "The gradients went to the first pixel of each window, but the largest one wins.",
    ),
    Misconception(
        "to the smallest",
        lambda p: p._replace(x=-p.x).route(_first),
        "The gradients went to the smallest pixels, but the largest one wins.",
    ),
)
"""Misconceptions about the backward pass through max pooling, the most telling first."""


@check
def max_pool_gradient(
    answer: Any, dy: Any, x: Any, kernel_size: int, stride: int | None = None
) -> Result:
    """Check the gradient that arrives at one map under max pooling.

    Parameters
    ----------
    answer : object
        The student's (H, W) array or list of rows; ``...`` while there is none. A tie goes to
        the first winner, as in PyTorch.
    dy : (H', W') array
        Gradient at the output.
    x : (H, W) array
        The map that was pooled, without padding.
    kernel_size, stride : int
        As in :func:`cnnlab.scratch.functional.max_pool2d`.
    step : str, optional
        Name of the lab's step that this answers, see :func:`cnnlab.check.lab`.

    Returns
    -------
    Result
        Whatever the answer is; no answer raises.

    Raises
    ------
    ValueError
        If dy does not have the shape of the output.

    Examples
    --------
    >>> max_pool_gradient([[0, 7], [7, 0]], [[7]], [[2, 5], [5, 1]], kernel_size=2)
    ✗ not yet: In a tie you gave the whole gradient to each winner: more goes out than came in.
    """
    stride = kernel_size if stride is None else stride
    question = Pooling(np.asarray(dy, float), np.asarray(x, float), kernel_size, stride)
    shape = geometry.output_shape(question.x.shape, kernel_size, stride)
    if question.dy.shape != shape:
        raise ValueError(
            f"max_pool_gradient: dy must have the shape of the output, {shape}, "
            f"not {question.dy.shape}. Give one number for each window."
        )
    right = question.route(_first)
    return Calculation(
        settings=question,
        prompt="the gradient.",
        read=lambda given: to_array(given, "gradient"),
        is_right=lambda given: same(given, right),
        misconceptions=GRADIENTS,
        otherwise=lambda given: _fault(given, question, right),
        passed="each window's gradient is where it belongs.",
        place="array",
        agrees=same,
    ).judge(answer)


def _fault(given: Array, question: Pooling, right: Array) -> str:
    if given.shape == question.dy.shape != right.shape:
        return "This has the shape of the output; the gradient of the input has that of the input."
    if given.shape == right.shape and set(_places(given)) == set(_places(right)):
        return "The places are right, but not each holds the gradient of its own window."
    return difference(given, right, on_paper=True) or "Its values are not exact enough."


def _places(array: Array) -> Iterable[int]:
    return np.flatnonzero(array).tolist()
