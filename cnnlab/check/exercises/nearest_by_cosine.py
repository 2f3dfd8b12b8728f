"""The most similar rows of a table, by the cosine of the angle between them."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw, Exercise
from cnnlab.scratch.functional.checks import Array


def nearest_by_cosine(asked: Array, among: Array, count: int) -> Array:
    """Places of the most similar rows, the best first: (M, F), (N, F) -> (M, count).

    Examples
    --------
    >>> among = np.array([[0.0, 9], [2, 2], [1, 0]])
    >>> nearest_by_cosine(np.array([[3.0, 1]]), among, 2)
    array([[2, 1]])
    """
    return _best(_cosines(asked, among), count)


def _cosines(asked: Array, among: Array) -> Array:
    return np.asarray((asked / _lengths(asked)) @ (among / _lengths(among)).T)


def _best(similar: Array, count: int) -> Array:
    return np.argsort(-similar, axis=1, kind="stable")[:, :count]


def _parted(last: int) -> Callable[..., Array]:
    """The right rows as NumPy's partition leaves them: in no order that it promises."""

    def model(asked: Array, among: Array, count: int) -> Array:
        found = np.argpartition(-_cosines(asked, among), count - last, axis=1)
        return np.asarray(found[:, :count])

    return model


def _by(asked_length: Callable[..., Any], among_length: Callable[..., Any]) -> Callable[..., Array]:
    """Products divided by something else than the lengths of the rows."""
    return lambda asked, among, count: _best(
        (asked / asked_length(asked)) @ (among / among_length(among)).T, count
    )


def _lengths(x: Array) -> Array:
    return np.asarray(np.linalg.norm(x, axis=1, keepdims=True))


def _columns(x: Array) -> Array:
    return np.asarray(np.linalg.norm(x, axis=0))


def _sizes(x: Array) -> Array:
    return np.asarray(np.abs(x).sum(axis=1, keepdims=True))


def _largest(x: Array) -> Array:
    return np.asarray(np.abs(x).max(axis=1, keepdims=True))


def _by_correlation(asked: Array, among: Array, count: int) -> Array:
    asked, among = (x - x.mean(axis=1, keepdims=True) for x in (asked, among))
    with np.errstate(invalid="ignore"):  # a row of equal numbers has none
        return _best(_cosines(asked, among), count)


def _rows(count: int, features: int) -> Draw:
    """Rows of very different lengths, in all directions."""
    return lambda rng: rng.standard_normal((count, features)) * np.exp(rng.normal(0, 1, (count, 1)))


def _case(words: str, asked: int, among: int, features: int, count: int) -> Case:
    inputs = {"asked": _rows(asked, features), "among": _rows(among, features)}
    return Case(words, inputs | {"count": count})


_UNSORTED = (
    "The right rows, but not in order: a partition only puts the best ones in front. Sort them too."
)

