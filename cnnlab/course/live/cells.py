"""Explorers in a notebook's cells, made again from what the cells say."""

import ast
from collections.abc import Iterator
from typing import Any

from cnnlab import explore, spec

_PARTS = (ast.Call, ast.Attribute, ast.Name, ast.Constant, ast.List, ast.Tuple, ast.Dict)
_PARTS += (ast.UnaryOp, ast.USub, ast.keyword, ast.Load)  # type: ignore[assignment]
_ROOMS = {"explore": explore, "spec": spec}


def explorers(notebook: Any) -> Iterator[tuple[Any, explore.Explorer[Any]]]:
    """Each output that stores an explorer's picture, with an explorer that says the same.

    Only calls of explorers with plain values are made again, nothing else of a notebook is run;
    an explorer that says something else than its output keeps its stored picture.
    """
    names: dict[str, Any] = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        for output in cell.outputs:
            data = output.get("data", {})
            if "image/svg+xml," not in data.get("text/html", ""):
                continue
            explorer = _made(cell.source, names)
            if explorer is not None and repr(explorer) == data.get("text/plain"):
                yield output, explorer
        names |= dict(_plain(cell.source))


def _tree(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError:  # such as a line for IPython
        return ast.Module([], [])


def _plain(source: str) -> Iterator[tuple[str, Any]]:
    """Names that a cell gives to plain values."""
    for line in _tree(source).body:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            try:
                yield line.targets[0].id, ast.literal_eval(line.value)
            except ValueError:
                continue


def _made(source: str, names: dict[str, Any]) -> explore.Explorer[Any] | None:
    """Make the explorer of a cell's last call of one, if its arguments are plain."""
    calls = [node for node in ast.walk(_tree(source)) if _is_explorer(node)]
    if not calls or not all(_is_known(node, names) for node in ast.walk(calls[-1])):
        return None
    code = compile(ast.Expression(calls[-1]), "cell", "eval")  # type: ignore[arg-type]
    made: explore.Explorer[Any] = eval(code, {"__builtins__": {}}, _ROOMS | names)
    return made


def _is_explorer(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and ast.unparse(node.func).removeprefix("explore.") in explore.names()
        and isinstance(node.func, ast.Attribute)
    )


def _is_known(node: ast.AST, names: dict[str, Any]) -> bool:
    """Whether this is a plain value, or a call of one of the two rooms."""
    if isinstance(node, ast.Name):
        return node.id in _ROOMS or node.id in names
    if isinstance(node, ast.Attribute):
        return isinstance(node.value, ast.Name) and node.value.id in _ROOMS
    return isinstance(node, _PARTS)
