"""A right answer whose code lets a library do the work: it passes, and a remark says so."""

import functools

import numpy as np
import pytest
import torch
from numpy.lib.stride_tricks import sliding_window_view
from scipy import signal
from torch.nn import functional as F

from cnnlab import check, geometry
from cnnlab.check.core.borrowed import borrowed, looped
from cnnlab.geometry import output_size
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


slide, by_partial, relu_layer = signal.correlate2d, functools.partial(by_scipy), torch.nn.ReLU()


class Slides:
    def __call__(self, image, kernel):
        return by_scipy(image, kernel)


class SlidesInRows:
    def __call__(self, image, kernel):
        return in_rows(image, kernel)


def enclosed(function):
    def outer(*args):
        return function(*args)

    return outer


@enclosed
def decorated(image, kernel):
    return by_scipy(image, kernel)


def imports_inside(x):
    import torch.nn.functional as layers

    return layers.relu(x)


def imports_one_inside(x):
    from torch.nn.functional import pad, relu

    return relu(pad(x, (1, 1)))


def names_a_module(x):
    layers = torch.nn.functional
    return layers.relu(x)


def by_autograd(x):
    x = torch.tensor(x, requires_grad=True)
    y = (x**2).sum()
    y.backward()
    return x.grad


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
        (conv2d, "cnnlab.scratch.functional"),
        (functools.partial(signal.correlate2d, mode="valid"), "scipy.signal.correlate2d"),
        (lambda image, kernel: slide(image, kernel), "scipy.signal.correlate2d"),
        (lambda image, kernel: by_partial(image, kernel), "scipy.signal.correlate2d"),
        (lambda x: relu_layer(x), "torch.nn.modules.activation.ReLU"),
        (Slides(), "scipy.signal.correlate2d"),
        (Slides().__call__, "scipy.signal.correlate2d"),
        (lambda image, kernel: Slides()(image, kernel), "scipy.signal.correlate2d"),
        (decorated, "scipy.signal.correlate2d"),
        (enclosed(by_scipy), "scipy.signal.correlate2d"),
        (imports_inside, "torch.nn.functional.relu"),
        (imports_one_inside, "torch.nn.functional.relu"),
        (names_a_module, "torch.nn.functional.relu"),
        (by_autograd, "torch.Tensor.backward"),
        (lambda y, x: torch.autograd.grad(y, x), "torch.autograd.grad"),
        (torch.relu, "torch.relu"),
    ],
)
def test_ready_made_layers_are_noticed(function, library):
    assert borrowed(function).startswith(library)


def test_a_function_of_the_package_that_has_the_name_asked_for_is_noticed():
    for own in (output_size, lambda *sizes: output_size(*sizes), lambda n: geometry.output_size(n)):
        assert borrowed(own, "output_size").startswith("cnnlab.geometry.")
        assert borrowed(own, "conv2d") == ""  # there it is a tool
    passed = check.function(
        lambda size, kernel_size: output_size(size, kernel_size), "output_size", asks=[]
    )
    assert passed.hint.startswith("cnnlab.geometry.sizes.output_size does the work here.")


def test_the_remark_is_of_both_functions_of_a_pair():
    def back(dy, x):
        return functional.relu_backward(dy, functional.relu(x)[1])

    passed = check.pair(lambda x: (np.maximum(x, 0), x), back, "relu")
    assert passed.hint.startswith("cnnlab.scratch.functional.relu_backward does the work here.")


def in_rows(image, kernel):
    return [[(w * kernel).sum() for w in row] for row in sliding_window_view(image, kernel.shape)]


def by_way_of_rows(image, kernel):
    return in_rows(image, kernel)


@pytest.mark.parametrize(
    "function", [in_rows, by_way_of_rows, functools.partial(in_rows), SlidesInRows()]
)
def test_a_loop_is_told_where_the_task_wants_none(function):
    assert looped(function) == "in_rows"
    passed = check.function(function, "cross_correlate2d", loops=False)
    assert passed
    assert passed.hint.startswith("in_rows loops in Python")
    assert check.function(function, "cross_correlate2d").hint == ""


def test_what_does_not_loop_gets_no_remark():
    for function in (by_hand, by_helper, by_scipy, np.sum, 3):
        assert looped(function) == ""


@pytest.mark.parametrize(
    "function",
    [
        *(by_hand, by_helper, itself, functools.partial(by_hand), np.sum, max, 3, print),
        lambda x: F.pad(x, (1, 1)),
        lambda t: torch.einsum("nkij->k", t),
        lambda layer, dy: layer.backward(dy),  # a layer of one's own
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
