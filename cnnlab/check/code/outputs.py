"""Judging the outputs of a function: the first case that is wrong, and what explains it."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from cnnlab._text import listed
from cnnlab.check.code.comparing import Run, agrees, neutral
from cnnlab.check.code.explain import explain, shape_row, value_rows
from cnnlab.check.code.runs import widened
from cnnlab.check.core.result import Result
from cnnlab.check.exercises.common.base import Call, Exercise


def verdict(exercise: Exercise, runs: Sequence[Run | Result]) -> Result | None:
    """The first thing that is wrong, or None."""
    passed: list[str] = []
    for run in runs:
        if isinstance(run, Result):
            return _after(run, passed)
        if _is_broken(run):
            return Result("fail", f"{_start(run.call)}: {_NOT_WHOLE}", _ROUND)
        if not agrees(run):
            text = _why(exercise, run, runs) or neutral(run, exercise.axes, completed(runs))
            hints = _praise(passed), _elsewhere(runs)
            return Result("fail", f"{_start(run.call)}: {text}", " ".join(filter(None, hints)))
        wide = _widened(run)
        if wide is not None and _in_float32(run.call):
            return wide
        passed.append(run.call.words)
    late = (_widened(run) for run in completed(runs))
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


def completed(runs: Iterable[Run | Result]) -> list[Run]:
    """Runs that came to an end."""
    return [run for run in runs if isinstance(run, Run)]


def _explained(runs: Iterable[Run | Result]) -> list[tuple[Call, Any, Any]]:
    return [(run.call, run.given, run.right) for run in completed(runs)]


def _widened(run: Run) -> Result | None:
    """Float32 must stay float32: a network twice as wide as its weights is slow and large."""
    dtype = run.given[0].dtype
    if run.right[0].ndim == 0 or run.right[0].dtype != np.float32 or dtype == np.float32:
        return None
    if not _in_float32(run.call):
        text = f"The values are right, but the output is {dtype}; this asks for float32."
        return Result("fail", text, "Return what .astype(np.float32) makes of it.")
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


def _elsewhere(runs: Iterable[Run | Result]) -> str:
    """What a row cannot have seen that explains only the runs that came to an end."""
    if all(isinstance(run, Run) for run in runs):
        return ""
    return "In another case something else is wrong: mend this first, and run the check again."


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
