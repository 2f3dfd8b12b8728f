"""Regions into which the lines of a layer's units cut the plane."""

from itertools import combinations
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patheffects import withStroke

from cnnlab._text import counted
from cnnlab.plots.figure import COLORS, Array, Figure, as_array, in_house_style

MAX_UNITS = 6
_GRID = 241  # points a side
_TINTS = LinearSegmentedColormap.from_list("active", ["#FFFFFF", "#9CC6E0", "#5A9FCC"])


@in_house_style
def regions(weight: Any, bias: Any, title: str | None = None, alt: str = "") -> Figure:
    """Draw the regions in which the same units of a layer are active.

    Parameters
    ----------
    weight : (H, 2) array
        Weights of one to six units with two inputs.
    bias : (H,) array
        One bias for each unit.
    title : str, optional
        Title of the figure.
    alt : str
        What is to be seen in it, for readers who cannot; it ends the figure's own text.

    Returns
    -------
    Figure
        Each region carries a digit for each unit, 1 where its sum is positive, and is the darker,
        the more units are active.

    Raises
    ------
    ValueError
        If the shapes do not fit together, or a unit has no weight but 0, and so no line.

    Examples
    --------
    >>> regions([[1, 0], [0, 1], [1, 1]], [0, 0, -1])
    Figure: 3 lines cut the plane into 7 regions: 000, 010, 011, 100, 101, 110, 111.
    """
    weight, bias = as_array(weight).astype(float), as_array(bias).astype(float)
    if weight.ndim != 2 or weight.shape[1] != 2 or bias.shape != weight.shape[:1]:
        raise ValueError(
            f"regions: weight must have shape (H, 2) and bias (H,), not {weight.shape} and "
            f"{bias.shape}. Give each unit two weights and one bias."
        )
    if not 1 <= len(weight) <= MAX_UNITS:
        raise ValueError(
            f"regions: units must be 1 to {MAX_UNITS}, not {len(weight)}. "
            "With more, the regions are too small to be labelled."
        )
    if not np.hypot(*weight.T).all():
        raise ValueError(
            "regions: each unit must have a weight other than 0, but one has none. Leave it out: "
            "it answers the same everywhere."
        )
    names = _patterns(weight, bias)
    x, y = _window(weight, bias)
    grid = np.stack(np.meshgrid(x, y), axis=-1)  # (_GRID, _GRID, 2)
    sums = grid @ weight.T + bias  # (_GRID, _GRID, H)
    figure = Figure(
        alt=f"{counted(len(bias), 'line')} cut{'s' * (len(bias) == 1)} the plane into "
        f"{counted(len(names), 'region')}: {', '.join(names)}.",
        figsize=(5, 5),
    )
    axes = figure.subplots()
    if title:
        axes.set_title(title)
    active = (sums > 0).sum(axis=-1)  # (_GRID, _GRID)
    axes.imshow(
        active, cmap=_TINTS, vmin=0, vmax=MAX_UNITS, extent=(x[0], x[-1], y[0], y[-1]),
        origin="lower", zorder=0,
    )  # fmt: skip
    _label(axes, names, sums / np.hypot(*weight.T), grid)
    for unit in range(len(bias)):
        axes.contour(x, y, sums[..., unit], levels=[0], colors=COLORS["black"], linewidths=2)
    axes.set_xlabel("x₁")
    axes.set_ylabel("x₂")
    return figure


def _patterns(weight: Array, bias: Array) -> list[str]:
    """Which units are active in each region, however small: a look around every crossing."""
    feet = -bias[:, None] * weight / (weight**2).sum(axis=1)[:, None]  # a point on each line
    points = np.concatenate([feet, *_crossings(weight, bias)])
    angles = np.sort(np.arctan2(weight[:, 0], -weight[:, 1]) % np.pi)  # of the lines
    between = (angles + np.append(angles[1:], angles[0] + np.pi)) / 2
    around = np.concatenate([between, between + np.pi])
    step = 1e-6 * max(1.0, np.ptp(points, axis=0).max())
    looks = points[:, None] + step * np.stack([np.cos(around), np.sin(around)], axis=1)
    active = looks.reshape(-1, 2) @ weight.T + bias > 0
    return sorted({"".join(map(str, row)) for row in active.astype(int).tolist()})


def _crossings(weight: Array, bias: Array) -> list[Array]:
    pairs = map(list, combinations(range(len(bias)), 2))
    return [
        np.linalg.solve(weight[pair], -bias[pair])[None]
        for pair in pairs
        if abs(np.linalg.det(weight[pair])) > 1e-9
    ]


def _window(weight: Array, bias: Array) -> tuple[Array, Array]:
    """Coordinates that show where lines cross, with as much again around."""
    points = np.concatenate(_crossings(weight, bias) or [np.zeros((1, 2))])
    centre = (points.min(axis=0) + points.max(axis=0)) / 2
    half = 1.1 * max(np.ptp(points, axis=0).max(), 1.0)
    low, high = centre - half, centre + half
    return np.linspace(low[0], high[0], _GRID), np.linspace(low[1], high[1], _GRID)


def _label(axes: Axes, names: list[str], distances: Array, grid: Array) -> None:
    """Write each name where its region is widest, away from lines and frame."""
    side = np.minimum(np.arange(_GRID), np.arange(_GRID)[::-1])
    edge = np.minimum.outer(side, side) * (grid[0, 1, 0] - grid[0, 0, 0])
    room = np.minimum(np.abs(distances).min(axis=-1), edge)
    for name in names:
        inside = ((distances > 0) == np.array(list(name)).astype(int)).all(axis=-1)
        if inside.any():
            place = np.unravel_index(np.where(inside, room, -1).argmax(), room.shape)
            axes.annotate(
                name, grid[place], ha="center", va="center", weight="bold",
                path_effects=[withStroke(linewidth=3, foreground="white")],
            )  # fmt: skip
