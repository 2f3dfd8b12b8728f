"""Numbers as a learner reads them."""

from collections.abc import Iterable
from functools import lru_cache


@lru_cache(4096)  # the same few numbers stand in thousands of products
def number(value: float) -> str:
    """Round to three digits after the point, with a real minus sign.

    Examples
    --------
    >>> number(-0.12345), number(6.0), number(-0.0), number(2e7)
    ('−0.123', '6', '0', '2e+07')
    """
    text = f"{value:.3g}" if abs(value) >= 1e6 else f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", "−", 1)


def literal(value: float) -> str:
    """Write a number as Python code, whole ones without a point.

    Examples
    --------
    >>> literal(6.0), literal(0.1)
    ('6', '0.1')
    """
    return str(int(value)) if value == int(value) else repr(value)


def by(sizes: Iterable[int]) -> str:
    """Write sizes as books do.

    Examples
    --------
    >>> by((3, 7, 7))
    '3×7×7'
    """
    return "×".join(map(str, sizes))


def listed(words: list[str]) -> str:
    """Join words as a sentence does.

    Examples
    --------
    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
