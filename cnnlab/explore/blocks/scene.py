"""A block and a plain 3×3 of the same maps: layer by layer, and in words."""

from dataclasses import dataclass

from cnnlab import spec
from cnnlab._text import by, listed
from cnnlab.explore.architecture.blocks import Block
from cnnlab.explore.architecture.words import share as part
from cnnlab.explore.blocks.model import KINDS, PURPOSE, Built, Choice, built
from cnnlab.explore.numbers import percent
from cnnlab.explore.parameters.formulas import params_formula
from cnnlab.explore.scene import Grid, Line, Link, Play, Scene, Table


@dataclass(frozen=True, kw_only=True)
class BlockScene(Scene):
    """The settings of a block, and the block counted."""

    choice: Choice
    built: Built
    heading: str
    seen: str


def block_scene(
    *,
    kind: str = "bottleneck",
    inputs: int = 256,
    outputs: int = 32,
    narrow: int = 64,
    squeeze: float = 12.5,
    share: float = 50.0,
    size: int = 28,
    biases: bool = False,
) -> BlockScene:
    """Build a block, count it, and set it beside a plain 3×3.

    Parameters
    ----------
    kind, inputs, outputs, narrow, squeeze, share, size, biases
        As in :class:`~cnnlab.explore.blocks.model.Choice`.

    Examples
    --------
    >>> block_scene().text
    'bottleneck, 256×28×28 → 32×28×28: 34,816 parameters, 47 % of a plain 3×3, and 27,295,744 MACs, \
47 %; a unit sees 3×3 pixels'
    """
    choice = Choice(kind, inputs, outputs, narrow, squeeze, share, size, biases)
    found = built(choice)
    total, plain = found.tree.summary, found.plain
    shapes = f"{by(choice.shape)} → {by(total.output_shape)}"
    keys = {layer.path: f"layer:{i}" for i, layer in enumerate(found.layers)}
    return BlockScene(
        choice=choice,
        built=found,
        heading=f"{KINDS[kind]}: {shapes}",
        seen=_seen(found),
        text=f"{KINDS[kind]}, {shapes}: {total.params:,} parameters, {percent(total.params / plain.params)} "
        f"of a plain 3×3, and {total.macs:,} MACs, {percent(total.macs / plain.macs)}; {_seen(found)}",
        formulas=_formulas(found),
        code=_code(found, choice),
        grids=[
            Grid(name="layer", label=f"layers of the block: {KINDS[kind]}", keys=_rows(found, keys))
        ],
        links={
            key: Link(text=_said(found, layer), marks={"window": [f"params:{i}", f"macs:{i}"]})
            for i, (layer, key) in enumerate(zip(found.layers, keys.values(), strict=True))
        },
        play=Play(grid="layer", label="layers"),
        tables=[_table(found)],
        hint="Point at a layer, or walk with Tab and the arrow keys: the bars show its share.",
        note=PURPOSE[kind],
    )


def _rows(found: Built, keys: dict[str, str]) -> list[list[str]]:
    """Keys of the layers, a path a row."""
    lanes = [found.before, *found.lanes]
    return [[keys[layer.path] for layer in lane] for lane in lanes if lane]


def _side(layer: Block) -> str:
    """What one unit sees, along both axes."""
    return by(tuple(field.size for field in layer.field or ()))


def _seen(found: Built) -> str:
    """What the units at the output see: different parts where paths are stacked."""
    fork = found.fork
    if fork is None or fork.join == "added":
        fields = found.tree.summary.rows[-1].receptive_field or ()
        return f"a unit sees {by(tuple(field.size for field in fields))} pixels"
    sides = sorted({_side(lane[-1]) for lane in found.lanes})
    return (
        f"its units see {listed(sides)} pixels"
        if len(sides) > 1
        else f"a unit sees {sides[0]} pixels"
    )


def _term(found: Built, layer: Block) -> str:
    """The layer's parameters written out."""
    rows = found.tree.summary.rows  # the layer itself stands before what follows it
    row = next(row.row for row in rows if f"{row.path}.".startswith(f"{layer.path}."))
    return params_formula(row, layer.in_shape).term


def _said(found: Built, layer: Block) -> str:
    total = found.tree.summary
    counted = "nothing to learn"
    if layer.params:
        counted = f"{_term(found, layer)} = {layer.params:,} parameters, {part(layer.params, total.params)} of all"
    settings = f" ({', '.join(layer.details)})" if layer.details else ""
    shapes = f"{by(layer.in_shape)} → {by(layer.out_shape)}"
    work = f"{layer.macs:,} MACs ({part(layer.macs, total.macs)})" if layer.macs else "no MACs"
    return f"{layer.title}{settings}: {shapes}; {counted}; {work}; a unit sees {_side(layer)}."


def _formulas(found: Built) -> list[str]:
    """The sums: of the block, and of the plain convolution."""
    learned = [layer for layer in found.layers if layer.params]
    total, plain = found.tree.summary, found.plain
    terms = " + ".join(_term(found, layer) for layer in learned)
    lines = [f"parameters: {terms} = {total.params:,}"]
    row = plain.rows[0].row
    if len(learned) > 1:
        term = params_formula(row, plain.input_shape).term
        lines.append(f"plain 3×3: {term} = {plain.params:,}")
    return lines


def _table(found: Built) -> Table:
    total, plain = found.tree.summary, found.plain
    rows = [
        Line(
            key=f"row:{i}",
            text=_said(found, layer),
            cells=[
                layer.title,
                by(layer.out_shape),
                f"{layer.params:,}",
                f"{layer.macs:,}",
                _side(layer),
            ],
        )
        for i, layer in enumerate(found.layers)
    ]
    for key, name, summary in (("all", "together", total), ("plain", "plain 3×3", plain)):
        numbers = f"{summary.params:,}", f"{summary.macs:,}"
        shape = by(summary.output_shape)
        said = f"{name}: {shape}, {numbers[0]} parameters, {numbers[1]} MACs."
        rows.append(Line(key=f"row:{key}", text=said, cells=[name, shape, *numbers, ""]))
    return Table(
        label="layers of the block, and a plain 3×3 beside it",
        walk=True,
        columns=(
            ("layer", "left"),
            ("output", "right"),
            ("parameters", "right"),
            ("MACs", "right"),
            ("sees", "right"),
        ),
        rows=rows,
    )


def _code(found: Built, choice: Choice) -> list[str]:
    text = repr(found.row)
    rows = [n for n, kind in vars(spec).items() if isinstance(kind, type) and f"{n}(" in text]
    return [
        "from cnnlab.count import summarize",
        f"from cnnlab.spec import {', '.join(rows)}",
        f"block = {text}",
        f"print(summarize(block, {choice.shape}))",
    ]
