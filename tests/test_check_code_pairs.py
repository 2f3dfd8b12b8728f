"""Checks of forward and backward passes: which gradient is wrong, and why."""

import functools
import re

import numpy as np
import pytest
import torch

from cnnlab import check
from cnnlab.check.code.explain import gradient_rows
from cnnlab.check.code.pulls import names_of
from cnnlab.check.exercises import find
from cnnlab.scratch import functional as F
from cnnlab.scratch import losses, naive
from tests import mutants

PAIRS = mutants.NAMES


def conv(*args, **settings):
    return F.conv2d(*args, **settings)[0]


@pytest.mark.parametrize("name", PAIRS)
def test_the_right_pair_passes(name):
    right = find(name, "all")
    assert check.pair(right.reference, right.backward, name, asks="all")
    assert check.pair(right.reference, right.backward, name)


def conv_pair(x, weight, bias, stride=1, padding=0):
    return naive.conv2d(x, weight, bias, stride=stride, padding=padding)


def conv_pair_backward(dy, x, weight, bias, stride=1, padding=0):
    return naive.conv2d_backward(dy, x, weight, stride=stride, padding=padding)


HONEST_PAIRS = [
    ("conv2d", conv_pair, conv_pair_backward),
    ("relu", lambda x: (np.maximum(x, 0), {"x": x}), lambda dy, cache: dy * (cache["x"] > 0)),
    ("relu", lambda x: (np.maximum(x, 0), x), lambda dy, x: torch.from_numpy(dy * (x > 0))),
    (
        "linear",
        lambda x, w, b: (x @ w.T + b, (x, w)),
        lambda dy, c: [dy @ c[1], dy.T @ c[0], dy.sum(0)],
    ),
    (
        "linear",
        lambda x, w, b: (x @ w.T + b, (x, w)),
        lambda dy, c: {"dbias": dy.sum(0), "dx": dy @ c[1], "dweight": dy.T @ c[0]},
    ),
    (
        "cross_entropy",
        lambda x, t: losses.cross_entropy(x, t)[0],
        lambda x, t: losses.cross_entropy(x, t)[1].gradient,
    ),
]


@pytest.mark.parametrize(("name", "forward", "backward"), HONEST_PAIRS)
def test_honest_pairs_pass(name, forward, backward):
    result = check.pair(forward, backward, name)
    assert result, result


def test_a_pair_says_which_gradients_are_right():
    def backward(dy, cache):
        dx, dweight, dbias = F.conv2d_backward(dy, cache)
        return dx, dweight[:, :, ::-1, ::-1], dbias

    result = check.pair(F.conv2d, backward, "conv2d")
    assert "dx and dbias are right, dweight is not: The gradient of the weight is turned" in (
        result.message
    )


def test_missing_gradients_are_counted():
    result = check.pair(F.conv2d, lambda dy, cache: F.conv2d_backward(dy, cache)[0], "conv2d")
    assert "must return dx, dweight, dbias, and 1 came back" in result.message
    result = check.pair(
        F.conv2d, lambda dy, cache: (*F.conv2d_backward(dy, cache)[:2], None), "conv2d"
    )
    assert "no gradient for bias" in result.message


def test_gradients_of_ones_own_function():
    def cube(x):
        return x**3, x

    x = np.array([1.0, -2.0, 0.5])
    assert check.gradient(cube, lambda dy, x: 3 * dy * x**2, x)
    assert "3 times" in check.gradient(cube, lambda dy, x: 9 * dy * x**2, x).message
    assert check.gradient(cube, ..., x).status == "todo"
    assert "TypeError" in check.gradient(cube, lambda dy: dy, x).message


@pytest.mark.parametrize("name", ["avg_pool2d", "max_pool2d"])
def test_windows_that_overwrite_each_other_are_named(name):
    right = find(name)
    row = next(row for row in right.gradients if row.name == "windows overwritten")

    def forward(x, kernel_size, stride=None):
        settings = {} if stride is None else {"stride": stride}
        y = right.reference(x, kernel_size, **settings)[0]
        return y, right.reference(x, kernel_size, **settings)[1]

    result = check.pair(forward, row.model, name)
    assert result.message.startswith("forward is right; with windows that overlap, dx is not: ")
    assert row.sentence in result.message


def gradients_with(change):
    def backward(dy, cache):
        return change(dy, *F.conv2d_backward(dy, cache))

    return backward


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda dy, dx, dw, db: (dw, dx, db), "the right gradients in another order"),
        (lambda dy, dx, dw, db: (dx, dw, db / len(dy)), "divided by the batch size"),
        (lambda dy, dx, dw, db: (dx, dw * len(dy), db), "multiplied by the batch size"),
        (lambda dy, dx, dw, db: (dx, dw, dy[-1].sum((1, 2))), "Only the last example counts"),
        (lambda dy, dx, dw, db: (dx, dw, dy[0].sum((1, 2))), "Only the first example counts"),
        (lambda dy, dx, dw, db: (dx, dw, 0 * db + dy[0, 0].size * len(dy)), "is not used"),
    ],
)
def test_slips_in_one_gradient_of_several_are_named(change, text):
    result = check.pair(F.conv2d, gradients_with(change), "conv2d")
    assert text in result.message


