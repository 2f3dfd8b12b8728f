"""The score that a map explains: the logit of the class that was asked about."""

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch.functional.checks import Array


def class_score(logits: Array, targets: Array) -> Array:
    """Logit of the class asked about, for each image: (N, classes), (N,) -> (N,).

    Examples
    --------
    >>> class_score(np.array([[1.0, 2.0], [3.0, 4.0]]), targets=np.array([1, 0]))
    array([2., 3.])
    """
    return np.asarray(logits[np.arange(len(logits)), targets])


def _softmax(logits: Array) -> Array:
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _targets(*numbers: int) -> Array:
    return np.array(numbers)


EXERCISE = Exercise(
    class_score,
    (
        Case(
            "with two images",
            {"logits": np.array([[1.0, 2.0, -1.0], [3.0, 4.0, 0.5]]), "targets": _targets(2, 0)},
        ),
        Case("with several", {"logits": normal(5, 4), "targets": _targets(3, 1, 2, 2, 1)}),
        Case(
            "with as many images as classes",
            {"logits": normal(4, 4), "targets": _targets(1, 3, 0, 1)},
        ),
        Case("with a single image", {"logits": normal(1, 6), "targets": _targets(4)}),
    ),
    axes="(N,)",
    values=(
        Misconception(
            "probability",
            lambda logits, targets: class_score(_softmax(logits), targets),
            "These are probabilities, from a softmax. It makes the map of a sure network fade, and "
            "it mixes in all other classes: take the logit.",
        ),
        Misconception(
            "largest probability",
            lambda logits, targets: _softmax(logits).max(axis=1),
            "These are the probabilities of the best classes. Take the logit, and of the class "
            "asked about.",
        ),
        Misconception(
            "probability of class 0",
            lambda logits, targets: _softmax(logits)[:, 0],
            "This is the probability of class 0, whatever was asked. Take the logit, and of the "
            "class asked about.",
        ),
        Misconception(
            "logarithm of the probability",
            lambda logits, targets: class_score(np.log(_softmax(logits)), targets),
            "These are logarithms of probabilities, in which all other classes have a part. Take "
            "the logit itself.",
        ),
        Misconception(
            "loss",
            lambda logits, targets: -class_score(np.log(_softmax(logits)), targets),
            "This is the loss, which falls where the class gets stronger. Take the logit.",
        ),
        Misconception(
            "best class",
            lambda logits, targets: logits.max(axis=1),
            "These are the largest logits. If you ask about another class, you get the map of the "
            "best one.",
        ),
        Misconception(
            "number of the best class",
            lambda logits, targets: logits.argmax(axis=1),
            "These are the numbers of the best classes. The score is the logit of the class asked "
            "about.",
        ),
        Misconception(
            "class 0",
            lambda logits, targets: logits[:, 0],
            "This is the logit of class 0, whatever was asked.",
        ),
        Misconception(
            "softmax over all images",
            lambda logits, targets: class_score(np.exp(logits) / np.exp(logits).sum(), targets),
            "These are shares of all images together, from a softmax. Take the logit.",
        ),
        Misconception(
            "sigmoid",
            lambda logits, targets: 1 / (1 + np.exp(-class_score(logits, targets))),
            "The logits went through a sigmoid. Take them as they are.",
        ),
        Misconception(
            "exponential",
            lambda logits, targets: np.exp(class_score(logits, targets)),
            "These are exponentials of the logits. Take the logits themselves.",
        ),
        Misconception(
            "rectified",
            lambda logits, targets: np.maximum(class_score(logits, targets), 0),
            "Negative logits became 0. Take them as they are.",
        ),
        Misconception(
            "sorted",
            lambda logits, targets: class_score(np.sort(logits, axis=1), targets),
            "The logits are sorted first, so that a place no longer belongs to a class.",
        ),
        Misconception(
            "first image for all",
            lambda logits, targets: logits[0, targets],
            "All scores come from the first image. Each image has logits of its own.",
        ),
        Misconception(
            "right or wrong",
            lambda logits, targets: (logits.argmax(axis=1) == targets).astype(float),
            "This says whether the class asked about is the best one. Its logit is asked for.",
        ),
        Misconception(
            "one target for all",
            lambda logits, targets: logits[:, targets[0]],
            "All images get the class of the first. Each has its own.",
        ),
        Misconception(
            "counted from 1",
            lambda logits, targets: class_score(np.roll(logits, 1, axis=1), targets),
            "This is the class before the one that was asked about: classes count from 0.",
        ),
        Misconception(
            "sign turned",
            lambda logits, targets: -class_score(logits, targets),
            "The sign is wrong.",
        ),
        Misconception(
            "above the mean",
            lambda logits, targets: class_score(logits, targets) - logits.mean(axis=1),
            "The mean of all logits is subtracted, so that other classes have a part in the score.",
        ),
    ),
    shapes=(
        Misconception(
            "every target for every image",
            lambda logits, targets: (len(logits), len(targets)),
            "Every image gets the classes of all images. `np.arange(len(logits))` as first index "
            "pairs them.",
        ),
        Misconception(
            "one number",
            lambda logits, targets: (),
            "This is a single number. There is one score for each image.",
        ),
        Misconception(
            "all classes",
            lambda logits, targets: logits.shape,
            "There are scores of all classes. Pick one for each image, along axis 1.",
        ),
        Misconception(
            "a column",
            lambda logits, targets: (len(logits), 1),
            "The scores are in a column. Take the second axis away, `[:, 0]`.",
        ),
        Misconception(
            "a number for each class",
            lambda logits, targets: (logits.shape[1],),
            "There is a number for each class. There is one score for each image.",
        ),
    ),
)
