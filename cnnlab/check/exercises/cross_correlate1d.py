"""Cross-correlation of one signal with one kernel."""

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common import sliding
from cnnlab.check.exercises.common.base import Exercise
from cnnlab.scratch import naive

EXERCISE = Exercise(
    naive.cross_correlate1d,
    sliding.cases("signal", (7,), (3,), *sliding.ALONG),
    axes="(L',)",
    values=(Misconception("flipped", naive.convolve1d, sliding.FLIPPED),),
)
