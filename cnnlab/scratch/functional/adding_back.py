"""Gradients of a convolution's input, added back to the pixels that were read (col2im).

``weight.T @ dy`` is what each window gives to each of its taps, and pixels sum what they get from all
windows. Where that product has all taps, each of its numbers is added on its own, which takes longer
than the product (:func:`at_each_tap`). But the product can sum as well: with the gradients of
``kernel height`` rows of outputs written one below another, it sums what a row of pixels gets from all
of them, and only the taps across are left to be added (:func:`along_rows`).

References
----------
A. Vasudevan, A. Anderson and D. Gregg, "Parallel multi channel convolution using general matrix
multiplication", 2017: products of single taps, shifted and added.
"""

from collections.abc import Sequence
from math import prod

import numpy as np

from cnnlab.scratch.functional.blas import product
from cnnlab.scratch.functional.blocks import LOWERED, Shape, image_blocks, row_blocks, shares
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.threads import cut, share_out
from cnnlab.scratch.functional.windows import (
    AxisPhase,
    Window,
    axis_phases,
    images_last,
    long,
    scatter,
)
from cnnlab.scratch.functional.workspace import workspace

ADDED = 50_000  # floats of a block that one tap adds back, below which nothing is shared …
MANY_KERNELS = 64  # … unless so many kernels make products that take most of the time


