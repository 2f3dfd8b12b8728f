"""Count an architecture without building it: shapes, parameters, MACs, bytes, receptive field.

Conventions, stated once: a MAC is one multiply-accumulate; adding a bias, pooling,
activations and normalisation count none. Bytes assume float32, and 1 MB is 1024² bytes,
as Keras prints it. All counts are for one example.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from math import prod
from typing import TypeAlias

from cnnlab._names import unknown
from cnnlab._text import aligned, by, html_table
from cnnlab.geometry import ReceptiveField
from cnnlab.spec import Combinator, Row, Shape, TraceStep, trace

BYTES_PER_NUMBER = 4  # float32
MEGABYTE = 1024**2


@dataclass(frozen=True)
class SummaryRow:
    """Counts of one layer, or of the point where branches join.

    Attributes
    ----------
    path : str
        Where the row stands, as in ``state_dict`` keys.
    row : Row
        The row itself.
    output_shape : tuple of int
        Without the batch.
    params, trainable_params : int
        Numbers in learned arrays, and those of them that training changes.
    buffers : int
        Numbers saved but not learned, such as running statistics.
    macs : int
        Multiply-accumulates for one example; bias not counted.
    activation_bytes : int
        Bytes of the output of one example in float32.
    receptive_field : tuple of ReceptiveField or None
        What one unit sees, for each axis of the input; empty for a flat input, None where
        units differ.
    """

    path: str
    row: Row
    output_shape: Shape
    params: int
    trainable_params: int
    buffers: int
    macs: int
    activation_bytes: int
    receptive_field: tuple[ReceptiveField, ...] | None


@dataclass(frozen=True, repr=False)
class Summary:
    """Counts of an architecture; ``str()`` is the table, in JupyterLab it is a rich one.

    Attributes
    ----------
    spec : Row
        The architecture.
    input_shape : tuple of int
        Without the batch.
    rows : tuple of SummaryRow
        One a layer, in the order of computation.
    """

    spec: Row
    input_shape: Shape
    rows: tuple[SummaryRow, ...]

    @property
    def output_shape(self) -> Shape:
        """Shape that leaves the last layer, without the batch."""
        return self.rows[-1].output_shape if self.rows else self.input_shape

    @property
    def params(self) -> int:
        """Numbers in learned arrays, frozen ones included."""
        return sum(row.params for row in self.rows)

    @property
    def trainable_params(self) -> int:
        """Parameters that training changes."""
        return sum(row.trainable_params for row in self.rows)

    @property
    def non_trainable_params(self) -> int:
        """Frozen parameters and running statistics, which Keras' summary prints under this name."""
        return self.params - self.trainable_params + self.buffers

    @property
    def buffers(self) -> int:
        """Numbers that are saved but not learned, such as running statistics."""
        return sum(row.buffers for row in self.rows)

    @property
    def macs(self) -> int:
        """Multiply-accumulates for one example; bias not counted."""
        return sum(row.macs for row in self.rows)

    @property
    def param_bytes(self) -> int:
        """Bytes of all parameters in float32."""
        return self.params * BYTES_PER_NUMBER

    @property
    def activation_bytes(self) -> int:
        """Bytes of all layers' outputs for one example in float32."""
        return sum(row.activation_bytes for row in self.rows)

    def __getitem__(self, path: str) -> SummaryRow:
        """Return the row at a path such as ``"conv1"``."""
        for row in self.rows:
            if row.path == path:
                return row
        raise KeyError(unknown("path", path, [row.path for row in self.rows]))

    def __str__(self) -> str:
        lines = aligned([_HEADINGS, *map(_cells, self.rows)], _SIDES)
        rule = "─" * max(map(len, lines))
        return "\n".join(
            [
                f"Input {by(self.input_shape)}",
                rule,
                lines[0],
                rule,
                *lines[1:],
                rule,
                *self._totals(),
            ]
        )

    __repr__ = __str__

    def _totals(self) -> Iterator[str]:
        yield f"Parameters   {self.params:,} ({self.param_bytes / MEGABYTE:.2f} MB as float32)"
        if self.trainable_params != self.params:
            yield f"  trainable  {self.trainable_params:,}"
            yield f"  frozen     {self.params - self.trainable_params:,}"
        if self.buffers:
            yield f"Buffers      {self.buffers:,} (running statistics, not learned)"
            total = self.trainable_params + self.non_trainable_params
            yield f"  in Keras   {total:,} parameters, {self.non_trainable_params:,} non-trainable"
        yield f"MACs         {self.macs:,} for one example, bias not counted"
        yield f"Activations  {self.activation_bytes / MEGABYTE:.2f} MB for one example as float32"

    def _repr_html_(self) -> str:
        totals = "<br>".join(escape(line) for line in self._totals())
        caption = f"Input {by(self.input_shape)}, layer by layer"
        rows = map(_html_cells, self.rows)
        return f"{html_table(caption, _HEADINGS, _SIDES, rows)}<p>{totals}</p>"


