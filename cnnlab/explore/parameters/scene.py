"""Where the parameters of a network are, and what a dense layer would need instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Literal, NamedTuple

from cnnlab import spec
from cnnlab._text import by
from cnnlab.explore.networks import Choice, chosen, source
from cnnlab.explore.parameters.dense import CONVOLUTIONS, Dense, dense_formula, dense_instead
from cnnlab.explore.parameters.formulas import macs_formula, params_formula
from cnnlab.explore.parameters.words import memory, share
from cnnlab.explore.scene import Bar, Grid, Line, Link, Scene, Table
from cnnlab.spec import Row, Shape, TraceStep

LARGEST = 5  # bars; the rest of the rows share one more
COLUMNS: list[tuple[str, Literal["left", "right"]]] = [
    ("path", "left"),
    ("parameters", "right"),
    ("MACs", "right"),
    ("share", "left"),
    ("output", "right"),
    ("layer", "left"),  # last, because it may be long
]


class Count(NamedTuple):
    """One row of the table: a layer, or a block of layers."""

    key: str
    path: str
    layer: str
    output_shape: Shape
    params: int
    macs: int
    formula: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """A network counted.

    Attributes
    ----------
    rows : tuple of Count
        Those shown.
    params, macs, number : int
        Of the whole network: parameters, multiply-accumulates, rows.
    largest : list of (str, int)
        Path and parameters of the rows with most of them; the last may be the rest.
    dense : Dense or None
        A convolution beside a dense layer; None where nothing convolves.
    """

    rows: Sequence[Count] = ()
    params: int = 0
    macs: int = 0
    number: int = 0
    largest: Sequence[tuple[str, int]] = ()
    dense: Dense | None = None


@dataclass(frozen=True, kw_only=True)
class ParametersScene(Scene):
    """A network counted, and what is said of it."""

    counted: Parameters


def parameters_scene(
    *,
    network: str,
    spec: Row | None = None,
    input_shape: Shape = (),
    detail: str = "rows",
    scale: int = 1,
    selected: str = "",
) -> ParametersScene:
    """Count a network row by row, each count with its formula.

    Parameters
    ----------
    network : str
        Name in the zoo, or "own specification" for ``spec`` and ``input_shape``.
    spec : Row, optional
    input_shape : tuple of int
        Without the batch.
    detail : {"rows", "learned", "blocks"}
        Every row, those that learn, or one row for each block, which is what shares the first
        part of its path.
    scale : int
        How many times larger the side of the image is that the comparison assumes.
    selected : str
        Key of the row whose convolution is compared with a dense layer.

    Examples
    --------
    >>> counted = parameters_scene(network="datasci-207").counted
    >>> counted.rows[2].formula
    '(3·3·32 + 1)·64 = 18,496'
    >>> counted.dense.dense
    '(28·28·32 + 1)·(28·28·64) = 1,258,865,664'
    """
    try:
        choice = chosen(network, spec, input_shape)
    except (TypeError, ValueError) as error:
        problem = str(error).splitlines()[0]
        text, code = f"{network} → {problem}", [f"# {problem}"]
        return ParametersScene(counted=Parameters(), text=text, problem=problem, code=code)
    everything = [_row(f"rows:{i}", step) for i, step in enumerate(choice.steps)]
    shown = _shown(everything, detail)
    counted = Parameters(
        rows=shown,
        params=sum(row.params for row in everything),
        macs=sum(row.macs for row in everything),
        number=len(everything),
        largest=_largest(shown if detail == "blocks" else _shown(everything, "learned")),
        dense=dense_instead(choice.steps, selected, scale),
    )
    grids, links = _bars(counted)
    return ParametersScene(
        counted=counted,
        text=_text(counted, choice),
        formulas=_formulas(counted),
        code=_code(choice),
        grids=grids,
        links=links,
        tables=[_table(counted, choice)],
        hint="Walk the table with the arrow keys: each row says what its numbers are.",
    )


def _row(key: str, step: TraceStep) -> Count:
    params, macs = params_formula(step.row, step.in_shape), macs_formula(step.row, step.in_shape)
    joins = isinstance(step.row, spec.Combinator)
    shapes = {} if joins else step.row.param_shapes(step.in_shape)
    count = sum(map(prod, shapes.values()))
    products = 0 if joins else step.row.macs(step.in_shape)
    return Count(
        key=key,
        path=step.path,
        layer=type(step.row).__name__ if joins else repr(step.row),
        output_shape=step.out_shape,
        params=count,
        macs=products,
        formula=f"{params.term} = {count:,}" if count else "0",
        words=_sentence(step, count, products, (params, macs)),
    )


def _sentence(step: TraceStep, count: int, products: int, formulas: Sequence[Any]) -> str:
    params, macs = formulas
    words = f"{step.path}, output {by(step.out_shape)}: "
    words += f"{params.term} = {count:,} ({params.words})" if count else params.words
    if products:
        words += f"; MACs {macs.term} = {products:,}"
    if isinstance(step.row, CONVOLUTIONS):
        dense = dense_formula(step.row, step.in_shape)
        words += f". A dense layer for the same map: {dense[0]} = {dense[1]:,}"
        words += f", {dense[1] / count:,.0f} times as many"
    return words + "."


def _shown(rows: list[Count], detail: str) -> list[Count]:
    if detail == "learned":
        return [row for row in rows if row.params]
    if detail == "rows":
        return rows
    blocks: dict[str, list[Count]] = {}
    for row in rows:
        blocks.setdefault(row.path.split(".")[0], []).append(row)
    return [_block(name, block) for name, block in blocks.items()]


def _block(name: str, rows: list[Count]) -> Count:
    if len(rows) == 1:
        return rows[0]
    learned = [row for row in rows if row.params]
    params, macs = sum(row.params for row in rows), sum(row.macs for row in rows)
    largest = ", ".join(f"{path} {count:,}" for path, count in _largest(learned))
    terms = " + ".join(f"{row.params:,}" for row in learned)
    if len(learned) > 3:
        terms = f"sum of {len(learned)}"
    words = f"{name}, {len(rows)} rows, output {by(rows[-1].output_shape)}: "
    return Count(
        key=rows[0].key,
        path=name,
        layer=f"{len(rows)} rows",
        output_shape=rows[-1].output_shape,
        params=params,
        macs=macs,
        formula=f"{terms} = {params:,}" if params else "0",
        words=words + (f"{params:,} parameters: {largest}" if params else "learns nothing") + ".",
    )


def _largest(rows: list[Count]) -> list[tuple[str, int]]:
    """Rows with most parameters, and what the others have together."""
    order = sorted(rows, key=lambda row: -row.params)
    found = [(row.path, row.params) for row in order if row.params]
    rest = found[LARGEST:]
    if len(rest) > 1:
        return [*found[:LARGEST], (f"other {len(rest)}", sum(count for _, count in rest))]
    return found


def _table(counted: Parameters, choice: Choice) -> Table:
    whole = max(counted.params, 1)
    rows = [
        Line(
            key=row.key,
            text=row.words,
            cells=[
                row.path,
                row.formula,
                f"{row.macs:,}",
                Bar(share=row.params / whole, text=share(row.params, whole)),
                by(row.output_shape),
                row.layer,
            ],
        )
        for row in counted.rows
    ]
    label = f"{choice.name}, input {by(choice.input_shape)}, row by row"
    return Table(label=label, walk=True, columns=COLUMNS, rows=rows)


def _bars(counted: Parameters) -> tuple[list[Grid], dict[str, Link]]:
    """What the page says when a bar is touched."""
    keys = [f"bar:{i}" for i in range(len(counted.largest))]
    words = [
        f"{path}: {count:,} of {counted.params:,} parameters, {share(count, counted.params)}"
        for path, count in counted.largest
    ]
    links = {key: Link(text=text) for key, text in zip(keys, words, strict=True)}
    label = "where the parameters are"
    return [Grid(name="bar", label=label, keys=[[key] for key in keys])] * bool(keys), links


def _formulas(counted: Parameters) -> list[str]:
    shares = [f"{path} {share(count, counted.params)}" for path, count in counted.largest]
    lines = [f"where the parameters are: {', '.join(shares) or 'there are none'}"]
    if dense := counted.dense:
        larger = f", image {dense.scale} times larger a side" if dense.scale > 1 else ""
        times = dense.dense_params / dense.params
        lines.append(f"{dense.path} as a convolution: {dense.convolution}")
        lines.append(
            f"{dense.path} as a dense layer{larger}: {dense.dense}, {times:,.0f} times as many"
        )
    return lines


def _text(counted: Parameters, choice: Choice) -> str:
    words = f"{choice.name}, input {by(choice.input_shape)} → {counted.params:,} parameters "
    words += f"({memory(counted.params)}) in {counted.number} "
    words += f"{'row' if counted.number == 1 else 'rows'}, {counted.macs:,} MACs"
    if counted.largest:
        path, count = counted.largest[0]
        words += f"; most in {path}: {share(count, counted.params)}"
    return words


def _code(choice: Choice) -> list[str]:
    return [
        *source(choice),
        "",
        "# NumPy",
        "import numpy as np",
        "shapes = spec.param_shapes(input_shape)",
        "params = sum(int(np.prod(shape)) for shape in shapes.values())",
        "",
        "# PyTorch",
        "from cnnlab.pytorch import build",
        "net = build(spec, input_shape)",
        "torch_params = sum(p.numel() for p in net.parameters())",
    ]