def along_rows(dy: Array, weight: Array, window: Window, groups: int) -> Array:
    """Gradient of the input, with only the taps across left to be added; not for taps dilated down.

    Returns
    -------
    (N, C, H, W) array
    """
    channels = weight.shape[1]
    shape = Shape(groups, len(weight) // groups, weight[0].size)
    down = axis_phases(window, 0)
    matrices = [_matrix(weight[:, :, phase.taps], groups) for phase in down]
    new = np.zeros if len(down) < window.stride[0] else np.empty  # a row may be read by no window
    dx = new((len(dy), groups, channels, *window.size), dy.dtype)

    def work(share: Sequence[slice]) -> None:
        for images in share:
            for rows in _row_blocks(down, window, shape, images.stop - images.start):
                below, first = _rows_below(dy[images], down, rows, groups)
                for phase, matrix in zip(down, matrices, strict=True):
                    some = slice(rows.start, min(rows.stop, phase.out_size))
                    if some.start >= some.stop:  # the last row of another phase
                        continue
                    start = some.start - phase.padding[0] - first
                    given = _given(matrix, below, slice(start, start + some.stop - some.start))
                    place = dx[images, ..., phase.pixels, :][..., some, :]
                    place[...] = _across(given, window).transpose(4, 0, 2, 1, 3)

    threads = shares(len(dy), window, shape)
    blocks = image_blocks((len(dy), groups * channels), window, shape, "rows", threads)
    share_out(work, blocks, threads)
    return dx.reshape(len(dy), groups * channels, *window.size)


def _matrix(weight: Array, groups: int) -> Array:
    """Return the taps of a phase, (G, 1, kw * C / G, kh * K / G); the last row of taps comes first."""
    kernels, channels, kh, kw = weight.shape
    taps = weight[:, :, ::-1].reshape(groups, kernels // groups, channels, kh, kw)
    taps = np.ascontiguousarray(taps.transpose(0, 4, 2, 3, 1))  # (G, kw, C / G, kh, K / G)
    return taps.reshape(groups, 1, kw * channels, -1)


def _row_blocks(
    down: Sequence[AxisPhase], window: Window, shape: Shape, images: int
) -> list[slice]:
    """Cut the rows of all phases so that what they read, and what they are given, stays in cache."""
    height = max((phase.out_size for phase in down), default=0)
    longer = max(shape.kernels, shape.taps // window.kernel_size[0])
    rows = max(1, LOWERED // (shape.groups * longer * window.out_size[1] * images))
    return cut(height, -(-height // rows))


def _rows_below(
    dy: Array, down: Sequence[AxisPhase], rows: slice, groups: int
) -> tuple[Array, int]:
    """Return the rows of outputs that some rows of the phases read, (G, R, K / G, ., .), and the first.

    The last two axes are as :func:`_last_axes` has them. Rows that are not there are 0.
    """
    images, kernels, height, width = dy.shape
    first = min(rows.start - phase.padding[0] for phase in down)
    last = max(rows.stop - phase.padding[0] + phase.kernel_size - 1 for phase in down)
    shape = groups, last - first, kernels // groups
    below = workspace("below", (*shape, *_last_axes(width, images, width)), dy.dtype)
    there = slice(max(0, first), max(0, first, min(height, last)))
    inside = slice(there.start - first, there.stop - first)
    below[:, : inside.start] = below[:, inside.stop :] = 0
    moved = dy[:, :, there].reshape(images, groups, shape[2], -1, width)
    _images_last(below, width)[:, inside] = moved.transpose(1, 3, 2, 4, 0)
    return below, first


def _given(matrix: Array, below: Array, rows: slice) -> Array:
    """Return what rows of pixels get from all rows of outputs, (G, R, kw * C / G, ., .)."""
    groups, _, _, *pixels = below.shape
    group, row, kernel = below.strides[:3]
    # The rows that one row of pixels reads are a matrix in place; that of the next row overlaps it.
    columns: Array = np.ndarray(
        (groups, rows.stop - rows.start, matrix.shape[3], prod(pixels)),
        below.dtype,
        below,
        offset=rows.start * row,
        strides=(group, row, kernel, below.itemsize),
    )
    given = workspace(
        "columns", (*columns.shape[:2], matrix.shape[2], columns.shape[3]), below.dtype
    )
    return product(matrix, columns, given).reshape(*given.shape[:3], *pixels)


def _across(given: Array, window: Window) -> Array:
    """Add the taps across to their pixels, (G, R, C / G, W, n)."""
    width, kw = window.out_size[1], window.kernel_size[1]
    stride, dilation = window.stride[1], window.dilation[1]
    taps = given.reshape(*given.shape[:2], kw, -1, *given.shape[3:])
    taps = _images_last(taps, width)  # (G, R, kw, C / G, W', n)
    axes = _last_axes(window.padded_size[1], taps.shape[5], width)
    padded = workspace("padded", (*taps.shape[:2], taps.shape[3], *axes), given.dtype)
    padded.fill(0)
    padded = _images_last(padded, width)
    for tap in range(kw):
        start = tap * dilation
        padded[..., start : start + (width - 1) * stride + 1 : stride, :] += taps[:, :, tap]
    return padded[..., window.inside[1], :]


def at_each_tap(dy: Array, weight: Array, window: Window, groups: int) -> Array:
    """Gradient of the input, with all taps added to their pixels.

    Returns
    -------
    (N, C, H, W) array
    """
    shape = Shape(groups, len(weight) // groups, weight[0].size)
    transposed = np.ascontiguousarray(weight).reshape(shape).transpose(0, 2, 1)
    multiply = np.multiply if shape.kernels == 1 else product  # BLAS is slow at outer products
    channels = groups * weight.shape[1]
    dx = np.empty((len(dy), channels, *window.size), dy.dtype)

    def work(share: Sequence[slice]) -> None:
        for images in share:
            dy_last = images_last(dy[images])
            size = channels, *window.padded_size, dy_last.shape[-1]
            padded = workspace("padded", size, dy.dtype)
            padded.fill(0)
            for rows in row_blocks(window, padded, shape):
                dy_block = dy_last[:, rows].reshape(groups, shape.kernels, -1)  # (G, K / G, P)
                columns = workspace("columns", (*transposed.shape[:2], dy_block.shape[2]), dy.dtype)
                scatter(multiply(transposed, dy_block, columns), padded, window, rows)
            dx[images] = padded[:, *window.inside].transpose(3, 0, 1, 2)

    blocks = image_blocks(dx.shape, window, shape)
    added = sum(channels * block.stop * prod(window.out_size) for block in blocks[:1])
    worth = added >= ADDED or shape.kernels >= MANY_KERNELS
    share_out(work, blocks, shares(len(dy), window, shape) if worth else 1)
    return dx


def _last_axes(pixels: int, images: int, width: int) -> tuple[int, int]:
    """Return a row's pixels and the images in the order in which they lie: long rows side by side."""
    return (images, pixels) if long(width) else (pixels, images)


def _images_last(array: Array, width: int) -> Array:
    return array.swapaxes(-2, -1) if long(width) else array
