"""Strips of units over the pixels of the input, deeper layers on top, and the cones between."""

from html import escape
from typing import Any, NamedTuple

from cnnlab.explore.receptive_field.levels import Level
from cnnlab.explore.svg import BLUE, MUTED, PAPER, picture, rect, target
from cnnlab.explore.svg import text as words

WIDTH, MARGIN = 600, 6  # pixels
STRIP, APART = 30, 34


class _Page(NamedTuple):
    """Pixels on the page for one of the input, and for the names on the left."""

    scale: float
    names: float


def draw(scene: dict[str, Any]) -> str:
    """Draw the levels of the page.

    Parameters
    ----------
    scene : dict
        From :func:`cnnlab.explore.receptive_field.scene.receptive_field_scene`.

    Returns
    -------
    str
        SVG.

    Examples
    --------
    >>> from cnnlab.explore.receptive_field.scene import receptive_field_scene
    >>> draw(receptive_field_scene()).count('data-key="layer3:')
    8
    """
    if not scene["levels"]:
        return picture(280, 40, scene["text"], [words(140, 25, "Nothing to draw.", size=14)])
    levels, drawn = scene["levels"], scene["drawn"]
    page = _Page(min(34, WIDTH / levels[0].length), _names_width(scene))
    tops: dict[int, float] = {
        i: MARGIN + n * (STRIP + APART) for n, i in enumerate(reversed(drawn))
    }
    shown = _middle(scene)
    parts = []
    for key, reach in scene["cones"].items():
        i = next(i for i in drawn if levels[i].key == key.split("-")[1].split(":")[0])
        parts.append(_cone(scene, i, key, reach, tops, page, shown == key))
    for i in reversed(drawn):
        parts.append(_names(i, levels[i], tops[i], page))
        units = scene["units"][i]
        parts += [_unit(levels[i], unit, tops[i], page, units) for unit in units]
    height = tops[0] + STRIP + MARGIN
    width = page.names + page.scale * levels[0].length + 2 * MARGIN + 36
    return picture(max(width, 420), height, scene["text"], parts)


def _middle(scene: dict[str, Any]) -> str:
    """Cone of the unit in the middle of the last layer drawn: what a picture without a page shows."""
    i = scene["drawn"][-1]
    units = scene["units"][i]
    return f"cone-{scene['levels'][i].key}:{units[len(units) // 2]}"


def _centre(level: Level, unit: int, page: _Page) -> float:
    """Middle of what the unit sees, on the page."""
    field = level.field
    position = field.start + unit * field.jump + (field.size - 1) / 2
    return page.names + MARGIN + 18 + (position + 0.5) * page.scale


def _half(level: Level, page: _Page, units: list[int]) -> float:
    """Half the width of a cell, so that those that are drawn do not touch."""
    step = units[1] - units[0] if len(units) > 1 else 1
    apart = level.field.jump * page.scale * step
    return min(max(apart - 4, 3), 34) / 2


def _unit(level: Level, unit: int, top: float, page: _Page, units: list[int]) -> str:
    x, half = _centre(level, unit, page), _half(level, page, units)
    radius = 0 if level.key == "input" else 6
    parts = [
        rect(x - half, top, 2 * half, STRIP, f"fill: {PAPER}; stroke: {MUTED}", radius),
    ]
    if 2 * half >= 8 * len(str(unit)) + 2:
        parts.append(words(x, top + STRIP / 2 + 5, unit, size=13))
    return target(f"{level.key}:{unit}", parts)


def _names_width(scene: dict[str, Any]) -> float:
    labels = [_said(scene["levels"][i]) for i in scene["drawn"]]
    return max(max(8.4 * len(name), 7.5 * len(under)) for name, under in labels) + 16


def _said(level: Level) -> tuple[str, str]:
    """Name of a level, and the one fact that belongs beside its units."""
    if level.key == "input":
        return "input", f"{level.length} pixels"
    return _short(level.name), f"sees {level.field.size}"


def _names(i: int, level: Level, top: float, page: _Page) -> str:
    name, under = _said(level)
    parts = [
        rect(2, top - 3, page.names - 4, STRIP + 6, f"fill: {PAPER}; stroke: none", 4),
        words(page.names - 8, top + 12, name, anchor="end", bold=True),
        words(page.names - 8, top + 27, under, anchor="end"),
    ]
    return target(f"row:{i}", parts) if i else "".join(parts)


def _short(path: str) -> str:
    """End of a long path, cut at a dot where that is possible.

    Examples
    --------
    >>> _short("conv1"), _short("layer3.0.sum.main.conv1")
    ('conv1', '…0.sum.main.conv1')
    """
    if len(path) <= 20:
        return path
    end = path[-19:]
    return "…" + (end.split(".", 1)[1] if "." in end else end)


def _cone(
    scene: dict[str, Any],
    i: int,
    key: str,
    reach: list[tuple[int, range]],
    tops: dict[int, float],
    page: _Page,
    visible: bool,
) -> str:
    """Outline from a unit down to all it sees, level by level."""
    levels, units = scene["levels"], scene["units"]
    unit = int(key.rsplit(":", 1)[1])
    left, right = [], []
    for j, span in [(i, range(unit, unit + 1)), *reach]:
        if not span:
            continue
        half = _half(levels[j], page, units[j])
        ends = _centre(levels[j], span[0], page) - half, _centre(levels[j], span[-1], page) + half
        for y in (tops[j] - 2, tops[j] + STRIP + 2):
            left.append((ends[0] - 2, y))
            right.append((ends[1] + 2, y))
    points = "L".join(f"{x:.1f} {y:g}" for x, y in [*left, *reversed(right)])
    look = f"fill: {BLUE}; fill-opacity: 0.14; stroke: {BLUE}; stroke-width: 1.5"
    hidden = "" if visible else ' visibility="hidden"'
    return f'<path class="cone" data-key="{escape(key)}"{hidden} d="M{points}Z" style="{look}"/>'
