"""Back-propagation by hand and in small networks, in many styles."""

import math
from fractions import Fraction

import numpy as np
import torch

from tests.styles.base import Row


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def signals(numbers):
    x, w, b, t = np.ravel(numbers)
    y = sigmoid(w * x + b)
    z_bar = (y - t) * y * (1 - y)
    return np.array([y - t, z_bar, z_bar * x, z_bar])


def signals_in_plain_python(numbers):
    ((x, w, b, t),) = [[float(n) for n in row] for row in numbers]
    y = 1 / (1 + math.exp(-w * x - b))
    y_bar = y - t
    return [y_bar, y_bar * y * (1 - y), y_bar * y * (1 - y) * x, y_bar * y * (1 - y)]


def signals_by_torch(numbers):
    x, w, b, t = (torch.tensor(float(n), dtype=torch.float64) for n in np.ravel(numbers))
    w.requires_grad_()
    b.requires_grad_()
    z = w * x + b
    y = torch.sigmoid(z)
    nodes = [y, z, w, b]
    return torch.stack(torch.autograd.grad((y - t) ** 2 / 2, nodes))


SIGNALS = {
    "NumPy": signals,
    "plain Python": signals_in_plain_python,
    "PyTorch": signals_by_torch,
    "a tuple": lambda numbers: tuple(signals(numbers)),
    "a list": lambda numbers: signals(numbers).tolist(),
    "rounded to four digits": lambda numbers: signals(numbers).round(4),
    "NumPy numbers": lambda numbers: [np.float64(n) for n in signals(numbers)],
    "e to the power": lambda numbers: [
        (e := math.exp(-(numbers[0][1] * numbers[0][0] + numbers[0][2])), 1 / (1 + e))[1]
        - numbers[0][3],
        *signals(numbers)[1:],
    ],
}

PENALISED = {
    "formula": lambda w, x, t, penalty: (w * x - t) * x + penalty * w,
    "multiplied out": lambda w, x, t, penalty: w * x**2 - t * x + penalty * w,
    "two messages": lambda w, x, t, penalty: sum([(w * x - t) * x, penalty * w]),
    "fractions": lambda w, x, t, penalty: (Fraction(w) * Fraction(x) - Fraction(t)) * Fraction(x)
    + Fraction(penalty) * Fraction(w),
    "an array of one": lambda w, x, t, penalty: np.array([(w * x - t) * x + penalty * w]),
    "a NumPy number": lambda w, x, t, penalty: np.float64((w * x - t) * x + penalty * w),
    "a nudge": lambda w, x, t, penalty: (
        sum(s * (((w + s * 1e-3) * x - t) ** 2 / 2 + penalty * (w + s * 1e-3) ** 2 / 2)
            for s in (1, -1)) / 2e-3
    ),
    "PyTorch": lambda w, x, t, penalty: torch.tensor(
        (w * x - t) * x + penalty * w, dtype=torch.float64
    ),
}  # fmt: skip


def network(x, w1, b1, w2, b2):
    return np.maximum(0, x @ w1.T + b1) @ w2.T + b2


def network_row_by_row(x, w1, b1, w2, b2):
    out = []
    for row in x:
        h = [max(0.0, float(w @ row + b)) for w, b in zip(w1, b1, strict=True)]
        out.append([float(w @ np.array(h) + b) for w, b in zip(w2, b2, strict=True)])
    return out


def network_by_torch(x, w1, b1, w2, b2):
    h = torch.relu(torch.nn.functional.linear(*map(torch.as_tensor, (x, w1, b1))))
    return torch.nn.functional.linear(h, torch.as_tensor(w2), torch.as_tensor(b2))


