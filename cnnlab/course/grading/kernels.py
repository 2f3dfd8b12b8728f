"""Kernels for students' code: started under limits, watched while they run, cleaned up after."""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from subprocess import DEVNULL
from typing import TYPE_CHECKING, Any

import zmq.asyncio
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

from cnnlab.course.grading import sandbox

if TYPE_CHECKING:
    from subprocess import Popen

    from cnnlab.course.grading.workers.warm import Child, Warm

    Process = Popen[bytes] | Child

BIGGEST_MESSAGE = 150_000_000  # bytes that a kernel may send at once
_PRINTS = f"--IPKernelApp.outstream_class={__package__}.workers.printing.Sparing"
WATCHED_EVERY = 0.2  # seconds
MOST_IN_FOLDER = 1_000_000, 100  # bytes and files in the folder of the sockets


class Kernels(AsyncKernelManager):
    """Starts kernels under limits and, unless told otherwise, confined."""

    box: Path
    most: sandbox.Limits
    confined: bool
    warm: "Warm | None"
    stop: Callable[[], object] | None = None  # ends the wait for it, from any thread

    def client(self, **settings: Any) -> Any:
        return super().client(context=self.context, **settings)

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        command = [*super().format_kernel_cmd(extra_arguments), _PRINTS]
        if self.warm:
            return command[command.index("ipykernel_launcher") :]
        if self.confined:
            return sandbox.sandboxed(command, self.most, self.box)
        # Beside the other processes of this user, theirs cannot be counted.
        return sandbox.limited(command, replace(self.most, processes=0))

    async def _async_launch_kernel(self, kernel_cmd: list[str], **kw: Any) -> None:
        if self.warm:
            vars(self.provisioner)["process"] = self.warm.fork(self.box, kernel_cmd)
            return
        # The kernel's own log is dropped; what cells write comes by messages.
        await super()._async_launch_kernel(
            kernel_cmd, **kw | {"stdout": DEVNULL, "stderr": DEVNULL}
        )

    def write_connection_file(self, **kwargs: Any) -> None:
        super().write_connection_file(**kwargs)
        if sandbox.is_root():  # the kernel runs as somebody else then
            os.chmod(self.connection_file, 0o644)


_RUNNING: set[Kernels] = set()


@contextmanager
def kernels(most: sandbox.Limits, confined: bool, warm: "Warm | None" = None) -> Iterator[Kernels]:
    """Make what starts one kernel, and a folder for its sockets, which is gone afterwards.

    Parameters
    ----------
    most : Limits
        What the kernel may use.
    confined : bool
        Whether bubblewrap must stand around it.
    warm : Warm, optional
        A process that forks it, confined in any case, under its own limits.

    Yields
    ------
    Kernels
    """
    # Without folders to search, "python3" is the interpreter that runs this very line.
    specs = KernelSpecManager(kernel_dirs=[])
    # Paths of sockets must be short, so not wherever TMPDIR points.
    place = "/tmp" if os.name != "nt" else None
    private = Path(tempfile.mkdtemp(prefix="cnnlab-", dir=warm.folder if warm else place))
    box = private / "box"
    box.mkdir()
    options: dict[str, Any] = {}
    if os.name != "nt":  # sockets in the box: a confined kernel has no network
        box.chmod(0o777)  # for the kernel's user; the folder around it is ours alone
        options = {"transport": "ipc", "ip": str(box / "k")}
    context = zmq.asyncio.Context()
    context.setsockopt(zmq.MAXMSGSIZE, BIGGEST_MESSAGE)  # whoever sends more is cut off
    made = Kernels(
        kernel_name="python3",
        kernel_spec_manager=specs,
        connection_file=str(box / "kernel.json"),
        context=context,
        **options,
    )
    made.box, made.most, made.confined, made.warm = box, most, confined, warm
    assert made.kernel_spec is not None
    made.kernel_spec.interrupt_mode = "message"
    _RUNNING.add(made)
    try:
        yield made
    finally:
        _RUNNING.discard(made)
        context.destroy(linger=0)
        remove(private)


