"""Curves of functions of one number, side by side."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cnnlab._text import shortened
from cnnlab.plots.figure import (
    COLORS,
    GREY,
    Array,
    Figure,
    as_array,
    hide_axes,
    in_house_style,
    legend_beside,
)

MAX_PANELS, MAX_CURVES = 8, 4
_LINES = (
    (COLORS["blue"], "-"),
    (COLORS["vermillion"], "--"),
    (COLORS["green"], "-."),
    (COLORS["black"], ":"),
)


@in_house_style
def functions(
    x: Any,
    panels: Mapping[str, Mapping[str, Any]],
    points: tuple[Any, Any] | None = None,
    columns: int = 3,
    axes: tuple[str, str] = ("x", "y"),
    title: str | None = None,
    alt: str = "",
) -> Figure:
    """Draw functions of one number, one panel a title, several curves in each.

    Parameters
    ----------
    x : (N,) array
        Where the functions were computed.
    panels : mapping of str to mapping of str to (N,) array
        For each panel the values of each curve. A curve of one name looks the same in all panels.
    points : pair of (M,) arrays, optional
        Examples, drawn as circles in every panel.
    columns : int
        Panels in a row.
    axes : pair of str
        Names of what goes to the right and what goes up.
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
        If there is nothing or too much to draw, or the lengths differ.

    Examples
    --------
    >>> functions([0, 1, 2], {"relu": {"value": [0, 1, 2], "slope": [0, 1, 1]}})
    Figure: Curves over 0 to 2; relu: value, slope.
    """
    x = as_array(x)
    names = _names(x, panels)
    columns = min(columns, len(panels))
    rows = -(-len(panels) // columns)
    figure = Figure(
        alt=f"Curves over {x.min():g} to {x.max():g}; "
        + "; ".join(f"{panel}: {shortened(list(curves))}" for panel, curves in panels.items())
        + ("." if points is None else f"; {len(as_array(points[0]))} examples as circles."),
        figsize=(min(3.6 * columns + 1.5, 11), 2.7 * rows + 0.4),
    )
    if title:
        figure.suptitle(title)
    grid = figure.subplots(rows, columns, squeeze=False).flat
    for drawn, (panel, curves) in zip(grid, panels.items(), strict=False):
        drawn.set(title=panel, xlabel=axes[0], ylabel=axes[1])
        drawn.axhline(0, color=GREY, linewidth=1, zorder=1)
        if points is not None:
            places = map(as_array, points)
            drawn.scatter(*places, s=28, facecolors="none", edgecolors=GREY, label="examples")
        for name, values in curves.items():
            colour, dashes = _LINES[names.index(name)]
            drawn.plot(x, as_array(values), dashes, color=colour, label=name)
    for empty in figure.axes[len(panels) :]:
        hide_axes(empty)
    legend_beside(figure)
    return figure


def _names(x: Array, panels: Mapping[str, Mapping[str, Any]]) -> list[str]:
    names = list(dict.fromkeys(name for curves in panels.values() for name in curves))
    if not 1 <= len(panels) <= MAX_PANELS or not 1 <= len(names) <= MAX_CURVES:
        raise ValueError(
            f"functions: there must be 1 to {MAX_PANELS} panels with 1 to {MAX_CURVES} names of "
            f"curves, not {len(panels)} with {len(names)}. Draw several figures."
        )
    for panel, curves in panels.items():
        for name, values in curves.items():
            shape = np.shape(as_array(values))
            if shape != x.shape or x.ndim != 1:
                raise ValueError(
                    f"functions: {name!r} of {panel!r} must have the shape of x, (N,), not "
                    f"{shape} beside {x.shape}. Compute it at every x."
                )
    return names
