"""Activations that squash: whatever comes in, a bounded number goes out.

Every pair reads ``y, cache = f(x)`` and ``dx = f_backward(dy, cache)``, with x of any shape.
Nothing overflows, however large the input.
"""

from typing import NamedTuple

import numpy as np

from cnnlab.scratch.functional.checks import Array, check_floats

__all__ = [
    "OutputCache",
    "ScaledTanhCache",
    "SoftmaxCache",
    "scaled_tanh",
    "scaled_tanh_backward",
    "sigmoid",
    "sigmoid_backward",
    "softmax",
    "softmax_backward",
    "tanh",
    "tanh_backward",
]


class OutputCache(NamedTuple):
    """For derivatives that are told from the output."""

    y: Array


class ScaledTanhCache(NamedTuple):
    """The inner tanh and the two settings."""

    tanh: Array
    amplitude: float
    slope: float


class SoftmaxCache(NamedTuple):
    """The probabilities and the axis along which they sum to 1."""

    y: Array
    axis: int


def logistic(x: Array) -> Array:
    """1 / (1 + e⁻ˣ), from e^(−|x|), which lies in (0, 1] and so cannot overflow.

    Examples
    --------
    >>> logistic(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    small = np.exp(-np.abs(x))
    result: Array = np.where(x >= 0, 1, small) / (1 + small)
    return result


def sigmoid(x: Array) -> tuple[Array, OutputCache]:
    """1 / (1 + e⁻ˣ): from 0 to 1, a probability.

    Parameters
    ----------
    x : (N, ...) array
        Of any shape.

    Returns
    -------
    y : (N, ...) array
        Shape of x.
    cache : OutputCache

    Examples
    --------
    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))[0]
    array([0. , 0.5, 1. ])
    """
    check_floats("sigmoid", x=x)
    y = logistic(x)
    return y, OutputCache(y)


def sigmoid_backward(dy: Array, cache: OutputCache) -> Array:
    """``y (1 − y)``: at most 1/4, so deep stacks of sigmoids lose their gradient.

    Parameters
    ----------
    dy : (N, ...) array
    cache : OutputCache

    Returns
    -------
    dx : (N, ...) array

    Examples
    --------
    >>> _, cache = sigmoid(np.array([-5.0, 0.0, 5.0]))
    >>> sigmoid_backward(np.ones(3), cache).round(3)
    array([0.007, 0.25 , 0.007])
    """
    dx: Array = dy * cache.y
    dx *= 1 - cache.y
    return dx


def tanh(x: Array) -> tuple[Array, OutputCache]:
    """Hyperbolic tangent, from −1 to 1.

    Parameters
    ----------
    x : (N, ...) array
        Of any shape.

    Returns
    -------
    y : (N, ...) array
        Shape of x.
    cache : OutputCache

    Examples
    --------
    >>> tanh(np.array([-1000.0, 0.0, 1000.0]))[0]
    array([-1.,  0.,  1.])
    """
    check_floats("tanh", x=x)
    y = np.tanh(x)
    return y, OutputCache(y)


def tanh_backward(dy: Array, cache: OutputCache) -> Array:
    """``1 − y²``.

    Parameters
    ----------
    dy : (N, ...) array
    cache : OutputCache

    Returns
    -------
    dx : (N, ...) array

    Examples
    --------
    >>> _, cache = tanh(np.array([-2.0, 0.0, 2.0]))
    >>> tanh_backward(np.ones(3), cache).round(3)
    array([0.071, 1.   , 0.071])
    """
    dx: Array = 1 - cache.y * cache.y
    dx *= dy
    return dx


def scaled_tanh(
    x: Array, amplitude: float = 1.7159, slope: float = 2 / 3
) -> tuple[Array, ScaledTanhCache]:
    """``amplitude · tanh(slope · x)``; with LeNet-5's values f(1) = 1 and f(−1) = −1.

    Parameters
    ----------
    x : (N, ...) array
        Of any shape.
    amplitude, slope : float
        Scales of the output and of the input.

    Returns
    -------
    y : (N, ...) array
        Shape of x.
    cache : ScaledTanhCache

    References
    ----------
    Y. LeCun et al., "Gradient-based learning applied to document recognition", 1998, appendix A.

    Examples
    --------
    >>> scaled_tanh(np.array([-1.0, 1.0]))[0].round(4)
    array([-1.,  1.])
    """
    check_floats("scaled_tanh", x=x)
    inner = np.tanh(slope * x)
    return amplitude * inner, ScaledTanhCache(inner, amplitude, slope)


def scaled_tanh_backward(dy: Array, cache: ScaledTanhCache) -> Array:
    """``amplitude · slope · (1 − tanh²)``.

    Parameters
    ----------
    dy : (N, ...) array
    cache : ScaledTanhCache

    Returns
    -------
    dx : (N, ...) array

    Examples
    --------
    >>> _, cache = scaled_tanh(np.array([-1.0, 0.0, 1.0]))
    >>> scaled_tanh_backward(np.ones(3), cache).round(3)
    array([0.755, 1.144, 0.755])
    """
    dx: Array = dy * (cache.amplitude * cache.slope * (1 - cache.tanh * cache.tanh))
    return dx


def softmax(x: Array, axis: int = 1) -> tuple[Array, SoftmaxCache]:
    """``e^{x_i} / Σ e^{x_j}``: probabilities that sum to 1 along an axis.

    The largest input is taken off first, which changes nothing but keeps eˣ from overflowing.

    Parameters
    ----------
    x : (N, K, ...) array
        Logits.
    axis : int
        The axis of classes or channels.

    Returns
    -------
    y : (N, K, ...) array
        Probabilities.
    cache : SoftmaxCache

    Examples
    --------
    >>> softmax(np.array([[1000.0, 1000.0, 1000.0 + np.log(2)]]))[0].round(2)
    array([[0.25, 0.25, 0.5 ]])
    """
    check_floats("softmax", x=x)
    powers = np.exp(x - x.max(axis, keepdims=True))
    y = powers / powers.sum(axis, keepdims=True)
    return y, SoftmaxCache(y, axis)


def softmax_backward(dy: Array, cache: SoftmaxCache) -> Array:
    """``y (dy − Σ y dy)``: an equal push on all probabilities moves none of them.

    Parameters
    ----------
    dy : (N, K, ...) array
    cache : SoftmaxCache

    Returns
    -------
    dx : (N, K, ...) array

    Examples
    --------
    >>> _, cache = softmax(np.array([[0.0, 0.0]]))
    >>> softmax_backward(np.array([[1.0, 0.0]]), cache)
    array([[ 0.25, -0.25]])
    >>> softmax_backward(np.array([[1.0, 1.0]]), cache)
    array([[0., 0.]])
    """
    y, axis = cache
    dx: Array = y * (dy - (y * dy).sum(axis, keepdims=True))
    return dx
