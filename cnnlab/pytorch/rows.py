"""The PyTorch module of each kind of row: a new kind is registered here."""

from collections.abc import Callable
from functools import singledispatch
from typing import Any

from torch import nn

from cnnlab import geometry, spec
from cnnlab.pytorch import modules, windowed
from cnnlab.spec import Row, Shape, Window
from cnnlab.spec.layout import sides


def _per_ndim(name: str) -> dict[int, Callable[..., nn.Module]]:
    return {ndim: getattr(nn, f"{name}{ndim}d") for ndim in (1, 2, 3)}


_CONV, _TRANSPOSED = _per_ndim("Conv"), _per_ndim("ConvTranspose")
_MAX_POOL, _AVG_POOL = _per_ndim("MaxPool"), _per_ndim("AvgPool")
_ADAPTIVE_AVG, _ADAPTIVE_MAX = _per_ndim("AdaptiveAvgPool"), _per_ndim("AdaptiveMaxPool")
_BATCH_NORM = _per_ndim("BatchNorm")


@singledispatch
def module_of(row: Row, in_shape: Shape) -> nn.Module:
    """Make the module of a row, with PyTorch's own initial weights.

    Parameters
    ----------
    row : Row
    in_shape : tuple of int
        What enters it, without the batch.

    Examples
    --------
    >>> module_of(spec.ReLU(), (3, 8, 8))
    ReLU()
    """
    raise TypeError(f"{row!r} must have a PyTorch twin, but has none. Register one in this file.")


def _symmetric(window: Window, in_shape: Shape) -> tuple[int, ...] | None:
    """Padding per axis if PyTorch's own layers can say it for every input size, else None."""
    sides = []
    for kernel_size, stride, padding, dilation in window.axes(len(in_shape) - 1):
        if padding == "same" and stride > 1:  # depends on the size of the input
            return None
        before, after = geometry.resolve_padding(padding, 1, kernel_size, stride, dilation)
        if before != after:
            return None
        sides.append(before)
    return tuple(sides)


@module_of.register
def _(row: spec.Conv, in_shape: Shape) -> nn.Module:
    padding = _symmetric(row.reach(in_shape), in_shape)
    if padding is None or row.policy != "floor":
        return windowed.PaddedConv(row, in_shape)
    return _CONV[len(in_shape) - 1](
        in_shape[0],
        row.out_channels,
        row.kernel_size,
        row.stride,
        padding,
        row.dilation,
        row.groups,
        row.bias,
    )


@module_of.register
def _(row: spec.DepthwiseConv, in_shape: Shape) -> nn.Module:
    return module_of(row.grouped(in_shape), in_shape)


@module_of.register
def _(row: spec.TransposedConv, in_shape: Shape) -> nn.Module:
    cut = [geometry.transposed_padding(p, n, k, s, d) for n, k, s, p, _, d in row.axes(in_shape)]
    if any(before != after for before, after in cut):
        return windowed.CutTransposedConv(row, in_shape)
    return _TRANSPOSED[len(in_shape) - 1](
        in_shape[0],
        row.out_channels,
        row.kernel_size,
        row.stride,
        tuple(before for before, _ in cut),
        row.output_padding,
        row.groups,
        row.bias,
        row.dilation,
    )


@module_of.register
def _(row: spec.TableConv, in_shape: Shape) -> nn.Module:
    return windowed.TableConvolution(row, in_shape)


def _native_pool(row: spec.MaxPool | spec.AvgPool, in_shape: Shape) -> tuple[int, ...] | None:
    """Padding per axis if PyTorch's own pooling takes it.

    It wants symmetric padding of at most half a kernel and, in three dimensions, a kernel no
    larger than the input without its padding.
    """
    padding = _symmetric(row.reach(in_shape), in_shape)
    kernel = geometry.per_axis("kernel_size", row.kernel_size, len(in_shape) - 1)
    if padding is None or row.policy == "error":
        return None
    axes = zip(padding, kernel, in_shape[1:], strict=True)
    if any(2 * side > size or size > width for side, size, width in axes):
        return None
    return padding


@module_of.register
def _(row: spec.MaxPool, in_shape: Shape) -> nn.Module:
    padding = _native_pool(row, in_shape)
    if padding is None:
        return windowed.PaddedMaxPool(row, in_shape)
    ceil = row.policy == "ceil"
    pool = _MAX_POOL[len(in_shape) - 1]
    return pool(row.kernel_size, row.stride, padding, ceil_mode=ceil)


@module_of.register
def _(row: spec.AvgPool, in_shape: Shape) -> nn.Module:
    padding = _native_pool(row, in_shape)
    if padding is None:
        return windowed.PaddedAvgPool(row, in_shape)
    ceil, counts = row.policy == "ceil", row.count_include_pad
    pool = _AVG_POOL[len(in_shape) - 1]
    return pool(row.kernel_size, row.stride, padding, ceil_mode=ceil, count_include_pad=counts)


@module_of.register
def _(row: spec.Subsample, in_shape: Shape) -> nn.Module:
    return windowed.Subsampling(row.kernel_size, in_shape)


@module_of.register
def _(row: spec.GlobalAvgPool, in_shape: Shape) -> nn.Module:
    return _ADAPTIVE_AVG[len(in_shape) - 1](1)


