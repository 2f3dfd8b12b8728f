"""Cutting a convolution into blocks that stay in cache, and sharing them among threads."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from math import prod
from typing import Literal, NamedTuple, TypeAlias, TypeVar

from threadpoolctl import ThreadpoolController

from cnnlab.scratch.functional.blas import LANES, PRODUCT
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.windows import Window

Block = TypeVar("Block")
Result = TypeVar("Result")
Split: TypeAlias = Literal["blocks", "rows", "images"]

# Found by measuring with benchmarks/conv2d.py; they change speed, not results.
TOGETHER = 8  # small images to a block; no more, as each may compete for one line of cache
TINY = 8_000  # floats of an image that is not worth a call by itself
SMALL = 256  # pixels that an output stands for, whose rows are too short to copy one by one
CACHE = 500_000  # floats of columns that stay in cache
LOWERED = 250_000  # floats of the columns of rows or images that stay in cache
FEW_KERNELS, MANY_TAPS = 4, 16  # of a group
FEW_TAPS = 80  # taps that are copied faster than images change places
WEIGHTS = 8_000  # for each pixel of a small output, up to which they are rearranged for each image
COLUMNS = 800  # fewest columns that make a product with a large matrix worth rearranging it
ROW = 320  # columns of a row of outputs that keep a product busy
COPY = 16  # multiply-adds in the time that one float takes to be copied
THREAD = 10_000_000  # multiply-adds of a share, below which a thread wakes too late to be of help


class Shape(NamedTuple):
    """The weights of a convolution as matrices: one of (kernels, taps) for each group."""

    groups: int
    kernels: int
    taps: int

    def split(self, window: Window, images: int) -> Split:
        """Return what one product covers: a block of rows of some images, one row, or one image.

        An image by itself (:func:`windows.gather_each`) pays where there are few taps and long rows,
        and for 1×1 kernels on small maps, unless their weights are rearranged for too few pixels:
        inputs and outputs stay where they are. A row by itself (:func:`windows.lower`) spares most
        copies, and pays where its product is one that BLAS takes as it is, yet has enough to do.
        """
        width = window.out_size[1]
        pixels = self.groups * self.taps * prod(window.size) // prod(window.kernel_size)
        if self.kernels < FEW_KERNELS:
            return "blocks"
        area, plain = prod(window.out_size), window.padded_size == window.size
        pointwise = plain and window.kernel_size == window.stride == (1, 1)
        if pointwise and LANES <= area <= SMALL and self.kernels * self.taps <= WEIGHTS * area:
            return "images"
        if width >= 20 and self.groups * self.taps <= FEW_TAPS and pixels <= TINY:
            return "images"
        columns = PRODUCT // (self.kernels * self.taps)
        spares = window.kernel_size[0] > 1 == window.dilation[0] and self.taps >= MANY_TAPS
        if spares and columns >= max(64, width) and images * width >= 64:
            return "rows"
        return "blocks"


def image_blocks(
    shape_of_x: Sequence[int],
    window: Window,
    shape: Shape,
    split: Split = "blocks",
    shares: int = 1,
) -> list[slice]:
    """Cut the batch into blocks, as many for each share: several images if they are small, else one."""
    images, channels = shape_of_x[:2]
    if split == "images":
        block = _even(
            images, LOWERED // (shape.groups * shape.taps * prod(window.out_size)), shares
        )
    elif split == "rows":
        columns = min(ROW, PRODUCT // (shape.kernels * shape.taps))
        block = _even(images, columns // window.out_size[1], shares)
    else:
        tiny = channels * window.size[0] * window.size[1] <= TINY
        small = prod(window.out_size) * prod(window.stride) <= SMALL
        block = TOGETHER if tiny or small else 1
    return [slice(i, min(i + block, images)) for i in range(0, images, block)]


def _even(images: int, most: int, shares: int) -> int:
    """Return how many images make a block, at most so many, if all shares get as many blocks."""
    count = -(-images // max(1, most))
    count += -count % shares
    return max(1, -(-images // max(1, count)))


def row_blocks(
    window: Window, padded: Array, shape: Shape, split: Split = "blocks"
) -> Iterator[slice]:
    """Cut the output rows so that what is copied for a block stays in cache."""
    height, width = window.out_size
    channels, images = len(padded), padded.shape[-1]
    if split == "images":
        rows = height
    elif split == "rows":
        floats = window.stride[0] * window.kernel_size[1] * channels * width * images
        rows = max(1, LOWERED // floats)
    else:
        taps = shape.groups * shape.taps
        only_copies = shape.kernels < FEW_KERNELS and shape.taps >= MANY_TAPS
        if only_copies:
            columns = LOWERED // taps
        else:
            columns = max(COLUMNS, min(PRODUCT // (shape.kernels * shape.taps), CACHE // taps))
        rows = max(1, round(columns / (width * images)))
    rows = -(-height // -(-height // rows))  # as even as they can be
    for row in range(0, height, rows):
        yield slice(row, min(row + rows, height))


def workers(operations: float) -> int:
    """Return among how many threads so many multiply-adds are worth sharing: all, or none but this."""
    count = threads()
    return count if operations >= THREAD * count else 1


def share_out(
    work: Callable[[Sequence[Block]], Result], blocks: Sequence[Block], shares: int
) -> list[Result]:
    """Run ``work`` on shares of the blocks, each in a thread of its own; its results in order.

    NumPy releases the interpreter lock while it copies and multiplies, so threads over
    images speed up the copies too, which BLAS's own threads inside a product do not. BLAS
    is held to one thread meanwhile, or the two kinds would fight for the same cores.
    """
    if threads() == 1 or not blocks or shares > len(blocks):
        return [work(blocks)]  # with fewer blocks than threads, BLAS shares out each product
    mine, *others = [blocks[part] for part in cut(len(blocks), shares)]
    with _one_blas_thread():
        begun = [_pool(shares).submit(work, share) for share in others]
        return [work(mine), *(one.result() for one in begun)]  # this thread need not be woken


def cut(length: int, parts: int) -> list[slice]:
    """Cut a length into parts, as even as they can be."""
    return [slice(length * i // parts, length * (i + 1) // parts) for i in range(parts)]


@contextmanager
def _one_blas_thread() -> Iterator[None]:
    """Hold BLAS to one thread; threadpoolctl's own ``limit`` takes several times as long."""
    before = [(library, library.num_threads) for library in _numpy_blas().lib_controllers]
    try:
        for library, _ in before:
            library.set_num_threads(1)
        yield
    finally:
        for library, count in before:
            library.set_num_threads(count)


def threads() -> int:
    """Return how many threads BLAS may use."""
    return max((library.num_threads for library in _numpy_blas().lib_controllers), default=1)


@cache
def _numpy_blas() -> ThreadpoolController:
    return ThreadpoolController().select(internal_api="openblas")


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, thread_name_prefix="convolution")


if hasattr(os, "register_at_fork"):  # a forked process has none of its parent's threads
    os.register_at_fork(after_in_child=_pool.cache_clear)
