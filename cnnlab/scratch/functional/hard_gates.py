"""Gates of straight pieces, which need no exponential: the hard sigmoid and the hard swish.

Every pair reads ``y, cache = f(x)`` and ``dx = f_backward(dy, cache)``, with x of any shape.
"""

import numpy as np

from cnnlab.scratch.functional.checks import Array, check_floats
from cnnlab.scratch.functional.thresholds import InputCache

__all__ = [
    "hard_sigmoid",
    "hard_sigmoid_backward",
    "hard_swish",
    "hard_swish_backward",
]


def hard_sigmoid(x: Array) -> tuple[Array, InputCache]:
    """``ReLU6(x + 3) / 6``: a sigmoid of three straight lines.

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
    >>> hard_sigmoid(np.array([-4.0, 0.0, 1.5]))[0]
    array([0.  , 0.5 , 0.75])
    """
    check_floats("hard_sigmoid", x=x)
    return np.clip(x + 3, 0, 6) / 6, InputCache(x)


def hard_sigmoid_backward(dy: Array, cache: InputCache) -> Array:
    """One sixth between −3 and 3, else 0.

    Parameters
    ----------
    dy : (N, ...) array
    cache : InputCache

    Returns
    -------
    dx : (N, ...) array
    """
    dx: Array = dy * (np.abs(cache.x) < 3) / 6
    return dx


def hard_swish(x: Array) -> tuple[Array, InputCache]:
    """``x · ReLU6(x + 3) / 6``: SiLU without an exponential.

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
    A. Howard et al., "Searching for MobileNetV3", 2019.

    Examples
    --------
    >>> hard_swish(np.array([-4.0, -1.0, 0.0, 4.0]))[0].round(3) + 0
    array([ 0.   , -0.333,  0.   ,  4.   ])
    """
    check_floats("hard_swish", x=x)
    return x * np.clip(x + 3, 0, 6) / 6, InputCache(x)


def hard_swish_backward(dy: Array, cache: InputCache) -> Array:
    """``(2x + 3) / 6`` between −3 and 3, else the slope of ReLU.

    Parameters
    ----------
    dy : (N, ...) array
    cache : InputCache

    Returns
    -------
    dx : (N, ...) array
    """
    x = cache.x
    dx: Array = dy * np.where(np.abs(x) < 3, (2 * x + 3) / 6, (x >= 3).astype(x.dtype))
    return dx
