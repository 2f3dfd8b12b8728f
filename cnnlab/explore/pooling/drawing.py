"""Input and output side by side; below them the gradients, which flow the other way."""

from cnnlab.explore.numbers import number
from cnnlab.explore.pooling.scene import PoolingScene
from cnnlab.explore.scene import Grid, Stage
from cnnlab.explore.svg import INK, MUTED, PAPER, VERMILLION, hatching, path, picture, rect, target
from cnnlab.explore.svg import text as words

CELL, GAP, MARGIN, LABEL = 44, 100, 6, 26  # pixels

Box = tuple[float, float]


def draw(scene: PoolingScene, stage: Stage) -> str:
    """Draw the grids of a pooling.

    Parameters
    ----------
    scene : PoolingScene
        From :func:`cnnlab.explore.pooling.scene.pooling_scene`.
    stage : Stage
        Room for it.

    Returns
    -------
    str
        SVG.

    Examples
    --------
    >>> from cnnlab.explore.pooling.model import EXAMPLES
    >>> from cnnlab.explore.pooling.scene import pooling_scene
    >>> draw(pooling_scene(input=EXAMPLES["ties"]), Stage(900, 380)).count("data-key")
    20
    """
    boxes = _boxes(scene)
    parts = [_grid(scene, grid, boxes[grid["name"]]) for grid in scene.grids if grid["keys"]]
    if scene.pooling.output:
        parts += _arrows(scene, boxes)
    width = max(_right(scene, grid, boxes) for grid in scene.grids)
    height = max(boxes[grid["name"]][1] + len(grid["keys"]) * CELL for grid in scene.grids)
    return picture(width + MARGIN, height + MARGIN, scene.text, parts)


def _boxes(scene: PoolingScene) -> dict[str, Box]:
    """Corner of each grid; those of one column have one left edge."""
    rows, columns = len(scene.pooling.rows), len(scene.pooling.columns)
    side = MARGIN + max(columns * CELL, 150) + GAP
    below = MARGIN + LABEL + max(rows, len(scene.pooling.output)) * CELL + 14 + LABEL
    first = MARGIN + LABEL
    return {
        "input": (MARGIN, first),
        "output": (side, first),
        "gradient": (MARGIN - scene.pooling.columns[0] * CELL if columns else MARGIN, below),
        "upstream": (side, below),
    }


def _right(scene: PoolingScene, grid: Grid, boxes: dict[str, Box]) -> float:
    columns = len(grid["keys"][0]) if grid["keys"] else 0
    return boxes[grid["name"]][0] + max(columns * CELL, 9 * len(grid["label"]))


def _grid(scene: PoolingScene, grid: Grid, box: Box) -> str:
    x, y = box
    label = words(x, y - 9, grid["label"], size=14, anchor="start", bold=True)
    cells = [
        _cell(scene, grid["name"], key, x + c * CELL, y + r * CELL)
        for r, row in enumerate(grid["keys"])
        for c, key in enumerate(row)
    ]
    return label + "".join(cells)


def _cell(scene: PoolingScene, name: str, key: str, x: float, y: float) -> str:
    r, c = map(int, key.split(":")[1].split(","))
    kind = scene.pooling.kinds.get((r, c), "pixel") if name == "input" else "pixel"
    dashed = "; stroke-dasharray: 4 3" if kind == "outside" else ""
    parts = [rect(x, y, CELL, CELL, f"fill: {PAPER}; stroke: {MUTED}{dashed}")]
    if kind == "pixel":
        bold = name == "input" and any((r, c) == won[0] for won in scene.pooling.winners.values())
        if name == "input" and (r, c) in scene.pooling.unread:
            parts.append(path(_cross(x, y), VERMILLION, 1.5))
            parts.append(rect(x + 6, y + CELL / 2 - 10, CELL - 12, 20, f"fill: {PAPER}", 3))
        parts.append(_value(x, y, getattr(scene.pooling, name)[r][c], bold))
    else:
        parts.append(path(hatching(x, y, CELL, step=11), MUTED, 0.7))
        parts.append(rect(x + 7, y + CELL / 2 - 10, CELL - 14, 20, f"fill: {PAPER}", 3))
        padded = "−∞" if scene.pooling.settings.kind == "max" else "0"
        sign = padded if kind == "padding" else "none"
        parts.append(words(x + CELL / 2, y + CELL / 2 + 5, sign, size=13, fill=MUTED))
    parts += _marks(x, y)
    return target(key, parts)


def _cross(x: float, y: float) -> str:
    near, far = 4, CELL - 4
    return f"M{x + near:g} {y + near:g}L{x + far:g} {y + far:g}M{x + far:g} {y + near:g}L{x + near:g} {y + far:g}"


def _value(x: float, y: float, value: float, bold: bool) -> str:
    shown = number(value)
    size = 16 if len(shown) <= 4 else 13 if len(shown) <= 6 else 12
    return words(x + CELL / 2, y + CELL / 2 + 5.5, shown, size=size, bold=bold)


def _marks(x: float, y: float) -> list[str]:
    """Signs in a cell's corner that the page shows while a role is on; colour is not alone."""
    signs = {"winner": "★", "tie": "=", "route": "◂"}
    return [
        f'<text class="mark mark-{role}" display="none" x="{x + CELL - 8:g}" y="{y + 13:g}" '
        f'font-size="12" style="fill: {INK}">{sign}</text>'
        for role, sign in signs.items()
    ]


def _arrows(scene: PoolingScene, boxes: dict[str, Box]) -> list[str]:
    settings = scene.pooling.settings
    kind = "max" if settings.kind == "max" else "average"
    kernel = f"{settings.kernel_size}×{settings.kernel_size}"
    rows = min(len(scene.pooling.rows), len(scene.pooling.output))
    lines = [f"{kind} {kernel}", f"stride {settings.stride}"]
    parts = _arrow(boxes["output"], rows, lines, forward=True)
    if settings.backward:
        parts += _arrow(boxes["upstream"], rows, ["backward", ""], forward=False)
    return parts


def _arrow(box: Box, rows: int, lines: list[str], forward: bool) -> list[str]:
    right, middle = box[0] - 12, box[1] + rows * CELL / 2
    left = box[0] - GAP + 12
    tip, back = (right, right - 8) if forward else (left, left + 8)
    line = f"M{left:g} {middle:g}L{right:g} {middle:g}M{back:g} {middle - 5:g}L{tip:g} {middle:g}L{back:g} {middle + 5:g}"
    centre = (left + right) / 2
    parts = [path(line, INK, 1.5)]
    for y, line_of_words in zip((middle - 9, middle + 19), lines, strict=True):
        if line_of_words:
            parts.append(words(centre, y, line_of_words, size=13, fill=INK))
    return parts
