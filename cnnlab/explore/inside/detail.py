"""The single sum, drawn: window, weights and products, cell by cell.

What depends on the image carries its name in ``data-v``, so that a page without Python can put
other numbers there; see ``forward.js``.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from cnnlab.explore.inside import words
from cnnlab.explore.inside.network import Array
from cnnlab.explore.inside.plan import Box
from cnnlab.explore.inside.shades import limit
from cnnlab.explore.inside.sums import Origin
from cnnlab.explore.svg import INK, LINE, MUTED, VERMILLION, path, rect, text, tinted, written
from cnnlab.explore.unrolled.words import brief as percent

TITLE, CAPTION, LINES = 24, 18, 20  # pixels
PLOT = (52.0, 76.0)  # of ReLU: half its width, and its height


class Look(NamedTuple):
    """A cell: its words, how dark it is from −1 to 1, and whether it is the one that counts."""

    words: str
    share: float = 0.0
    best: bool = False


def brief(value: float) -> str:
    """Write a number where there is room for four letters.

    Examples
    --------
    >>> brief(-0.5), brief(0.126), brief(-12.34), brief(0)
    ('−.5', '.13', '−12.3', '0')
    """
    short = f"{float(f'{value:.{2 if abs(value) < 10 else 1}f}') + 0.0:g}"
    return (
        short.replace("-", "−", 1).replace("0.", ".", 1)
        if abs(value) < 1
        else short.replace("-", "−", 1)
    )


def looks(found: Mapping[str, Array], here: Origin) -> dict[str, Look]:
    """Every cell and line of the drawing that depends on the image, by name.

    Examples
    --------
    >>> from cnnlab.explore.inside.network import forward
    >>> from cnnlab.explore.inside.sums import Cell, origin
    >>> found = forward(np.eye(28))
    >>> looks(found, origin(found, Cell("pool1", 0, 0, 0)))["x:0,1,1"].words
    '.3'
    """
    found_looks = {f"t:{i}": Look(line) for i, line in enumerate(words.said(found, here))}
    found_looks |= {"t:here": Look(words.place(here))}
    if here.cell.layer == "softmax":
        return found_looks | _shares(found, here)
    most = limit(found, here.window.layer if here.window else "input")
    best = here.x.max() if words.kind(here.cell.layer) == "pool" else np.inf
    found_looks |= _grid("x", here.x, most, best)
    found_looks["v"] = Look(brief(here.value), here.value / limit(found, here.cell.layer))
    if here.w is not None:
        found_looks |= _grid("w", here.w, float(abs(here.w).max()))
        found_looks |= _grid("p", here.products, float(abs(here.products).max()) or 1.0)
        found_looks |= {f"s:{c}": Look(brief(part)) for c, part in enumerate(here.parts)}
        for c, i, j in words.strongest(here) if here.cell.layer == "dense" else ():
            name = f"p:{c},{i},{j}"
            found_looks[name] = found_looks[name]._replace(best=True)
    return found_looks


def _grid(name: str, values: Array, most: float, best: float = np.inf) -> dict[str, Look]:
    return {
        f"{name}:{c},{i},{j}": Look(brief(float(v)), float(v) / most, bool(v == best))
        for (c, i, j), v in np.ndenumerate(values)
    }


def _shares(found: Mapping[str, Array], here: Origin) -> dict[str, Look]:
    scores, shares = found["dense"].ravel(), found["softmax"].ravel()
    most = limit(found, "dense")
    columns: dict[str, Look] = {}
    for k, (score, odds) in enumerate(zip(scores.tolist(), shares.tolist(), strict=True)):
        columns |= {
            f"k:{k}": Look(str(k), best=k == here.cell.row),
            f"z:{k}": Look(brief(score), score / most),
            f"e:{k}": Look(words.large(np.exp(score), 3)),
            f"q:{k}": Look(f"{percent(odds)} %", odds),
        }
    return columns


class Detail:
    """Draws into a box, cell by cell, and remembers how far to the right it came."""

    def __init__(self, found: Mapping[str, Array], here: Origin, box: Box) -> None:
        self.here, self.looks = here, looks(found, here)
        self.x, self.y, self.width, self.height = box
        self.right = self.x
        self.low = self.width > 800  # a wide stage is low, so that a slide shows it large
        self.caption = 14 if self.low else CAPTION

    def draw(self) -> Iterator[str]:
        """All of it."""
        title = text(self.x, self.y + 14, self.looks["t:here"].words, anchor="start", bold=True)
        yield f'<g data-v="t:here">{title}</g>'
        top, layer = self.y + (18 if self.low else TITLE), self.here.cell.layer
        if layer == "softmax":
            yield from self.shares(top)
            bottom = top + (160 if self.width < 300 else 112)
        elif self.here.w is None:
            side = 44.0 if self.here.x.size > 1 else 52.0
            yield from self.single(top, side)
            bottom = top + 92
        elif len(self.here.x) == 1:
            bottom = yield from self.row(top)
        elif self.low and layer != "dense":
            bottom = yield from self.pairs(top)
        else:
            bottom = yield from self.columns(top)
        yield from self.lines(top, bottom)

    def cell(self, name: str, box: Box, numbers: bool = True) -> str:
        """One cell, with its number where there is room."""
        look = self.looks[name]
        x, y, width, height = box
        self.right = max(self.right, x + width)
        edge = f"; stroke: {INK if look.best else LINE}; stroke-width: {2.5 if look.best else 0.5}"
        label = ""
        if numbers and width >= 27:
            size = 13 if width >= 40 else 12
            label = text(x + width / 2, y + height / 2 + size / 3, look.words, size=size)
        return f'<g data-v="{name}">{rect(*box, tinted(look.share) + edge)}{label}</g>'

    def grid(
        self, name: str, channel: int, left: float, top: float, side: float, high: float = 0.0
    ) -> Iterator[str]:
        """One channel of the window, of its weights or of their products."""
        _, rows, columns = self.here.x.shape
        high = high or side
        for i, j in np.ndindex(rows, columns):
            box = (left + j * side, top + i * high, side, high)
            yield self.cell(f"{name}:{channel},{i},{j}", box)

    def row(self, top: float) -> Generator[str, None, float]:
        """Window, weights and products of one map, side by side."""
        side = 34.0 if self.low else 31.0 if self.width > 500 else 13.5
        high = 26.0 if self.low else side
        columns = self.here.x.shape[2]
        gap = 26 if self.width > 500 else (self.width - 15 * side) / 2
        for n, (name, title) in enumerate(
            zip("xwp", ("window", "weights", "products"), strict=True)
        ):
            left = self.x + n * (columns * side + gap)
            yield text(left + columns * side / 2, top + 11, title, size=12)
            yield from self.grid(name, 0, left, top + self.caption, side, high)
            if n and gap > 20:
                sign = "·" if n == 1 else "="
                middle = top + self.caption + columns * high / 2
                yield text(left - gap / 2, middle + 6, sign, size=18, bold=True)
        return float(top + self.caption + columns * high)

    def pairs(self, top: float) -> Generator[str, None, float]:
        """Window and weights of each map side by side, three maps in a row."""
        channels, rows, columns = self.here.x.shape
        side, high = 29.0, 22.0
        step, row = 2 * columns * side + 66, rows * high + self.caption + 2
        for c in range(channels):
            left, up = self.x + c % 3 * step, top + c // 3 * row
            title = f"map {c}" if c else "map 0: window · weights"
            yield text(left, up + 11, title, size=12, anchor="start")
            yield from self.grid("x", c, left, up + self.caption, side, high)
            yield from self.grid("w", c, left + columns * side + 8, up + self.caption, side, high)
            right, middle = left + step - 54, up + self.caption + rows * high / 2 + 4
            look = text(right + 14, middle, self.looks[f"s:{c}"].words, size=12, anchor="start")
            yield text(right, middle, "=", size=12, anchor="start")
            yield f'<g data-v="s:{c}">{look}</g>'
        self.right = self.x + 3 * step - 12
        return float(top + 2 * row)

    def columns(self, top: float) -> Generator[str, None, float]:
        """A column for each map: window, weights, the sum of their products."""
        dense = self.here.cell.layer == "dense"
        names = ["x", "w", "p"] if dense else ["x", "w"]
        titles = {"x": "values" if dense else "window", "w": "weights", "p": "products"}
        channels, rows, columns = self.here.x.shape
        label = 62 if self.width > 500 else 0
        widest = {True: (10, 5), False: (23, 10)}[dense]
        side = 13.0 if self.low else float(widest[0 if label else 1])
        high, gap = (8.6, 3) if self.low else (side, 6)
        step = columns * side + (10 if self.low else 7 if label else 3)
        for c in range(channels):
            left = self.x + label + c * step
            middle = left + columns * side / 2
            yield written(middle, top + 11, f"map {c}", step, most=12)
            for n, name in enumerate(names):
                up = top + self.caption + n * (rows * high + gap)
                yield from self.grid(name, c, left, up, side, high)
            bottom = top + self.caption + len(names) * (rows * high + gap)
            if label:
                look = self.looks[f"s:{c}"].words
                yield f'<g data-v="s:{c}">{text(middle, bottom + 10, look, size=12)}</g>'
        for n, name in enumerate(names if label else ()):
            middle = top + self.caption + n * (rows * high + gap) + rows * high / 2 + 4
            yield text(self.x, middle, titles[name], size=12, anchor="start")
        if label:
            yield text(self.x, bottom + 10, "added up", size=12, anchor="start")
        return float(bottom + (16 if label else 0))

    def single(self, top: float, side: float) -> Iterator[str]:
        """The number or the four numbers before, and the one that they become."""
        _, rows, columns = self.here.x.shape
        if self.here.window is None:
            yield self.cell("v", (self.x, top + 4, 64, side))
            return
        yield from self.grid("x", 0, self.x, top + 4, side)
        x, y = self.x + columns * side, top + 4 + rows * side / 2
        yield path(f"M{x + 8:g} {y:g}h22m-6 -5l6 5l-6 5", INK, 1.5)
        yield self.cell("v", (x + 40, y - side / 2, side, side))
        if words.kind(self.here.cell.layer) == "relu":
            yield from self.curve(x + side + 70, top)

    def curve(self, left: float, top: float) -> Iterator[str]:
        """ReLU, and where the number lies on it."""
        half, high = PLOT
        self.right = max(self.right, left + 2 * half)
        base, middle, share = top + high + 8, left + half, self.looks["x:0,0,0"].share
        yield path(f"M{left:g} {base:g}h{2 * half:g}M{middle:g} {base:g}v{-high:g}", MUTED)
        yield path(f"M{left:g} {base:g}h{half:g}l{half:g} {-high:g}", INK, 2)
        at = f'cx="{middle + half * share:.5g}" cy="{base - high * max(share, 0):.5g}"'
        yield f'<circle data-dot="{middle:g} {base:g}" {at} r="5" style="fill: {VERMILLION}"/>'

    def shares(self, top: float) -> Iterator[str]:
        """The ten classes: score, power of e, share."""
        narrow = self.width < 300
        label = 46 if not narrow else 0
        wide = (min(self.width, 700) - label) / 10
        titles = ("class", "score z", "e^z", "share")
        for n, name in enumerate("kzeq"):
            if not narrow:
                yield text(self.x, top + n * 28 + 18, titles[n], size=12, anchor="start")
            for k in range(10):
                box = (self.x + label + k * wide, top + n * 28, wide, 28)
                if narrow:
                    box = (self.x + n * self.width / 4, top + k * 16, self.width / 4, 16)
                yield self.cell(f"{name}:{k}", box)

    def lines(self, top: float, bottom: float) -> Iterator[str]:
        """The sum in short lines: to the right where there is room, else below."""
        beside = self.x + self.width - self.right > 160
        x, y = (self.right + 20, top + 4) if beside else (self.x, bottom)
        lines: Sequence[str] = [
            self.looks[f"t:{i}"].words for i in range(3) if f"t:{i}" in self.looks
        ]
        for i, line in enumerate(lines):
            last = i == len(lines) - 1
            words_ = text(x, y + 16 + i * LINES, line, anchor="start", bold=last, fill=INK)
            yield f'<g data-v="t:{i}">{words_}</g>'


def detail(found: Mapping[str, Array], here: Origin, box: Box) -> list[str]:
    """Draw how a number was computed.

    Parameters
    ----------
    found : dict of str to (C, H, W) array
    here : Origin
    box : (x, y, width, height)

    Examples
    --------
    >>> from cnnlab.explore.inside.network import forward
    >>> from cnnlab.explore.inside.sums import Cell, origin
    >>> found = forward(np.eye(28))
    >>> parts = detail(found, origin(found, Cell("conv1", 0, 3, 3)), (0, 0, 888, 280))
    >>> sum('data-v="p:' in part for part in parts)
    25
    """
    x, y, width, _ = box
    line = path(f"M{x:g} {y - 7:g}h{width:g}", MUTED, 0.5)
    return [line, *Detail(found, here, box).draw()]
