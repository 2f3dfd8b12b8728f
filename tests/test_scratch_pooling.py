"""Max-pooling of maps that hold NaN: who passes it on, and who gets the gradient."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cnnlab.scratch import functional as F
from cnnlab.scratch.functional.max_pooling import max_pool, max_pool_backward

HOLED = arrays(
    np.float64,
    st.tuples(st.just(2), st.just(1), st.integers(4, 7), st.integers(4, 7)),
    elements=st.sampled_from([np.nan, -1.0, 0.0, 1.0, 2.0]),
)


def by_pytorch(x, pool):
    tensor = torch.from_numpy(x).requires_grad_()
    y = pool(tensor)
    dy = torch.arange(1.0, y.numel() + 1, dtype=torch.float64).reshape(y.shape)
    y.backward(dy)
    return y.detach().numpy(), dy.numpy(), tensor.grad.numpy()


@given(HOLED, st.integers(1, 3), st.integers(1, 3), st.integers(0, 1))
def test_nan_goes_where_pytorch_sends_it(x, kernel_size, stride, padding):
    padding = min(padding, kernel_size // 2)
    expected, dy, dx = by_pytorch(
        x, lambda t: torch.nn.functional.max_pool2d(t, kernel_size, stride, padding)
    )
    y, cache = max_pool(x, kernel_size, stride, padding)
    np.testing.assert_array_equal(y, expected)
    np.testing.assert_array_equal(max_pool_backward(dy, cache), dx)


@given(HOLED, st.integers(1, 3), st.integers(1, 3))
def test_adaptive_pooling_does_the_same(x, rows, columns):
    expected, dy, dx = by_pytorch(
        x, lambda t: torch.nn.functional.adaptive_max_pool2d(t, (rows, columns))
    )
    y, cache = F.adaptive_max_pool(x, (rows, columns))
    np.testing.assert_array_equal(y, expected)
    np.testing.assert_array_equal(F.adaptive_max_pool_backward(dy, cache), dx)


@pytest.mark.parametrize("ties", ["first", "share"])
@given(HOLED)
def test_no_gradient_is_lost_and_only_the_largest_get_it(ties, x):
    dy = np.random.default_rng(0).uniform(1, 2, max_pool(x, 2)[0].shape)
    y, cache = max_pool(x, 2, ties=ties)
    dx = max_pool_backward(dy, cache)
    height, width = (2 * n for n in y.shape[2:])
    windows = x[..., :height, :width].reshape(2, 1, height // 2, 2, width // 2, 2)
    parts = dx[..., :height, :width].reshape(windows.shape)
    np.testing.assert_allclose(parts.sum(axis=(3, 5)), dy)
    top = y[:, :, :, None, :, None]
    largest = (windows == top) | np.isnan(windows)
    assert not parts[~largest].any()
    assert not dx[..., height:, :].any()
    if ties == "share":
        shares = np.where(largest, dy[:, :, :, None, :, None], 0)
        np.testing.assert_allclose(parts, shares / largest.sum(axis=(3, 5), keepdims=True))
