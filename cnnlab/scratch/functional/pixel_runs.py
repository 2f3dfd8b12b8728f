"""Depthwise convolution at stride 1 in runs of pixels, through large maps or those of several images.

Where the rows of a padded map follow one another, and the maps of some images, all that a tap reads is
a single run, which begins a little later for the next tap. Each run, times one weight, is added to
the outputs; between rows and images this computes some that nobody asked for.
"""

from collections.abc import Callable, Sequence
from itertools import product
from math import prod
from typing import NamedTuple

import numpy as np

from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.threads import COPY, Result, cut, share_out, workers
from cnnlab.scratch.functional.windows import Window, pad
from cnnlab.scratch.functional.workspace import workspace

# Found by measuring with benchmarks/conv2d.py; they change speed, not results.
RUN = 2_731  # pixels of a run; einsum copies shorter ones to a buffer, which takes three times as long
CACHE = 200_000  # floats of padded maps that stay in cache


class Block(NamedTuple):
    """Some channels of some images."""

    images: slice
    channels: slice


def together(window: Window) -> int:
    """Return the fewest images whose maps make a long run."""
    return -(-(RUN + _last(window)) // prod(window.padded_size))


def convolve(x: Array, weight: Array, bias: Array | None, window: Window, out: Array) -> None:
    """Write the output of a depthwise convolution to ``out``."""

    def work(share: Sequence[Block]) -> None:
        for block in share:
            windows = _read(x[*block], window)  # (c, kh, kw, pixels)
            sums, maps = _outputs(out[*block], window)
            np.einsum(
                "pcij,cij->pc",  # pixels first, in the order of Fortran: the inner loop
                windows.transpose(3, 0, 1, 2),
                weight[block.channels, 0],
                out=sums[:, : windows.shape[3]].T,
                order="F",
            )
            if bias is not None:
                maps += bias[block.channels, None, None]
            out[*block] = maps

    _share_out(work, x, window)


def weight_gradient(x: Array, dy: Array, window: Window) -> Array:
    """Gradient of the weight: inner products of runs with ``dy``, (C, kh, kw)."""

    def work(share: Sequence[Block]) -> Array:
        total = np.zeros((x.shape[1], *window.kernel_size), x.dtype)
        for block in share:
            windows = _read(x[*block], window)  # (c, kh, kw, pixels)
            run, maps = _outputs(dy[*block], window)
            run.fill(0)
            maps[...] = dy[*block]
            total[block.channels] += np.vecdot(windows, run[:, None, None, : windows.shape[3]])
        return total

    totals = _share_out(work, x, window)
    return sum(totals[1:], totals[0])


def _read(x: Array, window: Window) -> Array:
    """Copy images (n, c, H, W), padded, and view what each tap reads: (c, kh, kw, pixels)."""
    height, width = window.padded_size
    padded = workspace("padded", (x.shape[1], len(x), height, width), x.dtype)
    pad(padded.reshape(-1, height, width), window.inside)
    padded[:, :, *window.inside] = x.swapaxes(0, 1)
    channel, _, row, pixel = padded.strides
    dh, dw = window.dilation
    return np.ndarray(
        (len(padded), *window.kernel_size, len(x) * height * width - _last(window)),
        padded.dtype,
        padded,
        strides=(channel, dh * row, dw * pixel, pixel),
    )


def _last(window: Window) -> int:
    """Return how many pixels after the first tap's run the last one's begins."""
    (kh, kw), (dh, dw) = window.kernel_size, window.dilation
    return (kh - 1) * dh * window.padded_size[1] + (kw - 1) * dw


def _outputs(images: Array, window: Window) -> tuple[Array, Array]:
    """Return memory for a run of outputs (c, pixels), and images (n, c, H', W') in it."""
    (height, width), (rows, columns) = window.padded_size, window.out_size
    count, channels = images.shape[:2]
    run = workspace("block", (channels, count * height * width), images.dtype)
    maps = run.reshape(channels, count, height, width)[:, :, :rows, :columns]
    return run, maps.swapaxes(0, 1)


def _share_out(work: Callable[[Sequence[Block]], Result], x: Array, window: Window) -> list[Result]:
    """Share out blocks: as many images as make long runs, and as many channels as stay in cache."""
    images, channels = x.shape[:2]
    pixels = prod(window.padded_size)
    count = max(1, images // together(window))
    parts = min(channels, -(-channels * -(-images // count) * pixels // CACHE))
    blocks = [Block(*part) for part in product(cut(images, count), cut(channels, parts))]
    operations = images * channels * pixels * prod(window.kernel_size)
    return share_out(work, blocks, workers(operations * COPY))
