"""Graphs of numbers, with the values that travel forward and the messages that travel back."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from cnnlab._text import shortened
from cnnlab.plots.figure import COLORS, GREY, WRITING, Figure, hide_axes, in_house_style

if TYPE_CHECKING:
    from cnnlab.scratch.graph import Backward, Graph, Node, Place

MAX_NODES = 25
_HALO = [withStroke(linewidth=4, foreground="white")]
_WIDTH, _HEIGHT = 1.7, 1.15  # inches from column to column, from row to row
_ALONG = 0.55  # share of the way from a node back to its parent where the message stands


@in_house_style
def graph(
    graph: "Graph",
    values: Mapping[str, float] | None = None,
    backward: "Backward | None" = None,
    title: str | None = None,
    digits: int = 3,
    alt: str = "",
) -> Figure:
    """Draw a graph of numbers.

    Parameters
    ----------
    graph : Graph
        At most 25 nodes, constants not counted.
    values : mapping of str to float, optional
        From ``graph.forward``; written in blue above each node.
    backward : Backward, optional
        From ``graph.backward``; signals in orange below the nodes, messages on the connections.
    title : str, optional
        Title of the figure.
    digits : int
        Significant digits of the numbers.
    alt : str
        What is to be seen in it, for readers who cannot; it ends the figure's own text.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there are too many nodes.

    Examples
    --------
    >>> from cnnlab.scratch.graph import parse
    >>> product = parse("z = w*x")
    >>> graph(product, product.forward(w=2.0, x=3.0))
    Figure: Graph with 3 nodes: w, x, z = w · x. Values: w 2, x 3, z 6.
    """
    from cnnlab.scratch.graph import places

    at = places(graph)
    if len(at) > MAX_NODES:
        raise ValueError(
            f"graph: at most {MAX_NODES} nodes can be drawn, but there are {len(at)}. "
            "Draw a part of the expression."
        )
    rows = [place.row for place in at.values()]
    columns = max(place.column for place in at.values())
    height = _HEIGHT * (max(rows) - min(rows) + 1.2) + (0.4 if title else 0)
    figure = Figure(
        alt=_said(graph, values, backward, digits),
        figsize=(_WIDTH * (columns + 1), height),
    )
    axes = figure.subplots()
    hide_axes(axes)
    axes.set(xlim=(-0.5, columns + 0.5), ylim=(max(rows) + 0.6, min(rows) - 0.6))
    if title:
        axes.set_title(title)
    shown = [node for node in graph.nodes if node.name in at]
    boxes = {
        node.name: _draw_node(axes, graph, node, at[node.name], values, backward, digits)
        for node in shown
    }
    for node in shown:
        _draw_connections(axes, node, at, boxes, backward, digits)
    return figure


def _draw_node(
    axes: Axes,
    graph: "Graph",
    node: "Node",
    place: "Place",
    values: Mapping[str, float] | None,
    backward: "Backward | None",
    digits: int,
) -> Text:
    from cnnlab.scratch.graph import label

    does = label(graph, node)
    text = f"{node.name} = {does}" if does and not node.is_unnamed else does or node.name
    edge = COLORS["black"] if node.is_variable else COLORS["blue"]
    box = {"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": edge, "linewidth": 2}
    x, y = place.column, place.row
    drawn = axes.text(
        x, y, text.replace("to the power ", "^"), ha="center", va="center", bbox=box, zorder=3
    )
    above: dict[str, Any] = {
        "ha": "center",
        "va": "bottom",
        "color": COLORS["blue"],
        "path_effects": _HALO,
    }
    below: dict[str, Any] = {
        "ha": "center",
        "va": "top",
        "color": WRITING,
        "path_effects": _HALO,
    }
    if values is not None:
        axes.text(x, y - 0.24, _number(values[node.name], digits), zorder=4, **above)
    if backward is not None:
        axes.text(x, y + 0.24, _number(backward.signals[node.name], digits), zorder=4, **below)
    return drawn


def _draw_connections(
    axes: Axes,
    node: "Node",
    at: dict[str, "Place"],
    boxes: dict[str, Text],
    backward: "Backward | None",
    digits: int,
) -> None:
    """Each connection once for each time that a parent is read; a second one bends away."""
    for number, parent in enumerate(node.parents):
        if parent not in at:
            continue
        bend = 0.25 * node.parents[:number].count(parent)
        start, end = at[parent], at[node.name]
        arrow = FancyArrowPatch(
            start, end, connectionstyle=f"arc3,rad={bend}", arrowstyle="-|>", mutation_scale=14,
            color=GREY, lw=1.5, shrinkA=4, shrinkB=4, zorder=1,
            patchA=boxes[parent].get_bbox_patch(), patchB=boxes[node.name].get_bbox_patch(),
        )  # fmt: skip
        axes.add_patch(arrow)
        if backward is not None:
            x = end.column + _ALONG * (start.column - end.column)
            y = end.row + _ALONG * (start.row - end.row) + bend
            text = _number(backward.messages[node.name, parent, number], digits)
            axes.text(
                x, y, text, ha="center", va="center", color=WRITING,
                path_effects=_HALO, fontsize=11, zorder=2,
            )  # fmt: skip


def _number(value: float, digits: int) -> str:
    return f"{value + 0.0:.{digits}g}".replace("-", "−")


def _said(
    graph: "Graph",
    values: Mapping[str, float] | None,
    backward: "Backward | None",
    digits: int,
) -> str:
    from cnnlab.scratch.graph import equation

    shown = [node for node in graph.nodes if node.constant is None]
    lines = [f"{n.name} = {equation(graph, n)}" if n.operation else n.name for n in shown]
    text = f"Graph with {len(shown)} nodes: {shortened(lines)}."
    numbers = [("Values", values), ("Error signals", backward.signals if backward else None)]
    for what, given in numbers:
        if given is not None:
            each = [f"{node.name} {_number(given[node.name], digits)}" for node in shown]
            text += f" {what}: {shortened(each)}."
    return text
