"""Numbers in a notebook's prose, and the cells that compute or compare them.

A number in a sentence is believed only if a cell of the same section shows it in its output,
or has it in its code, where it is a setting or the other side of a comparison. A section goes
from one heading ``##`` to the next; the recap rests on all of them. What is no claim is left out by rule: years, chapters,
steps and hints of a lab, ordinals of lists and headings, names of courses, and what stands in
the opening cell or under *Sources*. The bounds of a measured number are shown; its digits, which
another run may change, prove nothing in a lesson.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from cnnlab.notebooks import is_generated
from cnnlab.results import masked

# 1,625,866 is one number; 3,4 are two. An underscore separates thousands in code.
_NUMBER = re.compile(
    r"(?<![\w.])(?:\d{1,3}(?:[,_]\d{3})+|\d+)(?:\.\d+)?(?:e-?\d+)?(?P<percent>\s?\\?%)?"
)
_LEFT_OUT = re.compile(
    r"^\s*(?:#+\s+)?\d+\.\s"  # an ordinal
    r"|\b(?:19|20)\d\d\b"  # a year
    r"|(?<![\w.])0\d\b(?!\.\d)"  # a chapter
    r"|\b(?:[Ss]teps?|[Hh]ints?)\s\d+(?:(?:,|\sand|\sto)\s\d+)*\b"  # a part of this lab
    r"|\b(?:DS\s4400|DATASCI\s207|CS231n|W8)\b"  # a course
    r"|\]\([^)]*\)|https?://\S+"  # an address
    r"|`python -m cnnlab [^`]*`"  # a command
    r"|<[^<>]*>",
    re.MULTILINE,
)
_HEADING = re.compile(r"^#+\s+(.+)$", re.MULTILINE)
_SECTION = re.compile(r"^##\s", re.MULTILINE)
_RECAP = re.compile(r"##\s+Recap")
_COMMENT = re.compile(r"#.*$", re.MULTILINE)


class Claim(NamedTuple):
    """A number in the prose.

    Attributes
    ----------
    number : str
        As it is written.
    section : str
        Heading above it.
    witness : str
        ``"output [3]"`` or ``"code [3]"``, the first cell of its section that has it; empty if
        none has.
    """

    number: str
    section: str
    witness: str


def claims(notebook: Mapping[str, Any], *, shown: bool = False) -> list[Claim]:
    """Find the numbers in a notebook's prose and a cell for each.

    Parameters
    ----------
    notebook : mapping
        A notebook in the format of nbformat 4, with its outputs.
    shown : bool
        Whether the digits of a measured number count, as in a report of one run.

    Returns
    -------
    list of Claim
        In the order of the prose.

    Examples
    --------
    >>> text = {"cell_type": "markdown", "source": "Three times 4 is 12, not 13."}
    >>> code = {"cell_type": "code", "source": "3 * 4", "execution_count": 1,
    ...         "outputs": [{"data": {"text/plain": "12"}}]}
    >>> for claim in claims({"cells": [text, code]}):
    ...     print(claim.number, "←", claim.witness or "nothing")
    4 ← code [1]
    12 ← output [1]
    13 ← nothing
    """
    found = []
    for cells in _sections(notebook["cells"]):
        recap = _RECAP.match(_joined(cells[0]["source"]))
        known = list(_witnesses(notebook["cells"] if recap else cells, shown))
        heading = ""
        for line in _lines(cells):
            if match := _HEADING.match(line):
                heading = match[1]
            if not heading.startswith("Sources"):
                found += [Claim(n, heading, _first(known, v)) for n, v in _numbers(line)]
    return found


def _sections(cells: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Cells from one heading of the second level to the next."""
    section: list[dict[str, Any]] = []
    for cell in cells:
        starts = cell["cell_type"] == "markdown" and _SECTION.search(_joined(cell["source"]))
        if starts and section:
            yield section
            section = []
        section.append(cell)
    if section:
        yield section


def _lines(cells: list[dict[str, Any]]) -> Iterator[str]:
    """What may claim something: the prose without the opening cell, and less what is left out."""
    for cell in cells:
        text = _joined(cell["source"])
        if cell["cell_type"] == "markdown" and not text.startswith("# ") and not is_generated(cell):
            yield from _LEFT_OUT.sub(_heading_kept, text.replace("{,}", ",")).splitlines()


def _heading_kept(match: re.Match[str]) -> str:
    """Blank out what is no claim, but not the mark that makes a line a heading."""
    return "".join(c if c in "# \n" else "" for c in match[0])


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _numbers(text: str) -> Iterator[tuple[str, set[Decimal]]]:
    """Each number as it is written, and its values: a percentage is also a fraction."""
    for match in _NUMBER.finditer(text):
        value = Decimal(re.sub(r"[,_\s\u202f\\%]", "", match[0]))
        values = {value, value / 100} if match["percent"] else {value}
        yield match[0].strip(), {v.normalize() for v in values}


def _witnesses(cells: list[dict[str, Any]], shown: bool) -> Iterator[tuple[str, set[Decimal]]]:
    """Outputs first, because a number that was computed proves more than one that was typed."""
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    outputs = _outputs if shown else lambda cell: masked(_outputs(cell))
    for kind, read in (("output", outputs), ("code", _code)):
        for cell in code:
            values = [v for _, values in _numbers(read(cell)) for v in values]
            yield f"{kind} [{cell.get('execution_count')}]", set(values)


def _code(cell: dict[str, Any]) -> str:
    """Without its comments, which are prose."""
    return _COMMENT.sub("", _joined(cell["source"]))


def _outputs(cell: dict[str, Any]) -> str:
    texts = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        texts += [output.get("text", ""), data.get("text/plain", "")]
    return "\n".join(map(_joined, texts))


def _first(known: list[tuple[str, set[Decimal]]], values: set[Decimal]) -> str:
    return next((name for name, seen in known if values & seen), "")
