"""Where words, numbers and answers lie: side by side, or below each other."""

from collections.abc import Iterable
from typing import NamedTuple

from cnnlab.explore.scene import Stage
from cnnlab.explore.svg import MUTED, SMALLEST, VERMILLION, text
from cnnlab.explore.text.model import WIDTHS
from cnnlab.explore.text.reading import Reading, Row

MARGIN, LETTER = 6, 0.6 * SMALLEST  # pixels; a letter's width
LABELS, RESULT, BOX, NUMBER, GAP = 58, 70, 30, 24, 6  # of words that lie side by side
HEAD, FOOT, TALLEST = 34, 34, 34  # of words that run down
WIDEST, CELL = 120, 34  # a word's width and an answer's height, at most


class Box(NamedTuple):
    """A rectangle, in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> float:
        """Middle between left and right."""
        return self.x + self.width / 2

    @property
    def base(self) -> float:
        """Base line of words in the middle."""
        return self.y + self.height / 2 + 4.5


def layout(reading: Reading, stage: Stage) -> "Layout":
    """Lay the words side by side where they fit, else below each other.

    Examples
    --------
    >>> from cnnlab.explore.text.scene import text_scene
    >>> reading = text_scene().reading
    >>> [type(layout(reading, Stage(width, 400))).__name__ for width in (236, 560)]
    ['Down', 'Across']
    """
    longest = max(map(len, reading.tokens)) * LETTER + 8
    room = (stage.width - 2 * MARGIN - LABELS - RESULT) / len(reading.tokens)
    side_by_side = not stage.narrow and room >= longest
    return (Across if side_by_side else Down)(reading, stage)


class Layout:
    """Boxes of one drawing."""

    def __init__(self, reading: Reading, stage: Stage) -> None:
        self.reading, self.stage = reading, stage

    def word(self, i: int) -> Box:
        """Box of a word."""
        raise NotImplementedError

    def number(self, channel: int, i: int) -> Box:
        """Box of one of its numbers."""
        raise NotImplementedError

    def answer(self, row: Row, i: int) -> Box:
        """Box of an answer."""
        raise NotImplementedError

    def result(self, row: Row) -> Box:
        """Box of the number that is kept."""
        raise NotImplementedError

    def bracket(self, row: Row, i: int) -> str:
        """Path over all words of a window."""
        raise NotImplementedError

    def titles(self) -> Iterable[str]:
        """Words beside the boxes."""
        raise NotImplementedError

    def unfit(self, row: Row) -> str:
        """What stands in place of answers, where no window fits."""
        raise NotImplementedError


class Across(Layout):
    """Words side by side, one row for each filter."""

    def __init__(self, reading: Reading, stage: Stage) -> None:
        super().__init__(reading, stage)
        room = stage.width - 2 * MARGIN - LABELS - RESULT
        self.pitch = min(WIDEST, room / len(reading.tokens))
        whole = LABELS + self.pitch * len(reading.tokens) + RESULT
        self.start = (stage.width - whole) / 2
        self.left = self.start + LABELS
        self.right = self.left + self.pitch * len(reading.tokens) + GAP
        self.top = 2 * MARGIN + BOX + 2 * NUMBER + 2 * GAP + 24  # of the filters
        self.tall = (stage.height - self.top - MARGIN) / len(WIDTHS)
        self.high = min(CELL, self.tall - 3 * GAP)

    def word(self, i: int) -> Box:
        return Box(self.left + i * self.pitch + 2, MARGIN, self.pitch - 4, BOX)

    def number(self, channel: int, i: int) -> Box:
        x, _, width, _ = self.word(i)
        return Box(x, MARGIN + BOX + GAP + channel * (NUMBER + 3), width, NUMBER)

    def band(self, row: Row) -> float:
        """Top of a filter's answers, below their bracket."""
        free = self.tall - self.high
        return self.top + self.reading.rows.index(row) * self.tall + free / 2 + GAP

    def answer(self, row: Row, i: int) -> Box:
        width = min(self.pitch - 8, 64)
        centre = self.left + (i + row.width / 2) * self.pitch
        return Box(centre - width / 2, self.band(row), width, self.high)

    def result(self, row: Row) -> Box:
        return Box(self.right, self.band(row), RESULT - GAP, self.high)

    def bracket(self, row: Row, i: int) -> str:
        y, start = self.band(row) - 10, self.left + i * self.pitch + 3
        return f"M{start:g} {y + 7:g}v-7h{row.width * self.pitch - 6:g}v7"

    def titles(self) -> Iterable[str]:
        def label(y: float, words: str) -> str:
            return text(self.start, y, words, size=13, fill=MUTED, anchor="start")

        yield label(MARGIN + BOX / 2 + 5, "words")
        for channel, words in enumerate(("feeling", "no")):
            yield label(self.number(channel, 0)[1] + NUMBER / 2 + 4.5, words)
        for row in self.reading.rows:
            yield label(self.band(row) + self.high / 2 + 4.5, f"{row.width} words")
        middle = self.right + (RESULT - GAP) / 2
        yield text(middle, self.top - 4, self.reading.pooling, size=13, fill=MUTED)

    def unfit(self, row: Row) -> str:
        words = f"a window of {row.width} does not fit"
        return text(
            self.left + 4, self.band(row) + self.high / 2 + 4.5, words, fill=MUTED, anchor="start"
        )


