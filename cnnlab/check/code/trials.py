"""Trying a student's function on the cases of a subject, and explaining what comes out."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from cnnlab.check.code.run import Runner
from cnnlab.check.core.arrays import Array, difference, same, to_array
from cnnlab.check.core.binding import Arguments
from cnnlab.check.core.misconception import Misconception
from cnnlab.check.core.result import Result
from cnnlab.check.exercises.cases import Case, Subject
from cnnlab.check.exercises.sentences import CHANGED

Outputs: TypeAlias = tuple[Array, ...]


class Call(NamedTuple):
    """One call of a student's function: a case with its numbers drawn.

    Attributes
    ----------
    words : str
        The case.
    named : dict
        Arguments by position, with their names.
    settings : dict
        Arguments by name.
    """

    words: str
    named: dict[str, Any]
    settings: dict[str, Any]

    @property
    def args(self) -> list[Any]:
        """Arguments by position; copies, so that nobody's change reaches anyone else."""
        return [v.copy() if isinstance(v, np.ndarray) else v for v in self.named.values()]


class Trial(NamedTuple):
    """A call, the right outputs, the student's, what came back, and how far off is right."""

    call: Call
    right: Outputs
    given: Outputs
    returned: Any = None
    slack: float | None = None


def draw(case: Case, seed: int) -> Call:
    """Draw the numbers of a case.

    Examples
    --------
    >>> draw(Case("with a number", {"x": 3}), seed=0).args
    [3]
    """
    rng = np.random.default_rng(seed)
    named = {}
    for name, value in case.inputs.items():
        drawn = value(rng) if callable(value) else value
        if isinstance(drawn, np.ndarray) and drawn.dtype.kind == "f":
            drawn = drawn.astype(case.dtype)
        named[name] = drawn
    return Call(case.words, named, dict(case.settings))


def outputs(subject: Subject, returned: Any) -> Outputs:
    """What the right function, or a wrong model of it, puts out: y and the memory of its cache."""
    y, cache = returned if isinstance(returned, tuple) else (returned, None)
    return (np.asarray(y), *(np.asarray(getattr(cache, field)) for field in subject.memory))


def attempt(run: Runner, subject: Subject, made: Call) -> Trial | Result:
    """Call a student's function once, and read what it returns.

    Parameters
    ----------
    run : Runner
        The student's function.
    subject : Subject
    made : Call

    Returns
    -------
    Trial or Result
        A result if there is nothing to compare, or the call has done harm.
    """
    args = made.args
    inputs = dict(zip(made.named, args, strict=True))
    returned = run(Arguments(inputs, made.settings, subject.defaults), made.words)
    if isinstance(returned, Result):
        return returned
    y = output(subject, returned)
    if isinstance(y, Result):
        return y
    for (name, held), now in zip(made.named.items(), args, strict=True):
        if isinstance(held, np.ndarray) and not np.array_equal(held, now, equal_nan=True):
            return changed("Your function", name)
    memory = _memory(subject, returned, made)
    if isinstance(memory, Result):
        return memory
    right = outputs(subject, subject.forward(*made.args, **made.settings))
    if not right[0].ndim and y.size == 1:
        y = y.reshape(())  # an array of one number is that number
    given = np.array(y), *memory
    trial = Trial(made, right[: 1 + len(memory)], given, returned, subject.tolerance)
    if subject.view or not agrees(trial):  # wrong values say more than where they lie
        return trial
    for name, now in zip(made.named, args, strict=True):
        if isinstance(now, np.ndarray) and np.shares_memory(y, now):
            return Result(
                "fail",
                f"The output shares its memory with {name}: changing one would change the other.",
                "Make a new array for the output.",
            )
    return trial


def output(subject: Subject, returned: Any) -> Array | Result:
    """The output among what a student's function returns."""
    # A cache comes only where there is a way back; elsewhere a tuple is an output of numbers.
    cached = subject.backward is not None and isinstance(returned, tuple) and len(returned) > 0
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
        CHANGED.format(culprit=culprit, name=name),
        f"Work on a copy of {name}, or on a new array.",
    )


def _memory(subject: Subject, returned: Any, made: Call) -> Outputs | Result:
    """Results that lie in the cache; only what is asked for by name must be there."""
    if not subject.memory:
        return ()
    rest = returned[1:] if isinstance(returned, tuple) else ()
    cache = rest[0] if len(rest) == 1 else dict(zip(subject.memory, rest, strict=False))
    found = []
    for field in subject.memory:
        value = cache.get(field) if isinstance(cache, dict) else getattr(cache, field, None)
        if value is None:
            asked = "momentum" in made.settings
            return _no_memory(field) if asked else ()
        array = to_array(value, field)
        if isinstance(array, Result):
            return array
        found.append(array.copy())
    return tuple(found)


def _no_memory(field: str) -> Result:
    return Result(
        "fail",
        f"{field} must move on in training, but the cache does not hold it.",
        "Return y and a cache with the new running_mean and running_var.",
    )


def agrees(trial: Trial) -> bool:
    """Whether the student's outputs are right."""
    pairs = zip(trial.given, trial.right, strict=True)
    return all(same(given, right, trial.slack) for given, right in pairs)


def explain(
    rows: Sequence[Misconception[Any]], trials: Iterable[tuple[Any, Outputs, Outputs]]
) -> Misconception[Any] | None:
    """Find the row that explains all of a student's outputs, or else the first wrong ones.

    Parameters
    ----------
    rows : sequence of Misconception
        Their models turn the settings of a trial into outputs, or None.
    trials : iterable of (settings, given, right)

    Returns
    -------
    Misconception or None
    """
    every = list(trials)
    wrong = [trial for trial in every if not all(map(same, trial[1], trial[2]))]
    if not wrong:
        return None
    candidates = [row for row in rows if _explains(row, *wrong[0][:2])]
    for group in (every, wrong):
        for row in candidates:
            if all(_explains(row, *trial[:2]) for trial in group):
                return row
    return candidates[0] if candidates else None


def _explains(row: Misconception[Any], settings: Any, given: Outputs) -> bool:
    try:
        with np.errstate(all="ignore"):
            value = row.model(settings)
    except Exception:  # a belief that this case leaves without an answer
        return False
    if value is None:
        return False
    return len(value) >= len(given) and all(map(same, given, value[: len(given)]))


def neutral(trial: Trial, axes: str) -> str:
    """A sentence on the first output that is wrong, where no misconception explains it."""
    pairs = list(zip(trial.given, trial.right, strict=True))
    for which, (given, right) in enumerate(pairs):
        if not same(given, right):
            text = difference(given, right, axes if which == 0 else "")
            return text if which == 0 else f"y is right, what the cache remembers is not. {text}"
    return ""
