"""Specifications: values that print as their source, and errors that name the row."""

import copy
import dataclasses
import inspect
import pickle
import re
from math import prod
from typing import get_args

import numpy as np
import pytest
from hypothesis import given

from cnnlab import spec, zoo
from cnnlab.geometry import Policy
from cnnlab.spec import (
    Add,
    Chain,
    Combinator,
    Concat,
    Conv,
    Flatten,
    Linear,
    MaxPool,
    ReLU,
    Row,
    Scale,
    ShapeError,
    trace,
)
from cnnlab.spec.base import Padding, Size
from tests.specs import EVERY_KIND, networks

NAMESPACE = vars(spec)
ROWS = sorted(
    (kind for kind in NAMESPACE.values() if inspect.isclass(kind) and issubclass(kind, Row)),
    key=lambda kind: kind.__name__,
)


@given(networks())
def test_a_specification_prints_as_the_source_that_rebuilds_it(case):
    network, _ = case
    rebuilt = eval(repr(network), dict(NAMESPACE))  # its own source
    assert rebuilt == network
    assert hash(rebuilt) == hash(network)
    assert repr(rebuilt) == repr(network)


def test_it_reads_like_the_paper():
    assert repr(Conv(96, 11, stride=4)) == "Conv(96, 11, stride=4)"
    assert repr(MaxPool(3, stride=2)) == "MaxPool(3, stride=2)"
    assert repr(Chain(Conv(6, 5), ReLU())) == "Chain(Conv(6, 5), ReLU())"
    block = Chain(body=Add(Chain(Conv(8, 3, padding=1), ReLU()), spec.Identity()), head=Linear(10))
    assert repr(block) == (
        "Chain(\n"
        "    body=Add(\n"
        "        Chain(Conv(8, 3, padding=1), ReLU()),\n"
        "        Identity(),\n"
        "    ),\n"
        "    head=Linear(10),\n"
        ")"
    )


def test_values_differ_by_what_they_say():
    assert Conv(8, 3) == Conv(8, 3, stride=1)
    assert Conv(8, 3) != Conv(8, 3, bias=False)
    assert Chain(Conv(8, 3)) != Chain(first=Conv(8, 3))
    assert Chain(ReLU()) != Scale(ReLU())
    assert Conv(8, [3, 5], padding=[[0, 1], 2]) == Conv(8, (3, 5), padding=((0, 1), 2))
    assert len({Conv(8, 3), Conv(8, 3), Conv(8, 5)}) == 2


@pytest.mark.parametrize("kind", ROWS, ids=lambda kind: kind.__name__)
def test_rows_are_frozen(kind):
    assert dataclasses.is_dataclass(kind)
    assert kind.__dataclass_params__.frozen


def test_a_chain_is_a_sequence_of_rows():
    chain = Chain(conv1=Conv(6, 5), relu1=ReLU(), pool1=MaxPool(2))
    assert len(chain) == 3
    assert list(chain) == [Conv(6, 5), ReLU(), MaxPool(2)]
    assert chain["pool1"] == chain[2] == MaxPool(2)
    assert chain[:2] == Chain(conv1=Conv(6, 5), relu1=ReLU())


