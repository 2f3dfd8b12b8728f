"""How far each output is from the moved original, and the scores of both networks."""

from typing import Any

from cnnlab.explore.filter.scene import GREY, SIGNED, short
from cnnlab.explore.images import colored, data_uri, image, tag
from cnnlab.explore.svg import BLUE, INK, MUTED, VERMILLION, path, picture, rect, text
from cnnlab.explore.translation.networks import MARGIN
from cnnlab.explore.translation.scene import percent

WIDTH, ROW, LABELS, BAR = 400, 26, 112, 200  # pixels
CHART, SLOT, PLOT = 200, 19, 90
NAMES = {
    "response": "response map",
    "pooled": "pooled map",
    "strided": "strided map",
    "dense": "dense scores",
    "convolutional": "conv scores",
}
BARS, CHARTS = 30 + len(NAMES) * ROW, 18 + PLOT + 44  # high
MAP, GAP = 180, 16
SHOWN = 220  # pixels across of a map in the page, where there is room


def draw(scene: dict[str, Any]) -> str:
    """Draw the differences as bars, and below them the ten scores of both networks.

    Parameters
    ----------
    scene : dict
        From :func:`cnnlab.explore.translation.scene.translation_scene`.

    Returns
    -------
    str
        SVG.
    """
    if scene["problem"]:
        return picture(WIDTH, 40, scene["text"], [text(WIDTH / 2, 25, "Nothing to draw.")])
    height = BARS + 22 + CHARTS
    return picture(WIDTH, height, scene["text"], _bars(scene, 0) + _charts(scene, 0, BARS + 22))


def still(scene: dict[str, Any]) -> str:
    """Draw the maps too, for readers without a kernel."""
    if scene["problem"]:
        return draw(scene)
    parts = []
    titles = ("digit", "response map", "pooled map", "strided map")
    for i, (title, values) in enumerate(zip(titles, scene["maps"].values(), strict=True)):
        limit = float(abs(values).max()) or 1.0
        scale = (0.0, 1.0, GREY) if title == "digit" else (-limit, limit, SIGNED)
        x = GAP + i * (MAP + GAP)
        uri = data_uri(colored(values, *scale), MAP)
        parts += [text(x + MAP / 2, 20, title, size=14), tag(x, 28, MAP, MAP, uri)]
        parts.append(rect(x, 28, MAP, MAP, f"fill: none; stroke: {MUTED}"))
    top = 28 + MAP + GAP
    parts += _bars(scene, top) + _charts(scene, WIDTH, top + 18)
    return picture(4 * (MAP + GAP) + GAP, top + 18 + CHARTS, scene["text"], parts)


def page(scene: dict[str, Any]) -> dict[str, Any]:
    """What the page brings to life: a digit to drag, maps to read."""
    if scene["problem"]:
        return {"images": {}}
    settings, maps = scene["settings"], scene["maps"]
    limit = float(abs(maps["response"]).max()) or 1.0
    images = {}
    for name, values in maps.items():
        height, width = values.shape
        title = "digit, to drag" if name == "input" else NAMES[name]
        scale: dict[str, Any] = {"low": -limit, "high": limit, "colors": SIGNED}
        ticks: tuple[str, ...] = (f"{short(-limit)}", "0", f"{short(limit)}")
        more: dict[str, Any] = {}
        if name == "input":
            scale, ticks = {"colors": GREY}, ("black 0", "white 1")
            at = [settings["dx"], settings["dy"]]
            more = {"drag": {"names": ["dx", "dy"], "at": at, "limit": MARGIN}}
        label = f"{title}, {height} by {width} pixels; {scene['text']}"
        caption = f"{title.split(',')[0]} {height}×{width}"
        images[name] = image(
            name, values.shape, label, ticks=ticks, caption=caption, shown=SHOWN,
            **scale, **more,
        )  # fmt: skip
    return {
        "images": images,
        "note": "Convolution is equivariant: moving the digit moves its response map by as much. "
        "Pooling and stride keep every few pixels only, so their maps follow a shift by whole "
        "steps. The dense network has a weight for each place and has seen digits in the middle "
        "only; the convolutional one takes the largest response, wherever it is.",
        "hint": "Drag the digit, or focus it and press the arrow keys.",
    }


def _bars(scene: dict[str, Any], top: float) -> list[str]:
    parts = [
        text(WIDTH / 2, top + 18, "difference from what it was, moved with the digit", size=14)
    ]
    for i, (name, share) in enumerate(scene["differences"].items()):
        y = top + 30 + i * ROW
        length = round(BAR * min(share, 2) / 2)
        parts += [
            text(LABELS, y + 17, NAMES[name], anchor="end"),
            rect(LABELS + 10, y + 4, BAR, ROW - 8, f"fill: none; stroke: {MUTED}"),
            rect(LABELS + 10, y + 4, length, ROW - 8, f"fill: {VERMILLION if share else BLUE}"),
            text(LABELS + BAR + 18, y + 17, percent(share), anchor="start"),
        ]
    return parts


def _charts(scene: dict[str, Any], left: float, top: float) -> list[str]:
    parts = []
    for i, (name, scores) in enumerate(scene["scores"].items()):
        parts += _chart(scene, name, scores, left + 5 + i * CHART, top)
    middle = top + PLOT + 54
    parts.append(text(left + WIDTH / 2, middle, "filled: here, outlined: in the middle", size=12))
    return parts


def _chart(scene: dict[str, Any], name: str, scores: Any, left: float, top: float) -> list[str]:
    now, rest = scene["read"][name]
    short_name = "conv" if name == "convolutional" else name
    verdict = f"reads {now}" if now == rest else f"reads {rest} → {now}"
    parts = [text(left + 5 * SLOT, top, f"{short_name} network {verdict}", size=14)]
    base = top + 10 + PLOT
    for k, (score, before) in enumerate(zip(scores, scene["at_rest"][name], strict=True)):
        x = left + k * SLOT
        fill = BLUE if k == scene["settings"]["digit"] else VERMILLION
        # Whole pixels: the stored picture is the same on every machine.
        high, was = round(PLOT * float(score)), round(PLOT * float(before))
        parts += [
            rect(x + 5, base - high, SLOT - 10, high, f"fill: {fill}"),
            rect(x + 2, base - was, SLOT - 4, was, f"fill: none; stroke: {INK}"),
            text(x + SLOT / 2, base + 16, k),
        ]
    parts.append(path(f"M{left} {base}h{10 * SLOT}", MUTED))
    return parts
