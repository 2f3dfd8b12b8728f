"""One network with a hidden layer, trained from many random starts at once."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from cnnlab.scratch import functional as F
from cnnlab.scratch.functional.checks import Array, check_axes, check_floats, check_shape

ACTIVATIONS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "relu": (F.relu, F.relu_backward),
    "sigmoid": (F.sigmoid, F.sigmoid_backward),
    "softplus": (F.softplus, F.softplus_backward),
    "tanh": (F.tanh, F.tanh_backward),
}


class Starts(NamedTuple):
    """What came of S networks with H hidden units, D inputs and one output.

    Attributes
    ----------
    losses : (S,) array
        Mean squared error of each.
    outputs : (S, N) array
        What each answers to each example.
    params : dict of str to array
        Parameters of all, the starts along the first axis: ``hidden.weight`` (S, H, D),
        ``hidden.bias`` (S, H), ``output.weight`` (S, 1, H), ``output.bias`` (S, 1).
    """

    losses: Array
    outputs: Array
    params: dict[str, Array]

    def state_dict(self, start: int) -> dict[str, Array]:
        """Parameters of one start, for a network with the layers ``hidden`` and ``output``."""
        return {name: values[start] for name, values in self.params.items()}


class _Weights(NamedTuple):
    # The starts stand last, because NumPy is quickest along a long last axis.
    w1: Array  # (D, H, S)
    b1: Array  # (H, S)
    w2: Array  # (H, S)
    b2: Array  # (S,)


def train_starts(
    x: Array,
    targets: Array,
    hidden: int,
    *,
    activation: str = "relu",
    starts: int = 500,
    steps: int = 4000,
    lr: float = 0.1,
    seed: int = 0,
) -> Starts:
    """Train a network with one hidden layer and a linear output, from many starts side by side.

    Every start takes plain gradient steps on the mean squared error of all examples. Weights
    start as standard normal numbers, biases at 0. With 0 steps the starts themselves come back.

    Parameters
    ----------
    x : (N, D) array
    targets : (N,) array
    hidden : int
        Number of hidden units.
    activation : str
        ``"relu"``, ``"sigmoid"``, ``"softplus"`` or ``"tanh"``, for the hidden units.
    starts : int
        Number of networks.
    steps : int
        Number of steps that each takes.
    lr : float
        Learning rate.
    seed : int
        Decides the starts; the first ones do not change with how many there are.

    Returns
    -------
    Starts

    Raises
    ------
    ValueError
        If shapes do not fit together, a number is too small or the activation is unknown.

    Examples
    --------
    >>> x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> found = train_starts(x, np.array([0.0, 1.0, 1.0, 0.0]), 8, starts=50, steps=1000)
    >>> found.outputs.shape, found.params["hidden.weight"].shape
    ((50, 4), (50, 8, 2))
    """
    _check(x, targets, activation, hidden=hidden, starts=starts, steps=steps)
    rng = np.random.default_rng(seed)
    drawn = rng.standard_normal((starts, hidden, x.shape[1] + 1)).T.astype(x.dtype).copy()
    weights = _Weights(drawn[:-1], np.zeros_like(drawn[0]), drawn[-1], np.zeros(starts, x.dtype))
    for _ in range(steps):
        for values, gradient in zip(
            weights, _gradients(weights, x, targets, activation), strict=True
        ):
            values -= lr * gradient
    outputs = _forward(weights, x, activation)[0]  # (N, S)
    return Starts(
        np.mean((outputs - targets[:, None]) ** 2, axis=0),
        outputs.T,
        {
            "hidden.weight": weights.w1.T,
            "hidden.bias": weights.b1.T,
            "output.weight": weights.w2.T[:, None],
            "output.bias": weights.b2[:, None],
        },
    )


def _forward(weights: _Weights, x: Array, activation: str) -> tuple[Array, Array, Any]:
    z = np.tensordot(x, weights.w1, 1) + weights.b1  # (N, H, S)
    h, cache = ACTIVATIONS[activation][0](z)
    return (h * weights.w2).sum(axis=1) + weights.b2, h, cache


def _gradients(weights: _Weights, x: Array, targets: Array, activation: str) -> _Weights:
    outputs, h, cache = _forward(weights, x, activation)
    dy = (outputs - targets[:, None]) * (2 / len(x))  # (N, S)
    dz = ACTIVATIONS[activation][1](dy[:, None] * weights.w2, cache)  # (N, H, S)
    return _Weights(
        np.tensordot(x.T, dz, 1), dz.sum(axis=0), (dy[:, None] * h).sum(axis=0), dy.sum(axis=0)
    )


def _check(x: Array, targets: Array, activation: str, **counts: int) -> None:
    check_floats("train_starts", x=x, targets=targets)
    check_axes("train_starts", "x", x, "(N, D)")
    check_shape("train_starts", "targets", targets, (len(x),))
    if activation not in ACTIVATIONS:
        raise ValueError(
            f"train_starts: activation must be one of {', '.join(ACTIVATIONS)}, "
            f"not {activation!r}. Steps and signs have no slope to learn by."
        )
    for name, count in counts.items():
        least = 0 if name == "steps" else 1
        if not isinstance(count, int) or count < least:
            raise ValueError(
                f"train_starts: {name} must be a whole number of at least {least}, not {count!r}."
            )
