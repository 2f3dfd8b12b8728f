"""The simplest head: which class has the nearest mean of its examples."""

from collections.abc import Callable

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw, Exercise
from cnnlab.scratch.functional.checks import Array


def nearest_mean(x: Array, y: Array, new: Array) -> Array:
    """Class with the nearest mean: examples (N, F), classes (N,), new (M, F) -> (M,).

    Examples
    --------
    >>> x, y = np.array([[1.0, 3], [1, 1], [4, 1], [4, 3]]), np.array([2, 2, 7, 7])
    >>> nearest_mean(x, y, np.array([[2.0, 4], [5, 5]]))
    array([2, 7])
    """
    classes = np.unique(y)
    return np.asarray(classes[_squares(new, _means(x, y)).argmin(axis=1)])


def _each(of_class: Callable[[Array], Array], x: Array, y: Array) -> Array:
    """A row for each class, made of its examples."""
    return np.stack([of_class(x[y == one]) for one in np.unique(y)])


def _means(x: Array, y: Array) -> Array:
    return _each(lambda own: own.mean(axis=0), x, y)  # (K, F)


def _squares(new: Array, points: Array) -> Array:
    """Squared distances, (M, K)."""
    return np.asarray(((new[:, None] - points) ** 2).sum(axis=2))


def _products(new: Array, means: Array) -> Array:
    return np.asarray(new @ means.T)


def _from_0(x: Array, y: Array, new: Array) -> Array:
    """Means of all numbers up to the largest class; those of no class are NaN, and NaN wins."""
    absent = np.full(x.shape[1], np.nan)
    every = [x[y == one].mean(axis=0) if one in y else absent for one in range(y.max() + 1)]
    return np.asarray(_squares(new, np.stack(every)).argmin(axis=1))


def _lowest(numbers: Callable[[Array, Array, Array], Array]) -> Callable[..., Array]:
    """The class with the lowest of other numbers, (M, K), than the distances to the means."""
    return lambda x, y, new: np.unique(y)[numbers(x, y, new).argmin(axis=1)]


def _nearest(of_class: Callable[[Array], Array]) -> Callable[..., Array]:
    """The class with the nearest of other points than the means."""
    return _lowest(lambda x, y, new: _squares(new, _each(of_class, x, y)))


def _voted(classes: Array) -> Array:
    return np.array([np.bincount(row).argmax() for row in classes])


def _drawn(sizes: tuple[int, ...], features: int, new: int) -> dict[str, Draw]:
    """Overlapping clouds, some further away from 0 than others, in an order of no meaning."""
    labels = np.repeat([2, 5, 7][: len(sizes)], sizes)

    def order(rng: np.random.Generator) -> Array:
        return np.random.default_rng(len(labels)).permutation(labels)

    def cloud(rng: np.random.Generator) -> Array:
        away = np.linspace(1.0, 2.5, features) * (order(rng) - 1)[:, None] / 3
        return np.asarray(away + rng.gamma(1.0, 1.0, away.shape))

    def asked(rng: np.random.Generator) -> Array:
        return rng.uniform(-1, 8, (new, features))

    return {"x": cloud, "y": order, "new": asked}


