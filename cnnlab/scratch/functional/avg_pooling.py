"""Average pooling: each window of a map becomes its mean.

Shapes: x is (N, C, H, W), or (N, C, L), or (N, C, D, H, W); the code is the same for any
number of axes, ``2d`` and ``1d`` in a name fix them.
"""

from typing import Any, NamedTuple

import numpy as np

from cnnlab.geometry import Policy
from cnnlab.scratch.functional.checks import Array, check_axes, check_shape
from cnnlab.scratch.functional.pooling_windows import (
    PerAxis,
    Windows,
    count_pixels,
    lay_windows,
    pad,
)

__all__ = [
    "AvgPoolCache",
    "avg_pool",
    "avg_pool1d",
    "avg_pool1d_backward",
    "avg_pool2d",
    "avg_pool2d_backward",
    "avg_pool_backward",
]


class AvgPoolCache(NamedTuple):
    """Pixels that count in each window, and the windows."""

    counts: Array
    windows: Windows


def avg_pool(
    x: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Any = 0,
    *,
    policy: Policy = "floor",
    count_include_pad: bool = True,
) -> tuple[Array, AvgPoolCache]:
    """Mean of each window.

    Parameters
    ----------
    x, kernel_size, stride, padding, policy
        As in :func:`max_pool`.
    count_include_pad : bool
        Whether padded zeros count in the mean, as in PyTorch by default. Pixels that hang over
        under policy "ceil" never count.

    Returns
    -------
    y : (N, C, H', W') array
    cache : AvgPoolCache

    Examples
    --------
    The corner window holds one pixel and three zeros.

    >>> x = np.ones((1, 1, 4, 4))
    >>> avg_pool(x, 2, padding=1)[0][0, 0, 0]
    array([0.25, 0.5 , 0.25])
    >>> avg_pool(x, 2, padding=1, count_include_pad=False)[0][0, 0, 0]
    array([1., 1., 1.])
    """
    return _avg_pool("avg_pool", x, kernel_size, stride, padding, policy, count_include_pad)


def _avg_pool(
    function: str,
    x: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None,
    padding: Any,
    policy: Policy,
    count_include_pad: bool,
) -> tuple[Array, AvgPoolCache]:
    windows = lay_windows(function, x, kernel_size, stride, padding, policy)
    counts = count_pixels(windows, count_include_pad).astype(x.dtype)
    if not counts.all():
        raise ValueError(
            f"{function}: every window must hold a pixel that counts, but one lies wholly in the "
            "padding. Use less padding, or count_include_pad=True."
        )
    total = pad(x, windows, 0)
    for axis in range(x.ndim - 2):  # rows first, because those are read as they lie
        first, *rest = windows.taps_along(axis, total)
        total = np.add(first, rest[0]) if rest else first.copy()
        for tap in rest[1:]:
            total += tap
    total /= counts
    return total, AvgPoolCache(counts, windows)


def avg_pool_backward(dy: Array, cache: AvgPoolCache) -> Array:
    """Share each window's gradient equally among the pixels that counted.

    Parameters
    ----------
    dy : (N, C, H', W') array
    cache : AvgPoolCache

    Returns
    -------
    dx : (N, C, H, W) array

    Examples
    --------
    >>> y, cache = avg_pool(np.ones((1, 1, 2, 4)), 2)
    >>> avg_pool_backward(np.array([[[[4.0, 8.0]]]]), cache)[0, 0]
    array([[1., 1., 2., 2.],
           [1., 1., 2., 2.]])
    """
    counts, windows = cache
    check_shape("avg_pool_backward", "dy", dy, (*dy.shape[:2], *windows.out_size))
    share = dy / counts
    around = [size + sum(side) for size, side in zip(windows.size, windows.sides[2:], strict=True)]
    new = np.empty if windows.once else np.zeros
    for axis in reversed(range(dy.ndim - 2)):
        shape = list(share.shape)
        shape[2 + axis] = around[axis]
        spread = new(shape, dy.dtype)
        for gradient in windows.taps_along(axis, spread):
            if windows.apart:  # there is nothing to add to
                gradient[...] = share
            else:
                gradient += share
        share = spread
    return windows.inside(share)


def avg_pool2d(
    x: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Any = 0,
    *,
    policy: Policy = "floor",
    count_include_pad: bool = True,
) -> tuple[Array, AvgPoolCache]:
    """:func:`avg_pool` over images (N, C, H, W).

    Parameters
    ----------
    x : (N, C, H, W) array
    kernel_size, stride, padding, policy, count_include_pad
        As in :func:`avg_pool`.

    Returns
    -------
    y : (N, C, H', W') array
    cache : AvgPoolCache

    Examples
    --------
    >>> avg_pool2d(np.arange(4.0).reshape(1, 1, 2, 2), 2)[0]
    array([[[[1.5]]]])
    """
    check_axes("avg_pool2d", "x", x, "(N, C, H, W)")
    return _avg_pool("avg_pool2d", x, kernel_size, stride, padding, policy, count_include_pad)


def avg_pool1d(
    x: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Any = 0,
    *,
    policy: Policy = "floor",
    count_include_pad: bool = True,
) -> tuple[Array, AvgPoolCache]:
    """:func:`avg_pool` over sequences (N, C, L).

    Parameters
    ----------
    x : (N, C, L) array
    kernel_size, stride, padding, policy, count_include_pad
        As in :func:`avg_pool`, for one axis.

    Returns
    -------
    y : (N, C, L') array
    cache : AvgPoolCache

    Examples
    --------
    >>> avg_pool1d(np.array([[[1.0, 3.0, 2.0, 5.0]]]), 2)[0]
    array([[[2. , 3.5]]])
    """
    check_axes("avg_pool1d", "x", x, "(N, C, L)")
    return _avg_pool("avg_pool1d", x, kernel_size, stride, padding, policy, count_include_pad)


avg_pool1d_backward = avg_pool2d_backward = avg_pool_backward
