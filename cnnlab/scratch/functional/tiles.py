"""Tiles of a convolution: blocks of them, reading their pixels, writing their outputs."""

from itertools import accumulate, pairwise
from math import prod
from typing import NamedTuple

import numpy as np

from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.threads import cut
from cnnlab.scratch.functional.transposing import channels_first, channels_last
from cnnlab.scratch.functional.windows import Window, pad
from cnnlab.scratch.functional.workspace import workspace

SINGLE = 128  # tiles of a batch up to which the filters take more memory than the pixels


class Block(NamedTuple):
    """Some rows of tiles of some images."""

    images: slice
    rows: slice
    across: int  # tiles in a row

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

    def parts(self, tiles: int) -> list[tuple["Block", slice]]:
        """Cut into blocks of so many tiles, or of one row; each with its place among all tiles."""
        images, rows, across = self.grid
        if images > 1:
            step = max(1, tiles // (rows * across))
            cuts = [self._replace(images=some) for some in _cut(self.images, step)]
        else:
            step = max(1, tiles // across)
            cuts = [self._replace(rows=some) for some in _cut(self.rows, step)]
        ends = list(accumulate((part.tiles for part in cuts), initial=0))
        return [(part, slice(*ends)) for part, ends in zip(cuts, pairwise(ends), strict=True)]


def _cut(whole: slice, step: int) -> list[slice]:
    """Cut a slice into slices of so many, as even as they can be."""
    length = whole.stop - whole.start
    step = -(-length // -(-length // step))
    return [slice(i, min(i + step, whole.stop)) for i in range(whole.start, whole.stop, step)]


def whole_batch(images: int, grid: tuple[int, int]) -> Block | None:
    """Return all tiles as one block, if they are few; tiles of an image lie in a grid."""
    down, across = grid
    if images * down * across > SINGLE:
        return None
    return Block(slice(0, images), slice(0, down), across)


def cut_batch(images: int, grid: tuple[int, int], tiles: int, shares: int) -> list[Block]:
    """Cut a batch into blocks of at most so many tiles, or of one row, as even as shares need them."""
    down, across = grid
    image = down * across
    tiles = min(tiles, -(-images * image // shares))
    if tiles >= image:
        count = -(-images // (tiles // image * shares)) * shares
        return [Block(some, slice(0, down), across) for some in cut(images, min(count, images))]
    rows = _cut(slice(0, down), max(1, tiles // across))
    return [Block(slice(i, i + 1), some, across) for i in range(images) for some in rows]


def grouped(columns: Array, groups: int) -> Array:
    """View (numbers, P, C) as (numbers, G, P, C / G)."""
    numbers, tiles, channels = columns.shape
    return columns.reshape(numbers, tiles, groups, channels // groups).swapaxes(1, 2)


def read(x: Array, block: Block, window: Window, side: int, step: int) -> Array:
    """Read the pixels of each tile as a column of a workspace: (side * side, tiles, channels)."""
    images, rows, across = block.grid
    channels, height, width = x.shape[1:]
    top, left = step * block.rows.start - window.padding[0][0], window.padding[1][0]
    shape = (images, step * (rows - 1) + side, step * (across - 1) + side, channels)
    down = slice(max(0, top), min(height, top + shape[1]))
    width = min(width, shape[2] - left)
    inside = slice(down.start - top, down.stop - top), slice(left, left + width)
    padded = workspace("padded", shape, x.dtype)
    pad(padded, inside)
    channels_last(x[block.images, :, down, :width], padded[:, *inside])
    n, h, w, c = padded.strides
    tiles: Array = np.ndarray(
        (side, side, images, rows, across, channels),
        x.dtype,
        padded,
        strides=(h, w, n, step * h, step * w, c),
    )
    columns = workspace("pixels", tiles.shape, x.dtype)
    columns[...] = tiles
    return columns.reshape(side * side, -1, channels)


def write(tiles: Array, bias: Array | None, y: Array, block: Block, side: int) -> None:
    """Write each tile, a column of (side * side, tiles, K), to its place in ``y``."""
    images, rows, across = block.grid
    kernels, _, width = y.shape[1:]
    columns = tiles.reshape(side, side, images, rows, across, kernels).transpose(2, 3, 0, 4, 1, 5)
    lines = workspace("lines", columns.shape, y.dtype)
    np.add(columns, 0 if bias is None else bias, out=lines)
    lines = lines.reshape(images, side * rows, side * across, kernels)
    top = side * block.rows.start
    place = y[block.images, :, top : top + side * rows]
    channels_first(lines[:, : place.shape[2], :width], place)
