"""Layers as strips of units over the input, and the cone of what each unit sees."""

from html import escape

from cnnlab.explore.numbers import short_path
from cnnlab.explore.receptive_field.levels import Level
from cnnlab.explore.receptive_field.model import Reach
from cnnlab.explore.receptive_field.scene import ReceptiveFieldScene
from cnnlab.explore.scene import Stage
from cnnlab.explore.svg import BLUE, MUTED, PAPER, picture, rect, target, written
from cnnlab.explore.svg import text as words

MARGIN, EDGE, NAMES = 6, 18, 190  # pixels
STRIP = 26
WIDEST = 40  # pixels on the page for one of the input


def draw(scene: ReceptiveFieldScene, stage: Stage) -> str:
    """Draw the levels of the page, the deepest on top.

    Examples
    --------
    >>> from cnnlab.explore.receptive_field.scene import receptive_field_scene
    >>> draw(receptive_field_scene(), Stage(900, 340)).count('data-key="layer3:')
    8
    """
    if not scene.reach.levels:
        nothing = words(stage.width / 2, 25, "Nothing to draw.", size=14)
        return picture(stage.width, stage.height, scene.text, [nothing])
    plan = _Plan(scene.reach, stage)
    found, shown = scene.reach, plan.middle()
    parts = [
        plan.cone(i, unit, visible=(i, unit) == shown)
        for i in found.drawn[1:]
        for unit in found.units[i]
    ]
    for i in reversed(found.drawn):
        parts.append(plan.names(i))
        parts += [plan.unit(i, unit) for unit in found.units[i]]
    return picture(stage.width, stage.height, scene.text, parts)


class _Plan:
    """One drawing: where its levels and units lie."""

    def __init__(self, found: Reach, stage: Stage) -> None:
        self.found, self.stage = found, stage
        self.left = 0 if stage.narrow else NAMES
        room = stage.width - self.left - 2 * (MARGIN + EDGE)
        self.scale = min(WIDEST, room / found.levels[0].length)
        spare = (room - self.scale * found.levels[0].length) / 2
        self.start = self.left + MARGIN + EDGE + spare
        label = 16 if stage.narrow else 0  # names stand over the strips
        count = len(found.drawn)
        step = min(80, (stage.height - 2 * MARGIN - STRIP - label) / max(count - 1, 1))
        self.tops = {i: MARGIN + label + n * step for n, i in enumerate(reversed(found.drawn))}

    def middle(self) -> tuple[int, int]:
        """Level and unit whose cone a picture without a page shows."""
        i = self.found.drawn[-1]
        units = self.found.units[i]
        return i, units[len(units) // 2]

    def centre(self, i: int, unit: int) -> float:
        """Middle of what the unit sees, on the page."""
        field = self.found.levels[i].field
        position = field.start + unit * field.jump + (field.size - 1) / 2
        return self.start + (position + 0.5) * self.scale

    def half(self, i: int) -> float:
        """Half the width of a cell, so that those that are drawn do not touch."""
        units, level = self.found.units[i], self.found.levels[i]
        step = units[1] - units[0] if len(units) > 1 else 1
        apart = level.field.jump * self.scale * step
        return min(max(apart - min(4, apart / 3), 1), 34) / 2

    def unit(self, i: int, unit: int) -> str:
        x, half, top = self.centre(i, unit), self.half(i), self.tops[i]
        key = self.found.levels[i].key
        look = f"fill: {PAPER}; stroke: {MUTED}"
        radius = 0 if key == "input" else min(6, half)
        parts = [rect(x - half, top, 2 * half, STRIP, look, radius)]
        parts.append(written(x, top + STRIP / 2 + 5, str(unit), 2 * half - 2, most=13))
        return target(f"{key}:{unit}", parts)

    def names(self, i: int) -> str:
        name, under = _said(self.found.levels[i])
        top = self.tops[i]
        if self.stage.narrow:
            line = rect(0, top - 16, self.stage.width, 15, "fill: none; stroke: none")
            longest = int((self.stage.width - 2 * MARGIN) / 7) - len(under)
            label = words(
                MARGIN, top - 4, f"{short_path(name, longest)}, {under}", size=12, anchor="start"
            )
            parts = [line, label]
        else:
            right = NAMES - 8
            parts = [
                rect(2, top - 3, NAMES - 4, STRIP + 6, f"fill: {PAPER}; stroke: none", 4),
                words(right, top + 10, short_path(name, 20), anchor="end", bold=True),
                words(right, top + 25, under, anchor="end"),
            ]
        return target(f"row:{i}", parts) if i else "".join(parts)

    def cone(self, i: int, unit: int, *, visible: bool) -> str:
        """Outline from a unit down to all it sees, level by level."""
        reach = sorted(self.found.below(i, unit).items(), reverse=True)
        left, right = [], []
        for j, span in [(i, range(unit, unit + 1)), *reach]:
            if not span:
                continue
            half = self.half(j)
            ends = self.centre(j, span[0]) - half, self.centre(j, span[-1]) + half
            for y in (self.tops[j] - 2, self.tops[j] + STRIP + 2):
                left.append((ends[0] - 2, y))
                right.append((ends[1] + 2, y))
        points = "L".join(f"{x:.1f} {y:g}" for x, y in [*left, *reversed(right)])
        look = f"fill: {BLUE}; fill-opacity: 0.14; stroke: {BLUE}; stroke-width: 1.5"
        hidden = "" if visible else ' visibility="hidden"'
        key = escape(f"cone-{self.found.levels[i].key}:{unit}")
        return f'<path class="cone" data-key="{key}"{hidden} d="M{points}Z" style="{look}"/>'


def _said(level: Level) -> tuple[str, str]:
    """Name of a level, and the one fact that belongs beside its units."""
    if level.key == "input":
        return "input", f"{level.length} pixels"
    if level.kind.endswith(" all"):
        return level.name, f"{level.sizes[0]:,} units see all"
    return level.name, f"sees {level.field.size}"
