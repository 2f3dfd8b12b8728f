"""Sketches: a neuron of a brain beside an artificial one, and how networks are laid out."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, PathPatch
from matplotlib.path import Path

from cnnlab.plots.figure import COLORS, GREY, Figure, hide_axes, in_house_style
from cnnlab.plots.units import draw_back, draw_units, unit_place

# Dendrites of the cell: where each begins far out, bends, and ends at the body, in inches.
_DENDRITES = (
    ((-2.6, 1.35), (-1.5, 1.15), (-0.8, 0.25), (-0.35, 0.2)),
    ((-2.5, 0.55), (-1.7, 0.75), (-1.3, 0.55), (-1.05, 0.5)),
    ((-2.7, -0.1), (-1.8, 0.1), (-1.2, -0.15), (-0.4, 0.0)),
    ((-2.4, -1.25), (-1.6, -0.7), (-0.9, -0.4), (-0.33, -0.2)),
    ((-1.7, -1.45), (-1.5, -1.2), (-1.4, -0.9), (-1.25, -0.6)),
)
_AXON = (
    ((0.4, 0.0), (1.1, 0.25), (1.6, -0.2), (2.3, 0.05)),
    ((2.3, 0.05), (2.6, 0.15), (2.7, 0.5), (3.0, 0.65)),
    ((2.3, 0.05), (2.6, 0.0), (2.8, -0.2), (3.05, -0.45)),
)


@in_house_style
def neuron() -> Figure:
    """Draw a nerve cell, and beside it the artificial neuron that is named after it.

    Returns
    -------
    Figure

    Examples
    --------
    >>> neuron()
    Figure: Left, a nerve cell: dendrites, synapses, cell body, axon. Right, an artificial ...
    """
    figure = Figure(
        alt="Left, a nerve cell: dendrites, synapses, cell body, axon. Right, an artificial "
        "neuron: inputs x₁ to x₃, each times a weight w₁ to w₃, a sum with the bias b, an "
        "activation, one output y.",
        figsize=(11, 3.9),
    )
    left, right = figure.subplots(1, 2)
    _cell(left)
    _unit(right)
    return figure


@in_house_style
def topologies() -> Figure:
    """Draw three ways to connect units: one layer, several layers, feedback.

    Returns
    -------
    Figure

    Examples
    --------
    >>> topologies()
    Figure: Three networks. One layer: ... Recurrent: an arrow leads from the outputs back ...
    """
    figure = Figure(
        alt="Three networks. One layer: three inputs, each connected with both outputs. Several "
        "layers: three inputs, four hidden units, two outputs. Recurrent: an arrow leads from "
        "the outputs back to the hidden units.",
        figsize=(11, 3.8),
    )
    sizes = {"one layer": (3, 2), "several layers": (3, 4, 2), "recurrent": (3, 4, 2)}
    panels = figure.subplots(1, 3, width_ratios=[1, 1.6, 1.6])
    for axes, (name, counts) in zip(panels, sizes.items(), strict=True):
        layers = [[""] * count for count in counts]
        draw_units(axes, layers)
        axes.set(title=name, ylim=(-2.7, 2.7))
        if name == "recurrent":
            draw_back(axes, unit_place(layers, 2, 0), unit_place(layers, 1, 0))
    return figure


def _cell(axes: Axes) -> None:
    _frame(axes, "nerve cell", (-3.0, 3.3))
    for curve in _DENDRITES:
        _draw(axes, curve, COLORS["blue"], 4)
        axes.add_patch(Circle(curve[0], 0.09, color=COLORS["vermillion"], zorder=3))
    for curve in _AXON:
        _draw(axes, curve, COLORS["green"], 5)
    axes.add_patch(Circle((0, 0), 0.45, facecolor="#D9E8F2", edgecolor=COLORS["blue"], lw=3))
    axes.add_patch(Circle((0, 0), 0.15, color=COLORS["blue"]))
    for text, place, point in (
        ("synapse: a signal arrives", (-2.9, 1.85), (-2.6, 1.43)),
        ("dendrite: it leads the signal in", (-1.3, 1.5), (-1.2, 0.93)),
        ("cell body: it gathers", (-0.6, -1.0), (0.0, -0.47)),
        ("axon: the answer leads out", (0.7, 0.85), (1.2, 0.12)),
    ):
        _point(axes, text, place, point)


def _unit(axes: Axes) -> None:
    _frame(axes, "artificial neuron", (-3.2, 3.1))
    for number, height in enumerate((1.1, 0.0, -1.1)):
        index = "₁₂₃"[number]
        axes.annotate(
            "", (-0.55, 0.35 * height), (-2.2, height),
            arrowprops={"arrowstyle": "-|>", "color": COLORS["blue"], "lw": 2.5},
        )  # fmt: skip
        axes.add_patch(Circle((-2.45, height), 0.27, facecolor="white", edgecolor="black", lw=2))
        axes.text(-2.45, height, f"x{index}", ha="center", va="center")
        axes.text(-1.4, 0.68 * height + 0.12, f"· w{index}", ha="center", va="bottom")
    axes.add_patch(Circle((0, 0), 0.5, facecolor="#D9E8F2", edgecolor=COLORS["blue"], lw=3))
    axes.text(0, 0, "sum", ha="center", va="center")
    _point(axes, "bias b", (-0.3, -1.25), (0.0, -0.52))
    arrow = {"arrowstyle": "-|>", "color": COLORS["green"], "lw": 2.5}
    axes.annotate("", (1.15, 0), (0.5, 0), arrowprops=arrow)
    axes.plot([1.2, 1.55, 1.55, 1.9], [-0.25, -0.25, 0.25, 0.25], color=COLORS["green"], lw=3)
    axes.text(1.55, 0.45, "activation", ha="center", va="bottom")
    axes.annotate("", (2.55, 0), (1.95, 0), arrowprops=arrow)
    axes.add_patch(Circle((2.8, 0), 0.25, facecolor="white", edgecolor="black", lw=2))
    axes.text(2.8, 0, "y", ha="center", va="center")


def _frame(axes: Axes, name: str, across: tuple[float, float]) -> None:
    hide_axes(axes)
    axes.set_aspect("equal")
    axes.set(xlim=across, ylim=(-1.7, 2.1))
    axes.set_title(name)


def _draw(axes: Axes, curve: Sequence[Any], color: str, width: float) -> None:
    codes = [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
    path = Path(np.asarray(curve), codes)
    axes.add_patch(PathPatch(path, facecolor="none", edgecolor=color, lw=width, capstyle="round"))


def _point(axes: Axes, text: str, place: tuple[float, float], point: tuple[float, float]) -> None:
    axes.annotate(
        text, point, place, va="center",
        arrowprops={"arrowstyle": "-", "color": GREY, "lw": 1, "shrinkB": 0},
    )  # fmt: skip
