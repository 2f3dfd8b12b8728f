"""The whole network, layer by layer, and under it the single sum."""

from cnnlab.explore.inside import words
from cnnlab.explore.inside.detail import detail
from cnnlab.explore.inside.network import LAYERS, SHAPES
from cnnlab.explore.inside.pen import PAD, Stroke
from cnnlab.explore.inside.plan import HEADING, Box, Plan, plan
from cnnlab.explore.inside.scene import InsideScene
from cnnlab.explore.inside.shades import limit, pictures
from cnnlab.explore.inside.sums import Cell
from cnnlab.explore.scene import Stage
from cnnlab.explore.svg import (
    BLUE,
    INK,
    LINE,
    MUTED,
    PAPER,
    VERMILLION,
    many,
    path,
    picture,
    rect,
    text,
    tinted,
)
from cnnlab.explore.unrolled.words import brief as percent

HEIGHTS = (884, 584, 506)


def draw(scene: InsideScene, stage: Stage) -> str:
    """Draw every map of every layer, what the chosen number is made from, and its sum.

    Examples
    --------
    >>> from cnnlab.explore.inside.scene import inside_scene
    >>> draw(inside_scene("digit 3", layer="conv2"), Stage(900, 506)).count("data-cells")
    46
    """
    layout = plan(stage)
    parts = [*_wires(scene, layout, stage), *_pad(scene, layout, stage), *_headings(layout, stage)]
    parts += [*_maps(scene, layout), *_classes(scene, layout), *_frames(scene, layout)]
    parts += detail(scene.found, scene.here, layout.detail)
    parts += [
        many(box, f"{layer}:{c}", SHAPES[layer][1:])
        for layer, boxes in layout.maps.items()
        for c, box in enumerate(boxes)
    ]
    return picture(stage.width, stage.height, scene.text, parts)


def _pad(scene: InsideScene, layout: Plan, stage: Stage) -> list[str]:
    """The pad and what is drawn on it; the page lays its own over it, on which one draws."""
    x, y, side, _ = layout.pad
    frame = rect(*layout.pad, f"fill: none; stroke: {MUTED}; stroke-dasharray: 5 4", 4)
    frame = frame.replace("<rect", '<rect data-pad=""', 1)
    look = f"fill: none; stroke: {INK}; stroke-width: {1.8 * side / PAD:g}"
    look += "; stroke-linecap: round; stroke-linejoin: round"
    ink = "".join(_stroke(each, x, y, side / PAD) for each in scene.strokes)
    parts = [frame, text(x + side / 2, y - 6, "draw here", bold=True)]
    parts += [f'<path data-ink="" d="{ink}" style="{look}"/>']
    if not stage.narrow:
        top, bottom = y + side + 5, layout.maps["input"][0][1] - HEADING
        way = f"M{x + side / 2:g} {top:g}v{bottom - top:g}m-4 -5l4 5l4 -5"
        parts.append(path(way, MUTED))
    return parts


def _stroke(points: Stroke, x: float, y: float, scale: float) -> str:
    places = [f"{x + a * scale:.5g} {y + b * scale:.5g}" for a, b in points]
    return f"M{'L'.join(places)}" + ("h.01" if len(places) == 1 else "")


def _headings(layout: Plan, stage: Stage) -> list[str]:
    parts = []
    for layer, boxes in layout.maps.items():
        channels, rows, columns = SHAPES[layer]
        x, y, width, height = boxes[0]
        size = f"{rows}×{columns}" if columns > 1 else str(rows)
        middle, title = x + width / 2, words.TITLES[layer]
        if layer == "flatten":
            low = y - 6 if stage.narrow else y + height + 12
            words_ = "flat" if stage.narrow else title
            parts.append(text(max(middle, 20), low, words_, size=12))
        elif stage.narrow and channels > 1:
            parts.append(
                text(x, y - 5, f"{title}: {channels} maps {size}", size=12, anchor="start")
            )
        elif stage.narrow or layer == "softmax":
            parts.append(text(middle, y - 6, title, size=13, bold=True))
        else:
            parts.append(
                text(middle, y - 21, title, size=13 if stage.width >= 900 else 12, bold=True)
            )
            parts.append(text(middle, y - 6, size, size=12, fill=MUTED))
    return parts


def _maps(scene: InsideScene, layout: Plan) -> list[str]:
    uris = pictures(scene.found["input"][0])
    parts = []
    for layer in LAYERS[:-2]:
        for c, (x, y, width, height) in enumerate(layout.maps[layer]):
            place = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
            parts.append(
                f'<image data-map="{layer}:{c}" {place} href="{uris[f"{layer}:{c}"]}" '
                'preserveAspectRatio="none" style="image-rendering: pixelated"/>'
                + rect(x, y, width, height, f"fill: none; stroke: {LINE}")
            )
    return parts


