"""A deep stack of dense layers: one pass forward, one back, and what each layer makes of both."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cnnlab.explore.threads import one_thread
from cnnlab.scratch import functional as F
from cnnlab.scratch.init import draw

Array: TypeAlias = NDArray[Any]

EXAMPLES = 64  # in the batch
BINS, FAR = 25, 3.0  # of a histogram, from −FAR to FAR
SATURATED = 0.01  # slope, as a share of the greatest, below which a unit is nearly deaf


class Activation(NamedTuple):
    """A function and its derivative.

    Attributes
    ----------
    name : str
        In a lecture.
    row : str
        Its specification, as code.
    forward, backward
        From ``scratch.functional``; None for none.
    keeps : float or None
        Share of the mean square of a sum around 0 that passes it, where that is a plain number.
    steepest : float
        Its greatest slope.
    """

    name: str
    row: str
    forward: Callable[..., Any] | None
    backward: Callable[..., Any] | None
    keeps: float | None
    steepest: float


ACTIVATIONS = {
    "relu": Activation("ReLU", "spec.ReLU()", F.relu, F.relu_backward, 0.5, 1.0),
    "leaky_relu": Activation(
        "leaky ReLU", "spec.LeakyReLU()", F.leaky_relu, F.leaky_relu_backward, 0.50005, 1.0
    ),
    "tanh": Activation("tanh", "spec.Tanh()", F.tanh, F.tanh_backward, None, 1.0),
    "sigmoid": Activation("sigmoid", "spec.Sigmoid()", F.sigmoid, F.sigmoid_backward, None, 0.25),
    "none": Activation("no activation", "", None, None, 1.0, 1.0),
}

SCHEMES = {
    "he-normal": "He, 2/n",
    "glorot-normal": "Glorot, 2/(n + n′)",
    "lecun-normal": "LeCun, 1/n",
    "torch": "PyTorch's, 1/(3n)",
    "small": "σ = 0.01, whatever n is",
    "equal": "one number, 1/n",
    "zeros": "zeros",
}
"""How weights are drawn, with their variance; n is the number of inputs of a unit."""

_SIGMA = 0.01


@dataclass(frozen=True)
class Layer:
    """What there is after one layer; the layer of number 0 is the input.

    Attributes
    ----------
    signal, error : float
        Root mean square of the outputs, and of the loss's gradient by them.
    weight_gradient : float or None
        Root mean square of the gradient by its weights.
    forward, backward : (BINS,) array
        Histogram of both, as shares; what lies beyond ±FAR is counted at the ends.
    dead, saturated : int
        Units that are 0 for the whole batch, and those whose slope is next to nothing.
    different : int
        Units that differ from each other for some example.
    """

    signal: float
    error: float
    weight_gradient: float | None
    forward: Array
    backward: Array
    dead: int
    saturated: int
    different: int


@dataclass(frozen=True)
class Passes:
    """Outputs of every layer, and the gradients on the way back.

    Attributes
    ----------
    weights : list of (W, W) array
    outputs, errors : list of (EXAMPLES, W) array
        The input, then the output of each layer; and the gradient by each of them.
    gradients : list of (W, W) array
        By the weights.
    slopes : list of (EXAMPLES, W) array
        Of the activations.
    """

    weights: list[Array]
    outputs: list[Array]
    errors: list[Array]
    gradients: list[Array]
    slopes: list[Array]


def weights(depth: int, width: int, scheme: str, gain: float, seed: int) -> list[Array]:
    """Draw the weights of all layers as ``scratch.build`` does, times the gain.

    Examples
    --------
    >>> [w.shape for w in weights(2, 5, "he-normal", 1.0, 0)]
    [(5, 5), (5, 5)]
    """
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(depth):
        if scheme == "small":
            drawn: Array = rng.normal(0, _SIGMA, (width, width))
        elif scheme == "equal":
            drawn = np.full((width, width), 1 / width)
        else:
            drawn = draw((width, width), width, width, scheme, rng).astype(float)
        found.append(gain * drawn)
    return found


def factor(width: int, scheme: str, gain: float, activation: str) -> float | None:
    """What each layer is expected to multiply the mean square with; None where it depends.

    Examples
    --------
    >>> factor(100, "he-normal", 1.0, "relu"), factor(100, "he-normal", 1.0, "tanh")
    (1.0, None)
    """
    keeps = ACTIVATIONS[activation].keeps
    times_n = {
        "he-normal": 2.0,
        "glorot-normal": 1.0,
        "lecun-normal": 1.0,
        "torch": 1 / 3,
        "small": width * _SIGMA**2,
    }
    if keeps is None or scheme not in times_n:
        return None
    return times_n[scheme] * gain**2 * keeps


def passes(drawn: list[Array], activation: str, seed: int) -> Passes:
    """Send a batch forward, and a random error signal back.

    Examples
    --------
    >>> found = passes(weights(3, 10, "he-normal", 1.0, 0), "relu", 0)
    >>> len(found.outputs), found.errors[0].shape
    (4, (64, 10))
    """
    act = ACTIVATIONS[activation]
    rng = np.random.default_rng([seed, 1])
    x: Array = rng.normal(size=(EXAMPLES, len(drawn[0])))
    outputs, caches = [x], []
    slopes: list[Array] = []
    gradients: list[Array] = []
    with one_thread(), np.errstate(all="ignore"):
        for weight in drawn:
            x, linear = F.linear(x, weight)  # (N, W)
            cache = None
            if act.forward and act.backward:
                x, cache = act.forward(x)
                slopes.append(act.backward(np.ones_like(x), cache))
            else:
                slopes.append(np.ones_like(x))
            caches.append((linear, cache))
            outputs.append(x)
        error: Array = rng.normal(size=x.shape)
        errors = [error]
        for linear, cache in reversed(caches):
            if act.backward:
                error = act.backward(error, cache)
            error, gradient, _ = F.linear_backward(error, linear)
            errors.insert(0, error)
            gradients.insert(0, gradient)
    return Passes(drawn, outputs, errors, gradients, slopes)


def layers(found: Passes, activation: str) -> list[Layer]:
    """Say in numbers what each layer has made of both signals."""
    least = SATURATED * ACTIVATIONS[activation].steepest
    made = []
    for i, (signal, error) in enumerate(zip(found.outputs, found.errors, strict=True)):
        slopes = found.slopes[i - 1] if i else np.ones_like(signal)
        with np.errstate(all="ignore"):
            made.append(
                Layer(
                    signal=rms(signal),
                    error=rms(error),
                    weight_gradient=rms(found.gradients[i - 1]) if i else None,
                    forward=histogram(signal),
                    backward=histogram(error),
                    dead=int((signal == 0).all(axis=0).sum()),
                    saturated=int((np.abs(slopes) < least).all(axis=0).sum()),
                    different=_different(signal),
                )
            )
    return made


def rms(values: Array) -> float:
    """Root mean square, without overflow of the squares.

    Examples
    --------
    >>> float(rms(np.array([3e200, 4e200])).__format__(".3g"))
    3.54e+200
    """
    greatest = float(np.abs(values).max())
    if not 0 < greatest < np.inf:
        return greatest
    return greatest * float(np.sqrt(np.mean((values / greatest) ** 2)))


def histogram(values: Array) -> Array:
    """Shares of values in each bin; numbers that are not finite are left out.

    Examples
    --------
    >>> histogram(np.array([0.0, 0.0, 99.0, np.nan]))[[0, 12, 24]].round(2)
    array([0.  , 0.67, 0.33])
    """
    finite = np.clip(values[np.isfinite(values)], -FAR, FAR)
    places = np.minimum((finite + FAR) * (BINS / (2 * FAR)), BINS - 1).astype(int)
    return np.bincount(places, minlength=BINS) / max(finite.size, 1)


def _different(signal: Array) -> int:
    """Columns that differ by more than rounding."""
    scale = np.abs(signal).max() or 1.0
    if not np.isfinite(scale):
        return len(signal[0])
    rounded = np.round(signal.T / scale, 9) + 0.0  # −0 is 0
    return len({unit.tobytes() for unit in rounded})
