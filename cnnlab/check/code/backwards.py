"""One gradient of a backward pass by itself: that of the bias, before the others are there."""

import inspect
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from cnnlab.check.code.code_misconceptions import gradients
from cnnlab.check.code.functions import uncalled
from cnnlab.check.code.pairs import SEED, judge, names_of
from cnnlab.check.code.trials import Call, Trial, draw, outputs
from cnnlab.check.core.answers import unanswered
from cnnlab.check.core.result import Result
from cnnlab.check.core.score import graded
from cnnlab.check.exercises.cases import Subject
from cnnlab.check.exercises.subjects import subject


@graded
def backward(answer: Any, name: str, gradient: str, *, asks: Iterable[str] | None = None) -> Result:
    """Check a function that computes one gradient of several.

    Parameters
    ----------
    answer : callable
        The student's. It takes, by these names and in any order, whatever it needs of dy, the
        arguments of the forward pass and its settings: ``bias_gradient(dy)``, or
        ``weight_gradient(dy, x, weight, stride=1, padding=0)``.
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
    ✓ passed: dbias of conv2d is right in all 6 cases.
    >>> backward(lambda dy: dy.mean(axis=(0, 2, 3)), "conv2d", "dbias").message
    'With one image, one channel and one filter, dbias is not right: The gradient of the bias \
is a mean; each output passes on all of its dy.'
    """
    asked = subject(name, asks)
    calls = [draw(case, SEED + i) for i, case in enumerate(asked.cases)]
    known = [f"d{array}" for array in names_of(calls[0])] if asked.backward else []
    if gradient not in known:
        raise ValueError(
            f"backward: gradient of {name} must be one of {', '.join(known) or 'none'}, "
            f"not {gradient!r}. Choose among these."
        )
    refused = uncalled(answer)  # a failed result is false: no "or"
    if refused is None:
        refused = _unknown(answer, calls)
    if refused is not None:
        return refused
    tried = [Trial(made, right := _forward(asked, made), right) for made in calls]
    return judge(name, asked, _among(asked, answer, known.index(gradient)), tried, only=gradient)


def _forward(asked: Subject, made: Call) -> Any:
    return outputs(asked, asked.forward(*made.args, **made.settings))


def _unknown(answer: Callable[..., Any], calls: list[Call]) -> Result | None:
    given = ["dy", *calls[0].named, *dict.fromkeys(k for made in calls for k in made.settings)]
    needed = [p.name for p in _parameters(answer) if p.default is p.empty and p.name not in given]
    if not needed:
        return None
    message = f"Your function asks for {needed[0]}, which the check does not know."
    return Result("fail", message, f"It may take {', '.join(given)}, by these names.")


def _parameters(answer: Callable[..., Any]) -> list[inspect.Parameter]:
    try:
        every = inspect.signature(answer).parameters.values()
    except (TypeError, ValueError):
        return []
    return [p for p in every if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]


def _among(asked: Subject, answer: Callable[..., Any], which: int) -> Callable[..., Any]:
    """The whole backward pass, with the student's gradient among the right ones."""
    taken = {p.name for p in _parameters(answer)}

    def every(*args: Any, **settings: Any) -> Any:
        names = list(asked.cases[0].inputs)
        dy = args[0] if len(args) > len(names) else np.ones(())  # that of a loss is 1
        named = dict(zip(names, args[-len(names) :], strict=True))
        right = gradients(asked, asked.forward, asked.backward, Call("", named, settings), dy)
        given = {"dy": dy, **named, **settings}
        own = answer(**{key: value for key, value in given.items() if key in taken})
        if unanswered(own):
            return None
        return (*right[:which], own, *right[which + 1 :])

    return every
