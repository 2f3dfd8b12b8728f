"""A lab's source holds its solutions; what students get, and each step's solution, come from it.

The source is a notebook in nbgrader's format. The two kinds of region are taken out here
rather than by nbgrader, so that a learner needs no more than the course itself; a test holds
the result against nbgrader's, whose stub is left out where dots mark the place already.
"""

import ast
import copy
import re
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

CODE_STUB = "# YOUR CODE HERE"
TEXT_STUB = "*Your answer here.*"
_SOLUTION, _HIDDEN = "SOLUTION", "HIDDEN TESTS"
_UNPAIRED = (
    "Marks of {region} must come in pairs, but {line!r} has no partner. Mend the lab's source."
)
_MARK_OR_PLACEHOLDER = re.compile(r"^(.*(BEGIN|END) SOLUTION.*|[\w, ]+ = \.\.\..*)\n?", re.M)


PARSING = threading.Lock()
"""Held while Python's own parser makes objects: two threads at a time can confuse it."""


def parse(code: str) -> ast.Module:
    """Parse code in any thread.

    Examples
    --------
    >>> len(parse("size = 3").body)
    1
    """
    with PARSING:
        return ast.parse(code)


def flag(cell: "NotebookNode", name: str) -> bool:
    """Read one of a cell's marks: ``grade``, ``solution`` or ``locked``.

    Examples
    --------
    >>> from cnnlab.course.labs import cells
    >>> flag(cells.answer("size", "size = ..."), "solution")
    True
    """
    return bool(cell.metadata.get("nbgrader", {}).get(name, False))


def _replace(source: str, region: str, stub: str | None) -> str:
    """Put a stub, indented like the begin mark, in place of each region; None leaves it out."""
    lines: list[str] = []
    within = False
    for line in source.split("\n"):
        begins, ends = f"BEGIN {region}" in line, f"END {region}" in line
        if begins == within and (begins or ends):
            raise ValueError(_UNPAIRED.format(region=region, line=line.strip()))
        if begins and stub is not None:
            lines.append(line[: len(line) - len(line.lstrip())] + stub)
        if not (begins or ends or within):
            lines.append(line)
        within = begins or (within and not ends)
    if within:
        raise ValueError(_UNPAIRED.format(region=region, line=f"BEGIN {region}"))
    return "\n".join(lines)


def _without_solution(cell: "NotebookNode") -> str:
    stub = CODE_STUB if cell.cell_type == "code" else TEXT_STUB
    if flag(cell, "solution") and f"BEGIN {_SOLUTION}" not in cell.source:
        return stub
    return _replace(cell.source, _SOLUTION, stub)


def without_spare_stub(code: str) -> str:
    r"""Leave the stub out where dots right above it mark the place already.

    Examples
    --------
    >>> without_spare_stub("size = ...\n# YOUR CODE HERE")
    'size = ...'
    >>> without_spare_stub("print(3)\n# YOUR CODE HERE")
    'print(3)\n# YOUR CODE HERE'
    """
    before, _, after = code.partition(f"\n{CODE_STUB}")
    try:
        statements = parse(before).body
    except SyntaxError:  # a magic, or another language
        return code
    return before + after if statements and _has_dots(statements[-1]) else code