WRONG = [
    (lambda: Conv(0, 3), ValueError, "Conv: out_channels must be at least 1, not 0"),
    (lambda: Conv(8, 0), ValueError, "Conv: kernel_size must be at least 1, not 0"),
    (lambda: Conv(8, 3, stride=0), ValueError, "Conv: stride must be at least 1"),
    (lambda: Conv(8, 3, padding=-1), ValueError, "Conv: padding must be at least 0"),
    (lambda: Conv(8, 3, padding="full"), ValueError, "Conv: padding must be 'same'"),
    (lambda: Conv(8, 3, dilation=0), ValueError, "Conv: dilation must be at least 1"),
    (
        lambda: Conv(8, 3, groups=3),
        ValueError,
        "Conv: out_channels 8 must be a multiple of groups 3",
    ),
    (lambda: Conv(8, 3, policy="round"), ValueError, "Conv: policy must be one of"),
    (lambda: Conv(8.0, 3), TypeError, "Conv: out_channels must be an integer, not 8.0"),
    (lambda: Conv(True, 3), TypeError, "Conv: out_channels must be an integer, not the boolean"),
    (lambda: spec.DepthwiseConv(3, multiplier=0), ValueError, "DepthwiseConv: multiplier must be"),
    (lambda: spec.TransposedConv(8, 3, groups=3), ValueError, "TransposedConv: out_channels 8"),
    (lambda: spec.TableConv((), 5), ValueError, "TableConv: table must name"),
    (
        lambda: spec.TableConv(((0, 0),), 5),
        ValueError,
        "TableConv: table must name each input map once",
    ),
    (lambda: MaxPool(2, stride=0), ValueError, "MaxPool: stride must be at least 1"),
    (lambda: spec.AdaptiveAvgPool(0), ValueError, "AdaptiveAvgPool: output_size must be"),
    (lambda: spec.Dropout(1.0), ValueError, "Dropout: p must be a probability"),
    (lambda: spec.DropConnect(3, p=-0.1), ValueError, "DropConnect: p must be a probability"),
    (lambda: spec.BatchNorm(eps=0), ValueError, "BatchNorm: eps must be a small number"),
    (lambda: spec.LRN(size=0), ValueError, "LRN: size must be at least 1"),
    (lambda: Linear(0), ValueError, "Linear: out_features must be at least 1"),
    (lambda: spec.RNN(0), ValueError, "RNN: hidden_size must be at least 1"),
    (lambda: spec.Embedding(0, 4), ValueError, "Embedding: num_embeddings must be at least 1"),
    (lambda: Chain(Conv(8, 3), ReLU), TypeError, r"Chain: row 1 must be a row, not the class ReLU"),
    (lambda: Chain(conv1="Conv"), TypeError, "Chain: row conv1 must be a row such as"),
    (lambda: Add(ReLU()), ValueError, "Add: it must have at least 2 branches, not 1"),
    (lambda: Concat(), ValueError, "Concat: it must have at least 1 branch, not 0"),
    (lambda: Scale(), ValueError, "Scale: it must have at least 1 row, not 0"),
]


@pytest.mark.parametrize(("make", "kind", "sentence"), WRONG)
def test_senseless_rows_are_refused_where_they_are_written(make, kind, sentence):
    with pytest.raises(kind, match=sentence) as caught:
        make()
    assert str(caught.value).endswith(".")


# Per annotation: values of a wrong kind, as a slip, a habit or another library brings them.
WRONG_KINDS = {
    bool: (0, 1, 64, "yes", "False", None, 1.0, (True,), ()),
    float: ("0.2", "relu", None, True, float("nan"), float("inf"), 1j, (0.1,), ()),
    int: ("3", "relu", None, True, 2.5, 0.0, float("nan"), -1, (3,), ()),
    Size: ("3", "same", None, True, 2.5, -1, (), (2.5, 2), (3, "3"), (True, 1), (1, 1, 1, 1)),
    Size | None: ("3", "same", True, 2.5, 0, (), (2.5, 2), (3, "3"), (1, 1, 1, 1), {}),
    Padding: ("Same", "full", None, True, 1.5, -1, (), ((1, 2, 3),), (1, "one"), b"ab", (1,) * 4),
    Policy: ("round", "", None, True, 3, ("floor",)),
    str: ("round", "", None, True, 3, ("tanh",)),
    tuple[int, ...]: ("ab", None, (), (0, 3), (2.5,), (True,), (1, "2"), (1, 1, 1, 1, 1)),
    tuple[tuple[int, ...], ...]: (5, "ab", None, (), ((),), (0, 1), ((0, "1"),), ((True,),)),
}
SETTINGS = [
    (row, field.name, wrong)
    for row in {type(row): row for row, _ in EVERY_KIND}.values()
    for field in dataclasses.fields(row)
    if field.name != "children"
    for wrong in WRONG_KINDS[field.type]
]


