"""Backward passes in many styles: one gradient of a convolution, and whole pairs."""

import functools

import numpy as np
import scipy.signal
import torch

from tests.styles.base import by_name
from tests.styles.layers import columns_of, padded


def _loops(dy):
    out = np.zeros(dy.shape[1])
    for n, k, i, j in np.ndindex(dy.shape):
        out[k] += dy[n, k, i, j]
    return out


DBIAS = {
    "sum": lambda dy: dy.sum(axis=(0, 2, 3)),
    "loops": _loops,
    "einsum": lambda dy: np.einsum("nkij->k", dy),
    "moved axis": lambda dy: np.moveaxis(dy, 1, 0).reshape(dy.shape[1], -1).sum(1),
    "filter by filter": lambda dy: [dy[:, k].sum() for k in range(dy.shape[1])],
    "axis by axis": lambda dy: dy.sum(3).sum(2).sum(0),
    "partial": functools.partial(np.sum, axis=(0, 2, 3)),
    "lambda": lambda g: g.sum((0, 2, 3)),
    "recursion": lambda dy: functools.reduce(np.add, [image.sum(axis=(1, 2)) for image in dy]),
    "PyTorch": lambda dy: torch.as_tensor(dy).sum((0, 2, 3)),
    "with ones": lambda dy: np.tensordot(
        dy, np.ones((len(dy), *dy.shape[2:])), ((0, 2, 3), (0, 1, 2))
    ),
    "takes all": lambda dy, x, weight, stride=1, padding=0: dy.sum(axis=(0, 2, 3)),
}


def by_columns(dy, x, weight, stride=1, padding=0):
    columns = columns_of(x, weight.shape[2:], stride, padding)
    flat = dy.reshape(*dy.shape[:2], -1)
    return (flat @ columns.transpose(0, 2, 1)).sum(axis=0).reshape(weight.shape)


def weight_in_loops(dy, x, weight, stride=1, padding=0):
    x, dweight = padded(x, padding), np.zeros(weight.shape)
    kh, kw = weight.shape[2:]
    for n, k, i, j in np.ndindex(dy.shape):
        top, left = i * stride, j * stride
        dweight[k] += dy[n, k, i, j] * x[n, :, top : top + kh, left : left + kw]
    return dweight


def weight_by_einsum(dy, x, weight, stride=1, padding=0):
    windows = np.lib.stride_tricks.sliding_window_view(
        padded(x, padding), weight.shape[2:], axis=(2, 3)
    )[:, :, ::stride, ::stride]
    return np.einsum("nkij,ncijuv->kcuv", dy, windows)


def weight_tensordot(dy, x, weight, stride=1, padding=0):
    windows = np.lib.stride_tricks.sliding_window_view(
        padded(x, padding), weight.shape[2:], axis=(2, 3)
    )[:, :, ::stride, ::stride]
    return np.tensordot(dy, windows, axes=((0, 2, 3), (0, 2, 3)))


def weight_place_by_place(dy, x, weight, stride=1, padding=0):
    x, dweight = padded(x, padding), np.zeros_like(weight)
    rows, columns = dy.shape[2:]
    for u, v in np.ndindex(weight.shape[2:]):
        part = x[:, :, u : u + rows * stride : stride, v : v + columns * stride : stride]
        dweight[:, :, u, v] = np.einsum("nkij,ncij->kc", dy, part[:, :, :rows, :columns])
    return dweight


def _in_pytorch(which):
    def own(dy, x, weight, stride=1, padding=0):
        x, weight = (torch.tensor(a, requires_grad=True) for a in (x, weight))
        y = torch.nn.functional.conv2d(x, weight, stride=stride, padding=padding)
        y.backward(torch.tensor(dy))
        return (x, weight)[which].grad

    return own


def weight_by_scipy(dy, x, weight, stride=1, padding=0):
    x = padded(x, padding)
    wide = np.zeros((*dy.shape[:2], (dy.shape[2] - 1) * stride + 1, (dy.shape[3] - 1) * stride + 1))
    wide[:, :, ::stride, ::stride] = dy
    dweight = np.zeros(weight.shape)
    kh, kw = weight.shape[2:]
    for n, k, c in np.ndindex(len(x), len(weight), x.shape[1]):
        dweight[k, c] += scipy.signal.correlate2d(x[n, c], wide[n, k], "valid")[:kh, :kw]
    return dweight


