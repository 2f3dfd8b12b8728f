"""Small grids of numbers side by side, with what belongs together framed alike."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from cnnlab.plots.figure import COLORS, GREY, Array, Figure, as_array, hide_axes, in_house_style

MAX_CELLS = 144  # more is no picture of numbers any more
_CELL, _DIGIT, _GAP = 0.36, 0.1, 1.6  # inches, of one digit too; cells between two grids
_DASHES = ("-", "--", ":", "-.")
_FRAMES = tuple(zip(COLORS.items(), _DASHES, strict=True))


@in_house_style
def number_grids(
    grids: Mapping[str, Any],
    frames: Mapping[str, Sequence[Any]] | None = None,
    signs: Sequence[str] = (),
    title: str | None = None,
    alt: str = "",
) -> Figure:
    """Draw grids of whole or round numbers side by side: an image, its windows, their products.

    Frames of the same place in their lists have the same colour and dash, so that one sees what
    belongs together: a window, and the column that it becomes. A 0 is grey.

    Parameters
    ----------
    grids : mapping of str to (H, W) or (W,) array
        By the name above each; a flat array is one row.
    frames : mapping of str to sequence of indices, optional
        By the name of the grid: rectangles as NumPy indexes them, ``np.s_[0:2, 1]``; at most four.
        None leaves a place out.
    signs : sequence of str
        What stands between the grids, one less than there are grids, such as ``"→"``.
    title : str, optional
        Title of the figure.
    alt : str
        What is to be seen in it, for readers who cannot; it ends the figure's own text.

    Returns
    -------
    Figure
        Its alternative text holds every number.

    Raises
    ------
    ValueError
        If a grid is empty, too large or has more axes, or frames or signs do not fit.

    Examples
    --------
    >>> number_grids({"x": [1, 2, 0], "w": [2, -1]}, frames={"x": [np.s_[0, :2]]}, signs=["∗"])
    Figure: Numbers. x: 1 2 0 ∗ w: 2 −1. Framed blue: 1 2.
    """
    arrays = {name: _grid(name, value) for name, value in grids.items()}
    marked = _marked(arrays, frames or {})
    if len(signs) not in (0, len(arrays) - 1):
        raise ValueError(
            f"number_grids: signs must be {len(arrays) - 1}, one between two grids, "
            f"not {len(signs)}. Leave one out or add one."
        )
    between = [*(signs or [""] * (len(arrays) - 1)), ""]
    spans = [max(array.shape[1], 0.3 * len(name)) for name, array in arrays.items()]
    width = sum(spans) + _GAP * (len(arrays) - 1)
    longest = max(len(_number(value)) for array in arrays.values() for value in array.flat)
    cell = max(_CELL, _DIGIT * (longest + 0.5))
    height = max(array.shape[0] for array in arrays.values()) + 1.2
    figure = Figure(
        alt=_said(arrays, between, marked),
        figsize=(max(cell * width + 0.3, 2.5), cell * height + 0.3 + 0.4 * bool(title)),
    )
    axes = figure.subplots()
    hide_axes(axes)
    axes.set(xlim=(-0.2, width + 0.2), ylim=(height, -0.1), aspect="equal")
    left = 0.0
    for (name, array), sign, span in zip(arrays.items(), between, spans, strict=True):
        top = 1.1 + (height - 1.2 - len(array)) / 2
        first = left + (span - array.shape[1]) / 2
        _draw(axes, name, array, (first, top), [m.get(name) for m in marked])
        left += span + _GAP
        axes.text(left - _GAP / 2, 1.1 + (height - 1.2) / 2, sign, ha="center", va="center")
    if title:
        figure.suptitle(title)
    return figure


def _grid(name: str, value: Any) -> Array:
    array = as_array(value)
    array = array[None] if array.ndim == 1 else array
    if array.ndim != 2 or not 0 < array.size <= MAX_CELLS:
        raise ValueError(
            f"number_grids: {name!r} must be one grid of 1 to {MAX_CELLS} numbers, not of shape "
            f"{array.shape}. Choose an image and a channel, such as x[0, 0], or a part of it."
        )
    return array


def _marked(
    arrays: Mapping[str, Array], frames: Mapping[str, Sequence[Any]]
) -> list[dict[str, Array]]:
    """For each frame the rectangle ``(top, left, bottom, right)`` in each grid that has it."""
    most = max(map(len, frames.values()), default=0)
    if most > len(_FRAMES) or not frames.keys() <= arrays.keys():
        raise ValueError(
            f"number_grids: frames must be at most {len(_FRAMES)} in each of "
            f"{', '.join(arrays)}, not {most} in {', '.join(frames)}. Leave some out."
        )
    found: list[dict[str, Array]] = [{} for _ in range(most)]
    for name, places in frames.items():
        for rectangles, place in zip(found, places, strict=False):
            if place is not None:
                inside = np.zeros(arrays[name].shape, dtype=bool)
                inside[place] = True
                corners = np.argwhere(inside)
                rectangles[name] = np.concatenate([corners.min(axis=0), corners.max(axis=0) + 1])
    return found


def _draw(
    axes: Axes,
    name: str,
    array: Array,
    corner: tuple[float, float],
    frames: Sequence[Array | None],
) -> None:
    left, top = corner
    axes.text(left + array.shape[1] / 2, top - 0.3, name, ha="center", va="bottom")
    for (row, column), value in np.ndenumerate(array):
        place = (left + column, top + row)
        axes.add_patch(Rectangle(place, 1, 1, fill=False, edgecolor="#BBBBBB", linewidth=0.8))
        color = "black" if value else GREY
        axes.text(place[0] + 0.5, place[1] + 0.5, _number(value), ha="center", va="center",
                  color=color, fontsize=12)  # fmt: skip
    for number, (((_, color), dash), frame) in enumerate(zip(_FRAMES, frames, strict=False)):
        if frame is not None:
            y, x, bottom, right = frame + [1, 1, -1, -1] * np.array(0.05 + 0.07 * number)
            axes.add_patch(
                Rectangle((left + x, top + y), right - x, bottom - y, fill=False,
                          edgecolor=color, linestyle=dash, linewidth=2.5)
            )  # fmt: skip


def _number(value: Any) -> str:
    return f"{value:.3g}".replace("-", "−")


def _said(
    arrays: Mapping[str, Array], between: Sequence[str], marked: Sequence[Mapping[str, Array]]
) -> str:
    """Every number in words, and what each frame holds."""
    texts = (f"{name}: {_rows(array)}" for name, array in arrays.items())
    pairs = zip(texts, between, strict=True)
    text = " ".join(f"{text} {sign}" if sign else f"{text};" for text, sign in pairs)
    text = f"Numbers. {text.removesuffix(';')}."
    for ((color, _), _), places in zip(_FRAMES, marked, strict=False):
        held = [
            _rows(arrays[name][y:bottom, x:right]) for name, (y, x, bottom, right) in places.items()
        ]
        text += f" Framed {color}: {' and '.join(held)}."
    return text


def _rows(array: Array) -> str:
    return ", ".join(" ".join(map(_number, row)) for row in array)
