"""Where a student's functions run: the one seam through which every check calls them.

What crosses is plain data on the way there and on the way back, so that the functions may lie in
another process; a function among the arguments is the exercise's own, and goes by its name. What
only that side can see, whose memory is whose, it tells in words. A cache stays there: a later call
asks for it by the number of the call that returned it. An object stays there too: methods of a
view of it, which is ours, are called instead.
"""

import inspect
import sys
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

import numpy as np

from cnnlab.check.core.arrays import same, to_array
from cnnlab.check.core.binding import Arguments, misbound, ways
from cnnlab.check.core.calls import attempt, begin_printing
from cnnlab.check.core.error_hints import Stop
from cnnlab.check.core.result import Result
from cnnlab.check.run.plain import plain


class Earlier(NamedTuple):
    """An argument that stays where it is: a part of what an earlier call returned."""

    call: int
    part: int


class Outcome(NamedTuple):
    """What came of a call, as plain data.

    Attributes
    ----------
    number : int
        Of the call, counted from 0.
    returned : object
        A copy; None if the function was stopped.
    stop : Stop, optional
        What stopped it.
    written : tuple of str
        Arguments that it wrote into.
    shares : tuple of str
        Arguments in whose memory the output lies, the first of what was returned.
    overwritten : bool
        Whether the output of an earlier call is no longer what it was.
    """

    number: int
    returned: Any = None
    stop: Stop | None = None
    written: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()
    overwritten: bool = False


class Seam(Protocol):
    """The functions of one check, wherever they are."""

    def tensors(self) -> bool:
        """Whether a function may want tensors: PyTorch is loaded where it is."""

    def unfit(self, name: str, given: Arguments) -> tuple[str, ...] | None:
        """Names of the function's own arguments if it does not take those given, or None."""

    def call(
        self, name: str, given: Arguments, tensors: bool = False, ours: bool = False
    ) -> Outcome:
        """Call a function by its name.

        With tensors in place of arrays, where it wants them. A method of ours is called just so,
        and what it returns is not kept.
        """


class Here:
    """A seam to functions in this process.

    Examples
    --------
    >>> seam = Here({"forward": lambda x: x})
    >>> outcome = seam.call("forward", Arguments({"x": np.ones(2)}))
    >>> outcome.returned, outcome.written, outcome.shares
    (array([1., 1.]), (), ('x',))
    """

    def __init__(self, functions: Mapping[str, Callable[..., Any]]) -> None:
        begin_printing()
        self.functions = functions
        self._returned: list[tuple[str, Any, Any]] = []  # by call: function, the object, a copy

    def tensors(self) -> bool:
        return "torch" in sys.modules

    def unfit(self, name: str, given: Arguments) -> tuple[str, ...] | None:
        function = self.functions[name]
        if next(ways(function, given), None) is not None:
            return None
        return tuple(inspect.signature(function).parameters)

    def call(
        self, name: str, given: Arguments, tensors: bool = False, ours: bool = False
    ) -> Outcome:
        own = given.mapped(self._own)
        run = self._run_ours if ours else self._run
        stop, returned = run(name, own.mapped(_as_tensor) if tensors else own)
        number, copied = len(self._returned), plain(returned)
        if not ours:
            self._returned.append((name, returned, copied))
        return Outcome(
            number,
            copied,
            stop,
            tuple(key for key in given.arrays if not _equal(given.arrays[key], own.arrays[key])),
            tuple(key for key in given.arrays if _shared(returned, own.arrays[key])),
            not ours and any(map(self._overwritten, range(number))),
        )

    def _own(self, value: Any) -> Any:
        """An argument on this side: what was returned earlier, or a copy to write into."""
        if isinstance(value, Earlier):
            return self._returned[value.call][1][value.part]
        return value.copy() if isinstance(value, (np.ndarray, list)) else value

    def _run(self, name: str, given: Arguments) -> tuple[Stop | None, Any]:
        """Call a function the first way in which it takes its arguments."""
        function, first = self.functions[name], None
        for args, named in ways(function, given):
            stop, returned = attempt(function, args, named)
            if stop is None or not misbound(stop):
                return stop, returned
            first = first or stop
        return first or Stop(takes=self.unfit(name, given)), None

    def _run_ours(self, name: str, given: Arguments) -> tuple[Stop | None, Any]:
        return attempt(self.functions[name], [*given.inputs.values()], given.settings)

    def _overwritten(self, number: int) -> bool:
        name, returned, copied = self._returned[number]
        if name != self._returned[-1][0] or returned is None:
            return False
        now, then = (to_array(_output(value)) for value in (returned, copied))
        if isinstance(now, Result) or isinstance(then, Result):
            return False
        return not same(now.ravel(), then.ravel())


enter: Callable[[Mapping[str, Any]], Seam] = Here
"""Opens the seam for the functions of one check; another process would be entered here."""


def _as_tensor(value: Any) -> Any:
    """The same array as a tensor, which shares its memory; a list of numbers becomes one too."""
    import torch

    array = np.array(value) if isinstance(value, list) else value
    return torch.from_numpy(array) if isinstance(array, np.ndarray) else value


def _output(returned: Any) -> Any:
    return returned[0] if isinstance(returned, tuple) and returned else returned


def _shared(returned: Any, array: Any) -> bool:
    output = _output(returned)
    if hasattr(output, "detach"):
        output = output.detach().cpu().numpy()
    return isinstance(output, np.ndarray) and np.shares_memory(output, array)


def _equal(held: Any, now: Any) -> bool:
    return np.array_equal(held, now, equal_nan=held.dtype.kind in "fc")
