"""A filter over a text: the tokens, what each window gives, and the window that won."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from cnnlab.plots.figure import COLORS, Array, Figure, as_array, hide_axes, in_house_style

MAX_ROWS, MAX_TOKENS = 8, 16
_HEIGHT, _LETTER, _MARGIN = 0.86, 0.11, 0.24  # inches, of a row, of a letter, around a token
_BAR = 0.6  # of the largest value, where a row is 2 high and its tokens 0.6

Reading = tuple[Sequence[str], Any]  # tokens, and a value for each window


@in_house_style
def tokens(rows: Mapping[str, Reading], title: str | None = None, alt: str = "") -> Figure:
    """Draw what a filter answers at each window of some texts.

    Parameters
    ----------
    rows : mapping of str to pair of sequence of str and (L',) array
        For each row its tokens and the filter's answer at each window, in order; L tokens and
        L' answers belong to windows of L − L' + 1 tokens.
    title : str, optional
        Title of the figure.
    alt : str
        What is to be seen in it, for readers who cannot; it ends the figure's own text.

    Returns
    -------
    Figure
        Above each window's middle stands a bar with its answer; the tokens of the largest answer,
        the first of them if there are several, are framed. A row whose largest answer is 0 or less
        has no frame. The figure's own text holds the tokens, as answers may come from training.

    Raises
    ------
    ValueError
        If there are too few or too many rows or tokens, or not 1 to L answers to L tokens.

    Examples
    --------
    >>> tokens({"not good": (["it", "is", "not", "good"], [0, 0, 1])})
    Figure: Windows over texts. not good: windows of 2 over it, is, not, good.
    """
    readings = {name: (list(texts), as_array(given)) for name, (texts, given) in rows.items()}
    _check(readings)
    longest = max(len(texts) for texts, _ in readings.values())
    letters = max(len(text) for texts, _ in readings.values() for text in texts)
    step = max(_LETTER * letters + _MARGIN, 0.42)
    figure = Figure(
        alt="Windows over texts. " + " ".join(map(_said, readings, readings.values())),
        figsize=(step * longest + 0.3, _HEIGHT * len(readings) + 0.4 * len(readings)),
    )
    if title:
        figure.suptitle(title)
    panels = figure.subplots(len(readings), 1, squeeze=False)[:, 0]
    for axes, (name, (texts, answers)) in zip(panels, readings.items(), strict=True):
        axes.set_title(name, loc="left")
        _draw(axes, texts, answers, longest)
    return figure


def _check(readings: Mapping[str, tuple[list[str], Array]]) -> None:
    if not 1 <= len(readings) <= MAX_ROWS:
        raise ValueError(
            f"tokens: there must be 1 to {MAX_ROWS} rows, not {len(readings)}. Draw a few texts."
        )
    for name, (texts, answers) in readings.items():
        if not 1 <= len(texts) <= MAX_TOKENS:
            raise ValueError(
                f"tokens: {name} must have 1 to {MAX_TOKENS} tokens, not {len(texts)}. "
                "Draw a part of it."
            )
        if answers.ndim != 1 or not 1 <= len(answers) <= len(texts):
            raise ValueError(
                f"tokens: {name} must have an answer for each window of its {len(texts)} tokens, "
                f"so 1 to {len(texts)} numbers, not shape {answers.shape}. Leave the padding out."
            )


def _said(name: str, reading: tuple[list[str], Array]) -> str:
    texts, answers = reading
    return f"{name}: windows of {len(texts) - len(answers) + 1} over {', '.join(texts)}."


def _draw(axes: Axes, texts: list[str], answers: Array, longest: int) -> None:
    hide_axes(axes)
    axes.set(xlim=(-0.15, longest + 0.15), ylim=(-0.08, 1.9))
    width, best = len(texts) - len(answers) + 1, int(np.argmax(answers))
    won = answers[best] > 0
    for place, text in enumerate(texts):
        axes.text(place + 0.5, 0.3, text, ha="center", va="center")
    if won:
        frame = (best + 0.04, 0.02), width - 0.08, 0.56
        axes.add_patch(Rectangle(*frame, fill=False, edgecolor=COLORS["vermillion"], linewidth=2))
    for place, answer in enumerate(answers):
        height = _BAR * max(float(answer), 0) / float(answers[best]) if won else 0
        middle = place + width / 2
        color = COLORS["vermillion"] if won and place == best else COLORS["blue"]
        axes.add_patch(Rectangle((middle - 0.22, 0.8), 0.44, max(height, 0.02), color=color))
        axes.text(middle, 0.86 + height, f"{answer:.2g}".replace("-", "−"), ha="center",
                  va="bottom", fontsize=11)  # fmt: skip
