"""Tiles of Winograd's convolution: the matrices of its transforms, reading pixels, writing outputs.

References
----------
A. Lavin and S. Gray, "Fast algorithms for convolutional neural networks", 2016: the matrices of
F(4×4, 3×3).
"""

from functools import cache
from math import prod
from typing import NamedTuple

import numpy as np

from cnnlab.scratch.functional.blas import product
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.windows import Window, pad
from cnnlab.scratch.functional.workspace import workspace

READ = 6  # side of the pixels that a tile reads
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


def grid(window: Window) -> tuple[int, int]:
    """Return how many tiles an output has down and across."""
    out = tile(window.kernel_size[0])
    down, across = (-(-size // out) for size in window.out_size)
    return down, across


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
    def tiles(self) -> int:
        return prod(self.grid)

    @property
    def grid(self) -> tuple[int, int, int]:
        """Images, rows of tiles, and tiles in a row."""
        return (
            self.images.stop - self.images.start,
            self.rows.stop - self.rows.start,
            self.across,
        )


def transform(matrix: Array, columns: Array, name: str) -> Array:
    """Multiply the first axis of columns by a matrix, into a workspace."""
    out = workspace(name, (len(matrix), *columns.shape[1:]), columns.dtype)
    product(matrix, columns.reshape(len(columns), -1), out.reshape(len(matrix), -1))
    return out


def grouped(columns: Array, groups: int) -> Array:
    """View (36, P, C) as (36, G, P, C / G)."""
    numbers, tiles, channels = columns.shape
    return columns.reshape(numbers, tiles, groups, channels // groups).swapaxes(1, 2)


def read(x: Array, block: Block, window: Window, name: str, side: int = READ) -> Array:
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


def write(sums: Array, bias: Array | None, y: Array, block: Block) -> None:
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
