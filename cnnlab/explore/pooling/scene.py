"""Pooling, cell by cell: the window, who wins, and where a gradient goes."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from cnnlab import geometry, spec
from cnnlab.explore.pooling.links import key, links, ties_in
from cnnlab.explore.pooling.words import code, formulas, summary
from cnnlab.scratch import functional as F

Grid = Sequence[Sequence[float]]

# The input of the lecture, and inputs that show what it does not.
EXAMPLES: dict[str, list[list[float]]] = {
    "worked 4×4": [[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]],
    "ties": [[2, 2, 0, 1], [2, 2, 1, 0], [3, 0, 4, 4], [0, 3, 4, 4]],
    "edge 5×5": [
        [0, 0, 9, 9, 9],
        [0, 0, 9, 9, 9],
        [0, 0, 9, 9, 9],
        [0, 0, 9, 9, 9],
        [0, 0, 0, 0, 9],
    ],
    "negative": [[-1, -2, -3, -4], [-5, -6, -7, -8], [-4, -3, -2, -1], [-8, -7, -6, -5]],
}

# Larger ones could be computed, but not read.
MAX_SIDE, MAX_WINDOW = 12, 16

EDITABLE = ("input", "upstream")


class Settings(NamedTuple):
    """What a learner chooses; names and meanings as in :mod:`cnnlab.scratch.functional`."""

    input: Grid
    upstream: Grid = ()
    kind: str = "max"
    kernel_size: int = 2
    stride: int = 2
    padding: int = 0
    policy: geometry.Policy = "floor"
    count_include_pad: bool = True
    backward: bool = False
    ties: str = "first"


def pooling_scene(**choice: Any) -> dict[str, Any]:
    """Pool one map, and send a gradient back through it.

    Parameters
    ----------
    **choice
        Fields of :class:`Settings`. ``upstream`` may have any shape: what lies outside the
        output is left out, and missing entries count 1, 2, 3, … row by row, so that each can be
        recognised.

    Returns
    -------
    dict
        ``settings``; ``problem``, why there is no output, or ""; ``input``, ``output``,
        ``upstream`` and ``gradient`` (of the input), as lists of rows; ``rows`` and ``columns``,
        positions that are drawn, below 0 or beyond the input where there is padding; ``windows``,
        for each output ``(i, j)`` the positions it reads; ``winners``, for each output the
        positions that hold its maximum, the first first; ``kinds``, "pixel", "padding" or
        "outside" by position; ``unread``, positions of pixels no window reads; ``links``, for each
        cell a sentence and the cells to mark; ``formulas`` and ``code``, lines of text; ``text``,
        the scene in one line.

    Examples
    --------
    >>> scene = pooling_scene(input=EXAMPLES["worked 4×4"])
    >>> scene["output"]
    [[6.0, 8.0], [3.0, 4.0]]
    >>> scene["links"]["output:1,0"]["text"]
    'output row 1, column 0: max(3, 2, 1, 2) = 3, at input row 2, column 0'
    """
    settings = Settings(**choice)
    scene: dict[str, Any] = {
        "settings": settings._asdict(),
        "problem": "",
        "input": [list(map(float, row)) for row in settings.input],
        "output": [],
        "upstream": [],
        "gradient": [],
        "rows": range(len(settings.input)),
        "columns": range(len(settings.input[0]) if settings.input else 0),
        "windows": {},
        "winners": {},
        "kinds": {},
        "unread": set(),
        "links": {},
        "hint": "Point at a cell or walk with the arrow keys; type a number to change it.",
    }
    try:
        _check(settings)
        scene |= _values(settings) | _places(settings)
    except (TypeError, ValueError) as error:
        scene["problem"] = str(error)
        pixels = [(i, j) for i in scene["rows"] for j in scene["columns"]]
        scene["kinds"] = dict.fromkeys(pixels, "pixel")
    else:
        scene["winners"] = ties_in(scene)
        scene["links"] = links(scene)
        scene["play"] = {"grid": "output", "label": "output"}
    scene["grids"] = grids(scene)
    scene["edits"] = [grid["name"] for grid in scene["grids"] if grid["name"] in EDITABLE]
    scene["formulas"] = formulas(scene)
    scene["code"] = code(scene)
    scene["text"] = summary(scene)
    return scene


def check_grid(name: str, grid: Any) -> list[list[float]]:
    """Refuse what is not a small table of finite numbers, rows of equal length.

    Parameters
    ----------
    name : str
        What the grid is called in an error.
    grid : object
        Lists of numbers, or an array.

    Examples
    --------
    >>> check_grid("input", np.eye(2))
    [[1.0, 0.0], [0.0, 1.0]]
    """
    try:
        values = np.asarray(grid, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be rows of numbers of equal length. Mend it.") from None
    if values.ndim != 2 or values.size < 1 or max(values.shape) > MAX_SIDE:
        raise ValueError(
            f"{name} must have 1 to {MAX_SIDE} rows and columns, not shape {values.shape}. "
            "Use a smaller one."
        )
    if not np.isfinite(values).all():
        raise ValueError(f"{name} must hold finite numbers only. Replace nan and inf.")
    rows: list[list[float]] = values.tolist()
    return rows


def _check(settings: Settings) -> None:
    """Refuse what does not pool, before anything is computed."""
    for name in ("kernel_size", "stride", "padding"):
        number = getattr(settings, name)
        if number > MAX_WINDOW:
            raise ValueError(
                f"{name} must be at most {MAX_WINDOW} here, not {number}. Choose a smaller one."
            )
    row = spec.MaxPool if settings.kind == "max" else spec.AvgPool
    shape = 1, len(settings.input), len(settings.input[0])
    window = settings.kernel_size, settings.stride, settings.padding, settings.policy
    row(*window).out_shape(shape)


def _values(settings: Settings) -> dict[str, Any]:
    """Output and gradient, as the course's own functions compute them."""
    x = np.array(settings.input, dtype=float)[None, None]  # (1, 1, H, W)
    window = settings.kernel_size, settings.stride, settings.padding
    y: Any
    cache: Any
    back: Callable[..., Any]
    if settings.kind == "max":
        ties: Any = settings.ties
        y, cache = F.max_pool2d(x, *window, policy=settings.policy, ties=ties)
        back = F.max_pool2d_backward
    else:
        include = settings.count_include_pad
        y, cache = F.avg_pool2d(x, *window, policy=settings.policy, count_include_pad=include)
        back = F.avg_pool2d_backward
    dy = np.arange(1.0, y.size + 1).reshape(y.shape[2:])  # (H', W')
    for i, row in enumerate(settings.upstream[: len(dy)]):
        dy[i, : len(row)] = row[: dy.shape[1]]
    return {
        "output": y[0, 0].tolist(),
        "upstream": dy.tolist(),
        "gradient": back(dy[None, None], cache)[0, 0].tolist(),
    }


