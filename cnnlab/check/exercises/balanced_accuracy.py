"""Mean of the classes' recalls: a measure that naming the largest class cannot win."""

from collections.abc import Callable

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw, Exercise
from cnnlab.scratch import metrics
from cnnlab.scratch.functional.checks import Array

_balanced, _recall = metrics.balanced_accuracy, metrics.recall


def _recalls(labels: Array, answers: Array) -> list[float]:
    return [_recall(labels, answers, one) for one in np.unique(labels)]


def _weighted(labels: Array, answers: Array) -> float:
    """Recalls, each weighted with how rare its class is."""
    counts = np.unique(labels, return_counts=True)[1]
    return float(np.average(_recalls(labels, answers), weights=1 / counts))


def _precisions(labels: Array, answers: Array) -> float | None:
    named = np.unique(answers)
    if set(named) != set(np.unique(labels)):
        return None
    return float(np.mean([metrics.precision(labels, answers, one) for one in named]))


def _by_answers(labels: Array, answers: Array) -> float:
    """Classes looked up in the answers, which may miss some and name others."""
    shares = [np.mean(answers[labels == one] == one) for one in np.unique(answers) if one in labels]
    return float(np.mean(shares))


def _share(values: Array) -> float:
    """Share of what is true; of nothing it is no number, as in NumPy."""
    return float(values.mean()) if values.size else float("nan")


def _over(classes: Callable[[Array, Array], Array]) -> Callable[[Array, Array], float]:
    """The mean of recalls over other classes than those of the labels."""
    return lambda labels, answers: float(
        np.mean([_share(answers[labels == one] == one) for one in classes(labels, answers)])
    )


def _shares_of_answers(labels: Array, answers: Array) -> float:
    return float(np.mean([_share(labels[answers == one] == one) for one in np.unique(labels)]))


def _ten(rare: int, found: int, wrong: int) -> dict[str, Array]:
    """Ten examples of two classes: so many of the rare one, of which so many are found."""
    labels = np.repeat([0, 1], [10 - rare, rare])
    answers = np.repeat([0, 1, 1, 0], [10 - rare - wrong, wrong, found, rare - found])
    return {"labels": labels, "answers": answers}


def _labels(rng: np.random.Generator) -> Array:
    return rng.permutation(np.repeat([2, 5, 7], [40, 15, 6]))


def _answers(shift: int) -> Draw:
    """Classes 2, 5 and 7 in other shares than in the labels, each of them named."""
    return lambda rng: np.roll(rng.permutation(np.repeat([2, 5, 7], [25, 20, 16])), shift)


EXERCISE = Exercise(
    _balanced,
    (
        Case("where the rare class is never named", _ten(1, 0, 0)),
        Case("with one of three found beside a false alarm", _ten(3, 1, 1)),
        Case("with the rare class named too often", _ten(4, 4, 4)),
        Case("with the classes 2, 5 and 7", {"labels": _labels, "answers": _answers(0)}),
        Case("with other answers", {"labels": _labels, "answers": _answers(11)}),
        Case(
            "with answers of a class that no example has",
            {"labels": np.repeat([2, 5], [6, 4]), "answers": np.repeat([2, 7, 5, 2], [5, 1, 3, 1])},
        ),
    ),
    values=(
        Misconception(
            "accuracy",
            metrics.accuracy,
            "This is the accuracy, in which a rare class hardly counts. Take the recall of each "
            "class by itself, then their mean.",
        ),
        Misconception(
            "recall of the rare class",
            lambda labels, answers: _recalls(labels, answers)[-1],
            "This is the recall of the last class alone. Take the mean over all classes.",
        ),
        Misconception(
            "recall of the first class",
            lambda labels, answers: _recalls(labels, answers)[0],
            "This is the recall of the first class alone. Take the mean over all classes.",
        ),
        Misconception(
            "recall of class 1",
            lambda labels, answers: _recall(labels, answers, 1) if 1 in labels else None,
            "This is the recall of class 1. Take the mean over all classes.",
        ),
        Misconception(
            "sum",
            lambda labels, answers: sum(_recalls(labels, answers)),
            "The recalls are added up. Divide by the number of classes.",
        ),
        Misconception(
            "halved",
            lambda labels, answers: sum(_recalls(labels, answers)) / 2,
            "The recalls are added up and halved, but there may be more than two classes.",
        ),
        Misconception(
            "precisions",
            _precisions,
            "These are precisions: each is a share of the answers. A recall is a share of the "
            "examples that are of the class.",
        ),
        Misconception(
            "precisions of classes that are never named",
            _shares_of_answers,
            "These are precisions: each is a share of the answers. A recall is a share of the "
            "examples that are of the class.",
        ),
        Misconception(
            "product",
            lambda labels, answers: float(np.prod(_recalls(labels, answers))),
            "The recalls are multiplied. Take their mean.",
        ),
        Misconception(
            "smallest",
            lambda labels, answers: min(_recalls(labels, answers)),
            "This is the smallest of the recalls. Take their mean.",
        ),
        Misconception(
            "weighted by rarity",
            _weighted,
            "The rare class weighs more than the others. In the mean of the recalls each class "
            "weighs the same.",
        ),
        Misconception(
            "classes of the answers",
            _by_answers,
            "You went through the classes that the answers name, so that one which is never named "
            "is left out. Go through those of the labels.",
        ),
        Misconception(
            "classes of the answers, of which there is no example",
            _over(lambda labels, answers: np.unique(answers)),
            "You went through the classes that the answers name. Go through those of the labels: of "
            "the others there is no example.",
        ),
        Misconception(
            "classes counted from 0",
            _over(lambda labels, answers: np.arange(labels.max() + 1)),
            "You went through the classes 0, 1 and so on. np.unique(labels) gives those that occur.",
        ),
        Misconception(
            "classes of labels and answers",
            lambda labels, answers: (
                sum(_recalls(labels, answers)) / len(np.union1d(labels, answers))
            ),
            "A class that is only answered counts as one of recall 0, but no example is of it. Go "
            "through the classes of the labels.",
        ),
        Misconception(
            "median",
            lambda labels, answers: float(np.median(_recalls(labels, answers))),
            "This is the median of the recalls. Take their mean.",
        ),
        Misconception(
            "largest",
            lambda labels, answers: max(_recalls(labels, answers)),
            "This is the largest of the recalls. Take their mean.",
        ),
        Misconception(
            "accuracy of each class",
            lambda labels, answers: float(
                np.mean([np.mean((answers == one) == (labels == one)) for one in np.unique(labels)])
            ),
            "This is the mean of accuracies, in which what a class rightly leaves alone counts too. "
            "A recall looks only at the examples of its class.",
        ),
        Misconception(
            "error",
            lambda labels, answers: 1 - _balanced(labels, answers),
            "This is the share that was missed.",
        ),
        Misconception(
            "percent",
            lambda labels, answers: 100 * _balanced(labels, answers),
            "This is in percent; give a share from 0 to 1.",
        ),
    ),
)
