"""One gradient of a backward pass by itself: that of the bias, before the others are there."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from cnnlab.check.code.comparing import Run
from cnnlab.check.code.pulls import SEED, Pull, judge, names_of
from cnnlab.check.code.runs import uncalled
from cnnlab.check.core.arrays import Array
from cnnlab.check.core.binding import Arguments
from cnnlab.check.core.result import Result
from cnnlab.check.core.score import check
from cnnlab.check.exercises import find
from cnnlab.check.exercises.common.base import Call, Exercise
from cnnlab.check.run import seam
from cnnlab.check.run.runner import Runner
from cnnlab.check.run.seam import Outcome


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
    runner = Runner(seam.enter({gradient: answer}), gradient, error_hints=exercise.error_hints)
    pull = _one_of_several(exercise, runner, known.index(gradient), gradient)
    refused = uncalled(answer)  # a failed result is false: no "or"
    if refused is None:
        refused = _misfit(exercise, runner, calls, gradient)
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


def _misfit(exercise: Exercise, runner: Runner, calls: list[Call], gradient: str) -> Result | None:
    every = (_arguments(exercise, call, {"dy": None, **call.named}, gradient) for call in calls)
    return next((no for given in every if (no := runner.refusal(given)) is not None), None)


def _one_of_several(exercise: Exercise, runner: Runner, which: int, gradient: str) -> Pull:
    """The whole backward pass, with the student's gradient among the right ones."""

    def pull(run: Run, dy: Array) -> Outcome | Result:
        upstream = dy if dy.ndim else np.ones(())  # that of a loss is 1
        given = _arguments(exercise, run.call, {"dy": upstream, **run.call.named}, gradient)
        outcome = runner(given, run.call.words)
        if isinstance(outcome, Result):
            return outcome
        right = exercise.gradients_of(run.call, dy)
        every = (*right[:which], outcome.returned, *right[which + 1 :])
        return outcome._replace(returned=every)

    return pull