def test_settings_that_backward_leaves_out_are_named():
    def forward(x, w, b, stride=1, padding=0):
        return conv(x, w, b, stride=stride, padding=padding), (x, w, stride, padding)

    def without_stride(dy, cache):
        x, w, _, padding = cache
        return naive.conv2d_backward(dy, x, w, padding=padding)

    def still_padded(dy, cache):
        x, w, stride, padding = cache
        dx, *rest = naive.conv2d_backward(dy, x, w, stride=stride, padding=padding)
        return np.pad(dx, [(0, 0), (0, 0), (padding, padding), (padding, padding)]), *rest

    text = check.pair(forward, without_stride, "conv2d").message
    assert "with stride 2, dbias is right" in text
    assert "without the stride" in text
    assert "cut it off" in check.pair(forward, still_padded, "conv2d").message


def test_backward_rows_are_named_after_the_mutants():
    promises = {"always float64", "upstream changed", "gradients added up"}
    for name in mutants.NAMES:
        mutated = {m.name for m in mutants.of(name) if not m.name.endswith(" changed")}
        assert mutated - promises == {row.name for row in gradient_rows(find(name))}


def dbias(dy):
    return dy.sum(axis=(0, 2, 3))


def dweight(dy, x, weight, stride=1, padding=0):
    return naive.conv2d_backward(dy, x, weight, stride=stride, padding=padding)[1]


def dx(x, dy, *, weight, padding=0, stride=1, **unused):
    return naive.conv2d_backward(dy, x, weight, stride=stride, padding=padding)[0]


OWN = {"dbias": dbias, "dweight": dweight, "dx": dx}


@pytest.mark.parametrize("gradient", OWN)
def test_one_right_gradient_passes_by_itself(gradient):
    own = OWN[gradient]
    assert check.backward(own, "conv2d", gradient)
    as_tensor = functools.wraps(own)(lambda **given: torch.tensor(own(**given)))
    as_lists = functools.wraps(own)(lambda **given: own(**given).tolist())
    assert check.backward(as_tensor, "conv2d", gradient)
    assert check.backward(as_lists, "conv2d", gradient)


@pytest.mark.parametrize("name", PAIRS)
def test_every_gradient_can_be_asked_for_alone(name):
    right = find(name)
    for array in names_of(right.cases[0].draw(0)):
        assert check.backward(lambda: None, name, f"d{array}").status == "todo"
        assert check.backward(..., name, f"d{array}").status == "todo"
        assert check.backward(3, name, f"d{array}").status == "fail"


@pytest.mark.parametrize(
    ("gradient", "own", "text"),
    [
        ("dbias", lambda dy: dy.sum(axis=(0, 2)), "dbias is not right: Its shape is"),
        ("dbias", lambda dy: dy.mean(axis=(0, 2, 3)), "is a mean"),
        ("dbias", lambda dy: dy[0].sum(axis=(1, 2)), "Only the first example counts"),
        ("dbias", lambda dy: [0] * dy.shape[1], "would never learn"),
        ("dbias", lambda dy: "100", "The gradient dbias must be an array of numbers"),
        ("dbias", lambda dy, cache: dy, "calls your function with dy; its arguments are dy, cache"),
        ("dbias", lambda dy: dy.nothing, "AttributeError"),
        (
            "dweight",
            lambda dy, x, weight: dweight(dy, x, weight),
            "TypeError|is not right|ValueError",
        ),
        (
            "dweight",
            lambda dy, x, weight, stride=1, padding=0: dweight(dy, x, weight, stride, padding)[
                :, :, ::-1, ::-1
            ],
            "turned by 180 degrees",
        ),
        ("dx", lambda dy, x, weight, stride=1, padding=0: 0 * x, "The gradient is all zeros"),
        ("dx", lambda dy, x: (dy, x), "dx"),
    ],
)
def test_one_wrong_gradient_fails_by_name(gradient, own, text):
    result = check.backward(own, "conv2d", gradient)
    assert result.status == "fail"
    assert re.search(text, result.message), result


def test_the_gradient_of_a_loss_can_be_asked_for_alone():
    def dlogits(logits, labels):
        return losses.cross_entropy(logits, labels)[1].gradient

    assert check.backward(dlogits, "cross_entropy", "dlogits")
    assert not check.backward(
        lambda logits, labels: -dlogits(logits, labels), "cross_entropy", "dlogits"
    )


def test_a_gradient_that_writes_into_dy_is_named():
    def own(dy):
        dy *= 2
        return dy.sum(axis=(0, 2, 3)) / 2

    assert check.backward(own, "conv2d", "dbias").message.startswith("backward changes dy")


@pytest.mark.parametrize(
    ("name", "gradient", "says"),
    [("conv2d", "dkernel", "dx, dweight, dbias"), ("pad2d", "dx", "none")],
)
def test_a_gradient_that_is_not_there_cannot_be_asked_for(name, gradient, says):
    with pytest.raises(ValueError, match=f"must be one of {says}"):
        check.backward(dbias, name, gradient)
