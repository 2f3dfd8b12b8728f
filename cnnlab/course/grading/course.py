"""An instructor's course: hand a lab out, collect it, grade it, give it back.

Everything lies in one folder, laid out as nbgrader does: ``source``, ``release``,
``submitted``, ``autograded``, ``feedback`` and the gradebook ``gradebook.db``, so that
nbgrader's own commands and pages work there too.
"""

import importlib.util
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cnnlab.course.generated import LINKS
from cnnlab.course.grading import attempts, lists
from cnnlab.course.grading.attempts import Attempt
from cnnlab.course.grading.intake import collecting, roster
from cnnlab.course.grading.intake.receiving import receive
from cnnlab.course.grading.lists import Row
from cnnlab.course.grading.locked_cells import marked
from cnnlab.course.grading.sandbox import Limits, obstacle
from cnnlab.course.labs.files import LOCK, read, source_of, text_of
from cnnlab.course.labs.problems import problems

if TYPE_CHECKING:
    from types import ModuleType

    from nbformat import NotebookNode

    from cnnlab.course.grading.gradebook import Grade
    from cnnlab.course.grading.intake.collecting import Handed

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


def _row(student: str, grade: "Grade", remark: str, file: str) -> Row:
    return Row(student, grade.score, grade.max_score, "yes" if grade.by_hand else "", remark, file)


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
            A folder with a folder for each student, or with notebooks ``STUDENT_LAB.ipynb``; or a
            zip archive of one. Zip archives inside are unpacked. All of it is kept in
            ``received/LAB``, numbered.

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
        before = len(list(self.folder.glob(f"received/{lab}/*")))
        place = self.folder / "received" / lab / str(before + 1)
        refused = receive(handed_in, place)
        found = [
            collecting.take(each, self.folder / "submitted", lab, names)
            for each in collecting.find(place, lab, names, roster.of(self.folder), refused)
        ]
        now = {one.student: one for one in found if not one.reason}
        earlier = [
            one
            if one.reason or one.student not in now
            else replace(one, reason=f"A later one counts: {now[one.student].path}.")
            for one in self._collected(lab)
        ]
        if rows := [*earlier, *found]:
            lists.write(self.folder / f"collected_{lab}.csv", rows)
        return found

    def _collected(self, lab: str) -> "list[Handed]":
        return collecting.listed(self.folder / f"collected_{lab}.csv")

    def grade(
        self,
        lab: str,
        *,
        unconfined: bool = False,
        most: Limits = DEFAULT,
        choose: Callable[[str, "Row | None", str], bool] = lambda student, row, file: True,
    ) -> Iterable[Row]:
        """Grade what was collected, strictly.

        Parameters
        ----------
        lab : str
            The lab.
        unconfined : bool
            Run students' code with all rights of this process if need be.
        most : Limits
            What one submission may use.
        choose : callable
            Whether to grade a student: name, row of an earlier run or None, fingerprint of the file.

        Yields
        ------
        Row
            As soon as it is there; it is in ``grades_LAB.csv`` from then on.

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
        rows = {row.student: row for row in lists.grades(self.grades(lab))}
        files = sorted(self.folder.glob(f"submitted/*/{lab}/{lab}.ipynb"))
        there = {path.parents[1].name: path for path in files}
        chosen = {
            student: path
            for student, path in there.items()
            if choose(student, rows.get(student), attempts.fingerprint(path))
        }

        def run(path: Path) -> Attempt:
            return attempts.surely(path, source, most, not unconfined)

        with closing(attempts.results(run, list(chosen.values()), most.workers)) as runs:
            for student, attempt in zip(chosen, runs, strict=True):
                rows[student] = self._enter(lab, student, attempt, rows.get(student))
                lists.write(self.grades(lab), [rows[each] for each in sorted(rows)])
                yield rows[student]
        others = self._others(lab, set(there), nbgrader)
        if listed := [*(rows[each] for each in sorted(there) if each in rows), *others]:
            lists.write(self.grades(lab), listed)
        yield from others

    def _enter(self, lab: str, student: str, attempt: Attempt, earlier: Row | None) -> Row:
        nbgrader = _nbgrader()
        if attempt.passing:
            return lists.standing(student, earlier, attempt.remark)
        try:
            if attempt.nb is not None:
                grade = nbgrader.enter(self.folder, lab, student, attempt.nb)
                return _row(student, grade, attempt.remark, attempt.file)
            nbgrader.enter_nothing(self.folder, lab, student)
            return Row(student, remark=attempt.remark, file=attempt.file)
        except Exception as error:  # the gradebook is held by another process, for instance
            why = f"It could not be entered ({type(error).__name__}: {error}). Grade it again."
            return lists.standing(student, earlier, why)

    def _others(self, lab: str, graded: set[str], nbgrader: "ModuleType") -> list[Row]:
        """Whoever handed in something else, or nothing."""
        refused = collecting.refused(self._collected(lab), graded)
        rows = [Row(student, remark=why) for student, why in refused]
        try:
            listed = roster.of(self.folder)
            known = [*nbgrader.students(self.folder), *(listed.ids if listed else [])]
        except Exception as error:
            return [*rows, Row("", remark=f"The list of students could not be read ({error}).")]
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
        rows = self.graded(lab)
        scored = {row.student for row in rows if row.score != ""}
        for student in sorted(scored):
            lists.reason(self.folder, student, lab).unlink(missing_ok=True)
            try:
                yield nbgrader.feedback(self.folder, lab, student)
            except Exception as error:  # one page that fails must not cost the others theirs
                why = f"The page could not be made ({type(error).__name__}: {error})."
                yield lists.explain(self.folder, student, lab, why)
        for row in rows:
            if row.student and row.student not in scored:
                yield lists.explain(self.folder, row.student, lab, f"no score. {row.remark}")

    def graded(self, lab: str) -> list[Row]:
        """Read the list of grades, with the points that were given by hand since."""
        if not self.grades(lab).is_file():
            raise FileNotFoundError(
                f"{lab} must be graded first, but there is no {self.grades(lab)}. "
                f"Run python -m cnnlab grade {lab}."
            )
        rows = [self._updated(row, lab) for row in lists.grades(self.grades(lab))]
        lists.write(self.grades(lab), rows)
        return rows

    def _updated(self, row: Row, lab: str) -> Row:
        """The same row with the points that were given by hand since."""
        if row.score == "":
            return row
        grade = _nbgrader().grade_of(self.folder, lab, row.student)
        return _row(row.student, grade, row.remark, row.file)
