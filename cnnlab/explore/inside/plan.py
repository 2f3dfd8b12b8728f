"""Where everything lies on the stage."""

from typing import NamedTuple

from cnnlab.explore.inside.network import SHAPES
from cnnlab.explore.scene import Stage

MARGIN, HEADING = 6, 38  # pixels

Box = tuple[float, float, float, float]  # x, y, width, height


class Sizes(NamedTuple):
    """Sides in pixels: of the pad, the input, the maps of both stages; and widths at the end."""

    pad: int
    input: int
    first: int
    second: int
    strip: int
    dense: int
    shares: int


WIDE = Sizes(110, 90, 39, 28, 8, 52, 150)
MEDIUM = Sizes(84, 76, 36, 27, 6, 38, 88)
NARROW = Sizes(112, 100, 35, 25, 6, 50, 132)


class Plan(NamedTuple):
    """Boxes of the maps of each layer, one a channel; of the pad; and room for the single sum."""

    maps: dict[str, list[Box]]
    pad: Box
    detail: Box


def plan(stage: Stage) -> Plan:
    """Lay out a stage: from left to right, or from top to bottom where it is narrow.

    Examples
    --------
    >>> [len(boxes) for boxes in plan(Stage(900, 506)).maps.values()]
    [1, 6, 6, 6, 8, 8, 8, 1, 1, 1]
    """
    return _down(stage) if stage.narrow else _across(stage)


def _across(stage: Stage) -> Plan:
    sizes = WIDE if stage.width >= 900 else MEDIUM
    first, second = [sizes.first] * 3, [sizes.second] * 3
    widths = [sizes.pad, *first, *second, sizes.strip, sizes.dense, sizes.shares]
    gap = (stage.width - 2 * MARGIN - sum(widths)) / (len(widths) - 1)
    height = 6 * (sizes.first + 4) - 4
    maps: dict[str, list[Box]] = {}
    x = float(MARGIN)
    for (layer, (channels, *_)), width in zip(SHAPES.items(), widths, strict=True):
        step = (height + 4) / channels
        side = width if channels > 1 else height
        maps[layer] = [(x, HEADING + c * step, width, side) for c in range(channels)]
        x += width + gap
    inset = MARGIN + (sizes.pad - sizes.input) / 2
    pad = (MARGIN, HEADING, sizes.pad, sizes.pad)
    maps["input"] = [(inset, HEADING + height - sizes.input, sizes.input, sizes.input)]
    top = HEADING + height + 24.0
    return Plan(maps, pad, (MARGIN, top, stage.width - 2 * MARGIN, stage.height - top - MARGIN))


def _down(stage: Stage) -> Plan:
    wide, sizes, line = stage.width - 2 * MARGIN, NARROW, 18
    pad = (MARGIN, line, sizes.pad, sizes.pad)
    left = stage.width - MARGIN - sizes.input
    maps: dict[str, list[Box]] = {"input": [(left, line, sizes.input, sizes.input)]}
    y = float(line + sizes.pad)
    for layer in [*SHAPES][1:-3]:
        channels = SHAPES[layer][0]
        side = sizes.first if channels == 6 else sizes.second
        step = (wide + 3) / channels
        y += line
        maps[layer] = [(MARGIN + c * step, y, side, side) for c in range(channels)]
        y += side
    y += 2 * line
    maps["flatten"] = [(MARGIN + 8, y, sizes.strip, 170)]
    maps["dense"] = [(MARGIN + 40, y, sizes.dense, 170)]
    maps["softmax"] = [(stage.width - MARGIN - sizes.shares, y, sizes.shares, 170)]
    y += 184
    return Plan(maps, pad, (MARGIN, y, wide, stage.height - y - MARGIN))
