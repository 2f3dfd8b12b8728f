"""The kernel as a grid to edit, and the whole scene as one picture to store."""

from typing import Any

import numpy as np

from cnnlab.explore.images import colored, data_uri, image, tag
from cnnlab.explore.scenes.filter import GREY, SIGNED, short
from cnnlab.explore.svg import BLUE, MUTED, PAPER, VERMILLION, picture, rect, target, text

CELL, MARGIN, HEADING, SIGN = 48, 6, 24, 30  # pixels
SHOWN = 340  # pixels across of a picture in the page, where there is room
PHOTO = 240  # pixels of the longer side of a stored picture


def draw(scene: dict[str, Any]) -> str:
    """Draw the kernel: one cell a weight, tinted by its sign.

    Parameters
    ----------
    scene : dict
        From :func:`cnnlab.explore.scenes.filter.filter_scene`.

    Returns
    -------
    str
        SVG whose cells carry ``data-key="kernel:row,column"``.

    Examples
    --------
    >>> import numpy as np
    >>> from cnnlab.explore.scenes.filter import filter_scene
    >>> draw(filter_scene(np.ones((4, 4), np.float32), np.eye(3))).count("data-key")
    9
    """
    rows, columns = scene["kernel"].shape
    across, middle = columns * CELL, HEADING + MARGIN + rows * CELL / 2 + 7
    parts = [
        heading(SIGN, across, f"kernel {rows}×{columns}"),
        *cells(scene, SIGN - MARGIN, 0),
        text(SIGN / 2, middle, "∗", size=22),
        text(1.5 * SIGN + across, middle, "=", size=22),
    ]
    height = rows * CELL + HEADING + 2 * MARGIN
    return picture(across + 2 * SIGN, height, label(scene), parts)


def label(scene: dict[str, Any]) -> str:
    """The weights, row by row, for readers who do not see them."""
    rows = "; ".join(", ".join(short(weight) for weight in row) for row in scene["kernel"])
    return f"kernel: {rows}"


def page(scene: dict[str, Any]) -> dict[str, Any]:
    """What the page brings to life: weights to edit, pixels to read, words on the map."""
    kernel = scene["kernel"]
    keys = [[f"kernel:{i},{j}" for j in range(kernel.shape[1])] for i in range(kernel.shape[0])]
    links = {}
    for (i, j), weight in np.ndenumerate(kernel):
        words = f"weight in row {i}, column {j}: {short(weight)}"
        links[keys[i][j]] = {"label": words, "text": f"{words}. Enter changes it.", "marks": {}}
    return {
        "grids": [{"name": "kernel", "label": label(scene), "keys": keys}],
        "links": links,
        "edits": ["kernel"],
        "images": _images(scene),
        "note": scene["meaning"],
        "hint": "Point at a picture, or walk in it with the arrow keys, to read its values; "
        "press Enter or click to have the sum written out.",
    }


def _images(scene: dict[str, Any]) -> dict[str, Any]:
    name, photo, response = scene["settings"]["name"], scene["image"], scene["response"]
    low, high = min(float(photo.min()), 0.0), max(float(photo.max()), 1.0)
    images = {
        "photo": image(
            "_photo_values",
            photo.shape,
            f"{name}, a grey picture of {photo.shape[0]} by {photo.shape[1]} pixels",
            low=low,
            high=high,
            colors=GREY,
            ticks=(f"black {short(low)}", f"white {short(high)}"),
            caption=f"{name} {photo.shape[0]}×{photo.shape[1]}",
            shown=SHOWN,
        )
    }
    if response is not None:
        window = {
            "image": "photo",
            "caption": name,
            "size": scene["kernel"].shape,
            "stride": [scene["settings"]["stride"]] * 2,
            "offset": [-scene["settings"]["padding"]] * 2,
        }
        images["response"] = image(
            "_response_values",
            response.shape,
            f"response map: {scene['text']}. {scene['meaning']}",
            low=scene["low"],
            high=scene["high"],
            colors=scene["colors"],
            ticks=_ticks(scene),
            caption=f"response {response.shape[0]}×{response.shape[1]}",
            shown=SHOWN,
            after=True,
            windows=[window],
        )
    return images


