"""The input plane, what lies between it and the answer, the truth table, and the 16 functions."""

from typing import NamedTuple

import numpy as np

from cnnlab.explore.boundary.model import NAMES, activate, slope
from cnnlab.explore.boundary.planes import Frame, arrows, frame_of, lines, points, tint
from cnnlab.explore.boundary.scene import BoundaryScene
from cnnlab.explore.numbers import number, short
from cnnlab.explore.scene import WIDTHS, Stage
from cnnlab.explore.svg import (
    BLUE,
    GREEN,
    INK,
    LINE,
    MUTED,
    PAPER,
    VERMILLION,
    WASH_GREEN,
    path,
    picture,
    rect,
    target,
    text,
    written,
)

ROW, TILE = 24, 34  # pixels: a row of the table, a function


class Places(NamedTuple):
    """Corners and sizes of the four parts."""

    inputs: tuple[float, float, float]  # left, top, side
    middle: tuple[float, float, float]
    table: tuple[float, float, float]  # left, top, width
    functions: tuple[float, float, float]


PLACES = dict(
    zip(
        WIDTHS,
        (
            Places((26, 24, 204), (26, 282, 204), (4, 542, 228), (4, 690, 228)),
            Places((28, 24, 240), (312, 24, 240), (8, 314, 250), (280, 314, 272)),
            Places((28, 24, 310), (384, 24, 240), (648, 24, 246), (648, 172, 246)),
        ),
        strict=True,
    )
)
HEIGHTS = (910, 480, 372)


def draw(scene: BoundaryScene, stage: Stage) -> str:
    """Draw the planes, the table and the functions.

    Examples
    --------
    >>> from cnnlab.explore.boundary.scene import boundary_scene
    >>> draw(boundary_scene(found=[7]), Stage(900, 372)).count('data-key="function:')
    16
    """
    places = PLACES[stage.width]
    if scene.network.settings.hidden:
        middle = _plane(scene, 1, ("h₁", "h₂"), *places.middle)
    else:
        middle = _curve(scene, *places.middle)
    parts = [
        *_plane(scene, 0, ("x₁", "x₂"), *places.inputs),
        *middle,
        *_table(scene, *places.table),
        *_functions(scene, *places.functions),
    ]
    return picture(stage.width, stage.height, scene.text, parts)


def _plane(
    scene: BoundaryScene, i: int, axes: tuple[str, str], left: float, top: float, size: float
) -> list[str]:
    network, plane = scene.network, scene.planes[i]
    frame = Frame(plane, left, top, size)
    parts = frame_of(frame, axes, f"{plane.name} plane")
    if not i:
        parts.insert(0, tint(frame, network.sums))
    elif len(plane.arrows) == 1:
        unit = plane.arrows[0].unit
        parts.insert(0, tint(frame, lambda h: h @ unit.weights + unit.bias))
    kind = "hidden" if i else "point"
    return [*parts, *lines(frame), *points(frame, kind, network), *arrows(frame)]