@pytest.mark.parametrize(("row", "name", "wrong"), SETTINGS, ids=str)
def test_every_setting_refuses_every_wrong_kind(row, name, wrong):
    with pytest.raises((TypeError, ValueError)) as caught:
        dataclasses.replace(row, **{name: wrong})
    sentence = str(caught.value)
    start = f"{type(row).__name__}: {name}"
    assert re.fullmatch(rf"{start}.* must .*\bnot .*\. .+\.", sentence), sentence


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: spec.BatchNorm(64), r"eps must be .*, not 64\. The channels are read"),
        (lambda: Linear(784, 10), r"bias must be True or False, not 10\. The inputs are read"),
        (lambda: Linear(10, "softmax"), "not 'softmax'.* an activation is a row of its own"),
        (lambda: spec.RNN(28, 128), r"return_sequences must be .* 128\. The inputs are read"),
        (lambda: spec.LeakyReLU("0.2"), r"not '0\.2'\. Write 0\.2 without quotation marks\."),
    ],
)
def test_the_order_of_other_libraries_is_answered_with_ours(make, sentence):
    with pytest.raises((TypeError, ValueError), match=sentence):
        make()


@pytest.mark.parametrize("row", [row for row, _ in EVERY_KIND], ids=lambda row: type(row).__name__)
def test_every_row_refuses_what_is_no_setting_of_it(row):
    if isinstance(row, Combinator):
        return  # takes rows under any name
    kind, own = (
        type(row),
        {field.name: getattr(row, field.name) for field in dataclasses.fields(row)},
    )
    for name in ("activation", "in_channels", "inplace"):
        with pytest.raises(
            TypeError, match=rf"^{kind.__name__}: .* must .*\bnot .*{name}.*\. .+\.$"
        ):
            kind(**own, **{name: True})
    with pytest.raises(TypeError, match=rf"^{kind.__name__}: .* must .*\bnot .*\. .+\.$"):
        kind(*own.values(), "more")


@pytest.mark.parametrize(
    ("make", "advice"),
    [
        (lambda: Conv(8, 3, strides=2), r"Did you mean 'stride'\?"),
        (lambda: Conv(8, 3, use_bias=False), r"Did you mean 'bias'\?"),
        (lambda: Conv(8, 3, in_channels=3), "read from the shape"),
        (lambda: Linear(10, activation="softmax"), "row of its own, behind this one"),
        (lambda: Linear(10, name="fc"), r"is given in its chain: Chain\(conv1="),
        (lambda: spec.Dropout(rate=0.2), r"Did you mean 'p'\?"),
        (lambda: spec.BatchNorm(epsilon=1e-3), r"Did you mean 'eps'\?"),
        (lambda: ReLU(inplace=True), r"not with inplace=True\. Leave them out"),
        (lambda: spec.Softmax(1), "not with 1. Leave them out"),
        (lambda: spec.Reshape(8, 8), r"one tuple: Reshape\(\(64, 7, 7\)\)"),
        (lambda: Conv(8, 3, "same"), "padding='same'"),
        (lambda: Chain([Conv(8, 3), ReLU()]), r"a star before the list: Chain\(\*rows\)"),
        (lambda: Add((Conv(8, 3), ReLU())), r"Add\(\*rows\)"),
        (lambda: Chain({"conv1": Conv(8, 3)}), r"two stars .*: Chain\(\*\*rows\)"),
        (lambda: trace([Conv(8, 3)], (1, 9, 9)), r"Chain\(\*rows\)"),
        (lambda: trace(Conv, (1, 9, 9)), "the class Conv. Add parentheses"),
        (lambda: trace(zoo.get("lenet-5"), (1, 32, 32)), r"not Network\. Give its \.spec"),
        (lambda: trace(ReLU(), (None, 28, 28, 1)), "Leave out the None"),
    ],
)
def test_habits_of_other_libraries_are_answered(make, advice):
    with pytest.raises((TypeError, ValueError), match=advice):
        make()


def test_rows_can_be_copied_and_pickled():
    net = Chain(Conv(8, 3), relu=ReLU())
    assert copy.deepcopy(net) == pickle.loads(pickle.dumps(net)) == net


