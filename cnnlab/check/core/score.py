"""The board of a lab: which steps have passed, and the decorator that writes on it."""

import functools
import html
import inspect
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from cnnlab.check.core.answers import kind
from cnnlab.check.core.result import CARD, LOOKS, Result, Status

_NEXT = {
    "todo": "put your answer in place of the dots and run its cell.",
    "fail": "read its card, change your answer and run its cell again.",
}


class CheckFailed(AssertionError):  # noqa: N818 - what happened, in the words of a check
    """An answer did not pass while checks are strict; the text is that of its card."""


@dataclass(frozen=True, repr=False)
class Score:
    """The steps of a lab and how each of them stands; the card and text list them all.

    Parameters
    ----------
    title : str
        The lab.
    steps : tuple of (str, str, str)
        Name, title (may be empty) and status of each step, in the order of the lab.

    Examples
    --------
    >>> score = Score("Shapes", (("1", "Sizes", "pass"), ("2", "", "todo")))
    >>> score
    Shapes: 1 of 2 steps passed.
    ✓ 1 Sizes
    ○ 2
    Next, step 2: put your answer in place of the dots and run its cell.
    >>> score.passed, score.total
    (1, 2)
    """

    title: str
    steps: tuple[tuple[str, str, Status], ...]

    @property
    def passed(self) -> int:
        """Steps that passed."""
        return sum(status == "pass" for _, _, status in self.steps)

    @property
    def total(self) -> int:
        """All steps."""
        return len(self.steps)

    @property
    def _headline(self) -> str:
        plural = "" if self.total == 1 else "s"
        return f"{self.title}: {self.passed} of {self.total} step{plural} passed."

    @property
    def _next(self) -> str:
        open_steps = [(name, status) for name, _, status in self.steps if status != "pass"]
        if not open_steps:
            return "Everything is done." if self.total else "Run the cells of the steps first."
        name, status = open_steps[0]
        return f"Next, step {name}: {_NEXT[status]}"

    def __repr__(self) -> str:
        lines = (f"{LOOKS[status].icon} {name} {title}" for name, title, status in self.steps)
        return "\n".join([self._headline, *map(str.rstrip, lines), self._next])

    def _repr_html_(self) -> str:
        done = self.total > 0 and self.passed == self.total
        items = "".join(_item(*step) for step in self.steps)
        return (
            f'<div role="status" style="{CARD.format(color=LOOKS["pass" if done else "todo"].color)}">'
            f"<strong>{html.escape(self._headline)}</strong>"
            f'<ul style="list-style: none; margin: 4px 0; padding: 0">{items}</ul>'
            f"{html.escape(self._next)}</div>"
        )


def _item(name: str, title: str, status: Status) -> str:
    look = LOOKS[status]
    icon = f'<span aria-hidden="true" style="color: {look.color}">{look.icon}</span>'
    label = html.escape(f"{name} {title}".strip())
    return f"<li>{icon} {label} <small>({look.word})</small></li>"


class _Board:
    """Latest result of each step; without declared steps, they appear as they are checked."""

    def __init__(self, title: str, steps: Iterable[str] | Mapping[str, str] = ()) -> None:
        self.title = title
        self.titles = dict(steps) if isinstance(steps, Mapping) else dict.fromkeys(steps, "")
        self.declared = bool(self.titles)
        self.statuses: dict[str, Status] = dict.fromkeys(self.titles, "todo")

    def admit(self, step: str) -> None:
        """Refuse a step that the lab does not have, before any answer is looked at."""
        if not isinstance(step, str) or (self.declared and step not in self.titles):
            raise ValueError(
                f"step must be one of {', '.join(self.titles) or 'the names of a lab'}, "
                f"not {step!r}. Correct it, or add it to check.lab(…)."
            )

    def record(self, step: str, status: Status) -> None:
        self.titles.setdefault(step, "")
        self.statuses[step] = status


_UNTITLED = "This notebook"
_board = _Board(_UNTITLED)
_strictly: ContextVar[bool] = ContextVar("_strictly", default=False)


