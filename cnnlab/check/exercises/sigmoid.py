"""The sigmoid: any number to one between 0 and 1."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common import elementwise, generic
from cnnlab.check.exercises.common.base import Exercise
from cnnlab.scratch import functional as F

EXERCISE = Exercise(
    F.sigmoid,
    elementwise.CASES,
    axes="of x",
    asks=elementwise.ASKS,
    backward=F.sigmoid_backward,
    values=(
        Misconception(
            "turned", lambda x: F.sigmoid(-x)[0], "It falls where it must rise: look at a sign."
        ),
        Misconception("tanh", np.tanh, "This is tanh, which runs from −1 to 1."),
    ),
    gradients=(*generic.gradients(F.sigmoid_backward), *generic.batches(F.sigmoid_backward)),
)
