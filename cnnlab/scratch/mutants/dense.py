"""Wrong dense layers, ReLUs and softmaxes."""

from typing import Any

import numpy as np

from cnnlab.scratch import functional as F
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.layers.base import Forward
from cnnlab.scratch.mutants.base import Change, Mutant, generic, gradient, only_first


def linear_mutants() -> list[Mutant]:
    """Wrong versions of :func:`cnnlab.scratch.functional.linear`."""
    f, b = F.linear, F.linear_backward
    return [
        *generic(f, b),
        Mutant("missing bias", "the bias is left out", _linear(bias=lambda v: 0 * v), b),
        Mutant("bias subtracted", "the bias has the wrong sign", _linear(bias=np.negative), b),
        Mutant("bias reversed", "biases go to other outputs", _linear(bias=lambda v: v[::-1]), b),
        Mutant("weight transposed", "W instead of its transpose", _linear(weight=_transposed), b),
        Mutant("feature 0 only", "one feature is read", _linear(weight=only_first(1)), b),
        Mutant("mean of products", "divided by F", _linear(weight=lambda w: w / w.shape[1]), b),
        Mutant("dweight transposed", "dy x instead of x dy", f, gradient(b, _transposed, which=1)),
        Mutant("dweight of example 0", "only example 0 counts", f, _dweight_of_example_0),
        Mutant("dweight averaged", "a mean over the batch", f, _averaged(1)),
        Mutant("dbias averaged", "a mean over the batch", f, _averaged(2)),
        Mutant("dbias of ones", "dbias ignores dy", f, gradient(b, np.ones_like, which=2)),
        Mutant("dx transposed", "W transposed is used for dx", f, _dx_transposed),
    ]


def _transposed(weight: Array) -> Array:
    return np.ascontiguousarray(weight.T).reshape(weight.shape)


def _linear(weight: Change = lambda w: w, bias: Change = lambda v: v) -> Forward:
    def mutated(x: Array, w: Array, v: Array | None = None) -> tuple[Array, Any]:
        _, cache = F.linear(x, w, v)
        return F.linear(x, weight(w), None if v is None else bias(v))[0], cache

    return mutated


def _dweight_of_example_0(dy: Array, cache: Any) -> Any:
    dx, _, dbias = F.linear_backward(dy, cache)
    return dx, F.linear_backward(only_first(0)(dy), cache)[1], dbias


def _averaged(which: int) -> Any:
    def mutated(dy: Array, cache: Any) -> Any:
        return gradient(F.linear_backward, lambda g: g / len(dy), which)(dy, cache)

    return mutated


def _dx_transposed(dy: Array, cache: Any) -> Any:
    _, *rest = F.linear_backward(dy, cache)
    return dy @ _transposed(cache.weight), *rest


def relu_mutants() -> list[Mutant]:
    """Wrong versions of :func:`cnnlab.scratch.functional.relu`."""
    f, b = F.relu, F.relu_backward
    return [
        *generic(f, b),
        Mutant("identity", "negative numbers pass", _relu(lambda x: x.copy()), b),
        Mutant("absolute value", "negative numbers are turned", _relu(np.abs), b),
        Mutant("minimum", "min(0, x)", _relu(lambda x: np.minimum(x, 0)), b),
        Mutant("leaky", "0.01 x below 0", _relu(lambda x: np.where(x > 0, x, x * 0.01)), b),
        Mutant("cut at 1", "min(max(0, x), 1)", _relu(lambda x: np.clip(x, 0, 1)), b),
        Mutant("step", "1 where positive", _relu(lambda x: (x > 0).astype(x.dtype)), b),
        Mutant("threshold 0.1", "max(0.1, x)", _relu(lambda x: np.maximum(x, 0.1)), b),
        Mutant("slope 1 at 0", "the gradient passes at 0", f, lambda dy, c: dy * (c.y >= 0)),
        Mutant("passes everything", "backward is the identity", f, lambda dy, c: dy.copy()),
        Mutant("mask turned", "passes where x ≤ 0", f, lambda dy, c: dy * (c.y <= 0)),
        Mutant("mask of dy", "passes where dy > 0", f, lambda dy, c: dy * (dy > 0)),
        Mutant("guided", "only rising dy pass", f, lambda dy, c: dy * (c.y > 0) * (dy > 0)),
        Mutant("times y", "dy times the output", f, lambda dy, c: dy * c.y),
    ]


def _relu(function: Change) -> Forward:
    return lambda x: (function(x), F.relu(x)[1])


def softmax_mutants() -> list[Mutant]:
    """Wrong versions of :func:`cnnlab.scratch.functional.softmax`."""
    f, b = F.softmax, F.softmax_backward
    return [
        *generic(f, b),
        Mutant("over the batch", "examples compete, not classes", _softmax(_softmax_along(0)), b),
        Mutant("over the last axis", "columns compete", _softmax(_softmax_along(-1)), b),
        Mutant("overflows", "the maximum is not taken off", _softmax(_overflowing), b),
        Mutant("not normalised", "powers are not divided", _softmax(_powers), b),
        Mutant("sigmoid", "each class by itself", _softmax(lambda x: F.sigmoid(x)[0]), b),
        Mutant("logarithm", "log-probabilities", _softmax(lambda x: np.log(f(x)[0] + 1e-30)), b),
        Mutant("base 2", "powers of 2", _softmax(lambda x: f(x * float(np.log(2)))[0]), b),
        Mutant("temperature", "logits are halved", _softmax(lambda x: f(x / 2)[0]), b),
        Mutant("hard", "1 for the largest", _softmax(_hard), b),
        Mutant("turned", "small logits win", _softmax(lambda x: f(-x)[0]), b),
        Mutant("diagonal only", "classes do not compete", f, lambda dy, c: dy * c.y * (1 - c.y)),
        Mutant("no sum", "the sum is left out", f, lambda dy, c: dy * c.y),
        Mutant("sum not weighted", "the plain sum of dy", f, _sum_not_weighted),
        Mutant("identity backward", "dy passes as it is", f, lambda dy, c: dy.copy()),
    ]


def _softmax(function: Change) -> Forward:
    return lambda x: (function(x), F.softmax(x)[1])


def _softmax_along(axis: int) -> Change:
    return lambda x: F.softmax(x, axis)[0]


def _overflowing(x: Array) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        powers: Array = np.exp(x)
        probabilities: Array = powers / powers.sum(axis=1, keepdims=True)
    return probabilities


def _powers(x: Array) -> Array:
    powers: Array = np.exp(x - x.max(axis=1, keepdims=True))
    return powers


def _hard(x: Array) -> Array:
    largest: Array = x == x.max(axis=1, keepdims=True)
    return largest.astype(x.dtype)


def _sum_not_weighted(dy: Array, cache: Any) -> Array:
    pushed: Array = cache.y * (dy - dy.sum(axis=1, keepdims=True))
    return pushed
