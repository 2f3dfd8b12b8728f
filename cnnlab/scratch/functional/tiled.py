"""Convolution tile by tile: transform, multiply number by number, transform back.

One transform turns the pixels of a tile into numbers, another turns a kernel into as many of them
(:mod:`~cnnlab.scratch.functional.winograd`, :mod:`~cnnlab.scratch.functional.fft`). These are multiplied
number by number and summed over the channels, and a third transform turns the sums into outputs. That
takes fewer products than outputs times taps. Pixels are transformed once for each input channel, sums
once for each output channel, and kernels once for a whole batch.

Of the transforms that an algorithm has, a layer takes those with which it costs least; the passes are
in :mod:`cnnlab.scratch.functional.tile_passes`.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np

from cnnlab.scratch.functional import tile_passes
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.transforms import Layer, Transforms
from cnnlab.scratch.functional.windows import Window, turned

Find: TypeAlias = Callable[[Window, bool, np.dtype], tuple[Transforms, ...]]


class Tiled(NamedTuple):
    """An algorithm that computes convolutions tile by tile, with the cheapest transforms it has."""

    find: Find
    kernel_sizes: range
    strides: range

    @property
    def needs(self) -> str:
        """What a convolution must be like, for a message."""
        fewest, most = self.kernel_sizes[0], self.kernel_sizes[-1]
        strides = " or ".join(map(str, self.strides))
        return (
            f"square kernels of {fewest} to {most} pixels at stride {strides} and dilation 1, "
            "padded by less than their size"
        )

    def fits(self, window: Window) -> bool:
        """Whether it can compute a convolution."""
        (k, width), (stride, across) = window.kernel_size, window.stride
        square = k == width and stride == across and window.dilation == (1, 1)
        # The input gradient is a convolution, too, padded by k - 1 - padding.
        inside = all(0 <= side < k for sides in window.padding for side in sides)
        return square and inside and k in self.kernel_sizes and stride in self.strides

    def cost(self, layer: Layer, dtype: np.dtype) -> float:
        """Return what the three convolutions of both passes cost, see :meth:`Transforms.cost`."""
        forward, gradient = layer, layer.of_input_gradient
        return sum(
            cheapest(self.find, some, dtype).cost(some) for some in (forward, forward, gradient)
        )

    def convolve(
        self, x: Array, weight: Array, bias: Array | None, window: Window, groups: int
    ) -> Array:
        """Output of a convolution.

        Parameters
        ----------
        x : (N, C, H, W) array
        weight : (K, C // groups, k, k) array
        bias : (K,) array or None

        Returns
        -------
        (N, K, H', W') array
        """
        layer = Layer(len(x), x.shape[1], len(weight), groups, window)
        return tile_passes.convolve(x, weight, bias, layer, cheapest(self.find, layer, x.dtype))

    def weight_gradient(self, x: Array, dy: Array, window: Window, groups: int) -> Array:
        """Gradient of the weight: every step of the convolution that it takes part in, backward.

        Returns
        -------
        (K, C // groups, k, k) array
        """
        layer = Layer(len(x), x.shape[1], dy.shape[1], groups, window)
        return tile_passes.weight_gradient(x, dy, layer, cheapest(self.find, layer, x.dtype))

    def input_gradient(self, dy: Array, weight: Array, window: Window, groups: int) -> Array:
        """Gradient of the input: a convolution of ``dy`` with turned kernels.

        Returns
        -------
        (N, C, H, W) array
        """
        forward = Layer(len(dy), groups * weight.shape[1], len(weight), groups, window)
        layer = forward.of_input_gradient
        transforms = cheapest(self.find, layer, dy.dtype)
        k, stride = window.kernel_size[0], window.stride[0]
        (top, _), (left, _) = window.padding
        padding = tuple(((k - 1 - before) // stride, 0) for before in (top, left))
        reading = window._replace(size=window.out_size, out_size=window.size, padding=padding)
        whole = layer._replace(window=reading, backward=False)
        return tile_passes.convolve(dy, turned(weight, groups), None, whole, transforms)


@lru_cache(1000)
def cheapest(find: Find, layer: Layer, dtype: np.dtype) -> Transforms:
    """Return the transforms with which a layer costs least."""
    return min(find(layer.window, layer.backward, dtype), key=lambda some: some.cost(layer))
