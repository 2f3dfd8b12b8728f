"""The grading process's side: starts a checker beside a student's kernel, and asks it to judge."""

import asyncio
import json
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbformat import NotebookNode, from_dict

from cnnlab.course.grading import sandbox
from cnnlab.course.grading.border.plan import Plan

if TYPE_CHECKING:
    from cnnlab.course.grading.workers.warm import Child, Warm

STARTS = 60  # seconds that a checker may need to start on a busy machine
LATE = 10  # seconds after its cell has ended in which a verdict must come
_LENGTH = struct.Struct("<Q")
_ANSWER = (
    "__import__('cnnlab.course.grading.border.answers', fromlist=['serve'])"
    ".serve({address!r}, {names!r})"
)


class CheckerError(Exception):
    """The checker does not say what it should."""


class Checker:
    """A checker in a process of its own.

    Parameters
    ----------
    wire : socket
        To the checker.
    process : Popen or Child
        The checker.
    """

    def __init__(self, wire: socket.socket, process: "subprocess.Popen[bytes] | Child") -> None:
        self.wire, self.process = wire, process

    async def begin(self, source: str, plan: Plan, seconds: int) -> str:
        """Have a test cell judged.

        Parameters
        ----------
        source : str
            Of the cell.
        plan : Plan
            What it needs.
        seconds : int
            For all of it.

        Returns
        -------
        str
            The code that answers it, for the student's kernel.
        """
        order = {"source": source, "seconds": seconds, "setup": plan.setup, "names": plan.names}
        await self._send(order)
        told = await self._receive(STARTS)
        return f"{plan.imports}\n{_ANSWER.format(address=told['address'], names=[*plan.names])}"

    async def verdict(self) -> list[NotebookNode]:
        """What stands below the cell that was begun, now that nobody answers it any more.

        Raises
        ------
        CheckerError
            If the checks are broken, or do not end.
        """
        await self._send({"over": True})
        told = await self._receive(LATE)
        if "broken" in told:
            raise CheckerError(f"The lab's own cells must run, but: {told['broken']}.")
        return [from_dict(one) for one in told["outputs"]]  # type: ignore[no-untyped-call]

    async def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps(message).encode()
        try:
            await asyncio.get_running_loop().sock_sendall(self.wire, _LENGTH.pack(len(data)) + data)
        except OSError as error:
            raise CheckerError(f"The checker must take orders, but: {error}.") from None

    async def _receive(self, seconds: int) -> Any:
        try:
            async with asyncio.timeout(seconds):
                (length,) = _LENGTH.unpack(await self._exactly(_LENGTH.size))
                return json.loads(await self._exactly(length))
        except (TimeoutError, EOFError, OSError) as error:
            why = (
                f"it said nothing for {seconds} seconds"
                if isinstance(error, TimeoutError)
                else error
            )
            raise CheckerError(f"The checker must answer, but: {why}.") from None

    async def _exactly(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            part = await asyncio.get_running_loop().sock_recv(self.wire, length - len(data))
            if not part:
                raise EOFError("it has ended")
            data += part
        return data


@contextmanager
def checking(
    folder: Path, most: sandbox.Limits, confined: bool, warm: "Warm | None" = None
) -> Iterator[Checker | None]:
    """Start a checker; it is ended afterwards. On Windows, which lacks such sockets, there is none.

    Parameters
    ----------
    folder : Path
        For sockets; the student's kernel sees it, too.
    most : Limits
        What the checker may use.
    confined : bool
        Whether bubblewrap must stand around it.
    warm : Warm, optional
        A process that forks it, confined in any case.

    Yields
    ------
    Checker or None
    """
    if os.name == "nt":
        yield None
        return
    program = [f"{__package__}.checker", str(folder)]
    ours, theirs = socket.socketpair()
    with ours:
        ours.setblocking(False)
        with theirs:
            process = (
                warm.fork(folder, program, theirs)
                if warm
                else _cold(program, folder, most, confined, theirs)
            )
        try:
            yield Checker(ours, process)
        finally:
            process.kill()
            process.wait()


def _cold(
    program: list[str], folder: Path, most: sandbox.Limits, confined: bool, stdin: socket.socket
) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", *program]
    return subprocess.Popen(
        sandbox.sandboxed(command, most, folder)
        if confined
        else sandbox.limited(command, replace(most, processes=0)),
        stdin=stdin.fileno(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | sandbox.KERNEL_ENV,
        cwd=folder,
    )
