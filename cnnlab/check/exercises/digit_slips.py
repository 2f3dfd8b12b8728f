"""Slips on the way from raw images to a verdict, as rows: a name, a wrong model, a sentence."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnlab.check.exercises import digit_subjects as digits
from cnnlab.scratch.functional.checks import Array

_SHARES = "These are shares; counts are asked for."
_ONE_IMAGE = "Only one image is counted. Make the table before the loop, and return it after."


def _share(axis: int | None) -> Callable[..., Array]:
    """Counts as shares of their row, of their column, or of all images."""

    def model(true: Array, predicted: Array, k: int) -> Array:
        counts = digits.confusion_matrix(true, predicted, k)
        return np.asarray(counts / np.maximum(counts.sum(axis=axis, keepdims=True), 1))

    return model


DIGIT_SLIPS: dict[str, tuple[tuple[str, Callable[..., Any], str], ...]] = {
    "confusion_matrix": (
        (
            "transposed",
            lambda true, predicted, k: digits.confusion_matrix(predicted, true, k),
            "Rows and columns are exchanged: the true class goes down, the predicted one across.",
        ),
        (
            "right ones only",
            lambda true, predicted, k: np.diag(np.bincount(true[true == predicted], minlength=k)),
            "Only the right answers are counted; the mistakes belong off the diagonal.",
        ),
        (
            "mistakes only",
            lambda true, predicted, k: (
                digits.confusion_matrix(true, predicted, k) * (1 - np.eye(k, dtype=int))
            ),
            "The diagonal is empty: right answers are counted too.",
        ),
        (
            "each pair once",
            lambda true, predicted, k: digits.confusion_matrix(true, predicted, k).clip(max=1),
            "A pair that occurs twice is counted once. Go through the images one by one, and add "
            "1 each time.",
        ),
        (
            "last image only",
            lambda true, predicted, k: digits.confusion_matrix(true[-1:], predicted[-1:], k),
            _ONE_IMAGE,
        ),
        (
            "first image only",
            lambda true, predicted, k: digits.confusion_matrix(true[:1], predicted[:1], k),
            _ONE_IMAGE,
        ),
        ("shares of rows", _share(1), _SHARES),
        ("shares of columns", _share(0), _SHARES),
        ("shares of all", _share(None), _SHARES),
        (
            "ten classes",
            lambda true, predicted, k: digits.confusion_matrix(true, predicted, 10),
            "It makes ten rows and columns, whatever classes is given.",
        ),
    ),
    "normalize": (
        (
            "not normalised",
            lambda train, new: new,
            "The new images come back as they were.",
        ),
        (
            "own statistics",
            lambda train, new: digits.normalize(new, new),
            "The new images are normalised with their own mean and deviation.",
        ),
        (
            "own deviation",
            lambda train, new: (new - train.mean()) / new.std(),
            "The mean is that of the training images, the deviation is not.",
        ),
        (
            "own mean",
            lambda train, new: (new - new.mean()) / train.std(),
            "The deviation is that of the training images, the mean is not.",
        ),
        (
            "all together",
            lambda train, new: digits.normalize(np.concatenate([train, new]), new),
            "The new images have a say in the mean and the deviation.",
        ),
        (
            "each pixel",
            lambda train, new: (new - train.mean(axis=0)) / train.std(axis=0),
            "Each pixel has a mean of its own; here one mean serves them all.",
        ),
        (
            "not divided",
            lambda train, new: new - train.mean(),
            "The mean is taken off, but nothing is divided by the deviation.",
        ),
        (
            "mean kept",
            lambda train, new: new / train.std(),
            "It is divided by the deviation, but the mean is not taken off.",
        ),
        (
            "only the mean divided",
            lambda train, new: new - train.mean() / train.std(),
            "Only the mean was divided: put brackets around the difference.",
        ),
        (
            "variance",
            lambda train, new: (new - train.mean()) / train.var(),
            "You divided by the variance; take the standard deviation, its root.",
        ),
        (
            "training images",
            lambda train, new: digits.normalize(train, train[: len(new)]),
            "These are the training images; the new ones are asked for.",
        ),
        (
            "all training images",
            lambda train, new: digits.normalize(train, train),
            "You normalised the training images; the new ones are asked for.",
        ),
        (
            "arguments exchanged",
            lambda train, new: digits.normalize(new, train),
            "They have changed places: you normalised the training images by the new ones.",
        ),
    ),
    "one_hot": (
        (
            "still numbers",
            lambda labels, k: labels,
            "The labels are still numbers; each must become a row of 0 and 1.",
        ),
        (
            "ten classes",
            lambda labels, k: np.eye(10)[labels],
            "It makes ten columns, whatever classes is given.",
        ),
        (
            "classes seen",
            lambda labels, k: np.eye(labels.max() + 1)[labels],
            "It makes columns up to the largest label given: a class that no label has needs one.",
        ),
        (
            "twice",
            lambda labels, k: np.eye(k)[np.eye(k, dtype=int)[labels]],
            "The labels are encoded twice: each 0 and 1 has become a row of its own.",
        ),
        (
            "counted from 1",
            lambda labels, k: np.eye(k + 1)[labels + 1],
            "There is a column too many: count the classes from 0.",
        ),
        (
            "transposed",
            lambda labels, k: np.eye(k)[labels].T,
            "Each label is a column here; it must be a row.",
        ),
    ),
    "prepare_images": (
        (
            "not scaled",
            lambda pixels: 255 * digits.prepare_images(pixels),
            "The values still run up to 255: scale them to the range from 0 to 1.",
        ),
        (
            "divided by 256",
            lambda pixels: digits.prepare_images(pixels) * (255 / 256),
            "A byte runs up to 255. You divided by 256, so white is not quite 1.",
        ),
        (
            "left over dropped",
            lambda pixels: digits.prepare_images(pixels) // 1,
            "What is left over is dropped: divide with / instead of //, and keep floats.",
        ),
        (
            "channels last",
            lambda pixels: digits.prepare_images(pixels).transpose(0, 2, 3, 1),
            "The channel stands last; PyTorch reads (N, C, H, W).",
        ),
        (
            "no channel",
            lambda pixels: digits.prepare_images(pixels)[:, 0],
            "The axis of the channel is missing: grey images have one channel.",
        ),
        (
            "own maximum",
            lambda pixels: digits.prepare_images(pixels) * (255 / pixels.max()),
            "You divided by the brightest pixel given; a dark image must stay dark.",
        ),
        (
            "rows left flat",
            lambda pixels: pixels / 255,
            "The rows are still flat: give each image its height and width.",
        ),
    ),
}
