"""What a unit sees: of every layer below it, and of the input."""

from dataclasses import dataclass
from typing import Any

from cnnlab.explore.receptive_field import words as say
from cnnlab.explore.receptive_field.model import Reach, reach
from cnnlab.explore.receptive_field.tables import tables
from cnnlab.explore.scene import Grid, Link, Play, Scene


@dataclass(frozen=True, kw_only=True)
class ReceptiveFieldScene(Scene):
    """What units see, and what is said of it; ``rows`` has one entry for each layer."""

    reach: Reach
    rows: list[say.LayerRow]


def receptive_field_scene(**choice: Any) -> ReceptiveFieldScene:
    """Follow what units see through a stack of layers, or through a network.

    Parameters
    ----------
    **choice
        Arguments of :func:`cnnlab.explore.receptive_field.model.reach`.

    Examples
    --------
    >>> scene = receptive_field_scene()
    >>> [row.receptive_field for row in scene.rows]
    ['3×3', '5×5', '7×7']
    """
    found = reach(**choice)
    rows = [say.row(level) for level in found.levels[1:]]
    links, grids = _touch(found) if found.drawn else ({}, [])
    return ReceptiveFieldScene(
        reach=found,
        rows=rows,
        text=say.summary(found, rows),
        problem=found.problem,
        formulas=say.formulas(found),
        code=say.code(found),
        grids=grids,
        links=links,
        play=Play(grid="units", label="unit") if grids else None,
        tables=tables(found),
        hint="Point at a unit or walk with the arrow keys to see what it sees.",
    )


def _touch(found: Reach) -> tuple[dict[str, Link], list[Grid]]:
    """What is said and marked when a unit is touched."""
    levels, drawn = found.levels, found.drawn
    keys = {i: [f"{levels[i].key}:{u}" for u in found.units[i]] for i in drawn}
    links: dict[str, Link] = {}
    above: dict[int, dict[int, list[int]]] = {}  # pixel → level → units that see it
    for i in drawn[1:]:
        for unit, key in zip(found.units[i], keys[i], strict=True):
            marked = found.marked(i, unit)
            for pixel in marked.get(0, []):
                above.setdefault(pixel, {}).setdefault(i, []).append(unit)
            marks = {"window": _drawn_keys(found, marked), "cone": [f"cone-{key}"]}
            links[key] = Link(text=say.sees(levels, i, unit, marked), marks=marks)
        middle = links[keys[i][len(keys[i]) // 2]].get("marks", {})
        links[f"row:{i}"] = Link(text=say.about(levels, i), marks=middle)
    links |= _pixels(found, above)
    rows = [keys[i] for i in reversed(drawn)]
    return links, [Grid(name="units", label="units, deepest layer first", keys=rows)]


def _pixels(found: Reach, above: dict[int, dict[int, list[int]]]) -> dict[str, Link]:
    """For each pixel that is drawn, the units that see it."""
    links = {}
    for pixel in found.units[0]:
        reached = above.get(pixel, {})
        marks = [f"{found.levels[i].key}:{u}" for i, units in reached.items() for u in units]
        text = say.reaches(found.levels, pixel, reached)
        links[f"input:{pixel}"] = Link(text=text, marks={"output": marks} if marks else {})
    return links


def _drawn_keys(found: Reach, marked: dict[int, list[int]]) -> list[str]:
    return [
        f"{found.levels[j].key}:{unit}"
        for j, units in marked.items()
        for unit in units
        if unit in found.units[j]
    ]
