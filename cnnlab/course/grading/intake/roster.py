"""Who is in the course: names as people and platforms write them, told apart by rules."""

import csv
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

FILE = "roster.csv"  # in the folder of a course
ID = "id"
GROUP = "group"
PARTS = {"late", "file", "assignsubmission", "onlinetext"}  # what platforms write behind a name


class Roster:
    """The students of a course, each with one id.

    Parameters
    ----------
    rows : iterable of mapping of str to str
        With the columns ``id``, ``first_name``, ``last_name`` and ``email``, as nbgrader imports
        them. Those with the same ``group`` hand in together. Other columns are further names that
        somebody goes by. Only ``id`` is needed.

    Raises
    ------
    ValueError
        If a row has no id, or two have the same.

    Examples
    --------
    >>> roster = Roster([{"id": "al1", "first_name": "Ada", "last_name": "Lovelace"}])
    >>> roster.identify("Ada Lovelace_4711_assignsubmission_file")
    ('al1', '')
    >>> roster.identify("lovelaceada_LATE_93_1807")
    ('al1', '')
    >>> roster.identify("Charles Babbage")
    ('', 'Nobody in the roster is called Charles Babbage.')
    """

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        self.ids: dict[str, None] = {}  # in order
        self.emails: dict[str, str] = {}
        self._by_name: dict[str, set[str]] = {}
        self._teams: dict[str, list[str]] = {}
        self._team_of: dict[str, list[str]] = {}
        for row in rows:
            student = (row.get(ID) or "").strip()
            if not student or student in self.ids:
                raise ValueError(
                    f"Each row of a roster must have an {ID} of its own, not {student!r}. "
                    f"Look at the row {', '.join(filter(None, row.values()))}."
                )
            self.ids[student] = None
            self.emails[student] = (row.get("email") or "").strip()
            self._join(student, (row.get(GROUP) or "").strip())
            for name in _names(row):
                self._by_name.setdefault(_plain(name), set()).add(student)

    @classmethod
    def read(cls, path: Path) -> "Roster":
        """Read a roster from a CSV file."""
        with path.open(encoding="utf-8-sig", newline="") as file:
            return cls(csv.DictReader(file))

    def _join(self, student: str, group: str) -> None:
        team = self._teams.setdefault(_plain(group) or f"alone: {student}", [])
        team.append(student)
        self._team_of[student] = team
        if group:  # whatever the group hands in under its own name is its first member's
            for name in (group, f"{GROUP} {group}"):
                self._by_name.setdefault(_plain(name), set()).add(team[0])

    def team(self, student: str) -> tuple[str, ...]:
        """List those who hand in together with a student, in the order of the roster.

        Examples
        --------
        >>> pairs = Roster([{"id": "ada", "group": "7"}, {"id": "bo", "group": "7"}, {"id": "cy"}])
        >>> pairs.team("bo"), pairs.team("cy"), pairs.identify("7")
        (('ada', 'bo'), ('cy',), ('ada', ''))
        """
        return tuple(self._team_of.get(student, (student,)))

    def identify(self, name: str) -> tuple[str, str]:
        """Tell who is meant by the name of a file or folder.

        Parameters
        ----------
        name : str
            Such as ``Ada Lovelace_4711`` (Moodle) or ``lovelaceada_93_1807`` (Canvas).

        Returns
        -------
        student, reason : str
            An id; or the empty string, and why nobody can tell. Nothing is guessed.
        """
        if name in self.ids:
            return name, ""
        parts = name.split("_")
        names = [name]  # and what is left of it without platforms' endings
        while len(parts) > 1 and (
            parts[-1].isdigit() or parts[-1].lower() in PARTS or not parts[-1]
        ):
            parts.pop()
            names.append("_".join(parts))
        for tried in names:
            found = sorted(self._by_name.get(_plain(tried), ()))
            if len(found) == 1:
                return found[0], ""
            if found:
                return "", f"{tried} may be {' or '.join(found)}. Rename the file to one of them."
        return "", f"Nobody in the roster is called {name}."


def _names(row: Mapping[str, str]) -> list[str]:
    first, last = row.get("first_name") or "", row.get("last_name") or ""
    email = row.get("email") or ""
    shared = ("first_name", "last_name", GROUP)
    own = [value or "" for key, value in row.items() if key not in shared]
    whole = [f"{first} {last}", f"{last} {first}"] if first and last else []
    return [name for name in (*own, *whole, email.partition("@")[0]) if _plain(name)]


def _plain(name: str) -> str:
    """Letters and digits alone, without marks: Zoë Müller and zoe_muller are one name."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def enrol(folder: Path, path: Path) -> None:
    """Keep a roster in a course, by which everybody is told from now on.

    Raises
    ------
    ValueError
        If the file is no roster, see :class:`Roster`.
    """
    Roster.read(path)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_bytes(path.read_bytes())


def of(folder: Path) -> Roster | None:
    """Read the roster of a course, if it has one."""
    path = folder / FILE
    return Roster.read(path) if path.is_file() else None
