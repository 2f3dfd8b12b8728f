"""Layers without windows: dense, look-up, reshaping.

Shapes: N examples, F or D features, K outputs, L positions.
"""

import math
from typing import NamedTuple

import numpy as np

from cnnlab.scratch.functional.blas import matmul
from cnnlab.scratch.functional.checks import Array, check_axes, check_floats, check_shape

__all__ = [
    "EmbeddingCache",
    "FlattenCache",
    "LinearCache",
    "RBFCache",
    "embedding",
    "embedding_backward",
    "flatten",
    "flatten_backward",
    "linear",
    "linear_backward",
    "rbf",
    "rbf_backward",
]


class LinearCache(NamedTuple):
    """What the backward pass of a dense layer needs."""

    x: Array
    weight: Array
    has_bias: bool


class EmbeddingCache(NamedTuple):
    """The tokens, and the shape of the table."""

    tokens: Array
    weight_shape: tuple[int, int]


class FlattenCache(NamedTuple):
    """The shape before."""

    shape: tuple[int, ...]


class RBFCache(NamedTuple):
    """Input minus code, for every example and class."""

    difference: Array


def linear(x: Array, weight: Array, bias: Array | None = None) -> tuple[Array, LinearCache]:
    """Dense layer ``x Wᵀ + b``.

    Parameters
    ----------
    x : (N, F) array
    weight : (K, F) array
    bias : (K,) array, optional

    Returns
    -------
    y : (N, K) array
    cache : LinearCache

    Examples
    --------
    >>> y, cache = linear(np.ones((4, 3)), np.ones((2, 3)), np.ones(2))
    >>> y.shape, y[0]
    ((4, 2), array([4., 4.]))
    """
    arrays = {"x": x, "weight": weight} | ({} if bias is None else {"bias": bias})
    check_floats("linear", **arrays)
    check_axes("linear", "x", x, "(N, F)")
    check_shape("linear", "weight", weight, (len(weight), x.shape[1]))
    y = matmul(x, weight.T)  # (N, K)
    if bias is not None:
        check_shape("linear", "bias", bias, (len(weight),))
        y += bias
    return y, LinearCache(x, weight, bias is not None)


def linear_backward(dy: Array, cache: LinearCache) -> tuple[Array, Array, Array | None]:
    """Gradients through :func:`linear`.

    Parameters
    ----------
    dy : (N, K) array
    cache : LinearCache

    Returns
    -------
    dx : (N, F) array
    dweight : (K, F) array
    dbias : (K,) array, or None if there was no bias

    Examples
    --------
    >>> y, cache = linear(np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]]), np.zeros(1))
    >>> linear_backward(np.array([[10.0]]), cache)
    (array([[30., 40.]]), array([[10., 20.]]), array([10.]))
    """
    x, weight, has_bias = cache
    return matmul(dy, weight), matmul(dy.T, x), dy.sum(axis=0) if has_bias else None


def embedding(tokens: Array, weight: Array) -> tuple[Array, EmbeddingCache]:
    """Look up a vector for each token; channels come first, ready for a 1-D convolution.

    Parameters
    ----------
    tokens : (N, L) array of integers
    weight : (V, D) array
        One vector a word.

    Returns
    -------
    y : (N, D, L) array
    cache : EmbeddingCache

    Examples
    --------
    >>> embedding(np.array([[2, 0]]), np.arange(6.0).reshape(3, 2))[0]
    array([[[4., 0.],
            [5., 1.]]])
    """
    check_floats("embedding", weight=weight)
    check_axes("embedding", "tokens", tokens, "(N, L)")
    if not np.issubdtype(tokens.dtype, np.integer):
        raise TypeError(
            f"embedding: tokens must be integers, not {tokens.dtype}. Use tokens.astype(np.int64)."
        )
    if tokens.size and not 0 <= tokens.min() <= tokens.max() < len(weight):
        raise ValueError(
            f"embedding: tokens must lie between 0 and {len(weight) - 1}, "
            f"not {tokens.min()} to {tokens.max()}. Give the table more rows."
        )
    y = weight[tokens].transpose(0, 2, 1)  # (N, L, D) -> (N, D, L)
    return y, EmbeddingCache(tokens, (len(weight), weight.shape[1]))


def embedding_backward(dy: Array, cache: EmbeddingCache) -> tuple[None, Array]:
    """No gradient for tokens, which are not numbers to be moved; repeated tokens add up.

    Parameters
    ----------
    dy : (N, D, L) array
    cache : EmbeddingCache

    Returns
    -------
    dtokens : None
    dweight : (V, D) array

    Examples
    --------
    >>> y, cache = embedding(np.array([[1, 1, 0]]), np.zeros((3, 1)))
    >>> embedding_backward(np.ones_like(y), cache)[1].ravel()
    array([1., 2., 0.])
    """
    dweight = np.zeros(cache.weight_shape, dy.dtype)
    np.add.at(dweight, cache.tokens, dy.transpose(0, 2, 1))
    return None, dweight


def flatten(x: Array) -> tuple[Array, FlattenCache]:
    """All numbers of an example in one line, channel by channel: (N, C, H, W) -> (N, C·H·W).

    Parameters
    ----------
    x : (N, C, H, W) array

    Returns
    -------
    y : (N, C·H·W) array
    cache : FlattenCache

    Examples
    --------
    >>> flatten(np.ones((2, 5, 4, 4)))[0].shape
    (2, 80)
    """
    return x.reshape(len(x), math.prod(x.shape[1:])), FlattenCache(x.shape)  # (N, features)


def flatten_backward(dy: Array, cache: FlattenCache) -> Array:
    """The shape before, put back.

    Parameters
    ----------
    dy : (N, C·H·W) array
    cache : FlattenCache

    Returns
    -------
    dx : (N, C, H, W) array

    Examples
    --------
    >>> y, cache = flatten(np.ones((2, 5, 4, 4)))
    >>> flatten_backward(y, cache).shape
    (2, 5, 4, 4)
    """
    return dy.reshape(cache.shape)


def rbf(x: Array, weight: Array) -> tuple[Array, RBFCache]:
    """Squared distance of each example to one code for each class.

    Parameters
    ----------
    x : (N, F) array
    weight : (K, F) array
        The codes.

    Returns
    -------
    y : (N, K) array
    cache : RBFCache

    References
    ----------
    Y. LeCun et al., "Gradient-based learning applied to document recognition", 1998, section II.

    Examples
    --------
    >>> rbf(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0], [0.0, 1.0]]))[0]
    array([[25.,  1.]])
    """
    check_floats("rbf", x=x, weight=weight)
    check_axes("rbf", "x", x, "(N, F)")
    check_shape("rbf", "weight", weight, (len(weight), x.shape[1]))
    difference = x[:, None, :] - weight  # (N, K, F)
    return np.einsum("nkf,nkf->nk", difference, difference), RBFCache(difference)


def rbf_backward(dy: Array, cache: RBFCache) -> tuple[Array, Array]:
    """Gradients through :func:`rbf`: dx (N, F) and dweight (K, F).

    Parameters
    ----------
    dy : (N, K) array
    cache : RBFCache

    Returns
    -------
    dx : (N, F) array
    dweight : (K, F) array

    Examples
    --------
    >>> y, cache = rbf(np.array([[1.0, 1.0]]), np.array([[0.0, 3.0]]))
    >>> rbf_backward(np.ones_like(y), cache)
    (array([[ 2., -4.]]), array([[-2.,  4.]]))
    """
    pull = 2 * dy[:, :, None] * cache.difference  # (N, K, F)
    return pull.sum(axis=1), -pull.sum(axis=0)
