"""The error signal of a residual block's input: it comes by two ways."""

from typing import Any

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Exercise
from cnnlab.check.exercises.common.draws import few, normal
from cnnlab.scratch.functional.checks import Array


def residual_gradient(dy: Array, z: Array, s: Array, w1: Array, w2: Array) -> Array:
    """Gradient of the input of ``residual_block``, (N, D).

    Parameters
    ----------
    dy : (N, D) array
        Gradient of the output.
    z : (N, H) array
        Sums of the hidden layer, before its ReLU.
    s : (N, D) array
        Input and change added, before the last ReLU.
    w1, w2 : (H, D) and (D, H) arrays

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> residual_gradient(one, one, one, 0.5 * one, 0.2 * one).item()
    1.1
    """
    return sum(_ways(dy, z, s, w1, w2), np.zeros_like(dy))


def _ways(dy: Array, z: Array, s: Array, w1: Array, w2: Array) -> tuple[Array, Array]:
    """What comes through the shortcut, and what comes through the two layers."""
    ds = dy * (s > 0)  # (N, D)
    dz = ds @ w2 * (z > 0)  # (N, H)
    return ds, dz @ w1


def _case(words: str, examples: int, features: int, hidden: int, sums: Any = normal) -> Case:
    arrays = {
        "dy": normal(examples, features),
        "z": sums(examples, hidden),
        "s": sums(examples, features),
        "w1": normal(hidden, features),
        "w2": normal(features, hidden),
    }
    return Case(words, arrays)


