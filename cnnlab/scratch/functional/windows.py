"""Windows of a convolution: where they lie, reading them out, adding them back."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np

from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.workspace import workspace

Pair: TypeAlias = tuple[int, int]

LONG = 16  # pixels of a row; found by measuring with benchmarks/conv2d.py


class Window(NamedTuple):
    """Where the windows of a convolution lie; all sizes in pixels (height, width)."""

    size: tuple[int, ...]
    out_size: tuple[int, ...]
    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[Pair, ...]
    dilation: tuple[int, ...]

    @property
    def padded_size(self) -> Pair:
        """Height and width of the input with its padding."""
        (height, width), ((top, bottom), (left, right)) = self.size, self.padding
        return top + height + bottom, left + width + right

    @property
    def inside(self) -> tuple[slice, slice]:
        """Where the input lies in the padded input."""
        (height, width), ((top, _), (left, _)) = self.size, self.padding
        return slice(top, top + height), slice(left, left + width)


def images_apart(x: Array, window: Window) -> Array:
    """Pad, and view as (C, H + padding, W + padding, n), as :func:`images_last` without moving."""
    if window.padded_size == window.size:
        return np.ascontiguousarray(x).transpose(1, 2, 3, 0)
    memory = workspace("padded", (len(x), x.shape[1], *window.padded_size), x.dtype)
    padded = memory.transpose(1, 2, 3, 0)
    pad(padded, window.inside)
    padded[:, *window.inside] = x.transpose(1, 2, 3, 0)
    return padded


def images_last(x: Array, window: Window | None = None) -> Array:
    """Move the image axis last and pad: (n, C, H, W) -> (C, H + padding, W + padding, n).

    Neighbours in memory are then the same pixel of all images, so windows of small images
    are copied in long runs (the layout of cuda-convnet, Krizhevsky, 2012).
    """
    moved = x.transpose(1, 2, 3, 0)
    if window is None or window.padded_size == window.size:
        return np.ascontiguousarray(moved)  # copies nothing if there is one image
    padded = workspace("padded", (len(moved), *window.padded_size, len(x)), x.dtype)
    pad(padded, window.inside)
    padded[:, *window.inside] = moved
    return padded


def long(width: int) -> bool:
    """Whether rows of so many pixels are copied quicker as they lie than pixel for pixel."""
    return width >= LONG


def images_beside(x: Array, window: Window) -> Array:
    """Pad as :func:`images_last`, but with long rows side by side in memory: (C, H, n, W).

    What is returned is a view with the same axes, (C, H + padding, W + padding, n).
    """
    if not long(window.out_size[1]):
        return images_last(x, window)
    height, width = window.padded_size
    padded = workspace("padded", (x.shape[1], height, len(x), width), x.dtype).swapaxes(2, 3)
    pad(padded, window.inside)
    padded[:, *window.inside] = x.transpose(1, 2, 3, 0)
    return padded


def pad(padded: Array, inside: tuple[slice, slice]) -> None:
    """Fill all but the inside of images with zeros; height and width are axes 1 and 2."""
    down, across = inside
    padded[:, : down.start] = padded[:, down.stop :] = 0
    padded[:, down, : across.start] = padded[:, down, across.stop :] = 0


def images_first(block: Array, out: Array, beside: bool) -> None:
    """Write products of the columns, (G, R, K / G, rows * W' * n / R), into (n, K, rows, W')."""
    groups, products, kernels, _ = block.shape
    images, _, rows, width = out.shape
    shape = groups, products, kernels, rows // products
    if beside:
        moved = block.reshape(*shape, images, width).transpose(4, 0, 2, 1, 3, 5)
    else:
        moved = block.reshape(*shape, width, images).transpose(5, 0, 2, 1, 3, 4)
    out.reshape(moved.shape)[...] = moved


def gather(padded: Array, window: Window, rows: slice, groups: int) -> Array:
    """Windows of some output rows as columns (im2col): (G, 1, C / G * kh * kw, rows * W' * n).

    Windows overlap, so six strides describe them all in place before they are copied into a
    workspace; 1×1 kernels at stride 1 read what is there.
    """
    (kh, kw), (sh, sw), (dh, dw) = window.kernel_size, window.stride, window.dilation
    channels, _, _, images = padded.shape
    c, h, w, n = padded.strides
    view: Array = np.ndarray(
        (channels, kh, kw, rows.stop - rows.start, window.out_size[1], images),
        padded.dtype,
        padded,
        offset=rows.start * sh * h,
        strides=(c, dh * h, dw * w, sh * h, sw * w, n),
    )
    shape = groups, 1, channels // groups * kh * kw, -1
    if kh == kw == sh == sw == 1:
        return view.reshape(shape)
    columns = workspace("columns", view.shape, view.dtype)
    columns[...] = view
    return columns.reshape(shape)


def gather_each(padded: Array, window: Window, rows: slice, groups: int) -> Array:
    """Windows of each image as columns: (G, n, C / G * kh * kw, rows * W')."""
    (kh, kw), (sh, sw), (dh, dw) = window.kernel_size, window.stride, window.dilation
    channels, _, _, images = padded.shape
    c, h, w, n = padded.strides
    view: Array = np.ndarray(
        (images, channels, kh, kw, rows.stop - rows.start, window.out_size[1]),
        padded.dtype,
        padded.transpose(3, 0, 1, 2),
        offset=rows.start * sh * h,
        strides=(n, c, dh * h, dw * w, sh * h, sw * w),
    )
    if kh == kw == sh == sw == 1:
        columns = view
    else:
        columns = workspace("columns", view.shape, view.dtype)
        columns[...] = view
    return columns.reshape(images, groups, channels // groups * kh * kw, -1).swapaxes(0, 1)


def lower(padded: Array, window: Window, rows: slice, groups: int) -> Array:
    """Windows of each output row as columns: (G, rows, kh * kw * C / G, W' * n), n before W' if beside.

    Only the taps across are copied: as the rows of pixels that an output row reads follow one
    another, so do its columns, and those of two output rows overlap in place. The kernel must not
    be dilated downwards.

    References
    ----------
    M. Cho and D. Brand, "MEC: memory-efficient convolution for deep neural network", 2017.
    """
    (kh, kw), (sh, sw), (_, dw) = window.kernel_size, window.stride, window.dilation
    channels, _, _, images = padded.shape
    width, count = window.out_size[1], rows.stop - rows.start
    c, h, w, n = padded.strides
    pixels, strides, memory = (width, images), (sw * w, n), padded
    if n > w:  # beside
        pixels, strides, memory = pixels[::-1], strides[::-1], padded.swapaxes(2, 3)
    taps: Array = np.ndarray(
        (groups, (count - 1) * sh + kh, kw, channels // groups, *pixels),
        padded.dtype,
        memory,
        offset=rows.start * sh * h,
        strides=(channels // groups * c, h, dw * w, c, *strides),
    )
    lowered = workspace("columns", taps.shape, taps.dtype)
    lowered[...] = taps
    group, row = lowered.strides[:2]
    columns: Array = np.ndarray(
        (groups, count, kh * kw * channels // groups, width * images),
        padded.dtype,
        lowered,
        strides=(group, sh * row, width * images * padded.itemsize, padded.itemsize),
    )
    return columns


def scatter(columns: Array, padded: Array, window: Window, rows: slice) -> None:
    """Add columns back to the pixels that they were read from (col2im).

    Windows overlap, but the pixels that one tap reads do not: one addition for each tap.
    """
    (kh, kw), (sh, sw), (dh, dw) = window.kernel_size, window.stride, window.dilation
    height, width = rows.stop - rows.start, window.out_size[1]
    taps = columns.reshape(len(padded), kh, kw, height, width, -1)
    for i in range(kh):
        top = rows.start * sh + i * dh
        for j in range(kw):
            down = slice(top, top + (height - 1) * sh + 1, sh)
            across = slice(j * dw, j * dw + (width - 1) * sw + 1, sw)
            padded[:, down, across] += taps[:, i, j]


def turned(weight: Array, groups: int) -> Array:
    """Kernels turned by 180 degrees, input and output channels of a group exchanged."""
    kernels, channels, kh, kw = weight.shape
    grouped = weight[:, :, ::-1, ::-1].reshape(groups, kernels // groups, channels, kh, kw)
    return grouped.swapaxes(1, 2).reshape(groups * channels, kernels // groups, kh, kw)


class Phase(NamedTuple):
    """Every stride-th row and column of the input, and the convolution of ``dy`` they get."""

    pixels: tuple[slice, ...]
    taps: tuple[slice, ...]
    window: Window


@lru_cache(maxsize=256)
def phases(window: Window) -> tuple[Phase, ...]:
    """Take the input gradient apart into convolutions of ``dy`` at stride 1, one a phase.

    Pixels that lie ``stride`` apart are read by the same taps, which lie ``stride`` apart, too; at
    stride 1 there is one phase with all pixels and all taps. Pixels that no window reads belong to
    none. Dilated windows must have stride 1.

    References
    ----------
    W. Shi et al., "Real-time single image and video super-resolution using an efficient sub-pixel
    convolutional neural network", 2016: a transposed convolution from convolutions.
    """
    return tuple(
        Phase(
            (down.pixels, across.pixels),
            (down.taps, across.taps),
            Window(
                size=window.out_size,
                out_size=(down.out_size, across.out_size),
                kernel_size=(down.kernel_size, across.kernel_size),
                stride=(1, 1),
                padding=(down.padding, across.padding),
                dilation=window.dilation,
            ),
        )
        for down in axis_phases(window, 0)
        for across in axis_phases(window, 1)
    )


class AxisPhase(NamedTuple):
    """A phase along one axis; ``padding`` is that of the upstream gradient."""

    pixels: slice
    taps: slice
    out_size: int
    kernel_size: int
    padding: Pair


@lru_cache(maxsize=256)
def axis_phases(window: Window, axis: int) -> tuple[AxisPhase, ...]:
    """Return the phases along one axis, see :func:`phases`."""
    return tuple(_axis_phases(window, axis))


def _axis_phases(window: Window, axis: int) -> Iterator[AxisPhase]:
    stride, size, out_size = window.stride[axis], window.size[axis], window.out_size[axis]
    for first in range(min(stride, size)):
        # Window o reads pixel p with tap i where p + padding = o * stride + i * dilation.
        skipped, tap = divmod(first + window.padding[axis][0], stride)
        taps = len(range(tap, window.kernel_size[axis], stride))
        if not taps:
            continue
        pixels = len(range(first, size, stride))
        before = window.dilation[axis] * (taps - 1) - skipped
        yield AxisPhase(
            slice(first, None, stride),
            slice(tap, None, stride),
            pixels,
            taps,
            (before, pixels + skipped - out_size),
        )
