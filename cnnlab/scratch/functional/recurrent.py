"""A recurrent layer: one state, carried along a sequence.

Shapes: N examples, D inputs, H units of the state, L positions.
"""

from typing import NamedTuple

import numpy as np

from cnnlab.scratch.functional.blas import matmul
from cnnlab.scratch.functional.checks import Array, check_axes, check_floats, check_shape

__all__ = ["RNNCache", "rnn", "rnn_backward"]


class RNNCache(NamedTuple):
    """What back-propagation through time needs."""

    x: Array  # (L, N, D)
    states: Array  # (L + 1, N, H), beginning with zeros
    weight_ih: Array
    weight_hh: Array
    has_bias: bool
    return_sequences: bool


def rnn(
    x: Array,
    weight_ih: Array,
    weight_hh: Array,
    bias_ih: Array | None = None,
    bias_hh: Array | None = None,
    *,
    return_sequences: bool = False,
) -> tuple[Array, RNNCache]:
    """Recurrent layer ``h_t = tanh(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh)``, from h = 0.

    Parameters
    ----------
    x : (N, D, L) array
    weight_ih : (H, D) array
    weight_hh : (H, H) array
    bias_ih, bias_hh : (H,) arrays, optional
        Two, as PyTorch has them; only their sum matters.
    return_sequences : bool
        Whether all states leave, or only the last.

    Returns
    -------
    y : (N, H) array, or (N, H, L) with all states
    cache : RNNCache

    References
    ----------
    J. Elman, "Finding Structure in Time", 1990.

    Examples
    --------
    >>> x = np.ones((1, 1, 3))
    >>> y, cache = rnn(x, np.ones((1, 1)), np.ones((1, 1)), return_sequences=True)
    >>> y.round(3)
    array([[[0.762, 0.943, 0.96 ]]])
    """
    _check_rnn(x, weight_ih, weight_hh, bias_ih, bias_hh)
    steps = np.ascontiguousarray(x.transpose(2, 0, 1))  # (L, N, D)
    driven = matmul(steps, weight_ih.T)  # (L, N, H)
    if bias_ih is not None and bias_hh is not None:
        driven += bias_ih + bias_hh
    states = np.zeros((len(steps) + 1, len(x), len(weight_hh)), x.dtype)
    for t, drive in enumerate(driven):
        states[t + 1] = np.tanh(drive + matmul(states[t], weight_hh.T))
    y = states[1:].transpose(1, 2, 0) if return_sequences else states[-1]
    has_bias = bias_ih is not None
    return y.copy(), RNNCache(steps, states, weight_ih, weight_hh, has_bias, return_sequences)


def rnn_backward(
    dy: Array, cache: RNNCache
) -> tuple[Array, Array, Array, Array | None, Array | None]:
    """Back-propagation through time: the steps in reverse, the state's gradient handed down.

    Parameters
    ----------
    dy : (N, H) array, or (N, H, L) with all states
    cache : RNNCache

    Returns
    -------
    dx : (N, D, L) array
    dweight_ih : (H, D) array
    dweight_hh : (H, H) array
    dbias_ih, dbias_hh : (H,) arrays, or None if there were none

    References
    ----------
    P. Werbos, "Backpropagation through time: what it does and how to do it", 1990.

    Examples
    --------
    >>> y, cache = rnn(np.zeros((1, 1, 3)), np.ones((1, 1)), np.array([[0.5]]))
    >>> rnn_backward(np.ones_like(y), cache)[0]
    array([[[0.25, 0.5 , 1.  ]]])
    """
    x, states, weight_ih, weight_hh, has_bias, return_sequences = cache
    from_above = np.zeros_like(states[1:])  # (L, N, H)
    if return_sequences:
        from_above[...] = dy.transpose(2, 0, 1)
    else:
        from_above[-1] = dy
    dz = np.empty_like(from_above)  # gradient before the tanh
    from_later = np.zeros_like(states[0])  # (N, H)
    for t in reversed(range(len(x))):
        dz[t] = (from_above[t] + from_later) * (1 - states[t + 1] ** 2)
        from_later = matmul(dz[t], weight_hh)
    dx = matmul(dz, weight_ih).transpose(1, 2, 0)  # (N, D, L)
    dweight_ih = over_steps(dz, x)
    dweight_hh = over_steps(dz, states[:-1])
    dbias = dz.sum(axis=(0, 1)) if has_bias else None
    return dx, dweight_ih, dweight_hh, dbias, None if dbias is None else dbias.copy()


def _check_rnn(
    x: Array, weight_ih: Array, weight_hh: Array, bias_ih: Array | None, bias_hh: Array | None
) -> None:
    if (bias_ih is None) != (bias_hh is None):
        raise ValueError("rnn: biases must come in pairs, not one alone. Give both, or none.")
    biases = {"bias_ih": bias_ih, "bias_hh": bias_hh}
    given = {name: bias for name, bias in biases.items() if bias is not None}
    check_floats("rnn", x=x, weight_ih=weight_ih, weight_hh=weight_hh, **given)
    check_axes("rnn", "x", x, "(N, D, L)")
    hidden = len(weight_hh)
    check_shape("rnn", "weight_ih", weight_ih, (hidden, x.shape[1]))
    check_shape("rnn", "weight_hh", weight_hh, (hidden, hidden))
    for name, bias in given.items():
        check_shape("rnn", name, bias, (hidden,))


def over_steps(left: Array, right: Array) -> Array:
    """Sum over all steps and examples of the products of (L, N, A) and (L, N, B): (A, B)."""
    rows, columns = (each.reshape(-1, each.shape[-1]) for each in (left, right))  # (L * N, ...)
    return matmul(rows.T, columns)
