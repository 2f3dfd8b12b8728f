"""Filters over a text: windows of embeddings, which slide along the words and no other way."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import few, normal
from cnnlab.scratch import functional
from cnnlab.scratch.functional.checks import Array


def text_conv(x: Array, weight: Array) -> Array:
    """Slide filters along a text, (C, L), (K, C, k) -> (K, L').

    Stride 1, no padding, no bias.

    Source: Y. Kim, *Convolutional Neural Networks for Sentence Classification*, 2014.

    Examples
    --------
    >>> text_conv(np.array([[1.0, 2, 3], [0, 1, 0]]), np.ones((1, 2, 2)))
    array([[4., 6.]])
    """
    return np.asarray(functional.conv1d(x[None], weight)[0][0])


def _windows(x: Array, weight: Array) -> int:
    return int(x.shape[1] - weight.shape[2] + 1)


def _along_the_embedding(x: Array, weight: Array) -> Array | None:
    """Words and numbers of an embedding exchanged; only where there are as many."""
    return text_conv(np.ascontiguousarray(x.T), weight) if x.shape[0] == x.shape[1] else None


def _filters_for_numbers(x: Array, weight: Array) -> Array | None:
    if weight.shape[0] != weight.shape[1]:
        return None
    return text_conv(x, np.ascontiguousarray(weight.swapaxes(0, 1)))


def _each(x: Array, weight: Array, take: Callable[[Array, Array], Any]) -> Array:
    """Something else of a window and a filter than the sum of their products."""
    k, places = weight.shape[2], range(_windows(x, weight))
    return np.array([[take(x[:, i : i + k], one) for i in places] for one in weight])


def _case(words: str, numbers: int, length: int, filters: int, k: int, few_: bool = False) -> Case:
    draw = few if few_ else normal
    return Case(words, {"x": draw(numbers, length), "weight": draw(filters, numbers, k)})


EXERCISE = Exercise(
    text_conv,
    (
        _case("with small whole numbers", 2, 6, 1, 2, few_=True),
        _case("with several filters", 3, 7, 4, 3),
        _case("with as many words as numbers in an embedding", 5, 5, 2, 3),
        _case("with as many filters as numbers in an embedding", 4, 6, 4, 2),
        _case("with windows as long as the text", 3, 4, 2, 4),
        _case("with windows of one word", 3, 5, 2, 1),
    ),
    axes="(K, L')",
    values=(
        Misconception(
            "along the embedding",
            _along_the_embedding,
            "The windows slide along the numbers of the embedding. They slide along the words, "
            "axis 1 of x.",
        ),
        Misconception(
            "flipped",
            lambda x, w: text_conv(x, w[:, :, ::-1]),
            "The windows are read backwards. What networks call convolution does not flip its "
            "weights.",
        ),
        Misconception(
            "first number only",
            lambda x, w: text_conv(x[:1], w[:, :1]),
            "Only the first number of each embedding is read. A filter adds up over all of them.",
        ),
        Misconception(
            "first number only, flipped",
            lambda x, w: text_conv(x[:1], w[:, :1, ::-1]),
            "Only the first number of each embedding is read, and backwards. A filter adds up over all, and is not flipped.",
        ),
        Misconception(
            "first filter for all",
            lambda x, w: text_conv(x, np.broadcast_to(w[:1], w.shape)),
            "All rows come from the first filter; each filter has its own row.",
        ),
        Misconception(
            "filters in reverse",
            lambda x, w: text_conv(x, w[::-1]),
            "The first row comes from the last filter: filters and rows are in the same order.",
        ),
        Misconception(
            "filters for numbers",
            _filters_for_numbers,
            "The first two axes of weight are exchanged. A filter is weight[0], with a row for "
            "each number of an embedding.",
        ),
        Misconception(
            "mean",
            lambda x, w: text_conv(x, w) / w[0].size,
            "This is divided by the number of weights in a filter. A filter adds up.",
        ),
        Misconception(
            "largest product",
            lambda x, w: _each(x, w, lambda window, one: (window * one).max()),
            "The largest product of each window comes out. Add all of them up.",
        ),
        Misconception(
            "added",
            lambda x, w: _each(x, w, lambda window, one: (window + one).sum()),
            "Window and filter are added. Multiply them, then add up.",
        ),
        Misconception(
            "sums multiplied",
            lambda x, w: _each(x, w, lambda window, one: window.sum() * one.sum()),
            "Both are added up first and multiplied afterwards. Multiply number by number, then add up.",
        ),
        Misconception(
            "matrix product",
            lambda x, w: _each(x, w, lambda window, one: (window @ one.T).sum()),
            "This is the sum of a matrix product, in which every row meets every row. Multiply number by number, `*`.",
        ),
        Misconception(
            "windows of two words",
            lambda x, w: text_conv(
                x[:, : x.shape[1] - w.shape[2] + w[:, :, :2].shape[2]], w[:, :, :2]
            ),
            "Each window has two words at most. It has as many as the filter has columns.",
        ),
        Misconception(
            "first word of the window",
            lambda x, w: text_conv(x, w[:, :, :1])[:, : _windows(x, w)],
            "Only the first word of each window counts. A window has as many words as the filter "
            "has columns.",
        ),
        Misconception(
            "one window for all",
            lambda x, w: np.repeat(text_conv(x, w)[:, :1], _windows(x, w), axis=1),
            "Every place holds what the first window gives: do the windows move?",
        ),
        Misconception(
            "rectified",
            lambda x, w: np.maximum(text_conv(x, w), 0),
            "Negative answers became 0. The ReLU comes later; here the sums are asked for.",
        ),
        Misconception(
            "tanh",
            lambda x, w: np.tanh(text_conv(x, w)),
            "The answers went through a tanh. Here the sums are asked for.",
        ),
        Misconception(
            "yes or no",
            lambda x, w: (text_conv(x, w) > 0).astype(float),
            "Each answer is 0 or 1. Here the sums are asked for.",
        ),
    ),
    shapes=(
        Misconception(
            "last window missed",
            lambda x, w: (len(w), _windows(x, w) - 1),
            "The last window is missing. Count: in a text of two words, how many windows of two "
            "words are there?",
        ),
        Misconception(
            "two windows missed",
            lambda x, w: (len(w), max(_windows(x, w) - 2, 0)),
            "Two windows are missing. The last one ends with the last word.",
        ),
        Misconception(
            "windows side by side",
            lambda x, w: (len(w), x.shape[1] // w.shape[2]),
            "The windows are side by side. Each begins one word after the one before.",
        ),
        Misconception(
            "over both ends",
            lambda x, w: (len(w), x.shape[1] + w.shape[2] - 1),
            "The windows hang over both ends of the text. Without padding a window must lie inside.",
        ),
        Misconception(
            "one window too many",
            lambda x, w: (len(w), _windows(x, w) + 1),
            "There is one window too many: the last one would hang over the end of the text.",
        ),
        Misconception(
            "as long as the text",
            lambda x, w: (len(w), x.shape[1]),
            "There is an answer for each word. Without padding a window must end inside the text, "
            "so there are fewer.",
        ),
        Misconception(
            "along the embedding",
            lambda x, w: (len(w), max(x.shape[0] - w.shape[2] + 1, 0)),
            "The windows slide along the numbers of the embedding. They slide along the words, "
            "axis 1 of x.",
        ),
        Misconception(
            "numbers not added up",
            lambda x, w: (*w.shape[:2], _windows(x, w)),
            "Each number of the embedding has an answer of its own. A filter adds up over all of "
            "them.",
        ),
        Misconception(
            "words not added up",
            lambda x, w: (len(w), _windows(x, w), w.shape[2]),
            "The words of a window are not added up. A window gives one answer.",
        ),
        Misconception(
            "axes exchanged",
            lambda x, w: (_windows(x, w), len(w)),
            "The axes are exchanged: a row for each filter, a column for each window.",
        ),
        Misconception(
            "one answer for each filter",
            lambda x, w: (len(w),),
            "There is one answer for each filter. The maximum over time comes later: keep the "
            "answers of all windows.",
        ),
        Misconception(
            "one filter",
            lambda x, w: (_windows(x, w),),
            "One row comes out. Each filter has a row of its own: is return inside a loop?",
        ),
        Misconception(
            "first filter alone",
            lambda x, w: (1, _windows(x, w)),
            "One row comes out. Each filter has a row of its own.",
        ),
    ),
)
