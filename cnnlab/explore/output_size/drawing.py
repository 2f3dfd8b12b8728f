"""The strip of pixels, and a bar under it for each window."""

from cnnlab.explore.output_size.scene import MAX_CELLS, OutputSizeScene, Windows
from cnnlab.explore.scene import Stage
from cnnlab.explore.svg import (
    BLUE,
    INK,
    MUTED,
    PAPER,
    VERMILLION,
    hatching,
    path,
    picture,
    plate,
    rect,
    target,
    text,
    written,
)

CELL, BAR, LARGEST = 44, 24, 72  # pixels: a cell's usual height, a bar's, a cell's at most
MARGIN, LABELS, GAP = 4, 20, 8


def draw(scene: OutputSizeScene, stage: Stage) -> str:
    """Draw the strip of pixels and a bar under it for each window.

    Bars go down to a new row as long as they would overlap.

    Examples
    --------
    >>> from cnnlab.explore.output_size.scene import output_size_scene
    >>> scene = output_size_scene(size=7, kernel_size=3, stride=3, padding=0)
    >>> draw(scene, Stage(560, 240)).count("unread")
    1
    """
    windows = scene.windows
    if not windows.positions:
        why = "Nothing to draw." if windows.problem else f"More than {MAX_CELLS} pixels: not drawn."
        words = text(stage.width / 2, 25, why)
        return picture(stage.width, stage.height, scene.text, [words])
    strip = _Strip(windows, stage)
    parts = [strip.cell(position) for position in windows.positions]
    parts += [strip.bar(i, window) for i, window in enumerate(windows.bars)]
    return picture(stage.width, stage.height, scene.text, parts)


class _Strip:
    """One drawing: where its cells and bars lie."""

    def __init__(self, windows: Windows, stage: Stage) -> None:
        self.windows = windows
        positions = windows.positions
        self.cell_width = min(LARGEST, (stage.width - 2 * MARGIN) / len(positions))
        used = self.cell_width * len(positions)
        self.left = (stage.width - used) / 2 - positions[0] * self.cell_width
        bars = len(windows.bars)
        overlapping = -(-windows.kernel_size // max(windows.stride, 1))  # a stride of 0 has no bars
        self.rows = max(min(overlapping, bars), 1)
        self.top = MARGIN + LABELS
        free = stage.height - self.top - GAP - MARGIN
        # As high as wide, if the bars keep their room.
        self.high = max(CELL, min(self.cell_width, free - self.rows * BAR))
        self.bars_top = self.top + self.high + GAP
        self.bar_height = min(self.high * BAR / CELL, (free - self.high) / self.rows)

    def x(self, position: int) -> float:
        return self.left + position * self.cell_width

    def cell(self, position: int) -> str:
        x, width, kind = self.x(position), self.cell_width, self.windows.kind(position)
        dashed = "; stroke-dasharray: 4 3" if kind == "outside" else ""
        look = f"fill: {PAPER}; stroke: {MUTED}{dashed}"
        parts = [rect(x + 1, self.top + 1.5, width - 2, self.high - 3, look)]
        if kind == "padding":
            parts.append(path(hatching(x, self.top, width, step=11, height=self.high), MUTED, 0.7))
        unread = kind == "pixel" and self.windows.unread(position)
        if unread:
            near, far = self.top + 4, self.top + self.high - 4
            left, right = x + 4, x + width - 4
            cross = f"M{left:g} {near:g}L{right:g} {far:g}M{right:g} {near:g}L{left:g} {far:g}"
            parts.append(path(cross, VERMILLION, 2))
            if width >= 40:
                parts.append(text(x + width / 2, self.top - 5, "unread", size=12, fill=VERMILLION))
        parts += self.name(position, x, plated=unread or kind == "padding")
        return target(f"input:{position}", parts)

    def name(self, position: int, x: float, *, plated: bool) -> list[str]:
        """Number of a pixel, or what lies there, where it fits into the cell."""
        kind = self.windows.kind(position)
        name = {"pixel": str(position), "padding": "pad", "outside": "none"}[kind]
        fill = INK if kind == "pixel" else MUTED
        most = 14 if plated else int(14 * self.high / CELL)
        middle, y = x + self.cell_width / 2, self.top + self.high / 2
        words = written(middle, y + 0.36 * most, name, self.cell_width - 4, fill=fill, most=most)
        if words and plated:  # a plate keeps the words clear of hatching and cross
            words = plate(middle, y, name) + words
        return [words]

    def bar(self, i: int, window: range) -> str:
        hangs = i >= len(self.windows.read)
        left, right = self.x(window[0]), self.x(window[-1] + 1)
        y = self.bars_top + i % self.rows * self.bar_height
        look = f"fill: {PAPER}; stroke: {VERMILLION}; stroke-width: 2; stroke-dasharray: 5 3"
        style = look if hangs else f"fill: {BLUE}"
        bar = rect(left + 2, y + 2, right - left - 4, self.bar_height - 4, style, 4)
        names = [f"out {i}", str(i)]
        if hangs:
            names = ["does not fit"] if self.windows.problem else [f"out {i}, ceil", "ceil"]
        fill = INK if hangs else PAPER
        most = max(12, int(self.bar_height / 2))
        middle = ((left + right) / 2, y + self.bar_height / 2 + most / 3)
        found = (written(*middle, name, right - left - 8, fill=fill, most=most) for name in names)
        return target(f"window:{i}", [bar, next((words for words in found if words), "")])
