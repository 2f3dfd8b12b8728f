"""Recurrent layers with gates, which decide what a state keeps, takes in and shows.

Shapes: N examples, D inputs, H units of the state, L positions.
"""

from typing import NamedTuple

import numpy as np

from cnnlab.scratch.functional.blas import matmul
from cnnlab.scratch.functional.checks import Array, check_axes, check_floats, check_shape
from cnnlab.scratch.functional.recurrent import over_steps
from cnnlab.scratch.functional.squashing import logistic

__all__ = ["GatedCache", "gru", "gru_backward", "lstm", "lstm_backward"]


class GatedCache(NamedTuple):
    """What back-propagation through time needs."""

    x: Array  # (L, N, D)
    states: Array  # (L + 1, N, H), beginning with zeros
    gates: Array  # (L, N, gates · H), after their activations
    inner: Array  # LSTM: cells (L + 1, N, H); GRU: what the state proposes (L, N, H)
    weight_ih: Array
    weight_hh: Array
    has_bias: bool
    return_sequences: bool


Gradients = tuple[Array, Array, Array, Array | None, Array | None]


def lstm(
    x: Array,
    weight_ih: Array,
    weight_hh: Array,
    bias_ih: Array | None = None,
    bias_hh: Array | None = None,
    *,
    return_sequences: bool = False,
) -> tuple[Array, GatedCache]:
    """Long short-term memory: a cell that gates write to, keep and read.

    ``c_t = f · c_{t−1} + i · g`` and ``h_t = o · tanh(c_t)``, both from 0. The gates i, f, o are
    sigmoids and g is a tanh of ``W_ih x_t + b_ih + W_hh h_{t−1} + b_hh``.

    Parameters
    ----------
    x : (N, D, L) array
    weight_ih : (4H, D) array
        Rows for i, f, g, o, in this order.
    weight_hh : (4H, H) array
    bias_ih, bias_hh : (4H,) arrays, optional
    return_sequences : bool
        Whether all states leave, or only the last.

    Returns
    -------
    y : (N, H) array, or (N, H, L) with all states
    cache : GatedCache

    References
    ----------
    S. Hochreiter and J. Schmidhuber, "Long Short-Term Memory", 1997. F. Gers et al., "Learning to
    Forget", 2000, for the gate f.

    Examples
    --------
    >>> y, cache = lstm(np.ones((2, 3, 5)), np.ones((16, 3)), np.ones((16, 4)))
    >>> y.shape, [gradient.shape for gradient in lstm_backward(y, cache)[:3]]
    ((2, 4), [(2, 3, 5), (16, 3), (16, 4)])
    """
    steps, driven = _drive("lstm", 4, x, weight_ih, weight_hh, bias_ih, bias_hh)
    if bias_hh is not None:
        driven += bias_hh
    hidden = weight_hh.shape[1]
    states = np.zeros((len(steps) + 1, len(x), hidden), x.dtype)
    cells, gates = np.zeros_like(states), np.empty_like(driven)
    for t, drive in enumerate(driven):
        z = drive + matmul(states[t], weight_hh.T)
        i, f, g, o = _four(z)
        kept = (logistic(i), logistic(f), np.tanh(g), logistic(o))
        gates[t] = np.concatenate(kept, axis=1)
        cells[t + 1] = kept[1] * cells[t] + kept[0] * kept[2]
        states[t + 1] = kept[3] * np.tanh(cells[t + 1])
    cache = GatedCache(
        steps, states, gates, cells, weight_ih, weight_hh, bias_ih is not None, return_sequences
    )
    return _leaving(states, return_sequences), cache


def lstm_backward(dy: Array, cache: GatedCache) -> Gradients:
    """Back-propagation through time; the cell hands its gradient down without a weight.

    Parameters
    ----------
    dy : (N, H) array, or (N, H, L) with all states
    cache : GatedCache

    Returns
    -------
    dx : (N, D, L) array
    dweight_ih, dweight_hh, dbias_ih, dbias_hh
        In the shapes of the arguments; None where there was no bias.
    """
    _, states, gates, cells = cache[:4]
    from_above = _from_above(dy, cache)
    dz = np.empty_like(gates)
    later, later_cell = np.zeros_like(states[0]), np.zeros_like(states[0])
    for t in reversed(range(len(gates))):
        i, f, g, o = _four(gates[t])
        dh, shown = from_above[t] + later, np.tanh(cells[t + 1])
        dc = dh * o * (1 - shown * shown) + later_cell
        parts = (
            dc * g * i * (1 - i),
            dc * cells[t] * f * (1 - f),
            dc * i * (1 - g * g),
            dh * shown * o * (1 - o),
        )
        dz[t] = np.concatenate(parts, axis=1)
        later, later_cell = matmul(dz[t], cache.weight_hh), dc * f
    dweight_hh = over_steps(dz, states[:-1])
    return *_inputs(dz, cache), dweight_hh, *_biases(dz, dz, cache)


