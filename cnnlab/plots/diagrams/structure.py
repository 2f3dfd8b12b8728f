"""The structure of a specification as a diagram shows it: blocks, forks and repetitions.

Pure values without positions; :mod:`cnnlab.plots.diagrams.layout` gives each its place.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from cnnlab.count import SummaryRow, summarize
from cnnlab.spec import Add, Chain, Combinator, Concat, Row, Scale, Shape
from cnnlab.spec.words import Kind, kind, words


@dataclass(frozen=True)
class Block:
    """One box: a layer with the pointwise rows after it, or several rows summed up.

    Attributes
    ----------
    title : str
        The layer in words, such as "conv 3×3, 64".
    kind : str
        Decides the colour.
    in_shape, out_shape : tuple of int
        Without the batch.
    settings, fine_print : tuple of str
        What else there is to say; fine print stands in the text only.
    after : tuple of str
        Pointwise rows that follow.
    params : int
        Parameters of all rows in the box.
    rows : int
        Rows of the specification in the box.
    """

    title: str
    kind: Kind
    in_shape: Shape
    out_shape: Shape
    settings: tuple[str, ...] = ()
    fine_print: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    params: int = 0
    rows: int = 1


@dataclass(frozen=True)
class Fork:
    """Branches side by side and the block that joins them; an empty branch passes through."""

    branches: "tuple[Series, ...]"
    join: Block

    @property
    def in_shape(self) -> Shape:
        """Shape that enters every branch."""
        return self.join.in_shape

    @property
    def out_shape(self) -> Shape:
        """Shape after the join."""
        return self.join.out_shape

    @property
    def params(self) -> int:
        """Parameters of all branches and of the join."""
        return self.join.params + sum(map(params, self.branches))

    @property
    def rows(self) -> int:
        """Rows in all branches and after the join."""
        return self.join.rows + sum(map(rows, self.branches))


@dataclass(frozen=True)
class Section:
    """Nodes that the specification keeps together, perhaps several times in a row."""

    body: "Series"
    times: int = 1

    @property
    def in_shape(self) -> Shape:
        """Shape that enters the first time."""
        return self.body[0].in_shape

    @property
    def out_shape(self) -> Shape:
        """Shape that leaves the last time."""
        return self.body[-1].out_shape

    @property
    def params(self) -> int:
        """Parameters of all times together."""
        return self.times * params(self.body)

    @property
    def rows(self) -> int:
        """Rows of all times together."""
        return self.times * rows(self.body)


Node: TypeAlias = Block | Fork | Section
Series: TypeAlias = tuple[Node, ...]


def params(series: Series) -> int:
    """Parameters of nodes one after another."""
    return sum(node.params for node in series)


def rows(series: Series) -> int:
    """Rows of the specification in nodes one after another."""
    return sum(node.rows for node in series)


def structure(spec: Row, input_shape: Shape) -> Series:
    """Read a specification into nodes, nothing folded.

    Raises
    ------
    ShapeError
        If a row does not fit.

    Examples
    --------
    >>> from cnnlab.spec import Conv, ReLU
    >>> block, = structure(Chain(Conv(64, 3), ReLU()), (3, 9, 9))
    >>> block.title, block.after, block.out_shape, block.params, block.rows
    ('conv 3×3, 64', ('ReLU',), (64, 7, 7), 1792, 2)
    """
    summary = summarize(spec, input_shape)
    return _read(spec, summary.input_shape, iter(summary.rows))


def _read(row: Row, in_shape: Shape, counts: Iterator[SummaryRow]) -> Series:
    """Read a row and its rows; ``counts`` come in the order of computation."""
    if not isinstance(row, Combinator):
        return (_block(row, in_shape, next(counts)),)
    if isinstance(row, Add | Concat):
        branches = tuple(_read(child, in_shape, counts) for child in row)
        return (Fork(branches, _join(row, in_shape, next(counts))),)
    nodes: Series = ()
    for child in row:
        shape = nodes[-1].out_shape if nodes else in_shape
        nodes = _then(nodes, _kept_together(child, _read(child, shape, counts)))
    if isinstance(row, Scale):
        return (Fork((nodes, ()), _join(row, in_shape, next(counts))),)
    return nodes


def _block(row: Row, in_shape: Shape, count: SummaryRow) -> Block:
    title, settings, fine_print = words(row, in_shape)
    return Block(
        title, kind(row), in_shape, count.output_shape, settings, fine_print, (), count.params
    )


def _join(row: Row, in_shape: Shape, count: SummaryRow) -> Block:
    sign = "+" if isinstance(row, Add) else "×" if isinstance(row, Scale) else "concat"
    return Block(sign, "join", in_shape, count.output_shape, rows=0)


def _kept_together(row: Row, nodes: Series) -> Series:
    """Mark the innermost chains of several nodes, which a long diagram shows as one box."""
    sections = any(isinstance(node, Section) for node in nodes)
    return (Section(nodes),) if isinstance(row, Chain) and len(nodes) > 1 > sections else nodes


def _then(nodes: Series, more: Series) -> Series:
    """Put nodes behind others; a pointwise row goes into the box before it."""
    for node in more:
        if nodes and isinstance(node, Block) and node.kind == "point":
            nodes = (*nodes[:-1], _with_after(nodes[-1], node))
        else:
            nodes = (*nodes, node)
    return nodes


def _with_after(node: Node, point: Block) -> Node:
    if isinstance(node, Fork):
        return replace(node, join=_merged(node.join, point))
    if isinstance(node, Section):
        return replace(node, body=(*node.body[:-1], _with_after(node.body[-1], point)))
    return _merged(node, point)


def _merged(block: Block, point: Block) -> Block:
    return replace(
        block,
        after=(*block.after, point.title, *point.after),
        params=block.params + point.params,
        rows=block.rows + point.rows,
    )


def passes(series: Series) -> bool:
    """Whether a branch hands on what it gets."""
    return all(isinstance(n, Block) and n.title == "identity" and not n.after for n in series)
