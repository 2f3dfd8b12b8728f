"""A multilayer perceptron: a dense layer, a ReLU, a dense layer."""

from typing import Any, NamedTuple

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common import generic
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.changes import gradient, replaced
from cnnlab.check.exercises.common.draws import few, normal
from cnnlab.scratch.functional.checks import Array


class Cache(NamedTuple):
    """What the backward pass needs."""

    x: Array
    a: Array
    h: Array
    w1: Array
    w2: Array


def mlp(x: Array, w1: Array, b1: Array, w2: Array, b2: Array) -> tuple[Array, Cache]:
    """Outputs of a network with one hidden layer: (N, D) -> (N, K).

    Examples
    --------
    >>> y, cache = mlp(np.array([[1.0, 2.0]]), np.eye(2), np.zeros(2), np.ones((1, 2)), np.zeros(1))
    >>> y
    array([[3.]])
    """
    a = x @ w1.T + b1  # (N, H)
    h = np.maximum(0, a)
    return h @ w2.T + b2, Cache(x, a, h, w1, w2)


def mlp_backward(dy: Array, cache: Cache) -> tuple[Array, ...]:
    """Gradients of x, w1, b1, w2 and b2, from the gradient of the outputs.

    Examples
    --------
    >>> y, cache = mlp(np.array([[1.0, 2.0]]), np.eye(2), np.zeros(2), np.ones((1, 2)), np.zeros(1))
    >>> mlp_backward(np.array([[3.0]]), cache)[0]
    array([[3., 3.]])
    """
    da = (dy @ cache.w2) * (cache.a > 0)  # (N, H)
    return da @ cache.w1, da.T @ cache.x, da.sum(axis=0), dy.T @ cache.h, dy.sum(axis=0)


def _without_relu(dy: Array, cache: Cache) -> tuple[Array, ...]:
    return mlp_backward(dy, cache._replace(a=np.ones_like(cache.a)))


def _passing_at_0(dy: Array, cache: Cache) -> tuple[Array, ...]:
    return mlp_backward(dy, cache._replace(a=np.where(cache.a == 0, 1, cache.a)))


def _mask_of_the_signal(dy: Array, cache: Cache) -> tuple[Array, ...]:
    return mlp_backward(dy, cache._replace(a=dy @ cache.w2))


def _case(
    words: str, examples: int, features: int, hidden: int, outputs: int, draw: Any = normal
) -> Case:
    arrays: dict[str, Any] = {
        "x": draw(examples, features),
        "w1": draw(hidden, features),
        "b1": draw(hidden),
        "w2": normal(outputs, hidden),
        "b2": normal(outputs),
    }
    return Case(words, arrays)


EXERCISE = Exercise(
    mlp,
    (
        _case("with one example", 1, 3, 8, 2),
        _case("with a batch", 6, 3, 5, 2),
        _case("with square weights", 5, 3, 3, 3),
        _case("with hidden sums of exactly 0", 9, 3, 5, 2, few),
        _case("with arrays of float32", 6, 3, 5, 2)._replace(dtype=np.float32, needs="float32"),
    ),
    axes="(N, K)",
    backward=mlp_backward,
    values=generic.values(mlp),
    gradients=(
        *generic.gradients(mlp_backward),
        Misconception(
            "ReLU passed over",
            _without_relu,
            "The signal goes through the ReLU unchanged: where the hidden sum is negative, it "
            "stops.",
        ),
        Misconception(
            "slope 1 at 0",
            _passing_at_0,
            "The signal passes where the hidden sum is exactly 0, and it must stop there.",
        ),
        Misconception(
            "mask of the signal",
            _mask_of_the_signal,
            "What decides at the ReLU is the sign of the hidden sum, not that of the signal.",
        ),
        Misconception(
            "hidden sums for hidden values",
            replaced(mlp_backward, 3, lambda dy, c: dy.T @ c.a),
            "The gradient of w2 is computed with the sums before the ReLU; w2 is multiplied by "
            "what comes out of it.",
        ),
        Misconception(
            "dw1 transposed",
            gradient(mlp_backward, lambda g: np.ascontiguousarray(g.T).reshape(g.shape), which=1),
            "The two axes of the gradient of w1 are exchanged.",
        ),
        Misconception(
            "w2 turned",
            lambda dy, c: mlp_backward(
                dy, c._replace(w2=np.ascontiguousarray(c.w2.T).reshape(c.w2.shape))
            ),
            "In the backward pass to the hidden layer the signal meets the wrong weights: each hidden "
            "unit gets its own column of w2.",
        ),
        *generic.batches(mlp_backward),
    ),
)
