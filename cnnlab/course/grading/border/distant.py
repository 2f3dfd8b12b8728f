"""The checks' side: what stands for a student's objects, and the seam to their functions."""

import builtins
import pickle
import select
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from inspect import ismethod
from typing import Any

from cnnlab.check.core.binding import Arguments
from cnnlab.check.core.borrowed import Elsewhere
from cnnlab.check.core.error_hints import Stop
from cnnlab.check.core.result import RefusedError, Result
from cnnlab.check.run.seam import Here, Outcome, Seam
from cnnlab.course.grading.border import answers, wire
from cnnlab.course.grading.border.decode import UnreadableError, decode

_LONGEST = 300  # characters of a text of the student's that a sentence may hold


class Lost(BaseException):
    """The student's process answers no more; no check may take that for an error of the answer."""


class Distant(Elsewhere):
    """An object in the student's process; what is told of it are its attributes."""

    _student: "Student"
    _number: int

    def __reduce__(self) -> tuple[Any, ...]:
        return answers.held, (self._number,)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def borrowed(self, asked: str) -> str:
        return str(self._student.ask("borrowed", self, asked))[:_LONGEST]

    def looped(self) -> str:
        return str(self._student.ask("looped", self))[:_LONGEST]


def _called(self: Distant, *args: Any, **settings: Any) -> Any:
    """Call the object in its process; what stops it there is raised here."""
    told, returned = _list(self._student.ask("invoke", self, args, settings), 2)
    if told is None:
        return returned
    raise _error(_stop(told))


def _error(stop: Stop) -> Exception:
    """The exception of Python that stopped a function there, or one that tells its name."""
    kind = getattr(builtins, stop.errors[0], None) if stop.errors else None
    if isinstance(kind, type) and issubclass(kind, Exception):
        with suppress(TypeError):  # some take more than a text
            return kind(stop.text)
    return RuntimeError(": ".join([*stop.errors[:1], stop.text]))


class Student:
    """The student's process, which is asked while a test cell runs.

    Parameters
    ----------
    over : socket
        Where the grading process says that nobody will answer any more.
    """

    def __init__(self, over: socket.socket) -> None:
        self.connection, self.over = over, over  # until it has connected
        self._known: dict[int, Distant] = {}

    def ask(self, question: str, *about: Any) -> Any:
        """Ask one question; what comes back is plain data, or stands for what stayed there."""
        try:
            wire.send(self.connection, pickle.dumps((question, *about)))
            waiting, _, _ = select.select([self.connection, self.over], [], [])
            if self.connection not in waiting:
                raise Lost
            return decode(wire.receive(self.connection), self._held)
        except (EOFError, OSError):
            raise Lost from None
        except UnreadableError as error:
            raise RefusedError(Result("fail", str(error))) from None

    def end(self) -> None:
        """Say that all checks of the cell are done."""
        wire.send(self.connection, pickle.dumps(None))

    def enter(self, functions: Mapping[str, Any]) -> Seam:
        """Open the seam for functions: there, if anything of them is the student's."""
        return (
            There(self, functions) if any(map(_is_theirs, functions.values())) else Here(functions)
        )

    def _held(self, number: int, name: str, called: bool, told: dict[str, Any]) -> Distant:
        if number not in self._known:
            made = type(name, (Distant,), {"__call__": _called} if called else {})()
            self._known[number] = made
        known = self._known[number]
        vars(known).update(told, _student=self, _number=number)
        return known


def _is_theirs(value: Any) -> bool:
    if isinstance(value, Distant):
        return True
    if ismethod(value):
        return any(map(_is_theirs, vars(value.__self__).values()))
    parts = value.values() if isinstance(value, dict) else value
    return isinstance(parts, (list, tuple, type({}.values()))) and any(map(_is_theirs, parts))


class There:
    """A seam to functions in the student's process."""

    def __init__(self, student: Student, functions: Mapping[str, Callable[..., Any]]) -> None:
        self.student = student
        self.number, self._tensors = _list(student.ask("enter", dict(functions)), 2)

    def tensors(self) -> bool:
        return self._tensors is True

    def unfit(self, name: str, given: Arguments) -> tuple[str, ...] | None:
        return _takes(self.student.ask("unfit", self.number, name, given))

    def call(
        self, name: str, given: Arguments, tensors: bool = False, ours: bool = False
    ) -> Outcome:
        return outcome(self.student.ask("call", self.number, name, given, tensors, ours))


def outcome(told: Any) -> Outcome:
    """Read what the other side tells of a call; it ends the check if that is none.

    Raises
    ------
    RefusedError

    Examples
    --------
    >>> told = {"number": 0, "returned": 3, "stop": None, "written": [], "shares": ["x"]}
    >>> outcome(told | {"overwritten": False})
    Outcome(number=0, returned=3, stop=None, written=(), shares=('x',), overwritten=False)
    """
    if not isinstance(told, dict) or told.keys() != {*Outcome._fields}:
        raise RefusedError(_NO_OUTCOME)
    if type(told["number"]) is not int:
        raise RefusedError(_NO_OUTCOME)
    return Outcome(
        told["number"],
        told["returned"],
        None if told["stop"] is None else _stop(told["stop"]),
        _texts(told["written"]),
        _texts(told["shares"]),
        told["overwritten"] is True,
    )


_NO_OUTCOME = Result(
    "fail",
    "The check called a function, but what came back is not a function's result: something in the "
    "notebook answers in its place.",
    "Leave Python and the course's package as they are.",
)


def _list(value: Any, length: int) -> list[Any]:
    if not isinstance(value, list) or len(value) != length:
        raise RefusedError(_NO_OUTCOME)
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise RefusedError(_NO_OUTCOME)
    return tuple(each[:_LONGEST] for each in value)


def _takes(value: Any) -> tuple[str, ...] | None:
    return None if value is None else _texts([*value] if isinstance(value, tuple) else value)


def _stop(told: Any) -> Stop:
    errors, text, place, takes = _list(told, 4)
    first, rest = _texts([text, place])
    names = _texts(errors)
    if not names and takes is None:
        raise RefusedError(_NO_OUTCOME)
    return Stop(names, first, rest, _takes(takes))
