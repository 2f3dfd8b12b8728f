"""Grading from the command line: hand a lab out, collect it, grade it, give it back."""

from dataclasses import replace
from pathlib import Path

from cnnlab.course.grading.course import Course
from cnnlab.course.grading.sandbox import UNPROTECTED, Limits, unlimited


def release(lab: str, course: str, lock: bool) -> int:
    """Make the notebook to hand out."""
    path = Course(Path(course)).release(lab, lock=lock)
    print(f"{path}: hand out this notebook" + ("; its solutions are locked." if lock else "."))
    return 0


def collect(lab: str, handed_in: str, course: str) -> int:
    """Take in what was handed in; 1 if anything was not."""
    found = Course(Path(course)).collect(lab, Path(handed_in))
    for one in found:
        print(f"{one.path.name}: {one.reason or 'collected, ' + one.student}")
    print(f"{sum(not one.reason for one in found)} of {len(found)} collected.")
    return int(any(one.reason for one in found))


def grade(
    lab: str,
    course: str,
    unconfined: bool,
    memory: int | None,
    cell_seconds: int | None,
    seconds: int | None,
    workers: int | None,
) -> int:
    """Grade what was collected, and say what came of everybody."""
    place = Course(Path(course))
    asked = {
        "memory": memory and memory * 2**30,
        "cell_seconds": cell_seconds,
        "seconds": seconds,
        "workers": workers,
    }
    most = replace(Limits(), **{key: value for key, value in asked.items() if value})
    rows = []
    for row in place.grade(lab, unconfined=unconfined, most=most):
        rows.append(row)
        print(row, flush=True)
    scored = sum(row.score != "" for row in rows)
    print(f"{scored} of {len(rows)} have a score: {place.grades(lab)}")
    alone = f"The code ran unconfined, and without a limit on {unlimited()}."
    print(alone if unconfined else UNPROTECTED)
    return 0


def feedback(lab: str, course: str) -> int:
    """Make what students get back."""
    for path in Course(Path(course)).feedback(lab):
        print(path)
    return 0
