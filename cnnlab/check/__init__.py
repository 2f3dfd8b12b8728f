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

from cnnlab.check.core.keep import keep, kept
from cnnlab.check.core.misconception import Misconception
from cnnlab.check.core.progress import listen as _listen
from cnnlab.check.core.result import Result, Status
from cnnlab.check.core.score import CheckFailed, after, lab, score, strict
from cnnlab.check.core.scorecard import Score
from cnnlab.check.numbers.fields import receptive_field
from cnnlab.check.numbers.number import number
from cnnlab.check.numbers.paddings import padding
from cnnlab.check.numbers.sizes import output_size
from cnnlab.check.questions.choices import ask, choice, given, words

if TYPE_CHECKING:
    from cnnlab.check.code.backwards import backward
    from cnnlab.check.code.functions import function
    from cnnlab.check.code.gradients import gradient
    from cnnlab.check.code.layers import layer
    from cnnlab.check.code.pairs import pair
    from cnnlab.check.code.values import array
    from cnnlab.check.networks.comparison import comparison
    from cnnlab.check.networks.network import network
    from cnnlab.check.networks.training import training
    from cnnlab.check.numbers.pool_gradient import max_pool_gradient
    from cnnlab.check.numbers.unread import unread
    from cnnlab.check.numbers.variants import variant
    from cnnlab.check.tables.table import table

__all__ = [
    "CheckFailed",
    "Misconception",
    "Result",
    "Score",
    "Status",
    "after",
    "array",
    "ask",
    "backward",
    "choice",
    "comparison",
    "function",
    "given",
    "gradient",
    "keep",
    "kept",
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

_listen()  # whether or not the cell with check.lab has run

# Checks of tables, arrays and code need NumPy or the engine, which answers in numbers do not.
_LATER = {
    "array": "code.values",
    "backward": "code.backwards",
    "comparison": "networks.comparison",
    "function": "code.functions",
    "gradient": "code.gradients",
    "layer": "code.layers",
    "max_pool_gradient": "numbers.pool_gradient",
    "network": "networks.network",
    "pair": "code.pairs",
    "table": "tables.table",
    "training": "networks.training",
    "unread": "numbers.unread",
    "variant": "numbers.variants",
}


def __getattr__(name: str) -> Any:
    """Import a check on first use, so that ``import cnnlab.check`` stays light."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    check = getattr(importlib.import_module(f"{__name__}.{_LATER[name]}"), name)
    globals()[name] = check
    return check


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
