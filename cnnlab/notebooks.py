"""The course's notebooks: their facts, the map made from them, and their stored outputs.

A notebook states its facts once, in its own metadata::

    "cnnlab": {"title": "Convolution", "minutes": 25, "prerequisites": ["03"],
               "goals": ["slide a kernel over an image by hand"]}

Its opening cell, the course map and the tests are all made from, or held against, them.
Chapter and kind are in the file's name: ``04_lecture_convolution.ipynb``.
"""

import argparse
import json
import os
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from subprocess import DEVNULL
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import quote

if TYPE_CHECKING:
    from nbclient import NotebookClient
    from nbformat import NotebookNode

KINDS = ("start", "lecture", "lab")
NAME = re.compile(rf"(?P<number>\d\d)_(?P<kind>{'|'.join(KINDS)})_[a-z0-9_]+\.ipynb")

# One thread makes sums come out the same on every machine; quiet means no progress bars.
KERNEL_ENV = {"CNNLAB_QUIET": "1", "OMP_NUM_THREADS": "1"}
CELL_SECONDS, NOTEBOOK_SECONDS, TIMEOUT_SECONDS = 20, 60, 120

CELL_METADATA = {"deletable", "editable", "jupyter", "nbgrader", "slideshow", "tags"}
NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "pygments_lexer": "ipython3",
    },
}


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


def opening(metadata: Mapping[str, Any]) -> str:
    """The text of a notebook's first cell, made from its metadata.

    Examples
    --------
    >>> facts = dict(title="Pooling", minutes=25, prerequisites=["04"], goals=["pool by hand"])
    >>> print(opening({"cnnlab": facts}))
    # Pooling
    <BLANKLINE>
    **25 minutes** · Prerequisites: 04
    <BLANKLINE>
    You will be able to
    <BLANKLINE>
    - pool by hand
    """
    facts = read_facts(metadata)
    needs = ", ".join(facts.prerequisites) or "none"
    goals = "\n".join(f"- {goal}" for goal in facts.goals)
    return (
        f"# {facts.title}\n\n**{facts.minutes} minutes** · Prerequisites: {needs}\n\n"
        f"You will be able to\n\n{goals}"
    )


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
    place = Path(folder) if folder else Path(__file__).resolve().parents[1] / "notebooks"
    if not place.is_dir():
        raise FileNotFoundError(
            f"The notebooks must be in a folder, but there is none at {place}. "
            "Work in a checkout of the course (pip install -e .) or pass folder=."
        )
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
        rows.append(Notebook(path=path, number=number, kind=kind, **vars(facts)))
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
            f"{row.number} {row.kind:<7} {row.minutes:>3} min  {row.title}"
            + (f" (after {', '.join(row.prerequisites)})" if row.prerequisites else "")
            for row in self.notebooks
        ]
        return "\n".join([*lines, self.caption])

    def _repr_html_(self) -> str:
        headings = ("Chapter", "Kind", "Notebook", "Minutes", "After", "You will be able to")
        head = "".join(f'<th scope="col">{heading}</th>' for heading in headings)
        return (
            f"<table><caption>The course: {self.caption}</caption>"
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n"
            + "\n".join(map(_html_row, self.notebooks))
            + "\n</tbody></table>"
        )


def _html_row(row: Notebook) -> str:
    goals = "".join(f"<li>{escape(goal)}</li>" for goal in row.goals)
    return (
        f"<tr><td>{row.number}</td><td>{row.kind}</td>"
        f'<th scope="row"><a href="{quote(row.path.name)}">{escape(row.title)}</a></th>'
        f"<td>{row.minutes}</td><td>{', '.join(row.prerequisites) or 'none'}</td>"
        f"<td><ul>{goals}</ul></td></tr>"
    )


def course_map(folder: str | Path | None = None) -> CourseMap:
    """The map of the course, read from the notebooks themselves."""
    return CourseMap(tuple(notebooks(folder)))


def clean(nb: "NotebookNode") -> None:
    """Remove from a notebook, in place, what differs from run to run or from machine to machine.

    A stored widget view points at a model of a kernel long gone, so JupyterLab could only
    show an error for it; the widget's text stays and Run All brings the widget back.
    """
    facts = {key: nb.metadata[key] for key in ("cnnlab",) if key in nb.metadata}
    nb.metadata.clear()
    nb.metadata.update(facts | NOTEBOOK_METADATA)
    for cell in nb.cells:
        for key in set(cell.metadata) - CELL_METADATA:
            del cell.metadata[key]
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)


