"""Plain data: numbers, arrays and nests of them, which may go from one process to another.

What a student's function returns is handed over as a copy: what it holds on to, it may change,
and not everything that it returns can be sent.
"""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from numbers import Number
from types import EllipsisType
from typing import Any

import numpy as np

_AS_IT_IS = (Number, Decimal, np.generic, str, bytes, range, EllipsisType, type(None))
_DEEPEST = 32  # a list that holds itself has no end


def plain(value: Any, depth: int = 0) -> Any:
    """Copy what a student's function returned, as far as it is plain data.

    Parameters
    ----------
    value : object
        Arrays, tensors, numbers and texts are copied, and tuples, lists and dicts of them. Of
        anything else a stand-in is left: its type's name, and its attributes as plain data.
    depth : int
        How deep it lies inside what was returned.

    Examples
    --------
    >>> y = np.zeros(2)
    >>> copy, cache = plain((y, {"x": [1, 2]}))
    >>> y += 1
    >>> copy, cache
    (array([0., 0.]), {'x': [1, 2]})
    >>> plain(iter([1]))
    <list_iterator>
    """
    if isinstance(value, _AS_IT_IS):
        return value
    if depth > _DEEPEST:
        return stand_in(type(value).__name__, {}, callable(value))
    try:
        copied = _copied(value, depth)
    except Exception:  # a student's object may do anything when it is looked at
        copied = None
    return stand_in(type(value).__name__, {}, callable(value)) if copied is None else copied


def _copied(value: Any, depth: int) -> Any:
    if isinstance(value, np.ndarray):
        return _array(value, depth)
    if hasattr(value, "detach"):
        return value.detach().clone()
    if hasattr(value, "__array__"):
        return np.array(value)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return record(type(value).__name__, {k: plain(v, depth + 1) for k, v in _fields(value)})
    if isinstance(value, tuple):
        return tuple(plain(part, depth + 1) for part in value)
    if isinstance(value, Mapping):
        return {plain(key, depth + 1): plain(part, depth + 1) for key, part in value.items()}
    if isinstance(value, Sequence):
        return [plain(part, depth + 1) for part in value]
    held = {} if callable(value) else getattr(value, "__dict__", {})
    numbers = {name: plain(part, _DEEPEST - 1) for name, part in held.items() if _is_numbers(part)}
    return stand_in(type(value).__name__, numbers, callable(value))


def _is_numbers(value: Any) -> bool:
    """Whether an attribute may be a result: a figure or a module has many that are not."""
    return isinstance(value, Number | list | tuple) or hasattr(value, "__array__")


def _array(value: Any, depth: int) -> Any:
    copied = value.copy()
    if value.dtype.hasobject:
        for index in range(math.prod(value.shape)):
            copied.flat[index] = plain(value.flat[index], depth + 1)
    return copied


def _fields(value: Any) -> list[tuple[str, Any]]:
    return list(zip(value._fields, value, strict=True))


class StandIn:
    """What is told of an object that is no plain data: the name of its type, and attributes."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return stand_in, (type(self).__name__, vars(self), callable(self))


def stand_in(name: str, attributes: dict[str, Any], called: bool) -> StandIn:
    """Make a stand-in whose type has a name; ``called`` tells that the object was a function.

    Examples
    --------
    >>> stand_in("Cache", {"size": 3}, called=False).size
    3
    """

    def refuse(self: StandIn, *args: Any) -> None:
        raise TypeError(f"a {name} cannot be called here: its stand-in tells its type alone.")

    made = type(name, (StandIn,), {"__call__": refuse} if called else {})()
    vars(made).update(attributes)
    return made  # type: ignore[no-any-return]


class Record(tuple[Any, ...]):
    """A tuple whose entries have names too."""

    def __reduce__(self) -> tuple[Any, ...]:
        return record, (type(self).__name__, vars(self))


def record(name: str, entries: dict[str, Any]) -> Record:
    """Make a tuple with names for its entries, whose type has a name.

    Examples
    --------
    >>> cache = record("Cache", {"x": 3, "size": 2})
    >>> cache, cache.size
    ((3, 2), 2)
    """
    made = type(name, (Record,), {})(entries.values())
    vars(made).update(entries)
    return made  # type: ignore[no-any-return]
