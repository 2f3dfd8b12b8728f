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
passes have a form that BLAS is quick at: ``a @ b`` or ``a.T @ b``, never ``a @ b.T``. A batch is cut
into blocks of tiles; where it has but a few, the transformed kernels would take the most memory, so
that all tiles meet some kernels at a time.

References
----------
A. Lavin and S. Gray, "Fast algorithms for convolutional neural networks", 2016.

S. Winograd, "Arithmetic complexity of computations", 1980.
"""

from collections.abc import Sequence

import numpy as np

from cnnlab.scratch.functional.blas import LANES, PRODUCT, product
from cnnlab.scratch.functional.blocks import share_out, threads, workers
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.tiles import (
    READ,
    Block,
    Transforms,
    grid,
    grouped,
    read,
    tile,
    transform,
    write,
)
from cnnlab.scratch.functional.windows import Window, phases, turned
from cnnlab.scratch.functional.workspace import workspace

KERNEL_SIZES = (3, 5)
# Tiles to a block: where as many as FEW make products that BLAS takes as they are, MANY at most stay
# in cache; else more make it worth rearranging the filters.
FEW, MANY, MOST = 32, 128, 256
SINGLE = 64  # tiles of a batch up to which the filters take more memory than the pixels
FILTERS = 300_000  # floats of some filters that stay in cache


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
    weights = weight.reshape(groups, -1, channels, k * k)
    y = np.empty((len(x), kernels, *window.out_size), x.dtype)

    def columns(block: Block) -> Array:
        return transform(pixels, read(x, block, window, "even"), "odd")  # (36, P, C)

    def finish(products: Array, block: Block) -> None:
        write(transform(sums, products, "odd"), bias, y, block)

    single = _single(len(x), window)
    if single:
        whole = columns(single)
        products = workspace("kept", (*whole.shape[:2], kernels), x.dtype)

        def some_kernels(share: Sequence[slice]) -> None:
            for some in share:
                shape = READ**2, groups, channels, some.stop - some.start
                part = workspace("third", shape, x.dtype)
                _transform_kernels(weights[:, some], kernel, part)
                product(grouped(whole, groups), part, grouped(products, groups)[..., some])

        slices = _slices(kernels // groups, groups * channels)
        share_out(some_kernels, slices, workers(whole.size * (kernels // groups)))
        finish(products, single)
        return y

    filters = workspace("kept", (READ**2, groups, channels, kernels // groups), x.dtype)

    def some_channels(share: Sequence[slice]) -> None:
        for some in share:
            _transform_kernels(weights[:, :, some], kernel, filters[:, :, some])

    def some_tiles(share: Sequence[Block]) -> None:
        for block in share:
            part = columns(block)
            products = workspace("even", (*part.shape[:2], kernels), x.dtype)
            product(grouped(part, groups), filters, grouped(products, groups))
            finish(products, block)

    slices = _slices(channels, kernels)
    share_out(some_channels, slices, workers(READ**2 * k**2 * kernels * channels))
    blocks = _blocks(len(x), window, filters[0, 0].size)
    tiles = sum(block.tiles for block in blocks)
    share_out(some_tiles, blocks, workers(tiles * filters.size))
    return y


def weight_gradient(x: Array, dy: Array, window: Window, groups: int) -> Array:
    """Gradient of the weight: every step of :func:`convolve` that it takes part in, backward.

    Returns
    -------
    (K, C // groups, k, k) array
    """
    kernels, channels, k = dy.shape[1], x.shape[1] // groups, window.kernel_size[0]
    pixels, kernel, sums = Transforms.of(k, x.dtype)
    unpadded = window._replace(padding=((0, 0), (0, 0)))
    dweights = np.empty((groups, kernels // groups, channels, k * k), x.dtype)

    def columns(block: Block) -> Array:  # (36, G, C / G, P)
        part = transform(pixels, read(x, block, window, "even"), "odd")
        return grouped(part, groups).swapaxes(2, 3)

    def upstream(block: Block, name: str) -> Array:  # (36, G, P, K / G)
        part = transform(sums.T, read(dy, block, unpadded, "even", block.out), name)
        return grouped(part, groups)

    single = _single(len(x), window)
    if single:
        x_whole, dy_whole = columns(single), upstream(single, "kept")

        def some_kernels(share: Sequence[slice]) -> None:
            for some in share:
                part = dy_whole[..., some]
                dfilters = workspace("even", (*x_whole.shape[:3], part.shape[3]), x.dtype)
                dtaps = transform(kernel.T, product(x_whole, part, dfilters), "third")
                dweights[:, some] = dtaps.transpose(1, 3, 2, 0)

        slices = _slices(kernels // groups, groups * channels)
        share_out(some_kernels, slices, workers(x_whole.size * (kernels // groups)))
        return dweights.reshape(kernels, channels, k, k)

    def some_tiles(share: Sequence[Block]) -> Array:
        total = np.zeros((READ**2, groups, channels, kernels // groups), x.dtype)
        for i, block in enumerate(share):
            out = workspace("even", total.shape, total.dtype) if i else total
            product(columns(block), upstream(block, "kept"), out)
            if i:
                total += out
        return total

    def some_channels(share: Sequence[slice]) -> None:
        for some in share:
            dfilters = total[:, :, some]
            for other in others:
                dfilters += other[:, :, some]
            dtaps = transform(kernel.T, dfilters, "third")
            dweights[:, :, some] = dtaps.transpose(1, 3, 2, 0)

    blocks = _blocks(len(x), window, dweights[0, ..., 0].size)
    tiles = sum(block.tiles for block in blocks)
    total, *others = share_out(some_tiles, blocks, workers(tiles * READ**2 * dweights[..., 0].size))
    slices = _slices(channels, kernels)
    share_out(some_channels, slices, workers(READ**2 * k**2 * kernels * channels))
    return dweights.reshape(kernels, channels, k, k)


def input_gradient(dy: Array, weight: Array, window: Window, groups: int) -> Array:
    """Gradient of the input: :func:`convolve` on ``dy`` with turned kernels.

    Returns
    -------
    (N, C, H, W) array
    """
    (whole,) = phases(window)
    return convolve(dy, turned(weight, groups), None, whole.window, groups)


def _transform_kernels(weights: Array, kernel: Array, out: Array) -> None:
    """Transform kernels, (G, K / G, C / G, k * k), to (36, G, C / G, K / G)."""
    lying = weights.transpose(0, 3, 2, 1)
    taps = workspace("even", lying.shape, weights.dtype)
    taps[...] = lying
    groups, size, *_ = lying.shape
    out = out.swapaxes(0, 1).reshape(groups, READ**2, -1)
    product(kernel, taps.reshape(groups, size, -1), out)


def _slices(length: int, floats: int) -> list[slice]:
    """Cut a side of the filters into as many at a time, of so many floats each, as stay in cache."""
    step = min(FILTERS // (READ**2 * floats), -(-length // threads()))
    step = max(LANES, step // LANES * LANES)
    return [slice(i, min(i + step, length)) for i in range(0, length, step)]


def _single(images: int, window: Window) -> Block | None:
    """Return the whole batch as one block, if it has so few tiles."""
    down, across = grid(window)
    if images * down * across > SINGLE:
        return None
    return Block(slice(0, images), slice(0, down), across, tile(window.kernel_size[0]))


def _blocks(images: int, window: Window, pairs: int) -> list[Block]:
    """Cut the batch into blocks of as many tiles as a product of so many weights wants."""
    down, across = grid(window)
    tiles = min(MANY, PRODUCT // pairs) if PRODUCT // pairs >= FEW else MOST
    tiles = min(tiles, max(1, -(-images * down * across // threads())))
    rows = -(-down // max(1, round(down * across / tiles)))
    together = max(1, tiles // (down * across))
    out = tile(window.kernel_size[0])
    return [
        Block(slice(i, min(i + together, images)), slice(row, min(row + rows, down)), across, out)
        for i in range(0, images, together)
        for row in range(0, down, rows)
    ]
