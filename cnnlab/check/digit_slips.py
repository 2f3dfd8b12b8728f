"""Slips on the way from raw images to a verdict, as rows: a name, a wrong model, a sentence."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnlab.check import digit_subjects as digits

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
    ),
    "normalize": (
        (
            "own statistics",
            lambda train, new: digits.normalize(new, new),
            "The new images are normalised with their own mean and deviation.",
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
            "variance",
            lambda train, new: (new - train.mean()) / train.var(),
            "You divided by the variance; take the standard deviation, its root.",
        ),
        (
            "one pixel fewer",
            lambda train, new: (new - train.mean()) / train.std(ddof=1),
            "The deviation divides by one less than the number of pixels; here by their number.",
        ),
        (
            "training images",
            lambda train, new: digits.normalize(train, train[: len(new)]),
            "These are the training images; the new ones are asked for.",
        ),
    ),
    "one_hot": (
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