def weight_image_by_image(dy, x, weight, stride=1, padding=0):
    if len(x) > 1:
        halves = ((dy[:1], x[:1]), (dy[1:], x[1:]))
        return sum(weight_image_by_image(g, part, weight, stride, padding) for g, part in halves)
    return by_columns(dy, x, weight, stride, padding)


DWEIGHT = by_name(
    by_columns,
    weight_in_loops,
    weight_by_einsum,
    weight_tensordot,
    weight_place_by_place,
    weight_by_scipy,
    weight_image_by_image,
) | {
    "PyTorch": _in_pytorch(1),
    "PyTorch's own gradient": lambda dy, x, weight, stride=1, padding=0: (
        torch.nn.grad.conv2d_weight(
            torch.as_tensor(x), weight.shape, torch.as_tensor(dy), stride, padding
        )
    ),
}


def sends_its_share(dy, x, weight, stride=1, padding=0):
    count, channels, height, width = x.shape
    dx = np.zeros((count, channels, height + 2 * padding, width + 2 * padding))
    kh, kw = weight.shape[2:]
    for i, j in np.ndindex(dy.shape[2:]):
        top, left = i * stride, j * stride
        share = np.einsum("nk,kcuv->ncuv", dy[:, :, i, j], weight)
        dx[:, :, top : top + kh, left : left + kw] += share
    return dx[:, :, padding : padding + height, padding : padding + width]


def input_in_loops(dy, x, weight, stride=1, padding=0):
    dx = np.zeros((*x.shape[:2], x.shape[2] + 2 * padding, x.shape[3] + 2 * padding))
    kh, kw = weight.shape[2:]
    for n, k, i, j in np.ndindex(dy.shape):
        top, left = i * stride, j * stride
        dx[n, :, top : top + kh, left : left + kw] += dy[n, k, i, j] * weight[k]
    return dx[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]]


def input_weight_by_weight(dy, x, weight, stride=1, padding=0):
    dx = np.zeros((*x.shape[:2], x.shape[2] + 2 * padding, x.shape[3] + 2 * padding))
    rows, columns = dy.shape[2:]
    for u, v in np.ndindex(weight.shape[2:]):
        down = slice(u, u + (rows - 1) * stride + 1, stride)
        right = slice(v, v + (columns - 1) * stride + 1, stride)
        dx[:, :, down, right] += np.einsum("nkij,kc->ncij", dy, weight[:, :, u, v])
    return dx[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]]


