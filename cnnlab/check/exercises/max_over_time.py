"""The largest answer of each filter, where a text is; padding must not win."""

from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw, Exercise
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch.functional.checks import Array


def max_over_time(y: Array, mask: Array) -> Array:
    """Largest answer of each filter over the windows that count, (N, K, L), (N, L) -> (N, K).

    Source: R. Collobert and others, *Natural Language Processing (Almost) from Scratch*, 2011.

    Parameters
    ----------
    y : (N, K, L) array
        Answers of K filters at L windows.
    mask : (N, L) array of bool
        True where a window lies in the text; at least once in each row.

    Examples
    --------
    >>> max_over_time(np.array([[[-3.0, -1, 5]]]), np.array([[True, True, False]]))
    array([[-1.]])
    """
    return np.asarray(np.where(mask[:, None], y, -np.inf).max(axis=2))  # (N, K)


def _lengths(*lengths: int, longest: int) -> Draw:
    """Mask of texts with so many windows."""
    return lambda rng: np.arange(longest) < np.array(lengths)[:, None]


def _below(*shape: int) -> Draw:
    """Negative numbers."""
    return lambda rng: -rng.uniform(0.5, 2.0, shape)


def _far_below(*shape: int) -> Draw:
    """Numbers that are smaller than those that people pad with."""
    return lambda rng: rng.uniform(-5000, -2000, shape)


def _max_with(y: Array, mask: Array, padding: float) -> Array:
    """The maximum with a padding that takes part."""
    padded: Array = np.where(mask[:, None], y, padding)
    return np.asarray(padded.max(axis=2))


def _cut_at(y: Array, length: int) -> Array:
    """All texts cut at one length."""
    return np.asarray(y[:, :, :length].max(axis=2))


def _among(y: Array, mask: Array, choose: Any) -> Array:
    """What ``choose`` makes of each filter's answers in the text, (N, K)."""
    rows = [[choose(row[inside]) for row in text] for text, inside in zip(y, mask, strict=True)]
    return np.array(rows, dtype=y.dtype)


def _last(y: Array, mask: Array) -> Array:
    return _among(y, mask, lambda row: row[-1])


