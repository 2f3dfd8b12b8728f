"""Squeeze and excite: two dense layers on the means of the maps, which scale the maps."""

from collections.abc import Callable

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.changes import Change
from cnnlab.check.exercises.common.draws import normal
from cnnlab.scratch.functional.checks import Array


def squeeze_excite(x: Array, w1: Array, w2: Array) -> Array:
    """Scale each map by what the means of all maps say, (N, C, H, W), (S, C), (C, S) -> (N, C, H, W).

    Two dense layers without biases, ReLU after the first, a sigmoid after the second.

    Source: J. Hu, L. Shen and G. Sun, *Squeeze-and-Excitation Networks*, 2018.

    Examples
    --------
    >>> squeeze_excite(np.ones((1, 1, 1, 2)), np.array([[-1.0]]), np.array([[7.0]]))
    array([[[[0.5, 0.5]]]])
    """
    return x * _scales(x, w1, w2)


def _relu(z: Array) -> Array:
    return np.maximum(z, 0)


def _sigmoid(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


def _means(x: Array) -> Array:
    return np.asarray(x.mean(axis=(2, 3)))


def _softmax(z: Array) -> Array:
    power = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(power / power.sum(axis=1, keepdims=True))


def _scales(
    x: Array,
    w1: Array,
    w2: Array,
    squeeze: Change = _means,
    first: Change = _relu,
    second: Change = _sigmoid,
) -> Array:
    """A number for each map, (N, C, 1, 1)."""
    hidden = first(squeeze(x) @ w1.T)  # (N, S)
    return second(hidden @ w2.T)[:, :, None, None]


def _with(**parts: Change) -> Callable[..., Array]:
    """The same with another part."""
    return lambda x, w1, w2: x * _scales(x, w1, w2, **parts)


def _pixel_by_pixel(x: Array, w1: Array, w2: Array) -> Array:
    hidden = _relu(np.einsum("nchw,sc->nshw", x, w1))
    return np.asarray(x * _sigmoid(np.einsum("nshw,cs->nchw", hidden, w2)))


def _means_of_the_batch(x: Array) -> Array:
    return np.broadcast_to(_means(x).mean(axis=0), x.shape[:2])


def _case(words: str, image: tuple[int, ...], squeezed: int) -> Case:
    channels = image[1]
    weights = {"w1": normal(squeezed, channels), "w2": normal(channels, squeezed)}
    return Case(words, {"x": normal(*image), **weights})


EXERCISE = Exercise(
    squeeze_excite,
    (
        _case("with one image", (1, 4, 3, 3), 2),
        _case("with several images", (3, 6, 3, 4), 2),
        _case("with a single number between the layers", (4, 5, 2, 3), 1),
        _case("with as many numbers between the layers as maps", (4, 4, 3, 2), 4),
        _case("with as many images, maps, rows and columns", (4, 4, 4, 4), 3),
    ),
    axes="(N, C, H, W)",
    values=(
        Misconception(
            "no ReLU",
            _with(first=lambda z: z),
            "There is no ReLU between the two layers.",
        ),
        Misconception(
            "no sigmoid",
            _with(second=lambda z: z),
            "There is no sigmoid after the second layer, so that a map can be scaled by any number.",
        ),
        Misconception(
            "neither ReLU nor sigmoid",
            _with(first=lambda z: z, second=lambda z: z),
            "Both activations are missing, the ReLU and the sigmoid.",
        ),
        Misconception(
            "ReLU last",
            _with(second=_relu),
            "After the second layer comes a ReLU; a sigmoid belongs there.",
        ),
        Misconception(
            "sigmoid twice",
            _with(first=_sigmoid),
            "After the first layer comes a sigmoid; a ReLU belongs there.",
        ),
        Misconception(
            "activations exchanged",
            _with(first=_sigmoid, second=_relu),
            "ReLU and sigmoid are exchanged: first the ReLU, then the sigmoid.",
        ),
        Misconception(
            "sigmoid, then nothing",
            _with(first=_sigmoid, second=lambda z: z),
            "After the first layer comes a sigmoid, and after the second nothing. A ReLU belongs "
            "after the first and a sigmoid after the second.",
        ),
        Misconception(
            "sigmoid turned",
            _with(second=lambda z: _sigmoid(-z)),
            "Your sigmoid falls where it should rise: mind the sign in its exponent.",
        ),
        Misconception(
            "tanh",
            _with(second=lambda z: np.asarray(np.tanh(z))),
            "After the second layer comes a tanh; a sigmoid belongs there.",
        ),
        Misconception(
            "softmax",
            _with(second=_softmax),
            "The scales of an image add up to 1: this is a softmax. With sigmoids, each map "
            "gets its own number, whatever the others get.",
        ),
        Misconception(
            "sums",
            _with(squeeze=lambda x: np.asarray(x.sum(axis=(2, 3)))),
            "The maps are summed up. Take their means.",
        ),
        Misconception(
            "largest",
            _with(squeeze=lambda x: np.asarray(x.max(axis=(2, 3)))),
            "You take the largest value of each map. Take the mean.",
        ),
        Misconception(
            "one mean for all maps",
            _with(squeeze=lambda x: np.broadcast_to(_means(x).mean(1, keepdims=True), x.shape[:2])),
            "The means run over the maps too. Each map has a mean of its own.",
        ),
        Misconception(
            "means of the batch",
            _with(squeeze=_means_of_the_batch),
            "The means run over the batch too. Each image has means of its own.",
        ),
        Misconception(
            "pixel by pixel",
            _pixel_by_pixel,
            "Each pixel is scaled by what it says itself: the means over height and width are "
            "missing.",
        ),
        Misconception(
            "scales added",
            lambda x, w1, w2: x + _scales(x, w1, w2),
            "The scales are added to the maps. Multiply.",
        ),
        Misconception(
            "scaled maps added",
            lambda x, w1, w2: x + x * _scales(x, w1, w2),
            "The scaled maps are added to the maps that came in. Here they take their place.",
        ),
        Misconception(
            "scales alone",
            lambda x, w1, w2: np.broadcast_to(_scales(x, w1, w2), x.shape),
            "These are the scales alone. Multiply the maps by them.",
        ),
        Misconception(
            "means scaled",
            lambda x, w1, w2: np.broadcast_to(
                _means(x)[:, :, None, None] * _scales(x, w1, w2), x.shape
            ),
            "The means are scaled, and the pixels are lost. Multiply the maps by the scales.",
        ),
    ),
    shapes=(
        Misconception(
            "a number for each map",
            lambda x, w1, w2: x.shape[:2],
            "This is one number for each map. Multiply the maps by such numbers.",
        ),
        Misconception(
            "a number for each map, on four axes",
            lambda x, w1, w2: (*x.shape[:2], 1, 1),
            "This is one number for each map. Multiply the maps by such numbers.",
        ),
        Misconception(
            "squeezed",
            lambda x, w1, w2: (len(x), len(w1)),
            "This is what the first layer makes. The second one follows, and then the maps are "
            "scaled.",
        ),
    ),
)
