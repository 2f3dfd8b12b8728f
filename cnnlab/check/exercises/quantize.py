"""Weights as whole numbers of a few bits: a scale, a zero point, and rounding."""

from collections.abc import Callable

import numpy as np

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.exercises.common.base import Case, Draw, Exercise
from cnnlab.scratch.functional.checks import Array


def quantize(weights: Array, bits: int) -> Array:
    """Whole numbers from 0 to 2**bits - 1 that stand for weights, some below and some above 0.

    Source: B. Jacob et al., *Quantization and Training of Neural Networks for Efficient
    Integer-Arithmetic-Only Inference*, 2018.

    Examples
    --------
    >>> quantize(np.array([-0.5, 0.0, 0.31, 1.0]), 4)
    array([ 0,  5,  8, 15])
    """
    return _rounded(weights, _step(weights, bits))


def _step(weights: Array, bits: int) -> float:
    return float(np.ptp(weights) / (2**bits - 1))


def _rounded(weights: Array, step: float, half: Callable[[Array], Array] = np.round) -> Array:
    zero = np.round(-weights.min() / step)
    return np.asarray(half(weights / step) + zero).astype(int)


def _cut(steps: Array) -> Array:
    return np.trunc(np.round(steps, 9)).astype(int)  # 154.999… is 155, by hand


def _from_the_smallest(weights: Array, bits: int) -> Array:
    return np.asarray(np.round((weights - weights.min()) / _step(weights, bits)), int)


def _symmetric(weights: Array, bits: int) -> Array:
    most = 2 ** (bits - 1) - 1
    return np.asarray(np.round(weights / np.abs(weights).max() * most), int)


def _restored(weights: Array, bits: int) -> Array:
    step = _step(weights, bits)
    return np.asarray((quantize(weights, bits) - np.round(-weights.min() / step)) * step)


def _signed(*shape: int, low: float = -1.0, high: float = 1.0) -> Draw:
    """Numbers of a range, some of them below 0 and some above."""

    def draw(rng: np.random.Generator) -> Array:
        numbers = rng.uniform(low, high, shape)
        numbers.flat[:2] = low * rng.uniform(0.9, 1), high * rng.uniform(0.9, 1)
        return rng.permutation(numbers.ravel()).reshape(shape)

    return draw


def _case(words: str, weights: Draw, bits: int) -> Case:
    return Case(words, {"weights": weights, "bits": bits})


_CUT = (
    "What comes after the point is cut off, as `int` and `astype` do. Round to the nearest whole "
    "number, and the error is at most half a step."
)

