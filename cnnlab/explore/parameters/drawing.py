"""Bars for where the parameters are, and squares for a convolution beside a dense layer."""

from math import sqrt

from cnnlab._text import by
from cnnlab.explore.parameters.dense import Dense
from cnnlab.explore.parameters.scene import ParametersScene, memory, share
from cnnlab.explore.scene import Stage
from cnnlab.explore.svg import BLUE, MUTED, PAPER, VERMILLION, path, picture, rect, target, text

WIDTH, BAR, NAMES, VALUES, MARGIN = 560, 28, 160, 168, 8  # pixels
SQUARE = 150


def draw(scene: ParametersScene, stage: Stage) -> str:
    """Draw bars and squares.

    Parameters
    ----------
    scene : ParametersScene
        From :func:`cnnlab.explore.parameters.scene.parameters_scene`.
    stage : Stage
        Room for it.

    Returns
    -------
    str
        SVG.

    Examples
    --------
    >>> from cnnlab.explore.parameters.scene import parameters_scene
    >>> draw(parameters_scene(network="datasci-207"), Stage(900, 380)).count("data-key")
    4
    """
    if scene.problem:
        return picture(280, 40, scene.text, [_label(MARGIN, 25, "Nothing to draw.")])
    parts = [_label(MARGIN, 22, "where the parameters are", bold=True)]
    top = 32
    for i, (name, count) in enumerate(scene.counted.largest):
        parts.append(_bar(i, name, count, scene.counted.params, top))
        top += BAR
    if not scene.counted.largest:
        parts.append(_label(MARGIN, top + 18, "Nothing is learned."))
        top += BAR
    if scene.counted.dense:
        parts += _squares(scene.counted.dense, top + 18)
        top += 18 + 34 + SQUARE + MARGIN
    return picture(WIDTH, top + MARGIN, scene.text, parts)


def _label(x: float, y: float, words: str, *, bold: bool = False, anchor: str = "start") -> str:
    return text(x, y, words, size=14, anchor=anchor, bold=bold)


def _bar(i: int, row: str, count: int, whole: int, y: float) -> str:
    room = WIDTH - NAMES - VALUES - 2 * MARGIN
    width = max(room * count / whole, 1.5)
    name = row if len(row) <= 19 else "…" + row[-18:]
    parts = [
        rect(0, y, WIDTH, BAR, f"fill: {PAPER}; stroke: none"),
        rect(NAMES, y + 6, room, BAR - 12, f"fill: none; stroke: {MUTED}; stroke-width: 0.75"),
        rect(NAMES, y + 6, width, BAR - 12, f"fill: {BLUE}"),
        _label(NAMES - 8, y + 19, name, anchor="end"),
        _label(NAMES + room + 8, y + 19, f"{count:,} · {share(count, whole)}"),
    ]
    return target(f"bar:{i}", parts)


def _squares(dense: Dense, top: float) -> list[str]:
    """Two squares whose areas are the parameters."""
    title = f"{dense.path} as a convolution and as a dense layer, areas to scale"
    side = SQUARE * sqrt(dense.params / dense.dense_params)
    small = max(min(side, SQUARE), 4)
    y, right = top + 30, MARGIN + SQUARE + 60
    middle, corner = y + SQUARE - 38, MARGIN + SQUARE / 2
    look = f"fill: {PAPER}; stroke: {VERMILLION}; stroke-width: 2; stroke-dasharray: 6 3"
    times = dense.dense_params / dense.params
    image = by(dense.in_shape)
    lines = [
        (f"dense layer (dashed), input {image}", True),
        (f"{dense.dense_params:,} parameters", False),
        (memory(dense.dense_params), False),
        ("convolution (filled)", True),
        (f"{dense.params:,} parameters", False),
        (f"{times:,.0f} times fewer", False),
    ]
    return [
        _label(MARGIN, top + 16, title, bold=True),
        rect(MARGIN, y, SQUARE, SQUARE, look),
        rect(corner - small / 2, middle - small / 2, small, small, f"fill: {BLUE}"),
        path(f"M{corner + small / 2 + 3:g} {middle:g}L{right - 6:g} {middle:g}", MUTED),
        *(
            _label(right, y + 18 + 22 * i + 10 * (i > 2), words, bold=bold)
            for i, (words, bold) in enumerate(lines)
        ),
    ]
