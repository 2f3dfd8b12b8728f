"""Activations of newer networks: the input times a gate, and a slope that is learned.

Every pair reads ``y, cache = f(x)`` and ``dx = f_backward(dy, cache)``, with x of any shape.
"""

import math
from typing import NamedTuple

import numpy as np

from cnnlab.scratch.functional.checks import Array, check_floats, check_shape
from cnnlab.scratch.functional.rectifiers import SlopeCache
from cnnlab.scratch.functional.squashing import logistic
from cnnlab.scratch.functional.thresholds import InputCache

__all__ = [
    "PReLUCache",
    "gelu",
    "gelu_backward",
    "prelu",
    "prelu_backward",
    "silu",
    "silu_backward",
]

_ERF = np.frompyfunc(math.erf, 1, 1)
_STEEP, _CUBIC = math.sqrt(2 / math.pi), 0.044715  # of the tanh that comes close to Φ


class PReLUCache(NamedTuple):
    """What the backward pass needs."""

    x: Array
    weight: Array


def gelu(x: Array, approximate: str = "none") -> tuple[Array, SlopeCache]:
    """``x · Φ(x)``, Φ the share of a standard normal distribution that lies below x.

    Parameters
    ----------
    x : (N, ...) array
        Of any shape.
    approximate : str
        "none", or "tanh" for ``Φ(x) ≈ (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2``.

    Returns
    -------
    y : (N, ...) array
        Shape of x.
    cache : SlopeCache

    References
    ----------
    D. Hendrycks and K. Gimpel, "Gaussian Error Linear Units (GELUs)", 2016.

    Examples
    --------
    >>> y, cache = gelu(np.array([-1.0, 0.0, 1.0]))
    >>> y.round(3), gelu_backward(np.ones(3), cache).round(3)
    (array([-0.159,  0.   ,  0.841]), array([-0.083,  0.5  ,  1.083]))
    """
    check_floats("gelu", x=x)
    if approximate not in ("none", "tanh"):
        raise ValueError(
            f'gelu: approximate must be "none" or "tanh", not {approximate!r}. Choose one.'
        )
    if approximate == "tanh":
        bent = np.tanh(_STEEP * (x + _CUBIC * x**3))
        slope = _STEEP * (1 + 3 * _CUBIC * x * x) * (1 - bent * bent)
        return x * (1 + bent) / 2, SlopeCache((1 + bent + x * slope) / 2)
    below = (1 + np.asarray(_ERF(x / math.sqrt(2)), x.dtype)) / 2
    density = np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    return x * below, SlopeCache(below + x * density)


def gelu_backward(dy: Array, cache: SlopeCache) -> Array:
    """``Φ(x) + x φ(x)`` by the product rule, or the slope of the form with tanh.

    Parameters
    ----------
    dy : (N, ...) array
    cache : SlopeCache

    Returns
    -------
    dx : (N, ...) array
    """
    dx: Array = dy * cache.slope
    return dx


def prelu(x: Array, weight: Array) -> tuple[Array, PReLUCache]:
    """X where positive, else x times a learned slope.

    Parameters
    ----------
    x : (N, C, ...) array
    weight : (C,) or (1,) array
        A slope for each channel, or one for all.

    Returns
    -------
    y : (N, C, ...) array
    cache : PReLUCache

    References
    ----------
    K. He et al., "Delving Deep into Rectifiers", 2015.

    Examples
    --------
    >>> y, cache = prelu(np.array([[-4.0, 2.0]]), np.array([0.25]))
    >>> y, prelu_backward(np.ones_like(y), cache)
    (array([[-1.,  2.]]), (array([[0.25, 1.  ]]), array([-4.])))
    """
    check_floats("prelu", x=x, weight=weight)
    if weight.shape != (1,):
        check_shape("prelu", "weight", weight, x.shape[1:2])
    return np.where(x > 0, x, x * _along(weight, x)), PReLUCache(x, weight)


def prelu_backward(dy: Array, cache: PReLUCache) -> tuple[Array, Array]:
    """Gradients through :func:`prelu`: the slope feels every input that it was used for.

    Parameters
    ----------
    dy : (N, C, ...) array
    cache : PReLUCache

    Returns
    -------
    dx : (N, C, ...) array
    dweight : (C,) or (1,) array
    """
    x, weight = cache
    dx = np.where(x > 0, dy, dy * _along(weight, x))
    felt = np.where(x > 0, 0, dy * x)  # (N, C, ...)
    dweight = felt.sum(axis=(0, *range(2, x.ndim)))  # (C,)
    return dx, dweight.sum(keepdims=True) if weight.shape == (1,) else dweight


def _along(weight: Array, x: Array) -> Array:
    return weight.reshape(-1, *(1 for _ in x.shape[2:]))  # (C, 1, 1), to meet (N, C, H, W)


def silu(x: Array) -> tuple[Array, InputCache]:
    """X · σ(x), also called swish.

    Parameters
    ----------
    x : (N, ...) array
        Of any shape.

    Returns
    -------
    y : (N, ...) array
        Shape of x.
    cache : InputCache

    References
    ----------
    P. Ramachandran et al., "Searching for Activation Functions", 2017.

    Examples
    --------
    >>> silu(np.array([-1000.0, 0.0, 1000.0]))[0] + 0
    array([   0.,    0., 1000.])
    """
    check_floats("silu", x=x)
    return x * logistic(x), InputCache(x)


def silu_backward(dy: Array, cache: InputCache) -> Array:
    """``σ + x σ (1 − σ)``, by the product rule.

    Parameters
    ----------
    dy : (N, ...) array
    cache : InputCache

    Returns
    -------
    dx : (N, ...) array

    Examples
    --------
    >>> _, cache = silu(np.array([-5.0, 0.0, 5.0]))
    >>> silu_backward(np.ones(3), cache).round(3)
    array([-0.027,  0.5  ,  1.027])
    """
    gate = logistic(cache.x)
    dx: Array = dy * gate * (1 + cache.x * (1 - gate))
    return dx
