"""An instructor's course: hand a lab out, collect it, grade it, give it back.

Everything lies in one folder, laid out as nbgrader does: ``source``, ``release``,
``submitted``, ``autograded``, ``feedback`` and the gradebook ``gradebook.db``, so that
nbgrader's own commands and pages work there too.
"""

import importlib.util
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cnnlab.course.generated import LINKS
from cnnlab.course.grading import collecting, lists
from cnnlab.course.grading.lists import Row
from cnnlab.course.grading.locked_cells import marked, reset
from cnnlab.course.grading.sandbox import Limits, obstacle
from cnnlab.course.labs.files import LOCK, read, source_of, text_of
from cnnlab.course.labs.problems import problems

if TYPE_CHECKING:
    from types import ModuleType

    from nbformat import NotebookNode

    from cnnlab.course.grading.collecting import Handed
    from cnnlab.course.grading.gradebook import Grade

DEFAULT = Limits()
NEEDS_NBGRADER = (
    "This command needs nbgrader, which is not installed. In the course's environment, run: "
    'python -m pip install -e ".[instructor]"'
)


def _nbgrader() -> "ModuleType":
    if importlib.util.find_spec("nbgrader") is None:
        raise ModuleNotFoundError(NEEDS_NBGRADER)
    from cnnlab.course.grading import gradebook

    return gradebook


def _row(student: str, grade: "Grade", remark: str) -> Row:
    return Row(student, grade.score, grade.max_score, "yes" if grade.by_hand else "", remark)


class _Attempt(NamedTuple):
    """A submission that has run, or why it has no score."""

    nb: "NotebookNode | None"
    remark: str


def _attempt(path: Path, source: "NotebookNode", most: Limits, confined: bool) -> _Attempt:
    from cnnlab.course.grading.execute import NoScoreError, run

    if why := collecting.trouble(path, set(marked(source))):
        return _Attempt(None, why)
    whole, notes = reset(read(path), source)
    try:
        notes += run(whole, most, confined=confined)
    except NoScoreError as error:
        return _Attempt(None, str(error))
    return _Attempt(whole, " ".join(notes))


def _surely(path: Path, source: "NotebookNode", most: Limits, confined: bool) -> _Attempt:
    """Attempt it; whatever goes wrong with one submission must not end the grading of the others."""
    try:
        return _attempt(path, source, most, confined)
    except Exception as error:
        return _Attempt(None, f"Grading failed ({type(error).__name__}: {error}). Grade it again.")


