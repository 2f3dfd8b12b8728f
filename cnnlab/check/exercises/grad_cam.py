"""Grad-CAM: maps weighed by the mean of the score's gradient over each."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import few, normal, positive
from cnnlab.scratch.functional.checks import Array


def grad_cam(maps: Array, slopes: Array) -> Array:
    """Maps times the mean of their gradient, added up and rectified: (K, h, w) twice -> (h, w).

    Source: R. R. Selvaraju et al., *Grad-CAM: Visual Explanations from Deep Networks via
    Gradient-based Localization*, 2017.

    Examples
    --------
    >>> maps = np.array([[[4.0, 0.0]], [[2.0, 2.0]]])
    >>> grad_cam(maps, slopes=np.array([[[1.0, 1.0]], [[-1.0, 0.0]]]))
    array([[3., 0.]])
    """
    return np.maximum(_total(maps, slopes), 0)


def _weights(slopes: Array) -> Array:
    return np.asarray(slopes.mean(axis=(1, 2), keepdims=True))  # (K, 1, 1)


def _total(maps: Array, slopes: Array) -> Array:
    return np.asarray((_weights(slopes) * maps).sum(axis=0))  # (h, w)


def _weighed(weights: Callable[[Array], Any]) -> Callable[[Array, Array], Array]:
    """The method with other weights, made of the gradient."""
    return lambda maps, slopes: np.maximum((weights(slopes) * maps).sum(axis=0), 0)


def _along_columns(maps: Array, slopes: Array) -> Array:
    """The method with weights that have no axes of places, where NumPy takes them."""
    fits = maps.shape[2] == len(maps)
    return _weighed(lambda s: _weights(s).ravel() if fits else _weights(s))(maps, slopes)


def _softmax(weights: Array) -> Array:
    shares = np.exp(weights)
    return np.asarray(shares / shares.sum())


def _scaled(maps: Array, slopes: Array) -> Array:
    found = grad_cam(maps, slopes)
    with np.errstate(invalid="ignore"):
        return np.asarray(found / found.max())


def _case(words: str, *size: int) -> Case:
    return Case(words, {"maps": positive(*size), "slopes": normal(*size)})


EXERCISE = Exercise(
    grad_cam,
    (
        Case(
            "with two maps of 2×2",
            {
                "maps": np.array([[[4.0, 0], [1, 2]], [[2, 2], [2, 6]]]),
                "slopes": np.array([[[1.0, 3], [0, 0]], [[-2, 0], [0, 0]]]),
            },
        ),
        _case("with several maps", 5, 4, 4),
        _case("with maps that are not square", 6, 3, 5),
        Case("with a single map", {"maps": normal(1, 4, 3), "slopes": positive(1, 4, 3)}),
        Case("with maps of both signs", {"maps": few(7, 4, 5), "slopes": normal(7, 4, 5)}),
    ),
    axes="(h, w)",
    values=(
        Misconception(
            "not rectified",
            _total,
            "The sum is right, but what is negative stays. Only what speaks for the class is "
            "shown, so cut off below 0.",
        ),
        Misconception(
            "weights along the columns",
            _along_columns,
            "The weights of the maps have met the columns. Each belongs to a whole map: give the "
            "weights two more axes, [:, None, None].",
        ),
        Misconception(
            "place by place",
            _weighed(lambda slopes: slopes),
            "Each place is multiplied by its own gradient. A map has one weight: the mean of its "
            "gradient over all places.",
        ),
        Misconception(
            "place by place, not rectified",
            lambda maps, slopes: (slopes * maps).sum(axis=0),
            "Each place is multiplied by its own gradient, and what is negative stays. A map has "
            "one weight, the mean of its gradient.",
        ),
        Misconception(
            "place by place, each cut off",
            lambda maps, slopes: np.maximum(slopes * maps, 0).sum(axis=0),
            "Each place is multiplied by its own gradient, and cut off before the sum. A map has one "
            "weight, the mean of its gradient, and only the sum is cut off.",
        ),
        Misconception(
            "sum of the gradient",
            lambda maps, slopes: grad_cam(maps, slopes) * maps[0].size,
            "A map's weight is the *sum* of its gradient here. Take the mean.",
        ),
        Misconception(
            "rectified map by map",
            lambda maps, slopes: np.maximum(_weights(slopes) * maps, 0).sum(axis=0),
            "Each map is cut off before the sum, so that none can speak against another. Add up "
            "first.",
        ),
        Misconception(
            "negative weights cut off",
            _weighed(lambda slopes: np.maximum(_weights(slopes), 0)),
            "The weights are cut off below 0, so that no map can speak against the class. Cut off "
            "the sum.",
        ),
        Misconception(
            "negative gradients cut off",
            _weighed(lambda slopes: _weights(np.maximum(slopes, 0))),
            "The gradient is cut off before its mean is taken. Cut off the sum, in the end.",
        ),
        Misconception(
            "size in place of rectified",
            lambda maps, slopes: np.abs(_total(maps, slopes)),
            "What is negative was made positive. It speaks against the class, so it becomes 0.",
        ),
        Misconception(
            "sizes of the weights",
            _weighed(lambda slopes: np.abs(_weights(slopes))),
            "The weights have lost their signs. A map that speaks against the class is taken away.",
        ),
        Misconception(
            "softmax of the weights",
            _weighed(lambda slopes: _softmax(_weights(slopes))),
            "The weights went through a softmax, so that all are positive. Take them as they are.",
        ),
        Misconception(
            "strongest map alone",
            lambda maps, slopes: np.maximum(
                _weights(slopes).max() * maps[_weights(slopes).argmax()], 0
            ),
            "Only the map with the largest weight is shown. Add up all of them.",
        ),
        Misconception(
            "maps cut off",
            lambda maps, slopes: (_weights(slopes) * np.maximum(maps, 0)).sum(axis=0),
            "The maps are cut off, and not their sum. Add up first, then cut off.",
        ),
        Misconception(
            "positive cut off",
            lambda maps, slopes: np.minimum(_total(maps, slopes), 0),
            "What is positive is cut off. Keep it: it speaks for the class.",
        ),
        Misconception(
            "largest gradient",
            _weighed(lambda slopes: slopes.max(axis=(1, 2), keepdims=True)),
            "A map's weight is the largest of its gradient here. Take the mean.",
        ),
        Misconception(
            "median",
            _weighed(lambda slopes: np.median(slopes, axis=(1, 2), keepdims=True)),
            "A map's weight is the median of its gradient here. Take the mean.",
        ),
        Misconception(
            "first place's gradient",
            _weighed(lambda slopes: slopes[:, :1, :1]),
            "A map's weight is its gradient at the first place. Take the mean over all places.",
        ),
        Misconception(
            "roles exchanged",
            lambda maps, slopes: grad_cam(slopes, maps),
            "Maps and gradient have changed places: the mean is of the gradient, and the maps are "
            "weighed.",
        ),
        Misconception(
            "mean over the maps",
            lambda maps, slopes: grad_cam(maps, slopes) / len(maps),
            "The weighed maps are averaged. Add them up.",
        ),
        Misconception(
            "unweighted",
            _weighed(lambda slopes: 1),
            "The maps are added up without weights. How much does the score rise with each?",
        ),
        Misconception(
            "sizes of the gradient",
            _weighed(lambda slopes: _weights(np.abs(slopes))),
            "The gradient has lost its signs before its mean is taken. A map that speaks against "
            "the class is taken away.",
        ),
        Misconception(
            "one weight for all",
            _weighed(lambda slopes: slopes.mean()),
            "All maps have the same weight, the mean of the whole gradient. Each map has its own: "
            "take the mean over its places, axes 1 and 2.",
        ),
        Misconception(
            "mean over the wrong axis",
            _weighed(lambda slopes: slopes.mean(axis=0)),
            "The mean is taken over the maps, axis 0. Take it over the places, axes 1 and 2.",
        ),
        Misconception(
            "scaled, also where nothing is positive",
            _scaled,
            "The map is scaled to a largest value of 1. Scaling comes later, when it is drawn.",
        ),
        Misconception(
            "scaled",
            lambda maps, slopes: grad_cam(maps, slopes) / max(grad_cam(maps, slopes).max(), 1e-12),
            "The map is scaled to a largest value of 1. Scaling comes later, when it is drawn.",
        ),
    ),
    shapes=(
        Misconception(
            "not added up",
            lambda maps, slopes: maps.shape,
            "The maps are not added up: sum over axis 0.",
        ),
        Misconception(
            "weights",
            lambda maps, slopes: (len(maps),),
            "There is one number for each map, such as the weights. Use them to add up the maps.",
        ),
        Misconception(
            "one number",
            lambda maps, slopes: (),
            "This is a single number. Add up over the maps alone, axis 0, not over the places.",
        ),
        Misconception(
            "added up, axis kept",
            lambda maps, slopes: (1, *maps.shape[1:]),
            "The axis of the maps is still there, with a length of 1.",
        ),
    ),
)
