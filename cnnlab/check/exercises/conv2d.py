"""A convolutional layer: filters over images, with stride, padding, dilation and groups."""

from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common import convolution as wrong
from cnnlab.check.exercises.common import generic, sliding
from cnnlab.check.exercises.common.base import Case, Exercise, Wrong
from cnnlab.check.exercises.common.changes import gradient, kept, only_first
from cnnlab.check.exercises.common.draws import normal
from cnnlab.check.exercises.common.sliding import Sent, cut_wrong
from cnnlab.scratch import functional as F

_f, _b = F.conv2d, F.conv2d_backward
_ONE_WAY = "The stride moves the windows in one direction only: it counts for rows and columns."


def _case(words: str, image: Any, weight: Any, **settings: Any) -> Case:
    inputs = {"x": normal(*image), "weight": normal(*weight), "bias": normal(weight[0])}
    return Case(words, inputs, settings)


_LARGE, _KERNELS = (2, 3, 8, 6), (4, 3, 3, 2)
_CASES = (
    _case("with one image, one channel and one filter", (1, 1, 4, 5), (1, 1, 2, 3)),
    _case("with several images, channels and filters", (2, 3, 5, 4), _KERNELS),
    _case("with stride 2", _LARGE, _KERNELS, stride=2),
    _case("with padding 1", (2, 3, 5, 4), _KERNELS, padding=1),
    _case("with stride 3 and padding 2", _LARGE, _KERNELS, stride=3, padding=2),
    _case("with stride 2 and padding 1", (2, 3, 5, 8), (4, 3, 3, 3), stride=2, padding=1),
    _case(
        "with stride 4, padding 3 and a wide kernel",
        (2, 3, 9, 7),
        (4, 3, 2, 4),
        stride=4,
        padding=3,
    ),
    _case("with stride 5 and a single window", (2, 2, 4, 3), (3, 2, 4, 3), stride=5),
    _case("with dilation 2", _LARGE, _KERNELS, dilation=2),
    _case(
        "with stride 2, padding 2 and dilation 3",
        (2, 3, 9, 8),
        (4, 3, 2, 3),
        stride=2,
        padding=2,
        dilation=3,
    ),
    _case("with 2 groups", (2, 4, 5, 4), (6, 2, 3, 2), groups=2),
    _case("with 4 groups", (2, 4, 5, 4), (4, 1, 2, 3), groups=4),
    _case("with arrays of float32", (2, 3, 5, 4), _KERNELS)._replace(
        dtype=np.float32, needs="float32"
    ),
)


