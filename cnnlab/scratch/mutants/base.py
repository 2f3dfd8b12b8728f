"""What a mutant is, and the slips that every layer can have."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.layers.base import Backward, Forward

Change: TypeAlias = Callable[[Array], Array]


class Mutant(NamedTuple):
    """A wrong version of a layer.

    Attributes
    ----------
    name : str
        Short, for lists of survivors.
    slip : str
        What is wrong, in words.
    forward, backward : functions
        With the arguments of the right ones.
    """

    name: str
    slip: str
    forward: Callable[..., Any]
    backward: Callable[..., Any]


def output(forward: Forward, change: Change) -> Forward:
    """The forward pass with its output changed."""

    def mutated(*args: Any, **settings: Any) -> tuple[Array, Any]:
        y, cache = forward(*args, **settings)
        return change(y), cache

    return mutated


def gradient(backward: Backward, change: Change, which: int | None = None) -> Backward:
    """The backward pass with one gradient changed, counted from that of x, or all of them."""

    def mutated(dy: Array, cache: Any) -> Any:
        result = backward(dy, cache)
        every = result if isinstance(result, tuple) else (result,)
        changed = tuple(
            g if g is None or which not in (None, i) else change(g) for i, g in enumerate(every)
        )
        return changed if isinstance(result, tuple) else changed[0]

    return mutated


def only_first(axis: int) -> Change:
    """Keep entry 0 of an axis, and set the others to 0."""

    def change(array: Array) -> Array:
        kept = np.zeros_like(array)
        index = (slice(None),) * axis + (slice(0, 1),)
        kept[index] = array[index]
        return kept

    return change


def _noise(array: Array) -> Array:
    noise = np.asarray(np.random.default_rng(0).standard_normal(array.shape))
    return noise.astype(array.dtype)


def _through_half_precision(array: Array) -> Array:
    narrow: Array = array.astype(np.float16)
    return narrow.astype(array.dtype)


def generic(f: Forward, b: Backward) -> list[Mutant]:
    """Slips that any layer can have, whatever it computes."""
    return [
        Mutant("zeros", "the output is all zeros", output(f, np.zeros_like), b),
        Mutant("wrong values", "the output has the right shape only", output(f, _noise), b),
        Mutant("example 0 only", "only example 0 is computed", output(f, only_first(0)), b),
        Mutant("channel 0 only", "only channel 0 is computed", output(f, only_first(1)), b),
        Mutant("batch reversed", "examples leave in reverse", output(f, lambda y: y[::-1]), b),
        Mutant(
            "half precision", "numbers pass through float16", output(f, _through_half_precision), b
        ),
        Mutant("always float64", "float32 is not kept", output(f, lambda y: y.astype(float)), b),
        Mutant("input changed", "forward writes into x", _writes_into_x(f), b),
        *_wrong_backwards(f, b),
    ]


def _wrong_backwards(f: Forward, b: Backward) -> list[Mutant]:
    return [
        Mutant("zero gradient", "backward returns zeros", f, gradient(b, np.zeros_like)),
        Mutant("turned sign", "gradients point uphill", f, gradient(b, np.negative)),
        Mutant("gradient twice", "gradients are twice as large", f, gradient(b, lambda g: 2 * g)),
        Mutant("gradient of ones", "dy is ignored", f, lambda dy, c: b(np.ones_like(dy), c)),
        Mutant(
            "gradient averaged",
            "gradients are divided by the batch size once more",
            f,
            lambda dy, c: b(dy / max(np.shape(dy)[:1] or (2,)), c),
        ),
        Mutant(
            "gradient of channel 0",
            "only channel 0 of x gets a gradient",
            f,
            gradient(b, only_first(1), which=0),
        ),
        Mutant("upstream changed", "backward writes into dy", f, _writes_into_dy(b)),
        Mutant("gradients added up", "gradients are added to the last ones", f, _adds_up(b)),
    ]


def _writes_into_x(forward: Forward) -> Forward:
    def mutated(x: Array, *args: Any, **settings: Any) -> tuple[Array, Any]:
        result = forward(x.copy(), *args, **settings)
        x *= 0.5
        return result

    return mutated


def _writes_into_dy(backward: Backward) -> Backward:
    def mutated(dy: Any, cache: Any) -> Any:
        result = backward(np.copy(dy), cache)
        dy *= 0.5
        return result

    return mutated


def _adds_up(backward: Backward) -> Backward:
    sums: dict[Any, Array] = {}

    def add(key: Any, g: Array) -> Array:
        sums[key] = sums.get(key, 0) + g
        return sums[key].copy()

    def mutated(dy: Array, cache: Any) -> Any:
        result = backward(dy, cache)
        if not isinstance(result, tuple):
            return add(result.shape, result)
        return tuple(None if g is None else add((i, g.shape), g) for i, g in enumerate(result))

    return mutated
