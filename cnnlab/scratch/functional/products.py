"""Convolution as blocked matrix products: what makes it fast in NumPy.

Written out as columns, one per output pixel, the windows turn a convolution into one matrix
product (im2col). For a whole batch that matrix is ``kernel height x kernel width`` times as
large as the input and lives in slow main memory; here it exists for one block of images and
output rows at a time, small enough for the processor's cache. With ``columns`` of shape
(taps, pixels) and ``weight`` of shape (kernels, taps), three products say everything:

- output             ``weight @ columns``
- weight gradient    ``dy @ columns.T``, summed over the blocks
- input gradient     ``weight.T @ dy``, added back to where the windows were read (col2im), see
  :mod:`~cnnlab.scratch.functional.adding_back`, or the output for turned kernels

Where a row of outputs makes a product of its own that is small enough for BLAS to take the factors as
they are, only the taps across are written out, and the columns of rows that follow one another
overlap (:func:`~cnnlab.scratch.functional.windows.lower`): a third or a fifth of the copying.

References
----------
K. Chellapilla, S. Puri and P. Simard, "High performance convolutional neural networks for
document processing", 2006.

K. Goto and R. van de Geijn, "Anatomy of high-performance matrix multiplication", 2008: why
blocks that stay in cache.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import prod
from typing import TypeAlias

import numpy as np

from cnnlab.scratch.functional import whole_map
from cnnlab.scratch.functional.adding_back import along_rows, at_each_tap
from cnnlab.scratch.functional.blas import product
from cnnlab.scratch.functional.blocks import (
    COLUMNS,
    FEW_KERNELS,
    Shape,
    Split,
    image_blocks,
    row_blocks,
    shares,
)
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.threads import COPY, share_out
from cnnlab.scratch.functional.windows import (
    Window,
    gather,
    gather_each,
    images_apart,
    images_beside,
    images_first,
    images_last,
    long,
    lower,
    phases,
    turned,
)
from cnnlab.scratch.functional.workspace import workspace

Way: TypeAlias = Callable[[Array, Array, Window, int], Array]

KERNELS_LAST = 16  # kernels from which BLAS is quicker where they lie last; found by measuring
FEW = 8  # outputs in a row of all images, below which at_each_tap makes fewer and longer calls

# How images are laid out, and how their windows are read.
LAYOUTS: dict[Split, tuple[Callable[..., Array], Callable[..., Array]]] = {
    "blocks": (images_last, gather),
    "rows": (images_beside, lower),
    "images": (images_apart, gather_each),
}


def convolve(
    x: Array,
    weight: Array,
    bias: Array | None,
    window: Window,
    groups: int,
    out: Array | None = None,
) -> Array:
    """Output of a convolution: ``weight @ columns``, block by block.

    Parameters
    ----------
    x : (N, C, H, W) array
    weight : (K, C // groups, kh, kw) array
    bias : (K,) array or None
    out : (N, K, H', W') array, optional
        Where to write it; every other pixel of a larger array, say.

    Returns
    -------
    (N, K, H', W') array
    """
    if out is None and whole_map.covered(window, groups):
        return whole_map.convolve(x, weight, bias)
    shape = Shape(groups, len(weight) // groups, weight[0].size)
    split = shape.split(window, len(x))
    lay_out, read = LAYOUTS[split]
    taps = weight.transpose(0, 2, 3, 1) if split == "rows" else weight
    matrix = taps.reshape(groups, 1, shape.kernels, shape.taps)
    if matrix.itemsize not in matrix.strides[2:]:  # BLAS takes it as it is, or turned
        matrix = np.ascontiguousarray(matrix)
    shape_of_y = len(x), len(weight), *window.out_size
    y = np.empty(shape_of_y, x.dtype) if out is None else out

    def work(share: Sequence[slice]) -> None:
        for images in share:
            padded = lay_out(x[images], window)
            for rows in row_blocks(window, padded, shape, split):
                columns = read(padded, window, rows, groups)  # (G, R, taps, P)
                place = y[images, :, rows]
                size = groups, columns.shape[1], shape.kernels, columns.shape[3]
                moves = out is not None or _moves(place, split)
                block = (
                    workspace("block", size, y.dtype) if moves else _as_products(place, size, split)
                )
                product(matrix, columns, block)  # (G, R, K / G, P)
                if bias is not None:
                    block += bias.reshape(groups, 1, -1, 1)
                if moves:
                    _move(block, place, split)

    threads = shares(len(x), window, shape)
    share_out(work, image_blocks(x.shape, window, shape, split, threads), threads)
    return y


def weight_gradient(x: Array, dy: Array, window: Window, groups: int) -> Array:
    """Gradient of the weight: ``dy @ columns.T`` summed over the blocks.

    Taken as its transpose, ``columns @ dy.T``, where taps outnumber kernels, because BLAS cuts up
    the longer side better, unless turning the result back takes longer than its product.

    Returns
    -------
    (K, C // groups, kh, kw) array
    """
    if whole_map.covered(window, groups):
        return whole_map.weight_gradient(x, dy)
    kernels, channels = dy.shape[1], x.shape[1] // groups
    shape = Shape(groups, kernels // groups, channels * int(np.prod(window.kernel_size)))
    split = shape.split(window, len(x))
    lay_out, read = LAYOUTS[split]
    turn = shape.taps > shape.kernels and len(x) * prod(window.out_size) >= COLUMNS

    def work(share: Sequence[slice]) -> Array:
        sides = (shape.taps, shape.kernels) if turn else (shape.kernels, shape.taps)
        total, begun = np.zeros((groups, *sides), x.dtype), False
        for images in share:
            padded = lay_out(x[images], window)
            for rows in row_blocks(window, padded, shape, split):
                columns = read(padded, window, rows, groups)  # (G, R, taps, P)
                dy_block = _upstream(dy[images, :, rows], columns, shape, split)  # (G, R, P, K / G)
                left, right = (columns, dy_block) if turn else (dy_block.mT, columns.mT)
                if begun or columns.shape[1] > 1:
                    part = workspace("part", (*columns.shape[:2], *sides), x.dtype)
                    product(left, right, part)
                    total += part.sum(axis=1) if part.shape[1] > 1 else part[:, 0]
                else:
                    product(left, right, total[:, None])
                begun = True
        return total

    threads = shares(len(x), window, shape)
    totals = share_out(work, image_blocks(x.shape, window, shape, split, threads), threads)
    dweight = sum(totals[1:], totals[0])
    dweight = dweight.mT if turn else dweight  # (G, K / G, taps)
    if split == "rows":
        dweight = dweight.reshape(kernels, *window.kernel_size, channels).transpose(0, 3, 1, 2)
    return np.ascontiguousarray(dweight).reshape(kernels, channels, *window.kernel_size)


def input_gradient(dy: Array, weight: Array, window: Window, groups: int) -> Array:
    """Gradient of the input: ``weight.T @ dy``, added back to where the windows were read.

    Returns
    -------
    (N, C, H, W) array
    """
    if whole_map.covered(window, groups):
        return whole_map.input_gradient(dy, weight)
    kernels, channels = len(weight) // groups, weight.shape[1]
    way = _cheapest(len(dy), channels, kernels, window, groups)
    return way(dy, weight, window, groups)


def _by_phases(dy: Array, weight: Array, window: Window, groups: int) -> Array:
    """Gradient of the input as convolutions of ``dy`` with turned kernels."""
    if window.stride == (1, 1):
        (whole,) = phases(window)
        return convolve(dy, turned(weight, groups), None, whole.window, groups)
    dx = np.zeros((len(dy), groups * weight.shape[1], *window.size), dy.dtype)
    for pixels, taps, part in phases(window):
        kernels = turned(weight[:, :, *taps], groups)
        convolve(dy, kernels, None, part, groups, out=dx[:, :, *pixels])
    return dx


def _moves(images: Array, split: Split) -> bool:
    """Whether images that come one after another do not lie so in the products."""
    return split != "images" and len(images) > 1


def _move(block: Array, place: Array, split: Split) -> None:
    """Write products, (G, R, K / G, P), to images (n, K, rows, W')."""
    if split == "images":
        images, groups, kernels = block.shape[1], block.shape[0], block.shape[2]
        moved = block.swapaxes(0, 1).reshape(images, groups, kernels, *place.shape[2:])
        place.reshape(moved.shape)[...] = moved
    else:
        images_first(block, place, _beside(place, split))


def _beside(images: Array, split: Split) -> bool:
    """Whether images (n, K, rows, W') lie side by side in the products, pixel for pixel if not."""
    return split == "rows" and long(images.shape[-1])


def _as_products(images: Array, size: Sequence[int], split: Split) -> Array:
    """View images (n, K, rows, W') that need not move as products, (G, R, K / G, P)."""
    groups, products, kernels, pixels = size
    if split == "images":
        return images.reshape(products, groups, kernels, pixels).swapaxes(0, 1)
    return images.reshape(groups, kernels, products, pixels).swapaxes(1, 2)


def _upstream(dy: Array, columns: Array, shape: Shape, split: Split) -> Array:
    """Return the gradient of each product, (G, R, P, K / G), in the order of its columns."""
    groups, products, _, pixels = columns.shape
    images, _, rows, width = dy.shape
    if not _moves(dy, split):
        return _as_products(dy, (groups, products, shape.kernels, pixels), split).mT
    kernels_last = shape.kernels >= KERNELS_LAST
    order = (4, 0, 5) if _beside(dy, split) else (4, 5, 0)
    axes = (1, 3, *order, 2) if kernels_last else (1, 3, 2, *order)
    moved = dy.reshape(images, groups, shape.kernels, products, rows // products, width)
    moved = moved.transpose(axes)
    block = workspace("dy", moved.shape, dy.dtype)
    block[...] = moved
    if kernels_last:
        return block.reshape(groups, products, pixels, shape.kernels)
    return block.reshape(groups, products, shape.kernels, pixels).mT


@lru_cache(1000)  # a small layer takes no longer to compute than its costs
def _cheapest(images: int, channels: int, kernels: int, window: Window, groups: int) -> Way:
    """Return the way to the gradient of the input that costs least, in multiply-adds of a group's image.

    A float that is copied counts as :data:`COPY` of them, and one that is added back as twice as many,
    because it is read, added to and written.
    """
    (kh, kw), (down, across) = window.kernel_size, window.stride
    area, outputs = prod(window.size), prod(window.out_size)
    moved = COPY * kernels * outputs
    costs: dict[Way, float] = {
        at_each_tap: outputs * kh * kw * channels * (kernels + 2 * COPY) + moved
    }
    if kernels >= FEW_KERNELS and window.dilation[0] == 1 and images * window.out_size[1] >= FEW:
        given = window.size[0] * window.out_size[1] * kw * channels
        costs[along_rows] = given * (kh / down * kernels + 2 * COPY) + moved
    parts = [part.window for part in phases(window)]
    turns = window.dilation == (1, 1) or window.stride == (1, 1)
    if turns and all(side >= 0 for part in parts for sides in part.padding for side in sides):
        read = area * kh * kw * kernels / (down * across)
        splits = {Shape(groups, channels, kh * kw * kernels).split(part, images) for part in parts}
        copied = read / kh if splits == {"rows"} else read
        costs[_by_phases] = read * channels + COPY * (0 if kh == kw == 1 else copied)
    return min(costs, key=lambda way: costs[way])
