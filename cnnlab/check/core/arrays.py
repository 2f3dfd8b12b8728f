"""Arrays: whether one has the right type, shape and values, and how it differs if not."""

from decimal import Decimal
from numbers import Real
from typing import Any, TypeAlias

import numpy as np

from cnnlab.check.core.answers import kind, read
from cnnlab.check.core.result import Result

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

# Share of the largest value by which a right answer may be off: rounding, not mistakes.
_TOLERANCE = {"float32": 1e-4}
_EXACT = 1e-7


def to_array(answer: Any, noun: str = "answer") -> Array | Result:
    """Read a student's answer as an array of numbers, or say what it is instead.

    Parameters
    ----------
    answer : object
        An array, a tensor, a number, or lists of numbers.
    noun : str
        What is asked for.

    Returns
    -------
    array or Result
        Any shape.

    Examples
    --------
    >>> to_array([[1, 2], [3, 4]]).shape
    (2, 2)
    >>> to_array([[1, 2], [3]], "output")
    ✗ not yet: The output must be an array of numbers, but its rows differ in length. ...
    """
    return read(answer, f"the {noun}.", "array", lambda given: _numbers(given, noun))


def _numbers(answer: Any, noun: str) -> Array | Result:
    if callable(answer) and not hasattr(answer, "shape"):
        return Result(
            "fail",
            f"The {noun} must be an array, this is {kind(answer)}.",
            "Call the function and give what it returns.",
        )
    try:
        if hasattr(answer, "detach"):
            answer = answer.detach().cpu().numpy()
        array = np.asarray(answer)
    except Exception:
        ragged = isinstance(answer, list | tuple)
        fault = "its rows differ in length" if ragged else f"this is {kind(answer)}"
        return _no_numbers(noun, fault)
    if np.ma.is_masked(answer):
        return _no_numbers(noun, "some of its entries are masked")
    if array.dtype.kind in "biuf":
        return array
    if array.dtype.kind == "O" and all(isinstance(entry, Real | Decimal) for entry in array.flat):
        return array.astype(float)  # fractions, decimals, numbers of several kinds
    if array.dtype.kind == "O" and not array.ndim:
        return _no_numbers(noun, f"this is {kind(answer)}")
    entries = {"O": "objects", "U": "texts", "S": "texts", "c": "complex numbers"}
    what = entries.get(array.dtype.kind, f"of type {array.dtype}")
    return _no_numbers(noun, f"its entries are {what}")


def _no_numbers(noun: str, fault: str) -> Result:
    return Result(
        "fail",
        f"The {noun} must be an array of numbers, but {fault}.",
        _REMEDIES.get(fault, "Look at np.asarray(…) of it, its shape and its dtype."),
    )


_REMEDIES = {
    "its entries are texts": "Write the numbers as numbers, without quotes.",
    "this is a dict": "Give the numbers alone, in square brackets.",
    "this is a set": "A set has no order: give a list or an array.",
}


def tolerance(given: Array, right: Array) -> float:
    """Share of the largest value that rounding explains, for the coarser of two dtypes.

    Examples
    --------
    >>> tolerance(np.ones(2, np.float32), np.ones(2))
    0.0001
    """
    return max(_TOLERANCE.get(array.dtype.name, _EXACT) for array in (given, right))


def same(given: Array, right: Array, slack: float | None = None) -> bool:
    """Whether two arrays have one shape and, up to rounding, the same values.

    Parameters
    ----------
    given, right : arrays
        Any shapes; NaN equals NaN.
    slack : float, optional
        Largest difference, as a share of the largest value; by dtype if left out.

    Returns
    -------
    bool

    Examples
    --------
    >>> same(np.array([1.0, 2.0]), np.array([1.0, 2.0 + 1e-12]))
    True
    >>> same(np.ones(2), np.ones((2, 1)))
    False
    """
    if given.shape != right.shape:
        return False
    slack = tolerance(given, right) if slack is None else slack
    left, wanted = given.astype(float), right.astype(float)
    finite = np.abs(wanted[np.isfinite(wanted)])
    size = float(finite.max(initial=0)) or 1.0
    return bool(np.allclose(left, wanted, rtol=0, atol=slack * size, equal_nan=True))
