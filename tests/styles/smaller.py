"""Separable convolutions, squeeze and excite, EfficientNet's scaling and quantised weights."""

import decimal
import fractions
import math

import numpy as np
import scipy.signal
import scipy.special
import torch

from tests.styles.base import Row, by_name

slide = np.lib.stride_tricks.sliding_window_view


def windows_weighed(x, weight):
    return np.einsum("nchwij,cij->nchw", slide(x, weight.shape[1:], (2, 3)), weight)


def map_by_map(x, weight):
    maps = [
        (slide(x[:, c], kernel.shape, (1, 2)) * kernel).sum(axis=(-2, -1))
        for c, kernel in enumerate(weight)
    ]
    return np.stack(maps, axis=1)


def place_by_place(x, weight):
    (n, c, h, w), (_, kh, kw) = x.shape, weight.shape
    y = np.zeros((n, c, h - kh + 1, w - kw + 1))
    for i, j in np.ndindex(y.shape[2:]):
        y[:, :, i, j] = (x[:, :, i : i + kh, j : j + kw] * weight).sum(axis=(2, 3))
    return y


def six_loops(x, weight):
    (n, c, h, w), (_, kh, kw) = x.shape, weight.shape
    y = np.zeros((n, c, h - kh + 1, w - kw + 1))
    for image, m, i, j in np.ndindex(y.shape):
        for u, v in np.ndindex(kh, kw):
            y[image, m, i, j] += x[image, m, i + u, j + v] * weight[m, u, v]
    return y


def tap_by_tap(x, weight):
    _, kh, kw = weight.shape
    rows, columns = x.shape[2] - kh + 1, x.shape[3] - kw + 1
    return sum(
        x[:, :, i : i + rows, j : j + columns] * weight[None, :, i, j, None, None]
        for i, j in np.ndindex(kh, kw)
    )


def torch_groups(x, weight):
    weight = torch.as_tensor(weight)[:, None]
    return torch.nn.functional.conv2d(torch.as_tensor(x), weight, groups=len(weight))


def scipy_maps(x, weight):
    return np.array(
        [
            [
                scipy.signal.correlate2d(image, kernel, "valid")
                for image, kernel in zip(maps, weight, strict=True)
            ]
            for maps in x
        ]
    )


def a_full_convolution_with_zeros(x, weight):
    full = np.zeros((len(weight), *weight.shape))
    full[np.arange(len(weight)), np.arange(len(weight))] = weight
    return np.einsum("nchwij,kcij->nkhw", slide(x, weight.shape[1:], (2, 3)), full)


def rows_of_windows(x, weight):
    windows = slide(x, weight.shape[1:], (2, 3))
    flat = windows.reshape(*windows.shape[:4], -1)
    return (flat * weight.reshape(len(weight), 1, 1, -1)).sum(axis=-1)


def broadcast_product(depthwise, pointwise):
    return pointwise[:, :, None, None] * depthwise


def outer_by_einsum(depthwise, pointwise):
    return np.einsum("cij,kc->kcij", depthwise, pointwise)


def pair_by_pair(depthwise, pointwise):
    kernels = np.empty((len(pointwise), *depthwise.shape))
    for k, c in np.ndindex(pointwise.shape):
        kernels[k, c] = pointwise[k, c] * depthwise[c]
    return kernels


def filters_stacked(depthwise, pointwise):
    return np.stack([row.reshape(-1, 1, 1) * depthwise for row in pointwise])


def number_by_number(depthwise, pointwise):
    return [
        [
            [[p * float(w) for w in line] for line in kernel]
            for p, kernel in zip(row, depthwise, strict=True)
        ]
        for row in pointwise.tolist()
    ]


def what_impulses_become(depthwise, pointwise):
    c, kh, kw = depthwise.shape
    x = torch.zeros(c, c, 2 * kh - 1, 2 * kw - 1, dtype=torch.float64)
    x[torch.arange(c), torch.arange(c), kh - 1, kw - 1] = 1
    conv = torch.nn.functional.conv2d
    maps = conv(x, torch.as_tensor(depthwise)[:, None], groups=c)
    y = conv(maps, torch.as_tensor(pointwise)[:, :, None, None])
    return y.flip(2, 3).transpose(0, 1)


