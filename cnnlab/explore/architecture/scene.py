"""A network's blocks, its bars, the course of history or a connection table, as one scene."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from cnnlab.explore.architecture import words
from cnnlab.explore.architecture.blocks import Block, Lane
from cnnlab.explore.architecture.course import MEASURES, Point, points
from cnnlab.explore.architecture.levels import Level, levels
from cnnlab.explore.architecture.table import Connections, Maps, connections
from cnnlab.explore.scene import Fix, Grid, Link, Play, Scene

Mode = Literal["diagram", "bars", "params", "macs", "depth", "top5_error", "table"]
MODES: dict[str, str] = {
    "diagram": "diagram",
    "bars": "where weights and work are",
    **{name: f"history: {said}" for name, said in MEASURES.items()},
    "table": "connection table",
}
SIDES = ("first", "second")


@dataclass(frozen=True, kw_only=True)
class ArchitectureScene(Scene):
    """What is drawn: levels in a diagram or as bars, points of history, or a table."""

    mode: Mode
    levels: tuple[Level, ...] = ()
    points: tuple[Point, ...] = ()
    connections: Connections | None = None


def architecture_scene(
    *,
    network: str = "resnet-18",
    beside: str = "",
    mode: Mode = "diagram",
    inside: str = "",
    ticked: Maps = (),
) -> ArchitectureScene:
    """Blocks of one network, or of two side by side.

    Parameters
    ----------
    network, beside : str
        Names in the zoo; ``beside`` may be "".
    mode : str
        One of :data:`MODES`; "table" is the diagram where a network has no connection table.
    inside : str
        Path of the block that is unfolded, with those around it.
    ticked : tuple of tuple of int
        A connection table; empty for the published one.

    Examples
    --------
    >>> scene = architecture_scene(network="lenet-5", mode="table")
    >>> scene.text
    'c3: 60 of 96 connections ticked: 6·(3·25 + 1) + 9·(4·25 + 1) + 1·(6·25 + 1) = 1,516 \
parameters, 60,840 in the network'
    """
    if mode in MEASURES:
        return _history(mode)
    found = levels(network, beside, inside)
    table = connections(found[0].tree, ticked)
    if mode == "table" and table:
        return _table(found, table)
    mode = "diagram" if mode == "table" else mode
    sides = [*zip(SIDES, found, strict=False)]
    rows = {side: [*_shown(level, mode)] for side, level in sides}
    return ArchitectureScene(
        mode=mode,
        levels=found,
        text=words.line(found, bars=mode == "bars"),
        code=[*words.code(found, mode, table)],
        formulas=[f"{level.title}: {words.where(level)}" for level in found],
        grids=[
            Grid(
                name=side,
                label=level.title,
                keys=[[f"{side}:{block.path}" for block in row] for row in rows[side]],
            )
            for side, level in sides
        ],
        links={
            f"{side}:{block.path}": _link(level, block)
            for side, level in sides
            for row in rows[side]
            for block in row
        },
        play=Play(grid="first", label="blocks"),
        hint="Point at a block, or walk with Tab and the arrow keys; Enter or a double click "
        "unfolds it where it stands.",
    )


def _shown(level: Level, mode: Mode) -> Iterator[Lane]:
    """Blocks by rows; a bar has no room for the frame of an unfolded one."""
    for row in level.rows():
        if kept := tuple(b for b in row if mode == "diagram" or not level.unfolds(b)):
            yield kept


def _link(level: Level, block: Block) -> Link:
    said = words.said(level, block)
    if not block.lanes:
        return Link(text=said)
    act = "folds it again" if level.unfolds(block) else "unfolds it"
    return Link(text=f"{said} Enter or a double click {act}.", unfolds=True)


def _history(mode: Mode) -> ArchitectureScene:
    found = points(mode)
    keys = [f"point:{i}" for i in range(len(found))]
    return ArchitectureScene(
        mode=mode,
        points=tuple(found),
        text=words.course(mode, found),
        code=[*words.code((), mode, None)],
        grids=[Grid(name="point", label="networks by year", keys=[keys])],
        links={key: Link(text=point.sentence) for key, point in zip(keys, found, strict=True)},
        play=Play(grid="point", label="networks"),
        hint="Point at a network, or walk with Tab and the arrow keys; open shows its diagram.",
    )


def _table(found: tuple[Level, ...], table: Connections) -> ArchitectureScene:
    cells = [[(j, i) for j in range(len(table.maps))] for i in range(table.inputs)]
    return ArchitectureScene(
        mode="table",
        levels=found[:1],
        connections=table,
        text=words.table(table),
        problem=words.problem(table),
        fixes=[Fix("the published table", {"connections": []})] if table.empty else [],
        code=[*words.code(found[:1], "table", table)],
        grids=[
            Grid(
                name="table",
                label="which input map each output map reads",
                keys=[[f"table:{i},{j}" for j, i in row] for row in cells],
            )
        ],
        edits=["table"],
        links={
            f"table:{i},{j}": Link(text=words.connected(table, j, i))
            for row in cells
            for j, i in row
        },
        hint="Click a connection and press open to tick it or not, or type 1 or 0. Back ticks all.",
    )
