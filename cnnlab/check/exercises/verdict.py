"""Accuracy, precision and recall of one class, side by side."""

from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Exercise
from cnnlab.check.exercises.common.judging import cases, other
from cnnlab.scratch import metrics
from cnnlab.scratch.functional.checks import Array


def verdict(labels: Array, answers: Array, positive: Any) -> Array:
    """Accuracy, precision and recall of a class, (3,).

    Examples
    --------
    >>> verdict(np.array([1, 1, -1, -1]), np.array([1, -1, -1, -1]), 1)
    array([0.75, 1.  , 0.5 ])
    """
    measures = (metrics.precision, metrics.recall)
    shares = [measure(labels, answers, positive) for measure in measures]
    return np.array([metrics.accuracy(labels, answers), *shares])


def _count(labels: Array, answers: Array, positive: Any) -> Array:
    hits = ((labels == positive) & (answers == positive)).sum()
    return np.array([(labels == answers).sum(), hits, hits])


def _mixed(labels: Array, answers: Array, positive: Any, which: int) -> Array:
    """One of the three measures is that of the other class."""
    every = verdict(labels, answers, positive)
    every[which] = verdict(labels, answers, other(positive, labels))[which]
    return every


EXERCISE = Exercise(
    verdict,
    cases(),
    axes="accuracy, precision, recall",
    values=(
        Misconception(
            "precision and recall exchanged",
            lambda labels, answers, positive: verdict(labels, answers, positive)[[0, 2, 1]],
            "Precision and recall have changed places. Precision looks at the answers that name "
            "the class, recall at its members.",
        ),
        Misconception(
            "of the other class",
            lambda labels, answers, positive: verdict(labels, answers, other(positive, labels)),
            "Precision and recall belong to the other class.",
        ),
        Misconception(
            "of the other class, exchanged",
            lambda labels, answers, positive: verdict(labels, answers, other(positive, labels))[
                [0, 2, 1]
            ],
            "Precision and recall belong to the other class, and have changed places.",
        ),
        Misconception(
            "accuracy last",
            lambda labels, answers, positive: np.roll(verdict(labels, answers, positive), -1),
            "The three are right, but in another order: the accuracy comes first.",
        ),
        Misconception(
            "precision of the other class",
            lambda labels, answers, positive: _mixed(labels, answers, positive, 1),
            "The precision belongs to the other class.",
        ),
        Misconception(
            "recall of the other class",
            lambda labels, answers, positive: _mixed(labels, answers, positive, 2),
            "The recall belongs to the other class.",
        ),
        Misconception(
            "accuracy as a count",
            lambda labels, answers, positive: (
                verdict(labels, answers, positive) * [len(labels), 1, 1]
            ),
            "The accuracy is a share: divide the number of right answers by the number of all.",
        ),
        Misconception(
            "counts",
            _count,
            "These are counts. Each of the three is a share: divide by what it is counted among.",
        ),
        Misconception(
            "all among all examples",
            lambda labels, answers, positive: _count(labels, answers, positive) / len(labels),
            "Only the accuracy is a share of all examples. Precision divides by the answers that "
            "name the class, recall by its members.",
        ),
        Misconception(
            "percent",
            lambda labels, answers, positive: 100 * verdict(labels, answers, positive),
            "These are percentages; give shares from 0 to 1.",
        ),
        Misconception(
            "mistakes",
            lambda labels, answers, positive: 1 - verdict(labels, answers, positive),
            "These are the shares of mistakes; give the shares of what is right.",
        ),
        Misconception(
            "accuracy of mistakes",
            lambda labels, answers, positive: np.abs(
                [1, 0, 0] - verdict(labels, answers, positive)
            ),
            "Precision and recall are right. The first is the share of wrong answers; the accuracy "
            "is that of right ones.",
        ),
    ),
)
