"""Rows as a student may have read them, by which sizes further on come out otherwise."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from cnnlab.spec import (
    Conv,
    Row,
)


def no_padding(row: Row) -> Row:
    """The row without padding."""
    return _with(row, padding=0)


def same_padding(row: Row) -> Row:
    """The row with padding that keeps the size."""
    return _with(row, padding="same") if isinstance(row, Conv) else row


def no_stride(row: Row) -> Row:
    """The row moved one pixel at a time."""
    return _with(row, stride=1)


def no_output_padding(row: Row) -> Row:
    """The transposed convolution without pixels added at the end."""
    return _with(row, output_padding=0)


def as_convolution(row: Row) -> Row:
    """A convolution with the settings of a transposed one."""
    return Conv(**{f.name: getattr(row, f.name) for f in fields(row) if f.name in _OF_CONV})


_OF_CONV = {f.name for f in fields(Conv)}


def other_rounding(row: Row) -> Row:
    """The row with the other policy."""
    ceil = getattr(row, "policy", "") == "ceil"
    return _with(row, policy="floor" if ceil else "ceil")


def no_pooling(row: Row) -> Row | None:
    """Nothing in place of a pooling."""
    return None if row.family == "pooling" else row


def _with(row: Row, **changes: Any) -> Row:
    known = {name: value for name, value in changes.items() if hasattr(row, name)}
    return replace(row, **known) if known else row


READINGS: tuple[tuple[str, Callable[[Row], Row | None], str], ...] = (
    ("pooling forgotten", no_pooling, "this is the size without the pooling before"),
    ("padding forgotten", no_padding, "this is the size without the padding before"),
    ("padding that is not there", same_padding, "this is the size if padding had kept it"),
    ("rounding of the pooling", other_rounding, "a size before was rounded the other way"),
    ("stride forgotten", no_stride, "this is the size if every window moved by one pixel"),
)
"""What is misread of the rows before, so that another size enters."""
