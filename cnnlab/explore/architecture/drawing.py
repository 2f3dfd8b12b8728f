"""Blocks as boxes, branch by branch; or as bars; history and tables have files of their own."""

from collections.abc import Sequence

from cnnlab._text import by
from cnnlab.explore.architecture.blocks import Block
from cnnlab.explore.architecture.charts import draw_points, draw_table
from cnnlab.explore.architecture.levels import Level
from cnnlab.explore.architecture.plan import Box, Plan
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

MARGIN, HEAD, GAP = 6, 22, 12  # pixels: around all, a heading, between networks
LOOKS = {
    "conv": f"fill: {WASH_BLUE}; stroke: {BLUE}",
    "pool": f"fill: {WASH_GREEN}; stroke: {GREEN}",
    "dense": f"fill: {WASH_ORANGE}; stroke: {VERMILLION}",
    "group": f"fill: {PAPER}; stroke: {INK}; stroke-width: 2",
}
PLAIN = f"fill: {PAPER}; stroke: {MUTED}"
DIFFERENT = "; stroke-width: 3; stroke-dasharray: 7 3"


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
    shapes = f"{by(block.in_shape)} → {by(block.out_shape)}"
    for words in (f"{level.title}: {shapes}", level.title):
        if 8.2 * len(words) <= width:
            return text(x, y + 14, words, size=13, anchor="start", bold=True)
    words = f"… {block.path}"
    return text(x, y + 14, words[-int(width / 8) :], size=12, anchor="start", bold=True)


def _diagram(level: Level, side: str, box: Box) -> list[str]:
    x, y, width, height = box
    plan = Plan(level, (x, y + HEAD, width, height - HEAD))
    boxes: list[str] = []
    for block, where in plan.places:
        different = block.path in level.differs
        look = LOOKS.get(block.kind, PLAIN) + DIFFERENT * different
        inside = (_name if level.unfolds(block) else _words)(block, where)
        if different:
            right, top = where[0] + where[2], where[1]
            inside.append(
                text(right - 1, top + 1, "≠", size=16, anchor="end", fill=VERMILLION, bold=True)
            )
        boxes.append(target(f"{side}:{block.path}", [rect(*where, look, 5), *inside]))
    frames = [
        rect(*frame, f"fill: none; stroke: {INK}; stroke-width: 2", 5) for frame in plan.frames
    ]
    wires = [path(line, INK, 1.2) for line in plan.lines]
    wires += [text(x, y - 4, "as it is", size=12, anchor="start") for x, y in plan.passing]
    return [_heading(level, box), *frames, *wires, *boxes]


def _name(block: Block, where: Box) -> list[str]:
    """What stands at the head of an unfolded block."""
    x, y, width, height = where
    join = f", branches are {block.join}" if block.join else ""
    name = f"{block.times} × {block.title}" if block.times > 1 else block.title
    choices = [f"▾ {name}{join}", f"▾ {name}", f"▾ {block.title}", "▾"]
    words = _fitting(choices, width - 8)
    return [text(x + 6, y + height / 2 + 5, words, size=12, anchor="start", bold=True)]


def _words(block: Block, where: Box) -> list[str]:
    """As many lines as fit into a box: what it is, what leaves it, how it is set."""
    x, y, width, height = where
    lines = [_title(block, width), _fitting([by(block.out_shape)], width)]
    lines = [words for words in lines if words]
    rows = min(int((height - 4) / 16), 4)
    lines = [*lines, *_settings(block.details, width, rows - len(lines))][:rows]
    middle = y + height / 2 - 8 * (len(lines) - 1) + 4
    return [
        text(x + width / 2, middle + 16 * i, words, size=12, bold=not i)
        for i, words in enumerate(lines)
    ]


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
    if block.lanes:
        return _fitting([f"▸ {full}", f"▸ {block.title}", block.title, "▸"], width - 4)
    name, _, rest = full.partition(" ")
    return _fitting([full, rest, name], width - 4)


def _fitting(choices: list[str], width: float) -> str:
    return next((words for words in choices if words and 7 * len(words) <= width - 4), "")


def _bars(level: Level, side: str, box: Box) -> list[str]:
    """Two bars, of the weights and of the work, each divided among the blocks."""
    x, y, width, height = box
    total, blocks = level.tree.top, [*level.parts()]
    measures = (
        ("weights", [block.params for block in blocks], total.params, "parameters"),
        ("work", [block.macs for block in blocks], total.macs, "MACs"),
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
    for block, number in zip(level.parts(), numbers, strict=True):
        wide = least + number * scale
        look = LOOKS.get(block.kind, PLAIN) + DIFFERENT * (block.path in level.differs)
        inside = _named(block, share(number, sum(numbers)), (x, y, wide, high))
        parts.append(
            target(f"{side}:{block.path}", [rect(x + 0.5, y, wide - 1, high, look), *inside])
        )
        x += wide
    return parts


def _named(block: Block, percent: str, where: Box) -> list[str]:
    x, y, wide, high = where
    name = block.path.rpartition(".")[2]
    lines = [written(x + wide / 2, y + high / 2 - 4, name, wide - 6, most=13)]
    lines.append(written(x + wide / 2, y + high / 2 + 14, percent, wide - 6, most=13, fill=INK))
    return lines if high >= 40 else lines[:1]
