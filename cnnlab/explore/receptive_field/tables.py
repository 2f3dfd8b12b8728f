"""Receptive fields as tables: the layers, and stacks beside single layers."""

from collections.abc import Sequence
from typing import Literal

from cnnlab._text import by
from cnnlab.explore.receptive_field.levels import Layer, Level
from cnnlab.explore.receptive_field.model import Reach
from cnnlab.explore.receptive_field.words import LIMITS, about, row
from cnnlab.explore.scene import Bar, Cell, Line, Number, Table

Column = tuple[str, Literal["left", "right"]]

COLUMNS: list[Column] = [
    ("layer", "left"),
    ("kernel", "right"),
    ("stride", "right"),
    ("dilation", "right"),
    ("output", "right"),
    ("receptive field", "right"),
    ("jump", "right"),
]


def tables(found: Reach) -> list[Table]:
    """Table of the layers, and the comparison of stacks.

    Parameters
    ----------
    found : Reach
    """
    if found.own:
        rows = [_edited(found, i, layer) for i, layer in enumerate(found.layers)]
    else:
        rows = [_row(found.levels, level) for level in found.levels[1:]]
    label = "layers, the first one first"
    layers = Table(label=label, walk=not found.own, columns=COLUMNS, rows=rows)
    return [table for table in (layers, _comparison(found)) if table["rows"]]


def _edited(found: Reach, i: int, layer: Layer) -> Line:
    """Row of a stack: the numbers can be changed."""
    level = found.levels[i + 1] if i + 1 < len(found.levels) else None
    cells: list[Cell] = [f"layer {i + 1}"]
    for (name, most), value in zip(LIMITS.items(), layer, strict=True):
        label = f"{name.replace('_', ' ')} of layer {i + 1}"
        edit = f"layers:{i},{name}"
        cells.append(Number(edit=edit, value=value, min=1, max=most, label=label))
    if level is None:
        cells += ["–", "–", "–"]
    else:
        facts = row(level)
        cells += [facts.output, facts.receptive_field, facts.jump]
    text = about(found.levels, i + 1) if level else f"layer {i + 1}"
    return Line(key=f"row:{i + 1}", text=text, cells=cells)


def _row(levels: Sequence[Level], level: Level) -> Line:
    facts = row(level)
    numbers = [str(getattr(level.window, name)) for name in LIMITS]
    numbers[0] = level.kind.split()[-1]
    cells: list[Cell] = [level.name, *numbers, facts.output, facts.receptive_field, facts.jump]
    i = int(level.key.removeprefix("layer"))
    text = about(levels, i)
    return Line(key=f"row:{i}", text=text, cells=cells)


def _comparison(found: Reach) -> Table:
    channels = found.channels
    columns: list[Column] = [
        ("stack", "left"),
        ("sees", "right"),
        (f"parameters, {channels:,} channels", "right"),
        ("beside the larger", "left"),
        ("non-linearities", "right"),
    ]
    rows = []
    for i, entry in enumerate(found.comparison):
        largest = max(e.params for e in found.comparison if e.sees == entry.sees)
        part = entry.params / largest
        text = (
            f"{entry.stack} sees {by([entry.sees] * 2)} with {entry.term} = "
            f"{entry.params:,} parameters and {entry.layers} non-linearities."
        )
        cells: list[Cell] = [
            entry.stack,
            by([entry.sees] * 2),
            f"{entry.term} = {entry.params:,}",
            Bar(share=part, text=f"{100 * part:.0f} %"),
            str(entry.layers),
        ]
        rows.append(Line(key=f"stack:{i}", text=text, cells=cells))
    label = "stacks of 3×3 beside one larger kernel"
    return Table(label=label, walk=True, columns=columns, rows=rows)
