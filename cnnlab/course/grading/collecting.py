"""Find out whose each handed-in file is, and say of every file what became of it."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cnnlab.course.grading.locked_cells import marked
from cnnlab.course.labs.files import read
from cnnlab.course.labs.source import flag
from cnnlab.notebooks import WORK_FOLDER

if TYPE_CHECKING:
    from nbformat import NotebookNode

BIGGEST = 20_000_000  # bytes


@dataclass(frozen=True)
class Handed:
    """One thing that was handed in.

    Parameters
    ----------
    student : str
        Whose it is; empty if nobody can tell.
    path : Path
        The file or folder.
    reason : str
        Why it was not collected; empty if it was.
    """

    student: str
    path: Path
    reason: str = ""


def clean(name: str) -> str:
    """Make a student's id from a name: letters, digits and ``._@-``.

    Moodle's ending of folder names goes.

    Examples
    --------
    >>> clean("Ada Lovelace_4711_assignsubmission_file_")
    'Ada_Lovelace_4711'
    """
    name = re.sub(r"_assignsubmission_file_?$", "", name)
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


def find(folder: Path, lab: str, names: set[str]) -> list[Handed]:
    """Look at everything in a folder of submissions.

    Parameters
    ----------
    folder : Path
        Holds a folder for each student, or a notebook for each, named ``STUDENT_LAB.ipynb``.
    lab : str
        Name of the lab.
    names : set of str
        Its marked cells.

    Returns
    -------
    list of Handed
        One for each file or folder in there.
    """
    found: list[Handed] = []
    for path in sorted(folder.iterdir()):
        one = _in_folder(path, lab, names) if path.is_dir() else _in_file(path, lab, names)
        earlier = [other.path for other in found if other.student == one.student != ""]
        if earlier and not one.reason:
            one = Handed(one.student, path, f"{earlier[0].name} is {one.student}'s too. Keep one.")
        found.append(one)
    return found


def _in_file(path: Path, lab: str, names: set[str]) -> Handed:
    student = student_of(path, lab)
    if path.suffix != ".ipynb":
        return Handed("", path, "It is no notebook. Unpack archives first.")
    if not student:
        return Handed("", path, f"Nobody can tell whose it is. Name it STUDENT_{lab}.ipynb.")
    if lab in path.stem or is_of(path, names):
        return Handed(student, path)
    return Handed(student, path, f"It is no notebook of {lab}.")


def _in_folder(path: Path, lab: str, names: set[str]) -> Handed:
    student = clean(path.name)
    there = sorted(one for one in path.rglob("*.ipynb") if not _is_hidden(one.relative_to(path)))
    own = [one for one in there if one.parent.name == WORK_FOLDER and is_of(one, names)]
    exact = [one for one in there if one.stem == lab]
    chosen = own or exact or [one for one in there if is_of(one, names)]
    if len(chosen) == 1:
        return Handed(student, chosen[0])
    seen = ", ".join(one.name for one in chosen or there) or "nothing"
    if chosen:
        return Handed(student, path, f"There are several notebooks of {lab}: {seen}. Keep one.")
    return Handed(student, path, f"There is no notebook of {lab}, but {seen}.")


def _is_hidden(path: Path) -> bool:
    """Whether it lies in a folder that Jupyter does not show, as copies of its own do."""
    return any(part.startswith(".") for part in path.parts)


def take(handed: Handed, submitted: Path, lab: str) -> Path:
    """Copy a notebook to where nbgrader looks for it.

    Parameters
    ----------
    handed : Handed
        Something that can be collected.
    submitted : Path
        nbgrader's folder of submissions.
    lab : str
        Name of the lab.

    Returns
    -------
    Path
        The copy.
    """
    target = submitted / handed.student / lab / f"{lab}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(handed.path, target)
    return target


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
