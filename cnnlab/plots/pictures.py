"""Pictures side by side in even rows, on one scale."""

import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from cnnlab.plots.figure import (
    DIVERGING,
    GREY,
    SEQUENTIAL,
    Array,
    Figure,
    as_array,
    hide_axes,
    text_color,
)

MAX_CELLS = 256


_FRAME: dict[str, Any] = {"fill": False, "edgecolor": GREY, "linewidth": 1, "clip_on": False}


def as_pictures(where: str, images: Any) -> Array:
    """Check images and return them as (N, H, W) or (N, H, W, 3)."""
    pictures = as_array(images)
    if pictures.ndim == 4 and pictures.shape[1] in (1, 3) and pictures.shape[-1] != 3:
        pictures = np.moveaxis(pictures, 1, -1)  # (N, H, W, C)
    if pictures.ndim == 4 and pictures.shape[-1] == 1:
        pictures = pictures[..., 0]  # (N, H, W)
    if pictures.dtype.kind not in "buif":
        raise ValueError(
            f"{where}: images must hold real numbers, not {pictures.dtype}. Give arrays of pixels, "
            "such as cnnlab.data.read_image makes of a file."
        )
    color = pictures.ndim == 4 and pictures.shape[-1] == 3
    if pictures.ndim == 4 and not color and 4 in (pictures.shape[1], pictures.shape[-1]):
        raise ValueError(
            f"{where}: images must have one channel or three, not four as {pictures.shape}. If the "
            "fourth says how opaque they are, cnnlab.data.read_image puts them on white paper."
        )
    if pictures.size == 0 or not (pictures.ndim == 3 or color):
        raise ValueError(
            f"{where}: images must have shape (N, H, W), (N, 1, H, W) or (N, 3, H, W), "
            f"not {pictures.shape}. A single image is images[None]."
        )
    if not np.isfinite(pictures).all():
        raise ValueError(
            f"{where}: images must be finite to be drawn, but hold NaN or infinity. "
            "Find them with np.isfinite."
        )
    highest = 255 if np.issubdtype(pictures.dtype, np.integer) else 1
    if color and (pictures.min() < 0 or pictures.max() > highest):
        cure = (
            "Undo the normalisation first."
            if pictures.min() < 0
            else f"Divide by what means white, such as {255 if highest == 1 else '65535.0'}."
        )
        raise ValueError(
            f"{where}: colour images must lie between 0 and {highest}, but span "
            f"{pictures.min():g} to {pictures.max():g}. {cure}"
        )
    return pictures


def picture_grid(
    pictures: Array,
    names: list[str] | None,
    columns: int,
    title: str | None,
    alt: str,
    *,
    scale: tuple[float, float, str] | None = None,
    written: bool = False,
) -> Figure:
    """Lay pictures out in rows; a ``scale`` (low, high, label) adds a colour bar."""
    count = len(pictures)
    if count > MAX_CELLS:
        raise ValueError(
            f"a figure holds at most {MAX_CELLS} pictures, not {count}. Pass a slice of them."
        )
    rows, columns = _layout(count, columns)
    height, width = _cell_size(pictures, names, columns, written)
    figsize = (columns * width + (1.1 if scale else 0.2), rows * height + (0.4 if title else 0.1))
    figure = Figure(alt=alt, figsize=(max(figsize[0], 3.0), max(figsize[1], 1.5)))
    if title:
        figure.suptitle(title)
    panels = figure.subplots(rows, columns, squeeze=False)
    options = _image_options(pictures, scale)
    for index, axes in enumerate(panels.flat):
        hide_axes(axes)
        if index < count:
            drawn = axes.imshow(pictures[index], **options)
            # A picture that is white at its edge should still be seen to end there.
            axes.add_patch(Rectangle((0, 0), 1, 1, **_FRAME, transform=axes.transAxes))
            if names:
                axes.set_title(names[index], fontsize=12, pad=4)
            if written:
                _write(axes, pictures[index], drawn)
    if scale:
        figure.colorbar(drawn, ax=panels, label=scale[2], shrink=0.9, pad=0.02)
    return figure


def _cell_size(
    pictures: Array, names: list[str] | None, columns: int, written: bool
) -> tuple[float, float]:
    """Inches of a cell, height and width: wide enough for its name at 12 points."""
    lines = [line for name in names or [] for line in name.split("\n")]
    longest = max(map(len, lines), default=0)
    most = max((name.count("\n") + 1 for name in names or []), default=0)
    height, width = pictures.shape[1:3]
    size = 0.55 * max(height, width) if written else min(max(1.05, 0.1 * longest), 2.5)
    if columns < 4 and not written:
        size = max(size, 1.8)
    ratio = size / max(height, width)
    across = max(width * ratio, 0.1 * longest)
    return height * ratio + 0.22 * most + 0.1, across + 0.1


def _image_options(pictures: Array, scale: tuple[float, float, str] | None) -> dict[str, Any]:
    if pictures.ndim == 4:
        return {}
    if scale is None:
        low, high = float(pictures.min()), float(pictures.max())
        if low >= 0:
            usual = 255.0 if np.issubdtype(pictures.dtype, np.integer) else 1.0
            low, high = 0.0, max(high, usual)
        return {"cmap": "gray", "vmin": low, "vmax": high}
    low, high, _ = scale
    return {"cmap": DIVERGING if low < 0 else SEQUENTIAL, "vmin": low, "vmax": high}


def _write(axes: Axes, picture: Array, drawn: Any) -> None:
    for (row, column), value in np.ndenumerate(picture):
        color = text_color(drawn.cmap(drawn.norm(value)))
        # "-0.00" would be a sign without a number.
        text = f"{round(float(value), 2) + 0.0:.2f}".replace("-", "−")
        axes.text(column, row, text, ha="center", va="center", color=color, fontsize=12)


def _limit(values: Array) -> float:
    limit = float(np.abs(values).max())
    if not math.isfinite(limit):
        raise ValueError("values must be finite to be drawn. Find the others with np.isfinite.")
    return limit or 1.0


def _layout(count: int, columns: int) -> tuple[int, int]:
    """Rows and columns, evenly filled: 10 pictures in rows of at most 8 are 2 by 5."""
    rows = math.ceil(count / columns)
    return rows, math.ceil(count / rows)


def _columns(where: str, columns: int) -> int:
    if columns < 1:
        raise ValueError(f"{where}: columns must be at least 1, not {columns}. Give a number.")
    return columns
