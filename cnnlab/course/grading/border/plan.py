"""What a test cell reads: of the lab's own cells, which run beside the checks, and of the student."""

import ast
import builtins
import dis
from collections.abc import Iterator
from types import CodeType
from typing import TYPE_CHECKING, NamedTuple

from cnnlab.course.labs.source import flag, is_test, parse

if TYPE_CHECKING:
    from nbformat import NotebookNode

_ANSWERS = {"backward": 1, "gradient": 2, "pair": 2}  # how many come first; of other checks, one
_NAMED = {"claimed", "network"}  # answers that go by name
GIVEN = frozenset({*vars(builtins), "display", "__name__"})


class Plan(NamedTuple):
    """What one test cell needs.

    Attributes
    ----------
    setup : tuple of str
        Code of the lab that runs before it, and has not run before another test.
    names : tuple of str
        What the student's process is asked for.
    imports : str
        The lab's own imports of names that it reads.
    """

    setup: tuple[str, ...]
    names: tuple[str, ...]
    imports: str


class _Cell(NamedTuple):
    """A cell of the lab that is no test and no answer."""

    place: int
    source: str
    reads: frozenset[str]
    makes: frozenset[str]
    keeps: frozenset[str]


def plans(nb: "NotebookNode") -> dict[int, Plan]:
    r"""Plan all test cells of a lab, by their places.

    A name of a test is the lab's if a locked cell makes it that needs nothing of the student's,
    unless it stands where a check takes an answer; any other is the student's.

    Parameters
    ----------
    nb : NotebookNode
        A lab, or a submission whose locked cells are the lab's own.

    Returns
    -------
    dict of int to Plan

    Examples
    --------
    >>> from nbformat import v4
    >>> from cnnlab.course.labs import cells
    >>> setup = cells.fixed("setup", "from cnnlab import check\nlimit = 3")
    >>> test = cells.step("test", "check.number(size, lambda: limit, step='1')")
    >>> plans(v4.new_notebook(cells=[setup, test]))[1].names
    ('size',)
    """
    imports = _imports(nb)
    own = _independent(nb, set(imports))
    tests = {i: cell.source for i, cell in enumerate(nb.cells) if is_test(cell)}
    made = frozenset[str]().union(*(_code(source)[1] for source in tests.values()))
    found, done = dict[int, Plan](), set[int]()
    for index, source in tests.items():
        before = [cell for cell in own if cell.place < index]
        answers = _answers(source) - set(imports)
        ours = {name for cell in before for name in cell.makes} - answers
        reads = _code(source)[0]
        needed = _needed(before, reads & ours, _called(source, "kept"))
        every = reads.union(*(cell.reads for cell in needed))
        lines = [imports[name] for name in imports if name in {*every, "check"}]
        setup = [cell for cell in needed if cell.place not in done]
        done.update(cell.place for cell in setup)
        known = {*imports, *ours, *made, *(GIVEN - answers)}
        asked = sorted(reads - known)
        found[index] = Plan(
            ("\n".join(lines), *(cell.source for cell in setup)),
            tuple(asked),
            "\n".join(imports[name] for name in imports if name in reads),
        )
    return found


def _locked(nb: "NotebookNode") -> Iterator[tuple[int, ast.Module]]:
    for index, cell in enumerate(nb.cells):
        if cell.cell_type == "code" and flag(cell, "locked") and not is_test(cell):
            try:
                yield index, parse(cell.source)
            except SyntaxError:  # a magic
                continue


def _imports(nb: "NotebookNode") -> dict[str, str]:
    """The lab's own imports, by the name that each makes."""
    found = {"check": "from cnnlab import check"}
    for _, tree in _locked(nb):
        for statement in tree.body:
            if isinstance(statement, ast.Import | ast.ImportFrom):
                for alias in statement.names:
                    name = alias.asname or alias.name.split(".")[0]
                    line = ast.unparse(_one(statement, alias))
                    if line not in found.get(name, "").split("\n"):
                        found[name] = f"{found[name]}\n{line}" if name in found else line
    return found


def _one(statement: ast.Import | ast.ImportFrom, alias: ast.alias) -> ast.stmt:
    if isinstance(statement, ast.Import):
        return ast.Import([alias])
    return ast.ImportFrom(statement.module, [alias], statement.level)


def _independent(nb: "NotebookNode", known: set[str]) -> list[_Cell]:
    """The lab's own cells that need nothing of a student's."""
    found: list[_Cell] = []
    known = known | GIVEN
    for index, tree in _locked(nb):
        rest = [one for one in tree.body if not isinstance(one, ast.Import | ast.ImportFrom)]
        source = ast.unparse(ast.Module(rest, []))
        reads, makes = _code(source)
        if reads <= known:
            known |= makes
            found.append(_Cell(index, source, reads, makes, _called(source, "keep")))
    return found


def _needed(cells: list[_Cell], names: frozenset[str], kept: frozenset[str]) -> list[_Cell]:
    """Cells that make these names, and all that they need in turn."""
    needed: list[_Cell] = []
    for cell in reversed(cells):
        if cell.makes & names or cell.keeps & kept:
            needed.append(cell)
            names |= cell.reads
    return needed[::-1]


def _code(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """Names that code reads before it makes them, those of functions inside included; and makes."""
    code = compile(parse(source), "<lab>", "exec")
    reads, makes = set[str](), set[str]()
    for step in dis.get_instructions(code):
        if step.opname == "STORE_NAME":
            makes.add(step.argval)
        elif step.opname == "LOAD_NAME" and step.argval not in makes:
            reads.add(step.argval)
    return frozenset(reads | ({*_inner(code)} - makes)), frozenset(makes)


def _inner(code: CodeType) -> Iterator[str]:
    """Names that functions inside code read, where they are no names of their own."""
    for const in code.co_consts:
        if isinstance(const, CodeType):
            steps = dis.get_instructions(const)
            yield from (step.argval for step in steps if step.opname == "LOAD_GLOBAL")
            yield from _inner(const)


def _calls(source: str) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="check"), attr=name)):
                yield name, node


def _answers(source: str) -> set[str]:
    """Names in the places where checks take what a student gives."""
    given = []
    for name, call in _calls(source):
        if name not in ("kept", "given", "variant"):
            given += call.args[: _ANSWERS.get(name, 1)]
            given += [word.value for word in call.keywords if word.arg in _NAMED]
    return {n.id for part in given for n in ast.walk(part) if isinstance(n, ast.Name)}


def _called(source: str, function: str) -> frozenset[str]:
    """Names of what code keeps or takes out again."""
    calls = [call for name, call in _calls(source) if name == function]
    words = {word.arg for call in calls for word in call.keywords if word.arg}
    values = (a.value for call in calls for a in call.args if isinstance(a, ast.Constant))
    return frozenset({*words, *(value for value in values if isinstance(value, str))})
