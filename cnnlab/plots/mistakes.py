"""Where a classifier errs: which classes, and on which images."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from cnnlab._text import counted
from cnnlab.plots.classes import class_list, read_pair, whole_numbers
from cnnlab.plots.figure import (
    SEQUENTIAL,
    Array,
    Figure,
    as_array,
    hide_axes,
    in_house_style,
    text_color,
)
from cnnlab.plots.pictures import as_pictures, picture_grid

MAX_CLASSES = 30
FEW = 5  # mistakes that have the darkest colour at least, so that one is never as dark as many
_RIGHT = "#BFDDF0"  # pale blue: black text on it is legible


@in_house_style
def confusion_matrix(
    labels: Any,
    predictions: Any,
    class_names: Sequence[Any] | None = None,
    title: str | None = None,
    alt: str = "",
) -> Figure:
    """Draw how often each class was taken for which.

    Right answers, on the diagonal, are blue; mistakes are the darker the more there are, from
    white for none. Every cell carries its count.

    Parameters
    ----------
    labels : (N,) array of int or str
        True classes, numbered from 0 or by name.
    predictions : (N,) array of int or str
        Predicted classes.
    class_names : sequence, or mapping from numbers, optional
        Names of all classes; by default numbers from 0, or the words among the classes.
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
        If the arrays do not fit together or there are more than 30 classes.

    Examples
    --------
    >>> confusion_matrix([0, 1, 2, 2], [0, 1, 1, 2])
    Figure: Confusion matrix of 3 classes and 4 examples: true classes down, predicted across.
    """
    y, p, given = read_pair("confusion_matrix", labels, predictions, class_names)
    names = _names("confusion_matrix", given, np.concatenate([y, p]), MAX_CLASSES)
    counts = np.zeros((len(names), len(names)), dtype=int)
    np.add.at(counts, (y, p), 1)
    width = max(0.62, 0.11 * len(str(counts.max()))) * len(names)
    margin = 0.1 * max(map(len, names))
    figure = Figure(
        alt=f"Confusion matrix of {counted(len(names), 'class')} and "
        f"{counted(len(y), 'example')}: true classes down, predicted across.",
        figsize=(max(width + margin + 2.2, 4.9), max(0.36 * len(names) + 0.9, 2.9)),
    )
    _draw_counts(figure.subplots(), counts, names)
    if title:
        figure.suptitle(title)
    return figure


@in_house_style
def worst_mistakes(
    images: Any,
    labels: Any,
    probabilities: Any,
    class_names: Sequence[Any] | None = None,
    count: int = 12,
    title: str | None = None,
    alt: str = "",
) -> Figure:
    """Draw the images on which the classifier was wrong and most sure of it.

    Parameters
    ----------
    images : (N, H, W), (N, 1, H, W), (N, 3, H, W) or (N, H, W, 3) array
        The images that were classified.
    labels : (N,) array of int
        True classes, from 0.
    probabilities : (N, K) array
        Predicted probabilities; each row sums to 1.
    class_names : sequence, optional
        Names of all classes; numbers from 0 by default.
    count : int
        How many to draw at most.
    title : str, optional
        Title of the figure.
    alt : str
        What is to be seen in it, for readers who cannot; it ends the figure's own text.

    Returns
    -------
    Figure
        Above each image: true class → predicted class, and the probability given to it.

    Raises
    ------
    ValueError
        If the arrays do not fit together, or logits were passed.

    Examples
    --------
    >>> worst_mistakes(np.zeros((2, 8, 8)), [0, 1], [[0.9, 0.1], [0.8, 0.2]])
    Figure: Up to 12 most confident mistakes among 2 images: true class → predicted class, ...
    """
    pictures = as_pictures("worst_mistakes", images)
    y, probability = as_array(labels), as_array(probabilities)
    names = _check_probabilities(pictures, y, probability, class_names)
    if count < 1:
        raise ValueError(f"worst_mistakes: count must be at least 1, not {count}. Ask for some.")
    predicted = probability.argmax(axis=1)
    wrong = np.flatnonzero(predicted != y)
    confidence = probability[wrong, predicted[wrong]]
    worst = wrong[np.argsort(-confidence, kind="stable")[:count]]
    if not len(worst):
        return _nothing(f"No mistakes among {counted(len(y), 'image')}.", title)
    captions = [
        f"{names[y[i]]} → {names[predicted[i]]}\n{100 * probability[i, predicted[i]]:.0f} %"
        for i in worst
    ]
    alt = (
        f"Up to {counted(count, 'most confident mistake')} among {counted(len(y), 'image')}: "
        "true class → predicted class, and the probability given to it."
    )
    return picture_grid(pictures[worst], captions, 6, title, alt)


def _draw_counts(axes: Axes, counts: Array, names: list[str]) -> None:
    errors = counts * (1 - np.eye(len(names), dtype=int))
    most = max(errors.max(), FEW)
    drawn = axes.imshow(errors, cmap=SEQUENTIAL, vmin=0, vmax=most, aspect="auto")
    for (row, column), count in np.ndenumerate(counts):
        color = text_color(drawn.cmap(drawn.norm(count)))
        weight = "bold" if count else "normal"
        if row == column:
            axes.fill_between([column - 0.5, column + 0.5], row - 0.5, row + 0.5, color=_RIGHT)
            color, weight = "black", "normal"
        elif not count:
            color = "#767676"
        axes.text(column, row, str(count), ha="center", va="center", color=color, weight=weight)
    ticks = range(len(names))
    slanted = max(map(len, names)) > 5
    axes.set_xticks(
        ticks, names, rotation=45 if slanted else 0, ha="right" if slanted else "center"
    )
    axes.set_yticks(ticks, names)
    axes.set_xlabel("predicted class")
    axes.set_ylabel("true class")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    _explain(axes, drawn, most)


def _explain(axes: Axes, drawn: AxesImage, most: int) -> None:
    """A legend: what the colours mean."""
    figure = axes.figure
    bar = figure.colorbar(drawn, ax=axes, pad=0.03, ticks=MaxNLocator(4, integer=True))
    bar.set_label("mistakes")
    bar.outline.set_visible(False)
    right = Patch(color=_RIGHT, label="right answers")
    figure.legend(handles=[right], loc="outside lower left", frameon=False)


def _check_probabilities(
    pictures: Array, y: Array, probability: Array, class_names: Sequence[Any] | None
) -> list[str]:
    if y.shape != (len(pictures),) or probability.ndim != 2 or len(probability) != len(y):
        raise ValueError(
            f"worst_mistakes: {counted(len(pictures), 'image')} need labels of shape (N,) and "
            f"probabilities of shape (N, K), not {y.shape} and {probability.shape}. "
            "Pass all three for the same images."
        )
    if probability.min() < 0 or not np.allclose(probability.sum(axis=1), 1, atol=1e-3):
        raise ValueError(
            "worst_mistakes: each row of probabilities must be at least 0 and sum to 1, but some "
            "do not. Apply softmax to logits first."
        )
    classes = range(probability.shape[1]) if class_names is None else class_names
    names = _names("worst_mistakes", classes, y)
    if len(names) != probability.shape[1]:
        raise ValueError(
            f"worst_mistakes: class_names must be {probability.shape[1]}, one a column of "
            f"probabilities, not {len(names)}. Name every class."
        )
    return names


def _names(
    where: str, class_names: Sequence[Any] | None, used: Array, limit: int | None = None
) -> list[str]:
    used = whole_numbers(where, used)
    count = int(used.max()) + 1 if class_names is None else len(class_list(where, class_names))
    if used.min() < 0 or used.max() >= count:
        raise ValueError(
            f"{where}: classes must lie between 0 and {count - 1}, not {used.min()} to "
            f"{used.max()}. Count classes from 0 and name all of them."
        )
    if limit is not None and count > limit:
        raise ValueError(
            f"{where}: at most {limit} classes are legible, not {count}. Pick some of them."
        )
    listed = range(count) if class_names is None else class_list(where, class_names)
    return [str(name) for name in listed]


def _nothing(message: str, title: str | None) -> Figure:
    figure = Figure(alt=message, figsize=(5, 1.5))
    axes = figure.subplots()
    hide_axes(axes)
    axes.text(0.5, 0.5, message, ha="center", va="center")
    if title:
        figure.suptitle(title)
    return figure
