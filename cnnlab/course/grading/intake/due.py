"""Until when a lab may be handed in, when it came, and what a late one loses."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cnnlab.course.grading import lists

FILE = "due.csv"  # in the folder of a course
EXTENSIONS = "extensions.csv"  # beside it, written by the instructor: student,lab,until
RECEIVED = "timestamp.txt"  # beside a submission, where nbgrader looks for it
SECONDS = {"hour": 3600, "day": 86400, "week": 604800}
_RULE = re.compile(
    rf"(\d+(?:\.\d+)?) ?% an? ({'|'.join(SECONDS)})(?:, at most (\d+(?:\.\d+)?) ?%)?", re.IGNORECASE
)


def moment(text: str) -> datetime:
    """Read a date with or without a time; of a day alone, its last minute.

    Parameters
    ----------
    text : str
        Such as ``2026-12-01T23:59+01:00``. Without a time zone, this machine's is meant.

    Raises
    ------
    ValueError
        If it is none.

    Examples
    --------
    >>> moment("2026-12-01T23:59+01:00").isoformat()
    '2026-12-01T23:59:00+01:00'
    >>> moment("2026-12-01").hour
    23
    """
    day_alone = re.fullmatch(r"\d{4}-\d\d-\d\d", text.strip())
    try:
        found = datetime.fromisoformat(text.strip() + "T23:59" * bool(day_alone))
        return found if found.tzinfo else found.astimezone()
    except ValueError:
        raise ValueError(
            f"A date must be written like 2026-12-01T23:59+01:00, not {text!r}. The time and the "
            "time zone may be left out."
        ) from None


@dataclass(frozen=True)
class Penalty:
    """What a late hand-in loses of its points.

    Parameters
    ----------
    percent : float
        Of the points that were reached, for each period that has begun.
    period : int
        Seconds.
    most : float
        Percent that can be lost at all.

    Examples
    --------
    >>> Penalty.read("10% a day, at most 50%").of(8, seconds=86400 + 1)
    1.6
    """

    percent: float = 0
    period: int = SECONDS["day"]
    most: float = 100

    @classmethod
    def read(cls, text: str) -> "Penalty":
        """Read a rule such as ``10% a day, at most 50%``; none if the text is empty.

        Raises
        ------
        ValueError
            If it has another form.
        """
        if not text:
            return cls()
        if not (found := _RULE.fullmatch(text.strip())):
            raise ValueError(
                'A penalty must be written like "10% a day, at most 50%" (or an hour, or a week), '
                f"not {text!r}."
            )
        return cls(float(found[1]), SECONDS[found[2].lower()], float(found[3] or 100))

    def __str__(self) -> str:
        unit = next(name for name, seconds in SECONDS.items() if seconds == self.period)
        return f"{self.percent:g}% of their points a{'n' * (unit == 'hour')} {unit}, at most {self.most:g}%"

    def of(self, points: float, seconds: float) -> float:
        """Points that are lost by coming so late."""
        begun = math.ceil(seconds / self.period)
        return round(points * min(self.percent * begun, self.most, 100) / 100, 2)


@dataclass(frozen=True)
class Terms:
    """Until when a lab is due, and for whom longer.

    Parameters
    ----------
    until : datetime or None
        None if it is not due at any time.
    penalty : Penalty
        What a late one loses.
    extended : mapping of str to datetime
        Students who have longer.
    """

    until: datetime | None = None
    penalty: Penalty = Penalty()
    extended: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """A line of the list of due dates."""

    lab: str
    until: str
    penalty: str = ""


def put(folder: Path, lab: str, until: str, penalty: str = "") -> None:
    """Say until when a lab is due; what was said before goes.

    Raises
    ------
    ValueError
        If the date or the penalty cannot be read.
    """
    Penalty.read(penalty)
    line = Line(lab, moment(until).isoformat(timespec="minutes"), penalty)
    others = [Line(**row) for row in lists.read(folder / FILE) if row["lab"] != lab]
    lists.write(folder / FILE, [*others, line])


def terms(folder: Path, lab: str) -> Terms:
    """Read what was said of a lab.

    Raises
    ------
    ValueError
        If a date or a penalty cannot be read.
    """
    said = [Line(**row) for row in lists.read(folder / FILE) if row["lab"] == lab]
    if not said:
        return Terms()
    extended = {
        row["student"]: moment(row["until"])
        for row in lists.read(folder / EXTENSIONS)
        if row["lab"] == lab
    }
    return Terms(moment(said[0].until), Penalty.read(said[0].penalty), extended)


def note(submission: Path, when: datetime) -> None:
    """Write down when a submission came."""
    text = when.astimezone().isoformat(timespec="seconds")
    submission.with_name(RECEIVED).write_text(f"{text}\n", encoding="utf-8")


def lateness(seconds: float) -> str:
    """Say in words how late something came; nothing if it was in time.

    Examples
    --------
    >>> lateness(0), lateness(90), lateness(93_700)
    ('', '2 min', '1 d 2 h 2 min')
    """
    minutes = math.ceil(seconds / 60)
    parts = {"d": minutes // 1440, "h": minutes // 60 % 24, "min": minutes % 60}
    return " ".join(f"{count} {unit}" for unit, count in parts.items() if count)
