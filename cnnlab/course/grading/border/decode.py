"""Answers read from bytes, whoever wrote them: no code runs, and nothing takes more than it sent."""

import json
import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from cnnlab.check.run import plain
from cnnlab.course.grading.border.encode import DEEPEST, LENGTH, NUMBERS, TOLD

MOST_TEXT, MOST_DIGITS = 10_000_000, 100_000  # bytes of JSON; hexadecimal digits of one number
_LARGEST_EXPONENT = 10_000  # of a decimal, whose digits may be asked for
_LONGEST = 100  # characters of a name

Held: TypeAlias = Callable[[int, str, bool, dict[str, Any]], Any]


class UnreadableError(ValueError):
    """An answer is no message of this form; the text says what it must be."""


def decode(message: bytes, held: Held | None = None) -> Any:
    """Read an answer, whoever wrote it.

    Parameters
    ----------
    message : bytes
    held : callable, optional
        Makes what stands for an object that stayed on the other side, from its number, the name
        of its type, whether it can be called, and what is told of it.

    Returns
    -------
    object

    Raises
    ------
    UnreadableError
        If it is no such message.

    Examples
    --------
    >>> decode(b"pickle")
    Traceback (most recent call last):
        ...
    cnnlab.course.grading.border.decode.UnreadableError: An answer must be plain data, and ...
    """
    try:
        (length,) = LENGTH.unpack_from(message)
        start = LENGTH.size + length
        if length > MOST_TEXT or start > len(message):
            raise UnreadableError("its text is too long")
        text = json.loads(message[LENGTH.size : start])
        return _Reader(memoryview(message)[start:], held).read(text, 0)
    except (Exception, MemoryError) as error:
        raise UnreadableError(
            f"An answer must be plain data, and this one cannot be read: {str(error)[:200]}. "
            "Return numbers, texts, arrays, or lists of them."
        ) from None


class _Reader:
    def __init__(self, buffers: memoryview, held: Held | None) -> None:
        self.buffers, self.held = buffers, held

    def read(self, value: Any, depth: int) -> Any:
        if depth > DEEPEST + 8:  # what is told of an object lies deeper
            raise UnreadableError("it is nested too deep")
        if value is None or isinstance(value, bool | str | float):
            return value
        if not isinstance(value, list) or not value or value[0] not in _READERS:
            raise UnreadableError("it is of no known kind")
        return _READERS[value[0]](self, depth + 1, *value[1:])

    def every(self, values: Any, depth: int) -> list[Any]:
        return [self.read(each, depth) for each in _typed(values, list)]

    def pairs(self, pairs: Any, depth: int) -> dict[Any, Any]:
        return dict(self.every(pair, depth) for pair in _typed(pairs, list))

    def array(self, depth: int, dtype: str, shape: list[int], start: int) -> Any:
        if not NUMBERS.fullmatch(_typed(dtype, str)):
            raise UnreadableError("an array holds no numbers")
        kind, sizes = np.dtype(dtype), _shape(shape)
        size = math.prod(sizes) * kind.itemsize
        if _typed(start, int) < 0 or start + size > len(self.buffers):
            raise UnreadableError("an array is larger than what came")
        buffer = self.buffers[start : start + size]
        if kind.kind == "b":  # a byte that is neither 0 nor 1 is no truth value
            return np.ndarray(sizes, np.uint8, buffer).astype(bool)
        return np.ndarray(sizes, kind, buffer).astype(kind.newbyteorder("="))  # a copy

    def objects(self, depth: int, shape: list[int], kind: str, entries: list[Any]) -> Any:
        found = self.every(entries, depth)
        if kind == "O":
            array = np.empty(len(found), object)
            for place, each in enumerate(found):
                array[place] = each
            return array.reshape(_shape(shape))
        wanted = {"U": str, "S": bytes}[kind]
        return np.array([_typed(each, wanted) for each in found], kind).reshape(_shape(shape))

    def masked(self, depth: int, data: Any, mask: Any) -> Any:
        return np.ma.array(self.read(data, depth), mask=self.read(mask, depth))

    def mapping(self, depth: int, pairs: Any, name: str, told: dict[str, Any]) -> Any:
        found, beside = self.pairs(pairs, depth), self.told(told, depth)
        if not beside:
            return found
        made = type(_name(name), (dict,), {})(found)
        vars(made).update(beside)
        return made

    def stand_in(self, depth: int, name: str, called: bool, told: Any) -> Any:
        beside = {_name(key, None): self.read(each, depth) for key, each in told}
        return plain.stand_in(_name(name), beside, called is True)

    def record(self, depth: int, name: str, pairs: Any) -> Any:
        fields = {_name(key, None): each for key, each in self.pairs(pairs, depth).items()}
        return plain.record(_name(name), fields)

    def stays(self, depth: int, number: int, name: str, called: bool, told: Any) -> Any:
        if self.held is None:
            raise UnreadableError("an object of another process stands where data belong")
        return self.held(_typed(number, int), _name(name), called is True, self.told(told, depth))

    def told(self, told: dict[str, Any], depth: int) -> dict[str, Any]:
        return {name: self.read(told[name], depth) for name in TOLD if name in _typed(told, dict)}


def _typed(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise UnreadableError(f"{kind.__name__} is missing")
    return value


def _shape(sizes: Any) -> tuple[int, ...]:
    if len(_typed(sizes, list)) > DEEPEST or any(_typed(size, int) < 0 for size in sizes):
        raise UnreadableError("an array has no such shape")
    return tuple(sizes)


def _name(text: Any, instead: str | None = "object") -> str:
    """A name for a type, or for an attribute: none that Python or NumPy would ask for."""
    good = isinstance(text, str) and text.isidentifier() and len(text) <= _LONGEST
    if good and (instead is not None or not text.startswith("_")):
        return str(text)
    if instead is None:
        raise UnreadableError("an attribute has no name")
    return instead


def _whole(text: Any) -> int:
    if len(_typed(text, str)) > MOST_DIGITS:
        raise UnreadableError("a number has too many digits")
    return int(text, 16)


def _decimal(text: Any) -> Decimal:
    number = Decimal(_typed(text, str))
    if number.is_finite() and abs(number.adjusted()) > _LARGEST_EXPONENT:
        raise UnreadableError("a number has too many digits")
    return number


_READERS: dict[str, Callable[..., Any]] = {
    "dots": lambda r, d: ...,
    "int": lambda r, d, text: _whole(text),
    "fraction": lambda r, d, parts: Fraction(*r.every(parts, d)),
    "decimal": lambda r, d, text: _decimal(text),
    "complex": lambda r, d, real, imaginary: complex(_typed(real, float), _typed(imaginary, float)),
    "bytes": lambda r, d, text: bytes.fromhex(text),
    "range": lambda r, d, parts: range(*r.every(parts, d)),
    "list": lambda r, d, values: r.every(values, d),
    "tuple": lambda r, d, values: tuple(r.every(values, d)),
    "set": lambda r, d, values: set(r.every(values, d)),
    "frozenset": lambda r, d, values: frozenset(r.every(values, d)),
    "dict": _Reader.mapping,
    "array": _Reader.array,
    "scalar": lambda r, d, array: r.read(array, d)[()],
    "objects": _Reader.objects,
    "masked": _Reader.masked,
    "object": _Reader.stand_in,
    "record": _Reader.record,
    "held": _Reader.stays,
}
