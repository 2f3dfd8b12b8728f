"""What a class needs besides points: due dates, groups, words on one page, mail, a mended check."""

import csv
import importlib.util
import os
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.__main__ import main
from cnnlab.course.grading.attempts import Attempt, fingerprint
from cnnlab.course.grading.cards import error_output
from cnnlab.course.grading.course import NEEDS_NBGRADER, Course
from cnnlab.course.grading.intake import due
from cnnlab.course.grading.intake.due import Penalty
from cnnlab.course.grading.locked_cells import marked, reset
from cnnlab.course.grading.reports import likeness, words
from cnnlab.course.labs import files
from tests import hostile_pages, submissions, trial_lab
from tests.submissions import LAB, RIGHT

nbgrader = pytest.mark.skipif(importlib.util.find_spec("nbgrader") is None, reason=NEEDS_NBGRADER)

# Until when, and what is lost.


@given(points=st.floats(0, 1e3), seconds=st.floats(0, 1e8), later=st.floats(0, 1e6))
def test_no_more_is_lost_than_was_said_and_later_never_costs_less(
    points: float, seconds: float, later: float
) -> None:
    rule = Penalty.read("10% a day, at most 50%")
    assert rule.of(points, 0) == 0
    assert 0 <= rule.of(points, seconds) <= rule.of(points, seconds + later) <= points / 2 + 0.005


@pytest.mark.parametrize(
    ("rule", "hours", "lost"),
    [
        ("10% a day", 1, 1),
        ("10% a day", 24, 1),
        ("10% a day", 25, 2),
        ("10 % A DAY, at most 15 %", 25, 1.5),
        ("2.5% an hour", 3, 0.75),
        ("100% a week", 1, 10),
        ("", 99, 0),
    ],
)
def test_each_period_that_has_begun_counts(rule: str, hours: int, lost: float) -> None:
    assert Penalty.read(rule).of(10, hours * 3600) == lost


@pytest.mark.parametrize("rule", ["10", "10% per day", "-1% a day", "10% a day, 5%"])
def test_a_penalty_that_cannot_be_read_is_shown_how(rule: str) -> None:
    with pytest.raises(ValueError, match='must be written like "10% a day'):
        Penalty.read(rule)


def test_a_date_that_cannot_be_read_is_shown_how() -> None:
    with pytest.raises(ValueError, match="must be written like 2026-12-01T23:59"):
        due.moment("1 December")


# One course, from the hand-in to the mail.

ROSTER = (
    "id,first_name,last_name,email,group\nada,Ada,L,ada@uni.example,7\nbo,Bo,M,,7\n"
    "cy,Cy,N,,\ndi,Di,O,,\n"
)
DUE = datetime.fromisoformat("2026-11-01T12:00+01:00")
FAULTY = {"test-2"}  # checks that take everything for wrong, until they are mended
tried: list[Path] = []


def quick(path: Path, *rest: object) -> Attempt:
    """An attempt without a kernel: an answer is right if it is the known one."""
    tried.append(path)
    whole, _ = reset(files.read(path), trial_lab.source())
    cells = marked(whole)
    for name, cell in cells.items():
        if name.startswith("test"):
            number = name.removeprefix("test-")
            right = cells[f"answer-{number}"].source == RIGHT[f"answer-{number}"]
            if name in FAULTY or not right:
                fault = {"ename": "CheckFailed", "evalue": "✗ not yet: It is 5.", "traceback": []}
                cell.outputs = [error_output(fault)]
    return Attempt(whole, "", fingerprint(path))


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    place = tmp_path_factory.mktemp("class")
    nbformat.write(trial_lab.source(), place / f"{LAB}.ipynb")
    made = Course(place / "course")
    made.release(place / f"{LAB}.ipynb")
    (place / "roster.csv").write_text(ROSTER, "utf-8")
    hostile = "\n\n".join(hostile_pages.markup("http://away.example"))
    handed_in = {
        "group 7": (submissions.done(reflection="It must *fit*."), -1),
        "bo": (submissions.lab(), -50),  # the later one of the group counts
        "cy": (submissions.done(reflection=hostile), 30),
        "di": (submissions.done(answer_3=submissions.WRONG["answer-3"]), 30),
    }
    (place / "in").mkdir()
    for name, (nb, hours) in handed_in.items():
        path = place / "in" / f"{name}_{LAB}.ipynb"
        nbformat.write(nb, path)
        os.utime(path, (DUE.timestamp() + 3600 * hours,) * 2)
    options = [LAB, str(place / "in"), "--roster", str(place / "roster.csv")]
    assert main(["collect", *options, "--course", str(made.folder)]) == 0
    return made


