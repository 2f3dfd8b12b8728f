"""The gradient check finds every wrong gradient, names the slip, and accuses no right one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab import scratch, spec
from cnnlab.scratch import functional as F
from cnnlab.scratch import gradcheck
from tests import mutants
from tests.contract import agrees_with_differences
from tests.layer_cases import Case

RNG = np.random.default_rng(0)
X, WEIGHT, BIAS = (RNG.standard_normal(shape) for shape in [(5, 4), (4, 4), (4,)])


def linear_with(change_dweight):
    def backward(dy, cache):
        dx, dweight, dbias = F.linear_backward(dy, cache)
        return dx, change_dweight(dweight), dbias

    return backward


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (np.zeros_like, "it is all zeros: backward passes nothing on"),
        (np.negative, "the sign is wrong"),
        (
            lambda g: g / 5,
            "it is 0.2 times the right one: a factor is missing, or averaged where it must be "
            "summed?",
        ),
        (
            lambda g: 5 * g,
            "it is 5 times the right one: summed where it must be averaged, or counted twice?",
        ),
        (np.transpose, "axes 0 and 1 are exchanged (transposed)"),
        (lambda g: g[::-1], "it is flipped along axis 0"),
        (lambda g: g[::-1, ::-1], "it is flipped along axes 0, 1"),
        (lambda g: np.roll(g, 1, 1), "it is shifted by 1 along axis 1 (off by one)"),
        (lambda g: g * [1, 0, 0, 0], "only entry 0 of axis 1 (of 4) is right, the rest is 0"),
        (lambda g: g * [1, 1, 0, 0], "only entries 0, 1 of axis 1 (of 4) are right, the rest is 0"),
        (
            lambda g: 0 * g + g.mean(0),
            "it is averaged over axis 0, whose entries must stay apart",
        ),
        (lambda g: g[:, :2], "its shape is (4, 2), not (4, 4)"),
        (lambda g: None, "backward returns none"),
        (lambda g: g * np.nan, "it holds NaN or infinity: a division by 0, or an overflow"),
        (lambda g: g + np.eye(4), "4 of 16 entries differ"),
    ],
)
def test_the_slip_is_named(change, cause: str) -> None:
    report = gradcheck.check(F.linear, linear_with(change), X, WEIGHT, BIAS)
    assert not report.ok
    assert report.entries["weight"].cause == cause
    assert report.entries["x"].ok
    assert report.entries["bias"].ok
    with pytest.raises(AssertionError, match="Gradient of weight is wrong"):
        report.require()


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (lambda g: g[::-1], "it is in reverse order"),
        (lambda g: np.roll(g, 1), "it is shifted by one place (off by one)"),
        (lambda g: np.roll(g, -1), "it is shifted by one place (off by one)"),
        (
            lambda g: g * (np.arange(9) > 1),
            "only 7 entries of axis 0 (of 9) are right, the rest is 0",
        ),
        (
            lambda g: -g / 2,
            "it is -0.5 times the right one: the sign is wrong, and a factor is missing or too "
            "much",
        ),
    ],
)
def test_the_slip_in_a_row_of_numbers_is_named(change, cause: str) -> None:
    right = np.arange(1.0, 10) ** 2
    assert gradcheck.likely_cause(change(right), right) == cause


def test_the_worst_entry_is_shown() -> None:
    def off(dweight):
        dweight[2, 1] += 1
        return dweight

    entry = gradcheck.check(F.linear, linear_with(off), X, WEIGHT, BIAS).entries["weight"]
    assert entry.where == (2, 1)
    assert abs(entry.given - entry.right - 1) < 1e-6


# What differences cannot see, because ties and kinks have no slope.
INVISIBLE = {
    "tie to the last",
    "tie shared",
    "tie to all",
    "slope 1 at 0",
}
WRONG_GRADIENTS = {
    "conv2d": (
        Case(spec.Conv(6, (2, 3), stride=2, padding=1, dilation=2), (4, 7, 6)),
        Case(spec.Conv(6, (2, 3)), (4, 3, 4)),
    ),
    "max_pool2d": (Case(spec.MaxPool((2, 3), stride=(1, 2), padding=1), (3, 7, 10)),),
    "avg_pool2d": (Case(spec.AvgPool((2, 3), stride=(1, 2), padding=1), (3, 7, 10)),),
    "linear": (Case(spec.Linear(5), (5,)),),
    "batch_norm": (Case(spec.BatchNorm(), (3, 4, 2), training=True),),
    "relu": (Case(spec.ReLU(), (4, 3)),),
    "softmax": (Case(spec.Softmax(), (5,)),),
}


@pytest.mark.parametrize("function", WRONG_GRADIENTS)
def test_every_wrong_backward_pass_is_found(function: str) -> None:
    cases = WRONG_GRADIENTS[function]
    right = scratch.build(cases[0].row, cases[0].in_shape)._forward
    zoo = [m for m in mutants.of(function) if m.forward is right and m.name not in INVISIBLE]
    assert not [m.name for m in zoo if not any(accused(m, case) for case in cases)]


def accused(mutant: mutants.Mutant, case: Case) -> bool:
    try:
        agrees_with_differences(case, {"forward": mutant.forward, "backward": mutant.backward})
    except AssertionError:
        return True
    return False


@given(st.integers(0, 10_000))
def test_a_right_gradient_is_never_accused(seed: int) -> None:
    x = np.random.default_rng(seed).standard_normal((2, 3, 5, 4))
    assert gradcheck.check(F.max_pool, F.max_pool_backward, x, kernel_size=2, seed=seed).ok
    assert gradcheck.check(F.relu, F.relu_backward, x, seed=seed).ok


def test_kinks_are_left() -> None:
    report = gradcheck.check(F.relu, F.relu_backward, np.zeros((3, 4)))
    assert report.ok
    assert report.moved
    assert "kink" in str(report)


def test_what_is_changed_in_place_is_named() -> None:
    def forward(x):
        x *= 2
        return F.tanh(x)

    def backward(dy, cache):
        dy *= 1 - cache.y**2
        return dy

    assert "forward changes x in place" in str(gradcheck.check(forward, F.tanh_backward, X))
    assert "backward changes dy in place" in str(gradcheck.check(F.tanh, backward, X))


def test_noise_is_refused_but_a_seeded_generator_is_not() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="the same input must give the same output"):
        gradcheck.check(lambda x: F.dropout(x, rng=rng), F.dropout_backward, X)
    assert gradcheck.check(F.dropout, F.dropout_backward, X, rng=rng).ok


def test_a_layer_is_left_as_it_was() -> None:
    row = spec.Chain(spec.Linear(3), spec.BatchNorm(), spec.Dropout(), spec.Tanh())
    net = scratch.build(row, (4,), dtype=np.float64)
    before, random = net.state_dict(), net.random_state()
    assert gradcheck.check_layer(net, X, training=True).ok
    assert net.random_state() == random
    for key, array in net.state_dict().items():
        np.testing.assert_array_equal(array, before[key])


def test_float32_is_refused() -> None:
    net = scratch.build(spec.Linear(2), (4,))
    with pytest.raises(TypeError, match="parameters must be float64, not float32: weight, bias"):
        gradcheck.check_layer(net, X)