NETWORK = {
    "NumPy": network,
    "row by row": network_row_by_row,
    "PyTorch": network_by_torch,
    "mask": lambda x, w1, b1, w2, b2: (a := x @ w1.T + b1, (a * (a > 0)) @ w2.T + b2)[1],
    "einsum": lambda x, w1, b1, w2, b2: (
        np.einsum("nh,kh->nk", np.maximum(0, np.einsum("nd,hd->nh", x, w1) + b1), w2) + b2
    ),
    "a column of ones": lambda x, w1, b1, w2, b2: (
        np.maximum(0, np.column_stack([x, np.ones(len(x))]) @ np.column_stack([w1, b1]).T) @ w2.T
        + b2
    ),
    "transposed": lambda x, w1, b1, w2, b2: (
        (w2 @ np.maximum(0, w1 @ x.T + b1[:, None]) + b2[:, None]).T
    ),
    "np.where": lambda x, w1, b1, w2, b2: (
        a := x @ w1.T + b1,
        np.where(a > 0, a, 0.0) @ w2.T + b2,
    )[1],
}


def step(w1, w2, x, t, rate):
    h = sigmoid(w1 @ x + 0.35)
    o = sigmoid(w2 @ h + 0.60)
    z2 = (o - t) * o * (1 - o)
    z1 = (w2.T @ z2) * h * (1 - h)
    return np.array([w1 - rate * np.outer(z1, x), w2 - rate * np.outer(z2, h)])


def step_by_deltas(w1, w2, x, t, rate):
    h, new = sigmoid(w1 @ x + 0.35), [w1.copy(), w2.copy()]
    o = sigmoid(w2 @ h + 0.60)
    delta_o = [o[k] * (1 - o[k]) * (t[k] - o[k]) for k in range(2)]
    delta_h = [h[j] * (1 - h[j]) * sum(delta_o[k] * w2[k, j] for k in range(2)) for j in range(2)]
    for i in range(2):
        for j in range(2):
            new[0][j, i] += rate * delta_h[j] * x[i]
            new[1][j, i] += rate * delta_o[j] * h[i]
    return new


def step_by_torch(w1, w2, x, t, rate):
    first, second = (torch.tensor(w, requires_grad=True) for w in (w1, w2))
    h = torch.sigmoid(first @ torch.tensor(x) + 0.35)
    o = torch.sigmoid(second @ h + 0.60)
    ((o - torch.tensor(t)) ** 2 / 2).sum().backward()
    return torch.stack([(w - rate * w.grad).detach() for w in (first, second)])


STEP = {
    "NumPy": step,
    "delta rules": step_by_deltas,
    "PyTorch": step_by_torch,
    "a list": lambda w1, w2, x, t, rate: step(w1, w2, x, t, rate).tolist(),
    "np.stack": lambda w1, w2, x, t, rate: np.stack(list(step(w1, w2, x, t, rate))),
    "in place on copies": lambda w1, w2, x, t, rate: (
        new := np.array([w1, w2]),
        np.subtract(new, new - step(w1, w2, x, t, rate), out=new),
    )[1],
    "in small steps of the rate": lambda w1, w2, x, t, rate: np.array([w1, w2])
    + rate * (step(w1, w2, x, t, 1.0) - np.array([w1, w2])),
    "columns": lambda w1, w2, x, t, rate: np.array(
        [w1 - rate * (z[:, None] @ v[None, :]) if i == 0 else w2 - rate * (z[:, None] @ v[None, :])
         for i, (z, v) in enumerate(_parts(w1, w2, x, t))]
    ),
}  # fmt: skip


def _parts(w1, w2, x, t):
    h = sigmoid(w1 @ x + 0.35)
    o = sigmoid(w2 @ h + 0.60)
    z2 = (o - t) * o * (1 - o)
    return ((w2.T @ z2) * h * (1 - h), x), (z2, h)


SLOPE = {
    "formula": lambda f, v, nudge: (f(v + nudge) - f(v - nudge)) / (2 * nudge),
    "divided twice": lambda f, v, nudge: (f(v + nudge) - f(v - nudge)) / 2 / nudge,
    "two one-sided ones": lambda f, v, nudge: (
        ((f(v + nudge) - f(v)) / nudge + (f(v) - f(v - nudge)) / nudge) / 2
    ),
    "named": lambda f, v, nudge: (
        (high := f(v + nudge), low := f(v - nudge), high - low)[2] / ((v + nudge) - (v - nudge))
    ),
    "np.diff": lambda f, v, nudge: np.diff([f(v - nudge), f(v + nudge)])[0] / (2 * nudge),
    "np.gradient": lambda f, v, nudge: np.gradient([f(v - nudge), f(v), f(v + nudge)], nudge)[1],
    "an array of one": lambda f, v, nudge: np.array([(f(v + nudge) - f(v - nudge)) / (2 * nudge)]),
    "a loop": lambda f, v, nudge: sum(sign * f(v + sign * nudge) for sign in (1, -1)) / (2 * nudge),
}

