"""Tables and formulas: wrong answers fail by name, right ones pass, and nothing tells too much."""

import inspect
import math
import re
import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.core.ultratb import VerboseTB

from cnnlab import check, geometry
from cnnlab.check import questions
from cnnlab.check.core import answers
from cnnlab.check.numbers import fields, paddings
from cnnlab.check.numbers import number as numbers
from cnnlab.check.tables.columns import COLUMNS, TOTAL
from cnnlab.check.tables.misconceptions import counts, macs, shapes
from cnnlab.check.tables.misconceptions.cells import Cell, Table
from cnnlab.spec import Chain, Conv, TransposedConv
from tests.check_cases import CELLS, MIXED, MIXED_INPUT
from tests.number_cases import COMPUTED, FIELDS, NUMBERS, PADDINGS, STACK
from tests.specs import EVERY_KIND
from tests.test_check_core_score import quiet
from tests.test_check_numbers import WRONG, Hostile, closed, said
from tests.test_check_numbers import numbers as digits

STRANGE = [Hostile(), object(), float("nan"), 10**400, "", b"1", {1: 2}, [[]]]


def ask_cell(case):
    return check.table(
        {case.path: {case.column: case.answer}}, **case.question, columns=[case.column]
    )


def sentence_of(case):
    """The sentence that the case's misconception deserves, as it is told."""
    column = COLUMNS[case.column]
    row = next(row for row in column.misconceptions if row.name == case.misconception)
    value = column.read(case.answer)
    return row.sentence.format(c=Cell(case.table, case.path, value, column.value))


def expected_of(case):
    column, summary = COLUMNS[case.column], case.table.summary
    if case.path == TOTAL:
        return column.total(summary)
    return column.value(summary[case.path])


def ids(case):
    return f"{case.path}-{case.column}-{case.misconception}"


@pytest.mark.parametrize("case", CELLS, ids=ids)
def test_a_wrong_cell_fails_by_name(case):
    result = ask_cell(case)
    assert result.status == "fail"
    if case.misconception is None:
        assert "no mistake that this check knows" in result.message
    else:
        assert sentence_of(case) in result.message


@pytest.mark.parametrize("case", CELLS, ids=ids)
def test_a_wrong_cell_is_not_told_what_it_must_hold(case):
    expected = expected_of(case)
    given_numbers = digits(str(case.answer))
    product = re.search(r" = (.*):", ask_cell(case).message.replace(",", ""))
    told = {expected} if isinstance(expected, int) else set(expected)
    told -= (
        given_numbers | digits(product[1] if product else "") | {1, 2}
    )  # what the student wrote, and what formulas hold
    counted = len(case.table.rows) + 1  # numbers of cells
    told = {number for number in told if number > counted}
    for text in said(ask_cell(case)):
        assert not told & digits(text.replace(",", "")), text


@pytest.mark.parametrize(("answer", "layers", "misconception"), FIELDS)
def test_a_wrong_receptive_field_fails_by_name(answer, layers, misconception):
    result = check.receptive_field(answer, layers)
    assert result.status == "fail"
    sentences = {row.name: row.sentence for row in fields.MISCONCEPTIONS}
    assert result.message.startswith(
        sentences.get(misconception, "This is not the receptive field")
    )


@pytest.mark.parametrize(("answer", "question", "misconception"), PADDINGS)
def test_a_wrong_padding_fails_by_name(answer, question, misconception):
    result = check.padding(answer, **question)
    assert result.status == "fail"
    sentences = {row.name: row.sentence for row in paddings.MISCONCEPTIONS}
    sentence = sentences.get(misconception, "With this padding the output is too")
    assert result.message.startswith(sentence.format(**{"stride": 1, "dilation": 1} | question))


@pytest.mark.parametrize(("answer", "question", "misconception"), NUMBERS)
def test_a_wrong_number_fails_by_name(answer, question, misconception):
    result = check.number(answer, question)
    assert result.status == "fail"
    asked = questions.find(question, questions.NumberQuestion)
    sentences = {row.name: row.sentence for row in (*numbers.MISCONCEPTIONS, *asked.wrong)}
    sentence = sentences.get(misconception, "This is not the number that was asked for")
    assert result.message.startswith(sentence.format(unit=asked.unit))


