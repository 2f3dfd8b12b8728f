"""The simplest head: which class has the nearest mean of its examples."""

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


def _means(x: Array, y: Array) -> Array:
    return np.stack([x[y == one].mean(axis=0) for one in np.unique(y)])  # (K, F)


def _squares(new: Array, points: Array) -> Array:
    """Squared distances, (M, K)."""
    return np.asarray(((new[:, None] - points) ** 2).sum(axis=2))


def _products(new: Array, means: Array) -> Array:
    return np.asarray(new @ means.T)


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
            "they stand in y.",
        ),
        Misconception(
            "nearest example",
            lambda x, y, new: y[_squares(new, x).argmin(axis=1)],
            "You took the class of the nearest example. Take the mean of each class first.",
        ),
        Misconception(
            "mean of the squared distances",
            lambda x, y, new: np.unique(y)[
                np.stack(
                    [_squares(new, x[y == one]).mean(axis=1) for one in np.unique(y)], axis=1
                ).argmin(axis=1)
            ],
            "You took the mean of the squared distances to the examples, so a class that is "
            "spread out loses. Take the distance to their mean.",
        ),
        Misconception(
            "sum of the squared distances",
            lambda x, y, new: np.unique(y)[
                np.stack(
                    [_squares(new, x[y == one]).sum(axis=1) for one in np.unique(y)], axis=1
                ).argmin(axis=1)
            ],
            "You added up the squared distances to the examples, so a class with many of them "
            "loses. Take the distance to their mean.",
        ),
        Misconception(
            "furthest mean",
            lambda x, y, new: np.unique(y)[_squares(new, _means(x, y)).argmax(axis=1)],
            "This is the class whose mean is furthest away.",
        ),
        Misconception(
            "largest product",
            lambda x, y, new: np.unique(y)[_products(new, _means(x, y)).argmax(axis=1)],
            "You took the largest product with a mean, so a mean far from 0 always wins. The bias "
            "is missing: half of the mean's square is to be taken off.",
        ),
        Misconception(
            "bias not halved",
            lambda x, y, new: np.unique(y)[
                (_products(new, _means(x, y)) - (_means(x, y) ** 2).sum(axis=1)).argmax(axis=1)
            ],
            "Product and bias do not fit: either the product is doubled, or the mean's square is "
            "halved.",
        ),
        Misconception(
            "cosine",
            lambda x, y, new: np.unique(y)[
                (_products(new, _means(x, y)) / np.linalg.norm(_means(x, y), axis=1)).argmax(axis=1)
            ],
            "You compared directions, not distances: a mean twice as far away in the same "
            "direction counts as equal.",
        ),
        Misconception(
            "sums of the classes",
            lambda x, y, new: np.unique(y)[
                _squares(new, np.stack([x[y == one].sum(axis=0) for one in np.unique(y)])).argmin(
                    axis=1
                )
            ],
            "You added the examples of a class up. Divide by how many there are.",
        ),
        Misconception(
            "sums divided by all",
            lambda x, y, new: np.unique(y)[
                _squares(
                    new, np.stack([x[y == one].sum(axis=0) / len(x) for one in np.unique(y)])
                ).argmin(axis=1)
            ],
            "You divided by the number of all examples. Divide by that of the class.",
        ),
        Misconception(
            "median",
            lambda x, y, new: np.unique(y)[
                _squares(
                    new, np.stack([np.median(x[y == one], axis=0) for one in np.unique(y)])
                ).argmin(axis=1)
            ],
            "You took the median of each class. Take the mean.",
        ),
        Misconception(
            "differences not squared",
            lambda x, y, new: np.unique(y)[
                (new[:, None] - _means(x, y)).sum(axis=2).argmin(axis=1)
            ],
            "You added up differences that can be negative, so they cancel out. Square them first.",
        ),
        Misconception(
            "absolute differences",
            lambda x, y, new: np.unique(y)[
                np.abs(new[:, None] - _means(x, y)).sum(axis=2).argmin(axis=1)
            ],
            "You added up absolute differences. The distance is asked for: square them.",
        ),
        Misconception(
            "first feature",
            lambda x, y, new: np.unique(y)[
                _squares(new[:, :1], _means(x, y)[:, :1]).argmin(axis=1)
            ],
            "Only the first feature decides. Add up over all of them.",
        ),
        Misconception(
            "the distances",
            lambda x, y, new: _squares(new, _means(x, y)).min(axis=1),
            "These are the squared distances to the nearest mean. Whose mean is it?",
        ),
        Misconception(
            "a table of distances",
            lambda x, y, new: _squares(new, _means(x, y)),
            "These are the squared distances to every mean. Say for each new one which class is "
            "nearest.",
        ),
    ),
)
