"""One cell of a table as a question: its row, what enters it, and what else stands around it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Literal

from cnnlab import geometry
from cnnlab.count import Summary, SummaryRow, summarize
from cnnlab.spec import (
    GRU,
    Combinator,
    Family,
    Identity,
    Row,
    Shape,
    TableConv,
    Window,
    trace,
)

Value = int | Shape


@dataclass(frozen=True)
class Table:
    """A network to count, with the sums that no single row has.

    Parameters
    ----------
    spec : Row
        The network.
    input_shape : tuple of int
        ``(C, H, W)`` without the batch.
    """

    spec: Row
    input_shape: Shape

    @cached_property
    def summary(self) -> Summary:
        """The counts, row by row."""
        return summarize(self.spec, self.input_shape)

    @cached_property
    def rows(self) -> dict[str, SummaryRow]:
        """Rows by path."""
        return {row.path: row for row in self.summary.rows}

    @cached_property
    def in_shapes(self) -> dict[str, Shape]:
        """Shape that enters each row."""
        return {step.path: step.in_shape for step in trace(self.spec, self.input_shape)}

    def altered(self, change: Callable[[Row], Row | None]) -> "Table":
        """The same network with rows as a student may have read them; None removes one."""
        return Table(_altered(self.spec, change), self.input_shape)


def _altered(row: Row, change: Callable[[Row], Row | None]) -> Row:
    if not isinstance(row, Combinator):
        return change(row) or Identity()
    return type(row)(**{name: _altered(child, change) for name, child in row.children})


@dataclass(frozen=True)
class Cell:
    """A cell that a student filled in.

    Parameters
    ----------
    table : Table
        The whole network.
    path : str
        Which row; "total" is the row below the last.
    answer : int or tuple of int
        The student's.
    value : callable
        What the column holds of a row, to compare with the rows around.
    """

    table: Table
    path: str
    answer: Value
    value: Callable[[SummaryRow], Value]
    _entered: dict[Callable[[Row], Row | None], Shape | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def row(self) -> Row:
        """The row as specified."""
        return self.table.rows[self.path].row

    @property
    def family(self) -> Family | Literal["total"]:
        """What the row does."""
        return self.row.family if self.path != "total" else "total"

    @property
    def kind(self) -> type[Row] | None:
        """The row's class, where a family holds several that differ."""
        return None if self.path == "total" else type(self.row)

    @property
    def into(self) -> Shape:
        """Shape that enters."""
        return self.table.in_shapes[self.path]

    @property
    def out(self) -> Shape:
        """Shape that leaves."""
        return self.table.rows[self.path].output_shape

    @property
    def others(self) -> list[Value]:
        """What the other rows hold in the same column."""
        return [self.value(row) for path, row in self.table.rows.items() if path != self.path]

    @property
    def running_total(self) -> int:
        """Parameters up to and with this row."""
        paths = list(self.table.rows)
        upto = paths[: paths.index(self.path) + 1]
        return sum(self.table.rows[path].params for path in upto)

    def left_as(self, change: Callable[[Row], Row | None]) -> Shape | None:
        """Shape that would leave were this row another; None where it would not fit."""
        try:
            return (change(self.row) or Identity()).out_shape(self.into)
        except (TypeError, ValueError):
            return None

    def entered_as(self, change: Callable[[Row], Row | None]) -> Shape | None:
        """Shape that would enter were the whole network another; None where it would not fit."""
        if (
            change not in self._entered
        ):  # several misconceptions ask for the same, and networks are deep
            try:
                self._entered[change] = self.table.altered(change).in_shapes[self.path]
            except (TypeError, ValueError):
                self._entered[change] = None
        return self._entered[change]

    @property
    def flattened(self) -> Shape:
        """Shape of the last map before this row, which it reads in one line; () if none."""
        paths = list(self.table.rows)
        for path in reversed(paths[: paths.index(self.path)]):
            if len(self.table.in_shapes[path]) > 1:
                return self.table.in_shapes[path]
            if self.table.rows[path].params:
                break
        return ()

    @property
    def before(self) -> int:
        """Values that enter the dense row before this one; 0 if there is none."""
        paths = list(self.table.rows)
        above = paths[: paths.index(self.path)]
        dense = [path for path in above if self.table.rows[path].row.family == "dense"]
        return prod(self.table.in_shapes[dense[-1]]) if dense else 0

    @property
    def unpadded(self) -> Shape:
        """Positions that leave if there is no padding; empty where there is none, or no window."""
        if self.window is None or self.padded == self.into[1:]:
            return ()
        strides = geometry.per_axis("stride", self.window.stride, len(self.kernel))
        sizes = zip(self.into[1:], self.kernel, strides, strict=True)
        return tuple((n - k) // s + 1 for n, k, s in sizes)

    @property
    def padded(self) -> Shape:
        """Positions that enter, padding included."""
        if self.window is None:
            return ()
        axes = zip(self.into[1:], self.window.axes(len(self.into) - 1), strict=True)
        return tuple(n + sum(geometry.resolve_padding(p, n, k, s)) for n, (k, s, p, _) in axes)

    @property
    def window(self) -> Window | None:
        """How the row's window slides, where it has one."""
        reach = self.row.reach(self.into)
        return reach if isinstance(reach, Window) and len(self.into) > 1 else None

    @property
    def kernel(self) -> tuple[int, ...]:
        """Taps along each axis."""
        size = getattr(self.row, "kernel_size", self.window.kernel_size if self.window else None)
        return () if size is None else geometry.per_axis("kernel_size", size, len(self.into) - 1)

    @property
    def stride(self) -> tuple[int, ...]:
        """Steps along each axis."""
        return geometry.per_axis("stride", getattr(self.row, "stride", 1), len(self.into) - 1)

    @property
    def weights(self) -> int:
        """Numbers in the row's weights."""
        return self.of_kind("weight")

    @property
    def biases(self) -> int:
        """Numbers in the row's biases; 0 where it has none."""
        return self.of_kind("bias")

    def _learned(self, name: str) -> list[Shape]:
        shapes = self.row.param_shapes(self.into)
        return [shape for key, shape in shapes.items() if key.startswith(name)]

    def of_kind(self, name: str) -> int:
        """Numbers in the learned arrays whose names begin so."""
        return sum(map(prod, self._learned(name)))

    @property
    def buffers(self) -> int:
        """Numbers that are saved, not learned."""
        return sum(map(prod, self.row.buffer_shapes(self.into).values()))

    @property
    def one_filter(self) -> int | None:
        """Weights of one filter; None where filters read different numbers of maps."""
        table = self.row.table if isinstance(self.row, TableConv) else ()
        return None if len(set(map(len, table))) > 1 else self.weights // self.out[0]

    @property
    def groups(self) -> int:
        """Parts into which channels and filters are cut; 1 where they are not."""
        if self.family != "convolution" or isinstance(self.row, TableConv):
            return 1
        return self.into[0] // self._learned("weight")[0][1]

    @property
    def kernels_counted(self) -> int:
        """Kernels that an answer counts where a table names them; 0 where it counts no whole one."""
        if not isinstance(self.row, TableConv) or not isinstance(self.answer, int):
            return 0
        kernels, rest = divmod(self.answer - self.biases, prod(self.kernel))
        return 0 if rest or kernels * prod(self.kernel) == self.weights else max(kernels, 0)

    @property
    def twin(self) -> str:
        """Another row that holds the answer, best one of the same family."""
        rows = self.table.rows.items()
        same = [p for p, row in rows if p != self.path and self.value(row) == self.answer]
        return next((p for p in same if self.table.rows[p].row.family == self.family), same[0])

    @property
    def side(self) -> Literal["input", "output"]:
        """On which side of a convolution each position uses every weight of a filter once."""
        return "input" if self.family == "transposed convolution" else "output"

    @property
    def positions(self) -> Shape:
        """The positions of that side, along each axis."""
        return (self.into if self.side == "input" else self.out)[1:]

    @property
    def product(self) -> str:
        """The factors of the weight as a student writes them, kernel first."""
        return " + ".join(
            "·".join(f"{size:,}" for size in (*rest[1:], *rest[:1], out))
            for out, *rest in self._learned("weight")
        )

    @property
    def reads(self) -> str:
        """What of its input a filter reads that does not read all of it."""
        if isinstance(self.row, TableConv):
            return "only the maps that its row of the table names"
        return "the channels of its own group only"

    @property
    def no_bias(self) -> str:
        """Where a reader sees that there are no biases."""
        return "is written with bias=False" if hasattr(self.row, "bias") else "has none"

    @property
    def keras_biases(self) -> str:
        """How Keras counts the biases of a recurrent row, where it differs."""
        return "" if isinstance(self.row, GRU) else "; Keras has one"

    @property
    def missing_biases(self) -> str:
        """The question that forgotten biases deserve."""
        return f"where are the {self.biases} biases?" if self.biases > 1 else "where is the bias?"