@pytest.mark.parametrize(("answer", "value", "unit", "misconception"), COMPUTED)
def test_a_wrong_computed_number_fails_by_name(answer, value, unit, misconception):
    sentence = next(row.sentence for row in numbers.MISCONCEPTIONS if row.name == misconception)
    assert check.number(answer, lambda: value, unit).message == sentence.format(unit=unit)


def everything():
    """Kind, question, answer and misconception of all wrong answers, those of output sizes too."""
    for case in CELLS:
        yield (
            "table",
            f"{case.path}, {case.column}",
            case.answer,
            case.misconception,
            ask_cell(case),
        )
    for name, answer, question in WRONG:
        yield "output size", question, answer, name, check.output_size(answer, **question)
    for answer, layers, name in FIELDS:
        yield "field", f"{len(layers)} layers", answer, name, check.receptive_field(answer, layers)
    for answer, question, name in PADDINGS:
        yield "padding", question, answer, name, check.padding(answer, **question)
    for answer, question, name in NUMBERS:
        yield "number", question, answer, name, check.number(answer, question)
    for answer, value, unit, name in COMPUTED:
        result = check.number(answer, lambda value=value: value, unit)
        yield "number", unit, answer, name, result


def test_wrong_answers_fail_and_nine_in_ten_have_a_name():
    rows = list(everything())
    for kind, question, answer, misconception, result in rows:
        print(f"{kind:<12} {question!s:<60} {answer!s:<20} {result.status} {misconception or '–'}")
    named = sum(misconception is not None for *_, misconception, _ in rows)
    print(f"{len(rows)} wrong answers, {named} with a name")
    assert len(rows) >= 60
    assert all(result.status == "fail" for *_, result in rows)
    assert named >= 0.9 * len(rows)


@pytest.mark.parametrize(
    ("misconceptions", "named"),
    [
        (counts.MISCONCEPTIONS, {case.misconception for case in CELLS if case.column == "params"}),
        (
            shapes.MISCONCEPTIONS,
            {case.misconception for case in CELLS if case.column == "output_shape"},
        ),
        (macs.MISCONCEPTIONS, {case.misconception for case in CELLS if case.column == "macs"}),
        (fields.MISCONCEPTIONS, {misconception for *_, misconception in FIELDS}),
        (paddings.MISCONCEPTIONS, {misconception for *_, misconception in PADDINGS}),
        (numbers.MISCONCEPTIONS, {misconception for *_, misconception in (*NUMBERS, *COMPUTED)}),
    ],
    ids=["params", "shapes", "macs", "fields", "paddings", "numbers"],
)
def test_every_belief_has_an_example(misconceptions, named):
    alone = {row.name for row in misconceptions if not row.name.endswith(", and the bias")}
    assert alone <= named
    assert len({row.name for row in misconceptions}) == len(misconceptions)


@pytest.mark.parametrize("index", range(len(STRANGE) + 2))
def test_no_object_makes_a_check_raise(index):
    odd = [*STRANGE, *closed()][index]
    for answer in (
        odd,
        [odd],
        [("conv1", odd)],
        {"total": odd},
        {"conv1": {1: odd}},
        {"conv1": odd},
        {"conv1": (odd, odd)},
        {"conv1": (1, [odd])},
    ):
        results = [
            check.table(answer, "ds-4400"),
            check.table(answer, "ds-4400", columns=["params"]),
            check.table(answer, "ds-4400", columns=["output_shape"]),
            check.receptive_field(answer, STACK),
            check.padding(answer, 32, 5),
            check.number(answer, "06-first-loss"),
            check.choice(answer, "05-max-pool-padding"),
            check.words(answer, "05-why-padding"),
        ]
        assert all(result.status in ("fail", "todo") for result in results)


