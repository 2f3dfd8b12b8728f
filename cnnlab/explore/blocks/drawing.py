"""Maps flow through the block's layers, as ribbons as wide as they are many; bars compare."""

from cnnlab._text import by
from cnnlab.explore.architecture.blocks import Block, Lane
from cnnlab.explore.blocks.scene import BlockScene
from cnnlab.explore.numbers import percent
from cnnlab.explore.scene import Stage
from cnnlab.explore.svg import (
    BLUE,
    GREEN,
    INK,
    LINE,
    MUTED,
    PAPER,
    VERMILLION,
    WASH_BLUE,
    WASH_GREEN,
    WASH_ORANGE,
    path,
    picture,
    rect,
    target,
    text,
)

MARGIN, HEAD, BARS = 8, 46, 88  # pixels: around all, two headings, one pair of bars
WIDEST, HIGHEST = 176, 80  # of a box
NAMED = 66  # room for the name of a bar
LOOKS = {
    "1×1": f"fill: {WASH_ORANGE}; stroke: {VERMILLION}",
    "wide": f"fill: {WASH_BLUE}; stroke: {BLUE}",
    "pool": f"fill: {WASH_GREEN}; stroke: {GREEN}",
}

Box = tuple[float, float, float, float]
Point = tuple[float, float]


def draw(scene: BlockScene, stage: Stage) -> str:
    """Draw the layers, the maps between them, and the bars.

    Examples
    --------
    >>> from cnnlab.explore.blocks.scene import block_scene
    >>> draw(block_scene(kind="inception"), Stage(900, 430)).count('data-key="layer:')
    7
    """
    groups = 2 if stage.narrow else 1
    bottom = stage.height - MARGIN - groups * BARS
    plan = _Plan(scene, (MARGIN, HEAD, stage.width - 2 * MARGIN, bottom - HEAD - 14), stage.narrow)
    parts = [*_headings(scene, stage.width), *plan.ribbons(), *plan.boxes()]
    whole = stage.width - 2 * MARGIN
    wide = whole if stage.narrow else (whole - 24) / 2
    for n, measure in enumerate(("params", "macs")):
        x, y = (MARGIN, bottom + n * BARS) if stage.narrow else (MARGIN + n * (wide + 24), bottom)
        parts += _bars(scene, measure, (x, y, wide, BARS), stage.narrow)
    return picture(stage.width, stage.height, scene.text, parts)


def _headings(scene: BlockScene, width: float) -> list[str]:
    words, seen = scene.heading, scene.seen
    if 8.3 * len(words) > width - 2 * MARGIN:
        words = words.split(": ")[1]
    if 6.8 * len(seen) > width - 2 * MARGIN:
        seen = seen.removesuffix(" pixels")
    head = text(MARGIN, 18, words, size=13, anchor="start", bold=True)
    return [head, text(MARGIN, 36, seen, size=12, anchor="start", fill=MUTED)]


def _look(layer: Block) -> str:
    """Fill and border by what a layer looks at: one pixel, several, or no weights at all."""
    return LOOKS["pool" if layer.kind == "pool" else "1×1" if "1×1" in layer.title else "wide"]


