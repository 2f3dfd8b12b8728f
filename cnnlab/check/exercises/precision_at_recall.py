"""Precision where the threshold is set so that a given share of the members is found."""

from collections.abc import Callable
from math import ceil
from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw, Exercise
from cnnlab.scratch.functional.checks import Array


def precision_at_recall(labels: Array, scores: Array, recall: float) -> float:
    """Precision of "score at least the threshold", the highest threshold with this recall.

    Examples
    --------
    >>> labels = np.array([1, 1, 1, 1, 0, 0, 0])
    >>> precision_at_recall(labels, np.array([9.0, 7, 4, 2, 5, 3, 1]), 0.75)
    0.75
    """
    return _precision(labels, scores >= _threshold(labels, scores, recall))


def _threshold(labels: Array, scores: Array, recall: float) -> float:
    return float(np.sort(scores[labels == 1])[::-1][_needed(labels, recall) - 1])


def _needed(labels: Array, recall: float) -> int:
    """How many members have to be found."""
    return ceil(recall * int(labels.sum()))


def _precision(labels: Array, said: Array) -> float:
    return float(labels[said].mean()) if said.any() else 0.0


def _labels(members: int, others: int) -> Draw:
    every = np.repeat([1, 0], [members, others])
    return lambda rng: np.random.default_rng(members).permutation(every)


def _scores(members: int, others: int) -> Draw:
    """Members score higher on average; the scores lie around 2, so that 0 is no threshold."""

    def draw(rng: np.random.Generator) -> Array:
        labels = _labels(members, others)(rng)
        return np.asarray(2 + 1.2 * labels + rng.standard_normal(len(labels)))

    return draw


def _case(words: str, members: int, others: int, recall: float) -> Case:
    inputs = {"labels": _labels(members, others), "scores": _scores(members, others)}
    return Case(words, inputs | {"recall": recall})


def _at(labels: Array, scores: Array, place: int) -> float:
    """Precision where so many members are found."""
    members = np.sort(scores[labels == 1])[::-1]
    return _precision(labels, scores >= members[min(max(place, 1), len(members)) - 1])


def _from(threshold: Callable[[Array, Array, float], Any]) -> Callable[..., float]:
    """Precision from another threshold on."""
    return lambda labels, scores, recall: _precision(
        labels, scores >= threshold(labels, scores, recall)
    )


def _measured(measure: Callable[[Array, Array], Any]) -> Callable[..., float]:
    """Another measure of the labels and of who is found."""
    return lambda labels, scores, recall: float(
        measure(labels, scores >= _threshold(labels, scores, recall))
    )


def _top(labels: Array, scores: Array, count: int) -> float:
    return _precision(labels, scores >= np.sort(scores)[::-1][max(count, 1) - 1])


