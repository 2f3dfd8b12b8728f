"""Rows that slide learned kernels."""

from dataclasses import dataclass
from math import prod

from cnnlab import geometry
from cnnlab.geometry import Policy
from cnnlab.spec.base import (
    Padding,
    Row,
    Shape,
    Size,
    Window,
    check_window,
    slide,
    spatial,
)
from cnnlab.spec.combine import Chain

__all__ = ["Conv", "DepthwiseConv", "TableConv", "separable"]


def check_groups(name: str, channels: int, groups: int) -> None:
    """Refuse channels that cannot be dealt out evenly."""
    if channels % geometry.integer("groups", groups, 1):
        raise ValueError(
            f"{name} {channels} must be a multiple of groups {groups}. Change one of them."
        )


def check_order(in_shape: Shape, out_channels: int, kernel_size: Size, stride: Size) -> None:
    """Refuse in_channels, out_channels, kernel_size, which other libraries take in this order.

    They are told by an even kernel of at least 6 that moves by an odd stride, and either is too
    large or keeps the number of channels; a tuple is taken at its word.
    """
    if not (isinstance(kernel_size, int) and isinstance(stride, int)):
        return
    told = kernel_size >= 6 and kernel_size % 2 == 0 and stride > 1 and stride % 2 == 1
    if told and (in_shape[0] == out_channels or kernel_size > min(in_shape[1:])):
        raise ValueError(
            "settings must be out_channels, kernel_size and stride, not in_channels, out_channels "
            f"and kernel_size, as {out_channels}, {kernel_size}, {stride} seem to be. Leave out "
            "the channels that enter, which are read from the shape; if you mean a kernel of "
            f"{kernel_size}, write it as a tuple."
        )


