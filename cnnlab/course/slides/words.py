"""Words of a slide's own, in place of paragraphs that are too long to be read in a room."""

import re
from typing import Any

MOST = 60  # words of a paragraph in the speaker's notes
_HEADING = re.compile(r"\A(?:#+ .*\n+)*")
_SENTENCES = re.compile(r"(?<=[.?!:;]) |(?<=[.?!:;][)*\"”]) ")
_PARAGRAPHS = re.compile(r"\n\s*\n")


def own(notebook: Any, resources: Any) -> tuple[Any, Any]:
    r"""Show what a cell's metadata say for the slide; what the cell says goes to the notes.

    Its heading stays: ``"cnnlab": {"slide": "Few words."}`` stands for all below. Code with
    ``{"slide": "output"}`` leaves the slide to what it shows. A preprocessor of nbconvert, which
    gets a copy of the notebook.

    Examples
    --------
    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> own_words = {"cnnlab": {"slide": "Few words."}}
    >>> cell = new_markdown_cell("# Title\n\nMany words.", metadata=own_words)
    >>> print(own(new_notebook(cells=[cell]), {})[0].cells[0].source)
    # Title
    <BLANKLINE>
    Few words.
    <BLANKLINE>
    <aside class="notes">
    <BLANKLINE>
    Many words.
    <BLANKLINE>
    </aside>
    """
    for cell in notebook.cells:
        words = cell.metadata.get("cnnlab", {}).get("slide")
        if words and cell.cell_type == "markdown":
            heading = _HEADING.match(cell.source)
            length = heading.end() if heading else 0
            notes = "\n\n".join(_short(cell.source[length:]))
            cell.source = (
                f'{cell.source[:length]}{words}\n\n<aside class="notes">\n\n{notes}\n\n</aside>'
            )
        elif words == "output":
            cell.metadata["transient"] = {"remove_source": True}
    return notebook, resources


def _short(text: str) -> list[str]:
    """Paragraphs, cut at the ends of sentences where they are too long."""
    made: list[str] = []
    for paragraph in _PARAGRAPHS.split(text.strip()):
        if len(paragraph.split()) <= MOST:
            made.append(paragraph)
            continue
        piece = ""
        for sentence in _SENTENCES.split(paragraph):
            longer = f"{piece} {sentence}".strip()
            if piece and len(longer.split()) > MOST:
                made.append(piece)
                longer = sentence
            piece = longer
        made.append(piece)
    return made
