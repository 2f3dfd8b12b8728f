"""The part of a course that nbgrader does: the gradebook, points, feedback pages.

Only :mod:`cnnlab.course.grading.course` enters this module, and only where nbgrader is installed.
"""

import logging
import os
import shutil
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import DictLoader
from nbconvert.exporters import HTMLExporter
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearHiddenTests,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LimitOutput,
    LockCells,
    OverwriteCells,
    SaveAutoGrades,
    SaveCells,
)
from traitlets import List
from traitlets.config import Config

from cnnlab.course.grading import shown
from cnnlab.course.labs.source import CODE_STUB, TEXT_STUB, without_spare_stub

if TYPE_CHECKING:
    from nbformat import NotebookNode

LOG = "nbgrader.log"
# In place of the script that sets formulas, which lies on the network, a page has this rule.
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
RULE = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
NO_SCRIPT = {"mathjax.html.j2": f"{{% macro mathjax(url='') %}}{RULE}{{% endmacro %}}"}


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
    """

    score: float
    max_score: float
    by_hand: bool


def _settings(folder: Path) -> Config:
    settings = Config()
    settings.CourseDirectory.root = str(folder.resolve())
    settings.ClearSolutions.code_stub = {"python": CODE_STUB}
    settings.ClearSolutions.text_stub = TEXT_STUB
    return settings


@contextmanager
def _at_work(folder: Path) -> Iterator[None]:
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


def _convert(converter: type[BaseConverter], folder: Path, lab: str, student: str = "*") -> None:
    settings = _settings(folder)
    place = CourseDirectory(config=settings)
    place.assignment_id, place.student_id = lab, student
    one = converter(coursedir=place, config=settings)
    one.force = True
    with _at_work(folder):
        one.start()


def generate(folder: Path, lab: str) -> Path:
    """Enter a lab into the gradebook and make the version to hand out.

    Parameters
    ----------
    folder : Path
        The course.
    lab : str
        Its name; the source is in ``source/LAB/LAB.ipynb``.

    Returns
    -------
    Path
        The notebook to hand out.
    """

    class Lean(GenerateAssignment):  # type: ignore[misc]
        """nbgrader's version to hand out, without stubs below dots."""

        preprocessors = List(
            [
                LockCells,
                ClearSolutions,
                _without_spare_stubs,
                ClearOutput,
                CheckCellMetadata,
                ComputeChecksums,
                SaveCells,
                ClearHiddenTests,
                ComputeChecksums,
                CheckCellMetadata,
            ]
        )

    _convert(Lean, folder, lab)
    return folder / "release" / lab / f"{lab}.ipynb"


def _without_spare_stubs(nb: "NotebookNode", resources: Any) -> tuple["NotebookNode", Any]:
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.source = without_spare_stub(cell.source)
    return nb, resources


def enter(folder: Path, lab: str, student: str, executed: "NotebookNode") -> Grade:
    """Enter the points of a submission into the gradebook.

    Parameters
    ----------
    folder : Path
        The course.
    lab, student : str
        Which one.
    executed : NotebookNode
        The submission in its lab's form, with the outputs of its checks.

    Returns
    -------
    Grade
    """

    def give(nb: "NotebookNode", resources: Any) -> tuple["NotebookNode", Any]:
        return executed, resources

    def show(nb: "NotebookNode", resources: Any) -> tuple["NotebookNode", Any]:
        return shown.shown(nb), resources  # points are given by then

    class Executed(Autograde):  # type: ignore[misc]
        """nbgrader's grading of a notebook that has already run."""

        sanitize_preprocessors = List([give, OverwriteCells, CheckCellMetadata])
        autograde_preprocessors = List(
            [LimitOutput, SaveAutoGrades, AssignLatePenalties, show, CheckCellMetadata]
        )

    _convert(Executed, folder, lab, student)
    return grade_of(folder, lab, student)


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
    with _at_work(folder), _gradebook(folder) as book:
        found = book.find_submission(lab, student)
        return Grade(found.score, found.max_score, bool(found.needs_manual_grade))


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
    with _at_work(folder), _gradebook(folder) as book:
        book.update_or_create_student(student)
        submission = book.update_or_create_submission(lab, student)
        for grade in (grade for notebook in submission.notebooks for grade in notebook.grades):
            grade.auto_score, grade.needs_manual_grade = None, True
        book.db.commit()


class _Offline(HTMLExporter):
    """Pages that need no network and run no script: their formulas are MathML."""

    def __init__(self, **settings: Any) -> None:
        loaders = [DictLoader(NO_SCRIPT)]
        super().__init__(**settings, extra_loaders=loaders)  # type: ignore[no-untyped-call]
        self.register_filter("markdown2html", shown.page)  # type: ignore[no-untyped-call]


class _Feedback(GenerateFeedback):  # type: ignore[misc]
    exporter_class = _Offline


def feedback(folder: Path, lab: str, student: str) -> Path:
    """Make the page that a student gets back.

    Parameters
    ----------
    folder : Path
        The course.
    lab, student : str
        Which one.

    Returns
    -------
    Path
        The page.
    """
    _convert(_Feedback, folder, lab, student)
    return folder / "feedback" / student / lab / f"{lab}.html"


def _gradebook(folder: Path) -> Gradebook:
    return Gradebook(CourseDirectory(config=_settings(folder)).db_url)


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
    with _at_work(folder), _gradebook(folder) as book:
        return [student.id for student in book.students]
