"""The course's notebooks: their facts, and the map made from them.

A notebook states its facts once, in its own metadata::

    "cnnlab": {"title": "Convolution", "minutes": 25, "prerequisites": ["03"],
               "goals": ["slide a kernel over an image by hand"]}

Its opening cell, the course map and the tests are all made from, or held against, them.
Chapter and kind are in the file's name: ``04_lecture_convolution.ipynb``.
"""

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cnnlab._text import html_table

KINDS = ("lecture", "lab", "appendix")
SOURCE_FOLDER = ".sources"  # of the labs, with their solutions; Jupyter hides it
WORK_FOLDER = "work"  # of a learner's own copies of labs, beside that of the notebooks
NAME = re.compile(rf"(?P<number>\d\d)_(?P<kind>{'|'.join(KINDS)})_[a-z0-9_]+\.ipynb")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a notebook says of itself in ``metadata.cnnlab``."""

    title: str
    minutes: int
    prerequisites: tuple[str, ...]
    goals: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Notebook(Facts):
    """One notebook of the course: a row of the map."""

    path: Path
    number: str
    kind: str
    copies: tuple[Path, ...] = ()


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


_RULES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "title": ("a non-empty string", _is_text),
    "minutes": ("a positive whole number", lambda value: type(value) is int and value > 0),
    "prerequisites": (
        'a list of chapter numbers such as ["03", "04"], or []',
        lambda value: (
            isinstance(value, list)
            and all(re.fullmatch(r"\d\d", str(item)) and isinstance(item, str) for item in value)
        ),
    ),
    "goals": (
        "a non-empty list of strings",
        lambda value: isinstance(value, list) and bool(value) and all(map(_is_text, value)),
    ),
}


def read_facts(metadata: Mapping[str, Any], where: str = "notebook") -> Facts:
    """Check a notebook's metadata and take its facts.

    Parameters
    ----------
    metadata : mapping
        Metadata of the whole notebook, with the key ``cnnlab``.
    where : str
        Name of the notebook for the error message.

    Raises
    ------
    ValueError
        If a fact is missing or has the wrong form.
    """
    given = metadata.get("cnnlab", {})
    for key, (rule, holds) in _RULES.items():
        if key not in given or not holds(given[key]):
            found = repr(given[key]) if key in given else "missing"
            raise ValueError(
                f"{where}: metadata.cnnlab.{key} must be {rule}; it is {found}. "
                "Mend it in the notebook's metadata."
            )
    tuples = {key: tuple(given[key]) for key in ("prerequisites", "goals")}
    return Facts(title=given["title"], minutes=given["minutes"], **tuples)


def notebook_folder(folder: str | Path | None = None) -> Path:
    """Folder of the notebooks, by default beside the package, as in a checkout.

    Raises
    ------
    FileNotFoundError
        If there is no such folder.
    """
    place = Path(folder) if folder else Path(__file__).resolve().parents[1] / "notebooks"
    if not place.is_dir():
        raise FileNotFoundError(
            f"The notebooks must be in a folder, but there is none at {place}. "
            "Work in a checkout of the course (pip install -e .) or pass folder=."
        )
    return place


def work_folder(folder: str | Path | None = None) -> Path:
    """Folder of a learner's own copies of labs; it may have to be made.

    The environment variable ``CNNLAB_WORK`` names it; else it is ``work``, beside the notebooks.

    Parameters and errors are those of `notebook_folder`.
    """
    chosen = os.environ.get("CNNLAB_WORK")
    place = notebook_folder(folder).resolve().parent / WORK_FOLDER
    return Path(chosen).expanduser() if chosen else place


def copies_of(name: str, folder: str | Path | None = None) -> tuple[Path, ...]:
    """A learner's own copies of a lab, by the file name of the lab; the first one first.

    Parameters and errors are those of `notebook_folder`.
    """
    stem = name.removesuffix(".ipynb")
    found = work_folder(folder).glob(f"{stem}*.ipynb")
    return tuple(sorted(found, key=lambda path: (len(path.name), path.name)))


def way(start: Path, target: Path) -> str:
    """The relative address of a file or folder, as seen from a folder.

    Examples
    --------
    >>> way(Path("work"), Path("notebooks"))
    '../notebooks'
    """
    try:
        return Path(os.path.relpath(target, start)).as_posix()
    except ValueError:  # another drive of Windows: no way leads there
        return target.resolve().as_uri()


def source_paths(folder: str | Path | None = None) -> list[Path]:
    """List the sources of the labs, in order.

    Parameters and errors are those of `notebook_folder`.
    """
    place = notebook_folder(folder) / SOURCE_FOLDER
    return sorted(path for path in place.glob("*_lab_*.ipynb") if NAME.fullmatch(path.name))


def executed_paths(folder: str | Path | None = None) -> list[Path]:
    """List the notebooks that carry outputs: all of the course, but of each lab its source.

    Parameters and errors are those of `notebook_folder`.
    """
    return [
        path.parent / SOURCE_FOLDER / path.name if is_made(path) else path
        for path in notebook_paths(folder)
    ]


def is_source(path: str | Path) -> bool:
    """Whether a notebook is the source of a lab, by its place.

    Examples
    --------
    >>> is_source("notebooks/.sources/05_lab_pooling.ipynb"), is_source("05_lab_pooling.ipynb")
    (True, False)
    """
    place = Path(path)
    return place.parent.name == SOURCE_FOLDER and "_lab_" in place.name


def is_made(path: str | Path) -> bool:
    """Whether a notebook is a lab as students get it: made from its source, without outputs.

    Examples
    --------
    >>> is_made("notebooks/04_lecture_convolution.ipynb")
    False
    """
    place = Path(path)
    return (place.parent / SOURCE_FOLDER / place.name).is_file()


def is_generated(cell: Mapping[str, Any]) -> bool:
    """Whether a cell is made from others, so that what it says is proved there.

    Examples
    --------
    >>> is_generated({"metadata": {"cnnlab": {"generated": True}}}), is_generated({})
    (True, False)
    """
    return bool(cell.get("metadata", {}).get("cnnlab", {}).get("generated", False))


def notebook_paths(folder: str | Path | None = None) -> list[Path]:
    """Files of the course in order: by chapter, each lecture before its lab.

    Files with other names, such as a learner's own copies, are left out.

    Parameters
    ----------
    folder : path, optional
        Where the notebooks are; by default beside the package, as in a checkout.

    Raises
    ------
    FileNotFoundError
        If there is no such folder.
    """
    place = notebook_folder(folder)
    matches = [(NAME.fullmatch(path.name), path) for path in place.glob("*.ipynb")]
    ordered = sorted((m["number"], KINDS.index(m["kind"]), path) for m, path in matches if m)
    return [path for _, _, path in ordered]


def notebooks(folder: str | Path | None = None) -> list[Notebook]:
    """Read the facts of every notebook of the course, in order.

    Parameters and errors are those of `notebook_paths` and `read_facts`.
    """
    rows = []
    for path in notebook_paths(folder):
        number, kind, _ = path.stem.split("_", 2)
        metadata = json.loads(path.read_text(encoding="utf-8")).get("metadata", {})
        facts = read_facts(metadata, path.name)
        copies = copies_of(path.name, folder) if kind == "lab" else ()
        rows.append(Notebook(path=path, number=number, kind=kind, copies=copies, **vars(facts)))
    return rows


@dataclass(frozen=True, repr=False)
class CourseMap:
    """The notebooks as a table, with links for a notebook that lies in the same folder."""

    notebooks: tuple[Notebook, ...]

    @property
    def caption(self) -> str:
        """How many notebooks there are, and how long they take."""
        hours, minutes = divmod(sum(row.minutes for row in self.notebooks), 60)
        return f"{len(self.notebooks)} notebooks, {hours} h {minutes} min"

    def __repr__(self) -> str:
        lines = [
            f"{row.number} {row.kind:<8} {row.minutes:>3} min  {row.title}"
            + (f" (after {', '.join(row.prerequisites)})" if row.prerequisites else "")
            + "".join(f"; your copy: {address}" for address in _own(row))
            for row in self.notebooks
        ]
        return "\n".join([*lines, self.caption])

    def _repr_html_(self) -> str:
        headings = ("Chapter", "Kind", "Notebook", "Minutes", "After", "You will be able to")
        rows = map(_html_cells, self.notebooks)
        return html_table(f"The course: {self.caption}", headings, ["left"] * 6, rows, names=2)


def _own(row: Notebook) -> list[str]:
    """Addresses of a learner's own copies, as seen from the notebooks."""
    return [way(row.path.parent, copy) for copy in row.copies]


def _html_cells(row: Notebook) -> list[str]:
    goals = "".join(f'<li style="text-align:left">{escape(goal)}</li>' for goal in row.goals)
    title = f'<a href="{quote(row.path.name)}">{escape(row.title)}</a>' + "".join(
        f'<br>your copy: <a href="{quote(address)}">{escape(Path(address).name)}</a>'
        for address in _own(row)
    )
    after = ", ".join(row.prerequisites) or "none"
    return [row.number, row.kind, title, str(row.minutes), after, f"<ul>{goals}</ul>"]


def course_map(folder: str | Path | None = None) -> CourseMap:
    """The map of the course, read from the notebooks themselves."""
    return CourseMap(tuple(notebooks(folder)))
