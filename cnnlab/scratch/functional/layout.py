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

__all__ = [
    "PlaceCache",
    "ShapeCache",
    "UpsampleCache",
    "crop",
    "crop_backward",
    "pad",
    "pad_backward",
    "reshape",
    "reshape_backward",
    "upsample",
    "upsample_backward",
]

Sides: TypeAlias = int | Sequence[int | tuple[int, int]]


class ShapeCache(NamedTuple):
    """The shape that entered."""

    shape: tuple[int, ...]


class PlaceCache(NamedTuple):
    """Where the smaller array lies in the larger one."""

    shape: tuple[int, ...]  # of x
    place: tuple[slice, ...]


class UpsampleCache(NamedTuple):
    """The shape that entered, how many times each axis was enlarged, and how."""

    shape: tuple[int, ...]
    factors: tuple[int, ...]
    mode: str


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


def upsample(
    x: Array, scale_factor: int | Sequence[int], mode: str = "nearest"
) -> tuple[Array, UpsampleCache]:
    """Each map enlarged: pixels repeated, or straight lines between their centres.

    Parameters
    ----------
    x : (N, C, ...) array
    scale_factor : int, or one an axis
        How many times as large each side becomes.
    mode : str
        "nearest" repeats each pixel; "linear", "bilinear" and "trilinear", for 1, 2 and 3 axes,
        draw lines between the centres of pixels. Beyond the outer centres the edge is repeated.

    Returns
    -------
    y : (N, C, ...) array
    cache : UpsampleCache

    Examples
    --------
    >>> y, cache = upsample(np.array([[[1.0, 2.0]]]), 2)
    >>> y, upsample_backward(y, cache)
    (array([[[1., 1., 2., 2.]]]), array([[[2., 4.]]]))
    >>> upsample(np.array([[[1.0, 2.0]]]), 2, "linear")[0]
    array([[[1.  , 1.25, 1.75, 2.  ]]])
    """
    factors = geometry.per_axis("upsample: scale_factor", scale_factor, x.ndim - 2)
    _check_mode(mode, x.ndim - 2)
    y = x.copy()
    for axis, factor in enumerate(factors, start=2):
        if mode == "nearest":
            y = y.repeat(factor, axis)
        else:
            y = _along(axis, _lines(x.shape[axis], factor, x.dtype), y)
    return y, UpsampleCache(x.shape, factors, mode)


def upsample_backward(dy: Array, cache: UpsampleCache) -> Array:
    """What each pixel was used for, summed with the shares that it had.

    Parameters
    ----------
    dy : (N, C, ...) array
    cache : UpsampleCache

    Returns
    -------
    dx : (N, C, ...) array
    """
    shape, factors, mode = cache
    if mode != "nearest":
        for axis, factor in enumerate(factors, start=2):
            dy = _along(axis, _lines(shape[axis], factor, dy.dtype).T, dy)
        return dy
    pairs = zip(shape[2:], factors, strict=True)
    blocks = dy.reshape(*shape[:2], *(number for pair in pairs for number in pair))
    dx: Array = blocks.sum(axis=tuple(range(3, blocks.ndim, 2)))
    return dx


def _along(axis: int, matrix: Array, x: Array) -> Array:
    """The matrix applied to each line of numbers along one axis."""
    return np.ascontiguousarray(np.moveaxis(np.moveaxis(x, axis, -1) @ matrix.T, -1, axis))


def _lines(size: int, factor: int, dtype: Any) -> Array:
    """Share of each pixel, (size · factor, size), in each point of the lines between centres."""
    at = ((np.arange(size * factor) + 0.5) / factor - 0.5).clip(0, size - 1)
    left = np.minimum(at.astype(int), max(size - 2, 0))
    shares = np.zeros((size * factor, size))
    rows = np.arange(size * factor)
    shares[rows, left] = 1 - (at - left)
    shares[rows, np.minimum(left + 1, size - 1)] += at - left
    return shares.astype(dtype)


def _check_mode(mode: str, ndim: int) -> None:
    allowed = ("nearest", ("linear", "bilinear", "trilinear")[ndim - 1])
    if mode not in allowed:
        raise ValueError(
            f"upsample: mode must be one of {', '.join(allowed)} for {ndim} axes, not {mode!r}. "
            "Choose one."
        )


def _sides(name: str, given: Any, ndim: int) -> list[tuple[int, int]]:
    entries = geometry.padding_per_axis(given, ndim)
    return [geometry.resolve_padding(entry, 1, 1) for entry in entries]
