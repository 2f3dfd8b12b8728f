"""Where attempts are made: on this machine, or on the workers of a Dask cluster.

Both give pairs of a path and its attempt; whoever asks for them keeps the gradebook. A worker gets
a notebook without a name, the lab's source and the limits, and confines the code as it is done here.
"""

import importlib.util
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import closing, contextmanager, suppress
from ipaddress import ip_address
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cnnlab._text import counted
from cnnlab.course.grading import attempts, remote
from cnnlab.course.grading.attempts import Attempt
from cnnlab.course.grading.intake.recognising import BIGGEST
from cnnlab.course.grading.sandbox import Limits, obstacle
from cnnlab.course.grading.workers import interrupts
from cnnlab.course.labs.files import text_of

if TYPE_CHECKING:
    from distributed import Client, Future
    from nbformat import NotebookNode

Pairs = Generator[tuple[Path, Attempt], None, None]
NEEDS_DISTRIBUTED = (
    "A cluster needs dask.distributed, which is not installed. In the course's environment, run: "
    'python -m pip install -e ".[cluster]"'
)
GOES_ON = "What is graded is kept: go on with --new."
ANSWERS = 10  # seconds in which a scheduler must answer
PATIENCE = 30  # seconds that a cluster may be without workers; one that was lost starts again


def local(paths: Sequence[Path], source: "NotebookNode", most: Limits, confined: bool) -> Pairs:
    """Make attempts on this machine.

    Parameters
    ----------
    paths : sequence of Path
        What was handed in.
    source : NotebookNode
        Of their lab.
    most : Limits
        What one may use, and how many run at the same time.
    confined : bool
        Whether bubblewrap must stand around students' code.

    Yields
    ------
    path, attempt : Path and Attempt
        As soon as they are there.

    Raises
    ------
    PermissionError
        If code cannot be confined here, but must.
    """
    if confined and (why := obstacle(most)):
        raise PermissionError(
            f"Students' code must be confined, but {why}. Mend that, or run it with all your "
            "own rights, network and files included: --unconfined."
        )

    def run(path: Path) -> Attempt:
        return attempts.surely(path, source, most, confined)

    with closing(attempts.results(run, paths, most.workers)) as runs:
        yield from runs


def cluster(address: str, paths: Sequence[Path], source: "NotebookNode", most: Limits) -> Pairs:
    """Make attempts on the workers of a cluster, always confined.

    Parameters
    ----------
    address : str
        Of its scheduler.
    paths : sequence of Path
        What was handed in.
    source : NotebookNode
        Of their lab.
    most : Limits
        What one may use. How many run at the same time, the workers decide.

    Yields
    ------
    path, attempt : Path and Attempt
        As soon as they are there. What a lost worker had begun is done again elsewhere.

    Raises
    ------
    PermissionError
        If the cluster is open to others, or a worker has another cnnlab or confines no code.
    ConnectionRefusedError, ConnectionAbortedError
        If there is no scheduler or no worker, or none any more.
    """
    with _connected(address) as client:
        rest, lab = iter(paths), text_of(source)
        begun: dict[Future[Attempt], Path] = {}
        while True:
            room = max(1, 2 * sum(client.nthreads().values())) - len(begun)  # none waits
            for path in islice(rest, max(0, room)):
                with path.open("rb") as file:
                    content = file.read(BIGGEST + 1)  # whoever reads more refuses it
                task = client.submit(remote.attempt, content, lab, most, remote.build(), pure=False)
                begun[task] = path
            if not begun:
                return
            for task in _ended(client, address, begun):
                path = begun.pop(task)
                yield path, _result(task)


