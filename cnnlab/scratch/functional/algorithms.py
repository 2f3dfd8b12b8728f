"""Which algorithm computes a convolution, chosen by its shape.

``"im2col"`` writes windows out as columns and multiplies matrices, see
:mod:`cnnlab.scratch.functional.products`; it takes every convolution. ``"winograd"`` needs 3×3
or 5×5 kernels at stride 1 and spares two thirds of the multiplications or more, see
:mod:`cnnlab.scratch.functional.winograd`; but it is less accurate, and not exact even on small
whole numbers. So ``"auto"`` takes it only where it gains time: for arrays of float32, weights that
are not whole numbers, many channels, and maps or batches that are worth transforming the kernels.
"""

from math import prod
from types import ModuleType
from typing import NamedTuple

import numpy as np

from cnnlab.scratch.functional import products, winograd
from cnnlab.scratch.functional.blocks import COPY
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.tiles import READ, grid, tile
from cnnlab.scratch.functional.windows import Window

ALGORITHMS = ("auto", "im2col", "winograd")


class Cost(NamedTuple):
    """What Winograd's way costs, as multiply-adds of its large products that take as long."""

    transforms: float  # for one of the small products that transform pixels and sums
    filters: float  # for making and reading a transformed weight
    pays: float  # share of im2col's multiply-adds up to which it takes less time


# Found by measuring with benchmarks/conv2d.py; they change speed, not what is computed.
COST = Cost(transforms=1.25, filters=6, pays=0.625)


def choose(algorithm: str, x: Array, weight: Array, window: Window, groups: int) -> str:
    """Return the algorithm for a convolution of these arrays.

    Parameters
    ----------
    algorithm : str
        One of :data:`ALGORITHMS`; ``"auto"`` chooses by shape.
    x : (N, C, H, W) array
    weight : (K, C // groups, kh, kw) array

    Returns
    -------
    str
        ``"im2col"`` or ``"winograd"``.

    Raises
    ------
    ValueError
        If the name is unknown, or the algorithm cannot compute this convolution.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> x = rng.standard_normal((4, 64, 56, 56), np.float32)
    >>> weight = rng.standard_normal((64, 64, 3, 3), np.float32)
    >>> window = Window((56, 56), (54, 54), (3, 3), (1, 1), ((0, 0), (0, 0)), (1, 1))
    >>> choose("auto", x, weight, window, groups=1)
    'winograd'
    >>> choose("auto", x.astype(float), weight.astype(float), window, groups=1)
    'im2col'
    """
    if algorithm not in ALGORITHMS:
        raise ValueError(
            f"algorithm must be one of {', '.join(map(repr, ALGORITHMS))}, not {algorithm!r}."
        )
    k, width = window.kernel_size
    fits = k == width in winograd.KERNEL_SIZES and window.stride == window.dilation == (1, 1)
    # Its input gradient is a convolution, too, padded by k - 1 - padding.
    fits = fits and all(side < k for sides in window.padding for side in sides)
    if algorithm == "winograd" and not fits:
        raise ValueError(
            "algorithm 'winograd' needs 3×3 or 5×5 kernels at stride and dilation 1, padded by less "
            f"than their size, not {k}×{width} kernels at stride "
            f"{window.stride}, dilation {window.dilation} and padding {window.padding}. "
            "Take 'im2col', or 'auto'."
        )
    if algorithm != "auto":
        return algorithm
    return "winograd" if fits and _pays(x, weight, window, groups) else "im2col"


def module(algorithm: str) -> ModuleType:
    """Return the module whose ``convolve`` and gradients compute a chosen algorithm."""
    return winograd if algorithm == "winograd" else products


def _pays(x: Array, weight: Array, window: Window, groups: int) -> bool:
    """Whether Winograd's multiply-adds for an image are so few that its copies pay."""
    if x.dtype != np.float32 or not len(x):
        return False
    kernels, channels = len(weight), x.shape[1]
    height, width = window.out_size
    size = window.kernel_size[0]
    pairs = READ**2 * kernels * channels // groups
    pixels = READ**4 * channels
    sums = READ**2 * tile(size) ** 2 * kernels
    tiles = prod(grid(window))
    ours = tiles * (pairs + COST.transforms * (pixels + sums)) + COST.filters * pairs / len(x)
    theirs = height * width * weight[0].size * (kernels + groups * COPY)
    return bool(ours <= COST.pays * theirs) and not np.array_equal(weight, np.rint(weight))
