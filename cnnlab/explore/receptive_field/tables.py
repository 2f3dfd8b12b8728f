"""Receptive fields as tables: the layers, and stacks beside single layers."""

from collections.abc import Sequence
from typing import Any

from cnnlab.explore.numbers import by
from cnnlab.explore.receptive_field.levels import Layer, Level
from cnnlab.explore.receptive_field.words import LIMITS, about, row

COLUMNS = [
    ("layer", "left"),
    ("kernel", "right"),
    ("stride", "right"),
    ("dilation", "right"),
    ("output", "right"),
    ("receptive field", "right"),
    ("jump", "right"),
]


def tables(scene: dict[str, Any], layers: Sequence[Layer]) -> list[dict[str, Any]]:
    """Table of the layers, and the comparison of stacks.

    Parameters
    ----------
    scene : dict
        With levels and comparison.
    layers : sequence of (int, int, int)
        The stack of one's own.
    """
    if scene["own"]:
        rows = [_edited(scene, i, layer) for i, layer in enumerate(layers)]
    else:
        rows = [_row(scene["levels"], level) for level in scene["levels"][1:]]
    label = "layers, the first one first"
    found = [{"label": label, "walk": not scene["own"], "columns": COLUMNS, "rows": rows}]
    return [table for table in (*found, _comparison(scene)) if table["rows"]]


def _edited(scene: dict[str, Any], i: int, layer: Layer) -> dict[str, Any]:
    """Row of a stack: the numbers can be changed."""
    level = scene["levels"][i + 1] if i + 1 < len(scene["levels"]) else None
    cells: list[Any] = [f"layer {i + 1}"]
    for (name, most), value in zip(LIMITS.items(), layer, strict=True):
        label = f"{name.replace('_', ' ')} of layer {i + 1}"
        edit = f"layers:{i},{name}"
        cells.append({"edit": edit, "value": value, "min": 1, "max": most, "label": label})
    if level is None:
        cells += ["–", "–", "–"]
    else:
        facts = row(level)
        cells += [facts["output"], facts["receptive_field"], facts["jump"]]
    text = about(scene["levels"], i + 1) if level else f"layer {i + 1}"
    return {"key": f"row:{i + 1}", "text": text, "cells": cells}


def _row(levels: list[Level], level: Level) -> dict[str, Any]:
    facts = row(level)
    numbers = [str(level.window[name]) for name in LIMITS]
    numbers[0] = level.kind.split()[-1]
    cells = [level.name, *numbers, facts["output"], facts["receptive_field"], facts["jump"]]
    i = int(level.key.removeprefix("layer"))
    text = about(levels, i)
    return {"key": f"row:{i}", "text": text, "cells": cells}


def _comparison(scene: dict[str, Any]) -> dict[str, Any]:
    channels = scene["settings"]["channels"]
    columns = [
        ("stack", "left"),
        ("sees", "right"),
        (f"parameters, {channels:,} channels", "right"),
        ("beside the larger", "left"),
        ("non-linearities", "right"),
    ]
    rows = []
    for i, entry in enumerate(scene["comparison"]):
        largest = max(e["params"] for e in scene["comparison"] if e["sees"] == entry["sees"])
        part = entry["params"] / largest
        text = (
            f"{entry['stack']} sees {by([entry['sees']] * 2)} with {entry['term']} = "
            f"{entry['params']:,} parameters and {entry['layers']} non-linearities."
        )
        cells = [
            entry["stack"],
            by([entry["sees"]] * 2),
            f"{entry['term']} = {entry['params']:,}",
            {"share": part, "text": f"{100 * part:.0f} %"},
            str(entry["layers"]),
        ]
        rows.append({"key": f"stack:{i}", "text": text, "cells": cells})
    label = "stacks of 3×3 beside one larger kernel"
    return {"label": label, "walk": True, "columns": columns, "rows": rows}
