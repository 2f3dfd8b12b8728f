"""Attempts: submissions that were run side by side, each with what came of it."""

import hashlib
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cnnlab.course.grading.intake import recognising
from cnnlab.course.grading.locked_cells import marked, readable, reset
from cnnlab.course.labs.files import read

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from cnnlab.course.grading.intake.roster import Roster
    from cnnlab.course.grading.sandbox import Limits


class Attempt(NamedTuple):
    """A submission that has run, or why it has no score."""

    nb: "NotebookNode | None"
    remark: str
    file: str = ""
    passing: bool = False  # what went wrong may go well another time


def attempt(path: Path, source: "NotebookNode", most: "Limits", confined: bool) -> Attempt:
    """Run a submission in its lab's form."""
    from cnnlab.course.grading.execute import NoScoreError, NotNowError, run
    from cnnlab.course.grading.workers.keeping import at_hand

    file = fingerprint(path)
    if why := recognising.trouble(path, set(marked(source))):
        return Attempt(None, why, file)
    whole, notes = reset(read(path), source)
    try:
        with at_hand(source, most) if confined else nullcontext() as warm:
            notes += run(whole, most, confined=confined, warm=warm)
    except NoScoreError as error:
        return Attempt(None, str(error), file, isinstance(error, NotNowError))
    return Attempt(readable(whole), " ".join(notes), file)


def surely(path: Path, source: "NotebookNode", most: "Limits", confined: bool) -> Attempt:
    """Attempt it; whatever goes wrong with one submission must not end the grading of the others."""
    try:
        return attempt(path, source, most, confined)
    except Exception as error:
        why = f"Grading failed ({type(error).__name__}: {error}). Grade it again."
        return Attempt(None, why, passing=True)


def fingerprint(path: Path) -> str:
    """Tell a file's content from any other."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def results(
    run: Callable[[Path], Attempt], paths: Sequence[Path], workers: int
) -> "Generator[tuple[Path, Attempt], None, None]":
    """Attempts as they end, each with its path; whoever stops early ends what still runs."""
    from cnnlab.course.grading import kernels
    from cnnlab.course.grading.workers import interrupts, keeping

    pool = ThreadPoolExecutor(workers)
    runs: dict[Future[Attempt], Path] = {}
    try:
        for path in paths:
            runs[pool.submit(run, path)] = path
        left = set(runs)
        while left:
            ended, left = wait(left, timeout=0.2, return_when=FIRST_COMPLETED)
            interrupts.check()
            for one in [each for each in runs if each in ended]:
                yield runs[one], one.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        started = [one for one in runs if not one.cancelled()]
        while wait(started, timeout=0.05).not_done:
            kernels.end_all()
            keeping.end()
        keeping.end()


def shared(paths: dict[str, Path], listed: "Roster | None") -> dict[Path, list[str]]:
    """Whose each notebook is: what a group handed in together runs once."""
    first: dict[tuple[str, str], Path] = {}
    found: dict[Path, list[str]] = {}
    for student, path in paths.items():
        leader = listed.team(student)[0] if listed else student
        one = first.setdefault((leader, fingerprint(path)), path)
        found.setdefault(one, []).append(student)
    return found
