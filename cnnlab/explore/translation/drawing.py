"""The maps, how far each output is from the moved original, and the scores of both networks."""

from collections.abc import Mapping

from cnnlab.explore.images import GREY, SIGNED, Values, frame, scale_bar
from cnnlab.explore.numbers import percent, short
from cnnlab.explore.scene import Stage
from cnnlab.explore.svg import BLUE, INK, MUTED, VERMILLION, path, picture, rect, text
from cnnlab.explore.translation.scene import NAMES, NETWORKS, Move, TranslationScene, limit

MARGIN, HEADING, SCALE, GAP = 6, 22, 32, 14  # pixels
ROW, LABELS, VALUES = 23, 104, 66  # of the differences
PLOT = 84  # pixels high


def draw(scene: TranslationScene, stage: Stage) -> str:
    """Draw the four maps, the differences as bars, and the ten scores of both networks.

    Examples
    --------
    >>> from cnnlab.explore.translation.scene import translation_scene
    >>> draw(translation_scene(dx=3), Stage(900, 430)).count("data-image")
    4
    """
    move = scene.move
    if move.problem:
        words = text(stage.width / 2, 25, "Nothing to draw.")
        return picture(stage.width, stage.height, scene.text, [words])
    columns = 2 if stage.narrow else 4
    side = (stage.width - 2 * MARGIN - (columns - 1) * GAP) / columns
    parts, top = _maps(move, side, columns), MARGIN + HEADING + SCALE + side
    top += (side + HEADING) * (columns == 2)
    if stage.narrow:
        parts += _bars(move.differences, MARGIN, top, stage.width - 2 * MARGIN)
        parts += _charts(move, MARGIN, top + ROW * 6 + GAP, stage.width - 2 * MARGIN)
    else:
        half = stage.width / 2 - MARGIN
        parts += _bars(move.differences, MARGIN, top, half)
        parts += _charts(move, half + 2 * MARGIN, top, half - MARGIN)
    return picture(stage.width, stage.height, scene.text, parts)


def _maps(move: Move, side: float, columns: int) -> list[str]:
    parts: list[str] = []
    bottom = 0.0
    for i, (name, values) in enumerate(move.maps.items()):
        x = MARGIN + i % columns * (side + GAP)
        y = MARGIN + HEADING + i // columns * (side + HEADING)
        height, width = values.shape
        title = "digit" if name == "input" else NAMES[name]
        if side < 140:
            title = title.removesuffix(" map")
        parts.append(text(x + side / 2, y - 7, f"{title} {height}×{width}", size=13))
        parts.append(frame(name, (height, width), (x, y, side, side)))
        bottom = y + side
    scale = short(limit(move))
    grey = scale_bar(MARGIN, bottom + 5, side, GREY, ("0", "1"))
    others = MARGIN + side + GAP
    ticks = (f"−{scale}", "0", scale)
    return parts + grey + scale_bar(others, bottom + 5, side, SIGNED, ticks)


def _bars(differences: Mapping[str, float], left: float, top: float, width: float) -> list[str]:
    """Bars up to 100 %; what is more ends in an arrow beside its number."""
    bar = width - LABELS - VALUES
    title = "difference from what was there, moved along"
    if width < 8 * len(title):
        title = "difference, moved along"
    parts = [text(left, top + 15, title, anchor="start")]
    for i, (name, share) in enumerate(differences.items()):
        y, x = top + (i + 1) * ROW, left + LABELS
        length, fill = round(bar * min(share, 1)), VERMILLION if share else BLUE
        parts += [
            text(x - 8, y + 16, NAMES[name], anchor="end"),
            rect(x, y + 3, bar, ROW - 6, f"fill: none; stroke: {MUTED}"),
            rect(x, y + 3, length, ROW - 6, f"fill: {fill}"),
            text(x + bar + 6, y + 16, ("▸ " if share > 1 else "") + percent(share), anchor="start"),
        ]
    return parts


def _charts(move: Move, left: float, top: float, width: float) -> list[str]:
    half = (width - GAP) / 2
    parts = []
    for i, name in enumerate(NETWORKS):
        parts += _chart(move, name, left + i * (half + GAP), top, half)
    key = "filled: here, outlined: at rest"
    return [*parts, text(left + width / 2, top + PLOT + 62, key, size=12)]


def _chart(move: Move, name: str, left: float, top: float, width: float) -> list[str]:
    now, rest = move.read(name)
    short_name = "conv" if name == "convolutional" else name
    verdict = f"says {now}" if now == rest else f"says {rest} → {now}"
    middle = left + width / 2
    parts = [text(middle, top + 15, f"{short_name} network", size=13)]
    parts.append(text(middle, top + 31, verdict, size=13, bold=True))
    base, slot = top + 36 + PLOT, width / 10
    scores: Values = move.scores[name]
    for k, (score, before) in enumerate(zip(scores, move.at_rest[name], strict=True)):
        x = left + k * slot
        fill = BLUE if k == move.digit else VERMILLION
        # Whole pixels: the stored picture is the same on every machine.
        high, was = round(PLOT * float(score)), round(PLOT * float(before))
        parts += [
            rect(x + slot / 4, base - high, slot / 2, high, f"fill: {fill}"),
            rect(x + slot / 10, base - was, slot * 0.8, was, f"fill: none; stroke: {INK}"),
            text(x + slot / 2, base + 14, k, size=12),
        ]
    parts.append(path(f"M{left:g} {base:g}h{width:g}", MUTED))
    return parts
