"""What stopped a student's function, and hints for errors that NumPy words for experts."""

import linecache
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

Shape = tuple[int, ...]

# Code that is not the student's: this package, Python, and what is installed.
# Each folder ends in a separator: code in /home/ada/cnn-lab is not inside /home/ada/cnn.
INSTALLED = (
    os.path.join(Path(__file__).resolve().parents[2], ""),
    os.path.join(sys.prefix, ""),
    os.path.join(os.path.dirname(os.__file__), ""),
    "<frozen",
)


class ErrorHint(NamedTuple):
    """One kind of error.

    Attributes
    ----------
    error : type
        Of the exception.
    pattern : str
        Regular expression that its text matches.
    says : callable
        From the groups of the match to what has happened; None where the row does not apply,
        and empty where the error's own words are good enough.
    hint : str
        What to look at when settings such as a stride were given.
    plain : str
        What to look at when there were none; the usual hint if empty.
    """

    error: type[BaseException]
    pattern: str
    says: Callable[..., str | None]
    hint: str
    plain: str = ""


def _shape(text: str) -> Shape:
    return tuple(map(int, re.findall(r"\d+", text)))


def _cut_off(one: str, other: str) -> str | None:
    """A window that is smaller than what it meets, in height or width alone."""
    small, large = sorted((_shape(one), _shape(other)))
    alike = len(small) == len(large) > 2 and small[:-2] == large[:-2]
    if not alike or small == large or any(a > b for a, b in zip(small, large, strict=True)):
        return None
    return f"a window and what it meets differ in size: their shapes are {one} and {other}"


def _axes_differ(one: str, other: str) -> str | None:
    return "" if len(_shape(one)) != len(_shape(other)) else None


_EDGE = (
    "Does it hang over the edge, or is it cut too long? If over the edge, count the places with the "
    "stride, and with the padding once."
)
_EDGE_OR_SIZE = "Does it hang over the edge, or is it cut with the height for the width?"


def _of(count: str, noun: str) -> str:
    return f"{count} {noun}{'' if count == '1' else 's'}"


def _meet(columns: str, rows: str) -> str:
    meet = "meets" if columns == "1" else "meet"
    return f"in a matrix product, {_of(columns, 'column')} {meet} {_of(rows, 'row')}"


_TRANSPOSED = (
    "Write both shapes down. Is another array meant, or which of the two must be transposed?"
)
_FIXED = (
    "Is a number of images, channels or filters fixed in the code? If not, count the places along "
    "each axis by itself: the last window must end inside."
)
_HANDED_ON = "Are stride and padding handed on to every function that needs them?"
_SHAPES = r"with shapes (\([\d,]*\)) (\([\d,]*\))\s*$"

PRODUCT_HINTS: tuple[ErrorHint, ...] = (
    ErrorHint(
        ValueError,
        r"matmul: .*\(size (\d+) is different from (\d+)\)",
        lambda rows, columns: _meet(columns, rows),
        *[_TRANSPOSED] * 2,
    ),
    ErrorHint(
        ValueError,
        r"not aligned: (\d+) \(dim \d+\) != (\d+) \(dim \d+\)",  # np.dot's words
        lambda columns, rows: _meet(columns, rows),
        *[_TRANSPOSED] * 2,
    ),
)
"""Errors of matrix products."""

_ONE_OR_MANY = (
    "`if`, `and`, `max` and `min` take single numbers; NumPy has such functions for arrays."
)

_MEET = (
    "Shapes are compared from the right: two sizes must be equal, or one of them 1, as keepdims=True "
    "or [:, None] makes it."
)

ARRAY_HINTS: tuple[ErrorHint, ...] = (
    *(
        ErrorHint(
            error,
            pattern,
            lambda: "there is None where a value belongs, as from a function that returns nothing",
            *["Have you written the functions of earlier steps that this one calls?"] * 2,
        )
        for error, pattern in (
            (TypeError, "NoneType"),
            (AttributeError, "^'NoneType' object"),
            (ValueError, "matmul: .*enough dimensions \\(has 0"),
        )
    ),
    *(
        ErrorHint(
            error,
            pattern,
            lambda: "an array is asked for one yes or no, but it holds one for each of its numbers",
            *[_ONE_OR_MANY] * 2,
        )
        for error, pattern in (
            (ValueError, "truth value of an array with more than one element"),
            (RuntimeError, "Boolean value of Tensor with more than one value"),
        )
    ),
    ErrorHint(
        TypeError,
        "only (?:0-dimensional|length-1|size-1) arrays can be converted",
        lambda: "a function for single numbers is given an array",
        *["Python's math works on single numbers, NumPy's functions on arrays: np.exp."] * 2,
    ),
    ErrorHint(
        TypeError,
        "only integer scalar arrays can be converted to a scalar index",
        lambda: (
            "there is an array where a single whole number belongs, such as an index or an axis"
        ),
        *["np.max takes one array, and then an axis; np.maximum compares two arrays."] * 2,
    ),
    ErrorHint(
        ValueError,
        "could not (?:be )?broadcast",
        lambda: "",
        *[_MEET] * 2,
    ),
)
"""Errors that arrays bring wherever a single number, or another shape, is meant."""