def _curve(scene: BoundaryScene, left: float, top: float, size: float) -> list[str]:
    """The activation and its slope, and where the four sums lie on it."""
    network = scene.network
    name, sums = network.settings.activation, network.table
    reach = max(4.0, float(np.abs(sums).max()) + 0.5)
    z = np.linspace(-reach, reach, 241)
    value, steep = activate(name, z), slope(name, z)
    low = min(float(value.min()), 0.0) - 0.15
    high = max(float(value.max()), 1.0)
    high += 0.35 * (high - low)  # room for the names of the sums

    def at(x: float, y: float) -> tuple[float, float]:
        return left + (x + reach) / (2 * reach) * size, top + (high - y) / (high - low) * size

    def curve(y: np.ndarray) -> str:
        places = (at(float(a), float(b)) for a, b in zip(z, y, strict=True))
        return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in places)

    _, zero = at(0, 0)
    middle, _ = at(0, 0)
    parts = [
        rect(left, top, size, size, f"fill: none; stroke: {LINE}"),
        text(left, top - 8, f"activation: {name}", size=14, anchor="start", bold=True),
        path(f"M{left:g} {zero:.1f}h{size:g}M{middle:.1f} {top:g}v{size:g}", LINE),
        path(curve(value), BLUE, 3),
        path(curve(steep), f"{VERMILLION}; stroke-dasharray: 6 4", 2.5),
        text(left, top + size + 15, "value", size=12, fill=BLUE, anchor="start"),
        text(
            left + 42, top + size + 15, "slope (dashed)", size=12, fill=VERMILLION, anchor="start"
        ),
        text(left + size - 10, top + size + 15, "z", fill=MUTED),
    ]
    lanes = [-1e9, -1e9, -1e9, -1e9]
    for total in sorted(set(map(float, sums))):
        names = " ".join(r for r, s in zip(network.rows, sums, strict=True) if s == total)
        x, y = at(total, float(activate(name, np.array([total]))[0]))
        half = 4 * len(names)
        lane = next(i for i, end in enumerate(lanes) if x - half > end)
        lanes[lane] = x + half
        words_x = min(max(x, left + half), left + size - half)
        parts.append(path(f"M{x:.1f} {top + 18 + 14 * lane:.1f}V{y:.1f}", MUTED))
        parts.append(rect(x - 4, y - 4, 8, 8, f"fill: {INK}", 4))
        parts.append(text(words_x, top + 14 + 14 * lane, names, size=12))
    return parts


def _table(scene: BoundaryScene, left: float, top: float, width: float) -> list[str]:
    network = scene.network
    hidden = network.hidden(network.inputs) if network.settings.hidden else np.zeros((4, 0))
    heads = ["x₁x₂", *(f"h{'₁₂₃'[k]}" for k in range(hidden.shape[1])), "z", "answer"]
    column = width / len(heads)
    parts = [text(left, top - 8, "truth table", size=14, anchor="start", bold=True)]
    if column < 46:
        heads[-1] = "y"
    for j, head in enumerate(heads):
        parts.append(text(left + (j + 0.5) * column, top + 15, head, fill=MUTED))
    for i, name in enumerate(network.rows):
        y = top + (i + 1) * ROW
        on, said = bool(network.on[i]), number(network.answers[i])
        cells = [name, *(short(float(v)) for v in hidden[i]), short(float(network.table[i]))]
        look = f"fill: {PAPER}; stroke: {LINE}"
        line = [rect(left, y, width, ROW - 2, look)]
        line += [
            written(left + (j + 0.5) * column, y + 16, cell, column - 2)
            for j, cell in enumerate(cells)
        ]
        answer = said if column < 60 else f"{said} ({'on' if on else 'off'})"
        line.append(text(left + (len(heads) - 0.5) * column, y + 16, answer))
        parts.append(target(f"row:{i}", line))
    return parts


def _functions(scene: BoundaryScene, left: float, top: float, width: float) -> list[str]:
    """Which of the 16 functions have been found."""
    title = f"{len(scene.found)} of 16 functions found"
    parts = [text(left, top - 8, title, size=14, anchor="start", bold=True)]
    side = width / 4
    for i, name in enumerate(NAMES):
        x, y = left + i % 4 * side, top + i // 4 * TILE
        found, now = i in scene.found, i == scene.network.function
        stroke = f"stroke: {INK}; stroke-width: 3" if now else f"stroke: {LINE}"
        cell = rect(
            x + 1.5,
            y + 1.5,
            side - 3,
            TILE - 3,
            f"fill: {WASH_GREEN if found else PAPER}; {stroke}",
            3,
        )
        label = written(x + side / 2, y + 15, name, side - 4, fill=INK if found else MUTED, most=13)
        tick = text(
            x + side / 2, y + 29, "✓" if found else "·", size=12, fill=GREEN if found else MUTED
        )
        parts.append(target(f"function:{i}", [cell, label, tick]))
    return parts
