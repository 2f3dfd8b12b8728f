"""Whole layers and their windows, in many styles."""

import functools

import numpy as np
import scipy.ndimage
import scipy.signal
import torch

from tests.styles.base import TYPELESS, Row, by_name


def places(size, kernel, stride=1, padding=0):
    return (size + 2 * padding - kernel) // stride + 1


def padded(x, padding, value=0.0):
    sides = (padding, padding)
    return np.pad(x, ((0, 0), (0, 0), sides, sides), constant_values=value)


def seven_loops(x, weight, bias, stride=1, padding=0):
    count, channels, height, width = x.shape
    filters, _, kh, kw = weight.shape
    rows, columns = places(height, kh, stride, padding), places(width, kw, stride, padding)
    y = np.zeros((count, filters, rows, columns))
    for n in range(count):
        for k in range(filters):
            for i in range(rows):
                for j in range(columns):
                    total = bias[k]
                    for c in range(channels):
                        for u in range(kh):
                            for v in range(kw):
                                top, left = i * stride + u - padding, j * stride + v - padding
                                if 0 <= top < height and 0 <= left < width:
                                    total += x[n, c, top, left] * weight[k, c, u, v]
                    y[n, k, i, j] = total
    return y


def a_sum_for_each_window(x, weight, bias, stride=1, padding=0):
    x = padded(x, padding)
    kh, kw = weight.shape[2:]
    y = np.zeros(
        (len(x), len(weight), places(x.shape[2], kh, stride), places(x.shape[3], kw, stride))
    )
    for n, k, i, j in np.ndindex(y.shape):
        top, left = i * stride, j * stride
        y[n, k, i, j] = (x[n, :, top : top + kh, left : left + kw] * weight[k]).sum() + bias[k]
    return y


def columns_of(x, kernel_size, stride=1, padding=0):
    kh, kw = np.broadcast_to(kernel_size, 2)
    x = padded(x, padding)
    columns = [
        x[:, :, top : top + kh, left : left + kw].reshape(len(x), -1)
        for top in range(0, x.shape[2] - kh + 1, stride)
        for left in range(0, x.shape[3] - kw + 1, stride)
    ]
    return np.stack(columns, axis=2)


def one_matrix_product(x, weight, bias, stride=1, padding=0):
    kh, kw = weight.shape[2:]
    y = weight.reshape(len(weight), -1) @ columns_of(x, (kh, kw), stride, padding) + bias[:, None]
    rows, columns = places(x.shape[2], kh, stride, padding), places(x.shape[3], kw, stride, padding)
    return y.reshape(len(x), len(weight), rows, columns)


def stride_tricks(x, weight, bias, stride=1, padding=0):
    windows = np.lib.stride_tricks.sliding_window_view(
        padded(x, padding), weight.shape[2:], axis=(2, 3)
    )[:, :, ::stride, ::stride]
    y = np.tensordot(windows, weight, axes=((1, 4, 5), (1, 2, 3)))  # (N, H', W', K)
    return y.transpose(0, 3, 1, 2) + bias.reshape(1, -1, 1, 1)


def einsum(x, weight, bias, stride=1, padding=0):
    windows = np.lib.stride_tricks.sliding_window_view(
        padded(x, padding), weight.shape[2:], axis=(2, 3)
    )
    y = np.einsum("ncijuv,kcuv->nkij", windows[:, :, ::stride, ::stride], weight, optimize=True)
    return y + bias[:, None, None]


def a_picture_for_each_weight(x, weight, bias, stride=1, padding=0):
    x = padded(x, padding)
    kh, kw = weight.shape[2:]
    rows, columns = places(x.shape[2], kh, stride), places(x.shape[3], kw, stride)
    y = np.zeros((len(x), len(weight), rows, columns)) + bias[None, :, None, None]
    for u, v in np.ndindex(kh, kw):
        part = x[:, :, u : u + rows * stride : stride, v : v + columns * stride : stride]
        part = part[:, :, :rows, :columns]
        y += np.einsum("nchw,kc->nkhw", part, weight[:, :, u, v])
    return y


