"""Whose code is alike, as a hint where to look: fingerprints of what students wrote themselves.

Names, numbers and comments do not matter; what the lab gives, or its model solution has, is taken
off. Fingerprints are chosen by winnowing: Schleimer, Wilkerson and Aiken, SIGMOD 2003,
https://doi.org/10.1145/872757.872770.
"""

import io
import itertools
import keyword
import tokenize
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from cnnlab.course.grading.intake import recognising, roster
from cnnlab.course.grading.locked_cells import marked
from cnnlab.course.labs.files import read
from cnnlab.course.labs.source import flag, student_version

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from cnnlab.course.grading.course import Course

TOGETHER, WINDOW = 10, 5  # tokens of a fingerprint; fingerprints of which one is kept
FEWEST = 4  # fingerprints in common, below which nothing is said
MOST = 10


class Pair(NamedTuple):
    """Two students whose code is alike: the share of the shorter one that both have."""

    share: float
    one: str
    other: str


def prints(code: str) -> set[int]:
    r"""Choose fingerprints of code.

    Examples
    --------
    >>> code = "for i in range(3):\n    total = total + i * weights[i]"
    >>> prints(code) == prints(code.replace("total", "summe").replace("3", "5"))
    True
    """
    tokens = list(_tokens(code))
    hashes = [
        zlib.crc32(" ".join(tokens[at : at + TOGETHER]).encode())
        for at in range(len(tokens) - TOGETHER + 1)
    ]
    last = max(0, len(hashes) - WINDOW)
    return {min(hashes[at : at + WINDOW]) for at in range(last + 1)} if hashes else set()


def _tokens(code: str) -> Iterator[str]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.NAME:
                yield token.string if keyword.iskeyword(token.string) else "name"
            elif token.type in (tokenize.NUMBER, tokenize.STRING):
                yield "value"
            elif token.type == tokenize.OP:
                yield token.string
    except (tokenize.TokenError, SyntaxError):
        return  # what cannot be read from here on is not compared


def _code(nb: "NotebookNode") -> set[int]:
    """Fingerprints of the cells that a student may write in."""
    cells = (cell for cell in nb.cells if cell.cell_type == "code" and not flag(cell, "locked"))
    return set().union(*(prints(cell.source) for cell in cells))


def pairs(course: "Course", lab: str) -> list[Pair]:
    """Find those whose code is most alike; members of a group are not compared.

    Parameters
    ----------
    course : Course
        Where the submissions lie.
    lab : str
        Its name.

    Returns
    -------
    list of Pair
        At most ten, the closest first.
    """
    source = read(course.source(lab))
    given = _code(source) | _code(student_version(source))
    listed = roster.of(course.folder)
    found: dict[str, set[int]] = {}
    for path in sorted(course.folder.glob(f"submitted/*/{lab}/{lab}.ipynb")):
        if not recognising.is_of(path, set(marked(source))):
            continue  # it is damaged, and has its line in the grades
        student = path.parents[1].name
        found.setdefault(listed.team(student)[0] if listed else student, _code(read(path)) - given)
    alike = [
        Pair(len(a & b) / min(len(a), len(b)), one, other)
        for (one, a), (other, b) in itertools.combinations(found.items(), 2)
        if len(a & b) >= FEWEST
    ]
    return sorted(alike, reverse=True)[:MOST]
