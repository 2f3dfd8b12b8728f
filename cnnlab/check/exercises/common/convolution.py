"""Ways to go wrong in a convolutional layer: with its windows, its weights, its gradients."""

import functools
from typing import Any

import numpy as np

from cnnlab import geometry
from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Wrong
from cnnlab.check.exercises.common.changes import Change, Function, fitted, gradient, replaced
from cnnlab.check.exercises.common.sliding import Sent, cut_wrong
from cnnlab.scratch import functional as F
from cnnlab.scratch.functional.checks import Array

_f, _b = F.conv2d, F.conv2d_backward


def y_of(*args: Any, **settings: Any) -> Array:
    """The output of the right layer."""
    return _f(*args, **settings)[0]


def without(setting: str) -> Function:
    """Ignore a setting, and cut or fill the output to its right size."""

    def model(*args: Any, **settings: Any) -> Array:
        y = y_of(*args, **settings)
        rest = {key: value for key, value in settings.items() if key != setting}
        try:
            return fitted(y_of(*args, **rest), y)
        except ValueError:  # without its padding the kernel may not fit
            return np.zeros_like(y)

    return model


def padded(one_sided: bool = False, behind: bool = False, **kind: Any) -> Function:
    """Padding on one side only, before or behind, or of another kind."""

    def model(x: Array, weight: Array, *bias: Array, padding: Any = 0, **settings: Any) -> Array:
        axes = zip(
            geometry.padding_per_axis(padding, 2),
            x.shape[2:],
            weight.shape[2:],
            geometry.per_axis("stride", settings.get("stride", 1), 2),
            geometry.per_axis("dilation", settings.get("dilation", 1), 2),
            strict=True,
        )
        sides = [geometry.resolve_padding(*axis) for axis in axes]
        if one_sided:
            sides = [(0, sum(both)) if behind else (sum(both), 0) for both in sides]
        return y_of(np.pad(x, ((0, 0), (0, 0), *sides), **kind), weight, *bias, **settings)

    return model


PADDINGS: Wrong = (
    Misconception(
        "one-sided padding",
        padded(one_sided=True),
        "All padding lies above and to the left; half of it belongs on each side.",
    ),
    Misconception(
        "padding behind",
        padded(one_sided=True, behind=True),
        "All padding lies below and to the right; half of it belongs on each side.",
    ),
    Misconception(
        "padding with ones",
        padded(constant_values=1),
        "The padding is filled with ones; here it must be zeros.",
    ),
    Misconception(
        "edge padding",
        padded(mode="edge"),
        "The padding repeats the pixels of the edge; here it must be zeros.",
    ),
    Misconception(
        "mirrored padding",
        padded(mode="symmetric"),
        "The padding mirrors the image at its edge; here it must be zeros.",
    ),
    Misconception(
        "padding from the other side",
        padded(mode="wrap"),
        "The padding takes the pixels of the opposite edge; here it must be zeros.",
    ),
)
"""Padding on one side only, or with other numbers than zeros."""


def weighted(change: Change) -> Function:
    """The layer with its weight changed."""
    return lambda x, w, *b, **s: y_of(x, np.ascontiguousarray(change(w)), *b, **s)


def biased(change: Change) -> Function:
    """The layer with its bias changed, if it has one."""
    return lambda x, w, b=None, **s: y_of(x, w, None if b is None else change(b), **s)


def group_0(x: Array, weight: Array, *bias: Array, groups: int = 1, **settings: Any) -> Array:
    """Every group reads the channels of the first."""
    first = np.tile(x[:, : weight.shape[1]], (1, groups, 1, 1))
    return y_of(first, weight, *bias, groups=groups, **settings)


def one_way(across: bool) -> Function:
    """The stride across only, or down only, with as many windows as there should be."""

    def model(*args: Any, stride: int = 1, **settings: Any) -> Array:
        rows, columns = y_of(*args, stride=stride, **settings).shape[2:]
        y = y_of(*args, **settings)
        y = y[:, :, :, ::stride] if across else y[:, :, ::stride]
        return y[:, :, :rows, :columns]

    return model


def layer_of(x: Array, weight: Array, size: Any) -> tuple[int, ...]:
    """The shape of an output whose maps have this size."""
    return len(x), len(weight), *size


def places(size: Any, kernel: Any, **settings: Any) -> tuple[int, ...]:
    """How many places a kernel has along each axis."""
    return geometry.output_shape(tuple(size), tuple(kernel), **settings)


