"""Copying from channels first to channels last and back, in an order that a cache keeps up with.

A cache keeps memory in lines of 64 bytes, and each line has only a few places where it may be kept.
Addresses that differ by a multiple of a page, 4096 bytes, share the same places, and those that differ by
a quarter of it share four times as many. Where more numbers are read together than find a place, each
pushes out one that was read before, and a line of sixteen numbers is fetched sixteen times.
"""

from math import gcd

import numpy as np
from numpy.typing import DTypeLike

from cnnlab.scratch.functional.checks import Array

LINE, PAGE = 64, 4096  # bytes
PLACES = 8  # of the same addresses; a processor has this many or more


def together(stride: int) -> int:
    """Return how many numbers, so many bytes apart, find a place in cache.

    Examples
    --------
    >>> together(4096), together(4 * 7 * 7)
    (8, 512)
    """
    return PLACES * PAGE // max(LINE, gcd(stride, PAGE))


def apart(channels: int, dtype: DTypeLike) -> int:
    """Return how many numbers from pixel to pixel let most pixels find a place: an odd number of lines.

    Examples
    --------
    >>> import numpy as np
    >>> apart(1024, np.float32)  # 65 lines of 16 numbers
    1040
    """
    line = LINE // np.dtype(dtype).itemsize
    return (-(-channels // line) | 1) * line


def channels_last(x: Array, out: Array) -> Array:
    """Copy (n, C, H, W) to ``out``, (n, H, W, C), as many channels at a time as find a place."""
    step = together(x.strides[1])
    images = max(1, step // max(1, x.shape[1]))
    for image in range(0, len(x), images):
        for channel in range(0, x.shape[1], step):
            some = slice(image, image + images), slice(channel, channel + step)
            out[some[0], ..., some[1]] = x[some].transpose(0, 2, 3, 1)
    return out


def channels_first(x: Array, out: Array) -> Array:
    """Copy (n, H, W, C) to ``out``, (n, C, H, W), as many rows at a time as find a place."""
    step = max(1, together(x.strides[2]) // max(1, x.shape[2]))
    for row in range(0, x.shape[1], step):
        some = slice(row, row + step)
        out[:, :, some] = x[:, some].transpose(0, 3, 1, 2)
    return out
