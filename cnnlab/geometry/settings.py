"""What sizes, strides and paddings may be: whole numbers, spread over the axes."""

import operator
from collections.abc import Sequence
from typing import Any, Literal, TypeAlias, cast

Policy: TypeAlias = Literal["error", "floor", "ceil"]


AxisPadding: TypeAlias = int | tuple[int, int] | Literal["same", "valid"]


POLICIES: tuple[Policy, ...] = ("error", "floor", "ceil")


AXIS_NAMES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}


def integer(name: str, value: Any, minimum: int) -> int:
    """Check that a value is an integer of at least ``minimum`` and return it as ``int``.

    NumPy integers are welcome; floats and booleans are refused, because a size of 3.5
    or True is a mistake, not a size.

    Parameters
    ----------
    name : str
        What the value is called in an error.
    value : object
        The value to check.
    minimum : int
        Smallest number allowed.

    Raises
    ------
    TypeError
        If the value is not an integer.
    ValueError
        If it is smaller than ``minimum``.

    Examples
    --------
    >>> integer("stride", 2, minimum=1)
    2
    >>> integer("stride", 0, minimum=1)
    Traceback (most recent call last):
        ...
    ValueError: stride must be at least 1, not 0. Choose a larger stride.
    """
    if type(value) is int and value >= minimum:  # nearly always so: counting asks very often
        return value
    # By name, so that NumPy and torch need not be here: truth values of theirs have an index too.
    if isinstance(value, bool) or str(getattr(value, "dtype", "")) in ("bool", "torch.bool"):
        raise TypeError(f"{name} must be an integer, not the boolean {value}. Give a number.")
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(
            f"{name} must be an integer, not {value!r} ({type(value).__name__}). Give a whole number."
        ) from None
    if number < minimum:
        raise ValueError(
            f"{name} must be at least {minimum}, not {number}. "
            f"Choose a larger {name.rpartition(': ')[2]}."
        )
    return number


def check_policy(policy: str) -> None:
    """Refuse a policy that is not "error", "floor" or "ceil".

    Parameters
    ----------
    policy : str
        The policy to check.

    Examples
    --------
    >>> check_policy("round")
    Traceback (most recent call last):
        ...
    ValueError: policy must be one of error, floor, ceil, not 'round'. Choose one.
    """
    if policy not in POLICIES:
        raise ValueError(
            f"policy must be one of {', '.join(POLICIES)}, not {policy!r}. Choose one."
        )


def per_axis(name: str, value: int | Sequence[int], ndim: int, minimum: int = 1) -> tuple[int, ...]:
    """Spread one number over ``ndim`` axes, or check that there is one for each.

    Parameters
    ----------
    name : str
        What the value is called in an error.
    value : int or sequence of int
        One number for all axes, or one an axis.
    ndim : int
        Axes: 1, 2 or 3.
    minimum : int
        Smallest number allowed.

    Examples
    --------
    >>> per_axis("stride", 2, ndim=2), per_axis("kernel_size", (1, 7), ndim=2)
    ((2, 2), (1, 7))
    """
    if isinstance(value, int) or not isinstance(value, Sequence):
        return (integer(name, value, minimum),) * ndim
    if len(value) != ndim:
        raise ValueError(
            f"{name} must be one number or one for each of {ndim} axes "
            f"({', '.join(AXIS_NAMES[ndim])}), not {len(value)}: {tuple(value)}. Match the axes."
        )
    return tuple(integer(name, number, minimum) for number in value)


def padding_per_axis(padding: Any, ndim: int) -> tuple[AxisPadding, ...]:
    """Spread a padding over ``ndim`` axes.

    Parameters
    ----------
    padding : int, "same", "valid", or a tuple with one entry an axis
        An entry is an int (each side), a pair (before, after), or a named rule.
    ndim : int
        Axes: 1, 2 or 3.

    Examples
    --------
    >>> padding_per_axis(1, ndim=2), padding_per_axis(((0, 1), 2), ndim=2)
    ((1, 1), ((0, 1), 2))
    """
    if isinstance(padding, int | str) or not isinstance(padding, Sequence):
        return cast("tuple[AxisPadding, ...]", (padding,) * ndim)
    if len(padding) != ndim:
        raise ValueError(
            f"padding must be one number or rule, or one entry for each of {ndim} axes "
            f"({', '.join(AXIS_NAMES[ndim])}), not {len(padding)} entries {tuple(padding)}. "
            "Write both sides of an axis as an inner pair (before, after)."
        )
    return cast("tuple[AxisPadding, ...]", tuple(padding))