def survey(address: str, most: Limits) -> list[str]:
    """Ask all workers of a cluster whether they are fit, and say in words what is there.

    Parameters
    ----------
    address : str
        Of its scheduler.
    most : Limits
        What one submission may use.

    Returns
    -------
    list of str
        Sentences.

    Raises
    ------
    PermissionError
        If the cluster is open to others, or a worker is not fit.
    ConnectionRefusedError
        If there is no scheduler or no worker.
    """
    with _connected(address) as client:
        threads = client.nthreads()
        lines = [
            f"{counted(len(threads), 'worker')} at {address}: up to "
            f"{counted(sum(threads.values()), 'notebook')} at the same time."
        ]
        for worker, found in client.run(
            remote.state, most, remote.build(), on_error="return"
        ).items():
            if isinstance(found, BaseException):  # another cnnlab, or none
                found = f"answers {type(found).__name__}: {found}", ""
            why, remark = found
            if why:
                raise PermissionError(remote.refused(worker, why))
            lines += [f"{worker}: {remark}"] * bool(remark)
    return lines


def private(address: str) -> bool:
    """Whether nobody but its owners reaches an address: by TLS, or because it is this machine's own.

    Examples
    --------
    >>> private("tls://cluster.example:8786"), private("tcp://127.0.0.1:8786"), private("[::1]:1")
    (True, True, True)
    >>> private("tcp://192.168.0.7:8786"), private("localhost.example:8786")
    (False, False)
    """
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    host = parts.hostname or ""
    with suppress(ValueError):
        return parts.scheme == "tls" or (parts.scheme == "tcp" and ip_address(host).is_loopback)
    return parts.scheme == "tcp" and host == "localhost"


@contextmanager
def _connected(address: str) -> "Iterator[Client]":
    """Enter a cluster that is closed to others and has a worker."""
    if importlib.util.find_spec("distributed") is None:
        raise ModuleNotFoundError(NEEDS_DISTRIBUTED)
    from distributed import Client
    from distributed.comm.core import CommClosedError

    _closed_to_others(address)
    try:
        client = Client(address, timeout=ANSWERS)
    except (OSError, TypeError) as error:  # the latter where TLS is not set up
        raise ConnectionRefusedError(
            f"A scheduler must answer at {address}, but {type(error).__name__}: {error}. Start "
            "one with dask scheduler; for tls://, name the certificates in Dask's settings."
        ) from None
    try:
        _with_workers(client, address)
        for there in (client.scheduler_info()["address"], *client.nthreads()):
            _closed_to_others(there)  # one that listens everywhere is reached by 127.0.0.1, too
        yield client
    except (CancelledError, CommClosedError):
        raise ConnectionAbortedError(f"The scheduler at {address} is gone. {GOES_ON}") from None
    finally:
        with suppress(TimeoutError):
            client.close(timeout=1)


def _closed_to_others(address: str) -> None:
    if not private(address):
        raise PermissionError(
            "Whoever reaches a cluster can run code on it, so its addresses must begin with tls:// "
            f"or belong to this machine alone, unlike {address}. Set up TLS, or start "
            "scheduler and workers with --host 127.0.0.1."
        )


def _with_workers(client: "Client", address: str) -> None:
    if not client.nthreads():
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise ConnectionRefusedError(
                "A scheduler must have a worker, but that one has none. Start one with "
                f"dask worker {address}. {GOES_ON}"
            ) from None


def _ended(
    client: "Client", address: str, begun: "dict[Future[Attempt], Path]"
) -> "set[Future[Attempt]]":
    """Wait until some attempts have ended, and see that there is somebody to wait for."""
    from distributed import wait

    for _ in range(PATIENCE):
        interrupts.check()
        with suppress(TimeoutError):
            ended: set[Future[Attempt]] = wait(list(begun), 1, "FIRST_COMPLETED").done
            return ended
    _with_workers(client, address)
    return set()


def _result(task: "Future[Attempt]") -> Attempt:
    from distributed import KilledWorker

    try:
        made: Attempt = task.result()
    except KilledWorker as error:
        times = counted(error.allowed_failures + 1, "worker")
        why = f"It was tried on {times}, and each was lost before it had ended. Grade it again."
        return Attempt(None, why, passing=True)
    return made
