"""What students believe about numbers of parameters: the whole table, most telling first."""

from collections.abc import Iterator
from math import prod

from cnnlab.check.tables.misconceptions import misread, scales, sequences, weights
from cnnlab.check.tables.misconceptions.base import (
    CONVOLUTIONS,
    DENSE,
    POOLINGS,
    About,
    Count,
    of,
    of_another_row,
    rounded,
)
from cnnlab.check.tables.misconceptions.cells import Cell, Value
from cnnlab.count import BYTES_PER_NUMBER, SummaryRow
from cnnlab.spec import Family


def _nothing_learned(c: Cell) -> int | None:
    shapes = c.row.param_shapes(c.into)
    return c.answer if not shapes and isinstance(c.answer, int) and c.answer else None


def _plain() -> Iterator[About]:
    yield from of(
        POOLINGS,
        (
            "pooling has weights",
            lambda c: c.answer if c.answer in _kernel_counts(c) else None,
            "You counted the window as if it were a kernel, but pooling only picks or averages "
            "values: nothing is learned.",
        ),
        where=lambda c: not c.weights,
    )
    for family, sentence in _NOTHING_TO_LEARN.items():
        yield from of((family,), (f"{family} has parameters", _nothing_learned, sentence))


_NOTHING_TO_LEARN: dict[Family, str] = {
    "pooling": "Pooling only picks or averages values: what could training change here?",
    "dropout": "Dropout only sets values to zero by chance: its probability is chosen, not learned.",
    "flatten": "Flatten only writes the values in one line: what could training change here?",
    "layout": "This row only moves values to other places: what could training change here?",
    "activation": "An activation is a fixed function of each value: what could training change here?",
    "normalization": "This row normalises by fixed rules: what could training change here?",
    "combinator": "This row only joins what other rows leave, and they are counted where they are.",
    "pointwise": "This row treats each value by a fixed rule: what could training change here?",
}


def _kernel_counts(c: Cell) -> tuple[int, ...]:
    window, channels = prod(c.kernel), c.into[0]
    weights = (window, window * channels, window * channels * channels)
    return *weights, window + 1, weights[1] + channels, weights[2] + channels


def _learning(c: Cell) -> list[SummaryRow]:
    return [row for row in c.table.summary.rows if row.params]


def _weights_alone(c: Cell) -> int:
    cells = (Cell(c.table, row.path, 0, c.value) for row in _learning(c))
    return sum(cell.weights for cell in cells)


def _totals() -> Iterator[About]:
    yield from of(
        ("total",),
        (
            "last row missing in the total",
            lambda c: c.table.summary.params - _learning(c)[-1].params,
            "The last row with parameters is missing from the sum.",
        ),
        (
            "first row missing in the total",
            lambda c: c.table.summary.params - _learning(c)[0].params,
            "The first row with parameters is missing from the sum.",
        ),
        (
            "biases missing in the total",
            _weights_alone,
            "You summed the weights alone: the biases are missing.",
        ),
        (
            "running statistics in the total",
            lambda c: c.table.summary.params + c.table.summary.buffers,
            "You counted running statistics too, but they are measured, not learned.",
        ),
        (
            "bytes of the total",
            lambda c: c.table.summary.param_bytes,
            "These are bytes; the table counts numbers.",
        ),
        (
            "MACs of the total",
            lambda c: c.table.summary.macs,
            "These are multiply-accumulates; parameters are counted once, wherever they are used.",
        ),
    )


def _any_row() -> Iterator[About]:
    yield from of(
        (),
        (
            "row shifted",
            of_another_row,
            "This belongs to the row {c.twin}: in what does this one differ from it?",
        ),
        (
            "running total",
            lambda c: None if c.path == "total" else c.running_total,
            "This is the sum up to this row; the table asks for the row alone.",
        ),
    )


def _of_others(c: Cell) -> Value | None:
    """The answer, if as many as it says would leave a row whose filters or units are these."""
    each = (c.weights + c.biases) // c.out[0]
    whole = isinstance(c.answer, int) and c.answer > each and not c.answer % each
    return c.answer if whole else None


def _last_resorts() -> Iterator[About]:
    rows = (
        (
            "bytes",
            lambda c: c.table.rows[c.path].params * BYTES_PER_NUMBER,
            "These are bytes; the table counts numbers, of which each takes four in float32.",
        ),
        (
            "output values",
            lambda c: prod(c.out),
            "These are the values that leave the row; parameters are what training changes in it.",
        ),
        (
            "input values",
            lambda c: prod(c.into),
            "These are the values that enter the row; parameters are what training changes in it.",
        ),
        (
            "nothing learned",
            lambda c: 0,
            "This would mean that training changes nothing in this row.",
        ),
    )
    for name, model, sentence in rows:
        yield from of((), (name, _in_a_row(model), sentence))
    yield from of((), ("rounded", rounded, "This is rounded; counts are exact."))
    for families, noun in ((CONVOLUTIONS, "filters"), (DENSE, "units")):
        sentence = f"This would be right for another number of {noun}: how many does this row have?"
        yield from of(families, (f"another number of {noun}", _of_others, sentence))


def _in_a_row(model: Count) -> Count:
    return lambda c: None if c.path == "total" else model(c)


MISCONCEPTIONS: tuple[About, ...] = (
    *weights.biases(),
    *weights.convolutions(),
    *misread.misread(),
    *weights.dense(),
    *sequences.recurrent(),
    *sequences.embeddings(),
    *scales.norms(),
    *scales.subsampling(),
    *scales.slopes(),
    *_totals(),
    *_any_row(),
    *_plain(),
    *_last_resorts(),
)
"""Misconceptions about the column of parameters."""

_FILTER = (
    "kernel height · kernel width · channels that a filter reads, and a bias if the row has any: so "
    "much for each filter."
)
HINTS = {
    "convolution": _FILTER,
    "transposed convolution": _FILTER,
    "dense": "each unit has a weight for every value that enters, and a bias.",
    "recurrent": "each unit has a weight for every channel that enters, one for every unit of the "
    "state, and its biases; an LSTM or a GRU has such a set for each of its parts.",
    "embedding": "a vector of numbers for each token of the vocabulary.",
    "normalization": "what is learned is a scale and a shift: how many of each does this row have?",
    "total": "Add up the rows above.",
}
"""What to remember, by family of row."""
