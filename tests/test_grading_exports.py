"""Grades go into a platform's own list: one column is filled in, all else stays as it was."""

import csv
import io
from pathlib import Path

import pytest

from cnnlab.course.grading.commands import Left
from cnnlab.course.grading.intake.roster import Roster
from cnnlab.course.grading.lists import Row
from cnnlab.course.grading.reports.exports import Filled, fill

ROSTER = Roster(
    [
        {"id": "al1", "first_name": "Ada", "last_name": "Lovelace", "email": "ada@uni.example"},
        {"id": "zm2", "first_name": "Zoë", "last_name": "Müller", "email": "zoe@uni.example"},
        {"id": "bo3", "first_name": "Bo", "last_name": "Yi", "email": "bo@uni.example"},
        {"id": "cb4", "first_name": "Charles", "last_name": "Babbage", "email": "cb@uni.example"},
    ]
)
GRADES = [
    Row("al1", 7.5, 10.0),
    Row("zm2", remark="Nothing was handed in."),
    Row("bo3", 4.0, 10.0, by_hand="yes"),
    Row("cb4", 0.0, 10.0),
]
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Lab 05 (4711),Final\r\n"
    "    Points Possible,,,,,10,(read only)\r\n"
    '"Lovelace, Ada",17,,ada@uni.example,=A,,A\r\n'
    '"Müller, Zoë",18,,zoe@uni.example,A,,B\r\n'
    '"Yi, Bo",19,,bo@uni.example,A,,B\r\n'
    '"Babbage, Charles",20,,cb@uni.example,A,,B\r\n'
    '"Student, Test",21,,x,A,,\r\n'
)
MOODLE = (
    "\ufeffFirst name;Last name;ID number;Email address;Lab 05\r\n"
    "Ada;Lovelace;;ada@uni.example;-\r\n"
    "Charles;Babbage;;cb@uni.example;-\r\n"
)


def filled(text: str, place: Path, column: str = "Lab 05") -> tuple[Filled, list[dict[str, str]]]:
    path = place / "list.csv"
    path.write_text(text, encoding="utf-8", newline="")
    found = fill(path, column, GRADES, ROSTER)
    dialect = csv.Sniffer().sniff(found.text.partition("\n")[0], ",;\t")
    return found, list(csv.DictReader(io.StringIO(found.text), dialect=dialect))


def test_a_list_of_canvas_is_filled_in_and_stays_as_it_was(tmp_path: Path) -> None:
    found, rows = filled(CANVAS, tmp_path)
    assert [row["Lab 05 (4711)"] for row in rows] == ["10", "7.5", "", "", "0", ""]
    assert found.students == ("al1", "cb4")
    before = list(csv.reader(io.StringIO(CANVAS)))
    after = list(csv.reader(io.StringIO(found.text)))
    assert [row[:5] + row[6:] for row in after] == [row[:5] + row[6:] for row in before]
    assert found.remarks == (
        "Row 4 was left as it is: zm2 has no score.",
        "Row 5 was left as it is: bo3 is to be completed by hand.",
        "Row 7 was left as it is: Student, Test, 21, x is nobody in the roster.",
    )


def test_a_list_of_moodle_is_told_by_its_own_separator_and_names(tmp_path: Path) -> None:
    found, rows = filled(MOODLE, tmp_path)
    assert [row["Lab 05"] for row in rows] == ["7.5", "0"]
    assert found.students == ("al1", "cb4")
    assert found.remarks == ()


def test_who_has_a_score_and_no_row_is_told(tmp_path: Path) -> None:
    found, _ = filled(MOODLE.rpartition("Charles")[0], tmp_path)
    assert found.remarks == ("cb4 has a score, but no row in the list.",)


def test_two_names_in_a_row_must_mean_one_person(tmp_path: Path) -> None:
    mixed = MOODLE.replace("Lovelace;;ada@uni.example", "Lovelace;;cb@uni.example", 1)
    found, rows = filled(mixed.rpartition("Charles")[0], tmp_path)
    assert rows[0]["Lab 05"] == "-"
    assert "is al1 or cb4." in found.remarks[0]


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        (MOODLE, "Lab 5", "Did you mean 'Lab 05'?"),
        (
            "Lab 05,Section\r\n,A\r\n",
            "Lab 05",
            "must say who is meant in one of the columns student",
        ),
        (
            MOODLE + "Ada;Lovelace;;;-\r\n",
            "Lab 05",
            "must name each student once, not al1 in row 4",
        ),
    ],
)
def test_what_cannot_be_filled_in_is_refused(
    text: str, column: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=words.replace("?", r"\?")):
        filled(text, tmp_path, column)


def test_progress_counts_who_was_chosen_and_says_how_long(monkeypatch) -> None:
    clock = iter([0.0, 120.0, 150.0])
    monkeypatch.setattr("cnnlab.course.grading.commands.time.monotonic", lambda: next(clock))
    left = Left()
    choose = left.counted(lambda student, row, file: student != "bo3")
    assert [choose(student, None, "") for student in ("al1", "zm2", "bo3", "cb4")] == [
        True,
        True,
        False,
        True,
    ]
    assert left.after(1) == "[1 of 3, about 4 min left] "
    assert left.after(3) == "[3 of 3] "
    assert left.after(4) == ""  # somebody who handed in nothing
