"""A score tells the truth in a notebook: what was skipped, changed, renamed, stopped or broken."""

import pytest
from IPython.core.interactiveshell import InteractiveShell

from cnnlab import check
from cnnlab.check.core import progress

START = "from cnnlab import check"
LAB = 'check.lab("Shapes", steps=["1", "2", "3"])'
SIZE = "size = 5"
TEST = 'check.output_size(size, 7, 3, step="1")'
SLIDE = """
def slide(image, kernel):
    (h, w), (kh, kw) = image.shape, kernel.shape
    places = [[(i, j) for j in range(w - kw + 1)] for i in range(h - kh + 1)]
    return [[(image[i:i+kh, j:j+kw] * kernel).sum() for i, j in row] for row in places]
"""
TURN = """
def turn(image, kernel):
    return slide(image, kernel[::-1, ::-1])
"""
TEST_SLIDE = 'check.function(slide, "cross_correlate2d", step="2")'
TEST_TURN = 'check.function(turn, "convolve2d", step="3")'


class Notebook:
    """Cells with names, run in a shell of their own."""

    def __init__(self, shell):
        self.shell = shell

    def run(self, source, cell=None):
        return self.shell.run_cell(source, store_history=True, cell_id=cell)

    def standing(self, step="1"):
        (stands,) = (stands for name, _, stands in check.score().steps if name == step)
        return stands


@pytest.fixture
def notebook(monkeypatch, capsys):
    shell = InteractiveShell()
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    progress.start("This notebook", [])
    made = Notebook(shell)
    made.run(START)
    yield made
    check.lab("Nothing", steps=["1"])


@pytest.fixture
def passed(notebook):
    """A lab whose three steps have passed."""
    notebook.run(LAB, "lab")
    cells = {"size": SIZE, "test": TEST, "slide": SLIDE, "test-2": TEST_SLIDE}
    for cell, source in {**cells, "turn": TURN, "test-3": TEST_TURN}.items():
        notebook.run(source, cell)
    assert check.score().passed == 3
    return notebook


def test_steps_are_known_though_the_cell_of_the_lab_was_skipped(notebook):
    notebook.run(SIZE)
    notebook.run(TEST)
    score = check.score(steps=3)
    assert repr(score) == (
        "This notebook: 1 of 3 steps passed.\n✓ 1\n○ 2\n○ 3\n"
        "Next, step 2: put your answer in place of the dots and run its cell."
    )
    assert "var(--jp-success" in score._repr_html_()
    assert [name for name, _, _ in check.score(steps=["1", "2a"]).steps] == ["1", "2a"]


def test_a_score_that_does_not_know_the_steps_says_so(notebook):
    notebook.run(SIZE)
    notebook.run(TEST)
    told = repr(check.score())
    assert told.startswith("This notebook: 1 of at least 1 step passed.")
    assert told.endswith(
        "Run the cell with check.lab, which knows all steps, and the cells of the steps."
    )
    assert "Everything" not in told


def test_other_steps_than_those_of_the_lab_are_refused(passed):
    assert check.score(steps=3).passed == 3
    with pytest.raises(ValueError, match="steps must be those of the lab, 1, 2, 3, not 13"):
        check.score(steps=13)


@pytest.mark.parametrize("cell", [SIZE, f"# the same\n{SIZE}", "other = 3", TEST, "check.score()"])
def test_what_changes_nothing_leaves_a_step_passed(passed, cell):
    passed.run(cell, "size" if "size =" in cell else "other")
    assert passed.standing() == "pass"


@pytest.mark.parametrize(
    ("cell", "source"),
    [
        ("size", "size = 6"),
        ("size", "size = ..."),
        ("size", "size = (5"),
        ("size", "size = 5 // 0"),
        ("size", "the_size = 5"),
        ("elsewhere", "del size"),
        ("test", "check.output_size(sise, 7, 3, step='1')"),
        ("test", "check.output_size(size, 7, 3, step='1'"),
        ("test", "check.output_size(size, 3, 7, step='1')"),
    ],
)
def test_an_answer_that_changed_or_failed_is_to_be_run_again(passed, cell, source):
    passed.run(source, cell)
    score = check.score()
    assert passed.standing() == "again"
    assert "↻ 1" in repr(score)
    assert "Next, step 1: its answer has changed since it was checked" in repr(score)
    assert "<small>(run again)</small>" in score._repr_html_()
    assert score.passed == 2
    passed.run(SIZE, "size")
    passed.run(TEST, "test")
    assert passed.standing() == "pass"


