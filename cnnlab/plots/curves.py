"""Curves over epochs."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, NullLocator, StrMethodFormatter

from cnnlab._text import counted
from cnnlab.plots.figure import COLORS, GREY, Figure, in_house_style


@in_house_style
def training_curves(
    history: Mapping[str, Sequence[float]], title: str | None = None, alt: str = ""
) -> Figure:
    """Draw every metric over the epochs, training beside validation.

    The learning rate is drawn only if it changed. If the history knows its best epoch, that
    epoch is marked.

    Parameters
    ----------
    history : History or mapping of str to sequence of float
        One value an epoch; the validation's name is the training's with ``val_`` before it.
    title : str, optional
        Title of the figure.
    alt : str
        What is to be seen in it, for readers who cannot; it ends the figure's own text.

    Returns
    -------
    Figure
        One panel a metric.

    Raises
    ------
    ValueError
        If no epoch was completed.

    Examples
    --------
    >>> training_curves({"loss": [0.9, 0.4], "val_loss": [0.8, 0.6]})
    Figure: Training curves over 2 epochs: loss (training and validation).
    """
    names = [name for name in history if not name.startswith("val_")]
    names = [n for n in names if n != "learning_rate" or len(set(history[n])) > 1]
    epochs = len(history[names[0]]) if names else 0
    if epochs == 0:
        raise ValueError(
            "training_curves: the history must hold at least one epoch, but it is empty. "
            "Train first."
        )
    parts = [
        _words(name) + (" (training and validation)" if f"val_{name}" in history else "")
        for name in names
    ]
    figure = Figure(
        alt=f"Training curves over {counted(epochs, 'epoch')}: {', '.join(parts)}.",
        figsize=(min(max(4.5 * len(names), 5.5), 11), 3.8),
    )
    if title:
        figure.suptitle(title)
    panels = figure.subplots(1, len(names), squeeze=False)[0]
    best = getattr(history, "best_epoch", None)
    for panel, name in zip(panels, names, strict=True):
        _curves(panel, history, name)
        if best is not None and f"val_{name}" in history:
            panel.axvline(best, color=GREY, linestyle=":", zorder=1, label=f"best epoch: {best}")
    if f"val_{names[0]}" in history:
        panels[0].legend()
    return figure


def _curves(axes: Axes, history: Mapping[str, Sequence[float]], name: str) -> None:
    epochs = np.arange(1, len(history[name]) + 1)
    # Markers would run into each other on long runs; then the dashes tell the lines apart.
    size = 6 if len(epochs) <= 30 else 0
    axes.plot(epochs, history[name], "o-", color=COLORS["blue"], markersize=size, label="training")
    if f"val_{name}" in history:
        axes.plot(
            epochs,
            history[f"val_{name}"],
            "s--",
            color=COLORS["vermillion"],
            markersize=size,
            markerfacecolor="white",
            label="validation",
        )
    axes.set_xlabel("epoch")
    axes.set_ylabel(_words(name))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True, min_n_ticks=1))
    axes.grid(visible=True)
    if name == "learning_rate":
        axes.set_yscale("log")
        axes.set_yticks(sorted(set(history[name]), reverse=True)[:6])
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:.2g}"))
        axes.yaxis.set_minor_locator(NullLocator())


def _words(name: str) -> str:
    return name.replace("_", " ")
