"""Paths that optimisers take over a surface, seen from above."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from cnnlab._text import shortened
from cnnlab.plots.figure import COLORS, GREY, Array, Figure, as_array, in_house_style

MAX_PATHS = 4
_GRID = 161  # points a side
_LEVELS = 12
_MARKS = ("o", "s", "^", "D")


@in_house_style
def paths(
    surface: Callable[[Array, Array], Array],
    panels: Mapping[str, Mapping[str, Any]],
    window: tuple[float, float, float, float],
    minimum: tuple[float, float] | None = None,
    title: str | None = None,
    alt: str = "",
) -> Figure:
    """Draw paths over the contour lines of a surface, one panel a title.

    Parameters
    ----------
    surface : function of two (M, M) arrays
        Height at each place.
    panels : mapping of str to mapping of str to (T, 2) array
        For each panel one to four paths by their names. A path of one name looks the same in all
        panels.
    window : (float, float, float, float)
        Left, right, bottom and top; what leaves it is cut off.
    minimum : (float, float), optional
        Marked with a star.
    title : str, optional
        Title of the figure.
    alt : str
        What is to be seen in it, for readers who cannot; it ends the figure's own text.

    Returns
    -------
    Figure
        Contour lines stand closer together where the surface is low, so that a flat bottom shows.

    Raises
    ------
    ValueError
        If there is nothing or too much to draw, or a path is no list of places.

    Examples
    --------
    >>> paths(lambda x, y: x**2 + y**2, {"SGD": {"lr 0.1": [[1, 1], [0.8, 0.8]]}}, (-2, 2, -2, 2))
    Figure: Paths over a surface; SGD: lr 0.1, 1 step.
    """
    names = _names(panels)
    left, right, bottom, top = window
    x, y = np.meshgrid(np.linspace(left, right, _GRID), np.linspace(bottom, top, _GRID))
    heights = surface(x, y)  # (_GRID, _GRID)
    figure = Figure(
        alt="Paths over a surface; "
        + "; ".join(f"{panel}: {_said(drawn)}" for panel, drawn in panels.items())
        + ".",
        figsize=(min(4.2 * len(panels) + 0.6, 11), 4.2),
    )
    if title:
        figure.suptitle(title)
    grid = figure.subplots(1, len(panels), squeeze=False)[0]
    for axes, (panel, drawn) in zip(grid, panels.items(), strict=True):
        _contours(axes, x, y, heights)
        for name, path in drawn.items():
            place = names.index(name)
            axes.plot(
                *as_array(path).T, marker=_MARKS[place], markersize=5, linewidth=1.6,
                color=list(COLORS.values())[(place + 1) % len(COLORS)], label=name,
            )  # fmt: skip
        if minimum is not None:
            axes.plot(*minimum, "*", color=COLORS["black"], markersize=15, markerfacecolor="white")
        axes.set(title=panel, xlim=(left, right), ylim=(bottom, top), xlabel="w₁", ylabel="w₂")
        if list(drawn) != [panel]:
            axes.legend(loc="upper right")
    return figure


def _contours(axes: Axes, x: Array, y: Array, heights: Array) -> None:
    low, high = float(heights.min()), float(heights.max())
    levels = low + (high - low) * np.linspace(0, 1, _LEVELS)[1:] ** 2
    axes.contour(x, y, heights, levels=levels, colors=GREY, linewidths=0.8, linestyles="solid")


def _said(drawn: Mapping[str, Any]) -> str:
    steps = {name: len(as_array(path)) - 1 for name, path in drawn.items()}
    return shortened([f"{name}, {n} step{'s' * (n != 1)}" for name, n in steps.items()])


def _names(panels: Mapping[str, Mapping[str, Any]]) -> list[str]:
    names = list(dict.fromkeys(name for drawn in panels.values() for name in drawn))
    if not 1 <= len(panels) <= 4 or not 1 <= len(names) <= MAX_PATHS:
        raise ValueError(
            f"paths: there must be 1 to 4 panels with 1 to {MAX_PATHS} names of paths, not "
            f"{len(panels)} with {len(names)}. Draw several figures."
        )
    for panel, drawn in panels.items():
        for name, path in drawn.items():
            shape = np.shape(as_array(path))
            if len(shape) != 2 or shape[1] != 2:
                raise ValueError(
                    f"paths: {name!r} of {panel!r} must have the shape (T, 2), not {shape}. "
                    "Give one place with two numbers for each step."
                )
    return names
