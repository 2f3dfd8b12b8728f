"""nbgrader's programs over a course: hand out, enter what has run, make pages for students.

It is entered only where nbgrader is installed.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import DictLoader
from nbconvert.exporters import HTMLExporter, NotebookExporter
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import (
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

from cnnlab.course.grading import shown
from cnnlab.course.grading.gradebook.ledger import at_work, settings_of
from cnnlab.course.grading.intake.due import RECEIVED
from cnnlab.course.labs.source import without_spare_stub

if TYPE_CHECKING:
    from nbformat import NotebookNode

# In place of the script that sets formulas, which lies on the network, a page has a rule.
NO_SCRIPT = {"mathjax.html.j2": f"{{% macro mathjax(url='') %}}{shown.RULE}{{% endmacro %}}"}


def _convert(converter: type[BaseConverter], folder: Path, lab: str, student: str = "*") -> None:
    settings = settings_of(folder)
    place = CourseDirectory(config=settings)
    place.assignment_id, place.student_id = lab, student
    one = converter(coursedir=place, config=settings)
    one.force = True
    with at_work(folder):
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


def enter(folder: Path, lab: str, student: str, executed: "NotebookNode") -> None:
    """Enter the points of a submission into the gradebook.

    Parameters
    ----------
    folder : Path
        The course.
    lab, student : str
        Which one.
    executed : NotebookNode
        The submission in its lab's form, with the outputs of its checks.
    """

    class Given(NotebookExporter):
        """Takes the notebook that has run for the one that was handed in."""

        def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:
            return self.from_notebook_node(executed, resources, **kw)  # type: ignore[no-untyped-call]

    def show(nb: "NotebookNode", resources: Any) -> tuple["NotebookNode", Any]:
        return shown.shown(nb), resources  # points are given by then

    class Executed(Autograde):  # type: ignore[misc]
        """nbgrader's grading of a notebook that has already run, so in one pass.

        Cells and what nbgrader knows of them are the lab's own: they are not checked again, and
        the notebook as a whole is validated once.
        """

        exporter_class = Given
        sanitize_preprocessors = List([OverwriteCells, LimitOutput, SaveAutoGrades, show])

        def convert_single_notebook(self, notebook_filename: str) -> None:
            self.exporter.optimistic_validation = True
            self._init_preprocessors()
            BaseConverter.convert_single_notebook(self, notebook_filename)

    _convert(Executed, folder, lab, student)


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
    place = folder / "feedback" / student / lab
    (place / RECEIVED).unlink(missing_ok=True)  # nbgrader copies whatever lies beside a notebook
    return place / f"{lab}.html"