@given(st.integers(4, 40), st.integers(1, 9), st.integers(1, 3), st.integers(0, 12))
def test_a_padding_passes_exactly_when_it_gives_the_size(size, kernel_size, stride, answer):
    target = geometry.output_size(size, kernel_size, stride, "same")
    try:
        right = geometry.output_size(size, kernel_size, stride, answer) == target
    except ValueError:
        right = False
    question = {"size": size, "kernel_size": kernel_size, "stride": stride, "output_size": target}
    assert bool(check.padding(answer, **question)) is right
    assert check.padding(geometry.same_padding(size, kernel_size, stride), **question)


@pytest.mark.parametrize(
    "right", [2, np.int64(2), (2, 2), [2, 2], torch.tensor(2), np.array([2, 2]), "2", "(2, 2)"]
)
def test_honest_ways_of_writing_a_padding_pass(right):
    assert check.padding(right, 32, 5)


@pytest.mark.parametrize(
    "right", [6.2, 6.202, np.float32(6.2), torch.tensor(6.2, requires_grad=True), np.array(6.2)]
)
def test_honest_ways_of_writing_a_number_pass(right):
    assert check.number(right, "05-parameter-memory")


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1 516", 1516, ""),
        ("1\N{NARROW NO-BREAK SPACE}516", 1516, ""),
        ("62,378,344", 62_378_344, "parameters"),
        ("1'516.5", 1516.5, ""),
        ("98,7", 98.7, "%"),
        ("98.7 %", 98.7, "%"),
        ("98.7 %", 0.987, "fraction"),
        ("\N{MINUS SIGN}3/4", -0.75, ""),
        ("2.5e6", 2_500_000, ""),
    ],
)
def test_numbers_in_quotes_are_read_as_people_write_them(text, value, unit):
    assert check.number(text, lambda: value, unit, tolerance=0)


@pytest.mark.parametrize("text", ["", "1,2,3", "1 51", "nan", "five", "%", "1/0", "12 %", "0x10"])
def test_other_texts_are_no_numbers(text):
    result = check.number(text, lambda: 12)
    assert result.status == "fail"
    assert text not in ("12 %",) or "factor of 100" in result.message


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (2.5e6, "too large by a factor of 1,000"),
        (250, "too small by a factor of 10"),
        (2500, "rounded too early"),
        (3000, "not the number that was asked for"),
        (float("inf"), "must be finite"),
        ("about 2500", "without quotes"),
        (True, "truth value"),
        (2j, "this is a complex"),
    ],
)
def test_what_is_wrong_with_a_number_is_said(answer, sentence):
    assert sentence in repr(check.number(answer, lambda: 2504.0, "steps", tolerance=1e-3)) or (
        sentence in repr(check.number(answer, lambda: 2500.0, "steps"))
    )


def test_a_number_is_not_written_into_the_notebook():
    with pytest.raises(TypeError, match="not the number itself"):
        check.number(1, 2.0)


@pytest.mark.parametrize(
    ("ask", "error", "message"),
    [
        (lambda: check.table(..., "lenet-99"), KeyError, "name must be one of"),
        (lambda: check.table(..., MIXED), ValueError, "input_shape must go with"),
        (lambda: check.table(..., MIXED, MIXED_INPUT, ["size"]), ValueError, "columns must be"),
        (lambda: check.table(..., "ds-4400", rows=["conv9"]), ValueError, "rows must be some"),
        (
            lambda: check.table(..., "ds-4400", None, ["output_shape"], ["total"]),
            ValueError,
            "hold no",
        ),
        (lambda: check.padding(1, 8, 3, output_size=1), ValueError, "padding: none gives"),
        (lambda: check.receptive_field(1, []), ValueError, "at least one layer"),
        (lambda: check.choice("a", "05-nothing"), KeyError, "question must be one of"),
        (lambda: check.choice("a", "05-unread-share"), KeyError, "is a NumberQuestion"),
    ],
)
def test_a_question_that_makes_no_sense_raises(ask, error, message):
    with pytest.raises(error, match=message):
        ask()


