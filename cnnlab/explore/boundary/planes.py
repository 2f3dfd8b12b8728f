"""A plane of two numbers: the side where a unit is on, its line, its arrow, and the points."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from cnnlab.explore.boundary.arrows import Arrow, Plane
from cnnlab.explore.boundary.model import Array, Network
from cnnlab.explore.numbers import number
from cnnlab.explore.svg import (
    BLUE,
    INK,
    LINE,
    MUTED,
    PAPER,
    VERMILLION,
    WASH_BLUE,
    path,
    plane,
    rect,
    target,
    text,
)

CELL = 4  # pixels of the tint's steps
RING, DOT = 30, 18  # pixels of a point: what is marked, and what is seen
HALO = f"; stroke: {PAPER}; stroke-width: 4px; paint-order: stroke"
STROKES = (BLUE, VERMILLION, INK)
DASHES = ("none", "9 3", "3 3")


class Frame(NamedTuple):
    """Where a plane lies in the picture, in pixels."""

    plane: Plane
    left: float
    top: float
    size: float

    def pixels(self, place: Array) -> tuple[float, float]:
        """Pixels of a place."""
        x, y = map(float, place)
        return self.left + x * self.size, self.top + (1 - y) * self.size

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Pixels of a point."""
        return self.pixels(self.plane.view.place(np.array([x, y])))


def frame_of(frame: Frame, names: tuple[str, str], title: str) -> list[str]:
    """Its edge, the two axes at 0 and 1, and their names."""
    look, name = f"fill: none; stroke: {LINE}", frame.plane.name
    box = plane(frame.left, frame.top, frame.size, frame.size, look, name)
    below, start = frame.top + frame.size, frame.left
    parts = [box, text(start, frame.top - 8, title, size=14, anchor="start", bold=True)]
    for tick in (-1, 0, 1):
        x, y = frame.at(tick, tick)
        if frame.left <= x <= frame.left + frame.size:
            parts.append(path(f"M{x:.1f} {below:g}v4", LINE))
            parts.append(text(x, below + 15, number(tick), size=12, fill=MUTED))
        if frame.top <= y <= below:
            parts.append(path(f"M{start:g} {y:.1f}h-4", LINE))
            parts.append(text(start - 10, y + 4, number(tick), size=12, fill=MUTED))
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
    view, count = frame.plane.view, int(frame.size // CELL)
    side = frame.size / count
    places = (np.arange(count) + 0.5) * view.span / count
    x, y = np.meshgrid(view.low[0] + places, view.low[1] + places[::-1])
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


def lines(frame: Frame) -> list[str]:
    """Lines of the units, to be dragged; they lie under the points."""
    parts = []
    for i, arrow in enumerate(frame.plane.arrows):
        if arrow.ends:
            (x, y), (to_x, to_y) = map(frame.pixels, arrow.ends)
            d = f"M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}"
            dash = f"{STROKES[i]}; stroke-dasharray: {DASHES[i]}"
            wide = path(d, "transparent", 22)  # to be caught easily
            parts.append(_handle(f"line:{frame.plane.name},{i}", [path(d, dash, 3), wide]))
    return parts


def arrows(frame: Frame) -> list[str]:
    """Arrows of the weights, to be dragged by their tips; they lie over the points."""
    return [part for i in range(len(frame.plane.arrows)) for part in _arrow(frame, i)]


def _arrow(frame: Frame, i: int) -> list[str]:
    arrow: Arrow = frame.plane.arrows[i]
    (x, y), (to_x, to_y) = frame.pixels(arrow.foot), frame.pixels(arrow.tip)
    shaft = path(f"M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}", STROKES[i], 2)
    look = f"fill: {PAPER}; stroke: {STROKES[i]}; stroke-width: 3"
    knob = rect(round(to_x - 7, 1), round(to_y - 7, 1), 14, 14, look, 7)
    far = max(float(np.hypot(to_x - x, to_y - y)), 1e-9)
    name_x, name_y = to_x + 17 * (to_x - x) / far, to_y + 17 * (to_y - y) / far + 4
    half = 3.6 * len(arrow.unit.label)  # pixels
    name_x = min(max(name_x, frame.left + half), frame.left + frame.size - half)
    name = text(round(name_x, 1), round(name_y, 1), arrow.unit.label, size=12, fill=INK + HALO)
    return [shaft, _handle(f"tip:{frame.plane.name},{i}", [knob]), name]


def _handle(key: str, parts: list[str]) -> str:
    return target(key, parts).replace("<g ", '<g class="handle" ', 1)


def points(frame: Frame, kind: str, network: Network) -> list[str]:
    """The four inputs, filled where the output is on; those that fall together, side by side.

    Parameters
    ----------
    frame : Frame
    kind : str
        Of their keys.
    network : Network
    """
    parts, seen = [], dict[tuple[float, float], int]()
    for i, (x, y) in enumerate(frame.plane.points):
        where = (round(float(x), 6), round(float(y), 6))
        again = seen[where] = seen.get(where, -1) + 1
        right, down = frame.at(float(x), float(y))
        right += again * (DOT + 4)
        ring = rect(right - RING / 2, down - RING / 2, RING, RING, "fill: transparent", RING / 2)
        look = f"fill: {BLUE if network.on[i] else PAPER}; stroke: {INK}; stroke-width: 2"
        dot = rect(right - DOT / 2, down - DOT / 2, DOT, DOT, look, DOT / 2)
        name = text(right, down + RING / 2 + 11, network.rows[i], size=12, fill=INK + HALO)
        parts.append(target(f"{kind}:{i}", [ring, dot, name]))
    return parts
