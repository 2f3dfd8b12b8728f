"""Input and output; beside or below them the gradients, which flow the other way."""

from cnnlab.explore.numbers import number
from cnnlab.explore.pooling.plan import SPACE, TITLE, Plan, make_plan
from cnnlab.explore.pooling.scene import PoolingScene
from cnnlab.explore.scene import Grid, Stage
from cnnlab.explore.svg import (
    INK,
    MUTED,
    PAPER,
    SMALLEST,
    VERMILLION,
    hatching,
    path,
    picture,
    rect,
    target,
    tinted,
)
from cnnlab.explore.svg import text as words

FAILING = f"fill: none; stroke: {VERMILLION}; stroke-width: 4; stroke-dasharray: 8 4"


def draw(scene: PoolingScene, stage: Stage) -> str:
    """Draw the grids of a pooling.

    Examples
    --------
    >>> from cnnlab.explore.pooling.model import EXAMPLES
    >>> from cnnlab.explore.pooling.scene import pooling_scene
    >>> draw(pooling_scene(input=EXAMPLES["ties"]), Stage(900, 440)).count("data-key")
    20
    """
    return picture(*stage, scene.text, _Drawing(scene, make_plan(scene, stage)).parts())


class _Drawing:
    """One drawing: a scene and where its grids lie."""

    def __init__(self, scene: PoolingScene, plan: Plan) -> None:
        self.scene, self.plan, self.pooling = scene, plan, scene.pooling
        self.won = {places[0] for places in self.pooling.winners.values()}

    def parts(self) -> list[str]:
        found = [self.grid(grid) for grid in self.scene.grids if grid["keys"]]
        if self.pooling.output:
            found += self.arrows()
        if self.pooling.failing:
            found.append(self.outline(*self.pooling.failing))
        return found

    def outline(self, rows: range, columns: range) -> str:
        """The window that does not fit."""
        (x, y), (wide, high) = self.plan.boxes["input"], self.plan.cell
        x += (columns[0] - self.pooling.columns[0]) * wide
        y += (rows[0] - self.pooling.rows[0]) * high
        return rect(x - 1, y - 1, len(columns) * wide, len(rows) * high, FAILING)

    def grid(self, grid: Grid) -> str:
        x, y = self.plan.boxes[grid["name"]]
        label = words(x, y - 8, grid["label"], size=TITLE, anchor="start", bold=True)
        wide, high = self.plan.cell
        cells = [
            self.cell(grid["name"], key, x + c * wide, y + r * high)
            for r, row in enumerate(grid["keys"])
            for c, key in enumerate(row)
        ]
        return label + "".join(cells)

    def cell(self, name: str, key: str, x: float, y: float) -> str:
        r, c = map(int, key.split(":")[1].split(","))
        kind = self.pooling.kinds.get((r, c), "pixel") if name == "input" else "pixel"
        parts = self.pixel(name, r, c, x, y) if kind == "pixel" else self.beyond(kind, x, y)
        said = number(getattr(self.pooling, name)[r][c]) if kind == "pixel" else self.sign(kind)
        value = "" if self.plan.font else said
        return target(key, [*parts, *self.marks(x, y)], fixed=kind != "pixel", value=value)

    def sign(self, kind: str) -> str:
        """What padding counts as, or what stands for nothing at all."""
        padded = "−∞" if self.pooling.settings.kind == "max" else "0"
        return padded if kind == "padding" else "–"

    @property
    def inner(self) -> tuple[float, float]:
        """Width and height of a cell without the space to the next."""
        wide, high = self.plan.cell
        return wide - SPACE, high - SPACE

    def pixel(self, name: str, r: int, c: int, x: float, y: float) -> list[str]:
        wide, high = self.inner
        value = getattr(self.pooling, name)[r][c]
        greatest = max(abs(each) for row in getattr(self.pooling, name) for each in row)
        share, strongest = value / (greatest or 1), 0.3 if self.plan.font else 0.8
        parts = [rect(x, y, wide, high, f"{tinted(share, strongest)}; stroke: {MUTED}")]
        if name == "input" and (r, c) in self.pooling.unread:
            near, right, low = 4, wide - 4, high - 4
            cross = f"M{x + near:g} {y + near:g}L{x + right:g} {y + low:g}"
            cross += f"M{x + right:g} {y + near:g}L{x + near:g} {y + low:g}"
            parts.append(path(cross, VERMILLION, 1.5))
            parts += self.plate(x, y)
        bold = name == "input" and (r, c) in self.won
        return [*parts, *self.words(number(value), x, y, bold=bold)]

    def beyond(self, kind: str, x: float, y: float) -> list[str]:
        """Padding, or what lies beyond it."""
        dashed = "; stroke-dasharray: 4 3" if kind == "outside" else ""
        wide, high = self.inner
        parts = [rect(x, y, wide, high, f"fill: {PAPER}; stroke: {MUTED}{dashed}")]
        parts.append(path(hatching(x, y, wide, step=11, height=high), MUTED, 0.7))
        return [*parts, *self.plate(x, y), *self.words(self.sign(kind), x, y, fill=MUTED)]

    def plate(self, x: float, y: float) -> list[str]:
        """Keep a number clear of what lies under it."""
        wide, high = self.inner
        size = self.plan.font
        plate = rect(x + 6, y + high / 2 - 0.6 * size, wide - 12, 1.2 * size, f"fill: {PAPER}", 3)
        return [plate] if size else []

    def words(
        self, shown: str, x: float, y: float, *, fill: str = INK, bold: bool = False
    ) -> list[str]:
        """The number of a cell, unless the cells are too small for digits."""
        (wide, high), size = self.inner, self.plan.font
        if not size:
            return []
        return [
            words(x + wide / 2, y + high / 2 + 0.36 * size, shown, size=size, fill=fill, bold=bold)
        ]

    def marks(self, x: float, y: float) -> list[str]:
        """Signs in a cell's corner that the page shows while a role is on; colour is not alone."""
        signs = {"winner": "★", "tie": "=", "route": "◂"}
        return [
            f'<text class="mark mark-{role}" display="none" x="{x + self.inner[0] - 8:g}" '
            f'y="{y + 12:g}" font-size="{SMALLEST}" style="fill: {INK}">{sign}</text>'
            for role, sign in signs.items()
        ]

    def arrows(self) -> list[str]:
        settings = self.pooling.settings
        kind = "max" if settings.kind == "max" else "average"
        kernel = f"{settings.kernel_size}×{settings.kernel_size}"
        line = f"{kind} {kernel}, stride {settings.stride}"
        found = [("output", line)] + [("upstream", "backward")] * settings.backward
        return [part for name, said in found for part in self.arrow(self.plan.arrows[name], said)]

    def arrow(self, ends: tuple[float, float, float, float], said: str) -> list[str]:
        """An arrow from one grid to another, its words above it, or beside it if it leads down."""
        x, y, to_x, to_y = ends
        if x == to_x:
            back = to_y - 7 if to_y > y else to_y + 7
            head = f"M{x - 5:g} {back:g}L{x:g} {to_y:g}L{x + 5:g} {back:g}"
            label = words(x + 12, (y + to_y) / 2 + 4, said, size=SMALLEST, anchor="start")
        else:
            back = to_x - 8 if to_x > x else to_x + 8
            head = f"M{back:g} {y - 5:g}L{to_x:g} {y:g}L{back:g} {y + 5:g}"
            first, _, second = said.partition(", ")
            label = words((x + to_x) / 2, y - 9, first)
            label += words((x + to_x) / 2, y + 19, second) if second else ""
        return [path(f"M{x:g} {y:g}L{to_x:g} {to_y:g}{head}", INK, 1.5), label]
