"""Wrong functions, to test tests with: a check is as good as the mutants that it catches.

They are the misconceptions of the exercises, each as a forward/backward pair that fits wherever
the right pair does, and pairs that compute what is right and break a promise.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from cnnlab.check import exercises

CHANGED = "changes {name}, which belongs to the caller."
ADDED_UP = "Called a second time, backward gives other gradients"


class Mutant(NamedTuple):
    """A wrong version of a function; ``sentence`` is what a check says of it."""

    name: str
    forward: Callable[..., Any]
    backward: Callable[..., Any]
    sentence: str = ""


NAMES = [name for name in exercises.names() if exercises.find(name).backward]


def of(name: str) -> list[Mutant]:
    """Mutants of a function, made anew, for some count their calls."""
    exercise = exercises.find(name, "all")
    f, b = exercise.reference, exercise.backward
    return [
        *(Mutant(m.name, exercise.paired(m.model), b, m.sentence) for m in exercise.values),
        *(Mutant(m.name, f, m.model, m.sentence) for m in exercise.gradients),
        *broken_promises(f, b, next(iter(exercise.cases[0].inputs)), bool(exercise.axes)),
    ]


def broken_promises(f: Any, b: Any, x: str, layer: bool) -> list[Mutant]:
    """Pairs whose numbers are right, and which write, remember or widen what they must not."""
    wide = Mutant("always float64", _wide(f), b, "for arrays of float32")
    if not layer:  # the value of a loss is a float, its gradient an array
        wide = Mutant("always float64", f, lambda c: b(c).astype(float), "for arrays of float32")
    writes = Mutant(f"{x} changed", _writes_into_x(f), b, CHANGED.format(name=x))
    if not layer:
        return [wide, writes]
    return [
        wide,
        writes,
        Mutant("upstream changed", f, _writes_into_dy(b), CHANGED.format(name="dy")),
        Mutant("gradients added up", f, _adds_up(b), ADDED_UP),
    ]


def _wide(f: Any) -> Any:
    def forward(*args: Any, **settings: Any) -> Any:
        y, cache = f(*args, **settings)
        return y.astype(float), cache

    return forward


def _writes_into_x(f: Any) -> Any:
    def forward(x: Any, *args: Any, **settings: Any) -> Any:
        result = f(x.copy(), *args, **settings)
        x *= 0.5
        return result

    return forward


def _writes_into_dy(b: Any) -> Any:
    def backward(dy: Any, cache: Any) -> Any:
        result = b(np.copy(dy), cache)
        dy *= 0.5
        return result

    return backward


def _adds_up(b: Any) -> Any:
    sums: dict[Any, Any] = {}

    def add(key: Any, g: Any) -> Any:
        sums[key] = sums.get(key, 0) + g
        return sums[key].copy()

    def backward(dy: Any, cache: Any) -> Any:
        result = b(dy, cache)
        if not isinstance(result, tuple):
            return add(result.shape, result)
        return tuple(None if g is None else add((i, g.shape), g) for i, g in enumerate(result))

    return backward
