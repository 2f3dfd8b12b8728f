"""The glossary, made from the sentences in which the notebooks themselves define a term.

A cell says in its metadata which terms it defines, and each of them stands bold in the sentence
that defines it::

    "cnnlab": {"defines": ["stride"]}        The **stride** is how far the window moves each time.

Nothing is written twice: the glossary's notebook holds its other cells, and the cells with the
terms, marked as generated, are made anew from the lectures.
"""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from cnnlab.course.generated import LINKS
from cnnlab.course.labs.files import read, text_of
from cnnlab.notebooks import is_generated, notebook_folder, notebook_paths

if TYPE_CHECKING:
    from nbformat import NotebookNode

NAME = "91_appendix_glossary.ipynb"
PLACE = "terms"  # id of the cell after which the generated ones stand

# One word for one thing: words met elsewhere, and the one that this course uses.
OTHER_WORDS = {
    "activation map": ("response map",),
    "atrous": ("dilation",),
    "feature map": ("response map",),
    "fully connected": ("dense layer",),
    "linear layer": ("dense layer",),
    "minibatch": ("batch size",),
    "parameter sharing": ("shared",),
    "step size": ("stride", "learning rate"),
    "weight sharing": ("shared",),
}

_FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#+\s+(.+?)\s*$")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+\.)\s+")
_BOLD = re.compile(r"\*\*([^*]+?)[.:,;]?\*\*")
_SPAN = re.compile(r"\$\$.+?\$\$|\$[^$]+\$|`[^`]+`", re.DOTALL)
_SHORT = r"(?<!\be\.g)(?<!\bi\.e)(?<!\bcf)(?<!\bvs)(?<!\bFig)(?<!\bal)"  # no sentence ends here
_END = re.compile(rf"""{_SHORT}[.!?]["')\]*]*\s+(?=["'(\[*]*[A-Z0-9]|\*\*)""")


class Definition(NamedTuple):
    """A term and the sentence that defines it.

    Attributes
    ----------
    term : str
        As the cell's metadata names it.
    sentence : str
        Markdown, with the term bold.
    notebook : str
        File name.
    section : str
        Heading above it.
    """

    term: str
    sentence: str
    notebook: str
    section: str

    @property
    def address(self) -> str:
        """Link to the section, as JupyterLab and the course's pages resolve it."""
        return f"{self.notebook}#{anchor(self.section)}"


def anchor(heading: str) -> str:
    """The fragment of a heading's address.

    Examples
    --------
    >>> anchor("There is no magic in `fit`"), anchor("Maximum or average?")
    ('There-is-no-magic-in-fit', 'Maximum-or-average?')
    """
    return quote(re.sub(r"[`*$]", "", heading).replace(" ", "-"), safe="?/:@!$&'()*+,;=")


def sentences(markdown: str) -> Iterator[str]:
    r"""Sentences of a piece of Markdown; list items and the cells of tables stand alone.

    Examples
    --------
    >>> list(sentences("It costs 2.5 s, e.g. for $a. B$. Then:\n\n- one; and\n- two"))
    ['It costs 2.5 s, e.g. for $a. B$.', 'Then:', 'one; and', 'two']
    """
    for block in _blocks(_FENCE.sub("", markdown)):
        hidden = _SPAN.sub(lambda span: "X" * len(span[0]), block)
        ends = [match.end() for match in _END.finditer(hidden)]
        for first, last in zip([0, *ends], [*ends, len(block)], strict=True):
            yield block[first:last].strip()


def _blocks(markdown: str) -> Iterator[str]:
    lines: list[str] = []
    for line in [*markdown.splitlines(), ""]:
        alone = not line.strip() or line.startswith("|") or _HEADING.match(line)
        if lines and (alone or _ITEM.match(line)):
            yield " ".join(lines)
            lines = []
        if line.startswith("|") and line.strip("|:- "):
            yield from filter(None, map(str.strip, line.strip("| ").split(" | ")))
        elif not alone:
            lines.append(_ITEM.sub("", line).strip())


def bold_terms(markdown: str) -> list[str]:
    """What stands bold, in lower case and without the punctuation at its end.

    Examples
    --------
    >>> bold_terms("**Shared:** all windows use the same **weights**.")
    ['shared', 'weights']
    """
    return [match[1].casefold() for match in _BOLD.finditer(_FENCE.sub("", markdown))]


def _defining(term: str, source: str, where: str) -> str:
    """The sentence of a cell that has the term, or its plural, in bold."""
    forms = {term.casefold(), term.casefold() + "s"}
    found = next((one for one in sentences(source) if forms & set(bold_terms(one))), None)
    if found is None:
        raise ValueError(
            f"{where}: a defined term must stand bold, but **{term}** does not. "
            "Make it bold in the sentence that defines it, or take it out of the metadata."
        )
    if found.endswith(":") or len(found.split()) < 4:
        raise ValueError(
            f"{where}: the definition of {term} must be a whole sentence, but is {found!r}. "
            "Let it say by itself what the term means."
        )
    if found.count("(") > found.count(")") or (found[0], found[-1]) == ("(", ")"):
        found = found.removeprefix("(").removesuffix(")")
    if found.count(")") > found.count("("):
        found = found.removesuffix(")")
    return found if found[-1] in ".!?)$" else found.rstrip(";,") + "."


