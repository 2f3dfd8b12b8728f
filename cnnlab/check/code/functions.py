"""A function: the student's own object on inputs that are hard to fool."""

from collections.abc import Iterable
from typing import Any

from cnnlab.check.code.outputs import completed, verdict
from cnnlab.check.code.runs import run_all, untested
from cnnlab.check.core.borrowed import looped
from cnnlab.check.core.result import Result
from cnnlab.check.core.score import check
from cnnlab.check.exercises import find
from cnnlab.check.run import seam
from cnnlab.check.run.runner import Runner


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
    runner = Runner(seam.enter({"function": answer}), "function", "function", exercise.error_hints)
    refused = untested(answer, runner, exercise)
    if refused is not None:
        return refused
    runs = run_all(runner, exercise)
    failed = verdict(exercise, runs)
    if failed is not None:
        return failed
    looping = "" if loops else looped(answer)
    remark = f"{looping} loops in Python; this step asks for a way without a loop."
    said = f"{name} is right in all {len(completed(runs))} cases."
    return Result("pass", said, remark if looping else "")