def test_a_row_shows_its_settings_to_help():
    assert list(inspect.signature(Linear).parameters) == ["out_features", "bias"]


def test_numbers_and_truth_values_of_numpy_are_as_good_as_pythons():
    row = Conv(np.int64(8), np.array([3, 5]), bias=np.False_)
    assert row == Conv(8, (3, 5), bias=False)
    assert repr(row) == "Conv(8, (3, 5), bias=False)"
    assert repr(spec.LeakyReLU(np.float64(0.2))) == "LeakyReLU(negative_slope=0.2)"


MISFITS = [
    (Conv(8, 5), (3, 3, 9), "kernel 5 does not fit height 3 with padding 0"),
    (Conv(8, 3, groups=2), (3, 9, 9), "input channels 3 must be a multiple of groups 2"),
    (Conv(8, 3), (784,), r"input must be \(C, L\)"),
    (Conv(8, (3, 3)), (3, 9), "one for each of 1 axes"),
    (spec.TableConv(((0, 3),), 3), (3, 9, 9), "table reads input map 3"),
    (Linear(10), (64, 7, 7), "input must be flat"),
    (spec.Embedding(5, 4), (3, 9), "input must be tokens"),
    (spec.RNN(5), (9,), "input must be a sequence"),
    (MaxPool(2, policy="error"), (3, 7, 8), "stride 2 does not fit"),
    (Add(Conv(8, 3), spec.Identity()), (8, 9, 9), "branches must have one shape"),
    (Concat(Conv(8, 3), Conv(8, 1)), (8, 9, 9), "branches must have one height and width"),
    (Scale(spec.GlobalAvgPool(), Conv(4, 1)), (8, 9, 9), "its rows must leave"),
    (spec.Upsample(2, "linear"), (3, 9, 9), "mode must fit the 2 axes"),
]


@pytest.mark.parametrize(("row", "shape", "sentence"), MISFITS, ids=lambda case: str(case)[:30])
def test_shapes_that_do_not_fit_name_the_row(row, shape, sentence):
    with pytest.raises(ShapeError, match=sentence) as caught:
        trace(Chain(start=ReLU(), there=row), shape)
    assert caught.value.path == "there" or caught.value.path.startswith("there.")
    assert type(row).__name__ in str(caught.value).splitlines()[0]


UNET = Chain(
    Conv(8, 3, padding="same"),
    Concat(spec.Identity(), Chain(MaxPool(2), spec.TransposedConv(8, 2, stride=2))),
)
CAUSES = [
    (Conv(32, 3), (28, 28, 1), r"channels first, here \(1, 28, 28\)"),
    (Chain(Conv(32, 3), MaxPool(2)), (32, 32, 3), r"channels first, here \(3, 32, 32\)"),
    (Conv(32, 3), (64, 1, 28, 28), r"If 64 is the batch size, leave it out: .* \(1, 28, 28\)"),
    (UNET, (1, 31, 31), "multiple of 2 .* output_padding=1"),
    (
        Scale(spec.GlobalAvgPool(), Flatten(), Linear(4), ReLU(), Linear(32), spec.Sigmoid()),
        (32, 16, 16),
        r"leave Flatten\(\) out .* Conv\(…, 1\) .* Reshape\(\(32, 1, 1\)\)",
    ),
    (Scale(spec.GlobalAvgPool(), Conv(4, 1)), (8, 9, 9), "as many channels as enter"),
    (Scale(Conv(8, 3)), (8, 9, 9), r"GlobalAvgPool\(\), or keep the size"),
    (Add(Conv(4, 1), spec.Identity()), (8, 9, 9), r"Give the shortcut a Conv\(…, 1\)"),
    (Add(Conv(8, 3), spec.Identity()), (8, 9, 9), "Use padding='same'"),
    (Concat(Flatten(), spec.Identity()), (8, 9, 9), "Flatten all of them"),
    (Add(Flatten(), spec.GlobalAvgPool()), (8, 9, 9), "Flatten all of them"),
    (Add(Linear(4), spec.Identity()), (8,), r"Give the shortcut a Linear\(…\)"),
    (Conv(8, 3, dilation=20), (1, 28, 28), "a smaller kernel or dilation"),
]
# in_channels, out_channels, kernel_size of PyTorch, read as filters, kernel and stride.
PYTORCHS = [
    (Conv(3, 16, 3), (3, 32, 32)),
    (Conv(1, 6, 5), (1, 28, 28)),
    (Conv(3, 64, 7, 2, 3), (3, 224, 224)),
    (Chain(Conv(16, 3), ReLU(), Conv(16, 32, 3)), (3, 32, 32)),
    (Chain(Conv(16, 3), MaxPool(2), Conv(8, 32, 5)), (3, 32, 32)),
    (spec.TransposedConv(16, 8, 3), (16, 7, 7)),
]


