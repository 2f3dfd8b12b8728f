"""The tools of an honest study: a balanced measure, a look for leaks, spread and bootstrap."""

import collections
import fractions
import statistics

import numpy as np
import sklearn.metrics
import torch

from tests.styles.base import Row


def share_of_members(labels, answers):
    return np.mean([np.mean(answers[labels == one] == one) for one in np.unique(labels)])


def counted(labels, answers):
    members, found = collections.Counter(), collections.Counter()
    for label, answer in zip(labels.tolist(), answers.tolist(), strict=True):
        members[label] += 1
        found[label] += label == answer
    return sum(found[one] / members[one] for one in members) / len(members)


def by_confusion(labels, answers):
    classes = np.unique(np.concatenate([labels, answers]))
    table = np.zeros((len(classes), len(classes)))
    np.add.at(table, (np.searchsorted(classes, labels), np.searchsorted(classes, answers)), 1)
    occurring = table.sum(axis=1) > 0
    return (np.diag(table)[occurring] / table[occurring].sum(axis=1)).mean()


def weighted(labels, answers):
    _, place, counts = np.unique(labels, return_inverse=True, return_counts=True)
    return np.average(labels == answers, weights=1 / counts[place])


def as_fractions(labels, answers):
    classes = sorted(set(labels.tolist()))
    recalls = [
        fractions.Fraction(
            sum(int(a) == int(t) == one for t, a in zip(labels, answers, strict=True)),
            labels.tolist().count(one),
        )
        for one in classes
    ]
    return sum(recalls) / len(recalls)


BALANCED = {
    "share of members": share_of_members,
    "counted": counted,
    "by confusion": by_confusion,
    "weighted": weighted,
    "fractions": as_fractions,
    "scikit-learn": lambda labels, answers: sklearn.metrics.recall_score(
        labels, answers, labels=np.unique(labels), average="macro", zero_division=0
    ),
    "statistics": lambda labels, answers: statistics.fmean(
        statistics.fmean((answers[labels == one] == one).tolist()) for one in set(labels.tolist())
    ),
    "torch": lambda labels, answers: torch.stack(
        [
            (torch.tensor(answers)[torch.tensor(labels) == one] == one).double().mean()
            for one in torch.tensor(labels).unique()
        ]
    ).mean(),
    "one less what was missed": lambda labels, answers: (
        1 - np.mean([np.mean(answers[labels == one] != one) for one in np.unique(labels)])
    ),
}


def marked(training, test):
    known = np.zeros(1 + max(int(training.max()), int(test.max())), bool)
    known[training] = True
    return known[test]


def looped(training, test):
    found = []
    for group in test:
        seen = False
        for other in training:
            if other == group:
                seen = True
                break
        found.append(seen)
    return found


def searched(training, test):
    known = np.unique(training)
    place = np.searchsorted(known, test).clip(max=len(known) - 1)
    return known[place] == test


TRAINED_ON = {
    "np.isin": lambda training, test: np.isin(test, training),
    "a set": lambda training, test: [group in set(training.tolist()) for group in test.tolist()],
    "looped": looped,
    "compared with all": lambda training, test: (test[:, None] == training).any(axis=1),
    "marked": marked,
    "searched": searched,
    "in": lambda training, test: np.array([group in training for group in test]),
    "torch": lambda training, test: torch.isin(torch.tensor(test), torch.tensor(training)),
    "ones and zeros": lambda training, test: np.isin(test, training).astype(int),
}


def by_hand(scores):
    n = len(scores)
    mean = sum(scores) / n
    return mean, (sum((score - mean) ** 2 for score in scores) / (n - 1)) ** 0.5


def from_squares(scores):
    n = len(scores)
    variance = (np.sum(scores**2) - n * np.mean(scores) ** 2) / (n - 1)
    return [np.mean(scores), np.sqrt(variance)]


SPREAD = {
    "ddof": lambda scores: (np.mean(scores), np.std(scores, ddof=1)),
    "by hand": by_hand,
    "statistics": lambda scores: (
        statistics.mean(scores.tolist()),
        statistics.stdev(scores.tolist()),
    ),
    "methods in an array": lambda scores: np.array([scores.mean(), scores.std(ddof=1)]),
    "root of the variance": lambda scores: (scores.mean(), scores.var(ddof=1) ** 0.5),
    "torch": lambda scores: (torch.tensor(scores).mean(), torch.tensor(scores).std()),
    "from squares": from_squares,
    "np.cov": lambda scores: (np.average(scores), np.cov(scores) ** 0.5),
    "corrected": lambda scores: (
        scores.mean(),
        scores.std() * (len(scores) / (len(scores) - 1)) ** 0.5,
    ),
}


def counted_draws(gains, draws):
    counts = np.stack([np.bincount(row, minlength=len(gains)) for row in draws])
    return counts @ gains / draws.shape[1]


def two_loops(gains, draws):
    means = []
    for row in draws:
        total = 0.0
        for place in row:
            total += gains[place]
        means.append(total / len(row))
    return means


BOOTSTRAP = {
    "looked up": lambda gains, draws: gains[draws].mean(axis=1),
    "row by row": lambda gains, draws: [gains[row].mean() for row in draws],
    "two loops": two_loops,
    "counted draws": counted_draws,
    "np.take": lambda gains, draws: np.average(np.take(gains, draws), axis=-1),
    "one-hot": lambda gains, draws: (np.eye(len(gains))[draws] @ gains).mean(axis=1),
    "torch": lambda gains, draws: torch.tensor(gains)[torch.tensor(draws)].mean(dim=1),
    "statistics": lambda gains, draws: [
        statistics.fmean(gains[place] for place in row) for row in draws
    ],
    "apply_along_axis": lambda gains, draws: np.apply_along_axis(
        lambda row: gains[row].mean(), 1, draws
    ),
}

STUDY: dict[str, Row] = {
    "balanced_accuracy": Row(BALANCED),
    "trained_on": Row(TRAINED_ON),
    "mean_and_deviation": Row(SPREAD),
    "bootstrap_means": Row(BOOTSTRAP),
}