def diagonal_matrices(depthwise, pointwise):
    c, kh, kw = depthwise.shape
    filters = [np.diag(row) @ depthwise.reshape(c, -1) for row in pointwise]
    return np.array(filters).reshape(-1, c, kh, kw)


def repeated_and_weighed(depthwise, pointwise):
    kernels = np.repeat(depthwise[None], len(pointwise), axis=0)
    kernels *= pointwise.reshape(*pointwise.shape, 1, 1)
    return kernels


def product_in_torch(depthwise, pointwise):
    return torch.as_tensor(pointwise)[..., None, None] * torch.as_tensor(depthwise)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def means_and_matrices(x, w1, w2):
    means = x.mean(axis=(2, 3))
    scales = sigmoid(np.maximum(0, means @ w1.T) @ w2.T)
    return x * scales[:, :, None, None]


def image_by_image(x, w1, w2):
    y = np.empty_like(x)
    for n, image in enumerate(x):
        hidden = w1 @ image.mean(axis=(1, 2))
        hidden[hidden < 0] = 0
        y[n] = image * sigmoid(w2 @ hidden).reshape(-1, 1, 1)
    return y


def einsums(x, w1, w2):
    means = np.einsum("nchw->nc", x) / (x.shape[2] * x.shape[3])
    hidden = np.einsum("nc,sc->ns", means, w1).clip(0)
    return np.einsum("nchw,nc->nchw", x, sigmoid(np.einsum("ns,cs->nc", hidden, w2)))


def kept_axes(x, w1, w2):
    means = x.mean((2, 3), keepdims=True)
    hidden = np.maximum(np.einsum("nchw,sc->nshw", means, w1), 0)
    return x * scipy.special.expit(np.einsum("nshw,cs->nchw", hidden, w2))


def torch_convolutions(x, w1, w2):
    x, w1, w2 = map(torch.as_tensor, (x, w1, w2))
    conv = torch.nn.functional.conv2d
    squeezed = torch.nn.functional.adaptive_avg_pool2d(x, 1)
    hidden = conv(squeezed, w1[:, :, None, None]).relu()
    return x * conv(hidden, w2[:, :, None, None]).sigmoid()


def torch_dense(x, w1, w2):
    x, w1, w2 = map(torch.as_tensor, (x, w1, w2))
    linear = torch.nn.functional.linear
    scales = torch.sigmoid(linear(torch.relu(linear(x.mean((2, 3)), w1)), w2))
    return x * scales[..., None, None]


def half_a_tanh(x, w1, w2):
    z = np.maximum(x.reshape(*x.shape[:2], -1).mean(2) @ w1.T, 0) @ w2.T
    return x * ((1 + np.tanh(z / 2)) / 2)[..., None, None]


def map_after_map(x, w1, w2):
    z = np.where((h := x.mean((2, 3)) @ w1.T) > 0, h, 0) @ w2.T
    y = x.copy()
    for c in range(x.shape[1]):
        y[:, c] *= sigmoid(z[:, c])[:, None, None]
    return y


def whole_eights(channels):
    rounded = int(channels + 4) // 8 * 8
    return rounded if rounded >= 0.9 * channels else rounded + 8


def floor_of_a_half_more(channels):
    eights = math.floor(channels / 8 + 0.5)
    if 8 * eights < 0.9 * channels:
        eights += 1
    return 8 * eights