_TENSORS = frozenset({"of tensors", "of tensors in other names"})  # they take plain numbers
RIGHT = {
    "central_difference": Row(SLOPE, bare=_TENSORS | {"settings by name only", "**settings"}),
    "delta_step": Row(STEP, bare=_TENSORS),
    "mlp": Row(NETWORK, bare=frozenset({"gives tuples"})),  # a tuple is y and its cache
    "penalised_weight": Row(PENALISED, bare=_TENSORS),
    "unit_signals": Row(SIGNALS),
}


def back(dy, cache):
    x, a, h, w1, w2 = cache
    da = (dy @ w2) * (a > 0)
    return da @ w1, da.T @ x, da.sum(axis=0), dy.T @ h, dy.sum(axis=0)


def forward(x, w1, b1, w2, b2):
    a = x @ w1.T + b1
    h = np.maximum(0, a)
    return h @ w2.T + b2, (x, a, h, w1, w2)


def back_example_by_example(dy, cache):
    x, a, h, w1, w2 = cache
    dx, total = np.zeros_like(x), [0.0, 0.0, 0.0, 0.0]
    for n in range(len(dy)):
        da = np.where(a[n] > 0, w2.T @ dy[n], 0)
        dx[n] = w1.T @ da
        parts = np.outer(da, x[n]), da, np.outer(dy[n], h[n]), dy[n]
        total = [old + new for old, new in zip(total, parts, strict=True)]
    return (dx, *total)


PAIRS = {"mlp": {"matrices": (forward, back), "examples": (forward, back_example_by_example)}}


def _rows(dy):
    return sum(list(dy))


BACKWARDS = {
    ("linear", "dbias"): {
        "sum": lambda dy: dy.sum(axis=0),
        "rows": _rows,
        "ones": lambda dy: np.ones(len(dy)) @ dy,
        "einsum": lambda dy: np.einsum("nk->k", dy),
        "column by column": lambda dy: [dy[:, k].sum() for k in range(dy.shape[1])],
        "PyTorch": lambda dy: torch.as_tensor(dy).sum(0),
        "cumulative": lambda dy: np.cumsum(dy, axis=0)[-1],
        "takes all": lambda dy, x, weight: dy.sum(axis=0),
    },
    ("linear", "dweight"): {
        "product": lambda dy, x: dy.T @ x,
        "other way round": lambda dy, x: (x.T @ dy).T,
        "einsum": lambda dy, x: np.einsum("nk,nd->kd", dy, x),
        "outer products": lambda dy, x: sum(np.outer(g, row) for g, row in zip(dy, x, strict=True)),
        "broadcast": lambda dy, x: (dy[:, :, None] * x[:, None, :]).sum(axis=0),
        "tensordot": lambda dy, x: np.tensordot(dy, x, (0, 0)),
        "PyTorch": lambda dy, x: torch.as_tensor(dy).T @ torch.as_tensor(x),
        "takes all": lambda dy, x, weight: dy.T @ x,
    },
    ("linear", "dx"): {
        "product": lambda dy, weight: dy @ weight,
        "other way round": lambda dy, weight: (weight.T @ dy.T).T,
        "einsum": lambda dy, weight: np.einsum("nk,kd->nd", dy, weight),
        "row by row": lambda dy, weight: [weight.T @ row for row in dy],
        "broadcast": lambda dy, weight: (dy[:, :, None] * weight).sum(axis=1),
        "tensordot": lambda dy, weight: np.tensordot(dy, weight, (1, 0)),
        "PyTorch": lambda dy, weight: torch.as_tensor(dy) @ torch.as_tensor(weight),
        "takes all": lambda dy, x, weight: dy @ weight,
    },
}