@dataclass(frozen=True)
class Course:
    """A folder with everything of one course.

    Parameters
    ----------
    folder : Path
        Anywhere but in the checkout of cnnlab; it is made if need be.

    Examples
    --------
    >>> Course(Path("autumn")).source("05_lab_pooling").parent.as_posix()
    'autumn/source/05_lab_pooling'
    """

    folder: Path

    def source(self, lab: str) -> Path:
        """Where this course keeps the source of a lab."""
        return self.folder / "source" / lab / f"{lab}.ipynb"

    def grades(self, lab: str) -> Path:
        """Where the list of grades goes."""
        return self.folder / f"grades_{lab}.csv"

    def _source(self, lab: str) -> "NotebookNode":
        if not self.source(lab).is_file():
            raise FileNotFoundError(
                f"{lab} must be handed out before it comes back, but this course has no "
                f"{self.source(lab)}. Run python -m cnnlab release {lab} first."
            )
        return read(self.source(lab))

    def release(self, lab: str | Path, *, lock: bool = False) -> Path:
        """Enter a lab into the gradebook and make the notebook to hand out.

        Parameters
        ----------
        lab : str or path
            A lab of the course, or a source of your own.
        lock : bool
            Whether ``python -m cnnlab solution`` refuses this lab's solutions from now on,
            wherever the handed-out notebook lies. It is an agreement, no safe.

        Returns
        -------
        Path
            The notebook to hand out.

        Raises
        ------
        ValueError
            If the source is not in the form of a lab.
        """
        nbgrader = _nbgrader()
        own = Path(lab)
        source = own if own.suffix == ".ipynb" and own.is_file() else source_of(lab)
        wrong = list(problems(nb := read(source)))
        if wrong:
            raise ValueError(f"{source} must have the form of a lab. {' '.join(wrong)}")
        nb.metadata.setdefault("cnnlab", {})[LOCK] = lock
        for cell in nb.cells:
            if cell.get("id") == LINKS:  # what is handed out is a copy already
                cell.source = cell.source.splitlines()[-1]
        target = self.source(source.stem)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text_of(nb), encoding="utf-8", newline="\n")
        released: Path = nbgrader.generate(self.folder, source.stem)
        return released

    def collect(self, lab: str, handed_in: Path) -> "list[Handed]":
        """Take in everything that students handed in.

        Parameters
        ----------
        lab : str
            The lab.
        handed_in : Path
            A folder with a folder for each student, or with notebooks ``STUDENT_LAB.ipynb``.

        Returns
        -------
        list of Handed
            What became of each file or folder; it is also in ``collected_LAB.csv``.

        Raises
        ------
        FileNotFoundError
            If the lab was not released or there is no such folder.
        """
        names = set(marked(self._source(lab)))
        if not handed_in.is_dir():
            raise FileNotFoundError(f"There must be a folder {handed_in}, but there is none.")
        found = collecting.find(handed_in, lab, names)
        for one in found:
            if not one.reason:
                collecting.take(one, self.folder / "submitted", lab)
        there = {one.student for one in found if not one.reason}
        known = {str(one.path) for one in found}
        earlier = [
            one
            for one in self._collected(lab)
            if str(one.path) not in known and not (one.reason and one.student in there)
        ]
        if rows := [*earlier, *found]:
            lists.write(self.folder / f"collected_{lab}.csv", rows)
        return found

    def _collected(self, lab: str) -> "list[Handed]":
        rows = lists.read(self.folder / f"collected_{lab}.csv")
        return [collecting.Handed(r["student"], Path(r["path"]), r["reason"]) for r in rows]

    def grade(self, lab: str, *, unconfined: bool = False, most: Limits = DEFAULT) -> Iterable[Row]:
        """Grade everything that was collected, strictly.

        Parameters
        ----------
        lab : str
            The lab.
        unconfined : bool
            Run students' code with all rights of this process if need be.
        most : Limits
            What one submission may use.

        Yields
        ------
        Row
            As soon as it is there; all of them are in ``grades_LAB.csv`` in the end.

        Raises
        ------
        PermissionError
            If the code cannot be confined here and ``unconfined`` was not asked for.
        """
        nbgrader, source = _nbgrader(), self._source(lab)
        if not unconfined and (why := obstacle(most)):
            raise PermissionError(
                f"Students' code must be confined, but {why}. Mend that, or run it with all your "
                "own rights, network and files included: --unconfined."
            )
        rows = []
        paths = sorted(self.folder.glob(f"submitted/*/{lab}/{lab}.ipynb"))
        with ThreadPoolExecutor(most.workers) as pool:
            runs = [pool.submit(_surely, path, source, most, not unconfined) for path in paths]
            for path, run in zip(paths, runs, strict=True):
                rows.append(self._enter(path, run.result()))
                yield rows[-1]
        for row in self._others(lab, {row.student for row in rows}, nbgrader.students(self.folder)):
            rows.append(row)
            yield row
        if rows:
            lists.write(self.grades(lab), rows)

    def _enter(self, path: Path, attempt: _Attempt) -> Row:
        nbgrader, lab, student = _nbgrader(), path.stem, path.parents[1].name
        if attempt.nb is None:
            nbgrader.enter_nothing(self.folder, lab, student)
            return Row(student, remark=attempt.remark)
        return _row(student, nbgrader.enter(self.folder, lab, student, attempt.nb), attempt.remark)

    def _others(self, lab: str, graded: set[str], known: Iterable[str]) -> list[Row]:
        """Whoever handed in something else, or nothing."""
        refused = [one for one in self._collected(lab) if one.reason]
        rows = [Row(one.student, remark=f"{one.path.name}: {one.reason}") for one in refused]
        silent = sorted(set(known) - graded - {row.student for row in rows})
        return [*rows, *(Row(student, remark="Nothing was handed in.") for student in silent)]

    def feedback(self, lab: str) -> Iterable[Path]:
        """Make what each student gets back: the graded notebook as a page, or the reason.

        Parameters
        ----------
        lab : str
            The lab, graded.

        Yields
        ------
        Path
            A page, or a text where there is no score.

        Raises
        ------
        FileNotFoundError
            If the lab was not graded yet.
        """
        nbgrader = _nbgrader()
        if not self.grades(lab).is_file():
            raise FileNotFoundError(
                f"{lab} must be graded first, but there is no {self.grades(lab)}. "
                f"Run python -m cnnlab grade {lab}."
            )
        rows = [self._updated(Row(**row), lab) for row in lists.read(self.grades(lab))]
        lists.write(self.grades(lab), rows)
        scored = {row.student for row in rows if row.score != ""}
        for student in sorted(scored):
            self._reason(student, lab).unlink(missing_ok=True)
            yield nbgrader.feedback(self.folder, lab, student)
        for row in rows:
            if row.student and row.student not in scored:
                yield self._explain(row.student, lab, row.remark)

    def _updated(self, row: Row, lab: str) -> Row:
        """The same row with the points that were given by hand since."""
        if row.score == "":
            return row
        return _row(row.student, _nbgrader().grade_of(self.folder, lab, row.student), row.remark)

    def _reason(self, student: str, lab: str) -> Path:
        return self.folder / "feedback" / student / lab / "no_score.txt"

    def _explain(self, student: str, lab: str, remark: str) -> Path:
        text = self._reason(student, lab)
        text.parent.mkdir(parents=True, exist_ok=True)
        text.with_name(f"{lab}.html").unlink(missing_ok=True)  # of an earlier run
        text.write_text(f"{lab}: no score. {remark}\n", encoding="utf-8")
        return text
