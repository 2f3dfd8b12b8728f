"""Slips of one kernel that slides: a name, a wrong model, a sentence."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from cnnlab.check.exercises.small_subjects import correlate_channels
from cnnlab.scratch import naive
from cnnlab.scratch.functional.checks import Array

SlipRow: TypeAlias = tuple[str, Callable[..., Any], str]

RETURNS = "Only the first place is computed, if any: does return stand inside a loop?"
UNWRITTEN = "All its values are 0: is each sum written into the output?"
_FLIPPED = (
    "The kernel is turned by 180 degrees before it slides: that is convolution in the strict "
    "sense. This asks for cross-correlation."
)
_NOT_FLIPPED = (
    "The kernel slides as it is: that is cross-correlation. This asks for convolution in the "
    "strict sense, which turns the kernel first."
)
_ELSEWHERE = "Something else than the kernel is turned: turn the kernel alone, before it slides."
_ONE_KERNEL = "Every channel meets the same kernel: a filter has one for each channel."

_slide = naive.cross_correlate2d


def half_turn(array: Array) -> Array:
    """Turn an array by 180 degrees."""
    return array[::-1, ::-1]


def _under(image: Array, kernel: Array, u: int, v: int) -> Array:
    """Pixels that lie under one weight, place by place."""
    rows, columns = _slide(image, kernel).shape
    return image[u : u + rows, v : v + columns]


def first(values: Array, *place: Any) -> Array:
    """Keep the values of some places, and zeros elsewhere.

    Examples
    --------
    >>> first(np.ones((2, 2)), 0)
    array([[1., 1.],
           [0., 0.]])
    """
    kept = np.zeros_like(values)
    kept[place] = values[place]
    return kept


def _before(image: Array, kernel: Array) -> Array:
    """Windows that end at their place and come in again on the other side, as Python counts."""
    every = sum(kernel[place] * np.roll(image, place, (0, 1)) for place in np.ndindex(kernel.shape))
    rows, columns = _slide(image, kernel).shape
    return np.asarray(every)[:rows, :columns]


def _same_size(image: Array, kernel: Array) -> Array:
    sides = [((size - 1) // 2, size // 2) for size in kernel.shape]
    return _slide(np.pad(image, sides), kernel)


LOOP_SLIPS: tuple[SlipRow, ...] = (
    ("nothing written", lambda x, k: 0 * _slide(x, k), UNWRITTEN),
    (
        "last product only",
        lambda x, k: k[-1, -1] * _under(x, k, k.shape[0] - 1, k.shape[1] - 1),
        "Only the last product of each window is kept: add up all of them.",
    ),
    ("return after a product", lambda x, k: first(k[0, 0] * _under(x, k, 0, 0), 0, 0), RETURNS),
    ("return after a row of weights", lambda x, k: first(_slide(x, first(k, 0)), 0, 0), RETURNS),
    ("return after a place", lambda x, k: first(_slide(x, k), 0, 0), RETURNS),
    (
        "return after a row of places",
        lambda x, k: first(_slide(x, k), 0),
        "Only the first row of places is computed: does return stand inside a loop?",
    ),
    (
        "one window for all",
        lambda x, k: np.full_like(_slide(x, k), _slide(x, k)[0, 0]),
        "Every place reads the same window: move the window along with its place.",
    ),
    (
        "one pixel of each window",
        lambda x, k: k.sum() * _under(x, k, 0, 0),
        "Each window reads its first pixel only: move on inside the window too.",
    ),
    (
        "windows before their place",
        _before,
        "The window lies above its place and left of it: it begins there, and goes down and right.",
    ),
)
"""Slips of loops over one image and one kernel; with a pencil nobody makes them."""

KERNEL_SLIPS: dict[str, tuple[SlipRow, ...]] = {
    "convolve1d": (("not flipped", naive.cross_correlate1d, _NOT_FLIPPED),),
    "convolve2d": (
        ("not flipped", _slide, _NOT_FLIPPED),
        (
            "flipped upside down",
            lambda x, k: _slide(x, k[::-1]),
            "The kernel is mirrored along its rows only; convolution turns it by 180 degrees.",
        ),
        (
            "flipped left to right",
            lambda x, k: _slide(x, k[:, ::-1]),
            "The kernel is mirrored along its columns only; convolution turns it by 180 degrees.",
        ),
        (
            "sign for half a turn",
            lambda x, k: _slide(x, -k),
            "The kernel's sign is changed: a half turn moves the weights and keeps their signs.",
        ),
        (
            "kernel transposed",
            lambda x, k: _slide(x, k.T),
            "Rows and columns of the kernel are exchanged; half a turn keeps its shape.",
        ),
        (
            "a quarter turn",
            lambda x, k: _slide(x, np.rot90(k)),
            "The kernel has made a quarter of a turn; convolution gives it half a turn.",
        ),
        ("image turned", lambda x, k: _slide(half_turn(x), k), _ELSEWHERE),
        ("output turned", lambda x, k: half_turn(_slide(x, k)), _ELSEWHERE),
    ),
    "cross_correlate1d": (("flipped", naive.convolve1d, _FLIPPED),),
    "cross_correlate2d": (
        ("flipped", naive.convolve2d, _FLIPPED),
        (
            "same size",
            _same_size,
            "The image was padded to keep its size; here the kernel stays inside the image.",
        ),
        (
            "mean of products",
            lambda x, k: _slide(x, k) / k.size,
            "The products are averaged, but this asks for their sum.",
        ),
        (
            "one window too few",
            lambda x, k: _slide(x, k)[:-1, :-1],
            "The last row and column of windows is missing: how many places does the kernel have?",
        ),
        (
            "weights left out",
            lambda x, k: _slide(x, np.ones_like(k)),
            "The pixels of each window are added up without the weights.",
        ),
        (
            "weights added",
            lambda x, k: _slide(x, np.ones_like(k)) + k.sum(),
            "Weights and pixels are added: multiply what lies on top of each other.",
        ),
        (
            "minus of a weight lost",
            lambda x, k: _slide(x, np.abs(k)),
            "A weight has lost its minus sign.",
        ),
    ),
    "cross_correlate_channels": (
        ("bias forgotten", lambda x, k, b: correlate_channels(x, k, 0), "The bias is not added."),
        (
            "bias for each channel",
            lambda x, k, b: correlate_channels(x, k, b * len(k)),
            "The bias is added once for each channel; it belongs to the whole sum.",
        ),
        (
            "bias subtracted",
            lambda x, k, b: correlate_channels(x, k, -b),
            "The bias is subtracted, not added.",
        ),
        (
            "channel 0 only",
            lambda x, k, b: correlate_channels(x[:1], k[:1], b),
            "Only the first channel is read: a filter spans all of them.",
        ),
        (
            "last channel only",
            lambda x, k, b: correlate_channels(x[-1:], k[-1:], b),
            "Only the last channel is left: add the maps up instead of replacing them.",
        ),
        (
            "first kernel for all",
            lambda x, k, b: correlate_channels(x, np.repeat(k[:1], len(k), 0), b),
            _ONE_KERNEL,
        ),
        (
            "last kernel for all",
            lambda x, k, b: correlate_channels(x, np.repeat(k[-1:], len(k), 0), b),
            _ONE_KERNEL,
        ),
        (
            "one channel for all",
            lambda x, k, b: correlate_channels(np.repeat(x[:1], len(x), 0), k, b),
            "Every kernel meets the first channel: each belongs to a channel of its own.",
        ),
        (
            "mean over channels",
            lambda x, k, b: correlate_channels(x, k / len(k), b),
            "The channels are averaged, but this asks for their sum.",
        ),
        (
            "maps multiplied",
            lambda x, k, b: np.prod([_slide(c, d) for c, d in zip(x, k, strict=True)], axis=0) + b,
            "The maps of the channels are multiplied by each other; add them up.",
        ),
        (
            "channels apart",
            lambda x, k, b: np.stack(
                [correlate_channels(c[None], d[None], b) for c, d in zip(x, k, strict=True)]
            ),
            "The channels stay apart: sum over them, for a filter gives one map.",
        ),
        ("flipped", lambda x, k, b: correlate_channels(x, k[:, ::-1, ::-1], b), _FLIPPED),
    ),
}
