"""Numbers, shapes, arrays and choices pass in every form that a person would type."""

import ast
from fractions import Fraction

import nbformat
import numpy as np
import pytest
import torch

from cnnlab import check, geometry, notebooks, zoo
from cnnlab.check.exercises.common.judging import ANSWERS, LABELS
from cnnlab.check.questions import ChoiceQuestion, NumberQuestion, Question, find, names
from cnnlab.spec import Chain, Conv
from tests.styles import BACKWARDS, PAIRS, RIGHT
from tests.styles.typed import ARRAYS, CHOICES, REAL, SHAPES, WHOLE

BANK = [find(name, Question) for name in names()]
CHOICE = [question.name for question in BANK if isinstance(question, ChoiceQuestion)]
NUMBER = [question.name for question in BANK if isinstance(question, NumberQuestion)]

FIELD = [{"kernel_size": 3}, {"kernel_size": 2, "stride": 2}, {"kernel_size": 5}]
SMALL = Chain(conv=Conv(12, 5))
# Questions with a whole number for an answer: a check of an answer, and what is right.
ONE_NUMBER = {
    "output_size": (lambda n: check.output_size(n, 17, 4, stride=5, policy="ceil"), 4),
    "padding": (lambda n: check.padding(n, size=40, kernel_size=3, dilation=3), 3),
    "receptive_field": (
        lambda n: check.receptive_field(n, FIELD),
        geometry.receptive_field(FIELD).size,
    ),
    "number": (lambda n: check.number(n, "06-early-stopping"), 8),
    "table": (lambda n: check.table({"conv": n}, SMALL, (3, 9, 9), columns=["params"]), 912),
    "total": (
        lambda n: check.table({"total": n}, "ds-4400", columns=["params"], rows=["total"]),
        zoo.get("ds-4400").summary().params,
    ),
}


@pytest.mark.parametrize("typed", WHOLE)
@pytest.mark.parametrize("question", ONE_NUMBER)
def test_a_whole_number_passes_as_it_is_typed(question, typed):
    judge, right = ONE_NUMBER[question]
    result = judge(WHOLE[typed](right))
    assert result, result
    wrong = judge(WHOLE[typed](right + 1))
    assert wrong.status == "fail"
    assert "whole" not in wrong.message


@pytest.mark.parametrize("typed", REAL)
@pytest.mark.parametrize("question", NUMBER)
def test_a_number_passes_as_it_is_typed(question, typed):
    value = find(question, NumberQuestion).value()
    result = check.number(REAL[typed](value), question)
    assert result, result
    assert not check.number(REAL[typed](3 * value), question)


@pytest.mark.parametrize("typed", SHAPES)
def test_a_shape_passes_as_it_is_typed(typed):
    for right in ((12, 5, 5), (60,)):
        net = SMALL if len(right) == 3 else "ds-4400"
        path, shape = ("conv", (3, 9, 9)) if len(right) == 3 else ("fc1", None)
        right = right if shape else (64,)
        ask = {"network": net, "input_shape": shape, "columns": ["output_shape"], "rows": [path]}
        result = check.table({path: SHAPES[typed](right)}, **ask)
        assert result, result
        assert not check.table({path: SHAPES[typed]([n + 1 for n in right])}, **ask)


@pytest.mark.parametrize("typed", SHAPES)
def test_unread_pixels_pass_as_they_are_typed(typed):
    right = [4, 9, 14, 15, 16]
    result = check.unread(SHAPES[typed](right), size=17, kernel_size=4, stride=5)
    assert result, result
    assert check.unread(set(right), size=17, kernel_size=4, stride=5)
    assert check.unread(np.nonzero(np.isin(range(17), right)), size=17, kernel_size=4, stride=5)
    assert not check.unread(SHAPES[typed](right[:-1]), size=17, kernel_size=4, stride=5)


# Arrays worked out by hand: the function, what it is given, its settings, and what is right.
BY_HAND = {
    "05-image": ("max_pool2d", [check.given("05-image"), 3], {"stride": 2}, [[6, 6], [8, 7]]),
    "four-windows": (
        "cross_correlate2d",
        ([[1, 0, 2], [3, 1, 0], [0, 2, 4]], [[1, 2], [0, -1]]),
        {},
        [[0, 4], [3, -3]],
    ),
    "04-way-back": (
        "input_gradient",
        check.given("04-way-back"),
        {},
        [[1, 2, 0], [2, -1, 4], [-3, 7, -2]],
    ),
    "03-momentum": ("momentum_step", check.given("03-momentum"), {}, [[0.5, -2.15], [5, 1.5]]),
    "09-b-one": (
        "scaled_stages",
        check.given("09-b-one"),
        {},
        [[32, 1], [16, 2], [24, 3], [40, 3], [80, 4], [112, 4], [192, 5], [320, 2], [1280, 1]],
    ),
}


