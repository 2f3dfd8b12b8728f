"""The progress of a lab, its score, and what strict checks raise."""

import inspect
import re
import sys

import pytest
from IPython.core.ultratb import VerboseTB

from cnnlab import check
from cnnlab.check.core.score import check as a_check

SECRET = 7_654_321


@a_check
def guess(answer, settings=None):
    """Compare with a number that no learner may see."""
    expected = SECRET
    if settings == "crash" or answer == "crash":
        raise ZeroDivisionError(f"while comparing {answer} with {expected}")
    if answer == "stop":
        raise KeyboardInterrupt
    if answer is ...:
        return check.Result("todo", "a number.")
    return check.Result("pass" if answer == expected else "fail", "your number.")


@pytest.fixture
def lab():
    check.lab("Shapes", steps={"1": "Sizes", "2a": "Strides", "2b": ""})
    yield
    check.lab("Nothing", steps=["1"])


@pytest.mark.usefixtures("lab")
def test_a_lab_of_the_course_needs_its_title_alone():
    check.lab("Back-propagation")
    score = check.score()
    assert score.steps[0] == ("1", "One unit by hand", "todo")
    assert score.total == 13
    with pytest.raises(ValueError, match=r"Did you mean 'Back-propagation'.*lists its steps"):
        check.lab("Backpropagation")


@pytest.mark.usefixtures("lab")
def test_the_score_lists_every_step_and_the_latest_result_counts():
    guess(SECRET, step="2a")
    guess(1, step="1")
    assert str(check.score()) == (
        "Shapes: 1 of 3 steps passed.\n✗ 1 Sizes\n✓ 2a Strides\n○ 2b\n"
        "Next, step 1: read its card, change your answer and run its cell again."
    )
    guess(SECRET, step="1")
    guess(..., step="2a")
    score = check.score()
    assert (score.passed, score.total) == (1, 3)
    assert [status for _, _, status in score.steps] == ["pass", "todo", "todo"]
    assert "Next, step 2a: put your answer" in repr(score)


@pytest.mark.usefixtures("lab")
def test_a_check_without_a_step_leaves_the_board_alone():
    guess(SECRET)
    assert check.score().passed == 0


@pytest.mark.usefixtures("lab")
def test_a_lab_starts_again_with_nothing_passed():
    guess(SECRET, step="1")
    check.lab("Shapes", steps=["1"])
    assert repr(check.score()).startswith("Shapes: 0 of 1 step passed.\n○ 1\n")


@pytest.mark.usefixtures("lab")
@pytest.mark.parametrize("step", ["3", 1, ""])
def test_a_step_that_the_lab_does_not_have_is_refused(step):
    with pytest.raises(ValueError, match="step must be one of 1, 2a, 2b, not"):
        guess(SECRET, step=step)


@pytest.mark.parametrize("steps", [[], "12", ["1", "1"], {}])
def test_a_lab_needs_steps_with_names_of_their_own(steps):
    with pytest.raises(ValueError, match="steps must be at least one name, each once"):
        check.lab("Shapes", steps=steps)


@pytest.mark.usefixtures("lab")
def test_the_card_of_the_score_says_in_words_what_its_icons_show():
    check.lab("<b>", steps={"1": "a < b", "2": "", "3": ""})
    guess(SECRET, step="1")
    guess(0, step="2")
    card = check.score()._repr_html_()
    assert 'role="status"' in card
    assert "&lt;b&gt;: 1 of 3 steps passed." in card
    words = re.findall(r"<li>.*?aria-hidden.*?</span> (.*?) <small>\((.*?)\)</small></li>", card)
    assert words == [("1 a &lt; b", "passed"), ("2", "not yet"), ("3", "to do")]


@pytest.mark.parametrize("answer", [..., 1])
def test_strict_checks_raise_what_the_card_says(answer, monkeypatch):
    said = repr(guess(answer))
    with check.strict(), pytest.raises(check.CheckFailed) as caught:
        guess(answer)
    assert str(caught.value) == said
    monkeypatch.setenv("CNNLAB_STRICT", "1")
    with pytest.raises(check.CheckFailed):
        guess(answer)
    monkeypatch.setenv("CNNLAB_STRICT", "0")
    assert not guess(answer)


def test_strict_checks_return_what_passes_and_end_with_their_block():
    with check.strict():
        assert guess(SECRET)
    assert not guess(1)


@pytest.mark.usefixtures("lab")
def test_a_strict_failure_is_on_the_board_too():
    with check.strict(), pytest.raises(check.CheckFailed):
        guess(1, step="1")
    assert check.score().steps[0][2] == "fail"


@pytest.mark.parametrize(
    ("answer", "settings", "error"),
    [
        (1, None, check.CheckFailed),
        ("crash", None, check.CheckFailed),
        ("stop", None, KeyboardInterrupt),
    ],
)
def test_no_traceback_shows_the_variables_of_a_check(answer, settings, error):
    verbose = VerboseTB(**quiet(VerboseTB))
    try:
        with check.strict():
            guess(answer, settings)
    except error:
        kind, value, trace = sys.exc_info()
        text = verbose.text(kind, value, trace)
        assert value.__context__ is None
        frames = [frame.f_code.co_name for frame, _ in _walk(trace)]
    assert str(SECRET) not in text
    assert "expected" not in text
    assert guess.__name__ not in frames


def test_an_answer_that_breaks_its_check_fails_and_a_broken_question_raises():
    result = guess("crash")
    assert result.status == "fail"
    assert "ZeroDivisionError" in result.message
    assert str(SECRET) not in repr(result)
    with pytest.raises(ZeroDivisionError) as caught:
        guess(1, settings="crash")
    assert caught.value.__context__ is None


def quiet(formatter):
    """Without colours, which newer versions of IPython call a theme."""
    themed = "theme_name" in inspect.signature(formatter.__init__).parameters
    return {"theme_name": "nocolor"} if themed else {"color_scheme": "NoColor"}


def _walk(trace):
    while trace:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next


def test_the_signature_shows_the_step():
    assert list(inspect.signature(guess).parameters) == ["answer", "settings", "step"]
    assert inspect.signature(check.output_size).parameters["step"].default is None
