"""A shortcut without parameters where the shapes differ: every second pixel, and maps of zeros."""

from collections.abc import Callable

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch.functional.checks import Array


def padded_shortcut(x: Array, channels: int) -> Array:
    """ResNet's option A, (N, C, H, W) -> (N, channels, ceil(H/2), ceil(W/2)).

    Source: K. He et al., *Deep Residual Learning for Image Recognition*, 2016, section 3.3.

    Examples
    --------
    >>> padded_shortcut(np.ones((1, 2, 4, 4)), 4).shape
    (1, 4, 2, 2)
    """
    return _filled(x[:, :, ::2, ::2], channels)


def _case(words: str, image: tuple[int, ...], channels: int) -> Case:
    return Case(words, {"x": normal(*image), "channels": channels})


def _pooled(take: Callable[..., Array]) -> Callable[[Array, int], Array | None]:
    """Windows of 2×2 pooled where every second pixel is asked for, without an odd last one."""

    def model(x: Array, channels: int) -> Array:
        n, c, h, w = x.shape
        whole = x[:, :, : h - h % 2, : w - w % 2]
        windows = whole.reshape(n, c, h // 2, 2, w // 2, 2)  # (N, C, H', 2, W', 2)
        return _filled(take(windows, axis=(3, 5)), channels)

    return model


def _filled(some: Array, channels: int) -> Array:
    """Maps of zeros behind those that are there."""
    return np.pad(some, ((0, 0), (0, channels - some.shape[1]), (0, 0), (0, 0)))


def _halved(x: Array) -> tuple[int, ...]:
    """Height and width of every second pixel."""
    return x[:, :, ::2, ::2].shape[2:]


def _zeros_around(x: Array, channels: int) -> Array:
    half = (channels - x.shape[1]) // 2
    return np.pad(x[:, :, ::2, ::2], ((0, 0), (half, half), (0, 0), (0, 0)))


def _repeated(x: Array, channels: int) -> Array:
    some = x[:, :, ::2, ::2]
    return some[:, np.arange(channels) % x.shape[1]]


def _between(x: Array, channels: int) -> Array:
    y = np.zeros_like(padded_shortcut(x, channels))
    places = np.arange(x.shape[1]) * (channels // x.shape[1])
    y[:, places] = x[:, :, ::2, ::2]
    return y


EXERCISE = Exercise(
    padded_shortcut,
    (
        _case("with twice as many maps", (1, 2, 4, 4), 4),
        _case("with several images", (3, 3, 6, 4), 6),
        _case("with three times as many maps", (2, 2, 4, 6), 6),
        _case("with odd sizes", (2, 2, 5, 7), 4),
        _case("with one map more", (2, 3, 4, 4), 4),
    ),
    axes="(N, channels, H', W')",
    view=True,
    values=(
        Misconception(
            "zeros first",
            lambda x, channels: np.roll(padded_shortcut(x, channels), channels - x.shape[1], 1),
            "The maps of zeros are in front. They come after the maps that are there.",
        ),
        Misconception(
            "repeated",
            _repeated,
            "The maps are repeated. The added ones should hold zeros.",
        ),
        Misconception(
            "zeros between",
            _between,
            "The maps of zeros are between the others. They come after all of them.",
        ),
        Misconception(
            "zeros on both sides",
            _zeros_around,
            "Maps of zeros are in front, too. All of them come after the maps that are there.",
        ),
        Misconception(
            "maps twice",
            lambda x, channels: np.concatenate([x[:, :, ::2, ::2]] * 2, axis=1),
            "The maps are there twice. The added ones should hold zeros.",
        ),
        Misconception(
            "each map repeated",
            lambda x, channels: np.repeat(x[:, :, ::2, ::2], channels // x.shape[1], axis=1),
            "Each map is repeated. The added ones should hold zeros, and come after all others.",
        ),
        Misconception(
            "last map repeated",
            lambda x, channels: x[:, :, ::2, ::2][:, np.arange(channels).clip(max=x.shape[1] - 1)],
            "The last map is repeated. The added ones should hold zeros.",
        ),
        Misconception(
            "as many zeros as maps",
            lambda x, channels: _filled(x[:, :, ::2, ::2], 2 * x.shape[1]),
            "As many maps of zeros are added as there are maps, whatever `channels` is.",
        ),
        Misconception(
            "upper left quarter",
            lambda x, channels: _filled(x[:, :, : x.shape[2] // 2, : x.shape[3] // 2], channels),
            "This is the upper left quarter of each map. Take every second pixel, `::2`.",
        ),
        Misconception(
            "every second map",
            lambda x, channels: _filled(x[:, ::2, ::2, ::2], channels),
            "Every second map is left out, too. All maps should stay.",
        ),
        Misconception(
            "means",
            _pooled(np.mean),
            "Each pixel is the mean of a window. Option A takes every second pixel as it is.",
        ),
        Misconception(
            "largest",
            _pooled(np.max),
            "Each pixel is the largest of a window. Option A takes every second pixel as it is.",
        ),
        Misconception(
            "odd pixels",
            lambda x, channels: _filled(x[:, :, 1::2, 1::2], channels),
            "You take the pixels 1, 3, 5 … A stride begins with pixel 0.",
        ),
        Misconception(
            "ones",
            lambda x, channels: np.where(
                np.arange(channels)[:, None, None] < x.shape[1], padded_shortcut(x, channels), 1.0
            ),
            "The added maps hold ones. They should hold zeros, which add nothing.",
        ),
    ),
    shapes=(
        Misconception(
            "not halved",
            lambda x, channels: (len(x), channels, *x.shape[2:]),
            "The maps are as large as before. Take every second pixel along both axes.",
        ),
        Misconception(
            "maps not added",
            lambda x, channels: (*x.shape[:2], *_halved(x)),
            "There are as many maps as before; fill up with zeros.",
        ),
        Misconception(
            "channels added",
            lambda x, channels: (len(x), x.shape[1] + channels, *_halved(x)),
            "As many maps are added as there should be in the end. Add only those that are missing.",
        ),
        Misconception(
            "rows only",
            lambda x, channels: (len(x), channels, _halved(x)[0], x.shape[3]),
            "Only the rows are halved, and not the columns.",
        ),
        Misconception(
            "images left out",
            lambda x, channels: (len(x[::2]), channels, *_halved(x)),
            "Every second image is left out, too. All images should stay.",
        ),
        Misconception(
            "zeros behind the images",
            lambda x, channels: (2 * len(x), x.shape[1], *_halved(x)),
            "The zeros are added as images. They should be maps, along axis 1.",
        ),
    ),
)
