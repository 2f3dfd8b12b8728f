"""Input, kernels and outputs as grids of numbers."""

from collections.abc import Iterable

from cnnlab.explore.convolution.fixes import failing, hangs
from cnnlab.explore.convolution.layer import Array, Layer
from cnnlab.explore.convolution.matrices import matrices
from cnnlab.explore.convolution.overview import LEGEND, legend, overview
from cnnlab.explore.convolution.plan import MARGIN, Plan, Point, make_plan, planes
from cnnlab.explore.convolution.scene import ConvolutionScene
from cnnlab.explore.numbers import number
from cnnlab.explore.scene import Stage
from cnnlab.explore.svg import (
    INK,
    LINE,
    MUTED,
    SMALLEST,
    VERMILLION,
    path,
    picture,
    rect,
    slot,
    target,
    text,
    tinted,
)

NOTE = 26  # pixels, height of one line of the legend
NOTES = {
    "pad": "padding, counts as 0",
    "cross": "dropped, read by none",
    "beyond": "hangs over, counts as 0",
    "failing": "outlined: does not fit",
}
COLORS = "negative, positive"
FAILING = f"fill: none; stroke: {VERMILLION}; stroke-width: 4; stroke-dasharray: 8 4"


def draw(scene: ConvolutionScene, stage: Stage) -> str:
    """Draw every number of the layer.

    Examples
    --------
    >>> from cnnlab.explore.convolution.scene import convolution_scene
    >>> from cnnlab.explore.convolution.presets import preset
    >>> draw(convolution_scene(**preset("stride-2")), Stage(900, 380)).count('data-key="output')
    9
    """
    layer = scene.back or scene.layer or scene.attempt
    if layer is None:
        words = text(MARGIN, 27, "These sizes are beyond any picture.", size=14, anchor="start")
        return picture(*stage, scene.text, [words])
    notes = [] if scene.patches else _notes(layer)
    foot, high = _foot(notes, stage)
    room = Stage(stage.width, stage.height - high)
    if scene.patches:
        return picture(*stage, scene.text, [*matrices(scene.patches, room), *foot])
    plan = make_plan(layer, room, scene.names) if scene.drawn else None
    if plan is None:
        cells = overview(layer, room, scene.names, keyed=scene.drawn)
        return picture(*stage, scene.text, [*cells, *foot])
    parts = [*draw_cells(layer, plan, "–" if scene.back else "0"), *_slots(plan), *foot]
    parts += [] if scene.back else _signs(layer, plan)
    parts += _failing(layer, plan) if hangs(layer) else []
    return picture(*stage, scene.text, parts)


def _signs(layer: Layer, plan: Plan) -> list[str]:
    """The operation and the sign of equality, between the parts."""
    if layer.transposed:
        return []
    operation = "∗" if layer.settings.flip else "⋆"
    return [
        text(x, y, operation if sign == "operation" else sign, size=2 * plan.font)
        for sign, (x, y) in plan.signs
    ]


def _failing(layer: Layer, plan: Plan) -> list[str]:
    """Outline the window that does not fit, in every channel."""
    dilation, step = layer.settings.dilation, plan.cells["input"]
    rows, columns = failing(layer.rows, dilation), failing(layer.columns, dilation)
    left, top = columns[0] - layer.columns.positions[0], rows[0] - layer.rows.positions[0]
    wide, high = len(columns) * step, len(rows) * plan.cell
    return [
        rect(x + left * step, y + plan.head + top * plan.cell, wide, high, FAILING)
        for x, y in plan.inputs
    ]


def _notes(layer: Layer) -> list[str]:
    """Which marks need words."""
    both = (layer.rows, layer.columns)
    found = {
        "pad": any(axis.before or axis.after for axis in both),
        "cross": bool(layer.output.size) and any(axis.unread for axis in both),
        "beyond": bool(layer.output.size) and any(axis.hanging for axis in both),
        "failing": hangs(layer),
    }
    return [note for note, there in found.items() if there]


def _foot(notes: list[str], stage: Stage) -> tuple[list[str], int]:
    """What colours and marks mean, in as many lines as it takes, and their height."""
    items: list[tuple[float, int, str]] = []
    x, line = float(MARGIN), 0
    for note, words in {"": COLORS, **{note: NOTES[note] for note in notes}}.items():
        width = (30 if note else LEGEND) + 7.8 * len(words) + 16
        if x > MARGIN and x + width > stage.width:
            x, line = float(MARGIN), line + 1
        items.append((x, line, note))
        x += width
    high = (line + 1) * NOTE + 4
    parts = []
    for x, line, note in items:
        y = float(stage.height - high + 6 + line * NOTE)
        signs = box(x, y, 22, 20, note) if note else legend(x, y)
        after = x + (30 if note else LEGEND)
        words = NOTES[note] if note else COLORS
        parts += [*signs, text(after, y + 15, words, size=12, anchor="start")]
    return parts, high


def _slots(plan: Plan) -> list[str]:
    """Room for partial sums, filled while an output is pointed at."""
    size = plan.font
    parts = [
        slot(f"sum:{k},{c}", text(x, y, "", size=size)) for (k, c), (x, y) in plan.sums.items()
    ]
    for k, (x, y) in enumerate(plan.totals):
        parts.append(slot(f"total:{k}", text(x, y, "", size=size, anchor="start")))
    return parts


SPACE = 2  # pixels between cells