def lab(title: str, steps: Iterable[str] | Mapping[str, str]) -> None:
    """Start a lab: an empty board with all its steps still to do.

    Parameters
    ----------
    title : str
        What the score calls the lab.
    steps : iterable of str, or mapping of str to str
        Short names of the steps in order, such as "1" or "2a", or names with their titles.

    Raises
    ------
    ValueError
        If there is no step, or the same name twice.

    Examples
    --------
    >>> lab("Shapes", steps={"1": "Output sizes", "2": "Pooling"})
    >>> score()
    Shapes: 0 of 2 steps passed.
    ○ 1 Output sizes
    ○ 2 Pooling
    Next, step 1: put your answer in place of the dots and run its cell.
    """
    global _board
    names = list(steps)
    if not names or isinstance(steps, str) or len(set(names)) < len(names):
        raise ValueError(
            f"lab: steps must be at least one name, each once, not {steps!r}. List the steps."
        )
    _board = _Board(title, steps if isinstance(steps, Mapping) else names)


def score() -> Score:
    """Say how many steps of the lab have passed, how each stands, and what comes next.

    A step that was never checked is still to do; of a step checked again the latest result
    counts.

    Returns
    -------
    Score
        A card in JupyterLab, lines of text elsewhere.

    Examples
    --------
    >>> from cnnlab import check
    >>> lab("Shapes", steps=["1"])
    >>> check.output_size(5, size=7, kernel_size=3, step="1").status
    'pass'
    >>> score()
    Shapes: 1 of 1 step passed.
    ✓ 1
    Everything is done.
    """
    board = _board
    return Score(
        board.title,
        tuple((name, board.titles[name], board.statuses[name]) for name in board.titles),
    )


@contextmanager
def strict() -> Iterator[None]:
    """Let checks raise :class:`CheckFailed` unless the answer passes, as grading does.

    The environment variable ``CNNLAB_STRICT=1`` does the same for a whole process.

    Examples
    --------
    >>> from cnnlab import check
    >>> with strict():
    ...     check.output_size(..., size=7, kernel_size=3)
    Traceback (most recent call last):
        ...
    cnnlab.check.core.score.CheckFailed: ○ to do: output size of input 7, kernel 3, stride 1, ...
    """
    token = _strictly.set(True)
    try:
        yield
    finally:
        _strictly.reset(token)


def _is_strict() -> bool:
    return _strictly.get() or os.environ.get("CNNLAB_STRICT", "") not in ("", "0")


def graded(function: Callable[..., Result]) -> Callable[..., Result]:
    """Make a check: add ``step``, keep the board, and raise where checks are strict.

    An exception of the question leaves from here, without the frames of the check: their
    variables hold the expected value, and a verbose traceback would print it. One that only the
    answer causes is a failed result.

    Parameters
    ----------
    function : callable
        Takes a student's answer and the question; returns a :class:`Result`.

    Returns
    -------
    callable
        The same, with the keyword ``step``.

    Examples
    --------
    >>> @graded
    ... def is_even(answer):
    ...     return Result("fail" if answer % 2 else "pass", "an even number.")
    >>> is_even(3)
    ✗ not yet: an even number.
    """

    @functools.wraps(function)
    def check(*args: Any, step: str | None = None, **settings: Any) -> Result:
        if step is not None:
            _board.admit(step)
        try:
            result = _asked(function, args, settings)
        except BaseException as error:
            raise error.with_traceback(None) from None
        if step is not None:
            _board.record(step, result.status)
        if _is_strict() and not result:
            raise CheckFailed(repr(result))
        return result

    signature = inspect.signature(function)
    step = inspect.Parameter(
        "step", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=str | None
    )
    rest = list(signature.parameters.values())
    last = [p for p in rest if p.kind is inspect.Parameter.VAR_KEYWORD]
    parameters = [*(p for p in rest if p not in last), step, *last]
    check.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return check


def _asked(
    function: Callable[..., Result], args: tuple[Any, ...], settings: dict[str, Any]
) -> Result:
    """Ask once; if that raises, ask without an answer to learn whether the question is at fault."""
    try:
        return function(*args, **settings)
    except Exception as error:
        stopped = kind(error)
    bound = inspect.signature(function).bind(*args, **settings)
    function(*(..., *bound.args[1:]), **bound.kwargs)
    return Result(
        "fail",
        f"This answer cannot be looked at: it stops the check with {stopped}.",
        "Print it, and its type, in a cell of its own.",
    )
