"""Activations, dense layers and batch normalisation, in many styles."""

import math

import numpy as np
import scipy.special
import torch

from tests.styles.base import Row, by_name


def _each(function):
    def everywhere(x):
        return np.array([function(value) for value in x.ravel().tolist()]).reshape(x.shape)

    return everywhere


def _halves(function):
    """By calling itself on what is left of the first axis."""

    def recursive(x):
        if len(x) > 1:
            return np.concatenate([recursive(x[:1]), recursive(x[1:])])
        return function(x)

    return recursive


def masked(x):
    y = x.copy()
    y[y < 0] = 0
    return y


RELU = {
    "maximum": lambda x: np.maximum(x, 0),
    "where": lambda x: np.where(x > 0, x, 0),
    "times the mask": lambda x: x * (x > 0),
    "masked": masked,
    "clip": lambda x: np.clip(x, 0, None),
    "half of both": lambda x: (x + np.abs(x)) / 2,
    "each number": _each(lambda value: max(0.0, value)),
    "recursion": _halves(lambda x: np.fmax(x, 0)),
    "PyTorch": lambda x: torch.relu(torch.as_tensor(x)),
    "piecewise": lambda x: np.piecewise(x, [x <= 0], [0, lambda positive: positive]),
    "vectorize": np.vectorize(lambda value: value if value > 0 else 0.0, otypes=[float]),
    "cache too": lambda x: (np.maximum(x, 0), x),
}
SIGMOID = {
    "formula": lambda x: 1 / (1 + np.exp(-x)),
    "scipy": scipy.special.expit,
    "tanh": lambda x: (1 + np.tanh(x / 2)) / 2,
    "where": lambda x: np.where(
        x < 0,
        np.exp(np.minimum(x, 0)) / (1 + np.exp(np.minimum(x, 0))),
        1 / (1 + np.exp(-np.abs(x))),
    ),
    "PyTorch": lambda x: torch.sigmoid(torch.as_tensor(x)),
    "each number": _each(lambda value: 1 / (1 + math.exp(-value))),
    "recursion": _halves(lambda x: 1 / (1 + np.exp(-x))),
    "logaddexp": lambda x: np.exp(-np.logaddexp(0, -x)),
    "softmax of two": lambda x: scipy.special.softmax(np.stack([0 * x, x]), axis=0)[1],
}
TANH = {
    "numpy": lambda x: np.tanh(x),
    "exponentials": lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)),
    "sigmoid": lambda x: 2 * scipy.special.expit(2 * x) - 1,
    "one exponential": lambda x: 1 - 2 / (np.exp(2 * x) + 1),
    "PyTorch": lambda x: torch.tanh(torch.as_tensor(x)),
    "each number": _each(math.tanh),
    "recursion": _halves(np.tanh),
    "sinh and cosh": lambda x: np.sinh(x) / np.cosh(x),
    "expm1": lambda x: np.expm1(2 * x) / (np.expm1(2 * x) + 2),
}


def stable(x):
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def row_by_row(x):
    rows = []
    for row in x.tolist():
        powers = [math.exp(z - max(row)) for z in row]
        rows.append([power / sum(powers) for power in powers])
    return rows


SOFTMAX = {
    "stable": stable,
    "row by row": row_by_row,
    "scipy": lambda x: scipy.special.softmax(x, axis=1),
    "logsumexp": lambda x: np.exp(x - scipy.special.logsumexp(x, axis=1, keepdims=True)),
    "PyTorch": lambda x: torch.softmax(torch.as_tensor(x), dim=1),
    "transposed": lambda x: (np.exp(x.T - x.max(1)) / np.exp(x.T - x.max(1)).sum(0)).T,
    "einsum": lambda x: np.einsum(
        "nk,n->nk",
        np.exp(x - x.max(1)[:, None]),
        1 / np.exp(x - x.max(1)[:, None]).sum(1),
    ),
    "recursion": _halves(stable),
    "differences": lambda x: 1 / np.exp(np.minimum(x[:, None] - x[:, :, None], 700)).sum(2),
    "cache too": lambda x: (stable(x), stable(x)),
}


def by_loops(x, weight, bias):
    y = np.zeros((len(x), len(weight)))
    for n in range(len(x)):
        for k in range(len(weight)):
            y[n, k] = sum(x[n, d] * weight[k, d] for d in range(x.shape[1])) + bias[k]
    return y


def example_after_example(x, weight, bias):
    if len(x) > 1:
        parts = (x[:1], x[1:])
        return np.vstack([example_after_example(part, weight, bias) for part in parts])
    return np.inner(x, weight) + bias


