"""Judging a backward pass: the gradients of cases whose outputs are right."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from cnnlab._text import listed
from cnnlab.check.code.comparing import Run
from cnnlab.check.code.explain import Pulled, explain, gradient_rows, one_gradient
from cnnlab.check.code.runs import changed, widened
from cnnlab.check.core.answers import unanswered
from cnnlab.check.core.arrays import Array, same, to_array
from cnnlab.check.core.result import Result
from cnnlab.check.exercises.common.base import Call, Exercise, Outputs
from cnnlab.check.run.seam import Outcome

Pull: TypeAlias = Callable[[Run, Array], Outcome | Result]


SEED = 41


def judge(exercise: Exercise, pull: Pull, runs: Sequence[Run], only: str = "") -> Result:
    """Judge a backward pass on calls whose forward pass is right.

    Parameters
    ----------
    exercise : Exercise
    pull : callable
        From a run and dy to what came of a call of the student's function.
    runs : sequence of Run
    only : str
        The one gradient that is the student's; empty if all are.

    Returns
    -------
    Result
    """
    pulled: list[Pulled] = []
    failed: Result | None = None
    for seed, run in enumerate(runs):
        one = _pull(exercise, pull, run, seed)
        if isinstance(one, Result):
            if one.status == "todo" and pulled:
                one = Result("fail", "backward returns nothing in some cases.")
            failed = one
            break
        pulled.append(one)
    wrong = [p for p in pulled if not all(map(same, p.given, p.right))]
    if wrong:
        return _wrong(exercise, pulled, wrong[0], only)
    if failed is not None:
        return failed
    wide = _widened(pulled)
    if wide is not None:
        return wide
    what = f"{only} of {exercise.name} is" if only else f"{exercise.name} and its gradients are"
    return Result("pass", f"{what} right in all {len(pulled)} cases.")


def _pull(exercise: Exercise, pull: Pull, run: Run, seed: int) -> Pulled | Result:
    """Pull one upstream gradient back through the student's functions, twice."""
    rng = np.random.default_rng([SEED, seed])
    y = run.right[0]
    dy = np.asarray(rng.standard_normal(y.shape), y.dtype) if y.ndim else y
    right = exercise.gradients_of(run.call, dy)
    first = _ask(pull, run, dy, right)
    if isinstance(first, Result):
        return first
    second = _ask(pull, run, dy, right)
    if isinstance(second, Result):
        return second
    if all(map(same, first, right)) and not all(map(same, second, first)):
        return _ADDED
    return Pulled(run.call, dy, right, first)


_ADDED = Result(
    "fail",
    "Called a second time, backward gives other gradients: something is left from the first call.",
    "Set each gradient from scratch in every call; do not add to what an earlier call left.",
)


def _ask(pull: Pull, run: Run, dy: Array, right: Outputs) -> Outputs | Result:
    outcome = pull(run, dy)
    if isinstance(outcome, Result):
        return outcome
    if outcome.written:
        return changed("backward", outcome.written[0])
    return _read(run.call, outcome.returned, right)


def _read(call: Call, result: Any, right: Outputs) -> Outputs | Result:
    """The gradients, in the order of the arrays."""
    names = names_of(call)[: len(right)]
    if isinstance(result, dict):
        result = tuple(result.get(name, result.get(f"d{name}")) for name in names)
    every = tuple(result) if isinstance(result, tuple | list) else (result,)
    if isinstance(result, list) and len(right) == 1 and not _holds(result, right[0]):
        every = (result,)
    wanted = ", ".join(f"d{name}" for name in names)
    if len(every) < len(right):
        return Result(
            "fail",
            f"backward must return {wanted}, and {len(every)} came back.",
            "Return them as a tuple in this order.",
        )
    gradients = []
    for name, value in zip(names, every, strict=False):
        if unanswered(value):
            return Result("fail", f"backward gives no gradient for {name}.", f"Return {wanted}.")
        array = to_array(value, f"gradient d{name}")
        if isinstance(array, Result):
            return array
        gradients.append(array.copy())
    return tuple(gradients)


def _holds(result: list[Any], right: Array) -> bool:
    """Whether a list is a list of gradients, not itself one."""
    return len(result) == 1 and len(right) != 1 and np.shape(result[0]) == right.shape


def names_of(call: Call) -> list[str]:
    """Name the arrays of a call that have a gradient."""
    skipped = ("running_mean", "running_var")
    return [
        name
        for name, value in call.named.items()
        if isinstance(value, np.ndarray) and value.dtype.kind == "f" and name not in skipped
    ]


def _wrong(exercise: Exercise, pulled: Sequence[Pulled], first: Pulled, only: str) -> Result:
    names = names_of(first.call)
    verdicts = list(zip(names, map(same, first.given, first.right), strict=False))
    good = [f"d{n}" for n, ok in verdicts if ok]
    bad = [f"d{n}" for n, ok in verdicts if not ok]
    row = explain(gradient_rows(exercise), [((p.call, p.dy), p.given, p.right) for p in pulled])
    where = names.index(bad[0][1:])
    text = row.sentence if row is not None else one_gradient(exercise, pulled, where)
    before = [p.call.words for p in pulled[: pulled.index(first)]]
    case = first.call.words
    if only:
        hint = f"It is right {listed(before)}." if before else ""
        return Result("fail", f"{case[:1].upper()}{case[1:]}, {only} is not right: {text}", hint)
    praise = f"{listed(good)} {'are' if len(good) > 1 else 'is'} right, " if good else ""
    return Result(
        "fail",
        f"forward is right; {case}, {praise}{listed(bad)} "
        f"{'is' if len(bad) == 1 else 'are'} not: {text}",
        f"Gradients are right {listed(before)}." if before else "",
    )


def _widened(pulled: Sequence[Pulled]) -> Result | None:
    for one in pulled:
        for name, given, right in zip(names_of(one.call), one.given, one.right, strict=False):
            if right.dtype == np.float32 and given.dtype != np.float32:
                hint = "Give new arrays the dtype of x."
                return widened("The gradients are", f"d{name}", given.dtype, hint)
    return None
