"""Tables and formulas: wrong answers fail by name, right ones pass, and nothing tells too much."""

import inspect
import re
import sys

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.ultratb import VerboseTB

from cnnlab import check, geometry, zoo
from cnnlab.check import fields, numbers, paddings, questions
from cnnlab.check.beliefs import counts, macs, shapes
from cnnlab.check.cells import Cell
from cnnlab.check.columns import COLUMNS, TOTAL
from cnnlab.spec import Chain, Conv, DepthwiseConv, Flatten, Linear, MaxPool
from tests.check_cases import (
    CELLS,
    COMPUTED,
    FIELDS,
    MIXED,
    MIXED_INPUT,
    NUMBERS,
    PADDINGS,
    STACK,
)
from tests.test_check import WRONG, Hostile, closed, said
from tests.test_check import numbers as digits
from tests.test_check_board import quiet

STRANGE = [Hostile(), object(), float("nan"), 10**400, "", b"1", {1: 2}, [[]]]


def ask_cell(case):
    return check.table(
        {case.path: {case.column: case.answer}}, **case.question, columns=[case.column]
    )


def belief_of(case):
    """The sentence that the case's belief deserves, as it is told."""
    column = COLUMNS[case.column]
    row = next(row for row in column.beliefs if row.name == case.belief)
    value = column.read(case.answer)
    return row.sentence.format(c=Cell(case.table, case.path, value, column.value))


def expected_of(case):
    column, summary = COLUMNS[case.column], case.table.summary
    if case.path == TOTAL:
        return column.total(summary)
    return column.value(summary[case.path])


def ids(case):
    return f"{case.path}-{case.column}-{case.belief}"


@pytest.mark.parametrize("case", CELLS, ids=ids)
def test_a_wrong_cell_fails_by_name(case):
    result = ask_cell(case)
    assert result.status == "fail"
    if case.belief is None:
        assert "no common slip" in result.message
    else:
        assert belief_of(case) in result.message


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


@pytest.mark.parametrize(("answer", "layers", "belief"), FIELDS)
def test_a_wrong_receptive_field_fails_by_name(answer, layers, belief):
    result = check.receptive_field(answer, layers)
    assert result.status == "fail"
    sentences = {row.name: row.sentence for row in fields.MISCONCEPTIONS}
    assert result.message.startswith(sentences.get(belief, "This is not the receptive field"))


@pytest.mark.parametrize(("answer", "question", "belief"), PADDINGS)
def test_a_wrong_padding_fails_by_name(answer, question, belief):
    result = check.padding(answer, **question)
    assert result.status == "fail"
    sentences = {row.name: row.sentence for row in paddings.MISCONCEPTIONS}
    sentence = sentences.get(belief, "With this padding the output is too")
    assert result.message.startswith(sentence.format(**{"stride": 1, "dilation": 1} | question))


@pytest.mark.parametrize(("answer", "question", "belief"), NUMBERS)
def test_a_wrong_number_fails_by_name(answer, question, belief):
    result = check.number(answer, question)
    assert result.status == "fail"
    asked = questions.find(question, questions.NumberQuestion)
    sentences = {row.name: row.sentence for row in (*numbers.MISCONCEPTIONS, *asked.wrong)}
    sentence = sentences.get(belief, "This is not the number that was asked for.")
    assert result.message.startswith(sentence.format(unit=asked.unit))


@pytest.mark.parametrize(("answer", "value", "unit", "belief"), COMPUTED)
def test_a_wrong_computed_number_fails_by_name(answer, value, unit, belief):
    sentence = next(row.sentence for row in numbers.MISCONCEPTIONS if row.name == belief)
    assert check.number(answer, lambda: value, unit).message == sentence.format(unit=unit)


