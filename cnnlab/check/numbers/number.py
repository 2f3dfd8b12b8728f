"""One number with a unit and a tolerance, and the mistakes that units invite."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from cnnlab.check.core.answers import real_number
from cnnlab.check.core.misconception import Misconception
from cnnlab.check.core.result import Result
from cnnlab.check.core.score import check
from cnnlab.check.numbers.base import Calculation
from cnnlab.check.questions import NumberQuestion, find


class Quantity(NamedTuple):
    """What a number question expects."""

    value: float
    unit: str


def _share(q: Quantity) -> bool:
    return q.unit in ("%", "percent", "fraction")


_BYTES = {"bits": 1 / 8, "bytes": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3}


def _in(unit: str) -> Misconception[Quantity]:
    return Misconception(
        f"in {unit}",
        lambda q: (
            q.value * _BYTES[q.unit] / _BYTES[unit] if q.unit in _BYTES and unit != q.unit else None
        ),
        f"This is the number of {unit}; the answer is asked for in {{unit}}.",
    )


def _thousands(q: Quantity) -> float | None:
    steps = {"KB": 1, "MB": 2, "GB": 3}.get(q.unit)
    return None if steps is None else q.value * 1.024**steps


MISCONCEPTIONS: tuple[Misconception[Quantity], ...] = (
    Misconception(
        "fraction for percent",
        lambda q: q.value / 100 if q.unit in ("%", "percent") else None,
        "This is the fraction; the answer is asked for in percent.",
    ),
    Misconception(
        "percent for fraction",
        lambda q: q.value * 100 if q.unit == "fraction" else None,
        "This is in percent; the answer is asked for as a fraction.",
    ),
    Misconception(
        "the other part",
        lambda q: (1 if q.unit == "fraction" else 100) - q.value if _share(q) else None,
        "This is the other part: what is left, not what was asked for.",
    ),
    Misconception(
        "thousands for 1024",
        _thousands,
        "You divided by 1000 at each step, but here 1 KB is 1024 bytes and 1 MB is 1024 KB.",
    ),
    *map(_in, _BYTES),
    Misconception(
        "numbers for bytes",
        lambda q: q.value / 4 if q.unit in _BYTES else None,
        "You counted a byte for each number, but a number in float32 takes four.",
    ),
    Misconception(
        "float64",
        lambda q: q.value * 2 if q.unit in _BYTES else None,
        "You took eight bytes for each number, but float32 takes four.",
    ),
    Misconception("sign", lambda q: -q.value if q.value else None, "Only the sign is wrong."),
    Misconception(
        "reciprocal",
        lambda q: 1 / q.value if q.value else None,
        "You divided the other way round: this is the reciprocal.",
    ),
    Misconception(
        "squared",
        lambda q: q.value**2,
        "You squared once too often.",
    ),
    Misconception(
        "root",
        lambda q: math.sqrt(q.value) if q.value > 0 else None,
        "You took a square root too many, or a square too few.",
    ),
)
"""What goes wrong with a unit, the most telling first."""

_FACTORS = (2, 3, 4, 8, 10, 100, 1000, 1024, 1024**2, 10**6)


@check
def number(
    answer: Any,
    question: str | Callable[..., float],
    unit: str = "",
    tolerance: float = 0.005,
    **numbers: Any,
) -> Result:
    """Check one number against a question of the bank, or against a computation.

    Parameters
    ----------
    answer : object
        The student's; ``...`` or ``None`` while there is none.
    question : str or callable
        Name of a question in the bank, which brings its unit and tolerance; or a function
        without arguments that computes the number, such as
        ``lambda: zoo.get("ds-4400").summary().param_bytes / 1024``.
    unit : str
        What the number counts: "bytes", "KB", "MB", "%", "fraction", or any word.
    tolerance : float
        Relative error that passes; 0 for whole numbers that must be exact.
    **numbers
        Numbers that :func:`cnnlab.check.variant` has drawn for a question of the bank; arguments
        of a function.
    step : str, optional
        Name of the lab's step that this answers, see :func:`cnnlab.check.lab`.

    Returns
    -------
    Result
        Whatever the answer is; no answer raises.

    Raises
    ------
    KeyError, TypeError, ValueError
        If there is no such question, it has no numbers to draw, or the expected value itself was
        given for one.

    Examples
    --------
    >>> from cnnlab import zoo
    >>> number(9.27, lambda: zoo.get("ds-4400").summary().params / 1000, "thousand parameters")
    ✓ passed: within 0.5 % of the number of thousand parameters.
    >>> number(0.25, lambda: 25, "%")
    ✗ not yet: This is the fraction; the answer is asked for in percent.
    """
    rows: tuple[Misconception[Quantity], ...] = MISCONCEPTIONS
    prompt, hint = f"a number{f' of {unit}' if unit else ''}.", ""
    if isinstance(question, str):
        known, numbers = find(question, NumberQuestion).asked(**numbers), {}
        unit, tolerance, prompt, question = known.unit, known.tolerance, known.prompt, known.value
        hint = known.hint
        rows = (*(Misconception(m.name, _of(m.model), m.sentence) for m in known.wrong), *rows)
    if not callable(question):
        raise TypeError(
            "number: question must be a name or a function that computes the number, not the "
            "number itself, which everyone could read. Write lambda: …"
        )
    expected, percent = Quantity(float(question(**numbers)), unit), unit in ("%", "percent")
    within = f"within {100 * tolerance:g} % of" if tolerance else "exactly"
    return Calculation(
        settings=expected,
        prompt=prompt,
        read=lambda given: real_number(given, "answer", percent),
        is_right=lambda value: _close(value, expected.value, tolerance),
        misconceptions=rows,
        otherwise=lambda value: _wrong(value, expected, tolerance, hint),
        passed=f"{within} the number{f' of {unit}' if unit and not percent else ''}.",
        agrees=lambda value, wrong: wrong is not None and _close(value, wrong, tolerance),
    ).judge(answer)


def _of(model: Callable[[None], float]) -> Callable[[Quantity], float]:
    return lambda _: model(None)


def _close(value: float, expected: float, tolerance: float) -> bool:
    slack = max(tolerance, 1e-12)  # what rounding in float64 costs
    return math.isclose(value, expected, rel_tol=slack, abs_tol=slack if not expected else 0.0)


_HARDLY = 0.1  # further off, a mistake is as likely as rounding


def _rounded(value: float, expected: float) -> bool:
    near = abs(value - expected) <= _HARDLY * abs(expected)
    return near and any(round(expected, digits) == value for digits in range(-3, 4))


def _wrong(value: float, expected: Quantity, tolerance: float, hint: str) -> Result:
    unit = f"; think of the unit, {expected.unit}" if expected.unit and not hint else ""
    whole = value in (1, 100) and (_share(expected) or 0 < expected.value < 1)
    if value and not whole and _rounded(value, expected.value):
        return Result("fail", "This is rounded too early.", "Give more digits.")
    for factor in _FACTORS:
        if _close(value, expected.value * factor, tolerance):
            return Result("fail", f"This is too large by a factor of {factor:,}{unit}.", hint)
        if _close(value * factor, expected.value, tolerance):
            return Result("fail", f"This is too small by a factor of {factor:,}{unit}.", hint)
    return Result("fail", f"This is not the number that was asked for{unit}.", hint)
