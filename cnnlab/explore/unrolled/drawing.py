"""One column for each step: the letter read, the state, and what follows from it."""

import numpy as np

from cnnlab.explore.numbers import short
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
    tinted,
    written,
)
from cnnlab.explore.unrolled.model import LETTERS
from cnnlab.explore.unrolled.reading import Reading
from cnnlab.explore.unrolled.scene import UnrolledScene
from cnnlab.explore.unrolled.words import brief, share

MARGIN, LABELS, TITLE, ROW, GAP = 6, 16, 17, 26, 8  # pixels
WIDEST, TALLEST = 165, 42  # a column's width and a unit's height, at most
BRIEF, SHORT, LONG = 27, 44, 60  # widths of a cell in which all numbers of their kind fit
ODDS, NUMBERS = 92, 16  # heights of the third part, and of the numbers over its bars


def draw(scene: UnrolledScene, stage: Stage) -> str:
    """Draw the steps side by side, in time from left to right.

    Examples
    --------
    >>> from cnnlab.explore.unrolled.scene import unrolled_scene
    >>> draw(unrolled_scene(units=2), Stage(560, 456)).count('data-key="unit:')
    8
    """
    reading = scene.reading
    parts = _alphabet(stage) if reading is None else _Steps(reading, stage).parts()
    return picture(stage.width, stage.height, scene.text, parts)


def _alphabet(stage: Stage) -> list[str]:
    """The letters that a word may have, where it has others."""
    size = (stage.width - 5 * MARGIN) / len(LETTERS)
    size, y = min(size, 120), stage.height / 3
    left = (stage.width - len(LETTERS) * size) / 2
    parts = [text(stage.width / 2, y - 16, "The letters of a word may be", size=14)]
    for k, letter in enumerate(LETTERS):
        parts += _card(left + k * size + 3, y, size - 6, [letter], f"fill: {WASH_BLUE}")
    return parts


def _card(x: float, y: float, width: float, names: list[str], look: str) -> list[str]:
    """A box of one line with the first of some words that fit."""
    found = (written(x + width / 2, y + 18, name, width - 2, most=15) for name in names)
    return [rect(x, y, width, ROW, look, 4), next((words for words in found if words), "")]