_VALUES: Wrong = (
    Misconception(
        "stride ignored",
        wrong.without("stride"),
        "The windows do not move by the stride that was given.",
    ),
    Misconception(
        "dilation ignored",
        wrong.without("dilation"),
        "The taps of the kernel lie side by side: where is the dilation?",
    ),
    Misconception(
        "padding ignored",
        wrong.without("padding"),
        "The image is not padded before the kernel slides over it.",
    ),
    *wrong.PADDINGS,
    Misconception(
        "off-by-one window",
        lambda x, *a, **s: wrong.y_of(np.roll(x, 1, axis=-1), *a, **s),
        "Every window begins one pixel too early.",
    ),
    Misconception(
        "last row left out",
        lambda *a, **s: kept(wrong.y_of(*a, **s), ..., slice(-1), slice(None)),
        "The last row of the output stays 0: count the last window too.",
    ),
    Misconception(
        "last column left out",
        lambda *a, **s: kept(wrong.y_of(*a, **s), ..., slice(None), slice(-1)),
        "The last column of the output stays 0: count the last window too.",
    ),
    Misconception(
        "transposed map",
        lambda *a, **s: wrong.y_of(*a, **s).swapaxes(2, 3),
        "Rows and columns of the output are exchanged.",
    ),
    Misconception(
        "flipped kernel",
        wrong.weighted(lambda w: w[:, :, ::-1, ::-1]),
        "Every value equals a convolution with the kernel turned by 180 degrees: this asks "
        "for cross-correlation.",
    ),
    Misconception(
        "transposed kernel",
        wrong.weighted(lambda w: w.swapaxes(2, 3).reshape(w.shape)),
        "Rows and columns of the kernel are exchanged.",
    ),
    Misconception(
        "transposed channels",
        wrong.weighted(lambda w: w.swapaxes(0, 1).reshape(w.shape)),
        "Input and output channels of the weight are exchanged.",
    ),
    Misconception(
        "input channel 0 only",
        wrong.weighted(only_first(1)),
        "Only the first input channel is read: a filter spans all of them.",
    ),
    Misconception(
        "mean of taps",
        wrong.weighted(lambda w: w / w[0].size),
        "The products are averaged, but a kernel sums them.",
    ),
    Misconception("missing bias", wrong.biased(np.zeros_like), "The bias is not added."),
    Misconception(
        "bias subtracted", wrong.biased(np.negative), "The bias is subtracted, not added."
    ),
    Misconception(
        "flipped kernel, missing bias",
        lambda x, w, b, **s: wrong.y_of(x, w[:, :, ::-1, ::-1].copy(), np.zeros_like(b), **s),
        "The kernel is turned by 180 degrees before it slides, and the bias is not added.",
    ),
    Misconception(
        "flipped kernel, bias subtracted",
        lambda x, w, b, **s: wrong.y_of(x, w[:, :, ::-1, ::-1].copy(), -b, **s),
        "The kernel is turned by 180 degrees before it slides, and the bias is subtracted.",
    ),
    Misconception(
        "bias reversed",
        wrong.biased(lambda b: b[::-1]),
        "The biases go to the maps in reverse order.",
    ),
    Misconception("bias twice", wrong.biased(lambda b: 2 * b), "The bias is added twice."),
    Misconception(
        "groups share", wrong.group_0, "Every group reads the channels of the first group."
    ),
    *generic.left_out(_f, "stride", "padding", "dilation"),
    Misconception(
        "image 0 for all",
        lambda x, *a, **s: wrong.y_of(np.repeat(x[:1], len(x), 0), *a, **s),
        "Every output comes from the first image.",
    ),
    Misconception(
        "kernel 0 for all",
        lambda x, w, *b, **s: wrong.y_of(x, np.repeat(w[:1], len(w), 0), *b, **s),
        "All maps come from the first filter.",
    ),
    Misconception(
        "bias for each channel",
        lambda x, w, b, **s: wrong.y_of(x, w, b * w.shape[1], **s),
        "The bias is added once for each input channel; it belongs to the whole sum.",
    ),
    Misconception(
        "bias 0 for all",
        lambda x, w, b, **s: wrong.y_of(x, w, np.full_like(b, b[0]), **s),
        "All maps get the first filter's bias.",
    ),
    Misconception(
        "all biases for each map",
        lambda x, w, b, **s: wrong.y_of(x, w, np.full_like(b, b.sum()), **s),
        "Every map gets all biases added up: each filter has a bias of its own.",
    ),
    Misconception("stride across only", wrong.one_way(across=True), _ONE_WAY),
    Misconception("stride down only", wrong.one_way(across=False), _ONE_WAY),
    Misconception(
        "filters mixed in rows",
        wrong.weighted(lambda w: w.reshape(-1, len(w)).T.reshape(w.shape)),
        "Each row of the matrix mixes several filters: it must hold one filter, flattened.",
    ),
)


