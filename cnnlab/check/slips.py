"""Slips of functions that the mutants do not have, as rows: a name, a wrong model, a sentence."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnlab.check import small_subjects as small
from cnnlab.check.digit_slips import DIGIT_SLIPS
from cnnlab.check.small_subjects import im2col
from cnnlab.check.trials import Call, Outputs
from cnnlab.scratch import functional as F
from cnnlab.scratch import naive
from cnnlab.scratch.functional.checks import Array


def _right(logits: Array, labels: Array) -> int:
    return int((logits.argmax(axis=1) == labels).sum())


def _same_size(image: Array, kernel: Array) -> Array:
    sides = [((size - 1) // 2, size // 2) for size in kernel.shape]
    return naive.cross_correlate2d(np.pad(image, sides), kernel)


_FLIPPED = (
    "The kernel is turned by 180 degrees before it slides: that is convolution in the strict "
    "sense. This asks for cross-correlation."
)
_NOT_FLIPPED = (
    "The kernel slides as it is: that is cross-correlation. This asks for convolution in the "
    "strict sense, which turns the kernel first."
)
_SAME_SIZE = "The image was padded to keep its size; here the kernel stays inside the image."
_MEAN = "The products are averaged, but this asks for their sum."
_OVERWRITTEN = (
    "Where windows overlap, the last one overwrites what the others gave: add to it instead."
)
_LAST = "The last row and column of windows is missing: how many places does the kernel have?"


def _last_window(dy: Array, kernel: Array) -> Array:
    """Windows that set the gradients of their pixels instead of adding to them."""
    dx = small.input_gradient(dy, kernel)
    for i, j in np.ndindex(dy.shape):
        dx[i : i + kernel.shape[0], j : j + kernel.shape[1]] = dy[i, j] * kernel
    return dx


SLIPS: dict[str, tuple[tuple[str, Callable[..., Any], str], ...]] = {
    "conv2d": (
        (
            "kernel 0 for all",
            lambda x, w, *b, **s: F.conv2d(x, np.repeat(w[:1], len(w), 0), *b, **s)[0],
            "All output channels come from the first kernel.",
        ),
        (
            "bias for each channel",
            lambda x, w, b, **s: F.conv2d(x, w, b * w.shape[1], **s)[0],
            "The bias is added once for each input channel; it belongs to the whole sum.",
        ),
    ),
    "cross_correlate_channels": (
        (
            "bias forgotten",
            lambda x, k, b: small.correlate_channels(x, k, 0),
            "The bias is not added.",
        ),
        (
            "bias for each channel",
            lambda x, k, b: small.correlate_channels(x, k, b * len(k)),
            "The bias is added once for each channel; it belongs to the whole sum.",
        ),
        (
            "channel 0 only",
            lambda x, k, b: small.correlate_channels(x[:1], k[:1], b),
            "Only the first channel is read: the kernel spans all of them.",
        ),
        (
            "mean over channels",
            lambda x, k, b: small.correlate_channels(x, k / len(k), b),
            "The channels are averaged, but this asks for their sum.",
        ),
        (
            "channels apart",
            lambda x, k, b: np.stack(
                [small.correlate_channels(c[None], d[None], b) for c, d in zip(x, k, strict=True)]
            ),
            "The channels stay apart: sum over them, for a kernel gives one map.",
        ),
        (
            "flipped",
            lambda x, k, b: small.correlate_channels(x, k[:, ::-1, ::-1], b),
            _FLIPPED,
        ),
    ),
    "cross_entropy": (
        (
            "every label for every example",
            lambda x, t: float(-np.log(F.softmax(x)[0])[:, t].mean()),
            "Every example is compared with the labels of all examples: take one for each row.",
        ),
        (
            "all classes",
            lambda x, t: float(-np.log(F.softmax(x)[0]).mean()),
            "All classes count alike: only the probability of the label matters.",
        ),
    ),
    "max_pool2d": (
        (
            "over channels",
            lambda x, k, **s: np.broadcast_to(
                F.max_pool(x, k, **s)[0].max(1, keepdims=True), F.max_pool(x, k, **s)[0].shape
            ),
            "The maximum runs over the channels too, but pooling keeps them apart.",
        ),
        (
            "over everything",
            lambda x, k, **s: np.broadcast_to(
                F.max_pool(x, k, **s)[0].max((0, 1)), F.max_pool(x, k, **s)[0].shape
            ),
            "The maximum runs over images and channels too, but pooling keeps them apart.",
        ),
    ),
    "pad2d": (
        (
            "edge",
            lambda x, p: np.pad(x, [(0, 0)] * (x.ndim - 2) + [(p, p)] * 2, mode="edge"),
            "The padding repeats the edge; here it must be zeros.",
        ),
        (
            "half",
            lambda x, p: np.pad(x, [(0, 0)] * (x.ndim - 2) + [(p, 0)] * 2),
            "The padding lies above and to the left only; it belongs on all four sides.",
        ),
        (
            "one axis",
            lambda x, p: np.pad(x, [(0, 0)] * (x.ndim - 1) + [(p, p)]),
            "Only the columns are padded.",
        ),
        (
            "every axis",
            lambda x, p: np.pad(x, p),
            "Every axis is padded; images and channels must keep their number.",
        ),
    ),
    "softmax": (
        (
            "over everything",
            lambda x: np.exp(x - x.max()) / np.exp(x - x.max()).sum(),
            "All probabilities of the batch sum to 1; those of each example must.",
        ),
    ),
    "accuracy": (
        (
            "percent",
            lambda x, t: 100 * _right(x, t) / len(t),
            "This is in percent; give a share from 0 to 1.",
        ),
        (
            "number of right ones",
            _right,
            "This counts the right examples; divide by how many there are.",
        ),
        (
            "share of wrong ones",
            lambda x, t: 1 - _right(x, t) / len(t),
            "This is the share of wrong answers, not of right ones.",
        ),
    ),
    "convolve1d": (("not flipped", naive.cross_correlate1d, _NOT_FLIPPED),),
    "convolve2d": (
        ("not flipped", naive.cross_correlate2d, _NOT_FLIPPED),
        (
            "flipped upside down",
            lambda x, k: naive.cross_correlate2d(x, k[::-1]),
            "The kernel is mirrored along its rows only; convolution turns it by 180 degrees.",
        ),
        (
            "flipped left to right",
            lambda x, k: naive.cross_correlate2d(x, k[:, ::-1]),
            "The kernel is mirrored along its columns only; convolution turns it by 180 degrees.",
        ),
    ),
    "cross_correlate1d": (("flipped", naive.convolve1d, _FLIPPED),),
    "cross_correlate2d": (
        ("flipped", naive.convolve2d, _FLIPPED),
        ("same size", _same_size, _SAME_SIZE),
        ("mean of products", lambda x, k: naive.cross_correlate2d(x, k) / k.size, _MEAN),
        ("one window too few", lambda x, k: naive.cross_correlate2d(x, k)[:-1, :-1], _LAST),
    ),
    "im2col": (
        (
            "windows as rows",
            lambda *a, **s: im2col(*a, **s).swapaxes(1, 2),
            "Each row holds a window; this asks for windows as columns.",
        ),
        (
            "channels last",
            lambda x, k, **s: (
                im2col(x, k, **s)
                .reshape(len(x), x.shape[1], np.prod(np.broadcast_to(k, 2)), -1)
                .swapaxes(1, 2)
                .reshape(im2col(x, k, **s).shape)
            ),
            "The channels of a pixel stand together; put each channel's window in one piece.",
        ),
    ),
    "input_gradient": (
        (
            "kernel turned",
            lambda dy, k: small.input_gradient(dy, k[::-1, ::-1]),
            "The kernel is laid down turned by 180 degrees; each window hands its gradient out as "
            "the kernel lay there.",
        ),
        (
            "kernel transposed",
            lambda dy, k: small.input_gradient(dy, k.T),
            "Rows and columns of the kernel are exchanged.",
        ),
        ("windows overwritten", _last_window, _OVERWRITTEN),
        (
            "dy left out",
            lambda dy, k: small.input_gradient(np.ones_like(dy), k),
            "Every window hands the kernel out as it is: multiply it by the gradient of the "
            "window's output.",
        ),
        (
            "kernel left out",
            lambda dy, k: small.input_gradient(dy, np.ones_like(k)),
            "Every pixel of a window gets the whole gradient; it gets the kernel's share of it.",
        ),
        (
            "averaged where windows overlap",
            lambda dy, k: (
                small.input_gradient(dy, k)
                / small.input_gradient(np.ones_like(dy), np.ones_like(k))
            ),
            "Where windows overlap, their shares are averaged; they must be added.",
        ),
        (
            "slid over dy",
            naive.cross_correlate2d,
            "The kernel slides over dy and gathers; on the way back each window hands out.",
        ),
        (
            "number by number",
            lambda dy, k: dy * k,
            "dy and kernel are multiplied number by number; each number of dy needs the whole "
            "kernel.",
        ),
        (
            "sign turned",
            lambda dy, k: -small.input_gradient(dy, k),
            "The sign is turned.",
        ),
    ),
    "mse_loss": (
        ("summed", lambda a, b: ((a - b) ** 2).sum(), "The squares are summed, not averaged."),
        (
            "summed over features",
            lambda a, b: ((a - b) ** 2).sum() / len(a),
            "The mean is over examples only; here it is over all numbers.",
        ),
        ("halved", lambda a, b: ((a - b) ** 2).mean() / 2, "There is a factor ½ too much."),
        ("root", lambda a, b: ((a - b) ** 2).mean() ** 0.5, "This is the root of the mean square."),
        (
            "absolute",
            lambda a, b: np.abs(a - b).mean(),
            "This averages sizes of errors: square them.",
        ),
        ("not squared", lambda a, b: (a - b).mean(), "Errors of both signs cancel: square them."),
    ),
    **DIGIT_SLIPS,
    "sigmoid": (
        ("turned", lambda x: F.sigmoid(-x)[0], "It falls where it must rise: look at a sign."),
        ("tanh", lambda x: np.tanh(x), "This is tanh, which runs from −1 to 1."),
    ),
    "tanh": (("sigmoid", lambda x: F.sigmoid(x)[0], "This is the sigmoid, from 0 to 1."),),
}


def _overwrites(mean: bool) -> Callable[[tuple[Call, Array]], Outputs | None]:
    """Windows that set the gradient of their pixels instead of adding to it."""

    def model(setting: tuple[Call, Array]) -> Outputs | None:
        made, dy = setting
        x, size = made.args
        if set(made.settings) - {"stride"} or not isinstance(size, int):
            return None
        stride, dx = made.settings.get("stride") or size, np.zeros_like(x)
        for n, c, i, j in np.ndindex(dy.shape):
            place = n, c, slice(i * stride, i * stride + size), slice(j * stride, j * stride + size)
            share = np.full((size, size), 1 / size**2)
            if not mean:
                share = np.zeros((size, size))
                share.flat[x[place].argmax()] = 1
            dx[place] = share * dy[n, c, i, j]
        return (dx,)

    return model


BACKWARD_SLIPS: dict[str, tuple[tuple[str, Any, str], ...]] = {
    "avg_pool2d": (("windows overwritten", _overwrites(mean=True), _OVERWRITTEN),),
    "max_pool2d": (("windows overwritten", _overwrites(mean=False), _OVERWRITTEN),),
}
