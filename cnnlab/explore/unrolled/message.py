"""Back through time, one step at a time: what each step hands to the one before it."""

import numpy as np

from cnnlab.explore.unrolled.model import Array, Run, Weights


def messages(kind: str, weights: Weights, run: Run, memory: bool = True) -> Array:
    """Gradient of the last step's loss with respect to what each step keeps, (H, L).

    That is the state, and for an LSTM its cell, along which the message travels.

    Parameters
    ----------
    kind : {"rnn", "gru", "lstm"}
    weights : Weights
    run : Run
        Of a word with these weights.
    memory : bool
        Without one, no message leaves the last step.

    Examples
    --------
    >>> from cnnlab.explore.unrolled.model import fresh, run
    >>> weights = fresh("rnn", 2)
    >>> messages("rnn", weights, run("rnn", weights, "hello")).shape
    (2, 4)
    """
    last = run.probabilities()[:, -1] - run.wanted[:, -1]  # (4,)
    state, cell = weights.hy.T @ last, np.zeros(len(run.states))  # (H,), (H,)
    found = np.zeros_like(run.states)  # (H, L)
    for t in reversed(range(found.shape[1])):
        if kind == "lstm":
            cell = cell + _through_output(run, t, state)
        found[:, t] = cell if kind == "lstm" else state
        if t == 0 or not memory:
            break
        state, cell = _BACK[kind](run, weights.hh, t, state, cell)
    return found


def _rnn(run: Run, hh: Array, t: int, state: Array, cell: Array) -> tuple[Array, Array]:
    """``h_t = tanh(W_hh h_{t−1} + …)``."""
    return (state * (1 - run.states[:, t] ** 2)) @ hh, cell


def _gru(run: Run, hh: Array, t: int, state: Array, cell: Array) -> tuple[Array, Array]:
    """``h_t = z · h_{t−1} + (1 − z) · n``, where r, z and n have read h_{t−1} too."""
    (r, z, n), before = np.split(run.gates(t), 3), run.states[:, t - 1]
    recalled = hh[2 * len(before) :] @ before  # what r scales
    dn = state * (1 - z) * (1 - n * n)
    dz = state * (before - n) * z * (1 - z)
    dr = dn * recalled * r * (1 - r)
    return np.concatenate((dr, dz, dn * r)) @ hh + state * z, cell


def _lstm(run: Run, hh: Array, t: int, state: Array, cell: Array) -> tuple[Array, Array]:
    """``c_t = f · c_{t−1} + i · g``, where all gates have read h_{t−1} too."""
    i, f, g, o = np.split(run.gates(t), 4)
    parts = (
        cell * g * i * (1 - i),
        cell * run.cells[:, t - 1] * f * (1 - f),
        cell * i * (1 - g * g),
        state * np.tanh(run.cells[:, t]) * o * (1 - o),
    )
    return np.concatenate(parts) @ hh, cell * f


def _through_output(run: Run, t: int, state: Array) -> Array:
    """What reaches an LSTM's cell through ``h_t = o · tanh(c_t)``."""
    o = np.split(run.gates(t), 4)[3]
    return np.asarray(state * o * (1 - np.tanh(run.cells[:, t]) ** 2))


_BACK = {"rnn": _rnn, "gru": _gru, "lstm": _lstm}