EXERCISE = Exercise(
    nearest_mean,
    (
        Case(
            "with the example of the lecture",
            {
                "x": np.array([[1.0, 3], [1, 1], [4, 1], [4, 3]]),
                "y": np.array([0, 0, 1, 1]),
                "new": np.array(
                    [
                        [2.0, 4],
                        [5, 5],
                        [0, 0],
                        [4, 0],
                        [0, 6],
                        [2, 1],
                        [3, 5],
                        [2, 2],
                        [7, -2],
                        [2, 3],
                    ]
                ),
            },
        ),
        Case("with two classes of different sizes", _drawn((3, 9), 2, 60)),
        Case("with three classes", _drawn((5, 4, 9), 4, 90)),
        Case("with as many new ones as examples", _drawn((20, 10, 30), 3, 60)),
    ),
    axes="a class for each new one",
    values=(
        Misconception(
            "places for classes",
            lambda x, y, new: _squares(new, _means(x, y)).argmin(axis=1),
            "These are the places of the classes, counted from 0. Give the classes themselves, as "
            "they are in y.",
        ),
        Misconception(
            "place in y",
            lambda x, y, new: y[_squares(new, _means(x, y)).argmin(axis=1)],
            "The place counts in the list of classes, `np.unique(y)`, and not in y, which has an entry for each example.",
        ),
        Misconception(
            "classes from 0 on",
            _from_0,
            "You took the classes 0, 1, 2 … up to the largest. `np.unique(y)` gives those that occur.",
        ),
        Misconception(
            "nearest example",
            lambda x, y, new: y[_squares(new, x).argmin(axis=1)],
            "You took the class of the nearest example. Take the mean of each class first.",
        ),
        Misconception(
            "three nearest",
            lambda x, y, new: _voted(y[_squares(new, x).argsort(axis=1)[:, :3]]),
            "You let the three nearest examples vote. Take the mean of each class first.",
        ),
        Misconception(
            "mean of the squared distances",
            _lowest(lambda x, y, new: _each(lambda own: _squares(new, own).mean(axis=1), x, y).T),
            "You took the mean of the squared distances to the examples, so a class that is "
            "spread out loses. Take the distance to their mean.",
        ),
        Misconception(
            "sum of the squared distances",
            _lowest(lambda x, y, new: _each(lambda own: _squares(new, own).sum(axis=1), x, y).T),
            "You added up the squared distances to the examples, so a class with many of them "
            "loses. Take the distance to their mean.",
        ),
        Misconception(
            "furthest mean",
            _lowest(lambda x, y, new: -_squares(new, _means(x, y))),
            "This is the class whose mean is furthest away.",
        ),
        Misconception(
            "largest product",
            _lowest(lambda x, y, new: -_products(new, _means(x, y))),
            "You took the largest product with a mean, so a mean far from 0 always wins. The bias "
            "is missing: half of the mean's square must be subtracted.",
        ),
        Misconception(
            "bias not halved",
            _lowest(
                lambda x, y, new: (_means(x, y) ** 2).sum(axis=1) - _products(new, _means(x, y))
            ),
            "Product and bias do not fit: either the product is doubled, or the mean's square is "
            "halved.",
        ),
        Misconception(
            "cosine",
            _lowest(
                lambda x, y, new: (
                    -_products(new, _means(x, y)) / np.linalg.norm(_means(x, y), axis=1)
                )
            ),
            "You compared directions, not distances: a mean twice as far away in the same "
            "direction counts as equal.",
        ),
        Misconception(
            "sums of the classes",
            _nearest(lambda own: own.sum(axis=0)),
            "You added the examples of a class up. Divide by how many there are.",
        ),
        Misconception(
            "sums divided by all",
            _lowest(
                lambda x, y, new: _squares(new, _each(lambda own: own.sum(axis=0) / len(x), x, y))
            ),
            "You divided by the number of all examples. Divide by that of the class.",
        ),
        Misconception(
            "median",
            _nearest(lambda own: np.median(own, axis=0)),
            "You took the median of each class. Take the mean.",
        ),
        Misconception(
            "one mean for all",
            lambda x, y, new: np.full(len(new), y.min()),
            "The first class always wins. Has each class a mean of its own, that of its rows "
            "`x[y == one]`, and is it subtracted?",
        ),
        Misconception(
            "first example",
            _nearest(lambda own: own[0]),
            "Each class is its first example here. Take the mean of all of them.",
        ),
        Misconception(
            "class for a row",
            _lowest(lambda x, y, new: _squares(new, x[np.unique(y)])),
            "You took row number `one` of the examples. The rows of class `one` are `x[y == one]`.",
        ),
        Misconception(
            "differences not squared",
            _lowest(lambda x, y, new: (new[:, None] - _means(x, y)).sum(axis=2)),
            "You added up differences that can be negative, so they cancel out. Square them first.",
        ),
        Misconception(
            "absolute differences",
            _lowest(lambda x, y, new: np.abs(new[:, None] - _means(x, y)).sum(axis=2)),
            "You added up absolute differences. The distance is asked for: square them.",
        ),
        Misconception(
            "largest difference",
            _lowest(lambda x, y, new: np.abs(new[:, None] - _means(x, y)).max(axis=2)),
            "You compared the largest differences. Add up the squares of all.",
        ),
        Misconception(
            "sums of the features",
            _lowest(lambda x, y, new: (new[:, None] - _means(x, y)).sum(axis=2) ** 2),
            "The sums of the features alone decide here. Is a mean taken over the features too, or are "
            "differences added up before they are squared?",
        ),
        Misconception(
            "first feature",
            _lowest(lambda x, y, new: _squares(new[:, :1], _means(x, y)[:, :1])),
            "Only the first feature decides. Add up over all of them.",
        ),
        Misconception(
            "the distances",
            lambda x, y, new: _squares(new, _means(x, y)).min(axis=1),
            "These are the squared distances to the nearest mean. Which class is it the mean of?",
        ),
        Misconception(
            "a table of distances",
            lambda x, y, new: _squares(new, _means(x, y)),
            "These are the squared distances to every mean. Say for each new one which class is "
            "nearest.",
        ),
    ),
    shapes=(
        Misconception(
            "examples for new ones",
            lambda x, y, new: (len(x),),
            "There is an answer for each example. The new ones are asked for.",
        ),
        Misconception(
            "one answer",
            lambda x, y, new: (),
            "There is one answer for all. Take the smallest of each row, `axis=1`.",
        ),
    ),
)
