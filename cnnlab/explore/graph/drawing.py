"""Nodes in columns, from the leaves to the output; in rows where the page is narrow."""

import math
from typing import NamedTuple

from cnnlab.explore.graph import words
from cnnlab.explore.graph.passes import called, formula
from cnnlab.explore.graph.scene import GraphScene
from cnnlab.explore.scene import Stage
from cnnlab.explore.svg import (
    BLUE,
    GREEN,
    INK,
    LINE,
    MUTED,
    PAPER,
    SMALLEST,
    VERMILLION,
    path,
    picture,
    rect,
    slot,
    target,
    text,
    written,
)
from cnnlab.scratch.graph import Node, label

MARGIN, STRIP, ROW = 4, 54, 22  # pixels: around, the two rows of steps together, and each of them
NAMES = 72  # pixels left of the steps
WIDEST, HIGHEST, LINES = 180, 80, (14, 18)  # of a node; height of its lines, at least and at most
MESSAGE = (40, 15)  # pixels of a message: along the arrow, across it
BENDS = (0.0, 12.0, -12.0, 24.0, -24.0, 40.0, -40.0, 60.0, -60.0)  # pixels, to try in turn
HALO = f"; stroke: {PAPER}; stroke-width: 5px; paint-order: stroke"
SHORTER = (("to the power ", "^"), ("sigmoid", "σ"))


class Box(NamedTuple):
    """Middle and size of a node."""

    x: float
    y: float
    width: float
    height: float

    @property
    def line(self) -> int:
        """Height of a line, so that four have room if they can."""
        return min(max(int((self.height - 4) / 4), LINES[0]), LINES[1])

    def size(self, words_: str) -> int:
        """Pixels of words that keep off the sides, where they can."""
        return min(self.line, max(int((self.width - 10) / (0.6 * len(words_))), SMALLEST))

    def near(self, narrow: bool) -> tuple[float, float]:
        """Where arrows end."""
        return (self.x, self.y - self.height / 2) if narrow else (self.x - self.width / 2, self.y)

    def far(self, narrow: bool) -> tuple[float, float]:
        """Where arrows start."""
        return (self.x, self.y + self.height / 2) if narrow else (self.x + self.width / 2, self.y)


def draw(scene: GraphScene, stage: Stage) -> str:
    """Draw the graph, and under it a strip with a cell for each step.

    Examples
    --------
    >>> from cnnlab.explore.graph.scene import graph_scene
    >>> scene = graph_scene(expression="w*x + b", values={}, leaf="w", nudge=0.0)
    >>> draw(scene, Stage(560, 400)).count('data-key="node:')
    5
    """
    boxes, gap = _boxes(scene, stage)
    nodes, narrow = scene.passes.shown, stage.narrow
    edges = [_edges(node, boxes, narrow) for node in nodes]
    parts = [edge.drawn() for each in edges for edge in each]
    parts += [_node(scene, node, boxes[node.name]) for node in nodes]
    parts += [words_ for each in edges for words_ in _messages(each, gap, narrow)]
    return picture(stage.width, stage.height, scene.text, parts + _strip(scene, stage))


def _boxes(scene: GraphScene, stage: Stage) -> tuple[dict[str, Box], float]:
    """Where the nodes lie, their columns one below the other if narrow; and the gap between."""
    at = scene.places
    rows = [place.row for place in at.values()]
    many, most = max(place.column for place in at.values()) + 1, max(rows) - min(rows) + 1
    width, height = stage.width - 2 * MARGIN, stage.height - STRIP - 2 * MARGIN
    across, down = (width / most, height / many) if stage.narrow else (width / many, height / most)
    aside = 4 if stage.narrow else min(max(across - 58, 9), max(48, across / 3))
    box_width = min(WIDEST, across - aside)
    box_height = min(HIGHEST, down - (min(max(down - 44, 8), down / 3) if stage.narrow else 6))
    found = {}
    for name, (column, row) in at.items():
        along, aside = column + 0.5, row - min(rows) + 0.5
        x, y = (aside, along) if stage.narrow else (along, aside)
        found[name] = Box(MARGIN + x * across, MARGIN + y * down, box_width, box_height)
    return found, down - box_height if stage.narrow else across - box_width


