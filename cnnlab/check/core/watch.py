"""Whether an answer is still the one that was checked: what its names held, and what they hold."""

import ast
import dis
import hashlib
import re
from collections.abc import Iterator, Mapping
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

_LOADS = {"LOAD_NAME", "LOAD_GLOBAL"}
_MAKES = re.compile(r"^(?:def|class)\s+(\w+)|^(\w+)\s*(?::[^=\n]*)?=(?!=)", re.M)
_LONGEST = 10_000  # characters of a value that are compared as text


class Watch:
    """What a cell has looked at: the names of the notebook that it read, and what they held.

    Parameters
    ----------
    frame : frame
        Of the cell; inside a function there is nothing to watch.

    Examples
    --------
    >>> import sys
    >>> size = 5
    >>> watch = Watch(sys._getframe())
    >>> watch.changed("size"), watch.changed()
    (False, False)
    """

    def __init__(self, frame: FrameType) -> None:
        self.scope: Mapping[str, Any] = frame.f_globals
        names = _loaded(frame.f_code) if frame.f_code.co_name == "<module>" else ()
        self.held = {
            name: _held(self.scope[name], self.scope, frozenset())
            for name in names
            if name in self.scope and not isinstance(self.scope[name], ModuleType)
        }

    def changed(self, *names: str) -> bool:
        """Whether one of these names, or of all that were read, holds something else now."""
        for name in names or self.held:
            if name not in self.held:
                continue
            if name not in self.scope:
                return True
            if _held(self.scope[name], self.scope, frozenset()) != self.held[name]:
                return True
        return False


def _loaded(code: CodeType) -> list[str]:
    """Names that a piece of code reads, those of functions inside included."""
    own = [i.argval for i in dis.get_instructions(code) if i.opname in _LOADS]
    inner = (const for const in code.co_consts if isinstance(const, CodeType))
    return list(dict.fromkeys([*own, *(name for part in inner for name in _loaded(part))]))


class _Itself:
    """An object that is compared by identity, and kept so that no other takes its place."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and other.value is self.value

    __hash__ = None  # type: ignore[assignment]


def _held(value: Any, scope: Mapping[str, Any], seen: frozenset[str]) -> Any:
    """Something that is equal as long as a value is."""
    if type(value) is FunctionType:
        return _function(value, scope, seen)
    kind = type(value)  # told by its names, because importing NumPy takes a while
    if (kind.__module__, kind.__name__) == ("numpy", "ndarray") and value.dtype.kind != "O":
        digest = hashlib.blake2b(value.tobytes()).digest()
        return value.shape, value.dtype.str, digest
    if type(value) in (int, float, complex, bool, str, bytes, type(None), type(...)):
        return type(value), value
    if type(value) in (list, tuple, dict, set, frozenset):
        text = repr(value)
        return text if len(text) < _LONGEST else _Itself(value)
    return _Itself(value)


def _function(value: FunctionType, scope: Mapping[str, Any], seen: frozenset[str]) -> Any:
    """A function by its code, and by the functions of the notebook that it calls."""
    called = [
        name
        for name in _loaded(value.__code__)
        if name not in seen and type(scope.get(name)) is FunctionType
    ]
    inner = seen | {*called}
    return (
        _written(value.__code__),
        repr(value.__defaults__),
        [_held(scope[name], scope, inner) for name in called],
    )


def _written(code: CodeType) -> Any:
    """A piece of code, wherever it stands."""
    consts = [_written(c) if isinstance(c, CodeType) else repr(c) for c in code.co_consts]
    return code.co_code, consts, code.co_names, code.co_varnames, code.co_freevars


def makes(source: str) -> set[str]:
    r"""Names that a cell makes at its top level, also where it is no Python yet.

    Examples
    --------
    >>> sorted(makes("size = 5\ndef area(side):\n    return side * side"))
    ['area', 'size']
    >>> makes("size = (5")
    {'size'}
    """
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return {name for pair in _MAKES.findall(source) for name in pair if name}
    return {name for node in body for name in _made(node)}


def _made(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
        return
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            yield part.id
