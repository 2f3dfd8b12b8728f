"""Checks: every wrong answer fails, most by name, and none is told the expected value."""

import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnlab import check, geometry
from cnnlab.check import Result
from cnnlab.check.core.misconception import first_match
from cnnlab.check.questions.output_sizes import MISCONCEPTIONS, SizeSettings

# A misconception, a wrong answer, and the question for which it is the first explanation.
WRONG = [
    ("window beyond the input", 2, {"size": 4, "kernel_size": 1, "stride": 4, "policy": "ceil"}),
    ("padding forgotten", 9, {"size": 11, "kernel_size": 3, "padding": 2}),
    ("padding counted once", 11, {"size": 11, "kernel_size": 3, "padding": 2}),
    ("dilation forgotten", 10, {"size": 12, "kernel_size": 3, "dilation": 3}),
    ("effective kernel counted wrong", 4, {"size": 12, "kernel_size": 3, "dilation": 3}),
    ("rounded up", 3, {"size": 7, "kernel_size": 3, "stride": 3}),
    (
        "rounded down, or rounded up without the + 1",
        2,
        {"size": 7, "kernel_size": 3, "stride": 3, "policy": "ceil"},
    ),
    ("stride forgotten", 5, {"size": 7, "kernel_size": 3, "stride": 2}),
    ("forgot the + 1", 4, {"size": 7, "kernel_size": 3}),
    (
        "padding counted once and the + 1 forgotten",
        35,
        {"size": 144, "kernel_size": 13, "stride": 4, "padding": 9},
    ),
    (
        "padding and the + 1 forgotten",
        32,
        {"size": 144, "kernel_size": 13, "stride": 4, "padding": 9},
    ),
    ("input divided alone", 7, {"size": 21, "kernel_size": 8, "stride": 3, "policy": "ceil"}),
    ("stride and the + 1 forgotten", 222, {"size": 225, "kernel_size": 3, "stride": 2}),
    ("divided before subtracting", 106, {"size": 225, "kernel_size": 7, "stride": 2}),
    ("kernel not subtracted", 113, {"size": 225, "kernel_size": 7, "stride": 2}),
    (
        "kernel not subtracted, rounded up",
        9,
        {"size": 22, "kernel_size": 8, "stride": 3, "policy": "ceil"},
    ),
    ("padding added in the end", 9, {"size": 11, "kernel_size": 3, "stride": 2, "padding": 2}),
    ("the size of same padding", 32, {"size": 32, "kernel_size": 5}),
    ("padded size", 36, {"size": 32, "kernel_size": 3, "padding": 2}),
    ("area", 784, {"size": 32, "kernel_size": 5}),
]


