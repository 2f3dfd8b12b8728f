"""Runs of a student's function on the cases of an exercise, and explaining what comes out."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from cnnlab.check.code.runner import Runner
from cnnlab.check.core.arrays import Array, same, to_array
from cnnlab.check.core.binding import Arguments
from cnnlab.check.core.differences import difference
from cnnlab.check.core.misconception import Misconception
from cnnlab.check.core.result import Result
from cnnlab.check.exercises.common.base import Call, Exercise, Outputs


class Run(NamedTuple):
    """A call, the right outputs, the student's, what came back, and how far off is right."""

    call: Call
    right: Outputs
    given: Outputs
    returned: Any = None
    slack: float | None = None


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
    args = call.args
    inputs = dict(zip(call.named, args, strict=True))
    returned = runner(Arguments(inputs, call.settings, exercise.defaults), call.words)
    if isinstance(returned, Result):
        return returned
    y = output(exercise, returned)
    if isinstance(y, Result):
        return y
    for (name, held), now in zip(call.named.items(), args, strict=True):
        if isinstance(held, np.ndarray) and not np.array_equal(held, now, equal_nan=True):
            return changed("Your function", name)
    memory = _memory(exercise, returned, call)
    if isinstance(memory, Result):
        return memory
    right = exercise.outputs(call)
    if not right[0].ndim and y.size == 1:
        y = y.reshape(())  # an array of one number is that number
    given = np.array(y), *memory
    run = Run(call, right[: 1 + len(memory)], given, returned, exercise.tolerance)
    if exercise.view or not agrees(run):  # wrong values say more than where they lie
        return run
    for name, now in zip(call.named, args, strict=True):
        if isinstance(now, np.ndarray) and np.shares_memory(y, now):
            return Result(
                "fail",
                f"The output shares its memory with {name}: changing one would change the other.",
                "Make a new array for the output.",
            )
    return run


def output(exercise: Exercise, returned: Any) -> Array | Result:
    """The output among what a student's function returns."""
    # A cache comes only where there is a backward pass; elsewhere a tuple is an output of numbers.
    cached = exercise.backward is not None and isinstance(returned, tuple) and len(returned) > 0
    return to_array(returned[0] if cached else returned, "output")


def changed(culprit: str, name: str) -> Result:
    """Say that an argument was written into.

    Examples
    --------
    >>> changed("backward", "dy").message
    'backward changes dy, which belongs to whoever called it.'
    """
    return Result(
        "fail",
        f"{culprit} changes {name}, which belongs to whoever called it.",
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


def agrees(run: Run) -> bool:
    """Whether the student's outputs are right."""
    return _all_same(run.given, run.right, run.slack)


def explain(
    rows: Sequence[Misconception[Any]],
    runs: Iterable[tuple[Any, Outputs, Outputs]],
    tolerance: float | None = None,
) -> Misconception[Any] | None:
    """Find the first row that explains all of a student's outputs together, the right ones too.

    Parameters
    ----------
    rows : sequence of Misconception
        Their models turn the settings of a run into outputs, or None where these are right.
    runs : iterable of (settings, given, right)
    tolerance : float, optional
        Of right outputs, as :func:`cnnlab.check.core.arrays.same` takes it.

    Returns
    -------
    Misconception or None
        None also if nothing is wrong.
    """
    # False sorts before True: what is wrong rules most rows out.
    every = sorted(runs, key=lambda run: _all_same(run[1], run[2], tolerance))
    if not every or _all_same(*every[0][1:], tolerance):
        return None
    return next((row for row in rows if all(_explains(row, *t, tolerance) for t in every)), None)


def _explains(
    row: Misconception[Any], settings: Any, given: Outputs, right: Outputs, tolerance: float | None
) -> bool:
    value = modelled(row, settings)
    if value is None:
        return _all_same(given, right, tolerance)
    return len(value) >= len(given) and _all_same(given, value[: len(given)])


def modelled(row: Misconception[Any], *settings: Any, **more: Any) -> Any:
    """What a misconception makes of a case; None if the case leaves no room for it.

    Examples
    --------
    >>> modelled(Misconception("inverse", lambda x: 1 / x, ""), 0) is None
    True
    """
    try:
        with np.errstate(all="ignore"):
            return row.model(*settings, **more)
    except Exception:  # a wrong model need not run on everything that the right one takes
        return None


def _all_same(given: Outputs, right: Outputs, tolerance: float | None = None) -> bool:
    return all(same(a, b, tolerance) for a, b in zip(given, right, strict=True))


def neutral(run: Run, axes: str, runs: Iterable[Run] = ()) -> str:
    """A sentence on the first output that is wrong, where no misconception explains it.

    A cause that it guesses must explain every one of the runs that is wrong.
    """
    pairs = list(zip(run.given, run.right, strict=True))
    for which, (given, right) in enumerate(pairs):
        if not same(given, right):
            text = difference(given, right, axes if which == 0 else "")
            guess = _guess(run)
            if which == 0 and given.shape != right.shape and not _one_cause(runs):
                text = re.sub(r": [^;]*", "", text)
            if which == 0 and guess and any(guess != _guess(other) for other in _wrong(runs)):
                text = "Its type and shape are right, its values are not."
            return text if which == 0 else f"y is right, what the cache remembers is not. {text}"
    return ""


def _one_cause(runs: Iterable[Run]) -> bool:
    """Whether the cause that is guessed of a wrong shape is the same wherever a shape is wrong."""
    shapes = [(r.given[0], r.right[0]) for r in runs if r.given[0].shape != r.right[0].shape]
    causes = {re.sub(r"^Its shape is \([^)]*\)|\.$", "", difference(*pair)) for pair in shapes}
    return len(causes) <= 1


def _wrong(runs: Iterable[Run]) -> list[Run]:
    """Runs of the right shape with several values that are wrong: one value fits any cause."""
    shaped = (r for r in runs if r.given[0].shape == r.right[0].shape and r.right[0].size > 1)
    return [r for r in shaped if not agrees(r)]


def _guess(run: Run) -> str:
    """The cause that is guessed of wrong values, without its numbers; empty if none is."""
    given, right = run.given[0], run.right[0]
    text = difference(given, right) if right.ndim and given.shape == right.shape else ""
    guessed = text.endswith("?") or text.startswith("Its values are wrong")
    return re.sub(r"(?<!axis )(?<!axes )[\d.e−-]+", "#", text) if guessed else ""


def widened(noun: str, name: str, dtype: Any, hint: str) -> Result:
    """Say that float32 went in and something wider came out."""
    return Result("fail", f"{noun} right, but for arrays of float32 {name} is {dtype}.", hint)
