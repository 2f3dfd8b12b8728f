"""Blocks as boxes, branch by branch; or as bars; history and tables have files of their own."""

from collections.abc import Sequence
from itertools import count

from cnnlab._text import by
from cnnlab.explore.architecture.blocks import Block, Lane
from cnnlab.explore.architecture.charts import draw_points, draw_table
from cnnlab.explore.architecture.levels import Level
from cnnlab.explore.architecture.scene import SIDES, ArchitectureScene
from cnnlab.explore.architecture.words import share
from cnnlab.explore.scene import Stage
from cnnlab.explore.svg import (
    BLUE,
    GREEN,
    INK,
    MUTED,
    PAPER,
    VERMILLION,
    WASH_BLUE,
    WASH_GREEN,
    WASH_ORANGE,
    path,
    picture,
    rect,
    target,
    text,
    written,
)

MARGIN, HEAD, GAP = 6, 22, 12  # pixels: around all, a heading, between boxes
WIDEST, HIGHEST, LOWEST = 170, 84, 24  # of a box
LOOKS = {
    "conv": f"fill: {WASH_BLUE}; stroke: {BLUE}",
    "pool": f"fill: {WASH_GREEN}; stroke: {GREEN}",
    "dense": f"fill: {WASH_ORANGE}; stroke: {VERMILLION}",
    "group": f"fill: {PAPER}; stroke: {INK}; stroke-width: 2",
}
PLAIN = f"fill: {PAPER}; stroke: {MUTED}"
DIFFERENT = "; stroke-width: 3; stroke-dasharray: 7 3"

Box = tuple[float, float, float, float]


def draw(scene: ArchitectureScene, stage: Stage) -> str:
    """Draw what the mode shows.

    Examples
    --------
    >>> from cnnlab.explore.architecture.scene import architecture_scene
    >>> scene = architecture_scene(network="resnet-18", beside="resnet-34")
    >>> draw(scene, Stage(900, 480)).count("≠")
    8
    """
    if scene.points:
        parts = draw_points(scene.points, scene.mode, stage)
    elif scene.connections:
        parts = draw_table(scene.connections, stage)
    else:
        many = len(scene.levels)
        high = (stage.height - 2 * MARGIN) / many
        parts = []
        for n, level in enumerate(scene.levels):
            box = (MARGIN, MARGIN + n * high, stage.width - 2 * MARGIN, high - GAP * (n + 1 < many))
            parts += (_bars if scene.mode == "bars" else _diagram)(level, SIDES[n], box)
    return picture(stage.width, stage.height, scene.text, parts)


def _heading(level: Level, box: Box) -> str:
    """Name of what is shown, as much of it as there is room for."""
    x, y, width, _ = box
    block = level.block
    join = f", branches are {block.join}" if block.join else ""
    shapes = f"{by(block.in_shape)} → {by(block.out_shape)}"
    for words in (f"{level.title}: {shapes}{join}", f"{level.title}: {shapes}", level.title):
        if 8.2 * len(words) <= width:
            return text(x, y + 14, words, size=13, anchor="start", bold=True)
    words = f"… {block.path}"
    return text(x, y + 14, words[-int(width / 8) :], size=12, anchor="start", bold=True)


def _diagram(level: Level, side: str, box: Box) -> list[str]:
    x, y, width, height = box
    plan = _Plan(level, (x, y + HEAD, width, height - HEAD))
    numbers = count()
    parts = [_heading(level, box)]
    wires: list[str] = []
    boxes: list[str] = []
    for lane, first in zip(level.lanes, plan.first, strict=True):
        if not lane:
            boxes.append(plan.passing(first))
        for i, block in enumerate(lane):
            where = plan.place(first, i)
            wires.append(plan.wire(where, first, i))
            look = LOOKS.get(block.kind, PLAIN) + DIFFERENT * (block.path in level.differs)
            inside = _words(block, where, different=block.path in level.differs)
            boxes.append(target(f"{side}:{next(numbers)}", [rect(*where, look, 5), *inside]))
    return [*parts, *wires, *plan.brackets(), *boxes]


