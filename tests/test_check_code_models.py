"""Checks of arrays, layers, networks and training results."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from cnnlab import check, scratch, spec, zoo
from cnnlab.check.arrays import difference, same
from cnnlab.check.sentences import sentence
from cnnlab.check.training import MISCONCEPTIONS
from cnnlab.scratch import functional as F
from cnnlab.scratch import mutants
from cnnlab.scratch.layers import make
from cnnlab.train import History

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
        (lambda a: -a, "The sign is turned"),
        (lambda a: a * 255, "the factor 255"),
        (lambda a: a / 255, "the factor 255"),
        (lambda a: a.astype(int), "behind the decimal point is cut off"),
        (lambda a: a + 0.5, "off by the same number"),
        (lambda a: a.round(3), "right to two digits only"),
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
        ("68", "fail", "entries are of type"),
        (np.ones, "fail", "this is a"),
        (object(), "fail", "must be an array of numbers"),
        ([[3.25, 5.25], [2, 2]], "fail", "the mean of each window"),
        ([[1, 2], [1, 0]], "fail", "the smallest number of each window"),
        ([[6, 7, 8], [6, 7, 8], [3, 3, 4]], "fail", ""),
        ([[[[6, 8], [3, 4]]]], "fail", "axes too many"),
        ([6, 8, 3, 4], "fail", "flattened"),
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


# Every layer with mutants: a row, its shape, and what this row cannot show.
LAYERS = {
    "conv2d": (spec.Conv(6, (3, 2), stride=2, padding=1, dilation=2, groups=3), (6, 9, 8)),
    "max_pool2d": (spec.MaxPool(3, stride=2, padding=1), (3, 8, 6)),
    "avg_pool2d": (spec.AvgPool(3, stride=2, padding=1), (3, 8, 6)),
    "linear": (spec.Linear(3), (4,)),
    "relu": (spec.ReLU(), (3, 4, 5)),
    "softmax": (spec.Softmax(), (5,)),
    "batch_norm": (spec.BatchNorm(), (3, 4, 2)),
}
UNSEEN = {
    "floor for ceil": "max_pool2d avg_pool2d",
    "over the last axis": "softmax",
    "overflows": "softmax",
    "batch at evaluation": "batch_norm",
    "padding always counts": "avg_pool2d",
}


@pytest.mark.parametrize("name", LAYERS)
def test_every_wrong_layer_fails_and_most_by_name(name):
    row, shape = LAYERS[name]
    training = name == "batch_norm"
    assert check.layer(make(row, shape), shape, row, training=training)
    zoo_ = [m for m in mutants.of(name) if name not in UNSEEN.get(m.name, "").split()]
    named = 0
    for mutant in zoo_:
        own = make(row, shape, forward=mutant.forward, backward=mutant.backward)
        result = check.layer(own, shape, row, training=training)
        print(f"{mutant.name:24} {result.message}")
        assert result.status == "fail", mutant.name
        named += sentence(name, mutant) in result.message or any(
            word in result.message for word in ("changes", "float32", "out_shape")
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


DS = zoo.get("ds-4400")


def ds_4400(pool=nn.MaxPool2d, act=nn.ReLU, hidden=64, bias=True, flat=True, last=()):
    return nn.Sequential(
        *(nn.Conv2d(1, 10, 3, bias=bias), act(), pool(2)),
        *(nn.Conv2d(10, 5, 3, bias=bias), act(), pool(2)),
        *([nn.Flatten()] if flat else []),
        *(nn.Linear(125, hidden, bias=bias), act(), nn.Linear(hidden, 10, bias=bias), *last),
    )


@pytest.mark.parametrize(
    "honest", [DS.spec, DS.numpy(1), DS.torch(1), ds_4400()], ids=["spec", "numpy", "torch", "own"]
)
def test_the_right_network_passes(honest):
    result = check.network(honest, (1, 28, 28), like="ds-4400")
    assert result, result


def test_a_network_is_left_as_it_was():
    net, module = DS.numpy(1), DS.torch(1).eval()
    before = net.state_dict(), {k: v.clone() for k, v in module.state_dict().items()}
    assert check.network(net, (1, 28, 28), like=module)
    assert check.network(module, (1, 28, 28), like=net)
    assert all((before[0][key] == value).all() for key, value in net.state_dict().items())
    assert all((before[1][key] == value).all() for key, value in module.state_dict().items())
    assert not module.training


class Restless(nn.Module):
    def forward(self, x):
        return nn.functional.dropout(x)


def still(module):
    for parameter in module.parameters():
        parameter.requires_grad_(False)
    return module


def zero(module):
    for parameter in module.parameters():
        nn.init.zeros_(parameter)
    return module


@pytest.mark.parametrize(
    ("net", "like", "text"),
    [
        (ds_4400(flat=False), None, "your network stops with"),
        (nn.Conv2d(1, 10, 3), None, "must be flattened before the last dense layer"),
        (nn.Sequential(nn.Flatten(), nn.Linear(784, 7)), None, "too few for 10 classes"),
        (nn.Sequential(nn.Flatten(), nn.Linear(784, 70)), None, "too many for 10 classes"),
        (ds_4400(last=[nn.Softmax(1)]), None, "ends with a softmax"),
        (ds_4400(last=[Restless()]), None, "two different outputs"),
        (zero(ds_4400()), None, "All images give the same output"),
        (ds_4400(hidden=32), "ds-4400", "has shape (32, 125), which does not fit"),
        (ds_4400(bias=False), "ds-4400", "The biases are missing"),
        (ds_4400(), ds_4400(bias=False), "There are biases"),
        (nn.Sequential(nn.Flatten(), nn.Linear(784, 10)), "ds-4400", "has 7,850 parameters"),
        (ds_4400(nn.AvgPool2d), "ds-4400", "Windows are averaged, not maximised"),
        (ds_4400(act=nn.Tanh), "ds-4400", "The activations are tanh"),
        (ds_4400(act=nn.Identity), "ds-4400", "There is no activation"),
        (ds_4400(last=[nn.ReLU()]), "ds-4400", "a ReLU after the last layer"),
        (ds_4400(act=nn.ELU), "ds-4400", "with the same weights the outputs differ"),
        (ds_4400(act=nn.ELU), ds_4400(), "with the same weights the outputs differ"),
        (ds_4400(last=[nn.Sigmoid()]), None, "probabilities are given to a loss"),
        (still(ds_4400()), None, "No parameter moves in training"),
        (3, None, "this is a int"),
        (nn.Linear, None, "the class of a network"),
    ],
)
def test_what_is_wrong_with_a_network_is_named(net, like, text):
    result = check.network(net, (1, 28, 28), like=like)
    assert result.status == "fail"
    assert text in result.message


def test_a_wrong_backward_pass_cannot_learn():
    zero_gradient = next(m for m in mutants.of("conv2d") if m.name == "zero gradient")
    swap = {spec.Conv: (zero_gradient.forward, zero_gradient.backward)}
    net = scratch.build(DS.spec, (1, 28, 28), swap=swap)
    assert "All" not in check.network(net, (1, 28, 28), learns=0).message
    uphill = next(m for m in mutants.of("linear") if m.name == "turned sign")
    net = scratch.build(DS.spec, (1, 28, 28), swap={spec.Linear: (uphill.forward, uphill.backward)})
    assert check.network(net, (1, 28, 28)).status == "fail"


def test_no_network_is_to_do_and_a_senseless_question_raises():
    assert check.network(..., (1, 28, 28)).status == "todo"
    with pytest.raises(ValueError, match="like must be a name of the zoo"):
        check.network(DS.spec, (1, 28, 28), like=3)
    with pytest.raises(ValueError, match="x and labels must come together"):
        check.training({}, at_least=0.9, x=[1])


# A misconception, and a history for which it is the first explanation.
HISTORIES = {
    "loss not finite": {"loss": [2.0, math.nan], "val_accuracy": [0.2, 0.1]},
    "accuracy in percent": {"loss": [2.0, 0.1], "val_accuracy": [90.0, 97.0]},
    "loss starts far above log(classes)": {"loss": [90.0, 2.0], "val_accuracy": [0.2, 0.4]},
    "softmax before a loss of logits": {
        "loss": [2.1, 1.52],
        "accuracy": [0.5, 0.95],
        "val_accuracy": [0.6, 0.85],
    },
    "labels of one set shuffled": {
        "loss": [1.0, 0.1],
        "accuracy": [0.7, 0.97],
        "val_accuracy": [0.1, 0.1],
    },
    "only guesses": {"loss": [2.31, 2.3], "val_accuracy": [0.1, 0.1]},
    "loss does not fall": {"loss": [1.5, 1.5], "val_accuracy": [0.5, 0.5]},
    "got worse again": {"loss": [1.5, 0.5], "val_accuracy": [0.91, 0.8]},
    "known by heart": {
        "loss": [1.0, 0.01],
        "accuracy": [0.7, 1.0],
        "val_accuracy": [0.8, 0.8],
    },
    "stopped too early": {"loss": [1.5, 0.8], "val_accuracy": [0.5, 0.7]},
}


@pytest.mark.parametrize("row", MISCONCEPTIONS, ids=lambda row: row.name)
def test_what_holds_training_back_is_named(row):
    curves = HISTORIES[row.name]
    for history in (curves, History(curves), {k: np.array(v) for k, v in curves.items()}):
        result = check.training(history, at_least=0.9)
        assert result.status == "fail"
        assert result.message == row.sentence


def test_every_sign_has_a_history():
    assert list(HISTORIES) == [row.name for row in MISCONCEPTIONS]


@pytest.mark.parametrize(
    "history",
    [
        {"loss": [0.9, 0.2], "val_accuracy": [0.8, 0.93]},
        {"loss": [0.9, 0.0], "accuracy": [0.9, 1.0], "val_accuracy": [0.93, 0.9]},
        {"val_accuracy": [0.95]},
        History({"loss": [1.0, 0.3], "val_accuracy": [0.8, 0.9]}),
    ],
)
def test_a_good_history_passes(history):
    assert check.training(history, at_least=0.9)


@pytest.mark.parametrize(
    ("answer", "status", "text"),
    [
        (..., "todo", "the training result"),
        (3, "fail", "this is a int"),
        ({"loss": [1.0]}, "fail", "has no val_accuracy; it has loss"),
        ({}, "fail", "it has nothing"),
        ({"loss": ["a"]}, "fail", "metric loss must be an array of numbers"),
        ({"loss": [1.0, 0.9], "val_accuracy": [0.7, 0.7]}, "fail", "ends at 0.70, below"),
    ],
)
def test_other_training_results_get_a_sentence(answer, status, text):
    result = check.training(answer, at_least=0.9)
    assert result.status == status
    assert text in result.message


LABELS = np.arange(30) % 3
IMAGES = np.eye(3, dtype=np.float32)[LABELS]


class Knows(nn.Module):
    """Right in evaluation; in training it sees nothing."""

    def forward(self, x):
        return x * (0 if self.training else 1)


def test_a_trained_network_is_measured_in_evaluation_mode():
    one_hot = np.eye(3)[LABELS]
    settings = {"at_least": 0.9, "classes": 3, "x": IMAGES}
    for labels in (LABELS, LABELS.tolist(), torch.tensor(LABELS), one_hot):
        assert check.training(Knows(), labels=labels, **settings)
    assert check.training(Knows(), labels=LABELS, claimed=1.0, **settings)
    for labels, claimed, text in [
        (np.eye(3)[one_hot.astype(int)], None, "one-hot rows twice"),
        (LABELS[:5], None, "30 images and 5 labels"),
        (LABELS + 1, None, "count from 0"),
        ("abc", None, "labels must be an array"),
        (LABELS, 100.0, "in percent"),
        (LABELS, 1 / 3, "in training mode"),
        (LABELS, 0.8, "not the accuracy of the network"),
        (LABELS[::-1].copy(), None, "right for"),
    ]:
        result = check.training(Knows(), labels=labels, claimed=claimed, **settings)
        assert result.status == "fail"
        assert text in result.message
    settings["x"] = 255 * IMAGES[:, ::-1]
    assert "scale them" in check.training(Knows(), labels=LABELS, **settings).message
    assert check.training(3, labels=LABELS, **settings).status == "fail"
