"""What a unit sees: of every layer below it, and of the input."""

from collections.abc import Sequence
from typing import Any

from cnnlab import count, spec
from cnnlab.explore.networks import Choice, chosen, source
from cnnlab.explore.receptive_field import words as say
from cnnlab.explore.receptive_field.levels import Layer, Level, fitting, of_network
from cnnlab.explore.receptive_field.relations import (
    exactly,
    relations_in_network,
    relations_in_stack,
    seen,
)
from cnnlab.explore.receptive_field.tables import tables
from cnnlab.geometry import integer
from cnnlab.spec import Add, Concat, Row, Shape

STACK = "own stack"
MAX_LAYERS = 5
PAGE = 5  # layers of a network that are drawn together
DRAWN = 15  # units of a layer that are drawn, at most, where there are too many
LONG = 32


def receptive_field_scene(
    network: str = STACK,
    layers: Sequence[Layer] = ((3, 1, 1),) * 3,
    padding: str = "valid",
    size: int = 14,
    page: int = 1,
    channels: int = 64,
    spec: Row | None = None,
    input_shape: Shape = (),
) -> dict[str, Any]:
    """Follow what units see through a stack of layers, or through a network.

    Parameters
    ----------
    network : str
        "own stack" for ``layers``, a name in the zoo, or "own specification" for ``spec``.
    layers : sequence of (int, int, int)
        Kernel size, stride and dilation of each layer, the first layer first.
    padding : {"valid", "same"}
        Of every layer of the stack.
    size : int
        Pixels of the stack's input along one axis.
    page : int
        Which layers of a network are drawn, counted from 1.
    channels : int
        Channels in the comparison of stacks.
    spec, input_shape
        A specification of one's own.

    Returns
    -------
    dict
        ``problem``, why a layer does not fit, or ""; ``levels``, the input and all layers that fit; ``drawn``, those on the page; ``units``,
        for each of them the numbers of its units that are drawn; ``rows``, one dict a layer;
        ``comparison``, rows of stacks beside single layers; ``cones``, for each unit drawn what it
        sees in the levels below; ``links``, ``grids``, ``tables``, ``formulas``, ``code`` and
        ``text`` for the page.

    Examples
    --------
    >>> scene = receptive_field_scene()
    >>> [row["receptive_field"] for row in scene["rows"]]
    ['3×3', '5×5', '7×7']
    """
    scene: dict[str, Any] = {
        "settings": {"network": network, "padding": padding, "size": size, "channels": channels},
        "problem": "",
        "own": network == STACK,
        "levels": [],
        "drawn": [],
        "units": {},
        "cones": {},
        "links": {},
        "grids": [],
        "rows": [],
        "page": page,
        "pages": 1,
        "comparison": compare(channels),
        "hint": "Point at a unit or walk with the arrow keys to see what it sees.",
    }
    try:
        if network == STACK:
            integer("size", size, 1)
            if size > LONG:
                raise ValueError(f"size must be at most {LONG}, not {size}. Choose a smaller one.")
            levels, scene["problem"] = fitting(size, layers, padding)
        else:
            choice = chosen(network, spec, input_shape)
            levels, scene["source"] = _levels(choice), source(choice)
            scene["branches"] = any(isinstance(step.row, Add | Concat) for step in choice.steps)
        scene["levels"] = levels
        scene["rows"] = [say.row(level) for level in levels[1:]]
        scene |= _page(levels, page, network == STACK)
        drawn = scene["drawn"]
        scene["relations"] = (
            relations_in_stack(levels)
            if network == STACK
            else relations_in_network(choice.spec, choice.steps, levels, drawn)
        )
        scene |= _touch(scene)
    except (TypeError, ValueError) as error:
        scene["problem"] = str(error).splitlines()[0]
    scene["tables"] = tables(scene, layers)
    scene["formulas"] = say.formulas(scene)
    scene["code"] = say.code(scene, layers)
    scene["text"] = say.summary(scene, layers)
    return scene


def _levels(choice: Choice) -> list[Level]:
    """Input and windowed layers of a network."""
    levels = of_network(choice.spec, choice.steps)
    if len(levels) < 2:
        raise ValueError(
            f"{choice.name} must have a convolution or pooling to look through, not none. "
            "Choose another network."
        )
    return levels


