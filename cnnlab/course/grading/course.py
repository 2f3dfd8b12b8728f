"""An instructor's course: hand a lab out, collect it, grade it, give it back.

Everything lies in one folder, laid out as nbgrader does: ``source``, ``release``,
``submitted``, ``autograded``, ``feedback`` and the gradebook ``gradebook.db``, so that
nbgrader's own commands and pages work there too.
"""

import importlib.util
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cnnlab.course.generated import LINKS
from cnnlab.course.grading import attempts, lists, pools, trial
from cnnlab.course.grading.intake import collecting, due, roster, taking
from cnnlab.course.grading.lists import Given, Row
from cnnlab.course.grading.locked_cells import marked
from cnnlab.course.grading.sandbox import Limits
from cnnlab.course.labs.files import LOCK, read, source_of, text_of
from cnnlab.course.labs.problems import problems

if TYPE_CHECKING:
    from datetime import datetime
    from types import ModuleType

    from nbformat import NotebookNode

    from cnnlab.course.grading.intake.collecting import Handed

DEFAULT = Limits()
NEEDS_NBGRADER = (
    "This command needs nbgrader, which is not installed. In the course's environment, run: "
    'python -m pip install -e ".[instructor]"'
)


def _nbgrader(name: str) -> "ModuleType":
    """Enter one of the modules that need nbgrader."""
    if importlib.util.find_spec("nbgrader") is None:
        raise ModuleNotFoundError(NEEDS_NBGRADER)
    return importlib.import_module(f"cnnlab.course.grading.gradebook.{name}")


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

    def released(self, lab: str) -> "NotebookNode":
        """Read the source of a lab that was handed out."""
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
        converters = _nbgrader("converters")
        own = Path(lab)
        source = own if own.suffix == ".ipynb" and own.is_file() else source_of(lab)
        wrong = list(problems(nb := read(source)))
        if wrong:
            raise ValueError(f"{source} must have the form of a lab. {' '.join(wrong)}")
        nb.metadata.setdefault("cnnlab", {})[LOCK] = lock
        trial.stamp(nb)
        for cell in nb.cells:
            if cell.get("id") == LINKS:  # what is handed out is a copy already
                cell.source = cell.source.splitlines()[-1]
        target = self.source(source.stem)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text_of(nb), encoding="utf-8", newline="\n")
        return Path(converters.generate(self.folder, source.stem))

    def collect(self, lab: str, handed_in: Path, *, at: "datetime | None" = None) -> "list[Handed]":
        """Take in everything that students handed in.

        Parameters
        ----------
        lab : str
            The lab.
        handed_in : Path
            A folder with a folder for each student, or with notebooks ``STUDENT_LAB.ipynb``; or a
            zip archive of one. Zip archives inside are unpacked. All of it is kept in
            ``received/LAB``, numbered.
        at : datetime, optional
            When all of it came; by default, the date of each file.

        Returns
        -------
        list of Handed
            What became of each file or folder; it is also in ``collected_LAB.csv``.

        Raises
        ------
        FileNotFoundError
            If the lab was not released or there is no such folder.
        """
        names = set(marked(self.released(lab)))
        return taking.collect(self.folder, lab, handed_in, names, at)

    def due(self, lab: str, until: str, penalty: str = "") -> None:
        """Say until when a lab may be handed in, and what a late one loses.

        Parameters
        ----------
        lab : str
            The lab, released.
        until : str
            A date, see :func:`cnnlab.course.grading.intake.due.moment`.
        penalty : str
            Such as ``10% a day, at most 50%``; by default nothing is lost.

        Raises
        ------
        ValueError
            If the date or the penalty cannot be read.
        """
        self.released(lab)
        due.put(self.folder, lab, until, penalty)
        _nbgrader("ledger").settle(self.folder, lab, due.terms(self.folder, lab))

    def points(self, lab: str) -> dict[str, dict[str, float]]:
        """Read everybody's points, by the name of the cell; nobody's if nothing was graded yet."""
        found: dict[str, dict[str, float]] = _nbgrader("ledger").points(self.folder, lab)
        return found

    def comments(self, lab: str) -> dict[str, dict[str, str]]:
        """Read what a person wrote to answers, by student and the name of the cell."""
        found: dict[str, dict[str, str]] = _nbgrader("ledger").comments(self.folder, lab)
        return found

    def give(self, lab: str, entries: Iterable[Given]) -> None:
        """Enter points that a person gives for words, and bring the list of grades up to date."""
        _nbgrader("ledger").give(self.folder, lab, entries)
        self.graded(lab)

    def grade(
        self,
        lab: str,
        *,
        unconfined: bool = False,
        most: Limits = DEFAULT,
        choose: Callable[[str, "Row | None", str], bool] = lambda student, row, file: True,
        scheduler: str = "",
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
        scheduler : str
            Address of a Dask cluster whose workers run the code, confined; by default it runs here.

        Yields
        ------
        Row
            As soon as it is there; it is in ``grades_LAB.csv`` from then on.

        Raises
        ------
        PermissionError
            If the code cannot be confined and ``unconfined`` was not asked for; see
            :func:`cnnlab.course.grading.pools.cluster` for what else must hold of a cluster.
        ValueError
            If the lab's own solution does not pass with this cnnlab.
        """
        entering, source = _nbgrader("entering"), self.released(lab)
        known = roster.of(self.folder)
        rows = {row.student: row for row in lists.grades(self.grades(lab))}
        files = sorted(self.folder.glob(f"submitted/*/{lab}/{lab}.ipynb"))
        there = {path.parents[1].name: path for path in files}
        chosen = {
            student: path
            for student, path in there.items()
            if choose(student, rows.get(student), attempts.fingerprint(path))
        }
        shared = attempts.shared(chosen, known)

        def runs(paths: Sequence[Path]) -> pools.Pairs:
            if scheduler:
                return pools.cluster(scheduler, paths, source, most)
            return pools.local(paths, source, most, not unconfined)

        if shared:
            trial.hold(self.source(lab), source, runs)
        with closing(runs(list(shared))) as pairs:
            for path, attempt in pairs:
                for student in shared[path]:
                    earlier = rows.get(student)
                    rows[student] = entering.enter(
                        self.folder, lab, student, attempt, earlier, known
                    )
                    lists.write(self.grades(lab), [rows[each] for each in sorted(rows)])
                    yield rows[student]
        collected = collecting.listed(self.folder / f"collected_{lab}.csv")
        others = entering.others(self.folder, collected, set(there))
        if listed := [*(rows[each] for each in sorted(there) if each in rows), *others]:
            lists.write(self.grades(lab), listed)
        yield from others

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
        converters = _nbgrader("converters")
        rows = self.graded(lab)
        scored = {row.student for row in rows if row.score != ""}
        for student in sorted(scored):
            lists.reason(self.folder, student, lab).unlink(missing_ok=True)
            try:
                yield converters.feedback(self.folder, lab, student)
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
        kept = lists.grades(self.grades(lab))
        rows: list[Row] = _nbgrader("entering").updated(self.folder, lab, kept)
        if rows:
            lists.write(self.grades(lab), rows)
        return rows
