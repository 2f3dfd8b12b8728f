"""Photographs as bytes, made what a pretrained network reads."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw, Exercise
from cnnlab.scratch.functional.checks import Array

_MEAN = np.array([0.485, 0.456, 0.406])
_DEVIATION = np.array([0.229, 0.224, 0.225])
_HALF = np.array([0.5, 0.5, 0.5])  # from 0 … 1 to −1 … 1


def photo_batch(pixels: Array, mean: Array, deviation: Array) -> Array:
    """Bytes (N, H, W, 3) as (N, 3, H, W), in shares of white, by a mean and deviation (3,).

    Examples
    --------
    >>> white = np.full((1, 2, 2, 3), 255, np.uint8)
    >>> photo_batch(white, np.array([0.5, 0.5, 0.5]), np.array([0.5, 0.5, 0.25]))[0, :, 0, 0]
    array([1., 1., 2.], dtype=float32)
    """
    normal = (pixels / 255 - mean) / deviation
    return np.asarray(normal.transpose(0, 3, 1, 2), np.float32)


def _bytes(*shape: int) -> Draw:
    return lambda rng: rng.integers(0, 256, (*shape, 3)).astype(np.uint8)


def _first(images: Array) -> Array:
    """Channels to the front."""
    return np.asarray(images.transpose(0, 3, 1, 2), np.float32)


def _own(pixels: Array) -> Array:
    axes = (0, 1, 2)
    return _first((pixels - pixels.mean(axis=axes)) / pixels.std(axis=axes))


def _reshaped(pixels: Array, mean: Array, deviation: Array) -> Array:
    n, h, w, channels = pixels.shape
    normal = (pixels / 255 - mean) / deviation
    return np.asarray(normal.reshape(n, channels, h, w), np.float32)


EXERCISE = Exercise(
    photo_batch,
    (
        Case(
            "with two photographs",
            {"pixels": _bytes(2, 4, 5), "mean": _MEAN, "deviation": _DEVIATION},
        ),
        Case(
            "with a network that wants −1 … 1",
            {"pixels": _bytes(2, 4, 4), "mean": _HALF, "deviation": _HALF},
        ),
        Case(
            "with a single photograph of 3×3",
            {"pixels": _bytes(1, 3, 3), "mean": _MEAN, "deviation": _DEVIATION},
        ),
        Case(
            "with three of them",
            {"pixels": _bytes(3, 6, 2), "mean": _DEVIATION, "deviation": _MEAN},
        ),
    ),
    axes="(N, C, H, W)",
    values=(
        Misconception(
            "half precision",
            lambda pixels, mean, deviation: photo_batch(pixels, mean, deviation).astype(np.float16),
            "The values pass through float16, which keeps three digits of them.",
        ),
        Misconception(
            "bytes less a mean of shares",
            lambda pixels, mean, deviation: _first((pixels - mean) / deviation),
            "The bytes run up to 255, but the mean lies between 0 and 1. Divide by 255 first.",
        ),
        Misconception(
            "divided by 256",
            lambda pixels, mean, deviation: _first((pixels / 256 - mean) / deviation),
            "A byte runs up to 255. You divided by 256, so white is not quite 1.",
        ),
        Misconception(
            "left over dropped",
            lambda pixels, mean, deviation: _first((pixels // 255 - mean) / deviation),
            "What is left over is dropped: divide with / instead of //, and keep floats.",
        ),
        Misconception(
            "scaled after the mean",
            lambda pixels, mean, deviation: _first((pixels - mean) / 255 / deviation),
            "The mean is subtracted from the bytes, and only then are they divided by 255. Divide first.",
        ),
        Misconception(
            "not normalised",
            lambda pixels, mean, deviation: _first(pixels / 255),
            "These run from 0 to 1. The mean is still in them, and they are not divided by "
            "the deviation.",
        ),
        Misconception(
            "only transposed",
            lambda pixels, mean, deviation: _first(pixels),
            "The axes are right, but these are still the bytes.",
        ),
        Misconception(
            "not divided",
            lambda pixels, mean, deviation: _first(pixels / 255 - mean),
            "The mean is subtracted, but nothing is divided by the deviation.",
        ),
        Misconception(
            "mean kept",
            lambda pixels, mean, deviation: _first(pixels / 255 / deviation),
            "It is divided by the deviation, but the mean is not subtracted.",
        ),
        Misconception(
            "mean added",
            lambda pixels, mean, deviation: _first((pixels / 255 + mean) / deviation),
            "The mean is added; subtract it.",
        ),
        Misconception(
            "scaled twice",
            lambda pixels, mean, deviation: _first((pixels / 127.5 - 1 - mean) / deviation),
            "The bytes are moved to −1 … 1, and then normalised once more. Only divide by 255, so that they lie between 0 and 1.",
        ),
        Misconception(
            "brightest pixel",
            lambda pixels, mean, deviation: _first((pixels / pixels.max() - mean) / deviation),
            "You divided by the brightest byte given. White is 255, whatever the photographs show.",
        ),
        Misconception(
            "only the mean divided",
            lambda pixels, mean, deviation: _first(pixels / 255 - mean / deviation),
            "Only the mean is divided: put parentheses around the difference.",
        ),
        Misconception(
            "multiplied",
            lambda pixels, mean, deviation: _first((pixels / 255 - mean) * deviation),
            "It is multiplied by the deviation. Divide by it.",
        ),
        Misconception(
            "variance",
            lambda pixels, mean, deviation: _first((pixels / 255 - mean) / deviation**2),
            "It is divided by the square of the deviation. Divide by the deviation itself.",
        ),
        Misconception(
            "root of the deviation",
            lambda pixels, mean, deviation: _first((pixels / 255 - mean) / np.sqrt(deviation)),
            "There is one root too many: divide by the deviation itself.",
        ),
        Misconception(
            "mean and deviation exchanged",
            lambda pixels, mean, deviation: photo_batch(pixels, deviation, mean),
            "The mean and the deviation have changed places.",
        ),
        Misconception(
            "own statistics",
            lambda pixels, mean, deviation: _own(pixels),
            "The photographs are normalised by their own mean and deviation. Take those that are "
            "handed over: the network was trained with them.",
        ),
        Misconception(
            "own statistics, one for all",
            lambda pixels, mean, deviation: _first((pixels - pixels.mean()) / pixels.std()),
            "The photographs are normalised by their own mean and deviation. Take those that are handed over: the network was trained with them.",
        ),
        Misconception(
            "first number for all",
            lambda pixels, mean, deviation: _first((pixels / 255 - mean[0]) / deviation[0]),
            "All channels have the mean and the deviation of red. Each has its own.",
        ),
        Misconception(
            "always −1 … 1",
            lambda pixels, mean, deviation: _first(pixels / 127.5 - 1),
            "This goes from −1 to 1 for every network. Take the mean and the deviation that are "
            "handed over.",
        ),
        Misconception(
            "blue first",
            lambda pixels, mean, deviation: photo_batch(pixels, mean, deviation)[:, ::-1],
            "The channels come out in reverse order: blue, green, red.",
        ),
        Misconception(
            "blue gets the numbers of red",
            lambda pixels, mean, deviation: photo_batch(pixels, mean[::-1], deviation[::-1]),
            "The mean and the deviation are in reverse order: red gets the numbers of blue.",
        ),
        Misconception(
            "turned round before",
            lambda pixels, mean, deviation: _first((pixels[..., ::-1] / 255 - mean) / deviation),
            "The channels are reversed first, so that blue gets the numbers of red. They are in the right order already: red, green, blue.",
        ),
        Misconception(
            "cut to −1 … 1",
            lambda pixels, mean, deviation: _first(
                np.clip((pixels / 255 - mean) / deviation, -1, 1)
            ),
            "What is below −1 or above 1 is cut off. Keep it as it is.",
        ),
        Misconception(
            "cut to 0 … 1",
            lambda pixels, mean, deviation: _first(
                np.clip((pixels / 255 - mean) / deviation, 0, 1)
            ),
            "What is below 0 or above 1 is cut off. Leave it as it is.",
        ),
        Misconception(
            "reshaped",
            _reshaped,
            "The numbers are cut into other pieces instead of turned: `reshape` leaves them in their order. "
            "Move the axis of the channels with `transpose`.",
        ),
        Misconception(
            "channels last",
            lambda pixels, mean, deviation: np.asarray(
                (pixels / 255 - mean) / deviation, np.float32
            ),
            "The channels still come last; PyTorch reads (N, C, H, W).",
        ),
        Misconception(
            "height and width exchanged",
            lambda pixels, mean, deviation: photo_batch(pixels, mean, deviation).swapaxes(2, 3),
            "Height and width have changed places, so the photographs lie on their side.",
        ),
        Misconception(
            "one deviation for all",
            lambda pixels, mean, deviation: photo_batch(
                pixels, np.full(3, mean.mean()), np.full(3, deviation.mean())
            ),
            "All channels have one mean and one deviation. Each has its own.",
        ),
    ),
)
