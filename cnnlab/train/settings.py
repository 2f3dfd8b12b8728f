"""What :func:`cnnlab.train.fit` is given: refused before the first step if it cannot work."""

import operator
from typing import Any

import numpy as np

from cnnlab.train.callbacks import Callback
from cnnlab.train.stepper import Array


def examples(name: str, data: Any) -> tuple[Array, Array]:
    """Check a set of examples once, so that no epoch has to."""
    pair = (data.images, data.labels) if hasattr(data, "images") else data
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:
        raise TypeError(
            f"fit: {name} must be a pair (x, y) or have .images and .labels, "
            f"not {type(data).__name__}. Pass {name}=(x, y)."
        )
    x, y = np.asarray(pair[0]), np.asarray(pair[1])
    if x.ndim == 0 or y.ndim == 0 or len(x) != len(y) or len(x) == 0:
        raise ValueError(
            f"fit: {name} x and y must have the same length, at least 1, "
            f"not shapes {x.shape} and {y.shape}. Pair every example with its label."
        )
    if not np.issubdtype(x.dtype, np.floating):
        raise TypeError(
            f"fit: {name} x must be floating point, not {x.dtype}. "
            "Scale it first, for example x.astype(np.float32) / 255."
        )
    if y.ndim == 1 and not np.issubdtype(y.dtype, np.integer):
        raise TypeError(
            f"fit: {name} labels must be integers, not {y.dtype}. Use y.astype(np.int64), "
            "or give regression targets two axes, y[:, None]."
        )
    # The extremes are finite only if everything is, and need no array of their own.
    if x.size and not np.isfinite([x.min(), x.max()]).all():
        raise ValueError(
            f"fit: {name} x must be finite, but it holds NaN or infinity. "
            "Find them with np.isfinite(x)."
        )
    return x, y


def check_callbacks(callbacks: Any, validated: bool) -> None:
    """Refuse before the first epoch what would fail after it."""
    for given in callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]:
        if isinstance(given, type) and issubclass(given, Callback):
            raise TypeError(
                f"fit: every callback must be an object, but {given.__name__} is the class. "
                f"Put brackets after it: {given.__name__}()."
            )
    if isinstance(callbacks, Callback):
        raise TypeError(
            f"fit: callbacks must be a list, not one {type(callbacks).__name__}. "
            "Put it in brackets: callbacks=[...]."
        )
    for callback in callbacks:
        if not isinstance(callback, Callback):
            raise TypeError(
                f"fit: every callback must be a cnnlab.train.Callback, not {callback!r}. "
                "Make it a subclass, and pass an object of it."
            )
        monitor = getattr(callback, "monitor", "")
        if monitor.startswith("val_") and not validated:
            raise ValueError(
                f"fit: {type(callback).__name__} watches {monitor!r}, but there is no validation "
                "set. Give fit one, or monitor another metric."
            )


def check_transform(transform: Any) -> None:
    """Refuse what was called already, or cannot be called."""
    if transform is None or callable(transform):
        return
    what = "an array" if hasattr(transform, "shape") else repr(transform)
    raise TypeError(
        f"fit: transform must be a function, not {what}. Give its name, without calling it."
    )


def at_least_one(name: str, value: Any) -> int:
    """Read a whole number that counts something."""
    try:
        number = operator.index(value)
    except TypeError:
        number = 0
    if number < 1 or isinstance(value, bool):
        raise ValueError(f"fit: {name} must be an integer of at least 1, not {value!r}.")
    return number
