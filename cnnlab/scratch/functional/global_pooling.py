"""Pooling to a size that is fixed beforehand: whole maps, a grid of bins.

Shapes: x is (N, C, H, W), or (N, C, L), or (N, C, D, H, W).
"""

import itertools
import math
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from cnnlab import geometry
from cnnlab.scratch.functional.checks import Array, check_shape
from cnnlab.scratch.functional.pooling_windows import PerAxis, lay_windows

__all__ = [
    "AdaptiveAvgPoolCache",
    "AdaptiveMaxPoolCache",
    "adaptive_avg_pool",
    "adaptive_avg_pool_backward",
    "adaptive_max_pool",
    "adaptive_max_pool_backward",
    "global_avg_pool",
    "global_avg_pool_backward",
    "global_max_pool",
    "global_max_pool_backward",
]

Bins: TypeAlias = tuple[tuple[slice, ...], ...]


class AdaptiveAvgPoolCache(NamedTuple):
    """Shape of the input, and how many bins there are along each axis."""

    shape: tuple[int, ...]
    output_size: tuple[int, ...]


class AdaptiveMaxPoolCache(NamedTuple):
    """The input, and how many bins there are along each axis."""

    x: Array
    output_size: tuple[int, ...]


def adaptive_avg_pool(x: Array, output_size: PerAxis) -> tuple[Array, AdaptiveAvgPoolCache]:
    """Mean of each bin of a grid laid over the map.

    Bin ``i`` of ``n`` over ``size`` pixels runs from ``⌊i·size/n⌋`` to ``⌈(i + 1)·size/n⌉``.

    Parameters
    ----------
    x : (N, C, H, W) array
    output_size : int or tuple
        Bins along each axis.

    Returns
    -------
    y : (N, C, *output_size) array
    cache : AdaptiveAvgPoolCache

    Examples
    --------
    >>> adaptive_avg_pool(np.array([[[1.0, 2.0, 3.0]]]), 2)[0]
    array([[[1.5, 2.5]]])
    """
    grid = _grid("adaptive_avg_pool", x, output_size)
    y = np.empty((*x.shape[:2], *grid), x.dtype)
    for target, part in bins(x.shape[2:], grid):
        y[target] = _flat(x[part]).mean(axis=-1)
    return y, AdaptiveAvgPoolCache(x.shape, grid)


def adaptive_avg_pool_backward(dy: Array, cache: AdaptiveAvgPoolCache) -> Array:
    """Share each bin's gradient equally among its pixels; overlaps add up.

    Parameters
    ----------
    dy : (N, C, *output_size) array
    cache : AdaptiveAvgPoolCache

    Returns
    -------
    dx : (N, C, H, W) array

    Examples
    --------
    >>> y, cache = adaptive_avg_pool(np.array([[[1.0, 2.0, 3.0]]]), 2)
    >>> adaptive_avg_pool_backward(np.ones_like(y), cache)
    array([[[0.5, 1. , 0.5]]])
    """
    shape, grid = cache
    check_shape("adaptive_avg_pool_backward", "dy", dy, (*shape[:2], *grid))
    dx = np.zeros(shape, dy.dtype)
    for target, part in bins(shape[2:], grid):
        pixels = dx[part]
        pixels += dy[target].reshape(*shape[:2], *(1 for _ in grid)) / _flat(pixels).shape[-1]
    return dx


def adaptive_max_pool(x: Array, output_size: PerAxis) -> tuple[Array, AdaptiveMaxPoolCache]:
    """Maximum of each bin of a grid laid over the map; bins as :func:`adaptive_avg_pool`.

    Parameters
    ----------
    x : (N, C, H, W) array
    output_size : int or tuple
        Bins along each axis.

    Returns
    -------
    y : (N, C, *output_size) array
    cache : AdaptiveMaxPoolCache

    Examples
    --------
    >>> adaptive_max_pool(np.array([[[1.0, 2.0, 3.0]]]), 2)[0]
    array([[[2., 3.]]])
    """
    grid = _grid("adaptive_max_pool", x, output_size)
    y = np.empty((*x.shape[:2], *grid), x.dtype)
    for target, part in bins(x.shape[2:], grid):
        y[target] = _flat(x[part]).max(axis=-1)
    return y, AdaptiveMaxPoolCache(x, grid)


