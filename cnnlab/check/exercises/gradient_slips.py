"""Slips of one gradient of several: a name, a wrong model of it, a sentence."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from cnnlab.check.exercises.back_slips import OVERWRITTEN
from cnnlab.check.exercises.small_subjects import im2col
from cnnlab.scratch.functional.checks import Array

GradientRow: TypeAlias = tuple[str, Callable[..., Any], str]

_ONE_SIDE = "The padding is cut off at one side only."
_CUT_SHORT = "Too much is cut off: x goes from padding to padding plus its own size."


def _sent(
    dy: Array,
    x: Array,
    weight: Array,
    stride: int = 1,
    padding: int = 0,
    keeps: Callable[[Array, Array], Array] = np.add,
) -> Array:
    """Gradient of the padded input; ``keeps`` decides what stays of an old and a new share."""
    count, channels, height, width = x.shape
    kh, kw = weight.shape[2:]
    dx = np.zeros((count, channels, height + 2 * padding, width + 2 * padding))
    for i, j in np.ndindex(dy.shape[2:]):
        part = ..., slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
        share = np.einsum("nk,kcuv->ncuv", dy[:, :, i, j], weight)  # (N, C, kh, kw)
        dx[part] = keeps(dx[part], share)
    return dx


def _cut(dx: Array, x: Array, padding: int) -> Array:
    height, width = x.shape[2:]
    return dx[:, :, padding : padding + height, padding : padding + width]


def _own(dy: Array, x: Array, w: Array, padding: int = 0, **settings: Any) -> Array:
    return _cut(_sent(dy, x, w, padding=padding, **settings), x, padding)


def _with_padding(part: Callable[[Array, Array, int], Array]) -> Callable[..., Array | None]:
    """Another part of the padded gradient than that of x; without padding there is none."""

    def model(
        dy: Array, x: Array, w: Array, b: Array, padding: int = 0, **settings: Any
    ) -> Array | None:
        return part(_sent(dy, x, w, padding=padding, **settings), x, padding) if padding else None

    return model


def _first_place(dy: Array) -> Array:
    kept = np.zeros_like(dy)
    kept[:, :, 0, 0] = dy[:, :, 0, 0]
    return kept


def _matrices(dy: Array, x: Array, w: Array, *rest: Array, **settings: Any) -> tuple[Array, Array]:
    """What the product for the weights needs: (N, K, H'·W') and (N, C·kh·kw, H'·W')."""
    return dy.reshape(*dy.shape[:2], -1), im2col(x, w.shape[2:], **settings)


def _filters_as_columns(*args: Array, **settings: Any) -> Array:
    flat, columns = _matrices(*args, **settings)
    product: Array = (columns @ flat.transpose(0, 2, 1)).sum(axis=0)
    return product.reshape(args[2].shape)


def _reshape_for_transpose(*args: Array, **settings: Any) -> Array:
    flat, columns = _matrices(*args, **settings)
    product: Array = (flat @ columns.reshape(len(columns), *columns.shape[:0:-1])).sum(axis=0)
    return product.reshape(args[2].shape)


def _images_apart(*args: Array, **settings: Any) -> Array:
    flat, columns = _matrices(*args, **settings)
    return (flat @ columns.transpose(0, 2, 1)).reshape(len(flat), *args[2].shape)


GRADIENT_SLIPS: dict[tuple[str, str], tuple[GradientRow, ...]] = {
    ("conv2d", "dbias"): (
        (
            "one number for all",
            lambda dy, *a, **s: dy.sum(),
            "Everything is summed into one number: each filter has a bias of its own.",
        ),
        (
            "one for each image",
            lambda dy, *a, **s: dy.sum(axis=(1, 2, 3)),
            "There is one number for each image: a bias belongs to a filter, not to an image.",
        ),
        (
            "images apart",
            lambda dy, *a, **s: dy.sum(axis=(2, 3)),
            "The images stay apart: all of them use the same bias, so add up over them too.",
        ),
        (
            "dy left out",
            lambda dy, *a, **s: np.ones(dy.shape[1]),
            "A bias moves each output by as much as itself: add up the dy of these outputs.",
        ),
    ),
    ("conv2d", "dweight"): (
        (
            "filters as columns",
            _filters_as_columns,
            "The product has a column for each filter: a filter must be a row before the reshape.",
        ),
        (
            "reshape for transpose",
            _reshape_for_transpose,
            "A reshape cuts the numbers up anew: transpose exchanges the axes.",
        ),
        (
            "images apart",
            _images_apart,
            "The images stay apart: all of them use the same weights, so add up over them too.",
        ),
    ),
    ("conv2d", "dx"): (
        (
            "windows overwritten",
            lambda dy, x, w, b, **s: _own(dy, x, w, keeps=lambda old, new: new, **s),
            OVERWRITTEN,
        ),
        (
            "filter 0 only",
            lambda dy, x, w, b, **s: _own(dy[:, :1], x, w[:1], **s),
            "Only the first filter sends its share: add up those of all filters.",
        ),
        (
            "last filter only",
            lambda dy, x, w, b, **s: _own(dy[:, -1:], x, w[-1:], **s),
            "Only the last filter's share is left: add up those of all filters.",
        ),
        (
            "first place only",
            lambda dy, x, w, b, **s: _own(_first_place(dy), x, w, **s),
            "Only the first place sends its share: does return stand inside the loop?",
        ),
        (
            "empty without padding",
            lambda dy, x, w, b, padding=0, **s: None if padding else x[:, :, :0, :0],
            "Nothing is left: with padding 0, padding:-padding is empty.",
        ),
        (
            "cut before x only",
            _with_padding(lambda dx, x, p: dx[:, :, p:, p:]),
            _ONE_SIDE,
        ),
        (
            "cut behind x only",
            _with_padding(lambda dx, x, p: dx[:, :, :-p, :-p]),
            _ONE_SIDE,
        ),
        (
            "all of it cut behind x",
            _with_padding(lambda dx, x, p: dx[:, :, : x.shape[2], : x.shape[3]]),
            _ONE_SIDE,
        ),
        (
            "all of it cut before x",
            _with_padding(lambda dx, x, p: dx[:, :, 2 * p :, 2 * p :]),
            _ONE_SIDE,
        ),
        (
            "cut from padding to height",
            _with_padding(lambda dx, x, p: dx[:, :, p : x.shape[2], p : x.shape[3]]),
            _CUT_SHORT,
        ),
        (
            "x cut too",
            _with_padding(lambda dx, x, p: _cut(dx, x, p)[:, :, p:-p, p:-p]),
            _CUT_SHORT,
        ),
    ),
}
"""Models take dy, the arguments of the forward pass and its settings; None where they say nothing."""
