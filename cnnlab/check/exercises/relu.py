"""ReLU: negative numbers become 0, and so do their gradients."""

from typing import NamedTuple

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common import elementwise, generic
from cnnlab.check.exercises.common.base import Exercise
from cnnlab.scratch import functional as F
from cnnlab.scratch.functional.checks import Array


class Cache(NamedTuple):
    """What the backward pass needs, and what wrong ones look at."""

    y: Array
    x: Array


def relu(x: Array) -> tuple[Array, Cache]:
    """The positive part: 0 for negative numbers.

    Examples
    --------
    >>> relu(np.array([-1.0, 2.0]))[0]
    array([0., 2.])
    """
    y, _ = F.relu(x)
    return y, Cache(y, x)


EXERCISE = Exercise(
    relu,
    elementwise.CASES,
    axes="of x",
    asks=elementwise.ASKS,
    backward=F.relu_backward,
    values=(
        *generic.values(F.relu),
        Misconception("identity", np.copy, "Negative numbers pass unchanged."),
        Misconception(
            "absolute value", np.abs, "Negative numbers become positive, but ReLU sets them to 0."
        ),
        Misconception(
            "minimum",
            lambda x: np.minimum(x, 0),
            "The negative numbers are kept and the positive ones lost.",
        ),
        Misconception(
            "leaky",
            lambda x: np.where(x > 0, x, x * 0.01),
            "Negative numbers leak through: this is leaky ReLU.",
        ),
        Misconception(
            "cut at 1",
            lambda x: np.clip(x, 0, 1),
            "Large numbers are cut off, but ReLU has no upper end.",
        ),
        Misconception(
            "step",
            lambda x: (x > 0).astype(x.dtype),
            "This says whether a number is positive; ReLU keeps the number.",
        ),
        Misconception("threshold 0.1", lambda x: np.maximum(x, 0.1), "The threshold is not at 0."),
    ),
    gradients=(
        *generic.gradients(F.relu_backward),
        Misconception(
            "slope 1 at 0",
            lambda dy, c: dy * (c.x >= 0),
            "The gradient passes where the input is exactly 0, and it must stop there.",
        ),
        Misconception(
            "passes everything",
            lambda dy, c: dy.copy(),
            "The gradient passes everywhere: where the input is below 0, it must stop.",
        ),
        Misconception(
            "mask turned",
            lambda dy, c: dy * (c.y <= 0),
            "The gradient passes where it must stop, and stops where it must pass.",
        ),
        Misconception(
            "mask of dy",
            lambda dy, c: dy * (dy > 0),
            "What decides is the sign of the input, not that of dy.",
        ),
        Misconception(
            "guided",
            lambda dy, c: dy * (c.y > 0) * (dy > 0),
            "Negative upstream gradients are lost: the sign of dy plays no part.",
        ),
        Misconception(
            "slope of leaky ReLU",
            lambda dy, c: dy * np.where(c.y > 0, 1, 0.01),
            "A hundredth of dy leaks through where the input is negative; ReLU lets nothing pass.",
        ),
        Misconception(
            "output for gradient",
            lambda dy, c: c.y.copy(),
            "This is the forward pass, max(0, x). The backward pass hands on dy where x is above 0.",
        ),
        Misconception(
            "times y",
            lambda dy, c: dy * c.y,
            "The gradient is multiplied by the output, but the slope of ReLU is 0 or 1.",
        ),
        *generic.batches(F.relu_backward),
    ),
)
