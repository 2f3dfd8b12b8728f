"""Numbers and sums as one writes them by hand."""

from collections.abc import Iterable
from functools import lru_cache

from cnnlab.explore.numbers import number


@lru_cache(4096)
def factor(value: float) -> str:
    """Write a number inside a product: a negative one in parentheses.

    Examples
    --------
    >>> factor(-1), factor(2)
    ('(−1)', '2')
    """
    words = number(value)
    return f"({words})" if words.startswith("−") else words


def products(pairs: Iterable[tuple[float, float]]) -> str:
    """Write a sum of products.

    Examples
    --------
    >>> products([(1, 0), (2, -1)])
    '1·0 + 2·(−1)'
    """
    return " + ".join(f"{factor(a)}·{factor(b)}" for a, b in pairs) or "0"


def total(values: Iterable[float]) -> str:
    """Write a sum.

    Examples
    --------
    >>> total([308, -498, 164, 1])
    '308 − 498 + 164 + 1'
    """
    first, *rest = (number(value) for value in values)
    signed = (f"− {w[1:]}" if w.startswith("−") else f"+ {w}" for w in rest)
    return " ".join([first, *signed])
