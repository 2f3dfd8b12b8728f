"""All windows of images, one after another."""

from cnnlab.check.exercises.common import generic
from cnnlab.check.exercises.common.base import Exercise
from cnnlab.check.exercises.im2col import CASES, windows

EXERCISE = Exercise(
    windows,
    tuple(case for case in CASES if "padding" not in case.settings),
    axes="(N, C, H', W', kh, kw)",
    asks=("stride",),
    view=True,
    values=generic.left_out(windows, "stride"),
)
