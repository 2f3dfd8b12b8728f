"""A small recurrent network that learns to name the next letter of one word."""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import log

import numpy as np
import numpy.typing as npt

from cnnlab.scratch import functional

Array = npt.NDArray[np.float64]

WORDS = ("hello", "level", "banana")
STEPS = (0, 5, 10, 20, 50, 100, 200, 500)
RATE, DEVIATION = 0.3, 0.1  # of the descent, of the first weights


@dataclass(frozen=True, eq=False)
class Weights:
    """What a network has learned.

    Attributes
    ----------
    letters : str
        The vocabulary, in the order in which the word brings them.
    inputs, states, outputs : (H, K), (H, H) and (K, H) arrays
    """

    letters: str
    inputs: Array
    states: Array
    outputs: Array


@dataclass(frozen=True, eq=False)
class Run:
    """A word, read letter by letter.

    Attributes
    ----------
    reads, right : str
        The letters that are read, and those that should be named.
    states : (H, L) array
    probabilities : (K, L) array
        Of each letter after each step, at the temperature.
    losses : (L,) array
        Of each step, at temperature 1.
    messages : (L,) array
        Length of the gradient of the last step's loss by each state.
    """

    reads: str
    right: str
    states: Array
    probabilities: Array
    losses: Array
    messages: Array

    @property
    def arrived(self) -> Array:
        """Lengths of the message as shares of its length at the last state, (L,)."""
        return np.asarray(self.messages / self.messages[-1])


def trained(word: str, units: int, steps: int, memory: bool = True) -> Weights:
    """Train a network on one word, from small random weights, by plain descent.

    Parameters
    ----------
    word : str
    units : int
        Of the state.
    steps : int
        One of ``STEPS``.
    memory : bool
        Whether the state is carried to the next step.

    Examples
    --------
    >>> trained("hello", units=3, steps=0).inputs.shape
    (3, 4)
    """
    return _training(word, units, memory)[steps]


@lru_cache(maxsize=64)
def _training(word: str, units: int, memory: bool) -> dict[int, Weights]:
    """Weights after each number of steps in ``STEPS``."""
    letters = "".join(dict.fromkeys(word))
    rng, count = np.random.default_rng(0), len(letters)
    inputs, states, outputs = (
        rng.normal(0, DEVIATION, shape)
        for shape in ((units, count), (units, units), (count, units))
    )
    states = states * memory
    kept = {}
    for step in range(max(STEPS) + 1):
        if step in STEPS:
            kept[step] = Weights(letters, inputs, states, outputs)
        x, y = _one_hot(letters, word[:-1]), _one_hot(letters, word[1:])
        h, cache = functional.rnn(x[None], inputs, states, return_sequences=True)  # (1, H, L)
        dscores = _softmax(outputs @ h[0]) - y  # (K, L)
        _, dinputs, dstates, *_ = functional.rnn_backward((outputs.T @ dscores)[None], cache)
        inputs, states = inputs - RATE * dinputs, states - RATE * dstates * memory
        outputs = outputs - RATE * dscores @ h[0].T
    return kept


def run(weights: Weights, word: str, temperature: float = 1.0) -> Run:
    """Read a word letter by letter, and send the last loss back.

    Examples
    --------
    >>> found = run(trained("hello", units=3, steps=0), "hello")
    >>> found.probabilities.shape, found.right
    ((4, 4), 'ello')
    """
    letters, right = weights.letters, _one_hot(weights.letters, word[1:])
    x = _one_hot(letters, word[:-1])  # (K, L)
    h, _ = functional.rnn(x[None], weights.inputs, weights.states, return_sequences=True)
    states = h[0]  # (H, L)
    scores = weights.outputs @ states  # (K, L)
    given = _softmax(scores)
    message = weights.outputs.T @ (given - right)[:, -1]  # (H,)
    lengths = []
    for state in states.T[::-1]:
        lengths.append(float(np.linalg.norm(message)))
        message = weights.states.T @ (message * (1 - state**2))
    return Run(
        word[:-1],
        word[1:],
        states,
        _softmax(scores / temperature),
        -np.log((given * right).sum(axis=0)),
        np.array(lengths[::-1]),
    )


def least_without_memory(word: str) -> float:
    """Lowest loss of whoever sees one letter at a time, added up over the steps.

    Examples
    --------
    >>> round(least_without_memory("hello"), 3), least_without_memory("banana")
    (1.386, 0.0)
    """
    pairs = Counter(pairwise(word))
    read = Counter(word[:-1])
    return sum(count * log(read[letter] / count) for (letter, _), count in pairs.items())


def _one_hot(letters: str, text: str) -> Array:
    """A column for each letter of a text, (K, L)."""
    return np.eye(len(letters))[:, [letters.index(letter) for letter in text]]


def _softmax(scores: Array) -> Array:
    """Probabilities, column by column."""
    powers = np.exp(scores - scores.max(axis=0))
    return np.asarray(powers / powers.sum(axis=0))
