"""Depthwise convolution in runs of pixels, through large maps or those of several images.

Where the rows of a padded map follow one another, and the maps of some images, all that a tap reads at
stride 1 is a single run, which begins a little later for the next tap. Each run, times one weight, is
added to the outputs; between rows and images this computes some that nobody asked for. At a larger
stride the map is taken apart first: every stride-th row and column make a part of their own, and the
taps that read it make such runs.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from math import prod
from typing import NamedTuple

import numpy as np

from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.threads import COPY, Result, cut, share_out, workers
from cnnlab.scratch.functional.windows import Pair, Window, pad, phases
from cnnlab.scratch.functional.workspace import workspace

# Found by measuring with benchmarks/conv2d.py; they change speed, not results.
RUN = 2_731  # pixels of a run; einsum copies shorter ones to a buffer, which takes three times as long
CACHE = 300_000  # floats of a part of the padded maps that stay in cache


class Block(NamedTuple):
    """Some channels of some images."""

    images: slice
    channels: slice


class Part(NamedTuple):
    """Every stride-th row and column of a padded map from the first ones on, and the taps that read them."""

    first: Pair
    taps: tuple[slice, slice]


def together(window: Window) -> int:
    """Return the fewest images whose maps make a long run."""
    part = size(window)
    return 1 + max(0, -(-(RUN - _pixels(1, part, window.out_size)) // prod(part)))


def size(window: Window) -> Pair:
    """Return the height and width of a part of the padded map."""
    height, width = (-(-n // s) for n, s in zip(window.padded_size, window.stride, strict=True))
    return height, width


def convolve(x: Array, weight: Array, bias: Array | None, window: Window, out: Array) -> None:
    """Write the output of a depthwise convolution to ``out``."""

    def work(share: Sequence[Block]) -> None:
        for block in share:
            sums, maps = _outputs("block", out[*block], size(window), window.out_size)
            more, _ = _outputs("more", out[*block], size(window), window.out_size)
            for first, taps in _parts(window):
                padded = _lay_out(x[*block], window, first)
                kernels = weight[block.channels, 0, *taps]
                begun = any(first)
                _add_up(padded, kernels, window.dilation, (0, 0), more if begun else sums)
                if begun:
                    sums += more
            if bias is not None:
                maps += bias[block.channels, None, None]
            out[*block] = maps

    _share_out(work, x, window)


def weight_gradient(x: Array, dy: Array, window: Window) -> Array:
    """Gradient of the weight: inner products of runs with ``dy``, (C, kh, kw)."""

    def work(share: Sequence[Block]) -> Array:
        total = np.zeros((x.shape[1], *window.kernel_size), x.dtype)
        for block in share:
            run, maps = _outputs("block", dy[*block], size(window), window.out_size)
            run.fill(0)
            maps[...] = dy[*block]
            for first, taps in _parts(window):
                padded = _lay_out(x[*block], window, first)
                sums = total[block.channels, *taps]
                read = _read(padded, sums.shape[1:], window.dilation, (0, 0), run.shape[1])
                sums += np.vecdot(read, run[:, None, None])
        return total

    totals = _share_out(work, x, window)
    return sum(totals[1:], totals[0])


def input_gradient(dy: Array, weight: Array, window: Window) -> Array:
    """Gradient of the input: convolutions of ``dy`` with turned kernels, one a phase.

    All of them read one padded map and write to the same images, while these are in cache.

    Returns
    -------
    (N, C, H, W) array
    """
    parts = phases(window)
    all_read = sum(prod(part.window.out_size) for part in parts) == prod(window.size)
    dx = (np.empty if all_read else np.zeros)((*dy.shape[:2], *window.size), dy.dtype)
    around = _around([part.window for part in parts])

    def work(share: Sequence[Block]) -> None:
        for block in share:
            padded = _lay_out(dy[*block], around, (0, 0))
            for pixels, taps, part in parts:
                place = dx[*block][:, :, *pixels]
                run, maps = _outputs("block", place, size(around), part.out_size)
                kernels = weight[block.channels, 0][:, *taps][:, ::-1, ::-1]
                _add_up(padded, kernels, part.dilation, _beyond(around, part), run)
                place[...] = maps

    _share_out(work, dy, around._replace(kernel_size=window.kernel_size))
    return dx


def _parts(window: Window) -> Iterator[Part]:
    """Yield the parts that are read; strides above 1 need windows that are not dilated."""
    (kh, kw), (sh, sw) = window.kernel_size, window.stride
    for down, across in product(range(min(sh, kh)), range(min(sw, kw))):
        yield Part((down, across), (slice(down, None, sh), slice(across, None, sw)))


def _around(windows: Sequence[Window]) -> Window:
    """Return one of the windows, with padding that is enough for all of them."""
    sides = np.array([window.padding for window in windows])  # (windows, 2, 2)
    down, across = np.maximum(sides.max(axis=0), 0).tolist()
    return windows[0]._replace(padding=(tuple(down), tuple(across)))


def _beyond(around: Window, window: Window) -> Pair:
    """Return how many pixels more are padded above and before the map than a window needs."""
    ((above, _), (before, _)), ((top, _), (left, _)) = around.padding, window.padding
    return above - top, before - left


def _lay_out(x: Array, window: Window, first: Pair) -> Array:
    """Copy a part of images (n, c, H, W), padded: (c, n, *size(window))."""
    padded = workspace("padded", (x.shape[1], len(x), *size(window)), x.dtype)
    inside, there = zip(*(_inside(window, first, axis) for axis in (0, 1)), strict=True)
    pad(padded.reshape(-1, *padded.shape[2:]), inside)
    padded[:, :, *inside] = x[:, :, *there].swapaxes(0, 1)
    return padded


def _inside(window: Window, first: Pair, axis: int) -> tuple[slice, slice]:
    """Return where pixels of the input lie along an axis of a part, and which they are."""
    stride = window.stride[axis]
    begin = first[axis] - window.padding[axis][0]
    padded = max(0, -(begin // stride))
    pixels = slice(begin + padded * stride, None, stride)
    count = len(range(window.size[axis])[pixels])
    return slice(padded, padded + count), pixels


def _add_up(
    padded: Array, kernels: Array, dilation: Sequence[int], first: Pair, run: Array
) -> None:
    """Write what kernels (c, kh, kw) make of padded maps into a run (c, pixels)."""
    read = _read(padded, kernels.shape[1:], dilation, first, run.shape[1])
    np.einsum(
        "pcij,cij->pc",  # pixels first, in the order of Fortran: the inner loop
        read.transpose(3, 0, 1, 2),
        kernels,
        out=run.T,
        order="F",
    )


def _read(
    padded: Array, taps: Sequence[int], dilation: Sequence[int], first: Pair, pixels: int
) -> Array:
    """View what each tap reads, from a first pixel on: (c, kh, kw, pixels)."""
    channel, _, row, pixel = padded.strides
    return np.ndarray(
        (len(padded), *taps, pixels),
        padded.dtype,
        padded,
        offset=first[0] * row + first[1] * pixel,
        strides=(channel, dilation[0] * row, dilation[1] * pixel, pixel),
    )


def _outputs(name: str, images: Array, size: Pair, out_size: Sequence[int]) -> tuple[Array, Array]:
    """Return memory for a run of outputs (c, pixels), and images (n, c, H', W') in it."""
    count, channels = images.shape[:2]
    memory = workspace(name, (channels, count, *size), images.dtype)
    rows, columns = out_size
    run = memory.reshape(channels, -1)[:, : _pixels(count, size, out_size)]
    return run, memory[:, :, :rows, :columns].swapaxes(0, 1)


def _pixels(images: int, size: Pair, out_size: Sequence[int]) -> int:
    """Return how many pixels there are from the first output of some images to the last."""
    (height, width), (rows, columns) = size, out_size
    return ((images - 1) * height + rows - 1) * width + columns


def _share_out(work: Callable[[Sequence[Block]], Result], x: Array, window: Window) -> list[Result]:
    """Share out blocks: as many images as make long runs, and as many channels as stay in cache."""
    images, channels = x.shape[:2]
    pixels = prod(size(window))
    count = max(1, images // together(window))
    parts = min(channels, -(-channels * -(-images // count) * pixels // CACHE))
    blocks = [Block(*part) for part in product(cut(images, count), cut(channels, parts))]
    operations = images * channels * pixels * prod(window.kernel_size)
    return share_out(work, blocks, workers(operations * COPY))