class _Plan:
    """Where the layers lie, and how the maps flow between them."""

    def __init__(self, scene: BlockScene, area: Box, narrow: bool) -> None:
        found = scene.built
        self.built, self.lanes = found, found.lanes
        self.x0, self.y0, self.width, self.height = area
        self.added = found.fork is not None and found.fork.join == "added"
        self.across = len(found.before) + max(map(len, self.lanes), default=0)
        least = (22 if self.across < 3 else 14) if narrow else 56
        self.wide = min(WIDEST, (self.width - (self.across + 1) * least) / self.across)
        self.gap = (self.width - self.across * self.wide) / (self.across + 1)
        self.high = min(HIGHEST, self.height / max(len(self.lanes), 1) - 12)
        self.counted = not narrow
        most = max(
            found.tree.summary.output_shape[0], *(layer.in_shape[0] for layer in found.layers)
        )
        self.scale = (self.high - 8) / most  # pixels a map: no ribbon is wider than a box is high
        self.middle = self.y0 + self.height / 2
        self.end = self.x0 + self.width
        self.join = self.end - 0.55 * self.gap

    def lane(self, i: int) -> float:
        """Height of a path's middle."""
        return self.y0 + (i + 0.5) * self.height / len(self.lanes)

    def column(self, i: int) -> float:
        """Left edge of the boxes of a column."""
        return self.x0 + self.gap + i * (self.wide + self.gap)

    def rows(self) -> list[tuple[Lane, int, float]]:
        """Boxes in a row: their layers, the first one's column, the height of their middle."""
        first = len(self.built.before)
        found = [(self.built.before, 0, self.middle)]
        for i, lane in enumerate(self.lanes):
            # What makes the output stands last, a bottleneck before it.
            found.append((lane, first + self.across - first - len(lane), self.lane(i)))
        return found

    def boxes(self) -> list[str]:
        """The layers, in the order of the scene's."""
        parts: list[str] = []
        for lane, first, y in self.rows():
            for i, layer in enumerate(lane):
                box = (self.column(first + i), y - self.high / 2, self.wide, self.high)
                inside = _words(layer, box)
                parts.append(target(f"layer:{len(parts)}", [rect(*box, _look(layer), 6), *inside]))
        if self.added:
            x, y = self.join, self.middle
            parts.append(rect(x - 11, y - 11, 22, 22, f"fill: {PAPER}; stroke: {INK}", 11))
            parts.append(path(f"M{x - 6:g} {y:g}h12M{x:g} {y - 6:g}v12", INK, 2))
        return parts

    def ribbons(self) -> list[str]:
        """Maps that enter, that pass from layer to layer, and that leave."""
        layers, out = self.built.layers, self.built.tree.summary.output_shape[0]
        parts: list[str] = []
        start: Point = (self.x0, self.middle)
        for i, layer in enumerate(self.built.before):
            x = self.column(i)
            parts.append(self.ribbon(start, (x, self.middle), layer.in_shape[0]))
            start = (x + self.wide, self.middle)
        if not self.lanes:
            parts.append(self.ribbon(start, (self.end, self.middle), out))
        else:
            parts += self.forked(start, out)
        if self.counted:
            parts.append(self.number(layers[0].in_shape[0], self.x0, "start"))
            parts.append(self.number(out, self.end, "end"))
        return parts

    def forked(self, start: Point, out: int) -> list[str]:
        """Maps on several paths, from where they part to where they meet."""
        parts: list[str] = []
        enters = self.lanes[0][0].in_shape[0]
        left = self.column(len(self.built.before))
        stacked = self.middle - out * self.scale / 2
        for lane, first, y in self.rows()[1:]:
            if not lane:
                parts += self.around(start, y, enters)
                continue
            here, maps = (left, y), enters
            parts.append(self.ribbon(start, here, maps))
            for i, layer in enumerate(lane):
                x = self.column(first + i)
                parts.append(self.ribbon(here, (x, y), maps))
                here, maps = (x + self.wide, y), layer.out_shape[0]
            stop = (self.end, stacked + maps * self.scale / 2)
            parts.append(self.ribbon(here, (self.join, self.middle) if self.added else stop, maps))
            stacked += maps * self.scale
        if self.added:
            parts.append(self.ribbon((self.join, self.middle), (self.end, self.middle), out))
        return parts

    def number(self, maps: int, x: float, anchor: str) -> str:
        """How many maps there are, over their ribbon."""
        y = self.middle - max(maps * self.scale, 2) / 2 - 6
        return text(x, y, f"{maps} maps", size=12, anchor=anchor, fill=MUTED)

    def around(self, start: Point, y: float, maps: int) -> list[str]:
        """A path that hands on what it gets."""
        left, right = self.column(len(self.built.before)), self.end - self.gap
        return [
            self.ribbon(start, (left, y), maps),
            self.ribbon((left, y), (right, y), maps),
            self.ribbon((right, y), (self.join, self.middle), maps),
            text((left + right) / 2, y + 4, "as it is", size=12),
        ]

    def ribbon(self, start: Point, end: Point, maps: int) -> str:
        """A band as wide as the maps are many."""
        (x, y), (u, v) = start, end
        if u - x < 0.5:
            return ""
        half, bend = max(maps * self.scale, 2) / 2, (x + u) / 2
        d = f"M{x:.1f} {y - half:.1f}C{bend:.1f} {y - half:.1f} {bend:.1f} {v - half:.1f} {u:.1f} "
        d += f"{v - half:.1f}V{v + half:.1f}C{bend:.1f} {v + half:.1f} {bend:.1f} {y + half:.1f} "
        d += f"{x:.1f} {y + half:.1f}Z"
        return f'<path d="{d}" style="fill: {LINE}; fill-opacity: 0.35; stroke: none"/>'


