"""How the rows of a misconception table are written down."""

from collections.abc import Callable, Iterator
from typing import Literal, TypeAlias

from cnnlab.check.core.misconception import Misconception
from cnnlab.check.tables.misconceptions.cells import Cell, Value
from cnnlab.spec import Family

About: TypeAlias = Misconception[Cell]
Model: TypeAlias = Callable[[Cell], Value | None]
Count: TypeAlias = Callable[[Cell], int | None]
Families: TypeAlias = tuple[Family | Literal["total"], ...]

CONVOLUTIONS: Families = ("convolution", "transposed convolution")
DENSE: Families = ("dense",)
POOLINGS: Families = ("pooling",)


def of(
    families: Families,
    *rows: tuple[str, Model, str],
    where: Callable[[Cell], object] | None = None,
) -> Iterator[About]:
    """Misconceptions about rows of these families only; of any row where none is named.

    Parameters
    ----------
    families : tuple of str
        As :data:`cnnlab.spec.Family`, or "total".
    *rows : (str, callable, str)
        Name, model and sentence of a :class:`Misconception`; the sentence's braces may look
        into the cell ``c``.
    where : callable, optional
        Which cells of these families the misconceptions are about; all if left out.
    """

    def only(model: Model) -> Model:
        def applies(c: Cell) -> Value | None:
            about = (not families or c.family in families) and (where is None or where(c))
            return model(c) if about else None

        return applies

    for name, model, sentence in rows:
        yield Misconception(name, only(model), sentence)


def of_weights(families: Families, *rows: tuple[str, Count, str]) -> Iterator[About]:
    """Misconceptions about the weight: each with the right biases, and without them."""
    for name, model, sentence in rows:
        yield from of(families, (name, _with_biases(model), sentence))
        too = f"{sentence} The biases are missing too."
        yield from of(families, (f"{name}, and the bias", _without_biases(model), too))


def of_another_row(c: Cell) -> Value | None:
    """The answer, if it stands in another row of the column."""
    return c.answer if c.answer and c.answer in c.others else None


def rounded(c: Cell) -> int | None:
    """The answer, if it is the right one with fewer digits."""
    right = None if c.path == "total" else c.value(c.table.rows[c.path])
    if not isinstance(right, int) or not isinstance(c.answer, int):
        return None
    fewer = {round(right, -digits) for digits in range(1, len(str(right)) - 1)}
    return c.answer if c.answer in fewer else None


def _with_biases(model: Count) -> Count:
    return lambda c: None if (weights := model(c)) is None else weights + c.biases


def _without_biases(model: Count) -> Count:
    return lambda c: model(c) if c.biases else None
