"""The kinds of settings: what a row's annotations admit, refused in one sentence where it is not."""

import math
from typing import Any


def plain(value: Any) -> Any:
    """A value without lists, arrays and NumPy scalars, so that every row compares and hashes.

    Examples
    --------
    >>> import numpy as np
    >>> plain([np.int64(3), np.array([1, 2])]), plain(np.float32(0.5)), plain(np.True_)
    ((3, (1, 2)), 0.5, True)
    """
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return tuple(map(plain, value))
    if isinstance(value, bool | int) or not hasattr(value, "__index__"):
        return value
    return value.__index__()


def check_kind(name: str, kind: Any, value: Any, order: str = "") -> None:
    """Refuse a flag that is no truth value and a number that is none.

    Parameters
    ----------
    name : str
        The setting.
    kind : type
        Its annotation; kinds other than ``bool`` and ``float`` pass here, because their rows
        know their ranges too.
    value : object
    order : str
        What the row takes in which order, where other libraries take something else.

    Examples
    --------
    >>> check_kind("bias", bool, 10, "Inputs are not given: Linear(10).")
    Traceback (most recent call last):
        ...
    TypeError: bias must be True or False, not 10. Inputs are not given: Linear(10).
    """
    if kind is bool and not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, not {value!r}. {order or 'Choose one.'}")
    if kind is float:
        if isinstance(value, str) and _is_number(value):
            order = f"Write {value.strip()} without quotation marks."
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError(f"{name} must be a number, not {value!r}. {order or 'Give one.'}")
        if not math.isfinite(value):
            raise ValueError(f"{name} must be finite, not {value}. Give a plain number.")


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
