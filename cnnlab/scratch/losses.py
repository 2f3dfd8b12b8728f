"""Losses: how wrong a batch is, as one number, and the gradient that says how to mend it.

Every pair reads ``value, cache = loss(pred, target)`` and ``dpred = loss_backward(cache)``.
Values are means over the batch, as in PyTorch. Inputs are not changed. Which pairing is right?

========================  =========================================  ====================
last layer                loss                                       targets
========================  =========================================  ====================
none (logits)             :func:`cross_entropy`                      (N,) integer labels
softmax                   :func:`cross_entropy_of_probabilities`     (N,) integer labels
none (logits)             :func:`binary_cross_entropy_with_logits`   0 to 1, shape of pred
sigmoid                   :func:`binary_cross_entropy`               0 to 1, shape of pred
none                      :func:`mse_loss`, :func:`l1_loss`          shape of pred
========================  =========================================  ====================

Logits given to a loss of probabilities are refused where they can be told: below 0, above 1,
or not summing to 1. Probabilities given to a loss of logits cannot be refused, because any
number may be a logit; the softmax is then taken twice, the loss cannot fall below
``log(1 + (K − 1)/e)`` for K classes, and learning is slow.
"""

from typing import NamedTuple

import numpy as np

from cnnlab.scratch.functional.checks import Array, check_any, check_axes, check_floats, check_shape
from cnnlab.scratch.functional.squashing import logistic

_SUM_TOLERANCE = 1e-3  # wide enough for float32 sums of thousands of classes


class LossCache(NamedTuple):
    """The gradient of the mean loss, before the upstream factor."""

    gradient: Array


def mse_loss(pred: Array, target: Array) -> tuple[float, LossCache]:
    """Mean squared error over all numbers.

    Parameters
    ----------
    pred, target : arrays of one shape

    Returns
    -------
    value : float
    cache : LossCache

    Examples
    --------
    >>> value, cache = mse_loss(np.array([1.0, 2.0]), np.array([1.0, 4.0]))
    >>> value, mse_loss_backward(cache)
    (2.0, array([ 0., -2.]))
    """
    _check_pair("mse_loss", pred, target)
    error = pred - target
    return float(np.mean(error * error)), LossCache(error * (2 / error.size))


def l1_loss(pred: Array, target: Array) -> tuple[float, LossCache]:
    """Mean absolute error over all numbers; where there is no error the gradient is 0.

    Parameters
    ----------
    pred, target : arrays of one shape

    Returns
    -------
    value : float
    cache : LossCache

    Examples
    --------
    >>> value, cache = l1_loss(np.array([1.0, 2.0]), np.array([1.0, 4.0]))
    >>> value, l1_loss_backward(cache)
    (1.0, array([ 0. , -0.5]))
    """
    _check_pair("l1_loss", pred, target)
    error = pred - target
    return float(np.mean(np.abs(error))), LossCache(np.sign(error) * (1 / error.size))


def cross_entropy(logits: Array, labels: Array) -> tuple[float, LossCache]:
    """Mean of ``−log softmax(logits)[label]``: softmax and logarithm in one stable step.

    Parameters
    ----------
    logits : (N, K) array
        The last layer's outputs as they are, without softmax.
    labels : (N,) array of integers
        Classes, counted from 0.

    Returns
    -------
    value : float
    cache : LossCache

    Notes
    -----
    The gradient is ``(softmax(logits) − one-hot(label)) / N``.

    Examples
    --------
    >>> value, cache = cross_entropy(np.array([[0.0, 0.0], [1000.0, 0.0]]), np.array([0, 0]))
    >>> round(value, 4), cross_entropy_backward(cache)
    (0.3466, array([[-0.25,  0.25],
           [ 0.  ,  0.  ]]))
    """
    _check_labels("cross_entropy", logits, labels)
    rows = np.arange(len(logits))
    shifted = logits - logits.max(axis=1, keepdims=True)  # eˣ cannot overflow
    powers = np.exp(shifted)
    total = powers.sum(axis=1, keepdims=True)  # (N, 1)
    value = np.mean(np.log(total[:, 0]) - shifted[rows, labels])
    gradient = powers / total
    gradient[rows, labels] -= 1
    gradient /= len(logits)
    return float(value), LossCache(gradient)


def cross_entropy_of_probabilities(probabilities: Array, labels: Array) -> tuple[float, LossCache]:
    """Mean of ``−log p[label]``, for networks that end with a softmax.

    Prefer :func:`cross_entropy` on logits: a probability that has been rounded to 0 has lost
    what its logit knew. It counts here as the smallest number of its dtype.

    Parameters
    ----------
    probabilities : (N, K) array
        Each row sums to 1.
    labels : (N,) array of integers

    Returns
    -------
    value : float
    cache : LossCache

    Raises
    ------
    ValueError
        If rows are not probabilities; most likely they are logits.

    Examples
    --------
    >>> value, cache = cross_entropy_of_probabilities(np.array([[0.5, 0.5]]), np.array([0]))
    >>> round(value, 4), cross_entropy_of_probabilities_backward(cache)
    (0.6931, array([[-2.,  0.]]))
    """
    name = "cross_entropy_of_probabilities"
    _check_labels(name, probabilities, labels)
    _check_probabilities(name, probabilities, "cross_entropy")
    sums = probabilities.sum(axis=1)
    worst = np.abs(sums - 1).argmax()
    if not abs(sums[worst] - 1) < _SUM_TOLERANCE:
        raise ValueError(
            f"{name}: each row must sum to 1, but row {worst} sums to {sums[worst]:.4g}. "
            "End with a softmax, or give logits to cross_entropy."
        )
    rows = np.arange(len(probabilities))
    chosen = np.maximum(probabilities[rows, labels], np.finfo(probabilities.dtype).tiny)
    gradient = np.zeros_like(probabilities)
    gradient[rows, labels] = -1 / (chosen * len(chosen))
    return float(-np.mean(np.log(chosen))), LossCache(gradient)