def _has_dots(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and any(
        isinstance(node, ast.Constant) and node.value is ... for node in ast.walk(statement.value)
    )


def _lock(cell: "NotebookNode") -> None:
    if any(flag(cell, name) for name in ("solution", "grade", "locked")):
        cell.metadata["deletable"] = False
        if not flag(cell, "solution"):
            cell.metadata["editable"] = False


def student_version(source: "NotebookNode") -> "NotebookNode":
    r"""Make what students get: no solutions, no hidden tests, no outputs, the same cell ids.

    Parameters
    ----------
    source : NotebookNode
        The lab's source; it is left as it is.

    Returns
    -------
    NotebookNode

    Raises
    ------
    ValueError
        If the marks of a region do not come in pairs.

    Examples
    --------
    >>> from nbformat import v4
    >>> from cnnlab.course.labs import cells
    >>> code = "size = ...\n### BEGIN SOLUTION\nsize = 5\n### END SOLUTION"
    >>> lab = v4.new_notebook(cells=[cells.answer("size", code)])
    >>> print(student_version(lab).cells[0].source)
    size = ...
    """
    student = copy.deepcopy(source)
    for cell in student.cells:
        cell.source = _replace(_without_solution(cell), _HIDDEN, None)
        if cell.cell_type == "code":
            cell.source = without_spare_stub(cell.source)
        _lock(cell)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return student


def checks(cell: "NotebookNode") -> list[ast.Call]:
    """Calls of ``check.something`` that a cell makes, one a statement.

    Raises
    ------
    ValueError
        If a statement is something else.

    Examples
    --------
    >>> from cnnlab.course.labs import cells
    >>> len(checks(cells.step("test-size", "check.output_size(size, 7, 3, step='1')")))
    1
    """
    calls = []
    for statement in parse(cell.source).body:
        call = statement.value if isinstance(statement, ast.Expr) else None
        if not (isinstance(call, ast.Call) and ast.unparse(call.func).startswith("check.")):
            raise ValueError(
                f"A test cell must hold calls of check alone, but {cell.id} has "
                f"{ast.unparse(statement)!r}. Prepare the answer in a cell before it."
            )
        calls.append(call)
    return calls


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((word.value for word in call.keywords if word.arg == name), None)


def step_of(cell: "NotebookNode") -> str:
    """Name the step that a test cell checks.

    Raises
    ------
    ValueError
        If its first check does not name one.

    Examples
    --------
    >>> from cnnlab.course.labs import cells
    >>> step_of(cells.step("test-size", "check.output_size(size, 7, 3, step='2a')"))
    '2a'
    """
    found = checks(cell)
    step = _keyword(found[0], "step") if found else None
    if not (isinstance(step, ast.Constant) and isinstance(step.value, str)):
        raise ValueError(f'Test cell {cell.id} must name its step: check.something(…, step="1").')
    return step.value


def is_test(cell: "NotebookNode") -> bool:
    """Whether a cell is graded by its check.

    Examples
    --------
    >>> from cnnlab.course.labs import cells
    >>> is_test(cells.answer("size", "size = ..."))
    False
    """
    return cell.cell_type == "code" and flag(cell, "grade")


def solutions(source: "NotebookNode") -> dict[str, str]:
    r"""Give the solution of each step: its answer cells, from the step before on, filled in.

    Parameters
    ----------
    source : NotebookNode
        The lab's source.

    Returns
    -------
    dict of str to str
        Code by name of the step.

    Examples
    --------
    >>> from nbformat import v4
    >>> from cnnlab.course.labs import cells
    >>> code = "size = ...\n### BEGIN SOLUTION\nsize = 5\n### END SOLUTION"
    >>> test = cells.step("test-size", "check.output_size(size, 7, 3, step='1')")
    >>> solutions(v4.new_notebook(cells=[cells.answer("size", code), test]))
    {'1': 'size = 5'}
    """
    found: dict[str, str] = {}
    pending: list[str] = []
    for cell in source.cells:
        if cell.cell_type == "code" and flag(cell, "solution"):
            pending.append(_MARK_OR_PLACEHOLDER.sub("", cell.source))
        if is_test(cell):
            found[step_of(cell)] = "\n\n".join(text.rstrip("\n") for text in pending)
            pending = []
    return found


_HEADING = re.compile(r"^## Step (?P<name>\S+) · (?P<title>.+)$", re.M)


def headings(source: "NotebookNode") -> dict[str, str]:
    r"""Name and title of each step, as the headings of the lab have them.

    Examples
    --------
    >>> from nbformat import v4
    >>> text = v4.new_markdown_cell("## Step 1 · Your own `relu`\n\nWrite it.")
    >>> headings(v4.new_notebook(cells=[text]))
    {'1': 'Your own relu'}
    """
    texts = (cell.source for cell in source.cells if cell.cell_type == "markdown")
    found = (match for text in texts for match in _HEADING.finditer(text))
    return {match["name"]: match["title"].replace("`", "").strip() for match in found}


def titled_steps(source: "NotebookNode") -> dict[str, dict[str, str]]:
    """What ``check.lab(title)`` of a source has to know: the steps by title, if it lists none."""
    boards = [cell for cell in source.cells if _is_board(cell)]
    calls = [call for cell in boards for call in _boards(cell) if not _listed(call)]
    return {ast.literal_eval(call.args[0]): headings(source) for call in calls}


def _is_board(cell: "NotebookNode") -> bool:
    return cell.cell_type == "code" and "check.lab(" in cell.source and flag(cell, "locked")


def _boards(cell: "NotebookNode") -> list[ast.Call]:
    """Calls of ``check.lab`` in a cell."""
    calls = (node for node in ast.walk(parse(cell.source)) if isinstance(node, ast.Call))
    return [call for call in calls if ast.unparse(call.func) == "check.lab"]


def _listed(call: ast.Call) -> list[str]:
    """Steps that a call of ``check.lab`` lists itself."""
    steps = _keyword(call, "steps") or (call.args[1] if len(call.args) > 1 else None)
    return list(ast.literal_eval(steps)) if steps else []