ROOMY = 1.2  # scale from which a cell has room for the weight that lies on it


def draw_cells(layer: Layer, plan: Plan, padding: str = "0") -> list[str]:
    """Draw every number of a layer, each grid in one piece, and the grids' names."""
    grids = _Grids(layer, plan, padding)
    found = planes(layer)
    parts = [*grids.inputs()]
    for plane in sorted(found):
        parts += grids.plane("kernel", plane, layer.weight[plane], plan.kernels[plane])
    for k, (x, y) in enumerate(plan.biases):
        bias = float(layer.bias[k])
        parts.append(grids.cell(f"bias:{k}", (x, y + plan.head), bias, "kernel"))
    for k, values in enumerate(layer.output):
        parts += grids.plane("output", (k,), values, plan.outputs[k])
    for plane, (k, _) in found.items():
        parts.append(grids.name("kernel", k, plan.kernels[plane]))
    for grid, corners in (("input", plan.inputs), ("bias", plan.biases), ("output", plan.outputs)):
        parts += [grids.name(grid, i, at) for i, at in enumerate(corners)]
    return parts


class _Grids:
    """The grids of one plan."""

    def __init__(self, layer: Layer, plan: Plan, padding: str) -> None:
        self.layer, self.plan, self.padding = layer, plan, padding
        kernel = [float(abs(array).max(initial=0)) for array in (layer.weight, layer.bias)]
        # One scale of colours for all planes of a grid.
        self.greatest = {
            "input": float(abs(layer.input).max(initial=0)),
            "kernel": max(kernel),
            "output": float(abs(layer.output).max(initial=0)),
        }

    def name(self, grid: str, i: int, at: Point) -> str:
        words, size = self.plan.names[grid][i], self.plan.font
        return text(at[0], at[1] + 1.2 * size, words, size=size, anchor="start", bold=True)

    def inputs(self) -> Iterable[str]:
        """Every channel, padding and all."""
        layer, plan = self.layer, self.plan
        for c, (x, y) in enumerate(plan.inputs):
            for i, row in enumerate(layer.rows.positions):
                for j, column in enumerate(layer.columns.positions):
                    at = x + j * plan.cells["input"], y + plan.head + i * plan.cell
                    value = layer.value(c, row, column)
                    note = self.note(row, column)
                    yield self.cell(f"input:{c},{row},{column}", at, value, "input", note)

    def note(self, row: int, column: int) -> str:
        """How a position of the input is marked."""
        layer, (_, height, width) = self.layer, self.layer.input.shape
        if 0 <= row < height and 0 <= column < width:
            unread = row in layer.rows.unread or column in layer.columns.unread
            return "cross" if unread and layer.output.size else ""
        beyond = row >= height + layer.rows.after or column >= width + layer.columns.after
        return "beyond" if beyond else "pad"

    def plane(self, grid: str, index: tuple[int, ...], values: Array, at: Point) -> list[str]:
        (x, y), plan = at, self.plan
        return [
            self.cell(
                f"{grid}:{','.join(map(str, (*index, i, j)))}",
                (x + j * plan.cells[grid], y + plan.head + i * plan.cell),
                float(value),
                grid,
            )
            for i, row in enumerate(values)
            for j, value in enumerate(row)
        ]

    def cell(self, key: str, at: Point, value: float, grid: str, note: str = "") -> str:
        (x, y), plan = at, self.plan
        width, height = plan.cells[grid] - SPACE, plan.cell - SPACE
        outside = note in ("pad", "beyond")
        share = value / self.greatest[grid] if self.greatest[grid] else 0.0
        parts = box(x, y, width, height, note, share)
        roomy = key.startswith("input") and plan.scale >= ROOMY
        down = round(height - 0.32 * plan.font if roomy else height / 2 + 0.36 * plan.font, 1)
        fill = MUTED if outside else INK
        words = self.padding if outside else number(value)
        parts.append(text(x + width / 2, y + down, words, size=plan.font, fill=fill))
        if roomy:  # the weight that is laid on it, in the corner
            corner = text(x + width - 3, y + SMALLEST, "", size=SMALLEST, anchor="end")
            parts.append(slot(f"on:{key.partition(':')[2]}", corner))
        return target(key, parts, fixed=outside)


def box(x: float, y: float, width: float, height: float, note: str, share: float = 0) -> list[str]:
    """Draw a cell without its number; ``share`` is its value as a share of the greatest."""
    dashes = "; stroke-dasharray: 3 3" if note in ("beyond", "failing") else ""
    parts = [rect(x, y, width, height, f"{tinted(share)}; stroke: {LINE}{dashes}", 3)]
    if note in ("pad", "cross"):  # in the corners, clear of the number
        left, right, top, bottom = x + 1, x + width - 1, y + 1, y + height - 1
        if note == "pad":
            ends = f"{left:g} {top + 10:g}l10 -10M{left:g} {top + 5:g}l5 -5"
            ends += f"M{right:g} {bottom - 10:g}l-10 10M{right:g} {bottom - 5:g}l-5 5"
            parts.append(path(f"M{ends}", MUTED))
        else:
            ends = f"{left:g} {top:g}l8 8M{right:g} {top:g}l-8 8"
            ends += f"M{left:g} {bottom:g}l8 -8M{right:g} {bottom:g}l-8 -8"
            parts.append(path(f"M{ends}", VERMILLION, 2.5))
    return parts
