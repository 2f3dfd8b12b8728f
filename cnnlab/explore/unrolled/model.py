"""A small recurrent network that names the next letter of a word: its training and its run.

Shapes: H units of the state, L steps, N sequences of T steps. With a memory there is one sequence
of L steps; without one there are L sequences of a single step, each from the state 0.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from cnnlab.scratch import functional

Array: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

LETTERS = "helo"
LONGEST = 8  # letters of a word
TRAINING = (0, 5, 10, 20, 50, 100, 200, 600)  # steps after which a network can be looked at
RATE, DEVIATION = 0.3, 0.1  # of the training, and of the fresh weights


class Kind(NamedTuple):
    """A recurrent layer of the package: its name, its sets of weights, forward and backward."""

    name: str
    sets: int
    forward: Callable[..., tuple[Array, Any]]
    backward: Callable[..., Any]


KINDS = {
    "rnn": Kind("plain RNN", 1, functional.rnn, functional.rnn_backward),
    "gru": Kind("GRU", 3, functional.gru, functional.gru_backward),
    "lstm": Kind("LSTM", 4, functional.lstm, functional.lstm_backward),
}


class Weights(NamedTuple):
    """Weights of a network without biases; S sets of them, as in :mod:`cnnlab.spec`."""

    ih: Array  # (S · H, 4)
    hh: Array  # (S · H, H)
    hy: Array  # (4, H)


@dataclass(frozen=True)
class Run:
    """What a network computes while it reads a word.

    Attributes
    ----------
    states : (H, L) array
    cells : (H, L) array
        What an LSTM keeps beside its state; the states themselves for the other kinds.
    scores : (4, L) array
        Of the next letter at each step.
    wanted : (4, L) array
        One-hot, the letter that follows.
    cache
        What going back through time needs.
    """

    states: Array
    cells: Array
    scores: Array
    wanted: Array
    cache: Any

    def probabilities(self, temperature: float = 1.0) -> Array:
        """Softmax of the scores divided by the temperature, (4, L)."""
        p, _ = functional.softmax(self.scores / temperature, axis=0)
        return np.asarray(p)

    def gates(self, step: int) -> Array:
        """Gates of a GRU or an LSTM at a step, in the order of the package, (sets · H,)."""
        count = self.states.shape[1]
        return np.asarray(self.cache.gates.reshape(count, -1)[step])  # (L, 1, …) or (1, L, …)

    @property
    def losses(self) -> Array:
        """Cross-entropy of each step, (L,), at temperature 1."""
        return np.asarray(-np.log((self.probabilities() * self.wanted).sum(axis=0)))

    @property
    def perplexity(self) -> float:
        """The number e to the power of the mean loss, at temperature 1."""
        return float(np.exp(self.losses.mean()))


def fault(word: str) -> str:
    """Why a word cannot be spelled, or "".

    Examples
    --------
    >>> fault("hello"), fault("hallo")
    ('', "word must be 2 to 8 of the letters h, e, l, o, not 'hallo'.")
    """
    if 2 <= len(word) <= LONGEST and set(word) <= set(LETTERS):
        return ""
    letters = ", ".join(LETTERS)
    return f"word must be 2 to {LONGEST} of the letters {letters}, not {word!r}."


def one_hot(text: str) -> Array:
    """Letters as columns, (4, L)."""
    return np.eye(len(LETTERS))[:, [LETTERS.index(letter) for letter in text]]


def fresh(kind: str, units: int) -> Weights:
    """Small random weights, always the same ones.

    Examples
    --------
    >>> [each.shape for each in fresh("lstm", 2)]
    [(8, 4), (8, 2), (4, 2)]
    """
    rng, rows, letters = np.random.default_rng(0), KINDS[kind].sets * units, len(LETTERS)
    shapes = (rows, letters), (rows, units), (letters, units)
    return Weights(*(rng.normal(0, DEVIATION, shape) for shape in shapes))


def run(kind: str, weights: Weights, word: str, memory: bool = True) -> Run:
    """Read all letters of a word but the last, and score the next one at each step.

    Examples
    --------
    >>> run("rnn", fresh("rnn", 2), "hello").states.shape
    (2, 4)
    """
    x = one_hot(word[:-1])  # (4, L)
    sequences = x[None] if memory else x.T[:, :, None]  # (1, 4, L) or (L, 4, 1)
    y, cache = KINDS[kind].forward(sequences, weights.ih, weights.hh, return_sequences=True)
    states = _steps(y)  # (H, L)
    cells = _steps(cache.inner[1:].transpose(1, 2, 0)) if kind == "lstm" else states  # (H, L)
    return Run(states, cells, weights.hy @ states, one_hot(word[1:]), cache)


def _steps(y: Array) -> Array:
    """Join sequences to one column a step: (N, H, T) to (H, N · T)."""
    return y.transpose(1, 0, 2).reshape(y.shape[1], -1)


@lru_cache(128)
def learned(
    kind: str, units: int, word: str, memory: bool = True, training: int = TRAINING[-1]
) -> Weights:
    """Train a network to spell a word: plain gradient descent on the sum of all steps' losses.

    Parameters
    ----------
    kind : {"rnn", "gru", "lstm"}
    units : int
        Of the state.
    word : str
    memory : bool
        Without one, each step starts from the state 0.
    training : int
        Number of training steps, one of ``TRAINING``; 0 leaves the fresh weights.

    Examples
    --------
    >>> weights = learned("rnn", 8, "hello")
    >>> bool(run("rnn", weights, "hello").losses.sum() < 0.01)
    True
    """
    if training == 0:
        return fresh(kind, units)
    before = TRAINING[TRAINING.index(training) - 1]
    weights = learned(kind, units, word, memory, before)
    for _ in range(training - before):
        found = run(kind, weights, word, memory)
        dscores = found.probabilities() - found.wanted  # (4, L)
        dstates = (weights.hy.T @ dscores).reshape(units, len(found.cache.x[0]), -1)  # (H, N, T)
        _, dih, dhh, *_ = KINDS[kind].backward(dstates.transpose(1, 0, 2), found.cache)
        gradients = dih, dhh, dscores @ found.states.T
        weights = Weights(*(w - RATE * dw for w, dw in zip(weights, gradients, strict=True)))
    return weights
