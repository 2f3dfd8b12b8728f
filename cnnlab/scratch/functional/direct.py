"""Depthwise convolution taken directly: pixels times weights, summed where they are, no columns.

A kernel that sees one channel makes no large product of its columns, and im2col writes every pixel
kh · kw times to read it once. Here pixels are written once, so that what a tap reads is a long run of
numbers in memory: of pixels where maps are large or images many
(:mod:`~cnnlab.scratch.functional.pixel_runs`), of channels where they are not
(:mod:`~cnnlab.scratch.functional.channel_runs`). :func:`numpy.einsum` then takes all taps in one call and
adds each product to its sum at once, where multiplying and adding whole arrays would write every
product to memory first.
"""

from math import prod

import numpy as np

from cnnlab.scratch.functional import channel_runs, pixel_runs
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.windows import Window, phases, turned

# Found by measuring with benchmarks/conv2d.py; it changes speed, not results.
SMALL = 256  # pixels of a padded map, of which long runs of channels stay in cache


def runs_of_pixels(images: int, window: Window) -> bool:
    """Whether the pixels of a batch make runs that are long enough, and most of them are of use.

    Of small maps, a run of channels can be as long.
    """
    if prod(window.padded_size) <= SMALL:
        return False
    cropped = any(side < 0 for sides in window.padding for side in sides)
    skips = prod(window.stride) > prod(window.kernel_size)
    if cropped or skips or prod(pixel_runs.size(window)) > 2 * prod(window.out_size):
        return False
    return images >= pixel_runs.together(window)


def convolve(
    x: Array,
    weight: Array,
    bias: Array | None,
    window: Window,
    groups: int,
    out: Array | None = None,
) -> Array:
    """Output of a depthwise convolution.

    Parameters
    ----------
    x : (N, C, H, W) array
    weight : (C, 1, kh, kw) array
    bias : (C,) array or None
    groups : int
        C, the number of channels.
    out : (N, C, H', W') array, optional
        Where to write it; every other pixel of a larger array, say.

    Returns
    -------
    (N, C, H', W') array
    """
    y = np.empty((len(x), groups, *window.out_size), x.dtype) if out is None else out
    runs = pixel_runs if runs_of_pixels(len(x), window) else channel_runs
    runs.convolve(x, weight, bias, window, y)
    return y


def weight_gradient(x: Array, dy: Array, window: Window, groups: int) -> Array:
    """Gradient of the weight.

    Returns
    -------
    (C, 1, kh, kw) array
    """
    runs = pixel_runs if runs_of_pixels(len(x), window) else channel_runs
    return np.ascontiguousarray(runs.weight_gradient(x, dy, window))[:, None]


def input_gradient(dy: Array, weight: Array, window: Window, groups: int) -> Array:
    """Gradient of the input: convolutions of ``dy`` with turned kernels, one a phase.

    Returns
    -------
    (N, C, H, W) array
    """
    if runs_of_pixels(len(dy), window):
        return pixel_runs.input_gradient(dy, weight, window)
    dx = np.zeros((len(dy), groups, *window.size), dy.dtype)
    for pixels, taps, part in phases(window):
        kernels = turned(weight[:, :, *taps], groups)
        convolve(dy, kernels, None, part, groups, out=dx[:, :, *pixels])
    return dx