@module_of.register
def _(row: spec.GlobalMaxPool, in_shape: Shape) -> nn.Module:
    return _ADAPTIVE_MAX[len(in_shape) - 1](1)


@module_of.register
def _(row: spec.AdaptiveAvgPool, in_shape: Shape) -> nn.Module:
    return _ADAPTIVE_AVG[len(in_shape) - 1](row.output_size)


@module_of.register
def _(row: spec.AdaptiveMaxPool, in_shape: Shape) -> nn.Module:
    return _ADAPTIVE_MAX[len(in_shape) - 1](row.output_size)


@module_of.register
def _(row: spec.BatchNorm, in_shape: Shape) -> nn.Module:
    norm = _BATCH_NORM[max(len(in_shape) - 1, 1)]
    return norm(in_shape[0], row.eps, row.momentum, row.affine)


@module_of.register
def _(row: spec.LRN, in_shape: Shape) -> nn.Module:
    return nn.LocalResponseNorm(row.size, row.alpha, row.beta, row.k)


@module_of.register
def _(row: spec.Linear, in_shape: Shape) -> nn.Module:
    return nn.Linear(in_shape[0], row.out_features, row.bias)


@module_of.register
def _(row: spec.DropConnect, in_shape: Shape) -> nn.Module:
    return modules.DropConnectLinear(in_shape[0], row.out_features, row.bias, row.p)


@module_of.register
def _(row: spec.RBF, in_shape: Shape) -> nn.Module:
    module = modules.RadialBasis(in_shape[0], row.out_features)
    return module.requires_grad_(row.trainable)


@module_of.register
def _(row: spec.Embedding, in_shape: Shape) -> nn.Module:
    return modules.ChannelsFirstEmbedding(row.num_embeddings, row.embedding_dim)


@module_of.register
def _(row: spec.RNN, in_shape: Shape) -> nn.Module:
    return modules.recurrent(row, in_shape[0])


@module_of.register
def _(row: spec.LayerNorm, in_shape: Shape) -> nn.Module:
    return nn.LayerNorm(in_shape, row.eps, row.affine)


@module_of.register
def _(row: spec.GroupNorm, in_shape: Shape) -> nn.Module:
    return nn.GroupNorm(row.num_groups, in_shape[0], row.eps, row.affine)


@module_of.register
def _(row: spec.PReLU, in_shape: Shape) -> nn.Module:
    return nn.PReLU(1 if row.shared else in_shape[0])


@module_of.register
def _(row: spec.Pad, in_shape: Shape) -> nn.Module:
    return modules.Pad(sides("padding", row.padding, in_shape))


@module_of.register
def _(row: spec.Crop, in_shape: Shape) -> nn.Module:
    cut = sides("cropping", row.cropping, in_shape)
    return modules.Pad([(-before, -after) for before, after in cut])


@module_of.register
def _(row: spec.Upsample, in_shape: Shape) -> nn.Module:
    factors = geometry.per_axis("scale_factor", row.scale_factor, len(in_shape) - 1)
    return nn.Upsample(scale_factor=tuple(map(float, factors)), mode=row.mode)


_PLAIN: dict[type[Row], Callable[[Any], nn.Module]] = {
    spec.Identity: lambda row: nn.Identity(),
    spec.Flatten: lambda row: nn.Flatten(),
    spec.Dropout: lambda row: nn.Dropout(row.p),
    spec.Step: lambda row: modules.StepFunction(),
    spec.Sign: lambda row: modules.SignFunction(),
    spec.Sigmoid: lambda row: nn.Sigmoid(),
    spec.Tanh: lambda row: nn.Tanh(),
    spec.ScaledTanh: lambda row: modules.ScaledTanh(row.amplitude, row.slope),
    spec.ReLU: lambda row: nn.ReLU(),
    spec.ReLU6: lambda row: nn.ReLU6(),
    spec.LeakyReLU: lambda row: nn.LeakyReLU(row.negative_slope),
    spec.ELU: lambda row: nn.ELU(row.alpha),
    spec.Softplus: lambda row: nn.Softplus(),
    spec.SiLU: lambda row: nn.SiLU(),
    spec.GELU: lambda row: nn.GELU(row.approximate),
    spec.HardSigmoid: lambda row: modules.HardSigmoid(),
    spec.HardSwish: lambda row: nn.Hardswish(),
    spec.Reshape: lambda row: modules.Reshape(row.shape),
    spec.Softmax: lambda row: nn.Softmax(dim=1),
}
for _kind, _make in _PLAIN.items():
    module_of.register(_kind, lambda row, in_shape, make=_make: make(row))

_COMBINATORS: dict[type[Row], Callable[[], nn.Module]] = {
    spec.Chain: nn.Sequential,
    spec.Add: modules.Sum,
    spec.Concat: modules.Concatenation,
    spec.Scale: modules.Gate,
}


@module_of.register
def _(row: spec.Combinator, in_shape: Shape) -> nn.Module:
    module = _COMBINATORS[type(row)]()
    for name, child, shape in row.entering(in_shape):
        try:
            module.add_module(name, module_of(child, shape))
        except KeyError:
            raise ValueError(
                f"{type(row).__name__}: a row must not have the name {name!r}, which "
                "torch.nn.Module keeps for itself. Choose another name."
            ) from None
    return module
