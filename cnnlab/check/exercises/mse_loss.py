"""Mean squared error over all numbers."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common import generic
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.changes import gradient
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch.losses import mse_loss, mse_loss_backward

EXERCISE = Exercise(
    mse_loss,
    (
        Case("with a few numbers", {"pred": normal(4), "target": normal(4)}),
        Case("with a batch", {"pred": normal(5, 3), "target": normal(5, 3)}),
        Case(
            "with arrays of float32",
            {"pred": normal(5, 3), "target": normal(5, 3)},
            dtype=np.float32,
            needs="float32",
        ),
    ),
    backward=mse_loss_backward,
    values=(
        Misconception(
            "summed", lambda a, b: ((a - b) ** 2).sum(), "The squares are summed, not averaged."
        ),
        Misconception(
            "summed over features",
            lambda a, b: ((a - b) ** 2).sum() / len(a),
            "The mean is over examples only; here it is over all numbers.",
        ),
        Misconception(
            "halved", lambda a, b: ((a - b) ** 2).mean() / 2, "There is a factor ½ too much."
        ),
        Misconception(
            "root",
            lambda a, b: ((a - b) ** 2).mean() ** 0.5,
            "This is the root of the mean square.",
        ),
        Misconception(
            "absolute",
            lambda a, b: np.abs(a - b).mean(),
            "This averages sizes of errors: square them.",
        ),
        Misconception(
            "not squared", lambda a, b: (a - b).mean(), "Errors of both signs cancel: square them."
        ),
    ),
    gradients=(
        *generic.losses(mse_loss_backward),
        Misconception(
            "multiplied by the number",
            gradient(mse_loss_backward, lambda g: g * g.size**2),
            "The gradient is multiplied by how many numbers there are: divide by it.",
        ),
        Misconception(
            "gradient halved",
            gradient(mse_loss_backward, lambda g: g / 2),
            "The gradient is half as large as it should be: where is the 2 of the square?",
        ),
        Misconception(
            "gradient of the sum",
            gradient(mse_loss_backward, lambda g: g * g.size),
            "The gradient is not divided: the loss is a mean over all numbers.",
        ),
        Misconception(
            "gradient of half the sum",
            gradient(mse_loss_backward, lambda g: g * g.size / 2),
            "This is pred − target. Two factors are left: the 2 of the square, and the mean divides "
            "by how many numbers there are.",
        ),
        Misconception(
            "squares for slopes",
            gradient(mse_loss_backward, lambda g: g * g * (g.size / 4)),
            "These are the squares themselves. How fast does a square rise when its number does?",
        ),
        Misconception(
            "sizes of errors",
            gradient(mse_loss_backward, np.abs),
            "The signs are lost: where a prediction is too low, its gradient is negative.",
        ),
        Misconception(
            "divided by the features",
            gradient(mse_loss_backward, lambda g: g * g.size / g.shape[-1]),
            "It is divided by the length of a row only; the mean is over all numbers.",
        ),
        Misconception(
            "divided by the examples",
            gradient(mse_loss_backward, lambda g: g * g.size / len(g)),
            "It is divided by the number of examples only; the mean is over all numbers.",
        ),
    ),
)
