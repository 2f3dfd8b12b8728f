"""Normalisation: over the batch, and over neighbouring channels.

Shapes: x is (N, F), (N, C, L), (N, C, H, W) or (N, C, D, H, W).
"""

from typing import NamedTuple

import numpy as np

from cnnlab import geometry
from cnnlab.scratch.functional.checks import Array, check_floats, check_shape

__all__ = [
    "BatchNormCache",
    "LocalResponseNormCache",
    "batch_norm",
    "batch_norm_backward",
    "local_response_norm",
    "local_response_norm_backward",
]


class BatchNormCache(NamedTuple):
    """What the backward pass needs, and the statistics after this batch."""

    normalized: Array  # x̂, shape of x
    inverse_deviation: Array  # 1 / √(variance + eps), (C,)
    weight: Array | None
    training: bool
    running_mean: Array  # those given, or in training their successors
    running_var: Array


class LocalResponseNormCache(NamedTuple):
    """What the backward pass needs."""

    x: Array
    divisor: Array  # k + alpha / size · Σ x², shape of x
    size: int
    alpha: float
    beta: float


def batch_norm(
    x: Array,
    running_mean: Array,
    running_var: Array,
    weight: Array | None = None,
    bias: Array | None = None,
    *,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> tuple[Array, BatchNormCache]:
    """Batch normalisation of each channel, then a learned scale and shift.

    In training each channel is brought to mean 0 and variance 1 over the batch and all
    positions; in evaluation the running statistics stand in, so that one example's output
    does not depend on its neighbours.

    Parameters
    ----------
    x : (N, C, ...) array
    running_mean, running_var : (C,) arrays
        Not changed; their successors are ``cache.running_mean`` and ``cache.running_var``.
    weight, bias : (C,) arrays, optional
        Scale and shift.
    training : bool
        Whose statistics to use.
    momentum : float
        Share of the new batch in the running statistics.
    eps : float
        Added to the variance.

    Returns
    -------
    y : (N, C, ...) array
    cache : BatchNormCache

    Notes
    -----
    The batch is divided by its biased variance; the running variance takes in the unbiased
    one, as in PyTorch.

    References
    ----------
    S. Ioffe and C. Szegedy, "Batch Normalization", 2015.

    Examples
    --------
    >>> x = np.array([[1.0], [3.0]])
    >>> y, cache = batch_norm(x, np.zeros(1), np.ones(1), training=True)
    >>> y.round(3).tolist(), cache.running_mean, cache.running_var
    ([[-1.0], [1.0]], array([0.2]), array([1.1]))
    """
    _check_batch_norm(x, running_mean, running_var, weight, bias)
    if training:
        axes, count = _others(x), x.size // x.shape[1]
        if count < 2:
            raise ValueError(
                "batch_norm: training must see at least 2 numbers in each channel, "
                f"not {count}: shape {x.shape}. Use a larger batch, or training=False."
            )
        mean, variance = x.mean(axes), x.var(axes)  # (C,)
        unbiased = variance * (count / (count - 1))
        running_mean = (1 - momentum) * running_mean + momentum * mean
        running_var = (1 - momentum) * running_var + momentum * unbiased
    else:
        mean, variance = running_mean, running_var
    inverse = 1 / np.sqrt(variance + eps)
    normalized = (x - _per_channel(mean, x)) * _per_channel(inverse, x)
    y = normalized.copy() if weight is None else normalized * _per_channel(weight, x)
    if bias is not None:
        y += _per_channel(bias, x)
    return y, BatchNormCache(normalized, inverse, weight, training, running_mean, running_var)


def batch_norm_backward(
    dy: Array, cache: BatchNormCache
) -> tuple[Array, Array | None, Array | None]:
    """Gradients through :func:`batch_norm`.

    In training an input moves the output in three ways: itself, through the mean and through
    the variance; the two subtracted means are the latter two.

    Parameters
    ----------
    dy : (N, C, ...) array
    cache : BatchNormCache

    Returns
    -------
    dx : (N, C, ...) array
    dweight, dbias : (C,) arrays, or None if there was no weight

    Examples
    --------
    >>> x = np.array([[1.0], [3.0], [8.0]])
    >>> y, cache = batch_norm(x, np.zeros(1), np.ones(1), training=True)
    >>> batch_norm_backward(np.ones_like(y), cache)[0].ravel().round(6) + 0
    array([0., 0., 0.])
    """
    normalized, inverse, weight = cache[:3]
    check_shape("batch_norm_backward", "dy", dy, normalized.shape)
    axes = _others(dy)
    dweight, dbias = (dy * normalized).sum(axes), dy.sum(axes)  # (C,)
    scale = inverse if weight is None else inverse * weight
    if cache.training:
        count = dy.size // dy.shape[1]
        pull = _per_channel(dbias / count, dy) + normalized * _per_channel(dweight / count, dy)
        dx = (dy - pull) * _per_channel(scale, dy)
    else:
        dx = dy * _per_channel(scale, dy)
    return (dx, None, None) if weight is None else (dx, dweight, dbias)


def _others(x: Array) -> tuple[int, ...]:
    return (0, *range(2, x.ndim))  # every axis but the channels


def _per_channel(values: Array, x: Array) -> Array:
    return values.reshape(-1, *(1 for _ in x.shape[2:]))  # (C, 1, 1), to meet (N, C, H, W)


def _check_batch_norm(
    x: Array, mean: Array, variance: Array, weight: Array | None, bias: Array | None
) -> None:
    arrays = {"running_mean": mean, "running_var": variance, "weight": weight, "bias": bias}
    given = {name: array for name, array in arrays.items() if array is not None}
    check_floats("batch_norm", x=x, **given)
    if x.ndim < 2:
        raise ValueError(
            f"batch_norm: x must be (N, F), (N, C, L) or (N, C, H, W), not {x.shape}. "
            "Give it a batch and channels."
        )
    for name, array in given.items():
        check_shape("batch_norm", name, array, x.shape[1:2])


def local_response_norm(
    x: Array, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> tuple[Array, LocalResponseNormCache]:
    """Divide each number by a power of its neighbours' energy across channels.

    ``y_c = x_c / (k + alpha / size · Σ x_j²)^beta`` over ``size`` channels around ``c``;
    PyTorch's form. The paper does not divide alpha by size.

    Parameters
    ----------
    x : (N, C, ...) array
    size : int
        Neighbours, itself included; the larger half of an even size lies before.
    alpha, beta, k : float
        Strength, power and offset of the divisor.

    Returns
    -------
    y : (N, C, ...) array
    cache : LocalResponseNormCache

    References
    ----------
    A. Krizhevsky et al., "ImageNet Classification with Deep Convolutional Neural Networks",
    2012, section 3.3.

    Examples
    --------
    >>> local_response_norm(np.ones((1, 3, 1)), 3, alpha=3.0, beta=1.0)[0].round(3)
    array([[[0.333],
            [0.25 ],
            [0.333]]])
    """
    check_floats("local_response_norm", x=x)
    size = geometry.integer("local_response_norm: size", size, 1)
    divisor = k + (alpha / size) * _neighbours(x * x, size // 2, (size - 1) // 2)
    return x * divisor**-beta, LocalResponseNormCache(x, divisor, size, alpha, beta)


def local_response_norm_backward(dy: Array, cache: LocalResponseNormCache) -> Array:
    """Gradient through :func:`local_response_norm`.

    A channel is felt by itself, and by every channel that counts it among its neighbours.

    Parameters
    ----------
    dy : (N, C, ...) array
    cache : LocalResponseNormCache

    Returns
    -------
    dx : (N, C, ...) array

    Examples
    --------
    >>> y, cache = local_response_norm(np.ones((1, 3, 1)), 3, alpha=3.0, beta=1.0)
    >>> local_response_norm_backward(np.ones_like(y), cache).ravel().round(3)
    array([-0.014, -0.319, -0.014])
    """
    x, divisor, size, alpha, beta = cache
    check_shape("local_response_norm_backward", "dy", dy, x.shape)
    felt = _neighbours(dy * x * divisor ** (-beta - 1), (size - 1) // 2, size // 2)
    return dy * divisor**-beta - (2 * alpha * beta / size) * x * felt


def _neighbours(x: Array, before: int, after: int) -> Array:
    """Sum over the channels from ``c - before`` to ``c + after``, as far as there are any."""
    channels = x.shape[1]
    total = np.zeros_like(x)
    for shift in range(-before, after + 1):
        start, stop = max(0, -shift), min(channels, channels - shift)
        if start < stop:
            total[:, start:stop] += x[:, start + shift : stop + shift]
    return total
