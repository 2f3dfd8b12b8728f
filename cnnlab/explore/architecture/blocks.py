"""An architecture as blocks that hold blocks: counted once from the table, nothing is built."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from math import prod

from cnnlab import zoo
from cnnlab.count import BYTES_PER_NUMBER, Summary, SummaryRow, summarize
from cnnlab.geometry import ReceptiveField
from cnnlab.spec import Add, Combinator, Concat, Identity, Row, Scale, Shape
from cnnlab.spec.words import Kind, kind, words


@dataclass(frozen=True)
class Block:
    """A layer with the pointwise rows after it, or a part of the table that holds blocks.

    Attributes
    ----------
    path : str
        Where it stands, as in ``state_dict`` keys.
    title : str
        The layer in words, such as "conv 3×3, 64", or the name of the part.
    details : tuple of str
        How it is set, and the pointwise rows that follow.
    kind : str
        Decides the colour; "group" for what holds blocks.
    params, macs : int
        Of all that is in it, all times together.
    field : tuple of ReceptiveField or None
        What one unit of its output sees.
    times : int
        How often it comes in a row.
    lanes : tuple of tuple of Block
        What it holds: one lane for a chain, one a branch otherwise; an empty lane passes on.
    join : str
        How the lanes meet, in words; "" for a chain.
    """

    path: str
    title: str
    details: tuple[str, ...]
    kind: Kind
    in_shape: Shape
    out_shape: Shape
    params: int
    macs: int
    field: tuple[ReceptiveField, ...] | None
    times: int = 1
    lanes: "tuple[Lane, ...]" = ()
    join: str = ""

    @property
    def out_bytes(self) -> int:
        """Bytes of the output of one example in float32."""
        return prod(self.out_shape) * BYTES_PER_NUMBER

    @property
    def looks(self) -> "tuple[object, ...]":
        """What two blocks must share to be the same layers, wherever they stand."""
        inside = tuple(tuple(block.looks for block in lane) for lane in self.lanes)
        return (*(() if inside else (self.title,)), self.details, self.times, self.join, inside)


Lane = tuple[Block, ...]


@dataclass(frozen=True)
class Tree:
    """A network of the zoo as blocks, with its counts."""

    name: str
    summary: Summary
    top: Block

    def find(self, path: str) -> Block:
        """Return the block at a path that holds others, or the whole network."""
        return next((each for each in inner(self.top) if each.path == path), self.top)

    def above(self, path: str) -> str:
        """Return the path of the block that holds the one at a path."""
        for each in inner(self.top):
            if any(block.path == path for lane in each.lanes for block in lane):
                return each.path
        return ""


def inner(block: Block) -> Iterator[Block]:
    """Go through a block and all in it that hold others, the outer ones first."""
    if block.lanes:
        yield block
        for lane in block.lanes:
            for each in lane:
                yield from inner(each)


@lru_cache(maxsize=16)
def tree(name: str) -> Tree:
    """Read a network of the zoo into blocks.

    Parameters
    ----------
    name : str
        As in :func:`cnnlab.zoo.get`.

    Examples
    --------
    >>> found = tree("resnet-18")
    >>> layer1 = found.find("layer1")
    >>> layer1.times, layer1.params, [len(lane) for lane in layer1.lanes]
    (2, 147968, [2, 0])
    """
    network = zoo.get(name)
    return read(name, network.spec, network.input_shape)


def read(name: str, row: Row, input_shape: Shape) -> Tree:
    """Read a specification into blocks.

    Parameters
    ----------
    name : str
        What the whole is called.
    row : Row
    input_shape : tuple of int
        Without the batch.

    Examples
    --------
    >>> from cnnlab.spec import Chain, Conv, ReLU
    >>> [layer.title for layer in read("one", Chain(Conv(8, 3), ReLU()), (4, 9, 9)).top.lanes[0]]
    ['conv 3×3, 8']
    """
    summary = summarize(row, input_shape)
    top = _Reader(iter(summary.rows)).read("", row, input_shape)
    if not top.lanes:
        top = replace(top, path="", lanes=((top,),))
    return Tree(name, summary, replace(top, path="", title=name))


@dataclass
class _Reader:
    """Reads rows in the order of computation, as ``counts`` come."""

    counts: Iterator[SummaryRow]

    def read(self, path: str, row: Row, in_shape: Shape) -> Block:
        """Read a row and all in it."""
        if not isinstance(row, Combinator):
            return _leaf(path, row, in_shape, next(self.counts))
        if not row.in_series:
            lanes = tuple(
                _opened(self.read(_under(path, name), child, in_shape), child)
                for name, child in row.children
            )
            return _joined(path, row, in_shape, lanes, next(self.counts))
        lane = self.series(path, row, in_shape)
        if isinstance(row, Scale):
            return _joined(path, row, in_shape, (lane, ()), next(self.counts))
        if len(lane) == 1 and path:
            title = path.rpartition(".")[2] if lane[0].lanes else lane[0].title
            return replace(lane[0], path=path, title=title)
        return _group(
            path, (f"{sum(b.times for b in lane)} in a row",), in_shape, (lane,), lane[-1]
        )

    def series(self, path: str, row: Combinator, in_shape: Shape) -> Lane:
        """Read rows one after another; equal parts in a row are one block."""
        lane: list[Block] = []
        before: tuple[Row, Shape] | None = None
        shape = in_shape
        for name, child in row.children:
            block, here = self.read(_under(path, name), child, shape), (child, shape)
            shape = block.out_shape
            # What a part holds must add up, so a row with parameters stays outside it.
            if lane and block.kind == "point" and not (lane[-1].lanes and block.params):
                lane[-1] = _followed(lane[-1], block)
            elif lane and block.lanes and here == before:
                lane[-1] = _again(lane[-1], block)
            else:
                lane.append(block)
            before = here
        return tuple(lane)


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _leaf(path: str, row: Row, in_shape: Shape, count: SummaryRow) -> Block:
    title, settings, fine_print = words(row, in_shape)
    return Block(
        path,
        title,
        (*settings, *fine_print),
        kind(row),
        in_shape,
        count.output_shape,
        count.params,
        count.macs,
        count.receptive_field,
    )


def _opened(block: Block, row: Row) -> Lane:
    """A branch as a lane of its blocks."""
    if isinstance(row, Identity):
        return ()
    chain = len(block.lanes) == 1 and block.times == 1
    return block.lanes[0] if chain else (block,)


def _joined(
    path: str, row: Row, in_shape: Shape, lanes: tuple[Lane, ...], count: SummaryRow
) -> Block:
    many = f"{len(lanes)} branches"
    said, join = f"concat of {many}", "concatenated"
    if isinstance(row, Add):
        said, join = ("residual" if () in lanes else f"sum of {many}"), "added"
    elif not isinstance(row, Concat):
        said, join = "gate", "multiplied"
    block = _group(path, (said,), in_shape, lanes, None)
    return replace(block, out_shape=count.output_shape, field=count.receptive_field, join=join)


def _group(
    path: str,
    details: tuple[str, ...],
    in_shape: Shape,
    lanes: tuple[Lane, ...],
    last: Block | None,
) -> Block:
    blocks = [block for lane in lanes for block in lane]
    return Block(
        path,
        path.rpartition(".")[2],
        details,
        "group",
        in_shape,
        last.out_shape if last else in_shape,
        sum(block.params for block in blocks),
        sum(block.macs for block in blocks),
        last.field if last else None,
        lanes=lanes,
    )


def _followed(block: Block, point: Block) -> Block:
    """A block with a pointwise row behind it."""
    details = (*block.details, point.title)
    return replace(block, details=details, params=block.params + point.params)


def _again(block: Block, more: Block) -> Block:
    """A block that comes once more."""
    return replace(
        block,
        times=block.times + 1,
        params=block.params + more.params,
        macs=block.macs + more.macs,
        field=more.field,
    )
