"""The transposed convolution: the convolution's own products with the roles exchanged."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from cnnlab import geometry
from cnnlab.scratch.functional.checks import (
    Array,
    check_convolution_arrays,
    check_floats,
    check_shape,
)
from cnnlab.scratch.functional.convolution import ConvCache, Gradients, PerAxis
from cnnlab.scratch.functional.memoize import memoized
from cnnlab.scratch.functional.products import (
    convolve,
    input_gradient,
    weight_gradient,
)
from cnnlab.scratch.functional.windows import Pair, Window

__all__ = ["conv_transpose2d", "conv_transpose2d_backward"]

AxisSides: TypeAlias = int | str | Pair


def conv_transpose2d(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: PerAxis = 1,
    padding: AxisSides | Sequence[AxisSides] = 0,
    output_padding: PerAxis = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> tuple[Array, ConvCache]:
    """Transposed convolution: every input pixel stamps its kernels onto the output.

    It is what the backward pass of :func:`conv2d` does to ``dy``, with the same arguments.

    Parameters
    ----------
    x : (N, C, H, W) array
    weight : (C, K // groups, kh, kw) array
    bias : (K,) array, optional
    stride, dilation, groups
        Of the convolution whose shape this one undoes.
    padding : int, "same" or one entry an axis
        Pixels cut off each side of the output; an entry may be a pair (before, after). "same"
        leaves ``size · stride`` pixels, see :func:`cnnlab.geometry.transposed_padding`.
    output_padding : int or (int, int)
        Extra rows and columns at the end, fewer than ``stride`` or ``dilation``.

    Returns
    -------
    y : (N, K, H', W') array
    cache : ConvCache
        For :func:`conv_transpose2d_backward`.

    Raises
    ------
    TypeError, ValueError
        As :func:`conv2d`.

    Examples
    --------
    >>> import numpy as np
    >>> y, cache = conv_transpose2d(np.ones((1, 1, 2, 2)), np.ones((1, 1, 3, 3)), stride=2)
    >>> y[0, 0].astype(int)
    array([[1, 1, 2, 1, 1],
           [1, 1, 2, 1, 1],
           [2, 2, 4, 2, 2],
           [1, 1, 2, 1, 1],
           [1, 1, 2, 1, 1]])
    """
    axes = ("(N, C, H, W)", "(C, K // groups, kh, kw)")
    check_convolution_arrays("conv_transpose2d", x, weight, bias, axes)
    _check_channels(x.shape[1], weight, bias, groups)
    try:
        window = _window(x.shape[2:], weight.shape[2:], stride, padding, output_padding, dilation)
    except (TypeError, ValueError) as error:
        raise type(error)(f"conv_transpose2d: {error}") from None
    y = input_gradient(x, weight, window, groups)
    if bias is not None:
        y += bias[:, None, None]
    return y, ConvCache(x, weight, bias is not None, window, groups)


def conv_transpose2d_backward(dy: Array, cache: ConvCache) -> Gradients:
    """Gradients through :func:`conv_transpose2d`.

    Parameters
    ----------
    dy : (N, K, H', W') array
    cache : ConvCache

    Returns
    -------
    dx : (N, C, H, W) array
    dweight : (C, K // groups, kh, kw) array
    dbias : (K,) array, or None if there was no bias

    Examples
    --------
    >>> import numpy as np
    >>> x, weight = np.ones((1, 1, 2, 2)), np.ones((1, 1, 3, 3))
    >>> y, cache = conv_transpose2d(x, weight, stride=2)
    >>> conv_transpose2d_backward(np.ones_like(y), cache)[0]
    array([[[[9., 9.],
             [9., 9.]]]])
    """
    x, weight, has_bias, window, groups, _ = cache
    check_floats("conv_transpose2d_backward", x=x, dy=dy)
    shape = (len(x), groups * weight.shape[1], *window.size)
    check_shape("conv_transpose2d_backward", "dy", dy, shape)
    dx = convolve(dy, weight, None, window, groups)
    dweight = weight_gradient(dy, x, window, groups)
    return dx, dweight, dy.sum(axis=(0, 2, 3)) if has_bias else None


@memoized
def _window(
    size: tuple[int, ...],
    kernel_size: tuple[int, ...],
    stride: PerAxis,
    padding: Any,
    output_padding: PerAxis,
    dilation: PerAxis,
) -> Window:
    """Windows of the convolution that goes back from the output to the input."""
    strides = geometry.per_axis("stride", stride, 2)
    dilations = geometry.per_axis("dilation", dilation, 2)
    extra = geometry.per_axis("output_padding", output_padding, 2, minimum=0)
    sides = geometry.padding_per_axis(padding, 2)
    axes = list(zip(size, kernel_size, strides, sides, extra, dilations, strict=True))
    out_size = (geometry.transposed_output_size(*axis) for axis in axes)
    pixels = []
    for width, taps, step, side, _, spread in axes:
        before, after = geometry.transposed_padding(side, width, taps, step, spread)
        pixels.append((before, max(after, 0)))  # pixels that nothing writes to are in out_size
    return Window(tuple(out_size), size, kernel_size, strides, tuple(pixels), dilations)


def _check_channels(channels: int, weight: Array, bias: Array | None, groups: int) -> None:
    groups = geometry.integer("conv_transpose2d: groups", groups, 1)
    if len(weight) != channels:
        raise ValueError(
            f"conv_transpose2d: weight must have one entry for each of the {channels} channels "
            f"of x, not {len(weight)}. Its axes are (C, K // groups, kh, kw)."
        )
    if channels % groups:
        raise ValueError(
            f"conv_transpose2d: groups must divide the {channels} input channels, not be "
            f"{groups}. Use a divisor."
        )
    if bias is not None:
        check_shape("conv_transpose2d", "bias", bias, (groups * weight.shape[1],))