def as_the_authors(channels):
    rounded = max(8, int(channels + 8 / 2) // 8 * 8)
    if rounded < 0.9 * channels:
        rounded += 8
    return rounded


def two_candidates(channels):
    low = channels // 8 * 8
    near = low if channels - low < 4 else low + 8
    return int(near if near >= 0.9 * channels else near + 8)


def a_loop(channels):
    eights = 0
    while eights + 4 <= channels:
        eights += 8
    return eights + 8 * (eights < 0.9 * channels)


def decimals(channels):
    exact = decimal.Decimal(channels) / 8
    rounded = 8 * int(exact.to_integral_value(decimal.ROUND_HALF_UP))
    return rounded + 8 if rounded < 0.9 * channels else rounded


def numpy_floor(channels):
    rounded = 8 * np.floor((channels + 4) / 8)
    return np.where(rounded < 0.9 * channels, rounded + 8, rounded)


def the_nearest_of_a_list(channels):
    multiples = [8 * n for n in range(1000) if 8 * n >= 0.9 * channels]
    return min(multiples, key=lambda n: (abs(n - channels), -n))


def remainders(channels):
    over = channels % 8
    rounded = channels - over + 8 * (over >= 4)
    return round(rounded + 8 * (rounded / channels < 0.9))


def between_by_ceil(layers, depth):
    return [layers[0], *(math.ceil(depth * n) for n in layers[1:-1]), layers[-1]]


def numpy_ceil(layers, depth):
    scaled = np.ceil(depth * layers)
    scaled[[0, -1]] = layers[[0, -1]]
    return scaled


def whole_numbers(layers, depth):
    return numpy_ceil(layers, depth).astype(int)


def negated_floor(layers, depth):
    scaled = layers.copy()
    for i in range(1, len(layers) - 1):
        scaled[i] = -(-layers[i] * depth // 1)
    return scaled


def by_place(layers, depth):
    last = len(layers) - 1
    return [n if i in (0, last) else math.ceil(n * depth) for i, n in enumerate(layers)]


def a_row_of_depths(layers, depth):
    depths = np.full(len(layers), depth)
    depths[0] = depths[-1] = 1
    return np.ceil(depths * layers)


def joined(layers, depth):
    return np.concatenate([layers[:1], np.ceil(layers[1:-1] * depth).astype(int), layers[-1:]])


def one_more_where_it_is_not_whole(layers, depth):
    product = depth * layers[1:-1]
    whole = product.astype(int)
    return np.hstack([layers[0], whole + (product > whole), layers[-1]])


def in_torch(layers, depth):
    scaled = torch.as_tensor(layers).double()
    scaled[1:-1] = (scaled[1:-1] * depth).ceil()
    return scaled.long()


def tenths(layers, depth):
    ratio = fractions.Fraction(round(10 * depth), 10)
    return [*layers[:1], *(math.ceil(ratio * int(n)) for n in layers[1:-1]), *layers[-1:]]


def row_by_row(stages, width, depth):
    last = len(stages) - 1
    return [
        (whole_eights(width * c), n if i in (0, last) else math.ceil(depth * n))
        for i, (c, n) in enumerate(stages)
    ]


def two_columns(stages, width, depth):
    channels = [floor_of_a_half_more(width * c) for c in stages[:, 0]]
    return np.column_stack([channels, numpy_ceil(stages[:, 1], depth)])


def written_into_a_copy(stages, width, depth):
    scaled = stages.copy()
    for row in scaled:
        row[0] = as_the_authors(row[0] * width)
    scaled[1:-1, 1] = np.ceil(scaled[1:-1, 1] * depth)
    return scaled


def arrays_alone(stages, width, depth):
    channels = width * stages[:, 0]
    rounded = np.floor((channels + 4) / 8) * 8
    rounded = np.where(rounded < 0.9 * channels, rounded + 8, rounded)
    return np.stack([rounded, joined(stages[:, 1], depth)], axis=1).astype(int)


def zipped(stages, width, depth):
    channels, layers = zip(*stages, strict=True)
    wider = map(whole_eights, np.multiply(width, channels))
    return [*zip(wider, by_place(layers, depth), strict=True)]


def stages_in_torch(stages, width, depth):
    stages = torch.as_tensor(stages)
    channels = torch.tensor([decimals(width * c) for c in stages[:, 0].tolist()])
    return torch.stack([channels, in_torch(stages[:, 1], depth)], dim=1)


def stem_stages_head(stages, width, depth):
    stem, *between, head = stages.tolist()
    rows = [[a_loop(stem[0] * width), stem[1]]]
    for channels, layers in between:
        rows.append([a_loop(channels * width), -int(-layers * depth // 1)])
    return [*rows, [a_loop(head[0] * width), head[1]]]


def transposed_twice(stages, width, depth):
    channels, layers = stages.T
    return np.array([[remainders(width * c) for c in channels], tenths(layers, depth)]).T


def step_and_zero(weights, bits):
    step = (weights.max() - weights.min()) / (2**bits - 1)
    zero = np.round(-weights.min() / step)
    return (np.round(weights / step) + zero).astype(int)


def clipped(weights, bits):
    most = 2**bits - 1
    step = (np.max(weights) - np.min(weights)) / most
    zero = int(np.rint(-np.min(weights) / step))
    return np.clip(np.rint(weights / step) + zero, 0, most)


def steps_for_each_unit(weights, bits):
    per_unit = (2**bits - 1) / np.ptp(weights)
    return np.round(weights * per_unit) - np.round(weights.min() * per_unit)


def weight_by_weight(weights, bits):
    step = float(weights.max() - weights.min()) / (2**bits - 1)
    zero = round(-float(weights.min()) / step)
    whole = np.zeros(weights.shape, int)
    for place in np.ndindex(weights.shape):
        whole[place] = round(float(weights[place]) / step) + zero
    return whole


def a_half_more_and_down(weights, bits):
    step = (weights.max() - weights.min()) / (2**bits - 1)
    return np.floor(weights / step + 0.5) + np.floor(-weights.min() / step + 0.5)


def nearest_in_a_table(weights, bits):
    numbers = np.arange(2**bits)
    step = np.ptp(weights) / (2**bits - 1)
    table = (numbers - np.round(-weights.min() / step)) * step
    return np.abs(weights[..., None] - table).argmin(axis=-1)


def quantized_in_torch(weights, bits):
    weights = torch.as_tensor(weights)
    step = (weights.max() - weights.min()) / (2**bits - 1)
    return (weights / step).round().long() + (-weights.min() / step).round().long()


def lists(weights, bits):
    flat = weights.ravel().tolist()
    step = (max(flat) - min(flat)) / (2**bits - 1)
    zero = round(-min(flat) / step)
    return np.reshape([round(w / step) + zero for w in flat], weights.shape).tolist()


def fake_quantized(weights, bits):
    most, low = 2**bits - 1, float(weights.min())
    step = (float(weights.max()) - low) / most
    zero = round(-low / step)
    kept = torch.fake_quantize_per_tensor_affine(torch.as_tensor(weights), step, zero, 0, most)
    return (kept / step + zero).round()


SMALLER = {
    "depthwise": Row(
        by_name(
            windows_weighed,
            map_by_map,
            place_by_place,
            six_loops,
            tap_by_tap,
            torch_groups,
            scipy_maps,
            a_full_convolution_with_zeros,
            rows_of_windows,
        )
    ),
    "separable_kernel": Row(
        by_name(
            broadcast_product,
            outer_by_einsum,
            pair_by_pair,
            filters_stacked,
            number_by_number,
            what_impulses_become,
            diagonal_matrices,
            repeated_and_weighed,
            product_in_torch,
        )
    ),
    "squeeze_excite": Row(
        by_name(
            means_and_matrices,
            image_by_image,
            einsums,
            kept_axes,
            torch_convolutions,
            torch_dense,
            half_a_tanh,
            map_after_map,
        )
    ),
    "round_width": Row(
        by_name(
            whole_eights,
            floor_of_a_half_more,
            as_the_authors,
            two_candidates,
            a_loop,
            decimals,
            numpy_floor,
            the_nearest_of_a_list,
            remainders,
        )
    ),
    "scaled_layers": Row(
        by_name(
            between_by_ceil,
            numpy_ceil,
            whole_numbers,
            negated_floor,
            by_place,
            a_row_of_depths,
            joined,
            one_more_where_it_is_not_whole,
            in_torch,
            tenths,
        )
    ),
    "scaled_stages": Row(
        by_name(
            row_by_row,
            two_columns,
            written_into_a_copy,
            arrays_alone,
            zipped,
            stages_in_torch,
            stem_stages_head,
            transposed_twice,
        )
    ),
    "quantize": Row(
        by_name(
            step_and_zero,
            clipped,
            steps_for_each_unit,
            weight_by_weight,
            a_half_more_and_down,
            nearest_in_a_table,
            quantized_in_torch,
            lists,
            fake_quantized,
        )
    ),
}
