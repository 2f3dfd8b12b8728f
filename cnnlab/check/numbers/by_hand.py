"""What a student works out with a pencil: pixels that no window reads, gradients of a pooling."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np

from cnnlab import geometry
from cnnlab.check.core.answers import members, read, whole_numbers
from cnnlab.check.core.arrays import Array, difference, same, to_array
from cnnlab.check.core.misconception import Misconception, first_match
from cnnlab.check.core.result import Result
from cnnlab.check.core.score import check
from cnnlab.check.numbers.sizes import SizeSettings
from cnnlab.geometry import AxisPadding, Policy

Positions = frozenset[int]


def _unread(s: SizeSettings) -> Positions:
    return frozenset(geometry.unread(*s))


def _beyond(s: SizeSettings, windows: int) -> Positions:
    """Pixels after so many windows."""
    last = geometry.windows(*s)[:windows]
    return frozenset(range(last[-1][-1] + 1 if last else 0, s.size))


def _all_windows(s: SizeSettings) -> int:
    return geometry.output_size(*s)


UNREAD: tuple[Misconception[SizeSettings], ...] = (
    Misconception(
        "counted from 1",
        lambda s: frozenset(p + 1 for p in _unread(s)),
        "You counted the pixels from 1, but the first one is pixel 0.",
    ),
    Misconception(
        "only after the last window",
        lambda s: _beyond(s, _all_windows(s)),
        "You found the pixels after the last window; look between the windows too.",
    ),
    Misconception(
        "only between the windows",
        lambda s: _unread(s) - _beyond(s, _all_windows(s)),
        "You found the pixels between the windows; look after the last window too.",
    ),
    Misconception(
        "the pixels that are read",
        lambda s: frozenset(range(s.size)) - _unread(s),
        "These are the pixels that are read; the others are asked for.",
    ),
    Misconception(
        "where windows start",
        lambda s: frozenset(window[0] for window in geometry.windows(*s)),
        "These are the pixels where windows start.",
    ),
    Misconception(
        "the other policy",
        lambda s: _unread(s._replace(policy="floor" if s.policy == "ceil" else "ceil")),
        "This is right for the other way of rounding, but the policy is {policy}.",
    ),
    Misconception(
        "one window too few",
        lambda s: _unread(s) | _beyond(s, _all_windows(s) - 1),
        "You left the last window out: it still fits.",
    ),
    Misconception(
        "windows side by side",
        lambda s: _unread(s._replace(stride=s.kernel_size)),
        "You laid the windows side by side, but the stride is {stride}.",
    ),
)
"""Misconceptions about unread pixels, the most telling first."""


@check
def unread(
    answer: Any,
    size: int,
    kernel_size: int,
    stride: int = 1,
    padding: AxisPadding = 0,
    dilation: int = 1,
    policy: Policy = "floor",
) -> Result:
    """Check which pixels no window reads, along one axis.

    Parameters
    ----------
    answer : object
        The student's positions, counted from 0, in any order; ``...`` while there are none.
    size, kernel_size, stride, padding, dilation, policy
        The question, as in :func:`cnnlab.geometry.unread`.
    step : str, optional
        Name of the lab's step that this answers, see :func:`cnnlab.check.lab`.

    Returns
    -------
    Result
        Whatever the answer is; no answer raises.

    Raises
    ------
    TypeError, ValueError
        If the question itself makes no sense.

    Examples
    --------
    >>> unread([9], size=9, kernel_size=2, stride=3)
    ✗ not yet: Position 9 is not in the input, whose pixels are 0 to 8.
    >>> unread([2, 5, 8], size=9, kernel_size=2, stride=3)
    ✓ passed: the pixels that input 9, kernel 2, stride 3, padding 0 with policy floor never reads.
    """
    question = SizeSettings(size, kernel_size, stride, padding, dilation, policy)
    right = _unread(question)
    says = f"the pixels that {question} never reads."
    numbers = read(answer, says, "list", lambda given: _positions(given, size))
    if isinstance(numbers, Result):
        return numbers
    given = frozenset(numbers)
    if len(given) < len(numbers):
        twice = next(p for i, p in enumerate(numbers) if p in numbers[:i])
        return Result("fail", f"Pixel {twice} stands there twice.", "List each pixel once.")
    if given == right:
        return Result("pass", says)
    row = first_match(UNREAD, question, lambda wrong: bool(wrong == given))
    if row is not None:
        return Result("fail", row.sentence.format(**question._asdict()))
    return Result("fail", _where(given, right, size))


def _positions(answer: Any, size: int) -> tuple[int, ...] | Result:
    if issubclass(type(answer), range):
        answer = answer[: size + 1]  # enough to see that it reaches beyond the input
    listed = members(answer, (list, tuple, set, frozenset, range))
    if listed is None:
        return Result("fail", "positions are a list of integers.", "Write it like [0, 1].")
    return whole_numbers(listed, "positions")


def _where(given: Positions, right: Positions, size: int) -> str:
    outside = sorted(p for p in given if not 0 <= p < size)
    if outside:
        return f"Position {outside[0]} is not in the input, whose pixels are 0 to {size - 1}."
    read = sorted(given - right)
    if read:
        return f"Pixel {read[0]} lies in a window, so it is read."
    if not given:
        return "The list is empty, but there are pixels that no window reads."
    return "All of these are right, but some pixel that no window reads is missing."


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
    given = to_array(answer, "gradient")
    if isinstance(given, Result):
        return given
    right = question.route(_first)
    if same(given, right):
        return Result("pass", "each window's gradient is where it belongs.")
    if given.shape == question.dy.shape != right.shape:
        says = "This has the shape of the output; the gradient of the input has that of the input."
        return Result("fail", says)
    row = first_match(GRADIENTS, question, lambda wrong: same(given, wrong))
    return Result("fail", row.sentence if row else _fault(given, right))


def _fault(given: Array, right: Array) -> str:
    if given.shape == right.shape and set(_places(given)) == set(_places(right)):
        return "The places are right, but not each holds the gradient of its own window."
    return difference(given, right, "(H, W)") or "Its values are not exact enough."


def _places(array: Array) -> Iterable[int]:
    return np.flatnonzero(array).tolist()
