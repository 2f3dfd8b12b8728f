"""Pieces of SVG. Text in, text out: no ids, so that pictures can share a page."""

import math
from html import escape
from itertools import product
from urllib.parse import quote

from cnnlab.explore.scene import Link

SMALLEST = 12  # pixels of the smallest words

# Okabe and Ito's colours, as in cnnlab.plots; lighter ones where JupyterLab's theme is dark.
# A picture outside JupyterLab has none of these variables and takes the values after the comma.
INK = "var(--cnnlab-ink, #1F1F1F)"
PAPER = "var(--cnnlab-paper, #FFFFFF)"
MUTED = "var(--cnnlab-muted, #666666)"
BLUE = "var(--cnnlab-blue, #0072B2)"
VERMILLION = "var(--cnnlab-vermillion, #B84F00)"
GREEN = "var(--cnnlab-green, #00724F)"
LINE = "var(--cnnlab-line, #8C8C8C)"
WASH_BLUE = "var(--cnnlab-wash-blue, #DCEEFA)"
WASH_ORANGE = "var(--cnnlab-wash-orange, #FDECCB)"
WASH_GREEN = "var(--cnnlab-wash-green, #D8F0E6)"


def tinted(share: float, strongest: float = 0.4) -> str:
    """Fill for a value from −1 to 1: blue below 0, orange above, paper for 0.

    Examples
    --------
    >>> tinted(-0.5)
    'fill: var(--cnnlab-blue, #0072B2); fill-opacity: 0.2'
    """
    if not share:
        return f"fill: {PAPER}"
    color = VERMILLION if share > 0 else BLUE
    return f"fill: {color}; fill-opacity: {round(abs(share) * strongest, 2):g}"


# How a marked cell looks where no style sheet reaches; in the page, explorer.css says the same.
MARKS = {
    "window": f"fill: {WASH_BLUE}; fill-opacity: 1; stroke: {BLUE}; stroke-width: 3",
    "weight": f"fill: {WASH_ORANGE}; fill-opacity: 1; stroke: {VERMILLION}; stroke-width: 3; stroke-dasharray: 6 3",
    "output": f"fill: {WASH_GREEN}; fill-opacity: 1; stroke: {GREEN}; stroke-width: 3; stroke-dasharray: 2 2",
    "here": f"stroke: {INK}; stroke-width: 4",
}


def text(
    x: float,
    y: float,
    words: object,
    *,
    size: int = 13,
    fill: str = INK,
    anchor: str = "",
    bold: bool = False,
) -> str:
    """Words centred at a point, or from it with ``anchor="start"``; ``y`` is the base line.

    Examples
    --------
    >>> text(5, 9, "a<b", fill="red")
    '<text x="5" y="9" font-size="13" style="fill: red">a&lt;b</text>'
    """
    side = f' text-anchor="{anchor}"' if anchor else ""
    weight = "; font-weight: 600" if bold else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}"{side} style="fill: {fill}{weight}">'
        f"{escape(str(words))}</text>"
    )


def rect(x: float, y: float, width: float, height: float, style: str, radius: float = 0) -> str:
    """Draw a rectangle.

    Examples
    --------
    >>> rect(0, 0, 4, 3, "fill: none")
    '<rect x="0" y="0" width="4" height="3" rx="0" style="fill: none"/>'
    """
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}" '
        f'style="{style}"/>'
    )


def path(d: str, stroke: str, width: float = 1) -> str:
    """Draw a line along an SVG path."""
    return f'<path d="{d}" style="fill: none; stroke: {stroke}; stroke-width: {width:g}"/>'


def hatching(x: float, y: float, width: float, step: float = 8, height: float | None = None) -> str:
    """Path data of diagonal lines that fill a rectangle, a square if no height is given.

    Examples
    --------
    >>> hatching(0, 0, 16)
    'M0 8L8 0M0 16L16 0M8 16L16 8'
    """
    height = width if height is None else height
    lines = []
    for i in range(1, math.ceil((width + height) / step)):
        start = i * step
        low, right = min(start, height), min(start, width)
        lines.append(f"M{x + start - low:g} {y + low:g}L{x + right:g} {y + start - right:g}")
    return "".join(lines)


def written(x: float, y: float, words: str, room: float, *, fill: str = INK, most: int = 14) -> str:
    """Words centred at a point, as large as fits into the room; "" where 12 pixels do not fit.

    Examples
    --------
    >>> written(5, 9, "out 3", 60, most=13) == text(5, 9, "out 3"), written(5, 9, "out 3", 20)
    (True, '')
    """
    size = min(most, int(room / max(0.6 * len(words), 0.6)))
    return text(x, y, words, size=size, fill=fill) if size >= SMALLEST else ""


def plate(x: float, y: float, words: str) -> str:
    """Patch of paper that keeps words clear of what lies under them."""
    width = 8 * len(words) + 6
    return rect(x - width / 2, y - 9, width, 18, f"fill: {PAPER}", 3)