def fft(x, weight, bias, stride=1, padding=0):
    x = padded(x, padding)
    kh, kw = weight.shape[2:]
    size = [x.shape[2] + kh - 1, x.shape[3] + kw - 1]
    spectrum = np.einsum(
        "nchw,kchw->nkhw",
        np.fft.rfft2(x, size),
        np.fft.rfft2(weight[:, :, ::-1, ::-1], size),
    )
    full = np.fft.irfft2(spectrum, size)
    valid = full[:, :, kh - 1 : x.shape[2], kw - 1 : x.shape[3]]
    return valid[:, :, ::stride, ::stride] + bias[:, None, None]


def pytorch(x, weight, bias, stride=1, padding=0):
    x, weight, bias = (torch.as_tensor(a) for a in (x, weight, bias))
    return torch.nn.functional.conv2d(x, weight, bias, stride=stride, padding=padding)


def pytorch_unfold(x, weight, bias, stride=1, padding=0):
    kh, kw = weight.shape[2:]
    columns = torch.nn.functional.unfold(torch.tensor(x), (kh, kw), stride=stride, padding=padding)
    y = torch.tensor(weight.reshape(len(weight), -1)) @ columns + torch.tensor(bias)[:, None]
    return y.reshape(len(x), len(weight), places(x.shape[2], kh, stride, padding), -1).numpy()


def scipy_signal(x, weight, bias, stride=1, padding=0):
    x = padded(x, padding)
    return np.stack(
        [
            [
                scipy.signal.correlate(image, kernel, "valid")[0, ::stride, ::stride] + b
                for kernel, b in zip(weight, bias, strict=True)
            ]
            for image in x
        ]
    )


def recursion(x, weight, bias, stride=1, padding=0):
    """One image, one filter at a time, the rest by calling itself."""
    if len(x) > 1:
        return np.concatenate(
            [recursion(part, weight, bias, stride, padding) for part in (x[:1], x[1:])]
        )
    if len(weight) > 1:
        parts = (slice(None, 1), slice(1, None))
        return np.concatenate(
            [recursion(x, weight[p], bias[p], stride, padding) for p in parts], axis=1
        )
    return stride_tricks(x, weight, bias, stride, padding)


def cache_too(x, weight, bias, stride=1, padding=0):
    return einsum(x, weight, bias, stride, padding), (x, weight, stride, padding)


CONV = by_name(
    a_sum_for_each_window,
    seven_loops,
    one_matrix_product,
    stride_tricks,
    einsum,
    a_picture_for_each_weight,
    fft,
    pytorch,
    pytorch_unfold,
    scipy_signal,
    recursion,
    cache_too,
)


# Windows


def _cut(x, kernel_size, stride, padding):
    kh, kw = (int(k) for k in np.broadcast_to(kernel_size, 2))
    x = padded(x, padding)
    return x, kh, kw, places(x.shape[2], kh, stride), places(x.shape[3], kw, stride)


def columns_written_in(x, kernel_size, stride=1, padding=0):
    x, kh, kw, rows, across = _cut(x, kernel_size, stride, padding)
    out = np.zeros((len(x), x.shape[1] * kh * kw, rows * across))
    for i in range(rows):
        for j in range(across):
            window = x[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
            out[:, :, i * across + j] = window.reshape(len(x), -1)
    return out


def rows_written_in(x, kernel_size, stride=1, padding=0):
    x, kh, kw, rows, across = _cut(x, kernel_size, stride, padding)
    out = np.zeros((len(x), x.shape[1] * kh * kw, rows * across))
    for c, u, v in np.ndindex(x.shape[1], kh, kw):
        part = x[:, c, u : u + rows * stride : stride, v : v + across * stride : stride]
        out[:, (c * kh + u) * kw + v] = part[:, :rows, :across].reshape(len(x), -1)
    return out


def windows_reshaped(x, kernel_size, stride=1, padding=0):
    x, kh, kw, rows, across = _cut(x, kernel_size, stride, padding)
    windows = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride].transpose(0, 1, 4, 5, 2, 3)
    return windows.reshape(len(x), -1, rows * across)


