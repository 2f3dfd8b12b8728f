"""Results that are worked out once for the same settings.

Where windows lie follows from a few numbers, which are the same in every step of a training. Working
them out takes longer than a small layer's arithmetic.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar

Result = TypeVar("Result")

PLAIN = frozenset({int, str, type(None)})
KEPT = 1000  # results of one function


def memoized(function: Callable[..., Result]) -> Callable[..., Result]:
    """Keep a function's results by its arguments, if these are plain: numbers, names and tuples of them.

    With anything else it is called each time, because arguments that are equal need not mean the same:
    1.0 and True are refused where 1 is a stride.

    Examples
    --------
    >>> @memoized
    ... def half(size):
    ...     print("worked out")
    ...     return size // 2
    >>> half(28), half(28)
    worked out
    (14, 14)
    """
    kept = lru_cache(KEPT, typed=True)(function)

    @wraps(function)
    def call(*arguments: Any) -> Result:
        plain = all(type(argument) is bool or _plain(argument) for argument in arguments)
        return kept(*arguments) if plain else function(*arguments)

    return call


def _plain(argument: Any) -> bool:
    """Whether what is equal to it is the same; True in a tuple is equal to 1."""
    kind = type(argument)
    return kind in PLAIN or (issubclass(kind, tuple) and all(map(_plain, argument)))