STRICT = [
    (lambda: check.table({"conv2": 7}, "datasci-207", columns=["params"]), "18496"),
    (lambda: check.output_size(7, 321, 5), "317"),
    (lambda: check.padding(7, 321, 635), "317"),
    (lambda: check.number(7, "05-parameter-memory"), "6.2"),
    (lambda: check.choice("a", "05-max-pool-padding"), "never wins"),
    (lambda: check.choice(..., "05-max-pool-padding"), "never wins"),
]


@pytest.mark.parametrize(("ask", "secret"), STRICT)
def test_no_strict_traceback_shows_what_is_right(ask, secret):
    verbose = VerboseTB(**quiet(VerboseTB))
    try:
        with check.strict():
            ask()
    except check.CheckFailed:
        text = verbose.text(*sys.exc_info())
    # The test's own lines hold the secret too: only what follows the check's frame is asked.
    shown = text[text.index("score.py") :]
    assert secret not in shown.replace(",", "").replace("_", "")
    assert "expected" not in shown


def test_no_source_of_a_check_holds_an_answer():
    checks = [thing for name in check.__all__ if callable(thing := getattr(check, name))]
    modules = {inspect.getmodule(thing) for thing in checks}
    sources = "".join(map(inspect.getsource, modules - {inspect.getmodule(check.Status), None}))
    for name in questions.names():
        question = questions.find(name, questions.Question)
        reasons = [option.wrong for option in getattr(question, "options", ()) if option.wrong]
        if not name.startswith("00"):  # the examples of the docstrings
            assert not any(reason in sources for reason in reasons)
        assert not re.search(rf'"{name}".*\bright\b', sources)


@pytest.mark.parametrize(
    "digits_of_25",
    [b"25", bytearray(b"25"), memoryview(b"25"), np.array("25"), np.array(b"25"), 25 + 0j],
    ids=lambda answer: type(answer).__name__,
)
def test_digits_are_not_yet_a_number(digits_of_25):
    assert check.number(digits_of_25, lambda: 25.0).status == "fail"


def test_a_number_too_large_for_floats_is_called_so():
    assert "no number of this size" in check.number(10**400, lambda: 25.0).message


MISSING = [
    np.ma.masked,
    np.ma.array(2, mask=True),
    np.ma.array(2.0, mask=True),
    float("nan"),
    np.float32("nan"),
    torch.tensor(float("nan")),
    float("inf"),
    True,
    np.True_,
    torch.tensor(True),
    np.array(True, dtype=object),
    2 + 0j,
    np.complex64(2),
    torch.tensor(2 + 0j),
    np.timedelta64(2, "s"),
    np.timedelta64(2, "ns"),
    np.datetime64(2, "s"),
    "two",
    np.str_("2 of 3"),
    np.array("2"),
    [],
    [2, 2, 2],
    (n for n in [2]),
    lambda: 2,
    {0: 2},
    {2},
]


@pytest.mark.parametrize("answer", MISSING, ids=lambda answer: type(answer).__name__)
def test_what_is_no_number_passes_nowhere(answer):
    for value in (0.0, 1.0, 2.0):
        assert check.number(answer, lambda value=value: value).status == "fail"
    assert check.output_size(answer, 7, 3, stride=4).status == "fail"
    assert check.padding(answer, 32, 5).status == "fail"
    assert check.receptive_field(answer, [{"kernel_size": 2}]).status == "fail"
    assert check.table({"output": answer}, "xor", columns=["params"], rows=["output"]).status == (
        "fail"
    )