def input_as_a_convolution(dy, x, weight, stride=1, padding=0):
    kh, kw = weight.shape[2:]
    wide = np.zeros(
        (*dy.shape[:2], x.shape[2] + 2 * padding - kh + 1, x.shape[3] + 2 * padding - kw + 1)
    )
    wide[:, :, ::stride, ::stride] = dy
    wide = np.pad(wide, ((0, 0), (0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(wide, (kh, kw), axis=(2, 3))
    dx = np.einsum("nkijuv,kcuv->ncij", windows, weight[:, :, ::-1, ::-1])
    return dx[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]]


def input_from_columns(dy, x, weight, stride=1, padding=0):
    height, width = x.shape[2:]
    flat = torch.tensor(dy.reshape(*dy.shape[:2], -1))
    columns = torch.tensor(weight.reshape(len(weight), -1)).T @ flat
    return torch.nn.functional.fold(
        columns, (height, width), weight.shape[2:], stride=stride, padding=padding
    )


def input_by_scatter(dy, x, weight, stride=1, padding=0):
    share = np.einsum("nkij,kcuv->ncijuv", dy, weight)
    i, j, u, v = np.indices(share.shape[2:])
    dx = np.zeros((*x.shape[:2], x.shape[2] + 2 * padding, x.shape[3] + 2 * padding))
    for n, c in np.ndindex(x.shape[:2]):
        np.add.at(dx[n, c], (i * stride + u, j * stride + v), share[n, c])
    return dx[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]]


def input_image_by_image(dy, x, weight, stride=1, padding=0):
    if len(x) > 1:
        halves = ((dy[:1], x[:1]), (dy[1:], x[1:]))
        return np.concatenate(
            [input_image_by_image(g, part, weight, stride, padding) for g, part in halves]
        )
    return sends_its_share(dy, x, weight, stride, padding)


DX = by_name(
    sends_its_share,
    input_in_loops,
    input_weight_by_weight,
    input_as_a_convolution,
    input_from_columns,
    input_by_scatter,
    input_image_by_image,
) | {
    "PyTorch": _in_pytorch(0),
    "PyTorch's own gradient": lambda dy, x, weight, stride=1, padding=0: torch.nn.grad.conv2d_input(
        x.shape, torch.as_tensor(weight), torch.as_tensor(dy), stride, padding
    ),
}

BACKWARDS = {
    ("conv2d", "dbias"): DBIAS,
    ("conv2d", "dweight"): DWEIGHT,
    ("conv2d", "dx"): DX,
}


def _linear(x, weight, bias):
    return x @ weight.T + bias, (x, weight)


def _linear_backward(dy, cache):
    x, weight = cache
    return dy @ weight, dy.T @ x, dy.sum(0)


def _softmax(x):
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    y = powers / powers.sum(axis=1, keepdims=True)
    return y, y


def _cross_entropy(logits, labels):
    p, _ = _softmax(logits)
    z = logits - logits.max(1, keepdims=True)
    rows = np.arange(len(labels))
    loss = (np.log(np.exp(z).sum(1)) - z[rows, labels]).mean()
    return loss, (p, labels)


def _cross_entropy_backward(cache):
    p, labels = cache
    return (p - np.eye(p.shape[1])[labels]) / len(p)


def _pool(x, kernel_size, stride=None):
    stride = stride or kernel_size
    windows = np.lib.stride_tricks.sliding_window_view(x, (kernel_size,) * 2, axis=(2, 3))
    return windows[:, :, ::stride, ::stride].max(axis=(4, 5)), (x, kernel_size, stride)


def _pool_backward(dy, cache):
    x, k, stride = cache
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dy.shape):
        window = x[n, c, i * stride : i * stride + k, j * stride : j * stride + k]
        u, v = np.unravel_index(window.argmax(), window.shape)
        dx[n, c, i * stride + u, j * stride + v] += dy[n, c, i, j]
    return dx


class _Kept:
    """A cache with names."""

    def __init__(self, x):
        self.x = x


PAIRS = {
    "relu": {
        "cache x": (lambda x: (np.maximum(x, 0), x), lambda dy, x: dy * (x > 0)),
        "cache a mask": (lambda x: (x * (x > 0), x > 0), lambda dy, mask: dy * mask),
        "no cache": (lambda x: np.maximum(x, 0), lambda dy, x: np.where(x > 0, dy, 0)),
        "a dict": (lambda x: (np.maximum(x, 0), {"x": x}), lambda dy, c: dy * (c["x"] > 0)),
        "an object": (lambda x: (np.maximum(x, 0), _Kept(x)), lambda dy, c: dy * (c.x > 0)),
        "a list of one": (lambda x: (np.maximum(x, 0), [x]), lambda dy, c: [dy * (c[0] > 0)]),
        "other names": (lambda z: (np.maximum(z, 0), z), lambda g, memory: g * (memory > 0)),
    },
    "linear": {
        "a tuple": (_linear, _linear_backward),
        "a list": (_linear, lambda dy, cache: [*_linear_backward(dy, cache)]),
        "a dict": (
            _linear,
            lambda dy, cache: dict(
                zip(("x", "weight", "bias"), _linear_backward(dy, cache), strict=True)
            ),
        ),
        "a dict of d": (
            _linear,
            lambda dy, cache: dict(
                zip(("dx", "dweight", "dbias"), _linear_backward(dy, cache), strict=True)
            ),
        ),
        "no cache": (
            lambda x, weight, bias: x @ weight.T + bias,
            lambda dy, x, weight, bias: _linear_backward(dy, (x, weight)),
        ),
    },
    "softmax": {
        "from y": (_softmax, lambda dy, y: y * (dy - (dy * y).sum(1, keepdims=True))),
        "Jacobian": (
            _softmax,
            lambda dy, y: np.stack(
                [(np.diag(p) - np.outer(p, p)) @ g for p, g in zip(y, dy, strict=True)]
            ),
        ),
    },
    "cross_entropy": {"from p": (_cross_entropy, _cross_entropy_backward)},
    "max_pool2d": {"first winner": (_pool, _pool_backward)},
}