def rows(course: Course) -> dict[str, dict[str, str]]:
    with course.grades(LAB).open(encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def columns(course: Course, *names: str) -> dict[str, tuple[str, ...]]:
    return {who: tuple(row[name] for name in names) for who, row in rows(course).items()}


@nbgrader
def test_a_class_from_hand_in_to_mail(
    course: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*given: str) -> str:
        command, *rest = given
        assert main([command, LAB, *rest, "--course", str(course.folder)]) == 0
        return capsys.readouterr().out

    monkeypatch.setattr("cnnlab.course.grading.attempts.attempt", quick)
    grade = ["grade", "--unconfined"]

    # Due: whoever has longer loses nothing; a group's one notebook runs once and counts for both.
    (course.folder / due.EXTENSIONS).write_text(
        f"student,lab,until\ndi,{LAB},2026-11-09\ndi,other,2026-01-01\n", "utf-8"
    )
    said = run("due", DUE.isoformat(), "--penalty", "10% a day, at most 50%")
    assert "10% of their points a day, at most 50%" in said
    assert "di has until 2026-11-09 23:59" in said
    said = run(*grade)
    assert len(tried) == 3
    assert "cy: 2 of 4. 1 d 6 h late, 1.6 count. to be completed by hand\n" in said
    assert columns(course, "score", "penalty", "counts", "late") == {
        "ada": ("2.0", "", "2.0", ""),
        "bo": ("2.0", "", "2.0", ""),
        "cy": ("2.0", "0.4", "1.6", "1 d 6 h"),
        "di": ("1.0", "", "1.0", ""),
    }

    # Words: names are hidden, nothing of a student runs, points are entered from the list.
    run("words")
    page = (course.folder / f"words_{LAB}.html").read_text("utf-8")
    assert "<em>fit</em>" in page
    assert "A window must fit into the input." in page
    assert hostile_pages.RUN not in page
    assert "<script" not in page
    assert ">ada" not in page
    run("words", "--page", str(course.folder / "named.html"), "--names")
    assert " ada, bo</h3>" in (course.folder / "named.html").read_text("utf-8")
    table = course.folder / f"words_{LAB}.csv"
    code = next(one.code for one in words.answers(course, LAB) if one.students == ("ada", "bo"))
    assert f"{code},reflection,1,," in table.read_text("utf-8")
    lines = ["answer;points;comment", f"{code};0,5;Say why.", "gone;1;", f"{code};7;"]
    text = "\n".join(lines)
    table.write_text(text, "utf-8")
    assert main(["words", LAB, "--points", str(table), "--course", str(course.folder)]) == 1
    said = capsys.readouterr().out
    assert "gone: no such answer" in said
    assert f"{code}: points must be from 0 to 1, not '7'." in said
    assert columns(course, "score", "by_hand")["bo"] == ("2.5", "")
    assert columns(course, "score", "by_hand")["cy"] == ("2.0", "yes")

    # A mended check: who gains is shown, and points by hand stay.
    FAULTY.clear()
    said = run(*grade, "--again", "2").splitlines()
    assert "ada      2          0      1                 2.5    3.5" in said
    assert "4 gained, 0 lost, 0 as before." in said
    assert columns(course, "score", "counts")["cy"] == ("3.0", "2.4")
    assert "0 gained, 0 lost, 4 as before." in run(*grade, "--again", "2")
    with pytest.raises(SystemExit, match="--again must be one of 1, 2, 3, not 'two'"):
        run(*grade, "--again", "two")

    # Mail, and the page that nbgrader makes, say the same.
    run("mail")
    letter = (course.folder / "mail" / LAB / "cy.txt").read_text("utf-8")
    assert letter.startswith(f"To: cy\nSubject: {LAB}: 2.4 of 4 points\n")
    assert "It came 1 d 6 h late, which costs 0.6: 2.4 count." in letter
    letter = (course.folder / "mail" / LAB / "ada.txt").read_text("utf-8")
    assert letter.startswith("To: ada@uni.example\n")
    assert "Your words: 0.5 of 1. Say why." in letter
    assert "Step 3: 0 of 1. It is 5." in (course.folder / "mail" / LAB / "di.txt").read_text(
        "utf-8"
    )
    run("feedback")
    assert "2.4 / 4.0" in (course.folder / "feedback" / "cy" / LAB / f"{LAB}.html").read_text(
        "utf-8"
    )


@nbgrader
def test_a_misspelled_extension_is_told(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    (course.folder / due.EXTENSIONS).write_text(
        f"student,lab,until\ndj,{LAB},2026-11-09\n", "utf-8"
    )
    assert main(["due", LAB, "2026-11-01", "--course", str(course.folder)]) == 1
    assert "names dj, who is not in the roster" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="must be written like 2026"):
        main(["due", LAB, "soon", "--course", str(course.folder)])


# Likeness.

CODE = """
def convolve(image, kernel):
    rows, columns = image.shape
    result = []
    for row in range(rows - kernel.shape[0] + 1):
        for column in range(columns - kernel.shape[1] + 1):
            window = image[row : row + kernel.shape[0], column : column + kernel.shape[1]]
            result.append(float((window * kernel).sum()))
    return result
"""
OTHER = """
def convolve(image, kernel):
    height = len(kernel)
    return [sum(a * b for a, b in zip(line, kernel)) for line in windows(image, height) if line]

def windows(image, height):
    while len(image) >= height:
        yield image[:height]
        image = image[1:]
"""


def test_renamed_code_is_alike_and_other_code_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    renamed = CODE.replace("image", "bild").replace("row", "zeile") + "# mine\n"
    course = Course(tmp_path)
    path = course.source(LAB)
    path.parent.mkdir(parents=True)
    nbformat.write(trial_lab.source(), path)
    for student, code in {"ada": CODE, "bo": renamed, "cy": OTHER, "di": "def f(:\n  '"}.items():
        target = tmp_path / "submitted" / student / LAB / f"{LAB}.ipynb"
        target.parent.mkdir(parents=True)
        nbformat.write(submissions.done(answer_3=code), target)
    target = tmp_path / "submitted" / "ed" / LAB / f"{LAB}.ipynb"
    target.parent.mkdir(parents=True)
    target.write_text("{", "utf-8")
    assert likeness.pairs(course, LAB) == [(1.0, "ada", "bo")]
    (tmp_path / "roster.csv").write_text("id,group\nada,1\nbo,1\ncy,\ndi,\n", "utf-8")
    assert likeness.pairs(course, LAB) == []
    assert main(["similar", LAB, "--course", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "No two students have code of their own in common.\n"