EXERCISE = Exercise(
    residual_gradient,
    (
        _case("with one example", 1, 6, 4),
        _case("with a batch", 7, 4, 6),
        _case("with square weights", 5, 4, 4),
        _case("with sums of exactly 0", 9, 4, 5, few),
    ),
    axes="(N, D)",
    values=(
        Misconception(
            "shortcut forgotten",
            lambda *a: _ways(*a)[1],
            "The signal comes through the two layers only. It comes through the shortcut, too.",
        ),
        Misconception(
            "shortcut alone",
            lambda *a: _ways(*a)[0],
            "The signal comes through the shortcut only. It comes through the two layers, too.",
        ),
        Misconception(
            "last ReLU passed over",
            lambda dy, z, s, w1, w2: residual_gradient(dy, z, np.ones_like(s), w1, w2),
            "The signal goes through the last ReLU unchanged. Where the sum is negative, it stops, "
            "on both paths.",
        ),
        Misconception(
            "last ReLU for the layers only",
            lambda dy, z, s, w1, w2: dy + _ways(dy, z, s, w1, w2)[1],
            "The shortcut's signal goes through the last ReLU unchanged. The ReLU comes after the "
            "sum, so it stops both.",
        ),
        Misconception(
            "last ReLU for the shortcut only",
            lambda dy, z, s, w1, w2: dy * (s > 0) + _ways(dy, z, np.ones_like(s), w1, w2)[1],
            "The signal of the two layers goes through the last ReLU unchanged. The ReLU comes "
            "after the sum, so it stops both.",
        ),
        Misconception(
            "inner ReLU passed over",
            lambda dy, z, s, w1, w2: residual_gradient(dy, np.ones_like(z), s, w1, w2),
            "The signal goes through the inner ReLU unchanged. Where the hidden sum is negative, it "
            "stops.",
        ),
        Misconception(
            "both ReLUs passed over",
            lambda dy, z, s, w1, w2: residual_gradient(
                dy, np.ones_like(z), np.ones_like(s), w1, w2
            ),
            "The signal goes through both ReLUs unchanged. Where a sum is negative, it stops.",
        ),
        Misconception(
            "passing at 0",
            lambda dy, z, s, w1, w2: residual_gradient(
                dy, np.where(z == 0, 1, z), np.where(s == 0, 1, s), w1, w2
            ),
            "The signal passes where a sum is exactly 0, and it must stop there.",
        ),
        Misconception(
            "inner ReLU passing at 0",
            lambda dy, z, s, w1, w2: residual_gradient(dy, np.where(z == 0, 1, z), s, w1, w2),
            "At the inner ReLU the signal passes where a sum is exactly 0, and it must stop there.",
        ),
        Misconception(
            "last ReLU passing at 0",
            lambda dy, z, s, w1, w2: residual_gradient(dy, z, np.where(s == 0, 1, s), w1, w2),
            "At the last ReLU the signal passes where a sum is exactly 0, and it must stop there.",
        ),
        Misconception(
            "inner ReLU turned round",
            lambda dy, z, s, w1, w2: residual_gradient(dy, -z, s, w1, w2),
            "At the inner ReLU the signal passes where the sum is negative. It should pass where it is positive.",
        ),
        Misconception(
            "last ReLU turned round",
            lambda dy, z, s, w1, w2: residual_gradient(dy, z, -s, w1, w2),
            "At the last ReLU the signal passes where the sum is negative. It should pass where it is positive.",
        ),
        Misconception(
            "1 through the shortcut",
            lambda *a: 1 + _ways(*a)[1],
            "The shortcut adds 1. Its slope is 1, so it hands the signal on as it is.",
        ),
        Misconception(
            "signal as it came",
            lambda dy, z, s, w1, w2: dy.copy(),
            "This is the signal that arrived. It has to go through the ReLU, and through the two layers.",
        ),
        Misconception(
            "shortcut twice",
            lambda *a: 2 * _ways(*a)[0] + _ways(*a)[1],
            "The signal of the shortcut is counted twice.",
        ),
        Misconception(
            "last ReLU twice",
            lambda dy, z, s, w1, w2: dy * (s > 0) + _ways(dy, z, s, w1, w2)[1] * (s > 0),
            "The signal of the two layers goes through the last ReLU twice. Once, before the layers, is enough.",
        ),
        Misconception(
            "signs for gates",
            lambda dy, z, s, w1, w2: dy * np.sign(s) + dy * np.sign(s) @ w2 * (z > 0) @ w1,
            "At the last ReLU the signal is multiplied by the sign of the sum. The slope of ReLU is 0 or 1.",
        ),
        Misconception(
            "sums for inner gates",
            lambda dy, z, s, w1, w2: dy * (s > 0) + dy * (s > 0) @ w2 * z @ w1,
            "At the inner ReLU the signal is multiplied by the hidden sum. The slope of ReLU is 0 or 1.",
        ),
        Misconception(
            "divided by the batch size",
            lambda dy, *a: residual_gradient(dy, *a) / len(dy),
            "The gradient is divided by the number of examples; the loss has done so already.",
        ),
        Misconception(
            "multiplied",
            lambda *a: _ways(*a)[0] * _ways(*a)[1],
            "The signals of the two paths are multiplied. They should be added.",
        ),
        Misconception(
            "averaged",
            lambda *a: residual_gradient(*a) / 2,
            "The signals of the two paths are averaged. They should be added.",
        ),
        Misconception(
            "subtracted",
            lambda *a: _ways(*a)[0] - _ways(*a)[1],
            "The signal of the two layers is subtracted. It should be added.",
        ),
        Misconception(
            "values for gates",
            lambda dy, z, s, w1, w2: dy * (s > 0) + dy * (s > 0) @ w2 * np.maximum(0, z) @ w1,
            "At the inner ReLU the signal is multiplied by the outputs of the hidden units. The slope "
            "of ReLU is 0 or 1.",
        ),
        Misconception(
            "sums for gates",
            lambda dy, z, s, w1, w2: dy * s + dy * s @ w2 * (z > 0) @ w1,
            "At the last ReLU the signal is multiplied by the sum. The slope of ReLU is 0 or 1.",
        ),
        Misconception(
            "last signs of the signal",
            lambda dy, z, s, w1, w2: residual_gradient(
                np.maximum(0, dy), z, np.ones_like(s), w1, w2
            ),
            "What decides at the last ReLU is the sign of the sum, not that of the signal.",
        ),
        Misconception(
            "inner signs of the signal",
            lambda dy, z, s, w1, w2: residual_gradient(dy, dy * (s > 0) @ w2, s, w1, w2),
            "What decides at the inner ReLU is the sign of the hidden sum, not that of the signal.",
        ),
    ),
    shapes=(
        Misconception(
            "hidden",
            lambda dy, z, s, w1, w2: z.shape,
            "This has as many numbers as the hidden layer. Go back through w1, too.",
        ),
    ),
)
