"""Gradients through one function of a network, and of a loss, in many styles."""

import math

import numpy as np
import scipy.special
import torch


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def number_by_number(slope):
    """The upstream gradient times a slope, without arrays."""

    def back(dy, x):
        pairs = zip(np.ravel(dy), np.ravel(x), strict=True)
        return np.array([d * slope(float(n)) for d, n in pairs]).reshape(x.shape)

    return back


def by_autograd(function):
    def back(dy, x):
        x = torch.tensor(np.asarray(x), requires_grad=True)
        return torch.autograd.grad(function(x), x, torch.as_tensor(dy))[0]

    return back


def written_into(dy, x):
    dx = np.zeros_like(x)
    dx[x > 0] = dy[x > 0]
    return dx


def loss_by_autograd(loss):
    def back(first, *rest):
        first = torch.tensor(np.asarray(first), requires_grad=True)
        loss(first, *map(torch.as_tensor, rest)).backward()
        return first.grad

    return back


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def subtracted(logits, labels):
    gradient = softmax(logits)
    gradient[np.arange(len(labels)), labels] -= 1
    return gradient / len(labels)


def example_by_example(logits, labels):
    rows = []
    for row, label in zip(logits, labels, strict=True):
        powers = [math.exp(score - max(row)) for score in row]
        p = [power / sum(powers) for power in powers]
        rows.append([(n - (k == label)) / len(labels) for k, n in enumerate(p)])
    return rows


def log_first(logits, labels):
    logs = logits - scipy.special.logsumexp(logits, axis=1, keepdims=True)
    return (np.exp(logs) - np.eye(logits.shape[1])[labels]) / len(labels)


BACKWARDS = {
    ("sigmoid", "dx"): {
        "y and 1 - y": lambda dy, x: dy * sigmoid(x) * (1 - sigmoid(x)),
        "mirrored": lambda dy, x: dy * sigmoid(x) * sigmoid(-x),
        "y minus its square": lambda dy, x: dy * (sigmoid(x) - sigmoid(x) ** 2),
        "hyperbolic cosine": lambda dy, x: dy / (2 * np.cosh(x / 2)) ** 2,
        "scipy": lambda dy, x: dy * scipy.special.expit(x) * scipy.special.expit(-x),
        "tanh": lambda dy, x: dy * (1 - np.tanh(x / 2) ** 2) / 4,
        "number by number": number_by_number(lambda n: 1 / (2 + math.exp(n) + math.exp(-n))),
        "autograd": by_autograd(torch.sigmoid),
        "PyTorch's functions": lambda dy, x: (
            torch.as_tensor(dy)
            * torch.sigmoid(torch.as_tensor(x))
            * torch.sigmoid(-torch.as_tensor(x))
        ),
    },
    ("relu", "dx"): {
        "mask": lambda dy, x: dy * (x > 0),
        "where": lambda dy, x: np.where(x > 0, dy, 0),
        "heaviside": lambda dy, x: dy * np.heaviside(x, 0),
        "sign": lambda dy, x: dy * np.maximum(np.sign(x), 0),
        "written into": written_into,
        "not at most": lambda dy, x: np.where(x <= 0, 0, dy),
        "number by number": number_by_number(lambda n: float(n > 0)),
        "autograd": by_autograd(torch.relu),
        "of the output": lambda dy, x: dy * (np.maximum(x, 0) > 0),
    },
    ("mse_loss", "dpred"): {
        "formula": lambda pred, target: 2 * (pred - target) / pred.size,
        "two halves": lambda pred, target: (pred - target) / (pred.size / 2),
        "shape multiplied": lambda pred, target: 2 * (pred - target) / np.prod(pred.shape),
        "turned twice": lambda pred, target: -2 * (target - pred) / target.size,
        "mean of ones": lambda pred, target: 2 * (pred - target) * (1 / np.ones(pred.shape).sum()),
        "number by number": lambda pred, target: np.reshape(
            [2 * (p - t) / pred.size for p, t in zip(pred.flat, target.flat, strict=True)],
            pred.shape,
        ),
        "autograd": loss_by_autograd(torch.nn.functional.mse_loss),
        "lists": lambda pred, target: (2 / pred.size * (pred - target)).tolist(),
    },
    ("cross_entropy", "dlogits"): {
        "subtracted in place": subtracted,
        "one-hot rows": lambda logits, labels: (
            (softmax(logits) - np.eye(logits.shape[1])[labels]) / len(labels)
        ),
        "comparison": lambda logits, labels: (
            (softmax(logits) - (np.arange(logits.shape[1]) == labels[:, None])) / len(logits)
        ),
        "scipy": lambda logits, labels: (
            (scipy.special.softmax(logits, axis=1) - np.eye(logits.shape[1])[labels]) / len(labels)
        ),
        "log-softmax first": log_first,
        "example by example": example_by_example,
        "autograd": loss_by_autograd(torch.nn.functional.cross_entropy),
        "lists": lambda logits, labels: subtracted(logits, labels).tolist(),
    },
}
