"""The loops that are taught: slow, short, and the measure for everything fast.

One sum per output pixel, one loop per index. Nothing but the arithmetic of sizes is shared with
the fast versions in :mod:`cnnlab.scratch.functional`, so their agreement means something.
"""

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import numpy as np

from cnnlab.geometry import output_shape, padding_per_axis, per_axis, resolve_padding

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Pair: TypeAlias = tuple[int, int]
PerAxis: TypeAlias = int | Sequence[int]


def cross_correlate1d(signal: Array, kernel: Array) -> Array:
    """Slide a kernel along a signal and sum the products, where it fits ("valid").

    Examples
    --------
    >>> cross_correlate1d(np.array([1.0, 2.0, 4.0, 8.0]), np.array([-1.0, 1.0]))
    array([1., 2., 4.])
    """
    out = np.zeros(len(signal) - len(kernel) + 1, signal.dtype)
    for i in range(len(out)):
        for u in range(len(kernel)):
            out[i] += kernel[u] * signal[i + u]
    return out


def cross_correlate2d(image: Array, kernel: Array) -> Array:
    """Slide a kernel over an image and sum the products, where it fits ("valid").

    Examples
    --------
    >>> cross_correlate2d(np.eye(3), np.eye(2))
    array([[2., 0.],
           [0., 2.]])
    """
    (height, width), (kh, kw) = image.shape, kernel.shape
    out = np.zeros((height - kh + 1, width - kw + 1), image.dtype)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for u in range(kh):
                for v in range(kw):
                    out[i, j] += kernel[u, v] * image[i + u, j + v]
    return out


def convolve1d(signal: Array, kernel: Array) -> Array:
    """Convolution in the mathematical sense: cross-correlation with the kernel reversed.

    Examples
    --------
    >>> convolve1d(np.array([0.0, 0.0, 1.0, 0.0, 0.0]), np.array([1.0, 2.0, 3.0]))
    array([1., 2., 3.])
    """
    return cross_correlate1d(signal, kernel[::-1])


def convolve2d(image: Array, kernel: Array) -> Array:
    """Convolution in the mathematical sense: the kernel is turned by 180 degrees first.

    Examples
    --------
    >>> dot = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]])
    >>> convolve2d(dot, np.array([[1, 2], [3, 4]]))
    array([[1, 2],
           [3, 4]])
    """
    return cross_correlate2d(image, kernel[::-1, ::-1])


