"""A right answer whose code lets a library do the work: it passes, and a remark says so."""

import functools

import numpy as np
import pytest
import torch
from numpy.lib.stride_tricks import sliding_window_view
from scipy import signal
from torch.nn import functional as F

from cnnlab import check
from cnnlab.check.core.borrowed import borrowed
from cnnlab.scratch import functional
from cnnlab.scratch.functional import conv2d


def by_hand(image, kernel):
    return np.einsum("ijuv,uv->ij", sliding_window_view(image, kernel.shape), kernel)


def by_helper(image, kernel):
    return by_hand(image, kernel)


def by_scipy(image, kernel):
    return signal.correlate2d(image, kernel, mode="valid")


def by_way_of_scipy(image, kernel):
    return by_scipy(image, kernel)


def itself(n):
    return itself(n - 1) if n else 0


@pytest.mark.parametrize(
    ("function", "library"),
    [
        (by_scipy, "scipy.signal.correlate2d"),
        (by_way_of_scipy, "scipy.signal.correlate2d"),
        (functools.partial(by_scipy), "scipy.signal.correlate2d"),
        (lambda x, w: conv2d(x, w), "cnnlab.scratch.functional"),
        (lambda x: [functional.relu(a)[0] for a in x], "cnnlab.scratch.functional.relu"),
        (lambda x: torch.nn.functional.relu(x), "torch.nn.functional.relu"),
        (lambda x: F.relu(x), "torch.nn.functional.relu"),
        (lambda x: torch.conv2d(x, x), "torch.conv2d"),
    ],
)
def test_ready_made_layers_are_noticed(function, library):
    assert borrowed(function).startswith(library)


@pytest.mark.parametrize(
    "function",
    [
        *(by_hand, by_helper, itself, functools.partial(by_hand), np.sum, max, 3, print),
        lambda x: F.pad(x, (1, 1)),
        lambda t: torch.einsum("nkij->k", t),
        lambda x: unknown(x),  # noqa: F821 - a name that nothing has
    ],
)
def test_own_work_gets_no_remark(function):
    assert borrowed(function) == ""


def test_the_remark_stands_behind_a_right_answer_only():
    passed = check.function(by_scipy, "cross_correlate2d")
    assert passed
    assert passed.hint.startswith("scipy.signal.correlate2d does the work here.")
    failed = check.function(lambda image, kernel: -by_scipy(image, kernel), "cross_correlate2d")
    assert failed.status == "fail"
    assert "does the work" not in failed.hint
    assert check.function(by_hand, "cross_correlate2d").hint == ""
