"""What a lab asks for, as data: a function, and calls of it from easy to hard.

The cases of a subject say in words what is new in them, so that a check can name the first
that fails. Their arrays are hard to fool: several channels, images and kernels that are not
square, negative values, and ties where they matter.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from cnnlab.check.core.error_hints import STOPS, Stop

Draw: TypeAlias = Callable[[np.random.Generator], Any]


class Case(NamedTuple):
    """One call of a student's function.

    Attributes
    ----------
    words : str
        What is new in it, to follow a verb: "with stride 2".
    inputs : dict
        Arguments by position: numbers as they are, arrays as functions of a generator.
    settings : dict
        Arguments by name.
    needs : str
        An ability that must be asked for, besides the settings; empty for none.
    dtype : type
        Of the arrays of floats.
    """

    words: str
    inputs: dict[str, Any]
    settings: Mapping[str, Any] = MappingProxyType({})
    needs: str = ""
    dtype: type = np.float64


class Subject(NamedTuple):
    """A function that labs ask for.

    Attributes
    ----------
    forward : function
        The right one; returns y, or (y, cache) if there is a ``backward``.
    cases : tuple of Case
        From easy to hard.
    axes : str
        Axes of its output; empty for a number.
    asks : tuple of str
        Optional arguments and abilities that are asked for unless the question says otherwise.
    backward : function, optional
        Gradients of the arrays, from dy and the cache of ``forward``.
    memory : tuple of str
        Fields of the cache that are results too.
    view : bool
        Whether the output may share memory with the input.
    mutants : str
        Its name in :mod:`cnnlab.scratch.mutants`; empty for none.
    takes : dict
        By gradient, the arguments of a function that computes it alone, in the documented
        order; by default all.
    tolerance : float, optional
        Largest difference, as a share of the largest value, where several conventions are
        right; rounding of the dtype if left out.
    """

    forward: Callable[..., Any]
    cases: tuple[Case, ...]
    axes: str = ""
    asks: tuple[str, ...] = ()
    backward: Callable[..., Any] | None = None
    memory: tuple[str, ...] = ()
    view: bool = False
    mutants: str = ""
    takes: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    tolerance: float | None = None

    @property
    def defaults(self) -> dict[str, Any]:
        """Settings that the cases use, in the order of ``forward``, with their defaults."""
        used = {key for case in self.cases for key in case.settings}
        own = inspect.signature(self.forward).parameters
        return {name: own[name].default for name in own if name in used}

    @property
    def stops(self) -> tuple[Stop, ...]:
        """What is known of errors that stop such a function."""
        return STOPS if "H'" in self.axes else ()

    def optional(self) -> set[str]:
        """Everything that can be asked for or left out."""
        named = {key for case in self.cases for key in case.settings}
        return named | {case.needs for case in self.cases if case.needs} | (_LEFT_OUT & self.inputs)

    @property
    def inputs(self) -> set[str]:
        """Names of all arguments by position."""
        return {name for case in self.cases for name in case.inputs}

    def chosen(self, asks: Iterable[str] | None) -> tuple[Case, ...]:
        """The cases of a question, reduced to what it asks for."""
        wanted = set(self.asks if asks is None else asks)
        return tuple(
            case._replace(
                inputs={k: v for k, v in case.inputs.items() if k not in _LEFT_OUT or k in wanted}
            )
            for case in self.cases
            if {*case.settings, *filter(None, [case.needs])} <= wanted
        )


_LEFT_OUT = {"bias"}  # arguments by position that a question can do without


def normal(*shape: int) -> Draw:
    """Standard normal numbers of a shape.

    Examples
    --------
    >>> normal(2, 3)(np.random.default_rng(0)).shape
    (2, 3)
    """
    return lambda rng: rng.standard_normal(shape)


def positive(*shape: int) -> Draw:
    """Numbers between 0.5 and 2."""
    return lambda rng: rng.uniform(0.5, 2.0, shape)


def few(*shape: int) -> Draw:
    """Small whole numbers, so that many are equal and some are 0."""
    return lambda rng: rng.integers(-1, 2, shape).astype(float)


def far(*shape: int) -> Draw:
    """Rows of large numbers, whose exponentials overflow, and of numbers far below 0 in turn."""
    return lambda rng: rng.standard_normal(shape) * 50 + [[1000], [-1000]] * (shape[0] // 2)


def low(*shape: int) -> Draw:
    """Numbers far below 0."""
    return lambda rng: rng.standard_normal(shape) - 1000


def wide(*shape: int) -> Draw:
    """Numbers from -50 to 50."""
    return lambda rng: rng.uniform(-50, 50, shape)


def labels(count: int, classes: int) -> Draw:
    """Labels in random order, each about equally often."""
    return lambda rng: rng.permutation(np.arange(count) % classes)
