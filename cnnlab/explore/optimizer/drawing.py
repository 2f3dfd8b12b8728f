"""The surface from above with the trails of its walks, and their losses step by step."""

from itertools import pairwise
from math import log10
from textwrap import wrap

import numpy as np

from cnnlab.explore.numbers import short
from cnnlab.explore.optimizer.plane import Box, Plane, hills
from cnnlab.explore.optimizer.scene import OptimizerScene, longest, title
from cnnlab.explore.optimizer.surfaces import SURFACES
from cnnlab.explore.optimizer.walk import Walk, deepest, verdict
from cnnlab.explore.scene import Stage
from cnnlab.explore.svg import (
    BLUE,
    INK,
    LINE,
    MUTED,
    PAPER,
    VERMILLION,
    path,
    picture,
    plane,
    rect,
    target,
    text,
)

MARGIN, EDGE, TICKS = 6, 40, 18  # pixels; EDGE is for the numbers at the left
SIDE, CHART, LEGEND = 320, 130, 108
LOW, HIGH = 1e-6, 1e9  # of the losses that are drawn
LETTER = 6.6  # pixels of one of 12 pixels high, roughly
LOOKS = ((BLUE, "", 0.0), (VERMILLION, "6 3", 1.0))  # colour, dash, roundness of a step


def draw(scene: OptimizerScene, stage: Stage) -> str:
    """Draw the surface, the trails over it, and the losses.

    Examples
    --------
    >>> from cnnlab.explore.optimizer.scene import optimizer_scene
    >>> draw(optimizer_scene(w1=-4, w2=1), Stage(900, 430)).count('class="cone"')
    40
    """
    ground, chart, legend = _layout(stage)
    over = Plane(scene.surface, ground)
    parts = [
        *_losses(scene, chart),
        *_surface(over),
        *(part for i, found in enumerate(scene.walks) for part in _trail(over, found, i)),
        _handle(over, scene),
        *_legend(scene, legend),
    ]
    return picture(stage.width, stage.height, scene.text, parts)


def _layout(stage: Stage) -> tuple[Box, Box, Box]:
    """Room for the surface, for the losses, and for words."""
    if stage.width >= 900:
        width = stage.width - EDGE - SIDE - 4 * MARGIN
        high = stage.height - 2 * TICKS - 2 * MARGIN
        x = stage.width - SIDE + EDGE - MARGIN
        side = SIDE - EDGE
        top = MARGIN + 2 * TICKS
        return (
            Box(EDGE, MARGIN, width, high),
            Box(x, top, side, 170),
            Box(x - EDGE + MARGIN, top + 170 + 2 * TICKS, side + EDGE, LEGEND),
        )
    width = stage.width - EDGE - MARGIN
    legend = stage.height - LEGEND
    chart = legend - CHART - TICKS - MARGIN
    return (
        Box(EDGE, MARGIN, width, chart - 4 * TICKS - 2 * MARGIN),
        Box(EDGE, chart, width, CHART),
        Box(MARGIN, legend + MARGIN, stage.width - 2 * MARGIN, LEGEND),
    )


def _surface(over: Plane) -> list[str]:
    """Higher is darker; crosses mark the minima."""
    x, y, width, height = over.box
    name = next(name for name, each in SURFACES.items() if each is over.surface)
    look = f"fill: {MUTED}; fill-opacity: 0.06; stroke: {MUTED}; stroke-opacity: 0.5"
    parts = [f'<path d="{area}" style="{look}"/>' for area in hills(name, over.box)]
    for minimum in over.surface.minima:
        across, down = over.point(minimum)
        arm = 7 if minimum in deepest(over.surface) else 4
        cross = f"M{across - arm:.1f} {down:.1f}h{2 * arm}M{across:.1f} {down - arm:.1f}v{2 * arm}"
        parts.append(path(cross, INK, 2))
    parts.append(plane(x, y, width, height, f"fill: none; stroke: {LINE}"))
    left, right, bottom, top = (f"{v:g}".replace("-", "−") for v in over.surface.window)
    below = y + height + 14
    return [
        *parts,
        text(x, below, left, size=12, fill=MUTED, anchor="start"),
        text(x + width / 2, below, "w₁", size=12),
        text(x + width, below, right, size=12, fill=MUTED, anchor="end"),
        text(x - 5, y + 12, top, size=12, fill=MUTED, anchor="end"),
        text(x - 5, y + height / 2, "w₂", size=12, anchor="end"),
        text(x - 5, y + height, bottom, size=12, fill=MUTED, anchor="end"),
        text(x, below + TICKS, "○ start, + minimum; grey: high", size=12, anchor="start"),
    ]