@dataclass(frozen=True, repr=False)
class Conv(Row, family="convolution"):
    """Convolution (cross-correlation) in as many dimensions as its input has.

    Parameters
    ----------
    out_channels : int
        Filters; each makes one map.
    kernel_size, stride, dilation : int or tuple
        One number, or one an axis. ``dilation=1`` means adjacent taps.
    padding : int, "same", "valid" or tuple
        Pixels on each side; one entry an axis, where an entry may be a pair
        (before, after). "same" keeps ``ceil(size / stride)`` pixels, as TensorFlow does.
    groups : int
        Groups of channels that do not see each other.
    bias : bool
        Whether each filter adds a learned number.
    policy : {"floor", "error", "ceil"}
        What to do when the stride does not fit; "ceil" pads zeros after the input.

    Examples
    --------
    >>> filters = Conv(64, 3, padding="same")
    >>> filters.out_shape((32, 28, 28))
    (64, 28, 28)
    >>> filters.param_shapes((32, 28, 28))
    {'weight': (64, 32, 3, 3), 'bias': (64,)}
    """

    out_channels: int
    kernel_size: Size
    stride: Size = 1
    padding: Padding = 0
    dilation: Size = 1
    groups: int = 1
    bias: bool = True
    policy: Policy = "floor"

    def check(self) -> None:
        geometry.integer("out_channels", self.out_channels, 1)
        check_groups("out_channels", self.out_channels, self.groups)
        check_window(self.reach(()))

    def reach(self, in_shape: Shape) -> Window:
        return Window(self.kernel_size, self.stride, self.padding, self.dilation, self.policy)

    def out_shape(self, in_shape: Shape) -> Shape:
        spatial(in_shape)
        check_order(in_shape, self.out_channels, self.kernel_size, self.stride)
        return self.out_channels, *slide(in_shape, self.reach(in_shape))

    def param_shapes(self, in_shape: Shape) -> dict[str, Shape]:
        kernel = geometry.per_axis("kernel_size", self.kernel_size, len(spatial(in_shape)))
        check_groups("input channels", in_shape[0], self.groups)
        weight = (self.out_channels, in_shape[0] // self.groups, *kernel)
        return {"weight": weight} | ({"bias": (self.out_channels,)} if self.bias else {})

    def macs(self, in_shape: Shape) -> int:
        return prod(self.param_shapes(in_shape)["weight"]) * prod(self.out_shape(in_shape)[1:])


@dataclass(frozen=True, repr=False)
class DepthwiseConv(Row, family="convolution"):
    """Convolution that keeps channels apart: each input channel has filters of its own.

    Parameters
    ----------
    kernel_size, stride, padding, dilation, bias, policy
        As :class:`Conv`.
    multiplier : int
        Filters for each input channel.

    Examples
    --------
    >>> DepthwiseConv(3, padding="same").param_shapes((32, 28, 28))
    {'weight': (32, 1, 3, 3), 'bias': (32,)}
    """

    kernel_size: Size
    stride: Size = 1
    padding: Padding = 0
    dilation: Size = 1
    multiplier: int = 1
    bias: bool = True
    policy: Policy = "floor"

    def check(self) -> None:
        geometry.integer("multiplier", self.multiplier, 1)
        check_window(self.reach(()))

    def grouped(self, in_shape: Shape) -> Conv:
        """The same row as a grouped :class:`Conv`, which needs the input channels."""
        channels = in_shape[0]
        settings = self.stride, self.padding, self.dilation, channels, self.bias, self.policy
        return Conv(channels * self.multiplier, self.kernel_size, *settings)

    def reach(self, in_shape: Shape) -> Window:
        return Window(self.kernel_size, self.stride, self.padding, self.dilation, self.policy)

    def out_shape(self, in_shape: Shape) -> Shape:
        return in_shape[0] * self.multiplier, *slide(in_shape, self.reach(in_shape))

    def param_shapes(self, in_shape: Shape) -> dict[str, Shape]:
        kernel = geometry.per_axis("kernel_size", self.kernel_size, len(spatial(in_shape)))
        filters = in_shape[0] * self.multiplier
        return {"weight": (filters, 1, *kernel)} | ({"bias": (filters,)} if self.bias else {})

    def macs(self, in_shape: Shape) -> int:
        return prod(self.param_shapes(in_shape)["weight"]) * prod(self.out_shape(in_shape)[1:])


def separable(
    out_channels: int,
    kernel_size: Size,
    stride: Size = 1,
    padding: Padding = "same",
    dilation: Size = 1,
    bias: bool = True,
    multiplier: int = 1,
) -> Chain:
    """Separable convolution: each channel by itself, then 1×1 across channels.

    Parameters
    ----------
    out_channels : int
        Filters of the 1×1 convolution.
    kernel_size, stride, padding, dilation
        As :class:`Conv`, for the depthwise convolution.
    bias : bool
        Whether the 1×1 convolution has one. The depthwise convolution has none, as in Keras: the
        1×1 convolution would only mix it into its own.
    multiplier : int
        Depthwise filters for each input channel.

    References
    ----------
    F. Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions", 2017.

    Examples
    --------
    >>> separable(64, 3)
    Chain(
        depthwise=DepthwiseConv(3, padding='same', bias=False),
        pointwise=Conv(64, 1),
    )
    """
    return Chain(
        depthwise=DepthwiseConv(kernel_size, stride, padding, dilation, multiplier, bias=False),
        pointwise=Conv(out_channels, 1, bias=bias),
    )


@dataclass(frozen=True, repr=False)
class TableConv(Row, family="convolution"):
    """Convolution in which each filter reads only the input maps that a table names.

    Parameters
    ----------
    table : tuple of tuples of int
        For each output map, the input maps it reads, counted from 0.
    kernel_size, stride, padding, bias
        As :class:`Conv`.

    Notes
    -----
    ``weight`` holds one kernel for each connection, in the table's order.

    References
    ----------
    Y. LeCun et al., "Gradient-based learning applied to document recognition", 1998, table I.

    Examples
    --------
    >>> TableConv(((0, 1), (1, 2), (0, 1, 2)), 5).param_shapes((3, 14, 14))
    {'weight': (7, 5, 5), 'bias': (3,)}
    """

    table: tuple[tuple[int, ...], ...]
    kernel_size: Size
    stride: Size = 1
    padding: Padding = 0
    bias: bool = True

    def check(self) -> None:
        check_window(self.reach(()))
        rows = self.table if isinstance(self.table, tuple) else (self.table,)
        if not all(isinstance(maps, tuple) for maps in rows):
            raise TypeError(
                f"table must be one tuple of input maps for each output map, not {self.table!r}. "
                "Write it as ((0, 1), (1, 2), (0, 2))."
            )
        if not rows or not all(rows):
            raise ValueError(
                f"table must name input maps for each output map, not {self.table!r}. "
                "Fill the empty entry."
            )
        for maps in self.table:
            if len(set(maps)) != len(maps):
                raise ValueError(
                    f"table must name each input map once, not as in {maps}. Drop repeats."
                )
            for index in maps:
                geometry.integer("table: input map", index, 0)

    def reach(self, in_shape: Shape) -> Window:
        return Window(self.kernel_size, self.stride, self.padding)

    def out_shape(self, in_shape: Shape) -> Shape:
        return len(self.table), *slide(in_shape, self.reach(in_shape))

    def param_shapes(self, in_shape: Shape) -> dict[str, Shape]:
        last = max(map(max, self.table))
        if last >= in_shape[0]:
            raise ValueError(
                f"table reads input map {last}, but the input has maps 0 to {in_shape[0] - 1}. "
                "Mend the table or the row before."
            )
        kernel = geometry.per_axis("kernel_size", self.kernel_size, len(spatial(in_shape)))
        weight = (sum(map(len, self.table)), *kernel)
        return {"weight": weight} | ({"bias": (len(self.table),)} if self.bias else {})

    def macs(self, in_shape: Shape) -> int:
        return prod(self.param_shapes(in_shape)["weight"]) * prod(self.out_shape(in_shape)[1:])
