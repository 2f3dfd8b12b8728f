"""How good the answers of a classifier are: counts of right and wrong ones, as shares.

Labels come first, as in :func:`cnnlab.plots.confusion_matrix`; classes may be any numbers or
words. A share of nothing has no value and is NaN.
"""

from typing import Any

import numpy as np

from cnnlab.scratch.functional.checks import Array


def accuracy(labels: Any, predictions: Any) -> float:
    """Share of all examples that are answered right.

    Parameters
    ----------
    labels, predictions : (N,) arrays
        True and predicted classes.

    Raises
    ------
    ValueError
        If the shapes differ or there are no examples.

    Examples
    --------
    >>> accuracy([1, 1, -1, -1], [1, -1, -1, -1])
    0.75
    """
    labels, predictions = _pair("accuracy", labels, predictions)
    return float(np.mean(labels == predictions))


def precision(labels: Any, predictions: Any, positive: Any = 1) -> float:
    """Of all examples that were said to be of a class, the share that is of it.

    Parameters
    ----------
    labels, predictions : (N,) arrays
        True and predicted classes.
    positive : number or str
        The class.

    Returns
    -------
    float
        NaN if no example was said to be of the class.

    Raises
    ------
    ValueError
        If the shapes differ or there are no examples.

    Examples
    --------
    >>> precision([1, 1, -1, -1], [1, -1, -1, -1])
    1.0
    """
    labels, predictions = _pair("precision", labels, predictions)
    return _share(labels == positive, among=predictions == positive)


def recall(labels: Any, predictions: Any, positive: Any = 1) -> float:
    """Of all examples of a class, the share that was found.

    Parameters
    ----------
    labels, predictions : (N,) arrays
        True and predicted classes.
    positive : number or str
        The class.

    Returns
    -------
    float
        NaN if there is no example of the class.

    Raises
    ------
    ValueError
        If the shapes differ or there are no examples.

    Examples
    --------
    >>> recall([1, 1, -1, -1], [1, -1, -1, -1])
    0.5
    """
    labels, predictions = _pair("recall", labels, predictions)
    return _share(predictions == positive, among=labels == positive)


def balanced_accuracy(labels: Any, predictions: Any) -> float:
    """Mean of the classes' recalls, so that a rare class counts as much as a frequent one.

    Parameters
    ----------
    labels, predictions : (N,) arrays
        True and predicted classes.

    Raises
    ------
    ValueError
        If the shapes differ or there are no examples.

    Examples
    --------
    Who always says "no" is right 9 times in 10, and finds nothing.

    >>> labels = ["no"] * 9 + ["yes"]
    >>> accuracy(labels, ["no"] * 10), balanced_accuracy(labels, ["no"] * 10)
    (0.9, 0.5)
    """
    labels, predictions = _pair("balanced_accuracy", labels, predictions)
    return float(np.mean([recall(labels, predictions, one) for one in np.unique(labels)]))


def _share(found: Array, among: Array) -> float:
    return float(np.mean(found[among])) if among.any() else float("nan")


def _pair(function: str, labels: Any, predictions: Any) -> tuple[Array, Array]:
    labels, predictions = np.asarray(labels), np.asarray(predictions)
    if labels.ndim != 1 or labels.shape != predictions.shape or not len(labels):
        raise ValueError(
            f"{function}: labels and predictions must have one shape (N,) with N at least 1, not "
            f"{labels.shape} and {predictions.shape}. Give one class for each example; take the "
            "argmax of probabilities first."
        )
    return labels, predictions