EXERCISE = Exercise(
    nearest_by_cosine,
    (
        Case(
            "with three rows",
            {
                "asked": np.array([[3.0, 1], [-1, 2]]),
                "among": np.array([[0.0, 9], [2, 2], [1, 0]]),
                "count": 2,
            },
        ),
        _case("with many rows", 10, 300, 3, 20),
        _case("with as many questions as rows", 12, 12, 4, 3),
        _case("with a single question", 1, 30, 5, 4),
        _case("where one is enough", 9, 25, 4, 1),
        _case("where many are wanted", 2, 1000, 3, 600),
    ),
    axes="(M, count)",
    values=(
        Misconception(
            "product",
            lambda asked, among, count: _best(asked @ among.T, count),
            "These are the largest products, and a long row has large products with many. Divide "
            "by the lengths.",
        ),
        Misconception(
            "divided by the square",
            lambda asked, among, count: _best(asked @ among.T / (among**2).sum(axis=1), count),
            "You divided by the squares of the lengths. Divide by the lengths, the roots of these.",
        ),
        Misconception(
            "distance",
            lambda asked, among, count: _best(-((asked[:, None] - among) ** 2).sum(axis=2), count),
            "These are the rows at the smallest distance. The cosine compares directions, "
            "whatever the lengths.",
        ),
        Misconception(
            "least similar",
            lambda asked, among, count: _best(-_cosines(asked, among), count),
            "These are the least similar rows: a large cosine means similar, and sorting puts the "
            "smallest first.",
        ),
        Misconception(
            "best last",
            lambda asked, among, count: _best(_cosines(asked, among), count)[:, ::-1],
            "The right rows, but the best one comes last. Put it first.",
        ),
        Misconception(
            "in the order of the table",
            lambda asked, among, count: np.sort(_best(_cosines(asked, among), count), axis=1),
            "The right rows, in the order of the table. Put the most similar one first.",
        ),
        Misconception(
            "parted",
            _parted(1),
            _UNSORTED,
        ),
        Misconception(
            "parted at the next",
            _parted(0),
            _UNSORTED,
        ),
        Misconception(
            "ranks",
            lambda asked, among, count: np.argsort(
                np.argsort(-_cosines(asked, among), axis=1), axis=1
            )[:, :count],
            "This says which rank each row has. The rows in the order of their rank are asked for: sort once.",
        ),
        Misconception(
            "sign ignored",
            lambda asked, among, count: _best(np.abs(_cosines(asked, among)), count),
            "A row in the opposite direction counts as similar here. A cosine of −1 is the least "
            "similar.",
        ),
        Misconception(
            "first left out",
            lambda asked, among, count: _best(_cosines(asked, among), count + 1)[:, 1:],
            "The most similar row is left out. That helps where a row would find itself, but here "
            "the questions are not in the table.",
        ),
        Misconception(
            "counted from 1",
            lambda asked, among, count: _best(_cosines(asked, among), count) + 1,
            "These places count from 1. In Python the first place is 0.",
        ),
        Misconception(
            "cosines",
            lambda asked, among, count: np.sort(_cosines(asked, among), axis=1)[:, ::-1][:, :count],
            "These are the cosines. The places of the rows are asked for.",
        ),
        Misconception(
            "negated cosines",
            lambda asked, among, count: np.sort(-_cosines(asked, among), axis=1)[:, :count],
            "These are negated cosines. The places of the rows are asked for: argsort.",
        ),
        Misconception(
            "sorted along the questions",
            lambda asked, among, count: (
                np.argsort(-_cosines(asked, among), axis=0, kind="stable")[:, :count]
                if len(asked) > 1
                else None
            ),
            "You sorted along the questions. Sort each question's cosines along the table.",
        ),
        Misconception(
            "one length for all",
            _by(_lengths, _columns),
            "You divided the columns by their lengths. A row is divided by its own.",
        ),
        Misconception(
            "lengths of the columns",
            _by(_columns, _columns),
            "You divided the columns by their lengths. A row is divided by its own.",
        ),
        Misconception(
            "sum of sizes",
            _by(_sizes, _sizes),
            "For the length you added the sizes of the numbers. It is the root of the sum of their squares.",
        ),
        Misconception(
            "largest number",
            _by(_largest, _largest),
            "For the length you took the largest number. It is the root of the sum of all squares.",
        ),
        Misconception(
            "correlation",
            _by_correlation,
            "The mean of each row is subtracted first: this is the correlation. The cosine takes the rows as they are.",
        ),
    ),
    shapes=(
        Misconception(
            "table and questions exchanged",
            lambda asked, among, count: (len(among), count),
            "There is a line for each row of the table. There must be one for each question.",
        ),
        Misconception(
            "all of them",
            lambda asked, among, count: (len(asked), len(among)),
            "All rows of the table are there. Keep the first of them, `count` in number.",
        ),
        Misconception(
            "questions cut",
            lambda asked, among, count: (min(count, len(asked)), len(among)),
            "The first questions are kept. Keep the first rows of each, `[:, :count]`.",
        ),
        Misconception(
            "best alone",
            lambda asked, among, count: (len(asked),),
            "There is one place for each question. `count` of them are asked for.",
        ),
        Misconception(
            "the rows themselves",
            lambda asked, among, count: (len(asked), count, among.shape[1]),
            "These are the rows. Their places in the table are asked for.",
        ),
        Misconception(
            "axes exchanged",
            lambda asked, among, count: (count, len(asked)),
            "The axes are exchanged: a line for each question, a column for each place.",
        ),
    ),
)