def gru(
    x: Array,
    weight_ih: Array,
    weight_hh: Array,
    bias_ih: Array | None = None,
    bias_hh: Array | None = None,
    *,
    return_sequences: bool = False,
) -> tuple[Array, GatedCache]:
    """Gated recurrent unit: the state is kept or replaced, unit by unit.

    ``h_t = z · h_{t−1} + (1 − z) · n`` with ``n = tanh(W_in x_t + b_in + r · (W_hn h_{t−1} +
    b_hn))``, from h = 0; the gates r and z are sigmoids. This is PyTorch's and cuDNN's form; the
    paper multiplies h by r before W_hn.

    Parameters
    ----------
    x : (N, D, L) array
    weight_ih : (3H, D) array
        Rows for r, z, n, in this order.
    weight_hh : (3H, H) array
    bias_ih, bias_hh : (3H,) arrays, optional
    return_sequences : bool
        Whether all states leave, or only the last.

    Returns
    -------
    y : (N, H) array, or (N, H, L) with all states
    cache : GatedCache

    References
    ----------
    K. Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder", 2014.

    Examples
    --------
    >>> y, cache = gru(np.ones((2, 3, 5)), np.ones((12, 3)), np.ones((12, 4)))
    >>> y.shape, [gradient.shape for gradient in gru_backward(y, cache)[:3]]
    ((2, 4), [(2, 3, 5), (12, 3), (12, 4)])
    """
    steps, driven = _drive("gru", 3, x, weight_ih, weight_hh, bias_ih, bias_hh)
    hidden = weight_hh.shape[1]
    states = np.zeros((len(steps) + 1, len(x), hidden), x.dtype)
    gates, proposed = np.empty_like(driven), np.empty_like(states[1:])
    for t, drive in enumerate(driven):
        recalled = matmul(states[t], weight_hh.T)
        if bias_hh is not None:
            recalled = recalled + bias_hh
        proposed[t] = recalled[:, 2 * hidden :]
        switches = logistic(drive[:, : 2 * hidden] + recalled[:, : 2 * hidden])
        r, z = switches[:, :hidden], switches[:, hidden:]
        n = np.tanh(drive[:, 2 * hidden :] + r * proposed[t])
        gates[t] = np.concatenate((r, z, n), axis=1)
        states[t + 1] = z * states[t] + (1 - z) * n
    cache = GatedCache(
        steps, states, gates, proposed, weight_ih, weight_hh, bias_ih is not None, return_sequences
    )
    return _leaving(states, return_sequences), cache


def gru_backward(dy: Array, cache: GatedCache) -> Gradients:
    """Back-propagation through time; where z is near 1, the gradient passes unchanged.

    Parameters
    ----------
    dy : (N, H) array, or (N, H, L) with all states
    cache : GatedCache

    Returns
    -------
    dx : (N, D, L) array
    dweight_ih, dweight_hh, dbias_ih, dbias_hh
        In the shapes of the arguments; None where there was no bias.
    """
    _, states, gates, proposed = cache[:4]
    from_above = _from_above(dy, cache)
    driven, recalled = np.empty_like(gates), np.empty_like(gates)
    later = np.zeros_like(states[0])
    for t in reversed(range(len(gates))):
        r, z, n = np.split(gates[t], 3, axis=1)
        dh = from_above[t] + later
        dn = dh * (1 - z) * (1 - n * n)
        dz = dh * (states[t] - n) * z * (1 - z)
        dr = dn * proposed[t] * r * (1 - r)
        driven[t] = np.concatenate((dr, dz, dn), axis=1)
        recalled[t] = np.concatenate((dr, dz, dn * r), axis=1)
        later = matmul(recalled[t], cache.weight_hh) + dh * z
    dweight_hh = over_steps(recalled, states[:-1])
    return *_inputs(driven, cache), dweight_hh, *_biases(driven, recalled, cache)


def _four(z: Array) -> list[Array]:
    return np.split(z, 4, axis=1)


def _drive(
    name: str,
    gates: int,
    x: Array,
    weight_ih: Array,
    weight_hh: Array,
    bias_ih: Array | None,
    bias_hh: Array | None,
) -> tuple[Array, Array]:
    """The sequence, steps first, and what it drives the gates with."""
    if (bias_ih is None) != (bias_hh is None):
        raise ValueError(f"{name}: biases must come in pairs, not one alone. Give both, or none.")
    biases = {"bias_ih": bias_ih, "bias_hh": bias_hh}
    given = {key: bias for key, bias in biases.items() if bias is not None}
    check_floats(name, x=x, weight_ih=weight_ih, weight_hh=weight_hh, **given)
    check_axes(name, "x", x, "(N, D, L)")
    hidden = weight_hh.shape[-1]
    check_shape(name, "weight_ih", weight_ih, (gates * hidden, x.shape[1]))
    check_shape(name, "weight_hh", weight_hh, (gates * hidden, hidden))
    for key, bias in given.items():
        check_shape(name, key, bias, (gates * hidden,))
    steps = np.ascontiguousarray(x.transpose(2, 0, 1))  # (L, N, D)
    driven = matmul(steps, weight_ih.T)  # (L, N, gates · H)
    return steps, driven if bias_ih is None else driven + bias_ih


def _leaving(states: Array, return_sequences: bool) -> Array:
    y: Array = states[1:].transpose(1, 2, 0) if return_sequences else states[-1]
    return y.copy()


def _from_above(dy: Array, cache: GatedCache) -> Array:
    """Gradient that reaches each state from outside the layer."""
    from_above = np.zeros_like(cache.states[1:])  # (L, N, H)
    if cache.return_sequences:
        from_above[...] = dy.transpose(2, 0, 1)
    else:
        from_above[-1] = dy
    return from_above


def _inputs(driven: Array, cache: GatedCache) -> tuple[Array, Array]:
    dx = matmul(driven, cache.weight_ih).transpose(1, 2, 0)  # (N, D, L)
    return dx, over_steps(driven, cache.x)


def _biases(driven: Array, recalled: Array, cache: GatedCache) -> tuple[Array | None, Array | None]:
    if not cache.has_bias:
        return None, None
    return driven.sum(axis=(0, 1)), recalled.sum(axis=(0, 1))
