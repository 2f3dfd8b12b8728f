"""How a convolution is cut up, and the memory it works in, change its speed and nothing else."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import product
from typing import get_args
from unittest import mock

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from cnnlab.scratch import functional as F
from cnnlab.scratch.functional import (
    adding_back,
    algorithms,
    blas,
    blocks,
    products,
    threads,
    tile_passes,
    windows,
    workspace,
)
from cnnlab.scratch.functional.blocks import Shape
from cnnlab.scratch.functional.windows import Window
from tests.test_scratch_convolution import traced_peak


@contextmanager
def blas_that(takes_small):
    """Take BLAS for one that multiplies small factors as they are, or that rearranges any."""
    with (
        mock.patch.object(blas, "takes_small", return_value=takes_small),
        mock.patch.object(tile_passes, "takes_small", return_value=takes_small),
    ):
        algorithms._cheapest.cache_clear()
        yield
    algorithms._cheapest.cache_clear()


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
    for split, long in product(get_args(blocks.Split), (1, 100)):
        with (
            mock.patch.object(Shape, "split", lambda *_, split=split: split),
            mock.patch.object(windows, "LONG", long),
        ):
            answers.append(both_passes(*layer))
    for first, *others in zip(*answers, strict=True):
        for other in others:
            assert_array_equal(first, other)


@given(
    st.tuples(*(st.integers(1, 40) for _ in "MKN"), st.integers(1, 3)),
    st.tuples(st.booleans(), st.booleans(), st.booleans()),
)
@example((5, 20, 5, 1), (False, False, False))  # one column, one row is left over
@example((5, 60, 2, 1), (False, False, False))
def test_products_in_pieces_are_the_product(shape, turned):
    """Factors and result may be turned or part of a larger array, of which the rest stays."""
    rows, inner, columns, groups = shape
    rng = np.random.default_rng(0)
    left = whole_numbers(rng, (groups, rows, inner), turned[0])
    right = whole_numbers(rng, (groups, inner, columns), turned[1])
    memory = whole_numbers(rng, (groups, rows, columns + 5), turned[2])
    kept, out = memory.copy(), memory[..., 2 : columns + 2]
    expected = np.einsum("gmk,gkn->gmn", left, right)
    with (
        blas_that(takes_small=True),
        mock.patch.multiple(blas, PRODUCT=500, COLUMNS=3, ROWS=2, LANES=4),
    ):
        assert blas.product(left, right, out) is out
    assert_array_equal(out, expected)
    assert_array_equal(memory[..., :2], kept[..., :2])
    assert_array_equal(memory[..., columns + 2 :], kept[..., columns + 2 :])


def whole_numbers(rng, shape, turned):
    numbers = rng.integers(-3, 4, shape).astype(float)
    return np.ascontiguousarray(numbers.mT).mT if turned else numbers


@pytest.mark.parametrize(
    ("takes_small", "shapes", "calls"),
    [
        (True, ((16, 64), (64, 3072)), [768] * 4),  # columns: as even as they can be
        (
            True,
            ((16, 64), (64, 3000)),
            [752] * 3 + [744],
        ),  # a multiple of what is multiplied at once
        (True, ((64, 576), (576, 800)), [800]),  # so few columns at a time would not pay
        (True, ((32, 288), (288, 3072)), [96] * 32),
        (False, ((32, 288), (288, 3072)), [3072]),  # factors would be rearranged for every piece
    ],
)
def test_products_are_cut_where_it_pays(takes_small, shapes, calls):
    left, right = (np.ones(shape, np.float32) for shape in shapes)
    seen = []

    def matmul(left, right, out):
        seen.extend([right.shape[-1]] * (right.shape[0] if right.ndim == 3 else 1))
        return out

    with blas_that(takes_small), mock.patch.object(blas.np, "matmul", matmul):
        blas.product(left, right, np.empty((len(left), right.shape[1]), np.float32))
    assert seen == calls


def window_of(size, kernel_size, padding, dilation=1, stride=1):
    out = (size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1
    pairs = ((kernel_size,) * 2, (stride,) * 2, ((padding,) * 2,) * 2, (dilation,) * 2)
    return Window((size, size), (out, out), *pairs)


@pytest.mark.parametrize(
    ("images", "kernels", "taps", "window", "split"),
    [
        (64, 6, 25, window_of(32, 5, 0), "rows"),  # LeNet-5's first layer
        (1, 6, 25, window_of(32, 5, 0), "images"),  # too few columns to keep a product busy
        (64, 10, 9, window_of(28, 3, 0), "images"),
        (64, 16, 150, window_of(14, 5, 0), "rows"),  # LeNet-5's second layer
        (64, 16, 150, window_of(14, 5, 0, 2), "blocks"),  # its rows do not follow one another
        (64, 16, 6, window_of(14, 1, 0), "images"),  # nothing to copy
        (64, 16, 6, window_of(14, 1, 1), "images"),  # its padding is copied, but read once
        (4, 64, 288, window_of(16, 3, 1, stride=2), "images"),  # a pixel is read about twice
        (4, 512, 4608, window_of(16, 3, 1, stride=2), "blocks"),  # too many weights
        (1, 16, 144, window_of(32, 3, 1), "rows"),
        (64, 2048, 512, window_of(7, 1, 0), "blocks"),  # too many weights for so few pixels
        (64, 960, 40, window_of(1, 1, 0), "blocks"),  # an image is one pixel
        (64, 1, 25, window_of(32, 5, 0), "blocks"),  # a product with a single kernel is none
        (64, 256, 2304, window_of(14, 3, 1), "blocks"),  # BLAS would rearrange it for every row
        (2, 16, 150, window_of(14, 5, 0), "blocks"),  # too few columns to keep a product busy
        (4, 64, 576, window_of(56, 3, 1), "blocks"),  # the layer of the appendix
        (4, 64, 27, window_of(224, 3, 1), "rows"),  # VGG's first layer, too large for a block
    ],
)
def test_layers_are_split_where_it_pays(images, kernels, taps, window, split):
    with blas_that(takes_small=True):
        assert Shape(1, kernels, taps).split(window, images) == split


@pytest.mark.parametrize(
    ("layer", "split"),
    [
        ((64, 256, 2304, window_of(14, 3, 1)), "rows"),  # rearranged anyway
        ((4, 64, 576, window_of(56, 3, 1)), "rows"),
        ((4, 64, 288, window_of(16, 3, 1, stride=2)), "rows"),
        ((64, 2048, 512, window_of(7, 1, 0)), "blocks"),
        ((64, 1, 25, window_of(32, 5, 0)), "blocks"),
    ],
)
def test_more_layers_are_split_into_rows_where_blas_rearranges_all_factors(layer, split):
    images, kernels, taps, window = layer
    with blas_that(takes_small=False):
        assert Shape(1, kernels, taps).split(window, images) == split


@pytest.mark.parametrize(
    ("libraries", "takes_small"),
    [
        (["SkylakeX"], True),
        (["Haswell"], False),
        ([], False),  # not OpenBLAS
    ],
)
def test_the_kind_of_blas_is_known_by_its_kernels(libraries, takes_small):
    found = mock.Mock(lib_controllers=[mock.Mock(architecture=name) for name in libraries])
    with mock.patch.object(blas, "numpy_blas", return_value=found):
        assert blas.takes_small.__wrapped__() == takes_small


def shared(call):
    """How many threads took part in each pass."""
    seen = []

    def share_out(work, blocks, shares):
        seen.append(shares)
        return [work(blocks)]

    with (
        mock.patch.object(threads, "threads", return_value=2),
        mock.patch.object(products, "share_out", share_out),
        mock.patch.object(adding_back, "share_out", share_out),
    ):
        call()
    return seen


@pytest.mark.parametrize(
    ("images", "channels", "size", "kernels", "kernel_size", "forward", "backward"),
    [
        (64, 1, 28, 4, 3, 1, [1, 1]),  # done before another thread is awake
        (64, 6, 14, 16, 5, 2, [2, 2]),
        (256, 1, 32, 6, 5, 2, [2, 2]),
        (16, 3, 227, 96, 11, 2, [2, 2]),
    ],
)
def test_passes_are_shared_where_threads_gain_time(
    images, channels, size, kernels, kernel_size, forward, backward
):
    x = np.zeros((images, channels, size, size), np.float32)
    weight = np.zeros((kernels, channels, kernel_size, kernel_size), np.float32)
    stride = 4 if kernel_size == 11 else 1
    y, cache = F.conv2d(x, weight, stride=stride, algorithm="im2col")
    convolve = lambda: F.conv2d(x, weight, stride=stride, algorithm="im2col")  # noqa: E731
    assert shared(convolve) == [forward]
    assert shared(lambda: F.conv2d_backward(y, cache)) == backward


def test_threads_give_what_one_gives():
    """Whole numbers, so that every order of adding gives the same."""
    rng = np.random.default_rng(0)
    jobs = []
    for groups, algorithm in ((1, "im2col"), (32, "direct"), (1, "winograd"), (1, "fft")):
        x, weight = (
            rng.integers(-3, 4, shape).astype(float)
            for shape in ((8, 32, 20, 20), (32, 32 // groups, 3, 3))
        )
        jobs.append((x, weight, None, {"groups": groups, "algorithm": algorithm}))
    alone = [both_passes(*job)[:3] for job in jobs]
    with (
        mock.patch.object(threads, "threads", return_value=3),
        mock.patch.object(threads, "THREAD", 1),
    ):
        together = [both_passes(*job)[:3] for job in jobs]
    for ours, right in zip(together, alone, strict=True):
        for mine, theirs in zip(ours, right, strict=True):
            assert_allclose(mine, theirs, atol=1e-9)


@pytest.mark.parametrize("algorithm", ["im2col", "winograd", "fft"])
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
    for size, algorithm in ((9, "im2col"), (20, "winograd"), (14, "fft"), (33, "winograd")):
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


def test_strided_windows_of_small_maps_are_read_image_by_image():
    """Interleaved images would be read with gaps, a few floats at a time."""
    plain = window_of(14, 3, 1)
    strided = plain._replace(size=(28, 28), stride=(2, 2))
    counts = [
        len(blocks.image_blocks((8, 128, 28, 28), window, Shape(1, 256, 1152)))
        for window in (plain, strided)
    ]
    assert counts == [1, 8]


def test_large_depthwise_kernels_are_read_into_the_cache():
    window, padded = window_of(14, 5, 2), np.empty((672, 18, 18, 1), np.float32)
    rows = list(blocks.row_blocks(window, padded, Shape(672, 1, 25)))
    assert [i for block in rows for i in range(14)[block]] == list(range(14))
    assert max(block.stop - block.start for block in rows) * 14 * 672 * 25 <= blocks.LOWERED


def test_gradients_of_parts_of_a_batch_add_up_to_that_of_the_batch():
    """Of the weights: taken as its transpose where the batch has enough pixels, as it is where not."""
    rng = np.random.default_rng(0)
    x = rng.integers(-3, 4, (30, 20, 9, 9)).astype(float)
    weight = rng.integers(-3, 4, (7, 20, 3, 3)).astype(float)
    dy = rng.integers(-3, 4, (30, 7, 7, 7)).astype(float)

    def gradient(images):
        return F.conv2d_backward(dy[images], F.conv2d(x[images], weight)[1])[1]

    parts = [gradient(slice(i, i + 10)) for i in range(0, 30, 10)]
    assert 10 * 7 * 7 < blocks.COLUMNS < 30 * 7 * 7
    assert_array_equal(gradient(slice(None)), sum(parts))
