"""Checks on arrays that the functional layers share."""

from typing import Any, TypeAlias

import numpy as np

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

FLOATS = (np.dtype(np.float32), np.dtype(np.float64))


def check_floats(function: str, **arrays: Any) -> None:
    """Require NumPy arrays of one floating dtype; a layer never casts silently.

    Examples
    --------
    >>> check_floats("conv2d", x=np.ones(3), weight=np.ones(3, np.float32))
    Traceback (most recent call last):
        ...
    TypeError: conv2d: weight must have the dtype of x, float64, not float32. Convert one of \
them with .astype.
    """
    first = next(iter(arrays))
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray):
            raise TypeError(
                f"{function}: {name} must be a NumPy array, not {type(array).__name__}. "
                "Convert it with np.asarray(..., dtype=np.float32)."
            )
        if array.dtype not in FLOATS:
            raise TypeError(
                f"{function}: {name} must be float32 or float64, not {array.dtype}. "
                "Convert it with .astype(np.float32)."
            )
        if array.dtype != arrays[first].dtype:
            raise TypeError(
                f"{function}: {name} must have the dtype of {first}, {arrays[first].dtype}, "
                f"not {array.dtype}. Convert one of them with .astype."
            )


def check_axes(function: str, name: str, array: Any, axes: str) -> None:
    """Require the axes that a layer reads, named as in ``"(N, C, H, W)"``.

    Examples
    --------
    >>> check_axes("conv2d", "x", np.ones((28, 28)), "(N, C, H, W)")
    Traceback (most recent call last):
        ...
    ValueError: conv2d: x must have 4 axes (N, C, H, W), not 2: shape (28, 28). Reshape it.
    """
    if not isinstance(array, np.ndarray):
        check_floats(function, **{name: array})
    ndim = axes.count(",") + 1
    if array.ndim != ndim:
        raise ValueError(
            f"{function}: {name} must have {ndim} axes {axes}, not {array.ndim}: "
            f"shape {array.shape}. Reshape it."
        )


def check_shape(function: str, name: str, array: Array, shape: tuple[int, ...]) -> None:
    """Require one exact shape, for instance that of the output for an upstream gradient.

    Examples
    --------
    >>> check_shape("conv2d", "bias", np.ones(3), (4,))
    Traceback (most recent call last):
        ...
    ValueError: conv2d: bias must have shape (4,), not (3,). Give one number for each.
    """
    if array.shape != shape:
        raise ValueError(
            f"{function}: {name} must have shape {shape}, not {array.shape}. "
            "Give one number for each."
        )


def check_any(function: str, array: Array) -> None:
    """Require that there is something to take the mean of.

    Examples
    --------
    >>> check_any("mse_loss", np.zeros((0, 3)))
    Traceback (most recent call last):
        ...
    ValueError: mse_loss: a mean must be over at least one number, not over the shape (0, 3). \
Leave out empty batches.
    """
    if not array.size:
        raise ValueError(
            f"{function}: a mean must be over at least one number, not over the shape "
            f"{array.shape}. Leave out empty batches."
        )


def check_convolution_arrays(
    function: str, x: Any, weight: Any, bias: Any, axes: tuple[str, str]
) -> None:
    """Require one dtype of ``x``, ``weight`` and ``bias`` (if any) and the axes of the first two."""
    check_floats(function, x=x, weight=weight, **({} if bias is None else {"bias": bias}))
    check_axes(function, "x", x, axes[0])
    check_axes(function, "weight", weight, axes[1])
    if not weight.size:
        raise ValueError(
            f"{function}: weight must hold a kernel, but its shape is {weight.shape}. "
            "Give each axis at least 1."
        )