@pytest.mark.parametrize("typed", ARRAYS)
def test_an_array_passes_as_it_is_typed(typed):
    for function, inputs, settings, right in BY_HAND.values():
        result = check.array(ARRAYS[typed](right), function, *inputs, **settings)
        assert result, result
        wrong = (np.array(right) + 1).tolist()
        assert not check.array(ARRAYS[typed](wrong), function, *inputs, **settings)


LINES = {
    "01-four-answers": ("unit", [0, 0, 0, 1]),
    "01-correction": ("perceptron_step", [1, 1, -2]),
    "ten-records": ("verdict", [Fraction(7, 10), Fraction(3, 5), Fraction(3, 4)]),
    "02-one-unit": ("unit_signals", [0.5, 0.125, 0.375, 0.125]),
    "03-dropout": ("dropout", [5, 0, -2.5, 10, 3.75]),
    "09-five-weights": ("quantize", [0, 74, 100, 134, 255]),
}


def _given(question):
    if question == "ten-records":
        return LABELS, ANSWERS, -1
    given = check.given(question)
    return [given] if question == "02-one-unit" else given


@pytest.mark.parametrize("question", LINES)
def test_a_line_of_numbers_passes_as_it_is_typed(question):
    function, right = LINES[question]
    for typed in (list, tuple, np.array, lambda line: np.array(line, float), _tensor):
        assert check.array(typed(right), function, *_given(question))
        wrong = [number + 1 for number in right]
        assert not check.array(typed(wrong), function, *_given(question))


def _tensor(line):
    return torch.tensor([float(number) for number in line])


@pytest.mark.parametrize("typed", ARRAYS)
def test_a_gradient_by_hand_passes_as_it_is_typed(typed):
    right = [[0, 0, 20, 0], [0, 10, 0, 0], [30, 0, 0, 0], [0, 0, 40, 0]]
    result = check.max_pool_gradient(ARRAYS[typed](right), *check.given("05-way-back"), 2)
    assert result, result


def asked_by_the_labs():
    """Each check of the labs, with the texts among its arguments."""
    for path in notebooks.source_paths():
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.id.startswith("test-"):
                calls = (n for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.Call))
                for call in calls:
                    if not ast.unparse(call.func).startswith("check."):
                        continue
                    texts = [getattr(argument, "value", None) for argument in call.args[1:]]
                    texts = tuple(text for text in texts if isinstance(text, str))
                    yield pytest.param(call.func.attr, texts, id=f"{path.stem[:2]} {cell.id}")


# For each check of a value or a function, what has rows in these tests.
ROWS = {
    "array": {(row[0],) for row in (*BY_HAND.values(), *LINES.values())} | {()},  # () for learned
    "choice": {(name,) for name in CHOICE},
    "number": {(name,) for name in NUMBER},
    "function": {(name,) for name in RIGHT},
    "backward": set(BACKWARDS),
    "pair": {(name,) for name in PAIRS},
    "table": {(), *((name,) for name in zoo.names())},
    **{name: {()} for name in ("output_size", "padding", "receptive_field", "unread")},
    "max_pool_gradient": {()},
}
OTHER = {
    "given",
    "kept",
    "variant",
    "network",
    "training",
    "comparison",
}  # questions, and what is trained


@pytest.mark.parametrize(("asked", "texts"), [*asked_by_the_labs()])
def test_each_step_of_the_labs_has_a_row(asked, texts):
    assert asked in OTHER or texts in ROWS[asked]


@pytest.mark.parametrize("typed", CHOICES)
@pytest.mark.parametrize("question", CHOICE)
def test_a_choice_passes_as_it_is_typed(question, typed):
    letters = sorted(find(question, ChoiceQuestion).right)
    result = check.choice(CHOICES[typed](letters), question)
    assert result, result
    other = sorted(set(find(question, ChoiceQuestion).choices) - set(letters))[:1]
    wrong = check.choice(CHOICES[typed](other), question)
    assert (wrong.status, wrong.message[:2]) == ("fail", f"{other[0]})"), wrong


@pytest.mark.parametrize("question", CHOICE)
def test_a_choice_may_be_copied_with_its_text(question):
    asked = find(question, ChoiceQuestion)
    copied = [f"{letter}) {asked.choices[letter]}" for letter in sorted(asked.right)]
    assert check.choice("\n".join(copied), question)
    assert check.choice([asked.choices[letter] for letter in asked.right], question)
    wrong = next(option.text for option in asked.options if option.wrong)
    assert check.choice(wrong, question).status == "fail"
