"""Bars for where the parameters are, and squares for a convolution beside a dense layer."""

from math import sqrt

from cnnlab._text import by
from cnnlab.explore.numbers import short_path
from cnnlab.explore.parameters.dense import Dense
from cnnlab.explore.parameters.scene import Parameters, ParametersScene
from cnnlab.explore.parameters.words import memory, share
from cnnlab.explore.scene import WIDTHS, Stage
from cnnlab.explore.svg import (
    BLUE,
    MUTED,
    PAPER,
    SMALLEST,
    VERMILLION,
    path,
    picture,
    rect,
    target,
    text,
)

MARGIN, GAP, TITLE = 8, 24, 32  # pixels
BAR, STACKED = 30, 44  # height of a bar with its words beside it, or over it
VALUES, LETTER = 160, 7.8  # width of a count with its share, and of a letter
SQUARE, LINE = 150, 20  # side at most, height of a line

Box = tuple[float, float, float]  # left, top, width


def draw(scene: ParametersScene, stage: Stage) -> str:
    """Draw bars and squares.

    Examples
    --------
    >>> from cnnlab.explore.parameters.scene import parameters_scene
    >>> draw(parameters_scene(network="datasci-207"), Stage(900, 380)).count("data-key")
    4
    """
    if scene.problem:
        return picture(*stage, scene.text, [_label(MARGIN, 25, "Nothing to draw.")])
    counted, whole = scene.counted, stage.width - 2 * MARGIN
    wide = stage.width == WIDTHS[-1]
    room = whole / 2 - GAP if wide else whole
    parts, bottom = _bars(counted, (MARGIN, 0, room), stacked=stage.narrow)
    if counted.dense:
        left, top = (stage.width / 2 + GAP, 0) if wide else (MARGIN, bottom + GAP)
        parts += _squares(counted.dense, (left, top, room), stacked=stage.narrow)
    return picture(*stage, scene.text, parts)


def _label(
    x: float, y: float, words: str, *, bold: bool = False, anchor: str = "start", size: int = 13
) -> str:
    return text(x, y, words, size=size, anchor=anchor, bold=bold)


def _bars(counted: Parameters, box: Box, *, stacked: bool) -> tuple[list[str], float]:
    """A bar for each of the largest rows, and where they end."""
    x, y, width = box
    parts = [_label(x, y + 20, "where the parameters are", bold=True)]
    y += TITLE
    if not counted.largest:
        return [*parts, _label(x, y + 18, "Nothing is learned.")], y + BAR
    longest = max(len(name) for name, _ in counted.largest)
    names = min(longest * LETTER, width - VALUES - 90) + 8
    for i, (name, count) in enumerate(counted.largest):
        words = f"{count:,} · {share(count, counted.params)}"
        part = count / counted.params
        if stacked:
            drawn = _stacked_bar((x, y, width), name, words, part)
        else:
            drawn = _bar((x, y, width), name, words, part, names)
        parts.append(target(f"bar:{i}", drawn))
        y += STACKED if stacked else BAR
    return parts, y


def _filled(x: float, y: float, room: float, part: float) -> list[str]:
    return [
        rect(x, y, room, 16, f"fill: none; stroke: {MUTED}; stroke-width: 0.75"),
        rect(x, y, max(room * part, 1.5), 16, f"fill: {BLUE}"),
    ]


def _bar(box: Box, name: str, words: str, part: float, names: float) -> list[str]:
    """Name, bar and count in one line."""
    x, y, width = box
    room = width - names - VALUES
    return [
        rect(x - 4, y, width + 4, BAR, f"fill: {PAPER}; stroke: none"),
        *_filled(x + names, y + 7, room, part),
        _label(x + names - 8, y + 20, short_path(name, int((names - 8) / LETTER)), anchor="end"),
        _label(x + names + room + 8, y + 20, words),
    ]


def _stacked_bar(box: Box, name: str, words: str, part: float) -> list[str]:
    """The bar under its name and count."""
    x, y, width = box
    longest = int((width - 7.4 * len(words)) / 7.4) - 1
    return [
        rect(x - 4, y, width + 8, STACKED, f"fill: {PAPER}; stroke: none"),
        *_filled(x, y + 20, width, part),
        _label(x, y + 14, short_path(name, longest), size=SMALLEST),
        _label(x + width, y + 14, words, anchor="end", size=SMALLEST),
    ]


def _squares(dense: Dense, box: Box, *, stacked: bool) -> list[str]:
    """Two squares whose areas are the parameters, and what they are."""
    x, y, width = box
    name = short_path(dense.path, int(width / LETTER) - 13)
    square = SQUARE * (0.6 if stacked else 1)
    small = max(min(square * sqrt(dense.params / dense.dense_params), square), 4)
    parts = [_label(x, y + 20, f"{name}: convolution", bold=True)]
    parts.append(_label(x, y + 20 + LINE, "and a dense layer, areas to scale", size=SMALLEST))
    y += 20 + LINE + 10
    middle = y + square / 2 + (0 if stacked else 38)
    look = f"fill: {PAPER}; stroke: {VERMILLION}; stroke-width: 2; stroke-dasharray: 6 3"
    parts.append(rect(x, y, square, square, look))
    parts.append(rect(x + (square - small) / 2, middle - small / 2, small, small, f"fill: {BLUE}"))
    left, top = (x, y + square + 8) if stacked else (x + square + 40, y)
    if not stacked:
        parts.append(
            path(f"M{x + (square + small) / 2 + 3:g} {middle:g}L{left - 6:g} {middle:g}", MUTED)
        )
    step = LINE - 2 if stacked else LINE
    for i, (words, bold) in enumerate(_said(dense)):
        extra = 0 if stacked else 8 * (i > 3)
        size = SMALLEST if stacked else 13
        parts.append(_label(left, top + 16 + step * i + extra, words, bold=bold, size=size))
    return parts


def _said(dense: Dense) -> list[tuple[str, bool]]:
    """Words beside the squares, and whether they are a heading."""
    times = dense.dense_params / dense.params
    return [
        ("dense layer (dashed)", True),
        (f"input {by(dense.in_shape)}", False),
        (f"{dense.dense_params:,} parameters", False),
        (memory(dense.dense_params), False),
        ("convolution (filled)", True),
        (f"{dense.params:,} parameters", False),
        (f"{times:,.0f} times fewer", False),
    ]
