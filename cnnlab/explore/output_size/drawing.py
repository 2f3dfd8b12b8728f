"""The strip of pixels, and a bar under it for each window."""

from typing import Any

from cnnlab.explore.output_size.scene import MAX_CELLS
from cnnlab.explore.svg import (
    BLUE,
    INK,
    MUTED,
    PAPER,
    VERMILLION,
    hatching,
    path,
    picture,
    rect,
    target,
    text,
)

CELL, BAR, MARGIN, LABELS = 44, 24, 4, 18  # pixels
STRIP = MARGIN + LABELS


def draw(scene: dict[str, Any]) -> str:
    """Draw the strip of pixels and a bar under it for each window.

    Bars go down to a new row as long as they would overlap.

    Parameters
    ----------
    scene : dict
        From :func:`cnnlab.explore.output_size.scene.output_size_scene`.

    Returns
    -------
    str
        SVG.

    Examples
    --------
    >>> from cnnlab.explore.output_size.scene import output_size_scene
    >>> draw(output_size_scene(7, 3, stride=3, padding=0)).count("unread")
    1
    """
    cells = scene["cells"]
    if not cells:
        return _message(scene)
    first = cells[0]["position"]
    bars = [(window, f"out {i}", False) for i, window in enumerate(scene["windows"])]
    if scene["hanging"]:
        bars.append((scene["hanging"], f"out {len(bars)}, ceil", True))
    rows = _rows(scene["settings"]["kernel_size"], scene["settings"]["stride"], len(bars))
    parts = [_cell(cell, _left(cell["position"], first), bool(bars)) for cell in cells]
    top = STRIP + CELL + 8
    for i, (window, label, hangs) in enumerate(bars):
        left, right = _left(window[0], first), _left(window[-1] + 1, first)
        bar = _bar(left, right, top + i % rows * BAR, label, hangs)
        parts.append(target(f"window:{i}", bar))
    height = top + (rows * BAR if bars else 0) + MARGIN
    return picture(len(cells) * CELL + 2 * MARGIN, height, scene["text"], parts)


def _rows(kernel_size: int, stride: int, bars: int) -> int:
    return max(min(-(-kernel_size // stride), bars), 1) if bars else 0


def _left(position: int, first: int) -> int:
    return MARGIN + (position - first) * CELL


def _cell(cell: dict[str, Any], x: float, fits: bool) -> str:
    kind = cell["kind"]
    dashed = "; stroke-dasharray: 4 3" if kind == "outside" else ""
    parts = [
        rect(x + 1.5, STRIP + 1.5, CELL - 3, CELL - 3, f"fill: {PAPER}; stroke: {MUTED}{dashed}")
    ]
    if kind == "padding":
        parts.append(path(hatching(x, STRIP, CELL, step=11), MUTED, 0.7))
    unread = fits and kind != "outside" and not cell["read"]
    if unread:
        near, far = STRIP + 4, STRIP + CELL - 4
        cross = f"M{x + 4:g} {near}L{x + CELL - 4:g} {far}M{x + CELL - 4:g} {near}L{x + 4:g} {far}"
        parts.append(path(cross, VERMILLION, 2))
        parts.append(text(x + CELL / 2, STRIP - 5, "unread", size=12, fill=VERMILLION))
    name = {"pixel": cell["position"], "padding": "pad", "outside": "none"}[kind]
    # A plate keeps the words clear of hatching and cross.
    width = 8 * len(str(name)) + 6
    if unread or kind == "padding":
        plate = rect(x + (CELL - width) / 2, STRIP + 13, width, 18, f"fill: {PAPER}", 3)
        parts.append(plate)
    parts.append(
        text(x + CELL / 2, STRIP + 27, name, size=14, fill=INK if kind == "pixel" else MUTED)
    )
    return target(f"input:{cell['position']}", parts)


def _bar(left: float, right: float, y: float, label: str, hangs: bool) -> list[str]:
    look = f"fill: {PAPER}; stroke: {VERMILLION}; stroke-width: 2; stroke-dasharray: 5 3"
    style = look if hangs else f"fill: {BLUE}"
    if hangs and right - left < 2 * CELL:
        label = "ceil"
    bar = rect(left + 2, y + 2, right - left - 4, BAR - 4, style, 4)
    middle = (left + right) / 2
    return [bar, text(middle, y + 16, label, size=12, fill=INK if hangs else PAPER)]


def _message(scene: dict[str, Any]) -> str:
    why = "Nothing to draw." if scene["problem"] else f"More than {MAX_CELLS} pixels: not drawn."
    return picture(280, 40, scene["text"], [text(140, 25, why)])
