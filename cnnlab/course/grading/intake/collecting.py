"""Find out whose each handed-in file is, and say of every file what became of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cnnlab.course.grading import lists
from cnnlab.course.grading.intake import recognising
from cnnlab.notebooks import WORK_FOLDER

if TYPE_CHECKING:
    from cnnlab.course.grading.intake.roster import Roster

LISTED = 20  # files beside a notebook that get a row each


@dataclass(frozen=True)
class Handed:
    """One thing that was handed in.

    Parameters
    ----------
    student : str
        Whose it is; empty if nobody can tell.
    path : Path
        The file or folder.
    reason : str
        Why it is not the one that is graded; empty if it is.
    """

    student: str
    path: Path
    reason: str = ""


def find(
    folder: Path,
    lab: str,
    names: set[str],
    roster: "Roster | None" = None,
    refused: Mapping[Path, str] | None = None,
) -> list[Handed]:
    """Look at everything in a folder of submissions.

    A file that can be graded counts before one that cannot; of several files of a student that
    can, the latest attempt; of several in one folder, the one with the name of the lab.

    Parameters
    ----------
    folder : Path
        Holds a folder for each student, or a notebook for each, named ``STUDENT_LAB.ipynb``.
    lab : str
        Name of the lab.
    names : set of str
        Its marked cells.
    roster : Roster, optional
        Who is in the course; without one, people are called as their files are.
    refused : mapping of Path to str, optional
        What could not be taken in, by its place in the folder, and why.

    Returns
    -------
    list of Handed
        What became of each file in there.
    """
    found: list[Handed] = []
    for path in sorted(folder.iterdir()):
        found += _in_folder(path, lab, names) if path.is_dir() else [_in_file(path, lab, names)]
    for path, why in (refused or {}).items():
        found.append(Handed(recognising.whose(path, lab), path, why))
    if roster is not None:
        found = [_known(one, roster) for one in found]
    attempts: dict[str, list[Handed]] = {}
    for one in found:
        if not one.reason:
            attempts.setdefault(_first(one.student, roster), []).append(one)
    latest = [_latest(tried, names) for tried in attempts.values()]
    counting = {_first(one.student, roster): one for one in latest}
    return [
        one
        if one.reason or one in latest
        else replace(one, reason=_passed_over(one, counting[_first(one.student, roster)], names))
        for one in found
    ]


def _passed_over(one: Handed, counts: Handed, names: set[str]) -> str:
    """Say why an attempt does not count."""
    return f"{recognising.trouble(one.path, names)} {counts.path.name} counts.".lstrip()


def _first(student: str, roster: "Roster | None") -> str:
    """Whoever stands for all who hand in together."""
    return roster.team(student)[0] if roster else student


def _known(one: Handed, roster: "Roster") -> Handed:
    student, why = roster.identify(one.student) if one.student else ("", "")
    return replace(one, student=student, reason=" ".join(filter(None, (one.reason, why))))


def _latest(attempts: list[Handed], names: set[str]) -> Handed:
    """The latest attempt that can be graded; the number that Canvas adds tells more than a time."""

    def key(one: Handed) -> tuple[bool, int, float]:
        number = re.search(r"-(\d+)$", one.path.stem)
        return (
            not recognising.trouble(one.path, names),
            int(number[1]) if number else 0,
            one.path.stat().st_mtime,
        )

    return max(attempts, key=key)


def _in_file(path: Path, lab: str, names: set[str]) -> Handed:
    student = recognising.student_of(path, lab)
    if path.suffix != ".ipynb":
        return Handed("", path, "It is no notebook.")
    if not student:
        return Handed("", path, f"Nobody can tell whose it is. Name it STUDENT_{lab}.ipynb.")
    if lab in path.stem or recognising.is_of(path, names):
        return Handed(student, path)
    return Handed(student, path, f"It is no notebook of {lab}.")


def _in_folder(path: Path, lab: str, names: set[str]) -> list[Handed]:
    student = (
        recognising.student_of(path, lab) if path.suffix == ".zip" else recognising.clean(path.name)
    )
    there = sorted(one for one in path.rglob("*") if one.is_file())
    visible = [one for one in there if not _is_hidden(one.relative_to(path))]
    books = [one for one in visible if one.suffix == ".ipynb"]
    chosen = _chosen(
        [one for one in books if one.stem == lab or recognising.is_of(one, names)], lab, names
    )
    seen = ", ".join(one.name for one in chosen or (books or visible)[:LISTED])
    if not chosen:
        but = f", but {seen}" if seen else ""
        return [Handed(student, path, f"There is no notebook of {lab}{but}.")]
    if len(chosen) > 1:
        return [Handed(student, path, f"There are several notebooks of {lab}: {seen}. Keep one.")]
    beside = [one for one in visible if one != chosen[0]]
    rows = [Handed(student, chosen[0])]
    if 0 < len(beside) <= LISTED:
        rows += [Handed(student, one, f"It is kept; {chosen[0].name} counts.") for one in beside]
    elif beside:
        rows.append(Handed(student, path, f"{len(beside)} files beside {chosen[0].name} are kept."))
    return rows


def _chosen(books: list[Path], lab: str, names: set[str]) -> list[Path]:
    """Those that may be meant; more than one if nobody can tell."""
    fine = [one for one in books if not recognising.trouble(one, names)]
    own = [one for one in fine if one.parent.name == WORK_FOLDER]
    exact = [one for one in fine if one.stem == lab]
    return own or exact or fine or books[:1]


def _is_hidden(path: Path) -> bool:
    """Whether it lies in a folder that Jupyter does not show, as copies of its own do."""
    return any(part.startswith(".") for part in path.parts)


def listed(path: Path) -> list[Handed]:
    """Read a list of what was collected, empty if there is none."""
    rows = lists.read(path)
    return [Handed(row["student"], Path(row["path"]), row["reason"]) for row in rows]


def refused(collected: list[Handed], graded: set[str]) -> list[tuple[str, str]]:
    """Who has nothing that is graded, and why, one line each.

    Parameters
    ----------
    collected : list of Handed
        Everything that was handed in.
    graded : set of str
        Whose work is graded.

    Returns
    -------
    list of (str, str)
        Student, empty if nobody can tell, and reasons.

    Examples
    --------
    >>> refused([Handed("ada", Path("ada.txt"), "It is no notebook.")], set())
    [('ada', 'ada.txt: It is no notebook.')]
    """
    found: dict[tuple[str, str], list[str]] = {}
    for one in collected:
        if one.reason and one.student not in graded:
            key = one.student, "" if one.student else str(one.path)
            found.setdefault(key, []).append(f"{one.path.name}: {one.reason}")
    return [(student, " ".join(why)) for (student, _), why in found.items()]