def _words(block: Block, where: Box, *, different: bool) -> list[str]:
    """As many lines as fit into a box: what it is, what leaves it, how it is set."""
    x, y, width, height = where
    lines = [_title(block, width), _fitting([by(block.out_shape)], width)]
    lines = [words for words in lines if words]
    rows = min(int((height - 4) / 16), 4)
    lines = [*lines, *_settings(block.details, width, rows - len(lines))][:rows]
    parts = [
        text(x + width / 2, y + height / 2 + 16 * (i - (len(lines) - 1) / 2) + 4, words, size=12)
        if i
        else text(
            x + width / 2, y + height / 2 - 8 * (len(lines) - 1) + 4, words, size=12, bold=True
        )
        for i, words in enumerate(lines)
    ]
    if different:
        parts.append(
            text(x + width - 1, y + 1, "≠", size=16, anchor="end", fill=VERMILLION, bold=True)
        )
    return parts


_BRIEF = {"stride ": "s ", "padding ": "p "}  # the letters of the course's formulas


def _settings(details: tuple[str, ...], width: float, rows: int) -> list[str]:
    """How a block is set, in as many lines as there are; what sizes depend on is left out last."""
    brief = [words for words in details if words != "no bias"]
    for long, letter in _BRIEF.items():
        brief = [words.replace(long, letter, 1) for words in brief]
    sizes = [words for words in brief if words[:2] in _BRIEF.values()]
    for choice in (details, brief, sizes, sizes[:1] or brief[:1]):
        lines = _wrapped(choice, width)
        if lines and len(lines) <= rows:
            return lines
    return []


def _wrapped(parts: Sequence[str], width: float) -> list[str]:
    """Words in lines; none if one of them is too long."""
    lines: list[str] = []
    for words in parts:
        if not _fitting([words], width):
            return []
        longer = f"{lines[-1]}, {words}" if lines else ""
        if longer and _fitting([longer], width):
            lines[-1] = longer
        else:
            lines.append(words)
    return lines


def _title(block: Block, width: float) -> str:
    times = f"{block.times} × " if block.times > 1 else ""
    full = f"{times}{block.title}"
    name, _, rest = full.partition(" ")
    return _fitting([full, rest if block.kind != "group" else full, name], width - 4)


def _fitting(choices: list[str], width: float) -> str:
    return next((words for words in choices if words and 7 * len(words) <= width - 4), "")