EXERCISE = Exercise(
    precision_at_recall,
    (
        Case(
            "with the example of the lecture",
            {
                "labels": np.array([1, 1, 1, 1, 0, 0, 0]),
                "scores": np.array([9.0, 7, 4, 2, 5, 3, 1]),
                "recall": 0.75,
            },
        ),
        Case(
            "with equal scores",
            {
                "labels": np.array([0, 1, 0, 1, 0, 1, 1, 0]),
                "scores": np.array([3.0, 5, 3, 3, 2.7, 4, 1, 3]),
                "recall": 0.75,
            },
        ),
        Case(
            "where the recall falls between two members",
            {
                "labels": np.array([1, 0, 1, 0, 0, 1, 0, 1, 1]),
                "scores": np.array([8.0, 7.5, 7, 6.5, 6, 5, 4.5, 4, 3]),
                "recall": 0.5,
            },
        ),
        _case("with rare members", 8, 90, 0.5),
        _case("where all are to be found", 20, 30, 1.0),
        _case("with many", 64, 100, 0.875),
    ),
    values=(
        Misconception(
            "above the threshold",
            lambda labels, scores, recall: _precision(
                labels, scores > _threshold(labels, scores, recall)
            ),
            "An example with exactly the threshold is left out. With ≥, the member that sets it is found "
            "too.",
        ),
        Misconception(
            "one more",
            lambda labels, scores, recall: _at(labels, scores, _needed(labels, recall) + 1),
            "You go one member too far. At least this share is to be found, and places count from "
            "0, so that the third member is at place 2.",
        ),
        Misconception(
            "rounded down",
            lambda labels, scores, recall: _at(labels, scores, int(recall * int(labels.sum()))),
            "You find one member too few: what has to be found is rounded down. Round up.",
        ),
        Misconception(
            "share of all",
            lambda labels, scores, recall: _top(labels, scores, ceil(recall * len(scores))),
            "You took this share of all examples. The recall is a share of the members.",
        ),
        Misconception(
            "as many as members are wanted",
            lambda labels, scores, recall: _top(labels, scores, _needed(labels, recall)),
            "You took the highest scores of all, as many as members are to be found. Others are "
            "among them, so fewer members are found.",
        ),
        Misconception(
            "from below",
            _from(
                lambda labels, scores, recall: np.sort(scores[labels == 1])[
                    _needed(labels, recall) - 1
                ]
            ),
            "You counted the members from the lowest score upwards. The highest scores are found "
            "first.",
        ),
        Misconception(
            "quantile from below",
            _from(lambda labels, scores, recall: np.quantile(scores[labels == 1], recall)),
            "Your quantile counts from the lowest score upwards. The highest scores are found first.",
        ),
        Misconception(
            "not sorted",
            _from(lambda labels, scores, recall: scores[_needed(labels, recall) - 1]),
            "You counted in the order in which the examples come. Sort the members' scores, the highest first.",
        ),
        Misconception(
            "mean score",
            _from(lambda labels, scores, recall: scores[labels == 1].mean()),
            "Your threshold is the mean score of the members. Take the score of the last member that has to be found.",
        ),
        Misconception(
            "between two members",
            _from(lambda labels, scores, recall: np.quantile(scores[labels == 1], 1 - recall)),
            "Your threshold lies between the scores of two members, so others slip in. Take the "
            "score of the last member that has to be found.",
        ),
        Misconception(
            "best precision",
            lambda labels, scores, recall: max(
                _precision(labels, scores >= threshold)
                for threshold in scores
                if (scores[labels == 1] >= threshold).mean() >= recall
            ),
            "This is the best precision of all thresholds that reach the recall. Take the highest "
            "threshold of them.",
        ),
        Misconception(
            "threshold of the others",
            _from(lambda labels, scores, recall: _threshold(1 - labels, scores, recall)),
            "You set the threshold by the scores of the others. Set it by those of the members.",
        ),
        Misconception(
            "the recall",
            _measured(lambda labels, found: found[labels == 1].mean()),
            "This is the recall. The precision is the share of those found who are members.",
        ),
        Misconception(
            "the threshold",
            _threshold,
            "This is the threshold. What is the precision there?",
        ),
        Misconception(
            "the recall wanted",
            lambda labels, scores, recall: recall,
            "This is the recall that was handed in.",
        ),
        Misconception(
            "mean score of those found",
            lambda labels, scores, recall: float(
                scores[scores >= _threshold(labels, scores, recall)].mean()
            ),
            "This is the mean of their scores. What share of them are members?",
        ),
        Misconception(
            "how many are found",
            _measured(lambda labels, found: labels[found].sum()),
            "That is how many members are found. Divide by all that are found.",
        ),
        Misconception(
            "share of all that are found",
            _measured(lambda labels, found: found.mean()),
            "This is how many of all are found. What share of them are members?",
        ),
        Misconception(
            "divided by all",
            _measured(lambda labels, found: labels[found].sum() / len(labels)),
            "You divided by all examples. Divide by those that are found.",
        ),
        Misconception(
            "F1",
            lambda labels, scores, recall: (
                2
                * precision_at_recall(labels, scores, recall)
                * recall
                / (precision_at_recall(labels, scores, recall) + recall)
            ),
            "This is a mean of precision and recall. The precision alone is asked for.",
        ),
        Misconception(
            "false alarms among the others",
            _measured(lambda labels, found: found[labels == 0].mean()),
            "This is the share of the others that are said to be members. The precision looks at "
            "those that are said to be members.",
        ),
        Misconception(
            "wrong ones",
            lambda labels, scores, recall: 1 - precision_at_recall(labels, scores, recall),
            "This is the share of wrong ones among those found. Give the share of right ones.",
        ),
        Misconception(
            "accuracy",
            _measured(lambda labels, found: (found == labels).mean()),
            "This is the accuracy. The precision looks only at those that are said to be members.",
        ),
        Misconception(
            "recall as the threshold",
            _from(lambda labels, scores, recall: recall),
            "You took the recall for the threshold. Find the score that this share of the members "
            "reaches.",
        ),
        Misconception(
            "half as the threshold",
            _from(lambda labels, scores, recall: 0.5),
            "Your threshold is 0.5, whatever the scores are. Find the score that this share of the members reaches.",
        ),
        Misconception(
            "everybody",
            lambda labels, scores, recall: float(labels.mean()),
            "This is the share of members among all. Look at those alone that reach the threshold.",
        ),
        Misconception(
            "percent",
            lambda labels, scores, recall: 100 * precision_at_recall(labels, scores, recall),
            "This is in percent; give a share from 0 to 1.",
        ),
        Misconception(
            "divided by the members",
            _measured(lambda labels, found: found.sum() / labels.sum()),
            "You divided how many are found by how many members there are. The precision is the "
            "share of members among those found.",
        ),
    ),
)
