"""Slips that lab 05 invites, in the code of a student and with a pencil: each is named."""

import numpy as np
import pytest

from cnnlab import check


def places(size, kernel_size, stride, padding):
    return (size + 2 * padding - kernel_size) // stride + 1


def pooling(begin=lambda i, s, k: i * s, length=lambda s, k: k, count=places, **changed):
    """Max pooling in two loops, whose windows may begin, end and be counted wrongly."""

    def max_pool2d(x, kernel_size, stride=None, padding=0):
        stride = changed.get("stride") or stride or kernel_size
        sides = changed.get("sides", lambda p: (p, p))(padding)
        wide = np.pad(
            changed.get("cast", np.float64)(x), ((0, 0), (0, 0), sides, sides),
            constant_values=-np.inf,
        )  # fmt: skip
        height = count(x.shape[2], kernel_size, stride, padding)
        width = height if changed.get("square") else count(
            x.shape[3], kernel_size, stride, padding
        )  # fmt: skip
        y, size = np.empty((*x.shape[:2], height, width), x.dtype), length(stride, kernel_size)
        for i, j in np.ndindex(height, width):
            top, left = begin(i, stride, kernel_size), begin(j, stride, kernel_size)
            y[:, :, i, j] = wide[:, :, top : top + size, left : left + size].max(axis=(2, 3))
        return y

    return max_pool2d


POOLED = [
    (pooling(begin=lambda i, s, k: i), "Window number i begins at pixel i"),
    (pooling(begin=lambda i, s, k: i * k), "as if the stride were the kernel size"),
    (pooling(length=lambda s, k: k - 1), "a slice in Python ends before its end"),
    (pooling(length=lambda s, k: s), "as large as the stride"),
    (pooling(stride=2), "move by 2 pixels, whatever"),
    (
        pooling(count=lambda n, k, s, p: (n + p - k) // s + 1, sides=lambda p: (p, 0)),
        "counted once, but it lies on both sides",
    ),
    (pooling(square=True), "a map need not be square"),
    (pooling(cast=np.copy), "whole numbers know no infinity"),
]


@pytest.mark.parametrize(("own", "says"), POOLED, ids=[says for _, says in POOLED])
def test_a_slip_of_pooling_is_named(own, says):
    result = check.function(own, "max_pool2d", asks=["stride", "padding", "whole numbers"])
    assert (result.status, says in result.message) == ("fail", True), result


def test_right_loops_pass():
    assert check.function(pooling(), "max_pool2d", asks=["stride", "padding", "whole numbers"])


def sized(last):
    def output_size(size, kernel_size, stride=1, padding=0, dilation=1):
        return last(size + 2 * padding, dilation * (kernel_size - 1) + 1, stride, kernel_size)

    return output_size


SIZES = [
    (sized(lambda padded, span, s, k: padded - span // s + 1), "put brackets around"),
    (sized(lambda padded, span, s, k: len(range(0, padded - span, s))), "wherever the stride fits"),
    (
        sized(lambda padded, span, s, k: (padded - k - (k - 1) * (span - 1) // max(k - 1, 1)) // s + 1),
        "put dilation pixels into each gap",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("own", "says"), SIZES, ids=[says for _, says in SIZES])
def test_a_slip_of_a_size_is_named(own, says):
    result = check.function(own, "output_size", asks=["stride", "padding", "dilation"])
    assert (result.status, says in result.message) == ("fail", True), result


@pytest.mark.parametrize(("answer", "says"), [(26, "The kernel is not subtracted"), (89, "input")])
def test_a_number_of_a_size_is_named(answer, says):
    result = check.output_size(answer, 89, 25, stride=4, padding=9)
    assert (result.status, says in result.message) == ("fail", True), result


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([[[[6, 6], [8, 7]]]], "brackets too many"),
        ([[6, 6, 6], [6, 7, 7], [8, 8, 7]], "row or column too many"),
        ([[0] * 5] * 5, "as large as the input"),
    ],
)
def test_a_shape_with_a_pencil_is_named(rows, says):
    result = check.array(rows, "max_pool2d", check.given("05-image"), 3, stride=2)
    assert (result.status, says in result.message) == ("fail", True), result


def test_a_gradient_at_the_corners_is_named():
    corners = [[10, 0, 20, 0], [0, 0, 0, 0], [30, 0, 40, 0], [0, 0, 0, 0]]
    result = check.max_pool_gradient(corners, *check.given("05-way-back"), kernel_size=2)
    assert "first pixel of each window" in result.message
