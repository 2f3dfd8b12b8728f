"""Diagrams of architectures: every layer or block, the shapes between, the parameters."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Polygon

from cnnlab._text import by, counted
from cnnlab.plots.diagrams.folding import dissolved, folded, forms, within
from cnnlab.plots.diagrams.layout import (
    LINE,
    START,
    TEXT_SIZE,
    TITLE_SIZE,
    Box,
    Frame,
    Label,
    Piece,
    Wire,
    in_rows,
    text_width,
)
from cnnlab.plots.diagrams.structure import (
    Block,
    Fork,
    Node,
    Series,
    params,
    passes,
    rows,
    structure,
)
from cnnlab.plots.figure import COLORS, GREY, Figure, in_house_style
from cnnlab.spec import Row, Shape
from cnnlab.spec.words import Kind

WIDTH, HEIGHT = 12.6, 10.6  # inches: a projected page
MARGIN = 0.15
HEAD = 0.1  # length of an arrow's head

_EDGES: dict[Kind, str] = {
    "conv": COLORS["blue"],
    "pool": COLORS["green"],
    "dense": COLORS["vermillion"],
}
_TINT = 0.14


@in_house_style
def architecture(
    network_spec: Row, input_shape: Shape, *, title: str | None = None, alt: str = ""
) -> Figure:
    """Draw an architecture from left to right: layers, shapes, parameters, branches.

    A pointwise row, such as ReLU or BatchNorm, stands in the box of the layer before it; the
    bold number is the box's parameters. A network too long for one page is drawn shorter:
    equal neighbours are framed once with their number; then branches become one box that
    lists them; at last, so do stages of one map size.

    Parameters
    ----------
    network_spec : Row
        The architecture.
    input_shape : tuple of int
        ``(C, H, W)``, ``(C, L)``, ``(C, D, H, W)`` or ``(F,)``, without the batch.
    title : str, optional
        Title of the figure.
    alt : str
        What is to be seen in it, for readers who cannot; it ends the figure's own text.

    Returns
    -------
    Figure
        At most 12.6 inches wide; its text equivalent in full is :func:`describe`.

    Raises
    ------
    ShapeError
        If a row does not fit; it names the row and shows the shapes up to there.

    Notes
    -----
    A part of a long network is drawn in full by itself: give ``network_spec["layer1"]`` and
    the shape that enters it.

    Examples
    --------
    >>> from cnnlab.spec import Chain, Conv, Flatten, Linear, ReLU
    >>> architecture(Chain(Conv(6, 5), ReLU(), Flatten(), Linear(10)), (1, 28, 28))
    Figure: Architecture of 4 rows with 34,726 parameters: 1×28×28 → 6×24×24 → 3456 → 10.
    """
    nodes = structure(network_spec, input_shape)
    piece = laid_out(nodes, tuple(input_shape))
    caption = _caption(nodes).replace(" in ", " (bold) in ")
    return _drawn(piece, _alt(nodes, tuple(input_shape)), caption, title)


def laid_out(nodes: Series, input_shape: Shape) -> Piece:
    """Lay out the fullest form of a structure that fits on a page, or else the shortest."""
    for form in forms(nodes):
        shape = form[-1].out_shape if form else input_shape
        series = (START, *form, Block("output", "end", shape, shape, rows=0))
        piece = in_rows(series, WIDTH - 2 * MARGIN, stretched=False)
        if piece.width <= WIDTH - 2 * MARGIN and piece.bottom - piece.top <= HEIGHT - 2 * MARGIN:
            break
    return piece


def _alt(nodes: Series, input_shape: Shape) -> str:
    start = f"Architecture of {counted(rows(nodes), 'row')} with {_parameters(params(nodes))}"
    shapes = [input_shape]
    for node in nodes:
        shapes += [node.out_shape] if node.out_shape != shapes[-1] else []
    path = shapes if len(shapes) <= 12 else [*shapes[:3], *shapes[-3:]]
    words = [by(shape) for shape in path]
    if len(path) < len(shapes):
        words.insert(3, "…")
    return f"{start}: {' → '.join(words)}."


def _caption(nodes: Series) -> str:
    return f"{_parameters(params(nodes))} in {counted(rows(nodes), 'row')}"


def _parameters(number: int) -> str:
    return "1 parameter" if number == 1 else f"{number:,} parameters"


def _drawn(piece: Piece, alt: str, caption: str, title: str | None) -> Figure:
    above = 0.42 if title else 0.0
    width = max(piece.width, text_width(caption), text_width(title or "", 14.0)) + 2 * MARGIN
    height = above + piece.bottom - piece.top + 0.35 + 2 * MARGIN
    figure = Figure(alt=alt, figsize=(width, height), layout="none")
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(0.0, width)
    axes.set_ylim(height, 0.0)  # y runs down
    if title:
        axes.text(MARGIN, MARGIN, title, size=14, va="top")
    for mark in piece.moved(MARGIN, MARGIN + above - piece.top):
        _draw_mark(axes, mark)
    axes.text(MARGIN, height - MARGIN, caption, size=TEXT_SIZE, va="bottom", color=GREY)
    return figure


def _draw_mark(axes: Axes, mark: Box | Frame | Label | Wire) -> None:
    if isinstance(mark, Box):
        _draw_box(axes, mark)
    elif isinstance(mark, Frame):
        axes.add_patch(
            _rounded(mark, facecolor="none", edgecolor=GREY, linestyle="--", linewidth=1.2)
        )
    elif isinstance(mark, Label):
        axes.text(mark.x, mark.y, mark.text, size=TEXT_SIZE, ha="center", va="bottom")
    else:
        _draw_wire(axes, mark)


def _rounded(mark: Box | Frame, **style: Any) -> FancyBboxPatch:
    corner = 0.08
    return FancyBboxPatch(
        (mark.x + corner, mark.y + corner),
        mark.width - 2 * corner,
        mark.height - 2 * corner,
        boxstyle=f"round,pad={corner}",
        **style,
    )


def _draw_box(axes: Axes, box: Box) -> None:
    edge = _EDGES.get(box.block.kind, GREY)
    if box.block.kind != "end":
        fill = "white" if box.block.kind == "join" else (edge, _TINT)
        axes.add_patch(_rounded(box, facecolor=fill, edgecolor=edge, linewidth=1.4))
    middle, first = box.x + box.width / 2, box.y + box.height / 2 - len(box.lines) * LINE / 2
    # All boxes of a row show their title and lines on the same grid.
    axes.text(middle, first, box.block.title, size=TITLE_SIZE, ha="center", va="center_baseline")
    for number, line in enumerate(box.lines, start=1):
        axes.text(
            middle,
            first + number * LINE,
            line,
            size=TEXT_SIZE,
            weight="bold" if box.block.params and number == len(box.lines) else "normal",
            ha="center",
            va="center_baseline",
        )


def _draw_wire(axes: Axes, wire: Wire) -> None:
    xs, ys = zip(*wire.points, strict=True)
    axes.plot(xs, ys, color="black", linewidth=1.3, solid_capstyle="butt")
    if wire.head:
        x, y = wire.points[-1]
        tip = [(x, y), (x - HEAD, y - HEAD * 0.45), (x - HEAD, y + HEAD * 0.45)]
        axes.add_patch(Polygon(tip, closed=True, color="black", linewidth=0))


def describe(network_spec: Row, input_shape: Shape) -> str:
    """Write an architecture's diagram as indented text, nothing left out.

    Parameters
    ----------
    network_spec : Row
        The architecture.
    input_shape : tuple of int
        ``(C, H, W)``, ``(C, L)``, ``(C, D, H, W)`` or ``(F,)``, without the batch.

    Returns
    -------
    str
        One line a box, with its parameters and the shape that leaves it; branches and what
        is repeated are indented.

    Raises
    ------
    ShapeError
        If a row does not fit; it names the row and shows the shapes up to there.

    Examples
    --------
    >>> from cnnlab.spec import Add, Chain, Conv, Identity, ReLU
    >>> block = Chain(Add(Conv(4, 3, padding=1), Identity()), ReLU())
    >>> print(describe(Chain(block, block), (4, 9, 9)))
    input 4×9×9
    2 times:
      2 branches:
        branch 1:
          conv 3×3, 4, padding 1; 148 parameters → 4×9×9
        branch 2:
          as it is
      +, ReLU → 4×9×9
    296 parameters in 6 rows
    """
    nodes = structure(network_spec, input_shape)
    text = [f"input {by(tuple(input_shape))}"]
    text += _described(within(within(nodes, dissolved), folded))
    return "\n".join([*text, _caption(nodes)])


def _described(series: Series) -> list[str]:
    return [line for node in series for line in _lines(node)]


def _lines(node: Node) -> list[str]:
    if isinstance(node, Block):
        said = ", ".join([node.title, *node.settings, *node.fine_print, *node.after])
        count = f"; {_parameters(node.params)}" if node.params else ""
        return [f"{said}{count} → {by(node.out_shape)}"]
    if isinstance(node, Fork):
        text = [f"{len(node.branches)} branches:" if len(node.branches) > 1 else "1 branch:"]
        for number, branch in enumerate(node.branches, start=1):
            text.append(f"  branch {number}:")
            text += [
                f"    {line}" for line in (["as it is"] if passes(branch) else _described(branch))
            ]
        return [*text, *_lines(node.join)]
    return [f"{node.times} times:", *(f"  {line}" for line in _described(node.body))]
