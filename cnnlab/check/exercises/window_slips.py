"""Slips of a whole layer, of windows as columns, and of sizes: a name, a wrong model, a sentence."""

from typing import Any

import numpy as np

from cnnlab.check.exercises.back_slips import BACK_SLIPS
from cnnlab.check.exercises.kernel_slips import (
    KERNEL_SLIPS,
    LOOP_SLIPS,
    RETURNS,
    SlipRow,
    first,
)
from cnnlab.check.exercises.small_subjects import im2col
from cnnlab.geometry import output_shape
from cnnlab.scratch import functional as F
from cnnlab.scratch.functional.checks import Array

_IGNORED = "The windows do not move by the stride that was given."
_ONE_WAY = "The stride moves the windows in one direction only: it counts for rows and columns."
_AS_LARGE = "It is as large as the image: a window must end inside, so there are fewer places."
_HEIGHT = "It counts with the kernel's height in both directions: a kernel need not be square."
_WIDTH = "It counts with the kernel's width in both directions: a kernel need not be square."
_EXCHANGED = "Height and width of the kernel are exchanged."


def _conv(*args: Any, **settings: Any) -> Array:
    y, _ = F.conv2d(*args, **settings)
    return y


def _one_way(across: bool, x: Array, *rest: Any, stride: int = 1, **settings: Any) -> Array:
    """The stride across only, or down only, with as many windows as there should be."""
    rows, columns = _conv(x, *rest, stride=stride, **settings).shape[2:]
    y = _conv(x, *rest, **settings)
    y = y[:, :, :, ::stride] if across else y[:, :, ::stride]
    return y[:, :, :rows, :columns]


def _mixed(weight: Array) -> Array:
    return weight.reshape(-1, len(weight)).T.reshape(weight.shape)


def _grid(columns: Array, x: Array, k: Any, stride: int = 1, padding: int = 0) -> Array:
    """Columns with their places as rows and columns of the output, (N, C·kh·kw, H', W')."""
    size = output_shape(x.shape[2:], _pair(k), stride, padding)
    return columns.reshape(*columns.shape[:2], *size)


def _pair(kernel_size: Any) -> tuple[int, int]:
    kh, kw = np.broadcast_to(kernel_size, 2).tolist()
    return kh, kw


def _downwards(x: Array, k: Any, **settings: Any) -> Array:
    columns = im2col(x, k, **settings)
    return _grid(columns, x, k, **settings).swapaxes(2, 3).reshape(columns.shape)


def _unmoved(x: Array, k: Any, stride: int = 1, padding: int = 0) -> Array:
    rows, columns = output_shape(x.shape[2:], _pair(k), stride, padding)
    every = _grid(im2col(x, k, padding=padding), x, k, padding=padding)
    return every[:, :, :rows, :columns].reshape(*every.shape[:2], -1)


def _inside(columns: Array, x: Array, k: Any, *order: int) -> Array:
    """Columns whose windows (C, kh, kw) are flattened in another order of axes."""
    parts = columns.reshape(len(x), x.shape[1], *_pair(k), -1)
    return parts.transpose(0, *(1 + axis for axis in order), 4).reshape(columns.shape)


WINDOW_SLIPS: dict[str, tuple[SlipRow, ...]] = {
    **KERNEL_SLIPS,
    "conv2d": (
        (
            "image 0 for all",
            lambda x, *a, **s: _conv(np.repeat(x[:1], len(x), 0), *a, **s),
            "Every output comes from the first image.",
        ),
        (
            "kernel 0 for all",
            lambda x, w, *b, **s: _conv(x, np.repeat(w[:1], len(w), 0), *b, **s),
            "All maps come from the first filter.",
        ),
        (
            "bias for each channel",
            lambda x, w, b, **s: _conv(x, w, b * w.shape[1], **s),
            "The bias is added once for each input channel; it belongs to the whole sum.",
        ),
        (
            "bias 0 for all",
            lambda x, w, b, **s: _conv(x, w, np.full_like(b, b[0]), **s),
            "All maps get the first filter's bias.",
        ),
        (
            "all biases for each map",
            lambda x, w, b, **s: _conv(x, w, np.full_like(b, b.sum()), **s),
            "Every map gets all biases added up: each filter has a bias of its own.",
        ),
        ("stride across only", lambda *a, **s: _one_way(True, *a, **s), _ONE_WAY),
        ("stride down only", lambda *a, **s: _one_way(False, *a, **s), _ONE_WAY),
        (
            "filters mixed in rows",
            lambda x, w, *b, **s: _conv(x, _mixed(w), *b, **s),
            "Each row of the matrix mixes several filters: it must hold one filter, flattened.",
        ),
    ),
    "im2col": (
        (
            "windows as rows",
            lambda *a, **s: im2col(*a, **s).swapaxes(1, 2),
            "Each row holds a window; this asks for windows as columns.",
        ),
        (
            "places column by column",
            _downwards,
            "The places go down first: go along each row, from the top left.",
        ),
        ("windows not moved", _unmoved, _IGNORED),
        (
            "channels last",
            lambda x, k, **s: _inside(im2col(x, k, **s), x, k, 1, 2, 0),
            "The channels of a pixel stand together; put each channel's window in one piece.",
        ),
        (
            "windows column by column",
            lambda x, k, **s: _inside(im2col(x, k, **s), x, k, 0, 2, 1),
            "Each window is flattened column by column: go along its rows.",
        ),
        (
            "image 0 for all",
            lambda x, k, **s: im2col(np.repeat(x[:1], len(x), 0), k, **s),
            "Every column comes from the first image.",
        ),
    ),
    "input_gradient": BACK_SLIPS,
}

