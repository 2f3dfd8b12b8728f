"""Rarer convolutions along sequences, as images one pixel high.

Shapes: x is (N, C, L).
"""

from collections.abc import Sequence
from typing import Any

from cnnlab import geometry
from cnnlab.scratch.functional.checks import Array, check_axes
from cnnlab.scratch.functional.convolution import ConvCache, Gradients, PerAxis
from cnnlab.scratch.functional.table_convolution import (
    TableConvCache,
    table_conv2d,
    table_conv2d_backward,
)
from cnnlab.scratch.functional.transposed_convolution import (
    conv_transpose2d,
    conv_transpose2d_backward,
)

__all__ = ["conv_transpose1d", "conv_transpose1d_backward", "table_conv1d", "table_conv1d_backward"]


def conv_transpose1d(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: PerAxis = 1,
    padding: Any = 0,
    output_padding: PerAxis = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> tuple[Array, ConvCache]:
    """:func:`conv_transpose2d` along sequences.

    Parameters
    ----------
    x : (N, C, L) array
    weight : (C, K // groups, k) array
    bias : (K,) array, optional
    stride, padding, output_padding, dilation, groups
        As in :func:`conv_transpose2d`, for one axis.

    Returns
    -------
    y : (N, K, L') array
    cache : ConvCache

    Examples
    --------
    >>> import numpy as np
    >>> conv_transpose1d(np.array([[[1.0, 2.0]]]), np.ones((1, 1, 3)), stride=2)[0]
    array([[[1., 1., 3., 2., 2.]]])
    """
    check_axes("conv_transpose1d", "x", x, "(N, C, L)")
    check_axes("conv_transpose1d", "weight", weight, "(C, K // groups, k)")
    sides: Any = geometry.padding_per_axis(padding, 1)
    y, cache = conv_transpose2d(
        x[:, :, None],
        weight[:, :, None],
        bias,
        stride=(1, *geometry.per_axis("stride", stride, 1)),
        padding=(0, *sides),
        output_padding=(0, *geometry.per_axis("output_padding", output_padding, 1, minimum=0)),
        dilation=(1, *geometry.per_axis("dilation", dilation, 1)),
        groups=groups,
    )
    return y[:, :, 0], cache


def conv_transpose1d_backward(dy: Array, cache: ConvCache) -> Gradients:
    """Gradients through :func:`conv_transpose1d`, in the shapes of its arguments.

    Parameters
    ----------
    dy : (N, K, L') array
    cache : ConvCache

    Returns
    -------
    dx : (N, C, L) array
    dweight : (C, K // groups, k) array
    dbias : (K,) array, or None if there was no bias

    Examples
    --------
    >>> import numpy as np
    >>> y, cache = conv_transpose1d(np.array([[[1.0, 2.0]]]), np.ones((1, 1, 3)), stride=2)
    >>> conv_transpose1d_backward(np.ones_like(y), cache)[:2]
    (array([[[3., 3.]]]), array([[[3., 3., 3.]]]))
    """
    check_axes("conv_transpose1d_backward", "dy", dy, "(N, K, L')")
    dx, dweight, dbias = conv_transpose2d_backward(dy[:, :, None], cache)
    return dx[:, :, 0], dweight[:, :, 0], dbias


def table_conv1d(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    table: Sequence[Sequence[int]],
    stride: PerAxis = 1,
    padding: Any = 0,
) -> tuple[Array, TableConvCache]:
    """:func:`table_conv2d` along sequences.

    Parameters
    ----------
    x : (N, C, L) array
    weight : (connections, k) array
    bias : (K,) array, optional
    table, stride, padding
        As in :func:`table_conv2d`, for one axis.

    Returns
    -------
    y : (N, K, L') array
    cache : TableConvCache

    Examples
    --------
    >>> import numpy as np
    >>> table_conv1d(np.ones((1, 2, 4)), np.ones((3, 2)), table=((0,), (0, 1)))[0]
    array([[[2., 2., 2.],
            [4., 4., 4.]]])
    """
    check_axes("table_conv1d", "x", x, "(N, C, L)")
    y, cache = table_conv2d(
        x[:, :, None],
        weight[:, None],
        bias,
        table=table,
        stride=(1, *geometry.per_axis("stride", stride, 1)),
        padding=(0, *geometry.padding_per_axis(padding, 1)),
    )
    return y[:, :, 0], cache


def table_conv1d_backward(dy: Array, cache: TableConvCache) -> Gradients:
    """Gradients through :func:`table_conv1d`, in the shapes of its arguments.

    Parameters
    ----------
    dy : (N, K, L') array
    cache : TableConvCache

    Returns
    -------
    dx : (N, C, L) array
    dweight : (connections, k) array
    dbias : (K,) array, or None if there was no bias

    Examples
    --------
    >>> import numpy as np
    >>> y, cache = table_conv1d(np.ones((1, 2, 4)), np.ones((3, 2)), table=((0,), (0, 1)))
    >>> table_conv1d_backward(np.ones_like(y), cache)[0]
    array([[[2., 4., 4., 2.],
            [1., 2., 2., 1.]]])
    """
    check_axes("table_conv1d_backward", "dy", dy, "(N, K, L')")
    dx, dweight, dbias = table_conv2d_backward(dy[:, :, None], cache)
    return dx[:, :, 0], dweight[:, 0], dbias
