"""Normalising, decaying, shrinking and stopping, in many styles."""

import itertools

import numpy as np
import sklearn.preprocessing
import torch

from tests.styles.base import Row


def feature_by_feature(train, new):
    result = np.zeros(new.shape)
    for d in range(train.shape[1]):
        column = [float(row[d]) for row in train]
        mean = sum(column) / len(column)
        variance = sum((value - mean) ** 2 for value in column) / len(column)
        result[:, d] = [(row[d] - mean) / variance**0.5 for row in new]
    return result


def of_scikit_learn(train, new):
    return sklearn.preprocessing.StandardScaler().fit(train).transform(new)


def of_pytorch(train, new):
    train, new = torch.as_tensor(train), torch.as_tensor(new)
    return (new - train.mean(dim=0)) / train.std(dim=0)


NORMALIZE = {
    "axis 0": lambda train, new: (new - train.mean(axis=0)) / train.std(axis=0),
    "feature by feature": feature_by_feature,
    "scikit-learn": of_scikit_learn,
    "PyTorch": of_pytorch,
    "n - 1": lambda train, new: (new - np.mean(train, 0)) / np.std(train, 0, ddof=1),
    "a little more": lambda train, new: (new - train.mean(0)) / (train.std(0) + 1e-8),
    "root of the variance": lambda train, new: (
        (new - train.mean(0)) / np.sqrt(((train - train.mean(0)) ** 2).mean(0))
    ),
    "transposed": lambda train, new: (
        ((new.T - train.T.mean(axis=1)[:, None]) / train.T.std(axis=1)[:, None]).T
    ),
    "keepdims": lambda train, new: (
        (new - train.mean(axis=0, keepdims=True)) / train.std(axis=0, keepdims=True)
    ),
    "mean of squares": lambda train, new: (
        (new - train.mean(0)) / ((train**2).mean(0) - train.mean(0) ** 2) ** 0.5
    ),
}


def decay_in_two_parts(weights, gradient, rate, decay):
    w, b = weights[:-1], weights[-1]
    new_w = w - rate * (gradient[:-1] + decay * w)
    return np.append(new_w, b - rate * gradient[-1])


def decay_in_a_copy(weights, gradient, rate, decay):
    new = weights.copy()
    new[:-1] *= 1 - rate * decay
    new -= rate * gradient
    return new


def decay_by_numbers(weights, gradient, rate, decay):
    last = len(weights) - 1
    return [
        w - rate * (g if i == last else g + decay * w)
        for i, (w, g) in enumerate(zip(weights, gradient, strict=True))
    ]


def decay_of_pytorch(weights, gradient, rate, decay):
    parts = [torch.nn.Parameter(torch.tensor(part)) for part in (weights[:-1], weights[-1:])]
    optimizer = torch.optim.SGD(
        [
            {"params": parts[:1], "weight_decay": decay},
            {"params": parts[1:], "weight_decay": 0.0},
        ],
        lr=rate,
    )
    for part, slope in zip(parts, (gradient[:-1], gradient[-1:]), strict=True):
        part.grad = torch.tensor(slope)
    optimizer.step()
    return torch.cat(parts)


DECAY = {
    "a 0 for the bias": lambda weights, gradient, rate, decay: (
        weights - rate * (gradient + decay * np.append(weights[:-1], 0))
    ),
    "in two parts": decay_in_two_parts,
    "in a copy": decay_in_a_copy,
    "number by number": decay_by_numbers,
    "PyTorch": decay_of_pytorch,
    "a mask": lambda w, g, rate, decay: (
        w - rate * (g + decay * w * (np.arange(len(w)) < len(w) - 1))
    ),
    "shrunk first": lambda w, g, rate, decay: (
        np.append((1 - rate * decay) * w[:-1], w[-1]) - rate * g
    ),
    "bias given back": lambda w, g, rate, decay: (
        (1 - rate * decay) * w - rate * g + rate * decay * np.eye(len(w))[-1] * w[-1]
    ),
    "concatenated": lambda w, g, rate, decay: np.concatenate(
        [w[:-1] - rate * g[:-1] - rate * decay * w[:-1], [w[-1] - rate * g[-1]]]
    ),
}


def shrink_by_cases(weights, amount):
    result = []
    for w in weights:
        if w > amount:
            result.append(w - amount)
        elif w < -amount:
            result.append(w + amount)
        else:
            result.append(0.0)
    return np.array(result)


SHRINK = {
    "sign and size": lambda weights, amount: (
        np.sign(weights) * np.maximum(np.abs(weights) - amount, 0)
    ),
    "by cases": shrink_by_cases,
    "np.where": lambda w, a: np.where(w > a, w - a, np.where(w < -a, w + a, 0)),
    "two sides": lambda w, a: np.maximum(w - a, 0) - np.maximum(-w - a, 0),
    "what is clipped": lambda w, a: w - np.clip(w, -a, a),
    "PyTorch": lambda w, a: torch.nn.functional.softshrink(torch.tensor(w), a),
    "masked": lambda w, a: (w - a * np.sign(w)) * (np.abs(w) > a),
    "np.select": lambda w, a: np.select([w > a, w < -a], [w - a, w + a], 0.0),
    "copysign": lambda w, a: np.copysign(np.maximum(abs(w) - a, 0), w),
    "min and max": lambda w, a: [max(v - a, 0.0) + min(v + a, 0.0) for v in w],
}


