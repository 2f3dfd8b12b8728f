"""Wrong functions made from right ones: the output or a gradient changed, a setting left out."""

from collections.abc import Callable, Iterable
from itertools import combinations
from typing import Any, TypeAlias

import numpy as np

from cnnlab.scratch.functional.checks import Array

Change: TypeAlias = Callable[[Array], Array]
Function: TypeAlias = Callable[..., Any]


def only(y: Any) -> Any:
    """The output of a forward pass, without its cache."""
    return y[0] if isinstance(y, tuple) else y


def output(forward: Function, change: Change) -> Function:
    """The forward pass with its output changed."""
    return lambda *args, **settings: change(only(forward(*args, **settings)))


def gradient(backward: Function, change: Change, which: int | None = None) -> Function:
    """The backward pass with one gradient changed, counted from that of x, or all of them."""

    def changed(*args: Any) -> Any:
        result = backward(*args)
        every = result if isinstance(result, tuple) else (result,)
        changed = tuple(
            g if g is None or which not in (None, i) else change(g) for i, g in enumerate(every)
        )
        return changed if isinstance(result, tuple) else changed[0]

    return changed


def replaced(backward: Function, which: int, model: Function) -> Function:
    """The backward pass with one gradient by another rule, a function of dy and the cache."""

    def changed(dy: Array, cache: Any) -> Any:
        every = list(backward(dy, cache))
        wrong = None if every[which] is None else model(dy, cache)
        every[which] = every[which] if wrong is None else wrong  # None makes no difference
        return tuple(every)

    return changed


def without(function: Function, settings: Iterable[str]) -> Function:
    """The function without these settings, whatever they are.

    Examples
    --------
    >>> without(lambda x, stride=1: x[::stride], ["stride"])([1, 2, 3], stride=2)
    [1, 2, 3]
    """
    return lambda *args, **given: function(
        *args, **{key: value for key, value in given.items() if key not in settings}
    )


def subsets(settings: Iterable[str]) -> list[tuple[str, ...]]:
    """Ways to pick some of the settings, the smallest first; at least one of them.

    Examples
    --------
    >>> subsets(["stride", "padding"])
    [('stride',), ('padding',), ('stride', 'padding')]
    """
    every = tuple(settings)
    return [some for n in range(len(every)) for some in combinations(every, n + 1)]


def only_first(axis: int) -> Change:
    """Keep entry 0 of an axis, if there is such an axis, and set the others to 0.

    Examples
    --------
    >>> only_first(1)(np.ones((2, 3)))
    array([[1., 0., 0.],
           [1., 0., 0.]])
    """

    def change(array: Array) -> Array:
        if array.ndim <= axis:
            return array
        return kept(array, *(slice(None),) * axis, slice(0, 1))

    return change


def kept(values: Array, *place: Any) -> Array:
    """Keep the values of some places, and zeros elsewhere.

    Examples
    --------
    >>> kept(np.ones((2, 2)), 0)
    array([[1., 1.],
           [0., 0.]])
    """
    result = np.zeros_like(values)
    result[place] = values[place]
    return result


def fitted(wrong: Array, y: Array) -> Array:
    """A wrong output, cut or filled with zeros to the right size.

    Examples
    --------
    >>> fitted(np.ones((3, 1)), np.ones((2, 2)))
    array([[1., 0.],
           [1., 0.]])
    """
    result = np.zeros_like(y)
    part = tuple(slice(min(a, b)) for a, b in zip(y.shape, wrong.shape, strict=True))
    result[part] = wrong[part]
    return result
