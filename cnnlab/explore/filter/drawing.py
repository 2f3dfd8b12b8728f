"""The kernel as a grid to edit, and the whole scene as one picture to store."""

from typing import Any

import numpy as np

from cnnlab.explore.filter.scene import GREY, SIGNED, short
from cnnlab.explore.images import colored, data_uri, image, tag
from cnnlab.explore.svg import BLUE, MUTED, PAPER, VERMILLION, picture, rect, target, text

MARGIN, HEADING, SIGN = 6, 24, 30  # pixels
SHOWN = 340  # pixels across of a picture in the page, where there is room
PHOTO = 240  # pixels of the longer side of a stored picture


def draw(scene: dict[str, Any]) -> str:
    """Draw the kernel: one cell a weight, tinted by its sign.

    Parameters
    ----------
    scene : dict
        From :func:`cnnlab.explore.filter.scene.filter_scene`.

    Returns
    -------
    str
        SVG whose cells carry ``data-key="kernel:row,column"``.

    Examples
    --------
    >>> import numpy as np
    >>> from cnnlab.explore.filter.scene import filter_scene
    >>> draw(filter_scene(np.ones((4, 4), np.float32), np.eye(3))).count("data-key")
    9
    """
    (rows, columns), side = scene["kernel"].shape, cell_side(scene)
    across, middle = columns * side, HEADING + MARGIN + rows * side / 2 + 7
    parts = [
        heading(SIGN, across, f"kernel {rows}×{columns}"),
        *cells(scene, SIGN - MARGIN, 0),
        text(SIGN / 2, middle, "∗", size=22),
        text(1.5 * SIGN + across, middle, "=", size=22),
    ]
    height = rows * side + HEADING + 2 * MARGIN
    return picture(across + 2 * SIGN, height, label(scene), parts)


def cell_side(scene: dict[str, Any]) -> int:
    """Pixels of a cell's side: two pictures and the kernel should stand side by side."""
    weights = max(scene["kernel"].shape)
    return 48 if weights <= 3 else 44 if weights <= 5 else 38


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
    name, (height, width) = scene["settings"]["name"], scene["image"].shape
    low, high = min(float(scene["image"].min()), 0.0), max(float(scene["image"].max()), 1.0)
    photo = image(
        "photo",
        (height, width),
        f"{name}, a grey picture of {height} by {width} pixels",
        low=low,
        high=high,
        colors=GREY,
        ticks=(f"black {short(low)}", f"white {short(high)}"),
        caption=f"{name} {height}×{width}",
        shown=SHOWN,
    )
    return {"photo": photo} | ({} if scene["problem"] else {"response": _response(scene)})


def _response(scene: dict[str, Any]) -> dict[str, Any]:
    settings, (height, width) = scene["settings"], scene["response"].shape
    window = {
        "image": "photo",
        "caption": settings["name"],
        "size": scene["kernel"].shape,
        "stride": [settings["stride"]] * 2,
        "offset": [-settings["padding"]] * 2,
    }
    return image(
        "response",
        (height, width),
        f"response map: {scene['text']}. {scene['meaning']}",
        low=scene["low"],
        high=scene["high"],
        colors=scene["colors"],
        ticks=_ticks(scene),
        caption=f"response {height}×{width}",
        shown=SHOWN,
        after=True,
        windows=[window],
    )


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
    weights, side = scene["kernel"], cell_side(scene)
    largest = abs(weights).max() or 1.0
    parts = []
    for (i, j), weight in np.ndenumerate(weights):
        x, y = left + MARGIN + j * side, top + MARGIN + HEADING + i * side
        parts.append(_cell(f"kernel:{i},{j}", (x, y), side, weight, weight / largest))
    return parts


def _cell(key: str, corner: tuple[float, float], side: int, weight: float, share: float) -> str:
    x, y = corner
    tint = VERMILLION if share > 0 else BLUE
    # As briefly as the cell needs; hovering it tells more digits.
    words = short(round(weight, 3 if side > 44 else 2) if abs(weight) < 1 else weight)
    size = 12 if side < 44 else 15 if len(words) < 5 else 13
    parts = [
        rect(x, y, side, side, f"fill: {PAPER}; stroke: {MUTED}"),
        rect(x, y, side, side, f"fill: {tint}; fill-opacity: {0.35 * abs(share):.2f}"),
        text(x + side / 2, y + side / 2 + 5, words, size=size),
    ]
    return target(key, parts)


def still(scene: dict[str, Any]) -> str:
    """Draw photograph, kernel and response side by side, for readers without a kernel.

    Parameters
    ----------
    scene : dict
        From :func:`cnnlab.explore.filter.scene.filter_scene`.

    Returns
    -------
    str
        SVG.
    """
    size, gap = PHOTO, 28
    kernel_height, kernel_width = (n * cell_side(scene) for n in scene["kernel"].shape)
    kernel_width += 2 * MARGIN
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
    'blue ≤ −2, white 0, orange ≥ 2'
    """
    low, high = short(scene["low"]), short(scene["high"])
    if scene["colors"] == SIGNED:
        return f"blue ≤ {low}, white 0, orange ≥ {high}"
    return f"black ≤ {low}, white ≥ {high}"


def _photo(values: Any, left: float, top: float, scale: tuple[float, float, Any]) -> str:
    height, width = values.shape
    shrink = PHOTO / max(height, width)
    wide, high = width * shrink, height * shrink
    uri = data_uri(colored(values, *scale), PHOTO)
    x, y = left + (PHOTO - wide) / 2, top + (PHOTO - high) / 2
    frame = rect(x, y, wide, high, f"fill: none; stroke: {MUTED}")
    return tag(x, y, wide, high, uri) + frame
