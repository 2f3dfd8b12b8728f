"""What only moves numbers to other places: reshape, pad, crop, upsample.

Shapes: x is (N, C, L), (N, C, H, W) or (N, C, D, H, W); one entry of a setting for each axis
after the channels.
"""

from collections.abc import Sequence
from math import prod
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from cnnlab import geometry
from cnnlab.scratch.functional.checks import Array, check_shape

Sides: TypeAlias = int | Sequence[int | tuple[int, int]]


class ShapeCache(NamedTuple):
    """The shape that entered."""

    shape: tuple[int, ...]


class PlaceCache(NamedTuple):
    """Where the smaller array lies in the larger one."""

    shape: tuple[int, ...]  # of x
    place: tuple[slice, ...]


class UpsampleCache(NamedTuple):
    """The shape that entered, and how often each pixel is repeated along each axis."""

    shape: tuple[int, ...]
    factors: tuple[int, ...]


def reshape(x: Array, shape: Sequence[int]) -> tuple[Array, ShapeCache]:
    """The same numbers in the same order under another shape.

    Parameters
    ----------
    x : (N, ...) array
    shape : sequence of int
        Of one example.

    Returns
    -------
    y : (N, *shape) array
    cache : ShapeCache

    Examples
    --------
    >>> y, cache = reshape(np.arange(6.0).reshape(1, 6), (1, 2, 3))
    >>> y.shape, reshape_backward(y, cache).shape
    ((1, 1, 2, 3), (1, 6))
    """
    if prod(shape) != prod(x.shape[1:]):
        raise ValueError(
            f"reshape: shape {tuple(shape)} must hold {prod(x.shape[1:])} numbers, "
            f"not {prod(shape)}. Make the products equal."
        )
    return x.reshape(len(x), *shape).copy(), ShapeCache(x.shape)


def reshape_backward(dy: Array, cache: ShapeCache) -> Array:
    """The gradient under the shape that entered.

    Parameters
    ----------
    dy : (N, *shape) array
    cache : ShapeCache

    Returns
    -------
    dx : (N, ...) array
    """
    return dy.reshape(cache.shape).copy()


def pad(x: Array, padding: Sides) -> tuple[Array, PlaceCache]:
    """Zeros around each map.

    Parameters
    ----------
    x : (N, C, ...) array
    padding : int, or one entry an axis
        Pixels on each side; an entry may be a pair (before, after).

    Returns
    -------
    y : (N, C, ...) array
    cache : PlaceCache

    Examples
    --------
    >>> y, cache = pad(np.ones((1, 1, 2)), ((1, 2),))
    >>> y, pad_backward(y, cache)
    (array([[[0., 1., 1., 0., 0.]]]), array([[[1., 1.]]]))
    """
    sides = _sides("padding", padding, x.ndim - 2)
    place = (slice(None),) * 2 + tuple(
        slice(before, before + size) for (before, _), size in zip(sides, x.shape[2:], strict=True)
    )
    return np.pad(x, [(0, 0), (0, 0), *sides]), PlaceCache(x.shape, place)


def pad_backward(dy: Array, cache: PlaceCache) -> Array:
    """The part of the gradient that belongs to pixels; what belongs to zeros is dropped.

    Parameters
    ----------
    dy : (N, C, ...) array
    cache : PlaceCache

    Returns
    -------
    dx : (N, C, ...) array
    """
    dx: Array = dy[cache.place].copy()
    return dx


def crop(x: Array, cropping: Sides) -> tuple[Array, PlaceCache]:
    """Each map without its margins.

    Parameters
    ----------
    x : (N, C, ...) array
    cropping : int, or one entry an axis
        Pixels cut off each side; an entry may be a pair (before, after).

    Returns
    -------
    y : (N, C, ...) array
    cache : PlaceCache

    Examples
    --------
    >>> y, cache = crop(np.array([[[1.0, 2.0, 3.0, 4.0]]]), ((1, 2),))
    >>> y, crop_backward(y, cache)
    (array([[[2.]]]), array([[[0., 2., 0., 0.]]]))
    """
    sides = _sides("cropping", cropping, x.ndim - 2)
    place = (slice(None),) * 2 + tuple(
        slice(before, size - after)
        for (before, after), size in zip(sides, x.shape[2:], strict=True)
    )
    if 0 in x[place].shape:
        raise ValueError(
            f"crop: cropping {cropping} must leave pixels of {x.shape[2:]}, but leaves none. "
            "Cut off less."
        )
    return x[place].copy(), PlaceCache(x.shape, place)


def crop_backward(dy: Array, cache: PlaceCache) -> Array:
    """The gradient in its place; what was cut off moved nothing.

    Parameters
    ----------
    dy : (N, C, ...) array
    cache : PlaceCache

    Returns
    -------
    dx : (N, C, ...) array
    """
    dx = np.zeros(cache.shape, dy.dtype)
    check_shape("crop_backward", "dy", dy, dx[cache.place].shape)
    dx[cache.place] = dy
    return dx


def upsample(x: Array, scale_factor: int | Sequence[int]) -> tuple[Array, UpsampleCache]:
    """Each pixel repeated, so that it fills a block: the nearest neighbour.

    Parameters
    ----------
    x : (N, C, ...) array
    scale_factor : int, or one an axis
        How often each pixel is repeated.

    Returns
    -------
    y : (N, C, ...) array
    cache : UpsampleCache

    Examples
    --------
    >>> y, cache = upsample(np.array([[[1.0, 2.0]]]), 2)
    >>> y, upsample_backward(y, cache)
    (array([[[1., 1., 2., 2.]]]), array([[[2., 4.]]]))
    """
    factors = geometry.per_axis("upsample: scale_factor", scale_factor, x.ndim - 2)
    y = x
    for axis, factor in enumerate(factors, start=2):
        y = y.repeat(factor, axis)
    return y.copy() if y is x else y, UpsampleCache(x.shape, factors)


def upsample_backward(dy: Array, cache: UpsampleCache) -> Array:
    """The sum over each block, because each pixel was used for all of it.

    Parameters
    ----------
    dy : (N, C, ...) array
    cache : UpsampleCache

    Returns
    -------
    dx : (N, C, ...) array
    """
    shape, factors = cache
    pairs = zip(shape[2:], factors, strict=True)
    blocks = dy.reshape(*shape[:2], *(number for pair in pairs for number in pair))
    dx: Array = blocks.sum(axis=tuple(range(3, blocks.ndim, 2)))
    return dx


def _sides(name: str, given: Any, ndim: int) -> list[tuple[int, int]]:
    entries = geometry.padding_per_axis(given, ndim)
    return [geometry.resolve_padding(entry, 1, 1) for entry in entries]
