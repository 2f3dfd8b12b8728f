"""Batch normalisation: each channel by its mean and variance, and running ones to remember."""

from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common import generic
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.changes import Function, gradient
from cnnlab.check.exercises.common.draws import normal, positive
from cnnlab.scratch import functional as F
from cnnlab.scratch.functional.checks import Array

_f, _b = F.batch_norm, F.batch_norm_backward


def _case(words: str, *shape: int, **settings: Any) -> Case:
    count = shape[1]
    inputs = {
        "x": lambda rng: (
            3 * rng.standard_normal(shape)
            + rng.standard_normal(count).reshape((-1, *(1 for _ in shape[2:])))
        ),
        "running_mean": normal(count),
        "running_var": positive(count),
        "weight": positive(count),
        "bias": normal(count),
    }
    return Case(words, inputs, settings)


_CASES = (
    _case("in training", 6, 3, training=True),
    _case("in training, with maps", 3, 4, 2, 3, training=True),
    _case("in evaluation", 6, 3, training=False),
    _case("in evaluation, with maps", 3, 4, 2, 3, training=False),
    _case("with eps 0.5", 6, 3, training=True, eps=0.5),
    _case("with momentum 0.3", 6, 3, training=True, momentum=0.3),
    _case("with arrays of float32", 6, 3, training=True)._replace(
        dtype=np.float32, needs="float32"
    ),
)


def _training(always: bool) -> Function:
    return lambda *arrays, **settings: _f(*arrays, **settings | {"training": always})[0]


def _changed(**changes: float) -> Function:
    return lambda *arrays, **settings: _f(*arrays, **settings | changes)


def _affine(change: Any) -> Function:
    return lambda x, mean, var, *affine, **settings: _f(
        x, mean, var, *(change(*affine) if affine else ()), **settings
    )[0]


def _rescale(cache: Any, normalized: Array, y: Array) -> Array:
    """The output that other normalised numbers would have given."""
    if cache.weight is None:
        return normalized
    weight = cache.weight.reshape(-1, *(1 for _ in y.shape[2:]))
    result: Array = y + weight * (normalized - cache.normalized)
    return result


def _own(per_example: bool) -> Function:
    def model(x: Array, *arrays: Array, **settings: Any) -> Array:
        y, cache = _f(x, *arrays, **settings)
        axes = tuple(range(1 if per_example else 0, x.ndim))
        mean, variance = x.mean(axes, keepdims=True), x.var(axes, keepdims=True)
        return _rescale(cache, (x - mean) / np.sqrt(variance + settings.get("eps", 1e-5)), y)

    return model


def _unbiased(x: Array, *arrays: Array, **settings: Any) -> Array:
    y, cache = _f(x, *arrays, **settings)
    count = x.size // x.shape[1]
    shrink = (1 - 1 / count) ** 0.5 if settings.get("training") else 1.0
    return _rescale(cache, cache.normalized * shrink, y)


def _not_centred(x: Array, *arrays: Array, **settings: Any) -> Array:
    y, cache = _f(x, *arrays, **settings)
    spread = (-1, *(1 for _ in x.shape[2:]))
    return _rescale(cache, x * cache.inverse_deviation.reshape(spread), y)


def _momentum_turned(*arrays: Array, **settings: Any) -> tuple[Array, Any]:
    return _f(*arrays, **settings | {"momentum": 1 - settings.get("momentum", 0.1)})


def _biased_memory(
    x: Array, mean: Array, var: Array, *affine: Array, **settings: Any
) -> tuple[Array, Any]:
    y, cache = _f(x, mean, var, *affine, **settings)
    if not settings.get("training"):
        return y, cache
    momentum = settings.get("momentum", 0.1)
    biased = x.var((0, *range(2, x.ndim)))
    return y, cache._replace(running_var=(1 - momentum) * var + momentum * biased)


def _memory_of_deviations(x: Array, *arrays: Array, **settings: Any) -> tuple[Array, Any]:
    y, cache = _f(x, *arrays, **settings)
    return y, cache._replace(running_var=np.sqrt(cache.running_var))


def _as_constants(dy: Array, cache: Any) -> Any:
    return _b(dy, cache._replace(training=False))


