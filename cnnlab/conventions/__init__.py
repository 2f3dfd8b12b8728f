"""Where libraries differ: one table, each answer from a run.

``table.json`` beside this file holds for each row a question, the smallest example, what each
library answered, and the setting that makes them agree. ``benchmarks/conventions.py`` runs the
libraries again and says what changed; the tests do so for PyTorch and for the course's own.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cnnlab._text import listed

if TYPE_CHECKING:
    import ipywidgets

__all__ = ["Answers", "Convention", "Search", "Table", "about", "find", "search", "table"]

FILE = Path(__file__).with_name("table.json")
_OURS = "cnnlab"


@dataclass(frozen=True)
class Convention:
    """One question on which libraries differ, or might.

    Attributes
    ----------
    id, topic : str
    question, example : str
        What is asked, and the smallest input that shows it.
    sentence : str
        Why the answers are as they are, for somebody who does not know the library.
    agree : str
        The setting that makes the libraries agree.
    ours : str
        What the course's own layers do.
    answers : dict
        By library; a number, a list of numbers, or a word such as "refuses".
    """

    id: str
    topic: str
    question: str
    example: str
    sentence: str
    agree: str
    ours: str
    answers: Mapping[str, Any]

    def grouped(self) -> Iterator[tuple[str, list[str]]]:
        """Each answer in words, with those who gave it."""
        who: dict[str, list[str]] = {}
        for library in sorted(self.answers, key=lambda name: (name != _OURS, name.lower())):
            who.setdefault(in_words(self.answers[library]), []).append(library)
        for answer, libraries in who.items():
            yield answer, _together(libraries)

    def __contains__(self, text: str) -> bool:
        """Whether all the words stand somewhere in the row, in any order and case."""
        parts = (self.question, self.example, self.sentence, self.agree, self.ours, self.topic)
        whole = " ".join([*parts, self.id, *self.answers]).casefold()
        return all(word in whole for word in text.casefold().split())

    def __str__(self) -> str:
        lines = [self.question, f"  {self.example}", f"  {self.sentence}"]
        lines += [f"  {answer}: {', '.join(who)}" for answer, who in self.grouped()]
        return "\n".join([*lines, f"  here: {self.ours}", f"  to agree: {self.agree}"])

    def html(self, anchor: bool = True) -> str:
        """A block of HTML; with an anchor, its id can be linked to."""
        named = f" id='{self.id}'" if anchor else ""
        answers = "".join(
            f"<tr><th scope='row' style='text-align:left'>{escape(answer)}</th>"
            f"<td style='text-align:left'>{escape(', '.join(who))}</td></tr>"
            for answer, who in self.grouped()
        )
        return (
            f"<section{named}><p><b>{escape(self.question)}</b><br>"
            f"<i>{escape(self.example)}</i></p><p>{escape(self.sentence)}</p>"
            f"<table><caption>Answers</caption><tbody>{answers}</tbody></table>"
            f"<p>Here: {escape(self.ours)}. To make them agree: {escape(self.agree)}</p></section>"
        )


@dataclass(frozen=True, repr=False)
class Answers:
    """Some rows of the table; ``str()`` is plain text, in JupyterLab it is HTML.

    Attributes
    ----------
    rows : tuple of Convention
    anchors : bool
        Whether the HTML of each row can be linked to by its id.
    """

    rows: tuple[Convention, ...]
    anchors: bool = False  # a page must hold each of them once

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Convention]:
        return iter(self.rows)

    def __str__(self) -> str:
        return "\n\n".join(map(str, self.rows))

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return "".join(row.html(self.anchors) for row in self.rows)


@dataclass(frozen=True)
class Table:
    """All rows, with the versions of the libraries that were run and the day.

    Attributes
    ----------
    date : str
    versions : dict of str to str
    topics : tuple of str
    rows : tuple of Convention
    """

    date: str
    versions: Mapping[str, str]
    topics: tuple[str, ...]
    rows: tuple[Convention, ...]


@cache
def table() -> Table:
    """Read the table that comes with the package.

    Returns
    -------
    Table

    Examples
    --------
    >>> len(table().rows) > 60
    True
    """
    kept = json.loads(FILE.read_text("utf-8"))
    rows = tuple(Convention(**row) for row in kept["rows"])
    return Table(kept["date"], kept["versions"], tuple(kept["topics"]), rows)


def about(topic: str) -> Answers:
    """Rows of one topic.

    Parameters
    ----------
    topic : str
        One of ``table().topics``.

    Returns
    -------
    Answers

    Raises
    ------
    ValueError
        If there is no such topic.

    Examples
    --------
    >>> len(about("Pictures")) > 3
    True
    """
    if topic not in table().topics:
        raise ValueError(
            f"topic must be one of {listed(table().topics)}, not {topic!r}. Choose one of them."
        )
    return Answers(tuple(row for row in table().rows if row.topic == topic), anchors=True)


def find(text: str) -> Answers:
    """Rows in which all of these words stand.

    Parameters
    ----------
    text : str
        Words in any order, such as "keras stride".

    Returns
    -------
    Answers
        None of the rows if the words stand nowhere together.

    Examples
    --------
    >>> print(find("gelu tanh"))
    GELU: exactly, or by the tanh formula?
      ...
    """
    return Answers(tuple(row for row in table().rows if text in row))


class Search:
    """A box to type words into, and below it the rows in which all of them stand.

    Parameters
    ----------
    words : str
        What stands in the box at first; without a kernel the rows of these words are shown.
    """

    def __init__(self, words: str) -> None:
        self.words = words

    def __repr__(self) -> str:
        return f"{_counted(self.words)}\n\n{find(self.words)}".rstrip()

    def box(self) -> "ipywidgets.VBox":
        """Make the box with what it finds; typing finds anew."""
        import ipywidgets

        words = ipywidgets.Text(self.words, description="words", continuous_update=True)
        found = ipywidgets.HTML(_found(self.words))
        words.observe(lambda change: setattr(found, "value", _found(change.new)), "value")
        return ipywidgets.VBox([words, found])

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        live = self.box()._repr_mimebundle_(**options)
        return {**live, "text/html": _found(self.words), "text/plain": repr(self)}


def search(words: str = "") -> Search:
    """Type words, and read the rows in which all of them stand.

    Parameters
    ----------
    words : str
        What stands in the box at first.

    Returns
    -------
    Search
        In JupyterLab a box to type into; elsewhere the rows of these words, as :func:`find` has
        them.

    Examples
    --------
    >>> search("gelu tanh")
    1 of 76 rows has "gelu tanh".
    <BLANKLINE>
    GELU: exactly, or by the tanh formula?
      ...
    """
    return Search(words)


def _found(words: str) -> str:
    return f"<p>{escape(_counted(words))}</p>{find(words)._repr_html_()}"


def _counted(words: str) -> str:
    """How many rows there are, and what to do if there is none."""
    found, whole = len(find(words)), len(table().rows)
    has = "has" if found == 1 else "have"
    advice = "" if found else " Try fewer words, or a part of one."
    return (
        f'{found} of {whole} rows {has} "{words}".{advice}' if words.strip() else f"{whole} rows."
    )


def _together(libraries: list[str]) -> list[str]:
    """Keras once, if it answers alike on all that it runs on."""
    backends = [name for name in libraries if name.startswith("Keras on ")]
    if len(backends) < 3:
        return libraries
    return [
        "Keras" if name == backends[0] else name for name in libraries if name not in backends[1:]
    ]


def in_words(answer: Any) -> str:
    """An answer as it is printed, numbers with commas and the proper minus."""
    if isinstance(answer, list):
        return ", ".join(map(in_words, answer))
    if isinstance(answer, str):
        return answer
    if isinstance(answer, float) and abs(answer) < 1e-3:
        return f"{answer:g}".replace("-0", "-").replace("-", "−")
    return f"{answer:,}".replace("-", "−")