def _places(settings: Settings) -> dict[str, Any]:
    """Where the windows lie, and what kind of cell lies where."""
    window = settings.kernel_size, settings.stride, settings.padding
    height, width = len(settings.input), len(settings.input[0])
    down, across = (geometry.windows(n, *window, policy=settings.policy) for n in (height, width))
    rows, columns = _drawn(height, settings, down), _drawn(width, settings, across)
    windows = {
        (i, j): [(r, c) for r in up for c in left]
        for i, up in enumerate(down)
        for j, left in enumerate(across)
    }
    kinds = {
        (r, c): _kind((r, c), (height, width), settings.padding) for r in rows for c in columns
    }
    read = set().union(*windows.values())
    unread = {place for place, kind in kinds.items() if kind == "pixel"} - read
    return {"rows": rows, "columns": columns, "windows": windows, "kinds": kinds, "unread": unread}


def _drawn(size: int, settings: Settings, windows: list[range]) -> range:
    """Positions from the first padded one to the last that is padded or read."""
    return range(-settings.padding, max(size + settings.padding, windows[-1][-1] + 1))


def _kind(place: tuple[int, int], size: tuple[int, int], padding: int) -> str:
    if all(0 <= position < n for position, n in zip(place, size, strict=True)):
        return "pixel"
    inside = all(position < n + padding for position, n in zip(place, size, strict=True))
    return "padding" if inside else "outside"


def grids(scene: dict[str, Any]) -> list[dict[str, Any]]:
    """Grids that are drawn, each with its label and the keys of its cells, row by row."""
    settings = scene["settings"]
    height, width = len(scene["input"]), len(scene["input"][0]) if scene["input"] else 0
    size = f"{height}×{width}"
    padded = f", padding {settings['padding']}" if settings["padding"] and scene["output"] else ""
    places = [[(r, c) for c in scene["columns"]] for r in scene["rows"]]
    shown = [_grid("input", f"input {size}{padded}", places)]
    if not scene["output"]:
        return shown
    outputs = [[(i, j) for j in range(len(row))] for i, row in enumerate(scene["output"])]
    size_out = f"{len(outputs)}×{len(outputs[0])}"
    shown.append(_grid("output", f"output {size_out}", outputs))
    if settings["backward"]:
        pixels = [[(r, c) for c in range(width)] for r in range(height)]
        shown.append(_grid("gradient", f"gradient of the input {size}", pixels))
        shown.append(_grid("upstream", f"upstream gradient {size_out}", outputs))
    return shown


def _grid(name: str, label: str, places: list[list[tuple[int, int]]]) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "keys": [[key(name, place) for place in row] for row in places],
    }
