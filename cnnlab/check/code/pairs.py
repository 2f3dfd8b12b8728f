"""A forward and a backward pass: first the values, then the gradient of each argument."""

from collections.abc import Iterable
from typing import Any

from cnnlab.check.code.comparing import Run
from cnnlab.check.code.outputs import completed, verdict
from cnnlab.check.code.pulls import Pull, judge
from cnnlab.check.code.runs import run_all, unpaired, untested
from cnnlab.check.core.arrays import Array
from cnnlab.check.core.binding import Arguments
from cnnlab.check.core.result import Result
from cnnlab.check.core.score import check
from cnnlab.check.exercises import find
from cnnlab.check.exercises.common.base import Exercise
from cnnlab.check.run import seam
from cnnlab.check.run.runner import Runner
from cnnlab.check.run.seam import Outcome


@check
def pair(forward: Any, backward: Any, name: str, *, asks: Iterable[str] | None = None) -> Result:
    """Check a forward and a backward pass together.

    Parameters
    ----------
    forward : callable
        As for :func:`cnnlab.check.function`; it returns ``(y, cache)``.
    backward : callable
        ``backward(dy, cache)`` returns the gradients of the forward pass's arrays in their
        order, a single one alone; that of a loss takes the cache only. If ``forward``
        returns y alone, ``backward`` gets the arguments of ``forward`` after dy.
    name : str
        What they must compute, such as ``"conv2d"``.
    asks : iterable of str, or "all"
        Optional arguments that belong to the question.
    step : str, optional
        Name of the lab's step that this answers, see :func:`cnnlab.check.lab`.

    Returns
    -------
    Result
        Names the first case that fails, which gradients are right in it, and the
        misconception that explains the others.

    Raises
    ------
    ValueError
        If there is no such pair, or no such argument to ask for.

    Notes
    -----
    The gradients are those of a loss ``Σ dy · y`` with a random upstream gradient dy, so
    that no output counts like another.

    Examples
    --------
    >>> import numpy as np
    >>> def relu(x):
    ...     return np.maximum(x, 0), x
    >>> pair(relu, lambda dy, x: dy * (x >= 0), "relu").status
    'fail'
    >>> pair(relu, lambda dy, x: dy * (x > 0), "relu").status
    'pass'
    """
    exercise = find(name, asks)
    if exercise.backward is None:
        raise ValueError(
            f"pair: name must be a function with a backward pass, not {name!r}. "
            "Check it with check.function."
        )
    there = seam.enter({"forward": forward, "backward": backward})
    runner = Runner(there, "forward", error_hints=exercise.error_hints)
    refused = untested(forward, runner, exercise, "forward function")
    if refused is None:
        refused = unpaired(backward)
    if refused is not None:
        return refused
    runs = run_all(runner, exercise)
    failed = verdict(exercise, runs)
    if failed is not None:
        return failed
    pulled = Runner(there, "backward", error_hints=exercise.error_hints)
    return judge(exercise, _whole(exercise, pulled), completed(runs))


def _whole(exercise: Exercise, runner: Runner) -> Pull:
    def pull(run: Run, dy: Array) -> Outcome | Result:
        call = run.call
        upstream = {"dy": dy} if dy.ndim else {}
        if run.cache is not None:
            return runner(Arguments({**upstream, "cache": run.cache}), call.words)
        return runner(
            Arguments({**upstream, **call.named}, call.settings, exercise.defaults), call.words
        )

    return pull
