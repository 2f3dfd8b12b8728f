"""Running a student's function: the one way in which every check calls it."""

import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from cnnlab.check.core.answers import unanswered
from cnnlab.check.core.binding import Arguments, misbound, ways
from cnnlab.check.core.calls import attempt, failed, misfit, todo
from cnnlab.check.core.error_hints import ErrorHint
from cnnlab.check.core.result import Result


class Runner:
    """A student's function, called with documented arguments as it takes them.

    Arguments go by name, by position or as ``*args`` and ``**settings``, whichever fits; a
    function of tensors gets tensors.

    Parameters
    ----------
    function : callable
    noun : str
        What it is.
    error_hints : sequence of ErrorHint
        Errors whose causes are known.

    Examples
    --------
    >>> run = Runner(lambda a, s=1: a / s)
    >>> run(Arguments({"x": 6.0}, {"stride": 2}, {"stride": 1}))
    3.0
    >>> run(Arguments({"x": 6.0}, {"stride": 0}, {"stride": 1}), "with stride 0").message
    'With stride 0: your function stops with ZeroDivisionError: float division by zero. ...'
    """

    def __init__(
        self,
        function: Callable[..., Any],
        noun: str = "function",
        error_hints: Sequence[ErrorHint] = (),
    ) -> None:
        self.function, self.noun, self.error_hints = function, noun, error_hints
        self._tensors = False

    def __call__(self, given: Arguments, where: str = "") -> Any:
        """What the function returns, or a result that says why it returned nothing."""
        if self._tensors:
            return self._call(_as_tensors(given), where)
        returned = self._call(given, where)
        if not isinstance(returned, Result) or "torch" not in sys.modules:
            return returned
        again = self._call(_as_tensors(given), where)
        if isinstance(again, Result):
            return again if _asks_for_tensors(returned) else returned
        self._tensors = True
        return again

    def _call(self, given: Arguments, where: str) -> Any:
        first: Result | None = None
        for args, named in ways(self.function, given):
            error, returned = attempt(self.function, args, named)
            if error is None or not misbound(error):
                break
            first = first or failed(error, where, self.noun, self.error_hints, bool(given.settings))
        else:
            return misfit(self.function, given) if first is None else first
        if error is None:
            return todo(self.noun) if unanswered(returned) else returned
        return failed(error, where, self.noun, self.error_hints, bool(given.settings))


def _as_tensors(given: Arguments) -> Arguments:
    """The same arrays as tensors, which share their memory."""
    import torch

    def tensor(value: Any) -> Any:
        return torch.from_numpy(value) if isinstance(value, np.ndarray) else value

    return given._replace(
        inputs={name: tensor(value) for name, value in given.inputs.items()},
        extras={name: tensor(value) for name, value in given.extras.items()},
    )


def _asks_for_tensors(result: Result) -> bool:
    """Whether an error came because arrays were given to a function of tensors."""
    return "Tensor" in result.message or "numpy.ndarray' object has no" in result.message
