"""Bounds of measured numbers, from runs with other seeds; the cell keeps what they found."""

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cnnlab.course.labs.files import read, text_of
from cnnlab.course.refresh import execute
from cnnlab.results import measurements

if TYPE_CHECKING:
    from nbformat import NotebookNode

RUNS = 10
_SEED = re.compile(r"(?P<call>\bseed=|\bdefault_rng\(|\bmanual_seed\()(?P<seed>\d+)")


def reseeded(source: str, run: int) -> str:
    """Give the code of a cell other seeds; run 0 has its own.

    Examples
    --------
    >>> reseeded("rng = np.random.default_rng(1); split(x, seed=0)", run=2)
    'rng = np.random.default_rng(201); split(x, seed=200)'
    """
    return _SEED.sub(lambda match: f"{match['call']}{int(match['seed']) + 100 * run}", source)


def seek(path: Path, runs: int = RUNS) -> Iterator[str]:
    """Run a notebook with one seed after the other and keep what each measures in its cells.

    The values stand in ``metadata.cnnlab.measured`` of the cell that measures them, by what was
    measured. The notebook's outputs and bounds stay as they are.

    Parameters
    ----------
    path : Path
        The notebook; of a lab, its source.
    runs : int
        How many seeds.

    Yields
    ------
    str
        One line for each measured number: all its values, in order.

    Raises
    ------
    ValueError
        If a cell fails with its own seeds, or a run did not measure everything, because a cell of
        it failed.
    """
    found: dict[str, dict[str, list[float]]] = {}
    for run in range(runs):
        nb = copy.deepcopy(read(path))
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.source = reseeded(cell.source, run)
        execute(nb, path.parent, {}, seek_bounds=True)
        if run == 0:
            _refuse_failure(nb)
        for cell_id, what, value in _values(nb):
            found.setdefault(cell_id, {}).setdefault(what, []).append(value)
    nb = read(path)
    for cell in nb.cells:
        for what, values in found.get(cell.id, {}).items():
            if len(values) != runs:
                raise ValueError(
                    f"seek: every run must measure {what!r}, but {len(values)} of {runs} did. "
                    "Run the notebook with the other seeds and look for a cell that fails."
                )
            yield f"{cell.id}: {what}: {', '.join(f'{value:g}' for value in sorted(values))}"
        if cell.id in found:
            cell.metadata.setdefault("cnnlab", {})["measured"] = found[cell.id]
    path.write_text(text_of(nb), encoding="utf-8", newline="\n")


def _refuse_failure(nb: "NotebookNode") -> None:
    """Other seeds may break what a cell proves; its own may not."""
    for cell in nb.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                raise ValueError(
                    f"seek: every cell must run with its own seeds, but {cell.id} ends in "
                    f"{output.ename}: {output.evalue}. Mend it first."
                )


def _values(nb: "NotebookNode") -> Iterator[tuple[str, str, float]]:
    for cell in nb.cells:
        for output in cell.get("outputs", []):
            for one in measurements(output.get("text", "")):
                yield cell.id, one.what, one.value
