"""Tell students, before they hand a file in, what an instructor would find wrong with it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cnnlab.check.core.result import LOOKS
from cnnlab.course.grading.intake import recognising
from cnnlab.course.grading.locked_cells import marked, reset
from cnnlab.course.labs.files import read
from cnnlab.course.labs.source import flag, is_test, step_of, student_version
from cnnlab.notebooks import source_paths

if TYPE_CHECKING:
    from nbformat import NotebookNode

_PICTURE = re.compile(r"!\[[^\]]*\]\(\s*([^)\s]+)")
_FAILED = "{0.icon} {0.word}".format(LOOKS["fail"])
_ELSEWHERE = ("attachment:", "data:", "http:", "https:")


@dataclass(frozen=True)
class Verdict:
    """What became of a file that somebody means to hand in.

    Parameters
    ----------
    lab : str
        Which lab it holds; empty if none.
    trouble : str
        Why it cannot be graded; empty if it can.
    remarks : tuple of str
        What its writer should know, one sentence each.
    """

    lab: str
    trouble: str = ""
    remarks: tuple[str, ...] = ()


def verify(path: Path, sources: Iterable[Path] | None = None) -> Verdict:
    """Judge a file as ``collect`` and ``grade`` do, without running it.

    Parameters
    ----------
    path : Path
        The file.
    sources : iterable of Path, optional
        Sources of the labs that it may hold, by default those of the course.

    Returns
    -------
    Verdict

    Raises
    ------
    FileNotFoundError
        If there is no such file.

    Examples
    --------
    >>> verify(Path("notebooks/.sources/05_lab_shapes_and_parameters.ipynb")).lab
    '05_lab_shapes_and_parameters'
    """
    if not path.is_file():
        raise FileNotFoundError(f"There must be a file {path}, but there is none. Save it first.")
    if path.suffix != ".ipynb":
        return Verdict("", "It is no notebook: the name of one ends with .ipynb.")
    trouble = ""
    for source in source_paths() if sources is None else sources:
        lab = read(source)
        trouble = recognising.trouble(path, set(marked(lab)))
        if not trouble:
            return Verdict(source.stem, "", tuple(_remarks(read(path), lab)))
        if not trouble.startswith("The notebook holds"):  # it is damaged, whatever the lab
            return Verdict("", trouble)
    return Verdict("", "The notebook holds no lab of this course." if trouble else "")


def _remarks(nb: "NotebookNode", source: "NotebookNode") -> Iterable[str]:
    given, handed_out = marked(nb), marked(student_version(source))
    if missing := [name for name in handed_out if name not in given]:
        yield f"These cells were deleted and count as untouched: {', '.join(missing)}."
    if untouched := list(_untouched(given, handed_out)):
        yield f"Untouched so far: {', '.join(untouched)}."
    if behind := [f"step {step_of(cell)}" for cell in given.values() if _not_yet(cell)]:
        yield f"Not passed when last run: {', '.join(behind)}."
    aside = "Words may stand in a cell below"
    yield from (f"{note} Move them into it." for note in reset(nb, source)[1] if aside in note)
    lost = [place for cell in nb.cells for place in _lost(cell)]
    if lost:
        yield (
            f"These pictures do not lie in the notebook and would not be handed in: "
            f"{', '.join(dict.fromkeys(lost))}. Copy each and paste it into its cell."
        )


def _untouched(
    given: Mapping[str, "NotebookNode"], handed_out: Mapping[str, "NotebookNode"]
) -> Iterable[str]:
    """Steps, and words, that are as they were handed out."""
    waiting = False
    for name, cell in handed_out.items():
        if flag(cell, "solution"):
            same = name in given and given[name].source == cell.source
            if cell.cell_type == "markdown" and same:
                yield f"your words ({name})"
            elif cell.cell_type == "code":
                waiting |= same
        elif is_test(cell):
            if waiting:
                yield f"step {step_of(cell)}"
            waiting = False


def _not_yet(cell: "NotebookNode") -> bool:
    """Whether the check of a step has said in this file that it does not pass."""
    return is_test(cell) and any(
        one.output_type == "error"
        or str(one.get("data", {}).get("text/plain", "")).startswith(_FAILED)
        for one in cell.get("outputs", ())
    )


def _lost(cell: "NotebookNode") -> Iterable[str]:
    """Pictures that a text names and that are not in the notebook."""
    if cell.cell_type != "markdown":
        return
    for place in _PICTURE.findall(cell.source):
        name = place.removeprefix("attachment:")
        if place.startswith("attachment:"):
            if name not in cell.get("attachments", {}):
                yield name
        elif not place.startswith(_ELSEWHERE):
            yield place
