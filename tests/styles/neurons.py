"""Units, gates, small networks and how their answers are judged, in many styles."""

import fractions
import itertools
import math

import numpy as np
import sklearn.metrics
import torch

from tests.styles.base import Row


def step(z):
    return (np.asarray(z) > 0).astype(int)


def unit(x, weight, bias):
    return step(x @ weight + bias)


def row_by_row(x, weight, bias):
    answers = []
    for row in x:
        total = bias
        for value, w in zip(row, weight, strict=True):
            total += value * w
        answers.append(1 if total > 0 else 0)
    return answers


def with_a_one(x, weight, bias):
    return step(np.column_stack([x, np.ones(len(x))]) @ np.append(weight, bias))


UNIT = {
    "a comparison": unit,
    "row by row": row_by_row,
    "an input that is always one": with_a_one,
    "a threshold": lambda x, weight, bias: (x @ weight > -bias).astype(int),
    "booleans": lambda x, weight, bias: x @ weight + bias > 0,
    "np.where": lambda x, weight, bias: np.where(x @ weight + bias > 0, 1, 0),
    "heaviside": lambda x, weight, bias: np.heaviside(x @ weight + bias, 0),
    "floats": lambda x, weight, bias: (x @ weight + bias > 0).astype(float),
    "sum of products": lambda x, weight, bias: ((x * weight).sum(axis=1) + bias > 0) * 1,
    "einsum": lambda x, weight, bias: step(np.einsum("nd,d->n", x, weight) + bias),
    "not at most": lambda x, weight, bias: 1 - (x @ weight + bias <= 0),
    "sign cut off": lambda x, weight, bias: np.maximum(0, np.sign(x @ weight + bias)),
    "PyTorch": lambda x, weight, bias: (
        (torch.tensor(x, dtype=torch.float64) @ torch.tensor(weight) + bias) > 0
    ).int(),
}

TWO_OF_THREE = {
    "a unit": lambda x: unit(x, [1, 1, 1], -1.5),
    "large weights": lambda x: unit(x, [10, 10, 10], -12),
    "uneven weights": lambda x: unit(x, [3, 2, 2], -3.5),
    "counted": lambda x: x.sum(axis=1) >= 2,
    "rows": lambda x: [int(sum(row) > 1) for row in x],
    "and, or": lambda x: (x[:, 0] & x[:, 1]) | (x[:, 2] & (x[:, 0] | x[:, 1])),
    "median": lambda x: np.median(x, axis=1),
    "sorted": lambda x: np.sort(x, axis=1)[:, 1],
    "halves": lambda x: np.round(x.mean(axis=1)),
    "whole bias": lambda x: unit(x, np.array([2, 2, 2]), -3),
}

NAND_3 = {
    "a unit": lambda x: unit(x, [-1, -1, -1], 2.5),
    "large weights": lambda x: unit(x, [-4, -4, -4], 9),
    "uneven weights": lambda x: unit(x, [-1, -2, -3], 5.5),
    "not all": lambda x: ~x.all(axis=1),
    "one minus the product": lambda x: 1 - x.prod(axis=1),
    "smallest": lambda x: 1 - x.min(axis=1),
    "rows": lambda x: [0 if a and b and c else 1 for a, b, c in x],
    "counted": lambda x: x.sum(axis=1) < 3,
    "logical": lambda x: np.logical_not(np.logical_and.reduce(x, axis=1)),
    "any is 0": lambda x: (x == 0).any(axis=1).astype(float),
}


def three_units(x):
    hidden = np.column_stack([unit(x, [1, 1], -0.5), unit(x, [-1, -1], 1.5)])  # OR, NAND
    return unit(hidden, [1, 1], -1.5)


def or_but_not_and(x):
    hidden = np.stack([unit(x, [1, 1], -0.5), unit(x, [1, 1], -1.5)], axis=1)
    return unit(hidden, [1, -1], -0.5)


def two_halves(x):
    hidden = np.stack([unit(x, [1, -1], -0.5), unit(x, [-1, 1], -0.5)], axis=1)
    return unit(hidden, [1, 1], -0.5)


def four_nands(x):
    def nand(a, b):
        return unit(np.stack([a, b], axis=1), [-1, -1], 1.5)

    a, b = x.T
    middle = nand(a, b)
    return nand(nand(a, middle), nand(b, middle))


XOR = {
    "three units": three_units,
    "or but not and": or_but_not_and,
    "two halves": two_halves,
    "four nands": four_nands,
    "ReLU": lambda x: np.maximum(0, x.sum(1)) - 2 * np.maximum(0, x.sum(1) - 1),
    "different": lambda x: x[:, 0] != x[:, 1],
    "bitwise": lambda x: x[:, 0] ^ x[:, 1],
    "rows": lambda x: [int(a + b == 1) for a, b in x],
    "size of the difference": lambda x: abs(x[:, 0] - x[:, 1]),
    "modulo": lambda x: x.sum(axis=1) % 2,
}


