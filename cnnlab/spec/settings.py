"""The kinds of settings: what a row's annotations admit, refused in one sentence where it is not."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from cnnlab._names import nearest

# What other libraries call a setting, or give to a row that has it elsewhere here.
_ALSO = {
    "filters": "out_channels",
    "units": "out_features",
    "strides": "stride",
    "pool_size": "kernel_size",
    "dilation_rate": "dilation",
    "use_bias": "bias",
    "ceil_mode": "policy",
    "depth_multiplier": "multiplier",
    "epsilon": "eps",
    "rate": "p",
    "size": "scale_factor",
}
_ELSEWHERE = {
    "activation": "An activation is a row of its own, behind this one, such as ReLU().",
    "input_shape": "What enters is read from the shape.",
    "kernel_initializer": "How weights begin is said where the network is built, by init=.",
    "kernel_regularizer": "A penalty is a setting of the training.",
    "name": "A row's name is given in its chain: Chain(conv1=Conv(…)).",
}
_ELSEWHERE |= dict.fromkeys(
    ("in_channels", "in_features", "input_dim", "input_size", "num_features", "num_channels"),
    _ELSEWHERE["input_shape"],
)


def check_settings(
    settings: Sequence[str], given: Sequence[Any], named: Mapping[str, Any], order: str = ""
) -> None:
    """Refuse more values than a row has settings, and settings that it does not have.

    Parameters
    ----------
    settings : sequence of str
        Those of the row.
    given : sequence
        Values in order.
    named : mapping of str to object
        Values by name.
    order : str
        As :func:`check_kind`.

    Examples
    --------
    >>> check_settings(["out_channels", "kernel_size", "stride"], [16, 3], {"strides": 2})
    Traceback (most recent call last):
        ...
    TypeError: setting must be one of out_channels, kernel_size, stride, not 'strides'. \
Did you mean 'stride'?
    """
    if not settings and (given or named):
        words = ", ".join([*map(repr, given), *(f"{name}={named[name]!r}" for name in named)])
        raise TypeError(f"it must stand without settings, not with {words}. Leave them out.")
    if len(given) > len(settings):
        raise TypeError(
            f"settings must be at most {len(settings)} ({', '.join(settings)}), "
            f"not {len(given)}: {', '.join(map(repr, given))}. {order or 'Leave out the others.'}"
        )
    for name in named:
        if name not in settings:
            also = {other: one for other, one in _ALSO.items() if one in settings}
            near = nearest(name, settings, also)
            meant = f"Did you mean {near!r}?" if near else "Choose one of these."
            raise TypeError(
                f"setting must be one of {', '.join(settings)}, not {name!r}. "
                f"{_ELSEWHERE.get(name, meant)}"
            )


_PLAIN = (int, str, bool, float, type(None))


def plain(value: Any) -> Any:
    """A value without lists, arrays and NumPy scalars, so that every row compares and hashes.

    Examples
    --------
    >>> import numpy as np
    >>> plain([np.int64(3), np.array([1, 2])]), plain(np.float32(0.5)), plain(np.True_)
    ((3, (1, 2)), 0.5, True)
    """
    if type(value) in _PLAIN:
        return value
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