EXERCISE = Exercise(
    quantize,
    (
        _case("with a few weights", _signed(6), 8),
        _case("with a matrix", _signed(4, 5, low=-0.3, high=0.8), 8),
        _case("with the filters of a convolution", _signed(4, 3, 3, 2, low=-0.7, high=0.4), 8),
        _case("with 4 bits", _signed(5, 6, low=-1.1, high=0.6), 4),
        _case("with 3 bits", _signed(7, 5, low=-0.5, high=1.3), 3),
        _case("with weights nearly all above 0", _signed(30, low=-0.1, high=2.0), 8),
    ),
    axes="of the weights",
    values=(
        Misconception(
            "zero point left out",
            lambda w, bits: np.round(w / _step(w, bits)).astype(int),
            "The zero point is missing: weights below 0 become numbers below 0.",
        ),
        Misconception(
            "zero point subtracted",
            lambda w, bits: 2 * np.round(w / _step(w, bits)).astype(int) - quantize(w, bits),
            "The zero point is subtracted. Add it, so that the smallest weight becomes 0.",
        ),
        Misconception(
            "cut off",
            lambda w, bits: _rounded(w, _step(w, bits), _cut),
            _CUT,
        ),
        Misconception(
            "cut off, and the zero point",
            lambda w, bits: _cut(w / _step(w, bits)) + _cut(-w.min() / _step(w, bits)),
            _CUT,
        ),
        Misconception(
            "cut off in the end",
            lambda w, bits: _cut((w - w.min()) / _step(w, bits)),
            _CUT,
        ),
        Misconception(
            "rounded down",
            lambda w, bits: _rounded(w, _step(w, bits), lambda steps: np.floor(steps.round(9))),
            "You rounded down. Round to the nearest whole number, and the error is at most half a "
            "step.",
        ),
        Misconception(
            "rounded up",
            lambda w, bits: _rounded(w, _step(w, bits), lambda steps: np.ceil(steps.round(9))),
            "You rounded up. Round to the nearest whole number, and the error is at most half a "
            "step.",
        ),
        Misconception(
            "as many steps as numbers",
            lambda w, bits: _rounded(w, float(np.ptp(w)) / 2**bits),
            "The range is divided by how many whole numbers there are. Between them there is one "
            "step less: from 0 to 255 it is 255 steps.",
        ),
        Misconception(
            "from the smallest weight",
            _from_the_smallest,
            "You count the steps from the smallest weight, so that 0 falls between two whole "
            "numbers. Round the steps from 0, and add the zero point, which is rounded for itself.",
        ),
        Misconception(
            "symmetric",
            _symmetric,
            "The scale is taken from the largest size of a weight, with 0 in the middle. Here it "
            "is taken from the smallest and the largest weight, and a zero point says where 0 is.",
        ),
        Misconception(
            "scale from the largest weight",
            lambda w, bits: _rounded(w, float(w.max()) / (2**bits - 1)),
            "The range reaches from the smallest weight to the largest one, not from 0.",
        ),
        Misconception(
            "share of the largest weight",
            lambda w, bits: np.round(w / w.max() * (2**bits - 1)).astype(int),
            "The range reaches from the smallest weight to the largest one, not from 0. And the "
            "zero point is missing.",
        ),
        Misconception(
            "signs lost",
            lambda w, bits: np.round(np.abs(w) / _step(w, bits)).astype(int),
            "The signs are lost, so that a weight and its opposite become the same number.",
        ),
        Misconception(
            "zero point not rounded",
            lambda w, bits: np.round(w / _step(w, bits)) - w.min() / _step(w, bits),
            "The zero point is not rounded. It stands for 0 itself, so it is a whole number.",
        ),
        Misconception(
            "row by row",
            lambda w, bits: np.stack([quantize(row, bits) for row in w]) if w.ndim > 1 else None,
            "Each row has a step and a zero point of its own. Here all weights share one of each.",
        ),
        Misconception(
            "as int8",
            lambda w, bits: quantize(w, bits).astype(np.int8),
            "Numbers above 127 have become negative: an int8 cannot hold them. A plain int can.",
        ),
        Misconception(
            "signed",
            lambda w, bits: quantize(w, bits) - 2 ** (bits - 1),
            "These begin below 0, as an int8 does. They should begin with 0.",
        ),
        Misconception(
            "always 8 bits",
            lambda w, bits: quantize(w, 8),
            "It takes 8 bits whatever `bits` says.",
        ),
        Misconception(
            "put back",
            _restored,
            "These are the weights put back: whole numbers were asked for.",
        ),
        Misconception(
            "not rounded",
            lambda w, bits: w / _step(w, bits) + np.round(-w.min() / _step(w, bits)),
            "These are not whole numbers. Round.",
        ),
        Misconception(
            "the other way round",
            lambda w, bits: 2**bits - 1 - quantize(w, bits),
            "The largest weight becomes 0 and the smallest the largest number: the sign is wrong.",
        ),
        Misconception(
            "multiplied",
            lambda w, bits: _rounded(w * _step(w, bits), 1.0),
            "The weights are multiplied by the step. Divide by it: how many steps is a weight from "
            "0?",
        ),
    ),
)