@pytest.mark.parametrize(("row", "shape"), PYTORCHS, ids=str)
def test_the_channels_that_enter_are_not_given(row, shape):
    with pytest.raises(ShapeError, match=r"not in_channels, .* Leave out the channels that enter"):
        trace(row, shape)


@pytest.mark.parametrize(
    ("row", "shape"),
    [
        (Conv(3, (16, 16), 3), (3, 32, 32)),
        (Conv(768, 16, 16), (3, 224, 224)),
        (Conv(96, 11, 4), (3, 227, 227)),
        (Conv(8, 8, 3), (3, 32, 32)),
        (Conv(3, 7, 3), (3, 32, 32)),
        (Conv(3, 4, 2), (3, 32, 32)),
        (spec.TransposedConv(8, 16, 8), (8, 7, 7)),
    ],
    ids=str,
)
def test_large_kernels_are_taken_at_their_word(row, shape):
    assert trace(row, shape)[-1].out_shape == row.out_shape(shape)


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        ((32, 32, 3), r"turn it round: .* here \(3, 32, 32\)"),
        ((64, 3, 32, 32), r"If 64 is the batch size, leave it out: .* here \(3, 32, 32\)"),
    ],
)
def test_a_shape_that_fits_all_rows_but_seems_turned_is_spoken_of(shape, sentence):
    with pytest.warns(UserWarning, match=sentence):
        assert trace(Conv(8, 3, padding="same"), shape)


@pytest.mark.parametrize("shape", [(3, 32, 32), (32, 28, 1), (8, 8, 3), (16, 7, 32, 32), (64,)])
def test_other_shapes_pass_without_a_word(shape):
    assert trace(ReLU(), shape)[-1].out_shape == shape


def test_reshape_does_not_work_a_size_out():
    with pytest.raises(ValueError, match=r"\(3, -1\) must not hold -1, .* product of the others"):
        spec.Reshape((3, -1))


@pytest.mark.parametrize(("row", "shape", "advice"), CAUSES, ids=str)
def test_advice_names_the_cause(row, shape, advice):
    with pytest.raises(ShapeError, match=advice):
        trace(row, shape)


def test_no_other_order_is_suspected_where_there_is_none():
    for shape in ((3, 9, 9), (8, 2, 2), (1, 28, 28, 28), (16, 4, 3)):
        with pytest.raises(ShapeError) as caught:
            trace(Conv(8, 31), shape)
        assert "If " not in str(caught.value)


def test_shape_errors_show_the_shapes_up_to_there():
    net = Chain(stem=Chain(conv=Conv(8, 3), pool=MaxPool(4)), body=Chain(conv=Conv(16, 9)))
    with pytest.raises(ShapeError) as caught:
        trace(net, (1, 28, 28))
    assert str(caught.value).splitlines() == [
        "body.conv: Conv: kernel 9 does not fit height 6 with padding 0 (padded height 6). "
        "Use padding >= 2 or a smaller kernel.",
        "Shapes up to there:",
        "  input      (1, 28, 28)",
        "  stem.conv  (8, 26, 26)",
        "  stem.pool  (8, 6, 6)",
    ]


@pytest.mark.parametrize("shape", [28, (), (1, 0, 28), (1, 28.0, 28), (2, 3, 4, 5, 6)])
def test_senseless_input_shapes_are_refused(shape):
    with pytest.raises((TypeError, ValueError), match="input_shape"):
        trace(ReLU(), shape)


