"""Students learn at hand-in what is wrong with their file: the judgement of those who collect it."""

import json
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat import v4 as new

from cnnlab.__main__ import main
from cnnlab.check.core.result import Result
from cnnlab.course.grading.intake import recognising
from cnnlab.course.grading.intake.verifying import Verdict, verify
from cnnlab.course.grading.locked_cells import marked
from tests import submissions, trial_lab

NAMES = set(marked(trial_lab.source()))


def verdict(nb: NotebookNode, place: Path) -> Verdict:
    path, source = place / "mine.ipynb", place / f"{trial_lab.NAME}.ipynb"
    path.write_text(json.dumps(nb), encoding="utf-8")
    nbformat.write(trial_lab.source(), source)
    found = verify(path, [source])
    assert bool(found.trouble) == bool(recognising.trouble(path, NAMES)), "as collect has it"
    return found


def test_a_finished_lab_is_ready(tmp_path: Path) -> None:
    nb = submissions.done(reflection="It must fit.")
    assert verdict(nb, tmp_path) == Verdict(trial_lab.NAME)


def as_it_ran(nb: NotebookNode) -> None:
    for name, result in {"test-1": Result("pass", "7."), "test-2": Result("fail", "8.")}.items():
        shown = new.new_output("execute_result", {"text/plain": repr(result)}, execution_count=1)
        submissions.cell(nb, name).outputs = [shown]
    submissions.cell(nb, "test-3").outputs = [new.new_output("error", ename="E", evalue="")]


@pytest.mark.parametrize(
    ("nb", "remark"),
    [
        (submissions.lab(), "Untouched so far: step 1, step 2, step 3, your words (reflection)."),
        (submissions.CASES["one-right"].nb,
         "Untouched so far: step 2, step 3, your words (reflection)."),
        (submissions.CASES["deleted-cells"].nb,
         "These cells were deleted and count as untouched: setup, test-1, answer-2, score."),
        (submissions.CASES["words-below"].nb,
         "Words may stand in a cell below: reflection. Move them into it."),
        (submissions.done(reflection="![a](sketch.png)"),
         "These pictures do not lie in the notebook and would not be handed in: sketch.png. "
         "Copy each and paste it into its cell."),
        (submissions.changed(submissions.done(), as_it_ran),
         "Not passed when last run: step 2, step 3."),
    ],
)  # fmt: skip
def test_what_a_student_should_know_is_said(nb: NotebookNode, remark: str, tmp_path: Path) -> None:
    found = verdict(nb, tmp_path)
    assert found.trouble == ""
    assert remark in found.remarks


def test_a_pasted_picture_is_there(tmp_path: Path) -> None:
    assert verdict(submissions.CASES["pasted-picture"].nb, tmp_path).remarks == ()


@pytest.mark.parametrize("student", submissions.CASES)
def test_every_submission_has_a_verdict(student: str, tmp_path: Path) -> None:
    verdict(submissions.CASES[student].nb, tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("mine.ipynb", "", "The file is empty."),
        ("mine.ipynb", "{", "The file is damaged"),
        ("mine.ipynb", "[1]", "The file is no notebook"),
        ("mine.ipynb", nbformat.writes(new.new_notebook()), "holds no lab of this course"),
        ("mine.pdf", "%PDF", "It is no notebook"),
    ],
)
def test_what_cannot_be_graded_says_why(
    name: str, text: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert main(["verify", str(tmp_path / name)]) == 1
    assert why in capsys.readouterr().out


def test_a_file_that_is_not_there_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="There must be a file"):
        main(["verify", str(tmp_path / "none.ipynb")])