_HEADINGS = ("Path", "Layer", "Output shape", "Parameters", "MACs", "Receptive field")
_SIDES = ("left", "left", "right", "right", "right", "right")
_LAYER_WIDTH = 64  # characters


def _cells(row: SummaryRow) -> tuple[str, ...]:
    fields = row.receptive_field
    seen = "varies" if fields is None else by(tuple(field.size for field in fields)) or "–"
    layer = type(row.row).__name__ if isinstance(row.row, Combinator) else repr(row.row)
    if len(layer) > _LAYER_WIDTH:  # a connection table would push the numbers off the page
        layer = f"{layer[: _LAYER_WIDTH - 12]} … {layer[-9:]}"
    return row.path, layer, by(row.output_shape), f"{row.params:,}", f"{row.macs:,}", seen


def _html_cells(row: SummaryRow) -> list[str]:
    path, layer, *numbers = map(escape, _cells(row))
    return [path, f"<code>{layer}</code>", *numbers]


def summarize(spec: Row, input_shape: Shape) -> Summary:
    """Count an architecture, row by row; nothing is built and no weights are made.

    Parameters
    ----------
    spec : Row
        A row or a combinator of rows.
    input_shape : tuple of int
        ``(C, H, W)``, ``(C, L)``, ``(C, D, H, W)`` or ``(F,)``, without the batch.

    Returns
    -------
    Summary
        Counts in ``.rows`` and totals; ``str()`` is the table.

    Raises
    ------
    ShapeError
        If a row does not fit; it names the row and shows the shapes up to there.

    Examples
    --------
    >>> from cnnlab.spec import Chain, Conv, Flatten, Linear
    >>> print(summarize(Chain(conv=Conv(6, 5), flatten=Flatten(), fc=Linear(10)), (1, 28, 28)))
    Input 1×28×28
    ──────────────────────────────────────────────────────────────────────
    Path     Layer       Output shape  Parameters    MACs  Receptive field
    ──────────────────────────────────────────────────────────────────────
    conv     Conv(6, 5)       6×24×24         156  86,400              5×5
    flatten  Flatten()           3456           0       0              5×5
    fc       Linear(10)            10      34,570  34,560            28×28
    ──────────────────────────────────────────────────────────────────────
    Parameters   34,726 (0.13 MB as float32)
    MACs         120,960 for one example, bias not counted
    Activations  0.03 MB for one example as float32
    """
    known: dict[tuple[int, Shape], _Counts] = {}  # a row met again counts the same
    rows = []
    for step in trace(spec, input_shape):
        key = id(step.row), step.in_shape
        counts = known.get(key) or known.setdefault(key, _count(step))
        rows.append(SummaryRow(step.path, step.row, step.out_shape, *counts, step.fields))
    return Summary(spec, tuple(input_shape), tuple(rows))


_Counts: TypeAlias = tuple[int, int, int, int, int]


def _count(step: TraceStep) -> _Counts:
    """Parameters, those that train, buffers, MACs, bytes of the output."""
    joins = isinstance(step.row, Combinator)  # its rows have been counted on the way
    params = sum(map(prod, step.param_shapes.values()))
    return (
        params,
        params if step.row.trainable else 0,
        0 if joins else sum(map(prod, step.row.buffer_shapes(step.in_shape).values())),
        0 if joins else step.row.macs(step.in_shape),
        prod(step.out_shape) * BYTES_PER_NUMBER,
    )