def windows_by_einsum(x, kernel_size, stride=1, padding=0):
    x, kh, kw, rows, across = _cut(x, kernel_size, stride, padding)
    windows = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    turned = np.einsum("ncijuv->ncuvij", windows[:, :, ::stride, ::stride])
    return turned.reshape(len(x), x.shape[1] * kh * kw, rows * across).copy()


def fancy_indices(x, kernel_size, stride=1, padding=0):
    x, kh, kw, rows, across = _cut(x, kernel_size, stride, padding)
    down = np.repeat(np.arange(kh), kw)[:, None] + stride * np.repeat(np.arange(rows), across)
    right = np.tile(np.arange(kw), kh)[:, None] + stride * np.tile(np.arange(across), rows)
    return x[:, :, down, right].reshape(len(x), -1, rows * across)


def unfold_in_pytorch(x, kernel_size, stride=1, padding=0):
    size = tuple(int(k) for k in np.broadcast_to(kernel_size, 2))
    return torch.nn.functional.unfold(torch.tensor(x), size, stride=stride, padding=padding)


def filters_of_ones(x, kernel_size, stride=1, padding=0):
    """Each row of the matrix is a convolution with a single 1."""
    kh, kw = (int(k) for k in np.broadcast_to(kernel_size, 2))
    size = x.shape[1] * kh * kw
    ones = np.eye(size).reshape(size, x.shape[1], kh, kw)
    return einsum(x, ones, np.zeros(size), stride, padding).reshape(len(x), size, -1)


def columns_recursive(x, kernel_size, stride=1, padding=0):
    if len(x) > 1:
        return np.concatenate(
            [columns_recursive(p, kernel_size, stride, padding) for p in (x[:1], x[1:])]
        )
    return columns_of(x, kernel_size, stride, padding)


IM2COL = by_name(
    columns_of,
    columns_written_in,
    rows_written_in,
    windows_reshaped,
    windows_by_einsum,
    fancy_indices,
    unfold_in_pytorch,
    filters_of_ones,
    columns_recursive,
)


def _as_windows(f):
    """A matrix of columns as windows again, (N, C, H', W', kh, kw)."""

    def windows(x, kernel_size, stride=1):
        kh, kw = (int(k) for k in np.broadcast_to(kernel_size, 2))
        columns = np.asarray(f(x, kernel_size, stride, 0))
        rows = places(x.shape[2], kh, stride)
        cut = columns.reshape(len(x), x.shape[1], kh, kw, rows, -1)
        return cut.transpose(0, 1, 4, 5, 2, 3)

    return windows


def a_view(x, kernel_size, stride=1):
    size = tuple(int(k) for k in np.broadcast_to(kernel_size, 2))
    windows = np.lib.stride_tricks.sliding_window_view(x, size, axis=(2, 3))
    return windows[:, :, ::stride, ::stride]


WINDOWS = {"a view": a_view, **{name: _as_windows(f) for name, f in IM2COL.items()}}


# Pooling


def two_loops(x, kernel_size, stride=None, padding=0):
    stride = kernel_size if stride is None else stride
    wide = padded(x.astype(float), padding, -np.inf)
    rows = places(x.shape[2], kernel_size, stride, padding)
    columns = places(x.shape[3], kernel_size, stride, padding)
    y = np.empty((*x.shape[:2], rows, columns), x.dtype)
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            window = wide[:, :, top : top + kernel_size, left : left + kernel_size]
            y[:, :, i, j] = window.max(axis=(2, 3))
    return y


