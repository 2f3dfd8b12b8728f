"""Curves over epochs."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from cnnlab.plots.figure import COLORS, Figure, counted, in_house_style


@in_house_style
def training_curves(history: Mapping[str, Sequence[float]], title: str | None = None) -> Figure:
    """Draw every metric over the epochs, training beside validation.

    The learning rate is drawn only if it changed. If the history knows its best epoch, that
    epoch is marked.

    Parameters
    ----------
    history : History or mapping of str to sequence of float
        One value an epoch; the validation's name is the training's with ``val_`` before it.
    title : str, optional
        Title of the figure.

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
        figsize=(max(4.5 * len(names), 5.5), 3.8),
    )
    if title:
        figure.suptitle(title)
    panels = figure.subplots(1, len(names), squeeze=False)[0]
    for panel, name in zip(panels, names, strict=True):
        _curve(panel, history, name, getattr(history, "best_epoch", None))
    return figure


def _curve(axes: Axes, history: Mapping[str, Sequence[float]], name: str, best: Any) -> None:
    epochs = np.arange(1, len(history[name]) + 1)
    # Markers would run into each other on long runs; then the dashes tell the lines apart.
    size = 6 if len(epochs) <= 30 else 0
    train = {"color": COLORS["blue"], "marker": "o", "markersize": size, "label": "training"}
    axes.plot(epochs, history[name], **train)
    if f"val_{name}" in history:
        style = {"color": COLORS["vermillion"], "marker": "s", "markersize": size}
        axes.plot(
            epochs,
            history[f"val_{name}"],
            "--",
            markerfacecolor="white",
            label="validation",
            **style,
        )
        if best is not None:
            axes.axvline(
                best, color="#666666", linestyle=":", zorder=1, label=f"epoch {best}, best"
            )
        axes.legend()
    axes.set_xlabel("epoch")
    axes.set_ylabel(_words(name))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True, min_n_ticks=1))
    axes.grid(visible=True)
    if name == "learning_rate":
        axes.set_yscale("log")


def _words(name: str) -> str:
    return name.replace("_", " ")
