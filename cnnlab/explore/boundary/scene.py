"""A unit's truth table and line, or those of a small network."""

from dataclasses import dataclass
from typing import Any

from cnnlab.explore.boundary import words
from cnnlab.explore.boundary.arrows import Plane, planes
from cnnlab.explore.boundary.examples import EXAMPLES, named
from cnnlab.explore.boundary.model import Network, Settings
from cnnlab.explore.boundary.words import affine
from cnnlab.explore.scene import Grid, Link, Play, Scene

AXES = {"input": ("x₁", "x₂"), "hidden": ("h₁", "h₂")}
LEGEND = "The arrow is the pair of weights: it points to the side where the unit is on."


@dataclass(frozen=True, kw_only=True)
class BoundaryScene(Scene):
    """A network on the four inputs, and the functions found so far."""

    network: Network
    planes: list[Plane]
    found: tuple[int, ...]


def boundary_scene(*, found: list[int], **choice: Any) -> BoundaryScene:
    """Say what a unit or a network answers to the four inputs.

    Parameters
    ----------
    found : list of int
        Places in :data:`~cnnlab.explore.boundary.model.NAMES` of the functions found so far.
    **choice
        Fields of :class:`~cnnlab.explore.boundary.model.Settings`.

    Examples
    --------
    >>> scene = boundary_scene(found=[1], b=-1.5)
    >>> scene.links["row:3"]["text"]
    '11: z = 1·1 + 1·1 − 1.5 = 0.5, on. step(0.5) = 1, slope 0.'
    """
    network = Network(Settings(**choice))
    shown = planes(network)
    rows = [f"row:{i}" for i in range(4)]
    grids = [
        Grid(name="point", label="inputs", keys=[["point:1", "point:3"], ["point:0", "point:2"]]),
        Grid(name="row", label="truth table", keys=[[key] for key in rows]),
        Grid(
            name="function",
            label="the 16 functions",
            keys=[[f"function:{4 * r + c}" for c in range(4)] for r in range(4)],
        ),
    ]
    if network.settings.hidden:
        grids.append(
            Grid(name="hidden", label="hidden plane", keys=[[f"hidden:{i}" for i in range(4)]])
        )
    example = EXAMPLES.get(named(network.settings))
    note = f"{LEGEND} {example.sentence} Try: {example.question}" if example else LEGEND
    return BoundaryScene(
        network=network,
        planes=shown,
        found=tuple(found),
        text=words.summary(network, found),
        formulas=words.formulas(network),
        code=words.code(network),
        grids=grids,
        links=_links(network, found) | _handles(shown),
        play=Play(grid="row", label="rows"),
        hint="Drag a line or the tip of an arrow, or move the sliders; point at anything.",
        note=note,
    )


def _links(network: Network, found: list[int]) -> dict[str, Link]:
    """One sentence for each row of the table, wherever it is pointed at, and each function."""
    links: dict[str, Link] = {}
    kinds = ["point", "row", *(["hidden"] if network.settings.hidden else [])]
    for i in range(4):
        text = words.row(network, i)
        for kind in kinds:
            marks = [f"{other}:{i}" for other in kinds if other != kind]
            links[f"{kind}:{i}"] = Link(text=text, marks={"output": marks})
    for i in range(16):
        ones = [f"point:{k}" for k in range(4) if i >> (3 - k) & 1]
        text = words.function(network, i, found)
        links[f"function:{i}"] = Link(text=text, marks={"window": ones})
    return links


def _handles(shown: list[Plane]) -> dict[str, Link]:
    """What dragging a line or the tip of an arrow does."""
    links: dict[str, Link] = {}
    for plane in shown:
        for key, drag in plane.drags().items():
            unit = plane.arrows[int(key.rpartition(",")[2])].unit
            mine = affine(list(map(float, unit.weights)), [*AXES[plane.name]], unit.bias)
            does = "shifts it" if key.startswith("line") else "turns it"
            links[key] = Link(text=f"The line where {mine} = 0. Dragging {does}.", drag=drag)
    return links
