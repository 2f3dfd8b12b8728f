"""Answers as bytes: what leaves a student's process is plain data, from which no code can run.

A message is JSON, in which lists begin with what they stand for, and after it the bytes of all
arrays. An object that is no plain data stays where it is and goes by a number.
"""

import json
import re
import struct
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from numbers import Integral, Rational, Real
from types import EllipsisType
from typing import Any, TypeAlias

import numpy as np

from cnnlab.check.run.plain import Record, StandIn

TOLD = ("history", "module", "restored_epoch")  # what checks look at in objects that stay there
DEEPEST = 32  # levels of nesting
LENGTH = struct.Struct("<I")
NUMBERS = re.compile(r"\|b1|\|[iu]1|<[iu][248]|<f[248]|<c(8|16)")  # kinds of arrays

Hold: TypeAlias = Callable[[Any], int]


def encode(value: Any, hold: Hold | None = None) -> bytes:
    """Write an answer as bytes.

    Parameters
    ----------
    value : object
        Numbers, texts, arrays, tensors, and nests of them, are copied.
    hold : callable, optional
        Keeps any other object and gives its number; without it only the name of its type goes
        over, and its plain attributes.

    Returns
    -------
    bytes

    Examples
    --------
    >>> encode([1.5, ...])[LENGTH.size:]
    b'["list", [1.5, ["dots"]]]'
    """
    writer = _Writer(hold)
    text = json.dumps(writer.write(value, 0)).encode()
    return b"".join([LENGTH.pack(len(text)), text, *writer.buffers])


class _Writer:
    def __init__(self, hold: Hold | None) -> None:
        self.hold, self.buffers, self.size = hold, list[bytes](), 0

    def write(self, value: Any, depth: int) -> Any:
        if depth > DEEPEST:
            return self._other(value, depth)
        if value is None or type(value) in (bool, str, float):
            return value
        for kinds, write in _WRITERS:
            if isinstance(value, kinds):
                return write(self, value, depth + 1)
        # What a student's object does when it is looked at is anybody's guess.
        with suppress(Exception):
            if hasattr(value, "detach"):
                return self.array(value.detach().cpu().numpy(), depth + 1)
            if hasattr(type(value), "__array__"):
                return self.array(np.array(value), depth + 1)
            if isinstance(value, Sequence):
                return self.nest("list", list(value), depth + 1)
        return self._other(value, depth)

    def nest(self, kind: str, values: Any, depth: int) -> Any:
        return [kind, [self.write(each, depth) for each in values]]

    def pairs(self, values: Mapping[Any, Any], depth: int) -> list[Any]:
        return [[self.write(key, depth), self.write(each, depth)] for key, each in values.items()]

    def mapping(self, value: Mapping[Any, Any], depth: int) -> Any:
        told = {} if isinstance(value, dict) else self._told(value, depth)
        return ["dict", self.pairs(value, depth), type(value).__name__, told]

    def record(self, value: Any, depth: int) -> Any:
        fields = vars(value) if isinstance(value, Record) else _named(value)
        if fields is None:
            return self.nest("tuple", value, depth)
        return ["record", type(value).__name__, self.pairs(fields, depth)]

    def array(self, value: Any, depth: int) -> Any:
        if isinstance(value, np.ma.MaskedArray):
            parts = np.ma.getdata(value), np.ma.getmaskarray(value)
            return ["masked", *(self.array(np.asarray(part), depth) for part in parts)]
        if value.dtype.kind in "OUS":
            entries = [self.write(each, depth) for each in value.ravel().tolist()]
            return ["objects", list(value.shape), value.dtype.kind, entries]
        if value.dtype.kind == "f" and value.dtype.itemsize > 8:
            value = value.astype(np.float64)
        dtype = value.dtype.newbyteorder("<")
        if not NUMBERS.fullmatch(dtype.str):
            return self._other(value, depth)
        buffer = np.ascontiguousarray(value, dtype).tobytes()
        self.buffers.append(buffer)
        self.size += len(buffer)
        return ["array", dtype.str, list(value.shape), self.size - len(buffer)]

    def scalar(self, value: Any, depth: int) -> Any:
        if value.dtype.kind in "mMV":
            return self._other(value, depth)
        return ["scalar", self.array(np.asarray(value), depth)]

    def stand_in(self, value: Any, depth: int) -> Any:
        told = [[name, self.write(each, depth)] for name, each in vars(value).items()]
        return ["object", type(value).__name__, callable(value), told]

    def _other(self, value: Any, depth: int) -> Any:
        if self.hold is None:
            return ["object", type(value).__name__, callable(value), []]
        told = {} if depth > DEEPEST else self._told(value, depth + 1)
        return ["held", self.hold(value), type(value).__name__, callable(value), told]

    def _told(self, value: Any, depth: int) -> dict[str, Any]:
        told = {}
        for name in TOLD:
            with suppress(Exception):
                told[name] = self.write(getattr(value, name), depth)
        return told


def _named(value: Any) -> dict[str, Any] | None:
    """The entries of a named tuple; None if it is a plain one."""
    names = getattr(value, "_fields", None)
    return None if names is None else dict(zip(names, value, strict=False))


_WRITERS: tuple[tuple[Any, Callable[[_Writer, Any, int], Any]], ...] = (
    (EllipsisType, lambda w, v, d: ["dots"]),
    (str, lambda w, v, d: str.__str__(v)),
    (bool, lambda w, v, d: bool(v)),
    ((np.ndarray,), _Writer.array),
    ((np.generic,), _Writer.scalar),
    (Integral, lambda w, v, d: ["int", format(int(v), "x")]),
    (Rational, lambda w, v, d: w.nest("fraction", (int(v.numerator), int(v.denominator)), d)),
    (Decimal, lambda w, v, d: ["decimal", str(v)]),
    (Real, lambda w, v, d: float(v)),
    (complex, lambda w, v, d: ["complex", v.real, v.imag]),
    ((bytes, bytearray), lambda w, v, d: ["bytes", v.hex()]),
    (range, lambda w, v, d: w.nest("range", (v.start, v.stop, v.step), d)),
    (StandIn, _Writer.stand_in),
    (tuple, _Writer.record),
    (list, lambda w, v, d: w.nest("list", v, d)),
    (frozenset, lambda w, v, d: w.nest("frozenset", v, d)),
    (set, lambda w, v, d: w.nest("set", v, d)),
    (Mapping, _Writer.mapping),
)  # the first that fits
