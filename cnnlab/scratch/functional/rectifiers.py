"""Activations that rectify: positive numbers pass, or nearly so.

Every pair reads ``y, cache = f(x)`` and ``dx = f_backward(dy, cache)``, with x of any shape.
Nothing overflows, however large the input.
"""

from typing import NamedTuple

import numpy as np

from cnnlab.scratch.functional.checks import Array, check_floats
from cnnlab.scratch.functional.squashing import OutputCache, logistic
from cnnlab.scratch.functional.threads import Images, over_images
from cnnlab.scratch.functional.thresholds import InputCache

__all__ = [
    "SlopeCache",
    "elu",
    "elu_backward",
    "leaky_relu",
    "leaky_relu_backward",
    "relu",
    "relu6",
    "relu6_backward",
    "relu_backward",
    "softplus",
    "softplus_backward",
]


class SlopeCache(NamedTuple):
    """The derivative itself, where it takes more than the input to tell."""

    slope: Array


def relu(x: Array) -> tuple[Array, OutputCache]:
    """max(0, x); at 0, where there is no derivative, 0 is used, as in PyTorch.

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
    >>> y, cache = relu(np.array([-2.0, 0.0, 3.0]))
    >>> y, relu_backward(np.ones(3), cache)
    (array([0., 0., 3.]), array([0., 0., 1.]))
    """
    check_floats("relu", x=x)
    y = np.empty_like(x)
    over_images(lambda some: np.maximum(x[some], 0, out=y[some]), x.shape)
    return y, OutputCache(y)


def relu_backward(dy: Array, cache: OutputCache) -> Array:
    """Lets the gradient through where the input was positive.

    Parameters
    ----------
    dy : (N, ...) array
    cache : OutputCache

    Returns
    -------
    dx : (N, ...) array

    Examples
    --------
    >>> _, cache = relu(np.array([-2.0, 0.0, 3.0]))
    >>> relu_backward(np.ones(3), cache)
    array([0., 0., 1.])
    """
    dx = np.empty_like(dy)

    def some_images(some: Images) -> None:
        dx[some] = cache.y[some] > 0
        dx[some] *= dy[some]  # with a factor of another dtype, NumPy would convert piece by piece

    over_images(some_images, dy.shape)
    return dx


def relu6(x: Array) -> tuple[Array, OutputCache]:
    """min(max(0, x), 6); the derivative at 0 and at 6 is 0, as in PyTorch.

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
    >>> relu6(np.array([-2.0, 3.0, 8.0]))[0]
    array([0., 3., 6.])
    """
    check_floats("relu6", x=x)
    y = np.clip(x, 0, 6)
    return y, OutputCache(y)


def relu6_backward(dy: Array, cache: OutputCache) -> Array:
    """Lets the gradient through where the input lay between 0 and 6.

    Parameters
    ----------
    dy : (N, ...) array
    cache : OutputCache

    Returns
    -------
    dx : (N, ...) array

    Examples
    --------
    >>> _, cache = relu6(np.array([-2.0, 3.0, 8.0]))
    >>> relu6_backward(np.ones(3), cache)
    array([0., 1., 0.])
    """
    dx: Array = dy * ((cache.y > 0) & (cache.y < 6))
    return dx


def leaky_relu(x: Array, negative_slope: float = 0.01) -> tuple[Array, SlopeCache]:
    """Keep x where positive, else ``negative_slope · x``.

    Parameters
    ----------
    x : (N, ...) array
        Of any shape.
    negative_slope : float
        Slope below 0.

    Returns
    -------
    y : (N, ...) array
        Shape of x.
    cache : SlopeCache

    Examples
    --------
    >>> leaky_relu(np.array([-2.0, 3.0]), 0.1)[0]
    array([-0.2,  3. ])
    """
    check_floats("leaky_relu", x=x)
    slope = np.where(x > 0, x.dtype.type(1), x.dtype.type(negative_slope))
    return x * slope, SlopeCache(slope)


def leaky_relu_backward(dy: Array, cache: SlopeCache) -> Array:
    """1 where the input was positive, else ``negative_slope``.

    Parameters
    ----------
    dy : (N, ...) array
    cache : SlopeCache

    Returns
    -------
    dx : (N, ...) array

    Examples
    --------
    >>> _, cache = leaky_relu(np.array([-2.0, 3.0]), 0.1)
    >>> leaky_relu_backward(np.ones(2), cache).round(3)
    array([0.1, 1. ])
    """
    dx: Array = dy * cache.slope
    return dx


def elu(x: Array, alpha: float = 1.0) -> tuple[Array, SlopeCache]:
    """Keep x where positive, else ``alpha · (eˣ − 1)``.

    Parameters
    ----------
    x : (N, ...) array
        Of any shape.
    alpha : float
        Size of the floor, −alpha.

    Returns
    -------
    y : (N, ...) array
        Shape of x.
    cache : SlopeCache

    Examples
    --------
    >>> elu(np.array([-1000.0, 3.0]))[0]
    array([-1.,  3.])
    """
    check_floats("elu", x=x)
    below = np.minimum(x, 0)  # eˣ of a large positive x would overflow, though it is not used
    y = np.where(x > 0, x, alpha * np.expm1(below))
    return y, SlopeCache(np.where(x > 0, x.dtype.type(1), alpha * np.exp(below)))


def elu_backward(dy: Array, cache: SlopeCache) -> Array:
    """1 where the input was positive, else ``alpha · eˣ``.

    Parameters
    ----------
    dy : (N, ...) array
    cache : SlopeCache

    Returns
    -------
    dx : (N, ...) array

    Examples
    --------
    >>> _, cache = elu(np.array([-2.0, 3.0]))
    >>> elu_backward(np.ones(2), cache).round(3)
    array([0.135, 1.   ])
    """
    dx: Array = dy * cache.slope
    return dx


def softplus(x: Array) -> tuple[Array, InputCache]:
    """log(1 + eˣ), a smooth ReLU.

    Parameters
    ----------
    x : (N, ...) array
        Of any shape.

    Returns
    -------
    y : (N, ...) array
        Shape of x.
    cache : InputCache

    Examples
    --------
    >>> softplus(np.array([-1000.0, 0.0, 1000.0]))[0].round(3).tolist()
    [0.0, 0.693, 1000.0]
    """
    check_floats("softplus", x=x)
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))), InputCache(x)


def softplus_backward(dy: Array, cache: InputCache) -> Array:
    """The derivative of softplus is the sigmoid.

    Parameters
    ----------
    dy : (N, ...) array
    cache : InputCache

    Returns
    -------
    dx : (N, ...) array

    Examples
    --------
    >>> _, cache = softplus(np.array([-5.0, 0.0, 5.0]))
    >>> softplus_backward(np.ones(3), cache).round(3)
    array([0.007, 0.5  , 0.993])
    """
    dx: Array = dy * logistic(cache.x)
    return dx
