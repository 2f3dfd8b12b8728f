"""A sentence as filters of several widths have read it: the numbers that are drawn and spoken of."""

from dataclasses import dataclass

import numpy as np

from cnnlab.explore.text.model import PAD, WIDTHS, Array, pool, sums, vectors, weights, words_of
from cnnlab.scratch import functional


@dataclass(frozen=True)
class Row:
    """What the filter of one width answers.

    Attributes
    ----------
    width : int
        Words of a window.
    weight : (2, k) array
    sums, answers : (W,) array
        At each window, before and after the ReLU; none where no window fits.
    kept : int
        Windows that are pooled; those behind them hold nothing but padding and are left out.
    pooled : float or None
        One number for all of them; None where no window fits.
    """

    width: int
    weight: Array
    sums: Array
    answers: Array
    kept: int
    pooled: float | None

    @property
    def winners(self) -> list[int]:
        """Windows that have the largest answer, if that is above 0."""
        kept = self.answers[: self.kept]
        best = kept.max(initial=0)
        return [int(i) for i in np.flatnonzero(kept == best)] if best > 0 else []

    @property
    def firing(self) -> list[int]:
        """Windows that answer more than 0."""
        return [int(i) for i in np.flatnonzero(self.answers[: self.kept])]


@dataclass(frozen=True)
class Reading:
    """A sentence, its numbers, and one row of answers for each width.

    Attributes
    ----------
    vectors : (2, L) array
        Feeling and no of each word and padding token.
    rows : tuple of Row
        The narrowest filter first.
    """

    sentence: str
    words: tuple[str, ...]
    padding: int
    masked: bool
    kind: str
    bias: float
    pooling: str
    vectors: Array
    rows: tuple[Row, ...]

    @property
    def tokens(self) -> tuple[str, ...]:
        """Words and padding."""
        return self.words + self.padding * (PAD,)

    def phrase(self, width: int, i: int) -> str:
        """Words of a window."""
        return " ".join(self.tokens[i : i + width])


def read(
    sentence: str, longest: int, kind: str, pooling: str, bias: float, padding: int, masked: bool
) -> Reading:
    """Read a sentence with the filters of 2 to ``longest`` words.

    Examples
    --------
    >>> found = read("it is not good", 3, "negated praise", "maximum", -1.0, 0, False)
    >>> [(row.width, row.pooled, row.winners) for row in found.rows]
    [(2, 1.0, [2]), (3, 1.0, [1])]
    """
    words = words_of(sentence)
    numbers = vectors(words, padding)  # (2, L)
    left_out = len(words) if masked else len(words) + padding
    rows = []
    for width in range(WIDTHS[0], longest + 1):
        weight, none = weights(kind, width), np.zeros(0)
        if width > numbers.shape[1]:
            rows.append(Row(width, weight, none, none, 0, None))
            continue
        found = sums(numbers, weight, bias)  # (W,)
        answers, _ = functional.relu(found)
        kept = min(len(found), left_out)
        rows.append(Row(width, weight, found, answers, kept, pool(answers[:kept], pooling)))
    return Reading(sentence, words, padding, masked, kind, bias, pooling, numbers, tuple(rows))
