"""A sandbox for a student's code with bubblewrap: what it may see, use and change.

Inside there is no network, the system and Python are read-only, nothing of the user's files
or of the course is there, temporary files are private, and memory, processes and time are
limited. The kernel speaks to the grading process through sockets in one shared folder.
"""

import os
import platform
import secrets
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cnnlab
from cnnlab.course.grading import limits

HOME, SHARED = Path("/tmp"), Path("/dev/shm")  # inside; by the second, processes share memory
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix")
SETTINGS = (
    *("/etc/alternatives", "/etc/fonts", "/etc/group", "/etc/ld.so.cache", "/etc/localtime"),
    *("/etc/nsswitch.conf", "/etc/passwd"),
)
_AS_USER = ("--unshare-all", "--cap-drop", "ALL")
# Root has no need of a user namespace, and keeps just enough to become another user.
_AS_ROOT = (
    *("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"),
    *("--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"),
)
# Where root makes a box for each child of a process in a box; other users may do so anyway.
_WARM_AS_ROOT = ("--cap-add", "CAP_SYS_ADMIN", "--cap-add", "CAP_NET_ADMIN")
UNPROTECTED = (
    "Not protected: code that attacks the kernel of the operating system. Checks run in a process "
    "of their own, but an answer may have been looked up or trained elsewhere. Read what looks odd."
)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What submissions may use.

    Parameters
    ----------
    memory : int
        Bytes of data in one process, where :func:`unlimited` says nothing else.
    processes : int
        Processes and threads at one time, of confined code.
    cell_seconds : int
        Seconds for one cell; it is interrupted then.
    seconds : int
        Seconds for the whole notebook; without a score after that.
    workers : int
        Submissions that run at the same time, by default one on each processor.

    Examples
    --------
    >>> Limits().cell_seconds
    60
    """

    memory: int = 4 * 2**30
    processes: int = 256
    cell_seconds: int = 60
    seconds: int = 600
    workers: int = os.cpu_count() or 1


def is_root() -> bool:
    """Whether this process may do everything; on Windows there is no such user.

    Examples
    --------
    >>> is_root() in (True, False)
    True
    """
    return sys.platform != "win32" and os.geteuid() == 0


def limited(command: list[str], most: Limits, user: int = 0, *, boxed: bool = False) -> list[str]:
    """Put the limits before a command; there are none on Windows.

    Parameters
    ----------
    command : list of str
        The program and its arguments.
    most : Limits
        The limits.
    user : int
        Number of the user that root becomes first; 0 for none.
    boxed : bool
        Whether system calls that no notebook needs are refused, too.

    Returns
    -------
    list of str

    Examples
    --------
    >>> limited(["python"], Limits())[-1]
    'python'
    """
    if os.name == "nt":
        return command
    words = map(str, (*numbers(most, user), int(boxed)))
    return [sys.executable, "-I", "-S", str(limits.__file__), *words, *command]


def numbers(most: Limits, user: int) -> tuple[int, int, int, int]:
    """Give the limits as :func:`cnnlab.course.grading.limits.take` wants them.

    Examples
    --------
    >>> numbers(Limits(memory=1), 0)
    (1, 256, 600, 0)
    """
    return most.memory, most.processes, most.seconds, user


def stranger() -> int:
    """Choose a user who owns nothing: the number of processes is counted by user.

    Examples
    --------
    >>> stranger() >= 2**30
    True
    """
    return 2**30 + secrets.randbelow(2**29)


def unlimited() -> str:
    """Say what the system lets code that is not confined use without a limit.

    Examples
    --------
    >>> "the number of processes" in unlimited()
    True
    """
    processes = "the number of processes"  # unconfined, they count with all others of the user
    return {
        "Linux": processes,
        "Windows": f"memory, the size of files and {processes}",
    }.get(platform.system(), f"memory and {processes}")


def sandboxed(command: list[str], most: Limits, shared: Path | None = None) -> list[str]:
    """Put bubblewrap and the limits before a command.

    Parameters
    ----------
    command : list of str
        The program and its arguments.
    most : Limits
        The limits.
    shared : Path, optional
        The one folder outside that the program may write to.

    Returns
    -------
    list of str

    Examples
    --------
    >>> sandboxed(["python"], Limits())[0]
    'bwrap'
    """
    return _box(limited(command, most, stranger(), boxed=True), most, shared)


def warmed(command: list[str], most: Limits, shared: Path) -> list[str]:
    """Put bubblewrap before a command of ours that makes a box for each child.

    Parameters
    ----------
    command : list of str
        The program and its arguments, which are trusted.
    most : Limits
        What a child may use.
    shared : Path
        A folder outside, with one for each child.

    Returns
    -------
    list of str

    Examples
    --------
    >>> warmed(["python"], Limits(), Path("/tmp/boxes"))[-1]
    'python'
    """
    return _box(command, most, shared, *(_WARM_AS_ROOT if is_root() else ()))


def _box(command: list[str], most: Limits, shared: Path | None, *rights: str) -> list[str]:
    words = ["bwrap", "--die-with-parent", "--new-session", "--clearenv"]
    words += ["--proc", "/proc", "--dev", "/dev", *(_AS_ROOT if is_root() else _AS_USER), *rights]
    for folder in (HOME, SHARED):
        words += ["--size", str(most.memory // 4), "--perms", "1777", "--tmpfs", str(folder)]
    ours = [*python(), *([str(shared)] if shared else [])]
    for folder in sorted({parent for place in ours for parent in Path(place).parents}):
        words += ["--perms", "0755", "--dir", str(folder)]  # by default for root alone
    for place in (*SYSTEM, *SETTINGS, *python()):
        words += ["--ro-bind-try", place, place]
    if shared:
        words += ["--bind", str(shared), str(shared)]
    words += ["--remount-ro", "/dev", "--remount-ro", "/"]  # not what is mounted in there
    for name, value in _environment().items():
        words += ["--setenv", name, value]
    return [*words, "--chdir", str(HOME), "--", *command]


def python() -> list[str]:
    """Where Python and this package lie, outermost first, each once.

    Examples
    --------
    >>> str(Path(sys.prefix)) in python()
    True
    """
    places = {Path(sys.prefix), Path(sys.base_prefix), Path(cnnlab.__file__).parent}
    return [str(place) for place in sorted(places)]


def _environment() -> dict[str, str]:
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"]),
        "PYTHONPATH": str(Path(cnnlab.__file__).parents[1]),
        "HOME": str(HOME),
        "LANG": "C.UTF-8",
    } | KERNEL_ENV


KERNEL_ENV = {"CNNLAB_STRICT": "1", "CNNLAB_QUIET": "1", "OMP_NUM_THREADS": "1"}


def unfiltered() -> str:
    """Say that system calls are not limited here; empty if they are.

    Examples
    --------
    >>> "libseccomp" in (unfiltered() or "libseccomp")
    True
    """
    if limits.libseccomp() is not None:
        return ""
    return (
        "System calls were not limited, because there is no libseccomp here (on Debian and Ubuntu: "
        "sudo apt install libseccomp2)."
    )


def obstacle(most: Limits) -> str:
    """Say why code cannot be confined here; empty if it can.

    Parameters
    ----------
    most : Limits
        The limits under which a first program is tried.

    Returns
    -------
    str
        Without a full stop.
    """
    if platform.system() != "Linux":
        return f"bubblewrap confines programs on Linux only, and this is {platform.system()}"
    if not shutil.which("bwrap"):
        return "bubblewrap is not installed (on Debian and Ubuntu: sudo apt install bubblewrap)"
    return _trial(most)


@cache  # it takes seconds, and a machine does not change its mind
def _trial(most: Limits) -> str:
    first = "import ipykernel; from cnnlab.course.grading import integrity; integrity.load()"
    command = sandboxed([sys.executable, "-c", first], most)
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    except subprocess.TimeoutExpired:
        return "bubblewrap did not start Python within a minute"
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        return f"bubblewrap cannot run Python here: {last[0]}"
    return ""
