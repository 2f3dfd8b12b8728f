"""Pixels as a camera's library gives them, made what a network was trained on."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw, Exercise
from cnnlab.scratch.functional.checks import Array


def as_trained(pixels: Array) -> Array:
    """Red, green, blue from −1 to 1, channels first: (H, W, 3) bytes, blue first -> (3, H, W).

    Examples
    --------
    >>> blue = np.array([[[255, 0, 0]]], np.uint8)
    >>> as_trained(blue)[:, 0, 0]
    array([-1., -1.,  1.])
    """
    return _scaled(pixels)[..., ::-1].transpose(2, 0, 1)


def _scaled(pixels: Array) -> Array:
    return np.asarray(pixels / 127.5 - 1)


def _bytes(height: int, width: int) -> Draw:
    return lambda rng: rng.integers(0, 256, (height, width, 3)).astype(np.uint8)


def _first(values: Array) -> Array:
    return values.transpose(2, 0, 1)


# What torchvision's networks were trained with.
_MEAN, _DEVIATION = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])

EXERCISE = Exercise(
    as_trained,
    (
        Case(
            "with two pixels",
            {"pixels": np.array([[[255, 0, 51]], [[0, 102, 204]]], np.uint8)},
        ),
        Case("with a small picture", {"pixels": _bytes(4, 4)}),
        Case("with a picture that is not square", {"pixels": _bytes(3, 5)}),
    ),
    axes="(3, H, W)",
    values=(
        Misconception(
            "blue first",
            lambda pixels: _first(_scaled(pixels)),
            "Blue still comes first. Reverse the channels, `[..., ::-1]`.",
        ),
        Misconception(
            "from 0 to 1",
            lambda pixels: _first(pixels[..., ::-1] / 255),
            "These lie between 0 and 1. The network was trained on −1 to 1.",
        ),
        Misconception(
            "from 0 to 1, blue first",
            lambda pixels: _first(pixels / 255),
            "These lie between 0 and 1, and blue still comes first.",
        ),
        Misconception(
            "from 0 to 2",
            lambda pixels: _first(pixels[..., ::-1] / 127.5),
            "These lie between 0 and 2. Subtract 1.",
        ),
        Misconception(
            "left over dropped",
            lambda pixels: _first(pixels[..., ::-1] // 127.5 - 1),
            "What is left over is dropped: divide with / instead of //.",
        ),
        Misconception(
            "rounded",
            lambda pixels: _first(np.round(pixels[..., ::-1] / 127.5 - 1)),
            "The values are rounded. Keep all digits.",
        ),
        Misconception(
            "bytes with a sign",
            lambda pixels: _first(pixels[..., ::-1].astype(np.int8) / 127.5 - 1),
            "Bytes above 127 have become negative: int8 has no room for them.",
        ),
        Misconception(
            "brightest pixel",
            lambda pixels: _first(pixels[..., ::-1] / pixels.max() * 2 - 1),
            "You divided by the brightest pixel of this picture. White is 255 in every picture.",
        ),
        Misconception(
            "own mean and deviation",
            lambda pixels: _first((pixels[..., ::-1] - pixels.mean()) / pixels.std()),
            "The picture is scaled by its own mean and deviation. Every picture is scaled alike: 0 becomes −1, 255 becomes 1.",
        ),
        Misconception(
            "not scaled",
            lambda pixels: _first(pixels[..., ::-1]).astype(float),
            "These are still numbers up to 255. The network was trained on −1 to 1.",
        ),
        Misconception(
            "from -127 to 128",
            lambda pixels: _first(pixels[..., ::-1]) - 127.5,
            "0 is in the middle now, but the numbers reach to 127.5. Divide by it.",
        ),
        Misconception(
            "from -0.5 to 0.5",
            lambda pixels: _first(pixels[..., ::-1]) / 255 - 0.5,
            "These lie between −0.5 and 0.5. The network was trained on −1 to 1.",
        ),
        Misconception(
            "divided by 128",
            lambda pixels: _first(pixels[..., ::-1] / 128 - 1),
            "White is not quite 1: a byte reaches to 255, and half of that is 127.5.",
        ),
        Misconception(
            "divided by 127",
            lambda pixels: _first(pixels[..., ::-1] / 127 - 1),
            "White is more than 1: a byte reaches to 255, and half of that is 127.5.",
        ),
        Misconception(
            "mean and deviation of ImageNet",
            lambda pixels: _first((pixels[..., ::-1] / 255 - _MEAN) / _DEVIATION),
            "These are scaled by ImageNet's mean and deviation, as other networks want it. "
            "EfficientNet-Lite0 was trained on −1 to 1.",
        ),
        Misconception(
            "bytes that run over",
            lambda pixels: _first(((pixels * np.uint8(2)) / 255 - 1)[..., ::-1]),
            "Twice a byte does not fit into a byte, so bright pixels became dark. Divide first, "
            "which makes them floats.",
        ),
        *(
            Misconception(
                f"bytes that run under, {middle}, {half}",
                lambda pixels, middle=middle, half=half: _first(
                    (pixels[..., ::-1] - np.uint8(middle)) / half
                ),
                "A byte cannot be negative, so that dark pixels became bright. Divide first, which "
                "makes them floats.",
            )
            for middle in (127, 128)
            for half in (127, 127.5, 128)
        ),
        Misconception(
            "upside down",
            lambda pixels: _first(_scaled(pixels)[::-1]),
            "The rows are reversed, and the picture is upside down. The channels are the "
            "*last* axis.",
        ),
        Misconception(
            "mirrored",
            lambda pixels: _first(_scaled(pixels)[:, ::-1]),
            "The columns are reversed, so the picture is mirrored. The channels are the *last* "
            "axis.",
        ),
        Misconception(
            "reshaped",
            lambda pixels: _scaled(pixels)[..., ::-1].reshape(3, *pixels.shape[:2]),
            "`reshape` keeps the order of the numbers, so that pixels and channels are mixed up. "
            "`transpose(2, 0, 1)` moves the axis.",
        ),
        Misconception(
            "reshaped, blue first",
            lambda pixels: _scaled(pixels).reshape(3, *pixels.shape[:2]),
            "`reshape` keeps the order of the numbers, so that pixels and channels are mixed up; "
            "`transpose(2, 0, 1)` moves the axis. And blue still comes first.",
        ),
        Misconception(
            "rows and columns exchanged",
            lambda pixels: (
                _scaled(pixels)[..., ::-1].T if pixels.shape[0] == pixels.shape[1] else None
            ),
            "`.T` reverses all axes, rows and columns too. Move the channels alone, "
            "`transpose(2, 0, 1)`.",
        ),
        Misconception(
            "turned negative",
            lambda pixels: -as_trained(pixels),
            "White has become −1 and black 1: a negative.",
        ),
        *(
            Misconception(
                f"channels {order}",
                lambda pixels, order=order: _first(_scaled(pixels)[..., list(order)]),
                "The channels are in another order: blue and red change places, green stays.",
            )
            for order in ((1, 0, 2), (0, 2, 1), (1, 2, 0), (2, 0, 1))
        ),
    ),
    shapes=(
        Misconception(
            "channels last",
            lambda pixels: pixels.shape,
            "The channels come last. PyTorch wants them first: `transpose(2, 0, 1)`.",
        ),
        Misconception(
            "a batch",
            lambda pixels: (1, 3, *pixels.shape[:2]),
            "There is an axis of images in front. One picture was asked for.",
        ),
        Misconception(
            "all axes turned",
            lambda pixels: pixels.shape[::-1],
            "`.T` reverses all axes, rows and columns too. Move the channels alone, "
            "`transpose(2, 0, 1)`.",
        ),
        Misconception(
            "grey",
            lambda pixels: pixels.shape[:2],
            "The colours are gone.",
        ),
    ),
)
