"""Arrays as pictures: for the page, and stored in a notebook that is seen without a kernel."""

import base64
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from cnnlab.explore.svg import LINE, rect, text

if TYPE_CHECKING:
    from PIL.Image import Image

Values = npt.NDArray[np.float32]

SIGNED = ("#0072b2", "#ffffff", "#d55e00")  # blue is negative, white 0, vermilion positive
GREY = ("#000000", "#ffffff")
NO_NUMBER = (204, 121, 167)  # a colour of no scale: infinity, or not a number


def image(
    name: str,
    shape: tuple[int, int],
    label: str,
    *,
    low: float = 0.0,
    high: float = 1.0,
    colors: Sequence[str],
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
    **more
        ``caption``; ``windows``, what a pixel was made from: dicts with ``image``, ``caption``,
        and ``size``, ``stride``, ``offset`` as (rows, columns); ``drag``, a dict with ``names``
        of two traits (right, down), the place ``at`` which the values are, and a ``limit``.

    Examples
    --------
    >>> image("photo", (2, 3), "a photograph", colors=("#000000", "#ffffff"))["values"]
    '_photo_values'
    """
    height, width = shape
    scale = {"low": low, "high": high, "colors": list(colors)}
    traits = {"shades": f"_{name}_shades", "values": f"_{name}_values"}
    return traits | {"height": height, "width": width, "label": label} | scale | more


def channels_last(image: npt.ArrayLike) -> Values:
    """Bring a picture into one form, transparent pixels on white paper.

    Parameters
    ----------
    image : (H, W), (C, H, W) or (H, W, C) array
        Grey or colour, channels first or last, also with transparency; bytes, 16-bit numbers, or
        floats of which 1 is white.

    Returns
    -------
    (H, W, 1) or (H, W, 3) float32 array
        0 black and 1 white.

    Raises
    ------
    ValueError
        If it is no such picture, or has values that are not finite or far beyond white.

    Examples
    --------
    >>> channels_last(np.full((3, 8, 9), 255, np.uint8)).shape
    (8, 9, 3)
    """
    from cnnlab.data.pictures import as_unit, on_paper

    values: Any = as_unit(image)
    if values.ndim == 2:
        values = values[..., None]  # (H, W, 1)
    if values.ndim == 3 and values.shape[0] in (1, 3, 4) and values.shape[2] not in (1, 2, 3, 4):
        values = values.transpose(1, 2, 0)  # (H, W, C)
    if values.ndim == 3 and values.shape[2] in (2, 4):
        values = on_paper(values)
    if values.ndim != 3 or values.shape[2] not in (1, 3) or not values.size:
        raise ValueError(
            f"image must have shape (H, W), (C, H, W) or (H, W, C) with 1 to 4 channels, "
            f"not {np.shape(image)}. Pass one picture."
        )
    found: Values = values
    return found


def span(values: Values) -> tuple[float, float]:
    """Least and greatest of the finite values, 0 and 0 if there are none.

    Examples
    --------
    >>> span(np.array([1, np.inf, 3, np.nan], np.float32))
    (1.0, 3.0)
    """
    finite = values if np.isfinite(values).all() else values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def shades(values: Values, low: float, high: float) -> bytes:
    """Number the colour of each pixel, 1 … 255 along the scale; 0 where it is no finite number.

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
    >>> list(shades(np.array([[-3, -1, 0, 1, np.nan]], np.float32), -1, 1))
    [1, 1, 128, 255, 0]
    """
    places = (values - np.float32(low)) * np.float32(254 / (high - low)) + np.float32(1.5)
    np.clip(places, 1, 255, out=places)
    places[~np.isfinite(values)] = 0
    return places.astype(np.uint8).tobytes()


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
    painted = np.round(np.stack(rgb, axis=-1)).astype(np.uint8)  # (H, W, 3)
    painted[~np.isfinite(values)] = NO_NUMBER
    return painted


def shaded(values: Values, low: float, high: float, colors: Sequence[str]) -> str:
    """PNG of values along a scale as a data URI, one byte a pixel as the page paints them.

    Parameters
    ----------
    values : (H, W) array
    low, high, colors
        As for :func:`colored`.

    Examples
    --------
    >>> shaded(np.zeros((4, 4), np.float32), -1, 1, GREY)[:22]
    'data:image/png;base64,'
    """
    from PIL import Image

    height, width = values.shape
    picture = Image.frombytes("P", (width, height), shades(values, low, high))
    scale = colored(np.linspace(0, 1, 255, dtype=np.float32)[None], 0, 1, colors)
    picture.putpalette(bytes(NO_NUMBER) + scale.tobytes())
    return _uri(picture, compress_level=3)  # half the time of the usual 6, and 2 % longer


def data_uri(rgb: npt.NDArray[Any], dyes: int | None = None) -> str:
    """PNG of a picture as a data URI.

    Parameters
    ----------
    rgb : (H, W, 3) uint8 array
    dyes : int, optional
        At most so many colours, which makes a photograph several times smaller.

    Examples
    --------
    >>> data_uri(np.zeros((4, 4, 3), np.uint8))[:22]
    'data:image/png;base64,'
    """
    from PIL import Image

    picture = Image.fromarray(rgb)
    if dyes is not None:
        picture = picture.quantize(dyes, dither=Image.Dither.NONE)
    return _uri(picture, optimize=dyes is not None)


def _uri(picture: "Image", **how: Any) -> str:
    stream = io.BytesIO()
    picture.save(stream, "PNG", **how)
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode()


def frame(name: str, shape: tuple[int, ...], box: tuple[float, float, float, float]) -> str:
    """Room for an image inside a drawing: as large as fits into the box, in its middle.

    Parameters
    ----------
    name : str
        Of the image; the page lays its canvas there.
    shape : (H, W)
    box : (x, y, width, height)

    Examples
    --------
    >>> frame("photo", (10, 20), (0, 0, 40, 40))
    '<rect data-image="photo" x="0" y="10" width="40" height="20" style="fill: none; stroke: var(--cnnlab-line, #8C8C8C)"/>'
    """
    x, y, room, high = box
    height, width = shape[:2]
    scale = min(room / width, high / height)
    wide, tall = width * scale, height * scale
    x, y = x + (room - wide) / 2, y + (high - tall) / 2
    return (
        f'<rect data-image="{name}" x="{x:g}" y="{y:g}" width="{wide:g}" height="{tall:g}" '
        f'style="fill: none; stroke: {LINE}"/>'
    )


def embedded(svg: str, name: str, uri: str) -> str:
    """Put the pixels themselves into the frame of an image, for a stored picture.

    Small pictures keep their square pixels.
    """
    start = svg.find(f'<rect data-image="{name}"')
    if start < 0:
        return svg
    end = svg.find(" style=", start)
    place = svg[svg.find(" x=", start) : end]
    tag = (
        f'<image{place} href="{uri}" preserveAspectRatio="none" '
        'style="image-rendering: pixelated"/>'
    )
    return svg[:start] + tag + svg[start:]


def scale_bar(
    x: float, y: float, width: float, colors: Sequence[str], ticks: Sequence[str]
) -> list[str]:
    """Draw a scale of evenly spaced colours, with words under it.

    Examples
    --------
    >>> len(scale_bar(0, 0, 100, SIGNED, ("−1", "0", "1")))
    36
    """
    values = np.linspace(0, 1, 32, dtype=np.float32)[None]
    step = width / 32
    parts = [
        rect(x + i * step, y, step + 0.5, 10, f"fill: #{red:02x}{green:02x}{blue:02x}")
        for i, (red, green, blue) in enumerate(colored(values, 0.0, 1.0, colors)[0])
    ]
    parts.append(rect(x, y, width, 10, f"fill: none; stroke: {LINE}"))
    for i, words in enumerate(ticks):
        share = i / max(len(ticks) - 1, 1)
        anchor = "start" if i == 0 else "end" if i == len(ticks) - 1 else ""
        parts.append(text(x + share * width, y + 24, words, size=12, anchor=anchor))
    return parts
