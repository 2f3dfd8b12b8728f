"""What :func:`cnnlab.train.fit` is given: refused before the first step if it cannot work."""

import inspect
import operator
from typing import Any

import numpy as np

from cnnlab.train.callbacks import Callback
from cnnlab.train.stepper import Array


def check_stepper(stepper: Any) -> None:
    """Refuse what cannot take a step, most often the bare network."""
    what = f"the class {stepper.__name__}" if isinstance(stepper, type) else type(stepper).__name__
    needed = ("step", "evaluate", "state", "restore", "learning_rate")
    if isinstance(stepper, type) or not all(hasattr(stepper, name) for name in needed):
        raise TypeError(
            f"fit: stepper must be a network with its loss and optimiser, not {what}. "
            "Wrap the network first: cnnlab.pytorch.Stepper(module), or "
            "cnnlab.scratch.Stepper(net) for NumPy."
        )


def examples(name: str, data: Any, stepper: Any) -> tuple[Array, Array]:
    """Check a set of examples once, so that no epoch has to."""
    pair = (data.images, data.labels) if hasattr(data, "images") else data
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:
        raise TypeError(
            f"fit: {name} must be a pair (x, y) or have .images and .labels, "
            f"not {type(data).__name__}. {_examples_advice(name, data)}"
        )
    x, y = _as_array(f"{name} x", pair[0]), _as_array(f"{name} y", pair[1])
    if x.ndim == 0 or y.ndim == 0 or len(x) != len(y) or len(x) == 0:
        raise ValueError(
            f"fit: {name} x and y must have the same length, at least 1, "
            f"not shapes {x.shape} and {y.shape}. Pair every example with its label."
        )
    _check_inputs(name, x, bool(getattr(stepper, "takes_tokens", False)))
    _check_targets(name, y)
    return x, y


def _examples_advice(name: str, data: Any) -> str:
    if isinstance(data, float):
        return "Divide the examples yourself, for example by Dataset.split(0.8)."
    if hasattr(data, "batch_size"):
        return f"Give the arrays, fit makes the batches itself: {name}=(x, y), batch_size=..."
    if hasattr(data, "tensors"):
        return f"Give its tensors: {name}=tuple({name}_set.tensors)."
    return f"Pass {name}=(x, y)."


def _as_array(name: str, given: Any) -> Array:
    tensor = hasattr(given, "detach")
    try:
        return np.asarray(given.detach().cpu() if tensor else given)
    except (TypeError, ValueError):
        what = (
            "a tensor of a kind unknown to NumPy. Convert it with .float()."
            if tensor
            else "ragged: its rows differ in shape. Make them alike, then np.stack them."
        )
        raise TypeError(f"fit: {name} must be an array, but it is {what}") from None


def _check_inputs(name: str, x: Array, tokens: bool) -> None:
    integers = np.issubdtype(x.dtype, np.integer)
    if not np.issubdtype(x.dtype, np.floating) and not (tokens and integers):
        raise TypeError(f"fit: {name} x must be floating point, not {x.dtype}. {_scaling(x.dtype)}")
    # The extremes are finite only if everything is, and need no array of their own.
    if x.size and not np.isfinite([x.min(), x.max()]).all():
        raise ValueError(
            f"fit: {name} x must be finite, but it holds NaN or infinity. "
            "Find them with np.isfinite(x)."
        )


def _scaling(dtype: np.dtype[Any]) -> str:
    if dtype.kind in "iu":
        white = np.iinfo(dtype).max if dtype.itemsize < 4 else 255
        return f"Scale it first, for example x.astype(np.float32) / {white}."
    if dtype.kind == "b":
        return "Convert it with x.astype(np.float32)."
    return "Turn every example into numbers of one shape first."


def _check_targets(name: str, y: Array) -> None:
    if y.dtype.kind not in "fiub":
        raise TypeError(
            f"fit: {name} labels must be integers, not {_kind(y)}. Number the classes: "
            "class_names, y = np.unique(y, return_inverse=True)."
        )
    if y.ndim == 1 and not np.issubdtype(y.dtype, np.integer):
        whole = bool(np.isfinite(y).all() and (y == np.floor(y)).all())
        cure = "Use y.astype(np.int64), or give" if whole else "Give"
        raise TypeError(
            f"fit: {name} labels must be integers, not {y.dtype}. "
            f"{cure} regression targets two axes, y[:, None]."
        )


def _kind(y: Array) -> str:
    if y.dtype.kind in "US" or isinstance(y.flat[0], str):
        return "text"
    return "Python objects" if y.dtype.kind == "O" else str(y.dtype)


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
        monitor = str(getattr(callback, "monitor", ""))
        if monitor.startswith("val_") and not validated:
            raise ValueError(
                f"fit: {type(callback).__name__} watches {monitor!r}, but there is no validation "
                "set. Give fit one, or monitor another metric."
            )


def check_transform(transform: Any) -> None:
    """Refuse what was called already, or cannot be called."""
    if transform is None:
        return
    if callable(transform):
        if not _takes_two(transform):
            raise TypeError(
                "fit: transform must take two arguments, the batch x and a random generator, "
                f"not only {inspect.signature(transform)}. Write it as transform(x, rng)."
            )
        return
    what = "an array" if hasattr(transform, "shape") else repr(transform)
    raise TypeError(
        f"fit: transform must be a function, not {what}. Give its name, without calling it."
    )


def _takes_two(function: Any) -> bool:
    try:
        inspect.signature(function).bind(None, None)
    except TypeError:
        return False
    except ValueError:  # written in C, without a signature
        return True
    return True


def at_least_one(name: str, value: Any) -> int:
    """Read a whole number that counts something."""
    try:
        number = operator.index(value)
    except TypeError:
        number = 0
    if number < 1 or isinstance(value, bool):
        raise ValueError(f"fit: {name} must be an integer of at least 1, not {value!r}.")
    return number
