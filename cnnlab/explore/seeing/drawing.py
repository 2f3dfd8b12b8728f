"""Picture, map over it, and the five best classes as bars."""

from cnnlab.explore.images import scale_bar
from cnnlab.explore.numbers import percent
from cnnlab.explore.scene import Stage
from cnnlab.explore.seeing import maps, overlay
from cnnlab.explore.seeing.maps import METHODS, Answer, Five
from cnnlab.explore.seeing.scene import SeeingScene, legend
from cnnlab.explore.svg import (
    BLUE,
    INK,
    LINE,
    MUTED,
    VERMILLION,
    many,
    picture,
    rect,
    text,
)

MARGIN, HEADING, SCALE, GAP = 6, 24, 34, 14  # pixels
ROW, TITLE = 28, 22  # of the bars
HEIGHTS = (830, 540, 390)

Box = tuple[float, float, float, float]


def draw(scene: SeeingScene, stage: Stage) -> str:
    """Draw the picture, the map, and the bars beside or below them.

    Examples
    --------
    >>> from cnnlab.explore.seeing.maps import Question, answers
    >>> from cnnlab.explore.seeing.model import Picture
    >>> from cnnlab.explore.seeing.scene import seeing_scene
    >>> asked = Question(Picture("digit 3"), "occlusion")
    >>> *_, found = answers(asked)
    >>> draw(seeing_scene(asked, found), Stage(900, 390)).count("data-cells")
    2
    """
    photo, overlaid, bars = _plan(stage)
    parts = [*_photo(scene, photo), *_map(scene, overlaid)]
    parts += _bars(scene, scene.answer, bars) if scene.answer else _empty(bars)
    parts += _progress(scene, (MARGIN, stage.height - 26, stage.width - 2 * MARGIN, 20))
    return picture(stage.width, stage.height, scene.text, parts)


def _plan(stage: Stage) -> tuple[Box, Box, Box]:
    """Squares of the picture and of the map, and room for the bars."""
    top = MARGIN + HEADING
    if stage.narrow:
        small, side = 150.0, stage.width - 2.0 * MARGIN
        below = top + small + HEADING
        bars = below + side + SCALE + 8
        return (
            ((stage.width - small) / 2, top, small, small),
            (MARGIN, below, side, side),
            (MARGIN, bars, side, stage.height - 30 - bars),
        )
    wide = stage.width >= 900
    side = (stage.height - top - SCALE - 30) if wide else (stage.width - 2 * MARGIN - GAP) / 2
    left = MARGIN + side + GAP
    photo, overlaid = (MARGIN, top, side, side), (left, top, side, side)
    if wide:
        bars = left + side + 2 * GAP
        return photo, overlaid, (bars, MARGIN, stage.width - MARGIN - bars, stage.height - 40)
    bars = top + side + SCALE + 6
    return photo, overlaid, (MARGIN, bars, stage.width - 2 * MARGIN, stage.height - 30 - bars)


def _photo(scene: SeeingScene, box: Box) -> list[str]:
    x, y, side, _ = box
    parts = [text(x + side / 2, y - 8, scene.question.picture.name, size=14)]
    if scene.answer is None:
        return [*parts, _blank(box)]
    parts.append(_pixels(box, overlay.seen(scene.question.picture)))
    if scene.chosen:
        step = side / maps.PARTS
        patch, stride = scene.question.patch * step, scene.question.stride * step
        row, column = scene.chosen
        place = (x + column * stride, y + row * stride, patch, patch)
        look = f"fill: none; stroke: {VERMILLION}; stroke-width: 3; stroke-dasharray: 6 3"
        parts += [rect(*place, "fill: none; stroke: #ffffff; stroke-width: 5"), rect(*place, look)]
    return [*parts, many(box, "photo:0", (maps.PARTS, maps.PARTS))]


