"""Points of two numbers, and the lines along which units change their answer."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from cnnlab._text import shortened
from cnnlab.plots.figure import COLORS, GREY, Array, Figure, as_array, in_house_style, legend_beside

_TINTS = ListedColormap(["white", "#FBE3D0"])  # no, yes
_GRID = 301  # points a side; odd, so that the middle is one of them
_MARKS = {0: ("o", "white", COLORS["blue"]), 1: ("s", COLORS["vermillion"], COLORS["vermillion"])}


class Plane(NamedTuple):
    """What is drawn in one plane.

    Attributes
    ----------
    points : (N, 2) array
    labels : (N,) array of 0 and 1
        Wanted answers.
    units : sequence of (weights, bias)
        Each has two weights, and is drawn as the line where its sum is 0, with an arrow to the
        side where it is positive. The positive side of all of them together is tinted.
    names : sequence of str
        What is written beside each point; points that fall together share a place.
    axes : pair of str
        Names of the two numbers.
    """

    points: Any
    labels: Any
    units: Sequence[tuple[Any, float]] = ()
    names: Sequence[str] = ()
    axes: tuple[str, str] = ("x₁", "x₂")


@in_house_style
def planes(panels: Mapping[str, Plane], title: str | None = None, alt: str = "") -> Figure:
    """Draw one or more planes side by side.

    Parameters
    ----------
    panels : mapping of str to Plane
        One to four, by their titles.
    title : str, optional
        Title of the figure.
    alt : str
        What is to be seen in it, for readers who cannot; it ends the figure's own text.

    Returns
    -------
    Figure
        Points with label 1 are filled squares, those with 0 empty circles.

    Raises
    ------
    ValueError
        If there are no panels or more than four, or the arrays do not fit together.

    Examples
    --------
    >>> corners = [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> planes({"AND": Plane(corners, [0, 0, 0, 1], units=[((1, 1), -1.5)])})
    Figure: 1 plane, AND: 1 of 4 points has label 1, and 1 line parts the plane.
    """
    if not 1 <= len(panels) <= 4:
        raise ValueError(f"planes: panels must be 1 to 4, not {len(panels)}. Draw several figures.")
    read = {name: _read(name, plane) for name, plane in panels.items()}
    side = min(3.9, 10 / len(panels))  # inches
    figure = Figure(
        alt=f"{len(panels)} plane{'s' * (len(panels) > 1)}, "
        + "; ".join(f"{name}: {_said(plane)}" for name, plane in read.items())
        + ".",
        figsize=(side * len(panels) + 1.8, side + (0.3 if title else 0)),
    )
    if title:
        figure.suptitle(title)
    for axes, (name, plane) in zip(
        figure.subplots(1, len(panels), squeeze=False)[0], read.items(), strict=True
    ):
        _draw(axes, plane)
        axes.set_title(name)
    legend_beside(figure)
    return figure


def _read(name: str, plane: Plane) -> Plane:
    points, labels = as_array(plane.points).astype(float), as_array(plane.labels)
    if points.ndim != 2 or points.shape[1] != 2 or labels.shape != points.shape[:1]:
        raise ValueError(
            f"planes: {name!r} must have points of shape (N, 2) and labels of shape (N,), not "
            f"{points.shape} and {labels.shape}. Give each point two numbers and one label."
        )
    if not set(labels.tolist()) <= {0, 1}:
        raise ValueError(
            f"planes: labels of {name!r} must be 0 or 1, not {shortened(sorted(map(str, labels)))}. "
            "Number two classes 0 and 1."
        )
    units = [(as_array(weights).astype(float), float(bias)) for weights, bias in plane.units]
    if any(weights.shape != (2,) for weights, _ in units):
        raise ValueError(
            f"planes: each unit of {name!r} must have two weights and a bias. "
            "Give for example ((1, 1), -1.5)."
        )
    return plane._replace(points=points, labels=labels.astype(int), units=units)


def _said(plane: Plane) -> str:
    ones, lines = int(plane.labels.sum()), len(plane.units)
    places = len(np.unique(plane.points.round(9), axis=0))
    together = "" if places == len(plane.points) else f", in {places} places"
    said = f"{ones} of {len(plane.points)} points ha{'s' if ones == 1 else 've'} label 1{together}"
    if lines:
        said += f", and {lines} line{'s' * (lines > 1)} part{'s' * (lines == 1)} the plane"
    return said


def _draw(axes: Axes, plane: Plane) -> None:
    low, high = plane.points.min(axis=0), plane.points.max(axis=0)
    centre, half = (low + high) / 2, 0.95 * max(*(high - low), 1.0)
    axes.set(xlim=(centre[0] - half, centre[0] + half), ylim=(centre[1] - half, centre[1] + half))
    axes.set_aspect("equal")
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.set_xlabel(plane.axes[0])
    axes.set_ylabel(plane.axes[1])
    if plane.units:
        _tint(axes, plane.units)
    for weights, bias in plane.units:
        _line(axes, weights, bias, half)
    for label, (marker, face, edge) in _MARKS.items():
        chosen = plane.points[plane.labels == label]
        axes.scatter(
            chosen[:, 0], chosen[:, 1], s=130, marker=marker, c=face, edgecolors=edge, linewidths=2.5, zorder=3,
            label=f"label {label}",
        )  # fmt: skip
    for place, names in _named(plane).items():
        # Outwards, where the fewest lines pass.
        right, up = place[0] > centre[0], place[1] >= centre[1]
        axes.annotate(
            ", ".join(names), place, (8 if right else -8, 8 if up else -8),
            textcoords="offset points", zorder=4, ha="left" if right else "right",
            va="bottom" if up else "top", path_effects=[withStroke(linewidth=3, foreground="white")],
        )  # fmt: skip


def _tint(axes: Axes, units: Sequence[tuple[Array, float]]) -> None:
    x, y = (np.linspace(*limits, _GRID) for limits in (axes.get_xlim(), axes.get_ylim()))
    grid = np.stack(np.meshgrid(x, y), axis=-1)  # (_GRID, _GRID, 2)
    positive = np.all([grid @ weights + bias > 0 for weights, bias in units], axis=0)
    extent = (x[0], x[-1], y[0], y[-1])
    axes.imshow(
        positive, cmap=_TINTS, vmin=0, vmax=1, extent=extent, origin="lower", zorder=0,
        aspect="equal",
    )  # fmt: skip


def _line(axes: Axes, weights: Array, bias: float, half: float) -> None:
    """Draw where a unit's sum is 0, and an arrow to its positive side; no weights, no line."""
    length = np.hypot(*weights)
    if length == 0:
        return
    middle = np.array([np.mean(axes.get_xlim()), np.mean(axes.get_ylim())])
    towards, along = weights / length, np.array([-weights[1], weights[0]]) / length
    foot = middle - towards * (middle @ weights + bias) / length
    ends = np.stack([foot - 4 * half * along, foot + 4 * half * along])
    axes.plot(
        *ends.T, color=COLORS["black"], zorder=2, label="sum is 0", scalex=False, scaley=False
    )
    if np.abs(foot - middle).max() < half:
        axes.annotate(
            "", foot + 0.3 * half * towards, foot, zorder=2,
            arrowprops={"arrowstyle": "-|>", "color": GREY, "lw": 2, "shrinkA": 0, "shrinkB": 0},
        )  # fmt: skip


def _named(plane: Plane) -> dict[tuple[float, float], list[str]]:
    places: dict[tuple[float, float], list[str]] = {}
    for point, name in zip(plane.points.round(9).tolist(), plane.names, strict=False):
        places.setdefault((point[0], point[1]), []).append(name)
    return places