def binary_cross_entropy_with_logits(logits: Array, target: Array) -> tuple[float, LossCache]:
    """Mean of ``−t log σ(z) − (1 − t) log(1 − σ(z))``, written so that no z overflows.

    Parameters
    ----------
    logits : array
        The last layer's outputs as they are, without sigmoid.
    target : array of the same shape
        0 to 1.

    Returns
    -------
    value : float
    cache : LossCache

    Examples
    --------
    >>> value, cache = binary_cross_entropy_with_logits(np.array([0.0]), np.array([1.0]))
    >>> round(value, 4), binary_cross_entropy_with_logits_backward(cache)
    (0.6931, array([-0.5]))
    """
    _check_pair("binary_cross_entropy_with_logits", logits, target)
    _check_targets("binary_cross_entropy_with_logits", target)
    terms = np.maximum(logits, 0) - logits * target + np.log1p(np.exp(-np.abs(logits)))
    return float(terms.mean()), LossCache((logistic(logits) - target) / logits.size)


def binary_cross_entropy(probabilities: Array, target: Array) -> tuple[float, LossCache]:
    """Mean of ``−t log p − (1 − t) log(1 − p)``, for networks that end with a sigmoid.

    As in PyTorch a logarithm never falls below −100. Prefer
    :func:`binary_cross_entropy_with_logits`.

    Parameters
    ----------
    probabilities : array
        0 to 1.
    target : array of the same shape
        0 to 1.

    Returns
    -------
    value : float
    cache : LossCache

    Raises
    ------
    ValueError
        If a number is not a probability; most likely it is a logit.

    Examples
    --------
    >>> value, cache = binary_cross_entropy(np.array([0.5]), np.array([1.0]))
    >>> round(value, 4), binary_cross_entropy_backward(cache)
    (0.6931, array([-2.]))
    """
    name = "binary_cross_entropy"
    _check_pair(name, probabilities, target)
    _check_targets(name, target)
    _check_probabilities(name, probabilities, "binary_cross_entropy_with_logits")
    p, t = probabilities, target
    with np.errstate(divide="ignore"):  # log 0 is cut off at once
        log_p, log_q = np.maximum(np.log(p), -100), np.maximum(np.log1p(-p), -100)
    slope = (p - t) / np.maximum(p * (1 - p), 1e-12)
    return float(-np.mean(t * log_p + (1 - t) * log_q)), LossCache(slope / p.size)


def loss_backward(cache: LossCache, dvalue: float = 1.0) -> Array:
    """Gradient of a loss with respect to its predictions.

    Parameters
    ----------
    cache : LossCache
        What the loss returned.
    dvalue : float
        Gradient with respect to the loss itself; 1 where training begins.

    Returns
    -------
    dpred : array, shape of the predictions

    Examples
    --------
    >>> value, cache = mse_loss(np.array([1.0, 2.0]), np.array([1.0, 4.0]))
    >>> loss_backward(cache), loss_backward(cache, dvalue=0.5)
    (array([ 0., -2.]), array([ 0., -1.]))
    """
    return cache.gradient * dvalue


mse_loss_backward = l1_loss_backward = loss_backward
cross_entropy_backward = cross_entropy_of_probabilities_backward = loss_backward
binary_cross_entropy_backward = binary_cross_entropy_with_logits_backward = loss_backward


def _check_pair(function: str, pred: Array, target: Array) -> None:
    check_floats(function, pred=pred, target=target)
    check_shape(function, "target", target, pred.shape)
    check_any(function, pred)


def _check_labels(function: str, pred: Array, labels: Array) -> None:
    check_floats(function, pred=pred)
    check_axes(function, "pred", pred, "(N, K)")
    check_any(function, pred)
    labels = np.asarray(labels)
    check_shape(function, "labels", labels, pred.shape[:1])
    if not np.issubdtype(labels.dtype, np.integer):
        raise TypeError(
            f"{function}: labels must be integers, not {labels.dtype}. "
            "Use labels.astype(np.int64); one-hot rows become labels with .argmax(axis=1)."
        )
    if not 0 <= labels.min() <= labels.max() < pred.shape[1]:
        raise ValueError(
            f"{function}: labels must lie between 0 and {pred.shape[1] - 1}, not {labels.min()} "
            f"to {labels.max()}. Count classes from 0, or give the last layer more outputs."
        )


def _check_probabilities(function: str, values: Array, other: str) -> None:
    if not ((values >= 0) & (values <= 1)).all():
        raise ValueError(
            f"{function}: probabilities must lie between 0 and 1, not {values.min():.4g} to "
            f"{values.max():.4g}. If these are logits, give them to {other}."
        )


def _check_targets(function: str, target: Array) -> None:
    if not ((target >= 0) & (target <= 1)).all():
        raise ValueError(
            f"{function}: targets must lie between 0 and 1, not {target.min():.4g} to "
            f"{target.max():.4g}. Use 0 and 1 for the two classes."
        )
