"""What an exercise is, as a value: a right function, calls of it, and what people get wrong.

The cases of an exercise say in words what is new in them, so that a check can name the first
that fails. Their arrays are hard to fool: several channels, images and kernels that are not
square, negative values, and ties where they matter.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from cnnlab.check.core.error_hints import ARRAY_HINTS, ERROR_HINTS, PRODUCT_HINTS, ErrorHint
from cnnlab.check.core.misconception import Misconception
from cnnlab.scratch.functional.checks import Array

Draw: TypeAlias = Callable[[np.random.Generator], Any]
Outputs: TypeAlias = tuple[Array, ...]
Wrong: TypeAlias = tuple[Misconception[Any], ...]


class Call(NamedTuple):
    """One call of a student's function: a case with its numbers drawn.

    Attributes
    ----------
    words : str
        The case.
    named : dict
        Arguments by position, with their names.
    settings : dict
        Arguments by name.
    """

    words: str
    named: dict[str, Any]
    settings: dict[str, Any]

    @property
    def args(self) -> list[Any]:
        """Arguments by position; copies, so that nobody's change reaches anyone else."""
        return [v.copy() if isinstance(v, (np.ndarray, list)) else v for v in self.named.values()]


class Case(NamedTuple):
    """One call of a student's function, before its numbers are drawn.

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

    def draw(self, seed: int) -> Call:
        """Draw the numbers of the case.

        Examples
        --------
        >>> Case("with a number", {"x": 3}).draw(seed=0).args
        [3]
        """
        rng = np.random.default_rng(seed)
        named = {}
        for name, value in self.inputs.items():
            drawn = value(rng) if callable(value) else value
            if isinstance(drawn, np.ndarray) and drawn.dtype.kind == "f":
                drawn = drawn.astype(self.dtype)
            named[name] = drawn
        return Call(self.words, named, dict(self.settings))


@dataclass(frozen=True, eq=False)
class Exercise:
    """A function that labs ask for, and the misconceptions of it, the most telling first.

    Parameters
    ----------
    reference : function
        The right one; returns y, or (y, cache) if there is a ``backward``.
    cases : tuple of Case
        From easy to hard.
    axes : str
        Axes of its output; empty for a number.
    asks : tuple of str
        Optional arguments and abilities that are asked for unless the question says otherwise.
    backward : function, optional
        Gradients of the arrays, from dy and the cache of ``reference``; that of a loss takes
        the cache alone.
    memory : tuple of str
        Fields of the cache that are results too.
    view : bool
        Whether the output may share memory with the input.
    takes : dict
        By gradient, the arguments of a function that computes it alone, in the documented
        order; by default all.
    tolerance : float, optional
        Largest difference, as a share of the largest value, where several conventions are
        right; rounding of the dtype if left out.
    values : tuple of Misconception
        Wrong functions: they take what ``reference`` takes, and return y, or (y, cache) where
        the cache is wrong too, or None where the misconception makes no difference.
    code_only : tuple of Misconception
        The same, where only code goes wrong so: not told of what was worked out with a pencil.
    shapes : tuple of Misconception
        Wrong shapes of y, whatever its values: they take what ``reference`` takes.
    gradients : tuple of Misconception
        Wrong backward passes: they take what ``backward`` takes, and return what it returns.
    name : str
        As it is asked for.
    """

    reference: Callable[..., Any]
    cases: tuple[Case, ...]
    axes: str = ""
    asks: tuple[str, ...] = ()
    backward: Callable[..., Any] | None = None
    memory: tuple[str, ...] = ()
    view: bool = False
    takes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tolerance: float | None = None
    values: Wrong = ()
    code_only: Wrong = ()
    shapes: Wrong = ()
    gradients: Wrong = ()
    name: str = ""

    @property
    def defaults(self) -> dict[str, Any]:
        """Settings that the cases use, in the order of ``reference``, with their defaults."""
        used = {key for case in self.cases for key in case.settings}
        own = inspect.signature(self.reference).parameters
        return {name: own[name].default for name in own if name in used}

    @property
    def error_hints(self) -> tuple[ErrorHint, ...]:
        """What is known of errors that stop such a function."""
        return (*(ERROR_HINTS if "H'" in self.axes else PRODUCT_HINTS), *ARRAY_HINTS)

    @property
    def inputs(self) -> set[str]:
        """Names of all arguments by position."""
        return {name for case in self.cases for name in case.inputs}

    def optional(self) -> set[str]:
        """Everything that can be asked for or left out."""
        named = {key for case in self.cases for key in case.settings}
        return named | {case.needs for case in self.cases if case.needs} | (_LEFT_OUT & self.inputs)

    def asking(self, asks: Iterable[str] | None) -> "Exercise":
        """The same exercise with the cases of a question.

        Parameters
        ----------
        asks : iterable of str, optional
            Optional arguments and abilities asked for; "all" of them, or the usual ones.

        Raises
        ------
        ValueError
            If it has no such argument.
        """
        asks = [asks] if isinstance(asks, str) and asks != "all" else asks
        wanted = self.optional() if asks == "all" else set(self.asks if asks is None else asks)
        unknown = sorted(wanted - self.optional())
        if unknown:
            known = ", ".join(sorted(self.optional())) or "nothing"
            raise ValueError(
                f"asks must be among {known} for {self.name}, not {', '.join(unknown)}. "
                "Correct the names."
            )
        return replace(self, cases=tuple(self._chosen(wanted)))

    def _chosen(self, wanted: set[str]) -> Iterable[Case]:
        for case in self.cases:
            if {*case.settings, *filter(None, [case.needs])} <= wanted:
                inputs = {
                    name: value
                    for name, value in case.inputs.items()
                    if name not in _LEFT_OUT or name in wanted
                }
                yield case._replace(inputs=inputs)

    def outputs(self, call: Call, function: Callable[..., Any] | None = None) -> Outputs:
        """What the right function, or a wrong one, puts out: y and the memory of its cache."""
        returned = (function or self.reference)(*call.args, **call.settings)
        y, cache = returned if isinstance(returned, tuple) else (returned, None)
        if cache is None and self.memory:
            _, cache = self.reference(*call.args, **call.settings)
        return (np.asarray(y), *(np.asarray(getattr(cache, field)) for field in self.memory))

    def gradients_of(
        self,
        call: Call,
        dy: Any,
        backward: Callable[..., Any] | None = None,
        forward: Callable[..., Any] | None = None,
    ) -> Outputs:
        """Gradients of one call by the right passes, or by wrong ones.

        Examples
        --------
        >>> from cnnlab.check.exercises import find
        >>> find("relu").gradients_of(Call("", {"x": np.array([-1.0, 2.0])}, {}), np.array([3, 3]))
        (array([0, 3]),)
        """
        _, cache = self.paired(forward or self.reference)(*call.args, **call.settings)
        function = backward or self.backward
        if function is None:
            raise TypeError(f"{self.name} must have a backward pass, but it has none.")
        result = function(cache) if not np.ndim(dy) else function(np.copy(dy), cache)
        every = result if isinstance(result, tuple) else (result,)
        return tuple(np.asarray(g) for g in every if g is not None)

    def paired(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function that returns (y, cache), with what is right where it brings nothing else."""

        def forward(*args: Any, **settings: Any) -> Any:
            returned = function(*args, **settings)
            if isinstance(returned, tuple):
                return returned
            y, cache = self.reference(*args, **settings)
            return (y if returned is None else returned), cache

        return forward


_LEFT_OUT = {"bias"}  # arguments by position that a question can do without