def everything():
    """Kind, question, answer and belief of all wrong answers, those of output sizes too."""
    for case in CELLS:
        yield "table", f"{case.path}, {case.column}", case.answer, case.belief, ask_cell(case)
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
    for kind, question, answer, belief, result in rows:
        print(f"{kind:<12} {question!s:<60} {answer!s:<20} {result.status} {belief or '–'}")
    named = sum(belief is not None for *_, belief, _ in rows)
    print(f"{len(rows)} wrong answers, {named} with a name")
    assert len(rows) >= 60
    assert all(result.status == "fail" for *_, result in rows)
    assert named >= 0.9 * len(rows)


@pytest.mark.parametrize(
    ("beliefs", "named"),
    [
        (counts.BELIEFS, {case.belief for case in CELLS if case.column == "params"}),
        (shapes.BELIEFS, {case.belief for case in CELLS if case.column == "output_shape"}),
        (macs.BELIEFS, {case.belief for case in CELLS if case.column == "macs"}),
        (fields.MISCONCEPTIONS, {belief for *_, belief in FIELDS}),
        (paddings.MISCONCEPTIONS, {belief for *_, belief in PADDINGS}),
        (numbers.MISCONCEPTIONS, {belief for *_, belief in (*NUMBERS, *COMPUTED)}),
    ],
    ids=["params", "shapes", "macs", "fields", "paddings", "numbers"],
)
def test_every_belief_has_an_example(beliefs, named):
    alone = {row.name for row in beliefs if not row.name.endswith(", and the bias")}
    assert alone <= named
    assert len({row.name for row in beliefs}) == len(beliefs)


def right_table(name):
    summary = zoo.get(name).summary()
    return {row.path: (row.params, row.output_shape) for row in summary.rows} | {
        TOTAL: summary.params
    }


@pytest.mark.parametrize(
    "name", ["datasci-207", "ds-4400", "ai-civil-w8", "lenet-5", "smu-parallel"]
)
def test_the_right_table_passes(name):
    assert check.table(right_table(name), name)


VARIANTS = {
    "NumPy integers": lambda p, s: (np.int64(p), tuple(map(np.int32, s))),
    "lists": lambda p, s: [p, list(s)],
    "torch.Size": lambda p, s: (p, torch.Size(s)),
    "tensors": lambda p, s: (torch.tensor(p), torch.tensor(s)),
    "arrays": lambda p, s: (np.array(p), np.array(s)),
    "columns by name": lambda p, s: {"output_shape": s, "params": p},
    "flat shapes as numbers": lambda p, s: (p, s[0] if len(s) == 1 else s),
}


@pytest.mark.parametrize("write", VARIANTS.values(), ids=VARIANTS)
def test_honest_ways_of_writing_a_table_pass(write):
    rows = zoo.get("ds-4400").summary().rows
    answer = {row.path: write(row.params, row.output_shape) for row in rows}
    assert check.table(answer, "ds-4400")
    in_order = [cell for path, cell in answer.items() if not path.startswith("relu")]
    assert check.table(in_order, "ds-4400")


def test_rows_may_come_as_a_list_with_their_names():
    rows = zoo.get("ds-4400").summary().rows
    assert check.table([(r.path, r.params, r.output_shape) for r in rows], "ds-4400")
    assert check.table([(r.path, r.params) for r in rows], "ds-4400", columns=["params"])


def test_a_table_with_empty_cells_is_still_to_do():
    full = right_table("ds-4400")
    assert check.table(..., "ds-4400").status == "todo"
    assert check.table(dict.fromkeys(full), "ds-4400").status == "todo"
    part = check.table(full | {"fc2": (650, ...)}, "ds-4400")
    assert part.status == "todo"
    assert "fc2, output shape is next" in part.message


def test_rows_that_are_left_out_are_not_done():
    assert check.table({"conv1": (100, (10, 26, 26))}, "ds-4400").status == "todo"
    assert check.table({"conv1": (100, (10, 26, 26))}, "ds-4400", rows=["conv1"])
    assert (
        check.table({"conv1": 100}, "ds-4400", rows=["conv1", "total"], columns=["params"]).status
        == "todo"
    )


