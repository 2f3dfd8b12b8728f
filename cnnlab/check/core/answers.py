"""The first step of every check: whether there is an answer, and of the right type.

Nothing here trusts a student's object: every look at it may raise, and then says so in a
sentence. Nor is the answer repeated: a right value of the wrong type would give itself away.
"""

import ast
import math
import operator
import re
import unicodedata
from collections.abc import Callable, Collection
from fractions import Fraction
from typing import Any, TypeVar

from cnnlab.check.core.result import Result

T = TypeVar("T")

# Heard, not spelled: an int, an ndarray, an MLP, but a uint8.
_VOWEL = re.compile(r"[aeio]|u(?!f|int|ni|ser)|nd|[AEIO]|[FHLMNRSX][A-Z0-9]")


def read(answer: Any, prompt: str, place: str, reader: Callable[[Any], T | Result]) -> T | Result:
    """Begin a check: say that there is no answer yet, or read the one there is.

    Parameters
    ----------
    answer : object
        The student's.
    prompt : str
        What is asked for, as a sentence.
    place : str
        What belongs in place of the dots: "number".
    reader : callable
        Turns the answer into what the check compares, or says what is wrong with its type.

    Returns
    -------
    object or Result

    Examples
    --------
    >>> read(..., "the output size.", "number", int)
    ○ to do: the output size. Hint: Put your number in place of the dots.
    >>> read("5", "the output size.", "number", int)
    5
    """
    if unanswered(answer):
        return Result("todo", prompt, f"Put your {place} in place of the dots.")
    return reader(answer)


def unanswered(answer: Any) -> bool:
    """Whether a student has left the placeholder ``...`` or ``None`` in place.

    Examples
    --------
    >>> unanswered(...), unanswered(None), unanswered(0)
    (True, True, False)
    """
    return answer is ... or answer is None


def kind(answer: Any) -> str:
    """Name of an answer's type, with its article.

    Examples
    --------
    >>> kind(5.0), kind(5)
    ('a float', 'an int')
    """
    name: str = type.__dict__["__name__"].__get__(type(answer))
    return f"{'an' if _VOWEL.match(name) else 'a'} {name}"


def whole_number(answer: Any, noun: str) -> int | Result:
    """Read a student's answer as one whole number, or say what it is instead.

    Parameters
    ----------
    answer : object
        Anything. 4.0, ``Fraction(8, 2)``, "4", a tensor or a list with this one number are 4 too.
    noun : str
        What is asked for, in the plural.

    Returns
    -------
    int or Result
        The number, or a failed result.

    Examples
    --------
    >>> whole_number(5, "sizes"), whole_number([5.0], "sizes"), whole_number("1 505", "sizes")
    (5, 5, 1505)
    >>> whole_number(5.5, "sizes")
    ✗ not yet: sizes are whole numbers, and this one has a fraction. Hint: a // b rounds down, \
math.ceil(a / b) rounds up.
    """
    if _is_masked(answer):
        return Result("fail", f"{noun} are whole numbers, this is masked.", "Give a number.")
    try:
        number = _alone(answer)
    except Exception:
        number = answer
    if _is_truth_value(number):
        return Result("fail", f"{noun} are whole numbers, this is a truth value.", "Give a number.")
    try:
        whole = _whole(number)
    except Exception:
        says = f"{noun} are whole numbers, this is {kind(answer)}."
        return Result("fail", says, _remedy(answer))
    if whole is None:
        says = f"{noun} are whole numbers, and this one has a fraction."
        return Result("fail", says, "a // b rounds down, math.ceil(a / b) rounds up.")
    return whole


def _whole(number: Any) -> int | None:
    """A plain int, whatever the answer's own comparison does; None for 5.5."""
    try:
        return operator.index(number)
    except TypeError:
        nearest = round(number)
    if abs(number - nearest) * 10**9 > max(1, abs(nearest)):  # more than rounding explains
        return None
    return int(nearest)


def _alone(answer: Any) -> Any:
    """The entry of a collection of one; anything else as it is."""
    if getattr(getattr(answer, "dtype", None), "kind", "") in ("m", "M"):
        raise TypeError("a time is not a number, though NumPy stores it as one")
    if issubclass(type(answer), list | tuple) and len(answer) == 1:
        return _alone(answer[0])
    if issubclass(type(answer), str):
        return _spelled(answer)
    # Tensors that want a gradient, or live elsewhere, become numbers by item() alone.
    return answer.item() if hasattr(type(answer), "item") else answer


_GROUPED = re.compile(r"([+-]?[1-9]\d{0,2})((?:[ ,'_]\d{3})+)(\.\d+)?")


def _spelled(text: str) -> int | Fraction:
    """A number that stands in quotes, as people write it: "1 505", "18,496", "98,7", "3/4"."""
    written = unicodedata.normalize("NFKC", text).strip().replace("\N{MINUS SIGN}", "-")
    grouped = _GROUPED.fullmatch(written)
    if grouped:
        first, groups, rest = grouped.groups(default="")
        written = first + re.sub(r"\D", "", groups) + rest
    number = Fraction(re.sub(r"(?<=\d),(?=\d)", ".", written))  # two commas are no number
    return int(number) if number.denominator == 1 else number


