"""Homework feedback: an answer is right, or the idea that went wrong has a name.

A check never raises on a student's answer and never tells the expected value. It looks at
the type first, then at the shape, then at the value, and explains a wrong value by the first
misconception that would have produced it.

Examples
--------
>>> from cnnlab import check
>>> check.output_size(5, size=7, kernel_size=3)
✓ passed: output size of input 7, kernel 3, stride 1, padding 0 with policy floor.
>>> check.output_size(..., size=7, kernel_size=3).status
'todo'
"""

import importlib
from typing import TYPE_CHECKING, Any

from cnnlab.check.board import CheckFailed, Score, lab, score, strict
from cnnlab.check.choices import ask, choice, given, words
from cnnlab.check.fields import receptive_field
from cnnlab.check.misconceptions import Misconception
from cnnlab.check.numbers import number
from cnnlab.check.paddings import padding
from cnnlab.check.result import Result, Status
from cnnlab.check.sizes import output_size
from cnnlab.check.tables import table
from cnnlab.check.variants import variant

if TYPE_CHECKING:
    from cnnlab.check.backwards import backward
    from cnnlab.check.by_hand import max_pool_gradient, unread
    from cnnlab.check.functions import function
    from cnnlab.check.gradients import gradient
    from cnnlab.check.histories import training
    from cnnlab.check.layers import layer
    from cnnlab.check.networks import network
    from cnnlab.check.pairs import pair
    from cnnlab.check.values import array

__all__ = [
    "CheckFailed",
    "Misconception",
    "Result",
    "Score",
    "Status",
    "array",
    "ask",
    "backward",
    "choice",
    "function",
    "given",
    "gradient",
    "lab",
    "layer",
    "max_pool_gradient",
    "network",
    "number",
    "output_size",
    "padding",
    "pair",
    "receptive_field",
    "score",
    "strict",
    "table",
    "training",
    "unread",
    "variant",
    "words",
]

# Checks of arrays and code need NumPy or the whole engine, which answers in numbers do not.
_CODE = {
    "array": "values",
    "backward": "backwards",
    "function": "functions",
    "gradient": "gradients",
    "layer": "layers",
    "max_pool_gradient": "by_hand",
    "network": "networks",
    "pair": "pairs",
    "training": "histories",
    "unread": "by_hand",
}


def __getattr__(name: str) -> Any:
    """Import a check on first use, so that ``import cnnlab.check`` stays light."""
    if name not in _CODE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    check = getattr(importlib.import_module(f"{__name__}.{_CODE[name]}"), name)
    globals()[name] = check
    return check


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
