"""Which pixels no window reads, named by a student."""

from typing import Any

from cnnlab import geometry
from cnnlab.check.core.answers import members, whole_numbers
from cnnlab.check.core.misconception import Misconception
from cnnlab.check.core.result import Result
from cnnlab.check.core.score import check
from cnnlab.check.numbers.base import Calculation
from cnnlab.check.questions.output_sizes import SizeSettings
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
    return Calculation(
        settings=question,
        prompt=says,
        read=lambda given: _positions(given, size),
        is_right=lambda given: given == right,
        misconceptions=UNREAD,
        otherwise=lambda given: _where(given, right, size),
        place="list",
    ).judge(answer)


def _positions(answer: Any, size: int) -> Positions | Result:
    if issubclass(type(answer), range):
        answer = answer[: size + 1]  # enough to see that it reaches beyond the input
    if issubclass(type(answer), str):
        answer = f"[{answer.strip().strip('[](){}')}]"
    listed = members(answer, (list, tuple, set, frozenset, range))
    if listed is not None and len(listed) == 1:  # as np.where returns it
        listed = members(listed[0]) or listed
    if listed is None:
        return Result("fail", "positions are a list of integers.", "Write it like [0, 1].")
    numbers = whole_numbers(listed, "positions")
    if isinstance(numbers, Result):
        return numbers
    twice = [p for i, p in enumerate(numbers) if p in numbers[:i]]
    if twice:
        return Result("fail", f"Pixel {twice[0]} is there twice.", "List each pixel once.")
    return frozenset(numbers)


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
