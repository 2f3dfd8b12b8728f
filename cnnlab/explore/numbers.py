"""Numbers as a learner reads them."""

from collections.abc import Iterable
from functools import lru_cache
from math import isfinite, isnan


def odd(value: float) -> str:
    """Write what is no finite number.

    Examples
    --------
    >>> odd(float("-inf")), odd(float("nan"))
    ('−∞', 'NaN')
    """
    return "NaN" if isnan(value) else "∞" if value > 0 else "−∞"


@lru_cache(4096)  # the same few numbers stand in thousands of products
def number(value: float) -> str:
    """Round to three digits after the point, with a real minus sign.

    Examples
    --------
    >>> number(-0.12345), number(6.0), number(-0.0), number(2e7)
    ('−0.123', '6', '0', '2e+07')
    """
    if not isfinite(value):
        return odd(value)
    text = f"{value:.3g}" if abs(value) >= 1e6 else f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", "−", 1)


def literal(value: float) -> str:
    """Write a number as Python code, whole ones without a point.

    Examples
    --------
    >>> literal(6.0), literal(0.1)
    ('6', '0.1')
    """
    if not isfinite(value):
        return f'float("{value}")'
    return str(int(value)) if value == int(value) else repr(value)


def short(value: float) -> str:
    """Write a number in at most three digits, with the sign that books use.

    Examples
    --------
    >>> [short(v) for v in (-0.0625, 2.0, 1234.5, -0.00001, 1 / 3)]
    ['−0.0625', '2', '1230', '−1e-05', '0.333']
    """
    if not isfinite(value):
        return odd(value)
    number = float(f"{value:.3g}") + 0.0
    digits = f"{number:.0f}" if 1000 <= abs(number) < 1e6 else f"{number:.3g}"
    return digits.replace("-", "−", 1) if number < 0 else digits


def percent(share: float) -> str:
    """Write a share as people read it.

    Examples
    --------
    >>> percent(0), percent(0.004), percent(1.234)
    ('0 %', 'under 1 %', '123 %')
    """
    return "under 1 %" if 0 < share < 0.005 else f"{100 * share:.0f} %"


def short_path(path: str, longest: int) -> str:
    """End of a long path, cut at a dot where that is possible.

    Examples
    --------
    >>> short_path("conv1", 9), short_path("layer3.0.sum.main.conv1", 20)
    ('conv1', '…0.sum.main.conv1')
    """
    if len(path) <= longest:
        return path
    end = path[1 - longest :]
    return "…" + (end.split(".", 1)[1] if "." in end else end)


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