def all_loops(x, kernel_size, stride=None, padding=0):
    """No padding at all: a window that hangs over the edge is cut."""
    stride = stride or kernel_size
    rows = places(x.shape[2], kernel_size, stride, padding)
    columns = places(x.shape[3], kernel_size, stride, padding)
    y = np.zeros((*x.shape[:2], rows, columns), dtype=x.dtype)
    for n, c, i, j in np.ndindex(y.shape):
        top, left = i * stride - padding, j * stride - padding
        part = x[n, c, max(top, 0) : top + kernel_size, max(left, 0) : left + kernel_size]
        y[n, c, i, j] = max(part.ravel().tolist())
    return y


def largest_of_windows(x, kernel_size, stride=None, padding=0):
    stride = kernel_size if stride is None else stride
    wide = padded(x.astype(float), padding, -np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(wide, (kernel_size,) * 2, axis=(2, 3))
    return windows[:, :, ::stride, ::stride].max(axis=(4, 5)).astype(x.dtype)


def largest_of_shifts(x, kernel_size, stride=None, padding=0):
    stride = kernel_size if stride is None else stride
    lowest = np.finfo(x.dtype).min if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    wide = padded(x, padding, lowest)
    rows, columns = (
        places(wide.shape[2], kernel_size, stride),
        places(wide.shape[3], kernel_size, stride),
    )
    shifts = [
        wide[:, :, u::stride, v::stride][:, :, :rows, :columns]
        for u, v in np.ndindex(kernel_size, kernel_size)
    ]
    return functools.reduce(np.maximum, shifts)


def columns_then_rows(x, kernel_size, stride=None, padding=0):
    """One axis after the other."""
    stride = kernel_size if stride is None else stride
    for axis in (2, 3):
        sides = [(0, 0)] * 4
        sides[axis] = (padding, padding)
        wide = np.pad(x.astype(float), sides, constant_values=-np.inf)
        windows = np.lib.stride_tricks.sliding_window_view(wide, kernel_size, axis=axis)
        x = windows.max(axis=-1).take(range(0, windows.shape[axis], stride), axis).astype(x.dtype)
    return x


def scipy_filter(x, kernel_size, stride=None, padding=0):
    stride = kernel_size if stride is None else stride
    wide = padded(x.astype(float), padding, -np.inf)
    size = (1, 1, kernel_size, kernel_size)
    every = scipy.ndimage.maximum_filter(wide, size, mode="constant", cval=-np.inf)
    first = kernel_size // 2
    rows, columns = (
        places(wide.shape[2], kernel_size, stride),
        places(wide.shape[3], kernel_size, stride),
    )
    return every[:, :, first::stride, first::stride][:, :, :rows, :columns].astype(x.dtype)


def largest_in_pytorch(x, kernel_size, stride=None, padding=0):
    wide = torch.nn.functional.pad(torch.as_tensor(x).double(), [padding] * 4, value=-float("inf"))
    return torch.nn.functional.max_pool2d(wide, kernel_size, stride).to(torch.as_tensor(x).dtype)


def pool_recursive(x, kernel_size, stride=None, padding=0):
    if len(x) > 1:
        return np.concatenate(
            [pool_recursive(p, kernel_size, stride, padding) for p in (x[:1], x[1:])]
        )
    return two_loops(x, kernel_size, stride, padding)


def sorted_windows(x, kernel_size, stride=None, padding=0):
    stride = kernel_size if stride is None else stride
    wide = padded(x.astype(float), padding, -np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(wide, (kernel_size,) * 2, axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]
    return np.sort(windows.reshape(*windows.shape[:4], -1))[..., -1].astype(x.dtype)


MAX_POOL = by_name(
    two_loops,
    all_loops,
    largest_of_windows,
    largest_of_shifts,
    columns_then_rows,
    scipy_filter,
    largest_in_pytorch,
    pool_recursive,
    sorted_windows,
)


def mean_of_windows(x, kernel_size, stride=None, padding=0):
    stride = kernel_size if stride is None else stride
    wide = padded(x, padding)
    windows = np.lib.stride_tricks.sliding_window_view(wide, (kernel_size,) * 2, axis=(2, 3))
    return windows[:, :, ::stride, ::stride].mean(axis=(4, 5))


def mean_in_loops(x, kernel_size, stride=None, padding=0):
    stride = kernel_size if stride is None else stride
    wide = padded(x, padding)
    rows, columns = (
        places(wide.shape[2], kernel_size, stride),
        places(wide.shape[3], kernel_size, stride),
    )
    y = np.zeros((*x.shape[:2], rows, columns))
    for i, j in np.ndindex(rows, columns):
        part = wide[:, :, i * stride :, j * stride :][:, :, :kernel_size, :kernel_size]
        y[:, :, i, j] = part.sum(axis=(2, 3)) / kernel_size**2
    return y


def mean_of_shifts(x, kernel_size, stride=None, padding=0):
    stride = kernel_size if stride is None else stride
    wide = padded(x, padding)
    rows, columns = (
        places(wide.shape[2], kernel_size, stride),
        places(wide.shape[3], kernel_size, stride),
    )
    shifts = [
        wide[:, :, u::stride, v::stride][:, :, :rows, :columns]
        for u, v in np.ndindex(kernel_size, kernel_size)
    ]
    return sum(shifts) / len(shifts)


def mean_in_pytorch(x, kernel_size, stride=None, padding=0):
    return torch.nn.functional.avg_pool2d(torch.as_tensor(x), kernel_size, stride, padding)


def mean_as_a_convolution(x, kernel_size, stride=None, padding=0):
    stride = kernel_size if stride is None else stride
    channels = x.shape[1]
    weight = np.eye(channels)[:, :, None, None] * np.full((kernel_size,) * 2, kernel_size**-2.0)
    return einsum(x, weight, np.zeros(channels), stride, padding)


def mean_by_einsum(x, kernel_size, stride=None, padding=0):
    stride = kernel_size if stride is None else stride
    windows = a_view(padded(x, padding), kernel_size, stride)
    return np.einsum("ncijuv->ncij", windows) / kernel_size**2


def mean_from_running_sums(x, kernel_size, stride=None, padding=0):
    stride = kernel_size if stride is None else stride
    table = padded(x, padding).cumsum(2).cumsum(3)
    table = np.pad(table, ((0, 0), (0, 0), (1, 0), (1, 0)))
    k = kernel_size
    sums = table[:, :, k:, k:] - table[:, :, :-k, k:] - table[:, :, k:, :-k] + table[:, :, :-k, :-k]
    return sums[:, :, ::stride, ::stride] / k**2


def mean_recursive(x, kernel_size, stride=None, padding=0):
    if len(x) > 1:
        return np.concatenate(
            [mean_recursive(p, kernel_size, stride, padding) for p in (x[:1], x[1:])]
        )
    return mean_in_loops(x, kernel_size, stride, padding)


AVG_POOL = by_name(
    mean_of_windows,
    mean_in_loops,
    mean_of_shifts,
    mean_in_pytorch,
    mean_as_a_convolution,
    mean_by_einsum,
    mean_from_running_sums,
    mean_recursive,
)

_SETTINGS = ("bias", "stride", "padding")
LAYERS = {
    "conv2d": Row(CONV, _SETTINGS, frozenset({"gives tuples"})),
    "im2col": Row(IM2COL, ("stride", "padding", "not square")),
    "windows": Row(WINDOWS, ("stride",)),
    "max_pool2d": Row(MAX_POOL, ("stride", "padding", "whole numbers"), TYPELESS),
    "avg_pool2d": Row(AVG_POOL, ("stride", "padding"), frozenset({"gives tuples"})),
}
