"""Of all examples of a class, the share that was found."""

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Exercise
from cnnlab.check.exercises.common.judging import cases, other
from cnnlab.scratch import metrics

_recall, _precision = metrics.recall, metrics.precision

EXERCISE = Exercise(
    _recall,
    cases(),
    values=(
        Misconception(
            "precision",
            _precision,
            "This is the precision: the share of the answers naming the class that are right. For "
            "the recall, divide by how many members the class has.",
        ),
        Misconception(
            "of the other class",
            lambda labels, answers, positive: _recall(labels, answers, other(positive, labels)),
            "This is the recall of the other class.",
        ),
        Misconception(
            "always of class 1",
            lambda labels, answers, positive: _recall(labels, answers, 1),
            "This is the recall of class 1, whatever positive is.",
        ),
        Misconception(
            "precision of the other class",
            lambda labels, answers, positive: _precision(labels, answers, other(positive, labels)),
            "This is the precision of the other class.",
        ),
        Misconception(
            "accuracy",
            lambda labels, answers, positive: metrics.accuracy(labels, answers),
            "This is the accuracy: all right answers, among all examples. Look at the members of "
            "the class only.",
        ),
        Misconception(
            "number found",
            lambda labels, answers, positive: ((labels == positive) & (answers == positive)).sum(),
            "This counts the members that were found; divide by how many members there are.",
        ),
        Misconception(
            "among all",
            lambda labels, answers, positive: ((labels == positive) & (answers == positive)).mean(),
            "You divided by the number of all examples; divide by the members of the class.",
        ),
        Misconception(
            "share missed",
            lambda labels, answers, positive: 1 - _recall(labels, answers, positive),
            "This is the share that was missed.",
        ),
        Misconception(
            "percent",
            lambda labels, answers, positive: 100 * _recall(labels, answers, positive),
            "This is in percent; give a share from 0 to 1.",
        ),
        Misconception(
            "rounded",
            lambda labels, answers, positive: round(_recall(labels, answers, positive), 2),
            "This is rounded. Hand the share back as it is.",
        ),
        Misconception(
            "share of the class",
            lambda labels, answers, positive: (labels == positive).mean(),
            "This is how common the class is. How many of its members were found?",
        ),
        Misconception(
            "share of the answers",
            lambda labels, answers, positive: (answers == positive).mean(),
            "This is how often the class was named. How many of its members were found?",
        ),
    ),
)
