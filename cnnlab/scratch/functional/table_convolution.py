"""Convolution whose filters read only the maps that a table names (LeNet-5's third layer)."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from cnnlab.scratch.functional.checks import Array, check_floats, check_shape
from cnnlab.scratch.functional.convolution import ConvCache, PerAxis, conv2d, conv2d_backward

__all__ = ["TableConvCache", "table_conv2d", "table_conv2d_backward"]


class TableConvCache(NamedTuple):
    """The dense convolution, and where the kernels of the table lie in its weight."""

    dense: ConvCache
    outs: tuple[int, ...]
    ins: tuple[int, ...]


def table_conv2d(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    table: Sequence[Sequence[int]],
    stride: PerAxis = 1,
    padding: Any = 0,
) -> tuple[Array, TableConvCache]:
    """:func:`conv2d` with a dense weight that is 0 wherever the table names no connection.

    Parameters
    ----------
    x : (N, C, H, W) array
    weight : (connections, kh, kw) array
        One kernel for each connection, in the table's order.
    bias : (K,) array, optional
    table : sequence of sequences of int
        For each of K output maps, the input maps it reads, counted from 0.
    stride, padding
        As in :func:`conv2d`.

    Returns
    -------
    y : (N, K, H', W') array
    cache : TableConvCache

    References
    ----------
    Y. LeCun et al., "Gradient-based learning applied to document recognition", 1998, table I.

    Examples
    --------
    >>> x = np.arange(3.0).reshape(1, 3, 1, 1)
    >>> table_conv2d(x, np.ones((3, 1, 1)), table=((0, 1), (2,)))[0][0, :, 0, 0]
    array([1., 2.])
    """
    check_floats("table_conv2d", x=x, weight=weight)
    pairs = [(out, into) for out, maps in enumerate(table) for into in maps]
    check_shape("table_conv2d", "weight", weight, (len(pairs), *weight.shape[1:]))
    outs, ins = zip(*pairs, strict=True)
    dense = np.zeros((len(table), x.shape[1], *weight.shape[1:]), x.dtype)  # (K, C, kh, kw)
    dense[outs, ins] = weight
    y, cache = conv2d(x, dense, bias, stride=stride, padding=padding)
    return y, TableConvCache(cache, outs, ins)


def table_conv2d_backward(dy: Array, cache: TableConvCache) -> tuple[Array, Array, Array | None]:
    """Gradients through :func:`table_conv2d`; kernels outside the table are not learned.

    Parameters
    ----------
    dy : (N, K, H', W') array
    cache : TableConvCache

    Returns
    -------
    dx : (N, C, H, W) array
    dweight : (connections, kh, kw) array
    dbias : (K,) array, or None if there was no bias

    Examples
    --------
    >>> x = np.arange(3.0).reshape(1, 3, 1, 1)
    >>> y, cache = table_conv2d(x, np.ones((3, 1, 1)), table=((0, 1), (2,)))
    >>> table_conv2d_backward(np.ones_like(y), cache)[1].ravel()
    array([0., 1., 2.])
    """
    dx, dense, dbias = conv2d_backward(dy, cache.dense)
    return dx, dense[cache.outs, cache.ins], dbias