def perceptron_step(weights, x, target):
    error = target - (x @ weights[:-1] + weights[-1] > 0)
    return weights + error * np.append(x, 1)


def in_two_parts(weights, x, target):
    w, b = weights[:-1], weights[-1]
    error = target - int(w @ x + b > 0)
    return np.concatenate([w + error * x, [b + error]])


def by_cases(weights, x, target):
    read = np.array([*x, 1.0])
    said = 1 if np.dot(weights, read) > 0 else 0
    if said == target:
        return weights
    return weights + read if target == 1 else weights - read


def number_by_number(weights, x, target):
    total = weights[len(x)]
    for i in range(len(x)):
        total += weights[i] * x[i]
    error = target - (1 if total > 0 else 0)
    new = [weights[i] + error * x[i] for i in range(len(x))]
    new.append(weights[len(x)] + error)
    return new


def in_a_copy(weights, x, target):
    weights = weights.copy()
    error = target - float(weights[:-1].dot(x) + weights[-1] > 0)
    weights[:-1] += error * x
    weights[-1] += error
    return weights


def in_pytorch(weights, x, target):
    w, read = torch.tensor(weights), torch.cat([torch.tensor(x), torch.ones(1).double()])
    return w + (target - (w @ read > 0).double()) * read


PERCEPTRON = {
    "error times inputs": perceptron_step,
    "in two parts": in_two_parts,
    "by cases": by_cases,
    "number by number": number_by_number,
    "in a copy": in_a_copy,
    "PyTorch": in_pytorch,
    "a list": lambda weights, x, target: list(perceptron_step(weights, x, target)),
    "np.where": lambda weights, x, target: (
        weights
        + (target - np.where(np.append(x, 1) @ weights > 0, 1, 0)) * np.concatenate([x, np.ones(1)])
    ),
    "zip": lambda weights, x, target: [
        w + (target - (sum(a * b for a, b in zip(weights, [*x, 1], strict=True)) > 0)) * v
        for w, v in zip(weights, [*x, 1], strict=True)
    ],
}


def relu_network(x, hidden_weight, hidden_bias, weight, bias):
    hidden = np.maximum(0, x @ hidden_weight.T + hidden_bias)
    return hidden @ weight + bias


def example_by_example(x, hidden_weight, hidden_bias, weight, bias):
    out = []
    for row in x:
        hidden = [max(0.0, w @ row + c) for w, c in zip(hidden_weight, hidden_bias, strict=True)]
        out.append(sum(h * v for h, v in zip(hidden, weight, strict=True)) + bias)
    return np.array(out)


def unit_by_unit(x, hidden_weight, hidden_bias, weight, bias):
    total = np.full(len(x), float(bias))
    for w, c, v in zip(hidden_weight, hidden_bias, weight, strict=True):
        total += v * np.clip(x @ w + c, 0, None)
    return total


def of_modules(x, hidden_weight, hidden_bias, weight, bias):
    net = torch.nn.Sequential(
        torch.nn.Linear(x.shape[1], len(weight)), torch.nn.ReLU(), torch.nn.Linear(len(weight), 1)
    ).double()
    state = {"0.weight": hidden_weight, "0.bias": hidden_bias}
    state |= {"2.weight": weight[None], "2.bias": np.array([float(bias)])}
    net.load_state_dict({name: torch.as_tensor(values) for name, values in state.items()})
    return net(torch.as_tensor(x))[:, 0]


RELU_NETWORK = {
    "one line a layer": relu_network,
    "example by example": example_by_example,
    "unit by unit": unit_by_unit,
    "modules": of_modules,
    "columns": lambda x, hidden_weight, hidden_bias, weight, bias: (
        weight @ np.maximum(hidden_weight @ x.T + hidden_bias[:, None], 0) + bias
    ),
    "masked": lambda x, hidden_weight, hidden_bias, weight, bias: (
        (lambda z: (z * (z > 0)) @ weight)(x @ hidden_weight.T + hidden_bias) + bias
    ),
    "einsum": lambda x, hidden_weight, hidden_bias, weight, bias: (
        np.einsum(
            "nh,h->n",
            np.maximum(0, np.einsum("nd,hd->nh", x, hidden_weight) + hidden_bias),
            weight,
        )
        + bias
    ),
    "half of size and sum": lambda x, hidden_weight, hidden_bias, weight, bias: (
        (lambda z: (z + abs(z)) / 2 @ weight)(x @ hidden_weight.T + hidden_bias) + bias
    ),
    "np.where": lambda x, hidden_weight, hidden_bias, weight, bias: (
        (lambda z: np.where(z > 0, z, 0).dot(weight))(x.dot(hidden_weight.T) + hidden_bias) + bias
    ),
}


