"""One gradient of a backward pass by itself: that of the bias, before the others are there."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from cnnlab.check.code.functions import uncalled
from cnnlab.check.code.pairs import SEED, Pull, judge, names_of
from cnnlab.check.code.runner import Runner
from cnnlab.check.code.runs import Run
from cnnlab.check.core.arrays import Array
from cnnlab.check.core.binding import Arguments, ways
from cnnlab.check.core.calls import misfit
from cnnlab.check.core.result import Result
from cnnlab.check.core.score import check
from cnnlab.check.exercises import find
from cnnlab.check.exercises.common.base import Call, Exercise


@check
def backward(answer: Any, name: str, gradient: str, *, asks: Iterable[str] | None = None) -> Result:
    """Check a function that computes one gradient of several.

    Parameters
    ----------
    answer : callable
        The student's. It takes what the task gives it, ``bias_gradient(dy)`` or
        ``weight_gradient(dy, x, weight, stride=1, padding=0)``, and, by these names, any
        further argument of the forward pass.
    name : str
        The forward pass, such as ``"conv2d"``.
    gradient : str
        Which gradient: "d" and the name of an array that enters, such as ``"dbias"``.
    asks : iterable of str, or "all"
        Optional arguments of the forward pass that belong to the question.
    step : str, optional
        Name of the lab's step that this answers, see :func:`cnnlab.check.lab`.

    Returns
    -------
    Result
        Names the first case that fails, and the misconception that explains the gradient.

    Raises
    ------
    ValueError
        If there is no such backward pass, or no such gradient.

    Examples
    --------
    >>> backward(lambda dy: dy.sum(axis=(0, 2, 3)), "conv2d", "dbias")
    ✓ passed: dbias of conv2d is right in all 8 cases.
    >>> backward(lambda dy: dy.mean(axis=(0, 2, 3)), "conv2d", "dbias").message
    'With one image, one channel and one filter, dbias is not right: The gradient of the bias \
is a mean; each output passes on all of its dy.'
    """
    exercise = find(name, asks)
    calls = [case.draw(SEED + i) for i, case in enumerate(exercise.cases)]
    known = [f"d{array}" for array in names_of(calls[0])] if exercise.backward else []
    if gradient not in known:
        raise ValueError(
            f"backward: gradient of {name} must be one of {', '.join(known) or 'none'}, "
            f"not {gradient!r}. Choose among these."
        )
    pull = _one_of_several(exercise, answer, known.index(gradient), gradient)
    refused = uncalled(answer)  # a failed result is false: no "or"
    if refused is None:
        refused = _misfit(exercise, answer, calls, gradient)
    if refused is not None:
        return refused
    runs = [Run(call, right := exercise.outputs(call), right) for call in calls]
    return judge(exercise, pull, runs, only=gradient)


def _arguments(exercise: Exercise, call: Call, inputs: dict[str, Any], gradient: str) -> Arguments:
    """What the task documents for one gradient, and what its function may ask for besides."""
    every = {**inputs, **call.settings}
    usual = (name for name in (*inputs, *exercise.defaults) if exercise.axes or name != "dy")
    takes = exercise.takes.get(
        gradient, tuple(usual)
    )  # the dy of a loss is 1, and goes without saying
    return Arguments(
        {name: value for name, value in inputs.items() if name in takes},
        {name: value for name, value in call.settings.items() if name in takes},
        {name: value for name, value in exercise.defaults.items() if name in takes},
        {name: value for name, value in every.items() if name not in takes},
        partly=True,
    )


def _misfit(
    exercise: Exercise, answer: Callable[..., Any], calls: list[Call], gradient: str
) -> Result | None:
    for call in calls:
        given = _arguments(exercise, call, {"dy": None, **call.named}, gradient)
        if next(ways(answer, given), None) is None:
            return misfit(answer, given)
    return None


def _one_of_several(
    exercise: Exercise, answer: Callable[..., Any], which: int, gradient: str
) -> Pull:
    """The whole backward pass, with the student's gradient among the right ones."""
    runner = Runner(answer, error_hints=exercise.error_hints)

    def pull(run: Run, dy: Array, inputs: dict[str, Any]) -> Any:
        upstream = dy if dy.ndim else np.ones(())  # that of a loss is 1
        given = _arguments(exercise, run.call, {"dy": upstream, **inputs}, gradient)
        own = runner(given, run.call.words)
        if isinstance(own, Result):
            return own
        right = exercise.gradients_of(run.call, dy)
        return (*right[:which], own, *right[which + 1 :])

    return pull
