"""Convolutions, forward and backward, with the names and meanings of PyTorch.

A backward pass takes the gradient of a loss with respect to the output, ``dy``, and returns
the gradients with respect to everything that went in. The arithmetic is in
:mod:`cnnlab.scratch.functional.products`, for some shapes in
:mod:`cnnlab.scratch.functional.tiled` or :mod:`cnnlab.scratch.functional.direct`; the loops
that it stands for are in :mod:`cnnlab.scratch.naive`.

References
----------
V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning", 2016.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

from cnnlab import geometry
from cnnlab.scratch.functional.algorithms import by_name, choose
from cnnlab.scratch.functional.checks import (
    Array,
    check_axes,
    check_convolution_arrays,
    check_floats,
    check_shape,
)
from cnnlab.scratch.functional.memoize import memoized
from cnnlab.scratch.functional.windows import Window

__all__ = ["ConvCache", "conv1d", "conv1d_backward", "conv2d", "conv2d_backward"]

PerAxis: TypeAlias = int | Sequence[int]
Gradients: TypeAlias = tuple[Array, Array, Array | None]


class ConvCache(NamedTuple):
    """What the backward pass of a convolution needs from its forward pass."""

    x: Array
    weight: Array
    has_bias: bool
    window: Window
    groups: int
    algorithm: str = "im2col"


def conv2d(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: PerAxis = 1,
    padding: Any = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
    algorithm: str = "auto",
) -> tuple[Array, ConvCache]:
    """Slide kernels over images: cross-correlation, as in PyTorch.

    Parameters
    ----------
    x : (N, C, H, W) array
        Images, float32 or float64.
    weight : (K, C // groups, kh, kw) array
        K kernels, of the same dtype.
    bias : (K,) array, optional
        Number to add to each output channel.
    stride, dilation : int or (int, int)
        Pixels from window to window and from tap to tap (1: adjacent).
    padding : int, "same", "valid" or one entry an axis
        Pixels of zeros on each side; an entry may be a pair (before, after).
    groups : int
        Number of groups the channels fall into; kernels see only the channels of their own.
        ``groups=C`` is the depthwise convolution.
    algorithm : {"auto", "im2col", "winograd", "fft", "direct"}
        How to compute it and its gradients; "auto" chooses by shape, see
        :mod:`cnnlab.scratch.functional.algorithms`.

    Returns
    -------
    y : (N, K, H', W') array
    cache : ConvCache
        For :func:`conv2d_backward`; holds ``x`` and ``weight`` themselves, no copies.

    Raises
    ------
    TypeError
        If the arrays are not of one floating dtype.
    ValueError
        If their shapes do not match, the kernel does not fit, or the algorithm does not apply.

    Notes
    -----
    Beyond inputs and outputs, a thread holds what one block needs, and keeps it for the next call
    (:mod:`cnnlab.scratch.functional.workspace`). For ``"im2col"`` these are a few padded images, the
    windows of a few rows (about 4 MB in float32, more only if 800 windows or one row need more) and,
    backward, two copies of ``dweight``; for ``"winograd"`` and ``"fft"`` about a hundred tiles and the
    kernels, each as 36 or some hundred numbers, and backward the kernels twice; for ``"direct"`` some
    padded maps, and as many outputs (about 2 MB).

    Examples
    --------
    >>> import numpy as np
    >>> x, weight = np.ones((2, 3, 28, 28)), np.ones((8, 3, 5, 5))
    >>> y, cache = conv2d(x, weight, stride=2, padding="same")
    >>> y.shape
    (2, 8, 14, 14)
    """
    _check_arrays("conv2d", x, weight, bias, groups, ("(N, C, H, W)", "(K, C // groups, kh, kw)"))
    try:
        window = _window(x.shape[2:], weight.shape[2:], stride, padding, dilation)
        algorithm = choose(algorithm, x, weight, window, groups)
    except (TypeError, ValueError) as error:
        raise type(error)(f"conv2d: {error}") from None
    y = by_name(algorithm).convolve(x, weight, bias, window, groups)
    return y, ConvCache(x, weight, bias is not None, window, groups, algorithm)


def conv2d_backward(dy: Array, cache: ConvCache) -> Gradients:
    """Gradients through :func:`conv2d`.

    Parameters
    ----------
    dy : (N, K, H', W') array
    cache : ConvCache

    Returns
    -------
    dx : (N, C, H, W) array
    dweight : (K, C // groups, kh, kw) array
    dbias : (K,) array, or None if there was no bias

    Examples
    --------
    The gradient of a pixel counts the windows that read it, if all weights are 1.

    >>> import numpy as np
    >>> y, cache = conv2d(np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)), np.zeros(1))
    >>> dx, dweight, dbias = conv2d_backward(np.ones_like(y), cache)
    >>> dx[0, 0]
    array([[1., 2., 1.],
           [2., 4., 2.],
           [1., 2., 1.]])
    """
    dweight, dbias = parameter_gradients(dy, cache)
    dx = by_name(cache.algorithm).input_gradient(dy, cache.weight, cache.window, cache.groups)
    return dx, dweight, dbias


def parameter_gradients(dy: Array, cache: ConvCache) -> tuple[Array, Array | None]:
    """Gradients through :func:`conv2d` of its weight and bias alone, for a first layer.

    Parameters
    ----------
    dy : (N, K, H', W') array
    cache : ConvCache

    Returns
    -------
    dweight : (K, C // groups, kh, kw) array
    dbias : (K,) array, or None if there was no bias
    """
    x, weight, has_bias, window, groups, algorithm = cache
    check_floats("conv2d_backward", x=x, dy=dy)
    check_shape("conv2d_backward", "dy", dy, (len(x), len(weight), *window.out_size))
    dweight = by_name(algorithm).weight_gradient(x, dy, window, groups)
    return dweight, dy.sum(axis=(0, 2, 3)) if has_bias else None


def conv1d(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: PerAxis = 1,
    padding: Any = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> tuple[Array, ConvCache]:
    """Slide kernels along sequences: :func:`conv2d` on images one pixel wide.

    Parameters
    ----------
    x : (N, C, L) array
    weight : (K, C // groups, k) array
    bias : (K,) array, optional
    stride, padding, dilation, groups
        As in :func:`conv2d`, for one axis.

    Returns
    -------
    y : (N, K, L') array
    cache : ConvCache
        For :func:`conv1d_backward`.

    Raises
    ------
    TypeError, ValueError
        As :func:`conv2d`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[[1.0, 2.0, 4.0, 8.0]]])
    >>> conv1d(x, np.array([[[-1.0, 1.0]]]))[0]
    array([[[1., 2., 4.]]])
    """
    _check_arrays("conv1d", x, weight, bias, groups, ("(N, C, L)", "(K, C // groups, k)"))
    try:
        geometry.output_shape(x.shape[2:], weight.shape[2:], stride, padding, dilation)
    except (TypeError, ValueError) as error:
        raise type(error)(f"conv1d: {error}") from None
    y, cache = conv2d(
        x[..., None],
        weight[..., None],
        bias,
        stride=(*geometry.per_axis("stride", stride, 1), 1),
        padding=(*geometry.padding_per_axis(padding, 1), 0),
        dilation=(*geometry.per_axis("dilation", dilation, 1), 1),
        groups=groups,
    )
    return y[..., 0], cache


def conv1d_backward(dy: Array, cache: ConvCache) -> Gradients:
    """Gradients through :func:`conv1d`.

    Parameters
    ----------
    dy : (N, K, L') array
    cache : ConvCache

    Returns
    -------
    dx : (N, C, L) array
    dweight : (K, C // groups, k) array
    dbias : (K,) array, or None if there was no bias

    Examples
    --------
    >>> import numpy as np
    >>> y, cache = conv1d(np.ones((1, 1, 4)), np.ones((1, 1, 2)))
    >>> conv1d_backward(np.ones_like(y), cache)[0]
    array([[[1., 2., 2., 1.]]])
    """
    check_floats("conv1d_backward", dy=dy)
    check_axes("conv1d_backward", "dy", dy, "(N, K, L')")
    dx, dweight, dbias = conv2d_backward(dy[..., None], cache)
    return dx[..., 0], dweight[..., 0], dbias


@memoized
def _window(
    size: Sequence[int],
    kernel_size: Sequence[int],
    stride: PerAxis,
    padding: Any,
    dilation: PerAxis,
) -> Window:
    """Resolve every size; an error of the geometry names what does not fit."""
    out_size = geometry.output_shape(size, kernel_size, stride, padding, dilation)
    strides = geometry.per_axis("stride", stride, 2)
    dilations = geometry.per_axis("dilation", dilation, 2)
    sides = [
        geometry.resolve_padding(*axis)
        for axis in zip(
            geometry.padding_per_axis(padding, 2),
            size,
            kernel_size,
            strides,
            dilations,
            strict=True,
        )
    ]
    return Window(tuple(size), out_size, tuple(kernel_size), strides, tuple(sides), dilations)


def _check_arrays(
    function: str, x: Any, weight: Any, bias: Any, groups: Any, axes: tuple[str, str]
) -> None:
    """Refuse arrays that do not fit together, before anything is computed."""
    check_convolution_arrays(function, x, weight, bias, axes)
    groups = geometry.integer(f"{function}: groups", groups, 1)
    channels, kernels = x.shape[1], len(weight)
    if channels % groups or kernels % groups:
        raise ValueError(
            f"{function}: groups must divide the {channels} input channels and the {kernels} "
            f"kernels, not be {groups}. Use a common divisor."
        )
    if weight.shape[1] != channels // groups:
        raise ValueError(
            f"{function}: weight must have {channels // groups} channels to match x "
            f"({channels} channels in {groups} {'group' if groups == 1 else 'groups'}), "
            f"not {weight.shape[1]}. Change weight, x or groups."
        )
    if bias is not None:
        check_shape(function, "bias", bias, (kernels,))
