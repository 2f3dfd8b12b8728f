"""Subjects without a layer of their own: sliding one kernel, windows, sizes, scores."""

import math
from typing import Any

import numpy as np

from cnnlab import geometry
from cnnlab.check.exercises.cases import Case, Subject, few, labels, normal
from cnnlab.scratch import losses, naive
from cnnlab.scratch.functional.checks import Array


def slide_subject(forward: Any, image: Any, kernel: Any, axes: str) -> Subject:
    """One kernel over one image, or along one signal."""
    what = "image" if len(image) == 2 else "signal"
    cases = (
        Case("with small whole numbers", {what: few(*image), "kernel": few(*kernel)}),
        Case("with any numbers", {what: normal(*image), "kernel": normal(*kernel)}),
        Case(
            f"with a kernel as large as the {what}",
            {what: normal(*kernel), "kernel": normal(*kernel)},
        ),
    )
    return Subject(forward, cases, axes)


def correlate_channels(x: Array, kernel: Array, bias: float = 0.0) -> Array:
    """One kernel over an image (C, H, W): the sum over all channels, plus a bias, (H', W').

    Examples
    --------
    >>> correlate_channels(np.ones((3, 4, 4)), np.ones((3, 2, 2)), 1.0).shape
    (3, 3)
    """
    return sum(map(naive.cross_correlate2d, x, kernel)) + np.asarray(bias)


def channels_subject() -> Subject:
    """One kernel over an image with several channels."""

    def case(words: str, image: Any, kernel: Any, draw: Any = normal) -> Case:
        return Case(words, {"x": draw(*image), "weight": draw(*kernel), "bias": 1.5})

    cases = (
        case("with one channel", (1, 4, 5), (1, 2, 3), few),
        case("with three channels", (3, 4, 5), (3, 2, 2), few),
        case("with any numbers", (4, 6, 5), (4, 3, 2)),
    )
    return Subject(correlate_channels, cases, "(H', W')", ("bias",))


def pad2d(x: Array, padding: int) -> Array:
    """Zeros on all four sides of images, (..., H + 2p, W + 2p).

    Examples
    --------
    >>> pad2d(np.ones((3, 4)), 1).shape
    (5, 6)
    """
    return np.pad(x, [(0, 0)] * (x.ndim - 2) + [(padding, padding)] * 2)


def pad2d_subject() -> Subject:
    """Zeros around images."""
    cases = (
        Case("with padding 1", {"x": normal(2, 3), "padding": 1}),
        Case("with padding 3", {"x": normal(4, 2), "padding": 3}),
        Case(
            "with several images and channels",
            {"x": normal(2, 3, 4, 5), "padding": 2},
            needs="maps",
        ),
    )
    return Subject(pad2d, cases, "(H + 2p, W + 2p)")


def im2col_subject() -> Subject:
    """Windows as columns."""

    def case(words: str, image: Any, kernel: Any, **settings: Any) -> Case:
        return Case(words, {"x": normal(*image), "kernel_size": kernel}, settings)

    cases = (
        case("with one image and one channel", (1, 1, 4, 5), 2),
        case("with several images and channels", (2, 3, 5, 4), 3),
        case("with stride 2", (2, 3, 7, 6), 3, stride=2),
        case("with padding 1", (2, 3, 5, 4), 3, padding=1),
        case("with stride 2 and padding 1", (2, 3, 5, 8), 3, stride=2, padding=1),
        case("with windows that are not square", (2, 3, 5, 6), (2, 3))._replace(needs="not square"),
    )
    asks = ("stride", "padding")
    return Subject(im2col, cases, "(N, C·kh·kw, H'·W')", asks)


def windows_subject() -> Subject:
    """Windows one after another."""
    cases = tuple(case for case in im2col_subject().cases if "padding" not in case.settings)
    return Subject(windows, cases, "(N, C, H', W', kh, kw)", ("stride",), view=True)


def windows(x: Array, kernel_size: int | tuple[int, int], stride: int = 1) -> Array:
    """All windows of images, one after another, as (N, C, H', W', kh, kw).

    Examples
    --------
    >>> windows(np.zeros((2, 3, 5, 4)), 3).shape
    (2, 3, 3, 2, 3, 3)
    """
    size = geometry.per_axis("kernel_size", kernel_size, 2)
    every = np.lib.stride_tricks.sliding_window_view(x, size, (2, 3))
    return every[:, :, ::stride, ::stride]


