"""Where each part of a diagram stands, in inches; x runs right, y runs down.

Pure arithmetic: nothing is drawn here. A piece is laid out around the point where its arrow
comes in, (0, 0), and pieces are put behind, above and around each other.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from textwrap import wrap
from typing import NamedTuple, TypeAlias

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from cnnlab._text import by
from cnnlab.plots.diagrams.structure import Block, Fork, Node, Section, Series, passes

TITLE_SIZE, TEXT_SIZE = 12.0, 11.0  # points
LINE = 0.205  # inches from line to line
PAD = 0.11  # between a text and its box
STEP = 0.3  # an arrow without a shape
LABEL_HEIGHT = 0.24  # room for a shape above its arrow
FRAME = 0.16  # between a frame and what it holds
BETWEEN_BRANCHES = 0.22
BETWEEN_ROWS = 0.34
CHARACTERS, CHARACTERS_SERIES = 25, 34  # in a line of a box


class Box(NamedTuple):
    """A block's box; ``(x, y)`` is its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    block: Block
    lines: tuple[str, ...]


class Frame(NamedTuple):
    """What is repeated, with the number of times above it."""

    x: float
    y: float
    width: float
    height: float
    text: str


class Label(NamedTuple):
    """A text on a line; ``(x, y)`` is the middle of its lower edge."""

    x: float
    y: float
    text: str


class Wire(NamedTuple):
    """A line through points, with or without a head at its end."""

    points: tuple[tuple[float, float], ...]
    head: bool = False


Mark: TypeAlias = Box | Frame | Label | Wire


@dataclass(frozen=True)
class Piece:
    """Marks around the point (0, 0) where the arrow comes in.

    Attributes
    ----------
    width, top, bottom : float
        How far the piece reaches; ``top`` is negative.
    out : float
        Height at which the arrow leaves, at the right edge.
    head : bool
        Whether the arrow that comes in ends here.
    """

    marks: tuple[Mark, ...]
    width: float
    top: float
    bottom: float
    out: float = 0.0
    head: bool = False

    def moved(self, dx: float, dy: float) -> Iterator[Mark]:
        """All marks at another place."""
        for mark in self.marks:
            if isinstance(mark, Wire):
                points = tuple((x + dx, y + dy) for x, y in mark.points)
                yield mark._replace(points=points)
            else:
                yield mark._replace(x=mark.x + dx, y=mark.y + dy)

    def widened(self, width: float) -> "Piece":
        """The same piece with a longer line on its right."""
        if width <= self.width:
            return self
        wire = Wire(((self.width, self.out), (width, self.out)))
        return replace(self, marks=(*self.marks, wire), width=width)


@lru_cache(maxsize=4096)
def text_width(text: str, size: float = TEXT_SIZE) -> float:
    """Inches that a text takes."""
    font = FontProperties(family="DejaVu Sans", size=size)
    return float(text_to_path.get_text_width_height_descent(text, font, False)[0]) / 72


def lines(block: Block) -> tuple[str, ...]:
    """Lines of a box below its title."""
    settings = block.settings if block.kind == "group" else (", ".join(block.settings),)
    texts = [*settings, ", ".join(block.after), f"{block.params:,}" if block.params else ""]
    return tuple(line for text in texts for part in text.split("\n") for line in _wrapped(part))


def _wrapped(text: str) -> list[str]:
    if "→" not in text:
        return wrap(text, CHARACTERS, break_long_words=False)
    # An arrow begins a line rather than ends one; a layer and its numbers stay together.
    glued = text.replace(" ", "\xa0").replace("\xa0→", " →")
    series = wrap(glued, CHARACTERS_SERIES, break_long_words=False)
    return [line.replace("\xa0", " ") for line in series]


def place(node: Node, limit: float) -> Piece:
    """Lay a node out, if it can be in at most ``limit`` inches."""
    if isinstance(node, Block):
        return _box(node)
    return _fork(node, limit) if isinstance(node, Fork) else _section(node, limit)


def _box(block: Block) -> Piece:
    below = lines(block)
    text = max(text_width(block.title, TITLE_SIZE), *map(text_width, below), 0.0)
    pad = 0.03 if block.kind == "end" else PAD
    width = text + 2 * pad
    height = (1 + len(below)) * LINE + 2 * pad
    box = Box(0.0, -height / 2, width, height, block, below)
    return Piece((box,), width, -height / 2, height / 2, head=True)


def _section(section: Section, limit: float) -> Piece:
    body = in_rows(section.body, limit - 2 * FRAME)
    text = f"{section.times} times" + (f", {section.params:,} in all" if section.params else "")
    body = body.widened(text_width(text))
    top, bottom = body.top - FRAME - LABEL_HEIGHT, body.bottom + FRAME
    width = body.width + 2 * FRAME
    marks = (
        Frame(0.0, top, width, bottom - top, text),
        Label(FRAME + text_width(text) / 2, body.top - FRAME + 0.04, text),
        Wire(((0.0, 0.0), (FRAME, 0.0))),
        *body.moved(FRAME, 0.0),
        Wire(((width - FRAME, body.out), (width, body.out))),
    )
    return Piece(marks, width, top, bottom, body.out)


