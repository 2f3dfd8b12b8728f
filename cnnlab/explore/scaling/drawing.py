"""Three curves of the formula, and the published networks as dots beside them."""

from math import log10

from cnnlab.explore.numbers import number
from cnnlab.explore.scaling.model import BASE, Sizes
from cnnlab.explore.scaling.scene import MOST, ScalingScene
from cnnlab.explore.scene import Stage
from cnnlab.explore.svg import (
    BLUE,
    GREEN,
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

LEFT, RIGHT, BELOW = 46, 12, 44  # pixels
NAMES = ("depth α^φ", "width β^φ", "resolution γ^φ")
COLORS = (BLUE, VERMILLION, GREEN)
DASHES = ("none", "7 3", "2 3")
STEPS = (1, 1.2, 1.5, 2, 3, 5, 10, 20, 50, 100, 200)


def draw(scene: ScalingScene, stage: Stage) -> str:
    """Draw the factors of depth, width and resolution against φ, upwards in equal ratios.

    Examples
    --------
    >>> from cnnlab.explore.scaling.scene import scaling_scene
    >>> draw(scaling_scene(), Stage(900, 400)).count('data-key="stop:')
    8
    """
    plan = _Plan(scene, stage)
    parts = [*plan.key(), *plan.scales()]
    parts += [plan.curve(n) for n in range(len(NAMES))]
    parts.append(plan.frame())
    parts += [plan.stop(i, stop) for i, stop in enumerate(scene.published)]
    parts.append(plan.handle())
    return picture(stage.width, stage.height, scene.text, parts)


class _Plan:
    """Where a φ and a factor lie."""

    def __init__(self, scene: ScalingScene, stage: Stage) -> None:
        self.scene, self.stage = scene, stage
        self.above = 74 if stage.narrow else 42  # room for the key
        # Stops stand in columns, half a column of room beside the first and the last.
        self.column = (stage.width - LEFT - RIGHT) / (MOST + 1)
        self.bottom = stage.height - BELOW
        known = max(max(_factors(stop)) for stop in scene.published)
        self.top = 1.15 * max(known, *(base**MOST for base in scene.bases))

    def x(self, phi: float) -> float:
        return LEFT + (phi + 0.5) * self.column

    def y(self, factor: float) -> float:
        share = log10(factor) / log10(self.top)
        return self.bottom - 8 - share * (self.bottom - 8 - self.above)

    def key(self) -> list[str]:
        """What the curves and the dots are, over them."""
        parts: list[str] = []
        x, y = 6.0, 14.0
        for name, color, dash in zip(NAMES, COLORS, DASHES, strict=True):
            wide = 32 + 7.5 * len(name)
            if x + wide > self.stage.width:
                x, y = 6.0, y + 16
            look = f"fill: none; stroke: {color}; stroke-width: 2.5; stroke-dasharray: {dash}"
            parts.append(f'<path d="M{x:g} {y - 4:g}h22" style="{look}"/>')
            parts.append(text(x + 27, y, name, size=12, anchor="start"))
            x += wide
        for words in ("full: as published", "hollow: the formula"):
            if x + 7 * len(words) > self.stage.width:
                x, y = 6.0, y + 16
            parts.append(text(x, y, words, size=12, fill=MUTED, anchor="start"))
            x += 8 + 7 * len(words)
        return parts

    def scales(self) -> list[str]:
        parts = []
        last = self.bottom + 20.0
        for step in (step for step in STEPS if step <= self.top):
            y = self.y(step)
            if last - y < 14:
                continue
            last = y
            end = self.stage.width - RIGHT
            parts.append(path(f"M{LEFT} {y:.1f}H{end:g}", LINE, 0.5))
            parts.append(text(LEFT - 6, y + 4, f"×{step:g}", size=12, fill=MUTED, anchor="end"))
        return parts

    def curve(self, n: int) -> str:
        base = self.scene.bases[n]
        points = [(self.x(k / 4), self.y(base ** (k / 4))) for k in range(4 * MOST + 1)]
        d = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        look = f"fill: none; stroke: {COLORS[n]}; stroke-width: 2.5; stroke-dasharray: {DASHES[n]}"
        return f'<path d="{d}" style="{look}"/>'

    def frame(self) -> str:
        """The plane in which φ is dragged: from φ = 0 to the largest."""
        x, y = self.x(0), self.above - 6
        return plane(x, y, self.x(MOST) - x, self.bottom - y, "fill: none; stroke: none")

    def stop(self, i: int, stop: Sizes) -> str:
        x = self.x(i)
        box = rect(
            x - self.column / 2 + 1,
            self.above - 4,
            self.column - 2,
            self.bottom - self.above + 24,
            "fill: transparent; stroke: none",
        )
        parts = [box]
        half = min(4.5, self.column / 7)
        for n, (factor, color) in enumerate(zip(_factors(stop), COLORS, strict=True)):
            # Side by side, so that equal factors do not hide each other.
            at, y = x + (n - 1) * min(9, self.column / 3.4), self.y(factor)
            there = self.y(self.scene.bases[n] ** i)
            radius = (half, 0, 2)[n]
            if abs(there - y) > 2 * half:  # how far the published number lies from the formula's
                parts.append(path(f"M{at:.1f} {there:.1f}V{y:.1f}", color, 1.2))
                look = f"fill: {PAPER}; stroke: {color}; stroke-width: 1.2"
                parts.append(_mark(at, there, half - 0.5, look, radius))
            parts.append(_mark(at, y, half, f"fill: {color}; stroke: {PAPER}", radius))
        label = f"B{i}"
        return target(f"stop:{i}", [*parts, text(x, self.bottom + 16, label, size=12)])

    def handle(self) -> str:
        """A line at the present φ, and under it the grip to drag."""
        x, y = self.x(self.scene.phi), self.bottom + 32
        words = f"φ {number(self.scene.phi)}"
        at = min(max(x, 34.0), self.stage.width - 34.0)
        grip = rect(at - 30, y - 10, 60, 20, f"fill: {PAPER}; stroke: {INK}; stroke-width: 2", 8)
        # Not through the name of a column.
        line = path(f"M{x:g} {self.above - 4}V{self.bottom + 2:g}m0 18V{y - 10:g}", INK, 1.5)
        return line + target("phi:0", [grip, text(at, y + 5, words, size=13, bold=True)])


def _mark(x: float, y: float, half: float, look: str, radius: float) -> str:
    return rect(x - half, y - half, 2 * half, 2 * half, look, radius)


def _factors(stop: Sizes) -> tuple[float, float, float]:
    return stop.depth, stop.width, stop.resolution / BASE
