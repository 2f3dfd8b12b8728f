"""Arrays as pictures: for the page, and stored in a notebook that is seen without a kernel."""

import base64
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float32]


def image(
    name: str,
    shape: tuple[int, int],
    label: str,
    *,
    low: float = 0.0,
    high: float = 1.0,
    colors: Sequence[str],
    ticks: Sequence[str] = (),
    **more: Any,
) -> dict[str, Any]:
    """Describe a picture to the page, which colours its shades and reads its values out.

    Parameters
    ----------
    name : str
        The synchronised trait ``_NAME_shades`` holds what is painted, see :func:`shades`, and
        ``_NAME_values`` the same pixels as float32, row by row. A trait is sent only when it
        changes, and the values may follow a moment after the shades, which are a quarter as long.
    shape : (H, W)
    label : str
        What the picture is, and what is to be seen.
    low, high : float
        Values of the first and the last colour; those beyond take the same colours.
    colors : sequence of str
        Evenly spaced over the scale, as ``#rrggbb``.
    ticks : sequence of str
        Words under the scale, evenly spaced; without them no scale is drawn.
    **more
        ``caption``; ``shown``, width in CSS pixels; ``after``, whether it stands behind the
        SVG; ``windows``, what a pixel was made from: dicts with ``image``, ``caption``, and
        ``size``, ``stride``, ``offset`` as (rows, columns); ``drag``, a dict with ``names`` of
        two traits (right, down), the place ``at`` which the values are, and a ``limit``.

    Examples
    --------
    >>> image("photo", (2, 3), "a photograph", colors=("#000000", "#ffffff"))["values"]
    '_photo_values'
    """
    height, width = shape
    scale = {"low": low, "high": high, "colors": list(colors), "ticks": list(ticks)}
    traits = {"shades": f"_{name}_shades", "values": f"_{name}_values"}
    return traits | {"height": height, "width": width, "label": label} | scale | more


def shades(values: Values, low: float, high: float) -> bytes:
    """Number the colour of each pixel, 0 … 255 along the scale.

    Parameters
    ----------
    values : (H, W) array
    low, high : float
        Values of the first and the last colour; those beyond take the same colours.

    Returns
    -------
    bytes
        One a pixel, row by row.

    Examples
    --------
    >>> list(shades(np.array([[-3, -1, 0, 1]], np.float32), -1, 1))
    [0, 0, 128, 255]
    """
    places = (values - np.float32(low)) * np.float32(255 / (high - low)) + np.float32(0.5)
    return np.clip(places, 0, 255, out=places).astype(np.uint8).tobytes()


def colored(values: Values, low: float, high: float, colors: Sequence[str]) -> npt.NDArray[Any]:
    """Colour values along a scale of evenly spaced colours.

    Parameters
    ----------
    values : (H, W) array
    low, high : float
        Values of the first and the last colour; those beyond take the same colours.
    colors : sequence of str
        As ``#rrggbb``.

    Returns
    -------
    (H, W, 3) uint8 array

    Examples
    --------
    >>> colored(np.array([[-1.0, 0.0, 3.0]], np.float32), -1, 1, ("#0000ff", "#ffffff", "#ff0000"))
    array([[[  0,   0, 255],
            [255, 255, 255],
            [255,   0,   0]]], dtype=uint8)
    """
    stops = np.linspace(low, high, len(colors))
    channels = np.array([[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in colors])
    rgb = [np.interp(values, stops, channel) for channel in channels.T]
    return np.round(np.stack(rgb, axis=-1)).astype(np.uint8)  # (H, W, 3)


def data_uri(rgb: npt.NDArray[Any], max_side: int) -> str:
    """PNG of a picture, reduced to at most ``max_side`` pixels a side, as a data URI.

    Examples
    --------
    >>> data_uri(np.zeros((4, 4, 3), np.uint8), 4)[:22]
    'data:image/png;base64,'
    """
    from PIL import Image

    picture = Image.fromarray(rgb)
    if max(picture.size) > max_side:
        picture.thumbnail((max_side, max_side))
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode()


def tag(x: float, y: float, width: float, height: float, uri: str) -> str:
    """Picture inside an SVG; small ones keep their square pixels."""
    return (
        f'<image x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" href="{uri}" '
        'preserveAspectRatio="none" style="image-rendering: pixelated"/>'
    )
