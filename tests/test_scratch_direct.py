"""Depthwise convolution taken directly computes what the others do, and is taken where it pays."""

from unittest import mock

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from cnnlab.scratch import functional as F
from cnnlab.scratch.functional import channel_runs, direct, pixel_runs
from cnnlab.scratch.functional.windows import Window
from tests.test_scratch_convolution import arrays, torch_gradients
from tests.test_scratch_tiled import both_passes


@st.composite
def depthwise(draw):
    """Shapes that it takes: (x shape, weight shape, settings)."""
    channels = draw(st.integers(1, 9))
    kernel = draw(st.tuples(st.integers(1, 5), st.integers(1, 5)))
    stepping = draw(st.sampled_from(["stride", "dilation"]))
    settings = {
        stepping: draw(st.tuples(st.integers(1, 4), st.integers(1, 3))),
        "padding": draw(st.tuples(st.integers(0, 6), st.integers(0, 3))),
        "groups": channels,
    }
    dilation = settings.get("dilation", (1, 1))
    size = [draw(st.integers((k - 1) * d + 1, 18)) for k, d in zip(kernel, dilation, strict=True)]
    return (draw(st.integers(1, 9)), channels, *size), (channels, 1, *kernel), settings


FAR = {"float64": 1e-13, "float32": 2e-6}  # times the size that a sum of random numbers may have


@pytest.mark.parametrize("dtype", FAR)
@given(
    layer=depthwise(),
    seed=st.integers(0, 999),
    sizes=st.sampled_from([(10**6, 10**6), (6, 10**6), (6, 40), (1, 1)]),
    pixels=st.booleans(),
)
def test_both_passes_equal_pytorch(dtype, layer, seed, sizes, pixels):
    """In runs of either kind and any length; padded by more than the kernel, too."""
    x_shape, weight_shape, settings = layer
    rng = np.random.default_rng(seed)
    x, weight, bias = arrays(rng, "float64", x_shape, weight_shape, weight_shape[0])
    y, dy, gradients = torch_gradients(
        lambda *tensors: torch.nn.functional.conv2d(*tensors, **settings),
        rng.standard_normal,
        *(x, weight, bias),
    )
    inputs = [array.astype(dtype) for array in (x, weight, bias, dy)]
    run, cached = sizes
    with (
        mock.patch.multiple(channel_runs, SHORT=run, LONG=run, CACHE=cached),
        mock.patch.multiple(pixel_runs, RUN=run if pixels else 10**9, CACHE=cached),
        mock.patch.object(direct, "SMALL", 0),
    ):
        ours = both_passes(*inputs, **settings, algorithm="direct")
    size = np.sqrt(dy.size + weight[0].size)
    for mine, theirs in zip(ours, (y, *gradients), strict=True):
        assert mine.dtype == dtype
        assert mine.flags.c_contiguous
        assert np.abs(mine - theirs).max() <= FAR[dtype] * size


def test_whole_numbers_stay_exact():
    rng = np.random.default_rng(0)
    x = rng.integers(-9, 10, (8, 96, 14, 14)).astype(np.float32)
    weight = rng.integers(-9, 10, (96, 1, 5, 5)).astype(np.float32)
    dy = rng.integers(-9, 10, (8, 96, 10, 10)).astype(np.float32)
    answers = [
        both_passes(x, weight, None, dy, groups=96, algorithm=algorithm)[:3]
        for algorithm in ("direct", "im2col")
    ]
    for ours, theirs in zip(*answers, strict=True):
        assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    ("images", "size", "kernel_size", "settings", "pixels"),
    [
        (1, 56, 3, {}, True),
        (8, 19, 3, {}, True),
        (4, 19, 3, {}, False),  # too short
        (1, 51, 3, {}, False),  # too short without the rows that only the last tap reads
        (64, 7, 5, {}, False),  # mostly padding
        (64, 14, 3, {}, False),  # so small that runs of channels are long
        (64, 15, 3, {}, True),
        (4, 56, 3, {"stride": 2}, True),  # every second row and column by itself
        (3, 56, 3, {"stride": 2}, False),
        (64, 56, 3, {"stride": 4}, False),  # most pixels are not read
        (1, 60, 3, {"padding": -1}, False),  # as the input gradient of a wide padding is
    ],
)
def test_runs_are_of_pixels_where_these_are_many(images, size, kernel_size, settings, pixels):
    stride, padding = settings.get("stride", 1), settings.get("padding", kernel_size // 2)
    out = (size + 2 * padding - kernel_size) // stride + 1
    sizes = (size, size), (out, out), (kernel_size,) * 2, (stride,) * 2
    window = Window(*sizes, ((padding,) * 2,) * 2, (1, 1))
    assert direct.runs_of_pixels(images, window) == pixels


@pytest.mark.parametrize(
    ("change", "algorithm"),
    [
        ({}, "direct"),
        ({"stride": 2}, "direct"),
        ({"kernel": (5, 5), "size": 40}, "direct"),
        ({"size": 40}, "direct"),
        ({"size": 40, "stride": 2}, "im2col"),  # rows so long that they are copied in no time
        ({"images": 1, "channels": 40}, "im2col"),  # runs too short
        ({"images": 1, "channels": 80, "kernel": (3, 3)}, "im2col"),
        ({"images": 1, "channels": 80, "kernel": (5, 5)}, "direct"),  # with more taps long enough
        ({"kernel": (1, 7)}, "im2col"),  # hardly any copies to spare
        ({"channels": 96, "kernels": 192}, "im2col"),  # two kernels for each channel
        ({"stride": 2, "dilation": 2}, "im2col"),
        ({"images": 0}, "im2col"),
    ],
)
def test_depthwise_layers_take_it_where_it_pays(change, algorithm):
    asked = {"images": 4, "channels": 96, "size": 28, "kernel": (3, 3)} | change
    channels, size = asked["channels"], asked["size"]
    x = np.ones((asked["images"], channels, size, size), np.float32)
    weight = np.ones((asked.get("kernels", channels), 1, *asked["kernel"]), np.float32)
    settings = {key: change[key] for key in ("stride", "dilation") if key in change}
    assert F.conv2d(x, weight, groups=channels, **settings)[1].algorithm == algorithm


@pytest.mark.parametrize(
    ("kernels", "groups", "settings", "words"),
    [
        (4, 1, {}, r"not 4 kernels of 3×3 for 4 channels in 1 group at"),
        (8, 4, {}, r"not 8 kernels of 3×3 for 4 channels in 4 groups"),
        (4, 4, {"stride": 2, "dilation": 2}, r"at stride \(2, 2\), dilation \(2, 2\)"),
    ],
)
def test_errors_say_what_it_takes(kernels, groups, settings, words):
    x, weight = np.ones((1, 4, 9, 9)), np.ones((kernels, 4 // groups, 3, 3))
    with pytest.raises(ValueError, match=f"^conv2d: algorithm 'direct' needs .*{words}"):
        F.conv2d(x, weight, groups=groups, algorithm="direct", **settings)
