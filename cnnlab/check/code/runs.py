"""Runs of a student's function on the cases of an exercise: may it be called, and what comes out."""

from typing import Any

import numpy as np

from cnnlab.check.code.comparing import Run, agrees
from cnnlab.check.core.answers import kind, unanswered
from cnnlab.check.core.arrays import to_array
from cnnlab.check.core.binding import Arguments
from cnnlab.check.core.calls import todo
from cnnlab.check.core.result import Result
from cnnlab.check.exercises.common.base import Call, Exercise, Outputs
from cnnlab.check.run.runner import Runner
from cnnlab.check.run.seam import Earlier


def attempt(runner: Runner, exercise: Exercise, call: Call) -> Run | Result:
    """Call a student's function once, and read what it returns.

    Parameters
    ----------
    runner : Runner
        The student's function.
    exercise : Exercise
    call : Call

    Returns
    -------
    Run or Result
        A result if there is nothing to compare, or the call has done harm.
    """
    outcome = runner(Arguments(call.named, call.settings, exercise.defaults), call.words)
    if isinstance(outcome, Result):
        return outcome
    returned = outcome.returned
    # A cache comes only where there is a backward pass; elsewhere a tuple is an output of numbers.
    several = isinstance(returned, tuple) and len(returned) > 0
    cached = several and exercise.backward is not None
    y = to_array(returned[0] if cached else returned, "output")
    if isinstance(y, Result):
        return y
    if outcome.written:
        return changed("Your function", outcome.written[0])
    memory = _memory(exercise, returned, call)
    if isinstance(memory, Result):
        return memory
    right = exercise.outputs(call)
    if not right[0].ndim and y.size == 1:
        y = y.reshape(())  # an array of one number is that number
    given = np.array(y), *memory
    cache = Earlier(outcome.number, 1) if several and len(returned) > 1 else None
    run = Run(call, right[: 1 + len(memory)], given, cache, exercise.tolerance)
    shares = outcome.shares if cached or not several else ()
    if exercise.view or not agrees(run) or not shares:  # wrong values say more than where they lie
        return run
    text = f"The output shares its memory with {shares[0]}: changing one would change the other."
    return Result("fail", text, "Make a new array for the output.")


def changed(culprit: str, name: str) -> Result:
    """Say that an argument was written into.

    Examples
    --------
    >>> changed("backward", "dy").message
    'backward changes dy, which belongs to the caller.'
    """
    return Result(
        "fail",
        f"{culprit} changes {name}, which belongs to the caller.",
        f"Work on a copy of {name}, or on a new array.",
    )


def _memory(exercise: Exercise, returned: Any, call: Call) -> Outputs | Result:
    """Results that lie in the cache; only what is asked for by name must be there."""
    if not exercise.memory:
        return ()
    rest = returned[1:] if isinstance(returned, tuple) else ()
    cache = rest[0] if len(rest) == 1 else dict(zip(exercise.memory, rest, strict=False))
    fields = []
    for field in exercise.memory:
        value = cache.get(field) if isinstance(cache, dict) else getattr(cache, field, None)
        if value is None:
            return _no_memory(field) if "momentum" in call.settings else ()
        array = to_array(value, field)
        if isinstance(array, Result):
            return array
        fields.append(array.copy())
    return tuple(fields)


def _no_memory(field: str) -> Result:
    return Result(
        "fail",
        f"{field} must move on in training, but the cache does not hold it.",
        "Return y and a cache with the new running_mean and running_var.",
    )


def widened(noun: str, name: str, dtype: Any, hint: str) -> Result:
    """Say that float32 went in and something wider came out."""
    return Result("fail", f"{noun} right, but for arrays of float32 {name} is {dtype}.", hint)


_SEED = 20


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


def unpaired(part: Any) -> Result | None:
    """Say what keeps a part of a pair from being called at all, if anything does.

    Examples
    --------
    >>> unpaired(3).message
    'forward and backward must be functions, and one is an int.'
    """
    if unanswered(part):
        return todo("backward function")
    if not callable(part):
        text = f"forward and backward must be functions, and one is {kind(part)}."
        return Result("fail", text, "Give them uncalled.")
    return None


def untested(
    answer: Any, runner: Runner, exercise: Exercise, noun: str = "function"
) -> Result | None:
    """Say what keeps an answer from being called at all, if anything does."""
    refused = uncalled(answer, noun)
    if refused is not None:
        return refused
    for case in exercise.cases:
        names = dict.fromkeys(case.inputs)  # their values are not drawn yet, and do not matter
        refused = runner.refusal(Arguments(names, dict(case.settings), exercise.defaults))
        if refused is not None:
            return refused
    return None


def run_all(runner: Runner, exercise: Exercise) -> list[Run | Result]:
    """Try a student's function on every case; a case may end in a result instead."""
    calls = [case.draw(_SEED + i) for i, case in enumerate(exercise.cases)]
    first, again = (attempt(runner, exercise, calls[0]) for _ in range(2))
    if isinstance(first, Result):
        return [first]
    if isinstance(again, Run) and not _alike(first, again):
        return [_FORGETS]
    runs = [first, *(attempt(runner, exercise, call) for call in calls[1:])]
    late = attempt(runner, exercise, calls[0])
    if isinstance(late, Run) and not _alike(first, late):
        return [_FORGETS]
    return [*runs, _OVERWRITES] if runner.overwrites else runs


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
