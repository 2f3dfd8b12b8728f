"""How a convolution is cut up, and the memory it works in, change its speed and nothing else."""

from concurrent.futures import ThreadPoolExecutor
from typing import get_args
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from cnnlab.scratch import functional as F
from cnnlab.scratch.functional import blocks, workspace
from cnnlab.scratch.functional.blocks import Shape
from cnnlab.scratch.functional.windows import Window
from tests.test_scratch_convolution import traced_peak


@st.composite
def layers(draw):
    """Arrays of small whole numbers, so that every order of adding gives the same, and settings."""
    groups, (kh, kw) = (
        draw(st.integers(1, 2)),
        draw(st.tuples(st.integers(2, 4), st.integers(1, 4))),
    )
    channels, kernels = (groups * draw(st.integers(1, 20)) for _ in "CK")
    size = draw(st.tuples(st.integers(kh, 12), st.integers(2 * kw, 12)))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    x = rng.integers(-3, 4, (draw(st.integers(0, 40)), channels, *size)).astype(float)
    weight = rng.integers(-3, 4, (kernels, channels // groups, kh, kw)).astype(float)
    settings = {
        "stride": draw(st.tuples(st.integers(1, 2), st.integers(1, 2))),
        "padding": draw(st.integers(0, 2)),
        "dilation": (1, draw(st.integers(1, 2))),
        "groups": groups,
    }
    return x, weight, rng.integers(-3, 4, kernels).astype(float), settings


def both_passes(x, weight, bias, settings):
    y, cache = F.conv2d(x, weight, bias, **settings)
    dy = np.resize([1.0, -2.0, 3.0, 0.0, -1.0], y.shape)
    return y, *F.conv2d_backward(dy, cache)


@given(layers())
def test_every_way_to_split_gives_the_same(layer):
    answers = []
    for split in get_args(blocks.Split):
        with mock.patch.object(Shape, "split", lambda *_, split=split: split):
            answers.append(both_passes(*layer))
    for first, *others in zip(*answers, strict=True):
        for other in others:
            assert_array_equal(first, other)


def window_of(size, kernel_size, padding, dilation=1):
    out = size + 2 * padding - dilation * (kernel_size - 1)
    pairs = ((kernel_size,) * 2, (1, 1), ((padding,) * 2,) * 2, (dilation,) * 2)
    return Window((size, size), (out, out), *pairs)


@pytest.mark.parametrize(
    ("images", "kernels", "taps", "window", "split"),
    [
        (64, 6, 25, window_of(32, 5, 0), "images"),  # LeNet-5's first layer
        (64, 10, 9, window_of(28, 3, 0), "images"),
        (64, 16, 150, window_of(14, 5, 0), "rows"),  # LeNet-5's second layer
        (64, 16, 150, window_of(14, 5, 0, 2), "blocks"),  # its rows do not follow one another
        (64, 16, 6, window_of(14, 1, 0), "blocks"),  # nothing to spare
        (64, 1, 25, window_of(32, 5, 0), "blocks"),  # a product with a single kernel is none
        (64, 256, 2304, window_of(14, 3, 1), "blocks"),  # BLAS would rearrange it for every row
        (2, 16, 150, window_of(14, 5, 0), "blocks"),  # too few columns to keep a product busy
        (4, 64, 576, window_of(56, 3, 1), "blocks"),  # the layer of the appendix
        (4, 64, 27, window_of(224, 3, 1), "rows"),  # VGG's first layer, too large for a block
    ],
)
def test_layers_are_split_where_it_pays(images, kernels, taps, window, split):
    assert Shape(1, kernels, taps).split(window, images) == split


@pytest.mark.parametrize("algorithm", ["im2col", "winograd"])
def test_results_are_not_in_the_memory_that_is_used_again(algorithm):
    rng = np.random.default_rng(0)
    x, other = rng.standard_normal((2, 4, 16, 20, 20))
    weight = rng.standard_normal((16, 16, 3, 3))
    first = both_passes(x, weight, None, {"algorithm": algorithm})[:3]
    copies = [array.copy() for array in first]
    second = both_passes(other, weight, None, {"algorithm": algorithm})[:3]
    for array, copy, later in zip(first, copies, second, strict=True):
        assert_array_equal(array, copy)
        assert not np.shares_memory(array, later)


def test_threads_do_not_meet_in_it():
    """Layers of several shapes at once, each result that of the same layer alone."""
    rng = np.random.default_rng(0)
    jobs = []
    for size, algorithm in ((9, "im2col"), (20, "winograd"), (14, "im2col"), (33, "winograd")):
        x = rng.standard_normal((6, 8, size, size))
        jobs.append((x, rng.standard_normal((8, 8, 3, 3)), None, {"algorithm": algorithm}))
    alone = [both_passes(*job)[:3] for job in jobs]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda job: both_passes(*job)[:3], 20 * jobs))
    for ours, right in zip(together, 20 * alone, strict=True):
        for mine, theirs in zip(ours, right, strict=True):
            assert_array_equal(mine, theirs)


def test_a_second_call_needs_no_new_memory_but_for_its_results():
    rng = np.random.default_rng(0)
    x, weight = rng.standard_normal((8, 32, 28, 28)), rng.standard_normal((32, 32, 3, 3))
    call = lambda: F.conv2d(x, weight, algorithm="winograd")[0]  # noqa: E731
    results = call().nbytes
    assert results <= traced_peak(call) < 1.1 * results


def test_memory_beyond_the_bound_is_given_back():
    with mock.patch.object(workspace, "KEPT", 1000):
        large = workspace.workspace("test", (126,), float)
        assert not np.shares_memory(large, workspace.workspace("test", (126,), float))
        assert np.shares_memory(
            workspace.workspace("test", (125,), float), workspace.workspace("test", (1,), float)
        )


@given(st.integers(0, 70), st.integers(1, 30), st.sampled_from(get_args(blocks.Split)))
def test_blocks_of_images_cover_the_batch(images, size, split):
    window = Window((size, size), (size, size), (3, 3), (1, 1), ((1, 1), (1, 1)), (1, 1))
    cut = blocks.image_blocks((images, 4), window, Shape(1, 8, 36), split)
    assert [i for block in cut for i in range(images)[block]] == list(range(images))
