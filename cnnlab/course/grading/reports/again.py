"""Whom a mended check gives points, and whom it takes some: points before and after."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from cnnlab._names import unknown
from cnnlab._text import aligned
from cnnlab.course.grading.locked_cells import marked
from cnnlab.course.labs.source import is_test, step_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

Points = Mapping[str, Mapping[str, float]]  # by student, then by cell
HEADINGS = ("student", "step", "before", "after", "all points", "before", "after")


def checks_of(source: "NotebookNode", step: str) -> set[str]:
    """Name the cells that check a step.

    Parameters
    ----------
    source : NotebookNode
        The lab's source.
    step : str
        Its name.

    Raises
    ------
    KeyError
        If the lab has no such step.
    """
    steps = {name: step_of(cell) for name, cell in marked(source).items() if is_test(cell)}
    if step not in steps.values():
        raise KeyError(unknown("--again", step, dict.fromkeys(steps.values())))
    return {name for name, checked in steps.items() if checked == step}


def lines(step: str, cells: set[str], before: Points, after: Points) -> Iterator[str]:
    r"""Say who has other points than before, in lines of text.

    Parameters
    ----------
    step : str
        Which step was checked again.
    cells : set of str
        Its checks.
    before, after : mapping of str to mapping of str to float
        Points by student and cell.

    Examples
    --------
    >>> was = {"ada": {"test-2": 0.0, "words": 1.0}, "bo": {"test-2": 1.0}}
    >>> now = {"ada": {"test-2": 1.0, "words": 1.0}, "bo": {"test-2": 1.0}}
    >>> print(*lines("2", {"test-2"}, was, now), sep="\n")
    student  step  before  after  all points  before  after
    ada      2          0      1                   1      2
    1 gained, 0 lost, 1 as before.
    """
    gained, lost, rows = 0, 0, [HEADINGS]
    for student in sorted({*before, *after}):
        was, now = before.get(student, {}), after.get(student, {})
        change = sum(now.values()) - sum(was.values())
        if all(now.get(cell, 0) == was.get(cell, 0) for cell in {*was, *now}):
            continue
        gained, lost = gained + (change > 0), lost + (change < 0)
        of_step = (f"{sum(one.get(cell, 0) for cell in cells):g}" for one in (was, now))
        in_all = (f"{sum(one.values()):g}" for one in (was, now))
        rows.append((student, step, *of_step, "", *in_all))  # type: ignore[arg-type]
    if len(rows) > 1:
        yield from aligned(rows, ("left", "left", "right", "right", "left", "right", "right"))
    same = len({*before, *after}) - gained - lost
    yield f"{gained} gained, {lost} lost, {same} as before."
