"""The student's side: runs in their kernel, in place of a test cell, and answers its checks.

Nothing here is trusted by the other side, which a student's code could answer as well.
"""

import pickle
import sys
from collections.abc import Mapping
from typing import Any

from cnnlab.check.core import borrowed, progress
from cnnlab.check.core.calls import attempt
from cnnlab.check.core.error_hints import Stop
from cnnlab.check.run.seam import Here, Outcome
from cnnlab.course.grading.border import wire
from cnnlab.course.grading.border.encode import encode

_held: list[Any] = []  # what stays here, by number
_numbers: dict[int, int] = {}  # by identity; what is held keeps its own


def serve(address: str, names: list[str]) -> None:
    """Answer the checks of one test cell until they are done.

    Parameters
    ----------
    address : str
        Of the socket on which they wait.
    names : list of str
        What they may ask of the notebook's names.
    """
    scope = sys._getframe(1).f_globals
    with wire.local() as connection:
        connection.connect(address)
        side = _Side({name: scope[name] for name in names if name in scope})
        while (order := pickle.loads(wire.receive(connection))) is not None:
            name, *rest = order
            wire.send(connection, getattr(side, name)(*rest))


def held(number: int) -> Any:
    """Give an object back that stayed here.

    Parameters
    ----------
    number : int
    """
    return _held[number]


def _hold(value: Any) -> int:
    if id(value) not in _numbers:
        _held.append(value)
        _numbers[id(value)] = len(_held) - 1
    return _numbers[id(value)]


class _Side:
    """What the checks ask for, one method a question; each gives bytes."""

    def __init__(self, scope: Mapping[str, Any]) -> None:
        self.scope, self.seams = scope, list[Here]()

    def names(self) -> bytes:
        return encode(dict(self.scope), _hold)

    def enter(self, functions: Mapping[str, Any]) -> bytes:
        self.seams.append(Here(functions))
        return encode([len(self.seams) - 1, self.seams[-1].tensors()])

    def unfit(self, seam: int, *given: Any) -> bytes:
        return encode(self.seams[seam].unfit(*given))

    def call(self, seam: int, *given: Any) -> bytes:
        return encode(told(self.seams[seam].call(*given)))

    def invoke(self, function: Any, args: Any, settings: Any) -> bytes:
        stop, returned = attempt(function, args, settings)
        return encode([None if stop is None else _said(stop), returned], _hold)

    def borrowed(self, function: Any, asked: str) -> bytes:
        return encode(borrowed.borrowed(function, asked))

    def looped(self, function: Any) -> bytes:
        return encode(borrowed.looped(function))

    def record(self, steps: Mapping[str, Any]) -> bytes:
        """Let the notebook's score know how the steps stand."""
        own = progress.current()
        for step, status in steps.items():
            if not own.declared or step in own.titles:
                own.admit(step, sys._getframe())
                own.record(step, status)
        return encode(None)


def _said(stop: Stop) -> list[Any]:
    takes = None if stop.takes is None else list(stop.takes)
    return [list(stop.errors), stop.text, stop.place, takes]


def told(outcome: Outcome) -> dict[str, Any]:
    """What came of a call, in words that :func:`distant.outcome` reads.

    Examples
    --------
    >>> told(Outcome(0, 3))["returned"]
    3
    """
    stop = None if outcome.stop is None else _said(outcome.stop)
    lists = {"written": list(outcome.written), "shares": list(outcome.shares)}
    return outcome._asdict() | lists | {"stop": stop}
