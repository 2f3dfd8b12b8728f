"""Channels move to the end of memory and back, whatever order they are copied in."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from cnnlab.scratch.functional.transposing import (
    LINE,
    PLACES,
    apart,
    channels_first,
    channels_last,
    together,
)


@pytest.mark.parametrize(
    "shape",
    [
        (2, 5, 6, 7),  # at once
        (2, 20, 32, 32),  # maps of a page, the last few channels fewer than eight
        (1, 256, 5, 6),  # pixels of a quarter of a page
        (3, 600, 3, 2),  # more channels than there are lines
        (5, 200, 3, 2),  # the last image alone
        (0, 3, 4, 4),
        (2, 3, 0, 4),
    ],
)
def test_there_and_back(shape):
    x = np.random.default_rng(0).standard_normal(shape, np.float32)
    last = channels_last(x, np.empty((len(x), *shape[2:], shape[1]), np.float32))
    assert_array_equal(last, np.moveaxis(x, 1, 3))
    assert_array_equal(channels_first(last, np.empty_like(x)), x)


def test_numbers_together_find_a_place_each():
    """Counted: no place is asked for more often than it has room."""
    for stride in (64, 256, 1024, 3136, 4096, 12544, 50176):
        lines = np.arange(together(stride)) * stride // LINE
        _, counts = np.unique(np.unique(lines) % 64, return_counts=True)
        assert counts.max() <= PLACES


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("channels", [1, 15, 16, 17, 64, 960, 1024])
def test_pixels_lie_apart_so_that_all_places_are_used(dtype, channels):
    stride = apart(channels, dtype)
    assert channels <= stride <= channels + 2 * LINE // np.dtype(dtype).itemsize
    assert together(stride * np.dtype(dtype).itemsize) == PLACES * 64