def remove(folder: Path) -> None:
    """Remove a folder that a student's code could write to; no link in it is followed.

    Python's own temporary folders change permissions on their way, in some releases of a file
    that a link leads to.

    Parameters
    ----------
    folder : Path
        The folder, to which nobody writes any more.

    Examples
    --------
    >>> remove(Path(tempfile.mkdtemp()))
    """
    if sys.platform == "linux":
        for here, inside, _ in os.walk(folder):  # from the outside in, and past links
            for name in inside:
                with suppress(OSError):
                    _open_up(os.path.join(here, name))
    shutil.rmtree(folder, ignore_errors=True)


def _open_up(folder: str) -> None:
    if sys.platform == "linux":  # where programs are confined, and where there is O_PATH
        handle = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            os.chmod(f"/proc/self/fd/{handle}", 0o700)
        finally:
            os.close(handle)


async def watch(running: Kernels, checker: "Process | None" = None) -> str:
    """Wait until all processes of a kernel together use too much, and end it then.

    Parameters
    ----------
    running : Kernels
        The kernel.
    checker : Popen or Child, optional
        What runs its checks.

    Returns
    -------
    str
        What was too much.
    """
    while True:
        await asyncio.sleep(WATCHED_EVERY)
        process = getattr(running.provisioner, "process", None)
        if process is None or not running.confined:
            continue
        both = [one for one in (process, checker) if one]
        for why in (*(memory(one.pid, running.most.memory) for one in both), litter(running.box)):
            if why:
                for one in both:
                    one.kill()
                return why


def memory(pid: int, most: int) -> str:
    """Say if a process and all that it started hold more memory than they may; else nothing.

    Parameters
    ----------
    pid : int
        Number of the process.
    most : int
        Bytes. What processes share is counted once.

    Examples
    --------
    >>> memory(os.getpid(), 2**60)
    ''
    """
    places = list(_descent(pid))
    used = _sum(places, "status", ("RssAnon:", "RssShmem:"))  # known at once, and never too small
    if used > most:
        used = _sum(places, "smaps_rollup", ("Pss_Anon:", "Pss_Shmem:"))
    return (
        f"used more than {most / 2**30:g} GB of memory in all its processes" if used > most else ""
    )


def _descent(pid: int) -> Iterator[str]:
    """Where the system tells of a process and of all that it started."""
    waiting = [pid]
    while waiting:
        yield (place := f"/proc/{waiting.pop()}")
        with suppress(OSError):
            for thread in os.listdir(f"{place}/task"):
                waiting += map(int, Path(f"{place}/task/{thread}/children").read_text().split())


def _sum(places: list[str], file: str, names: tuple[str, ...]) -> int:
    used = 0
    for place in places:
        with suppress(OSError, ValueError):  # it may be over by then
            for line in Path(f"{place}/{file}").read_text().splitlines():
                if line.startswith(names):
                    used += int(line.split()[1]) * 1024
    return used


def litter(folder: Path) -> str:
    """Say if more lies in the folder of the sockets than sockets; else nothing.

    Parameters
    ----------
    folder : Path
        The folder.

    Examples
    --------
    >>> litter(Path("not-there"))
    ''
    """
    size, count = 0, 0
    for here, inside, names in os.walk(folder):
        count += len(inside) + len(names)
        if count > MOST_IN_FOLDER[1]:
            break
        for name in names:
            with suppress(OSError):
                size += os.lstat(os.path.join(here, name)).st_size
    if size > MOST_IN_FOLDER[0] or count > MOST_IN_FOLDER[1]:
        return "wrote into the folder of its sockets"
    return ""


def end_all() -> None:
    """End every kernel that runs now, and the wait for it."""
    for kernels in tuple(_RUNNING):
        process = getattr(kernels.provisioner, "process", None)
        if process is not None:
            process.kill()
        with suppress(RuntimeError):  # the wait is over already
            if kernels.stop:
                kernels.stop()
