"""Rows of bytes as images that a network reads."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw, Exercise
from cnnlab.scratch.functional.checks import Array

_SIDE = 28  # pixels


def prepare_images(pixels: Array) -> Array:
    """Rows of bytes as images (N, 1, 28, 28) in [0, 1].

    Examples
    --------
    >>> prepare_images(np.full((2, 784), 255, np.uint8)).max()
    np.float32(1.0)
    """
    return (pixels.reshape(-1, 1, _SIDE, _SIDE) / 255).astype(np.float32)


def _bytes_below(end: int, count: int) -> Draw:
    return lambda rng: rng.integers(0, end, (count, _SIDE * _SIDE)).astype(np.uint8)


def _one_dark(rng: np.random.Generator) -> Array:
    return np.concatenate([_bytes_below(256, 1)(rng), _bytes_below(1, 1)(rng)])


def _without_black(rng: np.random.Generator) -> Array:
    bright: Array = _bytes_below(150, 2)(rng) + np.uint8(60)
    return bright


def _from_darkest(pixels: Array) -> Array:
    lifted = pixels.astype(float) - pixels.min()
    return prepare_images(255 * lifted / lifted.max())


def _by_own_maximum(pixels: Array) -> Array:
    with np.errstate(invalid="ignore"):
        own: Array = pixels / pixels.max(axis=1, keepdims=True)
    return own.reshape(-1, 1, _SIDE, _SIDE).astype(np.float32)


EXERCISE = Exercise(
    prepare_images,
    (
        Case("with three rows of bytes", {"pixels": _bytes_below(256, 3)}),
        Case("with dark images", {"pixels": _bytes_below(100, 2)}),
        Case("with a single row", {"pixels": _bytes_below(256, 1)}),
        Case("with images of zeros and ones", {"pixels": _bytes_below(2, 3)}),
        Case("with an image that is all dark", {"pixels": _one_dark}),
        Case("with images that have no black", {"pixels": _without_black}),
    ),
    axes="(N, C, H, W)",
    values=(
        Misconception(
            "half precision",
            lambda pixels: prepare_images(pixels).astype(np.float16),
            "The values pass through float16, which keeps three digits of them.",
        ),
        Misconception(
            "not scaled",
            lambda pixels: 255 * prepare_images(pixels),
            "The values still run up to 255: scale them to the range from 0 to 1.",
        ),
        Misconception(
            "divided by 256",
            lambda pixels: prepare_images(pixels) * (255 / 256),
            "A byte runs up to 255. You divided by 256, so white is not quite 1.",
        ),
        Misconception(
            "left over dropped",
            lambda pixels: prepare_images(pixels) // 1,
            "What is left over is dropped: divide with / instead of //, and keep floats.",
        ),
        Misconception(
            "from -1 to 1",
            lambda pixels: 2 * prepare_images(pixels) - 1,
            "The values run from −1 to 1. Here they should run from 0 to 1.",
        ),
        Misconception(
            "dark for bright",
            lambda pixels: 1 - prepare_images(pixels),
            "Dark and bright are exchanged: a byte of 255 becomes 1, and 0 stays 0.",
        ),
        *(
            Misconception(
                f"black and white at {level}",
                lambda pixels, level=level: (255 * prepare_images(pixels) > level).astype(
                    np.float32
                ),
                "Each value is 0 or 1: the grey between them is lost.",
            )
            for level in (0, 127)
        ),
        *(
            Misconception(
                f"rounded to {digits} digits",
                lambda pixels, digits=digits: prepare_images(pixels).round(digits),
                "The values are rounded. Keep all digits.",
            )
            for digits in (1, 2, 3)
        ),
        Misconception(
            "mean and deviation",
            lambda pixels: (
                (prepare_images(pixels) - prepare_images(pixels).mean())
                / prepare_images(pixels).std()
            ),
            "You subtracted the mean and divided by the deviation. Here the values only move into the "
            "range from 0 to 1.",
        ),
        Misconception(
            "darkest taken off",
            lambda pixels: prepare_images(pixels - pixels.min()),
            "You subtracted the darkest pixel; only a byte of 0 becomes 0.",
        ),
        Misconception(
            "stretched",
            _from_darkest,
            "You stretched the values from the darkest to the brightest pixel given; a grey image "
            "must stay grey.",
        ),
        Misconception(
            "channels last",
            lambda pixels: prepare_images(pixels).transpose(0, 2, 3, 1),
            "The channel comes last; PyTorch reads (N, C, H, W).",
        ),
        Misconception(
            "no channel",
            lambda pixels: prepare_images(pixels)[:, 0],
            "The axis of the channel is missing: grey images have one channel.",
        ),
        Misconception(
            "own maximum",
            lambda pixels: prepare_images(pixels) * (255 / pixels.max()),
            "You divided by the brightest pixel given; a dark image must stay dark.",
        ),
        Misconception(
            "maximum of each image",
            _by_own_maximum,
            "You divided each image by its own brightest pixel; a dark image must stay dark.",
        ),
        Misconception(
            "rows left flat",
            lambda pixels: pixels / 255,
            "The rows are still flat: give each image its height and width.",
        ),
    ),
)
