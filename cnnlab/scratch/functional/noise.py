"""Noise in training against overfitting: outputs or weights are dropped at random."""

from typing import NamedTuple

import numpy as np

from cnnlab.scratch.functional.checks import Array, check_floats
from cnnlab.scratch.functional.dense import LinearCache, linear, linear_backward

__all__ = [
    "DropConnectCache",
    "MaskCache",
    "drop_connect",
    "drop_connect_backward",
    "dropout",
    "dropout_backward",
]


class MaskCache(NamedTuple):
    """What each number was multiplied with; None if nothing was dropped."""

    mask: Array | None


class DropConnectCache(NamedTuple):
    """The dense layer with its thinned weights, and the mask that thinned them."""

    linear: LinearCache
    mask: Array | None


def dropout_mask(shape: tuple[int, ...], p: float, rng: np.random.Generator, dtype: type) -> Array:
    """0 with probability p, else 1/(1 − p), so that the mean stays 1.

    Examples
    --------
    >>> dropout_mask((6,), 0.5, np.random.default_rng(0), np.float64)
    array([2., 2., 2., 0., 0., 0.])
    """
    kept = rng.random(shape, np.float32) >= p
    return kept.astype(dtype) / dtype(1 - p)  # type: ignore[no-any-return]


def dropout(
    x: Array,
    p: float = 0.5,
    *,
    training: bool = True,
    rng: np.random.Generator | None = None,
) -> tuple[Array, MaskCache]:
    """Set each number to 0 with probability p and scale the rest by 1/(1 − p).

    Parameters
    ----------
    x : array
    p : float
        Probability of being dropped.
    training : bool
        If false, x passes unchanged.
    rng : numpy.random.Generator
        Source of randomness; needed in training.

    Returns
    -------
    y : array, shape of x
    cache : MaskCache

    References
    ----------
    N. Srivastava et al., "Dropout", 2014.

    Examples
    --------
    >>> dropout(np.ones(6), rng=np.random.default_rng(0))[0]
    array([2., 2., 2., 0., 0., 0.])
    """
    check_floats("dropout", x=x)
    mask = _mask("dropout", x, p, training, rng)
    return (x.copy() if mask is None else x * mask), MaskCache(mask)


def dropout_backward(dy: Array, cache: MaskCache) -> Array:
    """What was dropped gets no gradient; the rest gets the scale of the forward pass.

    Parameters
    ----------
    dy : (N, ...) array
    cache : MaskCache

    Returns
    -------
    dx : (N, ...) array

    Examples
    --------
    >>> _, cache = dropout(np.ones(6), rng=np.random.default_rng(0))
    >>> dropout_backward(np.ones(6), cache)
    array([2., 2., 2., 0., 0., 0.])
    """
    return dy.copy() if cache.mask is None else dy * cache.mask


def drop_connect(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    p: float = 0.5,
    *,
    training: bool = True,
    rng: np.random.Generator | None = None,
) -> tuple[Array, DropConnectCache]:
    """Dense layer whose weights, not outputs, are dropped in training.

    Parameters
    ----------
    x, weight, bias
        As in :func:`linear`.
    p, training, rng
        As in :func:`dropout`.

    Returns
    -------
    y : (N, K) array
    cache : DropConnectCache

    References
    ----------
    L. Wan et al., "Regularization of Neural Networks using DropConnect", 2013.

    Examples
    --------
    >>> x, weight = np.ones((1, 4)), np.ones((2, 4))
    >>> drop_connect(x, weight, p=0.5, rng=np.random.default_rng(0))[0]
    array([[6., 0.]])
    """
    mask = _mask("drop_connect", weight, p, training, rng)
    y, cache = linear(x, weight if mask is None else weight * mask, bias)
    return y, DropConnectCache(cache, mask)


def drop_connect_backward(dy: Array, cache: DropConnectCache) -> tuple[Array, Array, Array | None]:
    """Gradients through :func:`drop_connect`; a dropped weight gets none.

    Parameters
    ----------
    dy : (N, K) array
    cache : DropConnectCache

    Returns
    -------
    dx : (N, F) array
    dweight : (K, F) array
    dbias : (K,) array, or None if there was no bias

    Examples
    --------
    >>> x, weight = np.ones((1, 4)), np.ones((2, 4))
    >>> y, cache = drop_connect(x, weight, p=0.5, rng=np.random.default_rng(0))
    >>> drop_connect_backward(np.ones_like(y), cache)[1]
    array([[2., 2., 2., 0.],
           [0., 0., 0., 0.]])
    """
    dx, dweight, dbias = linear_backward(dy, cache.linear)
    return dx, dweight if cache.mask is None else dweight * cache.mask, dbias


def _mask(
    function: str, x: Array, p: float, training: bool, rng: np.random.Generator | None
) -> Array | None:
    if not 0 <= p < 1:
        raise ValueError(f"{function}: p must be a probability in [0, 1), not {p}. Try 0.5.")
    if not training or p == 0:
        return None
    if rng is None:
        raise ValueError(
            f"{function}: training needs a source of randomness. Pass rng=np.random.default_rng(0)."
        )
    return dropout_mask(x.shape, p, rng, x.dtype.type)
