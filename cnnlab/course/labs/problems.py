"""What keeps a notebook from being the source of a lab."""

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cnnlab.check.core import lab_steps

if TYPE_CHECKING:
    from nbformat import NotebookNode
from cnnlab.course.labs.source import (
    _boards,
    _is_board,
    _listed,
    checks,
    flag,
    is_test,
    step_of,
    titled_steps,
)


def problems(source: "NotebookNode") -> Iterator[str]:
    """Say what keeps a notebook from being the source of a lab.

    Parameters
    ----------
    source : NotebookNode
        The notebook.

    Yields
    ------
    str
        One sentence each.

    Examples
    --------
    >>> from nbformat import v4
    >>> list(problems(v4.new_notebook()))
    ['The lab needs one fixed cell with check.lab(title).', \
'The last code cell must be check.score(steps=…), with the number of steps or their names.']
    """
    code = [cell for cell in source.cells if cell.cell_type == "code"]
    for cell in source.cells:
        yield from _cell_problems(cell)
    boards = [cell for cell in code if _is_board(cell)]
    if len(boards) != 1:
        yield "The lab needs one fixed cell with check.lab(title)."
    scored = _scored(code[-1]) if code else None
    if scored is None:
        yield "The last code cell must be check.score(steps=…), with the number of steps or their names."
    try:
        tested = [step_of(cell) for cell in code if is_test(cell)]
    except ValueError as error:
        yield str(error)
        return
    listed = [name for call in _boards(boards[0]) for name in _listed(call)] if boards else tested
    for title, steps in titled_steps(source).items():
        listed = list(steps)
        if _known(title) != steps:
            yield (
                f"check.lab({title!r}) must know the headings, ## Step 1 · …. In a checkout, run "
                "python -m cnnlab labs; in a lab of your own, list the steps there."
            )
    if tested != listed:
        yield f"The tests must check the steps of the lab in order: {listed}, not {tested}."
    if scored is not None and scored != listed:
        yield f"The score must know the steps of the lab: {listed}, not {scored}."


def _scored(cell: "NotebookNode") -> list[str] | None:
    """Steps that the cell of the score names; None if it is no such cell."""
    try:
        (call,) = checks(cell)
        steps = ast.literal_eval(call.keywords[0].value)
    except (SyntaxError, ValueError, IndexError):
        return None
    if ast.unparse(call.func) != "check.score" or call.keywords[0].arg != "steps":
        return None
    return [str(n + 1) for n in range(steps)] if isinstance(steps, int) else list(steps)


def _cell_problems(cell: "NotebookNode") -> Iterator[str]:
    mark = cell.metadata.get("nbgrader")
    if mark is None:
        if "### BEGIN" in cell.source:
            yield f"Cell {cell.id} has marks of a region but is no answer or test cell."
        return
    if mark.get("grade_id") != cell.id:
        yield f"Cell {cell.id} must have its id as grade_id too, not {mark.get('grade_id')!r}."
    if flag(cell, "solution") and cell.cell_type == "code" and "BEGIN SOLUTION" not in cell.source:
        yield f"Answer cell {cell.id} needs a region ### BEGIN SOLUTION … ### END SOLUTION."
    if is_test(cell) and mark.get("points") != 1:
        yield f"Test cell {cell.id} must be worth one point, not {mark.get('points')!r}."
    if is_test(cell) and not flag(cell, "locked"):
        yield f"Test cell {cell.id} must be locked."


def _known(title: str) -> dict[str, str]:
    """Steps that the course's checks know for a title; none if they do not know it."""
    try:
        return lab_steps.steps_of(title)
    except ValueError:
        return {}
