"""Take in what was handed in: keep all of it, and put what counts where nbgrader looks for it."""

import filecmp
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from cnnlab.course.grading import lists
from cnnlab.course.grading.intake import collecting, due, recognising, roster
from cnnlab.course.grading.intake.collecting import Handed
from cnnlab.course.grading.intake.receiving import receive


def collect(
    folder: Path, lab: str, handed_in: Path, names: set[str], at: datetime | None = None
) -> list[Handed]:
    """Take in everything that students handed in.

    Parameters
    ----------
    folder : Path
        The course.
    lab : str
        Name of the lab.
    handed_in : Path
        A folder or zip archive, see :meth:`cnnlab.course.grading.course.Course.collect`.
    names : set of str
        Marked cells of the lab.
    at : datetime, optional
        When all of it came; by default, the date of each file.

    Returns
    -------
    list of Handed
        What became of each file or folder.
    """
    before = len(list(folder.glob(f"received/{lab}/*")))
    place = folder / "received" / lab / str(before + 1)
    unread, known = receive(handed_in, place, lab), roster.of(folder)

    def team(student: str) -> tuple[str, ...]:
        return known.team(student) if known else (student,)

    found = [
        one if one.reason else _take(one, team(one.student), folder / "submitted", lab, names, at)
        for one in collecting.find(place, lab, names, known, unread)
    ]
    now = {member: one for one in found if not one.reason for member in team(one.student)}
    table = folder / f"collected_{lab}.csv"
    earlier = [
        one
        if one.reason or one.student not in now
        else replace(one, reason=f"A later one counts: {now[one.student].path}.")
        for one in collecting.listed(table)
    ]
    if rows := [*earlier, *found]:
        lists.write(table, rows)
    return found


def _take(
    handed: Handed,
    team: Sequence[str],
    submitted: Path,
    lab: str,
    names: set[str],
    at: datetime | None,
) -> Handed:
    """Copy a notebook for everybody whose it is; what cannot be graded never replaces what can."""
    why = recognising.trouble(handed.path, names)
    targets = [submitted / student / lab / f"{lab}.ipynb" for student in team]
    standing = [target.is_file() and not recognising.trouble(target, names) for target in targets]
    if why and any(standing):
        return replace(handed, reason=f"{why} The earlier one counts.")
    dated = datetime.fromtimestamp(handed.path.stat().st_mtime).astimezone()
    when = at or min(dated, datetime.now().astimezone())  # nothing comes after it was collected
    for target in targets:
        target.parent.mkdir(parents=True, exist_ok=True)
        same = target.is_file() and filecmp.cmp(target, handed.path, shallow=False)
        if not same:
            shutil.copyfile(handed.path, target)
        if at or not same or not target.with_name(due.RECEIVED).is_file():
            due.note(target, when)
    return replace(handed, reason=why)