def stopped(losses, patience):
    best, lowest = 0, np.inf
    for epoch, loss in enumerate(losses, start=1):
        if loss < lowest:
            best, lowest = epoch, loss
        if epoch - best == patience:
            break
    return best, epoch


def stopped_by_counting(losses, patience):
    lowest, best, waited, epoch = float("inf"), 0, 0, 0
    while epoch < len(losses) and waited < patience:
        if losses[epoch] < lowest:
            lowest, best, waited = losses[epoch], epoch + 1, 0
        else:
            waited += 1
        epoch += 1
    return [best, epoch]


def stopped_by_prefixes(losses, patience):
    for last in range(1, len(losses) + 1):
        best = int(np.argmin(losses[:last])) + 1
        if last - best >= patience:
            return best, last
    return best, len(losses)


def stopped_by_index(losses, patience):
    last = next(
        (n for n in range(1, len(losses) + 1) if n - 1 - losses.index(min(losses[:n])) == patience),
        len(losses),
    )
    return losses.index(min(losses[:last])) + 1, last


def stopped_by_running_minimum(losses, patience):
    low = np.minimum.accumulate(losses)
    new = np.append(True, low[1:] < low[:-1])
    best = np.maximum.accumulate(np.where(new, np.arange(1, len(losses) + 1), 0))
    epochs = np.arange(1, len(losses) + 1)
    over = np.flatnonzero(epochs - best == patience)
    last = over[0] if len(over) else len(losses) - 1
    return np.array([best[last], epochs[last]])


def stopped_recursively(losses, patience, best=0, epoch=0):
    if epoch == len(losses) or (epoch and epoch - 1 - best == patience):
        return best + 1, epoch
    lower = losses[epoch] < losses[best]
    return stopped_recursively(losses, patience, epoch if lower else best, epoch + 1)


def stopped_by_an_arrays_methods(losses, patience):
    for last in range(1, len(losses) + 1):
        best = int(losses[:last].argmin()) + 1
        if last - best == patience:
            break
    return best, last


def stopped_by_accumulate(losses, patience):
    lows = list(itertools.accumulate(losses, min))
    firsts = [list(losses).index(low) + 1 for low in lows]
    for epoch, best in enumerate(firsts, 1):
        if epoch - best == patience:
            return np.array((best, epoch), dtype=float)
    return np.array((firsts[-1], len(losses)), dtype=float)


STOPPING = {
    "a loop": stopped,
    "counting": stopped_by_counting,
    "prefixes": stopped_by_prefixes,
    "list.index": stopped_by_index,
    "running minimum": stopped_by_running_minimum,
    "an array's methods": stopped_by_an_arrays_methods,
    "accumulate": stopped_by_accumulate,
    "recursion": lambda losses, patience: stopped_recursively(losses, patience),
    "tensor": lambda losses, patience: torch.tensor(stopped(losses, patience)),
}

TRAINING = {
    "normalize_features": Row(NORMALIZE),
    "decay_step": Row(DECAY),
    "shrink": Row(SHRINK),
    "early_stopping": Row(STOPPING),
}


def dropped_back_by_indices(dy, mask, rate):
    dx = dy / (1 - rate)
    dx[mask == 0] = 0
    return dx.astype(dy.dtype)


def dropped_back_by_numbers(dy, mask, rate):
    dx = np.zeros_like(dy)
    for i, j in np.ndindex(dy.shape):
        if mask[i, j]:
            dx[i, j] = dy[i, j] / (1 - rate)
    return dx


def dropped_back_by_autograd(dy, mask, rate):
    x = torch.zeros(dy.shape, dtype=torch.as_tensor(dy).dtype, requires_grad=True)
    (x * torch.as_tensor(mask) / (1 - rate)).backward(torch.as_tensor(dy))
    return x.grad


TRAINING_BACKWARDS = {
    ("dropout", "dx"): {
        "as forward": lambda dy, mask, rate: dy * mask / (1 - rate),
        "where": lambda dy, mask, rate: np.where(mask == 1, dy / (1 - rate), 0 * dy),
        "indices": dropped_back_by_indices,
        "number by number": dropped_back_by_numbers,
        "autograd": dropped_back_by_autograd,
        "einsum": lambda dy, mask, rate: np.einsum("nk,nk->nk", dy, mask) / (1 - rate),
        "scale first": lambda dy, mask, rate: dy * (mask / (1 - rate)).astype(dy.dtype),
        "takes all": lambda dy, x, mask, rate: dy * mask / (1 - rate),
    }
}
