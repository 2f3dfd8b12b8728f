"""A layer of too many numbers to write: every plane as coloured cells."""

from collections.abc import Iterator
from math import ceil, sqrt

import numpy as np
import numpy.typing as npt

from cnnlab._text import by
from cnnlab.explore.convolution.layer import Array, Axis, Layer
from cnnlab.explore.scene import Stage
from cnnlab.explore.svg import LINE, MUTED, PAPER, hatching, path, rect, text

HEAD, FOOT, GAP, LARGEST = 30, 30, 4, 22  # pixels; the last is the side of the largest cell
MOST = 48  # cells a side; of larger planes, every second, third, … row and column is drawn
COLORS = ("#0072b2", "#5ba3cd", "#b3d3e8", "#ffffff", "#f6cfae", "#e89a59", "#d55e00")


def overview(layer: Layer, stage: Stage) -> list[str]:
    """Draw the planes of input, kernel and output, side by side or stacked.

    Parameters
    ----------
    layer : Layer
    stage : Stage
        Room for it.

    Returns
    -------
    list of str
        SVG elements.

    Examples
    --------
    >>> from cnnlab.explore.convolution.layer import Settings, make_layer
    >>> parts = overview(make_layer(Settings(size=32, channels=3)), Stage(900, 380))
    >>> sum("<text" in part for part in parts)
    4
    """
    found = {
        f"input {by(layer.input.shape)}": _padded(layer),
        f"kernels {by(layer.weight.shape)}": layer.weight.reshape(-1, *layer.weight.shape[2:]),
        f"output {by(layer.output.shape)}": layer.output,
    }
    parts: list[str] = []
    room = stage.height - FOOT
    for i, (name, planes) in enumerate(found.items()):
        across, down = (0, i / 3) if stage.narrow else (i / 3, 0)
        wide, high = (stage.width, room / 3) if stage.narrow else (stage.width / 3, room)
        parts += _planes(name, planes, stage.width * across + 8, room * down, wide - 16, high)
    return [*parts, *_legend(stage)]


def _padded(layer: Layer) -> Array:
    around = [_around(axis) for axis in (layer.rows, layer.columns)]
    return np.pad(layer.input, ((0, 0), *around), constant_values=np.nan)


def _around(axis: Axis) -> tuple[int, int]:
    return axis.before, axis.after + axis.hanging


def _planes(name: str, planes: Array, x: float, y: float, width: float, height: float) -> list[str]:
    """Planes in rows, as large as the room allows, under their name."""
    parts = [text(x, y + 20, name, size=14, anchor="start", bold=True)]
    if not planes.size:
        return [*parts, text(x, y + 48, "none", size=14, anchor="start", fill=MUTED)]
    step = max(1, ceil(max(planes.shape[1:]) / MOST))
    planes = planes[:, ::step, ::step]
    columns = ceil(sqrt(len(planes) * width / max(height - HEAD, 1)))
    columns = min(max(columns, 1), len(planes))
    rows = ceil(len(planes) / columns)
    cell = min(
        (width / columns - GAP) / planes.shape[2],
        ((height - HEAD) / rows - GAP) / planes.shape[1],
        LARGEST,
    )
    for i, plane in enumerate(planes):
        left = x + (i % columns) * (planes.shape[2] * cell + GAP)
        top = y + HEAD + (i // columns) * (planes.shape[1] * cell + GAP)
        greatest = float(np.nanmax(np.abs(plane), initial=0)) or 1.0
        parts += _plane(plane / greatest, left, top, cell)
    return parts


def _plane(plane: Array, x: float, y: float, cell: float) -> list[str]:
    """One plane of values from −1 to 1; what is no number is padding, and hatched."""
    height, width = (n * cell for n in plane.shape)
    parts = [
        rect(x, y, width, height, f"fill: {PAPER}; stroke: {LINE}"),
        path(hatching(x, y, width, 6, height), MUTED, 0.5),
    ]
    shades = np.round((np.nan_to_num(plane) + 1) / 2 * (len(COLORS) - 1)).astype(int)
    shades[~np.isfinite(plane)] = -1
    parts.append(f'<g transform="translate({x:.1f} {y:.1f}) scale({cell:.3f})">')
    for shade, color in enumerate(COLORS):
        if d := "".join(_run(*run) for run in _runs(shades == shade)):
            parts.append(f'<path d="{d}" style="fill: {color}"/>')
    return [*parts, "</g>"]


def _runs(chosen: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int, int]]:
    """Row, first column and length of every run of chosen cells."""
    for i, row in enumerate(np.pad(chosen, ((0, 0), (1, 1))).astype(int)):
        steps = np.diff(row)
        for first, end in zip(np.flatnonzero(steps > 0), np.flatnonzero(steps < 0), strict=True):
            yield i, int(first), int(end - first)


def _run(i: int, j: int, length: int) -> str:
    return f"M{j} {i}h{length}v1h-{length}z"


def _legend(stage: Stage) -> list[str]:
    """What the colours mean, at the foot."""
    y, step = stage.height - 22, 14
    words = "negative … 0 … positive"
    words += "" if stage.narrow else ", each map by its own largest value"
    shown = [
        rect(8 + i * step, y, step, 14, f"fill: {color}; stroke: {LINE}; stroke-width: 0.5")
        for i, color in enumerate(COLORS)
    ]
    return [*shown, text(16 + len(COLORS) * step, y + 12, words, size=13, anchor="start")]
