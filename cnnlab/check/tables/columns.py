"""The columns that a table may ask for, and how a filled-in table is read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cnnlab.check.core.answers import kind, members, unanswered, whole_number, whole_numbers
from cnnlab.check.core.result import Result
from cnnlab.check.tables.misconceptions import counts, macs, shapes
from cnnlab.check.tables.misconceptions.base import About
from cnnlab.check.tables.misconceptions.cells import Value
from cnnlab.count import Summary, SummaryRow

TOTAL = "total"


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    label : str
        What a cell holds, as a message says it.
    value : callable
        The cell of a row.
    total : callable or None
        The cell below the last row, where there is one.
    read : callable
        Reads a student's cell, or says what it is instead.
    misconceptions : tuple of Misconception
        Wrong models, most telling first.
    hints : dict of str to str
        What to remember, by kind of row.
    """

    label: str
    value: Callable[[SummaryRow], Value]
    total: Callable[[Summary], Value] | None
    read: Callable[[Any], Value | Result]
    misconceptions: tuple[About, ...]
    hints: dict[str, str]


def _count(answer: Any) -> int | Result:
    parts = members(answer)
    if parts and len(parts) > 1 and all(_three_digits(part) for part in parts[1:]):
        return Result(
            "fail",
            "Python reads commas between digits as a tuple.",
            "Write a long number without commas, or with _ as in 12_345.",
        )
    return whole_number(answer, "counts")


def _three_digits(part: Any) -> bool:
    """Whether a number can stand after a comma: 12,345 is a tuple, and 12,000 is (12, 0)."""
    return type(part) is int and (part == 0 or 100 <= part < 1000)


def _shape(answer: Any) -> tuple[int, ...] | Result:
    parts = members(answer)
    if parts and parts[0] is None:
        return Result(
            "fail",
            "None stands for the batch; shapes here are those of one example.",
            "Leave the first entry out.",
        )
    return whole_numbers(answer, "shapes")


COLUMNS = {
    "params": Column(
        "parameters",
        lambda row: row.params,
        lambda summary: summary.params,
        _count,
        counts.MISCONCEPTIONS,
        counts.HINTS,
    ),
    "output_shape": Column(
        "output shape",
        lambda row: row.output_shape,
        None,
        _shape,
        shapes.MISCONCEPTIONS,
        shapes.HINTS,
    ),
    "macs": Column(
        "MACs",
        lambda row: row.macs,
        lambda summary: summary.macs,
        _count,
        macs.MISCONCEPTIONS,
        macs.HINTS,
    ),
}
"""Columns by the names of :class:`cnnlab.count.SummaryRow`."""

Cells = dict[tuple[str, str], Any]


def read_cells(
    answer: Any, wanted: Sequence[str], known: Sequence[str], columns: Sequence[str]
) -> Cells | Result:
    """Read a filled-in table as cells, or say why it is none.

    Parameters
    ----------
    answer : object
        A dict from row names to cells, a list of rows that begin with their name, or a list
        with the cells of each row asked for.
    wanted : sequence of str
        Rows that the question asks for, in order.
    known : sequence of str
        All rows that the table may have.
    columns : sequence of str
        Names of the columns, in order.

    Returns
    -------
    dict or Result
        Raw cells by row and column, placeholders left out; or a failed result.
    """
    rows = _rows(answer, wanted)
    if isinstance(rows, Result):
        return rows
    cells: Cells = {}
    for name, value in rows:
        if type(name) is not str or name not in known:
            says = f"the table has no row {name!r}." if type(name) is str else "rows have names."
            return Result("fail", says, f"Its rows are {', '.join(known)}.")
        row = _row(name, value, columns)
        if isinstance(row, Result):
            return row
        filled = {(name, column): raw for column, raw in row.items() if not unanswered(raw)}
        if filled.keys() & cells.keys():
            return Result("fail", f"the table has the row {name} twice.", "Keep one of them.")
        cells.update(filled)
    return cells


def _rows(answer: Any, wanted: Sequence[str]) -> list[tuple[Any, Any]] | Result:
    if unanswered(answer):
        return []
    if issubclass(type(answer), dict):
        return list(dict.items(answer))
    rows = members(answer)
    if rows is None:
        says = f"a table is a dict from row names to cells, this is {kind(answer)}."
        return Result("fail", says, "Keep the brackets of the table as they were.")
    named = [members(row) for row in rows]
    if rows and all(row and type(row[0]) is str for row in named):
        # A name and one value, or a name and one value a column.
        return [(row[0], row[1] if len(row) == 2 else tuple(row[1:])) for row in named if row]
    if len(rows) != len(wanted):
        says = f"the table has {len(wanted)} rows, this one has {len(rows)}."
        return Result("fail", says, f"Its rows are {', '.join(wanted)}.")
    return list(zip(wanted, rows, strict=True))


def _row(name: str, value: Any, columns: Sequence[str]) -> dict[str, Any] | Result:
    if name == TOTAL:
        columns = [column for column in columns if COLUMNS[column].total]
    if unanswered(value) or not columns:
        return {}
    if issubclass(type(value), dict):
        unknown = [k for k in dict.keys(value) if type(k) is not str or k not in columns]
        if unknown:
            return Result("fail", f"{name}: the columns are {', '.join(columns)}.")
        return dict(dict.items(value))
    if len(columns) == 1:
        return {columns[0]: value}
    parts = members(value)
    if parts is None:
        return {columns[0]: value}
    if len(parts) != len(columns):
        says = f"{name}: a row holds {' and '.join(columns)}, this one holds {len(parts)} values."
        return Result("fail", says, "Put a shape in parentheses, and no commas into a number.")
    return dict(zip(columns, parts, strict=True))