def picture(width: float, height: float, label: str, parts: list[str]) -> str:
    """Join the parts into one image with its text equivalent.

    Parameters
    ----------
    width, height : float
        Size in CSS pixels; a narrow page scrolls it, since shrunken words cannot be read.
    label : str
        What a reader who cannot see the picture should hear.
    parts : list of str
        SVG elements, later ones in front.
    """
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" role="img" aria-label="{escape(label)}" '
        f'style="min-width: {width:g}px; min-height: {height:g}px" '
        'font-family="system-ui, sans-serif" text-anchor="middle">'
        + rect(0, 0, width, height, f"fill: {PAPER}").replace("<rect", '<rect class="paper"', 1)
        + "".join(parts)
        + "</svg>"
    )


def target(key: str, parts: list[str], *, fixed: bool = False, value: str = "") -> str:
    """Gather what belongs to one cell, so that the page can point at it and mark it.

    Parameters
    ----------
    key : str
        ``"GRID:row,column"`` or ``"GRID:channel,row,column"``. All cells of one grid must be
        siblings, since the page gathers them in rows.
    parts : list of str
        SVG elements; the first should be the rectangle that a mark outlines.
    fixed : bool
        Whether its number cannot be edited although its grid can.
    value : str
        Its number, where the cell is too small to show it: a lens does.

    Examples
    --------
    >>> target("input:0,1", ["<rect/>"])
    '<g data-key="input:0,1"><rect/></g>'
    """
    data = f'data-key="{escape(key)}"' + (' data-fixed=""' if fixed else "")
    data += f' data-value="{escape(value)}"' if value else ""
    return f"<g {data}>{''.join(parts)}</g>"


def many(
    box: tuple[float, float, float, float],
    name: str,
    shape: tuple[int, int],
    first: tuple[int, int] = (0, 0),
    step: int = 1,
) -> str:
    """Lay a frame over cells that are too many to be linked: the page asks Python for each.

    Parameters
    ----------
    box : (x, y, width, height)
    name : str
        What their keys start with, such as ``"input:0"``.
    shape : (rows, columns)
        Of the cells that are drawn.
    first : (row, column)
        Of the first cell.
    step : int
        Every which row and column is drawn.

    Examples
    --------
    >>> many((0, 0, 4, 3), "output:2", (3, 4))
    '<rect data-cells="output:2" data-shape="3,4" data-first="0,0" data-step="1" x="0" y="0" \
width="4" height="3" rx="0" style="fill: transparent"/>'
    """
    (rows, columns), (row, column) = shape, first
    data = f'data-cells="{escape(name)}" data-shape="{rows},{columns}" '
    data += f'data-first="{row},{column}" data-step="{step}"'
    return rect(*box, "fill: transparent").replace("<rect", f"<rect {data}", 1)


def plane(x: float, y: float, width: float, height: float, style: str, name: str = "") -> str:
    """Frame of a plane in which cells are dragged; see :class:`cnnlab.explore.scene.Drag`.

    Examples
    --------
    >>> plane(0, 0, 4, 3, "fill: none")
    '<rect data-plane="" x="0" y="0" width="4" height="3" rx="0" style="fill: none"/>'
    """
    return rect(x, y, width, height, style).replace("<rect", f'<rect data-plane="{name}"', 1)


def slot(name: str, words: str) -> str:
    """Mark a text whose words a link's ``put`` replaces.

    Examples
    --------
    >>> slot("sum:0", "<text>?</text>")
    '<g data-slot="sum:0"><text>?</text></g>'
    """
    return f'<g data-slot="{escape(name)}">{words}</g>'


def expand(pattern: str) -> list[str]:
    """All keys that a pattern names: each place may list several, apart by spaces.

    Examples
    --------
    >>> expand("input:0,1 2,-1 0")
    ['input:0,1,-1', 'input:0,1,0', 'input:0,2,-1', 'input:0,2,0']
    """
    grid, _, places = pattern.partition(":")
    options = (place.split(" ") for place in places.split(","))
    return [f"{grid}:{','.join(place)}" for place in product(*options)]


def quoted(svg: str) -> str:
    """Write a picture as part of an address.

    Pictures inside the picture, whose letters are all allowed there, stay as they are.

    Examples
    --------
    >>> quoted('<g a="1, 2">data:image/png;base64,AA+/==')
    '%3Cg%20a=%221,%202%22%3Edata:image/png;base64,AA+/=='
    """
    # There are few bytes to quote, each many times; % first, for the others bring more of it.
    found = svg.encode()
    for byte in sorted(set(found), key=b"%"[0].__ne__):
        letter = bytes([byte])
        found = found.replace(letter, quote(letter, safe="/:;,+=").encode())
    return found.decode()


def still(svg: str, key: str, link: Link) -> str:
    """Mark in the picture itself what the page marks while a cell is pointed at.

    Examples
    --------
    >>> cell = target("input:0,0", [rect(0, 0, 9, 9, "fill: none")])
    >>> "stroke-width: 4" in still(cell, "input:0,0", {"text": ""})
    True
    """
    for role, keys in {**link.get("marks", {}), "here": [key]}.items():
        for each in (key for pattern in keys for key in expand(pattern)):
            start = svg.find(f'data-key="{escape(each)}"')
            end = svg.find('"/>', start)
            if min(start, end) >= 0 and role in MARKS:
                svg = f"{svg[:end]}; {MARKS[role]}{svg[end:]}"
    for name, words in link.get("put", {}).items():
        start = svg.find(f'data-slot="{escape(name)}"><text')
        end = svg.find("</text>", start)
        if min(start, end) >= 0:
            svg = svg[:end] + escape(words) + svg[end:]
    return svg
