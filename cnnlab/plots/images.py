"""Grids of pictures: examples, first-layer filters, what a layer responds to."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cnnlab._text import counted, shortened
from cnnlab.plots.figure import (
    DIVERGING,
    Array,
    Figure,
    as_array,
    in_house_style,
)
from cnnlab.plots.pictures import _columns, _layout, _limit, as_pictures, picture_grid

WRITTEN_KERNEL, WRITTEN_FILTERS = 5, 16
STRONGEST, PALE = 0.85, 0.55  # of a map's colour over a picture; how light its black becomes
FEW = 400  # cells; of finer maps the hundredth that is strongest has one colour


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


@in_house_style
def overlay(
    image: Any,
    maps: Mapping[str, Any],
    columns: int = 4,
    title: str | None = None,
    alt: str = "",
) -> Figure:
    """Lay maps over the picture that they are of: where a network's answer comes from.

    The picture comes first, as it is. Each map has a scale of its own, zero in the middle, as
    methods measure in different units.

    Parameters
    ----------
    image : (H, W), (1, H, W), (3, H, W) or (H, W, 3) array
        Integers 0 to 255 or floats 0 to 1.
    maps : mapping of str to (h, w) array
        Their cells divide the picture evenly; orange is positive, blue negative.
    columns : int
        Pictures in a row at most; rows are filled evenly.
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
        If the image is none, there are no maps, or one is not finite or has another number of
        axes.

    Examples
    --------
    >>> overlay(np.zeros((28, 28)), {"occlusion": np.eye(7), "gradient": np.ones((28, 28))})
    Figure: A picture, and over it occlusion, gradient; orange is positive, blue negative.
    """
    picture = as_pictures("overlay", as_array(image)[None])[0]
    if not maps:
        raise ValueError("overlay: maps must be at least one, not none. Give {'name': map}.")
    if np.issubdtype(picture.dtype, np.integer):
        picture = picture / 255
    rgb = picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)  # (H, W, 3)
    laid = [_laid_over(rgb, name, as_array(values)) for name, values in maps.items()]
    names = ", ".join(name.replace("\n", " ") for name in maps)
    alt = f"A picture, and over it {names}; orange is positive, blue negative."
    columns = _columns("overlay", columns)
    return picture_grid(np.stack([rgb, *laid]), ["picture", *maps], columns, title, alt)


def _laid_over(rgb: Array, name: str, values: Array) -> Array:
    """A map in colours over a picture that is grey and pale, (H, W, 3)."""
    if values.ndim != 2 or values.size == 0:
        raise ValueError(
            f"overlay: map {name!r} must have shape (h, w), not {values.shape}. "
            "Choose one image, and add up over its channels."
        )
    limit = _limit(values)
    if values.size > FEW:
        limit = float(np.quantile(np.abs(values), 0.99)) or limit
    rows, columns = (
        np.arange(side) * cells // side
        for side, cells in zip(rgb.shape, values.shape, strict=False)
    )
    shares = np.clip(values[np.ix_(rows, columns)] / limit, -1, 1)  # (H, W)
    strength = STRONGEST * np.abs(shares)[..., None]
    grey = PALE + (1 - PALE) * rgb.mean(axis=2, keepdims=True)  # (H, W, 1)
    dyes = DIVERGING((np.sign(shares) * 0.5 + 1) / 2)[..., :3]  # (H, W, 3)
    mixed: Array = grey * (1 - strength) + dyes * strength
    return mixed
