"""Wrong convolutions."""

from typing import Any

import numpy as np

from cnnlab import geometry
from cnnlab.scratch import functional as F
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.layers.base import Forward
from cnnlab.scratch.mutants.base import Mutant, generic, gradient, only_first, output

_f, _b = F.conv2d, F.conv2d_backward


def conv2d_mutants() -> list[Mutant]:
    """Wrong versions of :func:`cnnlab.scratch.functional.conv2d`."""
    return [*generic(_f, _b), *_wrong_windows(), *_wrong_weights(), *_wrong_gradients()]


def _wrong_windows() -> list[Mutant]:
    return [
        Mutant("stride ignored", "the window moves by one pixel", _without("stride"), _b),
        Mutant("dilation ignored", "taps lie side by side", _without("dilation"), _b),
        Mutant("padding ignored", "there is no padding", _without("padding"), _b),
        Mutant("one-sided padding", "all padding lies before", _padded(one_sided=True), _b),
        Mutant("edge padding", "padding repeats the edge", _padded(mode="edge"), _b),
        Mutant("off-by-one window", "every window begins one pixel early", _shifted, _b),
        Mutant("last row left out", "one window too few", output(_f, _without_last_row), _b),
        Mutant("transposed map", "height and width are exchanged", output(_f, _transposed), _b),
    ]


def _wrong_weights() -> list[Mutant]:
    return [
        Mutant(
            "flipped kernel",
            "the kernel is turned by 180 degrees before it slides (convolution in the strict sense)",
            _weighted(lambda w: w[:, :, ::-1, ::-1]),
            _b,
        ),
        Mutant(
            "transposed kernel",
            "rows and columns of the kernel are exchanged",
            _weighted(lambda w: w.swapaxes(2, 3).reshape(w.shape)),
            _b,
        ),
        Mutant(
            "transposed channels",
            "input and output channels of the weight are exchanged",
            _weighted(lambda w: w.swapaxes(0, 1).reshape(w.shape)),
            _b,
        ),
        Mutant("input channel 0 only", "only one channel is read", _weighted(only_first(1)), _b),
        Mutant("mean of taps", "products are averaged", _weighted(lambda w: w / w[0].size), _b),
        Mutant("missing bias", "the bias is left out", _biased(0), _b),
        Mutant("bias twice", "the bias is added twice", _biased(2), _b),
        Mutant("groups share", "every group reads the channels of group 0", _group_0, _b),
    ]


def _wrong_gradients() -> list[Mutant]:
    return [
        Mutant("dx not flipped", "dx slides the kernel as it is", _f, _dx_not_flipped),
        Mutant(
            "dx off by one",
            "the padding is cut off one pixel too far",
            _f,
            gradient(_b, lambda g: np.roll(g, 1, axis=-1), which=0),
        ),
        Mutant(
            "dweight flipped",
            "dweight is turned by 180 degrees",
            _f,
            gradient(_b, lambda g: g[:, :, ::-1, ::-1], which=1),
        ),
        Mutant("dweight of example 0", "only example 0 counts", _f, _dweight_of_example_0),
        Mutant("dbias averaged", "dbias is a mean, not a sum", _f, _dbias_averaged),
        Mutant("dbias zero", "the bias learns nothing", _f, gradient(_b, np.zeros_like, which=2)),
    ]


def _without(setting: str) -> Forward:
    """Ignore a setting, and cut or fill the output to its right size."""

    def mutated(
        x: Array, weight: Array, bias: Array | None = None, **settings: Any
    ) -> tuple[Array, Any]:
        y, cache = _f(x, weight, bias, **settings)
        rest = {key: value for key, value in settings.items() if key != setting}
        try:
            wrong = _f(x, weight, bias, **rest)[0]
        except ValueError:  # without its padding the kernel may not fit
            return np.zeros_like(y), cache
        result = np.zeros_like(y)
        height, width = (min(a, b) for a, b in zip(y.shape[2:], wrong.shape[2:], strict=True))
        result[:, :, :height, :width] = wrong[:, :, :height, :width]
        return result, cache

    return mutated


def _padded(one_sided: bool = False, mode: Any = "constant") -> Forward:
    def mutated(
        x: Array, weight: Array, bias: Array | None = None, **settings: Any
    ) -> tuple[Array, Any]:
        _, cache = _f(x, weight, bias, **settings)
        axes = zip(
            geometry.padding_per_axis(settings.pop("padding", 0), 2),
            x.shape[2:],
            weight.shape[2:],
            geometry.per_axis("stride", settings.get("stride", 1), 2),
            geometry.per_axis("dilation", settings.get("dilation", 1), 2),
            strict=True,
        )
        sides = [geometry.resolve_padding(*axis) for axis in axes]
        if one_sided:
            sides = [(before + after, 0) for before, after in sides]
        wide = np.pad(x, ((0, 0), (0, 0), *sides), mode=mode)
        return _f(wide, weight, bias, **settings)[0], cache

    return mutated


def _weighted(change: Any) -> Forward:
    def mutated(
        x: Array, weight: Array, bias: Array | None = None, **settings: Any
    ) -> tuple[Array, Any]:
        _, cache = _f(x, weight, bias, **settings)
        return _f(x, np.ascontiguousarray(change(weight)), bias, **settings)[0], cache

    return mutated


def _biased(times: int) -> Forward:
    def mutated(
        x: Array, weight: Array, bias: Array | None = None, **settings: Any
    ) -> tuple[Array, Any]:
        _, cache = _f(x, weight, bias, **settings)
        return _f(x, weight, None if bias is None else times * bias, **settings)[0], cache

    return mutated


def _group_0(
    x: Array, weight: Array, bias: Array | None = None, *, groups: int = 1, **settings: Any
) -> tuple[Array, Any]:
    _, cache = _f(x, weight, bias, groups=groups, **settings)
    first = x[:, : weight.shape[1]]
    return _f(np.tile(first, (1, groups, 1, 1)), weight, bias, groups=groups, **settings)[0], cache


def _shifted(
    x: Array, weight: Array, bias: Array | None = None, **settings: Any
) -> tuple[Array, Any]:
    _, cache = _f(x, weight, bias, **settings)
    return _f(np.roll(x, 1, axis=-1), weight, bias, **settings)[0], cache


def _without_last_row(y: Array) -> Array:
    y = y.copy()
    y[:, :, -1] = 0
    return y


def _transposed(y: Array) -> Array:
    return y.swapaxes(2, 3).reshape(y.shape)


def _dx_not_flipped(dy: Array, cache: Any) -> Any:
    _, *rest = _b(dy, cache)
    turned = cache._replace(weight=np.ascontiguousarray(cache.weight[:, :, ::-1, ::-1]))
    return _b(dy, turned)[0], *rest


def _dweight_of_example_0(dy: Array, cache: Any) -> Any:
    dx, _, dbias = _b(dy, cache)
    return dx, _b(only_first(0)(dy), cache)[1], dbias


def _dbias_averaged(dy: Array, cache: Any) -> Any:
    dx, dweight, dbias = _b(dy, cache)
    return dx, dweight, None if dbias is None else dbias / (dy.size / dy.shape[1])