def im2col(
    x: Array, kernel_size: int | tuple[int, int], stride: int = 1, padding: int = 0
) -> Array:
    """Windows as columns, (N, C·kh·kw, H'·W'), in the order of PyTorch's ``unfold``.

    Examples
    --------
    >>> im2col(np.zeros((2, 3, 5, 4)), 3).shape
    (2, 27, 6)
    """
    sides = (padding, padding)
    every = windows(np.pad(x, ((0, 0), (0, 0), sides, sides)), kernel_size, stride)
    columns = every.transpose(0, 1, 4, 5, 2, 3)  # (N, C, kh, kw, H', W')
    return columns.reshape(len(x), math.prod(columns.shape[1:4]), -1)  # (N, C·kh·kw, H'·W')


def input_gradient(dy: Array, kernel: Array) -> Array:
    """Gradient of an image that one kernel slid over: (H', W'), (kh, kw) -> (H, W).

    Examples
    --------
    >>> input_gradient(np.array([[1.0, 2.0]]), np.array([[3.0, 5.0]]))
    array([[ 3., 11., 10.]])
    """
    (rows, columns), (height, width) = dy.shape, kernel.shape
    dx = np.zeros((rows + height - 1, columns + width - 1))
    for i, j in np.ndindex(dy.shape):
        dx[i : i + height, j : j + width] += dy[i, j] * kernel
    return dx


def input_gradient_subject() -> Subject:
    """The way back to an image."""

    def case(words: str, dy: Any, kernel: Any, draw: Any = normal) -> Case:
        return Case(words, {"dy": draw(*dy), "kernel": draw(*kernel)})

    cases = (
        case("with four windows", (2, 2), (2, 2)),
        case("with small whole numbers", (3, 4), (2, 3), few),
        case("with any numbers", (4, 3), (3, 2)),
    )
    return Subject(input_gradient, cases, "(H, W)")


def output_size_subject() -> Subject:
    """Output sizes along one axis."""

    def case(words: str, size: int, kernel: int, **settings: int) -> Case:
        return Case(words, {"size": size, "kernel_size": kernel}, settings)

    cases = (
        case("with a kernel alone", 32, 5),
        case("with stride 2", 7, 3, stride=2),
        case("with padding 2", 11, 3, padding=2),
        case("with a stride that does not fit", 7, 3, stride=3),
        case("with a stride that leaves most of a step over", 8, 3, stride=3),
        case("with stride 2 and padding 3", 224, 7, stride=2, padding=3),
        case("with stride 3 and padding 1", 12, 5, stride=3, padding=1),
        case("with dilation 3", 12, 3, dilation=3),
    )
    return Subject(geometry.output_size, cases, asks=("stride", "padding"))


def one_hot(labels: Array, classes: int) -> Array:
    """Row i is 0 but for a 1 at label i, (N, K).

    Examples
    --------
    >>> one_hot(np.array([2, 0]), 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    return np.eye(classes)[labels]


def one_hot_subject() -> Subject:
    """Labels as rows of 0 and 1."""
    cases = (
        Case("with every label once", {"labels": labels(3, 3), "classes": 3}),
        Case("with labels that repeat", {"labels": labels(7, 4), "classes": 4}),
        Case("with a class that no example has", {"labels": labels(4, 3), "classes": 5}),
    )
    return Subject(one_hot, cases, "(N, K)")


def accuracy(logits: Array, labels: Array) -> float:
    """Share of examples whose largest logit is at the label.

    Examples
    --------
    >>> accuracy(np.array([[2.0, 1.0], [0.0, 3.0]]), np.array([0, 0]))
    0.5
    """
    return float((logits.argmax(axis=1) == labels).mean())


def accuracy_subject() -> Subject:
    """Share of right labels."""

    def case(words: str, examples: int, classes: int) -> Case:
        return Case(
            words, {"logits": normal(examples, classes), "labels": labels(examples, classes)}
        )

    return Subject(accuracy, (case("with a batch", 16, 3), case("with two classes", 25, 2)))


def mse_subject() -> Subject:
    """Mean squared error."""
    cases = (
        Case("with a few numbers", {"pred": normal(4), "target": normal(4)}),
        Case("with a batch", {"pred": normal(5, 3), "target": normal(5, 3)}),
    )
    return Subject(losses.mse_loss, cases, backward=losses.mse_loss_backward)
