"""How the rows of a misconception table are written down."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.tables.cells import Cell, Value

Belief: TypeAlias = Misconception[Cell]
Model: TypeAlias = Callable[[Cell], Value | None]
Count: TypeAlias = Callable[[Cell], int | None]

CONVOLUTIONS = ("Conv", "DepthwiseConv")
DENSE = ("Linear", "DropConnect")
POOLINGS = (
    "MaxPool",
    "AvgPool",
    "GlobalAvgPool",
    "GlobalMaxPool",
    "AdaptiveAvgPool",
    "AdaptiveMaxPool",
)


def of(kinds: tuple[str, ...], *rows: tuple[str, Model, str]) -> Iterator[Belief]:
    """Misconceptions about rows of these kinds only; of any row where none is named.

    Parameters
    ----------
    kinds : tuple of str
        Classes of rows.
    *rows : (str, callable, str)
        Name, model and sentence of a :class:`Misconception`; the sentence's braces may look
        into the cell ``c``.
    """
    for name, model, sentence in rows:
        yield Misconception(name, _only(kinds, model) if kinds else model, sentence)


def of_weights(kinds: tuple[str, ...], *rows: tuple[str, Count, str]) -> Iterator[Belief]:
    """Misconceptions about the weight: each with the right biases, and without them."""
    for name, model, sentence in rows:
        yield from of(kinds, (name, _with_biases(model), sentence))
        too = f"{sentence} The biases are missing too."
        yield from of(kinds, (f"{name}, and the bias", _without_biases(model), too))


def _only(kinds: tuple[str, ...], model: Model) -> Model:
    return lambda c: model(c) if c.kind in kinds else None


def _with_biases(model: Count) -> Count:
    return lambda c: None if (weights := model(c)) is None else weights + c.biases


def _without_biases(model: Count) -> Count:
    return lambda c: model(c) if c.biases else None