class _Plan:
    """Where the boxes of one level lie: so many in a line that all lines fit."""

    def __init__(self, level: Level, box: Box) -> None:
        self.x, self.y, self.width, height = box
        self.branches = len(level.lanes) > 1
        self.indent = 16 if self.branches else 0
        longest = max(map(len, level.lanes))
        self.across = self._across(level.lanes, longest, height)
        lines = self._lines(level.lanes, self.across)
        self.step = min(HIGHEST + GAP, height / lines)
        self.high = max(self.step - GAP, 8)
        room = self.width - 2 * self.indent
        self.slot = min(WIDEST + GAP, room / self.across)
        self.first: list[int] = []
        line = 0
        for lane in level.lanes:
            self.first.append(line)
            line += max(-(-len(lane) // self.across), 1)
        self.last = [
            self.place(first, max(len(lane) - 1, 0))
            for first, lane in zip(self.first, level.lanes, strict=True)
        ]

    def _lines(self, lanes: tuple[Lane, ...], across: int) -> int:
        return sum(max(-(-len(lane) // across), 1) for lane in lanes)

    def _across(self, lanes: tuple[Lane, ...], longest: int, height: float) -> int:
        """Boxes in a line: as few as leave each its lines of words, so that they are wide."""
        least = max(int(self.width / (WIDEST + GAP)), 1)
        for across in range(min(least, longest), longest + 1):
            if height / self._lines(lanes, across) >= LOWEST + 28 + GAP:
                return across
        fits = (a for a in range(1, longest + 1) if height / self._lines(lanes, a) >= LOWEST + GAP)
        return next(fits, longest)

    def place(self, first: int, i: int) -> Box:
        """Box of the i-th block of a lane whose first line is ``first``."""
        line, column = first + i // self.across, i % self.across
        x = self.x + self.indent + column * self.slot
        return x + GAP / 2, self.y + line * self.step + GAP / 2, self.slot - GAP, self.high

    def wire(self, where: Box, first: int, i: int) -> str:
        """Arrow into a box from the one before it."""
        x, y, _, high = where
        middle = y + high / 2
        start = f"M{x - GAP:g} {middle:g}H{x - 1:g}m-4 -3l4 3l-4 3"
        if i and i % self.across == 0:  # from the end of the line above
            start = f"M{x + 8:g} {y - GAP:g}V{y - 1:g}m-3 -4l3 4l3 -4"
        return path(start, INK, 1.2)

    def passing(self, first: int) -> str:
        """Line of a branch that hands on what it gets."""
        x, y, _, high = self.place(first, 0)
        middle = y + high / 2
        end = self.x + self.width - self.indent
        line = path(f"M{x - GAP:g} {middle:g}H{end:g}", INK, 1.2)
        return line + text(x + 4, middle - 4, "as it is", size=12, anchor="start")

    def brackets(self) -> list[str]:
        """What leads into the branches, and out of them."""
        if not self.branches:
            return []
        heights = [self.place(first, 0)[1] + self.high / 2 for first in self.first]
        left, right = self.x + self.indent - GAP / 2, self.x + self.width - self.indent
        parts = [path(f"M{left:g} {min(heights):g}V{max(heights):g}", INK, 1.2)]
        ends = [y + self.high / 2 for _, y, _, _ in self.last]
        parts += [path(f"M{x + w:g} {y + h / 2:g}H{right:g}", INK, 1.2) for x, y, w, h in self.last]
        return [*parts, path(f"M{right:g} {min(ends):g}V{max(ends):g}", INK, 1.2)]


def _bars(level: Level, side: str, box: Box) -> list[str]:
    """Two bars, of the weights and of the work, each divided among the blocks."""
    x, y, width, height = box
    total = level.block
    measures = (
        ("weights", [block.params for block in level.blocks], total.params, "parameters"),
        ("work", [block.macs for block in level.blocks], total.macs, "MACs"),
    )
    parts = [_heading(level, box)]
    high = (height - HEAD) / 2
    for n, (name, numbers, whole, unit) in enumerate(measures):
        top = y + HEAD + n * high
        parts.append(text(x, top + 14, f"{name}: {whole:,} {unit}", size=12, anchor="start"))
        where = (x, top + 20, width, high - 32)
        parts += _bar(level, side, numbers, where)
    return parts


def _bar(level: Level, side: str, numbers: list[int], where: Box) -> list[str]:
    x, y, width, high = where
    least = 3.0
    scale = (width - least * len(numbers)) / max(sum(numbers), 1)
    parts = []
    for i, (block, number) in enumerate(zip(level.blocks, numbers, strict=True)):
        wide = least + number * scale
        look = LOOKS.get(block.kind, PLAIN) + DIFFERENT * (block.path in level.differs)
        inside = _named(block, share(number, sum(numbers)), (x, y, wide, high))
        parts.append(target(f"{side}:{i}", [rect(x + 0.5, y, wide - 1, high, look), *inside]))
        x += wide
    return parts


def _named(block: Block, percent: str, where: Box) -> list[str]:
    x, y, wide, high = where
    name = block.path.rpartition(".")[2]
    lines = [written(x + wide / 2, y + high / 2 - 4, name, wide - 6, most=13)]
    lines.append(written(x + wide / 2, y + high / 2 + 14, percent, wide - 6, most=13, fill=INK))
    return lines if high >= 40 else lines[:1]
