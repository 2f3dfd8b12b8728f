"""Layers that slide a window: convolutions and pooling."""

from typing import Any, ClassVar

from cnnlab import geometry, spec
from cnnlab.scratch import functional as F
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.convolution import parameter_gradients
from cnnlab.scratch.layers.base import FunctionLayer, Pair
from cnnlab.spec import Shape, Window

__all__ = [
    "AdaptiveAvgPool",
    "AdaptiveMaxPool",
    "AvgPool",
    "Conv",
    "DepthwiseConv",
    "GlobalAvgPool",
    "GlobalMaxPool",
    "MaxPool",
    "Subsample",
    "TableConv",
    "TransposedConv",
]


class _Convolution(FunctionLayer):
    pair_1d: ClassVar[Pair]
    axes = (1, 2)

    def built_in(self) -> Pair:
        return self.pair_1d if len(self.in_shape) == 2 else super().built_in()


class Conv(_Convolution):
    """Convolution over sequences or images; see :func:`cnnlab.scratch.functional.conv2d`.

    Examples
    --------
    >>> import numpy as np
    >>> layer = Conv(spec.Conv(8, 3, padding="same"), (3, 28, 28))
    >>> layer.forward(np.zeros((2, 3, 28, 28), np.float32)).shape
    (2, 8, 28, 28)
    >>> {name: array.shape for name, array in layer.params.items()}
    {'weight': (8, 3, 3, 3), 'bias': (8,)}
    """

    pair = Pair(F.conv2d, F.conv2d_backward)
    pair_1d = Pair(F.conv1d, F.conv1d_backward)

    def settings(self, x: Array, training: bool) -> dict[str, Any]:
        window = self.row.reach(self.in_shape)
        if not isinstance(window, Window):
            return self._settings
        padding = _pixels(window, x.shape[2:])
        rest = {key: value for key, value in self._settings.items() if key != "padding"}
        return rest | {"padding": padding} if padding else rest

    def backward_to_params(self, dy: Array) -> None:
        if self._backward is not F.conv2d_backward or self.cache is None:
            super().backward_to_params(dy)
        else:
            dweight, dbias = parameter_gradients(dy, self.cache)
            self.grads = {"weight": dweight} | ({} if dbias is None else {"bias": dbias})


class DepthwiseConv(Conv):
    """Convolution that keeps channels apart: as many groups as channels."""

    def __init__(self, row: spec.DepthwiseConv, in_shape: Shape, **options: Any) -> None:
        super().__init__(row.grouped(in_shape), in_shape, **options)
        self.depthwise = row

    def __repr__(self) -> str:
        return f"{self.depthwise!r} on {'×'.join(map(str, self.in_shape))}"


class TransposedConv(_Convolution):
    """Transposed convolution; see :func:`cnnlab.scratch.functional.conv_transpose2d`."""

    pair = Pair(F.conv_transpose2d, F.conv_transpose2d_backward)
    pair_1d = Pair(F.conv_transpose1d, F.conv_transpose1d_backward)


class TableConv(_Convolution):
    """Convolution after a table; see :func:`cnnlab.scratch.functional.table_conv2d`."""

    pair = Pair(F.table_conv2d, F.table_conv2d_backward)
    pair_1d = Pair(F.table_conv1d, F.table_conv1d_backward)


class MaxPool(FunctionLayer):
    """Maximum of windows; see :func:`cnnlab.scratch.functional.max_pool`."""

    pair = Pair(F.max_pool, F.max_pool_backward)


class AvgPool(FunctionLayer):
    """Mean of windows; see :func:`cnnlab.scratch.functional.avg_pool`."""

    pair = Pair(F.avg_pool, F.avg_pool_backward)


class Subsample(FunctionLayer):
    """Mean of windows, weighted; see :func:`cnnlab.scratch.functional.subsample`."""

    pair = Pair(F.subsample, F.subsample_backward)


class GlobalAvgPool(FunctionLayer):
    """Mean of whole maps."""

    pair = Pair(F.global_avg_pool, F.global_avg_pool_backward)


class GlobalMaxPool(FunctionLayer):
    """Maximum of whole maps."""

    pair = Pair(F.global_max_pool, F.global_max_pool_backward)


class AdaptiveAvgPool(FunctionLayer):
    """Mean of a grid of bins; see :func:`cnnlab.scratch.functional.adaptive_avg_pool`."""

    pair = Pair(F.adaptive_avg_pool, F.adaptive_avg_pool_backward)


class AdaptiveMaxPool(FunctionLayer):
    """Maximum of a grid of bins; see :func:`cnnlab.scratch.functional.adaptive_max_pool`."""

    pair = Pair(F.adaptive_max_pool, F.adaptive_max_pool_backward)


def _pixels(window: Window, size: tuple[int, ...]) -> Any:
    """Padding in the plainest form that says it: one number, one an axis, or pairs.

    Named rules are worked out, and policy "ceil" adds what hangs over the end, so that the
    function need know neither.
    """
    ndim = len(size)
    outputs = geometry.output_shape(size, *window)
    axes = zip(
        size,
        outputs,
        geometry.per_axis("kernel_size", window.kernel_size, ndim),
        geometry.per_axis("stride", window.stride, ndim),
        geometry.padding_per_axis(window.padding, ndim),
        geometry.per_axis("dilation", window.dilation, ndim),
        strict=True,
    )
    sides = []
    for width, count, kernel_size, stride, padding, dilation in axes:
        before, after = geometry.resolve_padding(padding, width, kernel_size, stride, dilation)
        if window.policy == "ceil":
            span = geometry.effective_kernel_size(kernel_size, dilation)
            after = max(after, (count - 1) * stride + span - width - before)
        sides.append((before, after))
    if any(before != after for before, after in sides):
        return tuple(sides)
    return sides[0][0] if len(set(sides)) == 1 else tuple(before for before, _ in sides)
