"""A function: the student's own object on inputs that are hard to fool."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from cnnlab.check.code.explain import shape_row, value_rows
from cnnlab.check.code.run import Runner
from cnnlab.check.code.trials import (
    Trial,
    agrees,
    attempt,
    explain,
    neutral,
    output,
    widened,
)
from cnnlab.check.core.answers import kind, unanswered
from cnnlab.check.core.arrays import same
from cnnlab.check.core.binding import Arguments, ways
from cnnlab.check.core.calls import misfit, todo
from cnnlab.check.core.result import Result
from cnnlab.check.core.score import graded
from cnnlab.check.exercises import find
from cnnlab.check.exercises.common.base import Call, Exercise

_SEED = 20


@graded
def function(answer: Any, name: str, *, asks: Iterable[str] | None = None) -> Result:
    """Check a function, on cases from easy to hard.

    Parameters
    ----------
    answer : callable
        The student's function. Arrays and sizes are given by position, settings such as
        ``stride`` by name. It returns the output; where there is a backward pass, it may return
        a tuple whose first entry is the output.
    name : str
        What it must compute: ``"conv2d"``, ``"max_pool2d"``, ``"cross_correlate2d"``, … as
        in :mod:`cnnlab.scratch.functional` and :mod:`cnnlab.scratch.naive`.
    asks : iterable of str, or "all"
        Optional arguments that belong to the question, such as ``["bias", "stride"]``; the
        usual ones if left out.
    step : str, optional
        Name of the lab's step that this answers, see :func:`cnnlab.check.lab`.

    Returns
    -------
    Result
        Names the first case that fails, and the misconception that explains the outputs.

    Raises
    ------
    ValueError
        If there is no such function, or no such argument to ask for.

    Examples
    --------
    >>> import numpy as np
    >>> def correlate(image, kernel):
    ...     rows = range(len(image) - len(kernel) + 1)
    ...     columns = range(image.shape[1] - kernel.shape[1] + 1)
    ...     h, w = kernel.shape
    ...     return [[(image[i:i+h, j:j+w] * kernel[::-1, ::-1]).sum() for j in columns]
    ...             for i in rows]
    >>> function(correlate, "cross_correlate2d")
    ✗ not yet: With small whole numbers: The kernel is turned by 180 degrees before it slides: \
that is convolution in the strict sense. This asks for cross-correlation.
    """
    asked = find(name, asks)
    refused = untested(answer, asked)
    if refused is not None:
        return refused
    tried = trials(answer, asked)
    failed = verdict(asked, tried)
    if failed is not None:
        return failed
    return Result("pass", f"{name} is right in all {len(_only(tried))} cases.")


def uncalled(answer: Any, noun: str = "function") -> Result | None:
    """Say what an answer is that is no function, or that there is none yet.

    Examples
    --------
    >>> uncalled(3)
    ✗ not yet: This asks for a function, and this is an int. Hint: Give the function itself, \
without calling it.
    """
    if unanswered(answer):
        return todo(noun)
    if callable(answer):
        return None
    return Result(
        "fail",
        f"This asks for a {noun}, and this is {kind(answer)}.",
        "Give the function itself, without calling it.",
    )


def untested(answer: Any, asked: Exercise, noun: str = "function") -> Result | None:
    """Say what keeps an answer from being called at all, if anything does."""
    refused = uncalled(answer, noun)
    if refused is not None:
        return refused
    for case in asked.cases:
        given = Arguments(case.inputs, case.settings, asked.defaults)
        if next(ways(answer, given), None) is None:
            return misfit(answer, given)
    return None


def trials(answer: Callable[..., Any], asked: Exercise) -> list[Trial | Result]:
    """Try a student's function on every case; a case may end in a result instead."""
    calls = [case.draw(_SEED + i) for i, case in enumerate(asked.cases)]
    run = Runner(answer, stops=asked.error_hints)
    first, again = (attempt(run, asked, calls[0]) for _ in range(2))
    if isinstance(first, Result):
        return [first]
    if isinstance(again, Trial) and not _alike(first, again):
        return [_FORGETS]
    tried = [first, *(attempt(run, asked, made) for made in calls[1:])]
    late = attempt(run, asked, calls[0])
    if isinstance(late, Trial) and not _alike(first, late):
        return [_FORGETS]
    return [*tried, _OVERWRITES] if _overwritten(asked, tried) else tried


