"""Both passes of a convolution tile by tile, with transforms that are given.

Transforms are matrix products, too. Channels lie last in memory, so that pixels are copied in long
runs, and all products of both passes have a form that BLAS is quick at: ``a @ b`` or ``a.T @ b``, never
``a @ b.T``. A batch is cut into blocks of tiles. Where it has only a few, the transformed kernels would
take the most memory; then these are cut instead, and all tiles meet some kernels at a time.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from cnnlab.scratch.functional.blas import LANES, PRODUCT, product
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.threads import share_out, threads, workers
from cnnlab.scratch.functional.tiles import Block, cut_batch, grouped, read, whole_batch, write
from cnnlab.scratch.functional.transforms import Layer, Transform, Transforms
from cnnlab.scratch.functional.windows import Window
from cnnlab.scratch.functional.workspace import workspace

# Found by measuring with benchmarks/conv2d.py; they change speed, not what is computed.
FEW, MANY = 32, 128  # tiles of a block
FLOATS = 600_000  # of a block that stays in cache from the transform of pixels to that of sums
MOST_FLOATS = 10_000_000  # of a block, even if more would be quicker
TRANSFORM = 500_000  # floats that stay in cache from one axis of a transform to the other
FILTERS = 300_000  # floats of some filters that stay in cache

Part: TypeAlias = tuple[Block, slice]  # and its place among all tiles
Spread: TypeAlias = Callable[[Callable[[Sequence[Part]], None], Sequence[Part], float], None]


def convolve(
    x: Array, weight: Array, bias: Array | None, layer: Layer, transforms: Transforms
) -> Array:
    """Output of a layer, see :meth:`cnnlab.scratch.functional.tiled.Tiled.convolve`."""
    pixels, kernel, sums, step = transforms
    kernels, channels, k, _ = weight.shape
    groups, window = layer.groups, layer.window
    weights = weight.reshape(groups, -1, channels, k * k)
    y = np.empty((len(x), kernels, *window.out_size), x.dtype)

    def columns(block: Block, spread: Spread = _alone) -> Array:  # (numbers, P, C)
        return _forward(pixels, x, block, window, step, "left", spread)

    def finish(products: Array, block: Block, spread: Spread = _alone) -> None:
        def some_parts(share: Sequence[Part]) -> None:
            for part, where in share:
                write(_transposed(sums, products[:, where]), bias, y, part, sums.side)

        parts = block.parts(TRANSFORM // (kernels * sums.numbers))
        spread(some_parts, parts, products.size * sums.side)

    single = whole_batch(len(x), transforms.grid(window.out_size))
    if single:
        whole = columns(single, _shared)
        products = workspace("products", (*whole.shape[:2], kernels), x.dtype)

        def some_kernels(share: Sequence[slice]) -> None:
            for some in share:
                shape = kernel.numbers, groups, channels, some.stop - some.start
                part = workspace("right", shape, x.dtype)
                _transform_kernels(weights[:, some], kernel, part)
                product(grouped(whole, groups), part, grouped(products, groups)[..., some])

        slices = _slices(kernels // groups, groups * channels * kernel.numbers)
        share_out(some_kernels, slices, workers(whole.size * (kernels // groups)))
        finish(products, single, _shared)
        return y

    filters = workspace("right", (kernel.numbers, groups, channels, kernels // groups), x.dtype)

    def some_channels(share: Sequence[slice]) -> None:
        for some in share:
            _transform_kernels(weights[:, :, some], kernel, filters[:, :, some])

    def some_tiles(share: Sequence[Block]) -> None:
        for block in share:
            part = columns(block)
            products = workspace("products", (*part.shape[:2], kernels), x.dtype)
            product(grouped(part, groups), filters, grouped(products, groups))
            finish(products, block)

    slices = _slices(channels, kernels * kernel.numbers)
    share_out(some_channels, slices, workers(kernel.operations * kernels * channels))
    blocks = cut_batch(len(x), transforms.grid(window.out_size), _tiles(layer, transforms))
    tiles = sum(block.tiles for block in blocks)
    share_out(some_tiles, blocks, workers(tiles * filters.size))
    return y


def weight_gradient(x: Array, dy: Array, layer: Layer, transforms: Transforms) -> Array:
    """Gradient of a layer's weight, of the shape of the weight."""
    pixels, kernel, sums, step = transforms
    groups, window = layer.groups, layer.window
    kernels, channels, k = dy.shape[1], x.shape[1] // groups, window.kernel_size[0]
    unpadded = window._replace(padding=((0, 0), (0, 0)))
    dweights = np.empty((groups, kernels // groups, channels, k * k), x.dtype)

    def columns(block: Block, spread: Spread = _alone) -> Array:  # (numbers, G, C / G, P)
        part = _forward(pixels, x, block, window, step, "left", spread)
        return grouped(part, groups).swapaxes(2, 3)

    def upstream(block: Block, spread: Spread = _alone) -> Array:  # (numbers, G, P, K / G)
        part = _forward(sums, dy, block, unpadded, sums.side, "right", spread)
        return grouped(part, groups)

    single = whole_batch(len(x), transforms.grid(window.out_size))
    if single:
        x_whole, dy_whole = columns(single, _shared), upstream(single, _shared)

        def some_kernels(share: Sequence[slice]) -> None:
            for some in share:
                part = dy_whole[..., some]
                dfilters = workspace("products", (*x_whole.shape[:3], part.shape[3]), x.dtype)
                dtaps = _transposed(kernel, product(x_whole, part, dfilters))
                dweights[:, some] = dtaps.transpose(1, 3, 2, 0)

        slices = _slices(kernels // groups, groups * channels * kernel.numbers)
        share_out(some_kernels, slices, workers(x_whole.size * (kernels // groups)))
        return dweights.reshape(kernels, channels, k, k)

    def some_tiles(share: Sequence[Block]) -> Array:
        total = np.zeros((kernel.numbers, groups, channels, kernels // groups), x.dtype)
        for i, block in enumerate(share):
            out = workspace("products", total.shape, x.dtype) if i else total
            product(columns(block), upstream(block), out)
            if i:
                total += out
        return total

    def some_channels(share: Sequence[slice]) -> None:
        for some in share:
            dfilters = total[:, :, some]
            for other in others:
                dfilters += other[:, :, some]
            dtaps = _transposed(kernel, dfilters)
            dweights[:, :, some] = dtaps.transpose(1, 3, 2, 0)

    blocks = cut_batch(len(x), transforms.grid(window.out_size), _tiles(layer, transforms))
    tiles = sum(block.tiles for block in blocks)
    products = tiles * kernel.numbers * dweights[..., 0].size
    total, *others = share_out(some_tiles, blocks, workers(products))
    slices = _slices(channels, kernels * kernel.numbers)
    share_out(some_channels, slices, workers(kernel.operations * kernels * channels))
    return dweights.reshape(kernels, channels, k, k)


def _forward(
    transform: Transform,
    x: Array,
    block: Block,
    window: Window,
    step: int,
    name: str,
    spread: Spread,
) -> Array:
    """Read the tiles of a block and transform them: (numbers, P, C) in a workspace."""
    channels, side = x.shape[1], transform.side
    out = workspace(name, (transform.numbers, block.tiles, channels), x.dtype)

    def some_parts(share: Sequence[Part]) -> None:
        for part, where in share:
            pixels = read(x, part, window, side, step)
            transform.forward(pixels.reshape(side**2, -1), out[:, where].reshape(len(out), -1))

    parts = block.parts(TRANSFORM // (channels * transform.numbers))
    spread(some_parts, parts, out.size * side)
    return out


def _transposed(transform: Transform, numbers: Array) -> Array:
    """Transform (numbers, ...) back to (side * side, ...) in a workspace."""
    out = workspace("tiles", (transform.side**2, *numbers.shape[1:]), numbers.dtype)
    flat = numbers.reshape(len(numbers), -1)
    transform.transposed(flat, out.reshape(len(out), -1))
    return out


def _transform_kernels(weights: Array, kernel: Transform, out: Array) -> None:
    """Transform kernels, (G, K / G, C / G, k * k), to (numbers, G, C / G, K / G)."""
    lying = weights.transpose(0, 3, 2, 1)
    taps = workspace("pixels", lying.shape, weights.dtype)
    taps[...] = lying
    groups, size, *_ = lying.shape
    numbers = out.swapaxes(0, 1).reshape(groups, kernel.numbers, -1)
    kernel.forward(taps.reshape(groups, size, -1), numbers)


def _slices(length: int, floats: int) -> list[slice]:
    """Cut a side of the filters into as many at a time, of so many floats each, as stay in cache."""
    step = min(FILTERS // floats, -(-length // threads()))
    step = max(LANES, step // LANES * LANES)
    return [slice(i, min(i + step, length)) for i in range(0, length, step)]


def _tiles(layer: Layer, transforms: Transforms) -> int:
    """Return how many tiles make a block, so that BLAS is quick at the products and they stay in cache."""
    _, channels, kernels, groups, _, _ = layer
    floats = transforms.numbers * max(channels, kernels)
    plain = PRODUCT // (channels * kernels // groups**2)  # tiles that BLAS multiplies as they are
    # Where these are few, it rearranges the filters, and gains by more tiles.
    tiles = MANY if plain < FEW else min(MANY, plain, max(FEW, FLOATS // floats))
    return max(1, min(tiles, MOST_FLOATS // floats))


def _alone(
    work: Callable[[Sequence[Part]], None], parts: Sequence[Part], operations: float
) -> None:
    """Do all the work: what runs in a share of its own cannot be shared out again."""
    work(parts)


def _shared(
    work: Callable[[Sequence[Part]], None], parts: Sequence[Part], operations: float
) -> None:
    """Share out work that is large enough."""
    shares = workers(operations)
    if shares > 1:
        share_out(work, parts, shares)
    else:
        work(parts)
