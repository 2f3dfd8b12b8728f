"""Ask a warm process for confined programs: each is there in a fraction of a second."""

# mypy: warn-unreachable=False
# Each function refuses other systems first, and on those the rest of it is not reached.
import ast
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cnnlab.course.grading import sandbox
from cnnlab.course.grading.workers import inside
from cnnlab.course.labs.source import flag, is_test, parse

if TYPE_CHECKING:
    from nbformat import NotebookNode

SECONDS = 60  # to import everything, or to fork; far more than it takes


class ColdError(RuntimeError):
    """Why there is no warm process, or no child of it."""


class EndedError(ColdError):
    """It was to end before it was ready."""


_RUNNING: set["subprocess.Popen[bytes]"] = set()


def end_all() -> None:
    """End every warm process; whoever waits for one hears of it."""
    while _RUNNING:
        _RUNNING.pop().kill()


class Child:
    """A process that another one forked: as much of ``Popen`` as Jupyter uses.

    Parameters
    ----------
    handle : int
        A pidfd, which is closed with this object.
    """

    stdin = stdout = stderr = None

    def __init__(self, handle: int) -> None:
        self._handle = handle
        weakref.finalize(self, os.close, handle)
        told = Path(f"/proc/self/fdinfo/{handle}").read_text()
        found = re.search(r"^Pid:\s*(\d+)$", told, re.M)
        self.pid = int(found[1]) if found else 0

    def poll(self) -> int | None:
        """Return 0 if it has ended, however it ended."""
        return self._ended(0)

    def wait(self) -> int:
        """Wait until it has ended."""
        self._ended(None)
        return 0

    def _ended(self, milliseconds: int | None) -> int | None:
        if sys.platform != "linux":
            raise NotImplementedError
        waiting = select.poll()
        waiting.register(self._handle, select.POLLIN)
        return 0 if waiting.poll(milliseconds) else None

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if sys.platform != "linux":
            raise NotImplementedError
        if self.poll() is None:
            signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        """End it, and with it every process that it started: it is the first of its world."""
        if sys.platform != "win32":
            self.send_signal(signal.SIGKILL)

    terminate = kill


@dataclass(frozen=True)
class Warm:
    """A process that has imported what a lab needs.

    Parameters
    ----------
    control : socket
        To it.
    folder : Path
        The folder in which those of the children's sockets lie.
    most : Limits
        What each child may use.
    process : Popen
        The process.
    """

    control: socket.socket
    folder: Path
    most: sandbox.Limits
    process: "subprocess.Popen[bytes]"

    def runs(self) -> bool:
        """Whether it can still fork."""
        return self.process.poll() is None

    def fork(self, folder: Path, program: list[str], stdin: socket.socket | None = None) -> Child:
        """Have it fork a program.

        Parameters
        ----------
        folder : Path
            The one in :attr:`folder` that it may write to.
        program : list of str
            A module that Python runs, and its arguments; without any, the child ends at once.
        stdin : socket, optional
            Its standard input; empty by default.

        Returns
        -------
        Child

        Raises
        ------
        ColdError
            If the child cannot be confined.
        """
        if sys.platform != "linux":
            raise NotImplementedError
        numbers = sandbox.numbers(self.most, sandbox.stranger())
        tmpfs = [str(sandbox.HOME), str(sandbox.SHARED)]
        wish = inside.Wish(program, str(folder), numbers, tmpfs, sandbox.python())
        mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with mine, theirs:
            mine.settimeout(SECONDS)
            try:
                handles = [one.fileno() for one in (theirs, stdin) if one]
                socket.send_fds(self.control, [json.dumps(asdict(wish)).encode()], handles)
                theirs.close()
                return _born(mine)
            except OSError as error:
                raise ColdError(f"the warm process does not answer ({error})") from None


def _born(answer: socket.socket) -> Child:
    """Wait for a child and for its word that it is confined, in whichever order they come."""
    if sys.platform != "linux":
        raise NotImplementedError
    child, ready = None, False
    while not (child and ready):
        said, handles, *_ = socket.recv_fds(answer, 1000, 1)
        if handles:
            child = Child(handles[0])
        elif said == b"ready":
            ready = True
        else:
            why = said.decode(errors="replace")
            raise ColdError(why or "the child ended before it was ready")
    return child


@contextmanager
def warm(imports: list[str], most: sandbox.Limits) -> Iterator[Warm]:
    """Start a warm process, which ends with this context.

    Parameters
    ----------
    imports : list of str
        Import statements that are carried out before the first fork.
    most : Limits
        What each child may use.

    Yields
    ------
    Warm

    Raises
    ------
    ColdError
        If it does not start.
    """
    if sys.platform != "linux":
        raise ColdError(f"only Linux has what it takes, and this is {sys.platform}")
    with tempfile.TemporaryDirectory(prefix="cnnlab-", dir=sandbox.HOME) as private:
        folder = Path(private) / "boxes"  # the one around it is ours alone, outside
        (folder / "trial").mkdir(parents=True)
        folder.chmod(0o755)
        mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        program = [sys.executable, "-m", inside.__name__, str(theirs.fileno()), json.dumps(imports)]
        command = sandbox.warmed(program, most, folder)
        with (
            mine,
            theirs,
            tempfile.TemporaryFile() as errors,
            subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
                pass_fds=[theirs.fileno()],
                process_group=0,  # Ctrl+C is for the process that ends it
            ) as process,
        ):
            _RUNNING.add(process)
            theirs.close()
            try:
                mine.settimeout(SECONDS)
                if mine.recv(100) != b"ready":
                    errors.seek(0)
                    last = errors.read().decode(errors="replace").strip().splitlines()[-1:]
                    error = ColdError if process in _RUNNING else EndedError
                    raise error(" ".join(last) or "it ended without a word")
                made = Warm(mine, folder, most, process)
                made.fork(folder / "trial", []).wait()  # children can be confined here
                yield made
            except TimeoutError:
                raise ColdError(f"it was not ready after {SECONDS} seconds") from None
            finally:
                _RUNNING.discard(process)
                process.kill()


def imports(source: "NotebookNode") -> list[str]:
    r"""List the lab's own import statements, which students have, too.

    Parameters
    ----------
    source : NotebookNode
        The source; its solutions and tests are left out.

    Returns
    -------
    list of str

    Examples
    --------
    >>> from nbformat import v4
    >>> from cnnlab.course.labs import cells
    >>> imports(v4.new_notebook(cells=[cells.fixed("setup", "import math\nmath.pi")]))
    ['import math']
    """
    found: dict[str, None] = {}
    for cell in source.cells:
        if cell.cell_type == "code" and flag(cell, "locked") and not is_test(cell):
            for node in ast.walk(_parsed(cell.source)):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    found[ast.unparse(node)] = None
    return list(found)


def _parsed(code: str) -> ast.Module:
    try:
        return parse(code)
    except SyntaxError:  # a magic
        return ast.Module([], [])
