"""Input, kernels and outputs side by side, channels one under the other."""

from typing import Any

from cnnlab.explore.scenes.convolution.layer import Array, Layer
from cnnlab.explore.scenes.convolution.words import number, times
from cnnlab.explore.svg import (
    INK,
    LINE,
    MUTED,
    PAPER,
    VERMILLION,
    hatching,
    path,
    picture,
    rect,
    slot,
    target,
    text,
)

CELL, GAP, MARGIN, HEAD, FOOT = 34, 2, 10, 26, 30  # pixels
BETWEEN = 44  # from one column of grids to the next


def draw(scene: dict[str, Any]) -> str:
    """Draw every number of the layer.

    Parameters
    ----------
    scene : dict
        From :func:`cnnlab.explore.scenes.convolution.convolution_scene`.

    Returns
    -------
    str
        SVG.

    Examples
    --------
    >>> from cnnlab.explore.scenes.convolution import convolution_scene
    >>> from cnnlab.explore.scenes.convolution.presets import preset
    >>> draw(convolution_scene(**preset("stride-2"))).count('data-key="output')
    9
    """
    if not scene["drawn"]:
        why = "Nothing to draw: see below what would fit."
        if scene["layer"]:
            why = "Too many numbers to draw: choose a smaller input, kernel or number of channels."
        return picture(560, 44, scene["text"], [text(280, 27, why, size=14)])
    plan = Plan(scene["layer"])
    parts = [*plan.inputs(), *plan.kernels(), *plan.outputs(), *plan.sums(), *plan.legend()]
    return picture(plan.width, plan.height, scene["text"], parts)