def test_an_array_that_was_written_into_is_to_be_run_again(notebook):
    notebook.run(LAB)
    notebook.run("import numpy as np\nfour = np.array([[2.0, 1], [1, 2]])")
    given = "np.eye(3), np.ones((2, 2))"
    notebook.run(f'check.array(four, "cross_correlate2d", {given}, step="1")')
    assert notebook.standing() == "pass"
    notebook.run("four[0, 0] = 9")
    assert notebook.standing() == "again"


def test_a_function_is_known_by_what_it_does(passed):
    passed.run(f"# somewhere else in its cell\n{SLIDE}", "slide")
    assert (passed.standing("2"), passed.standing("3")) == ("pass", "pass")
    passed.run(SLIDE.replace("* kernel", "+ kernel"), "slide")
    assert (passed.standing("2"), passed.standing("3")) == ("again", "again")


def test_a_function_under_another_name_is_to_be_run_again(passed):
    passed.run(SLIDE.replace("def slide", "def my_slide"), "slide")
    assert passed.standing("2") == "again"
    assert passed.standing("1") == "pass"


def test_a_function_that_has_moved_to_another_cell_is_still_there(passed):
    passed.run(SLIDE, "another")
    passed.run("pass", "slide")
    assert passed.standing("2") == "pass"


def test_a_check_that_was_interrupted_is_to_be_run_again(passed):
    passed.run("slide.patience = 0\nheld = slide")
    passed.run("def slide(image, kernel):\n    raise KeyboardInterrupt", "slide")
    passed.run(TEST_SLIDE, "test-2")
    assert passed.standing("2") == "again"


def test_a_step_that_failed_stays_failed_whatever_else_happens(passed):
    passed.run("size = 4", "size")
    passed.run(TEST, "test")
    passed.run("size = (", "size")
    assert passed.standing() == "fail"


def test_a_strict_check_that_fails_is_no_accident(passed):
    passed.run("size = 4", "size")
    with check.strict():
        passed.run(TEST, "test")
    assert passed.standing() == "fail"


def test_what_comes_of_an_answer_waits_for_it(notebook):
    notebook.run(LAB)
    shown = lambda: "a figure"  # noqa: E731
    assert repr(check.after("1", shown)).startswith("○ to do: step 1 comes first.")
    notebook.run(SIZE, "size")
    notebook.run(TEST)
    assert check.after("1", shown) == "a figure"
    assert repr(check.after(["1", "2"], shown)).startswith("○ to do: step 2 comes first.")
    notebook.run("size = 4", "size")
    assert repr(check.after("1", shown)).startswith("○ to do: run the cells of step 1 again")


def test_an_empty_name_gets_a_card_and_no_traceback(notebook, capsys):
    notebook.run('student = ""')
    notebook.run('check.variant("fits", student)')
    told = capsys.readouterr()
    assert "○ to do: your name, from which your numbers are drawn." in told.out
    assert "Traceback" not in told.out + told.err


def test_a_name_that_a_check_misses_gets_a_card_and_any_other_its_traceback(notebook, capsys):
    notebook.run(LAB)
    notebook.run(TEST, "test")
    told = capsys.readouterr()
    assert "○ to do: there is no `size` yet. Hint: Run the cell that makes it." in told.out
    assert "Traceback" not in told.out + told.err
    for other in ("wide = size", "def wide(): return size\ncheck.output_size(wide(), 7, step='1')"):
        assert not notebook.run(other).success
        assert "NameError" in capsys.readouterr().out
    notebook.run(SIZE, "size")
    notebook.run(TEST, "test")
    assert notebook.standing() == "pass"


def test_what_comes_of_an_answer_says_which_name_is_missing(notebook, capsys):
    notebook.run("\n".join([LAB, SIZE, TEST]))
    notebook.run("def shown(): return photographs\ncheck.after('1', shown)")
    told = capsys.readouterr()
    assert "○ to do: there is no `photographs` yet." in told.out
    assert "Traceback" not in told.out + told.err


def test_an_interrupted_check_says_which_line_it_was_in(notebook, capsys):
    notebook.run("def slide(image, kernel):\n    raise KeyboardInterrupt")
    notebook.run(TEST_SLIDE)
    told = capsys.readouterr()
    assert told.out.count("the check was interrupted. It was in line 2 of its cell") == 1
    assert "Does every loop come to an end?" in told.out
    assert "score.py" not in told.out + told.err
