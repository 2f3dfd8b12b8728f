"""The hyperbolic tangent: any number to one between −1 and 1."""

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common import elementwise, generic
from cnnlab.check.exercises.common.base import Exercise
from cnnlab.scratch import functional as F

EXERCISE = Exercise(
    F.tanh,
    elementwise.CASES,
    axes="of x",
    asks=elementwise.ASKS,
    backward=F.tanh_backward,
    values=(
        Misconception("sigmoid", lambda x: F.sigmoid(x)[0], "This is the sigmoid, from 0 to 1."),
    ),
    gradients=(*generic.gradients(F.tanh_backward), *generic.batches(F.tanh_backward)),
)
