"""Networks as units and connections, with the numbers on them."""

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch
from matplotlib.patheffects import withStroke

from cnnlab.plots.figure import COLORS, GREY, Array, Figure, as_array, hide_axes, in_house_style

MAX_UNITS, MAX_LAYERS = 8, 6
_HALO = [withStroke(linewidth=4, foreground="white")]
_WIDTH, _HEIGHT, _RADIUS = 2.3, 1.3, 0.32  # inches from layer to layer, unit to unit; of a unit
_ALONG = 0.25  # share of the way along a connection where its number stands


@in_house_style
def units(
    layers: Sequence[Sequence[str]],
    weights: Sequence[Any] | None = None,
    biases: Sequence[Any] | None = None,
    dropped: Collection[str] = (),
    title: str | None = None,
    alt: str = "",
) -> Figure:
    """Draw a network of dense layers: a circle for each unit, a line for each weight.

    Parameters
    ----------
    layers : sequence of sequences of str
        Names of the units, layer by layer; the first layer are the inputs.
    weights : sequence of arrays, optional
        For each layer after the first its weights, (units, units before), written on the lines.
    biases : sequence of arrays, optional
        For each layer after the first its biases, (units,), written below the circles.
    dropped : collection of str
        Names of units that are crossed out, and whose connections are left out.
    title : str, optional
        Title of the figure.
    alt : str
        What is to be seen in it, for readers who cannot; it ends the figure's own text.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there are too few or too many layers or units, shapes do not fit, or a dropped unit is
        not there.

    Examples
    --------
    >>> units([["x₁", "x₂"], ["y"]], weights=[[[1, 1]]], biases=[[-1.5]])
    Figure: Network of 2 and 1 units. Weights of y: 1 from x₁, 1 from x₂; bias −1.5.
    """
    most = _most(layers)
    given = _fitting("weights", weights, [(len(b), len(a)) for a, b in _pairs(layers)])
    shifts = _fitting("biases", biases, [(len(b),) for _, b in _pairs(layers)])
    _known(dropped, layers)
    sizes = [str(len(layer)) for layer in layers]
    figure = Figure(
        alt=f"Network of {', '.join(sizes[:-1])} and {sizes[-1]} units."
        + "".join(_said(layers, given, shifts))
        + (f" Crossed out: {', '.join(dropped)}." if dropped else ""),
        figsize=(_WIDTH * (len(layers) - 1) + 1.4, _HEIGHT * most + (0.4 if title else 0.1)),
    )
    axes = figure.subplots()
    if title:
        axes.set_title(title)
    draw_units(axes, layers, given, shifts, dropped)
    return figure


def draw_units(
    axes: Axes,
    layers: Sequence[Sequence[str]],
    weights: Sequence[Array] = (),
    biases: Sequence[Array] = (),
    dropped: Collection[str] = (),
) -> None:
    """Draw the network of :func:`units` into axes of any size."""
    hide_axes(axes)
    axes.set_aspect("equal")
    half = _HEIGHT * max(map(len, layers)) / 2
    axes.set(xlim=(-0.6, _WIDTH * (len(layers) - 1) + 0.6), ylim=(-half, half))
    for number, (before, after) in enumerate(_pairs(layers)):
        for target in range(len(after)):
            for source in range(len(before)):
                if {before[source], after[target]} & set(dropped):
                    continue
                start = unit_place(layers, number, source)
                end = unit_place(layers, number + 1, target)
                axes.plot(*zip(start, end, strict=True), color=GREY, linewidth=1.5, zorder=1)
                if weights:
                    _write(axes, weights[number][target, source], start, end)
        if biases:
            for target in range(len(after)):
                x, y = unit_place(layers, number + 1, target)
                text = _number(biases[number][target])
                axes.text(x, y - _RADIUS - 0.06, text, ha="center", va="top", path_effects=_HALO)
    for number, layer in enumerate(layers):
        for unit, name in enumerate(layer):
            place = unit_place(layers, number, unit)
            edge = COLORS["black"] if number == 0 else COLORS["blue"]
            axes.add_patch(
                Circle(place, _RADIUS, facecolor="white", edgecolor=edge, lw=2, zorder=2)
            )
            if name in dropped:
                _cross_out(axes, place)
            axes.text(*place, name, ha="center", va="center", zorder=4, path_effects=_HALO)


def draw_back(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw a connection that leads back, as an arrow that bends around what lies between."""
    arrow = FancyArrowPatch(
        start, end, connectionstyle="arc3,rad=0.45", arrowstyle="-|>", mutation_scale=18,
        color=COLORS["vermillion"], lw=2, shrinkA=16, shrinkB=16, zorder=1,
    )  # fmt: skip
    axes.add_patch(arrow)


def _cross_out(axes: Axes, place: tuple[float, float]) -> None:
    """Draw a cross over a unit's circle."""
    x, y = place
    for rise in (_RADIUS, -_RADIUS):
        ends = ([x - _RADIUS, x + _RADIUS], [y - rise, y + rise])
        axes.plot(*ends, color=COLORS["vermillion"], linewidth=2.5, zorder=3)


def unit_place(layers: Sequence[Sequence[str]], layer: int, unit: int) -> tuple[float, float]:
    """Centre of a unit's circle, in inches."""
    return _WIDTH * layer, _HEIGHT * ((len(layers[layer]) - 1) / 2 - unit)


def _pairs(layers: Sequence[Sequence[str]]) -> list[tuple[Sequence[str], Sequence[str]]]:
    return list(pairwise(layers))


def _most(layers: Sequence[Sequence[str]]) -> int:
    sizes = [len(layer) for layer in layers]
    if not 2 <= len(sizes) <= MAX_LAYERS or not all(1 <= size <= MAX_UNITS for size in sizes):
        raise ValueError(
            f"units: layers must be 2 to {MAX_LAYERS} with 1 to {MAX_UNITS} units each, not "
            f"{sizes}. Draw a larger network with plots.architecture."
        )
    return max(sizes)


def _fitting(name: str, given: Sequence[Any] | None, shapes: list[tuple[int, ...]]) -> list[Array]:
    arrays = [as_array(array) for array in given or ()]
    found = [array.shape for array in arrays]
    if given is not None and found != shapes:
        raise ValueError(
            f"units: {name} must have the shapes {shapes}, not {found}. "
            "Give one array for each layer after the inputs, a row for each of its units."
        )
    return arrays


def _known(dropped: Collection[str], layers: Sequence[Sequence[str]]) -> None:
    names = [name for layer in layers for name in layer]
    if missing := [name for name in dropped if name not in names]:
        raise ValueError(
            f"units: dropped must name units of the layers, not {missing}. "
            f"There are {', '.join(names)}."
        )


def _write(axes: Axes, weight: float, start: tuple[float, float], end: tuple[float, float]) -> None:
    x, y = (a + _ALONG * (b - a) for a, b in zip(start, end, strict=True))
    axes.text(x, y, _number(weight), ha="center", va="center", path_effects=_HALO, zorder=4)


def _number(value: float) -> str:
    return f"{round(float(value), 2) + 0.0:g}".replace("-", "−")


def _said(
    layers: Sequence[Sequence[str]], weights: Sequence[Array], biases: Sequence[Array]
) -> list[str]:
    said = []
    for number, (before, after) in enumerate(_pairs(layers) if weights else []):
        for unit, name in enumerate(after):
            each = zip(weights[number][unit], before, strict=True)
            parts = ", ".join(f"{_number(weight)} from {source}" for weight, source in each)
            bias = f"; bias {_number(biases[number][unit])}" if biases else ""
            said.append(f" Weights of {name}: {parts}{bias}.")
    return said