def _ticks(scene: dict[str, Any]) -> tuple[str, ...]:
    low, high = short(scene["low"]), short(scene["high"])
    if scene["colors"] == SIGNED:
        return f"{low} or less", "0", f"{high} or more"
    return f"{low} or less", f"{high} or more"


def heading(left: float, width: float, words: str) -> str:
    """Write a title over a grid or a picture."""
    return text(left + width / 2, MARGIN + 14, words, size=14)


def cells(scene: dict[str, Any], left: float, top: float) -> list[str]:
    """Draw the cells of the kernel below its title."""
    weights = scene["kernel"]
    largest = abs(weights).max() or 1.0
    parts = []
    for i, row in enumerate(weights):
        for j, weight in enumerate(row):
            x, y = left + MARGIN + j * CELL, top + MARGIN + HEADING + i * CELL
            parts.append(_cell(f"kernel:{i},{j}", x, y, weight, weight / largest))
    return parts


def _cell(key: str, x: float, y: float, weight: float, share: float) -> str:
    tint = VERMILLION if share > 0 else BLUE
    words = short(round(weight, 3) if abs(weight) < 1 else weight)
    size = 15 if len(words) < 6 else 13
    parts = [
        rect(x, y, CELL, CELL, f"fill: {PAPER}; stroke: {MUTED}"),
        rect(x, y, CELL, CELL, f"fill: {tint}; fill-opacity: {0.35 * abs(share):.2f}"),
        text(x + CELL / 2, y + CELL / 2 + 5, words, size=size),
    ]
    return target(key, parts)


def still(scene: dict[str, Any]) -> str:
    """Draw photograph, kernel and response side by side, for readers without a kernel.

    Parameters
    ----------
    scene : dict
        From :func:`cnnlab.explore.scenes.filter.filter_scene`.

    Returns
    -------
    str
        SVG.
    """
    size, gap = PHOTO, 28
    kernel_width = scene["kernel"].shape[1] * CELL + 2 * MARGIN
    kernel_height = scene["kernel"].shape[0] * CELL
    top = MARGIN + HEADING
    left = MARGIN + size + gap
    middle = max((size - kernel_height) / 2, 0)
    parts = [
        heading(MARGIN, size, scene["settings"]["name"]),
        _photo(scene["image"], MARGIN, top, (0.0, 1.0, ("#000000", "#ffffff"))),
        text(left - gap / 2, top + size / 2 + 6, "∗", size=20),
        heading(left, kernel_width, scene["settings"]["preset"]),
        *cells(scene, left, middle),
    ]
    left += kernel_width + gap
    parts.append(text(left - gap / 2, top + size / 2 + 6, "=", size=20))
    if scene["response"] is None:
        parts.append(text(left + size / 2, top + size / 2, "does not fit", size=14))
    else:
        parts.append(heading(left, size, "response"))
        scale = scene["low"], scene["high"], scene["colors"]
        parts.append(_photo(scene["response"], left, top, scale))
        parts.append(text(left + size / 2, top + size + 18, legend(scene), size=12))
    height = top + max(size, kernel_height) + 18 + 2 * MARGIN
    return picture(left + size + MARGIN, height, scene["text"], parts)


def legend(scene: dict[str, Any]) -> str:
    """What the colours of the response mean, in words.

    Examples
    --------
    >>> legend({"colors": SIGNED, "low": -2.0, "high": 2.0})
    'blue −2 or less, white 0, orange 2 or more'
    """
    low, high = short(scene["low"]), short(scene["high"])
    if scene["colors"] == SIGNED:
        return f"blue {low} or less, white 0, orange {high} or more"
    return f"black {low} or less, white {high} or more"


def _photo(values: Any, left: float, top: float, scale: tuple[float, float, Any]) -> str:
    height, width = values.shape
    shrink = PHOTO / max(height, width)
    wide, high = width * shrink, height * shrink
    uri = data_uri(colored(values, *scale), PHOTO)
    x, y = left + (PHOTO - wide) / 2, top + (PHOTO - high) / 2
    frame = rect(x, y, wide, high, f"fill: none; stroke: {MUTED}")
    return tag(x, y, wide, high, uri) + frame