def _classes(scene: InsideScene, layout: Plan) -> list[str]:
    """A row for each class: its score, and its share as a bar."""
    (x, y, width, height), (left, _, room, _) = (layout.maps[n][0] for n in ("dense", "softmax"))
    most, step, parts = limit(scene.found, "dense"), height / 10, []
    best = int(scene.found["softmax"].argmax())
    for k in range(10):
        score, share = (float(scene.found[name][0, k, 0]) for name in ("dense", "softmax"))
        top, bar, fill = y + k * step, room - 62, BLUE if k == best else MUTED
        base, first = top + step / 2 + 4, left + 17
        box = (x, top, width, step)
        words_ = text(x + width / 2, base, f"{score:.1f}".replace("-", "−"), size=12)
        odds = text(left + room - 2, base, f"{percent(share)} %", size=12, anchor="end")
        shown = rect(first, top + step / 4, round(bar * share), step / 2, f"fill: {fill}")
        parts += [
            text(left + 5, base, k, anchor="start", bold=True),
            f'<g data-v="d:{k}">{rect(*box, tinted(score / most) + f"; stroke: {LINE}")}{words_}</g>',
            rect(first, top + step / 4, bar, step / 2, f"fill: none; stroke: {LINE}"),
            f'<g data-bar="{k}" data-full="{bar:g}">{shown}{odds}</g>',
        ]
    return parts


def _place(layout: Plan, at: Cell, height: int = 1, width: int = 1) -> Box:
    """Where cells of a map lie on the stage."""
    x, y, wide, high = layout.maps[at.layer][at.channel]
    _, rows, columns = SHAPES[at.layer]
    w, h = wide / columns, high / rows
    return (x + at.column * w, y + at.row * h, width * w, height * h)


def _outline(boxes: list[Box]) -> str:
    return "".join(f"M{x:.5g} {y:.5g}h{w:.5g}v{h:.5g}h{-w:.5g}z" for x, y, w, h in boxes)


def _frames(scene: InsideScene, layout: Plan) -> list[str]:
    """Frames around the chosen number and around what it is made from."""
    here = scene.here
    frames = {"here": (INK, [_place(layout, here.cell)]), "window": (BLUE, [])}
    if seen := here.window:
        cells = [Cell(seen.layer, c, seen.top, seen.left) for c in seen.channels]
        frames["window"] = (BLUE, [_place(layout, c, seen.height, seen.width) for c in cells])
    parts = []
    for name, (color, boxes) in frames.items():
        for stroke, width in ((PAPER, 5), (color, 2)):
            style = f"fill: none; stroke: {stroke}; stroke-width: {width}"
            parts.append(f'<path data-frame="{name}" d="{_outline(boxes)}" style="{style}"/>')
    return parts


def _wires(scene: InsideScene, layout: Plan, stage: Stage) -> list[str]:
    """A line from each map to what is made from it: orange if it adds, blue if it takes away."""
    here, seen = scene.here, scene.here.window
    row = here.cell.layer in ("dense", "flatten")
    if seen is None or here.cell.layer == "softmax" or (row and stage.narrow):
        return []
    most = max(map(abs, here.parts)) or 1.0
    x, y, width, height = (
        _place(layout, here.cell) if row else layout.maps[here.cell.layer][here.cell.channel]
    )
    parts = []
    for c, part in zip(seen.channels, here.parts, strict=True):
        left, top, wide, high = layout.maps[seen.layer][c]
        start, end = (left + wide, top + high / 2), (x, y + height / 2)
        if stage.narrow:
            start, end = (left + wide / 2, top + high), (x + width / 2, y)
        style = f"fill: none; stroke: {VERMILLION if part > 0 else BLUE}"
        style += f"; stroke-width: {1 + 3 * abs(part) / most:.2g}; stroke-opacity: 0.7"
        parts.append(
            f'<path data-wire="{c}" d="{_curve(start, end, stage.narrow)}" style="{style}"/>'
        )
    return parts


def _curve(start: tuple[float, float], end: tuple[float, float], down: bool) -> str:
    (x, y), (u, v) = start, end
    if down:
        middle = (y + v) / 2
        return f"M{x:.5g} {y:.5g}C{x:.5g} {middle:.5g} {u:.5g} {middle:.5g} {u:.5g} {v:.5g}"
    middle = (x + u) / 2
    return f"M{x:.5g} {y:.5g}C{middle:.5g} {y:.5g} {middle:.5g} {v:.5g} {u:.5g} {v:.5g}"