def _headings(markdown: str) -> Iterator[str]:
    return (match[1] for match in map(_HEADING.match, markdown.splitlines()) if match)


def _marked(notebook: Mapping[str, Any]) -> Iterator[tuple[list[str], str, str]]:
    """Terms that a cell defines, its text and the heading above, for each cell that has any."""
    section = ""
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            section = next(_headings(_FENCE.sub("", source)), section)
        if terms := cell["metadata"].get("cnnlab", {}).get("defines"):
            yield terms, source, section


def definitions(folder: str | Path | None = None) -> list[Definition]:
    """Find the definitions of the course.

    Parameters
    ----------
    folder : path, optional
        Where the notebooks are; by default beside the package, as in a checkout.

    Returns
    -------
    list of Definition
        From A to Z.

    Raises
    ------
    ValueError
        If a term is not bold, its sentence does not stand alone, or it is defined twice.
    FileNotFoundError
        If there is no such folder.
    """
    found: dict[str, Definition] = {}
    for path in notebook_paths(folder):
        for terms, source, section in _marked(json.loads(path.read_text(encoding="utf-8"))):
            for term in terms:
                if term.casefold() in found:
                    raise ValueError(
                        f"{path.name}: a term must be defined once, but {term} is defined in "
                        f"{found[term.casefold()].notebook} too. Take it out of one's metadata."
                    )
                sentence = _defining(term, source, path.name)
                found[term.casefold()] = Definition(term, sentence, path.name, section)
    return [found[key] for key in sorted(found)]


def other_words(notebook: Mapping[str, Any]) -> list[str]:
    """Find words in a notebook's prose for which this course uses another one.

    Each is allowed in the cell that defines our word, where it is named as a synonym; code and
    what stands under *Sources* do not count.

    Parameters
    ----------
    notebook : mapping
        A notebook in the format of nbformat 4.

    Returns
    -------
    list of str
        One sentence each.
    """
    found, section = [], ""
    for cell in notebook["cells"]:
        if cell["cell_type"] != "markdown" or is_generated(cell):
            continue
        source = _SPAN.sub("", _FENCE.sub("", "".join(cell["source"])))
        section = next(_headings(source), section)
        defined = cell.get("metadata", {}).get("cnnlab", {}).get("defines", [])
        for word, ours in OTHER_WORDS.items():
            pattern = word.replace(" ", r"[\s-]+").replace("minib", "mini-?b")
            if re.search(rf"\b{pattern}", source, re.I) and not {*ours, section} & {
                *defined,
                "Sources",
            }:
                found.append(f"Under {section!r}: say {' or '.join(ours)}, not {word}.")
    return found


def _entry(definition: Definition) -> str:
    said = _BOLD.sub(lambda match: match[0].strip("*"), definition.sentence)
    chapter = definition.notebook[:2]
    return (
        f"- **{definition.term}**: {said} [{chapter}, {definition.section}]({definition.address})"
    )


def _texts(terms: list[Definition]) -> Iterator[tuple[str, str]]:
    """Id and text of each generated cell."""
    for letter, group in groupby(terms, lambda one: one.term[0].upper()):
        lines = "\n".join(map(_entry, group))
        yield f"glossary-{letter.lower()}", f"### {letter}\n\n{lines}"
    rows = [f"| {word} | {' or '.join(ours)} |" for word, ours in OTHER_WORDS.items()]
    table = "\n".join(["| elsewhere | look up here |", "|---|---|", *rows])
    yield "glossary-other-words", f"### Other words for the same things\n\n{table}"


def _cells(terms: list[Definition]) -> Iterator["NotebookNode"]:
    from nbformat import v4

    for name, text in _texts(terms):
        metadata = {"cnnlab": {"generated": True}, "slideshow": {"slide_type": "subslide"}}
        yield v4.new_markdown_cell(text, id=name, metadata=metadata)  # type: ignore[no-untyped-call]


def make(folder: str | Path | None = None, *, check: bool = False) -> str:
    """Make the terms of the glossary's notebook from the lectures.

    Parameters
    ----------
    folder : path, optional
        Where the notebooks are; by default beside the package, as in a checkout.
    check : bool
        Change no file; only report what would change.

    Returns
    -------
    str
        ``"same"`` or ``"changed"``.

    Raises
    ------
    ValueError
        If a definition is wrong, or the notebook has no cell with the id ``terms``.
    FileNotFoundError
        If there is no such folder or no notebook of the glossary in it.

    Examples
    --------
    >>> make(check=True)
    'same'
    """
    path = notebook_folder(folder) / NAME
    nb = read(path)
    before = text_of(nb)
    kept = [cell for cell in nb.cells if not is_generated(cell) or cell.id == LINKS]
    at = next((number for number, cell in enumerate(kept, 1) if cell.id == PLACE), None)
    if at is None:
        raise ValueError(
            f"{NAME}: one cell must have the id {PLACE!r}, but none has. "
            "Give it to the cell after which the terms should stand."
        )
    nb.cells = [*kept[:at], *_cells(definitions(folder)), *kept[at:]]
    if text_of(nb) == before:
        return "same"
    if not check:
        path.write_text(text_of(nb), encoding="utf-8", newline="\n")
    return "changed"
