"""A layer of too many numbers to write: every plane as coloured cells."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil

import numpy as np
import numpy.typing as npt

from cnnlab._text import by
from cnnlab.explore.convolution.fixes import failing, hangs
from cnnlab.explore.convolution.layer import Array, Axis, Layer
from cnnlab.explore.convolution.links import key
from cnnlab.explore.numbers import number
from cnnlab.explore.scene import Stage
from cnnlab.explore.svg import (
    LINE,
    MUTED,
    PAPER,
    VERMILLION,
    hatching,
    many,
    path,
    rect,
    target,
    text,
    tinted,
)

HEAD, GAP, LARGEST = 26, 4, 30  # pixels; the last is the side of the largest cell
MOST = 48  # cells a side; of larger planes, every second, third, … row and column is drawn
SHADES, SWATCH = 7, 12  # of the legend
LEGEND = SHADES * SWATCH + 8  # pixels
FAILING = f"fill: none; stroke: {VERMILLION}; stroke-width: 3; stroke-dasharray: 6 3"

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class _Group:
    """Planes of one kind: their name, their keys, and the place of their first value."""

    name: str
    planes: Array  # (P, H, W)
    grid: str
    indices: list[tuple[int, ...]]  # of each plane, the first numbers of its keys
    first: tuple[int, int] = (0, 0)


def overview(
    layer: Layer, stage: Stage, names: Mapping[str, str], *, keyed: bool = False
) -> list[str]:
    """Draw the planes of input, kernel, bias and output, side by side or stacked.

    Parameters
    ----------
    layer : Layer
    stage : Stage
        Room for it.
    names : mapping
        What the grids are called.
    keyed : bool
        Whether each cell is one to point at.

    Returns
    -------
    list of str
        SVG elements.

    Examples
    --------
    >>> from cnnlab.explore.convolution.layer import Settings, make_layer
    >>> from cnnlab.explore.convolution.plan import FORWARD
    >>> parts = overview(make_layer(Settings(size=32, channels=3)), Stage(900, 380), FORWARD)
    >>> sum("<text" in part for part in parts)
    4
    """
    third = (stage.height if stage.narrow else stage.width) / 3
    parts: list[str] = []
    for i, (group, *bias) in enumerate(_groups(layer, names)):
        x, y = (0.0, i * third) if stage.narrow else (i * third, 0.0)
        wide, high = (stage.width, third) if stage.narrow else (third, stage.height)
        less = (0.3 * wide, 0.0) if stage.narrow else (0.0, 2.0 * HEAD)
        drawn, bottom = _draw(group, layer, (x, y, wide - less[0], high - less[1]), keyed)
        parts += drawn
        for each in bias:
            left, top = (x + 0.7 * wide, y) if stage.narrow else (x, bottom + GAP)
            parts += _draw(each, layer, (left, top, less[0] or wide, less[1] or high), keyed)[0]
    return parts


def _groups(layer: Layer, names: Mapping[str, str]) -> list[list[_Group]]:
    """What stands in the three parts of the picture."""
    rows, columns = layer.rows, layer.columns
    padded = np.pad(layer.input, ((0, 0), _around(rows), _around(columns)), constant_values=np.nan)
    first = -rows.before, -columns.before
    shape = layer.weight.shape
    kernels = layer.weight.reshape(-1, *shape[2:])
    pairs: list[tuple[int, ...]] = [(a, b) for a in range(shape[0]) for b in range(shape[1])]
    return [
        [
            _Group(
                f"{names['input']} {by(layer.input.shape)}", padded, "input", _single(padded), first
            )
        ],
        [
            _Group(f"{names['kernel']} {by(shape)}", kernels, "kernel", pairs),
            _Group(f"{names['bias']} {len(layer.bias)}", layer.bias[None, None], "bias", [()]),
        ],
        [
            _Group(
                f"{names['output']} {by(layer.output.shape)}",
                layer.output,
                "output",
                _single(layer.output),
            )
        ],
    ]


def _single(planes: Array) -> list[tuple[int, ...]]:
    return [(c,) for c in range(len(planes))]


def _around(axis: Axis) -> tuple[int, int]:
    return axis.before, axis.after + axis.hanging


def _draw(group: _Group, layer: Layer, box: Box, keyed: bool) -> tuple[list[str], float]:
    """Planes in rows, as large as the room allows, under their name; and where they end."""
    x, y, width, height = box
    x, width = x + 8, width - 16
    parts = [text(x, y + 18, group.name, size=13, anchor="start", bold=True)]
    if not group.planes.size:
        return [*parts, text(x, y + 42, "none", size=14, anchor="start", fill=MUTED)], y + 2 * HEAD
    step = max(1, ceil(max(group.planes.shape[1:]) / MOST))
    planes = group.planes[:, ::step, ::step]
    cell, columns = _largest(planes.shape, (width, height - HEAD))
    rows = ceil(len(planes) / columns)
    greatest = float(np.nanmax(np.abs(planes), initial=0)) or 1.0
    for i, plane in enumerate(planes):
        left = x + (i % columns) * (planes.shape[2] * cell + GAP)
        top = y + HEAD + (i // columns) * (planes.shape[1] * cell + GAP)
        if keyed:
            parts += _keyed(group, i, plane, greatest, (left, top), cell)
        else:
            parts += _plane(plane / greatest, left, top, cell)
            parts.append(_frame(group, i, (left, top), cell, step))
        if group.grid == "input" and hangs(layer):
            parts.append(_failing(layer, (left, top), cell / step))
    return parts, y + HEAD + rows * (planes.shape[1] * cell + GAP)


def _largest(shape: tuple[int, ...], room: tuple[float, float]) -> tuple[float, int]:
    """Side of a cell, and how many planes stand in a row so that it is as large as can be."""
    count, high, wide = shape
    width, height = room
    cell, fewest = max(
        (min((width / n - GAP) / wide, (height / ceil(count / n) - GAP) / high, LARGEST), -n)
        for n in range(1, count + 1)
    )
    return cell, -fewest


def _frame(group: _Group, i: int, at: tuple[float, float], cell: float, step: int) -> str:
    """Lay a frame over a plane, through which the page asks for single cells."""
    rows, columns = group.planes[i, ::step, ::step].shape
    box = round(at[0], 1), round(at[1], 1), round(columns * cell, 2), round(rows * cell, 2)
    return many(box, key(group.grid, *group.indices[i]), (rows, columns), group.first, step)


def _failing(layer: Layer, at: tuple[float, float], cell: float) -> str:
    """Outline the window that does not fit."""
    axes = (layer.rows, layer.columns)
    rows, columns = (failing(axis, layer.settings.dilation) for axis in axes)
    x = at[0] + (columns[0] + layer.columns.before) * cell
    y = at[1] + (rows[0] + layer.rows.before) * cell
    return rect(x, y, len(columns) * cell, len(rows) * cell, FAILING)


def _keyed(
    group: _Group, i: int, plane: Array, greatest: float, at: tuple[float, float], cell: float
) -> Iterator[str]:
    """Draw cells that one can point at; a lens shows their numbers."""
    for r, row in enumerate(plane):
        for c, value in enumerate(row):
            x, y = at[0] + c * cell, at[1] + r * cell
            place = (c,) if group.grid == "bias" else (r + group.first[0], c + group.first[1])
            padding = not np.isfinite(value)
            look = f"fill: {PAPER}" if padding else tinted(float(value / greatest), 0.9)
            parts = [
                rect(x, y, cell - 0.5, cell - 0.5, f"{look}; stroke: {LINE}; stroke-width: 0.5")
            ]
            if padding:
                parts.append(path(hatching(x, y, cell - 0.5, 6), MUTED, 0.5))
            name = key(group.grid, *group.indices[i], *place)
            said = number(0.0 if padding else float(value))
            yield target(name, parts, fixed=padding, value=said)


def _plane(plane: Array, x: float, y: float, cell: float) -> list[str]:
    """One plane of values from −1 to 1; what is no number is padding, and hatched."""
    height, width = (n * cell for n in plane.shape)
    parts = [
        rect(x, y, width, height, f"fill: {PAPER}; stroke: {LINE}"),
        path(hatching(x, y, width, 6, height), MUTED, 0.5),
    ]
    half = SHADES // 2
    shades = np.round(np.nan_to_num(plane) * half)
    shades[~np.isfinite(plane)] = np.nan
    parts.append(f'<g transform="translate({x:.1f} {y:.1f}) scale({cell:.3f})">')
    for shade in range(-half, half + 1):
        if d := "".join(_run(*run) for run in _runs(shades == shade)):
            look = f"fill: {PAPER}" if not shade else tinted(shade / half, 0.9)
            parts.append(f'<path d="{d}" style="fill: {PAPER}"/>' * bool(shade))
            parts.append(f'<path d="{d}" style="{look}"/>')
    return [*parts, "</g>"]


def _runs(chosen: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int, int]]:
    """Row, first column and length of every run of chosen cells."""
    for i, row in enumerate(np.pad(chosen, ((0, 0), (1, 1))).astype(int)):
        steps = np.diff(row)
        for first, end in zip(np.flatnonzero(steps > 0), np.flatnonzero(steps < 0), strict=True):
            yield i, int(first), int(end - first)


def _run(i: int, j: int, length: int) -> str:
    return f"M{j} {i}h{length}v1h-{length}z"


def legend(x: float, y: float) -> list[str]:
    """Colours from the most negative to the most positive value."""
    half = SHADES // 2
    return [
        rect(
            x + i * SWATCH,
            y + 3,
            SWATCH,
            14,
            f"{tinted((i - half) / half, 0.9)}; stroke: {LINE}; stroke-width: 0.5",
        )
        for i in range(SHADES)
    ]
