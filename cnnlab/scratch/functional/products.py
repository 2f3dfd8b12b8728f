"""Convolution as blocked matrix products: what makes it fast in NumPy.

Written out as columns, one per output pixel, the windows turn a convolution into one matrix
product (im2col). For a whole batch that matrix is ``kernel height x kernel width`` times as
large as the input and lives in slow main memory; here it exists for one block of images and
output rows at a time, small enough for the processor's cache. With ``columns`` of shape
(taps, pixels) and ``weight`` of shape (kernels, taps), three products say everything:

- output             ``weight @ columns``
- weight gradient    ``dy @ columns.T``, summed over the blocks
- input gradient     ``weight.T @ dy``, added back to where the windows were read (col2im)

References
----------
K. Chellapilla, S. Puri and P. Simard, "High performance convolutional neural networks for
document processing", 2006.

K. Goto and R. van de Geijn, "Anatomy of high-performance matrix multiplication", 2008: why
blocks that stay in cache.
"""

from collections.abc import Callable, Sequence

import numpy as np

from cnnlab.scratch.functional.blocks import (
    COPY,
    Result,
    Shape,
    image_blocks,
    row_blocks,
    share_out,
)
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.windows import (
    Window,
    gather,
    images_first,
    images_last,
    phases,
    scatter,
    turned,
)


def convolve(x: Array, weight: Array, bias: Array | None, window: Window, groups: int) -> Array:
    """Output of a convolution: ``weight @ columns``, block by block.

    Parameters
    ----------
    x : (N, C, H, W) array
    weight : (K, C // groups, kh, kw) array
    bias : (K,) array or None

    Returns
    -------
    (N, K, H', W') array
    """
    shape = Shape(groups, len(weight) // groups, weight[0].size)
    matrix = np.ascontiguousarray(weight).reshape(shape)
    y = np.empty((len(x), len(weight), *window.out_size), x.dtype)

    def work(share: Sequence[slice]) -> None:
        for images in share:
            padded = images_last(x[images], window)
            for rows in row_blocks(window, padded.shape[-1], shape):
                out = _pixels(y, images, rows, shape)
                columns = gather(padded, window, rows, groups)  # (G, taps, P)
                block = np.matmul(matrix, columns, out=out)  # (G, K / G, P)
                if bias is not None:
                    block += bias.reshape(groups, -1, 1)
                if out is None:
                    images_first(block, y[images, :, rows])

    _share_out(work, image_blocks(len(x), x.shape[1], window), window, shape)
    return y


def weight_gradient(x: Array, dy: Array, window: Window, groups: int) -> Array:
    """Gradient of the weight: ``dy @ columns.T`` summed over the blocks.

    Taken as its transpose, ``columns @ dy.T``, because BLAS cuts up the longer side better,
    and taps outnumber kernels.

    Returns
    -------
    (K, C // groups, kh, kw) array
    """
    kernels, channels = dy.shape[1], x.shape[1] // groups
    shape = Shape(groups, kernels // groups, channels * int(np.prod(window.kernel_size)))

    def work(share: Sequence[slice]) -> Array:
        total = np.zeros((groups, shape.taps, shape.kernels), x.dtype)
        part = np.empty_like(total)
        for images in share:
            padded, dy_last = images_last(x[images], window), images_last(dy[images])
            for rows in row_blocks(window, padded.shape[-1], shape):
                columns = gather(padded, window, rows, groups)  # (G, taps, P)
                dy_block = dy_last[:, rows].reshape(groups, shape.kernels, -1)  # (G, K / G, P)
                total += np.matmul(columns, dy_block.transpose(0, 2, 1), out=part)
        return total

    totals = _share_out(work, image_blocks(len(x), x.shape[1], window), window, shape)
    dweight = np.ascontiguousarray(sum(totals[1:], totals[0]).transpose(0, 2, 1))
    return dweight.reshape(kernels, channels, *window.kernel_size)


def input_gradient(dy: Array, weight: Array, window: Window, groups: int) -> Array:
    """Gradient of the input: ``weight.T @ dy``, added back to where the windows were read.

    Returns
    -------
    (N, C, H, W) array
    """
    if _turned_is_cheaper(dy, weight, window, groups):
        return _input_gradient_by_phases(dy, weight, window, groups)
    shape = Shape(groups, len(weight) // groups, weight[0].size)
    transposed = np.ascontiguousarray(weight).reshape(shape).transpose(0, 2, 1)
    product = np.multiply if shape.kernels == 1 else np.matmul  # BLAS is slow at outer products
    channels = groups * weight.shape[1]
    dx = np.empty((len(dy), channels, *window.size), dy.dtype)

    def work(share: Sequence[slice]) -> None:
        for images in share:
            dy_last = images_last(dy[images])
            padded = np.zeros((channels, *window.padded_size, dy_last.shape[-1]), dy.dtype)
            for rows in row_blocks(window, padded.shape[-1], shape):
                dy_block = dy_last[:, rows].reshape(groups, shape.kernels, -1)  # (G, K / G, P)
                scatter(product(transposed, dy_block), padded, window, rows)
            dx[images] = padded[:, *window.inside].transpose(3, 0, 1, 2)

    _share_out(work, image_blocks(len(dy), channels, window), window, shape)
    return dx


def _input_gradient_by_phases(dy: Array, weight: Array, window: Window, groups: int) -> Array:
    """Gradient of the input as convolutions of ``dy`` with turned kernels."""
    if window.stride == (1, 1):
        (whole,) = phases(window)
        return convolve(dy, turned(weight, groups), None, whole.window, groups)
    dx = np.zeros((len(dy), groups * weight.shape[1], *window.size), dy.dtype)
    for pixels, taps, part in phases(window):
        kernels = turned(weight[:, :, *taps], groups)
        dx[:, :, *pixels] = convolve(dy, kernels, None, part, groups)
    return dx


def _share_out(
    work: Callable[[Sequence[slice]], Result], blocks: Sequence[slice], window: Window, shape: Shape
) -> list[Result]:
    """Share out blocks of images; a float that is copied counts as :data:`COPY` multiply-adds."""
    pixels = blocks[0].stop * window.out_size[0] * window.out_size[1] if blocks else 0
    return share_out(work, blocks, pixels * shape.groups * shape.taps * (shape.kernels + COPY))


def _pixels(y: Array, images: slice, rows: slice, shape: Shape) -> Array | None:
    """View of some rows of one image, (G, K / G, rows * W'); None for several images."""
    if images.stop - images.start > 1:
        return None
    width = y.shape[3]
    image = y[images].reshape(shape.groups, shape.kernels, -1)
    return image[:, :, rows.start * width : rows.stop * width]


def _turned_is_cheaper(dy: Array, weight: Array, window: Window, groups: int) -> bool:
    """Whether to read windows of ``dy`` instead of adding back windows of ``x``.

    Per float, adding back (read, add, write) costs about twice as much as reading windows.
    """
    strided = window.stride != (1, 1)
    if strided and window.dilation != (1, 1):
        return False
    if any(
        side < 0 for phase in phases(window) for sides in phase.window.padding for side in sides
    ):
        return False
    read = np.prod(window.size) / np.prod(window.stride) * dy.shape[1]
    added = np.prod(window.out_size) * groups * weight.shape[1]
    return bool(read <= 2 * added)
