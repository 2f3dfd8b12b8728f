"""Run notebooks and store their outputs so that a second run changes nothing."""

import copy
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from subprocess import DEVNULL
from typing import TYPE_CHECKING, Literal, NamedTuple

from cnnlab.course.generated import LINKS, links
from cnnlab.notebooks import executed_paths, is_made, is_source
from cnnlab.results import masked

if TYPE_CHECKING:
    from nbclient import NotebookClient
    from nbformat import NotebookNode

# One thread makes sums come out the same on every machine; quiet means no progress bars.
# Whoever refreshes may have copies of labs; they are no part of the course.
KERNEL_ENV = {"CNNLAB_QUIET": "1", "OMP_NUM_THREADS": "1", "CNNLAB_WORK": os.devnull}
CELL_SECONDS, NOTEBOOK_SECONDS, TIMEOUT_SECONDS = 20, 60, 120

IGNORED = "nbval-ignore-output"
CELL_METADATA = {"cnnlab", "deletable", "editable", "jupyter", "nbgrader", "slideshow", "tags"}
NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "pygments_lexer": "ipython3",
    },
}


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


def refresh(paths: Sequence[str | Path] = (), *, check: bool = False) -> list[Refreshed]:
    """Run notebooks in fresh kernels of this environment and store their outputs.

    The stored form depends on the outputs only, so a second run changes nothing. Nor do
    outputs that are not compared, those of cells tagged ``nbval-ignore-output``. A
    notebook with an error is left as it was. Cells tagged ``nbval-skip`` are not run. The
    source of a lab runs with strict checks; the students' notebook that is made from it
    stores no outputs and is refused.

    Parameters
    ----------
    paths : sequence of paths
        Notebooks to run; by default the lectures and the sources of the labs.
    check : bool
        Change no file; only report what would change.

    Returns
    -------
    list of Refreshed
        One report per notebook, each printed as soon as it is there.

    Raises
    ------
    FileNotFoundError
        If a path is no file; nothing has been run then.
    """
    missing = [
        str(path) for path in paths if not Path(path).is_file() or Path(path).suffix != ".ipynb"
    ]
    if missing:
        raise FileNotFoundError(f"every path must be a notebook; {missing[0]} is none. Mend it.")
    chosen = list(map(Path, paths)) if paths else executed_paths()
    if not check:
        link({path.parent.parent if is_source(path) else path.parent for path in chosen})
    reports = []
    for path in chosen:
        reports.append(_refresh_one(path, check))
        print(reports[-1], flush=True)
    return reports


def link(folders: Iterable[Path]) -> None:
    """Write the cells that lead from notebook to notebook, wherever there is one.

    Parameters
    ----------
    folders : iterable of Path
        With notebooks of the course.
    """
    import nbformat

    for path in (path for folder in folders for path in executed_paths(folder)):
        old = path.read_text(encoding="utf-8")
        nb = nbformat.reads(old, as_version=4)  # type: ignore[no-untyped-call]
        for cell in nb.cells:
            if cell.get("id") == LINKS:
                cell.source = links(path)
        if any(cell.get("id") == LINKS for cell in nb.cells) and _text(nb) != old:
            _replace(path, _text(nb))


def _refresh_one(path: Path, check: bool) -> Refreshed:
    import nbformat
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    if is_made(path):
        error = "made from its source: refresh that instead, then run python -m cnnlab labs"
        return Refreshed(path, "failed", {}, error)
    old = path.read_text(encoding="utf-8")
    nb = nbformat.reads(old, as_version=4)  # type: ignore[no-untyped-call]
    seconds: dict[int, float] = {}
    try:
        execute(nb, path.parent, seconds, strict=is_source(path))
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        count = len(seconds) + 1
        return Refreshed(path, "failed", seconds, f"error in cell [{count}]: {_summary(error)}")
    clean(nb)
    stored = nbformat.reads(old, as_version=4)  # type: ignore[no-untyped-call]
    if _text(_with_ignored(nb, stored)) == old:
        return Refreshed(path, "same", seconds)
    if not check:
        _replace(path, _text(nb))
    return Refreshed(path, "changed", seconds)


def _text(nb: "NotebookNode") -> str:
    import nbformat

    return nbformat.writes(nb).rstrip("\n") + "\n"  # type: ignore[no-untyped-call,no-any-return]


def _with_ignored(nb: "NotebookNode", stored: "NotebookNode") -> "NotebookNode":
    """A copy with the stored outputs where they differ only in what is not compared."""
    copied = copy.deepcopy(nb)
    for cell, before in zip(copied.cells, stored.cells, strict=True):
        if cell.cell_type == "code" and (
            IGNORED in cell.metadata.get("tags", ()) or _compared(cell) == _compared(before)
        ):
            cell.outputs = before.outputs
    return copied


def _compared(cell: "NotebookNode") -> list["NotebookNode"]:
    """The outputs of a cell without the digits of measured numbers."""
    outputs: list[NotebookNode] = copy.deepcopy(cell.outputs)
    for output in outputs:
        if "text" in output:
            output.text = masked(output.text)
    return outputs


def _summary(error: Exception) -> str:
    name = getattr(error, "ename", type(error).__name__)
    message = getattr(error, "evalue", str(error).strip())
    return f"{name}: {message}"


def execute(
    nb: "NotebookNode",
    folder: Path,
    seconds: dict[int, float],
    *,
    strict: bool = False,
    seek_bounds: bool = False,
) -> None:
    """Run the cells of a notebook, in place, in a fresh kernel of this environment.

    Parameters
    ----------
    nb : NotebookNode
        Receives the outputs.
    folder : Path
        Where the kernel works.
    seconds : dict of int to float
        Receives the time of each finished cell.
    strict : bool
        Whether a check that does not pass is an error.
    seek_bounds : bool
        Whether measured numbers may lie outside their bounds, and cells may fail.
    """
    client = _client(nb)
    client.allow_errors = seek_bounds
    # The kernel's own log is dropped, as by nbval; what cells write to stderr is kept.
    switches = {"CNNLAB_STRICT": str(int(strict)), "CNNLAB_SEEK_BOUNDS": str(int(seek_bounds))}
    env = os.environ | KERNEL_ENV | switches
    options = {"cwd": str(folder.resolve()), "env": env, "stderr": DEVNULL}
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
