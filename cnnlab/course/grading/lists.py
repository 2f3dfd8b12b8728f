"""The lists of a course, as CSV: what was collected, and the grades."""

import csv
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
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
    by_hand : str
        ``yes`` while a person has still to grade a part of it.
    remark : str
        Why there is no score, or what had to be put back.

    Examples
    --------
    >>> print(Row("ada", 3.0, 4.0, "yes"))
    ada: 3 of 4. to be completed by hand
    """

    student: str
    score: float | str = ""
    max_score: float | str = ""
    by_hand: str = ""
    remark: str = ""

    def __str__(self) -> str:
        points = "no score" if self.score == "" else f"{self.score:g} of {self.max_score:g}"
        more = ["to be completed by hand"] * bool(self.by_hand) + [self.remark] * bool(self.remark)
        return f"{self.student or '(unknown)'}: {'. '.join([points, *more])}"


def write(path: Path, rows: Sequence[Any]) -> None:
    """Write dataclasses of one kind, at least one, as a list.

    Parameters
    ----------
    path : Path
        The file.
    rows : sequence
        The lines.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(rows[0])])
        writer.writeheader()
        writer.writerows(map(asdict, rows))


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
        return list(csv.DictReader(file))
