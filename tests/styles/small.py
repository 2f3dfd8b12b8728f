"""Sizes, padding, labels, shares and losses, in many styles."""

import fractions
import math
from decimal import Decimal

import numpy as np
import scipy.special
import sklearn.metrics
import torch

from tests.styles.base import Row, by_name


def formula(size, kernel_size, stride=1, padding=0, dilation=1):
    span = dilation * (kernel_size - 1) + 1
    return (size + 2 * padding - span) // stride + 1


def counted(size, kernel_size, stride=1, padding=0, dilation=1):
    last = size + 2 * padding - (dilation * (kernel_size - 1) + 1)
    return len(range(0, last + 1, stride))


def a_loop(size, kernel_size, stride=1, padding=0, dilation=1):
    span, windows, start = (kernel_size - 1) * dilation + 1, 0, -padding
    while start + span <= size + padding:
        windows += 1
        start += stride
    return windows


def recursive(size, kernel_size, stride=1, padding=0, dilation=1):
    room = size + 2 * padding - dilation * (kernel_size - 1) - 1
    return 0 if room < 0 else 1 + recursive(size - stride, kernel_size, stride, padding, dilation)


def floor_of_a_float(size, kernel_size, stride=1, padding=0, dilation=1):
    return math.floor((size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 1)


def a_whole_float(size, kernel_size, stride=1, padding=0, dilation=1):
    return np.floor((size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride) + 1


def a_fraction(size, kernel_size, stride=1, padding=0, dilation=1):
    room = fractions.Fraction(size + 2 * padding - dilation * (kernel_size - 1) - 1, stride)
    return fractions.Fraction(math.floor(room)) + 1


def a_decimal(size, kernel_size, stride=1, padding=0, dilation=1):
    room = Decimal(size + 2 * padding - dilation * (kernel_size - 1) - 1)
    return room // Decimal(stride) + 1


def rounded_up_from_the_other_side(size, kernel_size, stride=1, padding=0, dilation=1):
    return math.ceil((size + 2 * padding - dilation * (kernel_size - 1)) / stride)


def asked_of_pytorch(size, kernel_size, stride=1, padding=0, dilation=1):
    layer = torch.nn.Conv1d(1, 1, kernel_size, stride, padding, dilation)
    return layer(torch.zeros(1, 1, size)).shape[-1]


def starts_of_windows(size, kernel_size, stride=1, padding=0, dilation=1):
    starts = np.arange(0, size + 2 * padding - dilation * (kernel_size - 1), stride)
    return starts.size


def divmod_of_both(size, kernel_size, stride=1, padding=0, dilation=1):
    steps, _ = divmod(size + 2 * padding - dilation * (kernel_size - 1) - 1, stride)
    return np.array([steps + 1])


SIZES = by_name(
    formula,
    counted,
    a_loop,
    recursive,
    floor_of_a_float,
    a_whole_float,
    a_fraction,
    a_decimal,
    rounded_up_from_the_other_side,
    asked_of_pytorch,
    starts_of_windows,
    divmod_of_both,
)


def padded(x, padding):
    return np.pad(x, [(0, 0)] * (x.ndim - 2) + [(padding, padding)] * 2)


def _frame(x, padding):
    return np.zeros((*x.shape[:-2], x.shape[-2] + 2 * padding, x.shape[-1] + 2 * padding))


def written_into_zeros(x, padding):
    out = _frame(x, padding)
    out[..., padding:-padding, padding:-padding] = x
    return out


def pixel_by_pixel(x, padding):
    out = _frame(x, padding)
    for *rest, i, j in np.ndindex(x.shape):
        out[(*rest, i + padding, j + padding)] = x[(*rest, i, j)]
    return out


def side_by_side(x, padding):
    sides = np.zeros((*x.shape[:-1], padding))
    x = np.concatenate([sides, x, sides], axis=-1)
    above = np.zeros((*x.shape[:-2], padding, x.shape[-1]))
    return np.concatenate([above, x, above], axis=-2)


def padded_in_pytorch(x, padding):
    return torch.nn.functional.pad(torch.as_tensor(x), [padding] * 4)


def one_ring_at_a_time(x, padding):
    return one_ring_at_a_time(padded(x, 1), padding - 1) if padding else x.copy()


def matrices_of_ones(x, padding):
    down = np.eye(x.shape[-2] + 2 * padding, x.shape[-2], -padding)
    across = np.eye(x.shape[-1], x.shape[-1] + 2 * padding, padding)
    return down @ x @ across


def by_einsum(x, padding):
    down = np.eye(x.shape[-2] + 2 * padding, x.shape[-2], -padding)
    across = np.eye(x.shape[-1] + 2 * padding, x.shape[-1], -padding)
    return np.einsum("ih,...hw,jw->...ij", down, x, across)


PAD = by_name(
    padded,
    written_into_zeros,
    pixel_by_pixel,
    side_by_side,
    padded_in_pytorch,
    one_ring_at_a_time,
    matrices_of_ones,
    by_einsum,
)


ACCURACY = {
    "mean of equal": lambda logits, labels: (logits.argmax(axis=1) == labels).mean(),
    "a loop": lambda logits, labels: (
        sum(int(np.argmax(row)) == label for row, label in zip(logits, labels, strict=True))
        / len(labels)
    ),
    "counted": lambda logits, labels: np.count_nonzero(logits.argmax(1) == labels) / labels.size,
    "a fraction": lambda logits, labels: fractions.Fraction(
        int((logits.argmax(1) == labels).sum()), len(labels)
    ),
    "scikit-learn": lambda logits, labels: sklearn.metrics.accuracy_score(
        labels, logits.argmax(axis=1)
    ),
    "PyTorch": lambda logits, labels: (
        (torch.tensor(logits).argmax(1) == torch.tensor(labels)).float().mean()
    ),
    "Python's max": lambda logits, labels: np.mean(
        [
            max(range(len(row)), key=row.__getitem__) == t
            for row, t in zip(logits, labels, strict=True)
        ]
    ),
    "trace of the confusion": lambda logits, labels: (
        np.trace(sklearn.metrics.confusion_matrix(labels, logits.argmax(1))) / len(labels)
    ),
    "one minus the mistakes": lambda logits, labels: 1 - (logits.argmax(-1) != labels).mean(),
    "float32": lambda logits, labels: (logits.argmax(1) == labels).astype(np.float32).mean(),
    "one-element array": lambda logits, labels: (logits.argmax(1) == labels).mean(keepdims=True),
    "decimal": lambda logits, labels: (
        Decimal(int((logits.argmax(1) == labels).sum())) / Decimal(len(labels))
    ),
}


MSE = {
    "mean of squares": lambda pred, target: ((pred - target) ** 2).mean(),
    "np.square": lambda pred, target: np.square(pred - target).mean(),
    "a loop": lambda pred, target: (
        sum(float(a - b) ** 2 for a, b in zip(pred.flat, target.flat, strict=True)) / pred.size
    ),
    "dot product": lambda pred, target: np.vdot(pred - target, pred - target) / pred.size,
    "norm": lambda pred, target: np.linalg.norm(pred - target) ** 2 / pred.size,
    "einsum": lambda pred, target: (
        np.einsum("i,i->", (pred - target).ravel(), (pred - target).ravel()) / pred.size
    ),
    "PyTorch": lambda pred, target: torch.nn.functional.mse_loss(
        torch.as_tensor(pred), torch.as_tensor(target)
    ),
    "scikit-learn": lambda pred, target: sklearn.metrics.mean_squared_error(
        target.ravel(), pred.ravel()
    ),
    "expanded": lambda pred, target: (
        (pred**2).mean() - 2 * (pred * target).mean() + (target**2).mean()
    ),
    "math.fsum": lambda pred, target: math.fsum(((pred - target) ** 2).ravel()) / pred.size,
}


def _logs(logits):
    return logits - scipy.special.logsumexp(logits, axis=1, keepdims=True)


def shifted(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    logs = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -logs[np.arange(len(labels)), labels].mean()


def example_by_example(logits, labels):
    total = 0.0
    for row, label in zip(logits.tolist(), labels.tolist(), strict=True):
        top = max(row)
        total += top + math.log(sum(math.exp(z - top) for z in row)) - row[label]
    return total / len(labels)


CROSS_ENTROPY = {
    "shifted": shifted,
    "example by example": example_by_example,
    "logsumexp": lambda logits, labels: -_logs(logits)[range(len(labels)), labels].mean(),
    "take along axis": lambda logits, labels: (
        -np.take_along_axis(_logs(logits), labels[:, None], axis=1).mean()
    ),
    "one-hot": lambda logits, labels: (
        -(np.eye(logits.shape[1])[labels] * _logs(logits)).sum(1).mean()
    ),
    "einsum": lambda logits, labels: (
        -np.einsum("nk,nk->", np.eye(logits.shape[1])[labels], _logs(logits)) / len(labels)
    ),
    "PyTorch": lambda logits, labels: torch.nn.functional.cross_entropy(
        torch.as_tensor(logits), torch.as_tensor(labels)
    ),
    "PyTorch in two steps": lambda logits, labels: torch.nn.functional.nll_loss(
        torch.log_softmax(torch.as_tensor(logits), 1), torch.as_tensor(labels)
    ),
    "scipy": lambda logits, labels: (
        -scipy.special.log_softmax(logits, axis=1)[np.arange(len(labels)), labels].mean()
    ),
    "logaddexp": lambda logits, labels: np.mean(
        [np.logaddexp.reduce(row) - row[t] for row, t in zip(logits, labels, strict=True)]
    ),
    "cache too": lambda logits, labels: (shifted(logits, labels), (logits, labels)),
}


SMALL = {
    "output_size": Row(SIZES, ("stride", "padding", "dilation")),
    "pad2d": Row(PAD),
    "accuracy": Row(ACCURACY),
    "mse_loss": Row(MSE, None, frozenset({"gives tuples"})),
    "cross_entropy": Row(CROSS_ENTROPY, None, frozenset({"gives tuples"})),
}