CODE_SLIPS: dict[str, tuple[SlipRow, ...]] = {
    "conv2d": (
        ("return after a place", lambda *a, **s: first(_conv(*a, **s), 0, 0, 0, 0), RETURNS),
    ),
    "cross_correlate2d": LOOP_SLIPS,
}
"""Slips that only code makes: not told of an array that was worked out with a pencil."""


def _places(size: Any, kernel: Any, **settings: Any) -> tuple[int, ...]:
    return output_shape(tuple(size), tuple(kernel), **settings)


def _layer(x: Array, weight: Array, size: Any) -> tuple[int, ...]:
    return len(x), len(weight), *size


def _columns(x: Array, kernel_size: Any, settings: dict[str, Any]) -> tuple[int, ...]:
    places = _places(x.shape[2:], kernel_size, **settings)
    return len(x), x.shape[1] * int(np.prod(kernel_size)), int(np.prod(places))


def _strided(x: Array, w: Array, stride: int, padding: int, across: bool) -> tuple[int, ...]:
    rows, columns = _places(x.shape[2:], w.shape[2:], padding=padding)
    least = (rows, -(-columns // stride)) if across else (-(-rows // stride), columns)
    return _layer(x, w, least)


SHAPE_SLIPS: dict[str, tuple[SlipRow, ...]] = {
    "conv2d": (
        ("as large as the image", lambda x, w, *b, **s: _layer(x, w, x.shape[2:]), _AS_LARGE),
        (
            "padding not counted",
            lambda x, w, *b, stride=1, padding: _layer(
                x, w, _places(x.shape[2:], w.shape[2:], stride=stride)
            ),
            "Its places are counted without the padding: the padded image is what counts.",
        ),
        (
            "stride across only",
            lambda x, w, *b, stride, padding=0: _strided(x, w, stride, padding, True),
            _ONE_WAY,
        ),
        (
            "stride down only",
            lambda x, w, *b, stride, padding=0: _strided(x, w, stride, padding, False),
            _ONE_WAY,
        ),
    ),
    "convolve2d": (
        (
            "kernel transposed",
            lambda x, k: _places(x.shape, k.shape[::-1]),
            "Rows and columns of the kernel are exchanged; half a turn keeps its shape.",
        ),
    ),
    "cross_correlate2d": (
        ("as large as the image", lambda x, k: x.shape, _AS_LARGE),
        ("height both ways", lambda x, k: _places(x.shape, [k.shape[0]] * 2), _HEIGHT),
        ("width both ways", lambda x, k: _places(x.shape, [k.shape[1]] * 2), _WIDTH),
        ("height for width", lambda x, k: _places(x.shape, k.shape[::-1]), _EXCHANGED),
    ),
    "im2col": (
        (
            "places first",
            lambda x, k, **s: (im2col(x, k, **s).shape[2], *im2col(x, k, **s).shape[:2]),
            "The places stand first: put the columns side by side, along the last axis.",
        ),
        ("height both ways", lambda x, k, **s: _columns(x, [_pair(k)[0]] * 2, s), _HEIGHT),
        ("width both ways", lambda x, k, **s: _columns(x, [_pair(k)[1]] * 2, s), _WIDTH),
        ("height for width", lambda x, k, **s: _columns(x, _pair(k)[::-1], s), _EXCHANGED),
    ),
    "input_gradient": (
        (
            "as small as dy",
            lambda dy, k: dy.shape,
            "It has the shape of dy: the gradient of the input has that of the input.",
        ),
    ),
}
"""Shapes that come from a slip, whatever the values are."""