@given(networks())
def test_a_row_and_its_trace_agree(case):
    network, shape = case
    steps = trace(network, shape)
    assert network.out_shape(shape) == (steps[-1].out_shape if steps else shape)
    named = {
        f"{step.path}.{name}": array
        for step in steps
        if not isinstance(step.row, Combinator)
        for name, array in step.row.param_shapes(step.in_shape).items()
    }
    assert network.param_shapes(shape) == named


def test_numpy_integers_become_plain_ones():
    row = Conv(np.int64(8), np.int64(3))
    assert repr(row) == "Conv(8, 3)"


def test_separable_is_a_composition():
    shapes = spec.separable(64, 3).param_shapes((32, 9, 9))
    assert shapes["depthwise.weight"] == (32, 1, 3, 3)
    assert shapes["pointwise.weight"] == (64, 32, 1, 1)


def test_flatten_then_linear_after_embedding():
    text = Chain(spec.Embedding(50, 8), Conv(4, 3), spec.GlobalMaxPool(), Flatten(), Linear(2))
    assert text.out_shape((20,)) == (2,)


def test_slices_and_odd_names_still_print_as_source():
    chain = Chain(ReLU(), Flatten(), **{"class": Linear(3)})
    for part in (chain, chain[1:], chain[2:]):
        assert eval(repr(part), dict(NAMESPACE)) == part


@pytest.mark.parametrize("name", ["", "a.b", "0"])
def test_names_that_would_collide_are_refused(name):
    with pytest.raises(ValueError, match=r"names of rows must differ and hold no dot"):
        Chain(ReLU(), **{name: ReLU()})


def test_a_row_may_be_called_self():
    assert Chain(self=ReLU())["self"] == ReLU()


def test_combinators_are_frozen_as_rows_are():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Chain(ReLU()).in_series = False


@pytest.mark.parametrize("wrong", [None, [Conv(2, 3)], "Conv(2, 3)"])
def test_only_rows_can_be_traced(wrong):
    with pytest.raises(TypeError, match="spec must be a row such as"):
        trace(wrong, (1, 9, 9))


@pytest.mark.parametrize("pool", [MaxPool(2, padding=2), spec.AvgPool((2, 3), padding=(0, (1, 3)))])
def test_no_pooling_window_lies_wholly_in_the_padding(pool):
    with pytest.raises(ShapeError, match="padding must be smaller than the kernel"):
        trace(pool, (1, 9, 9))


def test_every_kind_of_row_has_an_example():
    assert {type(row) for row, _ in EVERY_KIND} == {*ROWS} - {Row, Combinator}


@pytest.mark.parametrize(("row", "shape"), EVERY_KIND, ids=lambda part: str(part)[:30])
def test_a_row_does_what_its_family_says(row, shape):
    out, learned = row.out_shape(shape), row.param_shapes(shape)
    window = row.reach(shape) if row.family in ("convolution", "pooling") else None
    facts = {
        "convolution": isinstance(window, spec.Window) and "weight" in learned,
        "transposed convolution": out[1:] > shape[1:] and "weight" in learned,
        "pooling": out[0] == shape[0] and (window == "varies" or isinstance(window, spec.Window)),
        "dense": len(out) == len(shape) == 1 and learned["weight"] == (*out, *shape),
        "recurrent": any("hh" in name for name in learned),
        "embedding": out[1:] == shape and not row.macs(shape),
        "flatten": out == (prod(shape),) and not learned,
        "layout": not learned and not row.macs(shape),
        "normalization": out == shape and not row.macs(shape),
        "combinator": isinstance(row, Combinator),
    }
    assert facts.get(row.family, out == shape)


def test_a_family_is_said_once_and_inherited():
    class GELU(Row, family="activation"):
        pass

    class Tanhlike(GELU):
        pass

    assert (Row.family, GELU.family, Tanhlike.family) == ("pointwise", "activation", "activation")
    assert set(get_args(spec.Family)) == {row.family for row, _ in EVERY_KIND}
