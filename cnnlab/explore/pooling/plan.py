"""Where the grids of a pooling lie in the picture, and how large their cells are."""

from dataclasses import dataclass, field, replace

from cnnlab.explore.numbers import number
from cnnlab.explore.pooling.scene import PoolingScene
from cnnlab.explore.scene import Stage
from cnnlab.explore.svg import SMALLEST

FONT, CELL, LARGEST = 14, 28, 2.2  # pixels; the last is a scale
MARGIN, HEAD, TITLE, ACROSS, DOWN, SPACE = 8, 26, 13, 100, 30, 3  # pixels


@dataclass(frozen=True)
class Plan:
    """Upper left corners of the cells of each grid, and ends of the arrows.

    ``font`` is 0 where cells are too small for digits.
    """

    cell: tuple[float, float]
    font: int
    boxes: dict[str, tuple[float, float]] = field(default_factory=dict)
    arrows: dict[str, tuple[float, float, float, float]] = field(default_factory=dict)


def make_plan(scene: PoolingScene, stage: Stage) -> Plan:
    """Input and output side by side, or one under the other, with cells as large as fit."""
    sizes = {g["name"]: (len(g["keys"]), len(g["keys"][0])) for g in scene.grids if g["keys"]}
    titles = {g["name"]: 8.0 * len(g["label"]) for g in scene.grids}
    wide = _cell_width(scene)
    place = _stacked if stage.narrow else _beside
    # The place is found for cells of any size, so the largest that fits can be looked for.
    for scale in _SCALES:
        size = int(FONT * scale)
        digits = size >= SMALLEST
        plan = Plan(((wide if digits else CELL) * scale, CELL * scale), size if digits else 0)
        right, bottom = place(plan, sizes, titles)
        if right <= stage.width - MARGIN and bottom <= stage.height - MARGIN:
            break
    return _centred(plan, (stage.width - MARGIN - right) / 2)


def _centred(plan: Plan, right: float) -> Plan:
    """The same plan, moved to the right."""
    boxes = {name: (x + right, y) for name, (x, y) in plan.boxes.items()}
    arrows = {name: (a + right, b, c + right, d) for name, (a, b, c, d) in plan.arrows.items()}
    return replace(plan, boxes=boxes, arrows=arrows)


_SCALES = [LARGEST * 0.96**i for i in range(70)]


def _cell_width(scene: PoolingScene) -> float:
    pooling = scene.pooling
    grids = (pooling.input, pooling.output, pooling.upstream, pooling.gradient)
    values = [value for grid in grids for row in grid for value in row]
    return max(CELL + 4, 8 * max((len(number(value)) for value in values), default=1) + 8)


Sizes = dict[str, tuple[int, int]]


def _beside(plan: Plan, sizes: Sizes, titles: dict[str, float]) -> tuple[float, float]:
    """What is read to the left, what is made of it to the right: right and lower edge."""
    wide, high = plan.cell
    lefts = [name for name in ("input", "gradient") if name in sizes]
    x = MARGIN + max(max(sizes[name][1] * wide, titles[name]) for name in lefts) + ACROSS
    y, right = float(MARGIN), 0.0
    for name, other in (("input", "output"), ("gradient", "upstream")):
        if name not in sizes:
            continue
        top = y + HEAD
        plan.boxes[name] = MARGIN, top
        rows = sizes[name][0]
        right = max(right, MARGIN + max(sizes[name][1] * wide, titles[name]))
        if other in sizes:
            plan.boxes[other] = x, top
            middle = top + min(rows, sizes[other][0]) * high / 2
            ends = x - ACROSS + 12, middle, x - 12, middle
            plan.arrows[other] = ends if other == "output" else (ends[2], middle, ends[0], middle)
            right = max(right, x + max(sizes[other][1] * wide, titles[other]))
            rows = max(rows, sizes[other][0])
        y = top + rows * high + 10
    return right, y - 10


def _stacked(plan: Plan, sizes: Sizes, titles: dict[str, float]) -> tuple[float, float]:
    """All grids under one another, the gradients in the order in which they flow."""
    wide, high = plan.cell
    y, right = float(MARGIN), 0.0
    for name in ("input", "output", "upstream", "gradient"):
        if name not in sizes:
            continue
        if name in ("output", "gradient"):
            ends = MARGIN + 12, y + 4, MARGIN + 12, y + DOWN - 4
            plan.arrows["output" if name == "output" else "upstream"] = ends
            y += DOWN - 4
        rows, columns = sizes[name]
        plan.boxes[name] = MARGIN, y + HEAD
        right = max(right, MARGIN + columns * wide, MARGIN + titles[name] * 0.9)
        y += HEAD + rows * high + 4
    return right, y
