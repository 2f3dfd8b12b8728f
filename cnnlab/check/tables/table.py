"""Tables of parameters and shapes to fill in, each cell diagnosed by itself."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from cnnlab.check.core.answers import unanswered
from cnnlab.check.core.misconception import first_match
from cnnlab.check.core.result import Result
from cnnlab.check.core.score import check
from cnnlab.check.tables.columns import COLUMNS, TOTAL, Cells, Column, read_cells
from cnnlab.check.tables.misconceptions.cells import Cell, Table, Value
from cnnlab.spec import Combinator, Row, Shape

if TYPE_CHECKING:
    from cnnlab.zoo import Network


@check
def table(
    answer: Any,
    network: "str | Network | Row",
    input_shape: Shape | None = None,
    columns: Sequence[str] = ("params", "output_shape"),
    rows: Iterable[str] | None = None,
) -> Result:
    """Check a table of a network's rows, cell by cell.

    Parameters
    ----------
    answer : object
        The student's: a dict from row names to cells, a list of rows ``(name, cell, …)``, or a
        list of the cells of each row asked for. A row's cells stand in the order of
        ``columns``, or in a dict by column; with one column the cell stands alone. Cells with
        ``...`` or ``None`` are still to do. The row "total" is the sum of the column.
    network : str, Network or Row
        A name of the zoo, a network, or a specification.
    input_shape : tuple of int, optional
        ``(C, H, W)`` without the batch; a network brings its own.
    columns : sequence of str
        Of "params", "output_shape" and "macs".
    rows : iterable of str, optional
        Rows to fill in, by path; left out, all that learn something or change the shape.
        Further rows may be filled in and are checked too.
    step : str, optional
        Name of the lab's step that this answers, see :func:`cnnlab.check.lab`.

    Returns
    -------
    Result
        The first wrong cell with the misconception behind it, or the next empty one. Nothing counts
        the right cells of a table with a wrong one, which would help guessing.

    Raises
    ------
    KeyError, TypeError, ValueError
        If there is no such network, column or row, or the input does not fit.

    Examples
    --------
    >>> from cnnlab.spec import Chain, Conv, Flatten, Linear
    >>> net = Chain(conv=Conv(8, 5), flatten=Flatten(), fc=Linear(10))
    >>> answer = {"conv": (200, (8, 24, 24)), "flatten": (0, 4608), "fc": ...}
    >>> table(answer, net, (1, 28, 28))
    ✗ not yet: conv, parameters: 200 = 5·5·1·8: where are the 8 biases? Hint: Kernel height · \
kernel width · channels that a filter reads, and a bias if the row has any: so much for each filter.
    """
    question = _question(network, input_shape)
    known, wanted = _paths(question, rows)
    if not columns or not set(columns) <= set(COLUMNS):
        raise ValueError(
            f"columns must be some of {', '.join(COLUMNS)}, not {columns!r}. Choose among these."
        )
    cells = read_cells(answer, wanted, (*known, TOTAL), columns)
    if isinstance(cells, Result):
        return cells
    given = {path for path, _ in cells}
    order = [path for path in (*known, TOTAL) if path in given or path in wanted]
    wanted_cells = [
        (path, name) for path in order for name in columns if path != TOTAL or COLUMNS[name].total
    ]
    if not wanted_cells:
        raise ValueError(f"table: rows {wanted} hold no {', '.join(columns)}. Ask for other rows.")
    return _say(question, wanted_cells, cells)


def _question(network: "str | Network | Row", input_shape: Shape | None) -> Table:
    if isinstance(network, str):
        from cnnlab import zoo  # only here: every table of the zoo takes its time

        network = zoo.get(network)
    if isinstance(network, Row):
        if input_shape is None:
            raise ValueError("table: input_shape must go with a specification. Add (C, H, W).")
        return Table(network, input_shape)
    return Table(network.spec, network.input_shape if input_shape is None else input_shape)


def _paths(question: Table, rows: Iterable[str] | None) -> tuple[list[str], list[str]]:
    known = list(question.rows)
    if rows is None:
        return known, [path for path in known if _matters(question, path)]
    wanted = [rows] if isinstance(rows, str) else list(rows)
    for path in wanted:
        if path not in (*known, TOTAL):
            raise ValueError(
                f"rows must be some of {', '.join((*known, TOTAL))}, not {path!r}. Correct it."
            )
    return known, wanted


def _matters(question: Table, path: str) -> bool:
    row = question.rows[path]
    if isinstance(row.row, Combinator):
        return False
    return row.params > 0 or row.output_shape != question.in_shapes[path]


def _is_right(question: Table, path: str, name: str, raw: Any) -> bool:
    column = COLUMNS[name]
    return bool(column.read(raw) == _expected(question, path, column))


def _diagnose(question: Table, path: str, name: str, cells: Cells) -> tuple[str, str]:
    """Message and hint for a wrong cell."""
    if _swapped(question, path, name, cells):
        return "This row's columns are in each other's place.", ""
    column = COLUMNS[name]
    value = column.read(cells[path, name])
    if isinstance(value, Result):
        return value.message, value.hint
    cell = Cell(question, path, value, column.value)
    hint = column.hints.get(cell.family, "look up what this row does with one example.")
    row = first_match(column.misconceptions, cell, lambda wrong: bool(wrong == value))
    if row is None:
        return "This is not right yet, and it is no mistake that this check knows.", hint
    return row.sentence.format(c=cell), hint


def _expected(question: Table, path: str, column: Column) -> Value:
    if path == TOTAL and column.total:
        return column.total(question.summary)
    return column.value(question.rows[path])


def _swapped(question: Table, path: str, name: str, cells: Cells) -> bool:
    """Whether the cell holds another column's value, and that column does not."""
    for other, column in COLUMNS.items():
        raw = cells.get((path, other))
        if other == name or unanswered(raw) or (path == TOTAL and not column.total):
            continue
        mine, theirs = column.read(cells[path, name]), COLUMNS[name].read(raw)
        if mine == _expected(question, path, column) and theirs == _expected(
            question, path, COLUMNS[name]
        ):
            return True
    return False


def _say(question: Table, wanted: list[tuple[str, str]], cells: Cells) -> Result:
    empty = [cell for cell in wanted if cell not in cells]
    wrong = [
        cell for cell in wanted if cell in cells and not _is_right(question, *cell, cells[cell])
    ]
    if wrong:
        message, hint = _diagnose(question, *wrong[0], cells)
        return Result("fail", f"{_where(*wrong[0])}: {message}", hint[:1].upper() + hint[1:])
    if not empty:
        return Result("pass", "every cell of the table.")
    start = "no mistake so far" if len(empty) < len(wanted) else "a table to fill in"
    return Result("todo", f"{start}; {_where(*empty[0])} is next.", _FILL)


def _where(path: str, name: str) -> str:
    return f"{path}, {COLUMNS[name].label}"


_FILL = "Put your numbers in place of the dots."
