"""Gradients of functions of one's own, by central differences."""

import copy
from collections.abc import Sequence
from typing import Any

from cnnlab._text import listed
from cnnlab.check.code.runs import unpaired
from cnnlab.check.code.slopes import differences, first_wrong, wrong_slope
from cnnlab.check.core.arrays import Array
from cnnlab.check.core.result import RefusedError, Result
from cnnlab.check.core.score import check
from cnnlab.check.run.things import Thing
from cnnlab.scratch.gradcheck import checks

_DOES_NOT_FIT = "does not fit the forward pass"


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
    for part in (forward, backward):
        refused = unpaired(part)
        if refused is not None:
            return refused
    pair = Thing(_Pair(forward, backward), "function")
    names = pair.ask("names", len(arrays)).returned
    passes = _Passes(pair, names)
    report = differences(
        lambda: checks.check_named(names, passes.forward, passes.backward, arrays, settings, seed)
    )
    wrong = first_wrong(report, _DOES_NOT_FIT)
    if wrong is not None:
        return wrong
    return Result("pass", f"the gradients agree with differences: {listed(list(report.entries))}.")


class _Pair:
    """A student's two functions, on their side."""

    def __init__(self, forward: Any, backward: Any) -> None:
        self._forward, self._backward = forward, backward

    def names(self, count: int) -> list[str]:
        return checks.names(self._forward, count)

    def output(self, *arrays: Any, **settings: Any) -> tuple[Any]:
        y, _ = self._forward(*arrays, **copy.deepcopy(settings))
        return (y,)

    def gradients(self, *arrays: Any, **settings: Any) -> tuple[Any]:
        _, cache = self._forward(*arrays[:-1], **copy.deepcopy(settings))
        return (self._backward(arrays[-1], cache),)


class _Passes:
    """The same two functions on this side, as differences call them."""

    def __init__(self, pair: Thing, names: Sequence[str]) -> None:
        self._pair, self._names = pair, names

    def forward(self, *arrays: Any, **settings: Any) -> tuple[Any, Any]:
        """The output, and in place of a cache all that entered."""
        return self._ask("output", "forward", arrays, settings), (arrays, settings)

    def backward(self, dy: Array, entered: Any) -> Any:
        arrays, settings = entered
        return self._ask("gradients", "backward", (*arrays, dy), settings)

    def _ask(self, method: str, culprit: str, arrays: Any, settings: Any) -> Any:
        outcome = self._pair.ask(method, *arrays, **settings)
        if outcome.written:
            name = [*self._names, "dy"][int(outcome.written[0])]
            raise RefusedError(
                wrong_slope(name, _DOES_NOT_FIT, f"{culprit} changes {name} in place")
            )
        return outcome.returned[0]
