"""New images by the mean and the standard deviation of the training images."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw, Exercise
from cnnlab.scratch.functional.checks import Array


def normalize(train: Array, new: Array) -> Array:
    """New images by the mean and the standard deviation of the training images.

    Examples
    --------
    >>> normalize(np.array([1.0, 3.0]), np.array([2.0, 5.0]))
    array([0., 3.])
    """
    scaled: Array = (new - train.mean()) / train.std()
    return scaled


def _bright(*shape: int) -> Draw:
    return lambda rng: 5 + 3 * rng.standard_normal(shape)


def _dark(*shape: int) -> Draw:
    return lambda rng: 1 + rng.standard_normal(shape)


_MANY = _bright(100, 1, 3, 4)

EXERCISE = Exercise(
    normalize,
    (
        Case("with a few images", {"train": _MANY, "new": _dark(4, 1, 3, 4)}),
        Case("with a single new image", {"train": _MANY, "new": _dark(1, 1, 3, 4)}),
        Case("with bright images", {"train": _MANY, "new": _bright(5, 1, 3, 4)}),
    ),
    axes="of new",
    # n or n - 1 pixels, a little more under the root: with many pixels it comes to the same.
    tolerance=1e-3,
    values=(
        Misconception(
            "not normalised", lambda train, new: new, "The new images come back as they were."
        ),
        Misconception(
            "own statistics",
            lambda train, new: normalize(new, new),
            "The new images are normalised with their own mean and deviation.",
        ),
        Misconception(
            "own deviation",
            lambda train, new: (new - train.mean()) / new.std(),
            "The mean is that of the training images, the deviation is not.",
        ),
        Misconception(
            "own mean",
            lambda train, new: (new - new.mean()) / train.std(),
            "The deviation is that of the training images, the mean is not.",
        ),
        Misconception(
            "all together",
            lambda train, new: normalize(np.concatenate([train, new]), new),
            "The new images have a say in the mean and the deviation.",
        ),
        Misconception(
            "each pixel",
            lambda train, new: (new - train.mean(axis=0)) / train.std(axis=0),
            "Each pixel has a mean of its own; here one mean serves them all.",
        ),
        Misconception(
            "each pixel's mean",
            lambda train, new: (new - train.mean(axis=0)) / train.std(),
            "Each pixel has a mean of its own; here one mean serves them all.",
        ),
        Misconception(
            "range of the training images",
            lambda train, new: (new - train.min()) / np.ptp(train),
            "You moved the values into the range from 0 to 1. Subtract the mean, and divide by the "
            "standard deviation.",
        ),
        Misconception(
            "own range",
            lambda train, new: (new - new.min()) / np.ptp(new),
            "You moved the new images into their own range from 0 to 1. Subtract the mean of the "
            "training images, and divide by their deviation.",
        ),
        Misconception(
            "median",
            lambda train, new: (new - np.median(train)) / train.std(),
            "You subtracted the median; subtract the mean.",
        ),
        Misconception(
            "mean added",
            lambda train, new: (new + train.mean()) / train.std(),
            "The mean is added; subtract it.",
        ),
        Misconception(
            "turned round",
            lambda train, new: (train.mean() - new) / train.std(),
            "You subtracted the images from the mean; subtract the mean from the images.",
        ),
        Misconception(
            "multiplied",
            lambda train, new: (new - train.mean()) * train.std(),
            "You multiplied by the deviation; divide by it.",
        ),
        Misconception(
            "root of the deviation",
            lambda train, new: (new - train.mean()) / np.sqrt(train.std()),
            "You took a root too many: the standard deviation is the root of the variance already.",
        ),
        Misconception(
            "numbers of MNIST",
            lambda train, new: (new - 0.1307) / 0.3081,
            "These are the mean and the deviation of MNIST; take those of the training images.",
        ),
        Misconception(
            "not divided",
            lambda train, new: new - train.mean(),
            "The mean is subtracted, but nothing is divided by the deviation.",
        ),
        Misconception(
            "mean kept",
            lambda train, new: new / train.std(),
            "It is divided by the deviation, but the mean is not subtracted.",
        ),
        Misconception(
            "only the mean divided",
            lambda train, new: new - train.mean() / train.std(),
            "Only the mean was divided: put brackets around the difference.",
        ),
        Misconception(
            "variance",
            lambda train, new: (new - train.mean()) / train.var(),
            "You divided by the variance; take the standard deviation, its root.",
        ),
        Misconception(
            "training images",
            lambda train, new: normalize(train, train[: len(new)]),
            "These are the training images; the new ones are asked for.",
        ),
        Misconception(
            "all training images",
            lambda train, new: normalize(train, train),
            "You normalised the training images; the new ones are asked for.",
        ),
        Misconception(
            "arguments exchanged",
            lambda train, new: normalize(new, train),
            "They have changed places: you normalised the training images by the new ones.",
        ),
    ),
)
