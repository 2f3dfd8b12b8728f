"""Zeros on all four sides of images."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch.functional.checks import Array


def pad2d(x: Array, padding: int) -> Array:
    """Zeros on all four sides of images, (..., H + 2p, W + 2p).

    Examples
    --------
    >>> pad2d(np.ones((3, 4)), 1).shape
    (5, 6)
    """
    return np.pad(x, [(0, 0)] * (x.ndim - 2) + [(padding, padding)] * 2)


EXERCISE = Exercise(
    pad2d,
    (
        Case("with padding 1", {"x": normal(2, 3), "padding": 1}),
        Case("with padding 3", {"x": normal(4, 2), "padding": 3}),
        Case(
            "with several images and channels",
            {"x": normal(2, 3, 4, 5), "padding": 2},
            needs="maps",
        ),
    ),
    axes="(H + 2p, W + 2p)",
    values=(
        Misconception(
            "edge",
            lambda x, p: np.pad(x, [(0, 0)] * (x.ndim - 2) + [(p, p)] * 2, mode="edge"),
            "The padding repeats the edge; here it must be zeros.",
        ),
        Misconception(
            "half",
            lambda x, p: np.pad(x, [(0, 0)] * (x.ndim - 2) + [(p, 0)] * 2),
            "The padding lies above and to the left only; it belongs on all four sides.",
        ),
        Misconception(
            "one axis",
            lambda x, p: np.pad(x, [(0, 0)] * (x.ndim - 1) + [(p, p)]),
            "Only the columns are padded.",
        ),
        Misconception(
            "every axis",
            lambda x, p: np.pad(x, p),
            "Every axis is padded; images and channels must keep their number.",
        ),
    ),
)