class Down(Layout):
    """Words below each other, one column for each filter."""

    def __init__(self, reading: Reading, stage: Stage) -> None:
        super().__init__(reading, stage)
        room = stage.width - 2 * MARGIN
        self.name = min(max(map(len, reading.tokens)) * LETTER + 14, 0.29 * room)
        self.pair = min(0.09 * room, 60)  # width of a number
        rest = room - self.name - 2 * self.pair - GAP
        self.each = min(rest / len(reading.rows), 84)
        self.left = MARGIN + self.name + 2 * self.pair + GAP
        self.tall = min((stage.height - HEAD - FOOT - GAP) / len(reading.tokens), TALLEST)
        self.bottom = HEAD + self.tall * len(reading.tokens) + GAP

    def word(self, i: int) -> Box:
        return Box(MARGIN, HEAD + i * self.tall + 1, self.name - 2, self.tall - 2)

    def number(self, channel: int, i: int) -> Box:
        x = MARGIN + self.name + channel * self.pair
        return Box(x, HEAD + i * self.tall + 1, self.pair - 2, self.tall - 2)

    def column(self, row: Row) -> float:
        return self.left + self.reading.rows.index(row) * self.each

    def answer(self, row: Row, i: int) -> Box:
        middle = HEAD + (i + row.width / 2) * self.tall
        return Box(self.column(row) + 6, middle - self.tall / 2 + 2, self.each - 7, self.tall - 4)

    def result(self, row: Row) -> Box:
        return Box(self.column(row) + 1, self.bottom, self.each - 3, FOOT - GAP)

    def bracket(self, row: Row, i: int) -> str:
        x, start = self.column(row) + 2, HEAD + i * self.tall + 3
        return f"M{x + 4:g} {start:g}h-4v{row.width * self.tall - 6:g}h4"

    def titles(self) -> Iterable[str]:
        def label(x: float, y: float, words: str, anchor: str = "") -> str:
            return text(x, y, words, size=12, fill=MUTED, anchor=anchor)

        second = MARGIN + self.name + 2 * self.pair
        yield label(second - self.pair - 2, HEAD - 20, "feeling", "end")
        yield label(second - self.pair / 2, HEAD - 6, "no")
        middle = (self.left + self.column(self.reading.rows[-1]) + self.each) / 2
        yield label(middle, HEAD - 20, "windows of")
        for row in self.reading.rows:
            yield label(self.column(row) + self.each / 2, HEAD - 6, str(row.width))
        y = self.bottom + (FOOT - GAP) / 2 + 4
        yield text(
            self.left - GAP, y, f"{self.reading.pooling} →", size=13, fill=MUTED, anchor="end"
        )

    def unfit(self, row: Row) -> str:
        x, y = self.column(row) + self.each / 2, HEAD + self.tall / 2 + 4
        return text(x, y, "–", size=14, fill=VERMILLION)