def _without_term(mean: bool) -> Function:
    """Leave one of the two subtracted means of the training gradient out."""

    def model(dy: Array, cache: Any) -> Any:
        dx, *rest = _b(dy, cache)
        if cache.training:
            axes, spread = (0, *range(2, dy.ndim)), (-1, *(1 for _ in dy.shape[2:]))
            weight = 1 if cache.weight is None else cache.weight
            scale = (cache.inverse_deviation * weight).reshape(spread)
            if mean:
                dx = dx + scale * dy.mean(axes).reshape(spread)
            else:
                pull = (dy * cache.normalized).mean(axes).reshape(spread)
                dx = dx + scale * cache.normalized * pull
        return dx, *rest

    return model


def _without_weight(dy: Array, cache: Any) -> Any:
    _, *rest = _b(dy, cache)
    weight = None if cache.weight is None else np.ones_like(cache.weight)
    return _b(dy, cache._replace(weight=weight))[0], *rest


def _dweight_of_dy(dy: Array, cache: Any) -> Any:
    dx, dweight, dbias = _b(dy, cache)
    return dx, dweight if dbias is None else dbias.copy(), dbias


EXERCISE = Exercise(
    _f,
    _CASES,
    axes="of x",
    asks=("bias", "training", "eps", "momentum"),
    backward=_b,
    memory=("running_mean", "running_var"),
    values=(
        *generic.values(_f),
        Misconception(
            "batch at evaluation",
            _training(True),
            "In evaluation the running statistics must be used, not the batch's own.",
        ),
        Misconception(
            "memory in training",
            _training(False),
            "In training the statistics of the batch must be used, not the running ones.",
        ),
        Misconception(
            "per example",
            _own(per_example=True),
            "Mean and variance are taken within each example, not over the batch.",
        ),
        Misconception(
            "one for all channels",
            _own(per_example=False),
            "One mean and one variance serve all channels; each needs its own.",
        ),
        Misconception(
            "unbiased variance",
            _unbiased,
            "The variance is divided by n − 1; the normalisation divides by n.",
        ),
        Misconception("not centred", _not_centred, "The mean is not subtracted."),
        Misconception(
            "eps ignored",
            _changed(eps=1e-12),
            "The eps under the root is not the one that was given.",
        ),
        Misconception(
            "scale left out",
            _affine(lambda w, b: (0 * w + 1, b)),
            "The weight, which scales each channel, is not used.",
        ),
        Misconception(
            "shift left out",
            _affine(lambda w, b: (w, 0 * b)),
            "The bias, which shifts each channel, is not used.",
        ),
        Misconception(
            "scale and shift swapped",
            _affine(lambda w, b: (b, w)),
            "Weight and bias have changed places.",
        ),
        Misconception(
            "memory stands still",
            _changed(momentum=0.0),
            "The running statistics do not move in training.",
        ),
        Misconception(
            "memory of one batch",
            _changed(momentum=1.0),
            "The running statistics forget all batches but the last.",
        ),
        Misconception(
            "momentum turned",
            _momentum_turned,
            "The momentum is the share of the new batch, not that of the old statistics.",
        ),
        Misconception(
            "biased memory",
            _biased_memory,
            "The running variance takes in the variance that is divided by n − 1.",
        ),
        Misconception(
            "memory of deviations",
            _memory_of_deviations,
            "The running variance holds standard deviations: square them.",
        ),
    ),
    gradients=(
        *generic.gradients(_b),
        Misconception(
            "constants in training",
            _as_constants,
            "In training mean and variance depend on x too: two terms are missing.",
        ),
        Misconception(
            "no path through mean",
            _without_term(mean=True),
            "x also moves the mean of its channel: that term is missing.",
        ),
        Misconception(
            "no path through variance",
            _without_term(mean=False),
            "x also moves the variance of its channel: that term is missing.",
        ),
        Misconception(
            "dx without weight", _without_weight, "The gradient of x leaves the scale out."
        ),
        Misconception(
            "dweight of dy",
            _dweight_of_dy,
            "The gradient of the weight must count each dy with its normalised input.",
        ),
        Misconception(
            "dbias zero",
            gradient(_b, np.zeros_like, which=2),
            "The gradient of the bias is zero, so it would never learn.",
        ),
        *generic.batches(_b),
    ),
)
