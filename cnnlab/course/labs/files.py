"""Where labs lie: sources, the students' notebooks made from them, and shared solutions."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cnnlab._names import unknown
from cnnlab.check.core import lab_steps
from cnnlab.course.labs.problems import problems
from cnnlab.course.labs.source import solutions, student_version, titled_steps
from cnnlab.notebooks import NAME, SOURCE_FOLDER, copies_of, notebook_folder, source_paths

if TYPE_CHECKING:
    from nbformat import NotebookNode

LOCK = "solutions_locked"  # in metadata.cnnlab of a notebook that was handed out


def read(path: Path) -> "NotebookNode":
    """Read a notebook in the newest format.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    """
    import nbformat

    if not path.is_file():
        raise FileNotFoundError(f"There must be a notebook at {path}, but there is none.")
    text = path.read_text(encoding="utf-8-sig")  # some editors put a mark in front
    nb: NotebookNode = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    return nb


def text_of(nb: "NotebookNode") -> str:
    """Write a notebook as text, always the same way."""
    import nbformat

    return str(nbformat.writes(nb)).rstrip("\n") + "\n"  # type: ignore[no-untyped-call]


def source_of(lab: str | Path, folder: str | Path | None = None) -> Path:
    """Find the source of a lab.

    Parameters
    ----------
    lab : str or path
        Its name, such as ``05_lab_shapes_and_parameters``, with or without ``.ipynb``; of a path
        the last part counts.
    folder : path, optional
        Where the notebooks are; by default beside the package, as in a checkout.

    Returns
    -------
    Path

    Raises
    ------
    FileNotFoundError
        If there is none.

    Examples
    --------
    >>> source_of("99_lab_nothing")
    Traceback (most recent call last):
        ...
    FileNotFoundError: lab must be one of ...
    """
    name = Path(lab).name.removesuffix(".ipynb")
    there = {path.stem: path for path in source_paths(folder)}
    if name not in there:
        meant = _for_short(there)
        chapter = [lab for lab in there if lab[:3] == name[:3]]  # of 04_lecture_convolution
        if chapter:
            meant[name] = chapter[0]
        raise FileNotFoundError(unknown("lab", name, there or ["(there is no source here)"], meant))
    return there[name]


def _for_short(labs: Iterable[str]) -> dict[str, str]:
    """What a lab is called for short: ``4``, ``lab 04``, or any word of its topic onwards."""
    short: dict[str, str] = {}
    for name in labs:
        number, _, topic = name.split("_", 2)
        words = topic.split("_")
        ends = ["_".join(words[at:]) for at in range(len(words))]
        short |= dict.fromkeys([number.lstrip("0"), f"lab{number}", *ends], name)
    return short


def make(folder: str | Path | None = None, *, check: bool = False) -> dict[Path, str]:
    """Make the students' notebooks from the labs' sources.

    Parameters
    ----------
    folder : path, optional
        Where the notebooks are; by default beside the package, as in a checkout.
    check : bool
        Change no file; only report what would change.

    Returns
    -------
    dict of Path to str
        For each student's notebook, and the table of steps: ``"same"``, ``"changed"``, or what is wrong with its source.
        A lab without a source is wrong too.

    Examples
    --------
    >>> set(make(check=True).values()) <= {"same"}
    True
    """
    place = notebook_folder(folder)
    strays = {
        path: f"it has no source {SOURCE_FOLDER}/{path.name}; move it there and mark its answers."
        for path in sorted(place.glob("*_lab_*.ipynb"))
        if NAME.fullmatch(path.name)
    }
    steps = _make_steps(source_paths(folder), check) if _has_package(place) else {}
    made = {
        place / path.name: _make(path, place / path.name, check) for path in source_paths(folder)
    }
    return strays | steps | made


def _has_package(place: Path) -> bool:
    """Whether the notebooks are those of the checkout that this package is in."""
    return lab_steps.FILE.is_relative_to(place.resolve().parent)


def _make_steps(sources: Iterable[Path], check: bool) -> dict[Path, str]:
    """Write down what ``check.lab(title)`` has to know."""
    table = {title: steps for path in sources for title, steps in titled_steps(read(path)).items()}
    text = json.dumps(table, ensure_ascii=False, indent=1) + "\n"
    return {lab_steps.FILE: _put(text, lab_steps.FILE, check)}


def _make(source: Path, target: Path, check: bool) -> str:
    nb = read(source)
    wrong = list(problems(nb))
    if wrong:
        return " ".join(wrong)
    return _put(text_of(student_version(nb)), target, check)


def _put(text: str, target: Path, check: bool) -> str:
    if target.is_file() and target.read_text(encoding="utf-8") == text:
        return "same"
    if not check:
        target.write_text(text, encoding="utf-8", newline="\n")
    return "changed"


def is_locked(metadata: Mapping[str, Any]) -> bool:
    """Whether a notebook was handed out with its solutions locked.

    Examples
    --------
    >>> is_locked({"cnnlab": {"solutions_locked": True}})
    True
    """
    return bool(metadata.get("cnnlab", {}).get(LOCK, False))


def solution(lab: str | Path, step: str | None = None, folder: str | Path | None = None) -> str:
    """Show the solution of one step, or of all.

    Parameters
    ----------
    lab : str or path
        Its name or the student's notebook.
    step : str, optional
        Name of the step; all if there is none.
    folder : path, optional
        Where the notebooks are; by default beside the package, as in a checkout.

    Returns
    -------
    str
        Code.

    Raises
    ------
    PermissionError
        If an instructor has handed the lab out with its solutions locked. This is an agreement,
        not a safe: anyone who opens the source can read them.
    KeyError
        If the lab has no such step.
    FileNotFoundError
        If the lab or its source is missing.
    """
    source = source_of(lab, folder)
    copies = {Path(lab).with_suffix(".ipynb"), notebook_folder(folder) / source.name}
    copies.update(copies_of(source.name, folder))
    if any(is_locked(read(path).metadata) for path in copies if path.is_file()):
        raise PermissionError(
            f"The solutions of {source.stem} are locked by your instructor for now. Read the "
            "check's card and the hints of the step instead, or ask your instructor."
        )
    found = solutions(read(source))
    if step is not None and step not in found:
        raise KeyError(unknown("step", step, found))
    chosen = found if step is None else {step: found[step]}
    return "\n\n".join(f"# Step {name}\n{code}" for name, code in chosen.items())