class Refreshed(NamedTuple):
    """What came of one notebook: its new state, seconds per executed cell, and the error."""

    path: Path
    status: Literal["same", "changed", "failed"]
    seconds: Mapping[int, float]
    error: str = ""

    def __str__(self) -> str:
        total = sum(self.seconds.values())
        slowest = max(self.seconds, key=self.seconds.__getitem__, default=0)
        lines = [
            f"{self.path.name}: {self.status}, {total:.1f} s; "
            f"slowest cell [{slowest}], {self.seconds.get(slowest, 0):.1f} s"
        ]
        lines += [
            f"  warning: cell [{count}] took {seconds:.0f} s; the limit is {CELL_SECONDS} s"
            for count, seconds in self.seconds.items()
            if seconds > CELL_SECONDS
        ]
        if total > NOTEBOOK_SECONDS:
            lines.append(f"  warning: {total:.0f} s in all; the limit is {NOTEBOOK_SECONDS} s")
        return "\n".join(lines + [f"  {self.error}"] * bool(self.error))


def refresh(paths: Iterable[str | Path] | None = None, *, check: bool = False) -> list[Refreshed]:
    """Run notebooks in fresh kernels of this environment and store their outputs.

    The stored form depends on the outputs only, so a second run changes nothing. A
    notebook with an error is left as it was. Cells tagged ``nbval-skip`` are not run.

    Parameters
    ----------
    paths : iterable of paths, optional
        Notebooks to run; by default the whole course.
    check : bool
        Change no file; only report what would change.

    Returns
    -------
    list of Refreshed
        One report per notebook, each printed as soon as it is there.
    """
    reports = []
    for path in notebook_paths() if paths is None else map(Path, paths):
        reports.append(_refresh_one(path, check))
        print(reports[-1], flush=True)
    return reports


def _refresh_one(path: Path, check: bool) -> Refreshed:
    import nbformat
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    old = path.read_text(encoding="utf-8")
    nb = nbformat.reads(old, as_version=4)  # type: ignore[no-untyped-call]
    seconds: dict[int, float] = {}
    try:
        _execute(nb, path.parent, seconds)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        count = len(seconds) + 1
        return Refreshed(path, "failed", seconds, f"error in cell [{count}]: {_summary(error)}")
    clean(nb)
    new = nbformat.writes(nb).rstrip("\n") + "\n"  # type: ignore[no-untyped-call]
    if new == old:
        return Refreshed(path, "same", seconds)
    if not check:
        _replace(path, new)
    return Refreshed(path, "changed", seconds)


def _summary(error: Exception) -> str:
    name = getattr(error, "ename", type(error).__name__)
    message = getattr(error, "evalue", str(error).strip())
    return f"{name}: {message}"


def _execute(nb: "NotebookNode", folder: Path, seconds: dict[int, float]) -> None:
    """Run the cells in order; ``seconds`` receives the time of each finished cell."""
    client = _client(nb)
    # The kernel's own log is dropped, as by nbval; what cells write to stderr is kept.
    options = {"cwd": str(folder.resolve()), "env": os.environ | KERNEL_ENV, "stderr": DEVNULL}
    with client.setup_kernel(cleanup_kc=True, **options):
        for index, cell in enumerate(nb.cells):
            if cell.cell_type != "code":
                continue
            cell.outputs, cell.execution_count = [], None
            start = time.perf_counter()
            client.execute_cell(cell, index)
            if cell.execution_count is not None:
                seconds[cell.execution_count] = time.perf_counter() - start


def _client(nb: "NotebookNode") -> "NotebookClient":
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    # Without folders to search, "python3" is the interpreter that runs this very line.
    specs = KernelSpecManager(kernel_dirs=[])
    return NotebookClient(
        nb,
        km=AsyncKernelManager(kernel_name="python3", kernel_spec_manager=specs),
        timeout=TIMEOUT_SECONDS,
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        skip_cells_with_tag="nbval-skip",
    )


def _replace(path: Path, text: str) -> None:
    """Write beside the file, then swap: a half-written notebook is never seen."""
    draft = path.with_name(path.name + ".draft")
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def main(argv: Sequence[str] | None = None) -> int:
    """``python -m cnnlab refresh [PATH ...] [--check]``: 1 if one failed or would change."""
    parser = argparse.ArgumentParser(
        "cnnlab refresh", description="Run notebooks and store outputs."
    )
    parser.add_argument("paths", nargs="*", type=Path, help="notebooks; by default all")
    parser.add_argument("--check", action="store_true", help="only report what would change")
    arguments = parser.parse_args(argv)
    missing = [str(path) for path in arguments.paths if not path.is_file()]
    if missing:
        parser.error(f"every PATH must be a notebook file; {missing[0]} is none.")
    reports = refresh(arguments.paths or None, check=arguments.check)
    bad = {"failed", "changed"} if arguments.check else {"failed"}
    return int(any(report.status in bad for report in reports))
