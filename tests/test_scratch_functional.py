"""What the functional layers promise beyond their equality with PyTorch."""

import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from cnnlab import geometry, pytorch, scratch, spec
from cnnlab.scratch import functional as F

seeds = st.integers(0, 10_000)


def draw(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(-2, 3, shape).astype(np.float64)  # many ties


@st.composite
def pooled_maps(draw_from) -> tuple[np.ndarray, dict]:
    kernel = draw_from(st.integers(1, 3)), draw_from(st.integers(1, 3))
    size = [draw_from(st.integers(k, 7)) for k in kernel]
    x = draw(draw_from(seeds), 2, 3, *size)
    stride = draw_from(st.integers(1, 3)), draw_from(st.integers(1, 3))
    padding = tuple(draw_from(st.integers(0, k // 2)) for k in kernel)
    policy = draw_from(st.sampled_from(["floor", "ceil"]))
    return x, {"kernel_size": kernel, "stride": stride, "padding": padding, "policy": policy}


@given(pooled_maps())
def test_max_pool_reads_what_the_windows_of_geometry_say(case) -> None:
    x, options = case
    y, _ = F.max_pool2d(x, **options)
    axes = zip(
        x.shape[2:], options["kernel_size"], options["stride"], options["padding"], strict=True
    )
    rows, columns = (geometry.windows(*axis, policy=options["policy"]) for axis in axes)
    assert y.shape == (2, 3, len(rows), len(columns))
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            part = x[:, :, [r for r in row if 0 <= r < x.shape[2]]]
            part = part[..., [c for c in column if 0 <= c < x.shape[3]]]
            assert_array_equal(y[:, :, i, j], part.max((2, 3)))


@given(pooled_maps(), st.sampled_from(["first", "share"]))
def test_max_pool_hands_all_of_the_gradient_on_to_maxima(case, ties: str) -> None:
    x, options = case
    y, cache = F.max_pool2d(x, **options, ties=ties)
    dy = np.random.default_rng(0).random(y.shape)
    dx = F.max_pool2d_backward(dy, cache)
    assert_allclose(dx.sum((2, 3)), dy.sum((2, 3)))
    raised = x + 1e-3 * (dx > 0)  # raising the pixels that were paid raises every maximum
    assert (F.max_pool2d(raised, **options)[0] > y).all()


def test_both_tie_rules_agree_where_nothing_ties() -> None:
    x = np.random.default_rng(0).standard_normal((2, 3, 7, 7))
    y, first = F.max_pool2d(x, 3, 2)
    _, share = F.max_pool2d(x, 3, 2, ties="share")
    assert_array_equal(F.max_pool2d_backward(y, first), F.max_pool2d_backward(y, share))


@given(pooled_maps())
def test_the_mean_of_a_constant_is_the_constant(case) -> None:
    x, options = case
    y, cache = F.avg_pool2d(np.full_like(x, 3.0), **options, count_include_pad=False)
    assert_allclose(y, 3.0)
    assert_allclose(F.avg_pool2d_backward(y, cache).sum(), y.sum())


@given(seeds, st.integers(1, 6), st.integers(1, 9))
def test_adaptive_pooling_is_plain_pooling_where_bins_are_equal(seed, count, size) -> None:
    x = draw(seed, 2, 3, count * size)
    assert_allclose(F.adaptive_avg_pool(x, count)[0], F.avg_pool1d(x, size)[0], atol=1e-12)
    assert_array_equal(F.adaptive_max_pool(x, count)[0], F.max_pool1d(x, size)[0])


@given(seeds)
def test_batch_norm_forgets_scale_and_shift_of_its_input(seed: int) -> None:
    x = np.random.default_rng(seed).standard_normal((6, 3, 4))
    zeros, ones = np.zeros(3), np.ones(3)
    y, cache = F.batch_norm(x, zeros, ones, training=True, eps=1e-12)
    assert_allclose(y.mean((0, 2)), 0, atol=1e-10)
    assert_allclose(y.var((0, 2)), 1)
    again, _ = F.batch_norm(5 * x - 2, zeros, ones, training=True, eps=1e-12)
    assert_allclose(again, y, atol=1e-8)
    dx = F.batch_norm_backward(np.random.default_rng(0).standard_normal(x.shape), cache)[0]
    assert_allclose(dx.sum((0, 2)), 0, atol=1e-10)  # so no gradient moves the mean
    assert_allclose((dx * x).sum((0, 2)), 0, atol=1e-8)  # nor the scale
    assert_array_equal(zeros, 0)
    assert_array_equal(ones, 1)


def test_running_statistics_become_those_of_the_data() -> None:
    rng = np.random.default_rng(0)
    mean, variance = np.zeros(2), np.ones(2)
    for _ in range(300):
        x = 3 * rng.standard_normal((64, 2)) + [1, -2]
        _, cache = F.batch_norm(x, mean, variance, training=True)
        mean, variance = cache.running_mean, cache.running_var
    assert_allclose(mean, [1, -2], atol=0.3)
    assert_allclose(variance, 9, rtol=0.15)


@settings(max_examples=20)
@given(seeds, st.floats(0.05, 0.9))
def test_dropout_keeps_the_mean_and_its_gradient_drops_the_same(seed: int, p: float) -> None:
    x = np.ones((100, 200))
    y, cache = F.dropout(x, p, rng=np.random.default_rng(seed))
    assert_allclose((y == 0).mean(), p, atol=0.02)
    assert_allclose(y[y > 0], 1 / (1 - p))
    assert_array_equal(F.dropout_backward(x, cache), y)


@pytest.mark.parametrize(
    "name", ["sigmoid", "tanh", "scaled_tanh", "softplus", "silu", "elu", "relu6", "softmax"]
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nothing_overflows(name: str, dtype: type) -> None:
    x = np.array([[-1e4, -800, -90, 0, 90, 800, 1e4]], dtype)
    y, cache = getattr(F, name)(x)
    dx = getattr(F, f"{name}_backward")(np.ones_like(x), cache)
    assert np.isfinite(y).all()
    assert np.isfinite(dx).all()
    assert y.dtype == dx.dtype == dtype


def test_rnn_of_one_step_is_a_dense_layer() -> None:
    rng = np.random.default_rng(0)
    x, w, u = rng.standard_normal((4, 3, 1)), rng.standard_normal((2, 3)), np.eye(2)
    y, _ = F.rnn(x, w, u)
    assert_allclose(y, np.tanh(F.linear(x[:, :, 0], w)[0]))


def test_old_inputs_fade_in_an_rnn_with_small_weights() -> None:
    rng = np.random.default_rng(0)
    x, w, u = rng.standard_normal((1, 3, 20)), rng.standard_normal((4, 3)), 0.3 * np.eye(4)
    y, cache = F.rnn(x, w, u)
    sizes = np.abs(F.rnn_backward(np.ones_like(y), cache)[0]).sum((0, 1))
    assert sizes[0] < 1e-6 * sizes[-1]


def test_repeated_tokens_add_up() -> None:
    y, cache = F.embedding(np.array([[1, 1, 0]]), np.zeros((3, 2)))
    assert_array_equal(F.embedding_backward(np.ones_like(y), cache)[1], [[1, 1], [2, 2], [0, 0]])


X = np.zeros((2, 3, 5, 5))


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (
            lambda: F.max_pool2d(X, 6),
            ValueError,
            "max_pool2d: kernel 6 does not fit height 5 with padding 0 (padded height 5). "
            "Use padding >= 1 or a smaller kernel.",
        ),
        (
            lambda: F.max_pool2d(X, 2, ties="last"),
            ValueError,
            "max_pool2d: ties must be 'first' or 'share', not 'last'. Choose one.",
        ),
        (
            lambda: F.max_pool1d(X, 2),
            ValueError,
            "max_pool1d: x must have 3 axes (N, C, L), not 4: shape (2, 3, 5, 5). Reshape it.",
        ),
        (
            lambda: F.max_pool2d([[1.0]], 2),
            TypeError,
            "max_pool2d: x must be a NumPy array, not list. Convert it",
        ),
        (
            lambda: F.conv2d(X, np.zeros((0, 3, 2, 2))),
            ValueError,
            "conv2d: weight must hold a kernel, but its shape is (0, 3, 2, 2). Give each axis",
        ),
        (
            lambda: F.conv2d(X, np.zeros((3, 3, 2, 2)), groups=0),
            ValueError,
            "conv2d: groups must be at least 1, not 0. Choose a larger groups.",
        ),
        (
            lambda: F.avg_pool2d(X, 2, policy="error"),
            ValueError,
            "avg_pool2d: stride 2 does not fit: (5 - 2)/2 + 1 = 2.50 is not whole",
        ),
        (
            lambda: F.avg_pool2d(X, 1, padding=1, count_include_pad=False),
            ValueError,
            "avg_pool2d: every window must hold a pixel that counts, but one lies wholly in the "
            "padding. Use less padding, or count_include_pad=True.",
        ),
        (
            lambda: F.max_pool2d_backward(np.zeros((2, 3, 3, 3)), F.max_pool2d(X, 2)[1]),
            ValueError,
            "max_pool_backward: dy must have shape (2, 3, 2, 2), not (2, 3, 3, 3).",
        ),
        (
            lambda: F.linear(X.reshape(2, 75), np.zeros((4, 70))),
            ValueError,
            "linear: weight must have shape (4, 75), not (4, 70).",
        ),
        (
            lambda: F.relu(np.arange(3)),
            TypeError,
            "relu: x must be float32 or float64, not int64. Convert it with .astype(np.float32).",
        ),
        (
            lambda: F.dropout(X),
            ValueError,
            "dropout: training needs a source of randomness. Pass rng=np.random.default_rng(0).",
        ),
        (
            lambda: F.dropout(X, 1.0, rng=np.random.default_rng(0)),
            ValueError,
            "dropout: p must be a probability in [0, 1), not 1.0. Try 0.5.",
        ),
        (
            lambda: F.embedding(np.array([[0, 3]]), np.zeros((3, 2))),
            ValueError,
            "embedding: tokens must lie between 0 and 2, not 0 to 3. Give the table more rows.",
        ),
        (
            lambda: F.scale(X, np.zeros((2, 3))),
            ValueError,
            "scale: gate must have the shape (2, 3, 5, 5) of x, or 1 in place of an axis, "
            "not (2, 3). Pool with keepdims first.",
        ),
        (
            lambda: F.rnn(X[0], np.zeros((2, 5)), np.zeros((2, 2)), np.zeros(2)),
            ValueError,
            "rnn: biases must come in pairs, not one alone. Give both, or none.",
        ),
    ],
)
def test_errors_say_what_must_be_what_is_and_what_to_do(act, error, message: str) -> None:
    with pytest.raises(error, match=re.escape(message)):
        act()


@pytest.mark.parametrize(
    "row", [spec.Flatten(), spec.GlobalAvgPool(), spec.GlobalMaxPool(), spec.AdaptiveAvgPool(2)]
)
def test_an_empty_batch_passes(row):
    net, twin = scratch.build(row, (3, 4, 5)), pytorch.build(row, (3, 4, 5))
    x = np.zeros((0, 3, 4, 5), np.float32)
    assert net.forward(x).shape == tuple(twin(torch.from_numpy(x)).shape)


def test_max_pool_refuses_windows_of_padding_alone():
    with pytest.raises(ValueError, match="every window must hold a pixel"):
        F.max_pool2d(np.ones((1, 1, 4, 4)), 2, 2, 2)
