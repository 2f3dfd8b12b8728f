"""The process of the checks: ``python -m cnnlab.course.grading.border.checker FOLDER``.

Its standard input is a socket, from which it takes orders and to which it gives verdicts. No code
of a student ever runs here.
"""

import ast
import json
import os
import secrets
import select
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from cnnlab.check.core import progress
from cnnlab.check.core.result import RefusedError
from cnnlab.check.run import seam
from cnnlab.course.grading.border import wire
from cnnlab.course.grading.border.distant import Lost, Student

LATER = 2  # seconds that the kernel has to stop first, and to say so
LOST = "The answer of this step did not reach its check."
SLOW = "The check of this step was stopped after {seconds} seconds."


class _Slow(BaseException):
    """The time of a test cell is over."""


class Checker:
    """Runs test cells, one after the other, in one namespace.

    Parameters
    ----------
    grader : socket
        Gives orders and gets verdicts.
    folder : str
        Of the sockets on which it waits for students' processes.
    """

    def __init__(self, grader: socket.socket, folder: str) -> None:
        self.grader, self.folder = grader, folder
        self.student = Student(grader)
        seam.enter = self.student.enter
        self.scope: dict[str, Any] = {"__name__": "lab", "display": lambda *args, **kwargs: None}

    def run(self) -> None:
        """Do what is ordered until the grading process closes."""
        while True:
            try:
                order = json.loads(wire.receive(self.grader))
            except EOFError:
                return
            # Nobody can be there before it, who does not know its name.
            verdict = self._judge(order, os.path.join(self.folder, secrets.token_hex(8)))
            wire.send(self.grader, json.dumps(verdict).encode())
            wire.receive(self.grader)  # that nobody will answer any more

    def _judge(self, order: dict[str, Any], address: str) -> dict[str, Any]:
        with _listening(address) as listener, _alarm(order["seconds"] + LATER):
            wire.send(self.grader, json.dumps({"address": address}).encode())
            try:
                return self._verdict(order, listener)
            except Lost:
                return {"outputs": [_error("NotPassed", LOST)]}
            except _Slow:
                return {"outputs": [_error("NotPassed", SLOW.format(**order))]}

    def _verdict(self, order: dict[str, Any], listener: socket.socket) -> dict[str, Any]:
        try:
            for source in order["setup"]:
                exec(compile(source, "<lab>", "exec"), self.scope)
        except Exception as error:  # of the lab's own
            return {"broken": f"{type(error).__name__}: {error}"}
        waiting, _, _ = select.select([listener, self.grader], [], [])
        if listener not in waiting:
            raise Lost
        connection, _ = listener.accept()
        with connection:
            self.student.connection = connection
            progress.start("checks", ())
            outputs = self._outputs(order)
            with suppress(Lost, OSError, RefusedError):
                self.student.ask("record", dict(progress.current().standing))
                self.student.end()
        return {"outputs": outputs}

    def _outputs(self, order: dict[str, Any]) -> list[dict[str, Any]]:
        """What a notebook would show below the cell."""
        try:
            for name in order["names"]:
                self.scope.pop(name, None)
            told = self.student.ask("names")
            known = told if isinstance(told, dict) else {}
            self.scope.update({name: known[name] for name in order["names"] if name in known})
            return _shown(self._last(order["source"]))
        except Exception as error:
            return [_error(type(error).__name__, str(error))]

    def _last(self, source: str) -> Any:
        """Run a cell; the value of its last line."""
        tree = ast.parse(source)
        last = tree.body.pop()
        if not isinstance(last, ast.Expr):
            tree.body.append(last)
        exec(compile(tree, "<check>", "exec"), self.scope)
        if not isinstance(last, ast.Expr):
            return None
        return eval(compile(ast.Expression(last.value), "<check>", "eval"), self.scope)


def _shown(value: Any) -> list[dict[str, Any]]:
    if value is None:
        return []
    data = {"text/plain": repr(value)}
    if hasattr(type(value), "_repr_html_"):
        data["text/html"] = value._repr_html_()
    return [
        {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": None}
    ]


def _error(name: str, text: str) -> dict[str, Any]:
    lines = f"{name}: {text}".splitlines()
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": lines}


@contextmanager
def _listening(address: str) -> Iterator[socket.socket]:
    with wire.local() as listener:
        before = os.umask(0)  # the student's process is another user's, where root grades
        listener.bind(address)
        os.umask(before)
        listener.listen()
        try:
            yield listener
        finally:
            with suppress(OSError):  # by then it may be anything
                os.unlink(address)


@contextmanager
def _alarm(seconds: int) -> Iterator[None]:
    def ring(*_: Any) -> None:
        raise _Slow

    if sys.platform != "win32":  # where no checker is started
        signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        if sys.platform != "win32":
            signal.setitimer(signal.ITIMER_REAL, 0)


def main(folder: str) -> None:
    """Serve the grading process.

    Parameters
    ----------
    folder : str
        For sockets.
    """
    with socket.socket(fileno=os.dup(0)) as grader:
        Checker(grader, folder).run()


if __name__ == "__main__":
    main(sys.argv[1])
