"""The steps of a lab: how they stand, and the decorator of every check that records it."""

import functools
import inspect
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from itertools import takewhile
from typing import Any

from cnnlab.check.core import progress
from cnnlab.check.core.answers import kind
from cnnlab.check.core.borrowed import borrowed
from cnnlab.check.core.error_hints import Stop
from cnnlab.check.core.lab_steps import steps_of
from cnnlab.check.core.result import RefusedError, Result
from cnnlab.check.core.scorecard import Score

_strictly: ContextVar[bool] = ContextVar("_strictly", default=False)


class CheckFailed(AssertionError):  # noqa: N818 - what happened, in the words of a check
    """An answer did not pass while checks are strict; the text is that of its card."""


class InterruptedCheck(KeyboardInterrupt):
    """A check was stopped from outside, as by the button ■; its card says where it was."""

    shown = False  # IPython asks twice

    def _render_traceback_(self) -> list[str]:
        says = f"the check was interrupted.{self.args[0].replace('It happens', 'It was')}"
        lines = [] if self.shown else Result("todo", says, "Does every loop come to an end?").show()
        self.shown = True
        return lines


def lab(title: str, steps: Iterable[str] | Mapping[str, str] | None = None) -> None:
    """Start a lab: all its steps are still to do.

    Parameters
    ----------
    title : str
        What the score calls the lab.
    steps : iterable of str, or mapping of str to str, optional
        Short names of the steps in order, such as "1" or "2a", or names with their titles; by
        default those in the headings of the course's lab with this title.

    Raises
    ------
    ValueError
        If there is no step, the same name twice, or no such lab.

    Examples
    --------
    >>> lab("Shapes", steps={"1": "Output sizes", "2": "Pooling"})
    >>> score()
    Shapes: 0 of 2 steps passed.
    ○ 1 Output sizes
    ○ 2 Pooling
    Next, step 1: put your answer in place of the dots and run its cell.
    """
    steps = steps_of(title) if steps is None else steps
    names = list(steps)
    if not names or isinstance(steps, str) or len(set(names)) < len(names):
        raise ValueError(
            f"lab: steps must be at least one name, each once, not {steps!r}. List the steps."
        )
    progress.start(title, steps if isinstance(steps, Mapping) else names)


def score(steps: int | Iterable[str] | None = None) -> Score:
    """Say how many steps of the lab have passed, how each stands, and what comes next.

    A step that was never checked is still to do; of a step checked again the latest result
    counts. A step is to be run again if its answer has changed since it passed, or if a cell
    that makes or checks it was stopped by an error.

    Parameters
    ----------
    steps : int or iterable of str, optional
        How many steps the lab has, if they are numbered from 1, or their names. So the score
        is complete even when the cell with :func:`lab` was not run.

    Returns
    -------
    Score
        A card in JupyterLab, lines of text elsewhere.

    Raises
    ------
    ValueError
        If these are not the steps of the lab.

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
    own = progress.current()
    names = map(str, range(1, steps + 1)) if isinstance(steps, int) else steps
    listed = list(own.titles if names is None else names)
    if own.declared and listed != list(own.titles):
        raise ValueError(
            f"score: steps must be those of the lab, {', '.join(own.titles)}, not {steps!r}. "
            "Correct the number, or the cell with check.lab(…)."
        )
    listed += [name for name in own.titles if name not in listed]
    rows = tuple((name, own.titles.get(name, ""), own.stand(name)) for name in listed)
    return Score(own.title, rows, complete=own.declared or steps is not None)


def after(steps: str | Iterable[str], show: Callable[[], Any]) -> Any:
    """Show what comes of an answer, once its step has passed.

    Parameters
    ----------
    steps : str or iterable of str
        What must have passed.
    show : callable
        Without arguments: prints something, or returns what the cell displays.

    Returns
    -------
    object
        What ``show`` returns, or a card that says which step comes first.

    Examples
    --------
    >>> lab("Shapes", steps={"1": "Output sizes"})
    >>> after("1", lambda: "a figure")
    ○ to do: step 1 comes first. Hint: This shows what comes of its answer.
    """
    names = [steps] if isinstance(steps, str) else list(steps)
    standing = {name: progress.current().stand(name) for name in names}
    for name, stands in standing.items():
        if stands == "again":
            hint = "Its answer has changed since it was checked, or a cell of it has failed."
            return Result("todo", f"run the cells of step {name} again first.", hint)
        if stands != "pass":
            return Result(
                "todo", f"step {name} comes first.", "This shows what comes of its answer."
            )
    return show()


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


def check(function: Callable[..., Result]) -> Callable[..., Result]:
    """Make a check: add ``step``, record the progress, and raise where checks are strict.

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
    >>> @check
    ... def is_even(answer):
    ...     return Result("fail" if answer % 2 else "pass", "an even number.")
    >>> is_even(3)
    ✗ not yet: an even number.
    """

    @functools.wraps(function)
    def checked(*args: Any, step: str | None = None, **settings: Any) -> Result:
        if step is not None:
            progress.listen()
            progress.current().admit(step, sys._getframe(1))
        interrupted = None
        try:
            result = _checked(function, args, settings)
        except KeyboardInterrupt as error:
            interrupted = InterruptedCheck(Stop.of(error).place)
        except BaseException as error:
            raise error.with_traceback(None) from None
        if interrupted is not None:  # raised out here, it has no context
            raise interrupted
        result = _remarked(result, args)
        if step is not None:
            progress.current().record(step, result.status)
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
    checked.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return checked


def _remarked(result: Result, args: tuple[Any, ...]) -> Result:
    """Add a remark to a right answer whose code lets a library do the work."""
    asked = next(
        (name for name in args if type(name) is str), ""
    )  # some answers raise where they can
    if not result or result.hint or not asked:
        return result
    libraries = (borrowed(answer, asked) for answer in takewhile(callable, args))
    library = next(filter(None, libraries), "")
    if not library:
        return result
    text = f"{library} does the work here. You learn more if you write it yourself."
    return replace(result, hint=text)


def _checked(
    function: Callable[..., Result], args: tuple[Any, ...], settings: dict[str, Any]
) -> Result:
    """Ask once; if that raises, ask without an answer to learn whether the question is at fault."""
    try:
        return function(*args, **settings)
    except RefusedError as refused:
        return refused.result
    except Exception as error:
        stopped = kind(error)
    bound = inspect.signature(function).bind(*args, **settings)
    function(*(..., *bound.args[1:]), **bound.kwargs)
    return Result(
        "fail",
        f"This answer cannot be looked at: it stops the check with {stopped}.",
        "Print it, and its type, in a cell of its own.",
    )
