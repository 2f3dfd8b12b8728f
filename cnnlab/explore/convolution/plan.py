"""Where the grids of a convolution lie in the picture."""

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from cnnlab.explore.convolution.layer import Array, Layer
from cnnlab.explore.numbers import number

Point: TypeAlias = tuple[float, float]
Plane: TypeAlias = tuple[int, int]

CELL, MARGIN, HEAD, GAP, BETWEEN = 34, 10, 26, 16, 44  # pixels
NAMES = 124  # width of "output 1, 3×3"
TOTAL = 88  # width of "+ 1 = −25"


@dataclass
class Plan:
    """Upper left corners, names included; ``cells`` are the widths of the cells by grid."""

    cells: dict[str, int]
    inputs: list[Point] = field(default_factory=list)
    kernels: dict[Plane, Point] = field(default_factory=dict)
    biases: list[Point] = field(default_factory=list)
    outputs: list[Point] = field(default_factory=list)
    sums: dict[tuple[int, int], Point] = field(default_factory=dict)  # filter, channel
    totals: list[Point] = field(default_factory=list)
    signs: list[Point] = field(default_factory=list)  # between the parts: operation, equals
    width: float = 0
    height: float = 0


def make_plan(layer: Layer) -> Plan:
    """One channel stands beside its kernels, several stand side by side above them."""
    arrays = {
        "input": layer.input,
        "kernel": np.append(layer.weight, layer.bias),
        "output": layer.output,
    }
    plan = Plan({name: _cell_width(array) for name, array in arrays.items()})
    return _beside(layer, plan) if len(layer.input) == 1 else _below(layer, plan)


def _cell_width(array: Array) -> int:
    longest = max((len(number(float(value))) for value in array.flat), default=1)
    return max(CELL, 9 * min(longest, 10) + 9)


def planes(layer: Layer) -> dict[Plane, tuple[int, int]]:
    """Filter and channel of each plane of weights."""
    pairs = ((k, c) for k in range(len(layer.output)) for c in range(len(layer.input)))
    return {plane: (k, c) for k, c in pairs if (plane := layer.plane(k, c)) is not None}


def _beside(layer: Layer, plan: Plan) -> Plan:
    x = MARGIN + max(len(layer.columns.positions) * plan.cells["input"], NAMES) + BETWEEN - GAP
    kernel_width = max(
        layer.weight.shape[3] * plan.cells["kernel"], NAMES, plan.cells["kernel"] + TOTAL
    )
    bias_top = MARGIN + HEAD + layer.weight.shape[2] * CELL + 8
    plan.inputs.append((MARGIN, MARGIN))
    for plane in planes(layer):
        plan.kernels[plane] = (x, MARGIN)
        plan.biases.append((x, bias_top))
        plan.totals.append((x + plan.cells["kernel"] + 8, bias_top + HEAD + CELL / 2 + 5))
        x += kernel_width + GAP
    x += BETWEEN - GAP
    step = HEAD + layer.output.shape[1] * CELL + GAP
    plan.outputs = [(x, MARGIN + k * step) for k in range(len(layer.output))]
    first = min(point[0] for point in plan.kernels.values())
    middle = MARGIN + HEAD + min(layer.weight.shape[2], len(layer.rows.positions)) * CELL / 2 + 7
    plan.signs = [(first - (BETWEEN - GAP) / 2, middle), (x - BETWEEN / 2, middle)]
    plan.width = x + max(layer.output.shape[2] * plan.cells["output"], NAMES) + MARGIN
    input_bottom = MARGIN + HEAD + len(layer.rows.positions) * CELL
    bottoms = (input_bottom, bias_top + HEAD + CELL, MARGIN + len(plan.outputs) * step - GAP)
    plan.height = max(bottoms) + MARGIN
    return plan


def _below(layer: Layer, plan: Plan) -> Plan:
    cells = plan.cells
    wide = len(layer.columns.positions) * cells["input"], layer.weight.shape[3] * cells["kernel"]
    step = max(*wide, NAMES) + GAP
    after = MARGIN + len(layer.input) * step  # biases begin here
    outputs = after + max(plan.cells["kernel"], TOTAL) + 8
    plan.inputs = [(MARGIN + c * step, MARGIN) for c in range(len(layer.input))]
    taps, rows = layer.weight.shape[2], layer.output.shape[1]
    top = MARGIN + HEAD + len(layer.rows.positions) * CELL + GAP
    row = max(HEAD + taps * CELL + 28, HEAD + rows * CELL) + GAP
    for plane, (k, c) in planes(layer).items():
        x, y = MARGIN + c * step, top + k * row
        plan.kernels[plane] = (x, y)
        middle = x + layer.weight.shape[3] * plan.cells["kernel"] / 2
        plan.sums[k, c] = (middle, y + HEAD + taps * CELL + 20)
    for k in range(len(layer.output)):
        y = top + k * row
        plan.biases.append((after, y))
        plan.totals.append((after, y + HEAD + taps * CELL + 20))
        plan.outputs.append((outputs, y))
    plan.width = outputs + max(layer.output.shape[2] * plan.cells["output"], NAMES) + MARGIN
    plan.height = top + len(layer.output) * row
    return plan
