"""The cells of a lab, with the metadata that nbgrader reads."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

SCHEMA = 3  # of nbgrader's cell metadata
SLIDE = {"slideshow": {"slide_type": "skip"}}


def _mark(cell: "NotebookNode", name: str, **flags: object) -> "NotebookNode":
    mark = {"grade": False, "locked": False, "solution": False, "task": False} | flags
    marked = {"grade_id": name, "schema_version": SCHEMA, "cell_type": cell.cell_type} | mark
    cell.id = name
    cell.metadata.update(SLIDE | {"nbgrader": marked})
    return cell


def answer(name: str, source: str) -> "NotebookNode":
    """Make a code cell that a student fills in.

    Parameters
    ----------
    name : str
        Its id, unique in the notebook and never changed.
    source : str
        Code with a region from ``### BEGIN SOLUTION`` to ``### END SOLUTION``; what stands
        before it must run without it.

    Returns
    -------
    NotebookNode

    Examples
    --------
    >>> answer("size", "size = ...").metadata.nbgrader.solution
    True
    """
    from nbformat import v4

    return _mark(v4.new_code_cell(source), name, solution=True)  # type: ignore[no-untyped-call]


def step(name: str, source: str, points: int = 1) -> "NotebookNode":
    """Make a code cell that holds the check of one step; students cannot change it.

    Parameters
    ----------
    name : str
        Its id, unique in the notebook and never changed.
    source : str
        ``check.something(answer, …, step="1")``; more checks may follow between
        ``### BEGIN HIDDEN TESTS`` and ``### END HIDDEN TESTS``.
    points : int
        What the step is worth.

    Returns
    -------
    NotebookNode

    Examples
    --------
    >>> step("test-size", "check.output_size(size, 7, 3, step='1')").metadata.nbgrader.points
    1
    """
    from nbformat import v4

    cell = v4.new_code_cell(source)  # type: ignore[no-untyped-call]
    return _mark(cell, name, grade=True, locked=True, points=points)


def reflection(name: str, source: str, points: int = 1) -> "NotebookNode":
    """Make a text cell that a student fills in and a person grades.

    Parameters
    ----------
    name : str
        Its id, unique in the notebook and never changed.
    source : str
        A model answer, between the solution marks or as a whole.
    points : int
        What it is worth.

    Returns
    -------
    NotebookNode

    Examples
    --------
    >>> reflection("why", "Because the window must fit.").cell_type
    'markdown'
    """
    from nbformat import v4

    cell = v4.new_markdown_cell(source)  # type: ignore[no-untyped-call]
    return _mark(cell, name, grade=True, solution=True, points=points)


def fixed(name: str, source: str) -> "NotebookNode":
    """Make a code cell that students run and cannot change, such as the one with the imports.

    Parameters
    ----------
    name : str
        Its id, unique in the notebook and never changed.
    source : str
        The code.

    Returns
    -------
    NotebookNode

    Examples
    --------
    >>> fixed("setup", "from cnnlab import check").metadata.nbgrader.locked
    True
    """
    from nbformat import v4

    return _mark(v4.new_code_cell(source), name, locked=True)  # type: ignore[no-untyped-call]
