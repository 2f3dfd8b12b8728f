"""Pooling, cell by cell: the window, who wins, and where a gradient goes."""

from dataclasses import dataclass
from typing import Any

from cnnlab.explore.pooling.fixes import attempt, fixes
from cnnlab.explore.pooling.links import key, links
from cnnlab.explore.pooling.model import Place, Pooling, Settings, pool
from cnnlab.explore.pooling.words import code, formulas, summary
from cnnlab.explore.scene import Grid, Play, Scene

EDITABLE = ("input", "upstream")


@dataclass(frozen=True, kw_only=True)
class PoolingScene(Scene):
    """A pooling, and what is said of it."""

    pooling: Pooling


def pooling_scene(**choice: Any) -> PoolingScene:
    """Pool one map, and send a gradient back through it.

    Parameters
    ----------
    **choice
        Fields of :class:`Settings`. ``upstream`` may have any shape: what lies outside the
        output is left out, and missing entries count 1, 2, 3, … row by row, so that each can be
        recognised.

    Examples
    --------
    >>> from cnnlab.explore.pooling.model import EXAMPLES
    >>> scene = pooling_scene(input=EXAMPLES["worked 4×4"])
    >>> scene.pooling.output
    [[6.0, 8.0], [3.0, 4.0]]
    >>> scene.links["output:1,0"]["text"]
    'output row 1, column 0: max(3, 2, 1, 2) = 3, at input row 2, column 0'
    """
    pooling = pool(Settings(**choice))
    if pooling.problem:
        pooling = attempt(pooling)
    shown = grids(pooling)
    return PoolingScene(
        pooling=pooling,
        text=summary(pooling),
        problem=pooling.problem,
        fixes=fixes(pooling.settings) if pooling.problem else (),
        formulas=formulas(pooling),
        code=code(pooling),
        grids=shown,
        links={} if pooling.problem else links(pooling),
        play=None if pooling.problem else Play(grid="output", label="output"),
        edits=[grid["name"] for grid in shown if grid["name"] in EDITABLE],
        hint="Point at a cell or walk with the arrow keys; type a number to change it.",
    )


def grids(pooling: Pooling) -> list[Grid]:
    """Grids that are drawn, each with its label and the keys of its cells, row by row."""
    settings, (height, width) = pooling.settings, pooling.size
    padded = f", padding {settings.padding}" if settings.padding and pooling.output else ""
    places = [[(r, c) for c in pooling.columns] for r in pooling.rows]
    shown = [_grid("input", f"input {height}×{width}{padded}", places)]
    if not pooling.output:
        return shown
    outputs = [[(i, j) for j in range(len(row))] for i, row in enumerate(pooling.output)]
    size_out = f"{len(outputs)}×{len(outputs[0])}"
    shown.append(_grid("output", f"output {size_out}", outputs))
    if settings.backward:
        pixels = [[(r, c) for c in range(width)] for r in range(height)]
        shown.append(_grid("gradient", f"gradient of the input {height}×{width}", pixels))
        shown.append(_grid("upstream", f"upstream gradient {size_out}", outputs))
    return shown


def _grid(name: str, label: str, places: list[list[Place]]) -> Grid:
    return Grid(
        name=name, label=label, keys=[[key(name, place) for place in row] for row in places]
    )
