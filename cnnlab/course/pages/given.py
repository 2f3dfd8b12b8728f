"""What a lab gives: outputs of the cells in which no answer has a part."""

import ast
from pathlib import Path
from typing import TYPE_CHECKING

from cnnlab.course.labs.source import flag, parse
from cnnlab.notebooks import SOURCE_FOLDER

if TYPE_CHECKING:
    from nbformat import NotebookNode


def outputs(path: Path) -> "NotebookNode":
    """Read a lab as students get it, with the outputs of its source where they tell no answer.

    Parameters
    ----------
    path : Path
        Of the lab; its source lies in the folder ``.sources`` beside it.
    """
    import nbformat

    lab: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    source = nbformat.read(  # type: ignore[no-untyped-call]
        path.parent / SOURCE_FOLDER / path.name, as_version=4
    )
    run = {cell.id: cell for cell in source.cells}
    answers: set[str] = set()
    for cell in lab.cells:
        if cell.cell_type != "code":
            continue
        made, used = names(run[cell.id].source)
        if flag(cell, "solution") or flag(cell, "grade") or used & answers:
            answers |= made
        else:
            cell.outputs = run[cell.id].outputs
    return lab


def names(code: str) -> tuple[set[str], set[str]]:
    """Names that code gives to something, and names that it uses.

    Examples
    --------
    >>> made, used = names("y = f(x)")
    >>> sorted(made), sorted(used)
    (['y'], ['f', 'x'])
    """
    try:
        nodes = list(ast.walk(parse(code)))
    except SyntaxError:  # such as a line for IPython
        return set(), set()
    found = [node for node in nodes if isinstance(node, ast.Name)]
    defined = {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    made = {node.id for node in found if not isinstance(node.ctx, ast.Load)}
    return made | defined, {node.id for node in found if isinstance(node.ctx, ast.Load)}