def real_number(answer: Any, noun: str, percent: bool = False) -> float | Result:
    """Read a student's answer as one finite real number, or say what it is instead.

    Parameters
    ----------
    answer : object
        Anything; NumPy scalars, fractions, texts such as "98.7 %", and arrays, tensors and lists
        with one number are numbers too.
    noun : str
        What is asked for, in the singular.
    percent : bool
        Whether it is asked for in percent, so that "98.7 %" is 98.7 and not 0.987.

    Returns
    -------
    float or Result
        The number, or a failed result.

    Examples
    --------
    >>> real_number("98.7 %", "accuracy"), real_number("98.7 %", "share", percent=True)
    (0.987, 98.7)
    >>> real_number("many", "percentage")
    ✗ not yet: the percentage must be a number, this is a str. Hint: Write the number without \
quotes.
    """
    if _is_truth_value(answer) or _is_masked(answer):
        what = "masked" if _is_masked(answer) else "a truth value"
        return Result("fail", f"the {noun} must be a number, this is {what}.")
    try:
        number = _as_float(answer, percent)
    except OverflowError:
        return Result("fail", f"the {noun} is no number of this size.", "It is far too large.")
    except Exception:
        remedy = _remedy(answer).replace("whole number", "number")
        return Result("fail", f"the {noun} must be a number, this is {kind(answer)}.", remedy)
    if not math.isfinite(number):
        return Result("fail", f"the {noun} must be finite, this is {number}.")
    return number


def whole_numbers(answer: Any, noun: str) -> tuple[int, ...] | Result:
    """Read a student's answer as a shape: whole numbers one after another, or one alone.

    Parameters
    ----------
    answer : object
        A tuple, list, ``torch.Size``, NumPy array or tensor with one axis, or one number.
    noun : str
        What is asked for, in the plural.

    Returns
    -------
    tuple of int or Result
        The numbers, or a failed result.

    Examples
    --------
    >>> whole_numbers([5, 28 / 2], "shapes"), whole_numbers(7, "shapes")
    ((5, 14), (7,))
    """
    items = members(answer)
    if items is None:
        number = whole_number(answer, noun)
        if isinstance(number, Result) and issubclass(type(answer), str):
            says = f"{noun} are tuples of whole numbers, this is {kind(answer)}."
            return Result("fail", says, "Write it like (channels, height, width).")
        return number if isinstance(number, Result) else (number,)
    numbers = [whole_number(item, noun) for item in items]
    wrong = [number for number in numbers if isinstance(number, Result)]
    if wrong:
        where = "brackets" if issubclass(type(answer), list) else "parentheses"
        return Result("fail", f"Inside the {where}, {wrong[0].message}", wrong[0].hint)
    return tuple(number for number in numbers if isinstance(number, int))


def members(
    answer: Any, kinds: tuple[type[Collection[Any]], ...] = (list, tuple)
) -> list[Any] | None:
    """Entries of a tuple, list, array or tensor with one axis; None for all else.

    Parameters
    ----------
    answer : object
        Anything; a collection in quotes, brackets and all, is read too.
    kinds : tuple of type
        Collections that are taken for such.

    Examples
    --------
    >>> members((1, 2)), members("12"), members(12)
    ([1, 2], None, None)
    """
    try:
        if issubclass(type(answer), str) and answer.lstrip()[:1] in ("(", "[", "{"):
            answer = ast.literal_eval(answer.strip())
        if issubclass(type(answer), kinds):
            return list(answer)
        return list(answer.tolist()) if len(answer.shape) == 1 else None
    except Exception:
        return None


def _is_truth_value(answer: Any) -> bool:
    try:
        # str: torch.bool is no NumPy dtype, and torch need not be here.
        return type(answer) is bool or str(answer.dtype) in ("bool", "torch.bool")
    except Exception:
        return False


def _is_masked(answer: Any) -> bool:
    """Whether NumPy marks a value as missing; reading it would give what lies beneath."""
    try:
        return type(answer).__module__.startswith("numpy") and bool(answer.mask.any())
    except Exception:
        return False


def _as_float(answer: Any, percent: bool) -> float:
    if issubclass(type(answer), str) and answer.rstrip().endswith("%"):
        return float(_spelled(answer.rstrip()[:-1]) / (1 if percent else Fraction(100)))
    number = _alone(answer)
    if issubclass(type(number), str | bytes | bytearray | memoryview | complex | bool):
        raise TypeError("not a real number")  # float() would read digits out of some of them
    return float(number)


def _remedy(answer: Any) -> str:
    try:
        if issubclass(type(answer), str):
            return "Write the number without quotes."
        scalar = getattr(answer, "shape", None) == ()  # arrays without axes have __len__ too
        if type(answer) is tuple and len(answer) == 2:
            return "Give one number; the decimal sign is a point: 0.5, not 0,5."
        if hasattr(type(answer), "__len__") and not scalar:
            return "Give one number, not a collection."
        if callable(answer):
            return "Call the function and give the number that it returns."
    except Exception:
        pass  # a type that answers no question deserves the general advice
    return "Give one whole number."
