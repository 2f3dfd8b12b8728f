"""Winograd's convolution: 3×3 and 5×5 kernels at stride 1 with fewer multiplications.

A tile of 4×4 outputs of 3×3 kernels reads 6×6 pixels and takes 4·4·9 = 144 multiplications for each
input channel and kernel; one of 2×2 outputs of 5×5 kernels reads as many, and takes 2·2·25 = 100.
Seen as products of polynomials, evaluated at the points 0, 1, −1, 2, −2 and infinity, each takes 36:
transform the 6×6 pixels, transform the kernel to 6×6 numbers, multiply number by number, sum over
the channels, and transform the 36 sums to the outputs. The first and the last transform are paid
once for each channel, not for each pair of channel and kernel, so that they are cheap where there
are many of both.

All four steps are matrix products here. Of several thousand pixels, the differences between the
points cost about two decimal digits: in float32 an output is off by about 1e-5 of the largest.

References
----------
A. Lavin and S. Gray, "Fast algorithms for convolutional neural networks", 2016: the matrices of
F(4×4, 3×3).

S. Winograd, "Arithmetic complexity of computations", 1980.
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from cnnlab.scratch.functional.blocks import share_out
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.windows import Window, phases, turned

READ = 6  # side of the pixels that a tile reads
KERNEL_SIZES = (3, 5)
TILES = 128  # to a block: enough for wide products, few enough to stay in cache

_POINTS = np.array([0, 1, -1, 2, -2])  # and infinity, where the highest power is all that counts


class Transforms(NamedTuple):
    """The matrices of pixels, kernel and sums, of rows and columns at once."""

    pixels: Array  # (36, 36)
    kernel: Array  # (36, k * k)
    sums: Array  # (out * out, 36)

    @classmethod
    @cache
    def of(cls, kernel_size: int, dtype: np.dtype) -> "Transforms":
        powers = _powers(kernel_size)
        distances = _POINTS[:, None] - _POINTS + np.eye(len(_POINTS), dtype=int)
        kernel = np.vstack([powers[:-1] / distances.prod(axis=1, keepdims=True), powers[-1]])
        axes = (_pixels(), kernel, _powers(tile(kernel_size)).T)
        return cls(*(np.kron(matrix, matrix).astype(dtype) for matrix in axes))


def _pixels() -> Array:
    """The transform of pixels along one axis: for each point a polynomial that is 0 at the others.

    That of infinity is 0 at all of them. Its coefficients from 0 up are a row.
    """
    rest = [np.delete(_POINTS, i) for i in range(len(_POINTS))]
    rows = [np.poly(points)[::-1] for points in (*rest, _POINTS)]
    return np.array([np.pad(row, (0, READ - len(row))) for row in rows])


def tile(kernel_size: int) -> int:
    """Return the side of a tile of outputs."""
    return READ - kernel_size + 1


def _powers(count: int) -> Array:
    """Powers of each point from 0 up, (6, count)."""
    return np.vstack([np.vander(_POINTS, count, increasing=True), np.eye(count, dtype=int)[-1]])


class Block(NamedTuple):
    """Some rows of tiles of some images."""

    images: slice
    rows: slice
    across: int  # tiles in a row
    out: int  # side of a tile

    @property
    def grid(self) -> tuple[int, int, int]:
        """Images, rows of tiles, and tiles in a row."""
        return (
            self.images.stop - self.images.start,
            self.rows.stop - self.rows.start,
            self.across,
        )


def convolve(x: Array, weight: Array, bias: Array | None, window: Window, groups: int) -> Array:
    """Output of a convolution with 3×3 or 5×5 kernels at stride 1.

    Parameters
    ----------
    x : (N, C, H, W) array
    weight : (K, C // groups, k, k) array
    bias : (K,) array or None

    Returns
    -------
    (N, K, H', W') array
    """
    kernels, channels = weight.shape[:2]
    pixels, kernel, sums = Transforms.of(weight.shape[-1], x.dtype)
    filters = kernel @ weight.reshape(-1, kernel.shape[1]).T  # (36, K * C / G)
    filters = filters.reshape(-1, groups, kernels // groups, channels)
    y = np.empty((len(x), kernels, *window.out_size), x.dtype)

    def work(share: Sequence[Block]) -> None:
        for block in share:
            columns = pixels @ _read(x, block, window)  # (36, C * P)
            products = filters @ columns.reshape(len(columns), groups, channels, -1)
            _write(sums @ products.reshape(len(products), -1), bias, y, block)

    share_out(work, _blocks(len(x), window), _multiply_adds(x, weight))
    return y


def weight_gradient(x: Array, dy: Array, window: Window, groups: int) -> Array:
    """Gradient of the weight: every step of :func:`convolve` that it takes part in, backward.

    Returns
    -------
    (K, C // groups, k, k) array
    """
    kernels, channels = dy.shape[1] // groups, x.shape[1] // groups
    k = window.kernel_size[0]
    pixels, kernel, sums = Transforms.of(k, x.dtype)
    whole = window._replace(padding=((0, 0), (0, 0)))

    def work(share: Sequence[Block]) -> Array:
        total = np.zeros((len(pixels), groups, channels, kernels), x.dtype)
        part = np.empty_like(total)
        for block in share:
            columns = pixels @ _read(x, block, window)  # (36, C * P)
            upstream = sums.T @ _read(dy, block, whole, block.out)  # (36, K * P)
            total += np.matmul(
                columns.reshape(*total.shape[:3], -1),
                upstream.reshape(len(total), groups, kernels, -1).swapaxes(2, 3),
                out=part,
            )
        return total

    totals = share_out(work, _blocks(len(x), window), x[0].size * k**2 * kernels)
    dfilters = sum(totals[1:], totals[0]).reshape(len(pixels), -1)
    dweight = (kernel.T @ dfilters).reshape(k, k, groups, channels, kernels)
    return np.ascontiguousarray(dweight.transpose(2, 4, 3, 0, 1)).reshape(-1, channels, k, k)


def input_gradient(dy: Array, weight: Array, window: Window, groups: int) -> Array:
    """Gradient of the input: :func:`convolve` on ``dy`` with turned kernels.

    Returns
    -------
    (N, C, H, W) array
    """
    (whole,) = phases(window)
    return convolve(dy, turned(weight, groups), None, whole.window, groups)


def _multiply_adds(x: Array, weight: Array) -> int:
    return int(x[0].size * weight[:, 0].size)


def _blocks(images: int, window: Window) -> list[Block]:
    """Cut the batch into blocks of about as many tiles as a product wants."""
    out = tile(window.kernel_size[0])
    down, across = (-(-size // out) for size in window.out_size)
    rows = -(-down // max(1, round(down * across / TILES)))
    together = max(1, round(TILES / (down * across)))
    return [
        Block(slice(i, min(i + together, images)), slice(row, min(row + rows, down)), across, out)
        for i in range(0, images, together)
        for row in range(0, down, rows)
    ]


def _read(x: Array, block: Block, window: Window, side: int = READ) -> Array:
    """Read the pixels of each tile as a column: (side * side, channels * tiles)."""
    images, rows, across = block.grid
    channels, height, width = x.shape[1:]
    out = block.out
    top, left = out * block.rows.start - window.padding[0][0], window.padding[1][0]
    shape = (images, channels, out * rows + side - out, out * across + side - out)
    down = slice(max(0, top), min(height, top + shape[2]))
    padded = np.zeros(shape, x.dtype)
    padded[:, :, down.start - top : down.stop - top, left : left + width] = x[block.images, :, down]
    n, c, h, w = padded.strides
    tiles: Array = np.ndarray(
        (side, side, channels, images, rows, across),
        x.dtype,
        padded,
        strides=(h, w, c, n, out * h, out * w),
    )
    return tiles.reshape(side * side, -1)


def _write(sums: Array, bias: Array | None, y: Array, block: Block) -> None:
    """Write each tile, a column of (out * out, K * tiles), to its place in ``y``."""
    images, rows, across = block.grid
    side = block.out
    kernels, _, width = y.shape[1:]
    tiles = sums.reshape(side, side, kernels, images, rows, across)
    added = 0 if bias is None else bias.reshape(-1, 1, 1, 1)
    lines = np.empty((side, kernels, images, rows, across, side), y.dtype)
    for column in range(side):  # by columns first: then whole lines are copied
        np.add(tiles[:, column], added, out=lines[..., column])
    lines = lines.reshape(side, kernels, images, rows, -1).transpose(2, 1, 3, 0, 4)
    top = side * block.rows.start
    place = y[block.images, :, top : top + side * rows]
    if place.shape[2] == side * rows:
        place.reshape(images, kernels, rows, side, width)[...] = lines[..., :width]
    else:
        place[...] = lines.reshape(images, kernels, -1, side * across)[
            :, :, : place.shape[2], :width
        ]
