"""Winograd's convolution computes what the others do, and is taken where that is worth it."""

from unittest import mock

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from cnnlab.check.questions.base import ChoiceQuestion, find
from cnnlab.scratch import functional as F
from cnnlab.scratch.functional import algorithms, tiles
from cnnlab.scratch.functional.windows import Window
from tests.test_scratch_convolution import arrays, torch_gradients, traced_peak


@st.composite
def convolutions(draw):
    """Shapes that Winograd takes: (x shape, weight shape, padding, groups)."""
    groups = draw(st.integers(1, 3))
    channels, kernels = (groups * draw(st.integers(1, 3)) for _ in "CK")
    k = draw(st.sampled_from(algorithms.winograd.KERNEL_SIZES))
    sides = st.tuples(st.integers(0, k - 1), st.integers(0, k - 1))
    size = draw(st.tuples(st.integers(k, 15), st.integers(k, 15)))
    x_shape = (draw(st.integers(1, 12)), channels, *size)
    return x_shape, (kernels, channels // groups, k, k), draw(st.tuples(sides, sides)), groups


def both_passes(x, weight, bias, dy, **settings):
    y, cache = F.conv2d(x, weight, bias, **settings)
    return y, *F.conv2d_backward(dy, cache)


def torch_conv2d(x, weight, bias, *, padding, groups):
    (top, bottom), (left, right) = padding
    x = torch.nn.functional.pad(x, (left, right, top, bottom))
    return torch.nn.functional.conv2d(x, weight, bias, groups=groups)


# Times the largest value: the points −2 … 2 cost about two decimal digits.
FAR = {"float64": 1e-12, "float32": 4e-5}


@pytest.mark.parametrize("dtype", FAR)
@given(convolution=convolutions(), seed=st.integers(0, 999), single=st.sampled_from([0, 10**6]))
def test_both_passes_equal_pytorch(dtype, convolution, seed, single):
    """Tile by tile, and all tiles with some kernels at a time."""
    x_shape, weight_shape, padding, groups = convolution
    rng = np.random.default_rng(seed)
    x, weight, bias = arrays(rng, "float64", x_shape, weight_shape, weight_shape[0])
    y, dy, gradients = torch_gradients(
        lambda *tensors: torch_conv2d(*tensors, padding=padding, groups=groups),
        rng.standard_normal,
        *(x, weight, bias),
    )
    inputs = [array.astype(dtype) for array in (x, weight, bias, dy)]
    with mock.patch.multiple(algorithms.winograd, SINGLE=single, FILTERS=200, LANES=2):
        ours = both_passes(*inputs, padding=padding, groups=groups, algorithm="winograd")
    for mine, theirs in zip(ours, (y, *gradients), strict=True):
        assert mine.dtype == dtype
        assert np.abs(mine - theirs).max() <= FAR[dtype] * max(1, np.abs(theirs).max())


# Images that are cut into blocks of rows, and images that share a block.
CHOSEN = {
    "rows of one image": ((2, 64, 56, 57), (64, 64, 3, 3), 1, 1),
    "several images": ((9, 256, 15, 14), (256, 256, 3, 3), 1, 1),
    "few images": ((2, 192, 13, 13), (384, 192, 3, 3), 1, 1),
    "no padding": ((3, 64, 60, 30), (128, 64, 3, 3), 0, 1),
    "two groups": ((4, 192, 28, 28), (192, 96, 3, 3), 1, 2),
    "5×5 kernels in two groups": ((8, 96, 27, 27), (256, 48, 5, 5), 2, 2),
}


@pytest.mark.parametrize("case", CHOSEN)
def test_many_channels_and_large_maps_take_it_and_stay_close(case):
    x_shape, weight_shape, padding, groups = CHOSEN[case]
    rng = np.random.default_rng(1)
    x, weight, bias = arrays(rng, "float32", x_shape, weight_shape, weight_shape[0])
    y, cache = F.conv2d(x, weight, bias, padding=padding, groups=groups)
    assert cache.algorithm == "winograd"
    dy = rng.standard_normal(y.shape, np.float32)
    exact = both_passes(
        *(array.astype(float) for array in (x, weight, bias, dy)), padding=padding, groups=groups
    )
    for mine, right in zip((y, *F.conv2d_backward(dy, cache)), exact, strict=True):
        assert np.abs(mine - right).max() < FAR["float32"] * np.abs(right).max()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"dtype": float}, "a gradient check needs float64 as exact as it is"),
        ({"whole": True}, "whole numbers stay exact"),
        ({"stride": 2}, "its tiles lie side by side"),
        ({"dilation": 2}, "its tiles lie side by side"),
        ({"padding": 3}, "the input gradient would be padded by less than nothing"),
        ({"kernel": 7}, "its matrices are those of 3×3 and 5×5"),
        ({"channels": 8}, "the transforms would cost more than they save"),
        ({"size": 7}, "a tile of 4×4 would hang over"),
        ({"images": 0}, "nothing is to be computed"),
    ],
)
def test_everything_else_takes_im2col(change, why):
    asked = {"dtype": np.float32, "images": 2, "channels": 64, "size": 28, "kernel": 3} | change
    rng = np.random.default_rng(0)
    x = rng.standard_normal((asked["images"], asked["channels"], asked["size"], asked["size"]))
    weight = rng.standard_normal((64, asked["channels"], asked["kernel"], asked["kernel"]))
    if change.get("whole"):
        weight = np.rint(4 * weight)
    settings = {key: change[key] for key in ("stride", "dilation", "padding") if key in change}
    _, cache = F.conv2d(x.astype(asked["dtype"]), weight.astype(asked["dtype"]), **settings)
    assert cache.algorithm == "im2col", why


