"""Linear maps of square tiles, along one axis and then along the other, and what they cost.

Whatever its transforms are, a convolution tile by tile takes the same steps, see
:mod:`cnnlab.scratch.functional.tiled`.
"""

from collections.abc import Iterator
from math import prod
from typing import NamedTuple

import numpy as np

from cnnlab.scratch.functional.blas import product
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.windows import Window
from cnnlab.scratch.functional.workspace import workspace


class Cost(NamedTuple):
    """What the steps take, as multiply-adds of large products that take as long."""

    transform: float  # for a multiply-add of the small products that transform pixels and sums
    copy: float  # for a number that is read or written
    kernel: float  # for a multiply-add that transforms a kernel
    weight: float  # for a transformed weight that is written and read


# Found by measuring with benchmarks/conv2d.py; they change speed, not what is computed.
COST = Cost(transform=1, copy=18, kernel=1, weight=16)


class Stretch(NamedTuple):
    """How some rows of numbers are transformed along the second axis."""

    rows: int
    together: int  # rows: 2, if a row of real and a row of imaginary parts are complex numbers
    matrix: Array  # (numbers, together * side)

    @property
    def shape(self) -> tuple[int, int]:
        """How often the matrix is applied, and to how many numbers in all it leads."""
        times = self.rows // self.together
        return times, times * len(self.matrix)


class Transform(NamedTuple):
    """A linear map of a tile's pixels, (side * side), to numbers."""

    first: Array  # (rows, side)
    second: tuple[Stretch, ...]

    @classmethod
    def of(cls, down: Array, across: Array, dtype: np.dtype) -> "Transform":
        """Return the map that applies one matrix to columns, the other to rows."""
        return cls(down.astype(dtype), (Stretch(len(down), 1, across.astype(dtype)),))

    @property
    def side(self) -> int:
        return int(self.first.shape[1])

    @property
    def numbers(self) -> int:
        return sum(stretch.shape[1] for stretch in self.second)

    @property
    def operations(self) -> int:
        """Multiply-adds for a tile."""
        second = sum(stretch.shape[0] * stretch.matrix.size for stretch in self.second)
        return self.first.size * self.side + second

    @property
    def cost(self) -> float:
        """What it takes to transform a tile, as :data:`COST` weighs it, copies included."""
        return COST.transform * self.operations + COST.copy * (self.side**2 + self.numbers)

    def forward(self, pixels: Array, out: Array) -> Array:
        """Write the numbers of tiles, (..., side * side, X), to ``out``, (..., numbers, X)."""
        rows = self._rows(pixels)
        product(self.first, _lines(pixels, self.side), _lines(rows, len(self.first)))
        for matrix, some, numbers in self._stretches(rows, out):
            product(matrix, some, numbers)
        return out

    def transposed(self, numbers: Array, out: Array) -> Array:
        """Write what the transposed map makes of numbers, (..., numbers, X), to tiles."""
        rows = self._rows(out)
        for matrix, some, part in self._stretches(rows, numbers):
            product(matrix.T, part, some)
        product(self.first.T, _lines(rows, len(self.first)), _lines(out, self.side))
        return out

    def _rows(self, pixels: Array) -> Array:
        """Return memory for what is transformed along one axis, (..., rows * side, X)."""
        *lead, _, columns = pixels.shape
        return workspace("rows", (*lead, self.first.size, columns), pixels.dtype)

    def _stretches(self, rows: Array, numbers: Array) -> Iterator[tuple[Array, Array, Array]]:
        """Yield each matrix with the rows that it maps and the numbers that come of them."""
        *lead, _, columns = numbers.shape
        row = number = 0
        for stretch in self.second:
            times, count = stretch.shape
            size = stretch.rows * self.side
            some = rows[..., row : row + size, :]
            part = numbers[..., number : number + count, :]
            yield (
                stretch.matrix,
                some.reshape(*lead, times, size // times, columns),
                part.reshape(*lead, times, count // times, columns),
            )
            row, number = row + size, number + count


def _lines(pixels: Array, length: int) -> Array:
    """View (..., length * side, X) as (..., length, side * X)."""
    *lead, size, columns = pixels.shape
    return pixels.reshape(*lead, length, size // length * columns)


class Layer(NamedTuple):
    """A convolution, or with ``backward`` its input gradient, by the channels that go in and out."""

    images: int
    channels: int
    kernels: int
    groups: int
    window: Window
    backward: bool = False

    @property
    def of_input_gradient(self) -> "Layer":
        """The convolution of upstream gradients that gives those of the input."""
        return self._replace(channels=self.kernels, kernels=self.channels, backward=True)


class Transforms(NamedTuple):
    """What a convolution tile by tile transforms, and how far apart its tiles lie."""

    pixels: Transform
    kernel: Transform
    sums: Transform  # of outputs; transposed, it makes outputs of sums
    step: int  # pixels from tile to tile

    @property
    def numbers(self) -> int:
        return self.pixels.numbers

    def grid(self, out_size: tuple[int, ...]) -> tuple[int, int]:
        """Return how many tiles an output has down and across."""
        down, across = (-(-size // self.sums.side) for size in out_size)
        return down, across

    @property
    def kernel_cost(self) -> float:
        """What it takes to transform a kernel, copies included."""
        return COST.kernel * self.kernel.operations + COST.weight * self.numbers

    def cost(self, layer: Layer) -> float:
        """Return the multiply-adds and the time of the other steps, in multiply-adds as well."""
        window, pairs = layer.window, layer.channels * layer.kernels // layer.groups
        copied = layer.channels * self.pixels.cost + layer.kernels * self.sums.cost
        tiles = layer.images * prod(self.grid(window.size if layer.backward else window.out_size))
        return tiles * (self.numbers * pairs + copied) + self.kernel_cost * pairs
