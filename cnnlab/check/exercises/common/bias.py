"""What goes wrong with the gradient of a filter's bias: over which places it is summed."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Wrong
from cnnlab.check.exercises.common.changes import gradient
from cnnlab.check.exercises.common.convolution import part
from cnnlab.scratch.functional import conv2d_backward

GRADIENTS: Wrong = (
    Misconception(
        "dbias averaged",
        part(2, lambda dy, c: dy.mean(axis=(0, 2, 3))),
        "The gradient of the bias is a mean; each output passes on all of its dy.",
    ),
    Misconception(
        "dbias zero",
        gradient(conv2d_backward, np.zeros_like, which=2),
        "The gradient of the bias is zero, so it would never learn.",
    ),
    Misconception(
        "one number for all",
        part(2, lambda dy, c: dy.sum()),
        "Everything is summed into one number: each filter has a bias of its own.",
    ),
    Misconception(
        "one for each image",
        part(2, lambda dy, c: dy.sum(axis=(1, 2, 3))),
        "There is one number for each image: a bias belongs to a filter, not to an image.",
    ),
    Misconception(
        "dbias of images apart",
        part(2, lambda dy, c: dy.sum(axis=(2, 3))),
        "The images stay apart: all of them use the same bias, so add up over them too.",
    ),
    Misconception(
        "dy left out",
        part(2, lambda dy, c: np.ones(dy.shape[1])),
        "A bias moves each output by as much as itself: add up the dy of these outputs.",
    ),
)
