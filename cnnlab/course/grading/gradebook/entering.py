"""From an attempt to a line of the list of grades; an accident with one costs the others nothing.

It is entered only where nbgrader is installed.
"""

from pathlib import Path

from cnnlab.course.grading import lists
from cnnlab.course.grading.attempts import Attempt
from cnnlab.course.grading.gradebook import converters, ledger
from cnnlab.course.grading.intake import collecting, due, roster, variants
from cnnlab.course.grading.intake.collecting import Handed
from cnnlab.course.grading.intake.roster import Roster
from cnnlab.course.grading.lists import Row


def enter(
    folder: Path,
    lab: str,
    student: str,
    attempt: Attempt,
    earlier: Row | None,
    listed: Roster | None = None,
) -> Row:
    """Enter what came of an attempt.

    Parameters
    ----------
    folder : Path
        The course.
    lab, student : str
        Which one.
    attempt : Attempt
        The submission that has run, or why it has no score.
    earlier : Row or None
        The grade of an earlier run, which stands if this one cannot be entered.
    listed : Roster, optional
        Who is in the course.

    Returns
    -------
    Row
    """
    if attempt.passing:
        return lists.standing(student, earlier, attempt.remark)
    try:
        if attempt.nb is None:
            ledger.enter_nothing(folder, lab, student)
            return Row(student, remark=attempt.remark, file=attempt.file)
        converters.enter(folder, lab, student, attempt.nb)
        ledger.settle(folder, lab, due.terms(folder, lab), student)
        drawn = variants.remark(attempt.nb, student, listed)
        said = " ".join(filter(None, (attempt.remark, drawn)))
        return _row(folder, lab, Row(student, remark=said, file=attempt.file))
    except Exception as error:  # the gradebook is held by another process, for instance
        why = f"It could not be entered ({type(error).__name__}: {error}). Grade it again."
        return lists.standing(student, earlier, why)


def updated(folder: Path, lab: str, rows: list[Row]) -> list[Row]:
    """The same lines with the points that were given by hand since, and what is lost of them.

    Parameters
    ----------
    folder : Path
        The course.
    lab : str
        The lab.
    rows : list of Row
        From the list of grades.

    Returns
    -------
    list of Row
    """
    if all(row.score == "" for row in rows):
        return rows
    ledger.settle(folder, lab, due.terms(folder, lab))
    return [row if row.score == "" else _row(folder, lab, row) for row in rows]


def _row(folder: Path, lab: str, row: Row) -> Row:
    grade = ledger.grade_of(folder, lab, row.student)
    return Row(
        row.student,
        grade.score,
        grade.max_score,
        "yes" if grade.by_hand else "",
        row.remark,
        row.file,
        penalty=grade.penalty or "",
        counts=round(grade.score - grade.penalty, 2),
        late=due.lateness(grade.late),
    )


def others(folder: Path, collected: list[Handed], graded: set[str]) -> list[Row]:
    """Whoever handed in something else, or nothing.

    Parameters
    ----------
    folder : Path
        The course.
    collected : list of Handed
        What became of everything that was handed in.
    graded : set of str
        Whose work is graded.

    Returns
    -------
    list of Row
    """
    refused = collecting.refused(collected, graded)
    rows = [Row(student, remark=why) for student, why in refused]
    try:
        listed = roster.of(folder)
        known = [*ledger.students(folder), *(listed.ids if listed else [])]
    except Exception as error:
        return [*rows, Row("", remark=f"The list of students could not be read ({error}).")]
    silent = sorted(set(known) - graded - {row.student for row in rows})
    return [*rows, *(Row(student, remark="Nothing was handed in.") for student in silent)]
