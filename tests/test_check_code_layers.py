"""Checks of arrays and of layers."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnlab import check, spec
from cnnlab.check.core.arrays import same
from cnnlab.check.core.differences import difference
from cnnlab.scratch import functional as F
from cnnlab.scratch.layers import make
from tests import mutants

RNG = np.random.default_rng(0)
RIGHT = RNG.standard_normal((2, 3, 4))
TABLE = np.array([[1.0, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]])


@pytest.mark.parametrize(
    ("change", "sentence_"),
    [
        (lambda a: a.T, "axes 0 and 2 are exchanged"),
        (lambda a: a[0], "the first axis, that of the batch, is missing"),
        (lambda a: a.transpose(0, 2, 1), "the channels come last"),
        (lambda a: a.ravel(), "flattened to one axis"),
        (lambda a: a.reshape(6, 4), "axes are missing or merged"),
        (lambda a: a[None], "it has axes too many"),
        (lambda a: a.sum(), "a single number"),
        (lambda a: a.sum(2), "axis 2 was summed, averaged or left out"),
        (lambda a: a[..., :-1], "a row or column is missing"),
        (lambda a: np.pad(a, ((0, 0), (0, 1), (0, 1))), "a row or column too many"),
        (lambda a: a * np.nan, "NaN or infinity"),
        (lambda a: 0 * a, "All its values are 0"),
        (lambda a: 0 * a + 3, "All its values are the same number"),
        (lambda a: -a, "The sign is wrong"),
        (lambda a: a * 255, "the factor 255"),
        (lambda a: a / 255, "the factor 255"),
        (lambda a: a.astype(int), "behind the decimal point is cut off"),
        (lambda a: a + 0.5, "off by the same number"),
        (lambda a: a.round(3), "% of the largest: were numbers rounded"),
        (lambda a: a * 4, "4 times the right one"),
        (lambda a: a / 4, "0.25 times the right one"),
        (lambda a: a[:, ::-1], "flipped along axis 1"),
        (lambda a: np.roll(a, 1, 2), "shifted by 1 along axis 2"),
        (lambda a: np.sort(a, None).reshape(a.shape), "the right values in another order"),
        (lambda a: a + (a == a[0, 0, 0]), "1 of its 24 values is wrong"),
        (lambda a: a**2, "Its type and shape are right, its values are not"),
    ],
)
def test_what_is_wrong_with_an_array_is_said(change, sentence_):
    result = check.array(change(RIGHT), RIGHT)
    assert result.status == "fail"
    assert sentence_ in result.message


@given(st.integers(0, 10_000))
def test_an_array_passes_exactly_when_it_is_the_right_one(seed):
    rng = np.random.default_rng(seed)
    right = rng.standard_normal(tuple(rng.integers(1, 4, 3)))
    assert check.array(right.tolist(), right)
    wrong = right + rng.choice([0.0, 1.0], right.shape)
    assert bool(check.array(wrong, right)) is np.array_equal(wrong, right)
    assert bool(difference(wrong, right)) is not same(wrong, right)


@pytest.mark.parametrize(
    "honest",
    [
        [[6, 8], [3, 4]],
        ((6, 8), (3, 4)),
        np.array([[6, 8], [3, 4]], np.float32),
        np.array([[6, 8], [3, 4]], np.uint8),
        torch.tensor([[6, 8], [3, 4]]),
        torch.tensor([[6.0, 8.0], [3.0, 4.0]], requires_grad=True),
    ],
)
def test_honest_arrays_pass(honest):
    assert check.array(honest, "max_pool2d", TABLE, 2)
    assert check.array(honest, lambda: np.array([[6, 8], [3, 4]]))


@pytest.mark.parametrize(
    ("answer", "status", "text"),
    [
        (..., "todo", "the array"),
        (None, "todo", "the array"),
        ([[6, 8], [3]], "fail", "its rows differ in length"),
        ("68", "fail", "entries are texts"),
        (np.ones, "fail", "this is a"),
        (object(), "fail", "must be an array of numbers"),
        ([[3.25, 5.25], [2, 2]], "fail", "the mean of each window"),
        ([[1, 2], [1, 0]], "fail", "the smallest number of each window"),
        ([[6, 7, 8], [6, 7, 8], [3, 3, 4]], "fail", ""),
        ([[[[6, 8], [3, 4]]]], "fail", "brackets too many"),
        ([6, 8, 3, 4], "fail", "are in one line"),
    ],
)
def test_pooling_by_hand(answer, status, text):
    result = check.array(answer, "max_pool2d", TABLE, 2)
    assert result.status == status
    assert text in result.message


def test_a_flipped_kernel_by_hand_is_named():
    kernel = [[1, 2], [3, 4]]
    given = F.conv2d(TABLE[None, None], np.array([[4.0, 3], [2, 1]])[None, None])[0][0, 0]
    result = check.array(given, "cross_correlate2d", TABLE, kernel)
    assert "turned by 180 degrees" in result.message
    assert check.array(given, "conv2d", TABLE, kernel).message.startswith("Every value equals")


def test_a_reference_of_no_numbers_raises():
    with pytest.raises(ValueError, match="reference must give numbers"):
        check.array(3, "abc".split)


# Every layer with mutants: rows with their shapes, and what these cannot show.
LAYERS = {
    "conv2d": (
        (spec.Conv(6, (3, 2), stride=2, padding=1, dilation=2, groups=3), (6, 9, 8)),
        (spec.Conv(4, (2, 3), stride=2, padding=1), (3, 5, 6)),
        (spec.Conv(4, (2, 3)), (3, 3, 4)),
    ),
    "max_pool2d": ((spec.MaxPool(3, stride=2, padding=1), (3, 8, 6)),),
    "avg_pool2d": ((spec.AvgPool(3, stride=2, padding=1), (3, 8, 6)),),
    "linear": ((spec.Linear(3), (4,)),),
    "relu": ((spec.ReLU(), (3, 4, 5)),),
    "softmax": ((spec.Softmax(), (5,)),),
    "batch_norm": ((spec.BatchNorm(), (3, 4, 2)),),
}
UNSEEN = {
    "floor for ceil": "max_pool2d avg_pool2d",
    "over the last axis": "softmax",
    "batch at evaluation": "batch_norm",
    "padding always counts": "avg_pool2d",
}


@pytest.mark.parametrize("name", LAYERS)
def test_every_wrong_layer_fails_and_most_by_name(name):
    training = name == "batch_norm"
    for row, shape in LAYERS[name]:
        assert check.layer(make(row, shape), shape, row, training=training)
    zoo_ = [m for m in mutants.of(name) if name not in UNSEEN.get(m.name, "").split()]
    named = 0
    for mutant in zoo_:
        for row, shape in LAYERS[name]:
            own = make(row, shape, forward=mutant.forward, backward=mutant.backward)
            result = check.layer(own, shape, row, training=training)
            if result.status == "fail":  # it makes a difference to this row
                break
        print(f"{mutant.name:24} {result.message}")
        assert result.status == "fail", mutant.name
        named += mutant.sentence in result.message or any(
            word in result.message
            for word in ("changes", "float32", "out_shape", "unlike the parameter", "shape of x")
        )
    assert named >= 0.9 * len(zoo_)


class Scale:
    """An honest layer without a base class."""

    def __init__(self):
        self.params = {"weight": np.ones((1, 3), np.float32)}
        self.grads = {}

    def out_shape(self, in_shape):
        return list(in_shape)

    def forward(self, x, *, training=False):
        self.x = x
        return x * self.params["weight"]

    def backward(self, dy):
        self.grads = {"weight": (dy * self.x).sum(0, keepdims=True)}
        return dy * self.params["weight"]


def test_an_honest_layer_passes_and_is_left_as_it_was():
    own = Scale()
    assert check.layer(own, (3,))
    assert own.grads == {}
    assert (own.params["weight"] == 1).all()
    assert own.params["weight"].dtype == np.float32


def changed(**changes):
    own = Scale()
    for name, value in changes.items():
        setattr(own, name, value)
    return own


class NoGrads(Scale):
    def backward(self, dy):
        return dy * self.params["weight"]


class WrongShape(Scale):
    def backward(self, dy):
        super().backward(dy)
        return dy[0]


class NoTraining(Scale):
    def forward(self, x):
        return x


@pytest.mark.parametrize(
    ("own", "status", "text"),
    [
        (None, "todo", "the layer"),
        (Scale, "fail", "the class of a layer"),
        (3, "fail", "has a method forward; this int has none"),
        (changed(params=[1]), "fail", "has a dict params"),
        (changed(out_shape=lambda s: (5, *s)), "fail", "out_shape promises"),
        (changed(out_shape=lambda s: (3, *s)), "fail", "out_shape counts the batch as well"),
        (changed(out_shape=lambda s: 3), "fail", "must return a tuple"),
        (changed(forward=lambda x, training: None), "todo", "the layer"),
        (changed(backward=lambda dy: dy), "fail", "grads has no entry weight"),
        (NoGrads(), "fail", "grads has no entry weight"),
        (WrongShape(), "fail", "dx in the shape of x"),
        (NoTraining(), "fail", "unexpected keyword argument 'training'"),
    ],
)
def test_broken_promises_of_a_layer_are_named(own, status, text):
    result = check.layer(own, (3,))
    assert result.status == status
    assert text in result.message


def test_parameters_have_the_names_and_shapes_of_pytorch():
    result = check.layer(Scale(), (3,), spec.Linear(3))
    assert "names of the parameters are weight" in result.message
    turned = make(spec.Linear(5), (3,))
    turned.params["weight"] = turned.params["weight"].T.copy()
    assert "axes 0 and 1 are exchanged" in check.layer(turned, (3,), spec.Linear(5)).message


class Linear:
    """A right layer, to be spoilt."""

    def __init__(self):
        rng = np.random.default_rng(0)
        self.params = {"weight": rng.standard_normal((3, 4)), "bias": rng.standard_normal(3)}
        self.grads = {}

    def forward(self, x, training=False):
        self.x = x
        return x @ self.params["weight"].T + self.params["bias"]  # (N, 3)

    def backward(self, dy):
        self.grads = {"weight": dy.T @ self.x, "bias": dy.sum(axis=0)}
        return dy @ self.params["weight"]  # (N, 4)

    def out_shape(self, in_shape):
        return (3,)


class FirstBatch(Linear):
    size = None

    def forward(self, x, training=False):
        self.size = self.size or len(x)
        return np.resize(super().forward(x), (self.size, 3))


class Coarse(Linear):
    def forward(self, x, training=False):
        return super().forward(x).astype(np.float32)


@pytest.mark.parametrize("row", [None, spec.Linear(3)])
def test_a_layer_serves_every_batch_in_its_own_precision(row):
    assert check.layer(Linear(), (4,), row)
    assert "For a batch of 2 after one of 3" in check.layer(FirstBatch(), (4,), row).message
    assert "returns float32 for an input of float64" in check.layer(Coarse(), (4,), row).message


def test_masked_entries_are_no_numbers():
    assert "masked" in check.array(np.ma.array(TABLE, mask=TABLE > 3), TABLE).message
    assert check.array(np.ma.array(TABLE), TABLE)


@pytest.mark.parametrize(
    ("given", "right", "text"),
    [
        (2.3025, 2.302585, "It is off by 0.004 %: was a number rounded on the way?"),
        (np.eye(4)[:, [3, 0, 1, 2]], np.eye(4), "by one place along one of the axes"),
        (np.r_[np.arange(1.0, 20), 20.01], np.arange(1.0, 21), "1 of its 20 values is wrong."),
        (np.ones((3, 2)), np.ones((4, 2)), "a row or column is missing."),
    ],
)
def test_what_is_said_of_a_difference_is_true(given, right, text):
    assert text in difference(np.asarray(given), np.asarray(right))
