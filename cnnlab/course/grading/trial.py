"""Whether a lab that was handed out can still be graded: its own solution must pass its checks.

A lab is graded by the source of its release, but by the checks of the cnnlab that is there. After an
update the two may not go together, and every student would lose the same point.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from cnnlab._text import listed
from cnnlab.course.grading.pools import Pairs
from cnnlab.course.grading.remote import build
from cnnlab.course.labs.files import text_of
from cnnlab.course.labs.source import is_test, step_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

BUILD = "build"  # in metadata.cnnlab of a source: the cnnlab that its solution goes with


def stamp(nb: "NotebookNode") -> None:
    """Note in a source that it goes with this cnnlab.

    Examples
    --------
    >>> from nbformat import v4
    >>> stamp(nb := v4.new_notebook())
    >>> nb.metadata["cnnlab"]["build"] == build()
    True
    """
    nb.metadata.setdefault("cnnlab", {})[BUILD] = build()


def hold(path: Path, source: "NotebookNode", runs: Callable[[Sequence[Path]], Pairs]) -> None:
    """Have the solution of a source checked, if it has not been with this cnnlab.

    Parameters
    ----------
    path : Path
        Where the source of the release lies.
    source : NotebookNode
        What it holds.
    runs : callable
        Runs what was handed in.

    Raises
    ------
    ValueError
        If a step does not pass.
    """
    if source.metadata.get("cnnlab", {}).get(BUILD) == build():
        return
    with closing(runs([path])) as made:
        ((_, attempt),) = made
    failed = [
        f"step {step_of(cell)}"
        for cell in (attempt.nb.cells if attempt.nb else ())
        if is_test(cell) and any(one.output_type == "error" for one in cell.outputs)
    ]
    if failed or not attempt.nb:
        why = f"it fails in {listed(failed)}" if failed else attempt.remark
        raise ValueError(
            f"The solution of {path.stem} must pass the checks that its students' work meets, but "
            f"with this cnnlab it does not: {why.removesuffix('.')}. It was released with another "
            f"cnnlab: install that one again, or mend {path}."
        )
    stamp(source)
    path.write_text(text_of(source), encoding="utf-8", newline="\n")
