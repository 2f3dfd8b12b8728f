"""Start a program with less memory, fewer processes, less time and fewer system calls than this one.

Run by its path as ``python limits.py MEMORY PROCESSES SECONDS USER BOXED PROGRAM …``, with nothing
but the standard library, so that it starts at once and in an empty environment.
"""

import ctypes
import errno
import os
import sys

# What no notebook needs and what attacks on the operating system's kernel begin with.
REFUSED = (
    # other roots, other namespaces
    *(
        "chroot",
        "mount",
        "mount_setattr",
        "move_mount",
        "open_tree",
        "fsconfig",
        "fsmount",
        "fsopen",
    ),
    *("fspick", "pivot_root", "setns", "umount2", "unshare"),
    # other processes
    *("pidfd_getfd", "process_madvise", "process_vm_readv", "process_vm_writev", "ptrace"),
    # the machine
    *("acct", "clock_settime", "delete_module", "finit_module", "init_module", "ioperm", "iopl"),
    *("kexec_file_load", "kexec_load", "quotactl", "reboot", "settimeofday", "swapoff", "swapon"),
    "syslog",
    # large and seldom used
    *("add_key", "bpf", "io_uring_enter", "io_uring_register", "io_uring_setup", "keyctl"),
    *("lookup_dcookie", "modify_ldt", "name_to_handle_at", "open_by_handle_at", "perf_event_open"),
    *("request_key", "userfaultfd", "vhangup"),
)
NAMESPACES = [1 << bit for bit in (17, 25, 26, 27, 28, 29, 30)]  # CLONE_NEWNS … CLONE_NEWNET
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000  # of libseccomp: what to do with a call
_NOT_EQUAL, _EQUAL, _GREATER, _MASKED = 1, 4, 6, 7  # how to compare an argument
NETLINK = 16
DUMPABLE = 4  # PR_SET_DUMPABLE: a process may read about itself in /proc, whoever it has become


class _Argument(ctypes.Structure):
    _fields_ = (
        ("number", ctypes.c_uint),
        ("compare", ctypes.c_int),
        ("a", ctypes.c_uint64),
        ("b", ctypes.c_uint64),
    )


def take(memory: int, processes: int, seconds: int, user: int, boxed: bool) -> None:
    """Take the limits, for good; Windows has no such limits, and sets none.

    Parameters
    ----------
    memory : int
        Bytes of data that a process may hold.
    processes : int
        Processes and threads of its user at one time; 0 for no limit, where that user has
        other processes too.
    seconds : int
        Processor time of one process.
    user : int
        Number of the user to become first, if this is root; 0 stays root, whom the number of
        processes does not bind.
    boxed : bool
        Whether this runs in bubblewrap, where system calls are refused too.
    """
    _limit(memory, processes, seconds)
    if sys.platform != "win32" and user and os.geteuid() == 0:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    if boxed and sys.platform == "linux":
        _give_up_rights()
    if boxed and (library := libseccomp()) is not None:
        _refuse(library)


def _give_up_rights() -> None:
    """Keep no capability, whoever this is."""
    c = ctypes.CDLL(None, use_errno=True)
    version, nothing = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    if c.capset(version, nothing) != 0 or c.prctl(DUMPABLE, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "Capabilities must be given up, but cannot be.")


def libseccomp() -> "ctypes.CDLL | None":
    """Load the library that makes filters of system calls, if there is one.

    Examples
    --------
    >>> isinstance(libseccomp(), ctypes.CDLL | None)
    True
    """
    try:
        return ctypes.CDLL("libseccomp.so.2")
    except OSError:
        return None


def _refuse(library: "ctypes.CDLL") -> None:
    """Have the operating system refuse calls, to this process and all that it starts."""
    library.seccomp_init.restype = ctypes.c_void_p
    rules = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(_ALLOW)))

    def refuse(name: str, reason: int, *arguments: _Argument) -> None:
        number = library.seccomp_syscall_resolve_name(name.encode())
        action = ctypes.c_uint32(_ERROR | reason)
        listed = (_Argument * len(arguments))(*arguments)
        if number >= 0:  # below for calls that this machine does not have
            library.seccomp_rule_add_array(rules, action, number, len(arguments), listed)

    for name in REFUSED:
        refuse(name, errno.EPERM)
    for flag in NAMESPACES:
        refuse("clone", errno.EPERM, _Argument(0, _MASKED, flag, flag))
    refuse("clone3", errno.ENOSYS)  # its flags cannot be seen; programs fall back to clone
    # Needed are sockets in a folder, through which the kernel speaks to the grading process, and
    # on the loopback of the box, where ipykernel's threads speak to each other, having asked
    # for its name by AF_NETLINK.
    for family in set(range(NETLINK)) - {1, 2}:  # AF_UNIX, AF_INET
        refuse("socket", errno.EAFNOSUPPORT, _Argument(0, _EQUAL, family, 0))
    refuse("socket", errno.EAFNOSUPPORT, _Argument(0, _GREATER, NETLINK, 0))
    beyond = _Argument(0, _EQUAL, NETLINK, 0), _Argument(2, _NOT_EQUAL, 0, 0)  # the list of nets
    refuse("socket", errno.EAFNOSUPPORT, *beyond)
    done = library.seccomp_load(rules)
    if done != 0:
        raise OSError(-done, f"The system calls must be limited, but: {os.strerror(-done)}.")


def _limit(memory: int, processes: int, seconds: int) -> None:
    if sys.platform != "win32":
        import resource

        limits = {
            resource.RLIMIT_DATA: memory,
            resource.RLIMIT_CPU: seconds,
            resource.RLIMIT_FSIZE: memory,
            resource.RLIMIT_CORE: 0,
        }
        if processes:
            limits[resource.RLIMIT_NPROC] = processes
        for kind, most in limits.items():
            hardest = resource.getrlimit(kind)[1]
            value = most if hardest == resource.RLIM_INFINITY else min(most, hardest)
            resource.setrlimit(kind, (value, value))


if __name__ == "__main__":
    memory, processes, seconds, user, boxed = map(int, sys.argv[1:6])
    take(memory, processes, seconds, user, bool(boxed))
    os.execvp(sys.argv[6], sys.argv[6:])
