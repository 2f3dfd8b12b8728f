"""Convolutions and poolings with exact padding, which PyTorch does not have."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cnnlab import geometry
from cnnlab.spec import (
    AvgPool,
    Conv,
    MaxPool,
    Row,
    Shape,
    TableConv,
    TransposedConv,
    Window,
)

_CONV: dict[int, Callable[..., Tensor]] = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}


_TRANSPOSED: dict[int, Callable[..., Tensor]] = {
    1: F.conv_transpose1d,
    2: F.conv_transpose2d,
    3: F.conv_transpose3d,
}


_MAX_POOL: dict[int, Callable[..., Tensor]] = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}


_AVG_POOL: dict[int, Callable[..., Tensor]] = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}


def pads(window: Window, size: torch.Size) -> tuple[list[int], list[int]]:
    """Padding of a window over spatial axes, as ``F.pad`` takes it: last axis first.

    Returns
    -------
    named : list of int
        The padding that the row asks for.
    hanging : list of int
        Further pixels under policy "ceil", where the last window hangs over.
    """
    outputs = geometry.output_shape(size, *window)
    axes = zip(size, window.axes(len(size)), outputs, strict=True)
    named: list[int] = []
    hanging: list[int] = []
    for width, (kernel_size, stride, padding, dilation), count in reversed(list(axes)):
        before, after = geometry.resolve_padding(padding, width, kernel_size, stride, dilation)
        needed = (count - 1) * stride + geometry.effective_kernel_size(kernel_size, dilation)
        named += [before, after]
        hanging += [0, max(needed - (width + before + after), 0)]
    return named, hanging


class _Windowed(nn.Module):
    """Resolves its row's window against the size of the input it meets."""

    def __init__(self, row: Row, in_shape: Shape) -> None:
        super().__init__()
        self.row = row
        window = row.reach(in_shape)
        if not isinstance(window, Window):
            raise TypeError(
                f"{row!r} must slide a window, but reads {window}. Build another module."
            )
        self.window = window
        self.ndim = len(in_shape) - 1

    def per_axis(self, name: str) -> tuple[int, ...]:
        return geometry.per_axis(name, getattr(self.window, name), self.ndim)

    def pad(self, x: Tensor, value: float = 0.0) -> Tensor:
        named, hanging = pads(self.window, x.shape[2:])
        both = [a + b for a, b in zip(named, hanging, strict=True)]
        return F.pad(x, both, value=value)  # (N, C, before + H + after, …)

    def extra_repr(self) -> str:
        return repr(self.row)


class PaddedConv(_Windowed):
    """Convolution with any padding that :class:`cnnlab.spec.Conv` can name."""

    weight: nn.Parameter

    def __init__(self, row: Conv, in_shape: Shape) -> None:
        super().__init__(row, in_shape)
        self.groups = row.groups
        self.bias: nn.Parameter | None = None
        for name, shape in row.param_shapes(in_shape).items():
            setattr(self, name, nn.Parameter(torch.empty(shape)))

    def forward(self, x: Tensor) -> Tensor:
        stride, dilation = self.per_axis("stride"), self.per_axis("dilation")
        conv = _CONV[self.ndim]
        return conv(self.pad(x), self.weight, self.bias, stride, 0, dilation, self.groups)


class CutTransposedConv(nn.Module):
    """Transposed convolution that cuts differently at the two ends of an axis."""

    weight: nn.Parameter

    def __init__(self, row: TransposedConv, in_shape: Shape) -> None:
        super().__init__()
        self.row = row
        self.bias: nn.Parameter | None = None
        for name, shape in row.param_shapes(in_shape).items():
            setattr(self, name, nn.Parameter(torch.empty(shape)))

    def forward(self, x: Tensor) -> Tensor:
        ends: list[int] = []  # as F.pad takes them: last axis first
        axes = list(self.row.axes(tuple(x.shape[1:])))
        for size, kernel_size, stride, padding, extra, dilation in reversed(axes):
            cut = geometry.transposed_padding(padding, size, kernel_size, stride, dilation)
            ends += [-cut[0], extra - cut[1]]
        _, _, stride, _, _, dilation = zip(*axes, strict=True)
        transpose = _TRANSPOSED[len(axes)]
        whole = transpose(x, self.weight, None, stride, 0, 0, self.row.groups, dilation)
        y = F.pad(whole, ends)  # (N, K, H', W'); less than nothing is padded where it cuts
        return y if self.bias is None else y + self.bias.view(-1, *(1 for _ in axes))

    def extra_repr(self) -> str:
        return repr(self.row)


class TableConvolution(_Windowed):
    """Convolution whose filters read only the maps that a table names.

    ``weight`` holds one kernel a connection; the forward pass lays them into a dense weight
    whose other kernels are 0.
    """

    weight: nn.Parameter

    def __init__(self, row: TableConv, in_shape: Shape) -> None:
        super().__init__(row, in_shape)
        self.bias: nn.Parameter | None = None
        for name, shape in row.param_shapes(in_shape).items():
            setattr(self, name, nn.Parameter(torch.empty(shape)))
        self.pairs = [(out, into) for out, maps in enumerate(row.table) for into in maps]
        self.dense_shape = (len(row.table), in_shape[0], *self.weight.shape[1:])

    def forward(self, x: Tensor) -> Tensor:
        outs, ins = zip(*self.pairs, strict=True)
        dense = self.weight.new_zeros(self.dense_shape)  # (K, C, k, k)
        dense = dense.index_put((torch.tensor(outs), torch.tensor(ins)), self.weight)
        return _CONV[self.ndim](self.pad(x), dense, self.bias, self.per_axis("stride"))


class PaddedMaxPool(_Windowed):
    """Maximum of windows whose padding counts as minus infinity."""

    def __init__(self, row: MaxPool, in_shape: Shape) -> None:
        super().__init__(row, in_shape)

    def forward(self, x: Tensor) -> Tensor:
        padded = self.pad(x, float("-inf"))
        return _MAX_POOL[self.ndim](padded, self.per_axis("kernel_size"), self.per_axis("stride"))


class PaddedAvgPool(_Windowed):
    """Mean of windows over the pixels that count."""

    def __init__(self, row: AvgPool, in_shape: Shape) -> None:
        super().__init__(row, in_shape)
        self.count_include_pad = row.count_include_pad

    def forward(self, x: Tensor) -> Tensor:
        named, hanging = pads(self.window, x.shape[2:])
        counts = F.pad(x.new_ones(1, 1, *x.shape[2:]), named, value=float(self.count_include_pad))
        counts = F.pad(counts, hanging)
        pool, kernel, stride = (
            _AVG_POOL[self.ndim],
            self.per_axis("kernel_size"),
            self.per_axis("stride"),
        )
        return pool(self.pad(x), kernel, stride) / pool(counts, kernel, stride)


class Subsampling(nn.Module):
    """Mean of each window, times a weight, plus a bias, for each map."""

    def __init__(self, kernel_size: int | tuple[int, ...], in_shape: Shape) -> None:
        super().__init__()
        self.kernel_size = geometry.per_axis("kernel_size", kernel_size, len(in_shape) - 1)
        self.weight = nn.Parameter(torch.empty(in_shape[0]))
        self.bias = nn.Parameter(torch.empty(in_shape[0]))

    def forward(self, x: Tensor) -> Tensor:
        per_map = (1, -1, *(1 for _ in self.kernel_size))
        pooled = _AVG_POOL[len(self.kernel_size)](x, self.kernel_size)
        return self.weight.view(per_map) * pooled + self.bias.view(per_map)
