"""Wrong batch normalisation."""

from typing import Any

import numpy as np

from cnnlab.scratch import functional as F
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.layers.base import Forward
from cnnlab.scratch.mutants.base import Mutant, generic, gradient

_f, _b = F.batch_norm, F.batch_norm_backward


def batch_norm_mutants() -> list[Mutant]:
    """Wrong versions of :func:`cnnlab.scratch.functional.batch_norm`."""
    return [*generic(_f, _b), *_wrong_statistics(), *_wrong_memory(), *_wrong_backwards()]


def _wrong_statistics() -> list[Mutant]:
    return [
        Mutant("batch at evaluation", "always normalises by the batch", _training(True), _b),
        Mutant("memory in training", "always normalises by the memory", _training(False), _b),
        Mutant("per example", "mean and variance of each example", _own(per_example=True), _b),
        Mutant("one for all channels", "one mean, one variance", _own(per_example=False), _b),
        Mutant("unbiased variance", "divides by n − 1", _unbiased, _b),
        Mutant("not centred", "the mean is not taken off", _not_centred, _b),
        Mutant("eps ignored", "no eps under the root", _changed(eps=1e-12), _b),
        Mutant("scale left out", "weight is not used", _affine(lambda w, b: (0 * w + 1, b)), _b),
        Mutant("shift left out", "bias is not used", _affine(lambda w, b: (w, 0 * b)), _b),
        Mutant("scale and shift swapped", "bias scales", _affine(lambda w, b: (b, w)), _b),
    ]


def _wrong_memory() -> list[Mutant]:
    return [
        Mutant("memory stands still", "running statistics never move", _changed(momentum=0.0), _b),
        Mutant("memory of one batch", "only the last batch counts", _changed(momentum=1.0), _b),
        Mutant("momentum turned", "momentum is the share of the old", _momentum_turned, _b),
        Mutant("biased memory", "running_var takes the biased variance", _biased_memory, _b),
        Mutant("memory of deviations", "running_var holds deviations", _memory_of_deviations, _b),
    ]


def _wrong_backwards() -> list[Mutant]:
    return [
        Mutant("constants in training", "statistics count as fixed", _f, _as_constants),
        Mutant("no path through mean", "one term is left out", _f, _without_term(mean=True)),
        Mutant("no path through variance", "one term is left out", _f, _without_term(mean=False)),
        Mutant("dx without weight", "the scale is forgotten", _f, _without_weight),
        Mutant("dweight of dy", "dy is not multiplied with x̂", _f, _dweight_of_dy),
        Mutant("dbias zero", "the shift learns nothing", _f, gradient(_b, np.zeros_like, which=2)),
    ]


def _training(always: bool) -> Forward:
    def mutated(
        x: Array, mean: Array, var: Array, *affine: Array, training: bool = False, **settings: Any
    ) -> tuple[Array, Any]:
        _, cache = _f(x, mean, var, *affine, training=training, **settings)
        return _f(x, mean, var, *affine, training=always, **settings)[0], cache

    return mutated


def _changed(**changes: float) -> Forward:
    def mutated(x: Array, *arrays: Array, **settings: Any) -> tuple[Array, Any]:
        return _f(x, *arrays, **settings | changes)

    return mutated


def _affine(change: Any) -> Forward:
    def mutated(
        x: Array, mean: Array, var: Array, *affine: Array, **settings: Any
    ) -> tuple[Array, Any]:
        _, cache = _f(x, mean, var, *affine, **settings)
        wrong = change(*affine) if affine else ()
        return _f(x, mean, var, *wrong, **settings)[0], cache

    return mutated


def _rescale(cache: Any, normalized: Array, y: Array) -> Array:
    """The output that other normalised numbers would have given."""
    spread = (-1, *(1 for _ in y.shape[2:]))
    if cache.weight is None:
        return normalized
    weight = cache.weight.reshape(spread)
    result: Array = y + weight * (normalized - cache.normalized)
    return result


def _own(per_example: bool) -> Forward:
    def mutated(x: Array, *arrays: Array, **settings: Any) -> tuple[Array, Any]:
        y, cache = _f(x, *arrays, **settings)
        axes = tuple(range(1 if per_example else 0, x.ndim))
        mean, variance = x.mean(axes, keepdims=True), x.var(axes, keepdims=True)
        normalized = (x - mean) / np.sqrt(variance + settings.get("eps", 1e-5))
        return _rescale(cache, normalized, y), cache

    return mutated


def _unbiased(x: Array, *arrays: Array, **settings: Any) -> tuple[Array, Any]:
    y, cache = _f(x, *arrays, **settings)
    count = x.size // x.shape[1]
    shrink = (1 - 1 / count) ** 0.5 if settings.get("training") else 1.0
    return _rescale(cache, cache.normalized * shrink, y), cache


def _not_centred(x: Array, *arrays: Array, **settings: Any) -> tuple[Array, Any]:
    y, cache = _f(x, *arrays, **settings)
    spread = (-1, *(1 for _ in x.shape[2:]))
    return _rescale(cache, x * cache.inverse_deviation.reshape(spread), y), cache


def _momentum_turned(x: Array, *arrays: Array, **settings: Any) -> tuple[Array, Any]:
    return _f(x, *arrays, **settings | {"momentum": 1 - settings.get("momentum", 0.1)})


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


def _without_term(mean: bool) -> Any:
    """Leave one of the two subtracted means of the training gradient out."""

    def mutated(dy: Array, cache: Any) -> Any:
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

    return mutated


def _without_weight(dy: Array, cache: Any) -> Any:
    _, *rest = _b(dy, cache)
    weight = None if cache.weight is None else np.ones_like(cache.weight)
    return _b(dy, cache._replace(weight=weight))[0], *rest


def _dweight_of_dy(dy: Array, cache: Any) -> Any:
    dx, dweight, dbias = _b(dy, cache)
    return dx, dweight if dbias is None else dbias.copy(), dbias
