"""Sub-sampling, codes, groups and AlexNet's normalisation, in many styles."""

import math
from fractions import Fraction

import numpy as np
import scipy.signal
import scipy.spatial
import torch

from tests.styles.base import Row, by_name


def four_corners(x, weight, bias):
    total = x[:, :, ::2, ::2] + x[:, :, 1::2, ::2] + x[:, :, ::2, 1::2] + x[:, :, 1::2, 1::2]
    return weight[:, None, None] * total / 4 + bias[:, None, None]


def reshaped_windows(x, weight, bias):
    n, c, h, w = x.shape
    mean = x.reshape(n, c, h // 2, 2, w // 2, 2).mean(axis=(3, 5))
    return mean * weight.reshape(-1, 1, 1) + bias.reshape(-1, 1, 1)


def window_by_window(x, weight, bias):
    n, c, h, w = x.shape
    y = np.zeros((n, c, h // 2, w // 2))
    for image, m, i, j in np.ndindex(y.shape):
        window = x[image, m, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
        y[image, m, i, j] = weight[m] * window.mean() + bias[m]
    return y


def pooled_in_pytorch(x, weight, bias):
    pooled = torch.nn.functional.avg_pool2d(torch.as_tensor(x), 2)
    return torch.as_tensor(weight)[:, None, None] * pooled + torch.as_tensor(bias)[:, None, None]


def as_a_depthwise_convolution(x, weight, bias):
    filters = torch.as_tensor(weight)[:, None, None, None].repeat(1, 1, 2, 2) / 4
    return torch.nn.functional.conv2d(
        torch.as_tensor(x), filters, torch.as_tensor(bias), stride=2, groups=len(weight)
    )


def sliding_windows(x, weight, bias):
    windows = np.lib.stride_tricks.sliding_window_view(x, (2, 2), (2, 3))[:, :, ::2, ::2]
    return np.einsum("nchwij,c->nchw", windows, weight) / 4 + bias[None, :, None, None]


def two_matrices(x, weight, bias):
    down = np.kron(np.eye(x.shape[2] // 2), [0.5, 0.5])
    across = np.kron(np.eye(x.shape[3] // 2), [0.5, 0.5])
    mean = down @ x @ across.T
    return np.moveaxis(np.moveaxis(mean, 1, -1) * weight + bias, -1, 1)


def map_by_map(x, weight, bias):
    maps = []
    for m in range(x.shape[1]):
        rows = (x[:, m, ::2] + x[:, m, 1::2]) / 2
        maps.append((rows[..., ::2] + rows[..., 1::2]) / 2 * weight[m] + bias[m])
    return np.stack(maps, axis=1)


def by_scipy(x, weight, bias):
    y = np.empty((*x.shape[:2], x.shape[2] // 2, x.shape[3] // 2))
    for n, c in np.ndindex(x.shape[:2]):
        sums = scipy.signal.correlate2d(x[n, c], np.ones((2, 2)), mode="valid")
        y[n, c] = sums[::2, ::2] * (weight[c] / 4) + bias[c]
    return y


def broadcast(f6, codes):
    return ((f6[:, None] - codes[None]) ** 2).sum(-1)


def by_the_binomial(f6, codes):
    return (f6**2).sum(1)[:, None] - 2 * f6 @ codes.T + (codes**2).sum(1)


def two_loops(f6, codes):
    return [
        [sum((a - b) ** 2 for a, b in zip(row, code, strict=True)) for code in codes] for row in f6
    ]


def norms_squared(f6, codes):
    return np.linalg.norm(f6[:, None] - codes, axis=2) ** 2


def cdist(f6, codes):
    return scipy.spatial.distance.cdist(f6, codes, "sqeuclidean")


def torch_cdist(f6, codes):
    return torch.cdist(torch.as_tensor(f6), torch.as_tensor(codes)) ** 2


def einsum_of_differences(f6, codes):
    d = f6[:, None] - codes
    return np.einsum("nkd,nkd->nk", d, d)


def class_by_class(f6, codes):
    return np.stack([np.square(f6 - code).sum(axis=1) for code in codes], axis=1)


def written_into(f6, codes):
    out = np.empty((len(f6), len(codes)))
    for k, code in enumerate(codes):
        out[:, k] = np.sum((code - f6) ** 2, axis=-1)
    return out


def negated(size, kernel_size, stride):
    return -(-(size - kernel_size) // stride) + 1


def math_ceil(size, kernel_size, stride):
    return 1 + math.ceil((size - kernel_size) / stride)


def numpy_ceil(size, kernel_size, stride):
    return np.ceil((size - kernel_size) / stride) + 1


def a_case_for_what_is_left(size, kernel_size, stride):
    moves, left = divmod(size - kernel_size, stride)
    return moves + 1 + (left > 0)


def more_before_division(size, kernel_size, stride):
    return (size - kernel_size + stride - 1) // stride + 1


def a_walk(size, kernel_size, stride):
    start, places = 0, 1
    while start + kernel_size < size:
        start, places = start + stride, places + 1
    return places


def itself_again(size, kernel_size, stride):
    return 1 if size <= kernel_size else 1 + itself_again(size - stride, kernel_size, stride)


def starts(size, kernel_size, stride):
    return len(range(0, size - kernel_size + stride, stride))


def a_fraction(size, kernel_size, stride):
    return math.ceil(Fraction(size - kernel_size, stride)) + 1


def pooled_with_ceil(size, kernel_size, stride):
    pool = torch.nn.MaxPool1d(kernel_size, stride, ceil_mode=True)
    return pool(torch.zeros(1, 1, size)).shape[-1]


def one_convolution(x, weight):
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], (2, 3))
    return np.einsum("nchwij,kcij->nkhw", windows, weight)


def split_and_join(x, weight, groups):
    maps, filters = np.split(x, groups, axis=1), np.split(weight, groups)
    parts = [one_convolution(m, f) for m, f in zip(maps, filters, strict=True)]
    return np.concatenate(parts, axis=1)


def slices_by_hand(x, weight, groups):
    c, k = x.shape[1] // groups, len(weight) // groups
    parts = [
        one_convolution(x[:, g * c : (g + 1) * c], weight[g * k : (g + 1) * k])
        for g in range(groups)
    ]
    return np.hstack(parts)


def filter_by_filter(x, weight, groups):
    c, k = x.shape[1] // groups, len(weight) // groups
    maps = [
        one_convolution(x[:, f // k * c : f // k * c + c], weight[f : f + 1])
        for f in range(len(weight))
    ]
    return np.concatenate(maps, axis=1)


def torch_groups(x, weight, groups):
    return torch.nn.functional.conv2d(torch.as_tensor(x), torch.as_tensor(weight), groups=groups)


def filled_with_zeros(x, weight, groups):
    k, c = len(weight) // groups, x.shape[1] // groups
    full = np.zeros((len(weight), x.shape[1], *weight.shape[2:]))
    for g in range(groups):
        full[g * k : (g + 1) * k, g * c : (g + 1) * c] = weight[g * k : (g + 1) * k]
    return one_convolution(x, full)


def an_axis_of_groups(x, weight, groups):
    n, c, h, w = x.shape
    k, _, kh, kw = weight.shape
    windows = np.lib.stride_tricks.sliding_window_view(
        x.reshape(n, groups, c // groups, h, w), (kh, kw), (3, 4)
    )
    filters = weight.reshape(groups, k // groups, c // groups, kh, kw)
    y = np.einsum("ngchwij,gkcij->ngkhw", windows, filters)
    return y.reshape(n, k, *y.shape[3:])


def seven_loops(x, weight, groups):
    k, c, kh, kw = weight.shape
    y = np.zeros((len(x), k, x.shape[2] - kh + 1, x.shape[3] - kw + 1))
    for n, f, i, j in np.ndindex(y.shape):
        first = f // (k // groups) * c
        y[n, f, i, j] = (x[n, first : first + c, i : i + kh, j : j + kw] * weight[f]).sum()
    return y


def correlated_by_scipy(x, weight, groups):
    c, per = weight.shape[1], len(weight) // groups
    return np.array(
        [
            [
                sum(
                    scipy.signal.correlate2d(image[f // per * c + m], kernel, mode="valid")
                    for m, kernel in enumerate(kernels)
                )
                for f, kernels in enumerate(weight)
            ]
            for image in x
        ]
    )


def written_group_by_group(x, weight, groups):
    y = None
    for g, (m, f) in enumerate(
        zip(np.split(x, groups, 1), np.split(weight, groups, 0), strict=True)
    ):
        part = one_convolution(m, f)
        if y is None:
            y = np.empty((part.shape[0], len(weight), *part.shape[2:]))
        y[:, g * part.shape[1] : (g + 1) * part.shape[1]] = part
    return y


def one_line(weight, channels, height, width):
    return weight.reshape(-1, channels, height, width)


def with_its_rows(weight, channels, height, width):
    return np.reshape(weight, (weight.shape[0], channels, height, width))


def stacked_rows(weight, channels, height, width):
    return np.stack([row.reshape(channels, height, width) for row in weight])


def viewed_in_pytorch(weight, channels, height, width):
    return torch.as_tensor(weight).view(-1, channels, height, width)


def unflattened(weight, channels, height, width):
    return torch.as_tensor(weight).unflatten(1, (channels, height, width))


def number_by_number(weight, channels, height, width):
    filters = np.empty((len(weight), channels, height, width))
    for k, c, i, j in np.ndindex(filters.shape):
        filters[k, c, i, j] = weight[k, (c * height + i) * width + j]
    return filters


def cut_twice(weight, channels, height, width):
    maps = np.split(weight, channels, axis=1)
    return np.stack([m.reshape(len(weight), height, width) for m in maps], axis=1)


def lists_of_lists(weight, channels, height, width):
    area = height * width
    return [
        [
            [list(row[c * area + i * width : c * area + (i + 1) * width]) for i in range(height)]
            for c in range(channels)
        ]
        for row in weight
    ]


def shape_set(weight, channels, height, width):
    filters = weight.copy()
    filters.shape = (len(weight), channels, height, width)
    return filters


def map_after_map(x, size, alpha, beta, k):
    y, reach = np.empty_like(x), size // 2
    for i in range(x.shape[1]):
        near = x[:, max(0, i - reach) : i + reach + 1]
        y[:, i] = x[:, i] / (k + alpha * (near**2).sum(axis=1)) ** beta
    return y


def a_band_of_ones(x, size, alpha, beta, k):
    maps = np.arange(x.shape[1])
    band = (abs(maps[:, None] - maps) <= size // 2).astype(float)
    return x / (k + alpha * np.einsum("ij,njhw->nihw", band, x**2)) ** beta


def padded_and_slid(x, size, alpha, beta, k):
    sides = (size // 2, size // 2)
    padded = np.pad(x**2, ((0, 0), sides, (0, 0), (0, 0)))
    sums = np.lib.stride_tricks.sliding_window_view(padded, size, 1).sum(axis=-1)
    return x * (k + alpha * sums) ** -beta


def running_sums(x, size, alpha, beta, k):
    count, reach = x.shape[1], size // 2
    sums = np.concatenate([np.zeros_like(x[:, :1]), np.cumsum(x**2, axis=1)], axis=1)
    low = np.maximum(np.arange(count) - reach, 0)
    high = np.minimum(np.arange(count) + reach + 1, count)
    return x / (k + alpha * (sums[:, high] - sums[:, low])) ** beta


def torch_with_its_alpha(x, size, alpha, beta, k):
    norm = torch.nn.LocalResponseNorm(size, alpha=alpha * size, beta=beta, k=k)
    return norm(torch.as_tensor(x))


def five_loops(x, size, alpha, beta, k):
    y = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(x.shape):
        total = 0.0
        for m in range(c - size // 2, c + size // 2 + 1):
            if 0 <= m < x.shape[1]:
                total += x[n, m, i, j] ** 2
        y[n, c, i, j] = x[n, c, i, j] / (k + alpha * total) ** beta
    return y


def shifted_copies(x, size, alpha, beta, k):
    total = x**2
    for shift in range(1, min(size // 2, x.shape[1] - 1) + 1):
        total[:, shift:] += x[:, :-shift] ** 2
        total[:, :-shift] += x[:, shift:] ** 2
    return x / (k + alpha * total) ** beta


def logarithms(x, size, alpha, beta, k):
    near = [x[:, max(0, i - size // 2) : i + size // 2 + 1] for i in range(x.shape[1])]
    total = np.stack([np.square(part).sum(1) for part in near], 1)
    return x * np.exp(-beta * np.log(k + alpha * total))


def convolved_along_the_maps(x, size, alpha, beta, k):
    window = np.ones((1, size, 1, 1))
    total = scipy.signal.convolve(
        np.pad(x**2, ((0, 0), (size, size), (0, 0), (0, 0))), window, "same"
    )
    return x / (k + alpha * total[:, size:-size]) ** beta


ALEXNET = {
    "subsample": Row(
        by_name(
            four_corners,
            reshaped_windows,
            window_by_window,
            pooled_in_pytorch,
            as_a_depthwise_convolution,
            sliding_windows,
            two_matrices,
            map_by_map,
            by_scipy,
        )
    ),
    "code_distances": Row(
        by_name(
            broadcast,
            by_the_binomial,
            two_loops,
            norms_squared,
            cdist,
            torch_cdist,
            einsum_of_differences,
            class_by_class,
            written_into,
        )
    ),
    "size_of_2012": Row(
        by_name(
            negated,
            math_ceil,
            numpy_ceil,
            a_case_for_what_is_left,
            more_before_division,
            a_walk,
            itself_again,
            starts,
            a_fraction,
            pooled_with_ceil,
        )
    ),
    "grouped_conv2d": Row(
        by_name(
            split_and_join,
            slices_by_hand,
            filter_by_filter,
            torch_groups,
            filled_with_zeros,
            an_axis_of_groups,
            seven_loops,
            correlated_by_scipy,
            written_group_by_group,
        )
    ),
    "dense_as_conv": Row(
        by_name(
            one_line,
            with_its_rows,
            stacked_rows,
            viewed_in_pytorch,
            unflattened,
            number_by_number,
            cut_twice,
            lists_of_lists,
            shape_set,
        )
    ),
    "response_norm": Row(
        by_name(
            map_after_map,
            a_band_of_ones,
            padded_and_slid,
            running_sums,
            torch_with_its_alpha,
            five_loops,
            shifted_copies,
            logarithms,
            convolved_along_the_maps,
        )
    ),
}
