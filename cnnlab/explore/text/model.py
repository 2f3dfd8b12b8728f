"""Words as two numbers, and a filter by hand that slides along them.

Shapes: L words and padding tokens, two channels (feeling, no), windows of k words.
"""

import re
from typing import Any, TypeAlias

import numpy as np

from cnnlab.scratch import functional

Array: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

MOST_WORDS, MOST_LETTERS = 12, 60  # of a sentence
PADDINGS, WIDTHS = range(5), range(2, 6)  # padding tokens, words of a window
PAD = "PAD"  # how a padding token is written
FILTERS = ("negated praise", "bad words")
POOLINGS = ("maximum", "sum", "mean")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


GOOD = _set(
    "amazing beautiful best better brilliant calm charming clever effective enjoy enjoyed excellent "
    "exciting fine fit fresh fun funny gentle good gorgeous great happy helpful kind love loved "
    "lovely nice perfect pleasant rested smart soothing strong super superb warm well wise wonderful"
)
BAD = _set(
    "annoying awful bad boring broken cheap cold cruel dizzy dreadful dull flat harsh hate hated "
    "horrible lame miserable nasty nervous painful poor sad sick silly slow stupid terrible tired "
    "tiring ugly useless weak worse worst worthless wrong"
)
NO = _set("barely cannot hardly neither never no nobody none nor not nothing without")

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def words_of(sentence: str) -> tuple[str, ...]:
    """Cut a sentence into words; what is neither letter nor digit is left out.

    Examples
    --------
    >>> words_of("It isn't good, it's great!")
    ('It', "isn't", 'good', "it's", 'great')
    """
    return tuple(_WORD.findall(sentence))


def fault(sentence: str) -> str:
    """Why a sentence cannot be read, or "".

    Examples
    --------
    >>> fault("not good"), fault("?")
    ('', "sentence must have at least one word, not '?'.")
    """
    found = words_of(sentence)
    if not found:
        return f"sentence must have at least one word, not {sentence!r}."
    if len(found) > MOST_WORDS:
        return f"sentence must have at most {MOST_WORDS} words, not {len(found)}."
    if len(sentence) > MOST_LETTERS:
        return f"sentence must have at most {MOST_LETTERS} characters, not {len(sentence)}."
    return ""


def vector(word: str) -> tuple[int, int]:
    """Feeling and no of a word, both 0 if it is unknown.

    Examples
    --------
    >>> vector("Good"), vector("bad"), vector("isn't"), vector("film")
    ((1, 0), (-1, 0), (0, 1), (0, 0))
    """
    plain = word.lower().replace("’", "'")
    return (plain in GOOD) - (plain in BAD), int(plain in NO or plain.endswith("n't"))


def vectors(words: tuple[str, ...], padding: int = 0) -> Array:
    """Feelings and noes of all words, and zeros for the padding behind them, (2, L).

    Examples
    --------
    >>> vectors(("not", "good"), 1)
    array([[0., 1., 0.],
           [1., 0., 0.]])
    """
    found = [vector(word) for word in words] + padding * [(0, 0)]
    return np.array(found, float).reshape(-1, 2).T


def weights(kind: str, width: int) -> Array:
    """Weights of a filter, (2, k): for the feeling and for the no of each word of a window.

    Parameters
    ----------
    kind : {"negated praise", "bad words"}
        The no of all words but the last and the feeling of the last one; or minus the feeling of
        each word.
    width : int
        Words of a window.

    Examples
    --------
    >>> weights("negated praise", 3)
    array([[0., 0., 1.],
           [1., 1., 0.]])
    """
    last = np.arange(width) == width - 1
    if kind == "negated praise":
        return np.array([last, ~last], float)
    return np.array([-np.ones(width), np.zeros(width)])


def sums(numbers: Array, weight: Array, bias: float) -> Array:
    """What a filter finds at each window, before the ReLU, (L − k + 1,).

    Examples
    --------
    >>> sums(vectors(words_of("it is not good")), weights("negated praise", 3), -1.0)
    array([-1.,  1.])
    """
    y, _ = functional.conv1d(numbers[None], weight[None], np.array([bias]))  # (1, 1, L − k + 1)
    return np.asarray(y[0, 0])


def pool(answers: Array, pooling: str) -> float:
    """One number for all windows.

    Examples
    --------
    >>> [pool(np.array([0.0, 1.0, 2.0]), each) for each in POOLINGS]
    [2.0, 3.0, 1.0]
    """
    if pooling == "maximum":
        return float(answers.max())
    return float(answers.sum() if pooling == "sum" else answers.mean())