@st.composite
def questions(draw):
    size, stride = draw(st.integers(1, 60)), draw(st.integers(1, 5))
    kernel, dilation = draw(st.integers(1, 7)), draw(st.integers(1, 3))
    span = geometry.effective_kernel_size(kernel, dilation)
    least = max(-(-(span - size) // 2), 0)
    padding = draw(st.one_of(st.integers(least, least + 4), st.just("same")))
    policy = draw(st.sampled_from(["floor", "ceil"]))
    return {
        "size": size,
        "kernel_size": kernel,
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "policy": policy,
    }


def said(result):
    """All that a result says, its styling left out."""
    card = re.sub(r'style="[^"]*"', "", result._repr_html_())
    return [result.message, result.hint, repr(result), card]


def numbers(text):
    return {int(number) for number in re.findall(r"\d+", text)}


@pytest.mark.parametrize(("name", "answer", "question"), WRONG, ids=[row[0] for row in WRONG])
def test_a_misconception_is_named(name, answer, question):
    result = check.output_size(answer, **question)
    assert result.status == "fail"
    row = next(row for row in MISCONCEPTIONS if row.name == name)
    filled = {"stride": 1, "padding": 0, "dilation": 1} | question
    assert result.message == row.sentence.format(**filled)


def test_every_misconception_has_an_example():
    assert [name for name, _, _ in WRONG] == [row.name for row in MISCONCEPTIONS]
    assert len({row.sentence for row in MISCONCEPTIONS}) == len(MISCONCEPTIONS)


def test_the_first_row_that_explains_wins():
    rows = MISCONCEPTIONS[3:5]
    assert first_match(rows, _settings(), lambda value: True) is rows[0]
    assert first_match(rows, _settings(), lambda value: False) is None


def _settings():
    return SizeSettings(12, 3, 1, 0, 3, "floor")


@given(questions(), st.integers(-200, 5000))
def test_an_answer_passes_exactly_when_it_is_right(question, answer):
    expected = geometry.output_size(**question)
    assert check.output_size(expected, **question)
    assert bool(check.output_size(answer, **question)) is (answer == expected)


@given(questions(), st.integers(-5, 200))
def test_no_result_tells_the_expected_value(question, answer):
    expected = geometry.output_size(**question)
    shown = {1} | {value for value in question.values() if isinstance(value, int)}
    if expected in shown:  # the question itself, or the 1 of the formula, holds this number
        return
    answers = (answer, expected, float(expected), str(expected), [expected], None)
    for result in (check.output_size(value, **question) for value in answers):
        assert all(expected not in numbers(text) for text in said(result))


@pytest.mark.parametrize(
    "right",
    [
        5,
        np.int64(5),
        np.uint8(5),
        np.array(5),
        torch.tensor(5),
        True + 4,
        "5",
        " 5.0",
        np.str_("5"),
    ],
)
def test_honest_variants_of_the_right_answer_pass(right):
    assert check.output_size(right, 7, 3)


@pytest.mark.parametrize("answer", [..., None])
def test_no_answer_is_still_to_do(answer):
    result = check.output_size(answer, 7, 3)
    assert result.status == "todo"
    assert not result


class Hostile:
    def __eq__(self, other):
        raise RuntimeError("no comparison")

    __hash__ = None
    __len__ = __index__ = __float__ = __repr__ = __str__ = __bool__ = __eq__


def closed():
    """Objects that do not let anyone look at them, or at their class."""

    class Sealed(type):
        def __getattribute__(cls, name):
            raise RuntimeError("no attributes")

    class Opaque(metaclass=Sealed):
        pass

    class Closed:
        def __getattribute__(self, name):
            raise RuntimeError("no attributes")

    return [Closed(), Opaque()]


class AlwaysEqual(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (5.5, "and this one has a fraction. Hint: a // b rounds down, math.ceil(a / b)"),
        (np.float32(5.001), "and this one has a fraction"),
        (Fraction(11, 2), "and this one has a fraction"),
        (Decimal("4.999"), "and this one has a fraction"),
        ([[4.5]], "and this one has a fraction"),
        (float("nan"), "this is a float"),
        (float("inf"), "this is a float"),
        (np.timedelta64(5, "ns"), "this is a timedelta64"),
        ("five", "this is a str. Hint: Write the number without quotes"),
        (True, "this is a truth value"),
        (np.True_, "this is a truth value"),
        ([True], "this is a truth value"),
        ([5, 5], "this is a list. Hint: Give one number"),
        ((5, 5), "this is a tuple. Hint: Give one number"),
        (np.full(3, 5), "this is an ndarray. Hint: Give one number"),
        (geometry.output_size, "this is a function. Hint: Call the function"),
        (5j, "this is a complex. Hint: Give one whole number"),
        (Hostile(), "this is a Hostile"),
        (torch.tensor(True), "this is a truth value"),
        (np.array(True), "this is a truth value"),
        (AlwaysEqual(6), "This is not the output size"),
        (10**40, "This is not the output size"),
        (0, "This is not the output size"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_any_object_gets_a_sentence(answer, sentence):
    result = check.output_size(answer, 7, 3)
    assert result.status == "fail"
    assert sentence in repr(result)


def test_an_object_that_cannot_be_looked_at_gets_a_sentence():
    messages = [check.output_size(answer, 7, 3).message for answer in closed()]
    assert messages == [
        f"sizes are whole numbers, this is {name}." for name in ("a Closed", "an Opaque")
    ]


def test_the_rounding_of_the_hint_follows_the_policy():
    assert "⌊" in check.output_size(99, 7, 3).hint
    assert "⌈" in check.output_size(99, 7, 3, policy="ceil").hint


MUST_FIT = {"size": 7, "kernel_size": 3, "policy": "error"}


@pytest.mark.parametrize(
    ("answer", "stride", "message"),
    [
        (2, 3, "This is the size with policy floor; the question asks what happens when"),
        (3, 3, "This is the size with policy ceil; the question asks what happens when"),
        (5, 3, "This is not the output size"),
        (-1, 3, "This is not the output size"),
        ("error", 2, "The stride fits here"),
        (2, 2, "You counted the steps between the windows"),
    ],
)
def test_a_stride_that_must_fit_is_asked_for(answer, stride, message):
    result = check.output_size(answer, **MUST_FIT, stride=stride)
    assert result.status == "fail"
    assert result.message.startswith(message)


def test_a_stride_that_must_fit_is_refused_or_fits():
    assert check.output_size("error", **MUST_FIT, stride=3)
    assert check.output_size(" Error ", **MUST_FIT, stride=3)
    assert check.output_size(3, **MUST_FIT, stride=2)
    assert not check.output_size("error", 7, 3, stride=3)


@pytest.mark.parametrize("answer", [..., None, 5, "5"])
@pytest.mark.parametrize(
    ("question", "message"),
    [
        ({"size": 3, "kernel_size": 5}, "kernel 5 does not fit size 3"),
        ({"size": 7, "kernel_size": 3, "stride": 0}, "stride must be at least 1, not 0"),
        ({"size": 3, "kernel_size": 5, "policy": "error"}, "kernel 5 does not fit size 3"),
        ({"size": 7, "kernel_size": 3, "policy": "round"}, "policy must be one of"),
    ],
)
def test_a_senseless_question_raises(answer, question, message):
    with pytest.raises(ValueError, match=message):
        check.output_size(answer, **question)


def test_a_result_is_one_line_of_text_and_an_accessible_card():
    result = Result("fail", "a < b\nand c", hint="Try `d`.")
    assert repr(result) == "✗ not yet: a < b and c Hint: Try `d`."
    card = result._repr_html_()
    assert 'role="status"' in card
    assert "a &lt; b" in card
    assert "Try <code>d</code>." in card
    assert "<script" not in card
    assert 'aria-hidden="true"' in card
    assert "not yet:" in card


def test_the_three_outcomes_differ_in_icon_word_and_colour():
    cards = [Result(status, "m") for status in ("todo", "pass", "fail")]
    assert [bool(card) for card in cards] == [False, True, False]
    assert len({repr(card)[0] for card in cards}) == 3
    assert len({repr(card)[2:] for card in cards}) == 3
    colors = [re.search(r"border-left: 6px solid (.*?);", c._repr_html_())[1] for c in cards]
    assert len(set(colors)) == 3


def test_a_result_refuses_nonsense():
    with pytest.raises(ValueError, match="status must be one of todo, pass, fail, not 'passed'"):
        Result("passed", "m")
    with pytest.raises(ValueError, match="message must say"):
        Result("pass", " ")
