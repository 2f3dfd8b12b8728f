"""Every formula that is shown evaluates to the count it explains."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab import spec, zoo
from cnnlab.count import summarize
from cnnlab.explore.parameters.formulas import macs_formula, params_formula


def value(formula):
    assert re.fullmatch(r"[\d,·+/() ]+", formula.term), formula
    return eval(formula.term.replace(",", "").replace("·", "*"))


def agree(net, input_shape):
    steps = spec.trace(net, input_shape)
    for step, row in zip(steps, summarize(net, input_shape).rows, strict=True):
        assert value(params_formula(step.row, step.in_shape)) == row.params, step.path
        assert value(macs_formula(step.row, step.in_shape)) == row.macs, step.path
        assert params_formula(step.row, step.in_shape).words


@pytest.mark.parametrize("name", zoo.names())
def test_formulas_of_the_zoo(name):
    network = zoo.get(name)
    agree(network.spec, network.input_shape)


@given(
    st.sampled_from([(6, 9), (6, 9, 8), (6, 5, 7, 6)]),
    st.integers(1, 4),
    st.sampled_from([1, 2, 3]),
    st.booleans(),
)
def test_formulas_of_convolutions_in_any_dimension(shape, kernel, groups, bias):
    for row in (
        spec.Conv(12, kernel, padding="same", groups=groups, bias=bias),
        spec.DepthwiseConv(kernel, padding="same", multiplier=groups, bias=bias),
        spec.TransposedConv(12, kernel, groups=groups, bias=bias),
        spec.TableConv(((0, 1), (5,), (2, 3, 4)), kernel, padding="same", bias=bias),
    ):
        agree(row, shape)


@pytest.mark.parametrize(
    ("row", "shape", "term"),
    [
        (spec.Conv(64, 3), (32, 28, 28), "(3·3·32 + 1)·64"),
        (spec.Conv(64, 3, groups=2, bias=False), (32, 28, 28), "3·3·32/2·64"),
        (spec.Conv(8, (1, 7)), (3, 9, 9), "(1·7·3 + 1)·8"),
        (spec.Conv(100, 3), (64, 120), "(3·64 + 1)·100"),
        (spec.DepthwiseConv(3, multiplier=2), (32, 9, 9), "(3·3·1 + 1)·32·2"),
        (spec.Linear(128), (12544,), "(12,544 + 1)·128"),
        (spec.Linear(10, bias=False), (84,), "84·10"),
        (spec.DropConnect(10), (84,), "(84 + 1)·10"),
        (spec.BatchNorm(), (64, 7, 7), "2·64"),
        (spec.BatchNorm(affine=False), (64, 7, 7), "0"),
        (spec.Embedding(5000, 64), (120,), "5,000·64"),
        (spec.RNN(16), (4, 5), "16·4 + 16·16 + 16 + 16"),
        (spec.RNN(16, bias=False), (4, 5), "16·4 + 16·16"),
        (spec.RBF(10), (84,), "10·84"),
        (spec.Subsample(2), (6, 28, 28), "2·6"),
        (spec.MaxPool(2), (6, 28, 28), "0"),
    ],
)
def test_the_formula_reads_as_the_course_writes_it(row, shape, term):
    assert params_formula(row, shape).term == term
    agree(row, shape)


def test_a_row_of_a_new_kind_is_written_as_the_sum_of_its_arrays():
    class Gain(spec.Row):
        def param_shapes(self, in_shape):
            return {"gain": in_shape[:1], "mix": (2, 3)}

        def macs(self, in_shape):
            return 7

    agree(Gain(), (4, 5, 5))
    assert params_formula(Gain(), (4, 5, 5)).term == "4 + 2·3"
