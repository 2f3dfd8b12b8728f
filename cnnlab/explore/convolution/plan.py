"""Where the grids of a convolution lie in the picture, and how large their digits are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np

from cnnlab._text import by
from cnnlab.explore.convolution.layer import Array, Layer
from cnnlab.explore.numbers import number
from cnnlab.explore.scene import Stage
from cnnlab.explore.svg import SMALLEST

Point: TypeAlias = tuple[float, float]
Plane: TypeAlias = tuple[int, int]

FONT, CELL, MARGIN, HEAD, GAP = 14, 28, 8, 24, 12  # pixels at a scale of 1
SIGN, DOWN = 38, 26  # room for a sign between parts that stand side by side, or one under the other
FORWARD = {grid: grid for grid in ("input", "kernel", "bias", "output")}  # what grids are called
LETTER = 8.7  # width of a letter of a name
TOTAL = 108  # width of "−18 + 1 = −17"
LARGEST = 1.6  # scale


@dataclass
class Plan:
    """Upper left corners, names included; ``cells`` are the widths of the cells by grid."""

    names: dict[str, list[str]]
    cells: dict[str, float]
    scale: float = 1
    inputs: list[Point] = field(default_factory=list)
    kernels: dict[Plane, Point] = field(default_factory=dict)
    biases: list[Point] = field(default_factory=list)
    outputs: list[Point] = field(default_factory=list)
    sums: dict[tuple[int, int], Point] = field(default_factory=dict)  # filter, channel
    totals: list[Point] = field(default_factory=list)
    signs: list[tuple[str, Point]] = field(default_factory=list)  # between the parts
    width: float = 0
    height: float = 0

    @property
    def font(self) -> int:
        """Size of digits."""
        return int(FONT * self.scale)

    @property
    def cell(self) -> int:
        """Height of a cell."""
        return int(CELL * self.scale)

    @property
    def head(self) -> int:
        """Height of a name."""
        return int(HEAD * self.scale)

    def wide(self, grid: str, columns: int) -> float:
        """Width of a grid with its name."""
        name = max((len(words) for words in self.names[grid]), default=0)
        return max(columns * self.cells[grid], LETTER * name)

    def placed(self, scale: float, left: float, top: float) -> "Plan":
        """The same plan, scaled and moved."""

        def at(point: Point) -> Point:
            return round(point[0] * scale + left), round(point[1] * scale + top)

        return replace(
            self,
            scale=scale,
            cells={name: int(width * scale) for name, width in self.cells.items()},
            inputs=[*map(at, self.inputs)],
            kernels={plane: at(point) for plane, point in self.kernels.items()},
            biases=[*map(at, self.biases)],
            outputs=[*map(at, self.outputs)],
            sums={pair: at(point) for pair, point in self.sums.items()},
            totals=[*map(at, self.totals)],
            signs=[(sign, at(point)) for sign, point in self.signs],
            width=self.width * scale,
            height=self.height * scale,
        )


def make_plan(layer: Layer, room: Stage, names: Mapping[str, str]) -> Plan | None:
    """The arrangement with the largest digits; None where they would be too small to read."""
    one = len(layer.input) == 1
    arrangements = (_beside, _stacked) if one else (_below, _rows)
    plans = [arrange(layer, _empty(layer, names)) for arrange in arrangements]
    scales = [min(room.width / plan.width, room.height / plan.height, LARGEST) for plan in plans]
    scale, plan = max(zip(scales, plans, strict=True), key=lambda pair: pair[0])
    if FONT * scale < SMALLEST:
        return None
    return plan.placed(scale, (room.width - plan.width * scale) / 2, 0)


def planes(layer: Layer) -> dict[Plane, tuple[int, int]]:
    """Filter and channel of each plane of weights."""
    pairs = ((k, c) for k in range(len(layer.output)) for c in range(len(layer.input)))
    return {plane: (k, c) for k, c in pairs if (plane := layer.plane(k, c)) is not None}


def _empty(layer: Layer, called: Mapping[str, str]) -> Plan:
    flat = layer.settings.ndim == 1
    shapes = {"input": layer.input.shape, "output": layer.output.shape}
    shapes |= {"kernel": (len(layer.output), *layer.weight.shape[2:])}
    arrays = {"input": layer.input, "output": layer.output}
    arrays |= {"kernel": np.append(layer.weight, layer.bias)}
    names = {"bias": _numbered(called["bias"], len(layer.bias), "")}
    for grid, (count, *sizes) in shapes.items():
        words = by(sizes[1:] if flat else sizes) if min(sizes) else "none"
        names[grid] = _numbered(called[grid], count, words)
    return Plan(names, {name: _cell_width(array) for name, array in arrays.items()})


def _numbered(grid: str, count: int, shape: str) -> list[str]:
    """One is named with its shape; several with their numbers alone, which are short."""
    if count == 1:
        return [f"{grid} {shape}".strip()]
    return [f"{grid} {i}" for i in range(count)]


def _cell_width(array: Array) -> int:
    longest = max((len(number(float(value))) for value in array.flat), default=1)
    return max(CELL, round(8.6 * min(longest, 10)) + 6)


def _kernels(layer: Layer, plan: Plan, corners: Iterable[Point]) -> tuple[float, float]:
    """Kernel, bias and total of each filter of a single channel; width and height of one."""
    taps = layer.weight.shape[2:]
    bias = HEAD + taps[0] * CELL + 6
    for plane, (x, y) in zip(planes(layer), corners, strict=True):
        plan.kernels[plane] = (x, y)
        plan.biases.append((x, y + bias))
        plan.totals.append((x, y + bias + HEAD + CELL + 18))
    return max(plan.wide("kernel", taps[1]), TOTAL), bias + HEAD + CELL + 24


def _beside(layer: Layer, plan: Plan) -> Plan:
    """Input, kernels and outputs from left to right."""
    filters, rows, columns = layer.output.shape
    plan.inputs = [(MARGIN, 0)]
    first = MARGIN + plan.wide("input", len(layer.columns.positions)) + SIGN
    step = max(plan.wide("kernel", layer.weight.shape[3]), TOTAL) + GAP
    _, height = _kernels(layer, plan, [(first + k * step, 0) for k in range(filters)])
    x = first + filters * step - GAP + SIGN
    down = HEAD + rows * CELL + GAP
    plan.outputs = [(x, k * down) for k in range(filters)]
    middle = HEAD + min(layer.weight.shape[2], len(layer.rows.positions)) * CELL / 2 + 9
    plan.signs = [("operation", (first - SIGN / 2, middle)), ("=", (x - SIGN / 2, middle))]
    plan.width = x + plan.wide("output", columns) + MARGIN
    high = HEAD + len(layer.rows.positions) * CELL
    plan.height = max(high, height, filters * down - GAP) + GAP
    return plan


def _stacked(layer: Layer, plan: Plan) -> Plan:
    """The input, and under it a row for each filter: kernel and output, and under them the sum."""
    filters, rows, columns = layer.output.shape
    taps = layer.weight.shape[2:]
    wide = max(plan.wide("kernel", taps[1]), LETTER * 6)
    part = max(taps[0] * CELL + 6 + HEAD + CELL, rows * CELL)
    high = HEAD + part + 24 + GAP
    top = HEAD + len(layer.rows.positions) * CELL + DOWN
    _kernels(layer, plan, [(MARGIN, top + k * high) for k in range(filters)])
    plan.totals = [(MARGIN, top + k * high + HEAD + part + 18) for k in range(filters)]
    x = MARGIN + wide + SIGN - GAP
    plan.outputs = [(x, top + k * high) for k in range(filters)]
    half = taps[1] * plan.cells["kernel"] / 2
    equals = ("=", (x - SIGN / 2 + GAP / 2, top + HEAD + taps[0] * CELL / 2 + 9))
    plan.signs = [("operation", (MARGIN + half, top - 4)), equals]
    across = plan.wide("input", len(layer.columns.positions))
    right = wide + SIGN - GAP + plan.wide("output", columns)
    plan.width = max(across, right, TOTAL) + 2 * MARGIN
    plan.inputs = [(MARGIN, 0)]
    plan.height = top + filters * high
    return plan


def _kernel_row(layer: Layer) -> float:
    """Height of a kernel with its name and the sum under it."""
    return float(HEAD + layer.weight.shape[2] * CELL + 24 + GAP)


def _channels(layer: Layer, plan: Plan, row: float) -> tuple[float, float]:
    """Inputs side by side, a row of kernels for each filter under them: right edge and top."""
    taps = layer.weight.shape[2:]
    wide = plan.wide("input", len(layer.columns.positions)), plan.wide("kernel", taps[1])
    step = max(wide) + GAP
    plan.inputs = [(MARGIN + c * step, 0) for c in range(len(layer.input))]
    top = HEAD + len(layer.rows.positions) * CELL + DOWN
    half = taps[1] * plan.cells["kernel"] / 2
    for plane, (k, c) in planes(layer).items():
        x, y = MARGIN + c * step, top + k * row
        plan.kernels[plane] = (x, y)
        plan.sums[k, c] = (x + half, y + HEAD + taps[0] * CELL + 18)
    plan.signs = [("operation", (x + half, top - 4)) for x, _ in plan.inputs]
    return MARGIN + len(layer.input) * step, top


def _below(layer: Layer, plan: Plan) -> Plan:
    """Several channels with their kernels; bias and output of each filter to the right."""
    filters, rows, columns = layer.output.shape
    row = max(_kernel_row(layer), HEAD + rows * CELL + GAP)
    after, top = _channels(layer, plan, row)
    x = after + TOTAL + GAP
    for k in range(filters):
        y = top + k * row
        plan.biases.append((after, y))
        plan.totals.append((after, y + _kernel_row(layer) - GAP - 6))
        plan.outputs.append((x, y))
    plan.signs += [("=", (x - SIGN / 2, top + HEAD + CELL / 2 + 9))]
    plan.width = x + plan.wide("output", columns) + MARGIN
    plan.height = top + filters * row - GAP
    return plan


def _rows(layer: Layer, plan: Plan) -> Plan:
    """A row for each channel: input and kernels; bias and output of each filter under them."""
    filters, rows, columns = layer.output.shape
    taps = layer.weight.shape[2:]
    x = MARGIN + plan.wide("input", len(layer.columns.positions)) + SIGN - GAP
    step = plan.wide("kernel", taps[1]) + GAP
    row = HEAD + max(len(layer.rows.positions) * CELL, taps[0] * CELL + 24) + GAP
    plan.inputs = [(MARGIN, c * row) for c in range(len(layer.input))]
    half = taps[1] * plan.cells["kernel"] / 2
    for plane, (k, c) in planes(layer).items():
        plan.kernels[plane] = (x + k * step, c * row)
        plan.sums[k, c] = (x + k * step + half, c * row + HEAD + taps[0] * CELL + 18)
        if not k:
            middle = c * row + HEAD + taps[0] * CELL / 2 + 9
            plan.signs.append(("operation", (x - (SIGN - GAP) / 2, middle)))
    top = len(layer.input) * row
    down = HEAD + max(rows * CELL, CELL + 24) + GAP
    right = MARGIN + TOTAL + GAP
    for k in range(filters):
        plan.biases.append((MARGIN, top + k * down))
        plan.totals.append((MARGIN, top + k * down + HEAD + CELL + 18))
        plan.outputs.append((right, top + k * down))
    plan.signs.append(("=", (right - SIGN / 2, top + HEAD + CELL / 2 + 9)))
    plan.width = max(x + filters * step - GAP, right + plan.wide("output", columns)) + MARGIN
    plan.height = top + filters * down
    return plan
