"""What follows from settings is worked out once, and never for settings that only look the same."""

import numpy as np
import pytest

from cnnlab.scratch import functional as F
from cnnlab.scratch.functional.memoize import memoized
from cnnlab.scratch.functional.pooling_windows import count_pixels, lay_windows


@pytest.mark.parametrize(
    ("first", "second", "calls"),
    [
        ((28, 3), (28, 3), 1),
        ((28, (3, "same", None)), (28, (3, "same", None)), 1),
        ((1, 1), (True, 1), 2),  # equal, but of another kind
        ((1, 1), (1.0, 1), 2),
        ((28, (1, 1)), (28, (True, 1)), 2),
        ((28, (1, 1)), (28, (1.0, 1)), 2),
        ((28, [3, 3]), (28, [3, 3]), 2),  # lists can change
    ],
)
def test_only_plain_arguments_are_remembered(first, second, calls):
    seen = []

    @memoized
    def function(*arguments):
        seen.append(arguments)
        return len(seen)

    function(*first)
    function(*second)
    assert len(seen) == calls


def test_errors_are_raised_each_time():
    @memoized
    def function(number):
        raise ValueError(number)

    for _ in range(2):
        with pytest.raises(ValueError, match="3"):
            function(3)


@pytest.mark.parametrize("stride", [1.0, True, (1.0, 1), (1, True)])
@pytest.mark.parametrize(
    "slide",
    [
        lambda x, stride: F.conv2d(x, np.ones((1, 1, 2, 2)), stride=stride),
        lambda x, stride: F.conv_transpose2d(x, np.ones((1, 1, 2, 2)), stride=stride),
        lambda x, stride: F.max_pool(x, 2, stride),
        lambda x, stride: F.avg_pool(x, 2, stride),
    ],
    ids=["conv2d", "conv_transpose2d", "max_pool", "avg_pool"],
)
def test_a_stride_that_is_no_whole_number_is_refused_after_one_that_is(slide, stride):
    x = np.ones((1, 1, 5, 5))
    slide(x, 1)
    slide(x, (1, 1))
    with pytest.raises(TypeError, match="stride"):
        slide(x, stride)


def test_an_array_that_all_calls_share_is_not_for_writing():
    windows = lay_windows("avg_pool", np.ones((1, 1, 4, 4)), 2)
    counts = count_pixels(windows, True)
    assert count_pixels(windows, True) is counts
    with pytest.raises(ValueError, match="read-only"):
        counts[...] = 7