def _node(scene: GraphScene, node: Node, box: Box) -> str:
    passes = scene.passes
    leaf = not node.operation
    ends = node.name == passes.graph.output
    look = f"stroke: {INK if leaf else BLUE}; stroke-width: {3 if ends else 1.5}"
    left, top = box.x - box.width / 2, box.y - box.height / 2
    frame = rect(left, top, box.width, box.height, f"fill: {PAPER}; {look}", 10 if leaf else 2)
    high = box.line
    lines = [top + high - 0.5 + i * high for i in range(int((box.height - 1) // high))]
    lines = lines or [box.y + 4]
    value = _slot(
        f"value:{node.name}", box, lines[1:2], words.brief(passes.values[node.name]), BLUE
    )
    signals = passes.backward.signals
    signal = _slot(
        f"signal:{node.name}", box, lines[2:3], words.brief(signals[node.name]), VERMILLION
    )
    name = next((w for w in (_fit(box, lines[:1], n, INK) for n in _names(scene, node)) if w), "")
    parts = [frame, value, signal, name]
    if moved := passes.moved[node.name]:
        sign = "+" if moved > 0 else ""
        parts.append(_fit(box, lines[3:4], f"{sign}{words.brief(moved)}", GREEN))
    # The value comes first, because it is what a reader hears of a cell, and what is edited.
    return target(f"node:{node.name}", parts, fixed=not leaf)


def _names(scene: GraphScene, node: Node) -> list[str]:
    """What may stand on a node, the first that fits."""
    graph = scene.passes.graph
    if not node.operation:
        return [node.name]
    does = label(graph, node)
    does = "times" if does == "·" else does  # a dot alone is hardly seen
    whole = formula(graph, node).replace(" ", "")
    for long, short in SHORTER:
        does, whole = does.replace(long, short), whole.replace(long, short)
    if not node.is_unnamed:
        return [f"{node.name} = {whole}", f"{node.name} = {does}", node.name]
    name = called(graph, node)
    return [whole, does] if name != node.name else [f"{name} = {does}", name]


def _fit(box: Box, line: list[float], words_: str, fill: str) -> str:
    if not line or box.height <= 13:
        return ""
    return written(box.x, line[0], words_, box.width - 2, fill=fill, most=box.size(words_))


def _slot(name: str, box: Box, line: list[float], widest: str, fill: str) -> str:
    """Room for a number that comes with a step; where it does not fit, it is only said."""
    y = line[0] if line else box.y
    size = box.size(widest)
    fits = line and 0.56 * size * len(widest) <= box.width  # digits are narrow
    look = fill if fits else f"{fill}; display: none"
    return slot(name, text(box.x, y, "", size=size, fill=look))


class Edge(NamedTuple):
    """An arrow from a parent to its reader, and the slot of the message that goes back."""

    start: tuple[float, float]
    end: tuple[float, float]
    bend: tuple[float, float]
    slot: str

    def at(self, share: float) -> tuple[float, float]:
        """A point of it, 0 at the parent and 1 at the reader."""
        (x, y), (to_x, to_y), (aside_x, aside_y), _ = self
        far = 4 * share * (1 - share)
        return x + share * (to_x - x) + far * aside_x, y + share * (to_y - y) + far * aside_y

    def clear(self, others: list[Box]) -> bool:
        """Whether it touches none of these nodes."""
        points = [self.at(i / 30) for i in range(31)]
        return not any(
            abs(x - box.x) < box.width / 2 + 3 and abs(y - box.y) < box.height / 2 + 3
            for x, y in points
            for box in others
        )

    def drawn(self) -> str:
        """The arrow as a path."""
        (x, y), (to_x, to_y), (aside_x, aside_y), _ = self
        turn_x, turn_y = (x + to_x) / 2 + 2 * aside_x, (y + to_y) / 2 + 2 * aside_y
        angle = math.atan2(to_y - turn_y, to_x - turn_x)
        left, right = (
            f"{to_x - 8 * math.cos(angle + a):.1f} {to_y - 8 * math.sin(angle + a):.1f}"
            for a in (-0.4, 0.4)
        )
        line = f"M{x:.1f} {y:.1f}Q{turn_x:.1f} {turn_y:.1f} {to_x:.1f} {to_y:.1f}"
        return path(f"{line}M{left}L{to_x:.1f} {to_y:.1f}L{right}", LINE, 1.5)


def _edges(node: Node, boxes: dict[str, Box], narrow: bool) -> list[Edge]:
    """Arrows to a node, bent around other nodes, and apart where a parent is read twice."""
    found: list[Edge] = []
    for i, name in enumerate(node.parents):
        if name not in boxes:
            continue
        start, end = boxes[name].far(narrow), boxes[node.name].near(narrow)
        others = [box for other, box in boxes.items() if other not in (name, node.name)]
        bends = [((b, 0.0) if narrow else (0.0, b)) for b in BENDS[node.parents[:i].count(name) :]]
        edges = [Edge(start, end, bend, f"message:{node.name},{name},{i}") for bend in bends]
        found.append(next((edge for edge in edges if edge.clear(others)), edges[0]))
    return found


def _messages(edges: list[Edge], gap: float, narrow: bool) -> list[str]:
    """Room for the messages of one node: in the gap before it, so that none hides another."""
    least = MESSAGE[::-1] if narrow else MESSAGE
    if not edges or gap < least[0]:
        return []
    axis = 0 if narrow else 1  # along which they stand apart
    spots = []
    for edge in edges:
        length = edge.end[1 - axis] - edge.start[1 - axis]
        spots.append((edge.at(1 - gap / 2 / length), edge.slot))
    spots.sort(key=lambda spot: spot[0][axis])
    middle = sum(spot[0][axis] for spot in spots) / len(spots)
    places = [spot[0][axis] for spot in spots]
    for i in range(1, len(places)):
        places[i] = max(places[i], places[i - 1] + least[1])
    shift = middle - sum(places) / len(places)
    parts = []
    for place, (point, name) in zip(places, spots, strict=True):
        x, y = (place + shift, point[1]) if narrow else (point[0], place + shift)
        parts.append(slot(name, text(x, y + 4, "", size=12, fill=VERMILLION + HALO)))
    return parts


def _strip(scene: GraphScene, stage: Stage) -> list[str]:
    """A cell for each step, forward above back."""
    (grid, *_) = scene.grids
    top = stage.height - STRIP + 8
    parts = [
        text(NAMES - 8, top + i * ROW + 15, name, size=12, fill=MUTED, anchor="end")
        for i, name in enumerate(("forward", "back"))
    ]
    width = min(44, (stage.width - NAMES - MARGIN) / max(scene.steps))
    for i, keys in enumerate(grid["keys"]):
        for j, key in enumerate(keys):
            x, y = NAMES + j * width, top + i * ROW
            cell = rect(x + 1, y + 1, width - 2, ROW - 3, f"fill: {PAPER}; stroke: {LINE}", 2)
            words_ = written(x + width / 2, y + 15, str(j), width - 4, fill=MUTED, most=12)
            parts.append(target(key, [cell, words_]))
    return parts
