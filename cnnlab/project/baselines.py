"""What a network must beat: a guess, and two simple models that take a fraction of a second."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnlab.data import Dataset

Predict = Callable[[npt.NDArray[np.float32]], Any]
Make = Callable[[Dataset, Dataset, int], Predict]

_PENALTY = 1.0


def majority(train: Dataset, validation: Dataset, seed: int) -> Predict:
    """Always the class that training holds most often."""
    label = int(np.bincount(train.labels).argmax())
    return lambda images: np.full(len(images), label)


def linear(train: Dataset, validation: Dataset, seed: int) -> Predict:
    """Least squares with a small penalty, one number a class, from all pixels."""
    return _least_squares(train, lambda images: images.reshape(len(images), -1))


def mean_colour(train: Dataset, validation: Dataset, seed: int) -> Predict:
    """Least squares from the mean and the deviation of each channel: brightness and contrast."""
    return _least_squares(
        train, lambda images: np.hstack([images.mean(axis=(2, 3)), images.std(axis=(2, 3))])
    )


BASELINES: dict[str, Make] = {"majority": majority, "linear": linear, "mean colour": mean_colour}


def _least_squares(
    train: Dataset, features: Callable[[npt.NDArray[np.float32]], npt.NDArray[np.floating[Any]]]
) -> Predict:
    raw = features(train.images).astype(np.float64)  # (N, D)
    mean, scale = raw.mean(axis=0), raw.std(axis=0) + 1e-6

    def prepared(images: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        scaled = (features(images).astype(np.float64) - mean) / scale
        return np.hstack([scaled, np.ones((len(scaled), 1))])  # (N, D + 1)

    # Each class weighs the same, so that a rare one is not given up.
    weight = 1 / np.bincount(train.labels)[train.labels]  # (N,)
    weight *= len(weight) / weight.sum()
    targets = np.eye(train.num_classes)[train.labels]  # (N, K)
    weights = _ridge(prepared(train.images), targets, weight)  # (D + 1, K)
    return lambda images: np.argmax(prepared(images) @ weights, axis=1)


def _ridge(
    x: npt.NDArray[np.float64], targets: npt.NDArray[np.float64], weight: npt.NDArray[np.float64]
) -> npt.NDArray[np.floating[Any]]:
    """Least squares with a penalty: (N, D), (N, K), (N,) -> (D, K)."""
    root = np.sqrt(weight)[:, None]
    x, targets = root * x, root * targets
    examples, inputs = x.shape
    # Large pictures have far more pixels than there are examples, and the equation of the
    # examples has the same solution: (X'X + cI)^-1 X' = X' (XX' + cI)^-1.
    weights: npt.NDArray[np.floating[Any]]
    if examples < inputs:
        weights = x.T @ np.linalg.solve(x @ x.T + _PENALTY * np.eye(examples), targets)
    else:
        weights = np.linalg.solve(x.T @ x + _PENALTY * np.eye(inputs), x.T @ targets)
    return weights