class Plan:
    """Where everything lies."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        longest = max(
            len(number(float(v)))
            for array in (layer.input, layer.weight, layer.bias, layer.output)
            for v in array.flat
        )
        self.cell = max(CELL, 9 * min(longest, 9) + 8)
        self.channels, self.filters = len(layer.input), len(layer.output)
        tall = max(len(layer.rows.positions), layer.weight.shape[2])
        self.block: int = HEAD + tall * CELL + 12  # one channel
        self.kernel_x = MARGIN + len(layer.columns.positions) * self.cell + BETWEEN
        self.kernel_step = max(layer.weight.shape[3] * self.cell, 78) + 16
        self.sum_x = self.kernel_x + self.filters * self.kernel_step
        self.output_x = self.sum_x + 78 + BETWEEN // 2
        self.bias_y = max(self.channels * self.block, HEAD + CELL)
        output_block = HEAD + layer.output.shape[1] * CELL + 12
        body = max(self.bias_y + HEAD + CELL + 12, self.filters * output_block)
        self.output_block, self.body = output_block, MARGIN + body
        across = max(layer.output.shape[2] * self.cell, 110)
        self.width = self.output_x + across + MARGIN
        self.notes = self._notes()
        if self.notes:
            self.width = max(self.width, 560)
        self.height = self.body + FOOT * len(self.notes)

    def inputs(self) -> list[str]:
        """Every channel with its padding, then their names."""
        rows, columns = self.layer.rows, self.layer.columns
        cells = [
            self._input(c, row, column)
            for c in range(self.channels)
            for row in rows.positions
            for column in columns.positions
        ]
        shape = times(self._flat(self.layer.input.shape[1:]))
        names = [
            self._head(MARGIN, self._top(c), f"input{self._of(c, self.channels)}, {shape}")
            for c in range(self.channels)
        ]
        return cells + names

    def _input(self, c: int, row: int, column: int) -> str:
        layer = self.layer
        _, height, width = layer.input.shape
        x = MARGIN + (column - layer.columns.positions[0]) * self.cell
        y = self._top(c) + HEAD + (row - layer.rows.positions[0]) * CELL
        key = f"input:{c},{row},{column}"
        if 0 <= row < height and 0 <= column < width:
            unread = row in layer.rows.unread or column in layer.columns.unread
            return self._cell(key, x, y, layer.value(c, row, column), cross=unread)
        beyond = row >= height + layer.rows.after or column >= width + layer.columns.after
        return self._cell(key, x, y, 0, pad=not beyond, beyond=beyond)

    def kernels(self) -> list[str]:
        """One column for each filter, a plane beside its channel; biases below."""
        layer = self.layer
        weights, names, biases = [], [], []
        places: dict[tuple[int, int], tuple[int, int]] = {}
        for k in range(self.filters):
            for c in range(self.channels):
                if (plane := layer.plane(k, c)) is not None:
                    places[plane] = (k, c)
        for plane, (k, c) in sorted(places.items()):
            x, y = self.kernel_x + k * self.kernel_step, self._top(c)
            weights += self._plane("kernel", plane, layer.weight[plane], x, y + HEAD)
            shape = times(self._flat(layer.weight.shape[2:]))
            names.append(self._head(x, y, f"kernel{self._of(k, self.filters)}, {shape}"))
        for k, value in enumerate(layer.bias):
            x = self.kernel_x + k * self.kernel_step
            names.append(self._head(x, MARGIN + self.bias_y, "bias"))
            y = MARGIN + self.bias_y + HEAD
            biases.append(self._cell(f"bias:{k}", x, y, float(value)))
        return weights + biases + names

    def outputs(self) -> list[str]:
        """One grid for each filter."""
        cells, names = [], []
        shape = times(self._flat(self.layer.output.shape[1:]))
        for k, values in enumerate(self.layer.output):
            y = MARGIN + k * self.output_block
            cells += self._plane("output", (k,), values, self.output_x, y + HEAD)
            name = f"output{self._of(k, self.filters)}, {shape}"
            names.append(self._head(self.output_x, y, name))
        return cells + names

    def sums(self) -> list[str]:
        """Room for the sum of each channel, filled while a cell is pointed at."""
        x, parts = self.sum_x + 30, []
        for c in range(self.channels):
            y = self._top(c) + HEAD + self.layer.weight.shape[2] * CELL / 2 + 5
            parts.append(slot(f"sum:{c}", text(x, y, "", size=15)))
        y = MARGIN + self.bias_y + HEAD + CELL / 2 + 5
        parts.append(slot("bias", text(x, y, "", size=15)))
        parts.append(slot("total", text(x + 62, y, "", size=16, anchor="start")))
        return parts

    def _notes(self) -> list[str]:
        """Which marks need words."""
        layer = self.layer
        rows, columns = layer.rows, layer.columns
        found = []
        if rows.before or rows.after or columns.before or columns.after:
            found.append("pad")
        if rows.unread or columns.unread:
            found.append("cross")
        if rows.hanging or columns.hanging:
            found.append("beyond")
        return found

    def legend(self) -> list[str]:
        """Say what each mark means."""
        words = {
            "pad": "padding: counts as 0",
            "cross": "dropped: no output reads it, so it changes nothing",
            "beyond": "beyond the padding: the last window of “ceil” reads 0 here",
        }
        parts = []
        for i, note in enumerate(self.notes):
            y = self.body + i * FOOT
            parts += _box(MARGIN, y, 24, 24, **{note: True})
            parts.append(text(MARGIN + 34, y + 17, words[note], size=14, anchor="start"))
        return parts

    def _top(self, c: int) -> int:
        return MARGIN + c * self.block

    def _of(self, i: int, many: int) -> str:
        return f" {i}" if many > 1 else ""

    def _flat(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        return shape[1:] if self.layer.settings["ndim"] == 1 else shape

    def _head(self, x: float, y: float, words: str) -> str:
        return text(x, y + 17, words, size=14, fill=MUTED, anchor="start")

    def _plane(
        self, name: str, index: tuple[int, ...], values: Array, x: float, y: float
    ) -> list[str]:
        return [
            self._cell(
                f"{name}:{','.join(map(str, (*index, i, j)))}",
                x + j * self.cell,
                y + i * CELL,
                float(value),
            )
            for i, row in enumerate(values)
            for j, value in enumerate(row)
        ]

    def _cell(self, key: str, x: float, y: float, value: float, **marks: bool) -> str:
        width, height = self.cell - GAP, CELL - GAP
        parts = _box(x, y, width, height, **marks)
        outside = marks.get("pad", False) or marks.get("beyond", False)
        fill = MUTED if outside else INK
        words = number(value)
        if any(marks.values()):  # a plate keeps the number clear of the lines
            plate = 9 * len(words) + 4
            parts.append(
                rect(x + (width - plate) / 2, y + 7, plate, height - 14, f"fill: {PAPER}", 3)
            )
        parts.append(text(x + width / 2, y + height / 2 + 5, words, size=15, fill=fill))
        return target(key, parts, fixed=outside or key.startswith("output"))


def _box(
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    pad: bool = False,
    cross: bool = False,
    beyond: bool = False,
) -> list[str]:
    """Draw a cell without its number."""
    look = f"fill: {PAPER}; stroke: {LINE}" + ("; stroke-dasharray: 3 3" if beyond else "")
    parts = [rect(x, y, width, height, look, 3)]
    if pad:
        parts.append(path(hatching(x, y, min(width, height), step=8), LINE, 0.8))
    if cross:
        near, far, left, right = y + 4, y + height - 4, x + 4, x + width - 4
        lines = f"M{left:g} {near:g}L{right:g} {far:g}M{right:g} {near:g}L{left:g} {far:g}"
        parts.append(path(lines, VERMILLION, 2))
    return parts