ERROR_HINTS: tuple[ErrorHint, ...] = (
    ErrorHint(
        ValueError, f"could not be broadcast together {_SHAPES}", _cut_off, _EDGE, _EDGE_OR_SIZE
    ),
    ErrorHint(
        ValueError,
        r"operand with shape (\(.*?\)) doesn't match the broadcast shape (\(.*?\))",
        _cut_off,
        "Does it hang over the edge: is dx as large as the padded image, and the stride used?",
        _EDGE_OR_SIZE,
    ),
    ErrorHint(
        ValueError,
        r"remapped shapes \[original->remapped\]: .*and requested shape",
        lambda: "np.pad gets pairs that do not match the axes of its array",
        *["It needs the array, and a pair (before, after) for each of its axes."] * 2,
    ),
    ErrorHint(
        ValueError,
        r"remapped shapes \[original->remapped\]",
        lambda: "one letter of np.einsum stands for axes of two sizes",
        *["Write the shape of each array down, and give each of its axes its letter."] * 2,
    ),
    ErrorHint(
        ValueError,
        f"could not be broadcast together {_SHAPES}",
        _axes_differ,
        *["Shapes are compared from the right: which axes must meet, and which has size 1?"] * 2,
    ),
    ErrorHint(
        ValueError,
        "all input arrays must have the same shape",
        lambda: "the windows differ in shape, so they cannot be stacked",
        "Some hang over the edge: count the places with the stride, and with the padding once.",
        "Some hang over the edge: the last window must end inside.",
    ),
    *(row._replace(hint=_HANDED_ON) for row in PRODUCT_HINTS),
    ErrorHint(ValueError, "cannot reshape array of size", lambda: "", _HANDED_ON),
    ErrorHint(
        OverflowError,
        "cannot convert float infinity to integer",
        lambda: "whole numbers know no infinity",
        *["Turn x into floats before you pad it with −∞: x.astype(float)."] * 2,
    ),
    ErrorHint(
        IndexError,
        r"index \d+ is out of bounds for axis",
        lambda: "",
        *[_FIXED] * 2,
    ),
)
"""Errors of functions that slide windows, most telling first."""

_ROW = "ShapeError names the row that does not fit; rows without a name are counted from 0."
BUILD_HINTS = (ErrorHint(ValueError, "Shapes up to there", lambda: "", *[_ROW] * 2),)
"""Errors of networks whose rows do not fit together."""


class Stop(NamedTuple):
    """What stopped a student's function, as plain data.

    Attributes
    ----------
    errors : tuple of str
        Names of the exception's class and of those above it.
    text : str
        Of the exception.
    place : str
        Which line of the student's own code was running, as a sentence; empty if none was.
    takes : tuple of str, optional
        Arguments of a function that was not called, because it does not take those given.
    """

    errors: tuple[str, ...] = ()
    text: str = ""
    place: str = ""
    takes: tuple[str, ...] | None = None

    @classmethod
    def of(cls, error: BaseException) -> "Stop":
        """Describe an exception.

        Examples
        --------
        >>> stop = Stop.of(ValueError("axes"))
        >>> stop.errors[0], stop.text
        ('ValueError', 'axes')
        """
        errors = tuple(kind.__name__ for kind in type(error).__mro__)
        return cls(errors, str(error), _place(error.__traceback__))


def cause(stop: Stop, rows: Sequence[ErrorHint], with_settings: bool) -> tuple[str, str]:
    """What an error means, and a hint; both empty where no row knows it.

    Parameters
    ----------
    stop : Stop
    rows : sequence of ErrorHint
    with_settings : bool
        Whether settings such as a stride were given.

    Returns
    -------
    (str, str)
        The first is empty if the error's own words are good enough.

    Examples
    --------
    >>> error = ValueError("operands could not be broadcast together with shapes (3,2,0) (3,2,2) ")
    >>> cause(Stop.of(error), ERROR_HINTS, with_settings=True)[0]
    'a window and what it meets differ in size: their shapes are (3,2,0) and (3,2,2)'
    """
    for row in rows:
        known = row.error.__name__ in stop.errors
        match = re.search(row.pattern, stop.text) if known else None
        text = row.says(*match.groups()) if match else None
        if text is not None:
            return text, row.hint if with_settings else row.plain
    return "", ""


def _place(traceback: TracebackType | None) -> str:
    """The innermost line of the student's own code that was running."""
    place: tuple[str, int] | None = None
    while traceback is not None:
        file = traceback.tb_frame.f_code.co_filename
        if not file.startswith(INSTALLED):
            place = file, traceback.tb_lineno
        traceback = traceback.tb_next
    if place is None:
        return ""
    line = linecache.getline(*place).strip()
    return f" It happens in line {place[1]} of its cell or file{f', `{line}`' if line else ''}."
