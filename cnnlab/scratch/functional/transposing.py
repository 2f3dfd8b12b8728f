"""Copying from channels first to channels last and back, in an order that a cache keeps up with.

A cache keeps memory in lines of 64 bytes, and each line has only a few places where it may be kept.
Addresses that differ by a multiple of a page, 4096 bytes, share the same places, and those that differ by
a quarter of it share four times as many. Where numbers that are read together lie that far apart, each
pushes out one that was read before, and a line of sixteen numbers is fetched sixteen times.
"""

from cnnlab.scratch.functional.checks import Array

PAGE = 4096  # bytes
PLACES = 8  # of the same addresses; a processor has this many or more


def channels_last(x: Array, out: Array) -> Array:
    """Copy (n, C, H, W) to ``out``, (n, H, W, C).

    Few channels at a time, where all of a pixel's would share the same places.
    """
    step = PLACES if x.strides[1] % PAGE == 0 else x.shape[1]
    for start in range(0, x.shape[1], step):
        some = slice(start, start + step)
        out[..., some] = x[:, some].transpose(0, 2, 3, 1)
    return out


def channels_first(x: Array, out: Array) -> Array:
    """Copy (n, H, W, C) to ``out``, (n, C, H, W).

    Row by row, where all of a channel's pixels would share a few places.
    """
    step = 1 if x.strides[2] % (PAGE // 4) == 0 else x.shape[1]
    for start in range(0, x.shape[1], step):
        some = slice(start, start + step)
        out[:, :, some] = x[:, some].transpose(0, 3, 1, 2)
    return out