def _fork(fork: Fork, limit: float) -> Piece:
    join = _box(fork.join)
    labels = [_exit_label(branch, fork.in_shape) for branch in fork.branches]
    room = limit - join.width - STEP - max(map(_gap, labels))
    branches = [
        Piece((), 0.0, 0.0, 0.1) if passes(branch) else in_rows(branch, room)
        for branch in fork.branches
    ]
    right = max(b.width + _gap(t) for b, t in zip(branches, labels, strict=True))
    heights = list(_stacked(branches))
    port_in, port_out = _ports(branches, heights)
    marks: list[Mark] = [*join.moved(right + STEP, port_out)]
    for piece, text, y in zip(branches, labels, heights, strict=True):
        end = y + piece.out
        marks += piece.moved(0.0, y)
        marks.append(Wire(((piece.width, end), (right, end))))
        marks.append(Label((piece.width + right) / 2, end - 0.04, text))
    ends = [y + piece.out for piece, y in zip(branches, heights, strict=True)]
    marks.append(Wire(((0.0, min(heights)), (0.0, max(heights)))))
    marks.append(Wire(((right, min(ends)), (right, max(ends)))))
    marks.append(Wire(((right, port_out), (right + STEP, port_out)), head=True))
    top = min(branches[0].top, branches[0].out - LABEL_HEIGHT, port_out + join.top)
    bottom = max(heights[-1] + branches[-1].bottom, port_out + join.bottom)
    piece = Piece(tuple(marks), right + STEP + join.width, top, bottom, port_out)
    return replace(
        piece,
        marks=tuple(piece.moved(0.0, -port_in)),
        top=top - port_in,
        bottom=bottom - port_in,
        out=port_out - port_in,
    )


def _exit_label(branch: Series, in_shape: tuple[int, ...]) -> str:
    if not passes(branch):
        return by(branch[-1].out_shape)
    return f"identity, {by(in_shape)}" if branch else by(in_shape)


def _stacked(branches: list[Piece]) -> Iterator[float]:
    """Heights at which branches come in, one below the other."""
    y = 0.0
    for before, piece in zip([None, *branches[:-1]], branches, strict=True):
        if before is not None:
            y += before.bottom + BETWEEN_BRANCHES - min(piece.top, piece.out - LABEL_HEIGHT)
        yield y


def _ports(branches: list[Piece], heights: list[float]) -> tuple[float, float]:
    """Heights of the arrows into and out of a fork: straight on for the first of two."""
    if len(branches) <= 2:
        return heights[0], heights[0] + branches[0].out
    out = heights[-1] + branches[-1].out
    return heights[-1] / 2, (branches[0].out + out) / 2


def _gap(text: str) -> float:
    """Length of an arrow with this text."""
    return text_width(text) + 0.3 if text else STEP


def in_rows(series: Series, limit: float, *, first: str = "", stretched: bool = True) -> Piece:
    """Lay nodes out from left to right, in several rows if one would be too long.

    Parameters
    ----------
    series : tuple of nodes
        At least one.
    limit : float
        Inches that a row should take.
    first : str
        Text on the arrow into the first node.
    stretched : bool
        Whether the last row goes on to the right edge.
    """
    texts = [first, *(by(node.in_shape) for node in series[1:])]
    gaps = [_gap(text) for text in texts]
    gaps[0] = 0.0 if series[0] == START else gaps[0]
    pieces = [place(node, limit - 2 * STEP) for node in series]
    starts = _breaks([g + p.width for g, p in zip(gaps, pieces, strict=True)], limit - STEP)
    rows = [
        _row(pieces[a:b], texts[a:b], gaps[a:b])
        for a, b in zip(starts, [*starts[1:], len(pieces)], strict=True)
    ]
    left = STEP / 2 if stretched else 0.0  # clear of the line that leads into branches
    piece = rows[0]
    for row in rows[1:]:
        piece = _below(piece, row, left)
    right = max(row.width for row in rows) + (left + STEP / 2 if len(rows) > 1 else 0.0)
    # What passes on the right of a wrapped series must not touch its turning lines.
    return piece.widened(right) if stretched else replace(piece, width=right)


START = Block("input", "end", (), (), rows=0)


def _breaks(widths: list[float], limit: float) -> list[int]:
    """Where rows start: as few rows as fit, and those of even length."""
    starts = _greedy(widths, limit)
    while limit > max(widths) and len(tighter := _greedy(widths, limit - 0.1)) == len(starts):
        starts, limit = tighter, limit - 0.1
    return starts


def _greedy(widths: Iterable[float], limit: float) -> list[int]:
    starts, x = [0], 0.0
    for index, width in enumerate(widths):
        if x > 0 and x + width > limit:
            starts.append(index)
            x = 0.0
        x += width
    return starts


def _row(pieces: list[Piece], texts: list[str], gaps: list[float]) -> Piece:
    marks: list[Mark] = []
    x = y = top = bottom = 0.0
    for piece, text, gap in zip(pieces, texts, gaps, strict=True):
        if gap:
            marks.append(Wire(((x, y), (x + gap, y)), head=piece.head))
        if text:
            # A head covers the end of the arrow, so the text stands a little before it.
            marks.append(Label(x + gap / 2 - 0.03, y - 0.04, text))
            top = min(top, y - LABEL_HEIGHT)
        marks += piece.moved(x + gap, y)
        top, bottom = min(top, y + piece.top), max(bottom, y + piece.bottom)
        x, y = x + gap + piece.width, y + piece.out
    return Piece(tuple(marks), x, top, bottom, y)


def _below(above: Piece, row: Piece, left: float) -> Piece:
    """Put a row below others, and lead the line to its start."""
    turn = above.bottom + BETWEEN_ROWS / 2
    y = above.bottom + BETWEEN_ROWS - row.top
    right = above.width + STEP / 2
    corners = (right, above.out), (right, turn), (left, turn), (left, y)
    marks = *above.marks, Wire(((above.width, above.out), *corners)), *row.moved(left, y)
    return Piece(marks, left + row.width, above.top, y + row.bottom, y + row.out)