def test_the_appendix_asks_for_the_layer_that_takes_it():
    window = Window((56, 56), (56, 56), (3, 3), (1, 1), ((1, 1), (1, 1)), (1, 1))
    wide = window._replace(kernel_size=(7, 7), padding=((3, 3), (3, 3)))
    strided = window._replace(stride=(2, 2), out_size=(28, 28))
    rng = np.random.default_rng(0)
    taken = [
        algorithms.choose(
            "auto",
            np.empty((16, channels, 56, 56), np.float32),
            rng.standard_normal((kernels, channels, *layer.kernel_size), np.float32),
            layer,
            groups=1,
        )
        for layer, channels, kernels in (
            *((strided, 256, 256), (wide, 256, 256), (window, 256, 256)),
            (window, 1, 8),
        )
    ]
    question = find("94-which-layer", ChoiceQuestion)
    right = ["winograd" if letter in question.right else "im2col" for letter in question.choices]
    assert taken == right


def test_whole_numbers_stay_exact():
    rng = np.random.default_rng(0)
    x = rng.integers(-9, 10, (2, 64, 28, 28)).astype(np.float32)
    weight = rng.integers(-9, 10, (64, 64, 3, 3)).astype(np.float32)
    y, _ = F.conv2d(x, weight, padding=1)
    assert_array_equal(y, F.conv2d(x.astype(float), weight.astype(float), padding=1)[0])


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (
            {"algorithm": "fast"},
            "algorithm must be one of 'auto', 'im2col', 'winograd', 'direct', not 'fast'",
        ),
        (
            {"algorithm": "winograd", "stride": 2},
            "needs 3×3 or 5×5 kernels at stride and dilation 1",
        ),
        ({"algorithm": "winograd", "padding": 3}, r"not 3×3 kernels at stride \(1, 1\)"),
    ],
)
def test_errors_say_what_it_takes(settings, words):
    with pytest.raises(ValueError, match=f"^conv2d: .*{words}"):
        F.conv2d(np.ones((1, 2, 8, 8)), np.ones((3, 2, 3, 3)), **settings)


@pytest.mark.parametrize("algorithm", ["im2col", "winograd"])
def test_an_empty_batch_has_empty_outputs_and_no_gradient(algorithm):
    x, weight = np.ones((0, 4, 9, 9)), np.ones((6, 4, 3, 3))
    dy = np.ones((0, 6, 7, 7))
    y, dx, dweight, dbias = both_passes(x, weight, np.ones(6), dy, algorithm=algorithm)
    assert (y.shape, dx.shape) == ((0, 6, 7, 7), x.shape)
    assert not dweight.any()
    assert not dbias.any()


def test_memory_stays_within_a_quarter_of_inputs_and_outputs():
    rng = np.random.default_rng(0)
    shape = (4, 64, 112, 112)
    x, weight, dy = arrays(rng, "float32", shape, (64, 64, 3, 3), shape)
    step = lambda: both_passes(x, weight, None, dy, padding=1, algorithm="winograd")  # noqa: E731
    assert x.nbytes + dy.nbytes + traced_peak(step) < 1.25 * 4 * x.nbytes


def test_its_matrices_are_the_published_ones():
    """F(4×4, 3×3) of A. Lavin and S. Gray, 2016."""
    pixels, kernel, sums = tiles.Transforms.of(3, np.dtype(float))
    published_pixels = [
        [4, 0, -5, 0, 1, 0],
        [0, -4, -4, 1, 1, 0],
        [0, 4, -4, -1, 1, 0],
        [0, -2, -1, 2, 1, 0],
        [0, 2, -1, -2, 1, 0],
        [0, 4, 0, -5, 0, 1],
    ]
    published_kernel = np.array(
        [[6, 0, 0], [-4, -4, -4], [-4, 4, -4], [1, 2, 4], [1, -2, 4], [0, 0, 24]]
    )
    published_sums = [[1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0]]
    published_sums.append([0, 1, -1, 8, -8, 1])
    assert_array_equal(pixels, np.kron(published_pixels, published_pixels))
    assert_allclose(kernel, np.kron(published_kernel, published_kernel) / 24**2, rtol=1e-15)
    assert_array_equal(sums, np.kron(published_sums, published_sums))


def test_its_docstring_counts_right():
    """A tile: 144 multiplications become 36, and 100 do."""
    text, read = str(algorithms.winograd.__doc__), tiles.READ
    for k in algorithms.winograd.KERNEL_SIZES:
        tile = tiles.tile(k)
        assert f"{tile}·{tile}·{k * k} = {(tile * k) ** 2}" in text
    assert f"each takes {read**2}:" in text
