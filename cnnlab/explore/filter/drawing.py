"""Photograph, kernel and response side by side."""

import numpy as np

from cnnlab.explore.filter.response import Response, brightness
from cnnlab.explore.filter.scene import FilterScene
from cnnlab.explore.images import GREY, SIGNED, frame, scale_bar
from cnnlab.explore.numbers import short
from cnnlab.explore.scene import Stage
from cnnlab.explore.svg import (
    BLUE,
    MUTED,
    PAPER,
    VERMILLION,
    picture,
    rect,
    target,
    text,
    written,
)

MARGIN, HEADING, SIGN, SCALE = 6, 24, 34, 34  # pixels
CELL = 48  # of the kernel, at most

Point = tuple[float, float]
Box = tuple[float, float, float, float]


def draw(scene: FilterScene, stage: Stage) -> str:
    """Draw two frames for the pictures and the kernel between them, or below where narrow.

    Parameters
    ----------
    scene : FilterScene
        From :func:`cnnlab.explore.filter.scene.filter_scene`.
    stage : Stage
        Room for it.

    Returns
    -------
    str
        SVG whose cells carry ``data-key="kernel:row,column"``.

    Examples
    --------
    >>> from cnnlab.explore.filter.scene import filter_scene
    >>> scene = filter_scene(np.ones((4, 4), np.float32), np.eye(3))
    >>> draw(scene, Stage(900, 360)).count("data-key")
    9
    """
    parts = _tall(scene.response, stage) if stage.narrow else _wide(scene.response, stage)
    return picture(stage.width, stage.height, scene.text, parts)


def _wide(response: Response, stage: Stage) -> list[str]:
    """Photograph and response at the sides; the kernel between them, or below if that is tight."""
    between = stage.width >= 900
    side: float = stage.height - HEADING - SCALE - 2 * MARGIN
    if not between:
        side = (stage.width - SIGN - 2 * MARGIN) / 2
    right = stage.width - MARGIN - side
    below = HEADING + MARGIN + side + SCALE
    parts = [
        *_photo(response, (MARGIN, MARGIN), side),
        *_answer(response, (right, MARGIN), side),
    ]
    room: Box = (MARGIN + side, 0, right - MARGIN - side, stage.height)
    if not between:
        room = (0, below, stage.width, stage.height - below)
        parts.append(text(stage.width / 2, HEADING + side / 2, "⋆ =", size=16))
    return [*parts, *_kernel(response, room, signs=between)]


def _tall(response: Response, stage: Stage) -> list[str]:
    """Photograph and kernel side by side; the response under them, as large as there is room."""
    small = (stage.width - SIGN - 2 * MARGIN) / 2
    right = stage.width - MARGIN - small
    below = HEADING + 2 * MARGIN + small + SCALE
    side = min(stage.width - 2 * MARGIN, stage.height - below - HEADING - SCALE - MARGIN)
    left = (stage.width - side) / 2
    return [
        *_photo(response, (MARGIN, MARGIN), small),
        *_kernel(response, (right, 0, small, HEADING + 2 * MARGIN + small), signs=False),
        text(stage.width / 2, HEADING + small / 2 + 10, "⋆", size=16),
        *_answer(response, (left, below), side),
        text(max(left - 14, 8), below + 14, "=", size=16),
    ]


def _photo(response: Response, at: Point, side: float) -> list[str]:
    low, high = brightness(response)
    ticks = (f"black {short(low)}", f"white {short(high)}")
    if side < 140:
        ticks = short(low), short(high)
    x, y = at[0], at[1] + HEADING
    return [
        _heading(at, side, response.name),
        frame("photo", response.image.shape, (x, y, side, side)),
        *scale_bar(x, y + side + 8, side, GREY, ticks),
    ]


def _answer(response: Response, at: Point, side: float) -> list[str]:
    x, y = at[0], at[1] + HEADING
    if response.values is None:
        return [
            _heading(at, side, "response"),
            rect(x, y, side, side, f"fill: none; stroke: {VERMILLION}; stroke-dasharray: 6 4"),
            written(x + side / 2, y + side / 2, "does not fit", side),
        ]
    low, high = short(response.low), short(response.high)
    ticks = [f"≤ {low}", f"≥ {high}"] if side > 140 else [low, high]
    if response.colors == SIGNED:
        ticks.insert(1, "0")
    return [
        _heading(at, side, "response"),
        frame("response", response.values.shape, (x, y, side, side)),
        *scale_bar(x, y + side + 8, side, response.colors, ticks),
    ]


def _heading(at: Point, width: float, words: str) -> str:
    longest = int(width / 8)
    words = words if len(words) <= longest else words[: longest - 1] + "…"
    return text(at[0] + width / 2, at[1] + 14, words, size=14)


def _kernel(response: Response, room: Box, *, signs: bool) -> list[str]:
    left, top, width, height = room
    rows, columns = response.kernel.shape
    free = width - 2 * SIGN if signs else width
    side = min(CELL, free / columns, (height - HEADING - 2 * MARGIN) / rows)
    x = left + (width - columns * side) / 2
    y = top + HEADING + MARGIN + (height - HEADING - 2 * MARGIN - rows * side) / 2 * signs
    parts = [text(left + width / 2, y - 10, f"{response.preset} {rows}×{columns}", size=14)]
    if signs:
        middle = y + rows * side / 2 + 7
        parts.append(text(left + SIGN / 2, middle, "⋆", size=24))
        parts.append(text(left + width - SIGN / 2, middle, "=", size=24))
    largest = np.abs(response.kernel).max() or 1.0
    for (i, j), weight in np.ndenumerate(response.kernel):
        corner = x + j * side, y + i * side
        parts.append(_cell(f"kernel:{i},{j}", corner, side, float(weight), weight / largest))
    return parts


def _cell(key: str, corner: tuple[float, float], side: float, weight: float, share: float) -> str:
    x, y = corner
    tint = VERMILLION if share > 0 else BLUE
    # As briefly as the cell needs; pointing at it tells more digits.
    words = short(round(weight, 3 if side > 44 else 2) if abs(weight) < 1 else weight)
    parts = [
        rect(x, y, side, side, f"fill: {PAPER}; stroke: {MUTED}"),
        rect(x, y, side, side, f"fill: {tint}; fill-opacity: {0.35 * abs(share):.2f}"),
        written(x + side / 2, y + side / 2 + 5, words, side - 2, most=15),
    ]
    return target(key, parts, value="" if parts[-1] else short(weight))
