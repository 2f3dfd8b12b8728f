"""There are three ways to the gradient of a convolution's input; each layer takes the cheapest."""

from unittest import mock

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from cnnlab.scratch import functional as F
from cnnlab.scratch.functional import adding_back, blocks, products, windows
from tests.test_scratch_blocks import window_of


@st.composite
def convolutions(draw):
    """Arrays of small whole numbers, so that every order of adding gives the same, and settings."""
    pair = lambda low, high: draw(st.tuples(*(st.integers(low, high) for _ in "HW")))  # noqa: E731
    groups, kernel_size, dilation = draw(st.integers(1, 3)), pair(1, 5), pair(1, 2)
    channels, kernels = (groups * draw(st.integers(1, 6)) for _ in "CK")
    size, padding = pair(1, 14), (pair(0, 5), pair(0, 5))
    axes = zip(size, padding, kernel_size, dilation, strict=True)
    assume(all(side + sum(sides) > (k - 1) * wide for side, sides, k, wide in axes))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    x = rng.integers(-3, 4, (draw(st.integers(1, 20)), channels, *size)).astype(float)
    weight = rng.integers(-3, 4, (kernels, channels // groups, *kernel_size)).astype(float)
    settings = {"stride": pair(1, 4), "dilation": dilation, "groups": groups}
    return x, weight, padding, settings


def torch_input_gradient(x, weight, padding, settings):
    """Output, upstream gradient of whole numbers, and gradient of the input."""
    tensors = torch.from_numpy(x).requires_grad_(), torch.from_numpy(weight)
    (top, bottom), (left, right) = padding
    padded = torch.nn.functional.pad(tensors[0], (left, right, top, bottom))
    y = torch.nn.functional.conv2d(padded, tensors[1], **settings)
    dy = torch.from_numpy(np.resize([1.0, -2.0, 3.0, 0.0, -1.0], y.shape))
    (dx,) = torch.autograd.grad(y, tensors[0], dy)
    return dy.numpy(), dx.numpy()


@pytest.mark.parametrize("way", [adding_back.along_rows, adding_back.at_each_tap, None])
@given(convolutions(), st.booleans(), st.booleans())
def test_every_way_gives_what_pytorch_gives(way, convolution, cut, long):
    """Cut into few or many blocks, with the images last or side by side; None: the one that is taken."""
    x, weight, padding, settings = convolution
    if way is adding_back.along_rows:
        assume(settings["dilation"][0] == 1)
    dy, expected = torch_input_gradient(x, weight, padding, settings)
    _, cache = F.conv2d(x, weight, padding=padding, **settings, algorithm="im2col")
    with (
        mock.patch.object(adding_back, "LOWERED", 60 if cut else 10**6),
        mock.patch.object(blocks, "ROW", 20 if cut else 10**6),
        mock.patch.object(windows, "LONG", 1 if long else 100),
    ):
        dx = (way or products.input_gradient)(dy, weight, cache.window, settings["groups"])
    assert_array_equal(dx, expected)


@pytest.mark.parametrize(
    ("images", "channels", "kernels", "window", "way"),
    [
        (64, 1, 6, window_of(32, 5, 0), "along_rows"),  # LeNet-5's first layer
        (64, 6, 16, window_of(14, 5, 0), "along_rows"),
        (64, 10, 5, window_of(13, 3, 0), "_by_phases"),  # few maps to read, many to add to
        (64, 16, 16, window_of(32, 3, 1), "_by_phases"),
        (64, 256, 64, window_of(56, 1, 0), "_by_phases"),  # nothing to copy, and nothing to add
        (16, 3, 96, window_of(227, 11, 0, stride=4), "along_rows"),  # AlexNet's first layer
        (16, 3, 96, window_of(35, 3, 0, dilation=2), "at_each_tap"),
        (1, 20, 40, window_of(5, 4, 0), "at_each_tap"),  # rows of two outputs
        (64, 1, 1, window_of(28, 3, 1), "_by_phases"),  # a product with a single kernel is none
    ],
)
def test_layers_take_the_way_that_costs_least(images, channels, kernels, window, way):
    assert products._cheapest(images, channels, kernels, window, 1).__name__ == way


@given(
    st.tuples(*(st.integers(1, 5) for _ in "CHWK")),
    st.integers(0, 9),
    st.booleans(),
    st.integers(0, 99),
)
def test_kernels_as_large_as_the_map_are_a_dense_layer(sizes, images, has_bias, seed):
    channels, height, width, kernels = sizes
    rng = np.random.default_rng(seed)
    x = rng.integers(-3, 4, (images, channels, height, width)).astype(float)
    weight = rng.integers(-3, 4, (kernels, channels, height, width)).astype(float)
    bias = rng.integers(-3, 4, kernels).astype(float) if has_bias else None
    with mock.patch.object(products, "share_out", side_effect=AssertionError("cut into blocks")):
        y, cache = F.conv2d(x, weight, bias)
        dy = np.resize([1.0, -2.0, 3.0], y.shape)
        dx, dweight, dbias = F.conv2d_backward(dy, cache)
    dense, pulls = weight.reshape(kernels, -1), dy.reshape(images, kernels)
    flat = x.reshape(images, dense.shape[1])
    assert y.shape == (images, kernels, 1, 1)
    assert_array_equal(y[..., 0, 0], flat @ dense.T + (0 if bias is None else bias))
    assert_array_equal(dx, (pulls @ dense).reshape(x.shape))
    assert_array_equal(dweight, (pulls.T @ flat).reshape(weight.shape))
    assert (dbias is None) == (bias is None)
