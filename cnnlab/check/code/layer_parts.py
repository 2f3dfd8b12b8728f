"""What a layer must have before it is run: methods, dicts, parameters with the right names."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cnnlab.check.core.arrays import Array
from cnnlab.check.core.differences import difference
from cnnlab.check.core.result import Result
from cnnlab.spec import Row


def misses(answer: Any) -> Result | None:
    """Say what an answer lacks that every layer has."""
    if isinstance(answer, type):
        return Result("fail", "This is the class of a layer; give a layer that it makes.")
    for name in ("forward", "backward", "out_shape"):
        if not callable(getattr(answer, name, None)):
            return Result(
                "fail",
                f"A layer has a method {name}; this {type(answer).__name__} has none.",
                "A layer has params, grads, forward, backward and out_shape.",
            )
    for name in ("params", "grads"):
        if not isinstance(getattr(answer, name, None), Mapping):
            return Result(
                "fail",
                f"A layer has a dict {name}; this {type(answer).__name__} has none.",
                "Make it in __init__, empty if there is nothing to learn.",
            )
    return None


def parameters(own: Any, x: Array, row: Row | None, training: bool) -> Result | None:
    """Say which parameter does not have the name or the shape of the row's."""
    if row is None:
        return None
    wanted = row.param_shapes(x.shape[1:])
    if set(own.params) != set(wanted):
        listing = ", ".join(own.params) or "none"
        return Result(
            "fail",
            f"The names of the parameters are {listing}; they must be those of PyTorch.",
            "A weight is called weight, a bias is called bias.",
        )
    for key, shape in wanted.items():
        text = difference(np.zeros(np.shape(own.params[key])), np.ones(shape))
        if np.shape(own.params[key]) != tuple(shape):
            return Result("fail", f"The parameter {key} does not fit. {text}")
    return None