def strided(
    x: Array, w: Array, *, across: bool, stride: int = 1, **settings: Any
) -> tuple[int, ...]:
    """The shape if the stride counts across only, or down only."""
    rows, columns = places(x.shape[2:], w.shape[2:], **settings)
    least = (rows, -(-columns // stride)) if across else (-(-rows // stride), columns)
    return layer_of(x, w, least)


def part(which: int, model: Function) -> Function:
    """The backward pass with one gradient by another rule."""
    return replaced(_b, which, model)


def dx(model: Function) -> Function:
    """The backward pass with another gradient of x."""
    return part(0, model)


def one_group(model: Function) -> Function:
    """A rule for one gradient that has no room for groups of channels."""

    @functools.wraps(model)
    def changed(dy: Array, cache: Any) -> Any:
        return None if cache.groups > 1 else model(dy, cache)

    return changed


def _matrices(dy: Array, cache: Any) -> tuple[Array, Array]:
    """What the product for the weights needs: (N, K, H'·W') and (N, C·kh·kw, H'·W')."""
    window = cache.window
    padded = np.pad(cache.x, ((0, 0), (0, 0), *window.padding))
    spans = [(k - 1) * d + 1 for k, d in zip(window.kernel_size, window.dilation, strict=True)]
    every = np.lib.stride_tricks.sliding_window_view(padded, spans, (2, 3))
    every = every[:, :, :: window.stride[0], :: window.stride[1]]
    every = every[..., :: window.dilation[0], :: window.dilation[1]]
    columns = every.transpose(0, 1, 4, 5, 2, 3)  # (N, C, kh, kw, H', W')
    flat = dy.reshape(*dy.shape[:2], -1)
    return flat, columns.reshape(len(dy), cache.weight[0].size, flat.shape[2])


@one_group
def filters_as_columns(dy: Array, cache: Any) -> Array:
    """The product turned, then reshaped as if it were not."""
    flat, columns = _matrices(dy, cache)
    product: Array = (columns @ flat.transpose(0, 2, 1)).sum(axis=0)
    return product.reshape(cache.weight.shape)


@one_group
def reshape_for_transpose(dy: Array, cache: Any) -> Array:
    """The columns reshaped where they should be transposed."""
    flat, columns = _matrices(dy, cache)
    product: Array = (flat @ columns.reshape(len(columns), *columns.shape[:0:-1])).sum(axis=0)
    return product.reshape(cache.weight.shape)


@one_group
def images_apart(dy: Array, cache: Any) -> Array:
    """The gradient of the weight, image by image."""
    flat, columns = _matrices(dy, cache)
    return (flat @ columns.transpose(0, 2, 1)).reshape(len(flat), *cache.weight.shape)


def not_flipped(dy: Array, cache: Any) -> Array:
    """The gradient of x by the kernel turned."""
    turned = np.ascontiguousarray(cache.weight[:, :, ::-1, ::-1])
    return _b(dy, cache._replace(weight=turned))[0]


def filter_alone(which: slice) -> Function:
    """What one filter sends back, or a few."""
    return one_group(lambda dy, c: Sent(dy[:, which], c._replace(weight=c.weight[which])).own())


def nothing_left(dy: Array, cache: Any) -> Array | None:
    """What is left of x after padding:-padding, without padding."""
    return None if any(map(any, cache.window.padding)) else cache.x[:, :, :0, :0]


def with_settings(**changes: Any) -> Function:
    """All gradients with windows of other settings, in places of the same number."""

    def model(dy: Array, cache: Any) -> Any:
        window = cache.window
        settings = {"stride": window.stride, "padding": window.padding, "dilation": window.dilation}
        bias = np.zeros(len(cache.weight), dy.dtype) if cache.has_bias else None
        y, other = _f(cache.x, cache.weight, bias, groups=cache.groups, **settings | changes)
        return _b(fitted(dy, y), other)

    return model


_ONE_SIDE = "The padding is cut off at one side only."
_CUT_SHORT = "Too much is cut off: x goes from padding to padding plus its own size."
# Parts of the padded gradient, by its padding p and the size (h, w) of x.
CUTS: Wrong = tuple(
    Misconception(name, dx(one_group(cut_wrong(part))), sentence)
    for name, part, sentence in (
        ("cut before x only", lambda dx, p, h, w: dx[:, :, p:, p:], _ONE_SIDE),
        ("cut behind x only", lambda dx, p, h, w: dx[:, :, :-p, :-p], _ONE_SIDE),
        ("all of it cut behind x", lambda dx, p, h, w: dx[:, :, :h, :w], _ONE_SIDE),
        ("all of it cut before x", lambda dx, p, h, w: dx[:, :, 2 * p :, 2 * p :], _ONE_SIDE),
        ("cut from padding to height", lambda dx, p, h, w: dx[:, :, p:h, p:w], _CUT_SHORT),
        ("x cut too", lambda dx, p, h, w: dx[:, :, 2 * p : h, 2 * p : w], _CUT_SHORT),
    )
)
BIAS_GRADIENTS: Wrong = (
    Misconception(
        "dbias averaged",
        part(2, lambda dy, c: dy.mean(axis=(0, 2, 3))),
        "The gradient of the bias is a mean; each output passes on all of its dy.",
    ),
    Misconception(
        "dbias zero",
        gradient(_b, np.zeros_like, which=2),
        "The gradient of the bias is zero, so it would never learn.",
    ),
    Misconception(
        "one number for all",
        part(2, lambda dy, c: dy.sum()),
        "Everything is summed into one number: each filter has a bias of its own.",
    ),
    Misconception(
        "one for each image",
        part(2, lambda dy, c: dy.sum(axis=(1, 2, 3))),
        "There is one number for each image: a bias belongs to a filter, not to an image.",
    ),
    Misconception(
        "dbias of images apart",
        part(2, lambda dy, c: dy.sum(axis=(2, 3))),
        "The images stay apart: all of them use the same bias, so add up over them too.",
    ),
    Misconception(
        "dy left out",
        part(2, lambda dy, c: np.ones(dy.shape[1])),
        "A bias moves each output by as much as itself: add up the dy of these outputs.",
    ),
)
SETTINGS_LEFT_OUT: Wrong = tuple(
    Misconception(
        f"gradient without the {key}",
        with_settings(**{key: plain}),
        f"This is the gradient without the {key}: does backward use it?",
    )
    for key, plain in (("stride", 1), ("padding", 0), ("dilation", 1))
)
