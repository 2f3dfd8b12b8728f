"""Labs: sources are solved, what students get is not, and the two are in step."""

import ast
import copy
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat import v4 as new

from cnnlab import notebooks
from cnnlab.__main__ import main
from cnnlab.check.core import lab_steps
from cnnlab.course import labs, refresh
from cnnlab.course.labs import cells, files
from cnnlab.course.labs.source import flag, is_test
from tests import trial_lab

ROOT = Path(__file__).resolve().parents[1]
SOURCES = notebooks.source_paths()
LONG = "06_lab_digit_recogniser"  # trains for half a minute, whatever the answers
QUICK = [pytest.param(p, marks=[pytest.mark.full] * (p.stem == LONG)) for p in SOURCES]

# What a student could leave in place of an answer: zeros, of the form of the right one.
ZEROS = """
def _empty(value):
    import numpy
    if callable(value):
        return lambda *args, **kwargs: _empty(value(*args, **kwargs))
    if isinstance(value, dict):
        return {key: _empty(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(_empty, value))
    return 0 * value if isinstance(value, numpy.ndarray | float) else 0
"""


def card(cell: NotebookNode) -> str:
    return "".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs)


def run(nb: NotebookNode, folder: Path) -> NotebookNode:
    done = copy.deepcopy(nb)
    refresh.execute(done, folder, {})
    return done


def said(nb: NotebookNode) -> list[str]:
    """What each check says first, and the headline of the score."""
    cards = [card(cell).split(":")[0] for cell in nb.cells if is_test(cell)]
    return [*cards, card(nb.cells[-1]).splitlines()[0]]


