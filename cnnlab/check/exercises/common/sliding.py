"""Kernels that slide, and the ways back: cases, and wrong models of several exercises."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnlab.check.exercises.common.base import Case
from cnnlab.check.exercises.common.draws import few, normal
from cnnlab.scratch.functional.checks import Array

FLIPPED = (
    "The kernel is turned by 180 degrees before it slides: that is convolution in the strict "
    "sense. This asks for cross-correlation."
)
NOT_FLIPPED = (
    "The kernel slides as it is: that is cross-correlation. This asks for convolution in the "
    "strict sense, which turns the kernel first."
)
RETURNS = "Only the first place is computed, if any: is return inside a loop?"
AS_LARGE = "It is as large as the image: a window must end inside, so there are fewer places."
HEIGHT = "It counts with the kernel's height in both directions: a kernel need not be square."
WIDTH = "It counts with the kernel's width in both directions: a kernel need not be square."
EXCHANGED = "Height and width of the kernel are exchanged."
NOT_MOVED = "The windows do not move by the stride that was given."
OVERWRITTEN = "Where windows overlap, a later share replaces an earlier one: add them up."


def cases(
    what: str, image: tuple[int, ...], kernel: tuple[int, ...], *more: tuple[str, Any, Any]
) -> tuple[Case, ...]:
    """One kernel over one image, or along one signal; more cases by words, image and kernel."""
    return (
        Case("with small whole numbers", {what: few(*image), "kernel": few(*kernel)}),
        Case("with any numbers", {what: normal(*image), "kernel": normal(*kernel)}),
        Case(
            f"with a kernel as large as the {what}",
            {what: normal(*kernel), "kernel": normal(*kernel)},
        ),
        *(Case(words, {what: normal(*i), "kernel": normal(*k)}) for words, i, k in more),
    )


ALONG = (
    ("with a kernel of even length", (9,), (4,)),
    ("with a kernel of two weights", (5,), (2,)),
)
OVER = (
    ("with a kernel taller than wide", (8, 6), (4, 2)),
    ("with a square kernel", (6, 5), (3, 3)),
    ("with a kernel of one row", (4, 7), (1, 4)),
)


def places(image: Any, kernel: Any) -> tuple[int, ...]:
    """How many places a loop finds along each axis; none where the kernel does not fit.

    Examples
    --------
    >>> places((2, 5), (3, 3))
    (0, 3)
    """
    return tuple(max(n - k + 1, 0) for n, k in zip(image, kernel, strict=True))


def half_turn(array: Array) -> Array:
    """Turn an array by 180 degrees."""
    return array[::-1, ::-1]


class Sent:
    """Gradients in the backward pass of a convolution, place by place.

    Parameters
    ----------
    dy : (N, K, H', W') array
    cache : ConvCache
        As :func:`cnnlab.scratch.functional.conv2d` returns it; one group of channels.
    """

    def __init__(self, dy: Array, cache: Any) -> None:
        self.dy, self.x, self.weight, self.window = dy, cache.x, cache.weight, cache.window

    def padded(self, keeps: Callable[[Array, Array], Array] = np.add) -> Array:
        """Gradient of the padded input; ``keeps`` decides what stays of an old and a new share."""
        window = self.window
        dx = np.zeros((*self.x.shape[:2], *window.padded_size))
        for i, j in np.ndindex(self.dy.shape[2:]):
            axes = zip((i, j), window.stride, window.kernel_size, window.dilation, strict=True)
            part: Any = ..., *(slice(n * s, n * s + (k - 1) * d + 1, d) for n, s, k, d in axes)
            share = np.einsum("nk,kcuv->ncuv", self.dy[:, :, i, j], self.weight)  # (N, C, kh, kw)
            dx[part] = keeps(dx[part], share)
        return dx

    def own(self, keeps: Callable[[Array, Array], Array] = np.add) -> Array:
        """Gradient of the input: what lies on the padding is cut off."""
        return self.padded(keeps)[:, :, *self.window.inside]


def cut_wrong(part: Callable[[Array, int, int, int], Array]) -> Callable[..., Array | None]:
    """Another part of the padded gradient than that of x: by its padding, and height and width of x."""

    def model(dy: Array, cache: Any) -> Array | None:
        sent = Sent(dy, cache)
        before = sent.window.padding[0][0]
        if not before:
            return None
        return part(sent.padded(), before, *cache.x.shape[2:])

    return model
