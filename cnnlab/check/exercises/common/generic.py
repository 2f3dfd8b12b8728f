"""What goes wrong alike in many functions: a part left out, a batch mixed up, a dtype lost."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Wrong
from cnnlab.check.exercises.common.changes import (
    Function,
    gradient,
    only_first,
    output,
    subsets,
    without,
)
from cnnlab.scratch.functional.checks import Array


def left_out(reference: Function, *settings: str) -> Wrong:
    """The right function without one or several of these settings."""
    return tuple(
        Misconception(
            f"{' and '.join(keys)} left out",
            without(reference, keys),
            f"This is what comes out without the {' and the '.join(keys)}: does your code use "
            f"{'it' if len(keys) == 1 else 'them'}?",
        )
        for keys in subsets(settings)
    )


def values(forward: Function) -> Wrong:
    """Wrong outputs that any layer can have, whatever it computes."""
    return (
        Misconception(
            "zeros",
            output(forward, np.zeros_like),
            "The output is all zeros: is the result ever written into it?",
        ),
        Misconception(
            "wrong values",
            output(forward, _noise),
            "The output has the right shape, but its values do not come from the input.",
        ),
        Misconception(
            "example 0 only",
            output(forward, only_first(0)),
            "Only the first example of the batch is computed.",
        ),
        Misconception(
            "channel 0 only",
            output(forward, only_first(1)),
            "Only the first channel is computed.",
        ),
        Misconception(
            "batch reversed",
            output(forward, lambda y: y[::-1]),
            "The examples come out in reverse order.",
        ),
        Misconception(
            "half precision",
            output(forward, _through_float16),
            "The values are right to three digits only: they pass through float16.",
        ),
    )


def gradients(backward: Function) -> Wrong:
    """Wrong gradients that any layer can have."""
    return (
        Misconception(
            "zero gradient",
            gradient(backward, np.zeros_like),
            "The gradient is all zeros, so nothing would ever be learned.",
        ),
        Misconception(
            "turned sign",
            gradient(backward, np.negative),
            "The sign is wrong: a step against this gradient would go uphill.",
        ),
        Misconception(
            "gradient twice",
            gradient(backward, lambda g: 2 * g),
            "The gradient is twice as large as it should be: is a part counted twice?",
        ),
        Misconception(
            "gradient of ones",
            lambda dy, cache: backward(np.ones_like(dy), cache),
            "The upstream gradient dy is not used: this is the gradient of a plain sum.",
        ),
        Misconception(
            "gradient averaged",
            lambda dy, cache: backward(dy / len(dy), cache),
            "The gradient is divided by the batch size. The loss has averaged already, and dy holds "
            "that, so nothing is averaged here.",
        ),
        Misconception(
            "gradient of channel 0",
            gradient(backward, only_first(1), which=0),
            "Only the first channel of the input gets a gradient.",
        ),
    )


def batches(backward: Function) -> Wrong:
    """Wrong gradients that mistake a batch; told after those of the layer itself."""
    return (
        Misconception(
            "gradient times batch size",
            lambda dy, cache: backward(dy * len(dy), cache),
            "The gradient is multiplied by the batch size.",
        ),
        Misconception(
            "first example only",
            lambda dy, cache: backward(only_first(0)(dy), cache),
            "Only the first example counts, but every example has a say.",
        ),
        Misconception(
            "last example only",
            lambda dy, cache: backward(only_first(0)(dy[::-1])[::-1], cache),
            "Only the last example counts, but every example has a say: is a sum overwritten?",
        ),
    )


def losses(backward: Function) -> Wrong:
    """Wrong gradients that any loss can have; its backward pass takes the cache alone."""
    return (
        Misconception(
            "zero gradient",
            gradient(backward, np.zeros_like),
            "The gradient is all zeros, so nothing would ever be learned.",
        ),
        Misconception(
            "gradient uphill",
            gradient(backward, np.negative),
            "The sign of the gradient is wrong.",
        ),
        Misconception(
            "gradient summed",
            gradient(backward, lambda g: g * len(g)),
            "The gradient is multiplied by the batch size.",
        ),
        Misconception(
            "gradient averaged twice",
            gradient(backward, lambda g: g / len(g)),
            "The gradient is divided by the batch size twice.",
        ),
        Misconception(
            "gradient twice",
            gradient(backward, lambda g: 2 * g),
            "The gradient is twice as large as it should be: is a part counted twice?",
        ),
    )


def _through_float16(array: Array) -> Array:
    with np.errstate(over="ignore"):
        return array.astype(np.float16).astype(array.dtype)


def _noise(array: Array) -> Array:
    noise = np.asarray(np.random.default_rng(0).standard_normal(array.shape))
    return noise.astype(array.dtype)