def names(source: str) -> list[str]:
    """Names that a cell defines at its top level."""
    tree = ast.parse(source).body
    defined = [node.name for node in tree if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    targets = [target for node in tree if isinstance(node, ast.Assign) for target in node.targets]
    stored = (node for target in targets for node in ast.walk(target))
    return sorted({*defined, *(node.id for node in stored if isinstance(node, ast.Name))})


def nothing(source: str) -> str:
    """An answer cell that defines the same names and computes nothing."""
    tree = ast.parse(source).body
    kept = [ast.unparse(node) for node in tree if isinstance(node, ast.Import | ast.ImportFrom)]
    defined = {n.name for n in tree if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    returns = dict.fromkeys(defined, "lambda *args, **kwargs: None")
    return "\n".join([*kept, *(f"{name} = {returns.get(name)}" for name in names(source))])


def zeros(source: str) -> str:
    """The right answer, with each of its numbers made 0 in the end."""
    return "\n".join([source, ZEROS, *(f"{name} = _empty({name})" for name in names(source))])


def emptied(source: NotebookNode, how: Callable[[str], str]) -> NotebookNode:
    """The solved lab, with each answer emptied."""
    nb = copy.deepcopy(source)
    for cell in nb.cells:
        if cell.cell_type == "code" and flag(cell, "solution"):
            assert names(cell.source), f"answer cell {cell.id} defines nothing"
            cell.source = how(cell.source)
    return nb


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder of notebooks with the source of the trial lab, run once."""
    path = tmp_path / "notebooks" / notebooks.SOURCE_FOLDER / f"{trial_lab.NAME}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(trial_lab.source(), path)
    assert refresh.refresh([path])[0].status == "changed"
    return tmp_path / "notebooks"


# Every lab of the course.


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_solved_lab_ends_with_all_steps_passed(path: Path) -> None:
    # A later cell that uses an answer's name for something else undoes its step.
    assert card(nbformat.read(path, 4).cells[-1]).endswith("Everything is done.")


def test_students_labs_are_in_step() -> None:
    assert set(labs.make(check=True).values()) <= {"same"}, "run python -m cnnlab labs"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_untouched_lab_is_all_to_do(path: Path) -> None:
    *checks, score = said(run(labs.student_version(files.read(path)), path.parents[1]))
    assert set(checks) == {"○ to do"}
    assert re.search(rf": 0 of {len(checks)} steps? passed\.$", score)


@pytest.mark.parametrize("how", [pytest.param(nothing, marks=pytest.mark.full), zeros])
@pytest.mark.parametrize("path", QUICK, ids=lambda path: path.stem)
def test_emptied_lab_passes_nothing(path: Path, how: Callable[[str], str]) -> None:
    *checks, score = said(run(emptied(files.read(path), how), path.parents[1]))
    assert set(checks) <= {"○ to do", "✗ not yet"}
    assert ": 0 of " in score


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_the_score_has_the_steps_of_the_headings(path: Path, tmp_path: Path) -> None:
    """Whatever the notebook is called and wherever it runs, here through nbconvert."""
    source = files.read(path)
    kept = [c for c in source.cells if flag(c, "locked") and "check.lab" in c.source]
    kept += [new.new_code_cell("check.score()", id="score")]
    kept[:0] = [new.new_code_cell("from cnnlab import check", id="import")]
    nbformat.write(new.new_notebook(cells=kept), tmp_path / "renamed.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace"]
    subprocess.run([*command, "renamed.ipynb"], cwd=tmp_path, capture_output=True, check=True)
    score = card(files.read(tmp_path / "renamed.ipynb").cells[-1])
    steps = headings_on_the_page(source)
    assert len(steps) > 9
    assert score.splitlines()[1:-1] == [f"○ {name} {title}" for name, title in steps.items()]


def headings_on_the_page(nb: NotebookNode) -> dict[str, str]:
    """Read off the page, apart from the code that is tested."""
    lines = "\n".join(c.source for c in nb.cells if c.cell_type == "markdown").splitlines()
    steps = [line.removeprefix("## Step ") for line in lines if line.startswith("## Step ")]
    return dict(step.replace("`", "").split(" · ", 1) for step in steps)


def test_another_heading_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "cnnlab" / "lab_steps.json"
    monkeypatch.setattr(lab_steps, "FILE", table)
    place = tmp_path / "notebooks"
    (place / notebooks.SOURCE_FOLDER).mkdir(parents=True)
    table.parent.mkdir()
    table.write_text("{}")
    path = place / notebooks.SOURCE_FOLDER / f"{trial_lab.NAME}.ipynb"
    nb = trial_lab.source()
    setup = next(cell for cell in nb.cells if cell.id == "setup")
    setup.source = setup.source.replace(', steps=["1", "2", "3"]', "")
    for number in (1, 2, 3):
        at = next(at for at, cell in enumerate(nb.cells) if cell.id == f"answer-{number}")
        nb.cells.insert(at, new.new_markdown_cell(f"## Step {number} · Title {number}"))
    assert any("must know the headings" in problem for problem in labs.problems(nb))
    nbformat.write(nb, path)
    assert labs.make(place, check=True)[table] == "changed"
    assert set(labs.make(place).values()) == {"changed"}
    assert set(labs.make(place, check=True).values()) == {"same"}
    assert lab_steps.steps_of("Trial") == {"1": "Title 1", "2": "Title 2", "3": "Title 3"}
    second = next(cell for cell in nb.cells if "Title 2" in cell.source)
    second.source = "## Step 2 · Another"
    nbformat.write(nb, path)
    states = labs.make(place, check=True)
    assert states[table] == "changed"
    assert "must know the headings" in states[place / path.name]
    second.source = "## Second step"
    assert any("steps of the lab in order" in problem for problem in labs.problems(nb))


def test_jupyter_shows_no_solution() -> None:
    from jupyter_server.services.contents.largefilemanager import LargeFileManager

    contents = LargeFileManager(root_dir=str(ROOT))
    shown = [one["name"] for one in contents.get("notebooks")["content"]]
    assert {path.name for path in SOURCES} < set(shown)
    assert notebooks.SOURCE_FOLDER not in shown
    for path in SOURCES:
        with pytest.raises(Exception, match="HTTP 404"):
            contents.get(path.relative_to(ROOT).as_posix())


# The trial lab, on which each part can be seen to fail.


def test_students_lab_holds_no_answer(place: Path) -> None:
    assert main_in(place, "labs") == 0
    text = (place / f"{trial_lab.NAME}.ipynb").read_text(encoding="utf-8")
    assert "SOLUTION" not in text
    assert "HIDDEN" not in text
    student, source = nbformat.reads(text, as_version=4), trial_lab.source()
    assert [cell.id for cell in student.cells] == [cell.id for cell in source.cells]
    marks = [cell.metadata.get("nbgrader") for cell in student.cells]
    assert marks == [cell.metadata.get("nbgrader") for cell in source.cells]
    code = [cell for cell in student.cells if cell.cell_type == "code"]
    assert all((cell.outputs, cell.execution_count) == ([], None) for cell in code)
    assert all(solution not in text for solution in ("7 - 3", "size_of(12", "must fit"))


def test_trial_lab_untouched_and_emptied(place: Path) -> None:
    source = trial_lab.source()
    assert said(run(labs.student_version(source), place)) == [
        *["○ to do"] * 3, "Trial: 0 of 3 steps passed."]  # fmt: skip
    for how, seen in {nothing: "○ to do", zeros: "✗ not yet"}.items():
        assert said(run(emptied(source, how), place)) == [
            *[seen] * 3, "Trial: 0 of 3 steps passed."]  # fmt: skip
    assert said(run(source, place)) == [*["✓ passed"] * 3, "Trial: 3 of 3 steps passed."]


def test_labs_are_made_once(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    student = place / f"{trial_lab.NAME}.ipynb"
    assert labs.make(place, check=True) == {student: "changed"}
    assert not student.exists()
    assert labs.make(place) == {student: "changed"}
    once = student.read_bytes()
    assert labs.make(place) == {student: "same"}
    assert refresh.refresh([student])[0].status == "failed"
    assert "refresh that instead" in capsys.readouterr().out
    assert student.read_bytes() == once
    student.rename(place / "07_lab_stray.ipynb")
    assert "no source" in labs.make(place)[place / "07_lab_stray.ipynb"]


def break_ids(nb: NotebookNode) -> None:
    nb.cells[4].metadata.nbgrader.grade_id = "other"


BROKEN: dict[str, Callable[[NotebookNode], object]] = {
    "as grade_id": break_ids,
    "needs a region": lambda nb: nb.cells[4].update(source="size = 5"),
    "worth one point": lambda nb: nb.cells[5].metadata.nbgrader.update(points=2),
    "must be locked": lambda nb: nb.cells[5].metadata.nbgrader.update(locked=False),
    "calls of check alone": lambda nb: nb.cells[5].update(source="assert size == 5"),
    "must name its step": lambda nb: nb.cells[5].update(source="check.output_size(size, 7, 3)"),
    "steps of the lab in order": lambda nb: nb.cells.pop(5),
    "one fixed cell with check.lab": lambda nb: nb.cells.pop(2),
    "must be check.score(steps=…)": lambda nb: nb.cells.pop(),
    "score must know the steps": lambda nb: nb.cells[-1].update(source="check.score(steps=4)"),
    "is no answer or test cell": lambda nb: nb.cells[4].metadata.pop("nbgrader"),
}


@pytest.mark.parametrize("sentence", BROKEN)
def test_broken_source_is_refused(place: Path, sentence: str) -> None:
    source = trial_lab.source()
    assert list(labs.problems(source)) == []
    BROKEN[sentence](source)
    assert any(sentence in problem for problem in labs.problems(source))
    nbformat.write(source, place / notebooks.SOURCE_FOLDER / f"{trial_lab.NAME}.ipynb")
    (state,) = labs.make(place).values()
    assert sentence in state
    assert not (place / f"{trial_lab.NAME}.ipynb").exists()


@pytest.mark.parametrize("marks", ["BEGIN", "END", "BEGIN BEGIN END", "BEGIN END END"])
@pytest.mark.parametrize("region", ["SOLUTION", "HIDDEN TESTS"])
def test_unpaired_marks_are_refused(marks: str, region: str) -> None:
    text = "\n".join(f"### {mark} {region}" for mark in marks.split())
    nb = new.new_notebook(
        cells=[cells.answer("a", text + "\n### BEGIN SOLUTION\n### END SOLUTION")]
    )
    with pytest.raises(ValueError, match=rf"Marks of {region} must come in pairs"):
        labs.student_version(nb)


def test_a_step_not_done_leaves_the_source(place: Path) -> None:
    path = place / notebooks.SOURCE_FOLDER / f"{trial_lab.NAME}.ipynb"
    nb = files.read(path)
    nb.cells[4].source = "size = ...\n### BEGIN SOLUTION\nsize = 4\n### END SOLUTION"
    nbformat.write(nb, path)
    (report,) = refresh.refresh([path])
    assert report.status == "failed"
    assert "CheckFailed: ✗ not yet: You counted the steps" in report.error


def nbval(folder: Path) -> list[bool]:
    """Failures, cell by cell, when the project's own tests run a folder of notebooks."""
    report = folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", "pyproject.toml"]
    command += ["-o", "addopts=", "--nbval", "--nbval-current-env", "--rootdir", str(ROOT)]
    command += ["-p", "conftest", f"--junitxml={report}", str(folder)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    return [case.find("failure") is not None for case in ET.parse(report).iter("testcase")]


def test_sources_run_strictly_in_the_projects_tests(place: Path) -> None:
    labs.make(place)  # what students get is not nbval's business
    cell_count = len([cell for cell in trial_lab.source().cells if cell.cell_type == "code"])
    assert nbval(place) == [False] * cell_count
    path = place / notebooks.SOURCE_FOLDER / f"{trial_lab.NAME}.ipynb"
    nb = files.read(path)
    test = next(cell for cell in nb.cells if cell.id == "test-1")
    test.source = test.source.replace("size=7", "size=8")
    nbformat.write(run(nb, place), path)  # its card, not yet passed, is stored
    failures = nbval(place)
    assert failures == [number == 2 for number in range(cell_count)]


# Solutions for self-learners.


def main_in(place: Path, *words: str) -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(notebooks, "__file__", str(place.parent / "cnnlab" / "notebooks.py"))
        return main(words)


def test_solution_of_a_step(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main_in(place, "solution", trial_lab.NAME, "2") == 0
    assert capsys.readouterr().out == "# Step 2\nstrided = (7 - 3) // 2 + 1\n"
    assert set(labs.solutions(trial_lab.source())) == {"1", "2", "3"}
    with pytest.raises(SystemExit, match=r"step must be one of 1, 2, 3, not '9'\."):
        main_in(place, "solution", trial_lab.NAME, "9")
    with pytest.raises(SystemExit, match=r"lab must be one of 03_lab_trial, not '04_lab_x'\."):
        main_in(place, "solution", "04_lab_x")


def test_solution_is_refused_while_locked(place: Path) -> None:
    student = labs.student_version(trial_lab.source())
    student.metadata.cnnlab[files.LOCK] = True
    mine = place / "mine" / f"{trial_lab.NAME}.ipynb"
    mine.parent.mkdir()
    nbformat.write(student, mine)
    with pytest.raises(SystemExit, match="locked by your instructor"):
        main_in(place, "solution", str(mine), "1")
    assert main_in(place, "solution", trial_lab.NAME, "1") == 0
    shutil.copy(mine, place)
    with pytest.raises(SystemExit, match="locked by your instructor"):
        main_in(place, "solution", trial_lab.NAME, "1")


@pytest.mark.parametrize(
    ("source", "student"),
    [
        ("size = ...\n### BEGIN SOLUTION\nsize = 5\n### END SOLUTION", "size = ..."),
        (
            'table = {\n    "a": (..., 1),\n}\n### BEGIN SOLUTION\n0\n### END SOLUTION\nprint(1)',
            'table = {\n    "a": (..., 1),\n}\nprint(1)',
        ),
        (
            "net = load()\n### BEGIN SOLUTION\nnet = 5\n### END SOLUTION",
            "net = load()\n# YOUR CODE HERE",
        ),
        (
            "def f(x=...):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION",
            "def f(x=...):\n    # YOUR CODE HERE",
        ),
    ],
)
def test_dots_need_no_stub_below_them(source: str, student: str) -> None:
    nb = new.new_notebook(cells=[cells.answer("a", source)])
    assert labs.student_version(nb).cells[0].source == student


def test_the_first_use_of_a_check_is_no_tampering() -> None:
    code = """
from cnnlab.course.grading import integrity
integrity.load()
before = integrity.fingerprint()
from cnnlab import check
check.function(abs, "relu"), check.unread([1], 17, 4, 5), check.training({}, at_least=1)
assert integrity.fingerprint() == before
check.unread = abs
assert integrity.fingerprint() != before
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


# Names that a check may read although no answer defines them: what an answer has learned, made
# anew in the cell above; whose numbers; what an answer trains, whatever network it is.
FIXED = {
    "01_lab_neurons": {"student"},
    "04_lab_convolution_from_scratch": {"learned", "student"},
    "05_lab_shapes_and_parameters": {"student"},
    "06_lab_digit_recogniser": {"stepper"},
}


@pytest.mark.parametrize("lab", FIXED)
def test_checks_read_answers_and_nothing_that_an_answer_may_overwrite(lab: str) -> None:
    code = [c for c in files.read(labs.source_of(lab)).cells if c.cell_type == "code"]
    answers = {name for cell in code if flag(cell, "solution") for name in names(cell.source)}
    imported = {
        alias.asname or alias.name
        for cell in code
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    for cell in filter(is_test, code):
        read = {node.id for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Name)}
        assert read <= answers | imported | FIXED[lab], cell.id


@pytest.mark.parametrize("name", ["04", "4", "lab 04", "04_lab_convolution", "lab04"])
def test_a_lab_called_for_short_is_answered_with_its_name(name):
    with pytest.raises(FileNotFoundError, match="Did you mean '04_lab_convolution_from_scratch'"):
        files.source_of(name)
