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
Channels lie last in memory, so that pixels are copied in long runs, and all three products of both
passes have a form that BLAS is quick at: ``a @ b`` or ``a.T @ b``, never ``a @ b.T``.

References
----------
A. Lavin and S. Gray, "Fast algorithms for convolutional neural networks", 2016: the matrices of
F(4×4, 3×3).

S. Winograd, "Arithmetic complexity of computations", 1980.
"""

from collections.abc import Sequence
from functools import cache
from math import prod
from typing import NamedTuple

import numpy as np

from cnnlab.scratch.functional.blocks import PRODUCT, share_out, threads
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.windows import Window, pad, phases, turned
from cnnlab.scratch.functional.workspace import workspace

READ = 6  # side of the pixels that a tile reads
KERNEL_SIZES = (3, 5)
# Tiles to a block: where as many as FEW make products that BLAS takes as they are, MANY at most stay
# in cache; else more make it worth rearranging the filters.
FEW, MANY, MOST = 32, 128, 256

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
    kernels, channels, k, _ = weight.shape
    pixels, kernel, sums = Transforms.of(k, x.dtype)
    taps = workspace("even", (k * k, groups, channels, kernels // groups), x.dtype)
    taps[...] = weight.reshape(groups, -1, channels, k * k).transpose(3, 0, 2, 1)
    filters = _transform(kernel, taps, "third")  # (36, G, C / G, K / G)
    y = np.empty((len(x), kernels, *window.out_size), x.dtype)

    def work(share: Sequence[Block]) -> None:
        for block in share:
            columns = _transform(pixels, _read(x, block, window, "even"), "odd")  # (36, P, C)
            products = workspace("even", (*columns.shape[:2], kernels), x.dtype)
            np.matmul(_grouped(columns, groups), filters, out=_grouped(products, groups))
            _write(_transform(sums, products, "odd"), bias, y, block)

    share_out(work, _blocks(len(x), window, filters[0, 0].size), _multiply_adds(x, weight))
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
        for i, block in enumerate(share):
            columns = _transform(pixels, _read(x, block, window, "even"), "odd")  # (36, P, C)
            upstream = _read(dy, block, whole, "even", block.out)
            upstream = _transform(sums.T, upstream, "third")  # (36, P, K)
            columns, upstream = _grouped(columns, groups), _grouped(upstream, groups)
            part = workspace("even", total.shape, total.dtype) if i else total
            np.matmul(columns.swapaxes(2, 3), upstream, out=part)
            if i:
                total += part
        return total

    blocks = _blocks(len(x), window, channels * kernels)
    dfilters, *rest = share_out(work, blocks, prod(x.shape[1:]) * k**2 * kernels)
    for total in rest:
        dfilters += total
    dweight = kernel.T @ dfilters.reshape(len(pixels), -1)
    dweight = dweight.reshape(k, k, groups, channels, kernels)
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
    return int(prod(x.shape[1:]) * weight[:, 0].size)


def _blocks(images: int, window: Window, pairs: int) -> list[Block]:
    """Cut the batch into blocks of as many tiles as a product of so many weights wants."""
    out = tile(window.kernel_size[0])
    down, across = (-(-size // out) for size in window.out_size)
    tiles = min(MANY, PRODUCT // pairs) if PRODUCT // pairs >= FEW else MOST
    tiles = min(tiles, max(1, -(-images * down * across // threads())))
    rows = -(-down // max(1, round(down * across / tiles)))
    together = max(1, tiles // (down * across))
    return [
        Block(slice(i, min(i + together, images)), slice(row, min(row + rows, down)), across, out)
        for i in range(0, images, together)
        for row in range(0, down, rows)
    ]


def _transform(matrix: Array, columns: Array, name: str) -> Array:
    """Multiply the first axis of columns by a matrix, into a workspace."""
    out = workspace(name, (len(matrix), *columns.shape[1:]), columns.dtype)
    np.matmul(matrix, columns.reshape(len(columns), -1), out=out.reshape(len(matrix), -1))
    return out


def _grouped(columns: Array, groups: int) -> Array:
    """View (36, P, C) as (36, G, P, C / G)."""
    return columns.reshape(*columns.shape[:2], groups, -1).swapaxes(1, 2)


def _read(x: Array, block: Block, window: Window, name: str, side: int = READ) -> Array:
    """Read the pixels of each tile as a column of a workspace: (side * side, tiles, channels)."""
    images, rows, across = block.grid
    channels, height, width = x.shape[1:]
    out = block.out
    top, left = out * block.rows.start - window.padding[0][0], window.padding[1][0]
    shape = (images, out * rows + side - out, out * across + side - out, channels)
    down = slice(max(0, top), min(height, top + shape[1]))
    inside = slice(down.start - top, down.stop - top), slice(left, left + width)
    padded = workspace("padded", shape, x.dtype)
    pad(padded, inside)
    padded[:, *inside] = x[block.images, :, down].transpose(0, 2, 3, 1)
    n, h, w, c = padded.strides
    tiles: Array = np.ndarray(
        (side, side, images, rows, across, channels),
        x.dtype,
        padded,
        strides=(h, w, n, out * h, out * w, c),
    )
    columns = workspace(name, tiles.shape, x.dtype)
    columns[...] = tiles
    return columns.reshape(side * side, -1, channels)


def _write(sums: Array, bias: Array | None, y: Array, block: Block) -> None:
    """Write each tile, a column of (out * out, tiles, K), to its place in ``y``."""
    images, rows, across = block.grid
    side = block.out
    kernels, _, width = y.shape[1:]
    tiles = sums.reshape(side, side, images, rows, across, kernels).transpose(2, 3, 0, 4, 1, 5)
    lines = workspace("even", tiles.shape, y.dtype)
    np.add(tiles, 0 if bias is None else bias, out=lines)
    lines = lines.reshape(images, side * rows, side * across, kernels)
    top = side * block.rows.start
    place = y[block.images, :, top : top + side * rows]
    place[...] = lines[:, : place.shape[2], :width].transpose(0, 3, 1, 2)
