"""Cross-entropy of logits and labels: −log of the probability that the label gets."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.changes import Change, Function, gradient, only_first
from cnnlab.check.exercises.common.draws import far, labels, normal
from cnnlab.scratch.functional import softmax
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.losses import LossCache, cross_entropy, cross_entropy_backward

_f, _b = cross_entropy, cross_entropy_backward


def _case(words: str, draw: Any, examples: int, classes: int, **more: Any) -> Case:
    inputs = {"logits": draw(examples, classes), "labels": labels(examples, classes)}
    return Case(words, inputs)._replace(**more)


def _value(change: Callable[[float, int, int], float]) -> Function:
    return lambda logits, labels: change(_f(logits, labels)[0], *logits.shape)


def _value_from(change: Change) -> Function:
    def model(logits: Array, labels: Array) -> float:
        p = softmax(logits)[0][np.arange(len(labels)), labels]
        return float(change(p).mean())

    return model


def _summed(logits: Array, labels: Array) -> tuple[float, LossCache]:
    value, cache = _f(logits, labels)
    return value * len(logits), LossCache(cache.gradient * len(logits))


def _overflows(logits: Array, labels: Array) -> tuple[float, LossCache]:
    rows = np.arange(len(labels))
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        powers = np.exp(logits)
        p = powers / powers.sum(axis=1, keepdims=True)
        value = float(-np.log(p[rows, labels]).mean())
    p[rows, labels] -= 1
    return value, LossCache(p / len(labels))


def _of(change: Change) -> Function:
    return lambda logits, labels: _f(change(logits), labels)


def _over_the_batch(logits: Array) -> Array:
    log_p: Array = np.log(softmax(logits, axis=0)[0] + 1e-30)
    return log_p


def _labelled(change: Callable[[Array, Array], Array]) -> Function:
    return lambda logits, labels: _f(logits, change(logits, labels) % logits.shape[1])


def _argmax(logits: Array, labels: Array) -> Array:
    guess: Array = logits.argmax(axis=1)
    return guess


def _less(taken: Callable[[Array, Array], Any]) -> Function:
    """Probabilities less something else than one-hot labels."""

    def model(logits: Array, labels: Array) -> tuple[float, LossCache]:
        gradient = (softmax(logits)[0] - taken(logits, labels)) / len(logits)
        return _f(logits, labels)[0], LossCache(gradient.astype(logits.dtype))

    return model


def _over_everything(logits: Array, labels: Array) -> tuple[float, LossCache]:
    p, one_hot = softmax(logits.reshape(1, -1))[0].reshape(logits.shape), np.eye(logits.shape[1])
    value = -np.log(p[np.arange(len(labels)), labels] + 1e-30).mean()
    return float(value), LossCache((p - one_hot[labels]).astype(logits.dtype) / len(labels))


def _only_the_label(logits: Array, labels: Array) -> tuple[float, LossCache]:
    value, cache = _f(logits, labels)
    gradient, rows = np.zeros_like(logits), np.arange(len(labels))
    gradient[rows, labels] = cache.gradient[rows, labels]
    return value, LossCache(gradient)


def _log_p(logits: Array) -> Array:
    with np.errstate(divide="ignore"):  # a probability may be rounded to 0
        return np.asarray(np.log(softmax(logits)[0]))


def _hot(cache: LossCache) -> Array:
    """One-hot labels: only where the label is, the gradient is negative."""
    return np.asarray((cache.gradient < 0).astype(cache.gradient.dtype))


# The labels have the largest scores, so that no probability of theirs is rounded to 0.
_APART = {
    "logits": np.array([[1500.0, -2000.0, 0.0], [-9.0, -1.0, -1e4], [2.0, 1.0, 3000.0]]),
    "labels": np.array([0, 1, 2]),
}

EXERCISE = Exercise(
    _f,
    (
        _case("with one example", normal, 1, 3),
        _case("with a batch", normal, 6, 4),
        _case("with logits around 1000 and -1000", far, 6, 4, needs="large logits"),
        Case("with scores that lie thousands apart", _APART, needs="large logits"),
        _case("with arrays of float32", normal, 6, 4, dtype=np.float32, needs="float32"),
    ),
    asks=("large logits",),
    backward=_b,
    values=(
        Misconception(
            "zero", _value(lambda v, n, k: 0.0), "The loss is 0 whatever the logits are."
        ),
        Misconception(
            "summed", _summed, "The loss is summed over the batch, but this asks for the mean."
        ),
        Misconception(
            "value summed",
            _value(lambda v, n, k: v * n),
            "The loss is summed over the batch, but this asks for the mean.",
        ),
        Misconception(
            "over classes",
            _value(lambda v, n, k: v / k),
            "The loss is divided by the number of classes too.",
        ),
        Misconception(
            "base 2",
            _value(lambda v, n, k: v / float(np.log(2))),
            "The logarithm has base 2; this asks for the natural one.",
        ),
        Misconception(
            "turned sign",
            _value(lambda v, n, k: -v),
            "The loss is negative: the minus of −log p is missing.",
        ),
        Misconception(
            "probability", _value_from(lambda p: 1 - p), "This is 1 − p: where is the logarithm?"
        ),
        Misconception(
            "guarded log",
            _value_from(lambda p: -np.log(p + 1e-3)),
            "A constant inside the logarithm moves every value: work with logits instead.",
        ),
        Misconception(
            "overflows",
            _overflows,
            "Powers of large logits overflow. Nothing changes if the same number is subtracted from all"
            " logits of an example first.",
        ),
        Misconception(
            "integer loss",
            _value(lambda v, n, k: float(round(v))),
            "The loss is rounded to a whole number.",
        ),
        Misconception(
            "softmax twice",
            _of(lambda x: softmax(x)[0]),
            "The softmax is taken twice: the loss expects logits, not probabilities.",
        ),
        Misconception(
            "softmax over the batch",
            _of(_over_the_batch),
            "The probabilities sum to 1 over the batch, not over the classes.",
        ),
        Misconception("sizes of logits", _of(np.abs), "The signs of the logits are lost."),
        Misconception(
            "next label",
            _labelled(lambda x, y: y + 1),
            "The labels are off by one: classes count from 0.",
        ),
        Misconception(
            "its own label",
            _labelled(_argmax),
            "The largest logit counts as right, whatever the label says.",
        ),
        Misconception(
            "label of example 0",
            _labelled(lambda x, y: 0 * y + y[0]),
            "The label of the first example is used for all.",
        ),
        Misconception(
            "example 0 only",
            lambda logits, labels: _f(logits[:1], labels[:1])[0],
            "Only the first example counts in the loss.",
        ),
        Misconception(
            "one-hot left out",
            _less(lambda logits, labels: 0),
            "The probabilities alone are not the gradient: where does the label enter?",
        ),
        Misconception(
            "only the label",
            _only_the_label,
            "The wrong classes get no gradient, but their logits must fall.",
        ),
        Misconception(
            "labels in every row",
            _less(lambda logits, labels: np.isin(np.arange(logits.shape[1]), labels)),
            "In each row, 1 is subtracted at the labels of all rows. A row has one label: index "
            "with the row numbers, too.",
        ),
        Misconception(
            "label as a number",
            _less(lambda logits, labels: labels[:, None]),
            "The label itself is subtracted. It is a name: subtract 1, at the place of the label.",
        ),
        Misconception(
            "softmax over everything",
            _over_everything,
            "The probabilities sum to 1 over all examples together, not for each of them.",
        ),
        Misconception(
            "every label for every example",
            lambda x, t: float(-_log_p(x)[:, t].mean()),
            "Every example is compared with the labels of all examples: take one for each row.",
        ),
        Misconception(
            "all classes",
            lambda x, t: float(-_log_p(x).mean()),
            "All classes count alike: only the probability of the label matters.",
        ),
    ),
    gradients=(
        Misconception(
            "zero gradient",
            gradient(_b, np.zeros_like),
            "The gradient is all zeros, so nothing would ever be learned.",
        ),
        Misconception(
            "gradient uphill", gradient(_b, np.negative), "The sign of the gradient is wrong."
        ),
        Misconception(
            "gradient summed",
            lambda c: _b(c) * len(c.gradient),
            "The loss is a mean, so its gradient must be divided by the batch size too.",
        ),
        Misconception(
            "multiplied by the batch size",
            lambda c: _b(c) * len(c.gradient) ** 2,
            "The gradient is multiplied by the batch size: divide by it.",
        ),
        Misconception(
            "gradient averaged twice",
            lambda c: _b(c) / len(c.gradient),
            "The gradient is divided by the batch size twice.",
        ),
        Misconception(
            "one-hot divided too late",
            lambda c: _b(c) + _hot(c) / len(c.gradient) - _hot(c),
            "The probabilities are divided by the batch size, and 1 is subtracted after that: "
            "subtract first, then divide.",
        ),
        Misconception(
            "gradient averaged over classes",
            lambda c: _b(c) * len(c.gradient) / c.gradient.shape[1],
            "The gradient is divided by the number of classes; the loss is a mean over examples.",
        ),
        Misconception(
            "gradient averaged over everything",
            lambda c: _b(c) / c.gradient.shape[1],
            "The gradient is divided by how many logits there are; the loss is a mean over "
            "examples only.",
        ),
        Misconception(
            "minus one-hot",
            lambda c: -_hot(c) / len(c.gradient),
            "The labels alone are not the gradient: where do the probabilities enter?",
        ),
        Misconception(
            "gradient twice",
            lambda c: 2 * _b(c),
            "The gradient is twice as large as it should be: a 2 belongs to squared errors.",
        ),
        Misconception(
            "gradient of example 0",
            gradient(_b, only_first(0)),
            "Only the first example gets a gradient.",
        ),
        Misconception(
            "gradient of class 0",
            gradient(_b, only_first(1)),
            "Only the first class gets a gradient.",
        ),
    ),
)
