"""Input, kernels and outputs as grids of numbers."""

from typing import Any

from cnnlab._text import by
from cnnlab.explore.convolution.fixes import failing
from cnnlab.explore.convolution.layer import Array, Layer
from cnnlab.explore.convolution.overview import overview
from cnnlab.explore.convolution.plan import CELL, HEAD, MARGIN, Plan, make_plan, planes
from cnnlab.explore.convolution.scene import ConvolutionScene
from cnnlab.explore.numbers import number
from cnnlab.explore.scene import Stage
from cnnlab.explore.svg import (
    INK,
    LINE,
    MUTED,
    PAPER,
    VERMILLION,
    path,
    picture,
    rect,
    slot,
    target,
    text,
)

SPACE, NOTE = 2, 32  # pixels between cells; height of one line of the legend
NOTES = {
    "pad": "padding: counts as 0",
    "cross": "dropped: no output reads it, so it changes nothing",
    "beyond": "beyond the padding: the last window of “ceil” reads 0 here",
    "failing": "beyond the padding: the outlined window does not fit",
}


def draw(scene: ConvolutionScene, stage: Stage) -> str:
    """Draw every number of the layer.

    Parameters
    ----------
    scene : ConvolutionScene
        From :func:`cnnlab.explore.convolution.scene.convolution_scene`.
    stage : Stage
        Room for it.

    Returns
    -------
    str
        SVG.

    Examples
    --------
    >>> from cnnlab.explore.convolution.scene import convolution_scene
    >>> from cnnlab.explore.convolution.presets import preset
    >>> draw(convolution_scene(**preset("stride-2")), Stage(900, 380)).count('data-key="output')
    9
    """
    layer = scene.layer or scene.attempt
    if layer is None:
        words = text(MARGIN, 27, "These sizes are beyond any picture.", size=14, anchor="start")
        return picture(*stage, scene.text, [words])
    if not scene.drawn:
        return picture(*stage, scene.text, overview(layer, stage))
    plan = make_plan(layer)
    notes = _notes(layer)
    parts = [*_inputs(layer, plan), *_kernels(layer, plan), *_biases(layer, plan)]
    parts += [*_outputs(layer, plan), *_slots(plan), *_legend(notes, plan.height)]
    parts += _signs(layer, plan)
    parts += _failing(layer, plan) if scene.problem else []
    width = max(plan.width, 480 if notes else 0)
    return picture(width, plan.height + NOTE * len(notes), scene.text, parts)


def _signs(layer: Layer, plan: Plan) -> list[str]:
    """The operation and the sign of equality, between the parts."""
    if layer.transposed:
        return []
    signs = ("∗" if layer.settings.flip else "⋆", "=")
    pairs = zip(signs, plan.signs, strict=False)
    return [text(x, y, sign, size=28) for sign, (x, y) in pairs]


def _failing(layer: Layer, plan: Plan) -> list[str]:
    """Outline the window that does not fit, in every channel."""
    dilation, step = layer.settings.dilation, plan.cells["input"]
    rows, columns = failing(layer.rows, dilation), failing(layer.columns, dilation)
    look = f"fill: none; stroke: {VERMILLION}; stroke-width: 4; stroke-dasharray: 8 4"
    left, top = columns[0] - layer.columns.positions[0], rows[0] - layer.rows.positions[0]
    return [
        rect(x + left * step, y + HEAD + top * CELL, len(columns) * step, len(rows) * CELL, look)
        for x, y in plan.inputs
    ]


def _notes(layer: Layer) -> list[str]:
    """Which marks need words."""
    both = (layer.rows, layer.columns)
    found = {
        "pad": any(axis.before or axis.after for axis in both),
        "cross": bool(layer.output.size) and any(axis.unread for axis in both),
        "beyond": bool(layer.output.size) and any(axis.hanging for axis in both),
        "failing": not layer.output.size,
    }
    return [note for note, there in found.items() if there]


def _inputs(layer: Layer, plan: Plan) -> list[str]:
    cells = [
        _input(layer, plan, c, row, column)
        for c in range(len(layer.input))
        for row in layer.rows.positions
        for column in layer.columns.positions
    ]
    shape = by(_flat(layer, layer.input.shape[1:]))
    names = [_name(at, "input", c, plan.inputs, shape) for c, at in enumerate(plan.inputs)]
    return cells + names


