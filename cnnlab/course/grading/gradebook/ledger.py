"""The gradebook itself, nbgrader's: points, penalties and comments are read and written here.

It is entered only where nbgrader is installed.
"""

import logging
import os
import shutil
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from cnnlab.course.labs.source import CODE_STUB, TEXT_STUB

if TYPE_CHECKING:
    from datetime import datetime

    from cnnlab.course.grading.intake.due import Terms
    from cnnlab.course.grading.lists import Given

LOG = "nbgrader.log"


@dataclass(frozen=True)
class Grade:
    """What the gradebook holds of one submission.

    Parameters
    ----------
    score : float
        Points so far.
    max_score : float
        Points of the lab.
    by_hand : bool
        Whether a person has still to grade a part of it.
    penalty : float
        Points that are lost by coming late.
    late : float
        Seconds after it was due.
    """

    score: float
    max_score: float
    by_hand: bool
    penalty: float = 0
    late: float = 0


def settings_of(folder: Path) -> Config:
    """Say where nbgrader finds a course, and what stands where a solution was taken out."""
    settings = Config()
    settings.CourseDirectory.root = str(folder.resolve())
    settings.ClearSolutions.code_stub = {"python": CODE_STUB}
    settings.ClearSolutions.text_stub = TEXT_STUB
    return settings


@contextmanager
def at_work(folder: Path) -> Iterator[None]:
    """Write nbgrader's own words to a file in the course, and let it find its helper program.

    It makes the gradebook with a program called alembic, which lies beside Python; in an
    environment that is not activated, the path does not lead there.
    """
    log = logging.getLogger("traitlets")
    handler = logging.FileHandler(folder / LOG, encoding="utf-8")
    before = log.handlers, log.propagate, log.level
    log.handlers, log.propagate = [handler], False
    log.setLevel(logging.INFO)
    path = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), path])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        os.environ["PATH"] = path
        log.handlers, log.propagate = before[0], before[1]
        log.setLevel(before[2])
        handler.close()


def grade_of(folder: Path, lab: str, student: str) -> Grade:
    """Read a grade from the gradebook, points given by hand included.

    Parameters
    ----------
    folder : Path
        The course.
    lab, student : str
        Which one.

    Returns
    -------
    Grade
    """
    with at_work(folder), _gradebook(folder) as book:
        found = book.find_submission(lab, student)
        return Grade(
            found.score,
            found.max_score,
            bool(found.needs_manual_grade),
            found.late_submission_penalty,
            found.total_seconds_late,
        )


def enter_nothing(folder: Path, lab: str, student: str) -> None:
    """Enter a submission without points, for a person to look at; those of earlier runs go.

    Parameters
    ----------
    folder : Path
        The course.
    lab, student : str
        Which one.
    """
    shutil.rmtree(folder / "autograded" / student / lab, ignore_errors=True)
    with at_work(folder), _gradebook(folder) as book:
        book.update_or_create_student(student)
        submission = book.update_or_create_submission(lab, student)
        for grade in (grade for notebook in submission.notebooks for grade in notebook.grades):
            grade.auto_score, grade.needs_manual_grade = None, True
        book.db.commit()


def settle(folder: Path, lab: str, terms: "Terms", student: str | None = None) -> None:
    """Work out what late ones lose, from the points that they have by now.

    Parameters
    ----------
    folder : Path
        The course.
    lab : str
        The lab.
    terms : Terms
        Until when it is due, for whom longer, and what a late one loses.
    student : str, optional
        Whose; by default everybody's.
    """

    def plain(when: "datetime") -> "datetime":  # the gradebook has times in UTC, without a zone
        return when.astimezone(UTC).replace(tzinfo=None)

    if terms.until is None:  # whatever was said in nbgrader's own pages stays
        return
    with at_work(folder), _gradebook(folder) as book:
        assignment = book.find_assignment(lab)
        until = assignment.duedate = plain(terms.until)
        found = [book.find_submission(lab, student)] if student else assignment.submissions
        for submission in found:
            longer = terms.extended.get(submission.student.id)
            submission.extension = plain(longer) - until if longer else None
            for notebook in submission.notebooks:
                lost = terms.penalty.of(notebook.score, submission.total_seconds_late)
                notebook.late_submission_penalty = lost or None
        book.db.commit()


def points(folder: Path, lab: str) -> dict[str, dict[str, float]]:
    """Read everybody's points, cell by cell.

    Parameters
    ----------
    folder : Path
        The course.
    lab : str
        The lab.

    Returns
    -------
    dict of str to dict of str to float
        By student, then by the name of the cell; points by hand go before a check's.
    """
    with at_work(folder), _gradebook(folder) as book:
        return {
            one.student.id: {
                grade.name: grade.score for notebook in one.notebooks for grade in notebook.grades
            }
            for one in book.find_assignment(lab).submissions
        }


def comments(folder: Path, lab: str) -> dict[str, dict[str, str]]:
    """Read what a person wrote to an answer, by student, then by the name of the cell.

    Parameters
    ----------
    folder : Path
        The course.
    lab : str
        The lab.

    Returns
    -------
    dict of str to dict of str to str
    """
    with at_work(folder), _gradebook(folder) as book:
        return {
            one.student.id: {
                comment.name: comment.manual_comment
                for notebook in one.notebooks
                for comment in notebook.comments
                if comment.manual_comment
            }
            for one in book.find_assignment(lab).submissions
        }


def give(folder: Path, lab: str, entries: "Iterable[Given]") -> None:
    """Enter points and comments that a person gives; all of them or none.

    Parameters
    ----------
    folder : Path
        The course.
    lab : str
        The lab.
    entries : iterable of Given
        Points, each for one cell of one student.
    """
    with at_work(folder), _gradebook(folder) as book:
        for one in entries:
            grade = book.find_grade(one.cell, lab, lab, one.student)
            grade.manual_score, grade.needs_manual_grade = one.points, False
            if one.comment:
                comment = book.find_comment(one.cell, lab, lab, one.student)
                comment.manual_comment = one.comment
        book.db.commit()


def _gradebook(folder: Path) -> Gradebook:
    return Gradebook(CourseDirectory(config=settings_of(folder)).db_url)


def students(folder: Path) -> list[str]:
    """List the students in the gradebook.

    Parameters
    ----------
    folder : Path
        The course.

    Returns
    -------
    list of str
    """
    with at_work(folder), _gradebook(folder) as book:
        return [student.id for student in book.students]