EXERCISE = Exercise(
    max_over_time,
    (
        Case(
            "with one text and no padding", {"y": normal(1, 3, 5), "mask": _lengths(5, longest=5)}
        ),
        Case(
            "with texts of several lengths",
            {"y": normal(4, 3, 6), "mask": _lengths(6, 2, 4, 3, longest=6)},
        ),
        Case(
            "with answers below 0",
            {"y": _below(3, 4, 5), "mask": _lengths(5, 3, 2, longest=5)},
        ),
        Case(
            "with answers far below 0",
            {"y": _far_below(3, 4, 5), "mask": _lengths(5, 3, 2, longest=5)},
        ),
        Case(
            "with as many filters as windows",
            {"y": normal(2, 4, 4), "mask": _lengths(2, 3, longest=4)},
        ),
        Case(
            "with a text of a single window",
            {"y": normal(2, 3, 4), "mask": _lengths(1, 4, longest=4)},
        ),
    ),
    axes="(N, K)",
    values=(
        Misconception(
            "padding wins",
            lambda y, mask: y.max(axis=2),
            "The windows of the padding take part, and here one of them wins. Only windows where "
            "mask is True may.",
        ),
        Misconception(
            "padding as 0",
            lambda y, mask: (y * mask[:, None]).max(axis=2),
            "The answers at the padding became 0, and where all others are below 0 that 0 wins. "
            "Which number can never win a maximum?",
        ),
        Misconception(
            "padding is NaN",
            lambda y, mask: _max_with(y, mask, np.nan),
            "NaN takes part in a maximum, and wins. Which number can never win?",
        ),
        *(
            Misconception(
                f"padding is {number}",
                lambda y, mask, number=number: _max_with(y, mask, number),
                "The padding takes part as a number, and some answers are smaller still. Which "
                "number can never win a maximum?",
            )
            for number in (-1, -10, -99, -100, -999, -1000)
        ),
        Misconception(
            "never below 0",
            lambda y, mask: np.maximum(max_over_time(y, mask), 0),
            "No result is below 0, as if a 0 took part in each maximum. A filter may have only "
            "answers below 0.",
        ),
        Misconception(
            "mask turned round",
            lambda y, mask: np.where(mask[:, None], -np.inf, y).max(axis=2),
            "This is the largest answer of the padding. The mask is True where a window counts.",
        ),
        Misconception(
            "sum",
            lambda y, mask: _among(y, mask, np.sum),
            "This is the sum over the windows. Take the largest answer.",
        ),
        Misconception(
            "mean",
            lambda y, mask: _among(y, mask, np.mean),
            "This is the mean over the windows. Take the largest answer.",
        ),
        Misconception(
            "mean over all",
            lambda y, mask: y.mean(axis=2),
            "This is the mean over all windows, padding included. Asked for is the largest answer "
            "in the text.",
        ),
        Misconception(
            "mean with zeros",
            lambda y, mask: (y * mask[:, None]).mean(axis=2),
            "This is a mean, in which the padding counts as 0. The largest answer in the text is asked for.",
        ),
        Misconception(
            "median",
            lambda y, mask: np.median(y, axis=2),
            "This is the median of all windows, padding included. The largest answer in the text is asked for.",
        ),
        Misconception(
            "minimum",
            lambda y, mask: _among(y, mask, np.min),
            "This is the smallest answer in the text. Take the largest.",
        ),
        Misconception(
            "largest size",
            lambda y, mask: _among(y, mask, lambda row: np.abs(row).max()),
            "Signs are left out: a large negative answer is a clear no, not a clear yes.",
        ),
        Misconception(
            "which window",
            lambda y, mask: _among(y, mask, np.argmax),
            "This says which window wins (argmax). Return its answer.",
        ),
        Misconception(
            "first window",
            lambda y, mask: y[:, :, 0],
            "This is the answer of the first window. All windows of the text take part.",
        ),
        Misconception(
            "last window",
            _last,
            "This is the answer of the last window in the text. All windows of the text take part.",
        ),
        Misconception(
            "first text's mask for all",
            lambda y, mask: max_over_time(y, np.broadcast_to(mask[:1], mask.shape)),
            "The mask of the first text is used for all. Each text has its own length.",
        ),
        Misconception(
            "shortest text for all",
            lambda y, mask: _cut_at(y, mask.sum(axis=1).min()),
            "All texts are cut to the length of the shortest one. Each has its own length.",
        ),
        Misconception(
            "longest text for all",
            lambda y, mask: _cut_at(y, mask.sum(axis=1).max()),
            "All texts are cut at the longest one, so that padding takes part in the others. Each has its own length.",
        ),
    ),
    shapes=(
        Misconception(
            "over the filters",
            lambda y, mask: (len(y), y.shape[2]),
            "The maximum is taken over the filters. Each filter keeps its own, over the windows, "
            "which lie along the last axis.",
        ),
        Misconception(
            "over the texts",
            lambda y, mask: y.shape[1:],
            "The maximum is taken over the texts. Each text has its own, over the windows, which "
            "lie along the last axis.",
        ),
        Misconception(
            "nothing taken",
            lambda y, mask: y.shape,
            "All windows are still there. One number for each filter of each text remains.",
        ),
        Misconception(
            "one number for each text",
            lambda y, mask: (len(y),),
            "There is one number for each text. Each filter has its own.",
        ),
        Misconception(
            "one number for each filter",
            lambda y, mask: (y.shape[1],),
            "There is one number for each filter. Each text has its own.",
        ),
        Misconception("one number", lambda y, mask: (), "This is one number for everything."),
        Misconception(
            "axis kept",
            lambda y, mask: (*y.shape[:2], 1),
            "The axis of the windows is still there, with a single entry: leave keepdims out.",
        ),
        Misconception(
            "axes exchanged",
            lambda y, mask: (y.shape[1], len(y)),
            "The axes are exchanged: a row for each text, a column for each filter.",
        ),
    ),
)
