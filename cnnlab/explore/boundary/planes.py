"""A plane of two numbers: the side where a unit is on, its line, its arrow, and the points."""

import json
from collections.abc import Callable
from html import escape
from typing import NamedTuple

import numpy as np

from cnnlab.explore.boundary.model import ROWS, Array
from cnnlab.explore.svg import (
    BLUE,
    INK,
    LINE,
    MUTED,
    PAPER,
    VERMILLION,
    WASH_BLUE,
    path,
    rect,
    target,
    text,
)

CELL = 4  # pixels of the tint's steps
LENGTH = 24  # pixels of an arrow for each unit of weight, as far as there is room
POINT = 30  # pixels
MOST, STEP = 6.0, 0.1  # of a weight
STROKES = (BLUE, VERMILLION, INK)
DASHES = ("", "9 3", "3 3")


class Frame(NamedTuple):
    """A square plane in the picture, and the numbers that it shows."""

    left: float
    top: float
    size: float
    low: tuple[float, float]
    span: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point lies, in pixels."""
        right = self.left + (x - self.low[0]) / self.span * self.size
        return right, self.top + self.size - (y - self.low[1]) / self.span * self.size

    def holds(self, x: float, y: float) -> bool:
        """Whether a place in pixels lies in it."""
        return 0 <= x - self.left <= self.size and 0 <= y - self.top <= self.size


def inputs_frame(left: float, top: float, size: float) -> Frame:
    """The plane of the two inputs."""
    return Frame(left, top, size, (-0.75, -0.75), 2.5)


def points_frame(left: float, top: float, size: float, points: Array) -> Frame:
    """A plane that holds all of some (N, 2) points, with room around them.

    Examples
    --------
    >>> points_frame(0, 0, 100, np.array([[0.0, 0.0], [1.0, 3.0]])).span
    4.5
    """
    low, high = points.min(axis=0), points.max(axis=0)
    span = max(1.5 * float((high - low).max()), 2.0)
    middle = (low + high) / 2 - span / 2
    return Frame(left, top, size, (float(middle[0]), float(middle[1])), span)


def frame_of(frame: Frame, names: tuple[str, str], title: str) -> list[str]:
    """Its edge, the two axes at 0 and 1, and their names."""
    box = rect(frame.left, frame.top, frame.size, frame.size, f"fill: none; stroke: {LINE}")
    below, start = frame.top + frame.size, frame.left
    parts = [box, text(start, frame.top - 8, title, size=14, anchor="start", bold=True)]
    for tick in (0, 1):
        x, y = frame.at(tick, tick)
        if frame.left <= x <= frame.left + frame.size:
            parts.append(path(f"M{x:.1f} {below:g}v4", LINE))
            parts.append(text(x, below + 15, tick, size=12, fill=MUTED))
        if frame.top <= y <= below:
            parts.append(path(f"M{start:g} {y:.1f}h-4", LINE))
            parts.append(text(start - 10, y + 4, tick, size=12, fill=MUTED))
    parts.append(text(start + frame.size - 10, below + 15, names[0], fill=MUTED))
    return [*parts, text(start - 13, frame.top + 14, names[1], fill=MUTED)]


def tint(frame: Frame, sums: Callable[[Array], Array]) -> str:
    """The side where sums are above 0, in small steps; one path.

    Parameters
    ----------
    frame : Frame
    sums : callable
        From (N, 2) points to (N,) sums.
    """
    count = int(frame.size // CELL)
    side = frame.size / count
    places = (np.arange(count) + 0.5) * frame.span / count
    x, y = np.meshgrid(frame.low[0] + places, frame.low[1] + places[::-1])
    on = sums(np.stack([x.ravel(), y.ravel()], axis=1)).reshape(count, count) > 0
    pieces = []
    for r, row in enumerate(on):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], row, [0]])))
        for start, end in edges.reshape(-1, 2):
            left, top = frame.left + start * side, frame.top + r * side
            pieces.append(
                f"M{left:.1f} {top:.1f}h{(end - start) * side:.1f}v{side:.1f}H{left:.1f}z"
            )
    return f'<path d="{"".join(pieces)}" style="fill: {WASH_BLUE}"/>' if pieces else ""


def line_of(
    frame: Frame, weights: Array, bias: float, names: tuple[str, str, str], look: int, label: str
) -> list[str]:
    """A unit's line and the arrow of its weights, both to be dragged.

    Parameters
    ----------
    frame : Frame
    weights : (2,) array
    bias : float
    names : tuple of str
        Settings of the two weights and of the bias.
    look : int
        Which stroke, for several lines in one plane.
    label : str
        Beside the arrow.
    """
    ends = _ends(frame, weights, bias)
    pixels = frame.size / frame.span  # of 1
    stroke, dash = STROKES[look], DASHES[look]
    parts = []
    foot = frame.at(frame.low[0] + frame.span / 2, frame.low[1] + frame.span / 2)
    if ends:
        (x, y), (to_x, to_y) = ends
        foot = (x + to_x) / 2, (y + to_y) / 2
        d = f"M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}"
        moves = {names[2]: (-weights[0] / pixels, weights[1] / pixels)}
        shown = path(d, f"{stroke}; stroke-dasharray: {dash or 'none'}", 3)
        parts.append(_handle([shown, path(d, "transparent", 22)], moves))
    size = float(np.hypot(*weights))
    length = min(LENGTH, 0.3 * frame.size / max(size, 1e-9))  # pixels for each unit of weight
    tip = foot[0] + length * weights[0], foot[1] - length * weights[1]
    while length > 2 and size and not frame.holds(*tip):
        length *= 0.8
        tip = foot[0] + length * weights[0], foot[1] - length * weights[1]
    # The line turns around the arrow's foot, so its bias changes too.
    at_x = frame.low[0] + (foot[0] - frame.left) / pixels
    at_y = frame.low[1] + (frame.top + frame.size - foot[1]) / pixels
    turn = {names[0]: (1 / length, 0.0), names[1]: (0.0, -1 / length)}
    if ends:
        turn[names[2]] = (-at_x / length, at_y / length)
    arrow = path(f"M{foot[0]:.1f} {foot[1]:.1f}L{tip[0]:.1f} {tip[1]:.1f}", stroke, 2)
    knob = rect(
        tip[0] - 7, tip[1] - 7, 14, 14, f"fill: {PAPER}; stroke: {stroke}; stroke-width: 3", 7
    )
    words = text(tip[0] + 12, tip[1] - 10, label, size=12, fill=stroke) if label else ""
    return [*parts, arrow, _handle([knob], turn), words]


def _handle(parts: list[str], moves: dict[str, tuple[float, float]]) -> str:
    """What one drags: each named setting changes by so much for a pixel right, and one down."""
    data = {name: [*map(float, rates), -MOST, MOST, STEP] for name, rates in moves.items()}
    return f'<g data-drag="{escape(json.dumps(data))}">{"".join(parts)}</g>'


def _ends(frame: Frame, weights: Array, bias: float) -> list[tuple[float, float]]:
    """Where a line enters and leaves the plane, in pixels; nothing if it does not cross it."""
    (a, b), (low_x, low_y) = map(float, weights), frame.low
    high_x, high_y = low_x + frame.span, low_y + frame.span
    found = []
    if b:
        found += [(x, -(a * x + bias) / b) for x in (low_x, high_x)]
    if a:
        found += [(-(b * y + bias) / a, y) for y in (low_y, high_y)]
    inside = [
        frame.at(x, y)
        for x, y in found
        if low_x - 1e-9 <= x <= high_x + 1e-9 and low_y - 1e-9 <= y <= high_y + 1e-9
    ]
    far = (
        max(inside, key=lambda p: (p[0] - inside[0][0]) ** 2 + (p[1] - inside[0][1]) ** 2)
        if inside
        else None
    )
    return [inside[0], far] if far and far != inside[0] else []


def points(frame: Frame, kind: str, places: Array, answers: Array) -> list[str]:
    """The four inputs, filled where the output is on; those that fall together, side by side.

    Parameters
    ----------
    frame : Frame
    kind : str
        Of their keys.
    places : (4, 2) array
    answers : (4,) array
    """
    parts, seen = [], dict[tuple[float, float], int]()
    for i, (x, y) in enumerate(places):
        where = (round(float(x), 6), round(float(y), 6))
        again = seen[where] = seen.get(where, -1) + 1
        right, down = frame.at(float(x), float(y))
        left, top = right - POINT / 2 + again * (POINT - 6), down - POINT / 2
        on = bool(answers[i])
        look = f"fill: {BLUE if on else PAPER}; stroke: {INK}; stroke-width: 1.5"
        dot = rect(left, top, POINT, POINT, look, POINT / 2)
        fill = PAPER if on else INK
        name = text(left + POINT / 2, down + 4.5, ROWS[i], size=12, fill=fill, bold=on)
        parts.append(target(f"{kind}:{i}", [dot, name]))
    return parts
