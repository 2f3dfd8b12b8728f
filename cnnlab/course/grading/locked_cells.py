"""Put a submission back into the form of its lab: the student's answers, the lab's own checks."""

import copy
from typing import TYPE_CHECKING, Any

from nbformat.v4 import new_raw_cell

from cnnlab.course.labs.source import flag, student_version

if TYPE_CHECKING:
    from nbformat import NotebookNode

KINDS = ("code", "markdown", "raw")


def marked(nb: "NotebookNode") -> dict[str, "NotebookNode"]:
    """List a lab's marked cells by name; of the same name twice the first counts.

    Examples
    --------
    >>> from nbformat import v4
    >>> from cnnlab.course.labs import cells
    >>> list(marked(v4.new_notebook(cells=[cells.answer("size", "size = ...")])))
    ['size']
    """
    found: dict[str, NotebookNode] = {}
    for cell in nb.cells:
        name = _name(cell)
        if name:
            found.setdefault(name, cell)
    return found


def _name(cell: "NotebookNode") -> str:
    mark = cell.metadata.get("nbgrader", {})
    name = mark.get("grade_id", "") if isinstance(mark, dict) else ""
    return name if isinstance(name, str) else ""


def _own(cell: "NotebookNode") -> "NotebookNode":
    """A cell that is all the student's: it keeps its text and loses every mark."""
    if cell.cell_type not in KINDS:  # another program's; its text is shown as it is
        raw: NotebookNode = new_raw_cell(str(cell.get("source", "")))  # type: ignore[no-untyped-call]
        return raw
    plain = copy.deepcopy(cell)
    plain.metadata = type(plain.metadata)()
    return plain


def readable(value: Any) -> Any:
    r"""Replace half characters, which no file can hold, in all texts of a notebook.

    Examples
    --------
    >>> readable({"source": "caf\ud800"})
    {'source': 'caf?'}
    """
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return type(value)({key: readable(each) for key, each in value.items()})
    return [readable(each) for each in value] if isinstance(value, list) else value


def reset(
    submission: "NotebookNode", source: "NotebookNode"
) -> tuple["NotebookNode", tuple[str, ...]]:
    """Rebuild a submission from its lab's source and what the student wrote.

    Answer cells keep the student's text; test cells and other locked cells are the source's,
    hidden tests included; marked cells that were deleted come back, a deleted answer as its
    placeholder; a second copy of a marked cell becomes a plain cell. Marked cells stand in the
    order of the source, and the student's other cells after the one they followed.

    Parameters
    ----------
    submission : NotebookNode
        What was handed in; it is left as it is.
    source : NotebookNode
        The lab's source.

    Returns
    -------
    notebook : NotebookNode
        The submission as it is graded.
    notes : tuple of str
        What had to be put back, one sentence each.

    Examples
    --------
    >>> from nbformat import v4
    >>> from cnnlab.course.labs import cells
    >>> test = cells.step("test-1", "check.output_size(size, 7, 3, step='1')")
    >>> reset(v4.new_notebook(), v4.new_notebook(cells=[test]))[1]
    ('Put back deleted cells: test-1.',)
    """
    submission = readable(submission)
    given, handed_out = marked(submission), marked(student_version(source))
    missing = [name for name in handed_out if name not in given]
    edited = [
        name
        for name, cell in handed_out.items()
        if name in given
        and not flag(cell, "solution")
        # lines may end as on another system
        and given[name].source.splitlines() != cell.source.splitlines()
    ]
    followers = _followers(submission, set(handed_out))
    cells = followers.pop("")
    for name, cell in marked(source).items():
        restored = copy.deepcopy(cell)
        if flag(cell, "solution"):
            answer = given.get(name, handed_out[name])
            restored.source = answer.source
            if answer.get("attachments") and restored.cell_type == "markdown":
                restored.attachments = answer.attachments  # pictures that were pasted in
        cells += [restored, *followers.pop(name, [])]
    whole = copy.deepcopy(source)
    whole.cells = cells
    for number, cell in enumerate(cells):
        cell.id = _name(cell) or f"own-{number}"
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    texts = {cell.source for cell in source.cells}  # headings and tasks, which are not marked
    aside = _words_aside(cells, given, handed_out, texts)
    sentences = {
        "Put back edited cells": edited,
        "Put back deleted cells": missing,
        "Words may stand in a cell below": aside,
    }
    notes = tuple(f"{text}: {', '.join(names)}." for text, names in sentences.items() if names)
    return whole, notes


def _words_aside(
    cells: list["NotebookNode"],
    given: dict[str, "NotebookNode"],
    handed_out: dict[str, "NotebookNode"],
    texts: set[str],
) -> list[str]:
    """Answers in words that are as they were handed out, with a text of the student's after them."""
    found, waiting = [], ""
    for cell in cells:
        name = _name(cell)
        if name in handed_out:
            untouched = given.get(name, cell).source == handed_out[name].source
            by_hand = cell.cell_type == "markdown" and flag(cell, "solution")
            waiting = name if by_hand and untouched else ""
        elif waiting and cell.cell_type == "markdown" and cell.source.strip() not in {"", *texts}:
            found.append(waiting)
            waiting = ""
    return found


def _followers(nb: "NotebookNode", names: set[str]) -> dict[str, list["NotebookNode"]]:
    """The student's own cells by the marked cell that they follow."""
    found: dict[str, list[NotebookNode]] = {"": []}
    last = ""
    for cell in nb.cells:
        name = _name(cell)
        if name in names and name not in found:
            last = name
            found[last] = []
        else:
            found[last].append(_own(cell))
    return found
