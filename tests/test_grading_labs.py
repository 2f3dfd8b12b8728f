"""The course's own labs through an instructor's commands, and the guide's commands as written."""

import contextlib
import csv
import importlib.util
import itertools
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from cnnlab import notebooks
from cnnlab.__main__ import main
from cnnlab.course.grading import execute, sandbox
from cnnlab.course.grading.course import NEEDS_NBGRADER, Course
from cnnlab.course.grading.intake import recognising
from cnnlab.course.grading.locked_cells import marked, reset
from cnnlab.course.labs import files, student_version
from cnnlab.course.labs.source import flag, is_test

LABS = [path.stem for path in notebooks.source_paths()]
LONG = {"06_lab_digit_recogniser"}  # trains for half a minute, so it is handed in once
STUDENTS = "id,first_name,last_name,email\nada,Ada,Lovelace,\nbob,Bob,,\n"
nbgrader = pytest.mark.skipif(importlib.util.find_spec("nbgrader") is None, reason=NEEDS_NBGRADER)
UNCONFINED = ["--unconfined"] * bool(sandbox.obstacle(sandbox.Limits()))
GUIDE = Path(notebooks.__file__).parents[1] / "docs" / "instructors.md"
ELSEWHERE = re.compile(
    r"activate|pip install|apt install|jupyter lab|cnnlab (pages|slides)|dask|openssl|--scheduler"
)
MARK = re.compile(r"^[ \t]*### (BEGIN|END) SOLUTION.*\n?", re.M)


def handed_in(released: NotebookNode, source: NotebookNode) -> NotebookNode:
    """What was handed out, with every answer of the source in it."""
    answers = {cell.id: cell for cell in source.cells if flag(cell, "solution")}
    for cell in released.cells:
        if cell.id in answers:
            cell.source = MARK.sub("", answers[cell.id].source)
    return released


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """One course for all labs, because making a gradebook is slow."""
    return Course(tmp_path_factory.mktemp("teaching") / "course")


@nbgrader
@pytest.mark.parametrize("lab", LABS)
def test_solved_lab_gets_every_point_and_untouched_lab_none(
    lab: str, course: Course, tmp_path: Path
) -> None:
    received = tmp_path / "received"
    where = ["--course", str(course.folder)]
    source = files.read(files.source_of(lab))
    steps = sum(map(is_test, source.cells))

    assert main(["release", lab, *where]) == 0
    received.mkdir()
    released = files.read(course.folder / "release" / lab / f"{lab}.ipynb")
    if lab not in LONG:
        nbformat.write(released, received / f"untouched_{lab}.ipynb")
    nbformat.write(handed_in(released, source), received / f"solved_{lab}.ipynb")
    assert main(["collect", lab, str(received), *where]) == 0
    assert main(["grade", lab, *where, *UNCONFINED]) == 0

    with course.grades(lab).open(encoding="utf-8", newline="") as file:
        rows = {row.pop("student"): row for row in csv.DictReader(file)}
    if lab in LONG:
        rows.pop("untouched", None)  # whom other labs have made known
    assert all(row.pop("file") for row in rows.values())
    points = {"max_score": f"{steps + 1:.1f}", "remark": "", "penalty": "", "late": ""}
    done = f"{steps:.1f}"  # and one for words
    assert rows.pop("solved") == points | {"score": done, "counts": done, "by_hand": "yes"}
    if lab not in LONG:
        assert rows.pop("untouched") == points | {"score": "0.0", "counts": "0.0", "by_hand": ""}
    assert rows == {}


def said(nb: NotebookNode) -> list[str]:
    """What stands below the test cells."""
    outputs = [one for cell in nb.cells if is_test(cell) for one in cell.outputs]
    return [one.get("evalue") or one.data["text/plain"] for one in outputs if "text" not in one]


@pytest.mark.full  # every lab four times
@pytest.mark.parametrize("lab", LABS)
def test_checks_say_the_same_beside_the_answers_and_in_a_process_of_their_own(
    lab: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = files.read(files.source_of(lab))
    for nb in (student_version(source), handed_in(student_version(source), source)):
        apart, together = (reset(nb, source)[0] for _ in range(2))
        execute.run(apart, sandbox.Limits(), confined=not UNCONFINED)
        with monkeypatch.context() as patch:
            patch.setattr(execute, "checking", lambda *_: contextlib.nullcontext())
            execute.run(together, sandbox.Limits(), confined=not UNCONFINED)
        assert said(apart) == said(together)
        assert len(said(apart)) == sum(map(is_test, source.cells))


@pytest.mark.parametrize(("lab", "other"), list(itertools.product(LABS, repeat=2)))
def test_labs_are_told_apart(lab: str, other: str) -> None:
    mine, theirs = (files.read(files.source_of(name)) for name in (lab, other))
    names = set(marked(mine))
    assert recognising.belongs(student_version(theirs), names) == (lab == other)


def guide() -> list[str]:
    """The commands of the guide, in order, without those that install or open something."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", GUIDE.read_text("utf-8"), re.M | re.S)
    lines = [line for language, block in blocks if not language for line in block.splitlines()]
    return [line for line in lines if not ELSEWHERE.search(line)]


@nbgrader
def test_guide_runs_as_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lab = "05_lab_shapes_and_parameters"
    source = files.read(files.source_of(lab))
    received = tmp_path / "Downloads" / "received"
    for folder in (received, tmp_path / "checkout"):
        folder.mkdir(parents=True)
    file = received / f"ada_{lab}.ipynb"
    nbformat.write(handed_in(student_version(source), source), file)
    os.utime(file, (1.7e9, 1.7e9))  # before the guide's lab is due
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))  # on Windows
    monkeypatch.chdir(tmp_path / "checkout")
    for line in guide():
        match shlex.split(line):
            case ["mkdir", folder]:
                Path(folder).mkdir()
            case ["cd", folder]:
                monkeypatch.chdir(folder)
                Path("students.csv").write_text(STUDENTS, encoding="utf-8")
            case ["python", "-m", "cnnlab", *words]:
                words = [str(Path(word).expanduser()) for word in words]
                assert main(words + UNCONFINED * ("grade" in words)) == 0, line
            case ["python", *words]:
                assert subprocess.run([sys.executable, *words], check=False).returncode == 0, line
            case _:
                raise AssertionError(f"What does this line do? {line}")
    said = capsys.readouterr().out
    drawn = 'Its numbers were drawn for "anyone", who is not on the roster.'
    assert f"ada: 14 of 15. to be completed by hand. {drawn}\n" in said
    assert "bob: no score. Nothing was handed in.\n" in said
    assert Path("feedback", "ada", lab, f"{lab}.html").is_file()
    assert Path("grades.csv").is_file()
    assert "14 of 15" in Path("mail", lab, "ada.txt").read_text("utf-8")
    assert "1 answer. Give points in" in said