_SHAPES: Wrong = (
    Misconception(
        "as large as the image",
        lambda x, w, *b, **s: wrong.layer_of(x, w, x.shape[2:]),
        sliding.AS_LARGE,
    ),
    Misconception(
        "padding not counted",
        lambda x, w, *b, stride=1, dilation=1, **s: wrong.layer_of(
            x, w, wrong.places(x.shape[2:], w.shape[2:], stride=stride, dilation=dilation)
        ),
        "Its places are counted without the padding: the padded image is what counts.",
    ),
    Misconception(
        "stride across only",
        lambda x, w, *b, groups=1, **s: wrong.strided(x, w, across=True, **s),
        _ONE_WAY,
    ),
    Misconception(
        "stride down only",
        lambda x, w, *b, groups=1, **s: wrong.strided(x, w, across=False, **s),
        _ONE_WAY,
    ),
)


_GRADIENTS: Wrong = (
    Misconception(
        "dx not flipped",
        wrong.dx(wrong.not_flipped),
        "The kernel is turned: each place sends it back as it is. One that slides over dy "
        "instead must be turned first.",
    ),
    Misconception(
        "dx off by one",
        gradient(_b, lambda g: np.roll(g, 1, axis=-1), which=0),
        "The gradient of the input is shifted by a pixel: how is the padding cut off?",
    ),
    Misconception(
        "dweight flipped",
        gradient(_b, lambda g: g[:, :, ::-1, ::-1], which=1),
        "The gradient of the weight is turned by 180 degrees.",
    ),
    Misconception(
        "dweight of example 0",
        wrong.part(1, lambda dy, c: _b(only_first(0)(dy), c)[1]),
        "Only the first example counts: sum over the whole batch.",
    ),
    *wrong.BIAS_GRADIENTS,
    Misconception(
        "filters as columns",
        wrong.part(1, wrong.filters_as_columns),
        "The product has a column for each filter: a filter must be a row before the reshape.",
    ),
    Misconception(
        "reshape for transpose",
        wrong.part(1, wrong.reshape_for_transpose),
        "A reshape only cuts the numbers into other pieces: transpose exchanges the axes.",
    ),
    Misconception(
        "images apart",
        wrong.part(1, wrong.images_apart),
        "The images stay apart: all of them use the same weights, so add up over them too.",
    ),
    Misconception(
        "windows overwritten",
        wrong.dx(wrong.one_group(lambda dy, c: Sent(dy, c).own(lambda old, new: new))),
        sliding.OVERWRITTEN,
    ),
    Misconception(
        "filter 0 only",
        wrong.dx(wrong.filter_alone(slice(0, 1))),
        "Only the first filter sends its share: add up those of all filters.",
    ),
    Misconception(
        "last filter only",
        wrong.dx(wrong.filter_alone(slice(-1, None))),
        "Only the last filter's share is left: add up those of all filters.",
    ),
    Misconception(
        "first place only",
        wrong.dx(wrong.one_group(lambda dy, c: Sent(kept(dy, ..., 0, 0), c).own())),
        "Only the first place sends its share: is return inside the loop?",
    ),
    Misconception(
        "empty without padding",
        wrong.dx(wrong.nothing_left),
        "Nothing is left: with padding 0, padding:-padding is empty.",
    ),
    *wrong.CUTS,
    Misconception(
        "padding kept",
        wrong.dx(wrong.one_group(cut_wrong(lambda dx, p, h, w: dx))),
        "The padding is still around the gradient: cut it off, for it is no part of x.",
    ),
    *wrong.SETTINGS_LEFT_OUT,
)
_BOTH = ("dy", "x", "weight", "stride", "padding", "dilation", "groups")

EXERCISE = Exercise(
    _f,
    _CASES,
    axes="(N, K, H', W')",
    asks=("bias", "stride", "padding"),
    backward=_b,
    takes={"dbias": ("dy",), "dweight": _BOTH, "dx": _BOTH},
    values=(*generic.values(_f), *_VALUES),
    code_only=(
        Misconception(
            "return after a place",
            lambda *a, **s: kept(wrong.y_of(*a, **s), 0, 0, 0, 0),
            sliding.RETURNS,
        ),
    ),
    shapes=_SHAPES,
    gradients=(*generic.gradients(_b), *_GRADIENTS, *generic.batches(_b)),
)
