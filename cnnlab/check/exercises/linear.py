"""A dense layer: every output reads every feature."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common import generic
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.changes import Change, Function, gradient, only_first, replaced
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch import functional as F
from cnnlab.scratch.functional.checks import Array

_f, _b = F.linear, F.linear_backward


def _case(words: str, examples: int, features: int, outputs: int) -> Case:
    weight, bias = normal(outputs, features), normal(outputs)
    return Case(words, {"x": normal(examples, features), "weight": weight, "bias": bias})


def _transposed(weight: Array) -> Array:
    return np.ascontiguousarray(weight.T).reshape(weight.shape)


def _weighted(change: Change) -> Function:
    return lambda x, w, *b: _f(x, change(w), *b)[0]


def _biased(change: Change) -> Function:
    return lambda x, w, b=None: _f(x, w, None if b is None else change(b))[0]


EXERCISE = Exercise(
    _f,
    (
        _case("with one example", 1, 3, 2),
        _case("with a batch", 5, 4, 3),
        _case("with as many outputs as features", 5, 4, 4),
        _case("with arrays of float32", 5, 4, 3)._replace(dtype=np.float32, needs="float32"),
    ),
    axes="(N, K)",
    asks=("bias",),
    backward=_b,
    takes={"dx": ("dy", "weight"), "dweight": ("dy", "x"), "dbias": ("dy",)},
    values=(
        *generic.values(_f),
        Misconception("missing bias", _biased(np.zeros_like), "The bias is not added."),
        Misconception(
            "bias subtracted", _biased(np.negative), "The bias is subtracted, not added."
        ),
        Misconception(
            "bias reversed",
            _biased(lambda v: v[::-1]),
            "The biases go to the outputs in reverse order.",
        ),
        Misconception(
            "weight transposed",
            _weighted(_transposed),
            "The weight is read by columns: its rows belong to the outputs.",
        ),
        Misconception(
            "feature 0 only", _weighted(only_first(1)), "Only the first feature is read."
        ),
        Misconception(
            "mean of products",
            _weighted(lambda w: w / w.shape[1]),
            "The products are averaged over the features; here they are summed.",
        ),
    ),
    gradients=(
        *generic.gradients(_b),
        Misconception(
            "dweight transposed",
            gradient(_b, _transposed, which=1),
            "The two axes of the gradient of the weight are exchanged.",
        ),
        Misconception(
            "dweight of example 0",
            replaced(_b, 1, lambda dy, c: _b(only_first(0)(dy), c)[1]),
            "Only the first example counts: sum over the whole batch.",
        ),
        Misconception(
            "dweight averaged",
            replaced(_b, 1, lambda dy, c: _b(dy / len(dy), c)[1]),
            "The gradient of the weight is averaged over the batch; here it is summed.",
        ),
        Misconception(
            "dbias averaged",
            replaced(_b, 2, lambda dy, c: dy.mean(axis=0)),
            "The gradient of the bias is a mean; each output passes on all of its dy.",
        ),
        Misconception(
            "dbias over the outputs",
            replaced(_b, 2, lambda dy, c: dy.sum(axis=1)),
            "It is summed over the outputs, so one number is left for each example. Each output has "
            "a bias of its own: sum over the examples.",
        ),
        Misconception(
            "dbias of ones",
            gradient(_b, np.ones_like, which=2),
            "The gradient of the bias does not use the upstream gradient dy.",
        ),
        Misconception(
            "dx transposed",
            replaced(_b, 0, lambda dy, c: dy @ _transposed(c.weight)),
            "The gradient of x goes through the weight the wrong way round.",
        ),
        *generic.batches(_b),
    ),
)