def _trail(over: Plane, found: Walk, i: int) -> list[str]:
    """A line for each step, thin; a thick one for each, which shows while a step is marked."""
    color, dash, _ = LOOKS[i]
    places = [step.place for step in found.steps]
    lines = [over.segment(a, b) for a, b in pairwise(places)]
    dashed = f"; stroke-dasharray: {dash}" if dash else ""
    look = f"fill: none; stroke: {color}{dashed}"
    thin = f'<path d="{"".join(lines)}" style="{look}; stroke-width: 1.3"/>'
    thick = [
        f'<path class="cone" data-key="trail{i}:{k}" visibility="hidden" d="{line}" '
        f'style="{look}; stroke-width: 4"/>'
        for k, line in enumerate(lines, start=1)
    ]
    steps = [_step(over, i, k, len(places)) for k in range(len(places))]
    return [thin, *thick, *(steps[k] % place for k, place in _inside(over, places))]


def _inside(over: Plane, places: list[tuple[float, float]]) -> list[tuple[int, tuple[str, str]]]:
    found = []
    for k, place in enumerate(places):
        if over.surface.holds(place):
            x, y = over.point(place)
            found.append((k, (f"{x:.1f}", f"{y:.1f}")))
    return found


def _step(over: Plane, i: int, k: int, count: int) -> str:
    color, _, round_ = LOOKS[i]
    side = 8 if count <= 50 else 6
    mark = rect(-side / 2, -side / 2, side, side, f"fill: {color}; stroke: none", round_ * side / 2)
    return target(f"step:{k}", [mark]).replace("<g ", '<g transform="translate(%s %s)" ', 1)


def _handle(over: Plane, scene: OptimizerScene) -> str:
    x, y = over.point(over.surface.clipped(scene.walks[0].steps[0].place))
    look = f"fill: {PAPER}; fill-opacity: 0.5; stroke: {INK}; stroke-width: 2"
    ring = rect(x - 10, y - 10, 20, 20, look, 10)
    return target("start:0", [ring]).replace("<g ", '<g class="handle" ', 1)


def _losses(scene: OptimizerScene, box: Box) -> list[str]:
    """How far each walk is above the lowest minimum, on a logarithmic scale."""
    x, y, width, height = box
    last = longest(scene.walks)
    slot = width / (last + 1)
    parts = [
        target(f"step:{k}", [rect(x + k * slot, y, slot, height, "fill: transparent")])
        for k in range(last + 1)
    ]
    lowest = min(scene.surface.at(np.array(w)) for w in scene.surface.minima)
    heights = [
        [min(max(loss - lowest, LOW), HIGH) for loss in found.losses] for found in scene.walks
    ]
    powers = [log10(value) for values in heights for value in values]
    low, high = min(powers), max(powers)
    low, high = (low, high) if high - low > 0.3 else (low - 0.5, high + 0.5)
    for i, values in enumerate(heights):
        color, dash, _ = LOOKS[i]
        points = [
            (x + (k + 0.5) * slot, y + 6 + (height - 12) * (high - log10(v)) / (high - low))
            for k, v in enumerate(values)
        ]
        line = "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in points)
        dashed = f"; stroke-dasharray: {dash}" if dash else ""
        parts.append(
            f'<path d="{line}h0.1" style="fill: none; stroke: {color}; stroke-width: 2; '
            f'stroke-linecap: round{dashed}"/>'
        )
    return [*parts, *_axes(box, last, low, high)]


def _axes(box: Box, last: int, low: float, high: float) -> list[str]:
    x, y, width, height = box
    below = y + height + 14
    return [
        rect(x, y, width, height, f"fill: none; stroke: {LINE}"),
        text(x - EDGE / 2, y - 6, "loss above the minimum, log scale", size=12, anchor="start"),
        text(x - 4, y + 12, power(high), size=12, fill=MUTED, anchor="end"),
        text(x - 4, y + height - 2, power(low), size=12, fill=MUTED, anchor="end"),
        text(x, below, "start", size=12, fill=MUTED, anchor="start"),
        text(x + width, below, f"step {last}", size=12, fill=MUTED, anchor="end"),
    ]


def power(exponent: float) -> str:
    """Write what ten is to be raised to make, in one digit.

    Examples
    --------
    >>> power(-1.53), power(1.3), power(9)
    ('0.03', '20', '1e+09')
    """
    return short(float(f"{10**exponent:.0e}"))


def _legend(scene: OptimizerScene, box: Box) -> list[str]:
    x, y, width, _ = box
    parts, down = [], y + 12
    for i, found in enumerate(scene.walks):
        color, dash, round_ = LOOKS[i]
        line = f"M{x:g} {down - 4:g}h26"
        look = f"fill: none; stroke: {color}; stroke-width: 2; stroke-dasharray: {dash or 'none'}"
        parts.append(f'<path d="{line}" style="{look}"/>')
        parts.append(rect(x + 9, down - 8, 8, 8, f"fill: {color}", round_ * 4))
        parts.append(text(x + 32, down, title(found), size=13, anchor="start", bold=True))
        for words in wrap(verdict(found, scene.surface), int(width / LETTER)):
            down += 16
            parts.append(text(x, down, words, size=12, anchor="start"))
        down += 20
    return parts
