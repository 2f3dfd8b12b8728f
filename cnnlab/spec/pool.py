"""Rows that summarise windows: pooling and sub-sampling."""

from dataclasses import dataclass
from math import prod

from cnnlab import geometry
from cnnlab.geometry import Policy
from cnnlab.spec.base import (
    Padding,
    Reach,
    Row,
    Shape,
    Size,
    Window,
    check_size,
    check_window,
    slide,
    spatial,
)

__all__ = [
    "AdaptiveAvgPool",
    "AdaptiveMaxPool",
    "AvgPool",
    "GlobalAvgPool",
    "GlobalMaxPool",
    "MaxPool",
    "Subsample",
]


@dataclass(frozen=True, repr=False)
class _Pool(Row, family="pooling"):
    kernel_size: Size
    stride: Size | None = None
    padding: Padding = 0
    policy: Policy = "floor"

    def check(self) -> None:
        check_window(self.reach(()))

    def reach(self, in_shape: Shape) -> Window:
        stride = self.kernel_size if self.stride is None else self.stride
        return Window(self.kernel_size, stride, self.padding, policy=self.policy)

    def out_shape(self, in_shape: Shape) -> Shape:
        window = self.reach(in_shape)
        outputs = slide(in_shape, window)
        kernels = geometry.per_axis("kernel_size", window.kernel_size, len(outputs))
        paddings = geometry.padding_per_axis(window.padding, len(outputs))
        for padding, kernel in zip(paddings, kernels, strict=True):
            # "same" never pads a whole kernel, whatever the size.
            if padding != "same" and max(geometry.resolve_padding(padding, 1, kernel)) >= kernel:
                raise ValueError(
                    f"padding must be smaller than the kernel {kernel}, so that every window "
                    f"holds a pixel, not {padding}. Use at most half the kernel."
                )
        return in_shape[0], *outputs


@dataclass(frozen=True, repr=False)
class MaxPool(_Pool):
    """Maximum of each window; padding counts as minus infinity.

    Parameters
    ----------
    kernel_size, padding
        As :class:`Conv`.
    stride : int or tuple, optional
        Step of the window; the kernel size if left out.
    policy : {"floor", "ceil", "error"}
        What to do when the stride does not fit.

    Examples
    --------
    >>> MaxPool(2).out_shape((5, 11, 11)), MaxPool(2, policy="ceil").out_shape((5, 11, 11))
    ((5, 5, 5), (5, 6, 6))
    """


@dataclass(frozen=True, repr=False)
class AvgPool(_Pool):
    """Mean of each window.

    Parameters
    ----------
    kernel_size, stride, padding, policy
        As :class:`MaxPool`.
    count_include_pad : bool
        Whether padded zeros count in the mean, as PyTorch does by default and TensorFlow does
        not; Keras on PyTorch repeats the edge in place of zeros. Pixels that hang over under
        policy "ceil" never count.

    Examples
    --------
    >>> AvgPool(3, stride=2).out_shape((8, 7, 7))
    (8, 3, 3)
    """

    count_include_pad: bool = True


@dataclass(frozen=True, repr=False)
class Subsample(Row, family="pooling"):
    """Sub-sampling of the LeNets: mean of each window, times a weight, plus a bias.

    Each map learns two numbers. Windows do not overlap.

    References
    ----------
    Y. LeCun et al., "Gradient-based learning applied to document recognition", 1998, section II.
    The paper adds the window's inputs; the mean differs by a constant the weight absorbs.

    Examples
    --------
    >>> Subsample(2).param_shapes((6, 28, 28))
    {'weight': (6,), 'bias': (6,)}
    """

    kernel_size: Size

    def check(self) -> None:
        check_window(self.reach(()))

    def reach(self, in_shape: Shape) -> Window:
        return Window(self.kernel_size, self.kernel_size)

    def out_shape(self, in_shape: Shape) -> Shape:
        return in_shape[0], *slide(in_shape, self.reach(in_shape))

    def param_shapes(self, in_shape: Shape) -> dict[str, Shape]:
        return {"weight": in_shape[:1], "bias": in_shape[:1]}

    def macs(self, in_shape: Shape) -> int:
        return prod(self.out_shape(in_shape))


@dataclass(frozen=True, repr=False)
class _GlobalPool(Row, family="pooling"):
    def reach(self, in_shape: Shape) -> Window:
        return Window(spatial(in_shape), spatial(in_shape))

    def out_shape(self, in_shape: Shape) -> Shape:
        return in_shape[0], *(1 for _ in spatial(in_shape))


@dataclass(frozen=True, repr=False)
class GlobalAvgPool(_GlobalPool):
    """Mean of each whole map, kept as a map of one position.

    Examples
    --------
    >>> GlobalAvgPool().out_shape((1280, 7, 7))
    (1280, 1, 1)
    """


@dataclass(frozen=True, repr=False)
class GlobalMaxPool(_GlobalPool):
    """Maximum of each whole map; over a sequence, "max over time".

    Examples
    --------
    >>> GlobalMaxPool().out_shape((100, 56))
    (100, 1)
    """


@dataclass(frozen=True, repr=False)
class _AdaptivePool(Row, family="pooling"):
    output_size: Size

    def check(self) -> None:
        check_size("output_size", self.output_size)

    def out_shape(self, in_shape: Shape) -> Shape:
        ndim = len(spatial(in_shape))
        return in_shape[0], *geometry.per_axis("output_size", self.output_size, ndim)

    def reach(self, in_shape: Shape) -> Reach:
        outputs = self.out_shape(in_shape)[1:]
        if any(size % out for size, out in zip(in_shape[1:], outputs, strict=True)):
            return "varies"
        kernel = tuple(size // out for size, out in zip(in_shape[1:], outputs, strict=True))
        return Window(kernel, kernel)


@dataclass(frozen=True, repr=False)
class AdaptiveAvgPool(_AdaptivePool):
    """Mean of each bin of a grid laid over the map, so that the output size is fixed.

    Bin ``i`` of ``n`` over ``size`` pixels runs from ``⌊i·size/n⌋`` to ``⌈(i + 1)·size/n⌉``,
    so that bins may overlap, or repeat a pixel where the map is smaller than the grid.

    Examples
    --------
    >>> AdaptiveAvgPool(6).out_shape((256, 13, 13))
    (256, 6, 6)
    """


@dataclass(frozen=True, repr=False)
class AdaptiveMaxPool(_AdaptivePool):
    """Maximum of each bin of a grid laid over the map; bins as :class:`AdaptiveAvgPool`.

    Examples
    --------
    >>> AdaptiveMaxPool((2, 3)).out_shape((8, 6, 6))
    (8, 2, 3)
    """
