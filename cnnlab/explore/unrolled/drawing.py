"""A column for each step: what is read, the state, the odds of each letter, the one that is named."""

from cnnlab.explore.numbers import number
from cnnlab.explore.scene import Stage
from cnnlab.explore.svg import (
    BLUE,
    GREEN,
    INK,
    LINE,
    MUTED,
    PAPER,
    VERMILLION,
    path,
    picture,
    rect,
    target,
    text,
    tinted,
    written,
)
from cnnlab.explore.unrolled.scene import UnrolledScene

TOP, BOX, CELL, GAP = 20, 24, 20, 18  # pixels: of the names, a letter, a number, an arrow
MESSAGE = 44  # of the highest bar
LABELS = ("named", "odds", "state", "reads", "message back")


def draw(scene: UnrolledScene, stage: Stage) -> str:
    """Draw the network unrolled, and under it how long the message of the last loss still is.

    Examples
    --------
    >>> from cnnlab.explore.unrolled.scene import unrolled_scene
    >>> draw(unrolled_scene(), Stage(900, 400)).count('data-key="step:')
    4
    """
    plan = _Plan(scene, stage)
    steps = range(len(scene.run.reads))
    parts = [*plan.labels(), *plan.arrows(), *(plan.step(i) for i in steps)]
    return picture(stage.width, stage.height, scene.text, parts)


class _Plan:
    """Where the rows and columns lie."""

    def __init__(self, scene: UnrolledScene, stage: Stage) -> None:
        self.scene, self.run = scene, scene.run
        self.left = 4 if stage.narrow else 96
        self.column = (stage.width - self.left - 4) / len(self.run.reads)
        # As wide as words need, with room for the arrow to the next state.
        self.box = min(self.column - (8 if stage.narrow else 28), 110)
        self.narrow = stage.narrow
        units, letters = len(self.run.states), len(scene.letters)
        self.named = TOP
        self.odds = self.named + BOX + 4
        self.state = self.odds + letters * CELL + GAP
        self.reads = self.state + units * CELL + GAP
        self.message = self.reads + BOX + (24 if stage.narrow else 12)
        self.bottom = self.message + MESSAGE + 18

    def x(self, i: int) -> float:
        """Middle of a column."""
        return self.left + (i + 0.5) * self.column

    def labels(self) -> list[str]:
        tops = (self.named, self.odds, self.state, self.reads, self.message)
        if self.narrow:  # over the picture, and over the bars
            words = "named, odds, state, letter read"
            return [
                text(4, 14, words, size=12, fill=MUTED, anchor="start"),
                text(4, self.message - 6, "message back", size=12, fill=MUTED, anchor="start"),
            ]
        return [
            text(4, top + 16, words, size=12, fill=MUTED, anchor="start")
            for top, words in zip(tops, LABELS, strict=True)
        ]

    def arrows(self) -> list[str]:
        """From what is read to the state, to the odds, and from each state to the next."""
        middle = self.state + len(self.run.states) * CELL / 2
        parts = []
        for i in range(len(self.run.reads)):
            x = self.x(i)
            parts.append(_arrow(f"M{x:.1f} {self.reads}V{self.reads - GAP + 5:g}", INK, "up"))
            parts.append(_arrow(f"M{x:.1f} {self.state}V{self.state - GAP + 5:g}", GREEN, "up"))
            if i and self.scene.memory:
                start, end = self.x(i - 1) + self.box / 2, x - self.box / 2
                parts.append(_arrow(f"M{start:.1f} {middle:g}H{end - 4:.1f}", VERMILLION, "right"))
        return parts

    def step(self, i: int) -> str:
        x, found = self.x(i), self.run
        frame = rect(
            x - self.column / 2 + 1,
            self.named - 2,
            self.column - 2,
            self.bottom - self.named,
            "fill: transparent; stroke: none",
            4,
        )
        named = self.scene.named[i]
        right = named == found.right[i]
        parts = [frame, self.letter(x, self.named, named, GREEN if right else VERMILLION, right)]
        odds = found.probabilities[:, i].tolist()
        for k, (letter, share) in enumerate(zip(self.scene.letters, odds, strict=True)):
            words = f"{letter} {100 * share:.0f} %"
            parts.append(self.cell(x, self.odds + k * CELL, share, words, letter))
        for k, value in enumerate(found.states[:, i].tolist()):
            parts.append(self.cell(x, self.state + k * CELL, value, number(round(value, 2)), ""))
        parts.append(self.letter(x, self.reads, found.reads[i], INK, True))
        parts += self.bar(x, float(found.arrived[i]))
        return target(f"step:{i}", parts)

    def letter(self, x: float, y: float, letter: str, color: str, solid: bool) -> str:
        """A letter in a box; a broken outline where it is wrong."""
        dash = "none" if solid else "4 3"
        style = f"fill: {PAPER}; stroke: {color}; stroke-width: 2; stroke-dasharray: {dash}"
        box = rect(x - self.box / 2, y, self.box, BOX, style, 6)
        return box + text(x, y + 17, letter, size=15, bold=True)

    def cell(self, x: float, y: float, value: float, words: str, fewer: str) -> str:
        """A number as colour, and in words where they fit."""
        style = f"{tinted(value)}; stroke: {LINE}; stroke-width: 0.5"
        inside = written(x, y + 15, words, self.box, most=13) or written(
            x, y + 15, fewer, self.box, most=13
        )
        return rect(x - self.box / 2, y, self.box, CELL, style) + inside

    def bar(self, x: float, share: float) -> list[str]:
        """How much of the last loss's message arrives, against the most that does."""
        height = max(MESSAGE * share / float(self.run.arrived.max()), 1.0)
        foot = self.message + MESSAGE
        bar = rect(x - 9, foot - height, 18, height, f"fill: {BLUE}; stroke: none")
        return [bar, written(x, foot + 15, f"{100 * share:.0f} %", self.column, most=12)]


def _arrow(line: str, color: str, towards: str) -> str:
    """A line with a head."""
    head = {"up": "m-4 5l4 -5l4 5", "right": "m-5 -4l5 4l-5 4"}[towards]
    return path(f"{line}{head}", color, 1.8)
