"""Subjects on the way from raw images to a verdict: preparing, normalising, counting mistakes."""

from typing import Any

import numpy as np

from cnnlab.check.exercises.cases import Case, Draw, Subject, labels
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


def prepare_subject() -> Subject:
    """Rows of bytes as images."""

    def bytes_below(end: int, count: int) -> Draw:
        return lambda rng: rng.integers(0, end, (count, _SIDE * _SIDE)).astype(np.uint8)

    cases = (
        Case("with three rows of bytes", {"pixels": bytes_below(256, 3)}),
        Case("with dark images", {"pixels": bytes_below(100, 2)}),
        Case("with a single row", {"pixels": bytes_below(256, 1)}),
    )
    return Subject(prepare_images, cases, "(N, C, H, W)")


def normalize(train: Array, new: Array) -> Array:
    """New images by the mean and the standard deviation of the training images.

    Examples
    --------
    >>> normalize(np.array([1.0, 3.0]), np.array([2.0, 5.0]))
    array([0., 3.])
    """
    scaled: Array = (new - train.mean()) / train.std()
    return scaled


def normalize_subject() -> Subject:
    """New images by the statistics of the training images."""

    def bright(*shape: int) -> Draw:
        return lambda rng: 5 + 3 * rng.standard_normal(shape)

    def dark(*shape: int) -> Draw:
        return lambda rng: 1 + rng.standard_normal(shape)

    many = bright(100, 1, 3, 4)
    cases = (
        Case("with a few images", {"train": many, "new": dark(4, 1, 3, 4)}),
        Case("with a single new image", {"train": many, "new": dark(1, 1, 3, 4)}),
        Case("with bright images", {"train": many, "new": bright(5, 1, 3, 4)}),
    )
    # n or n - 1 pixels, a little more under the root: with many pixels it comes to the same.
    return Subject(normalize, cases, "of new", tolerance=1e-3)


def confusion_matrix(true: Array, predicted: Array, classes: int) -> Array:
    """How often each class, down, was taken for each, across, (K, K).

    Examples
    --------
    >>> confusion_matrix(np.array([0, 1, 1]), np.array([0, 0, 1]), 2)
    array([[1, 0],
           [1, 1]])
    """
    table = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(table, (true, predicted), 1)
    return table


def confusion_subject() -> Subject:
    """How often each class was taken for which."""

    def case(words: str, examples: int, seen: int, classes: int) -> Case:
        drawn: dict[str, Any] = {
            "true": labels(examples, seen),
            "predicted": labels(examples, seen),
        }
        return Case(words, drawn | {"classes": classes})

    cases = (
        case("with three classes", 20, 3, 3),
        case("with many examples", 200, 4, 4),
        case("with a class that no example has", 30, 3, 5),
    )
    return Subject(confusion_matrix, cases, "(true class, predicted class)")
