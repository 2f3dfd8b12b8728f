"""Fourier's transforms: large kernels at stride 1 with far fewer multiplications.

The Fourier transform of a convolution is the product of the transforms, frequency by frequency. On a
tile of 16×16 pixels, which holds 10×10 outputs of 7×7 kernels, the plain sum takes 10·10·49 = 4900
multiplications for each input channel and kernel. The transform of real pixels has 126 complex
frequencies and 4 real ones, and a product of complex numbers takes three of real ones, (a + bi)(c + di)
= ac − bd + ((a + b)(c + d) − ac − bd)i, which makes 126·3 + 4 = 382 multiplications. The larger kernel
and tile are, the more it saves, and an output is as accurate as the plain sum, since waves are at most 1.

A convolution is the transpose of a product of two polynomials, one with the kernel as coefficients and
one with the outputs. So it is kernel and outputs that are multiplied as a, b and a + b here, and the
pixels take the last step, from the three products to coefficients, transposed.

A convolution of whole maps would pad them and their kernels to the size of both, and transform them in
passes through memory. Tiles stay in cache, and their sides of 8 to 64 pixels are so short that a product
with the matrix of all waves takes less time than the fast Fourier transform, after which the literature
names the algorithm.

References
----------
M. Mathieu, M. Henaff and Y. LeCun, "Fast training of convolutional networks through FFTs", 2013.

A. Zlateski, Z. Jia, K. Li and F. Durand, "FFT convolutions are faster than Winograd on modern CPUs,
here is why", 2018: tiles, and three multiplications for a complex one.
"""

from collections.abc import Callable
from functools import cache

import numpy as np

from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.transforms import Stretch, Transform, Transforms
from cnnlab.scratch.functional.windows import Window

KERNEL_SIZES, STRIDES = range(2, 64), range(1, 2)
SIDES = (*range(8, 33, 2), 40, 48, 64)  # of the pixels that a tile may read


def transforms(window: Window, backward: bool, dtype: np.dtype) -> tuple[Transforms, ...]:
    """Return what a convolution may transform tiles with; its input gradient, with the same."""
    return _transforms(window.kernel_size[0], dtype)


@cache
def _transforms(k: int, dtype: np.dtype) -> tuple[Transforms, ...]:
    return tuple(of(k, side, dtype) for side in SIDES if side > k)


def of(k: int, side: int, dtype: np.dtype) -> Transforms:
    """Return the transforms of tiles that read ``side`` pixels, an even number."""
    out = side - k + 1
    pixels = _transform(_waves(side, side) / side, 2, _parts, dtype)
    kernel, sums = (_transform(_waves(side, length), 1, _factors, dtype) for length in (k, out))
    return Transforms(pixels, kernel, sums, out)


def _waves(side: int, length: int) -> Array:
    """Return the first pixels of a wave of each frequency, (side, length)."""
    waves: Array = np.exp(-2j * np.pi / side * np.outer(range(side), range(length)))
    return waves


def _factors(real: Array, imaginary: Array) -> Array:
    """Return what complex numbers are multiplied by: their a, their b, and their a + b."""
    return np.vstack([real, imaginary, real + imaginary])


def _parts(real: Array, imaginary: Array) -> Array:
    """Return how much ac, bd and (a + b)(c + d) count, where ac − bd and ad + bc count so much."""
    return np.vstack([real - imaginary, -real - imaginary, imaginary])


def _transform(
    waves: Array, copies: int, three: Callable[[Array, Array], Array], dtype: np.dtype
) -> Transform:
    """Return a transform to waves of real pixels, or, transposed, from them.

    Of real pixels, the frequencies above one half mirror those below, which stand for both and so
    count twice on the way back. The first and the middle one are real. Along the second axis the rows
    of those are real, too; all others are complex there, and have no mirror image.
    """
    half = len(waves) // 2
    ends, inner = waves[[0, half]].real, copies * waves[1:half]
    in_turn = np.stack([inner.real, inner.imag], axis=1).reshape(-1, waves.shape[1])
    real = np.vstack([ends, three(inner.real, inner.imag)])
    both = three(
        np.hstack([waves.real, -waves.imag]),  # the real part of a complex number times a wave
        np.hstack([waves.imag, waves.real]),
    )
    second = Stretch(2, 1, real.astype(dtype)), Stretch(len(in_turn), 2, both.astype(dtype))
    return Transform(np.vstack([ends, in_turn]).astype(dtype), second)
