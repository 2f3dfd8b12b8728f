"""Sharing a batch among threads changes how long it takes, and nothing else."""

import warnings

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from cnnlab.scratch import functional as F
from cnnlab.scratch.functional.blocks import FLOATS, share_images

LARGE = (31, 4, 50, 51)


def with_threads(threads, function):
    with threadpool_limits(threads, user_api="blas"):
        return function()


def passes(x, forward, backward, **settings):
    y, cache = forward(x, **settings)
    dy = np.random.default_rng(1).standard_normal(y.shape, np.float32)
    return y, backward(dy, cache)


@pytest.mark.parametrize(
    ("forward", "backward", "settings"),
    [
        (F.relu, F.relu_backward, {}),
        (F.max_pool, F.max_pool_backward, {"kernel_size": 2}),
        (F.max_pool, F.max_pool_backward, {"kernel_size": 3, "stride": 2, "padding": 1}),
        (F.max_pool, F.max_pool_backward, {"kernel_size": 2, "ties": "share"}),
    ],
)
def test_two_threads_compute_what_one_does(forward, backward, settings):
    x = np.random.default_rng(0).integers(-3, 4, LARGE).astype(np.float32)
    x[::7, :, ::5, ::3] = np.nan
    assert x.size > FLOATS
    one, two = (with_threads(n, lambda: passes(x, forward, backward, **settings)) for n in (1, 2))
    for mine, theirs in zip(two, one, strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("shape", [(), (1,), (1, FLOATS), (FLOATS,), (0, 3), LARGE])
def test_every_image_is_met_once(shape):
    met = np.zeros(shape, int)

    def work(part):
        met[part] += 1

    with_threads(2, lambda: share_images(work, met))
    assert (met == 1).all()


def test_a_thread_warns_of_what_its_caller_wants_to_hear():
    y, dy = np.zeros(LARGE, np.float32), np.full(LARGE, np.inf, np.float32)
    cache = F.relu(y)[1]
    with pytest.raises(FloatingPointError), np.errstate(invalid="raise"):
        with_threads(2, lambda: F.relu_backward(dy, cache))
    with warnings.catch_warnings(), np.errstate(invalid="ignore"):
        warnings.simplefilter("error")
        assert np.isnan(with_threads(2, lambda: F.relu_backward(dy, cache))).all()