_FORGETS = Result(
    "fail",
    "Called twice with the same arguments, your function gives two different answers.",
    "Nothing may remain from one call to the next, and nothing may be left to chance.",
)
_OVERWRITES = Result(
    "fail",
    "What your function returned first has changed after later calls: it returns the same array "
    "each time.",
    "Make a new array in every call.",
)


def _alike(first: Trial, again: Trial) -> bool:
    return agrees(first._replace(right=again.given))


def _overwritten(asked: Exercise, tried: Sequence[Trial | Result]) -> bool:
    """Whether an output that was copied at once is no longer what it was."""
    now = ((trial, output(asked, trial.returned)) for trial in _only(tried))
    return any(
        isinstance(y, Result) or not same(y.ravel(), trial.given[0].ravel()) for trial, y in now
    )


def verdict(asked: Exercise, tried: Sequence[Trial | Result]) -> Result | None:
    """The first thing that is wrong, or None."""
    passed: list[str] = []
    for trial in tried:
        if isinstance(trial, Result):
            return _after(trial, passed)
        if _is_broken(trial):
            return Result("fail", f"{_start(trial.call)}: {_NOT_WHOLE}", _ROUND)
        if not agrees(trial):
            text = _why(asked, trial, tried) or neutral(trial, asked.axes)
            return Result("fail", f"{_start(trial.call)}: {text}", _praise(passed))
        wide = _widened(trial)
        if wide is not None and _in_float32(trial.call):
            return wide
        passed.append(trial.call.words)
    late = (_widened(trial) for trial in _only(tried))
    return next((result for result in late if result is not None), None)


def _why(exercise: Exercise, first: Trial, tried: Iterable[Trial | Result]) -> str:
    """The misconception that explains all cases, told of the first wrong one; empty if none does."""
    every = _explained(tried)
    row = explain(value_rows(exercise), every, exercise.tolerance)
    if row is not None:
        return _filled(row.sentence, first.call)
    if first.given[0].shape == first.right[0].shape:
        return ""
    shape = shape_row(exercise, every)
    return "" if shape is None else shape.sentence


_NOT_WHOLE = "This asks for a whole number, and your function returns one with a fraction."
_ROUND = "Divide with // instead of /: it rounds down."


def _is_broken(trial: Trial) -> bool:
    """Whether a number that must be whole is not."""
    given, right = trial.given[0], trial.right[0]
    whole = right.dtype.kind == "i" and not right.ndim and not given.ndim
    return whole and given.dtype.kind == "f" and bool(np.isfinite(given)) and given % 1 != 0


def _only(tried: Iterable[Trial | Result]) -> list[Trial]:
    return [trial for trial in tried if isinstance(trial, Trial)]


def _explained(tried: Iterable[Trial | Result]) -> list[tuple[Call, Any, Any]]:
    return [(trial.call, trial.given, trial.right) for trial in _only(tried)]


def _widened(trial: Trial) -> Result | None:
    """Float32 must stay float32: a network twice as wide as its weights is slow and large."""
    dtype = trial.given[0].dtype
    if trial.right[0].ndim == 0 or trial.right[0].dtype != np.float32 or dtype == np.float32:
        return None
    if not _in_float32(trial.call):
        text = f"The values are right, but the output is {dtype}; this asks for float32."
        return Result("fail", text, "End with .astype(np.float32).")
    hint = "np.zeros makes float64 unless you name a dtype; take that of x."
    return widened("The values are", "the output", dtype, hint)


def _in_float32(call: Call) -> bool:
    return any(getattr(value, "dtype", None) == np.float32 for value in call.named.values())


def _after(result: Result, passed: list[str]) -> Result:
    if result.status == "todo" and passed:
        return Result("fail", "Your function returns nothing in some cases.", _praise(passed))
    return result


def _praise(passed: list[str]) -> str:
    return f"It is right {listing(passed)}." if passed else ""


def listing(words: Sequence[str]) -> str:
    """Join words as a sentence does.

    Examples
    --------
    >>> listing(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _start(made: Call) -> str:
    return made.words[:1].upper() + made.words[1:]


def _filled(sentence: str, made: Call) -> str:
    fields = {
        "stride": 1,
        "padding": 0,
        "dilation": 1,
        "policy": "floor",
        **made.named,
        **made.settings,
    }
    return sentence.format(**fields)
