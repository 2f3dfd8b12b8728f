"""The row that spreads each pixel over a window: a transposed convolution."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any

from cnnlab import geometry
from cnnlab.spec.base import (
    Padding,
    Reach,
    Row,
    Shape,
    Size,
    Window,
    check_size,
    check_window,
    spatial,
)
from cnnlab.spec.conv import check_groups, check_order

__all__ = ["TransposedConv"]


@dataclass(frozen=True, repr=False)
class TransposedConv(Row, family="transposed convolution"):
    """Transposed convolution: the shapes of a convolution, run backwards.

    Parameters
    ----------
    out_channels, kernel_size, stride, dilation, groups, bias
        As :class:`Conv`.
    padding : int, "same", "valid" or tuple
        Pixels cut off each side of the output; one entry an axis, where an entry may be a pair
        (before, after). "same" leaves ``size · stride`` pixels, as TensorFlow and Keras do.
    output_padding : int or tuple
        Further pixels at the end, fewer than ``stride`` or ``dilation``.

    Examples
    --------
    >>> TransposedConv(8, 3, stride=2).out_shape((16, 3, 3))
    (8, 7, 7)
    >>> TransposedConv(8, 3, stride=2, padding="same").out_shape((16, 3, 3))
    (8, 6, 6)
    """

    out_channels: int
    kernel_size: Size
    stride: Size = 1
    padding: Padding = 0
    output_padding: Size = 0
    dilation: Size = 1
    groups: int = 1
    bias: bool = True

    def check(self) -> None:
        geometry.integer("out_channels", self.out_channels, 1)
        check_groups("out_channels", self.out_channels, self.groups)
        check_window(Window(self.kernel_size, self.stride, self.padding, self.dilation))
        check_size("output_padding", self.output_padding, minimum=0)

    def reach(self, in_shape: Shape) -> Reach:
        return "varies"

    def axes(self, in_shape: Shape) -> Iterator[tuple[Any, ...]]:
        """Arguments of :func:`cnnlab.geometry.transposed_output_size`, axis by axis."""
        ndim = len(spatial(in_shape))
        return zip(
            in_shape[1:],
            geometry.per_axis("kernel_size", self.kernel_size, ndim),
            geometry.per_axis("stride", self.stride, ndim),
            geometry.padding_per_axis(self.padding, ndim),
            geometry.per_axis("output_padding", self.output_padding, ndim, minimum=0),
            geometry.per_axis("dilation", self.dilation, ndim),
            strict=True,
        )

    def out_shape(self, in_shape: Shape) -> Shape:
        spatial(in_shape)
        check_order(in_shape, self.out_channels, self.kernel_size, self.stride)
        sizes = (geometry.transposed_output_size(*axis) for axis in self.axes(in_shape))
        return self.out_channels, *sizes

    def param_shapes(self, in_shape: Shape) -> dict[str, Shape]:
        kernel = geometry.per_axis("kernel_size", self.kernel_size, len(spatial(in_shape)))
        check_groups("input channels", in_shape[0], self.groups)
        weight = (in_shape[0], self.out_channels // self.groups, *kernel)
        return {"weight": weight} | ({"bias": (self.out_channels,)} if self.bias else {})

    def macs(self, in_shape: Shape) -> int:
        # Each input pixel meets each of its weights once, also where the product is cropped.
        return prod(self.param_shapes(in_shape)["weight"]) * prod(in_shape[1:])
