"""Max-pooling: each window of a map becomes its largest number.

Shapes: x is (N, C, H, W), or (N, C, L), or (N, C, D, H, W); the code is the same for any
number of axes, ``2d`` and ``1d`` in a name fix them.
"""

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

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
from cnnlab.scratch.functional.threads import Images, over_images
from cnnlab.scratch.functional.workspace import workspace

__all__ = [
    "MaxPoolCache",
    "max_pool",
    "max_pool1d",
    "max_pool1d_backward",
    "max_pool2d",
    "max_pool2d_backward",
    "max_pool_backward",
]

Ties: TypeAlias = Literal["first", "share"]


class MaxPoolCache(NamedTuple):
    """The padded maps, their maxima, and who gets the gradient of a tie."""

    padded: Array
    y: Array
    windows: Windows
    ties: Ties


def max_pool(
    x: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Any = 0,
    *,
    policy: Policy = "floor",
    ties: Ties = "first",
) -> tuple[Array, MaxPoolCache]:
    """Maximum of each window; padding counts as minus infinity.

    Parameters
    ----------
    x : (N, C, H, W) array
        Or with one or three spatial axes.
    kernel_size : int or tuple
    stride : int or tuple, optional
        The kernel size if left out; smaller strides overlap.
    padding : int, "same", "valid" or one entry an axis
        Pixels on each side; an entry may be a pair (before, after).
    policy : {"floor", "ceil", "error"}
        What to do when the stride does not fit, as :func:`cnnlab.geometry.output_size`.
    ties : {"first", "share"}
        Where several pixels are the maximum, the gradient goes to the first of them, row by
        row, as in PyTorch, or to all in equal parts. A pixel that is not a number is the
        maximum; of several the last one gets the gradient, as in PyTorch.

    Returns
    -------
    y : (N, C, H', W') array
    cache : MaxPoolCache

    Examples
    --------
    >>> x = np.arange(16.0).reshape(1, 1, 4, 4)
    >>> max_pool(x, 2)[0][0, 0]
    array([[ 5.,  7.],
           [13., 15.]])
    """
    return _max_pool("max_pool", x, kernel_size, stride, padding, policy, ties)


def _max_pool(
    function: str,
    x: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None,
    padding: Any,
    policy: Policy,
    ties: Ties,
) -> tuple[Array, MaxPoolCache]:
    windows = lay_windows(function, x, kernel_size, stride, padding, policy)
    if ties not in get_args(Ties):
        raise ValueError(f"{function}: ties must be 'first' or 'share', not {ties!r}. Choose one.")
    if not count_pixels(windows, False).all():
        raise ValueError(
            f"{function}: every window must hold a pixel, but one lies wholly in the padding. "
            "Use padding of at most half the kernel."
        )
    padded = pad(x, windows, -np.inf)
    y = np.empty((*x.shape[:2], *windows.out_size), x.dtype)

    def some_images(some: Images) -> None:
        taps, maxima = list(windows.taps(padded[some])), y[some]
        np.maximum(taps[0], taps[-1], out=maxima)  # which may be the same
        for tap in taps[1:-1]:
            np.maximum(maxima, tap, out=maxima)

    over_images(some_images, x.shape)
    return y, MaxPoolCache(padded, y, windows, ties)


def max_pool_backward(dy: Array, cache: MaxPoolCache) -> Array:
    """Send each window's gradient to its maximum.

    Parameters
    ----------
    dy : (N, C, H', W') array
    cache : MaxPoolCache

    Returns
    -------
    dx : (N, C, H, W) array

    Examples
    --------
    All four pixels are the maximum.

    >>> x = np.ones((1, 1, 2, 2))
    >>> [max_pool_backward(np.ones((1, 1, 1, 1)), max_pool(x, 2, ties=rule)[1])[0, 0].tolist()
    ...  for rule in ("first", "share")]
    [[[1.0, 0.0], [0.0, 0.0]], [[0.25, 0.25], [0.25, 0.25]]]
    """
    padded, y, windows, ties = cache
    check_shape("max_pool_backward", "dy", dy, y.shape)
    dx = np.empty(padded.shape, padded.dtype)
    winners = _all if ties == "share" else _last if np.isnan(y).any() else _first

    def some_images(some: Images) -> None:
        gradient = dx[some]
        if not windows.once:
            gradient.fill(0)
        pulls = winners(dy[some], padded[some], y[some], windows)
        for pull, place in zip(pulls, windows.taps(gradient), strict=True):
            if windows.apart:  # there is nothing to add to
                place[...] = pull
            else:
                place += pull

    over_images(some_images, dx.shape)
    return windows.inside(dx)


