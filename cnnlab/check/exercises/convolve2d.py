"""Convolution of one image with one kernel, in the strict sense."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common import sliding
from cnnlab.check.exercises.common.base import Exercise
from cnnlab.check.exercises.common.sliding import half_turn
from cnnlab.scratch import naive

_slide = naive.cross_correlate2d
_ELSEWHERE = "Something else than the kernel is turned: turn the kernel alone, before it slides."
_QUARTER = "The kernel has made a quarter of a turn; convolution gives it half a turn."

EXERCISE = Exercise(
    naive.convolve2d,
    sliding.cases("image", (5, 7), (2, 3), *sliding.OVER),
    axes="(H', W')",
    values=(
        Misconception("not flipped", _slide, sliding.NOT_FLIPPED),
        Misconception(
            "flipped upside down",
            lambda x, k: _slide(x, k[::-1]),
            "The kernel is mirrored along its rows only; convolution turns it by 180 degrees.",
        ),
        Misconception(
            "flipped left to right",
            lambda x, k: _slide(x, k[:, ::-1]),
            "The kernel is mirrored along its columns only; convolution turns it by 180 degrees.",
        ),
        Misconception(
            "sign for half a turn",
            lambda x, k: _slide(x, -k),
            "The kernel's sign is changed: a half turn moves the weights and keeps their signs.",
        ),
        Misconception(
            "kernel transposed",
            lambda x, k: _slide(x, k.T),
            "Rows and columns of the kernel are exchanged; half a turn keeps its shape.",
        ),
        Misconception(
            "a quarter turn",
            lambda x, k: _slide(x, np.rot90(k)),
            _QUARTER,
        ),
        Misconception(
            "a quarter turn clockwise", lambda x, k: _slide(x, np.rot90(k, -1)), _QUARTER
        ),
        Misconception("image turned", lambda x, k: _slide(half_turn(x), k), _ELSEWHERE),
        Misconception("output turned", lambda x, k: half_turn(_slide(x, k)), _ELSEWHERE),
    ),
    shapes=(
        Misconception(
            "kernel transposed",
            lambda x, k: sliding.places(x.shape, k.shape[::-1]),
            "Rows and columns of the kernel are exchanged; half a turn keeps its shape.",
        ),
    ),
)
