"""Measured numbers in a lesson: shown as numbers, held to bounds, compared without their digits.

What a training reaches differs in its last digits from one processor to the next. So a lesson
shows the number of this run together with the bounds that every run keeps, and the regression
test of the notebooks compares everything but the digits. The bounds come from many runs; see
``docs/authors.md``.
"""

import math
import os
import re
from typing import Any, NamedTuple

MEASURED = re.compile(
    r"^(?P<head>(?P<what>[^\n]+): ≈ (?P<sign>−?))(?P<digits>\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?)"
    r"(?P<rest>[^\n(]* \(measured, between (?P<bounds>[^\n()]+)\))",
    re.MULTILINE,  # a line is searched once, from its start: pictures are long lines
)
"""A measured number as `measured` writes it: only its digits may differ from run to run."""


def measured(
    what: str, value: Any, *, between: tuple[float, float], form: str = ".3g", unit: str = ""
) -> None:
    """Print a measured number and the bounds that every run keeps.

    Parameters
    ----------
    what : str
        What was measured, as the reader calls it.
    value : float
        The number of this run; an array or a tensor of one number is one too.
    between : tuple of float
        Lowest and highest value of any run, in the units of ``value``.
    form : str
        Format of the value as in :func:`format`; ``".1%"`` writes a fraction in percent.
    unit : str
        Behind the value, such as ``"s"``.

    Raises
    ------
    ValueError
        If the value lies outside the bounds or is no finite number, or the bounds are no pair in
        order.

    Examples
    --------
    >>> measured("test images read", 0.9866, between=(0.96, 0.99), form=".1%")
    test images read: ≈ 98.7 % (measured, between 96 % and 99 %)
    >>> measured("first loss", 2.3184, between=(2.2, 2.4))
    first loss: ≈ 2.32 (measured, between 2.2 and 2.4)
    """
    low, high = between
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(
            f"measured: between must be two finite numbers in order, not {between}. "
            "Give the lowest value of any run, then the highest."
        )
    number = float(value)
    percent = form.endswith("%")
    bounds = f"{_bound(low, percent)} and {_bound(high, percent)}"
    if not low <= number <= high and not _bounds_are_sought():
        raise ValueError(
            f"measured: {what} must lie between {bounds}, but this run gives "
            f"{_written(number, form)}. If you changed something above, this is what it does; "
            "otherwise restart the kernel and run all cells."
        )
    unit = f" {unit}" if unit else ""
    print(f"{what}: ≈ {_written(number, form)}{unit} (measured, between {bounds})")


class Measurement(NamedTuple):
    """A measured number as it stands in an output, with its bounds, all in the units shown."""

    what: str
    value: float
    low: float
    high: float


def measurements(text: str) -> list[Measurement]:
    """Read the measured numbers out of a text.

    Parameters
    ----------
    text : str
        An output of a cell.

    Returns
    -------
    list of Measurement

    Examples
    --------
    >>> measurements("images read: ≈ 98.7 % (measured, between 96 % and 99 %)")
    [Measurement(what='images read', value=98.7, low=96.0, high=99.0)]
    """
    return [
        Measurement(
            match["what"],
            _read(match["sign"] + match["digits"]),
            *(_read(bound) for bound in match["bounds"].split(" and ")),
        )
        for match in MEASURED.finditer(text)
    ]


def _read(written: str) -> float:
    return float(re.sub(r"[, %]", "", written).replace("−", "-"))


def masked(text: str) -> str:
    """Take the digits of measured numbers out of a text, as the regression test does.

    Parameters
    ----------
    text : str
        An output of a cell.

    Returns
    -------
    str
        With ``#`` for the digits; bounds, sign and unit stay.

    Examples
    --------
    >>> masked("loss: ≈ 2.32 (measured, between 2.2 and 2.4)")
    'loss: ≈ # (measured, between 2.2 and 2.4)'
    >>> masked("loss: ≈ 2.32")
    'loss: ≈ 2.32'
    """
    return MEASURED.sub(r"\g<head>#\g<rest>", text)


def _written(number: float, form: str) -> str:
    return ("−" if number < 0 else "") + format(abs(number), form).replace("%", " %")


def _bound(bound: float, percent: bool) -> str:
    return _written(100 * bound if percent else bound, ".10g") + " %" * percent


def _bounds_are_sought() -> bool:
    """Whether the lesson runs with other seeds in order to learn what the bounds are."""
    return os.environ.get("CNNLAB_SEEK_BOUNDS", "") not in ("", "0")
