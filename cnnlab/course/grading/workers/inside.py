"""The warm process: imports what a lab needs and forks confined programs that need it, too.

For each submission these are a kernel, for the student's code, and a checker. The warm process
runs in a box of bubblewrap; it never runs a student's code, and never sees a check's values or a
hidden test, so what its children share of its memory holds neither. Each child makes namespaces
of its own, in which it sees no other child, takes the limits, gives up every right, and only then
becomes its program.
"""

# mypy: warn-unreachable=False
# Each function refuses other systems first, and on those the rest of it is not reached.
import ctypes
import gc
import importlib
import json
import os
import runpy
import socket
import struct
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from cnnlab.course.grading import integrity, limits

NEW = {"files": 1 << 17, "ipc": 1 << 27, "user": 1 << 28, "processes": 1 << 29, "network": 1 << 30}
NO_SUID, NO_DEVICES, NO_PROGRAMS, BIND = 2, 4, 8, 4096  # MS_…
SET_FLAGS, UP = 0x8914, 0x41  # SIOCSIFFLAGS; IFF_UP | IFF_RUNNING
# What a kernel imports as it starts or shows its first figure, and what crosses the border.
ALWAYS = (
    *("ipykernel_launcher", "ipykernel.kernelapp", "ipykernel.debugger", "IPython.core.pylabtools"),
    *("IPython.core.completerlib", "IPython.core.debugger", "IPython.extensions.storemagic"),
    *("sqlite3", "matplotlib.backends.backend_svg", "PIL.PngImagePlugin", "PIL.JpegImagePlugin"),
    *("tornado.platform.asyncio", "cnnlab.course.grading.border.distant"),
)
# As the kernel would set it, which is too late where matplotlib was imported before.
BACKEND = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}


@dataclass(frozen=True)
class Wish:
    """What a child shall be.

    Parameters
    ----------
    program : list of str
        A module that Python runs, and its arguments; without any, the child ends at once.
    folder : str
        Of its sockets, the one place outside that it may write to.
    limits : tuple of int
        The first arguments of :func:`cnnlab.course.grading.limits.take`.
    tmpfs : list of str
        Folders for its files, which are its own and end with it.
    kept : list of str
        What must be seen through them, Python for instance.

    Examples
    --------
    >>> Wish([], "/tmp/box", (0, 0, 0, 0), ["/tmp"], []).folder
    '/tmp/box'
    """

    program: list[str]
    folder: str
    limits: tuple[int, int, int, int]
    tmpfs: list[str]
    kept: list[str]


def serve(control: socket.socket, imports: list[str]) -> None:
    """Import, say so, and fork a child for each wish until nobody is there to wish.

    Parameters
    ----------
    control : socket
        Wishes come through it, each with a socket on which the child answers, and with a second
        one if that is to be the program's standard input.
    imports : list of str
        Import statements.
    """
    if sys.platform != "linux":
        raise NotImplementedError
    os.environ.update(BACKEND)
    for name in ALWAYS:
        with suppress(ImportError):  # it makes a kernel start sooner, no more
            importlib.import_module(name)
    for line in imports:
        with suppress(ImportError):  # the notebook itself will say so, in its own words
            exec(line, {})
    if "torch" in sys.modules:  # takes a second of the first step that pads, otherwise
        importlib.import_module("torch.fx.experimental.symbolic_shapes")
    integrity.load()
    for name in [name for name in sys.modules if name.startswith("matplotlib_inline")]:
        del sys.modules[name]  # it sets itself up for the kernel that imports it
    gc.collect()
    gc.freeze()  # what never changes is then shared by all children
    if (threads := len(os.listdir("/proc/self/task"))) != 1:
        raise RuntimeError(f"A process that forks must have one thread, and has {threads}.")
    control.send(b"ready")
    while True:
        text, handles, *_ = socket.recv_fds(control, 65536, 2)
        if not text:
            return
        child = os.fork()
        if child == 0:
            control.close()
            _apart(Wish(**json.loads(text)), socket.socket(fileno=handles[0]), handles[1:])
        for handle in handles:  # before the next child, which must not inherit it
            os.close(handle)
        os.waitpid(child, 0)


