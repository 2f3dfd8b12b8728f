"""Which algorithm computes a convolution, chosen by its shape.

``"im2col"`` writes windows out as columns and multiplies matrices, see
:mod:`cnnlab.scratch.functional.products`; it takes every convolution. ``"winograd"`` needs square
kernels of 2 to 5 pixels at stride 1 or 2, ``"fft"`` of 2 to 63 at stride 1; both save many multiplications,
see :mod:`cnnlab.scratch.functional.tiled`. But neither is exact on whole numbers, and Winograd's way is
less accurate than the others. So ``"auto"`` takes one only where it gains time: for arrays of float32,
weights that are not whole numbers, many channels, and maps or batches so large that transforming the
kernels pays. That also depends on whether BLAS rearranges all factors, see
:func:`cnnlab.scratch.functional.blas.takes_small`. ``"direct"`` is for depthwise convolutions, see
:mod:`cnnlab.scratch.functional.direct`; with 9 taps and more it gains time where pixels make long runs, and
on small maps of many channels.
"""

from functools import lru_cache
from math import prod
from typing import Protocol

import numpy as np

from cnnlab.scratch.functional import direct, fft, products, winograd
from cnnlab.scratch.functional.blocks import Shape
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.threads import COPY
from cnnlab.scratch.functional.tiled import Tiled
from cnnlab.scratch.functional.transforms import Layer
from cnnlab.scratch.functional.windows import Window

TILED = {
    "winograd": Tiled(winograd.transforms, winograd.KERNEL_SIZES, winograd.STRIDES),
    "fft": Tiled(fft.transforms, fft.KERNEL_SIZES, fft.STRIDES),
}
BY_NAME: dict[str, "Algorithm"] = {"im2col": products, **TILED, "direct": direct}
ALGORITHMS = ("auto", *BY_NAME)


class Algorithm(Protocol):
    """What computes a convolution and its gradients."""

    def convolve(
        self, x: Array, weight: Array, bias: Array | None, window: Window, groups: int
    ) -> Array: ...

    def weight_gradient(self, x: Array, dy: Array, window: Window, groups: int) -> Array: ...

    def input_gradient(self, dy: Array, weight: Array, window: Window, groups: int) -> Array: ...


# Found by measuring with benchmarks/conv2d.py; they change speed, not what is computed.
FEW_TAPS = 9  # of a depthwise kernel, from which its columns are worth sparing
SMALL = 144  # pixels of a small map, for each of those taps
LONG = 9  # for each pixel of a small map, the square of what makes a long run of channels


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
        ``"im2col"``, ``"winograd"``, ``"fft"`` or ``"direct"``.

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
    if algorithm == "auto":
        if _direct_fits(x, weight, window, groups) and _direct_pays(x, window):
            return "direct"
        return _tiles_pay(x, weight, window, groups)
    needs = ""
    if algorithm in TILED and not TILED[algorithm].fits(window):
        needs = TILED[algorithm].needs
    elif algorithm == "direct" and not _direct_fits(x, weight, window, groups):
        needs = "a depthwise convolution, one kernel for each channel, at stride or dilation 1"
    if needs:
        height, width = window.kernel_size
        raise ValueError(
            f"algorithm {algorithm!r} needs {needs}, not {len(weight)} kernels of {height}×{width} for "
            f"{x.shape[1]} channels in {groups} {'group' if groups == 1 else 'groups'} at stride "
            f"{window.stride}, dilation {window.dilation} and padding {window.padding}. "
            "Take 'im2col', or 'auto'."
        )
    return algorithm


def by_name(algorithm: str) -> Algorithm:
    """Return what computes a chosen algorithm."""
    return BY_NAME[algorithm]


def _direct_fits(x: Array, weight: Array, window: Window, groups: int) -> bool:
    depthwise = len(weight) == x.shape[1] == groups
    return depthwise and (1, 1) in (window.stride, window.dilation)


def _direct_pays(x: Array, window: Window) -> bool:
    """Whether there are long runs of pixels, or on small maps of channels."""
    taps, pixels, together = prod(window.kernel_size), prod(window.size), len(x) * x.shape[1]
    small = pixels <= SMALL * taps and LONG * FEW_TAPS * pixels <= taps * together**2
    return taps >= FEW_TAPS and (small or direct.runs_of_pixels(len(x), window))


def _tiles_pay(x: Array, weight: Array, window: Window, groups: int) -> str:
    """Return the algorithm that makes so few multiply-adds that its copies pay."""
    if x.dtype != np.float32 or not len(x):
        return "im2col"
    best = _cheapest(x.shape, weight.shape, window, groups)
    whole = best != "im2col" and np.array_equal(weight, np.rint(weight))
    return "im2col" if whole else best


@lru_cache(1000)  # a small layer takes no longer to compute than its costs
def _cheapest(
    x_shape: tuple[int, ...], weight_shape: tuple[int, ...], window: Window, groups: int
) -> str:
    """Return the algorithm that costs least for float32."""
    images, channels = x_shape[:2]
    kernels, *taps = weight_shape
    layer = Layer(images, channels, kernels, groups, window)
    copied = prod(taps) * COPY * groups
    if Shape(groups, kernels // groups, prod(taps)).split(window, images) == "rows":
        copied //= window.kernel_size[0]
    # Both passes are three convolutions.
    costs = {"im2col": 3.0 * images * prod(window.out_size) * (prod(taps) * kernels + copied)}
    costs |= {
        name: tiled.cost(layer, np.dtype(np.float32))
        for name, tiled in TILED.items()
        if tiled.fits(window)
    }
    return min(costs, key=lambda name: costs[name])
