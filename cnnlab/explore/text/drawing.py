"""Words in a row with their two numbers, and under them what each filter answers.

Where the words do not fit side by side, the same picture is turned: they run down, and each
filter has a column.
"""

import numpy as np

from cnnlab.explore.numbers import number, short
from cnnlab.explore.scene import Stage
from cnnlab.explore.svg import (
    BLUE,
    GREEN,
    INK,
    LINE,
    MUTED,
    PAPER,
    WASH_BLUE,
    WASH_GREEN,
    path,
    picture,
    rect,
    target,
    text,
    tinted,
    written,
)
from cnnlab.explore.text.layout import LETTER, MARGIN, Box, Layout, layout
from cnnlab.explore.text.model import BAD, GOOD, NO
from cnnlab.explore.text.reading import Reading, Row
from cnnlab.explore.text.scene import TextScene


def draw(scene: TextScene, stage: Stage) -> str:
    """Draw the words, their numbers, and the answers of each filter.

    Examples
    --------
    >>> from cnnlab.explore.text.scene import text_scene
    >>> draw(text_scene(), Stage(560, 400)).count('data-key="window:')
    14
    """
    reading = scene.reading
    parts = _Drawing(reading, layout(reading, stage)).parts() if reading else _known(stage)
    return picture(stage.width, stage.height, scene.text, parts)


def _known(stage: Stage) -> list[str]:
    """Some words that have a number, where the sentence cannot be read."""
    kinds = {"feeling 1": GOOD, "feeling −1": BAD, "no 1": NO}
    count, columns, high = 6, 2 if stage.narrow else 6, 30
    size, y = (stage.width - 2 * MARGIN) / columns, 50
    parts = [text(stage.width / 2, 28, "Words that have a number", size=14)]
    for title, known in kinds.items():
        parts.append(text(MARGIN + 3, y + 16, title, fill=MUTED, anchor="start"))
        for k, word in enumerate(sorted(known, key=lambda each: (len(each), each))[:count]):
            left, top = MARGIN + k % columns * size, y + 24 + k // columns * high
            parts += _card(Box(left + 2, top, size - 4, high - 4), word)
        y += 34 + count // columns * high
    return parts


def _card(box: Box, word: str, padding: bool = False) -> list[str]:
    """A word in its box, cut where it is too long; padding is dashed."""
    look = f"fill: {WASH_BLUE}; stroke: {BLUE}"
    if padding:
        look = f"fill: {PAPER}; stroke: {LINE}; stroke-dasharray: 4 3"
    most = max(int((box.width - 4) / LETTER), 1)
    short_word = word if len(word) <= most else f"{word[: most - 1]}…"
    ink = MUTED if padding else INK
    return [rect(*box, look, 4), written(box.centre, box.base, short_word, box.width, fill=ink)]


def _cell(box: Box, share: float, words: str, dashes: str = "") -> list[str]:
    """A number on the colour of its share, from −1 to 1."""
    ink = INK if share else MUTED
    return [
        rect(*box, f"fill: {PAPER}; stroke: {LINE}{dashes}", 3),
        rect(*box, tinted(share), 3),
        written(box.centre, box.base, words, box.width + 2, fill=ink, most=13),
    ]


class _Drawing:
    """The parts of one drawing."""

    def __init__(self, reading: Reading, place: Layout) -> None:
        self.reading, self.place = reading, place
        largest = max(row.answers.max(initial=0) for row in reading.rows)
        self.strongest = float(largest) or 1.0

    def parts(self) -> list[str]:
        """All of them, from back to front."""
        parts, real = [*self.place.titles()], len(self.reading.words)
        for i, token in enumerate(self.reading.tokens):
            card = _card(self.place.word(i), token, padding=i >= real)
            parts.append(target(f"word:{i}", card))
        for (channel, i), value in np.ndenumerate(self.reading.vectors):
            cell = _cell(self.place.number(channel, i), float(value), number(value))
            parts.append(target(f"number:{channel},{i}", cell))
        for row in self.reading.rows:
            parts += self.row(row)
        return parts

    def row(self, row: Row) -> list[str]:
        """Answers of one filter and its result, or why there is none."""
        if row.pooled is None:
            return [self.place.unfit(row)]
        maximum = self.reading.pooling == "maximum"
        first = row.winners[:1] if maximum else []
        framed = row.winners if maximum else row.firing
        parts = [path(self.place.bracket(row, i), GREEN, 2.5) for i in first]
        parts += [self.answer(row, i) for i in range(len(row.answers))]
        for i in framed:
            dashes = "; stroke-dasharray: 4 3" if maximum and i not in first else ""
            look = f"fill: none; stroke: {GREEN}; stroke-width: 2.5{dashes}; pointer-events: none"
            parts.append(rect(*self.place.answer(row, i), look, 3))
        return [*parts, self.result(row, row.pooled)]

    def answer(self, row: Row, i: int) -> str:
        """One answer; a window that is left out is dashed."""
        box, value = self.place.answer(row, i), float(row.answers[i])
        if i < row.kept:
            cell = _cell(box, value / self.strongest, short(value))
        else:
            cell = _cell(box, 0, "–", "; stroke-dasharray: 3 3")
        return target(f"window:{row.width},{i}", cell)

    def result(self, row: Row, value: float) -> str:
        """The number that is kept, rounded where there is little room."""
        box = self.place.result(row)
        look = f"fill: {WASH_GREEN}; stroke: {GREEN}; stroke-width: 2"
        names, most = (short(value), f"{value:.2g}"), 15 if box.width > 40 else 13
        found = (written(box.centre, box.base, name, box.width + 4, most=most) for name in names)
        words = next((each for each in found if each), "")
        return target(f"pooled:{row.width}", [rect(*box, look, 4), words])
