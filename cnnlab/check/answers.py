"""The first step of every check: whether there is an answer, and of the right type."""

import operator
from typing import Any

from cnnlab.check.result import Result


def unanswered(answer: Any) -> bool:
    """Whether a student has left the placeholder ``...`` or ``None`` in place.

    Examples
    --------
    >>> unanswered(...), unanswered(None), unanswered(0)
    (True, True, False)
    """
    return answer is ... or answer is None


def whole_number(answer: Any, noun: str) -> int | Result:
    """Read a student's answer as one integer, or say what it is instead.

    The answer is never repeated: a right value of the wrong type would give itself away.

    Parameters
    ----------
    answer : object
        Anything; NumPy integers and integer tensors with one element are integers too.
    noun : str
        What is asked for, in the plural.

    Returns
    -------
    int or Result
        The number, or a failed result.

    Examples
    --------
    >>> whole_number(5, "sizes"), whole_number(5.0, "sizes")
    (5, ✗ not yet: sizes are integers, this is a float. Hint: Divide with // instead of /, which \
always gives a float.)
    """
    kind = type(answer).__name__
    if kind in ("bool", "bool_"):
        return Result("fail", f"{noun} are integers, this is a truth value.", "Give a number.")
    try:
        return operator.index(answer)  # a plain int, whatever the answer's own comparison does
    except Exception:
        return Result("fail", f"{noun} are integers, this is a {kind}.", _remedy(answer))


def _remedy(answer: Any) -> str:
    if isinstance(answer, str):
        return "Write the number without quotes."
    if hasattr(type(answer), "__len__"):
        return "Give one number, not a collection."
    if hasattr(type(answer), "__float__"):
        return "Divide with // instead of /, which always gives a float."
    if callable(answer):
        return "Call the function and give the number that it returns."
    return "Give one whole number."
