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
RING, DOT = 30, 18  # pixels of a point: what is marked, and what is seen
FEET = (0.5, 0.35, 0.65, 0.2, 0.8, 0.1, 0.9)  # where on a line its arrow may stand, in turn
CLEAR = 32  # pixels from an arrow's knob to a point or another knob
HALO = f"; stroke: {PAPER}; stroke-width: 4px; paint-order: stroke"
MOST, STEP = 6.0, 0.1  # of a weight
STROKES = (BLUE, VERMILLION, INK)
DASHES = ("none", "9 3", "3 3")


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
                f"M{left:.1f} {top:.1f}h{(end - start) * side:.1f}v{side + 0.4:.1f}H{left:.1f}z"
            )
    return f'<path d="{"".join(pieces)}" style="fill: {WASH_BLUE}"/>' if pieces else ""


class Unit(NamedTuple):
    """A unit whose line is drawn in a plane.

    Attributes
    ----------
    weights : (2,) array
    bias : float
    names : tuple of str
        Settings of the two weights and of the bias.
    look : int
        Which stroke, for several lines in one plane.
    label : str
        Beside the arrow.
    """

    weights: Array
    bias: float
    names: tuple[str, str, str]
    look: int
    label: str


def lines_of(frame: Frame, units: list[Unit], places: Array) -> tuple[list[str], list[str]]:
    """Lines of units, which lie under the points, and the arrows of their weights, over them.

    Parameters
    ----------
    frame : Frame
    units : list of Unit
    places : (N, 2) array
        Points that no arrow should end at.
    """
    taken = [np.array(frame.at(float(x), float(y))) for x, y in places]
    aside, name = np.array([DOT + 4, 0]), np.array([0, RING / 2 + 7])
    taken += [place + aside for place in taken]  # where a second one at the same place would be
    taken += [place + name for place in taken]
    lines, arrows = [], []
    for unit in units:
        ends = _ends(frame, unit.weights, unit.bias)
        if ends:
            lines.append(_line(frame, unit, ends))
        feet = (
            [ends[0] + share * (ends[1] - ends[0]) for share in FEET] if ends else [_middle(frame)]
        )
        free = [_room(_tip(frame, unit, foot)[0], taken) for foot in feet]
        best = next((i for i, room in enumerate(free) if room > CLEAR), int(np.argmax(free)))
        arrows += _arrow(frame, unit, feet[best], turns=bool(ends))
        taken.append(_tip(frame, unit, feet[best])[0])
    return lines, arrows


def _room(tip: Array, taken: list[Array]) -> float:
    return min(float(np.hypot(*(tip - place))) for place in taken)


def _middle(frame: Frame) -> Array:
    return np.array([frame.left + frame.size / 2, frame.top + frame.size / 2])


def _line(frame: Frame, unit: Unit, ends: list[Array]) -> str:
    (x, y), (to_x, to_y) = ends
    d = f"M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}"
    pixels = frame.size / frame.span  # of 1
    moves = {unit.names[2]: (-unit.weights[0] / pixels, unit.weights[1] / pixels)}
    dash = f"{STROKES[unit.look]}; stroke-dasharray: {DASHES[unit.look]}"
    return _handle([path(d, dash, 3), path(d, "transparent", 22)], moves)


def _tip(frame: Frame, unit: Unit, foot: Array) -> tuple[Array, float]:
    """Where an arrow ends, and its pixels for each unit of weight."""
    size = float(np.hypot(*unit.weights))
    length = min(LENGTH, 0.3 * frame.size / max(size, 1e-9))
    along = np.array([unit.weights[0], -unit.weights[1]])  # in the picture, y points down
    while length * size > 12 and not frame.holds(*(foot + length * along)):
        length *= 0.8
    return foot + length * along, length


def _arrow(frame: Frame, unit: Unit, foot: Array, turns: bool) -> list[str]:
    """The weights as an arrow with a knob; the line turns around its foot."""
    tip, length = _tip(frame, unit, foot)
    pixels = frame.size / frame.span
    at_x = frame.low[0] + float(foot[0] - frame.left) / pixels
    at_y = frame.low[1] + float(frame.top + frame.size - foot[1]) / pixels
    turn = {unit.names[0]: (1 / length, 0.0), unit.names[1]: (0.0, -1 / length)}
    if turns:
        turn[unit.names[2]] = (-at_x / length, at_y / length)
    stroke = STROKES[unit.look]
    arrow = path(f"M{foot[0]:.1f} {foot[1]:.1f}L{tip[0]:.1f} {tip[1]:.1f}", stroke, 2)
    look = f"fill: {PAPER}; stroke: {stroke}; stroke-width: 3"
    knob = rect(tip[0] - 7, tip[1] - 7, 14, 14, look, 7)
    place = tip + 17 * (tip - foot) / max(float(np.hypot(*(tip - foot))), 1e-9)
    name = text(round(place[0], 1), round(place[1] + 4, 1), unit.label, size=12, fill=INK + HALO)
    return [arrow, _handle([knob], turn), name]


def _handle(parts: list[str], moves: dict[str, tuple[float, float]]) -> str:
    """What one drags: each named setting changes by so much for a pixel right, and one down."""
    data = {name: [*map(float, rates), -MOST, MOST, STEP] for name, rates in moves.items()}
    return f'<g data-drag="{escape(json.dumps(data))}">{"".join(parts)}</g>'


def _ends(frame: Frame, weights: Array, bias: float) -> list[Array]:
    """Where a line enters and leaves the plane, in pixels; nothing if it does not cross it."""
    (a, b), (low_x, low_y) = map(float, weights), frame.low
    high_x, high_y = low_x + frame.span, low_y + frame.span
    found = []
    if b:
        found += [(x, -(a * x + bias) / b) for x in (low_x, high_x)]
    if a:
        found += [(-(b * y + bias) / a, y) for y in (low_y, high_y)]
    inside = [
        np.array(frame.at(x, y))
        for x, y in found
        if low_x - 1e-9 <= x <= high_x + 1e-9 and low_y - 1e-9 <= y <= high_y + 1e-9
    ]
    if not inside:
        return []
    far = max(inside, key=lambda place: float(np.hypot(*(place - inside[0]))))
    return [] if np.allclose(far, inside[0]) else [inside[0], far]


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
        right += again * (DOT + 4)
        ring = rect(right - RING / 2, down - RING / 2, RING, RING, "fill: transparent", RING / 2)
        look = f"fill: {BLUE if answers[i] else PAPER}; stroke: {INK}; stroke-width: 2"
        dot = rect(right - DOT / 2, down - DOT / 2, DOT, DOT, look, DOT / 2)
        name = text(right, down + RING / 2 + 11, ROWS[i], size=12, fill=INK + HALO)
        parts.append(target(f"{kind}:{i}", [ring, dot, name]))
    return parts
