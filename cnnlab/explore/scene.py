"""What there is to show: plain data, made by a pure function of the settings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, NotRequired, TypeAlias, TypedDict

WIDTHS = (236, 560, 900)
"""Stops of the stage's width, in CSS pixels; between them the page scales the drawing up."""


class Stage(NamedTuple):
    """Room for a drawing, in CSS pixels; a drawing fills it and never leaves it.

    Attributes
    ----------
    width : int
        One of ``WIDTHS``.
    height : int
        Fixed for each explorer and width, so that nothing below moves while one plays.
    """

    width: int
    height: int

    @property
    def narrow(self) -> bool:
        """Whether what usually stands side by side must be stacked."""
        return self.width < WIDTHS[1]


class Grid(TypedDict):
    """Cells one walks with the arrow keys: one tab stop.

    ``keys`` holds rows of keys; the picture's elements carry them, see
    :func:`cnnlab.explore.svg.target`.
    """

    name: str
    label: str
    keys: list[list[str]]


class Drag(TypedDict):
    """Settings that follow a cell which is dragged, or moved with the arrow keys.

    ``names`` are those of the settings, ``step`` is how far a key moves them; ``low`` and ``high``
    bound them. The cell lies in a :func:`cnnlab.explore.svg.plane`, the one called ``plane`` if
    there are several. ``rates`` says for each setting how far it moves on the way from the left
    edge of that plane to the right, and from the bottom to the top; without them, there are two
    settings, one to the right and one up, and the plane reaches from ``low`` to ``high``.
    """

    names: list[str]
    step: float
    low: list[float]
    high: list[float]
    rates: NotRequired[list[list[float]]]
    plane: NotRequired[str]


class Link(TypedDict):
    """What is said and marked while a cell is pointed at.

    ``marks`` maps a role ("window", "weight", "output", …) to keys; a pattern
    ``"input:0,1 2,3 4"`` stands for the keys of a product of places. ``put`` maps slots of the
    picture to words, see :func:`cnnlab.explore.svg.slot`. ``drag`` says what moving the cell sets.
    ``near`` holds the numbers around a cell that is too small to show its own, row by row. A cell
    that ``unfolds`` sends 1 as its new number with Enter or a double click.
    """

    text: str
    marks: NotRequired[dict[str, list[str]]]
    put: NotRequired[dict[str, str]]
    near: NotRequired[list[list[str]]]
    drag: NotRequired[Drag]
    unfolds: NotRequired[bool]


class Play(TypedDict):
    """Buttons and a slider that walk through a grid."""

    grid: str
    label: str


class Bar(TypedDict):
    """A cell of a table that holds a bar."""

    share: float
    text: str


class Number(TypedDict):
    """A cell of a table that holds a number one may change; see ``Explorer.edited``."""

    edit: str
    value: int
    min: int
    max: int
    label: str


Cell: TypeAlias = str | Bar | Number


class Line(TypedDict):
    """A row of a table: its cells, and the sentence said while it is pointed at."""

    key: str
    text: str
    cells: list[Cell]


class Table(TypedDict):
    """A table under the picture; one with ``walk`` is one tab stop."""

    label: str
    walk: bool
    columns: Sequence[tuple[str, Literal["left", "right"]]]
    rows: list[Line]


class Fix(NamedTuple):
    """A way out of a problem, one click away.

    Attributes
    ----------
    label : str
        Words of the button, such as "padding 1".
    settings : dict
        What it sets.
    """

    label: str
    settings: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What an explorer shows; each explorer adds the numbers it is made of.

    Attributes
    ----------
    text : str
        The result in one line: the explorer's ``repr``, compared by the notebook tests.
    problem : str
        Why there is no result, or "". There is a drawing all the same.
    fixes : sequence of Fix
        Ways out of the problem.
    formulas, code : sequence of str
        Lines: the sizes written out, and the library calls that compute what is shown.
    grids, links, play, edits
        What the page brings to life without asking Python; ``edits`` names the grids whose
        numbers may be changed.
    images : dict
        Pixels drawn on a canvas, by name; see :func:`cnnlab.explore.images.image`.
    tables : list of Table
        Below the picture.
    hint : str
        What to read while no cell is pointed at.
    note : str
        What the picture means.
    """

    text: str
    problem: str = ""
    fixes: Sequence[Fix] = ()
    formulas: Sequence[str] = ()
    code: Sequence[str] = ()
    grids: Sequence[Grid] = ()
    links: Mapping[str, Link] = field(default_factory=dict)
    play: Play | None = None
    edits: Sequence[str] = ()
    images: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    tables: Sequence[Table] = ()
    hint: str = ""
    note: str = ""

    @property
    def recipe(self) -> Any:
        """What a page without Python computes a photograph's response from; None if it cannot.

        It has ``image``, ``kernel``, ``stride`` and ``padding``.
        """
        return None

    def page(self) -> dict[str, Any]:
        """What the page brings to life, as plain data; what is empty is left out.

        Returns
        -------
        dict
        """
        found = {
            "text": self.text,
            "problem": self.problem,
            "fixes": [fix.label for fix in self.fixes],
            "lines": list(self.formulas),
            "grids": list(self.grids),
            "links": dict(self.links),
            "play": self.play,
            "edits": list(self.edits),
            "images": dict(self.images),
            "hint": self.hint,
            "note": self.note,
        }
        return {name: value for name, value in found.items() if value}