def _map(scene: SeeingScene, box: Box) -> list[str]:
    x, y, side, _ = box
    name = METHODS[scene.question.method]
    title = name
    if scene.answer is not None and scene.question.method != "response":
        title = f"{name}: {scene.answer.target.name}"
    elif scene.answer is not None and scene.answer.layer:
        title = f"{scene.answer.layer}, map {scene.answer.channel}"
    parts = [text(x + side / 2, y - 8, _cut(title, side), size=14)]
    if scene.answer is None:
        return [*parts, _blank(box)]
    colors, ticks = legend(scene)
    parts.append(_pixels(box, overlay.laid_over(scene.question, scene.answer)))
    parts += scale_bar(x, y + side + 8, side, colors, ticks)
    return [*parts, many(_cells(scene, box), "map:0", scene.answer.values.shape)]


def _cells(scene: SeeingScene, box: Box) -> Box:
    """Where the cells of the map lie: places stand at the middles of their patches."""
    x, y, side, _ = box
    if scene.question.method != "occlusion" or scene.answer is None:
        return box
    part = side / maps.PARTS
    start = (scene.question.patch - scene.question.stride) / 2 * part
    wide = len(scene.answer.values) * scene.question.stride * part
    return (x + start, y + start, wide, wide)


def _pixels(box: Box, uri: str) -> str:
    x, y, width, height = box
    place = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
    return f'<image {place} href="{uri}" style="image-rendering: pixelated"/>' + rect(
        *box, f"fill: none; stroke: {LINE}"
    )


def _blank(box: Box) -> str:
    return rect(*box, f"fill: none; stroke: {MUTED}; stroke-dasharray: 6 4")


def _bars(scene: SeeingScene, answer: Answer, box: Box) -> list[str]:
    """The whole picture's five best classes, and those under the patch."""
    x, y, width, _ = box
    parts = _group("the whole picture", answer.now, answer, (x, y, width))
    if scene.chosen is None:
        return parts
    place = scene.chosen[0] * answer.values.shape[1] + scene.chosen[1]
    if place >= len(answer.under):
        return parts
    at: tuple[float, float, float] = (x, y + TITLE + maps.BEST * ROW + 8, width)
    if width >= 400:  # side by side
        half = (width - GAP) / 2
        parts = _group("the whole picture", answer.now, answer, (x, y, half))
        at = (x + half + GAP, y, half)
    words = "with the patch that is framed"
    return [*parts, *_group(words, answer.under[place], answer, at)]


def _empty(box: Box) -> list[str]:
    """Room for the bars of a network that has not been read yet."""
    x, y, width, _ = box
    tops = (y + TITLE + i * ROW + 17 for i in range(maps.BEST))
    return [rect(x, top, width, 7, f"fill: none; stroke: {LINE}") for top in tops]


def _group(title: str, guesses: Five, answer: Answer, at: tuple[float, float, float]) -> list[str]:
    x, y, width = at
    parts = [text(x, y + 14, title, anchor="start", bold=True)]
    for i, guess in enumerate(guesses):
        top = y + TITLE + i * ROW
        asked = guess.number == answer.target.number
        share = percent(guess.share)
        name = _cut(("▸ " if asked else "") + guess.name, width - 8 * len(share))
        parts += [
            text(x, top + 13, name, anchor="start", bold=asked),
            text(x + width, top + 13, share, anchor="end"),
            rect(x, top + 17, width, 7, f"fill: none; stroke: {LINE}"),
            # Whole pixels: the stored picture is the same on every machine.
            rect(x, top + 17, round(width * guess.share), 7, f"fill: {BLUE if asked else MUTED}"),
        ]
    return parts


def _progress(scene: SeeingScene, box: Box) -> list[str]:
    """How far it is, while it computes and where it was stopped."""
    if not scene.state:
        return []
    x, y, width, height = box
    done, total = (scene.answer.done, scene.answer.total) if scene.answer else (0, 1)
    words = f"{scene.state}: {done:,} of {total:,} steps" if scene.answer else "reading the network"
    return [
        text(x, y + 14, words, anchor="start"),
        rect(x + 230, y + 4, width - 230, height - 8, f"fill: none; stroke: {INK}")
        if width > 300
        else "",
        rect(x + 230, y + 4, (width - 230) * done / total, height - 8, f"fill: {BLUE}")
        if width > 300
        else rect(x, y + 18, width * done / total, 4, f"fill: {BLUE}"),
    ]


def _cut(words: str, width: float) -> str:
    longest = max(int(width / 7.5), 2)
    return words if len(words) <= longest else words[: longest - 1] + "…"
