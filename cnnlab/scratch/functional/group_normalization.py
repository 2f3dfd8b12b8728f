"""Normalisation of each example by itself: over all of it, or over groups of channels.

Shapes: x is (N, F), (N, C, L), (N, C, H, W) or (N, C, D, H, W). Nothing differs between
training and evaluation, because no example looks at another.
"""

from typing import NamedTuple

import numpy as np

from cnnlab import geometry
from cnnlab.scratch.functional.checks import Array, check_floats, check_shape

__all__ = [
    "GroupNormCache",
    "group_norm",
    "group_norm_backward",
    "layer_norm",
    "layer_norm_backward",
]


class GroupNormCache(NamedTuple):
    """What the backward pass needs."""

    normalized: Array  # x̂, shape of x
    inverse_deviation: Array  # 1 / √(variance + eps), (N, groups, 1)
    weight: Array | None


def group_norm(
    x: Array,
    weight: Array | None = None,
    bias: Array | None = None,
    *,
    num_groups: int,
    eps: float = 1e-5,
) -> tuple[Array, GroupNormCache]:
    """Bring each group of channels of each example to mean 0 and variance 1.

    Parameters
    ----------
    x : (N, C, ...) array
    weight, bias : (C,) arrays, optional
        Scale and shift of each channel.
    num_groups : int
        Into how many groups the channels are dealt, in order.
    eps : float
        Added to the variance.

    Returns
    -------
    y : (N, C, ...) array
    cache : GroupNormCache

    References
    ----------
    Y. Wu and K. He, "Group Normalization", 2018.

    Examples
    --------
    >>> x = np.array([[1.0, 3.0, 10.0, 30.0]])
    >>> group_norm(x, num_groups=2)[0].round(3)
    array([[-1.,  1., -1.,  1.]])
    """
    arrays = {"weight": weight, "bias": bias}
    given = {name: array for name, array in arrays.items() if array is not None}
    check_floats("group_norm", x=x, **given)
    groups = geometry.integer("group_norm: num_groups", num_groups, 1)
    if x.ndim < 2 or x.shape[1] % groups:
        raise ValueError(
            f"group_norm: num_groups {groups} must divide the channels of x (N, C, ...), not "
            f"{x.shape}. Use a divisor."
        )
    for name, array in given.items():
        check_shape("group_norm", name, array, x.shape[1:2])
    normalized, inverse = _normalize(x.reshape(len(x), groups, -1), eps)
    normalized = normalized.reshape(x.shape)
    y = normalized.copy() if weight is None else normalized * _per_channel(weight, x)
    if bias is not None:
        y += _per_channel(bias, x)
    return y, GroupNormCache(normalized, inverse, weight)


def group_norm_backward(
    dy: Array, cache: GroupNormCache
) -> tuple[Array, Array | None, Array | None]:
    """Gradients through :func:`group_norm`.

    As in :func:`batch_norm_backward`, but within a group of one example: an input moves the
    output itself, through the mean and through the variance.

    Parameters
    ----------
    dy : (N, C, ...) array
    cache : GroupNormCache

    Returns
    -------
    dx : (N, C, ...) array
    dweight, dbias : (C,) arrays, or None if there was no weight
    """
    normalized, inverse, weight = cache
    check_shape("group_norm_backward", "dy", dy, normalized.shape)
    scaled = dy if weight is None else dy * _per_channel(weight, dy)
    dx = _through(scaled, normalized, inverse)
    if weight is None:
        return dx, None, None
    axes = (0, *range(2, dy.ndim))
    return dx, (dy * normalized).sum(axes), dy.sum(axes)


def layer_norm(
    x: Array, weight: Array | None = None, bias: Array | None = None, *, eps: float = 1e-5
) -> tuple[Array, GroupNormCache]:
    """Bring each example to mean 0 and variance 1 over all that it holds.

    Parameters
    ----------
    x : (N, ...) array
    weight, bias : (...) arrays, optional
        Scale and shift of each number of an example.
    eps : float
        Added to the variance.

    Returns
    -------
    y : (N, ...) array
    cache : GroupNormCache

    References
    ----------
    J. Ba, J. Kiros and G. Hinton, "Layer Normalization", 2016.

    Examples
    --------
    >>> layer_norm(np.array([[1.0, 3.0], [10.0, 30.0]]))[0].round(3)
    array([[-1.,  1.],
           [-1.,  1.]])
    """
    arrays = {"weight": weight, "bias": bias}
    given = {name: array for name, array in arrays.items() if array is not None}
    check_floats("layer_norm", x=x, **given)
    for name, array in given.items():
        check_shape("layer_norm", name, array, x.shape[1:])
    normalized, inverse = _normalize(x.reshape(len(x), 1, -1), eps)
    normalized = normalized.reshape(x.shape)
    y = normalized.copy() if weight is None else normalized * weight
    if bias is not None:
        y += bias
    return y, GroupNormCache(normalized, inverse, weight)


def layer_norm_backward(
    dy: Array, cache: GroupNormCache
) -> tuple[Array, Array | None, Array | None]:
    """Gradients through :func:`layer_norm`, as :func:`group_norm_backward` with one group.

    Parameters
    ----------
    dy : (N, ...) array
    cache : GroupNormCache

    Returns
    -------
    dx : (N, ...) array
    dweight, dbias : (...) arrays, or None if there was no weight
    """
    normalized, inverse, weight = cache
    check_shape("layer_norm_backward", "dy", dy, normalized.shape)
    dx = _through(dy if weight is None else dy * weight, normalized, inverse)
    if weight is None:
        return dx, None, None
    return dx, (dy * normalized).sum(axis=0), dy.sum(axis=0)


def _normalize(parts: Array, eps: float) -> tuple[Array, Array]:
    inverse = 1 / np.sqrt(parts.var(axis=2, keepdims=True) + eps)  # (N, groups, 1)
    return (parts - parts.mean(axis=2, keepdims=True)) * inverse, inverse


def _through(dy: Array, normalized: Array, inverse: Array) -> Array:
    """Gradient with respect to what was normalised."""
    shape = (*inverse.shape[:2], -1)
    pull, like = dy.reshape(shape), normalized.reshape(shape)  # (N, groups, numbers)
    common = pull.mean(axis=2, keepdims=True) + like * (pull * like).mean(axis=2, keepdims=True)
    dx: Array = ((pull - common) * inverse).reshape(dy.shape)
    return dx


def _per_channel(values: Array, x: Array) -> Array:
    return values.reshape(-1, *(1 for _ in x.shape[2:]))  # (C, 1, 1), to meet (N, C, H, W)
