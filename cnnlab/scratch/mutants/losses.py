"""Wrong cross-entropies; ``backward`` takes the cache alone, as a loss's does."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnlab.scratch.functional import softmax
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.losses import LossCache, cross_entropy, cross_entropy_backward
from cnnlab.scratch.mutants.base import Change, Mutant, only_first

_f, _b = cross_entropy, cross_entropy_backward


def cross_entropy_mutants() -> list[Mutant]:
    """Wrong versions of :func:`cnnlab.scratch.losses.cross_entropy`."""
    return [*_wrong_values(), *_wrong_inputs(), *_wrong_gradients()]


def _wrong_values() -> list[Mutant]:
    return [
        Mutant("zero", "the loss is 0", _value(lambda v, n, k: 0.0), _b),
        Mutant("summed", "a sum over the batch, its gradient too", _summed, _b),
        Mutant("value summed", "the value is a sum, the gradient a mean", _value(_times_n), _b),
        Mutant("over classes", "divided by the classes too", _value(lambda v, n, k: v / k), _b),
        Mutant("base 2", "bits, not nats", _value(lambda v, n, k: v / float(np.log(2))), _b),
        Mutant("turned sign", "log p instead of −log p", _value(lambda v, n, k: -v), _b),
        Mutant("probability", "1 − p instead of −log p", _value_from(lambda p: 1 - p), _b),
        Mutant("guarded log", "log(p + 0.001)", _value_from(lambda p: -np.log(p + 1e-3)), _b),
        Mutant("overflows", "the maximum is not taken off", _overflows, _b),
        Mutant("integer loss", "rounded", _value(lambda v, n, k: float(round(v))), _b),
    ]


def _wrong_inputs() -> list[Mutant]:
    return [
        Mutant("softmax twice", "logits pass a softmax first", _of(lambda x: softmax(x)[0]), _b),
        Mutant("softmax over the batch", "examples compete", _of(_over_the_batch), _b),
        Mutant("sizes of logits", "|logits| are used", _of(np.abs), _b),
        Mutant("next label", "labels are off by one", _labelled(lambda x, y: y + 1), _b),
        Mutant("its own label", "the largest logit counts as right", _labelled(_argmax), _b),
        Mutant("label of example 0", "one label for all", _labelled(lambda x, y: 0 * y + y[0]), _b),
        Mutant("example 0 only", "only example 0 counts", _example_0, _b),
        Mutant("logits changed", "forward writes into the logits", _writes, _b),
    ]


def _wrong_gradients() -> list[Mutant]:
    return [
        Mutant("zero gradient", "backward returns zeros", _f, _gradient(np.zeros_like)),
        Mutant("gradient uphill", "the sign is turned", _f, _gradient(np.negative)),
        Mutant("gradient summed", "not divided by N", _f, lambda c: _b(c) * len(c.gradient)),
        Mutant("gradient averaged twice", "divided by N²", _f, lambda c: _b(c) / len(c.gradient)),
        Mutant("gradient of example 0", "only example 0 learns", _f, _gradient(only_first(0))),
        Mutant("gradient of class 0", "only class 0 learns", _f, _gradient(only_first(1))),
        Mutant("one-hot left out", "softmax / N alone", _softmax_alone, _b),
        Mutant("only the label", "wrong classes get no gradient", _only_the_label, _b),
        Mutant("always float64", "float32 is not kept", _f, _gradient(lambda g: g.astype(float))),
    ]


def _times_n(value: float, examples: int, classes: int) -> float:
    return value * examples


def _value(change: Callable[[float, int, int], float]) -> Any:
    def mutated(logits: Array, labels: Array) -> tuple[float, LossCache]:
        value, cache = _f(logits, labels)
        return change(value, *logits.shape), cache

    return mutated


def _value_from(change: Change) -> Any:
    def mutated(logits: Array, labels: Array) -> tuple[float, LossCache]:
        p = softmax(logits)[0][np.arange(len(labels)), labels]
        return float(change(p).mean()), _f(logits, labels)[1]

    return mutated


def _summed(logits: Array, labels: Array) -> tuple[float, LossCache]:
    value, cache = _f(logits, labels)
    return value * len(logits), LossCache(cache.gradient * len(logits))


def _overflows(logits: Array, labels: Array) -> tuple[float, LossCache]:
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        powers = np.exp(logits)
        p = (powers / powers.sum(axis=1, keepdims=True))[np.arange(len(labels)), labels]
        return float(-np.log(p).mean()), _f(logits, labels)[1]


def _of(change: Change) -> Any:
    return lambda logits, labels: _f(change(logits), labels)


def _over_the_batch(logits: Array) -> Array:
    log_p: Array = np.log(softmax(logits, axis=0)[0] + 1e-30)
    return log_p


def _labelled(change: Callable[[Array, Array], Array]) -> Any:
    def mutated(logits: Array, labels: Array) -> tuple[float, LossCache]:
        return _f(logits, change(logits, labels) % logits.shape[1])

    return mutated


def _argmax(logits: Array, labels: Array) -> Array:
    guess: Array = logits.argmax(axis=1)
    return guess


def _example_0(logits: Array, labels: Array) -> tuple[float, LossCache]:
    return _f(logits[:1], labels[:1])[0], _f(logits, labels)[1]


def _writes(logits: Array, labels: Array) -> tuple[float, LossCache]:
    result = _f(logits.copy(), labels)
    logits -= logits.max(axis=1, keepdims=True)
    return result


def _gradient(change: Change) -> Any:
    return lambda cache: change(_b(cache))


def _softmax_alone(logits: Array, labels: Array) -> tuple[float, LossCache]:
    return _f(logits, labels)[0], LossCache(softmax(logits)[0] / len(logits))


def _only_the_label(logits: Array, labels: Array) -> tuple[float, LossCache]:
    value, cache = _f(logits, labels)
    gradient, rows = np.zeros_like(logits), np.arange(len(labels))
    gradient[rows, labels] = cache.gradient[rows, labels]
    return value, LossCache(gradient)
