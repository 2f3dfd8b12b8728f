"""Where the nodes of a graph stand in a picture, and what stands on them."""

from collections.abc import Callable
from statistics import fmean
from typing import NamedTuple

from cnnlab.scratch.graph.graph import Graph, Node

_SWEEPS = 8
_SIGNS = {"+": "+", "-": "−", "*": "·", "/": "/"}


class Place(NamedTuple):
    """Place of a node.

    Attributes
    ----------
    column : int
        0 at the left; every node stands to the right of all that it reads.
    row : float
        0 in the middle, positive downwards; neighbours in a column are at least 1 apart.
    """

    column: int
    row: float


def places(graph: Graph) -> dict[str, Place]:
    """Lay a graph out in columns, with few crossings.

    Constants have no place: they stand in the label of the node that reads them.

    Parameters
    ----------
    graph : Graph

    Returns
    -------
    dict of str to Place

    Examples
    --------
    >>> from cnnlab.scratch.graph.parse import parse
    >>> places(parse("y = 3*x; c = 2*y + 5*y"))["c"]
    Place(column=3, row=0.0)
    """
    nodes = [node for node in graph.nodes if node.constant is None]
    reads = {node.name: [p for p in node.parents if graph[p].constant is None] for node in nodes}
    column = _columns(reads)
    columns: list[list[str]] = [[] for _ in range(max(column.values(), default=-1) + 1)]
    for node in nodes:
        columns[column[node.name]].append(node.name)
    near = {name: [*reads[name]] for name in reads}
    for name, parents in reads.items():
        for parent in parents:
            near[parent].append(name)
    row = {name: _spread(i, names) for names in columns for i, name in enumerate(names)}
    for _ in range(_SWEEPS):
        for names in (*columns, *columns[::-1]):
            # fmean rounds once, so that ties fall the same way on every Python.
            wanted = {n: fmean([row[m] for m in near[n]] or [0.0]) for n in names}
            row |= _apart(sorted(names, key=lambda n: (wanted[n], row[n])), wanted)
    middle = (min(row.values(), default=0.0) + max(row.values(), default=0.0)) / 2
    return {name: Place(column[name], row[name] - middle) for name in reads}


def _columns(reads: dict[str, list[str]]) -> dict[str, int]:
    """Longest way from a variable; a variable stands just before the first that reads it."""
    column: dict[str, int] = {}
    for name, parents in reads.items():
        column[name] = max((column[parent] + 1 for parent in parents), default=0)
    for name, parents in reads.items():
        readers = [column[reader] for reader, read in reads.items() if name in read]
        if not parents and readers:
            column[name] = min(readers) - 1
    return column


def _spread(place: int, names: list[str]) -> float:
    return place - (len(names) - 1) / 2


def _apart(names: list[str], wanted: dict[str, float]) -> dict[str, float]:
    """Rows as near as can be to the wanted ones, in this order and at least 1 apart."""
    rows = [wanted[name] for name in names]
    for i in range(1, len(rows)):
        rows[i] = max(rows[i], rows[i - 1] + 1)
    shift = fmean(wanted[name] - row for name, row in zip(names, rows, strict=True))
    return {name: row + shift for name, row in zip(names, rows, strict=True)}


def label(graph: Graph, node: Node) -> str:
    """What a node does, with the constants that it reads.

    Parameters
    ----------
    graph : Graph
    node : Node

    Returns
    -------
    str
        Empty for a variable.

    Examples
    --------
    >>> from cnnlab.scratch.graph.parse import parse
    >>> read = parse("y = 3*x; z = (y - 1)**2/2")
    >>> [label(read, node) for node in read.nodes if node.operation]
    ['3 ·', '− 1', 'to the power 2', '/ 2']
    """
    constants = [graph[parent].constant for parent in node.parents]
    if len(constants) == 2:
        first, second = ("" if c is None else _number(c) for c in constants)
        sign = "to the power" if node.operation == "**" else _SIGNS[node.operation]
        return " ".join(part for part in (first, sign, second) if part)
    inside = next((_number(c) for c in constants if c is not None), "")
    name = "−" if node.operation == "neg" else node.operation
    return f"{name}({inside})" if inside else name


def equation(
    graph: Graph, node: Node, say: Callable[[Node], str] = lambda parent: parent.name
) -> str:
    """What a node computes, with its parents' names or what else is said of them.

    Parameters
    ----------
    graph : Graph
    node : Node
        One with an operation.
    say : callable, optional
        What stands for a parent; a constant always stands for itself.

    Returns
    -------
    str

    Examples
    --------
    >>> from cnnlab.scratch.graph.parse import parse
    >>> read = parse("y = 3*x; z = exp(y)")
    >>> [equation(read, node) for node in read.nodes if node.operation]
    ['3 · x', 'exp(y)']
    """
    parents = [graph[parent] for parent in node.parents]
    said = [say(p) if p.constant is None else _number(p.constant) for p in parents]
    if len(said) == 1:
        return f"{'−' if node.operation == 'neg' else node.operation}({said[0]})"
    return f"{said[0]} {'^' if node.operation == '**' else _SIGNS[node.operation]} {said[1]}"


def _number(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def crossings(graph: Graph, at: dict[str, Place]) -> int:
    """Number of pairs of connections between neighbouring columns that cross.

    Parameters
    ----------
    graph : Graph
    at : dict of str to Place
        From :func:`places`.

    Examples
    --------
    >>> from cnnlab.scratch.graph.parse import parse
    >>> read = parse("(a + b) * (c + d)")
    >>> crossings(read, places(read))
    0
    """
    lines = sorted(
        {
            (at[parent].column, at[parent].row, at[node.name].row)
            for node in graph.nodes
            for parent in node.parents
            if parent in at and at[parent].column + 1 == at[node.name].column
        }
    )
    return sum(
        a[0] == b[0] and (a[1] - b[1]) * (a[2] - b[2]) < 0
        for i, a in enumerate(lines)
        for b in lines[i + 1 :]
    )
