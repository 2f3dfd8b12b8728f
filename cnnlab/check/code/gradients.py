"""Gradients of functions of one's own, by central differences."""

from typing import Any

from cnnlab._text import listed
from cnnlab.check.code.runs import unpaired
from cnnlab.check.core.calls import call
from cnnlab.check.core.result import Result
from cnnlab.check.core.score import check


@check
def gradient(forward: Any, backward: Any, *arrays: Any, seed: int = 0, **settings: Any) -> Result:
    """Check the gradients of any function by central differences along random directions.

    Nothing is compared with a right forward pass, so this serves functions of the student's
    own invention; see :mod:`cnnlab.scratch.gradcheck`.

    Parameters
    ----------
    forward : callable
        ``forward(*arrays, **settings) -> (y, cache)``.
    backward : callable
        ``backward(dy, cache)``: one gradient for each array of floats.
    *arrays : arrays
        Where to check; of any shape.
    seed : int
        Decides the upstream gradient and the directions.
    **settings
        Further arguments of ``forward``.
    step : str, optional
        Name of the lab's step that this answers, see :func:`cnnlab.check.lab`.

    Returns
    -------
    Result

    Examples
    --------
    >>> import numpy as np
    >>> def square(x):
    ...     return x * x, x
    >>> gradient(square, lambda dy, x: dy * x, np.array([1.0, -2.0]))
    ✗ not yet: The gradient of x does not fit the forward pass: it is 0.5 times the right one: \
a factor is missing, or averaged where it must be summed?
    """
    from cnnlab.scratch import gradcheck

    for part in (forward, backward):
        refused = unpaired(part)
        if refused is not None:
            return refused
    report = call(
        lambda: gradcheck.check(forward, backward, *arrays, seed=seed, **settings), (), {}
    )
    if isinstance(report, Result):
        return report
    for name, entry in report.entries.items():
        if not entry.ok:
            text = f"The gradient of {name} does not fit the forward pass: {entry.cause}."
            return Result("fail", text.replace("?.", "?"))
    return Result("pass", f"the gradients agree with differences: {listed(list(report.entries))}.")
