"""One cell of a layer that has too many: its sentence, its marks and the numbers around it."""

import re

from cnnlab.explore.convolution.backward import backward_links
from cnnlab.explore.convolution.layer import Layer
from cnnlab.explore.convolution.links import GRIDS, Linker
from cnnlab.explore.convolution.scene import ConvolutionScene
from cnnlab.explore.numbers import number
from cnnlab.explore.scene import Link

REACH = 2  # cells to each side
PLACES = {"input": 3, "kernel": 4, "bias": 1, "output": 3}
_KEY = re.compile(rf"({'|'.join(GRIDS)}):(-?\d{{1,4}}(?:,-?\d{{1,4}})*)")


def tell(scene: ConvolutionScene, name: str) -> Link | None:
    """Link one cell and show what stands around it; None where there is no such cell.

    Examples
    --------
    >>> from cnnlab.explore.convolution.scene import convolution_scene
    >>> scene = convolution_scene(size=32, channels=3, kernel_size=5)
    >>> tell(scene, "kernel:0,1,0,0")["text"]
    'Weight channel 1, row 0, column 0 = 1: one number, shared by 784 outputs; it multiplies \
784 marked inputs.'
    >>> tell(scene, "kernel:0,1,0,0")["near"][2]
    ['', '', '1', '0', '0']
    """
    layer, found = scene.layer or scene.attempt, _KEY.fullmatch(name)
    if layer is None or not found:
        return None
    grid, at = found[1], tuple(map(int, found[2].split(",")))
    if len(at) != PLACES[grid] or not _number(layer, grid, at):
        return None
    link = Linker(layer).of(grid, at)
    if scene.back:
        link = backward_links(layer, scene.back, {name: link})[name]
    shown = scene.back or layer
    return Link(text=link["text"], marks=link.get("marks", {}), near=_around(shown, grid, at))


def _around(layer: Layer, grid: str, at: tuple[int, ...]) -> list[list[str]]:
    """Numbers around a cell of one plane, "" beyond its edges."""
    if grid == "bias":
        return [[_number(layer, grid, (at[0] + far,)) for far in range(-REACH, REACH + 1)]]
    *plane, row, column = at
    steps = range(-REACH, REACH + 1)
    return [[_number(layer, grid, (*plane, row + i, column + j)) for j in steps] for i in steps]


def _number(layer: Layer, grid: str, at: tuple[int, ...]) -> str:
    """Number of a cell in words, or "" where there is none."""
    if grid == "input":
        c, row, column = at
        there = 0 <= c < len(layer.input)
        there = there and row in layer.rows.positions and column in layer.columns.positions
        return number(layer.value(c, row, column)) if there else ""
    array = {"kernel": layer.weight, "bias": layer.bias, "output": layer.output}[grid]
    there = all(0 <= i < n for i, n in zip(at, array.shape, strict=True))
    return number(float(array[at])) if there else ""
