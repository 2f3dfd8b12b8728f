"""Merged kernels, 1×1 convolutions and residual blocks, in many styles."""

import numpy as np
import scipy.signal
import torch

from tests.styles.base import Row, by_name


def copies_added(first, second):
    (h, w), (m, n) = first.shape, second.shape
    merged = np.zeros((h + m - 1, w + n - 1))
    for (i, j), weight in np.ndenumerate(second):
        merged[i : i + h, j : j + w] += weight * first
    return merged


def full_convolution(first, second):
    return scipy.signal.convolve2d(first, second)


def by_fourier(first, second):
    shape = tuple(a + b - 1 for a, b in zip(first.shape, second.shape, strict=True))
    return np.fft.irfft2(np.fft.rfft2(first, shape) * np.fft.rfft2(second, shape), shape)


def four_loops(first, second):
    (h, w), (m, n) = first.shape, second.shape
    merged = [[0.0] * (w + n - 1) for _ in range(h + m - 1)]
    for i in range(h):
        for j in range(w):
            for u in range(m):
                for v in range(n):
                    merged[i + u][j + v] += float(first[i, j]) * float(second[u, v])
    return merged


def the_other_way_round(first, second):
    return copies_added(second, first)


def a_turned_kernel_slides(first, second):
    m, n = second.shape
    framed = np.pad(first, ((m - 1, m - 1), (n - 1, n - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(framed, (m, n))
    return (windows * second[::-1, ::-1]).sum(axis=(2, 3))


def what_an_impulse_becomes(first, second):
    h, w = (a + b - 1 for a, b in zip(first.shape, second.shape, strict=True))
    dot = torch.zeros(1, 1, 2 * h - 1, 2 * w - 1, dtype=torch.float64)
    dot[0, 0, h - 1, w - 1] = 1
    for kernel in (first, second):
        dot = torch.nn.functional.conv2d(dot, torch.as_tensor(kernel)[None, None])
    return dot[0, 0].flip(0, 1)


def transposed_convolution(first, second):
    kernels = (torch.as_tensor(kernel)[None, None] for kernel in (first, second))
    return torch.nn.functional.conv_transpose2d(*kernels)[0, 0]


def einsum(x, weight):
    return np.einsum("nchw,kc->nkhw", x, weight)


def tensordot(x, weight):
    return np.moveaxis(np.tensordot(weight, x, axes=(1, 1)), 0, 1)


def flattened_pixels(x, weight):
    n, c, h, w = x.shape
    return (weight @ x.reshape(n, c, h * w)).reshape(n, -1, h, w)


def maps_last(x, weight):
    return (x.transpose(0, 2, 3, 1) @ weight.T).transpose(0, 3, 1, 2)


def two_loops(x, weight):
    y = np.zeros((len(x), len(weight), *x.shape[2:]))
    for k, row in enumerate(weight):
        for c, number in enumerate(row):
            y[:, k] += number * x[:, c]
    return y


def pixel_by_pixel(x, weight):
    y = np.empty((len(x), len(weight), *x.shape[2:]))
    for n, i, j in np.ndindex(len(x), *x.shape[2:]):
        y[n, :, i, j] = weight @ x[n, :, i, j]
    return y


def torch_convolution(x, weight):
    return torch.nn.functional.conv2d(torch.as_tensor(x), torch.as_tensor(weight)[:, :, None, None])


def torch_dense(x, weight):
    last = torch.as_tensor(x).movedim(1, -1)
    return torch.nn.functional.linear(last, torch.as_tensor(weight)).movedim(-1, 1)


def broadcast_sum(x, weight):
    return (x[:, None] * weight[None, :, :, None, None]).sum(axis=2)


def relu(x):
    return np.maximum(0, x)


def plain(x, w1, w2):
    return relu(x + relu(x @ w1.T) @ w2.T)


def masks(x, w1, w2):
    hidden = x @ w1.T
    total = x + (hidden * (hidden > 0)) @ w2.T
    return total * (total > 0)


def where(x, w1, w2):
    hidden = np.where(x @ w1.T > 0, x @ w1.T, 0)
    total = hidden @ w2.T + x
    return np.where(total > 0, total, 0)


def image_by_image(x, w1, w2):
    return np.array([relu(row + w2 @ relu(w1 @ row)) for row in x])


def einsums(x, w1, w2):
    hidden = np.einsum("nd,hd->nh", x, w1).clip(0)
    return (x + np.einsum("nh,dh->nd", hidden, w2)).clip(min=0)


def in_torch(x, w1, w2):
    x, w1, w2 = map(torch.as_tensor, (x, w1, w2))
    return (x + (x @ w1.T).relu() @ w2.T).relu()


def torch_layers(x, w1, w2):
    x, w1, w2 = map(torch.as_tensor, (x, w1, w2))
    linear, bend = torch.nn.functional.linear, torch.nn.functional.relu
    return bend(x + linear(bend(linear(x, w1)), w2))


def half_the_absolute(x, w1, w2):
    def bend(z):
        return (z + abs(z)) / 2

    return bend(x + bend(x @ w1.T) @ w2.T)


def changed_in_place(x, w1, w2):
    total = relu(np.dot(x, w1.T)) @ w2.T
    total += x
    total[total < 0] = 0
    return total


def two_ways(dy, z, s, w1, w2):
    ds = dy * (s > 0)
    return ds + (ds @ w2 * (z > 0)) @ w1


def wheres(dy, z, s, w1, w2):
    ds = np.where(s > 0, dy, 0)
    return np.where(z > 0, ds @ w2, 0) @ w1 + ds


def zeros_written(dy, z, s, w1, w2):
    ds = dy.copy()
    ds[s <= 0] = 0
    dz = ds @ w2
    dz[z <= 0] = 0
    dx = dz @ w1
    dx += ds
    return dx


def steps(dy, z, s, w1, w2):
    ds = dy * np.heaviside(s, 0)
    return ds + np.einsum("nd,dh,nh,he->ne", ds, w2, np.heaviside(z, 0), w1)


def rows(dy, z, s, w1, w2):
    every = []
    for signal, hidden, total in zip(dy, z, s, strict=True):
        ds = signal * (total > 0)
        every.append(ds + w1.T @ ((w2.T @ ds) * (hidden > 0)))
    return np.stack(every)


def jacobians(dy, z, s, w1, w2):
    eye = np.eye(dy.shape[1])
    return np.stack(
        [
            signal @ np.diag((total > 0) * 1.0) @ (eye + w2 @ np.diag((hidden > 0) * 1.0) @ w1)
            for signal, hidden, total in zip(dy, z, s, strict=True)
        ]
    )


def transposed(dy, z, s, w1, w2):
    ds = (dy * (s > 0)).T
    return (ds + w1.T @ ((w2.T @ ds) * (z > 0).T)).T


def signal_in_torch(dy, z, s, w1, w2):
    dy, z, s, w1, w2 = map(torch.as_tensor, (dy, z, s, w1, w2))
    ds = dy * (s > 0)
    return torch.addmm(ds, (ds @ w2) * (z > 0), w1)


def pulled_by_autograd(dy, z, s, w1, w2):
    dy, z, s, w1, w2 = map(torch.as_tensor, (dy, z, s, w1, w2))
    x = torch.zeros_like(dy, requires_grad=True)
    hidden = (x @ w1.T) * (z > 0)
    ((x + hidden @ w2.T) * (s > 0)).backward(dy)
    return x.grad


def padded(x, channels):
    return np.pad(x[:, :, ::2, ::2], ((0, 0), (0, channels - x.shape[1]), (0, 0), (0, 0)))


def joined(x, channels):
    some = x[:, :, ::2, ::2]
    zeros = np.zeros((len(x), channels - x.shape[1], *some.shape[2:]))
    return np.concatenate([some, zeros], axis=1)


def written_into(x, channels):
    y = np.zeros((len(x), channels, (x.shape[2] + 1) // 2, (x.shape[3] + 1) // 2))
    y[:, : x.shape[1]] = x[..., ::2, ::2]
    return y


def padded_in_torch(x, channels):
    some = torch.as_tensor(x)[:, :, ::2, ::2]
    return torch.nn.functional.pad(some, (0, 0, 0, 0, 0, channels - x.shape[1]))


def pooled_by_one(x, channels):
    some = torch.nn.functional.avg_pool2d(torch.as_tensor(x), 1, stride=2)
    return torch.cat([some, some.new_zeros(len(x), channels - x.shape[1], *some.shape[2:])], 1)


def number_by_number(x, channels):
    y = np.zeros((len(x), channels, -(-x.shape[2] // 2), -(-x.shape[3] // 2)))
    for n, c, i, j in np.ndindex(len(x), x.shape[1], *y.shape[2:]):
        y[n, c, i, j] = x[n, c, 2 * i, 2 * j]
    return y


def one_by_one(x, channels):
    weight = torch.eye(channels, x.shape[1], dtype=torch.float64)[:, :, None, None]
    return torch.nn.functional.conv2d(torch.as_tensor(x), weight, stride=2)


def a_matrix_of_ones(x, channels):
    return np.einsum("nchw,kc->nkhw", x[:, :, ::2, ::2], np.eye(channels, x.shape[1]))


def taken(x, channels):
    some = x.take(range(0, x.shape[2], 2), axis=2).take(range(0, x.shape[3], 2), axis=3)
    more = np.zeros_like(some[:, :1]).repeat(channels - x.shape[1], axis=1)
    return np.hstack([some, more])


RESNET = {
    "merged_kernel": Row(
        by_name(
            copies_added,
            full_convolution,
            by_fourier,
            four_loops,
            the_other_way_round,
            a_turned_kernel_slides,
            what_an_impulse_becomes,
            transposed_convolution,
        )
    ),
    "pointwise": Row(
        by_name(
            einsum,
            tensordot,
            flattened_pixels,
            maps_last,
            two_loops,
            pixel_by_pixel,
            torch_convolution,
            torch_dense,
            broadcast_sum,
        )
    ),
    "residual_block": Row(
        by_name(
            plain,
            masks,
            where,
            image_by_image,
            einsums,
            in_torch,
            torch_layers,
            half_the_absolute,
            changed_in_place,
        )
    ),
    "residual_gradient": Row(
        by_name(
            two_ways,
            wheres,
            zeros_written,
            steps,
            rows,
            jacobians,
            transposed,
            signal_in_torch,
            pulled_by_autograd,
        )
    ),
    "padded_shortcut": Row(
        by_name(
            padded,
            joined,
            written_into,
            padded_in_torch,
            pooled_by_one,
            number_by_number,
            one_by_one,
            a_matrix_of_ones,
            taken,
        )
    ),
}