def _words(layer: Block, box: Box) -> list[str]:
    """As many lines as fit into a box: what it is, what leaves it, what it learns."""
    x, y, width, high = box
    brief = layer.title.partition(" ")[2]
    title = _fitting([layer.title, brief, brief.partition(",")[0]], width)
    shape = _fitting([by(layer.out_shape), f"{layer.out_shape[0]}"], width)
    learned = f"{layer.params:,}"
    every = [f"{learned} parameters", learned] if layer.params else ["nothing to learn", learned]
    learns = _fitting(every, width, each=7.2)
    lines = [words for words in (title, shape, learns) if words][: int((high - 4) / 16)]
    top = y + high / 2 - 8 * (len(lines) - 1) + 4
    return [
        text(x + width / 2, top + 16 * i, words, size=12, bold=i == 0)
        for i, words in enumerate(lines)
    ]


def _fitting(choices: list[str], width: float, each: float = 8.2) -> str:
    """The first words that fit, at so many pixels a letter."""
    return next((words for words in choices if words and each * len(words) <= width - 4), "")


def _bars(scene: BlockScene, measure: str, box: Box, narrow: bool) -> list[str]:
    """The block's bar, layer by layer, over that of the plain convolution."""
    x, y, width, _ = box
    found = scene.built
    mine, plain = getattr(found.tree.summary, measure), getattr(found.plain, measure)
    name, share = {"params": "parameters", "macs": "MACs"}[measure], percent(mine / plain)
    title = f"{name}: {share}" if narrow else f"{name}: {share} of a plain 3×3"
    parts = [text(x, y + 14, title, size=13, anchor="start", bold=True)]
    # On a narrow page the words stand over their bars, else before and behind them.
    left, room = (x, width) if narrow else (x + NAMED, width - NAMED)
    tops, high = ((y + 35, y + 67), 12) if narrow else ((y + 22, y + 46), 20)
    behind = 0 if narrow else 8 * len(f"{max(mine, plain):,}") + 8  # room for the number
    unit = (room - behind) / max(mine, plain)
    along = left
    for i, layer in enumerate(found.layers):
        if wide := unit * getattr(layer, measure):
            segment = rect(along, tops[0], wide, high, _look(layer))
            parts.append(target(f"{measure}:{i}", [segment]))
            along += wide
    look = f"fill: {PAPER}; stroke: {INK}"
    parts.append(rect(left, tops[1], unit * plain, high, look))
    for top, words, number in ((tops[0], "block", mine), (tops[1], "plain 3×3", plain)):
        if narrow:
            parts.append(text(x, top - 4, f"{words}: {number:,}", size=12, anchor="start"))
            continue
        parts.append(text(x, top + 15, words, size=12, anchor="start"))
        end = left + unit * number + 6
        parts.append(text(end, top + 15, f"{number:,}", size=12, anchor="start"))
    return parts
