"""A function: the student's own object on inputs that are hard to fool."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from cnnlab._text import listed
from cnnlab.check.code.explain import shape_row, value_rows
from cnnlab.check.code.runner import Runner
from cnnlab.check.code.runs import (
    Run,
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
from cnnlab.check.core.borrowed import looped
from cnnlab.check.core.calls import misfit, todo
from cnnlab.check.core.result import Result
from cnnlab.check.core.score import check
from cnnlab.check.exercises import find
from cnnlab.check.exercises.common.base import Call, Exercise

_SEED = 20


@check
def function(
    answer: Any, name: str, *, asks: Iterable[str] | None = None, loops: bool = True
) -> Result:
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
    loops : bool
        Whether the task allows loops in Python; where it does not, a right answer that loops
        passes with a remark.
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
    exercise = find(name, asks)
    refused = untested(answer, exercise)
    if refused is not None:
        return refused
    runs = run_all(answer, exercise)
    failed = verdict(exercise, runs)
    if failed is not None:
        return failed
    looping = "" if loops else looped(answer)
    remark = f"{looping} loops in Python; this step asks for a way without a loop."
    return Result(
        "pass", f"{name} is right in all {len(_only(runs))} cases.", remark if looping else ""
    )


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


def untested(answer: Any, exercise: Exercise, noun: str = "function") -> Result | None:
    """Say what keeps an answer from being called at all, if anything does."""
    refused = uncalled(answer, noun)
    if refused is not None:
        return refused
    for case in exercise.cases:
        given = Arguments(case.inputs, case.settings, exercise.defaults)
        if next(ways(answer, given), None) is None:
            return misfit(answer, given)
    return None


def run_all(answer: Callable[..., Any], exercise: Exercise) -> list[Run | Result]:
    """Try a student's function on every case; a case may end in a result instead."""
    calls = [case.draw(_SEED + i) for i, case in enumerate(exercise.cases)]
    runner = Runner(answer, error_hints=exercise.error_hints)
    first, again = (attempt(runner, exercise, calls[0]) for _ in range(2))
    if isinstance(first, Result):
        return [first]
    if isinstance(again, Run) and not _alike(first, again):
        return [_FORGETS]
    runs = [first, *(attempt(runner, exercise, call) for call in calls[1:])]
    late = attempt(runner, exercise, calls[0])
    if isinstance(late, Run) and not _alike(first, late):
        return [_FORGETS]
    return [*runs, _OVERWRITES] if _overwritten(exercise, runs) else runs


_FORGETS = Result(
    "fail",
    "Called twice with the same arguments, your function gives two different answers.",
    "Nothing may remain from one call to the next, and nothing may be left to chance: np.empty holds "
    "any numbers until each place is written.",
)
_OVERWRITES = Result(
    "fail",
    "What your function returned first has changed after later calls: it returns the same array "
    "each time.",
    "Make a new array in every call.",
)


def _alike(first: Run, again: Run) -> bool:
    return agrees(first._replace(right=again.given))


def _overwritten(exercise: Exercise, runs: Sequence[Run | Result]) -> bool:
    """Whether an output that was copied at once is no longer what it was."""
    now = ((run, output(exercise, run.returned)) for run in _only(runs))
    return any(isinstance(y, Result) or not same(y.ravel(), run.given[0].ravel()) for run, y in now)


def verdict(exercise: Exercise, runs: Sequence[Run | Result]) -> Result | None:
    """The first thing that is wrong, or None."""
    passed: list[str] = []
    for run in runs:
        if isinstance(run, Result):
            return _after(run, passed)
        if _is_broken(run):
            return Result("fail", f"{_start(run.call)}: {_NOT_WHOLE}", _ROUND)
        if not agrees(run):
            text = _why(exercise, run, runs) or neutral(run, exercise.axes, _only(runs))
            return Result("fail", f"{_start(run.call)}: {text}", _praise(passed))
        wide = _widened(run)
        if wide is not None and _in_float32(run.call):
            return wide
        passed.append(run.call.words)
    late = (_widened(run) for run in _only(runs))
    return next((result for result in late if result is not None), None)


def _why(exercise: Exercise, first: Run, runs: Iterable[Run | Result]) -> str:
    """The misconception that explains all cases, told of the first wrong one; empty if none does."""
    every = _explained(runs)
    row = explain(value_rows(exercise), every, exercise.tolerance)
    if row is not None:
        return _filled(row.sentence, first.call)
    if first.given[0].shape == first.right[0].shape:
        return ""
    shape = shape_row(exercise, every)
    return "" if shape is None else shape.sentence


_NOT_WHOLE = "This asks for a whole number, and your function returns one with a fraction."
_ROUND = "Divide with // instead of /: it rounds down."


def _is_broken(run: Run) -> bool:
    """Whether a number that must be whole is not."""
    given, right = run.given[0], run.right[0]
    whole = right.dtype.kind == "i" and not right.ndim and not given.ndim
    return whole and given.dtype.kind == "f" and bool(np.isfinite(given)) and given % 1 != 0


def _only(runs: Iterable[Run | Result]) -> list[Run]:
    return [run for run in runs if isinstance(run, Run)]


def _explained(runs: Iterable[Run | Result]) -> list[tuple[Call, Any, Any]]:
    return [(run.call, run.given, run.right) for run in _only(runs)]


def _widened(run: Run) -> Result | None:
    """Float32 must stay float32: a network twice as wide as its weights is slow and large."""
    dtype = run.given[0].dtype
    if run.right[0].ndim == 0 or run.right[0].dtype != np.float32 or dtype == np.float32:
        return None
    if not _in_float32(run.call):
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
    return f"It is right {listed(passed)}." if passed else ""


def _start(call: Call) -> str:
    return call.words[:1].upper() + call.words[1:]


def _filled(sentence: str, call: Call) -> str:
    fields = {
        "stride": 1,
        "padding": 0,
        "dilation": 1,
        "policy": "floor",
        **call.named,
        **call.settings,
    }
    return sentence.format(**fields)
