"""Which maps read which."""

from collections.abc import Sequence

import numpy as np
from matplotlib.colors import ListedColormap

from cnnlab._text import counted
from cnnlab.plots.figure import COLORS, GREY, Figure, in_house_style

_SHADES = ListedColormap(["white", COLORS["blue"]])  # not read, read


@in_house_style
def connections(
    table: Sequence[Sequence[int]],
    names: Sequence[str] = ("maps below", "maps above"),
    title: str | None = None,
    alt: str = "",
) -> Figure:
    """Draw a connection table: a filled square where a map reads a map of the layer below.

    Parameters
    ----------
    table : sequence of sequence of int
        For each map, the maps below that it reads, counted from 0; ``spec.TableConv`` has one.
    names : pair of str
        What the maps below and above are called.
    title : str, optional
        Title of the figure.
    alt : str
        What is to be seen in it, for readers who cannot; it ends the figure's own text.

    Returns
    -------
    Figure
        One column a map, one row a map below.

    Raises
    ------
    ValueError
        If the table is empty, or holds something other than numbers of maps from 0.

    Examples
    --------
    >>> connections([(0, 1), (1, 2), (0, 1, 2)], ["S2", "C3"])
    Figure: Connections of 3 maps of S2, rows, with 3 maps of C3, columns: 2, 2, 3 in each column, \
7 in all.
    """
    flat = [below for maps in table for below in maps]
    if not flat or any(not isinstance(below, int | np.integer) or below < 0 for below in flat):
        raise ValueError(
            "connections: table must hold, for each map, the numbers of the maps that it reads, "
            f"counted from 0, not {table!r}. Write [(0, 1), (1, 2)]."
        )
    rows, columns = max(flat) + 1, len(table)
    filled = np.zeros((rows, columns))
    for column, maps in enumerate(table):
        filled[list(maps), column] = 1
    each = ", ".join(f"{count:.0f}" for count in filled.sum(axis=0))
    figure = Figure(
        alt=f"Connections of {counted(rows, 'map')} of {names[0]}, rows, with "
        f"{counted(columns, 'map')} of {names[1]}, columns: {each} in each column, "
        f"{filled.sum():.0f} in all.",
        figsize=(0.42 * columns + 1.2, 0.42 * rows + 1.0),
    )
    axes = figure.subplots()
    axes.pcolormesh(filled, cmap=_SHADES, vmin=0, vmax=1, edgecolors=GREY, linewidth=1)
    axes.set(xlabel=names[1], ylabel=names[0], aspect="equal", title=title or "")
    axes.set_xticks(np.arange(columns) + 0.5, [str(column) for column in range(columns)])
    axes.set_yticks(np.arange(rows) + 0.5, [str(row) for row in range(rows)])
    axes.invert_yaxis()
    axes.tick_params(length=0)
    return figure