def _page(levels: list[Level], page: int, own: bool) -> dict[str, Any]:
    """Which levels are drawn, and which of their units."""
    pages = 1 if own else -(-(len(levels) - 1) // PAGE)
    page = min(max(page, 1), pages)
    numbers = range(1, len(levels))
    if not own:
        numbers = numbers[(page - 1) * PAGE : page * PAGE]
    drawn = [0, *numbers]
    units = {i: _some(levels[i].length, levels[i].length if own else DRAWN) for i in drawn}
    return {"drawn": drawn, "units": units, "page": page, "pages": pages}


def _some(count: int, most: int) -> list[int]:
    """Numbers of at most so many units, evenly spread.

    Examples
    --------
    >>> _some(5, 15), _some(100, 3)
    ([0, 1, 2, 3, 4], [0, 34, 68])
    """
    return list(range(0, count, max(-(-count // most), 1)))


def _touch(scene: dict[str, Any]) -> dict[str, Any]:
    """What is said and marked when a unit is touched."""
    levels, drawn, relations = scene["levels"], scene["drawn"], scene["relations"]
    keys = {i: [f"{levels[i].key}:{u}" for u in scene["units"][i]] for i in drawn}
    links: dict[str, dict[str, Any]] = {}
    cones: dict[str, list[tuple[int, range]]] = {}
    above: dict[int, dict[int, list[int]]] = {}  # pixel → level → units that see it
    for i in drawn[1:]:
        for unit, key in zip(scene["units"][i], keys[i], strict=True):
            reach = {
                j: seen(relations[i, j], unit, levels[j].length)
                for j in drawn
                if (i, j) in relations
            }
            exact = exactly(levels, i, unit) if scene["own"] else {}
            marked = {j: list(exact.get(j, reach[j])) for j in reach}
            for pixel in marked[0]:
                above.setdefault(pixel, {}).setdefault(i, []).append(unit)
            cones[f"cone-{key}"] = [(j, reach[j]) for j in sorted(marked, reverse=True)]
            marks = {"window": _drawn_keys(scene, marked), "cone": [f"cone-{key}"]}
            label = f"{levels[i].name}, unit {unit}"
            links[key] = {"text": say.sees(levels, i, unit, marked), "label": label, "marks": marks}
        middle = links[keys[i][len(keys[i]) // 2]]["marks"]
        name = levels[i].name
        links[f"row:{i}"] = {"text": say.about(levels, i), "label": name, "marks": middle}
    links |= _pixels(scene, above)
    rows = [keys[i] for i in reversed(drawn)]
    grids = [{"name": "units", "label": "units, deepest layer first", "keys": rows}]
    play = {"grid": "units", "label": "unit"}
    return {"links": links, "cones": cones, "grids": grids, "play": play}


def _pixels(scene: dict[str, Any], above: dict[int, dict[int, list[int]]]) -> dict[str, Any]:
    """For each pixel that is drawn, the units that see it."""
    links: dict[str, Any] = {}
    for pixel in scene["units"][0]:
        reached = above.get(pixel, {})
        marks = [f"{scene['levels'][i].key}:{u}" for i, units in reached.items() for u in units]
        links[f"input:{pixel}"] = {
            "text": say.reaches(scene["levels"], pixel, reached),
            "label": f"input, pixel {pixel}",
            "marks": {"output": marks} if marks else {},
        }
    return links


def _drawn_keys(scene: dict[str, Any], marked: dict[int, list[int]]) -> list[str]:
    return [
        f"{scene['levels'][j].key}:{unit}"
        for j, units in marked.items()
        for unit in units
        if unit in scene["units"][j]
    ]


def compare(channels: int) -> list[dict[str, Any]]:
    """Stacks of 3×3 beside the one layer that sees as much.

    Parameters
    ----------
    channels : int
        Channels that enter and leave every layer.

    Returns
    -------
    list of dict
        ``stack``, ``sees`` (pixels along an axis), ``term`` (formula), ``params`` and ``layers``.

    Examples
    --------
    >>> [(row["stack"], row["sees"], row["params"]) for row in compare(64)][:2]
    [('two 3×3', 5, 73856), ('one 5×5', 5, 102464)]
    """
    if channels < 1:
        return []
    rows = []
    for words, kernel_size, times in (
        ("two", 3, 2),
        ("one", 5, 1),
        ("three", 3, 3),
        ("one", 7, 1),
    ):
        convolutions = [spec.Conv(channels, kernel_size) for _ in range(times)]
        summary = count.summarize(spec.Chain(*convolutions), (channels, 9, 9))
        fields = summary.rows[-1].receptive_field or ()
        bracket = f"({kernel_size}·{kernel_size}·{channels} + 1)·{channels}"
        rows.append(
            {
                "stack": f"{words} {kernel_size}×{kernel_size}",
                "sees": fields[0].size,
                "term": f"{times}·{bracket}" if times > 1 else bracket,
                "params": summary.params,
                "layers": times,
            }
        )
    return rows
