"""Bars: a few things, measured in a few ways."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from cnnlab._text import shortened
from cnnlab.plots.figure import COLORS, Figure, hide_axes, in_house_style

MAX_THINGS = 20
_ROOM = 1.5  # panel width in lengths of the longest bar, to leave room for its number


@in_house_style
def bars(
    measures: Mapping[str, Mapping[str, float]], title: str | None = None, alt: str = ""
) -> Figure:
    """Draw several measures of the same things, one panel a measure, one bar a thing.

    Parameters
    ----------
    measures : mapping of str to mapping of str to float
        For each measure (name it with its unit, if it has one) the value of each thing. Things
        are drawn in the order of the first measure.
    title : str, optional
        Title of the figure.
    alt : str
        What is to be seen in it, for readers who cannot; it ends the figure's own text.

    Returns
    -------
    Figure
        Each bar starts at 0 and carries its number; negative ones are orange and go left.

    Raises
    ------
    ValueError
        If the measures are not of the same things, or a value cannot be drawn.

    Examples
    --------
    >>> bars({"parameters": {"small": 9_269, "large": 545_810}})
    Figure: Bars for small, large: parameters.
    """
    things = _things(measures)
    figure = Figure(
        alt=f"Bars for {shortened(things)}: {shortened(list(measures))}.",
        figsize=(min(2.2 + 2.2 * len(measures), 11), 0.45 * len(things) + (1.1 if title else 0.7)),
    )
    if title:
        figure.suptitle(title)
    panels = figure.subplots(1, len(measures), sharey=True, squeeze=False)[0]
    for panel, (measure, values) in zip(panels, measures.items(), strict=True):
        lengths = [values[thing] for thing in things]
        colors = [COLORS["vermillion" if length < 0 else "blue"] for length in lengths]
        panel.barh(range(len(things)), lengths, height=0.62, color=colors)
        for row, length in enumerate(lengths):
            text = (f"{length:,}" if isinstance(length, int) else f"{length:.3g}").replace("-", "−")
            _write(panel, text, (length, row), *((-4, "right") if length < 0 else (4, "left")))
        panel.set_title(measure)
        left, right = min(0, *lengths), max(0, *lengths)
        room = (_ROOM - 1) * (right - left)
        panel.set_xlim(left - room * (left < 0), right + room * (right > 0) or 1)
        if left < 0:
            panel.axvline(0, color=COLORS["black"], linewidth=1)
        hide_axes(panel)
    for row, thing in enumerate(things):
        _write(panels[0], thing, (0, row), -6, "right")
    panels[0].invert_yaxis()
    return figure


def _write(panel: Axes, text: str, place: tuple[float, float], points: int, side: str) -> None:
    panel.annotate(text, place, (points, 0), textcoords="offset points", ha=side, va="center")


def _things(measures: Mapping[str, Mapping[str, float]]) -> list[str]:
    things = list(next(iter(measures.values()), {}))
    if not 0 < len(things) <= MAX_THINGS:
        raise ValueError(
            f"bars: measures must be of 1 to {MAX_THINGS} things, not {len(things)}. "
            "Give for example {'accuracy': {'small': 0.9}}."
        )
    for measure, values in measures.items():
        if set(values) != set(things):
            raise ValueError(
                f"bars: {measure!r} must have the things {shortened(things)}, not "
                f"{shortened(list(values))}. Measure the same things in each way."
            )
        if not all(np.isfinite(value) for value in values.values()):
            raise ValueError(
                f"bars: values of {measure!r} must be finite, but some are not. Leave them out."
            )
    return things
