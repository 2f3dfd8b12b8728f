"""Which algorithm computes a convolution, chosen by its shape.

``"im2col"`` writes windows out as columns and multiplies matrices, see
:mod:`cnnlab.scratch.functional.products`; it takes every convolution. ``"winograd"`` needs 3×3
or 5×5 kernels at stride 1 and spares two thirds of the multiplications or more, see
:mod:`cnnlab.scratch.functional.winograd`; but it is less accurate, and not exact even on small
whole numbers. So ``"auto"`` takes it only where it gains time: for arrays of float32, weights that
are not whole numbers, many channels, and maps or batches that are worth transforming the kernels.
``"direct"`` is for depthwise convolutions, see :mod:`cnnlab.scratch.functional.direct`; it gains time
at stride 1, and at other strides on small maps of many channels.
"""

from math import prod
from types import ModuleType
from typing import NamedTuple

import numpy as np

from cnnlab.scratch.functional import direct, products, winograd
from cnnlab.scratch.functional.blocks import COPY
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.tiles import READ, grid, tile
from cnnlab.scratch.functional.windows import Window

ALGORITHMS = ("auto", "im2col", "winograd", "direct")
MODULES = {"im2col": products, "winograd": winograd, "direct": direct}


class Cost(NamedTuple):
    """What Winograd's way costs, as multiply-adds of its large products that take as long."""

    transforms: float  # for one of the small products that transform pixels and sums
    filters: float  # for making and reading a transformed weight
    pays: float  # share of im2col's multiply-adds up to which it takes less time


# Found by measuring with benchmarks/conv2d.py; they change speed, not what is computed.
COST = Cost(transforms=1.25, filters=6, pays=0.625)
FEW_TAPS = 9  # of a depthwise kernel, from which its columns are worth sparing
SMALL = 144  # pixels of a small map, for each of those taps
LONG = 3  # numbers in a run of channels, for each pixel of a small map's side


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
        ``"im2col"``, ``"winograd"`` or ``"direct"``.

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
    fits = {"winograd": _winograd_fits(window), "direct": _direct_fits(x, weight, window, groups)}
    height, width = window.kernel_size
    if algorithm == "winograd" and not fits[algorithm]:
        raise ValueError(
            "algorithm 'winograd' needs 3×3 or 5×5 kernels at stride and dilation 1, padded by less "
            f"than their size, not {height}×{width} kernels at stride "
            f"{window.stride}, dilation {window.dilation} and padding {window.padding}. "
            "Take 'im2col', or 'auto'."
        )
    if algorithm == "direct" and not fits[algorithm]:
        raise ValueError(
            "algorithm 'direct' needs a depthwise convolution, one kernel for each channel, at stride "
            f"or dilation 1, not {len(weight)} kernels for {x.shape[1]} channels in "
            f"{groups} {'group' if groups == 1 else 'groups'} at stride {window.stride} and "
            f"dilation {window.dilation}. Take 'im2col', or 'auto'."
        )
    if algorithm != "auto":
        return algorithm
    if fits["winograd"] and _winograd_pays(x, weight, window, groups):
        return "winograd"
    return "direct" if fits["direct"] and _direct_pays(x, window) else "im2col"


def module(algorithm: str) -> ModuleType:
    """Return the module whose ``convolve`` and gradients compute a chosen algorithm."""
    return MODULES[algorithm]


def _winograd_fits(window: Window) -> bool:
    k, width = window.kernel_size
    fits = k == width in winograd.KERNEL_SIZES and window.stride == window.dilation == (1, 1)
    # Its input gradient is a convolution, too, padded by k - 1 - padding.
    return fits and all(side < k for sides in window.padding for side in sides)


def _direct_fits(x: Array, weight: Array, window: Window, groups: int) -> bool:
    depthwise = len(weight) == x.shape[1] == groups
    return depthwise and (1, 1) in (window.stride, window.dilation)


def _direct_pays(x: Array, window: Window) -> bool:
    """Whether there are long runs of pixels, or on small maps of channels."""
    taps, pixels, together = prod(window.kernel_size), prod(window.size), len(x) * x.shape[1]
    small = pixels <= SMALL * taps and LONG**2 * pixels <= together**2
    return taps >= FEW_TAPS and (small or direct.runs_of_pixels(len(x), window))


def _winograd_pays(x: Array, weight: Array, window: Window, groups: int) -> bool:
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
