"""All networks of the zoo side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from cnnlab._names import unknown
from cnnlab._text import aligned, by, html_table
from cnnlab.spec import Combinator, Row, Shape
from cnnlab.zoo import registry
from cnnlab.zoo.network import Network

BEGIN, END = "<!-- zoo -->", "<!-- end -->"

_HEADINGS = ("Network", "Year", "Input", "Parameters", "MACs", "Layers", "Source")
_SIDES = ("left", "right", "right", "right", "right", "right", "left")
_CAPTION = (
    "Networks of the zoo. MACs are for one example, a bias not counted; layers are convolutions and "
    "dense layers on the longest path; the year is that of the first appearance."
)


@dataclass(frozen=True)
class TableRow:
    """One network.

    Attributes
    ----------
    name : str
        As in :func:`cnnlab.zoo.get`.
    year : int or None
        When the network first appeared, where that is known.
    source : str
        Paper or deck.
    input_shape : tuple of int
        ``(C, H, W)`` without the batch.
    params : int
        Numbers in learned arrays.
    macs : int
        Multiply-accumulates for one example; bias not counted.
    layers : int
        As :func:`weight_layers`.
    """

    name: str
    year: int | None
    source: str
    input_shape: Shape
    params: int
    macs: int
    layers: int

    def cells(self) -> tuple[str, ...]:
        """Return the row as text, one string a column."""
        counts = (f"{number:,}" for number in (self.params, self.macs, self.layers))
        return self.name, str(self.year or "–"), by(self.input_shape), *counts, self.source


@dataclass(frozen=True, repr=False)
class Table:
    """Networks side by side; ``str()`` is the table, in JupyterLab it is a rich one.

    Attributes
    ----------
    rows : tuple of TableRow
        One a network.
    """

    rows: tuple[TableRow, ...]

    def __iter__(self) -> Iterator[TableRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, name: str) -> TableRow:
        """Return the row of a network such as ``"ds-4400"``."""
        for row in self.rows:
            if row.name == name:
                return row
        raise KeyError(unknown("name", name, [row.name for row in self.rows]))

    def __str__(self) -> str:
        lines = aligned([_HEADINGS, *(row.cells() for row in self.rows)], _SIDES)
        rule = "─" * max(map(len, lines))
        return "\n".join([rule, lines[0], rule, *lines[1:], rule, _CAPTION])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = ([escape(cell) for cell in row.cells()] for row in self.rows)
        return html_table(_CAPTION, _HEADINGS, _SIDES, rows)

    def markdown(self) -> str:
        """Return the table in Markdown, without the sources, which are too long for it.

        Examples
        --------
        >>> print(table(["ds-4400"]).markdown())
        | network | year | input | parameters | MACs | layers |
        | --- | --: | --: | --: | --: | --: |
        | `ds-4400` | 2021 | 1×28×28 | 9,269 | 123,930 | 4 |
        """
        head = [name if name == "MACs" else name.lower() for name in _HEADINGS]
        lines = [head[:-1], ["---", *["--:"] * (len(head) - 2)]]
        for row in self.rows:
            name, *numbers, _ = row.cells()
            lines.append([f"`{name}`", *numbers])
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def write(self, path: Path) -> None:
        """Put the Markdown table between the markers of a file, in place of what stands there.

        Parameters
        ----------
        path : Path
            A file with the lines ``<!-- zoo -->`` and, below it, ``<!-- end -->``.

        Raises
        ------
        ValueError
            If the file or its markers are not there.
        """
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        before, found, rest = text.partition(BEGIN)
        _, closed, after = rest.partition(END)
        if not (found and closed):
            raise ValueError(f"{path} must hold {BEGIN} and, below it, {END}. Add both lines.")
        text = f"{before}{BEGIN}\n{self.markdown()}\n{END}{after}"
        path.write_text(text, encoding="utf-8", newline="\n")


def weight_layers(row: Row, in_shape: Shape) -> int:
    """Convolutions and dense layers on the longest path from input to output.

    A separable convolution is two layers, and a squeeze-excite gate lies on the path, since
    what it computes must be there before the next layer starts. Normalisation and trainable
    sub-sampling, with one number a channel, do not count.

    Parameters
    ----------
    row : Row
        An architecture.
    in_shape : tuple of int
        ``(C, H, W)`` without the batch.

    Returns
    -------
    int
        The depth, as papers count it.

    Examples
    --------
    >>> from cnnlab.spec import Add, Chain, Conv, Flatten, Linear, ReLU
    >>> branch = Chain(Conv(8, 3, padding=1), ReLU(), Conv(8, 3, padding=1))
    >>> weight_layers(Chain(Add(branch, Conv(8, 1)), Flatten(), Linear(10)), (3, 8, 8))
    3
    """
    if isinstance(row, Combinator):
        depths = [weight_layers(child, shape) for _, child, shape in row.entering(in_shape)]
        return sum(depths) if row.in_series else max(depths)
    return int(any(len(shape) >= 2 for shape in row.param_shapes(in_shape).values()))


def _row(network: Network) -> TableRow:
    summary = network.summary()
    return TableRow(
        name=network.name,
        year=network.published.year,
        source=network.published.source,
        input_shape=network.input_shape,
        params=summary.params,
        macs=summary.macs,
        layers=weight_layers(network.spec, network.input_shape),
    )


def table(names: Sequence[str] | None = None) -> Table:
    """Count networks and put them side by side, the oldest first.

    Parameters
    ----------
    names : sequence of str, optional
        Names of networks; all of them if left out.

    Returns
    -------
    Table
        One row a network; ``str()`` is the table.

    Raises
    ------
    KeyError
        If there is no network of one of the names.

    Examples
    --------
    >>> table(["datasci-207", "ds-4400"])["ds-4400"].params
    9269
    """
    rows = [_row(registry.get(name)) for name in (registry.names() if names is None else names)]
    return Table(tuple(sorted(rows, key=lambda row: (row.year or 9999, row.name))))
