"""Winograd's transforms: small kernels at stride 1 or 2 with fewer multiplications.

A tile of 4×4 outputs of 3×3 kernels reads 6×6 pixels and takes 4·4·9 = 144 multiplications for each
input channel and kernel; one of 2×2 outputs of 5×5 kernels reads as many, and takes 2·2·25 = 100.
A convolution is the transpose of a product of two polynomials, one with the kernel as coefficients and
one with the outputs. Evaluated at the points 0, 1, −1, 2, −2 and infinity, that product takes 36.
Powers of the points 2 and −2 are large, and cost one to two decimal digits: in float32 an output is off
by about 1e-5 of the largest.

At stride 2 even pixels meet only every other tap of a kernel, and odd pixels only the rest, so that
along each axis there are two convolutions at stride 1. 4×4 outputs of 3×3 kernels read 9×9 pixels:
two taps on the 5 even ones take 5 products along an axis and one tap on the 4 odd ones takes 4, which
makes 81 in place of 144. For the input gradient, even and odd pixels are outputs.

References
----------
A. Lavin and S. Gray, "Fast algorithms for convolutional neural networks", 2016: F(4×4, 3×3).

J. Yepez and S.-B. Ko, "Stride 2 1-D, 2-D, and 3-D Winograd for convolutional neural networks", 2020.

S. Winograd, "Arithmetic complexity of computations", 1980.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.transforms import Transform, Transforms
from cnnlab.scratch.functional.windows import Window

KERNEL_SIZES, STRIDES = range(2, 6), range(1, 3)
READ = 6  # pixels of the longest convolution along an axis
_POINTS = np.array([0, 1, -1, 2, -2])  # and infinity, where the highest power is all that counts


class Axis(NamedTuple):
    """The transforms along one axis; each row is one product."""

    pixels: Array  # (numbers, side)
    kernel: Array  # (numbers, k)
    sums: Array  # (numbers, out)


class Phase(NamedTuple):
    """A convolution at stride 1: which pixels of a tile meet which taps, and which outputs they add to."""

    pixels: slice
    taps: slice
    sums: slice


def transforms(window: Window, backward: bool, dtype: np.dtype) -> tuple[Transforms, ...]:
    """Return what a convolution, or its input gradient, may transform tiles with."""
    (top, _), (left, _) = window.padding
    before = (top, left) if backward else None
    return _transforms(window.kernel_size[0], window.stride[0], before, dtype)


@cache
def _transforms(
    k: int, stride: int, before: tuple[int, int] | None, dtype: np.dtype
) -> tuple[Transforms, ...]:
    most = READ + 1 - -(-k // stride)
    return tuple(_of(k, stride, out, before, dtype) for out in range(max(2, most - 1), most + 1))


def _of(
    k: int, stride: int, out: int, before: tuple[int, int] | None, dtype: np.dtype
) -> Transforms:
    if before is None:
        step, axes = stride * out, [forward_axis(k, stride, out)] * 2
    else:
        step, axes = out, [gradient_axis(k, stride, out, padding) for padding in before]
    down, across = _as_wide(axes)
    pixels, kernel, sums = (
        Transform.of(rows, columns, dtype) for rows, columns in zip(down, across, strict=True)
    )
    return Transforms(pixels, kernel, sums, step)


def _as_wide(axes: list[Axis]) -> list[Axis]:
    """Let both axes read as many pixels."""
    side = max(axis.pixels.shape[1] for axis in axes)
    return [
        axis._replace(pixels=np.pad(axis.pixels, ((0, 0), (0, side - axis.pixels.shape[1]))))
        for axis in axes
    ]


def forward_axis(k: int, stride: int, out: int) -> Axis:
    """Return the transforms of so many outputs: a phase of every so many pixels and taps."""
    every = (slice(phase, None, stride) for phase in range(stride))
    return _axis([Phase(some, some, slice(out)) for some in every], k, stride * (out - 1) + k, out)


def gradient_axis(k: int, stride: int, out: int, before: int) -> Axis:
    """Return those of the gradients of ``stride * out`` pixels, if so many of padding lie before.

    The kernels are turned. A pixel was met by every so many taps only, and each by one upstream
    gradient, so that a phase adds to every so many pixels, and reads neighbours.
    """
    phases = []
    for pixel in range(stride):
        output, tap = divmod(before + pixel, stride)
        taps = slice((k - 1 - tap) % stride, None, stride)
        count = len(range(k)[taps])
        start = output - count + 1 + (k - 1 - before) // stride
        read = slice(start, start + out + count - 1)
        phases.append(Phase(read, taps, slice(pixel, None, stride)))
    return _axis(phases, k, max(phase.pixels.stop for phase in phases), stride * out)


def _axis(phases: list[Phase], k: int, side: int, out: int) -> Axis:
    rows = []
    for phase in phases:
        sizes = side, k, out
        parts = polynomials(len(range(out)[phase.sums]), len(range(k)[phase.taps]))
        wide = [np.zeros((len(part), size)) for part, size in zip(parts, sizes, strict=True)]
        for whole, part, where in zip(wide, parts, phase, strict=True):
            whole[:, where] = part
        rows.append(wide)
    return Axis(*(np.vstack(parts) for parts in zip(*rows, strict=True)))


def polynomials(out: int, taps: int) -> Axis:
    """Return the transforms of ``out`` outputs at stride 1: with one tap there is nothing to spare."""
    if taps == 1:
        return Axis(np.eye(out), np.ones((out, 1)), np.eye(out))
    points = _POINTS[: out + taps - 2]
    powers = [
        np.vstack([np.vander(points, count, increasing=True), np.eye(count)[-1]])
        for count in (taps, out)
    ]
    distances = points[:, None] - points + np.eye(len(points))
    kernel = np.vstack([powers[0][:-1] / distances.prod(axis=1, keepdims=True), powers[0][-1]])
    return Axis(_pixels(points), kernel, powers[1])


def _pixels(points: Array) -> Array:
    """Return for each point the polynomial that is 0 at the others, its coefficients from 0 up.

    That of infinity is 0 at all of them.
    """
    rest = [np.delete(points, i) for i in range(len(points))]
    rows = [np.poly(some)[::-1] for some in (*rest, points)]
    return np.array([np.pad(row, (0, len(points) + 1 - len(row))) for row in rows])