def sign_network(x, hidden_weight, weight, threshold):
    hidden = np.sign(x @ hidden_weight.T - threshold)
    return np.sign(hidden @ weight - threshold)


def compared(x, hidden_weight, weight, threshold):
    hidden = np.where(x @ hidden_weight.T > threshold, 1, -1)
    return np.where(hidden @ weight > threshold, 1, -1)


def record_by_record(x, hidden_weight, weight, threshold):
    labels = []
    for record in x:
        total = 0.0
        for row, w in zip(hidden_weight, weight, strict=True):
            total += w if row @ record > threshold else -w
        labels.append(1 if total > threshold else -1)
    return labels


SIGN_NETWORK = {
    "signs": sign_network,
    "compared": compared,
    "record by record": record_by_record,
    "columns": lambda x, hidden_weight, weight, threshold: np.sign(
        weight @ np.sign(hidden_weight @ x.T - threshold) - threshold
    ),
    "twice a step less one": lambda x, hidden_weight, weight, threshold: (
        2 * ((2 * (x @ hidden_weight.T > threshold) - 1) @ weight > threshold) - 1
    ),
    "a bias": lambda x, hidden_weight, weight, threshold: np.sign(
        np.sign(x @ hidden_weight.T + -threshold) @ weight + -threshold
    ),
    "PyTorch": lambda x, hidden_weight, weight, threshold: torch.sign(
        torch.sign(torch.tensor(x) @ torch.tensor(hidden_weight).T - threshold)
        @ torch.tensor(weight)
        - threshold
    ),
    "whole numbers": lambda x, hidden_weight, weight, threshold: sign_network(
        x, hidden_weight, weight, threshold
    ).astype(int),
    "copysign": lambda x, hidden_weight, weight, threshold: [
        int(math.copysign(1, np.sign(hidden_weight @ row - threshold) @ weight - threshold))
        for row in x
    ],
}


def recall(labels, answers, positive):
    members = labels == positive
    return (answers[members] == positive).mean()


def counted(labels, answers, positive):
    found = members = 0
    for label, answer in zip(labels, answers, strict=True):
        if label == positive:
            members += 1
            found += answer == positive
    return found / members


RECALL = {
    "share of members": recall,
    "counted": counted,
    "both over members": lambda labels, answers, positive: (
        ((labels == positive) & (answers == positive)).sum() / (labels == positive).sum()
    ),
    "true positives and false negatives": lambda labels, answers, positive: (
        (tp := int(((answers == positive) & (labels == positive)).sum()))
        / (tp + int(((answers != positive) & (labels == positive)).sum()))
    ),
    "scikit-learn": lambda labels, answers, positive: sklearn.metrics.recall_score(
        labels, answers, pos_label=positive
    ),
    "a fraction": lambda labels, answers, positive: fractions.Fraction(
        sum(a == t == positive for t, a in zip(labels, answers, strict=True)),
        list(labels).count(positive),
    ),
    "one less what was missed": lambda labels, answers, positive: (
        1 - np.mean(answers[labels == positive] != positive)
    ),
    "np.logical_and": lambda labels, answers, positive: (
        np.logical_and(labels == positive, answers == positive).sum()
        / np.count_nonzero(labels == positive)
    ),
    "list of members": lambda labels, answers, positive: np.mean(
        [a == positive for a in itertools.compress(answers, labels == positive)]
    ),
}


def judged_by(share, kind):
    """Three measures, from a function that computes a recall: precision is its mirror."""

    def judged(labels, answers, positive):
        accuracy = (labels == answers).mean()
        shares = share(answers, labels, positive), share(labels, answers, positive)
        return kind([float(accuracy), *map(float, shares)])

    return judged


VERDICT = {
    f"{style}, as {kind.__name__}": judged_by(share, kind)
    for style, share in itertools.islice(RECALL.items(), 4)
    for kind in (np.array, list)
}

NEURONS = {
    "unit": Row(UNIT),
    "at_least_two": Row(TWO_OF_THREE),
    "nand_of_three": Row(NAND_3),
    "xor": Row(XOR),
    "perceptron_step": Row(PERCEPTRON),
    "relu_network": Row(RELU_NETWORK),
    "sign_network": Row(SIGN_NETWORK),
    "recall": Row(RECALL, None, frozenset({"gives tuples"})),
    "verdict": Row(VERDICT),
}
