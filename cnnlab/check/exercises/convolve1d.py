"""Convolution of one signal with one kernel, in the strict sense."""

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common import sliding
from cnnlab.check.exercises.common.base import Exercise
from cnnlab.scratch import naive

EXERCISE = Exercise(
    naive.convolve1d,
    sliding.cases("signal", (7,), (3,), *sliding.ALONG),
    axes="(L',)",
    values=(Misconception("not flipped", naive.cross_correlate1d, sliding.NOT_FLIPPED),),
)
