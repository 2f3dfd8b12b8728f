"""Activations of the perceptron: they decide, and let nothing be learned through them.

Every pair reads ``y, cache = f(x)`` and ``dx = f_backward(dy, cache)``, with x of any shape.
"""

from typing import NamedTuple

import numpy as np

from cnnlab.scratch.functional.checks import Array, check_floats

__all__ = ["InputCache", "sign", "sign_backward", "step", "step_backward"]


class InputCache(NamedTuple):
    """For derivatives that are told from the input."""

    x: Array


def step(x: Array) -> tuple[Array, InputCache]:
    """1 where x > 0, else 0: the perceptron's activation, and the slope of :func:`relu`.

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
    >>> step(np.array([-2.0, 0.0, 3.0]))[0]
    array([0., 0., 1.])
    """
    check_floats("step", x=x)
    return (x > 0).astype(x.dtype), InputCache(x)


def step_backward(dy: Array, cache: InputCache) -> Array:
    """Zero everywhere: nothing can be learned through a step.

    Parameters
    ----------
    dy : (N, ...) array
    cache : InputCache

    Returns
    -------
    dx : (N, ...) array

    Examples
    --------
    >>> _, cache = step(np.array([-2.0, 3.0]))
    >>> step_backward(np.ones(2), cache)
    array([0., 0.])
    """
    return np.zeros_like(dy)


def sign(x: Array) -> tuple[Array, InputCache]:
    """−1, 0 or 1.

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
    >>> sign(np.array([-2.0, 0.0, 3.0]))[0]
    array([-1.,  0.,  1.])
    """
    check_floats("sign", x=x)
    return np.sign(x), InputCache(x)


def sign_backward(dy: Array, cache: InputCache) -> Array:
    """Zero everywhere, as for the step.

    Parameters
    ----------
    dy : (N, ...) array
    cache : InputCache

    Returns
    -------
    dx : (N, ...) array

    Examples
    --------
    >>> _, cache = sign(np.array([-2.0, 3.0]))
    >>> sign_backward(np.ones(2), cache)
    array([0., 0.])
    """
    return np.zeros_like(dy)
