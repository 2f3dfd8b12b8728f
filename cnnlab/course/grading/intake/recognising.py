"""Recognise what is handed in: whose a file is, which lab it holds, whether it can be graded."""

import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from cnnlab.course.grading.locked_cells import marked
from cnnlab.course.labs.files import read
from cnnlab.course.labs.source import flag

if TYPE_CHECKING:
    from nbformat import NotebookNode

BIGGEST = 20_000_000  # bytes


def clean(name: str) -> str:
    """Make a student's id from a name: letters, digits and ``._@-``.

    Moodle's ending of folder names goes; letters with marks are written in one way, because
    macOS writes them in two parts.

    Examples
    --------
    >>> clean("Ada Lovelace_4711_assignsubmission_file_")
    'Ada_Lovelace_4711'
    """
    name = re.sub(r"_assignsubmission_file_?$", "", unicodedata.normalize("NFC", name))
    return re.sub(r"[^\w.@-]+", "_", name).strip("._- ")


def student_of(path: Path, lab: str) -> str:
    """Tell from a file's name whose it is: what stands before the name of the lab.

    Examples
    --------
    >>> student_of(Path("ada_05_lab_pooling-1.ipynb"), "05_lab_pooling")
    'ada'
    >>> student_of(Path("ada.ipynb"), "05_lab_pooling")
    'ada'
    """
    return clean(path.stem.split(lab)[0])


def whose(path: Path, lab: str) -> str:
    """Tell whose a file is by its path in the folder of submissions.

    Examples
    --------
    >>> whose(Path("Ada Lovelace/data.zip"), "05_lab"), whose(Path("ada_05_lab.zip"), "05_lab")
    ('Ada_Lovelace', 'ada')
    """
    return clean(path.parts[0]) if len(path.parts) > 1 else student_of(path, lab)


def belongs(nb: "NotebookNode", names: set[str]) -> bool:
    """Whether a notebook is a lab, by its answers; labs have other marked cells in common.

    Examples
    --------
    >>> from nbformat import v4
    >>> from cnnlab.course.labs import cells
    >>> lab = v4.new_notebook(cells=[cells.fixed("setup", ""), cells.answer("size", "size = ...")])
    >>> belongs(lab, {"setup", "size"}), belongs(lab, {"setup", "jump"})
    (True, False)
    """
    there = marked(nb)
    answers = [name for name, cell in there.items() if flag(cell, "solution")] or list(there)
    return 2 * len(names.intersection(answers)) > len(answers)


def is_of(path: Path, names: set[str]) -> bool:
    """Whether a file is a notebook of the lab with these marked cells."""
    if path.stat().st_size > BIGGEST:
        return False
    try:
        return belongs(read(path), names)
    except Exception:  # whatever a student's file holds, it is not this lab
        return False


def trouble(path: Path, names: set[str]) -> str:
    """Say why a collected file cannot be graded; empty if it can.

    Parameters
    ----------
    path : Path
        The file.
    names : set of str
        Marked cells of its lab.

    Returns
    -------
    str
    """
    if path.stat().st_size > BIGGEST:
        return f"The file is bigger than {BIGGEST // 1_000_000} MB."
    if not path.stat().st_size:
        return "The file is empty."
    from nbformat.reader import NotJSONError

    try:
        nb = read(path)
        right = belongs(nb, names)
    except (NotJSONError, UnicodeDecodeError):
        return "The file is damaged: no notebook can be read from it."
    except Exception as error:
        return f"The file is no notebook ({type(error).__name__})."
    if right:
        return ""
    shared = names & set(marked(nb))
    return f"The notebook holds {'another lab' if shared else 'no cell of this lab'}."
