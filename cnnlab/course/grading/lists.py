"""The lists of a course, as CSV: what was collected, and the grades; and reasons, as text."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Row:
    """One line of the list of grades.

    Parameters
    ----------
    student : str
        Who; empty if nobody can tell.
    score, max_score : float or str
        Points; empty without a score.
    penalty : float or str
        Points that are lost by coming late; empty if it came in time.
    counts : float or str
        Points that are left.
    late : str
        How late it came; empty if it came in time.
    by_hand : str
        ``yes`` while a person has still to grade a part of it.
    remark : str
        Why there is no score, or what had to be put back.
    file : str
        Fingerprint of the file that was graded, to tell whether it has changed since.

    Examples
    --------
    >>> print(Row("ada", 3.0, 4.0, "yes"))
    ada: 3 of 4. to be completed by hand
    >>> print(Row("bo", 3.0, 4.0, penalty=0.6, counts=2.4, late="2 d"))
    bo: 3 of 4. 2 d late, 2.4 count
    """

    student: str
    score: float | str = ""
    max_score: float | str = ""
    penalty: float | str = field(default="", kw_only=True)
    counts: float | str = field(default="", kw_only=True, compare=False)
    late: str = field(default="", kw_only=True)
    by_hand: str = ""
    remark: str = ""
    file: str = field(default="", compare=False)

    def __str__(self) -> str:
        points = "no score" if self.score == "" else f"{self.score:g} of {self.max_score:g}"
        late = f"{self.late} late" + (f", {self.counts:g} count" if self.penalty else "")
        more = [late] * bool(self.late) + ["to be completed by hand"] * bool(self.by_hand)
        said = ". ".join([points, *more, *[self.remark] * bool(self.remark)])
        return f"{self.student or '(unknown)'}: {said}"

    @property
    def final(self) -> float | str:
        """The points that count; empty without a score."""
        return self.score if self.counts == "" else self.counts


@dataclass(frozen=True)
class Given:
    """Points that a person gives for one cell of one student."""

    student: str
    cell: str
    points: float
    comment: str


def standing(student: str, earlier: Row | None, why: str) -> Row:
    """Say what stands where a run has no grade through no fault of the student.

    Parameters
    ----------
    student : str
        Who.
    earlier : Row or None
        The grade of an earlier run.
    why : str
        What went wrong now.

    Examples
    --------
    >>> print(standing("ada", Row("ada", 3.0, 4.0), "The gradebook is locked."))
    ada: 3 of 4. The earlier grade stands. The gradebook is locked.
    """
    if earlier is None or earlier.score == "":
        return Row(student, remark=why)
    return replace(earlier, remark=f"The earlier grade stands. {why}", file="")


POINTS = ("score", "max_score", "penalty", "counts")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute what begins so


def write(path: Path, rows: Sequence[Any]) -> None:
    """Write dataclasses of one kind, at least one, as a list; the whole list or nothing.

    Parameters
    ----------
    path : Path
        The file.
    rows : sequence
        The lines.
    """
    part = path.with_name(f"{path.name}.part")
    with part.open("w", encoding="utf-8", newline="") as file:
        names = [field.name for field in fields(rows[0])]
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows([_quoted(getattr(row, name)) for name in names] for row in rows)
    part.replace(path)


def _quoted(value: Any) -> Any:
    text = "" if value is None or isinstance(value, float | int) else str(value)
    return f"'{text}" if text.startswith((*FORMULA, "'")) else value


def read(path: Path) -> list[dict[str, str]]:
    """Read a list, empty if there is none.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    list of dict
    """
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [{name: value.removeprefix("'") for name, value in row.items()} for row in rows]


def grades(path: Path) -> list[Row]:
    """Read a list of grades, empty if there is none.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    list of Row
    """
    found = []
    for row in read(path):
        points = {key: float(row[key]) for key in POINTS if row.get(key)}
        found.append(replace(Row(**row), **points))  # type: ignore[arg-type]
    return found


def reason(folder: Path, student: str, lab: str) -> Path:
    """Where a student reads why there is no page.

    Examples
    --------
    >>> reason(Path("autumn"), "ada", "05_lab").as_posix()
    'autumn/feedback/ada/05_lab/no_score.txt'
    """
    return folder / "feedback" / student / lab / "no_score.txt"


def explain(folder: Path, student: str, lab: str, why: str) -> Path:
    """Give a student a reason in place of a page.

    Parameters
    ----------
    folder : Path
        The course.
    student, lab : str
        Which one.
    why : str
        The reason.

    Returns
    -------
    Path
        The text.
    """
    text = reason(folder, student, lab)
    text.parent.mkdir(parents=True, exist_ok=True)
    text.with_name(f"{lab}.html").unlink(missing_ok=True)  # of an earlier run
    text.write_text(f"{lab}: {why}\n", encoding="utf-8")
    return text