def adaptive_max_pool_backward(dy: Array, cache: AdaptiveMaxPoolCache) -> Array:
    """Send each bin's gradient to its maximum, in a tie to the first, row by row.

    Parameters
    ----------
    dy : (N, C, *output_size) array
    cache : AdaptiveMaxPoolCache

    Returns
    -------
    dx : (N, C, H, W) array

    Examples
    --------
    >>> y, cache = adaptive_max_pool(np.array([[[1.0, 3.0, 2.0]]]), 2)
    >>> adaptive_max_pool_backward(np.ones_like(y), cache)
    array([[[0., 2., 0.]]])
    """
    x, grid = cache
    check_shape("adaptive_max_pool_backward", "dy", dy, (*x.shape[:2], *grid))
    dx = np.zeros(x.shape, dy.dtype)
    for target, part in bins(x.shape[2:], grid):
        pixels = _flat(x[part])  # (N, C, pixels)
        gradient = np.zeros(pixels.shape, dy.dtype)
        np.put_along_axis(gradient, _largest(pixels)[..., None], dy[target][..., None], -1)
        dx[part] += gradient.reshape(x[part].shape)
    return dx


def global_avg_pool(x: Array) -> tuple[Array, AdaptiveAvgPoolCache]:
    """Mean of each whole map, kept as a map of one position.

    Parameters
    ----------
    x : (N, C, H, W) array

    Returns
    -------
    y : (N, C, 1, 1) array
    cache : AdaptiveAvgPoolCache

    References
    ----------
    M. Lin et al., "Network In Network", 2014.

    Examples
    --------
    >>> global_avg_pool(np.ones((2, 1280, 7, 7)))[0].shape
    (2, 1280, 1, 1)
    """
    return adaptive_avg_pool(x, 1)


def global_max_pool(x: Array) -> tuple[Array, AdaptiveMaxPoolCache]:
    """Maximum of each whole map; over a sequence, "max over time".

    Parameters
    ----------
    x : (N, C, H, W) array

    Returns
    -------
    y : (N, C, 1, 1) array
    cache : AdaptiveMaxPoolCache

    Examples
    --------
    >>> global_max_pool(np.array([[[1.0, 5.0, 3.0]]]))[0]
    array([[[5.]]])
    """
    return adaptive_max_pool(x, 1)


global_avg_pool_backward = adaptive_avg_pool_backward
global_max_pool_backward = adaptive_max_pool_backward


def bins(size: tuple[int, ...], grid: tuple[int, ...]) -> Iterator[tuple[Any, Any]]:
    """Index of each bin in the output, and of its pixels in the input.

    Examples
    --------
    >>> [part[1:] for _, part in bins((3,), (2,))]
    [(slice(0, 2, None),), (slice(1, 3, None),)]
    """
    for cell in itertools.product(*map(range, grid)):
        axes = zip(cell, size, grid, strict=True)
        part = (slice(i * w // n, -(-(i + 1) * w // n)) for i, w, n in axes)
        yield (..., *cell), (..., *part)


def _largest(pixels: Array) -> Array:
    """Place of the first maximum or, as in PyTorch, of the last NaN."""
    place: Array = pixels.argmax(-1)
    missing = np.isnan(pixels)
    if missing.any():
        last = pixels.shape[-1] - 1 - missing[..., ::-1].argmax(-1)
        place = np.where(missing.any(-1), last, place)
    return place


def _flat(pixels: Array) -> Array:
    return pixels.reshape(*pixels.shape[:2], math.prod(pixels.shape[2:]))  # (N, C, pixels)


def _grid(function: str, x: Array, output_size: PerAxis) -> tuple[int, ...]:
    lay_windows(function, x, 1)  # refuses what is not (N, C, ...)
    try:
        return geometry.per_axis("output_size", output_size, x.ndim - 2)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{function}: {error}") from None