def _first(dy: Array, padded: Array, y: Array, windows: Windows) -> Iterator[Array]:
    """For each tap the gradient it gets: that of the windows whose first maximum it is."""
    left = dy  # of windows whose maximum has not been met yet
    rest, pull = (workspace(name, dy.shape, dy.dtype) for name in ("rest", "pull"))
    wins = workspace("wins", y.shape, bool)
    *taps, _ = windows.taps(padded)
    for tap in taps:
        np.multiply(left, np.equal(tap, y, out=wins), out=pull)
        yield pull
        left = np.subtract(left, pull, out=rest)
    yield left  # whoever is still waiting has its maximum here


def _last(dy: Array, padded: Array, y: Array, windows: Windows) -> Iterator[Array]:
    """As :func:`_first`, but of several pixels that are not a number the last one wins."""
    last_nan = np.full(y.shape, -1)
    for number, tap in enumerate(windows.taps(padded)):
        last_nan[np.isnan(tap)] = number  # PyTorch takes each NaN for larger than all before
    waiting = np.ones(y.shape, bool)  # windows whose maximum has not been met yet
    for number, tap in enumerate(windows.taps(padded)):
        wins = (tap == y) & waiting
        waiting ^= wins
        yield dy * (wins | (last_nan == number))


def _all(dy: Array, padded: Array, y: Array, windows: Windows) -> Iterator[Array]:
    """For each tap the gradient it gets: equal parts from each window whose maximum it is."""
    masks = [_is_maximum(tap, y) for tap in windows.taps(padded)]
    dy = dy / sum(mask.astype(dy.dtype) for mask in masks)
    yield from (dy * mask for mask in masks)


def _is_maximum(tap: Array, y: Array) -> Array:
    # What is not a number makes the maximum one, too.
    result: Array = (tap == y) | np.isnan(tap)
    return result


def max_pool2d(
    x: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Any = 0,
    *,
    policy: Policy = "floor",
    ties: Ties = "first",
) -> tuple[Array, MaxPoolCache]:
    """:func:`max_pool` over images (N, C, H, W).

    Parameters
    ----------
    x : (N, C, H, W) array
    kernel_size, stride, padding, policy, ties
        As in :func:`max_pool`.

    Returns
    -------
    y : (N, C, H', W') array
    cache : MaxPoolCache

    Examples
    --------
    >>> max_pool2d(np.ones((2, 3, 13, 13)), 3, stride=2)[0].shape
    (2, 3, 6, 6)
    """
    check_axes("max_pool2d", "x", x, "(N, C, H, W)")
    return _max_pool("max_pool2d", x, kernel_size, stride, padding, policy, ties)


def max_pool1d(
    x: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: Any = 0,
    *,
    policy: Policy = "floor",
    ties: Ties = "first",
) -> tuple[Array, MaxPoolCache]:
    """:func:`max_pool` over sequences (N, C, L).

    Parameters
    ----------
    x : (N, C, L) array
    kernel_size, stride, padding, policy, ties
        As in :func:`max_pool`, for one axis.

    Returns
    -------
    y : (N, C, L') array
    cache : MaxPoolCache

    Examples
    --------
    >>> max_pool1d(np.array([[[1.0, 3.0, 2.0, 5.0]]]), 2)[0]
    array([[[3., 5.]]])
    """
    check_axes("max_pool1d", "x", x, "(N, C, L)")
    return _max_pool("max_pool1d", x, kernel_size, stride, padding, policy, ties)


max_pool1d_backward = max_pool2d_backward = max_pool_backward
