"""Input, kernels and outputs as grids of numbers."""

from cnnlab.explore.convolution.cells import box, draw_cells
from cnnlab.explore.convolution.fixes import failing, hangs
from cnnlab.explore.convolution.layer import Layer
from cnnlab.explore.convolution.matrices import matrices
from cnnlab.explore.convolution.overview import LEGEND, legend, overview
from cnnlab.explore.convolution.plan import MARGIN, Plan, make_plan
from cnnlab.explore.convolution.scene import ConvolutionScene
from cnnlab.explore.scene import Stage
from cnnlab.explore.svg import VERMILLION, picture, rect, slot, text

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