@pytest.mark.parametrize(
    "answer",
    [
        *(2, np.int8(2), np.array(2), np.ma.array(2), torch.tensor(2), torch.tensor([2])),
        *(np.uint8(2), [2], np.array(2.0), torch.tensor(2.0), np.float32(2)),
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_honest_whole_numbers_pass_everywhere(answer):
    assert check.number(answer, lambda: 2.0)
    assert check.output_size(answer, 7, 3, stride=4)
    assert check.receptive_field(answer, [{"kernel_size": 2}])
    assert check.padding(answer, 32, 5)


@pytest.mark.parametrize("answer", [np.array(2.5), torch.tensor(2.5), np.float32(2.5)])
def test_a_scalar_float_is_not_called_a_collection(answer):
    assert "//" in check.output_size(answer, 7, 3, stride=4).hint


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (5, "an int"),
        (5.0, "a float"),
        (np.zeros(2), "an ndarray"),
        (np.uint8(1), "a uint8"),
        (object(), "an object"),
        (type("MLP", (), {})(), "an MLP"),
        (type("ReLU", (), {})(), "a ReLU"),
        (type("Unit", (), {})(), "a Unit"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_type_has_the_article_that_one_hears(answer, says):
    assert answers.kind(answer) == says


def test_several_right_choices_are_one_sentence():
    assert check.choice("bd", "06-few-parameters").message == (
        "Each unit of a convolution reads a small window only; one filter is used at all positions "
        "of the image."
    )
    for name in questions.names():
        question = questions.find(name, questions.Question)
        if isinstance(question, questions.ChoiceQuestion):
            message = check.choice(set(question.right), name).message
            assert ".;" not in message
            assert message.endswith((".", "?"))


def sentences(message):
    return len(re.findall(r"[.?!](?=\s|$)", message))


def test_no_card_says_more_than_two_sentences():
    results = [result for *_, result in everything()]
    for name in questions.names():
        question = questions.find(name, questions.Question)
        if isinstance(question, questions.ChoiceQuestion):
            wrong = set(question.choices) - question.right if len(question.right) == 1 else set("x")
            results += [check.choice({*letters}, name) for letters in wrong]
            mended = check.number(3, "06-first-loss")
            results.append(check.choice(set(question.right), name, mended=mended))
    assert not [result for result in results if sentences(result.message) > 2]


def test_a_whole_share_is_not_called_rounded():
    assert "rounded" not in check.number(1.0, lambda: 0.826, "fraction").message
    assert "rounded" in check.number(0.8, lambda: 0.826, "fraction").message


def test_a_list_is_not_called_parentheses():
    assert check.unread(["four"], 17, 4, 5).message.startswith("Inside the brackets")
    assert check.unread([], 17, 4, 5).message.startswith("The list is empty")


ROWS = [case for case in EVERY_KIND if not isinstance(case[0], Chain)]  # a chain has no row
KINDS = pytest.mark.parametrize(("row", "shape"), ROWS, ids=lambda part: str(part)[:30])


@KINDS
def test_forgotten_biases_are_named_in_every_kind_of_row(row, shape):
    learned = row.param_shapes(shape)
    weights = sum(math.prod(learned[name]) for name in learned if name.startswith("weight"))
    total = sum(map(math.prod, learned.values()))
    if weights < total:
        result = check.table({"row": weights}, Chain(row=row), shape, columns=["params"])
        assert re.search(r"bias|shift", f"{result.message} {result.hint}"), result
    elif weights and hasattr(row, "out_features"):
        result = check.table({"row": total + 5}, Chain(row=row), shape, columns=["params"])
        assert "has none" in result.message


@KINDS
@pytest.mark.parametrize("column", COLUMNS)
@settings(max_examples=20)
@given(st.data())
def test_whatever_stands_in_a_cell_gets_a_card(row, shape, column, data):
    numbers_around = st.sampled_from([*shape, *row.out_shape(shape), 1, 2, 3, 5])
    answers = st.lists(numbers_around, min_size=1, max_size=4)
    if column == "output_shape":
        answer = tuple(data.draw(answers))
    else:
        answer = math.prod(data.draw(answers)) + data.draw(st.integers(0, 9))
    result = check.table({"row": answer}, Chain(row=row), shape, columns=[column])
    right = COLUMNS[column].value(Table(Chain(row=row), shape).rows["row"])
    assert bool(result) == (answer == right)


def test_no_row_is_sent_after_a_formula_of_another_family():
    for kind, says in ((Conv, "− kernel)/stride"), (TransposedConv, "(size − 1) · stride")):
        net = Chain(row=kind(6, 3, stride=2, padding=1))
        result = check.table({"row": (6, 99, 99)}, net, (4, 9, 7), columns=["output_shape"])
        assert says in result.hint
