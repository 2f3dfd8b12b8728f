"""Softmax: logits to probabilities that sum to 1 over the classes."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common import generic
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import far, normal
from cnnlab.scratch import functional as F
from cnnlab.scratch.functional.checks import Array

_f, _b = F.softmax, F.softmax_backward


def _overflowing(x: Array) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        powers: Array = np.exp(x)
        probabilities: Array = powers / powers.sum(axis=1, keepdims=True)
    return probabilities


def _hard(x: Array) -> Array:
    largest: Array = x == x.max(axis=1, keepdims=True)
    return largest.astype(x.dtype)


def _sum_not_weighted(dy: Array, cache: F.SoftmaxCache) -> Array:
    pushed: Array = cache.y * (dy - dy.sum(axis=1, keepdims=True))
    return pushed


EXERCISE = Exercise(
    _f,
    (
        Case("with one example", {"x": normal(1, 4)}),
        Case("with a batch", {"x": normal(5, 3)}),
        Case("with logits around 1000 and -1000", {"x": far(4, 3)}, needs="large logits"),
        Case("with maps (N, K, H, W)", {"x": normal(2, 3, 4, 5)}, needs="maps"),
        Case("with arrays of float32", {"x": normal(5, 3)}, dtype=np.float32, needs="float32"),
    ),
    axes="(N, K)",
    asks=("large logits",),
    backward=_b,
    values=(
        *generic.values(_f),
        Misconception(
            "over the batch",
            lambda x: _f(x, 0)[0],
            "The probabilities sum to 1 over the batch: classes compete, not examples.",
        ),
        Misconception(
            "over the last axis",
            lambda x: _f(x, -1)[0],
            "The probabilities sum to 1 along the last axis; classes are axis 1.",
        ),
        Misconception(
            "overflows",
            _overflowing,
            "Powers of large logits overflow. Nothing changes if the same number is subtracted from all"
            " logits of an example first.",
        ),
        Misconception(
            "not normalised",
            lambda x: np.exp(x - x.max(axis=1, keepdims=True)),
            "The powers are not divided by their sum.",
        ),
        Misconception(
            "sigmoid",
            lambda x: F.sigmoid(x)[0],
            "Each class has a probability by itself: this is the sigmoid.",
        ),
        Misconception(
            "logarithm",
            lambda x: np.log(_f(x)[0] + 1e-30),
            "These are logarithms of probabilities.",
        ),
        Misconception(
            "base 2",
            lambda x: _f(x * float(np.log(2)))[0],
            "These are powers of 2; softmax takes powers of e.",
        ),
        Misconception(
            "temperature",
            lambda x: _f(x / 2)[0],
            "The logits are halved first, which makes the probabilities too even.",
        ),
        Misconception(
            "hard", _hard, "The largest logit gets 1 and the others 0: softmax is softer than that."
        ),
        Misconception(
            "turned",
            lambda x: _f(-x)[0],
            "Small logits get the large probabilities: look at a sign.",
        ),
        Misconception(
            "over everything",
            lambda x: np.exp(x - x.max()) / np.exp(x - x.max()).sum(),
            "All probabilities of the batch sum to 1; those of each example must.",
        ),
    ),
    gradients=(
        *generic.gradients(_b),
        Misconception(
            "diagonal only",
            lambda dy, c: dy * c.y * (1 - c.y),
            "A logit also moves the probabilities of the other classes.",
        ),
        Misconception(
            "no sum",
            lambda dy, c: dy * c.y,
            "All classes share one sum; its part of the gradient is missing.",
        ),
        Misconception(
            "sum not weighted",
            _sum_not_weighted,
            "In the sum over classes each dy must count with its probability.",
        ),
        Misconception(
            "identity backward",
            lambda dy, c: dy.copy(),
            "The upstream gradient passes as if there were no softmax.",
        ),
        *generic.batches(_b),
    ),
)
