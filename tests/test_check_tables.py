"""Tables to fill in: every honest way of writing one is read, and every other gets a sentence."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnlab import check, zoo
from cnnlab.check.tables.columns import TOTAL
from cnnlab.count import summarize
from cnnlab.spec import Chain, Conv, DepthwiseConv, Flatten, Linear, MaxPool


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
    "in quotes": lambda p, s: {"params": f"{p:,}", "output_shape": str(s)},
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


def test_the_first_wrong_cell_speaks_and_nothing_counts_the_right_ones():
    answer = right_table("ds-4400") | {"conv2": (450, (5, 11, 11)), "fc1": (0, 64), "fc2": ...}
    result = check.table(answer, "ds-4400", rows=["conv1", "conv2", "fc1", "fc2", "total"])
    assert result.message.startswith("conv2, parameters: 450 = 3·3·10·5: where are the 5 biases?")
    guessed = check.table({"conv2": (450, ...)}, "ds-4400")
    assert (result.message, result.hint) == (guessed.message, guessed.hint)
    half = check.table({"conv1": (100, ...)}, "ds-4400")
    more = check.table({"conv1": (100, ...), "fc2": (650, (10,))}, "ds-4400")
    assert half.message == more.message == "no mistake so far; conv1, output shape is next."


def test_one_bias_is_asked_for_as_one():
    answer = {"output": 2}
    result = check.table(answer, "xor", columns=["params"], rows=["output"])
    assert result.message == "output, parameters: 2 = 2·1: where is the bias?"


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        (((64, 28, 28), 18_496), "are in each other's place"),
        ((18_496.5, ...), "counts are whole numbers, and this one has a fraction"),
        (("18,496 or so", ...), "counts are whole numbers, this is a str"),
        (((18, 496), ...), "commas between digits"),
        ((True, ...), "this is a truth value"),
        ((..., (None, 28, 28, 64)), "None stands for the batch"),
        ((..., "64x28x28"), "shapes are tuples of whole numbers, this is a str"),
        ((..., (64, 28.5, 28)), "Inside the parentheses"),
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
    summary = summarize(net, (2, 16, 12))
    row = data.draw(st.sampled_from(summary.rows))
    answer = data.draw(st.one_of(st.integers(-3, 400), st.just(row.params)))
    result = check.table({row.path: answer}, net, (2, 16, 12), ["params"], [row.path])
    assert bool(result) is (answer == row.params)
    shape = data.draw(st.tuples(st.integers(1, 6), st.integers(1, 16), st.integers(1, 12)))
    result = check.table({row.path: shape}, net, (2, 16, 12), ["output_shape"], [row.path])
    assert bool(result) is (shape == row.output_shape)


def test_a_row_given_twice_is_no_table():
    rows = [("conv1", 320), ("conv1", 1), ("conv1", 320)]
    result = check.table(rows, "datasci-207", columns=["params"], rows=["conv1"])
    assert result.message == "the table has the row conv1 twice."
    assert check.table([("conv1", ...), *rows[:1]], "datasci-207", columns=["params"], rows="conv1")