def _input(layer: Layer, plan: Plan, c: int, row: int, column: int) -> str:
    _, height, width = layer.input.shape
    x = plan.inputs[c][0] + (column - layer.columns.positions[0]) * plan.cells["input"]
    y = plan.inputs[c][1] + HEAD + (row - layer.rows.positions[0]) * CELL
    key = f"input:{c},{row},{column}"
    if 0 <= row < height and 0 <= column < width:
        unread = row in layer.rows.unread or column in layer.columns.unread
        unread = unread and bool(layer.output.size)
        return _cell(
            key, x, y, plan.cells["input"], layer.value(c, row, column), "cross" if unread else ""
        )
    beyond = row >= height + layer.rows.after or column >= width + layer.columns.after
    return _cell(key, x, y, plan.cells["input"], 0, "beyond" if beyond else "pad")


def _kernels(layer: Layer, plan: Plan) -> list[str]:
    cells, names = [], []
    shape = by(_flat(layer, layer.weight.shape[2:]))
    found = planes(layer)
    for plane in sorted(found):
        cells += _plane(
            "kernel", plane, layer.weight[plane], plan.kernels[plane], plan.cells["kernel"]
        )
        k = found[plane][0]
        names.append(_name(plan.kernels[plane], "kernel", k, plan.outputs, shape))
    return cells + names


def _biases(layer: Layer, plan: Plan) -> list[str]:
    cells, names = [], []
    for k, (x, y) in enumerate(plan.biases):
        cells.append(_cell(f"bias:{k}", x, y + HEAD, plan.cells["kernel"], float(layer.bias[k])))
        names.append(_name((x, y), "bias", k, plan.biases, ""))
    return cells + names


def _outputs(layer: Layer, plan: Plan) -> list[str]:
    cells, names = [], []
    shape = by(_flat(layer, layer.output.shape[1:])) if layer.output.size else "none"
    for k, values in enumerate(layer.output):
        cells += _plane("output", (k,), values, plan.outputs[k], plan.cells["output"])
        names.append(_name(plan.outputs[k], "output", k, plan.outputs, shape))
    return cells + names


def _slots(plan: Plan) -> list[str]:
    """Room for partial sums, filled while an output is pointed at."""
    parts = [slot(f"sum:{k},{c}", text(x, y, "", size=16)) for (k, c), (x, y) in plan.sums.items()]
    for k, (x, y) in enumerate(plan.totals):
        parts.append(slot(f"total:{k}", text(x, y, "", size=16, anchor="start")))
    return parts


def _legend(notes: list[str], top: float) -> list[str]:
    parts = []
    for i, note in enumerate(notes):
        y = top + i * NOTE
        parts += _box(MARGIN, y, 24, 24, note)
        parts.append(text(MARGIN + 34, y + 17, NOTES[note], size=14, anchor="start"))
    return parts


def _flat(layer: Layer, shape: tuple[int, ...]) -> tuple[int, ...]:
    return shape[1:] if layer.settings.ndim == 1 else shape


def _name(at: tuple[float, float], words: str, i: int, all_: list[Any], shape: str) -> str:
    words = f"{words} {i}, {shape}" if len(all_) > 1 else f"{words} {shape}"
    return text(at[0], at[1] + 17, words.rstrip(", "), size=14, anchor="start", bold=True)


def _plane(
    name: str, index: tuple[int, ...], values: Array, at: tuple[float, float], width: float
) -> list[str]:
    x, y = at[0], at[1] + HEAD
    return [
        _cell(
            f"{name}:{','.join(map(str, (*index, i, j)))}",
            x + j * width,
            y + i * CELL,
            width,
            float(value),
        )
        for i, row in enumerate(values)
        for j, value in enumerate(row)
    ]


def _cell(key: str, x: float, y: float, step: float, value: float, note: str = "") -> str:
    width, height = step - SPACE, CELL - SPACE
    parts, words = _box(x, y, width, height, note), number(value)
    outside = note in ("pad", "beyond")
    fill = MUTED if outside else INK
    parts.append(text(x + width / 2, y + height / 2 + 5, words, size=14, fill=fill))
    return target(key, parts, fixed=outside)


def _box(x: float, y: float, width: float, height: float, note: str) -> list[str]:
    """Draw a cell without its number."""
    dashes = "; stroke-dasharray: 3 3" if note in ("beyond", "failing") else ""
    parts = [rect(x, y, width, height, f"fill: {PAPER}; stroke: {LINE}{dashes}", 3)]
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
