"""The matrices of im2col: windows above the outputs, kernels beside them."""

from collections.abc import Iterator

import numpy as np

from cnnlab._text import by
from cnnlab.explore.convolution.im2col import Patches
from cnnlab.explore.convolution.links import key
from cnnlab.explore.numbers import number
from cnnlab.explore.scene import Stage
from cnnlab.explore.svg import INK, LINE, SMALLEST, rect, target, text, tinted

FONT, CELL, MARGIN, HEAD, GAP, LARGEST = 14, 28, 8, 26, 20, 1.6  # pixels; the last is a scale

LETTER = 8.1  # width of a letter of a name

Place = tuple[float, float]


def matrices(found: Patches, stage: Stage) -> list[str]:
    """Draw the product of matrices, with cells as large as fit.

    Parameters
    ----------
    found : Patches
    stage : Stage
        Room for it.

    Returns
    -------
    list of str
        SVG elements.

    Examples
    --------
    >>> from cnnlab.explore.convolution.im2col import patches
    >>> from cnnlab.explore.convolution.layer import Settings, make_layer
    >>> found = patches(make_layer(Settings(size=3, kernel_size=2)))
    >>> sum("data-key" in part for part in matrices(found, Stage(900, 430)))
    25
    """
    return list(_Drawing(found, stage).parts())


class _Drawing:
    """One drawing: values, names, and where they lie."""

    def __init__(self, found: Patches, stage: Stage) -> None:
        self.found = found
        layer = found.layer
        filters = len(layer.output)
        self.arrays = {
            "patch": found.values,
            "kernel": np.array(
                [[layer.weight[k, *w] for w in found.weights] for k in range(filters)]
            ),
            "bias": layer.bias[:, None],
            "output": layer.output.reshape(filters, -1),
        }
        words = (number(float(v)) for a in self.arrays.values() for v in a.flat)
        letters = max(map(len, words))
        wide = max(CELL, 8.6 * letters + 6)
        self.cell, self.font = self.sizes(wide, stage)
        if not self.font:  # without digits cells are square
            self.cell, self.font = self.sizes(CELL, stage)[0], 0
        self.corners, self.right = self.places(stage), stage.width - MARGIN

    def sizes(self, wide: float, stage: Stage) -> tuple[Place, int]:
        """Width and height of a cell, and size of its digits, 0 if they were too small."""
        taps, outputs = self.arrays["patch"].shape
        filters = len(self.arrays["kernel"])
        if stage.narrow:
            across, down, fixed = max(outputs, taps + 2), taps + 2 * filters, 3 * HEAD + 2 * GAP
        else:
            across, down, fixed = outputs + taps + 1, taps + filters, 2 * HEAD + GAP
        aside = 2 * MARGIN + 2 * GAP
        scale = min(
            (stage.width - aside) / (across * wide), (stage.height - fixed) / (down * CELL), LARGEST
        )
        size = int(FONT * scale)
        return (round(wide * scale, 1), round(CELL * scale, 1)), size if size >= SMALLEST else 0

    def places(self, stage: Stage) -> dict[str, Place]:
        """Upper left corners of the cells."""
        wide, high = self.cell
        taps, _ = self.arrays["patch"].shape
        filters = len(self.arrays["kernel"])
        below = HEAD + taps * high + GAP
        if stage.narrow:
            last = below + filters * high + GAP + HEAD
            beside = MARGIN + max(taps * wide, LETTER * 21) + GAP
            beside = min(beside, stage.width - MARGIN - wide)  # large cells need no room for names
            corners = {"patch": (MARGIN, HEAD), "output": (MARGIN, below + HEAD - GAP / 2)}
            return corners | {"kernel": (MARGIN, last), "bias": (beside, last)}
        left = MARGIN + (taps + 1) * wide + 2 * GAP
        below += HEAD - GAP
        return {
            "patch": (left, HEAD),
            "output": (left, below),
            "kernel": (MARGIN, below),
            "bias": (MARGIN + taps * wide + GAP, below),
        }

    def parts(self) -> Iterator[str]:
        names = {"patch": "windows as columns", "kernel": "kernels as rows"}
        for grid, (x, y) in self.corners.items():
            yield from self.cells(grid)
            shape = "" if grid == "bias" else f" {by(self.arrays[grid].shape)}"
            words = f"{names.get(grid, grid)}{shape}"
            start = min(x, self.right - LETTER * len(words))
            yield text(start, y - 8, words, size=13, anchor="start", bold=True)
        (x, y), high = self.corners["bias"], self.cell[1]
        yield text(x - GAP / 2, y + high / 2 + 6, "+", size=18)

    def cells(self, grid: str) -> Iterator[str]:
        array, (x, y), (wide, high) = self.arrays[grid], self.corners[grid], self.cell
        greatest = float(abs(array).max()) or 1.0
        strongest = 0.4 if self.font else 0.9
        for (r, c), value in np.ndenumerate(array):
            left, top = x + c * wide, y + r * high
            look = f"{tinted(float(value) / greatest, strongest)}; stroke: {LINE}"
            parts = [rect(left, top, wide - 1, high - 1, look)]
            if self.font:
                middle = left + wide / 2, top + high / 2 + 0.36 * self.font
                parts.append(text(*middle, number(float(value)), size=self.font, fill=INK))
            said = "" if self.font else number(float(value))
            yield target(self.key(grid, r, c), parts, value=said)

    def key(self, grid: str, r: int, c: int) -> str:
        if grid == "kernel":
            return key("kernel", r, *self.found.weights[c])
        if grid == "output":
            return key("output", r, *divmod(c, self.found.layer.output.shape[2]))
        return key(grid, r, c) if grid == "patch" else key("bias", r)
