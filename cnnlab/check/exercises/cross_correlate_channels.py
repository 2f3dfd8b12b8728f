"""One filter over an image with several channels: the sum over all of them, plus a bias."""

from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common import sliding
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import few, normal
from cnnlab.scratch import naive
from cnnlab.scratch.functional.checks import Array

_slide = naive.cross_correlate2d
_ONE_KERNEL = "Every channel meets the same kernel: a filter has one for each channel."


def correlate_channels(x: Array, kernel: Array, bias: float = 0.0) -> Array:
    """One kernel over an image (C, H, W): the sum over all channels, plus a bias, (H', W').

    Examples
    --------
    >>> correlate_channels(np.ones((3, 4, 4)), np.ones((3, 2, 2)), 1.0).shape
    (3, 3)
    """
    return sum(map(_slide, x, kernel)) + np.asarray(bias)


def _case(words: str, image: Any, kernel: Any, draw: Any = normal) -> Case:
    return Case(words, {"x": draw(*image), "weight": draw(*kernel), "bias": 1.5})


EXERCISE = Exercise(
    correlate_channels,
    (
        _case("with one channel", (1, 4, 5), (1, 2, 3), few),
        _case("with three channels", (3, 4, 5), (3, 2, 2), few),
        _case("with any numbers", (4, 6, 5), (4, 3, 2)),
        _case("with a wide kernel", (2, 5, 8), (2, 2, 4)),
    ),
    axes="(H', W')",
    asks=("bias",),
    values=(
        Misconception(
            "bias forgotten", lambda x, k, b: correlate_channels(x, k, 0), "The bias is not added."
        ),
        Misconception(
            "bias for each channel",
            lambda x, k, b: correlate_channels(x, k, b * len(k)),
            "The bias is added once for each channel; it belongs to the whole sum.",
        ),
        Misconception(
            "bias subtracted",
            lambda x, k, b: correlate_channels(x, k, -b),
            "The bias is subtracted, not added.",
        ),
        Misconception(
            "channel 0 only",
            lambda x, k, b: correlate_channels(x[:1], k[:1], b),
            "Only the first channel is read: a filter spans all of them.",
        ),
        Misconception(
            "last channel only",
            lambda x, k, b: correlate_channels(x[-1:], k[-1:], b),
            "Only the last channel is left: add the maps up instead of replacing them.",
        ),
        Misconception(
            "first kernel for all",
            lambda x, k, b: correlate_channels(x, np.repeat(k[:1], len(k), 0), b),
            _ONE_KERNEL,
        ),
        Misconception(
            "last kernel for all",
            lambda x, k, b: correlate_channels(x, np.repeat(k[-1:], len(k), 0), b),
            _ONE_KERNEL,
        ),
        Misconception(
            "one channel for all",
            lambda x, k, b: correlate_channels(np.repeat(x[:1], len(x), 0), k, b),
            "Every kernel meets the first channel: each belongs to a channel of its own.",
        ),
        Misconception(
            "mean over channels",
            lambda x, k, b: correlate_channels(x, k / len(k), b),
            "The channels are averaged, but this asks for their sum.",
        ),
        Misconception(
            "maps multiplied",
            lambda x, k, b: np.prod([_slide(c, d) for c, d in zip(x, k, strict=True)], axis=0) + b,
            "The maps of the channels are multiplied by each other; add them up.",
        ),
        Misconception(
            "channels apart",
            lambda x, k, b: np.stack(
                [correlate_channels(c[None], d[None], b) for c, d in zip(x, k, strict=True)]
            ),
            "The channels stay apart: sum over them, for a filter gives one map.",
        ),
        Misconception(
            "flipped", lambda x, k, b: correlate_channels(x, k[:, ::-1, ::-1], b), sliding.FLIPPED
        ),
    ),
)
