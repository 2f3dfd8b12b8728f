"""How a student's function takes its arguments: by name, by position, or as it comes.

A task documents names and their order. A right function may call them otherwise, take them as
``*args`` or ``**settings``, or hide its signature behind a decorator; all of these are served.
"""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from cnnlab.check.core.error_hints import Stop

Way: TypeAlias = tuple[list[Any], dict[str, Any]]

_PLACES = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
_BINDING = re.compile(
    r"(un)?expected keyword|positional argument|required .*argument|multiple values"
)


class Arguments(NamedTuple):
    """What a function is called with.

    Attributes
    ----------
    inputs : dict
        Arguments that every call has, in the documented order.
    settings : dict
        Further ones of this call.
    defaults : dict
        All settings that the task documents, in their order, with their defaults.
    extras : dict
        What the task does not document, but a function may ask for by name.
    partly : bool
        Whether a function may leave out what it does not need.
    """

    inputs: Mapping[str, Any]
    settings: Mapping[str, Any] = {}
    defaults: Mapping[str, Any] = {}
    extras: Mapping[str, Any] = {}
    partly: bool = False

    @property
    def in_order(self) -> list[Any]:
        """All by position, as far as the last setting that is given."""
        given = [name in self.settings for name in self.defaults]
        count = len(given) - given[::-1].index(True) if True in given else 0
        pairs = list(self.defaults.items())[:count]
        return [*self.inputs.values(), *(self.settings.get(*pair) for pair in pairs)]

    @property
    def arrays(self) -> dict[str, np.ndarray[Any, np.dtype[Any]]]:
        """Those that are arrays, by name."""
        every = {**self.inputs, **self.extras}
        return {name: value for name, value in every.items() if isinstance(value, np.ndarray)}

    def mapped(self, change: Callable[[Any], Any]) -> "Arguments":
        """The same arguments, those that may be arrays changed."""
        inputs, extras = (
            {name: change(value) for name, value in values.items()}
            for values in (self.inputs, self.extras)
        )
        return self._replace(inputs=inputs, extras=extras)


def ways(function: Callable[..., Any], given: Arguments) -> Iterator[Way]:
    """Ways to hand arguments to a function, the most natural one first.

    Parameters
    ----------
    function : callable
    given : Arguments

    Yields
    ------
    (list, dict)
        Arguments by position and by name. Nothing, if the function takes fewer or more.

    Examples
    --------
    >>> given = Arguments({"x": 1}, {"padding": 2}, {"stride": 1, "padding": 0})
    >>> next(ways(lambda x, stride=1, padding=0: x, given))
    ([], {'x': 1, 'padding': 2})
    >>> next(ways(lambda a, s=1, p=0: a, given))
    ([1], {'p': 2})
    >>> next(ways(lambda *args: args, given))
    ([1, 1, 2], {})
    """
    inputs = list(given.inputs.values())
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # written in C: it does not say
        yield from ((inputs, dict(given.settings)), (given.in_order, {}))
        return
    own = list(signature.parameters.values())
    for args, named in _candidates(own, inputs, given):
        try:
            signature.bind(*args, **named)
        except TypeError:
            continue
        yield args, named


def _candidates(
    own: Sequence[inspect.Parameter], inputs: list[Any], given: Arguments
) -> Iterator[Way]:
    taken = {p.name for p in own}
    named = {**given.inputs, **given.settings}
    extras = {name: value for name, value in given.extras.items() if name in taken}
    by_name = {name: value for name, value in named.items() if name in taken} | extras
    if not any(p.kind is p.VAR_POSITIONAL for p in own):
        yield [], named | extras
        if given.partly:
            yield [], by_name
    yield inputs, dict(given.settings)
    yield inputs, _renamed(own, given)
    yield given.in_order, {}
    yield [], named


def _renamed(own: Sequence[inspect.Parameter], given: Arguments) -> dict[str, Any]:
    """Settings under the names of this function: those it does not know go to free places."""
    places = [p.name for p in own if p.kind in _PLACES][len(given.inputs) :]
    places += [p.name for p in own if p.kind is p.KEYWORD_ONLY]
    free = [name for name in places if name not in given.defaults]
    unknown = [name for name in given.defaults if name not in places]
    names = dict(zip(unknown, free, strict=False))
    return {names.get(name, name): value for name, value in given.settings.items()}


def misbound(stop: Stop) -> bool:
    """Whether what stopped a function is that arguments were handed over in a way it does not take.

    Examples
    --------
    >>> misbound(Stop.of(TypeError("f() got an unexpected keyword argument 'stride'")))
    True
    """
    return "TypeError" in stop.errors and _BINDING.search(stop.text) is not None
