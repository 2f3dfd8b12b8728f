"""Functions as students hand them in, right, wrong and odd, for every exercise that asks for one."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from cnnlab import check
from cnnlab.check import exercises
from tests import mutants

Answer = Callable[[], check.Result]


def answers(name: str) -> Iterator[tuple[str, Answer]]:
    """All ways in which this exercise is answered here, each with the check that judges it."""
    exercise = exercises.find(name)
    for label, function in [*_values(exercise), *odd(exercise.reference)]:
        yield label, lambda f=function: check.function(f, name)
    if not exercise.backward:
        return
    for mutant in mutants.of(name):
        yield (
            f"pair: {mutant.name}",
            lambda m=mutant: check.pair(m.forward, m.backward, name),
        )
    yield "pair", lambda: check.pair(exercise.reference, exercise.backward, name)
    for label, backward in odd_backward(exercise.backward):
        yield (
            f"pair: {label}",
            lambda b=backward: check.pair(exercise.reference, b, name),
        )


def _values(exercise: exercises.Exercise) -> Iterator[tuple[str, Any]]:
    yield "right", exercise.reference
    for row in (*exercise.values, *exercise.code_only):
        yield row.name, fitting(exercise.reference, row.model)


def fitting(right: Any, model: Any) -> Any:
    """A misconception as a whole function: right where it makes no difference."""

    def function(*args: Any, **settings: Any) -> Any:
        returned = model(*args, **settings)
        return right(*args, **settings) if returned is None else returned

    function.__wrapped__ = right  # type: ignore[attr-defined]  # its arguments are those of the right one
    return function


def odd(right: Any) -> Iterator[tuple[str, Any]]:
    """What is not about the numbers: promises broken, errors, results of other kinds."""

    def changed(make: Callable[..., Any]) -> Any:
        def function(*args: Any, **settings: Any) -> Any:
            return make(right, *args, **settings)

        function.__wrapped__ = right  # type: ignore[attr-defined]
        return function

    kept: list[Any] = []
    buffers: dict[Any, Any] = {}

    def y_of(r: Any, *a: Any, **s: Any) -> Any:
        returned = r(*a, **s)
        return returned[0] if isinstance(returned, tuple) else returned

    def grows(r: Any, *a: Any, **s: Any) -> Any:
        kept.append(1)
        return y_of(r, *a, **s) + len(kept)

    def same_array(r: Any, *a: Any, **s: Any) -> Any:
        y = np.asarray(y_of(r, *a, **s), float)
        buffer = buffers.setdefault(y.ndim, np.zeros(100_000))[: y.size].reshape(y.shape)
        buffer[...] = y
        return buffer

    def writes(r: Any, x: Any, *a: Any, **s: Any) -> Any:
        y = y_of(r, np.copy(x), *a, **s)
        x *= 0.5
        return y

    def raises(error: Exception) -> Any:
        def make(r: Any, *a: Any, **s: Any) -> Any:
            raise error

        return make

    makers: dict[str, Callable[..., Any]] = {
        "itself": lambda r, x, *a, **s: x,
        "a view": lambda r, x, *a, **s: x[...] if isinstance(x, np.ndarray) else x,
        "grows": grows,
        "the same array each time": same_array,
        "writes": writes,
        "nothing": lambda r, *a, **s: None,
        "dots": lambda r, *a, **s: ...,
        "a list": lambda r, *a, **s: np.asarray(y_of(r, *a, **s)).tolist(),
        "fractions": lambda r, *a, **s: [Fraction(1, 2)],
        "text": lambda r, *a, **s: "y",
        "a function": lambda r, *a, **s: lambda: 1,
        "a generator": lambda r, *a, **s: (n for n in range(3)),
        "a set": lambda r, *a, **s: {1, 2},
        "an object": lambda r, *a, **s: type("Answer", (), {"y": 1})(),
        "a dict": lambda r, *a, **s: {"y": 1},
        "ragged": lambda r, *a, **s: [[1, 2], [3]],
        "masked": lambda r, *a, **s: np.ma.masked_equal(np.arange(3), 1),
        "an empty tuple": lambda r, *a, **s: (),
        "a cache that is a function": lambda r, *a, **s: (y_of(r, *a, **s), lambda: 1),
        "float32": lambda r, *a, **s: np.asarray(y_of(r, *a, **s), np.float32),
        "an error": raises(
            ValueError("operands could not be broadcast together with shapes (2,) (3,) ")
        ),
        "an error in an axis": raises(
            IndexError("index 4 is out of bounds for axis 1 with size 4")
        ),
        "not written": raises(NotImplementedError()),
        "exit": raises(SystemExit()),  # type: ignore[arg-type]
        "asks": lambda r, *a, **s: input("How many? "),
    }
    yield from ((label, changed(make)) for label, make in makers.items())
    yield "no arguments", lambda: 0
    yield "other names", lambda *args: right(*args)
    yield "no function", 3


def odd_backward(right: Any) -> Iterator[tuple[str, Any]]:
    """Backward passes that break a promise, or return what is no gradient."""

    def into_cache(*args: Any) -> Any:
        result = right(*args)
        for part in args[-1] if isinstance(args[-1], tuple) else ():
            if isinstance(part, np.ndarray) and part.dtype.kind == "f":
                part *= 0.5
        return result

    def named(*args: Any) -> Any:
        result = right(*args)
        every = result if isinstance(result, tuple) else (result,)
        return dict(zip(("dx", "dweight", "dbias"), every, strict=False))

    yield "writes into the cache", into_cache
    yield "a dict of gradients", named
    yield "no gradients", lambda *args: None
    yield "a gradient that is a function", lambda *args: (lambda: 1,)
    yield "an error in backward", lambda *args: 1 / 0
