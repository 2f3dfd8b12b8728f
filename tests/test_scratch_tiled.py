"""Convolutions tile by tile compute what the others do, and are taken where that is worth it."""

from unittest import mock

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from cnnlab.check.questions.base import ChoiceQuestion, find
from cnnlab.scratch import functional as F
from cnnlab.scratch.functional import algorithms, fft, tile_passes, tiled, tiles, winograd
from cnnlab.scratch.functional.transforms import Layer
from cnnlab.scratch.functional.windows import Window
from tests.test_scratch_blocks import blas_that
from tests.test_scratch_convolution import arrays, torch_gradients, traced_peak


@st.composite
def convolutions(draw, largest, strides):
    """Shapes that an algorithm takes: (x shape, weight shape, settings)."""
    groups = draw(st.integers(1, 3))
    channels, kernels = (groups * draw(st.integers(1, 3)) for _ in "CK")
    k = draw(st.integers(2, largest))
    sides = st.tuples(st.integers(0, k - 1), st.integers(0, k - 1))
    size = draw(st.tuples(st.integers(k, k + 13), st.integers(k, k + 13)))
    settings = {"padding": draw(st.tuples(sides, sides)), "groups": groups}
    settings["stride"] = draw(st.sampled_from(strides))
    x_shape = (draw(st.integers(1, 12)), channels, *size)
    return x_shape, (kernels, channels // groups, k, k), settings


def both_passes(x, weight, bias, dy, **settings):
    y, cache = F.conv2d(x, weight, bias, **settings)
    return y, *F.conv2d_backward(dy, cache)


def torch_conv2d(x, weight, bias, *, padding, **settings):
    (top, bottom), (left, right) = padding
    x = torch.nn.functional.pad(x, (left, right, top, bottom))
    return torch.nn.functional.conv2d(x, weight, bias, **settings)


# Times the largest value: the points −2 … 2 cost one to two decimal digits, waves cost none.
FAR = {
    ("winograd", "float64"): 1e-12,
    ("winograd", "float32"): 4e-5,
    ("fft", "float64"): 2e-14,
    ("fft", "float32"): 4e-6,
}
TAKEN = {"winograd": convolutions(5, (1, 2)), "fft": convolutions(13, (1,))}


@pytest.mark.parametrize(("algorithm", "dtype"), FAR)
@given(data=st.data(), seed=st.integers(0, 999), single=st.sampled_from([0, 10**6]))
def test_both_passes_equal_pytorch(algorithm, dtype, data, seed, single):
    """Tile by tile, and all tiles with some kernels at a time."""
    x_shape, weight_shape, settings = data.draw(TAKEN[algorithm])
    rng = np.random.default_rng(seed)
    x, weight, bias = arrays(rng, "float64", x_shape, weight_shape, weight_shape[0])
    y, dy, gradients = torch_gradients(
        lambda *tensors: torch_conv2d(*tensors, **settings), rng.standard_normal, x, weight, bias
    )
    inputs = [array.astype(dtype) for array in (x, weight, bias, dy)]
    with (
        mock.patch.multiple(tile_passes, FILTERS=200, TRANSFORM=900, LANES=2),
        mock.patch.object(tiles, "SINGLE", single),
    ):
        ours = both_passes(*inputs, **settings, algorithm=algorithm)
    for mine, theirs in zip(ours, (y, *gradients), strict=True):
        assert mine.dtype == dtype
        assert np.abs(mine - theirs).max() <= FAR[algorithm, dtype] * max(1, np.abs(theirs).max())


@pytest.mark.parametrize("side", fft.SIDES)
@given(data=st.data(), seed=st.integers(0, 999))
def test_tiles_of_every_side_hold_a_convolution(side, data, seed):
    """With the transforms by themselves, since a layer takes only the cheapest."""
    k = data.draw(st.integers(2, side - 1))
    rng = np.random.default_rng(seed)
    pixels, kernel = rng.standard_normal((side, side)), rng.standard_normal((k, k))
    transforms = fft.of(k, side, np.dtype(float))
    numbers = np.prod(
        [
            transform.forward(square.reshape(-1, 1), np.empty((transform.numbers, 1)))
            for transform, square in ((transforms.pixels, pixels), (transforms.kernel, kernel))
        ],
        axis=0,
    )
    out = side - k + 1
    y = transforms.sums.transposed(numbers, np.empty((out**2, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(pixels, (k, k))
    assert_allclose(y.reshape(out, out), (windows * kernel).sum(axis=(2, 3)), atol=1e-11)


# Images that are cut into blocks of rows, and images that share a block.
CHOSEN = {
    "rows of one image": ("winograd", (2, 64, 56, 57), (64, 64, 3, 3), 1, 1, 1),
    "several images": ("winograd", (9, 256, 15, 14), (256, 256, 3, 3), 1, 1, 1),
    "few images": ("winograd", (2, 192, 13, 13), (384, 192, 3, 3), 1, 1, 1),
    "no padding": ("winograd", (3, 64, 60, 30), (128, 64, 3, 3), 0, 1, 1),
    "two groups": ("winograd", (4, 192, 28, 28), (192, 96, 3, 3), 1, 1, 2),
    "stride 2": ("winograd", (16, 64, 56, 56), (128, 64, 3, 3), 1, 2, 1),
    "5×5 kernels at stride 2": ("winograd", (8, 64, 56, 55), (64, 64, 5, 5), 2, 2, 1),
    "5×5 kernels in two groups": ("fft", (8, 96, 28, 28), (256, 48, 5, 5), 2, 1, 2),
    "7×7 kernels": ("fft", (4, 64, 56, 57), (64, 64, 7, 7), 3, 1, 1),
    "11×11 kernels, few channels": ("fft", (8, 16, 40, 41), (16, 16, 11, 11), 0, 1, 1),
}


@pytest.mark.parametrize("case", CHOSEN)
def test_many_channels_and_large_maps_take_it_and_stay_close(case):
    algorithm, x_shape, weight_shape, padding, stride, groups = CHOSEN[case]
    settings = {"padding": padding, "stride": stride, "groups": groups}
    rng = np.random.default_rng(1)
    x, weight, bias = arrays(rng, "float32", x_shape, weight_shape, weight_shape[0])
    with blas_that(takes_small=True):
        y, cache = F.conv2d(x, weight, bias, **settings)
    assert cache.algorithm == algorithm
    dy = rng.standard_normal(y.shape, np.float32)
    exact = both_passes(*(array.astype(float) for array in (x, weight, bias, dy)), **settings)
    for mine, right in zip((y, *F.conv2d_backward(dy, cache)), exact, strict=True):
        assert np.abs(mine - right).max() < FAR[algorithm, "float32"] * np.abs(right).max()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"dtype": float}, "a gradient check needs float64 as exact as it is"),
        ({"whole": True}, "whole numbers stay exact"),
        ({"stride": 3}, "its matrices are those of strides 1 and 2"),
        ({"dilation": 2}, "the pixels of a tile lie side by side"),
        ({"padding": 3}, "the input gradient would be padded by less than nothing"),
        ({"kernel": 1}, "there is nothing to spare"),
        ({"kernel": 7, "stride": 2}, "waves go on at stride 1 only"),
        ({"channels": 8}, "the transforms would cost more than they save"),
        ({"size": 5}, "a tile of 4×4 would hang over"),
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


def test_a_layer_at_stride_2_takes_it_unless_blas_rearranges_all_factors():
    """Then rows of windows are as quick to multiply as whole blocks, and take less copying."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((16, 64, 56, 56), np.float32)
    weight = rng.standard_normal((128, 64, 3, 3), np.float32)
    taken = []
    for takes_small in (True, False):
        with blas_that(takes_small):
            taken.append(F.conv2d(x, weight, padding=1, stride=2)[1].algorithm)
    assert taken == ["winograd", "im2col"]


@pytest.mark.parametrize("takes_small", [True, False])
def test_the_appendix_asks_for_the_layer_that_takes_it(takes_small):
    window = Window((56, 56), (56, 56), (3, 3), (1, 1), ((1, 1), (1, 1)), (1, 1))
    wide = window._replace(kernel_size=(7, 7), padding=((3, 3), (3, 3)))
    point = window._replace(kernel_size=(1, 1), padding=((0, 0), (0, 0)))
    rng = np.random.default_rng(0)
    with blas_that(takes_small):
        taken = [
            algorithms.choose(
                "auto",
                np.empty((16, channels, 56, 56), np.float32),
                rng.standard_normal((kernels, channels, *layer.kernel_size), np.float32),
                layer,
                groups=1,
            )
            for layer, channels, kernels in (
                *((point, 256, 256), (wide, 256, 256), (window, 256, 256)),
                (window, 1, 8),
            )
        ]
    question = find("94-which-layer", ChoiceQuestion)
    assert [letter in question.right for letter in question.choices] == [
        algorithm == "winograd" for algorithm in taken
    ]


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
            "algorithm must be one of 'auto', 'im2col', 'winograd', 'fft', 'direct', not 'fast'",
        ),
        (
            {"algorithm": "winograd", "stride": 3},
            "'winograd' needs square kernels of 2 to 5 pixels at stride 1 or 2",
        ),
        (
            {"algorithm": "winograd", "padding": 3},
            r"not 3 kernels of 3×3 for 2 channels in 1 group at stride \(1, 1\)",
        ),
        (
            {"algorithm": "fft", "stride": 2},
            "'fft' needs square kernels of 2 to 63 pixels at stride 1 and dilation 1",
        ),
    ],
)
def test_errors_say_what_it_takes(settings, words):
    with pytest.raises(ValueError, match=f"^conv2d: .*{words}"):
        F.conv2d(np.ones((1, 2, 8, 8)), np.ones((3, 2, 3, 3)), **settings)


@pytest.mark.parametrize("algorithm", ["im2col", "winograd", "fft"])
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
    pixels, kernel, sums = winograd.forward_axis(k=3, stride=1, out=4)
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
    assert_array_equal(pixels, published_pixels)
    assert_allclose(kernel, published_kernel / 24, rtol=1e-15)
    assert_array_equal(sums.T, published_sums)


def found(find, k, stride, size):
    """Transforms for a layer without padding, by the side of a tile of outputs."""
    window = Window((size, size), (size, size), (k, k), (stride, stride), ((0, 0), (0, 0)), (1, 1))
    return {some.sums.side: some for some in find(window, False, np.dtype(float))}


def test_docstrings_count_right():
    """A tile: 144 multiplications become 36, 100 do, and 4900 become 382."""
    for k, out in ((3, 4), (5, 2)):
        tile = found(winograd.transforms, k, 1, 56)[out]
        assert f"{out}·{out}·{k * k} = {(out * k) ** 2}" in winograd.__doc__
        assert tile.numbers == 36
    assert "that product takes 36." in winograd.__doc__
    assert f"makes {found(winograd.transforms, 3, 2, 56)[4].numbers} in place" in winograd.__doc__
    tile = found(fft.transforms, 7, 1, 56)[10]
    assert f"10·10·49 = {10 * 10 * 49}" in fft.__doc__
    assert f"126·3 + 4 = {tile.numbers} multiplications" in fft.__doc__
    assert tile.pixels.side == 16


def test_layers_take_the_cheapest_tiles():
    """14 outputs of 5×5 kernels fit a tile of 18 pixels, and two such tiles cover 28."""
    window = Window((28, 28), (28, 28), (5, 5), (1, 1), ((2, 2), (2, 2)), (1, 1))
    layer = Layer(32, 48, 64, 1, window)
    taken = tiled.cheapest(fft.transforms, layer, np.dtype(np.float32))
    assert taken.pixels.side == 18
    everywhere = fft.transforms(window, False, np.dtype(np.float32))
    assert taken == min(everywhere, key=lambda some: some.cost(layer))


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("algorithm", ["winograd", "fft"])
def test_settings_that_fit_are_those_that_can_be_asked_for(algorithm, stride):
    """Forced, an algorithm computes or says why it cannot; nothing in between."""
    for k in range(1, 8):
        x, weight = np.ones((1, 2, 9, 9)), np.ones((2, 2, k, k))
        limits = {"winograd": 2 <= k <= 5, "fft": k >= 2 and stride == 1}
        if limits[algorithm]:
            y, cache = F.conv2d(x, weight, stride=stride, algorithm=algorithm)
            assert cache.algorithm == algorithm
            assert_allclose(y, 2 * k**2)
        else:
            with pytest.raises(ValueError, match="needs square kernels"):
                F.conv2d(x, weight, stride=stride, algorithm=algorithm)
