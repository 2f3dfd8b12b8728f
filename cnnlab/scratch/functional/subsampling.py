"""Trained sub-sampling, as in LeNet: the mean of each window, times a weight, plus a bias."""

from typing import NamedTuple

from cnnlab.scratch.functional.avg_pooling import AvgPoolCache, avg_pool, avg_pool_backward
from cnnlab.scratch.functional.checks import Array, check_floats, check_shape
from cnnlab.scratch.functional.pooling_windows import PerAxis

__all__ = ["SubsampleCache", "subsample", "subsample_backward"]


class SubsampleCache(NamedTuple):
    """The means, the weight, and the cache of the mean."""

    pooled: Array
    weight: Array
    pooling: AvgPoolCache


def subsample(
    x: Array, weight: Array, bias: Array, kernel_size: PerAxis
) -> tuple[Array, SubsampleCache]:
    """Sub-sampling of the LeNets: mean of each window, times a weight, plus a bias.

    Parameters
    ----------
    x : (N, C, H, W) array
    weight, bias : (C,) arrays
        Two learned numbers for each map.
    kernel_size : int or tuple
        Windows do not overlap.

    Returns
    -------
    y : (N, C, H', W') array
    cache : SubsampleCache

    References
    ----------
    Y. LeCun et al., "Gradient-based learning applied to document recognition", 1998, section II.

    Examples
    --------
    >>> import numpy as np
    >>> subsample(np.ones((1, 1, 2, 2)), np.array([3.0]), np.array([0.5]), 2)[0]
    array([[[[3.5]]]])
    """
    check_floats("subsample", x=x, weight=weight, bias=bias)
    pooled, pooling = avg_pool(x, kernel_size)
    for name, array in (("weight", weight), ("bias", bias)):
        check_shape("subsample", name, array, (x.shape[1],))
    per_map = (-1, *(1 for _ in x.shape[2:]))
    y = weight.reshape(per_map) * pooled + bias.reshape(per_map)
    return y, SubsampleCache(pooled, weight, pooling)


def subsample_backward(dy: Array, cache: SubsampleCache) -> tuple[Array, Array, Array]:
    """Gradients through :func:`subsample`: dx (N, C, H, W), dweight (C,) and dbias (C,).

    Parameters
    ----------
    dy : (N, C, H', W') array
    cache : SubsampleCache

    Returns
    -------
    dx : (N, C, H, W) array
    dweight, dbias : (C,) arrays

    Examples
    --------
    >>> import numpy as np
    >>> y, cache = subsample(np.ones((1, 1, 2, 2)), np.array([3.0]), np.array([0.5]), 2)
    >>> dx, dweight, dbias = subsample_backward(np.ones_like(y), cache)
    >>> dx[0, 0, 0], dweight, dbias
    (array([0.75, 0.75]), array([1.]), array([1.]))
    """
    pooled, weight, pooling = cache
    check_shape("subsample_backward", "dy", dy, pooled.shape)
    others = (0, *range(2, dy.ndim))
    scaled = dy * weight.reshape(-1, *(1 for _ in dy.shape[2:]))
    return avg_pool_backward(scaled, pooling), (dy * pooled).sum(others), dy.sum(others)
