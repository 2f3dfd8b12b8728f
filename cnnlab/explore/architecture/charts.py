"""The course of history as points, and a connection table as cells to tick."""

from collections.abc import Sequence
from math import ceil, floor, log10

from cnnlab.explore.architecture.course import MEASURES, Point
from cnnlab.explore.architecture.table import Connections
from cnnlab.explore.scene import Stage
from cnnlab.explore.svg import (
    BLUE,
    INK,
    LINE,
    MUTED,
    PAPER,
    WASH_BLUE,
    path,
    rect,
    target,
    text,
    written,
)

MARGIN, LEFT, BELOW, TOP = 10, 58, 24, 28  # pixels
DOT = 6
RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
TICKS = {"depth": (5, 10, 20, 50, 100, 200), "top5_error": (2, 3, 5, 10, 20)}


def draw_points(points: Sequence[Point], measure: str, stage: Stage) -> list[str]:
    """Draw networks by year, the number upwards in equal factors.

    Parameters
    ----------
    points : sequence of Point
    measure : str
        One of :data:`~cnnlab.explore.architecture.course.MEASURES`.
    stage : Stage
    """
    plan = _Plan(points, stage)
    places = _apart([(plan.x(p.milestone.year), plan.y(p.value)) for p in points])
    look = f"fill: {BLUE}; stroke: {PAPER}"
    return [
        text(MARGIN, 16, MEASURES[measure], size=13, anchor="start", bold=True),
        *plan.scales(measure),
        *(
            target(f"point:{i}", [rect(x - DOT, y - DOT, 2 * DOT, 2 * DOT, look, DOT)])
            for i, (x, y) in enumerate(places)
        ),
        *_names(points, places, plan.right),
    ]


class _Plan:
    """Where a year and a number lie."""

    def __init__(self, points: Sequence[Point], stage: Stage) -> None:
        self.years = [point.milestone.year for point in points]
        values = [point.value for point in points]
        self.low, self.high = min(values) / 1.3, max(values) * 1.3
        self.right, self.bottom = stage.width - MARGIN - DOT, stage.height - MARGIN - BELOW

    def x(self, year: int) -> float:
        first, last = min(self.years), max(self.years)
        room = self.right - LEFT - 2 * DOT
        return LEFT + DOT + (year - first) / max(last - first, 1) * room

    def y(self, value: float) -> float:
        share: float = log10(value / self.low) / log10(self.high / self.low)
        return self.bottom - share * (self.bottom - TOP - DOT)

    def scales(self, measure: str) -> list[str]:
        """Lines and numbers of both axes."""
        parts = []
        for tick in _ticks(measure, self.low, self.high):
            raised = str(round(log10(tick))).translate(RAISED)
            words = f"{tick:g}" if measure in TICKS else f"10{raised}"
            parts.append(path(f"M{LEFT} {self.y(tick):.1f}H{self.right:g}", LINE, 0.5))
            parts.append(text(LEFT - 6, self.y(tick) + 4, words, size=12, fill=MUTED, anchor="end"))
        first, last = min(self.years), max(self.years)
        steps = (1, 2, 5, 10, 20)
        step = next(s for s in steps if (last - first) / s * 44 <= self.right - LEFT)
        shown = [year for year in range(first, last + 1) if year % step == 0]
        under = self.bottom + 18
        return parts + [text(self.x(year), under, year, size=12, fill=MUTED) for year in shown]


def _ticks(measure: str, low: float, high: float) -> list[float]:
    if measure in TICKS:
        return [tick for tick in TICKS[measure] if low <= tick <= high]
    return [10.0**power for power in range(ceil(log10(low)), floor(log10(high)) + 1)]


def _apart(places: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Move points that would hide each other a little to the side."""
    found: list[tuple[float, float]] = []
    for px, py in places:
        while any(abs(px - qx) < 2 * DOT and abs(py - qy) < 2 * DOT for qx, qy in found):
            px -= 2 * DOT
        found.append((px, py))
    return found


def _names(points: Sequence[Point], places: list[tuple[float, float]], right: float) -> list[str]:
    """Names of points, where they do not run over each other."""
    taken = [(px - DOT, px + DOT, py - DOT, py + DOT) for px, py in places]
    found = []
    for point, (px, py) in zip(points, places, strict=True):
        name = point.milestone.name
        wide = 7.5 * len(name)
        for left, base in ((px + DOT + 3, py + 4), (px - DOT - 3 - wide, py + 4)):
            box = (left, left + wide, base - 11, base + 3)
            if left < LEFT or box[1] > right + DOT or any(_meet(box, other) for other in taken):
                continue
            taken.append(box)
            found.append(text(left, base, name, size=12, anchor="start"))
            break
    return found


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


def draw_table(found: Connections, stage: Stage) -> list[str]:
    """Draw input maps down, output maps across, 1 where one reads the other.

    Parameters
    ----------
    found : Connections
    stage : Stage
    """
    across = len(found.maps)
    left, top = 34, 64
    wide = min(44.0, (stage.width - left - MARGIN) / across)
    high = min(44.0, (stage.height - top - BELOW - MARGIN) / found.inputs)
    parts = [text(MARGIN, 16, f"{found.path}: output maps across", size=13, anchor="start")]
    parts.append(text(MARGIN, 34, "input maps down", size=13, anchor="start"))
    parts += [
        written(left + (j + 0.5) * wide, top - 8, str(j), wide, most=13, fill=MUTED)
        for j in range(across)
    ]
    parts += [
        text(left - 12, top + (i + 0.5) * high + 5, i, size=13, fill=MUTED)
        for i in range(found.inputs)
    ]
    for i in range(found.inputs):
        for j, maps in enumerate(found.maps):
            ticked = i in maps
            look = f"fill: {WASH_BLUE if ticked else PAPER}; stroke: {LINE}"
            x, y = left + j * wide, top + i * high
            cell = rect(x + 1, y + 1, wide - 2, high - 2, look, 3)
            word = text(
                x + wide / 2, y + high / 2 + 5, int(ticked), size=12, fill=INK if ticked else MUTED
            )
            parts.append(target(f"table:{i},{j}", [cell, word]))
    under = top + found.inputs * high + 18
    return parts + [
        written(left + (j + 0.5) * wide, under, str(len(maps)), wide, most=13)
        for j, maps in enumerate(found.maps)
    ]