LINEAR = {
    "matrix product": lambda x, weight, bias: x @ weight.T + bias,
    "loops": by_loops,
    "einsum": lambda x, weight, bias: np.einsum("nd,kd->nk", x, weight) + bias,
    "dot": lambda x, weight, bias: np.dot(x, weight.transpose()) + bias,
    "tensordot": lambda x, weight, bias: np.tensordot(x, weight, axes=(1, 1)) + bias[None],
    "broadcast": lambda x, weight, bias: (x[:, None] * weight[None]).sum(axis=2) + bias,
    "recursion": example_after_example,
    "PyTorch": lambda x, weight, bias: torch.nn.functional.linear(
        *(torch.as_tensor(a) for a in (x, weight, bias))
    ),
    "a column of ones": lambda x, weight, bias: (
        np.column_stack([x, np.ones(len(x))]) @ np.column_stack([weight, bias]).T
    ),
    "list of rows": lambda x, weight, bias: [
        [row @ w + b for w, b in zip(weight, bias, strict=True)] for row in x
    ],
}


def _statistics(x, running_mean, running_var, training):
    axes = (0, *range(2, x.ndim))
    shape = (1, -1, *(1 for _ in x.shape[2:]))
    mean, var = (x.mean(axes), x.var(axes)) if training else (running_mean, running_var)
    return mean.reshape(shape), var.reshape(shape), shape


def in_one_line(x, running_mean, running_var, weight, bias, training, eps=1e-5):
    mean, var, shape = _statistics(x, running_mean, running_var, training)
    return (x - mean) / np.sqrt(var + eps) * weight.reshape(shape) + bias.reshape(shape)


def channel_by_channel(x, running_mean, running_var, weight, bias, training, eps=1e-5):
    y = np.empty_like(x)
    for c in range(x.shape[1]):
        mean = x[:, c].mean() if training else running_mean[c]
        var = x[:, c].var() if training else running_var[c]
        y[:, c] = weight[c] * (x[:, c] - mean) / (var + eps) ** 0.5 + bias[c]
    return y


def scaled_and_shifted(x, running_mean, running_var, weight, bias, training, eps=1e-5):
    mean, var, shape = _statistics(x, running_mean, running_var, training)
    scale = weight.reshape(shape) / np.sqrt(var + eps)
    return x * scale + (bias.reshape(shape) - mean * scale)


def in_pytorch(x, running_mean, running_var, weight, bias, training, eps=1e-5):
    arrays = [torch.tensor(a) for a in (x, running_mean, running_var, weight, bias)]
    return torch.nn.functional.batch_norm(*arrays, training=training, eps=eps)


def as_a_module(x, running_mean, running_var, weight, bias, training, eps=1e-5):
    kind = torch.nn.BatchNorm1d if x.ndim == 2 else torch.nn.BatchNorm2d
    layer = kind(x.shape[1], eps=eps, dtype=torch.float64).train(training)
    named = {
        "running_mean": running_mean,
        "running_var": running_var,
        "weight": weight,
        "bias": bias,
    }
    layer.load_state_dict({key: torch.tensor(value) for key, value in named.items()}, strict=False)
    return layer(torch.tensor(x))


def channels_last(x, running_mean, running_var, weight, bias, training, eps=1e-5):
    last = np.moveaxis(x, 1, -1)
    flat = last.reshape(-1, x.shape[1])
    mean, var = (flat.mean(0), flat.var(0)) if training else (running_mean, running_var)
    y = (flat - mean) / np.sqrt(var + eps) * weight + bias
    return np.moveaxis(y.reshape(last.shape), -1, 1)


def by_einsum(x, running_mean, running_var, weight, bias, training, eps=1e-5):
    mean, var, shape = _statistics(x, running_mean, running_var, training)
    scaled = np.einsum("nc...,c->nc...", x - mean, weight / np.sqrt(var.ravel() + eps))
    return scaled + bias.reshape(shape)


def one_channel_then_the_rest(x, running_mean, running_var, weight, bias, training, eps=1e-5):
    if x.shape[1] > 1:
        parts = (slice(None, 1), slice(1, None))
        y = [
            one_channel_then_the_rest(
                x[:, p], running_mean[p], running_var[p], weight[p], bias[p], training, eps
            )
            for p in parts
        ]
        return np.concatenate(y, axis=1)
    return channel_by_channel(x, running_mean, running_var, weight, bias, training, eps)


BATCH_NORM = by_name(
    in_one_line,
    channel_by_channel,
    scaled_and_shifted,
    in_pytorch,
    as_a_module,
    channels_last,
    by_einsum,
    one_channel_then_the_rest,
)

_TUPLES = frozenset({"gives tuples"})  # a tuple is y and a cache
POINTWISE = {
    "relu": Row(RELU, None, _TUPLES),
    "sigmoid": Row(SIGMOID, None, _TUPLES),
    "tanh": Row(TANH, None, _TUPLES),
    "softmax": Row(SOFTMAX, None, _TUPLES),
    "linear": Row(LINEAR, None, _TUPLES),
    "batch_norm": Row(BATCH_NORM, ("bias", "training", "eps"), _TUPLES),
}
