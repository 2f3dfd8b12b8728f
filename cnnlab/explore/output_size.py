"""How many windows fit: the size of an output, seen as a strip of pixels."""

from typing import Any, ClassVar

import traitlets

from cnnlab.explore.base import Control, Explorer
from cnnlab.explore.scenes import MAX_CELLS, output_size_scene
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
        From :func:`cnnlab.explore.scenes.output_size_scene`.

    Returns
    -------
    str
        SVG.

    Examples
    --------
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
        parts.append(_bar(left, right, top + i % rows * BAR, label, hangs))
    height = top + (rows * BAR if bars else 0) + MARGIN
    return picture(len(cells) * CELL + 2 * MARGIN, height, scene["text"], parts)


def _rows(kernel_size: int, stride: int, bars: int) -> int:
    return max(min(-(-kernel_size // stride), bars), 1) if bars else 0


def _left(position: int, first: int) -> int:
    return MARGIN + (position - first) * CELL


def _cell(cell: dict[str, Any], x: float, fits: bool) -> str:
    kind = cell["kind"]
    dashed = "; stroke-dasharray: 4 3" if kind == "outside" else ""
    parts = [rect(x, STRIP, CELL, CELL, f"fill: {PAPER}; stroke: {MUTED}{dashed}")]
    if kind == "padding":
        parts.append(path(hatching(x, STRIP, CELL, step=11), MUTED, 0.7))
    unread = fits and kind != "outside" and not cell["read"]
    if unread:
        near, far = STRIP + 4, STRIP + CELL - 4
        cross = f"M{x + 4:g} {near}L{x + CELL - 4:g} {far}M{x + CELL - 4:g} {near}L{x + 4:g} {far}"
        parts.append(path(cross, VERMILLION, 2))
        parts.append(text(x + CELL / 2, STRIP - 5, "unread", size=11, fill=VERMILLION))
    name = {"pixel": cell["position"], "padding": "pad", "outside": "none"}[kind]
    # A plate keeps the words clear of hatching and cross.
    width = 8 * len(str(name)) + 6
    if unread or kind == "padding":
        plate = rect(x + (CELL - width) / 2, STRIP + 13, width, 18, f"fill: {PAPER}", 3)
        parts.append(plate)
    parts.append(
        text(x + CELL / 2, STRIP + 27, name, size=14, fill=INK if kind == "pixel" else MUTED)
    )
    return "".join(parts)


def _bar(left: float, right: float, y: float, label: str, hangs: bool) -> str:
    look = f"fill: {PAPER}; stroke: {VERMILLION}; stroke-width: 2; stroke-dasharray: 5 3"
    style = look if hangs else f"fill: {BLUE}"
    if hangs and right - left < 2 * CELL:
        label = "ceil"
    bar = rect(left + 2, y + 2, right - left - 4, BAR - 4, style, 4)
    middle = (left + right) / 2
    return bar + text(middle, y + 16, label, size=12, fill=INK if hangs else PAPER)


def _message(scene: dict[str, Any]) -> str:
    why = "Nothing to draw." if scene["problem"] else f"More than {MAX_CELLS} pixels: not drawn."
    return picture(280, 40, scene["text"], [text(140, 25, why)])


class OutputSizeExplorer(Explorer):
    """Explore how many windows fit along one axis, and which pixels are left over.

    Parameters
    ----------
    size, kernel_size, stride, padding : int
        As in :func:`cnnlab.geometry.output_size`; they can be set and read at any time, and
        settings that make no sense are explained in the picture's place.

    Examples
    --------
    >>> explorer = OutputSizeExplorer(stride=2)
    >>> explorer
    input 7, kernel 3, stride 2, padding 0 -> floor 3, ceil 3, error 3
    >>> explorer.stride = 3
    >>> explorer.output
    {'floor': 2, 'ceil': 3, 'error': None}
    """

    purpose = "how many windows fit, and which pixels are left over"
    controls: ClassVar[tuple[Control, ...]] = (
        ("size", "input size", 1, 16),
        ("kernel_size", "kernel size", 1, 9),
        ("stride", "stride", 1, 6),
        ("padding", "padding per side", 0, 4),
    )
    make_scene = staticmethod(output_size_scene)
    draw = staticmethod(draw)

    size = traitlets.Int(7).tag(sync=True)
    kernel_size = traitlets.Int(3).tag(sync=True)
    stride = traitlets.Int(1).tag(sync=True)
    padding = traitlets.Int(0).tag(sync=True)

    @property
    def output(self) -> dict[str, int | None]:
        """Windows under each policy; None where the policy refuses or no window fits."""
        return dict(self._scene["outputs"])
