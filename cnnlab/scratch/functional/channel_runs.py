"""Depthwise convolution in runs of channels, for small maps.

Channels lie last in memory, and images before them, so that what one tap reads of all of them is a
single run. Windows are read where they are: an output is the sum of kh · kw runs, each times a run of
weights.
"""

from collections.abc import Callable, Sequence
from itertools import product
from math import prod
from typing import NamedTuple

import numpy as np

from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.threads import COPY, Result, cut, share_out, workers
from cnnlab.scratch.functional.transposing import apart, channels_first, channels_last
from cnnlab.scratch.functional.windows import Window, pad
from cnnlab.scratch.functional.workspace import workspace

# Found by measuring with benchmarks/conv2d.py; they change speed, not results.
SHORT, LONG = 800, 2_700  # numbers of a run at most: of large maps, of small ones
CACHE = 500_000  # floats of images that stay in cache


class Block(NamedTuple):
    """Some channels of some images, and some rows of their outputs."""

    images: slice
    channels: slice
    rows: slice


def convolve(x: Array, weight: Array, bias: Array | None, window: Window, out: Array) -> None:
    """Write the output of a depthwise convolution to ``out``."""
    taps = weight[:, 0].transpose(1, 2, 0)[:, :, None]  # (kh, kw, 1, C)

    def work(share: Sequence[Block]) -> None:
        for block in share:
            windows = read(x, block, window)  # (rows, kh, kw, W', n, c)
            run = workspace("taps", (*window.kernel_size, *windows.shape[4:]), x.dtype)
            run[...] = taps[..., block.channels]  # again for each image, so that runs are long
            sums = _pixels("block", (len(windows), *windows.shape[3:]), x.dtype)[1]
            np.einsum("hijwnc,ijnc->hwnc", windows, run, out=sums)
            if bias is not None:
                sums += bias[block.channels]
            channels_first(sums.transpose(2, 0, 1, 3), out[*block])

    _share_out(work, x, window)


def weight_gradient(x: Array, dy: Array, window: Window) -> Array:
    """Gradient of the weight, (C, kh, kw)."""

    def work(share: Sequence[Block]) -> Array:
        total = np.zeros((*window.kernel_size, x.shape[1]), x.dtype)
        for block in share:
            windows = read(x, block, window)  # (rows, kh, kw, W', n, c)
            run = _pixels("block", (len(windows), *windows.shape[3:]), dy.dtype)[1]
            channels_last(dy[*block], run.transpose(2, 0, 1, 3))
            sums = np.einsum("hijwnc,hwnc->ijnc", windows, run)
            total[..., block.channels] += sums.sum(axis=2)
        return total

    totals = _share_out(work, x, window)
    return sum(totals[1:], totals[0]).transpose(2, 0, 1)


def read(x: Array, block: Block, window: Window) -> Array:
    """Copy what a block reads, channels last, and view what each tap reads: (rows, kh, kw, W', n, c)."""
    outputs = block.rows.stop - block.rows.start, window.out_size[1]
    first = block.rows.start * window.stride[0], 0
    shape, inside, there = [], [], []
    for axis, (k, stride, dilation) in enumerate(
        zip(window.kernel_size, window.stride, window.dilation, strict=True)
    ):
        count = (outputs[axis] - 1) * stride + (k - 1) * dilation + 1
        before = window.padding[axis][0] - first[axis]
        start, stop = (min(count, max(0, before + edge)) for edge in (0, window.size[axis]))
        shape.append(count)
        inside.append(slice(start, stop))
        there.append(slice(start - before, stop - before))
    images = x[block.images, block.channels, *there]
    memory, padded = _pixels("padded", (*shape, *images.shape[:2]), x.dtype)
    down, across = inside
    pad(padded[None], (down, across))
    channels_last(images, padded[down, across].transpose(2, 0, 1, 3))
    (sh, sw), (dh, dw), (h, w, *lanes) = window.stride, window.dilation, padded.strides
    return np.ndarray(
        (outputs[0], *window.kernel_size, outputs[1], *padded.shape[2:]),
        x.dtype,
        memory,
        strides=(sh * h, dh * h, dw * w, sw * w, *lanes),
    )


def _pixels(name: str, shape: Sequence[int], dtype: np.dtype) -> tuple[Array, Array]:
    """Return a workspace for (h, w, n, c) whose pixels find a place in cache, and the part to use."""
    *pixels, images, channels = shape
    run = images * channels
    memory = workspace(name, (*pixels, apart(run, dtype)), dtype)
    return memory, memory[..., :run].reshape(shape)


def _share_out(work: Callable[[Sequence[Block]], Result], x: Array, window: Window) -> list[Result]:
    """Share out blocks of rows, each of as many channels and images as make long runs."""
    images, channels = x.shape[:2]
    height, width = window.out_size
    shares = workers(images * channels * height * width * prod(window.kernel_size) * COPY)
    longest = min(max(SHORT, CACHE // prod(window.padded_size)), LONG)
    parts = -(-channels // longest)
    together = max(1, min(images, longest * parts // channels))
    batches = max(1, -(-images // together))
    parts = min(channels, max(parts, -(-shares // batches)))
    run = -(-images // batches) * channels // parts
    rows = max(1, CACHE // max(1, run * window.padded_size[1] * window.stride[0]))
    cuts = cut(images, batches), cut(channels, parts), cut(height, -(-height // rows))
    blocks = [Block(*part) for part in product(*cuts)]
    return share_out(work, blocks, shares)
