"""A learner's own copies of the labs, in a folder that no update of the course touches."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from cnnlab.course.generated import LINKS
from cnnlab.course.labs.files import LOCK, is_locked, read, source_of, text_of
from cnnlab.course.labs.source import flag, student_version
from cnnlab.notebooks import copies_of, notebook_folder, way, work_folder

if TYPE_CHECKING:
    from nbformat import NotebookNode

_TARGET = re.compile(r"""(?P<start>\]\(|\b(?:src|href)=")(?!\w+:)(?P<target>[^\s")#]+)""")


class Copied(NamedTuple):
    """What came of a copy: its path, whether it was made now, and what the learner should know."""

    path: Path
    made: bool
    note: str

    def __str__(self) -> str:
        return self.note


def start(lab: str | Path, folder: str | Path | None = None) -> Copied:
    """Copy a lab into the learner's own folder, once.

    What stands in the lab among the course's notebooks comes along, so answers that were written
    there are not lost.

    Parameters
    ----------
    lab : str or path
        Its name or its notebook.
    folder : path, optional
        Where the notebooks are; by default beside the package, as in a checkout.

    Returns
    -------
    Copied
        The new copy, or the one that is there already, which is left as it is.

    Raises
    ------
    FileNotFoundError
        If there is no such lab.
    PermissionError
        If nothing can be written there.

    Examples
    --------
    >>> start("99_lab_nothing")
    Traceback (most recent call last):
        ...
    FileNotFoundError: lab must be one of ...
    """
    source = source_of(lab, folder)
    there = copies_of(source.name, folder)
    if there:
        return Copied(there[-1], False, _already(there[-1], source))
    fresh = student_version(read(source))
    nb = _readable(notebook_folder(folder) / source.name) or fresh
    came_along = [cell.source for cell in nb.cells] != [cell.source for cell in fresh.cells]
    path = _write(nb, source, folder)
    note = (
        f"{_shown(path)} is your own copy of the lab, and no update of the course will touch it. "
        "Open it in JupyterLab's file browser."
    )
    if came_along:
        note += f"\nWhat you had written in {notebook_folder(folder).name} came along."
    return Copied(path, True, note)


def _readable(path: Path) -> "NotebookNode | None":
    """A notebook, or None where it is missing or damaged, as after an update that collided."""
    try:
        return read(path)
    except (FileNotFoundError, ValueError):
        return None


def reset(lab: str | Path, folder: str | Path | None = None) -> Copied:
    """Put a fresh copy of a lab beside the learner's others, which stay as they are.

    Parameters and errors are those of `start`.

    Returns
    -------
    Copied
        The fresh copy, without answers.
    """
    source = source_of(lab, folder)
    nb = student_version(read(source))
    if (given := _readable(notebook_folder(folder) / source.name)) and is_locked(given.metadata):
        nb.metadata.setdefault("cnnlab", {})[LOCK] = True
    others = copies_of(source.name, folder)
    path = _write(nb, source, folder)
    note = f"{_shown(path)} is a fresh copy of the lab."
    if others:
        names = ", ".join(one.name for one in others)
        note += f" What you had stays as it is: {names}."
    return Copied(path, True, note)


def _already(path: Path, source: Path) -> str:
    note = (
        f"{_shown(path)} is there already, and was left as it is. For a fresh copy beside it: "
        f"python -m cnnlab reset {source.stem}"
    )
    if _is_older(path, source):
        note += "\nThe lab has changed since; a fresh copy has its new form."
    return note


def _is_older(path: Path, source: Path) -> bool:
    """Whether the cells that a learner cannot change are other ones today."""

    def locked(nb: "NotebookNode") -> dict[str, str]:
        return {cell.id: cell.source for cell in nb.cells if flag(cell, "locked")}

    try:
        return locked(read(path)) != locked(student_version(read(source)))
    except Exception:  # whatever state the learner's file is in, it is there
        return False


def _write(nb: "NotebookNode", source: Path, folder: str | Path | None) -> Path:
    """Write a new file under the first free name; never over one that is there."""
    work = work_folder(folder)
    text = text_of(_at_home(nb, source, notebook_folder(folder), work))
    try:
        work.mkdir(parents=True, exist_ok=True)
        number = 1
        while True:
            path = work / (source.name if number == 1 else f"{source.stem}-{number}.ipynb")
            try:
                with path.open("x", encoding="utf-8", newline="\n") as file:
                    file.write(text)
            except FileExistsError:
                number += 1
            else:
                return path
    except OSError as error:
        raise PermissionError(
            f"Your copies of labs go into the folder {work}, but nothing can be written there "
            f"({error.strerror}). Make it a folder of your own, or name another one in the "
            "environment variable CNNLAB_WORK."
        ) from None


def _at_home(nb: "NotebookNode", source: Path, place: Path, work: Path) -> "NotebookNode":
    """Let links and pictures lead from the learner's folder to the course's notebooks."""
    home = way(work, place)

    def lead(match: re.Match[str]) -> str:
        there = (place / unquote(match["target"])).exists()
        return f"{match['start']}{home}/{match['target']}" if there else match[0]

    for cell in nb.cells:
        if cell.get("id") == LINKS:
            cell.source = (
                f"**This copy is your own**: no update of the course touches it. For a fresh one "
                f"beside it, type `python -m cnnlab reset {source.stem}` in a terminal.\n\n"
                + cell.source.splitlines()[-1]
            )
        if cell.cell_type == "markdown":
            cell.source = _TARGET.sub(lead, cell.source)
    return nb


def _shown(path: Path) -> str:
    """A path as a learner in the course's folder sees it."""
    return f"{path.parent.name}/{path.name}"
