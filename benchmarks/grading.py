"""Compare what a submission costs in three ways of grading, over the same right submissions.

python -m benchmarks.grading
python -m benchmarks.grading --labs 05_lab_shapes_and_parameters --write docs/speed.md

*plain* is ``nbgrader autograde``, with no confinement; *cold* starts a Python for each notebook and
one for its checks, each in bubblewrap; *warm* forks both from a process that has imported what the
lab needs. A submission's seconds of processor time, of all processes together, are those of a run
of several less those of a run of one, so what a run needs to start is left out; memory is the most
that two workers held. It needs Linux.
"""

import argparse
import ctypes
import os
import re
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import nbformat

from benchmarks.conditions import conditions
from benchmarks.tables import table, write
from cnnlab.course.grading.course import Course
from cnnlab.course.grading.sandbox import Limits
from cnnlab.course.grading.workers import keeping, warm
from cnnlab.course.labs.files import read, source_of
from cnnlab.course.labs.source import flag

LABS = {
    "04_lab_convolution_from_scratch": 2,
    "05_lab_shapes_and_parameters": 10,
    "06_lab_digit_recogniser": 1,
}
WORKERS = 2
EVERY = 0.05  # seconds
WAYS = ("plain", "cold", "warm")
MARK = re.compile(r"^[ \t]*### (BEGIN|END) SOLUTION.*\n?", re.M)
ADOPT = 36  # PR_SET_CHILD_SUBREAPER: processes whose parent is gone become ours


def submitted(folder: Path, lab: str, students: int) -> Course:
    """Make a course to which so many students handed the lab's solution in."""
    course = Course(folder)
    released = course.release(lab)
    answers = {
        cell.id: cell.source for cell in read(source_of(lab)).cells if flag(cell, "solution")
    }
    nb = read(released)
    for cell in nb.cells:
        cell.source = MARK.sub("", answers.get(cell.id, cell.source))
    for number in range(students):
        place = folder / "submitted" / f"student{number}" / lab
        place.mkdir(parents=True)
        nbformat.write(nb, place / f"{lab}.ipynb")
    return course


def grade(way: str, folder: Path, lab: str) -> None:
    """Grade in one way; it is called in a process of its own."""
    if way == "plain":
        words = ["autograde", lab, "--create", f"--CourseDirectory.root={folder}"]
        os.environ["CNNLAB_STRICT"] = "1"
        options = ["--Autograde.force=True", "--ExecutePreprocessor.timeout=600"]
        os.execv(sys.executable, [sys.executable, "-m", "nbgrader", *words, *options])
    if way == "cold":

        def refuse(*rest: object) -> None:
            raise warm.ColdError("the cold way is measured")

        warm.warm = refuse  # type: ignore[assignment]
    for row in Course(folder).grade(lab, most=Limits(workers=WORKERS)):
        if row.remark:
            raise SystemExit(str(row))
    keeping.end()


class Watch(threading.Thread):
    """What this process's descendants use, looked at many times a second.

    Those that are killed in a namespace of their own are in nobody's account of ended children.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.used: dict[tuple[int, str], int] = {}  # ticks, by process
        self.most, self.ended = 0, threading.Event()  # kB; what processes share counts once

    def run(self) -> None:
        looks = 0
        while not self.ended.wait(EVERY):
            there = descendants()
            for pid in there:
                with suppress(OSError):
                    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                    self.used[pid, words[19]] = int(words[11]) + int(words[12])
            looks += 1
            if looks % 10 == 0:
                self.most = max(self.most, sum(map(held, there)))

    def seconds(self) -> float:
        return sum(self.used.values()) / os.sysconf("SC_CLK_TCK")


def descendants() -> list[int]:
    found, waiting = [], [os.getpid()]
    while waiting:
        with suppress(OSError):
            for task in Path(f"/proc/{waiting.pop()}/task").iterdir():
                waiting += (new := [*map(int, (task / "children").read_text().split())])
                found += new
    return found


def held(pid: int) -> int:
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("Pss:")).split()[1])
    return 0


def measured(way: str, lab: str, students: int) -> tuple[float, int, object]:
    """Grade, and return seconds of all processes, the most memory that they held, and points."""
    with tempfile.TemporaryDirectory() as place:
        course = submitted(Path(place) / "course", lab, students)
        words = ["--grade", way, str(course.folder), lab]
        watch = Watch()
        watch.start()
        done = subprocess.run(
            [sys.executable, "-m", __spec__.name, *words], stderr=subprocess.DEVNULL, check=False
        )
        watch.ended.set()
        watch.join()
        if done.returncode:
            raise SystemExit(f"{way} must grade {lab}, but ended with {done.returncode}.")
        return watch.seconds(), watch.most, course.points(lab)


def compared(lab: str, students: int) -> list[str]:
    """A row of the table."""
    seconds, memory, points = {}, {}, {}
    for way in WAYS:
        first, _, _ = measured(way, lab, 1)
        whole, memory[way], points[way] = measured(way, lab, 1 + students)
        seconds[way] = (whole - first) / students
        print(lab, way, f"{first:.1f} s, then {seconds[way]:.2f} s each", flush=True)
    if any(each != points["plain"] for each in points.values()):
        raise SystemExit(f"Every way must give the same points, but: {points}.")
    times = [f"{seconds[way]:.1f} s" for way in WAYS]
    parts = [f"{seconds['warm'] / seconds[way]:.2f}" for way in ("cold", "plain")]
    sizes = [f"{memory[way] * 1024 / 1e6:.0f}" for way in ("cold", "warm")]
    return [lab.replace("_", " "), *times, *parts, *sizes]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labs", nargs="+", default=list(LABS), choices=list(LABS))
    parser.add_argument("--write", type=Path, help="a file with the markers of the table")
    parser.add_argument("--grade", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.grade:
        way, folder, lab = asked.grade
        return grade(way, Path(folder), lab)
    if ctypes.CDLL(None).prctl(ADOPT, 1, 0, 0, 0):
        raise SystemExit("Processes must be adopted to count their time, but cannot be here.")
    headings = ["", *WAYS, "warm/cold", "warm/plain", "MB cold", "MB warm"]
    lines = table(headings, [compared(lab, LABS[lab]) for lab in asked.labs])
    lines = [*conditions(), "", *lines]
    print("\n".join(lines))
    if asked.write:
        write(asked.write, "grading", lines)
    return None


if __name__ == "__main__":
    main()
