"""Grids of pictures: examples, first-layer filters, what a layer responds to."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from cnnlab._text import counted, shortened
from cnnlab.plots.figure import (
    DIVERGING,
    GREY,
    SEQUENTIAL,
    Array,
    Figure,
    as_array,
    hide_axes,
    in_house_style,
    text_color,
)

MAX_CELLS = 256
_FRAME: dict[str, Any] = {"fill": False, "edgecolor": GREY, "linewidth": 1, "clip_on": False}
WRITTEN_KERNEL, WRITTEN_FILTERS = 5, 16


@in_house_style
def image_grid(
    images: Any,
    labels: Sequence[Any] | None = None,
    columns: int = 8,
    title: str | None = None,
    alt: str = "",
) -> Figure:
    """Draw images side by side, on one common scale.

    Parameters
    ----------
    images : (N, H, W), (N, 1, H, W), (N, 3, H, W) or (N, H, W, 3) array
        Integers 0 to 255 or floats 0 to 1; grey images may have any range.
    labels : sequence, optional
        Written above the images; a line break is allowed.
    columns : int
        Images in a row at most; rows are filled evenly.
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
        If the shape is not that of images, or there are too many or no images.

    Examples
    --------
    >>> image_grid(np.zeros((2, 28, 28)), labels=[5, 0], title="Test images")
    Figure: Test images: 1 by 2 grid of images, 28 by 28 pixels, labelled 5, 0.
    """
    pictures = as_pictures("image_grid", images)
    words = None if labels is None else [str(label) for label in as_array(labels).tolist()]
    if words is not None and len(words) != len(pictures):
        raise ValueError(
            f"image_grid: labels must be one for each of {counted(len(pictures), 'image')}, "
            f"not {len(words)}. Pass the labels of these images."
        )
    rows, columns = _layout(len(pictures), _columns("image_grid", columns))
    height, width = pictures.shape[1:3]
    alt = f"{rows} by {columns} grid of images, {height} by {width} pixels"
    if words:
        alt += ", labelled " + shortened([word.replace("\n", " ") for word in words])
    return picture_grid(pictures, words, columns, title, alt + ".")


@in_house_style
def filters(weight: Any, columns: int = 8, title: str | None = None, alt: str = "") -> Figure:
    """Draw a convolution's weights, zero in the middle of the scale.

    One input channel: weights from blue (negative) over white (zero) to orange
    (positive), written out if kernels are small and few. Three input channels: colour
    pictures, zero in mid-grey. Otherwise one row a filter and one column an input channel.

    Parameters
    ----------
    weight : (K, C, kh, kw) array
        Such as ``module[0].weight`` or a scratch layer's ``params["weight"]``.
    columns : int
        Filters in a row at most, for one or three input channels.
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
        If the shape is not that of a convolution, or more than 256 pictures would be needed.

    Examples
    --------
    >>> filters(np.ones((10, 1, 3, 3)))
    Figure: 10 filters, 3 by 3 weights each; blue is negative, white zero, orange positive.
    """
    w = as_array(weight)
    if w.ndim != 4 or w.size == 0:
        raise ValueError(
            f"filters: weight must have shape (K, C, kh, kw), not {w.shape}. "
            "Pass a convolution's weight."
        )
    count, channels, height, width = w.shape
    alt = f"{counted(count, 'filter')}, {height} by {width} weights each"
    names = [f"filter {k}" for k in range(count)]
    limit = _limit(w)
    if channels == 3:
        colors = 0.5 + np.moveaxis(w, 1, -1) / (2 * limit)  # (K, kh, kw, 3)
        alt += ", as colour pictures; mid-grey is zero."
        return picture_grid(colors, names, _columns("filters", columns), title, alt)
    pictures = w.reshape(count * channels, height, width)
    if channels > 1:
        columns, alt = channels, f"{alt}, one row a filter, {channels} input channels across"
        names = [f"{k}, {c}" for k in range(count) for c in range(channels)]
        title = f"{title} (filter, input channel)" if title else "filter, input channel"
    alt += "; blue is negative, white zero, orange positive."
    written = max(height, width) <= WRITTEN_KERNEL and len(pictures) <= WRITTEN_FILTERS
    columns = min(_columns("filters", columns), 4 if written and channels == 1 else columns)
    return picture_grid(
        pictures, names, columns, title, alt, scale=(-limit, limit, "weight"), written=written
    )


@in_house_style
def response_maps(maps: Any, columns: int = 8, title: str | None = None, alt: str = "") -> Figure:
    """Draw a layer's output for one image, channel by channel, on one common scale.

    Parameters
    ----------
    maps : (C, H, W) or (1, C, H, W) array
        Outputs of a convolution, an activation or a pooling layer.
    columns : int
        Maps in a row at most; rows are filled evenly.
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
        If the shape is another, or there are more than 256 channels.

    Examples
    --------
    >>> response_maps(np.zeros((10, 26, 26)))
    Figure: 10 response maps, channels 0 to 9, 26 by 26 pixels, white is zero.
    """
    values = as_array(maps)
    if values.ndim == 4 and len(values) == 1:
        values = values[0]  # (C, H, W)
    if values.ndim != 3 or values.size == 0:
        raise ValueError(
            f"response_maps: maps must have shape (C, H, W), not {values.shape}. "
            "Pass the output for one image."
        )
    count, height, width = values.shape
    channels = "channel 0" if count == 1 else f"channels 0 to {count - 1}"
    alt = (
        f"{counted(count, 'response map')}, {channels}, {height} by {width} pixels, white is zero."
    )
    limit = _limit(values)
    low = -limit if values.min() < 0 else 0.0
    names = [f"channel {c}" for c in range(count)]
    columns = _columns("response_maps", columns)
    scale = (low, limit, "response")
    return picture_grid(values, names, columns, title, alt, scale=scale)


def as_pictures(where: str, images: Any) -> Array:
    """Check images and return them as (N, H, W) or (N, H, W, 3)."""
    pictures = as_array(images)
    if pictures.ndim == 4 and pictures.shape[1] in (1, 3) and pictures.shape[-1] != 3:
        pictures = np.moveaxis(pictures, 1, -1)  # (N, H, W, C)
    if pictures.ndim == 4 and pictures.shape[-1] == 1:
        pictures = pictures[..., 0]  # (N, H, W)
    color = pictures.ndim == 4 and pictures.shape[-1] == 3
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