def test_the_first_wrong_cell_speaks_and_the_others_are_counted():
    answer = right_table("ds-4400") | {"conv2": (450, (5, 11, 11)), "fc1": (0, 64), "fc2": ...}
    result = check.table(answer, "ds-4400", rows=["conv1", "conv2", "fc1", "fc2", "total"])
    assert result.message.startswith("conv2, parameters: 450 = 3·3·10·5: where are the 5 biases?")
    assert "1 other cell is wrong" in result.message
    assert "2 are empty" in result.message


def test_one_bias_is_asked_for_as_one():
    answer = {"output": 2}
    result = check.table(answer, "xor", columns=["params"], rows=["output"])
    assert result.message == "output, parameters: 2 = 2·1: where is the bias?"


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        (((64, 28, 28), 18_496), "stand in each other's place"),
        ((18_496.0, ...), "counts are integers, this is a float"),
        (("18,496", ...), "counts are integers, this is a str"),
        (((18, 496), ...), "commas between digits"),
        ((True, ...), "this is a truth value"),
        ((..., (None, 28, 28, 64)), "None stands for the batch"),
        ((..., "64x28x28"), "shapes are tuples of integers, this is a str"),
        ((..., (64, 28.0, 28)), "Inside the parentheses"),
        ((18, 496, (64, 28, 28)), "a row holds params and output_shape"),
        ({"weights": 1}, "the columns are params, output_shape"),
    ],
)
def test_a_cell_of_the_wrong_type_gets_a_sentence(cell, sentence):
    result = check.table({"conv2": cell}, "datasci-207")
    assert result.status == "fail"
    assert sentence in repr(result)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"conv3": 1}, "no row 'conv3'"),
        ({1: 1}, "rows have names"),
        ("conv1", "a table is a dict"),
        ([1, 2], "the table has 7 rows, this one has 2"),
    ],
)
def test_an_answer_that_is_no_table_gets_a_sentence(answer, sentence):
    assert sentence in repr(check.table(answer, "ds-4400"))


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


def nets():
    conv = st.builds(
        Conv,
        st.integers(1, 6),
        st.sampled_from([1, 3, 5]),
        padding=st.just("same"),
        bias=st.booleans(),
    )
    middle = st.one_of(conv, st.just(MaxPool(2)), st.just(DepthwiseConv(3, padding=1)))
    rows = st.lists(middle, min_size=1, max_size=3)
    return rows.map(lambda rows: Chain(*rows, Flatten(), Linear(7)))


@given(nets(), st.data())
def test_a_cell_passes_exactly_when_it_is_right(net, data):
    summary = zoo.network.Network("any", net, (2, 16, 12), zoo.Published("")).summary()
    row = data.draw(st.sampled_from(summary.rows))
    answer = data.draw(st.one_of(st.integers(-3, 400), st.just(row.params)))
    result = check.table({row.path: answer}, net, (2, 16, 12), ["params"], [row.path])
    assert bool(result) is (answer == row.params)
    shape = data.draw(st.tuples(st.integers(1, 6), st.integers(1, 16), st.integers(1, 12)))
    result = check.table({row.path: shape}, net, (2, 16, 12), ["output_shape"], [row.path])
    assert bool(result) is (shape == row.output_shape)


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
    "right", [2, np.int64(2), (2, 2), [2, 2], torch.tensor(2), np.array([2, 2])]
)
def test_honest_ways_of_writing_a_padding_pass(right):
    assert check.padding(right, 32, 5)


@pytest.mark.parametrize(
    "right", [6.2, 6.202, np.float32(6.2), torch.tensor(6.2, requires_grad=True), np.array(6.2)]
)
def test_honest_ways_of_writing_a_number_pass(right):
    assert check.number(right, "05-parameter-memory")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (2.5e6, "too large by a factor of 1,000"),
        (250, "too small by a factor of 10"),
        (3000, "rounded too early"),
        (float("inf"), "must be finite"),
        ("2500", "without quotes"),
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
    shown = text[text.index("board.py") :]
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
