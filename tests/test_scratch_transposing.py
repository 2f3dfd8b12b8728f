"""Channels move to the end of memory and back, whatever order they are copied in."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from cnnlab.scratch.functional.transposing import PAGE, channels_first, channels_last


@pytest.mark.parametrize(
    "shape",
    [
        (2, 5, 6, 7),  # at once
        (2, 20, 32, 32),  # maps of a page, the last few channels fewer than eight
        (1, 256, 5, 6),  # pixels of a quarter of a page
        (0, 3, 4, 4),
    ],
)
def test_there_and_back(shape):
    x = np.random.default_rng(0).standard_normal(shape, np.float32)
    last = channels_last(x, np.empty((len(x), *shape[2:], shape[1]), np.float32))
    assert_array_equal(last, np.moveaxis(x, 1, 3))
    assert_array_equal(channels_first(last, np.empty_like(x)), x)


def test_some_of_these_shapes_are_copied_in_pieces():
    assert np.empty((2, 20, 32, 32), np.float32).strides[1] % PAGE == 0
    assert np.empty((1, 5, 6, 256), np.float32).strides[2] % (PAGE // 4) == 0