def conv2d(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: PerAxis = 1,
    padding: Any = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> Array:
    """Convolutional layer: one sum per output pixel, over channels and kernel taps.

    Parameters
    ----------
    x : (N, C, H, W) array
    weight : (K, C // groups, kh, kw) array
    bias : (K,) array, optional
    stride, padding, dilation, groups
        As in PyTorch.

    Returns
    -------
    (N, K, H', W') array

    Examples
    --------
    >>> conv2d(np.ones((1, 2, 5, 5)), np.ones((4, 2, 3, 3)), stride=2).shape
    (1, 4, 2, 2)
    """
    (sh, sw), (dh, dw) = per_axis("stride", stride, 2), per_axis("dilation", dilation, 2)
    kernels, group_channels, kh, kw = weight.shape
    size = output_shape(x.shape[2:], (kh, kw), (sh, sw), padding, (dh, dw))
    padded, _ = _pad(x, (kh, kw), (sh, sw), padding, (dh, dw))
    y = np.zeros((len(x), kernels, *size), x.dtype)
    for n, k, i, j in np.ndindex(y.shape):
        first = k // (kernels // groups) * group_channels  # first channel of k's group
        for c, u, v in np.ndindex(group_channels, kh, kw):
            pixel = n, first + c, i * sh + u * dh, j * sw + v * dw
            y[n, k, i, j] += weight[k, c, u, v] * padded[pixel]
        if bias is not None:
            y[n, k, i, j] += bias[k]
    return y


def conv2d_backward(
    dy: Array,
    x: Array,
    weight: Array,
    *,
    stride: PerAxis = 1,
    padding: Any = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> tuple[Array, Array, Array]:
    """Gradients through :func:`conv2d`: the same loops, every product differentiated.

    Returns
    -------
    dx : (N, C, H, W) array
    dweight : (K, C // groups, kh, kw) array
    dbias : (K,) array

    Examples
    --------
    >>> x, weight = np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2))
    >>> dx, dweight, dbias = conv2d_backward(np.ones((1, 1, 2, 2)), x, weight)
    >>> dx[0, 0]
    array([[1., 2., 1.],
           [2., 4., 2.],
           [1., 2., 1.]])
    """
    (sh, sw), (dh, dw) = per_axis("stride", stride, 2), per_axis("dilation", dilation, 2)
    kernels, group_channels, kh, kw = weight.shape
    padded, inside = _pad(x, (kh, kw), (sh, sw), padding, (dh, dw))
    dpadded, dweight = np.zeros_like(padded), np.zeros_like(weight)
    dbias = np.zeros(kernels, dy.dtype)
    for n, k, i, j in np.ndindex(dy.shape):
        first = k // (kernels // groups) * group_channels
        for c, u, v in np.ndindex(group_channels, kh, kw):
            pixel = n, first + c, i * sh + u * dh, j * sw + v * dw
            dpadded[pixel] += weight[k, c, u, v] * dy[n, k, i, j]
            dweight[k, c, u, v] += padded[pixel] * dy[n, k, i, j]
        dbias[k] += dy[n, k, i, j]
    return dpadded[inside], dweight, dbias


def _pad(x: Array, kernel: Pair, stride: Pair, padding: Any, dilation: Pair) -> tuple[Array, Any]:
    """Zeros around the images, and the index that takes them off again."""
    rules = padding_per_axis(padding, 2)
    axes = zip(rules, x.shape[2:], kernel, stride, dilation, strict=True)
    (top, bottom), (left, right) = (resolve_padding(*axis) for axis in axes)
    inside = ..., slice(top, top + x.shape[2]), slice(left, left + x.shape[3])
    return np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right))), inside


def pool2d(
    x: Array, kernel_size: int, stride: int, kind: Literal["max", "average"] = "max"
) -> Array:
    """Maximum or mean of every window, channel by channel.

    Parameters
    ----------
    x : (N, C, H, W) array
    kernel_size, stride : int
        Pixels; a stride that does not fit drops the pixels left over.
    kind : {"max", "average"}

    Returns
    -------
    (N, C, H', W') array

    Examples
    --------
    >>> x = np.array([[1.0, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]])
    >>> pool2d(x[None, None], kernel_size=2, stride=2)[0, 0]
    array([[6., 8.],
           [3., 4.]])
    """
    height, width = ((size - kernel_size) // stride + 1 for size in x.shape[2:])
    y = np.zeros((*x.shape[:2], height, width), x.dtype)
    for n, c, i, j in np.ndindex(y.shape):
        top, left = i * stride, j * stride
        window = x[n, c, top : top + kernel_size, left : left + kernel_size]
        y[n, c, i, j] = window.max() if kind == "max" else window.mean()
    return y


def pool2d_backward(
    dy: Array, x: Array, kernel_size: int, stride: int, kind: Literal["max", "average"] = "max"
) -> Array:
    """Gradient through :func:`pool2d`: to the maximum (the first, in a tie), or to all alike.

    Returns
    -------
    (N, C, H, W) array

    Examples
    --------
    >>> x = np.array([[[[1.0, 2.0], [4.0, 3.0]]]])
    >>> pool2d_backward(np.ones((1, 1, 1, 1)), x, kernel_size=2, stride=2)
    array([[[[0., 0.],
             [1., 0.]]]])
    """
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dy.shape):
        top, left = i * stride, j * stride
        window = slice(top, top + kernel_size), slice(left, left + kernel_size)
        if kind == "max":
            u, v = divmod(int(x[n, c][window].argmax()), kernel_size)
            dx[n, c, top + u, left + v] += dy[n, c, i, j]
        else:
            dx[n, c][window] += dy[n, c, i, j] / kernel_size**2
    return dx
