"""Cutting a convolution into blocks that stay in cache."""

from collections.abc import Iterator, Sequence
from math import prod
from typing import Literal, NamedTuple, TypeAlias

from cnnlab.scratch.functional.blas import LANES, most
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.threads import COPY, workers
from cnnlab.scratch.functional.windows import Window

Split: TypeAlias = Literal["blocks", "rows", "images"]

# Found by measuring with benchmarks/conv2d.py; they change speed, not results.
TOGETHER = 8  # small images to a block; no more, as each may compete for one line of cache
TINY = 8_000  # floats of an image that is not worth a call by itself
SMALL = 256  # pixels that an output stands for, whose rows are too short to copy one by one
CACHE = 500_000  # floats of columns that stay in cache
LOWERED = 250_000  # floats of the columns of rows that stay in cache
FEW_KERNELS, MANY_TAPS = 4, 16  # of a group
FEW_TAPS = 80  # taps that are copied faster than images change places
SHORTEST = 32  # outputs in a row of all images, below which a row is no product worth a call
FEW_READ = 4  # times that a pixel is read, up to which moving images takes longer than reading them
TALL = 4  # rows of taps, from which copying one alone spares more than leaving small images where they are
WEIGHTS = 8_000  # for each pixel of a small output, up to which they are rearranged for each image
COLUMNS = 800  # fewest columns that make a product with a large matrix worth rearranging it
ROW = 1_280  # columns of a row of outputs in some images: with fewer, threads wait for each other
BESIDE = 1_000_000  # floats of images that are laid out side by side
ALONE = 64  # pixels of a row that is a product by itself; the outputs of one image need not move


class Shape(NamedTuple):
    """The weights of a convolution as matrices: one of (kernels, taps) for each group."""

    groups: int
    kernels: int
    taps: int

    def split(self, window: Window, images: int) -> Split:
        """Return what one product covers: a block of rows of some images, one row, or one image.

        An image by itself (:func:`windows.gather_each`) pays where there are few taps and long rows,
        and where a pixel is read only a few times, unless the weights are rearranged for too few
        outputs: inputs and outputs stay where they are. A row by itself (:func:`windows.lower`) spares most
        copies, and pays where its product is one that BLAS takes as it is, yet has enough to do.
        """
        width = window.out_size[1]
        pixels = self.groups * self.taps * prod(window.size) // prod(window.kernel_size)
        if self.kernels < FEW_KERNELS:
            return "blocks"
        area, plain = prod(window.out_size), window.padded_size == window.size
        pointwise = plain and window.kernel_size == window.stride == (1, 1)
        light = self.kernels * self.taps <= WEIGHTS * area
        if pointwise:
            return "images" if light and LANES <= area <= SMALL else "blocks"
        columns = most() // (self.kernels * self.taps)
        spares = window.kernel_size[0] > 1 == window.dilation[0] and self.taps >= MANY_TAPS
        rows = spares and columns >= max(64, width) and images * width >= SHORTEST
        small = width >= 20 and self.groups * self.taps <= FEW_TAPS and pixels <= TINY
        tall = window.kernel_size[0] >= TALL and images >= TOGETHER
        if small and not (rows and tall):
            return "images"
        if rows:
            return "rows"
        few = window.stride != (1, 1) or prod(window.kernel_size) <= FEW_READ
        fits = 4 * LANES <= area <= CACHE // (self.groups * self.taps)
        return "images" if few and light and fits else "blocks"


def shares(images: int, window: Window, shape: Shape) -> int:
    """Return how many threads share a pass; a float that is copied counts as :data:`COPY` multiply-adds."""
    pixels = images * prod(window.out_size)
    return workers(pixels * shape.groups * shape.taps * (shape.kernels + COPY))


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
        block = _even(images, CACHE // (shape.groups * shape.taps * prod(window.out_size)), shares)
    elif split == "rows":
        columns, width = min(ROW, most() // (shape.kernels * shape.taps)), window.out_size[1]
        together = min(columns // width, BESIDE // (channels * prod(window.padded_size)))
        block = _even(images, together, shares) if width < ALONE else 1
    else:
        tiny = channels * window.size[0] * window.size[1] <= TINY
        small = prod(window.out_size) * prod(window.stride) <= SMALL
        block = TOGETHER if tiny or small else 1
    return [slice(i, min(i + block, images)) for i in range(0, images, block)]


def _even(images: int, together: int, shares: int) -> int:
    """Return how many images make a block, at most so many, if all shares get as many blocks."""
    count = -(-images // max(1, together))
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
            columns = max(COLUMNS, min(most() // (shape.kernels * shape.taps), CACHE // taps))
        rows = max(1, round(columns / (width * images)))
    rows = -(-height // -(-height // rows))  # as even as they can be
    for row in range(0, height, rows):
        yield slice(row, min(row + rows, height))
