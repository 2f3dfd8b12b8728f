"""Slips of functions that the mutants do not have, as rows: a name, a wrong model, a sentence."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnlab.check.code.trials import Call, Outputs
from cnnlab.check.exercises.back_slips import OVERWRITTEN
from cnnlab.check.exercises.digit_slips import DIGIT_SLIPS
from cnnlab.check.exercises.kernel_slips import SlipRow
from cnnlab.check.exercises.window_slips import WINDOW_SLIPS
from cnnlab.scratch import functional as F
from cnnlab.scratch.functional.checks import Array


def _right(logits: Array, labels: Array) -> int:
    return int((logits.argmax(axis=1) == labels).sum())


SLIPS: dict[str, tuple[SlipRow, ...]] = {
    **WINDOW_SLIPS,
    "cross_entropy": (
        (
            "every label for every example",
            lambda x, t: float(-np.log(F.softmax(x)[0])[:, t].mean()),
            "Every example is compared with the labels of all examples: take one for each row.",
        ),
        (
            "all classes",
            lambda x, t: float(-np.log(F.softmax(x)[0]).mean()),
            "All classes count alike: only the probability of the label matters.",
        ),
    ),
    "max_pool2d": (
        (
            "over channels",
            lambda x, k, **s: np.broadcast_to(
                F.max_pool(x, k, **s)[0].max(1, keepdims=True), F.max_pool(x, k, **s)[0].shape
            ),
            "The maximum runs over the channels too, but pooling keeps them apart.",
        ),
        (
            "over everything",
            lambda x, k, **s: np.broadcast_to(
                F.max_pool(x, k, **s)[0].max((0, 1)), F.max_pool(x, k, **s)[0].shape
            ),
            "The maximum runs over images and channels too, but pooling keeps them apart.",
        ),
    ),
    "pad2d": (
        (
            "edge",
            lambda x, p: np.pad(x, [(0, 0)] * (x.ndim - 2) + [(p, p)] * 2, mode="edge"),
            "The padding repeats the edge; here it must be zeros.",
        ),
        (
            "half",
            lambda x, p: np.pad(x, [(0, 0)] * (x.ndim - 2) + [(p, 0)] * 2),
            "The padding lies above and to the left only; it belongs on all four sides.",
        ),
        (
            "one axis",
            lambda x, p: np.pad(x, [(0, 0)] * (x.ndim - 1) + [(p, p)]),
            "Only the columns are padded.",
        ),
        (
            "every axis",
            lambda x, p: np.pad(x, p),
            "Every axis is padded; images and channels must keep their number.",
        ),
    ),
    "softmax": (
        (
            "over everything",
            lambda x: np.exp(x - x.max()) / np.exp(x - x.max()).sum(),
            "All probabilities of the batch sum to 1; those of each example must.",
        ),
    ),
    "accuracy": (
        (
            "percent",
            lambda x, t: 100 * _right(x, t) / len(t),
            "This is in percent; give a share from 0 to 1.",
        ),
        (
            "number of right ones",
            _right,
            "This counts the right examples; divide by how many there are.",
        ),
        (
            "share of wrong ones",
            lambda x, t: 1 - _right(x, t) / len(t),
            "This is the share of wrong answers, not of right ones.",
        ),
    ),
    "mse_loss": (
        ("summed", lambda a, b: ((a - b) ** 2).sum(), "The squares are summed, not averaged."),
        (
            "summed over features",
            lambda a, b: ((a - b) ** 2).sum() / len(a),
            "The mean is over examples only; here it is over all numbers.",
        ),
        ("halved", lambda a, b: ((a - b) ** 2).mean() / 2, "There is a factor ½ too much."),
        ("root", lambda a, b: ((a - b) ** 2).mean() ** 0.5, "This is the root of the mean square."),
        (
            "absolute",
            lambda a, b: np.abs(a - b).mean(),
            "This averages sizes of errors: square them.",
        ),
        ("not squared", lambda a, b: (a - b).mean(), "Errors of both signs cancel: square them."),
    ),
    **DIGIT_SLIPS,
    "sigmoid": (
        ("turned", lambda x: F.sigmoid(-x)[0], "It falls where it must rise: look at a sign."),
        ("tanh", lambda x: np.tanh(x), "This is tanh, which runs from −1 to 1."),
    ),
    "tanh": (("sigmoid", lambda x: F.sigmoid(x)[0], "This is the sigmoid, from 0 to 1."),),
}


def _overwrites(mean: bool) -> Callable[[tuple[Call, Array]], Outputs | None]:
    """Windows that set the gradient of their pixels instead of adding to it."""

    def model(setting: tuple[Call, Array]) -> Outputs | None:
        made, dy = setting
        x, size = made.args
        if set(made.settings) - {"stride"} or not isinstance(size, int):
            return None
        stride, dx = made.settings.get("stride") or size, np.zeros_like(x)
        for n, c, i, j in np.ndindex(dy.shape):
            place = n, c, slice(i * stride, i * stride + size), slice(j * stride, j * stride + size)
            share = np.full((size, size), 1 / size**2)
            if not mean:
                share = np.zeros((size, size))
                share.flat[x[place].argmax()] = 1
            dx[place] = share * dy[n, c, i, j]
        return (dx,)

    return model


BACKWARD_SLIPS: dict[str, tuple[tuple[str, Any, str], ...]] = {
    "avg_pool2d": (("windows overwritten", _overwrites(mean=True), OVERWRITTEN),),
    "max_pool2d": (("windows overwritten", _overwrites(mean=False), OVERWRITTEN),),
}