class _Steps:
    """One drawing: where its columns and rows lie."""

    def __init__(self, reading: Reading, stage: Stage) -> None:
        self.reading, self.stage = reading, stage
        room = stage.width - LABELS - 2 * MARGIN
        self.pitch = min(WIDEST, room / reading.steps)
        self.left = LABELS + MARGIN + (room - self.pitch * reading.steps) / 2
        self.between = min(22, 0.25 * self.pitch)
        self.width = self.pitch - self.between
        rows = 3 * (TITLE + ROW + GAP) + 2 * TITLE + ODDS + 2 * GAP
        self.tall = stage.height - rows  # height of the states
        self.read_top = TITLE
        self.state_top = self.read_top + ROW + GAP + TITLE
        self.odds_top = self.state_top + self.tall + GAP + TITLE
        self.given_top = self.odds_top + ODDS + GAP + TITLE
        self.wanted_top = self.given_top + ROW + GAP + TITLE

    def x(self, t: int) -> float:
        return self.left + t * self.pitch + self.between / 2

    def parts(self) -> list[str]:
        reading = self.reading
        parts = [self.looked_at(), *self.titles(), *self.arrows()]
        for t in range(reading.steps):
            card = _card(
                *(self.x(t), self.read_top, self.width),
                [f"step {t + 1}: {reading.word[t]}", reading.word[t]],
                f"fill: {WASH_BLUE}; stroke: {BLUE}",
            )
            parts.append(target(f"step:{t}", card))
        parts += self.states()
        parts += self.bars() if reading.backward else self.odds()
        parts += self.loss() if reading.backward else self.given()
        for t, letter in enumerate(reading.wanted):
            look = f"fill: {PAPER}; stroke: {LINE}"
            parts += _card(self.x(t), self.wanted_top, self.width, [letter], look)
        return parts

    def looked_at(self) -> str:
        """A frame around the step that is looked at."""
        x = self.left + self.reading.step * self.pitch
        look = f"fill: none; stroke: {INK}; stroke-width: 2; stroke-dasharray: 4 3"
        high = self.wanted_top + ROW + 2
        return rect(x + 1, 2, self.pitch - 2, high, look, 6)

    def titles(self) -> list[str]:
        reading, short_of_room = self.reading, self.stage.narrow
        state = "state" if not reading.backward else f"message to the {reading.carrier}"
        parts = {
            self.read_top: "letter read",
            self.state_top: state if short_of_room else f"{state}: orange above 0, blue below",
            self.odds_top: "size of the message" if reading.backward else "next letter",
            self.given_top: "loss" if reading.backward else self.giving(),
            self.wanted_top: "letter wanted",
        }
        return [self.title(y, words) for y, words in parts.items()]

    def title(self, y: float, words: str) -> str:
        """Words over a row, on paper, since the frame may run below them."""
        width = 7 * len(words)
        paper = rect(MARGIN - 2, y - TITLE + 1, width, TITLE - 2, f"fill: {PAPER}")
        return paper + text(MARGIN, y - 5, words, size=12, fill=MUTED, anchor="start")

    def giving(self) -> str:
        return "letter drawn" if self.reading.drawn else "most probable letter"

    def arrows(self) -> list[str]:
        """From each state to the next, or back; none without a memory."""
        reading = self.reading
        if not reading.memory:
            return []
        y, parts = self.state_top + self.tall / 2, []
        for t in range(reading.steps - 1):
            start, end = self.x(t) + self.width + 1, self.x(t + 1) - 1
            if reading.backward:
                start, end = end, start
            head = min(5, self.between / 2) * (1 if end > start else -1)
            d = f"M{start:g} {y:g}H{end:g}m{-head:g} {-abs(head):g}l{head:g} {abs(head):g}"
            parts.append(path(f"{d}l{-head:g} {abs(head):g}", VERMILLION, 2))
        return parts

    def states(self) -> list[str]:
        """A cell for each unit and step, coloured by its number."""
        reading = self.reading
        values = reading.message if reading.backward else reading.run.states  # (H, L)
        room = LONG if reading.backward else SHORT
        strongest = (np.abs(values).max() if reading.backward else 1.0) or 1.0
        high = min(TALLEST, self.tall / reading.units)
        top = self.state_top + (self.tall - high * reading.units) / 2
        parts = [
            text(MARGIN + 4, top + (i + 0.5) * high + 4, i + 1, size=12, fill=MUTED)
            for i in range(reading.units)
        ]
        for (i, t), value in np.ndenumerate(values):
            x, y = self.x(t), top + i * high
            cell = rect(x, y + 1, self.width, high - 2, f"fill: {PAPER}; stroke: {LINE}", 2)
            fill = rect(x, y + 1, self.width, high - 2, tinted(float(value / strongest)), 2)
            number = short(float(f"{value:.2g}")) if self.width >= room else ""
            words = written(x + self.width / 2, y + high / 2 + 4.5, number, self.width, most=13)
            parts.append(target(f"unit:{i},{t}", [cell, fill, words]))
        return parts

    def odds(self) -> list[str]:
        """A bar for each letter and step."""
        reading, high = self.reading, ODDS / len(LETTERS)
        parts = [
            text(MARGIN + 4, self.odds_top + (k + 0.5) * high + 5, letter, size=14)
            for k, letter in enumerate(LETTERS)
        ]
        for (k, t), p in np.ndenumerate(reading.probabilities):
            x, y = self.x(t), self.odds_top + k * high
            frame = rect(x, y + 1, self.width, high - 2, f"fill: {PAPER}; stroke: {LINE}", 2)
            filled = rect(x, y + 1, p * self.width, high - 2, f"fill: {WASH_GREEN}", 2)
            names = (share(float(p)), brief(float(p))) if self.width >= BRIEF else ()
            found = (
                written(x + self.width / 2, y + high / 2 + 4.5, name, self.width - 2, most=13)
                for name in names
            )
            words = next((each for each in found if each), "")
            parts.append(target(f"next:{k},{t}", [frame, filled, words]))
        return parts

    def given(self) -> list[str]:
        """The letter that each step gives: right on green, wrong on orange and dashed."""
        reading, parts = self.reading, []
        for t, (letter, right) in enumerate(zip(reading.given, reading.right, strict=True)):
            good = f"fill: {WASH_GREEN}; stroke: {GREEN}; stroke-width: 2"
            bad = f"fill: {WASH_ORANGE}; stroke: {VERMILLION}; stroke-width: 2"
            look = good if right else f"{bad}; stroke-dasharray: 5 3"
            names = [f"{letter} {'✓' if right else '✗'}", letter, "tie"]
            parts += _card(self.x(t), self.given_top, self.width, names, look)
        return parts

    def bars(self) -> list[str]:
        """The size of the message at each step, the largest one as high as there is room."""
        sizes, parts = self.reading.sizes, []
        largest, room = float(sizes.max()) or 1.0, ODDS - NUMBERS
        bottom = self.odds_top + ODDS
        for t, size in enumerate(sizes):
            x, high = self.x(t), room * float(size) / largest
            frame = rect(x, self.odds_top, self.width, ODDS, f"fill: {PAPER}")
            bar = rect(x, bottom - high, self.width, high, f"fill: {BLUE}")
            floor = path(f"M{x:g} {bottom:g}h{self.width:g}", LINE, 2)
            middle, number = x + self.width / 2, short(float(f"{size:.2g}"))
            words = written(middle, bottom - high - 4, number, self.width + 4, most=13)
            parts.append(target(f"size:{t}", [frame, bar, floor, words]))
        return parts

    def loss(self) -> list[str]:
        """The loss of the last step, from which the message comes."""
        last = self.reading.steps - 1
        number = short(float(f"{self.reading.run.losses[-1]:.2g}"))
        look = f"fill: {WASH_ORANGE}; stroke: {VERMILLION}; stroke-width: 2"
        return _card(self.x(last), self.given_top, self.width, [number, "↑"], look)
