"""Grades for a platform: its own list of grades, with one column filled in.

Moodle and Canvas take back the list that they give, with their ids in it. So their file is filled
in, and nothing about their form has to be known: whoever is meant by a row is told by the roster.
"""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cnnlab._names import unknown
from cnnlab.course.grading.intake.roster import Roster
from cnnlab.course.grading.lists import Row

# Columns that say who is meant, in Moodle's lists and Canvas'; of several, all must agree.
WHO = (
    "student",
    "id",
    "sis user id",
    "sis login id",
    "id number",
    "username",
    "email address",
    "full name",
)
POINTS = "Points Possible"  # a row of Canvas that is no student's
PARTS = ("first name", "last name", "surname")


@dataclass(frozen=True)
class Filled:
    """A list that was filled in.

    Attributes
    ----------
    text : str
        The list, in the form in which it came.
    students : tuple of str
        Whose grade stands in it.
    remarks : tuple of str
        What was left as it was, and why.
    """

    text: str
    students: tuple[str, ...]
    remarks: tuple[str, ...]


def fill(path: Path, column: str, grades: Sequence[Row], roster: Roster) -> Filled:
    """Write grades into a platform's list.

    Parameters
    ----------
    path : Path
        The list, as Moodle or Canvas exports it: CSV with commas, semicolons or tabs.
    column : str
        Heading of the column to fill in; Canvas puts a number behind the name of an assignment,
        which may be left out.
    grades : sequence of Row
        Their points that count. Those without a score, and those that a person has still to complete, are left out.
    roster : Roster
        Who is in the course.

    Raises
    ------
    ValueError
        If the list has no such column, or none that says who is meant.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        text = file.read()
    dialect = csv.Sniffer().sniff(text.partition("\n")[0], ",;\t")
    heads, *rows = csv.reader(io.StringIO(text), dialect)
    place = _column(heads, column)
    who = _who(heads)
    scores = {row.student: row for row in grades if row.score != ""}
    filled: list[str] = []
    remarks: list[str] = []
    for number, row in enumerate(rows, start=2):
        if row and row[0].strip() == POINTS:
            continue
        found = {roster.identify(name)[0] for name in who(row)} - {""}
        if len(found) != 1 or len(row) <= place:
            said = " or ".join(sorted(found)) or "nobody in the roster"
            remarks.append(f"Row {number} was left as it is: {', '.join(who(row))} is {said}.")
            continue
        (student,) = found
        grade = scores.get(student)
        if student in filled:
            raise ValueError(f"{path} must name each student once, not {student} in row {number}.")
        if grade is None or grade.by_hand:
            why = "is to be completed by hand" if grade else "has no score"
            remarks.append(f"Row {number} was left as it is: {student} {why}.")
            continue
        row[place] = f"{grade.final:g}"
        filled.append(student)
    missing = sorted(set(scores) - set(filled) - {s for s, row in scores.items() if row.by_hand})
    remarks += [f"{student} has a score, but no row in the list." for student in missing]
    target = io.StringIO()
    csv.writer(target, dialect, lineterminator="\r\n").writerows([heads, *rows])
    return Filled(target.getvalue(), tuple(filled), tuple(remarks))


def _column(heads: Sequence[str], column: str) -> int:
    for place, head in enumerate(heads):
        if column in (head, head.rpartition(" (")[0]):
            return place
    raise ValueError(unknown("--column", column, heads))


def _who(heads: Sequence[str]) -> Callable[[Sequence[str]], list[str]]:
    """Return a function that reads the names in a row."""
    plain = [head.strip().casefold() for head in heads]
    groups: list[tuple[int, ...]] = [(place,) for place, head in enumerate(plain) if head in WHO]
    parts = [place for place, head in enumerate(plain) if head in PARTS]
    if len(parts) == 2:
        groups.append(tuple(parts))
    if not groups:
        raise ValueError(
            f"The list must say who is meant in one of the columns {', '.join(WHO)}, or in first "
            f"name and last name, but it has {', '.join(heads)}. Export it from the platform again."
        )

    def names(row: Sequence[str]) -> list[str]:
        wholes = (" ".join(row[place] for place in group) for group in groups)
        return [whole for whole in wholes if whole.strip()]

    return names