def _apart(wish: Wish, answer: socket.socket, given: list[int]) -> NoReturn:
    """Leave what the children share, and fork once more: the first process of its own world."""
    if sys.platform != "linux":
        raise NotImplementedError
    try:
        _separate()
        _loopback()
        _own_files(wish)
        if first := os.fork():
            socket.send_fds(answer, [b"child"], [os.pidfd_open(first)])
            os._exit(0)
        _mount("proc", "/proc", "proc", NO_SUID | NO_DEVICES | NO_PROGRAMS)
        os.setsid()
        os.chdir(wish.tmpfs[0])
        limits.take(*wish.limits, boxed=True)
        answer.send(b"ready")
        answer.close()
        _close_all_but(given)
        program = os.fork() if wish.program else -1
        if program == 0:
            _become(*wish.program)
        while program > 0 and os.wait()[0] != program:  # what was left behind is cleaned up, too
            pass
    except BaseException as error:
        with suppress(OSError):
            answer.send(f"{type(error).__name__}: {error}".encode())
    os._exit(0)


def _become(module: str, *arguments: str) -> NoReturn:
    """Become what ``python -m`` starts."""
    import numpy as np

    np.random.seed()  # noqa: NPY002 - all children would draw the same numbers
    sys.argv = [module, *arguments]
    sys.path.insert(0, "")  # as for any module that Python is told to run; a kernel expects it
    status = 1
    try:
        runpy.run_module(module, run_name="__main__")
        status = 0
    finally:
        os._exit(status)


def _separate() -> None:
    if sys.platform != "linux":
        raise NotImplementedError
    user, group = os.getuid(), os.getgid()
    new = sum(NEW.values()) - (0 if user else NEW["user"])
    if _c().unshare(new) != 0:
        raise OSError(ctypes.get_errno(), "no namespaces of its own")
    if user:  # a world in which this user's processes are counted by themselves
        with suppress(PermissionError):  # it may be denied already
            Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def _loopback() -> None:
    if sys.platform != "linux":
        raise NotImplementedError
    import fcntl

    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sH22x", b"lo", UP))


def _own_files(wish: Wish) -> None:
    """Lay empty folders over those that all share, and in them the one of its sockets."""
    if sys.platform != "linux":
        raise NotImplementedError
    seen = [
        (place, os.open(place, os.O_PATH | os.O_DIRECTORY))
        for place in (*wish.kept, wish.folder)
        if any(Path(place).is_relative_to(hidden) for hidden in wish.tmpfs)
    ]
    for place in wish.tmpfs:
        options = f"mode=1777,size={wish.limits[0] // 4}"
        _mount("tmpfs", place, "tmpfs", NO_SUID | NO_DEVICES, options)
    for place, handle in seen:  # to read only, as before; the last one alone is its own
        os.makedirs(place, mode=0o755, exist_ok=True)
        _mount(f"/proc/self/fd/{handle}", place, "", BIND)
        os.close(handle)


def _mount(what: str, place: str, kind: str, flags: int, options: str = "") -> None:
    words = (word.encode() or None for word in (what, place, kind))
    if _c().mount(*words, ctypes.c_ulong(flags), options.encode() or None) != 0:
        raise OSError(ctypes.get_errno(), f"{place} cannot be its own")


def _c() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _close_all_but(given: list[int]) -> None:
    """Leave nothing of the parent's open; what was given becomes the standard input."""
    null = os.open(os.devnull, os.O_RDWR)
    for number, handle in enumerate(((given or [null])[0], null, null)):
        os.dup2(handle, number)
    os.closerange(3, 65536)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), json.loads(sys.argv[2]))
