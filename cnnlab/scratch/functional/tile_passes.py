"""Both passes of a convolution tile by tile, with transforms that are given.

Transforms are matrix products, too. Channels lie last in memory, so that pixels are copied in long
runs, and all products of both passes have a form that BLAS is quick at: ``a @ b`` or ``a.T @ b``, never
``a @ b.T``. A batch is cut into blocks of tiles. Where it has only a few, the transformed kernels would
take the most memory; then these are cut instead, and all tiles meet some kernels at a time.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from cnnlab.scratch.functional.blas import LANES, most, product, takes_small
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.threads import share_out, workers
from cnnlab.scratch.functional.tiles import Block, cut_batch, grouped, read, whole_batch, write
from cnnlab.scratch.functional.transforms import Layer, Transform, Transforms
from cnnlab.scratch.functional.windows import Window
from cnnlab.scratch.functional.workspace import workspace

# Found by measuring with benchmarks/conv2d.py; they change speed, not what is computed.
FEW, MANY = 32, 128  # tiles of a block
MOST = 256  # even where more would fit
FLOATS = 600_000  # of a block that stays in cache from the transform of pixels to that of sums
MOST_FLOATS = 10_000_000  # of a block, even if more would be quicker
TRANSFORM = 500_000  # floats that stay in cache from one axis of a transform to the other
FILTERS = 300_000  # floats of some filters that stay in cache

Part: TypeAlias = tuple[Block, slice]  # and its place among all tiles


def convolve(
    x: Array, weight: Array, bias: Array | None, layer: Layer, transforms: Transforms
) -> Array:
    """Output of a layer, see :meth:`cnnlab.scratch.functional.tiled.Tiled.convolve`."""
    pixels, kernel, sums, step = transforms
    kernels, channels, k, _ = weight.shape
    groups, window = layer.groups, layer.window
    weights = weight.reshape(groups, -1, channels, k * k)
    y = np.empty((len(x), kernels, *window.out_size), x.dtype)
    shares = workers(transforms.cost(layer))
    floats = pixels.numbers * x.shape[1]

    def finish(products: Array, block: Block, some: slice) -> None:
        """Transform the sums of some kernels back, (numbers, P, some), and write them."""
        offset = None if bias is None else bias[some]
        for part, where in _parts(block, sums.numbers * products.shape[2]):
            write(_transposed(sums, products[:, where]), offset, y[:, some], part, sums.side)

    single = whole_batch(len(x), transforms.grid(window.out_size))
    if single:
        whole = _numbers("left", pixels, single, x)

        def some_parts(share: Sequence[Part]) -> None:
            _forward(pixels, x, share, window, step, whole)

        def some_kernels(share: Sequence[slice]) -> None:
            first, last = share[0].start, share[-1].stop
            shape = kernel.numbers, groups, single.tiles, last - first
            products = workspace("products", shape, x.dtype)
            for some in share:
                shape = kernel.numbers, groups, channels, some.stop - some.start
                part = workspace("right", shape, x.dtype)
                _transform_kernels(weights[:, some], kernel, part)
                columns = slice(some.start - first, some.stop - first)
                product(grouped(whole, groups), part, products[..., columns])
            for group, start in enumerate(range(0, kernels, kernels // groups)):
                finish(products[:, group], single, slice(start + first, start + last))

        share_out(some_parts, _parts(single, floats, shares), shares)
        slices = _slices(kernels // groups, groups * channels * kernel.numbers, shares)
        share_out(some_kernels, slices, shares)
        return y

    filters = workspace("right", (kernel.numbers, groups, channels, kernels // groups), x.dtype)

    def some_channels(share: Sequence[slice]) -> None:
        for some in share:
            _transform_kernels(weights[:, :, some], kernel, filters[:, :, some])

    def some_tiles(share: Sequence[Block]) -> None:
        for block in share:
            part = _numbers("left", pixels, block, x)
            _forward(pixels, x, _parts(block, floats), window, step, part)
            products = workspace("products", (*part.shape[:2], kernels), x.dtype)
            product(grouped(part, groups), filters, grouped(products, groups))
            finish(products, block, slice(None))

    channel_shares = workers(transforms.kernel_cost * kernels * channels)
    slices = _slices(channels, kernels * kernel.numbers, channel_shares)
    share_out(some_channels, slices, channel_shares)
    tiles = _tiles(layer, transforms)
    blocks = cut_batch(len(x), transforms.grid(window.out_size), tiles, shares)
    share_out(some_tiles, blocks, shares)
    return y


def weight_gradient(x: Array, dy: Array, layer: Layer, transforms: Transforms) -> Array:
    """Gradient of a layer's weight, of the shape of the weight."""
    pixels, kernel, sums, step = transforms
    groups, window = layer.groups, layer.window
    kernels, channels, k = dy.shape[1], x.shape[1] // groups, window.kernel_size[0]
    unpadded = window._replace(padding=((0, 0), (0, 0)))
    dweights = np.empty((groups, kernels // groups, channels, k * k), x.dtype)
    shares = workers(transforms.cost(layer))
    floats = transforms.numbers * max(x.shape[1], kernels)

    def numbers(block: Block) -> tuple[Array, Array]:
        return _numbers("left", pixels, block, x), _numbers("right", sums, block, dy)

    def forward(parts: Sequence[Part], left: Array, right: Array) -> None:
        _forward(pixels, x, parts, window, step, left)
        _forward(sums, dy, parts, unpadded, sums.side, right)

    def factors(left: Array, right: Array) -> tuple[Array, Array]:
        """(numbers, G, C / G, P) and (numbers, G, P, K / G)."""
        return grouped(left, groups).swapaxes(2, 3), grouped(right, groups)

    single = whole_batch(len(x), transforms.grid(window.out_size))
    if single:
        whole = numbers(single)
        left, right = factors(*whole)

        def some_parts(share: Sequence[Part]) -> None:
            forward(share, *whole)

        def some_kernels(share: Sequence[slice]) -> None:
            for some in share:
                part = right[..., some]
                dfilters = workspace("products", (*left.shape[:3], part.shape[3]), x.dtype)
                dtaps = _transposed(kernel, product(left, part, dfilters))
                dweights[:, some] = dtaps.transpose(1, 3, 2, 0)

        share_out(some_parts, _parts(single, floats, shares), shares)
        slices = _slices(kernels // groups, groups * channels * kernel.numbers, shares)
        share_out(some_kernels, slices, shares)
        return dweights.reshape(kernels, channels, k, k)

    def some_tiles(share: Sequence[Block]) -> Array:
        total = np.zeros((kernel.numbers, groups, channels, kernels // groups), x.dtype)
        for i, block in enumerate(share):
            both = numbers(block)
            forward(_parts(block, floats), *both)
            out = workspace("products", total.shape, x.dtype) if i else total
            product(*factors(*both), out)
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

    tiles = _tiles(layer, transforms)
    blocks = cut_batch(len(x), transforms.grid(window.out_size), tiles, shares)
    total, *others = share_out(some_tiles, blocks, shares)
    channel_shares = workers(transforms.kernel_cost * kernels * channels)
    slices = _slices(channels, kernels * kernel.numbers, channel_shares)
    share_out(some_channels, slices, channel_shares)
    return dweights.reshape(kernels, channels, k, k)


def _parts(block: Block, floats: int, shares: int = 1) -> list[Part]:
    """Cut a block into parts that stay in cache, of so many floats a tile, enough for all shares."""
    return block.parts(min(TRANSFORM // floats, -(-block.tiles // shares)))


def _numbers(name: str, transform: Transform, block: Block, x: Array) -> Array:
    """Return memory for the numbers of a block's tiles, (numbers, P, C)."""
    return workspace(name, (transform.numbers, block.tiles, x.shape[1]), x.dtype)


def _forward(
    transform: Transform, x: Array, parts: Sequence[Part], window: Window, step: int, out: Array
) -> None:
    """Read the tiles of some parts of a block and transform them to their places in ``out``."""
    for part, where in parts:
        tiles = read(x, part, window, transform.side, step)
        transform.forward(tiles.reshape(len(tiles), -1), out[:, where].reshape(len(out), -1))


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


def _slices(length: int, floats: int, shares: int) -> list[slice]:
    """Cut a side of the filters into as many at a time, of so many floats each, as stay in cache."""
    step = min(FILTERS // floats, -(-length // shares))
    step = max(LANES, step // LANES * LANES)
    return [slice(i, min(i + step, length)) for i in range(0, length, step)]


def _tiles(layer: Layer, transforms: Transforms) -> int:
    """Return how many tiles make a block, so that BLAS is quick at the products and they stay in cache."""
    _, channels, kernels, groups, _, _ = layer
    floats = transforms.numbers * max(channels, kernels)
    plain = most() // (channels * kernels // groups**2)  # tiles that BLAS multiplies as they are
    # Where these are few, it rearranges the filters, and gains by more tiles.
    fewest = FEW if takes_small() and plain >= FEW else MANY
    tiles = min(MOST, max(plain, fewest), max(fewest, FLOATS // floats))
    return max(1, min(tiles, MOST_FLOATS // floats))
