"""Start a program with less memory, fewer processes and less time than this one has.

Run by its path as ``python limits.py MEMORY PROCESSES SECONDS USER PROGRAM …``, with nothing
but the standard library, so that it starts at once and in an empty environment.
"""

import os
import sys


def start(memory: int, processes: int, seconds: int, user: int, program: list[str]) -> None:
    """Take the limits and become the program; Windows has no such limits, and sets none.

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
    program : list of str
        The command.
    """
    _limit(memory, processes, seconds)
    if sys.platform != "win32" and user and os.geteuid() == 0:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    os.execvp(program[0], program)


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
    memory, processes, seconds, user = map(int, sys.argv[1:5])
    start(memory, processes, seconds, user, sys.argv[5:])
