"""Whether a student's function lets a library do the work that a step asks for, or loops."""

import dis
import functools
import inspect
import sys
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from cnnlab.check.core.error_hints import INSTALLED

_LAYERS = (
    *("cnnlab.scratch", "cnnlab.pytorch", "torch.nn", "torch.autograd", "torch.func"),
    *("torch.optim", "scipy.signal", "scipy.ndimage", "sklearn", "skimage", "keras", "tensorflow"),
)
_TORCH = {
    f"torch.{name}"
    for name in (
        *("conv1d", "conv2d", "conv_transpose2d", "max_pool2d", "relu", "softmax", "log_softmax"),
        *("dropout", "batch_norm", "Tensor.backward"),
    )
}
_HELPERS = {"torch.nn.functional.pad"}
_GOES_ON = {"LOAD_ATTR", "LOAD_METHOD"}


class Elsewhere:
    """A function in another process, where its code is read; it is asked there."""

    def borrowed(self, asked: str) -> str:
        """As :func:`borrowed`."""
        raise NotImplementedError

    def looped(self) -> str:
        """As :func:`looped`."""
        raise NotImplementedError


Named = dict[str, Any]  # what names stand for


def borrowed(function: Callable[..., Any] | Elsewhere, asked: str = "") -> str:
    """Find a ready-made layer in the code of a function, or of functions that it calls.

    Parameters
    ----------
    function : callable
        It is read, not called.
    asked : str
        What it must compute: a function of this package by that name does the work, too.

    Returns
    -------
    str
        The full name of what is used; empty if there is none, or no code to read.

    Examples
    --------
    >>> from cnnlab.scratch import functional
    >>> borrowed(lambda x: functional.relu(x)[0])
    'cnnlab.scratch.functional.relu'
    >>> borrowed(lambda x: max(x, 0))
    ''
    """
    if isinstance(function, Elsewhere):
        return function.borrowed(asked)
    return next((path for path, _ in _used(function) if _is_layer(path, asked)), "")


def looped(function: Callable[..., Any] | Elsewhere) -> str:
    """Find a loop of Python in a function, or in functions of the same notebook that it calls.

    Parameters
    ----------
    function : callable
        It is read, not called.

    Returns
    -------
    str
        Name of the function that loops; empty if none does, or there is no code to read.

    Examples
    --------
    >>> looped(lambda rows: [2 * row for row in rows])
    '<lambda>'
    >>> looped(lambda rows: 2 * rows)
    ''
    """
    if isinstance(function, Elsewhere):
        return function.looped()
    own = (_bare(value) for _, value in _used(function))
    return next((f.__name__ for f in own if isinstance(f, FunctionType) and _has_loop(f)), "")


def _has_loop(function: FunctionType) -> bool:
    def within(code: CodeType) -> bool:
        steps = (step.opname for step in dis.get_instructions(code))
        inner = (const for const in code.co_consts if isinstance(const, CodeType))
        return any(name.startswith(("FOR_ITER", "JUMP_BACKWARD")) for name in steps) or any(
            map(within, inner)
        )

    return not _is_installed(function) and within(function.__code__)


def _used(function: Any) -> Iterator[tuple[str, Any]]:
    """The function, and all that its code reads by name, also in functions that it calls."""
    yield _path(function), function
    waiting, seen = [function], set()
    while waiting:
        own = _bare(waiting.pop(0))
        if not isinstance(own, FunctionType | type) or id(own) in seen or _is_installed(own):
            continue
        seen.add(id(own))
        if isinstance(own, type):
            waiting.extend(vars(own).values())
            continue
        for path, value in _Reader(own.__globals__, _enclosed(own)).read(own.__code__):
            yield path, value
            waiting.append(value)


def _is_installed(own: FunctionType | type) -> bool:
    """Whether a function or class comes with Python or a package: no student wrote it."""
    if isinstance(own, FunctionType):
        return own.__code__.co_filename.startswith(INSTALLED)
    file = getattr(sys.modules.get(own.__module__), "__file__", None)
    return own.__module__ == "builtins" or str(file).startswith(INSTALLED)


def _bare(function: Any) -> Any:
    """The function inside a partial, a method, a decorator or a callable object."""
    while isinstance(function, functools.partial):
        function = function.func
    if not isinstance(function, FunctionType | MethodType | type) and callable(function):
        function = inspect.getattr_static(type(function), "__call__", None)
    return getattr(function, "__func__", function)


def _enclosed(function: FunctionType) -> Named:
    """What the names of the function around it stand for."""
    found = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=False):
        try:
            found[name] = cell.cell_contents
        except ValueError:  # not filled yet
            continue
    return found


class _Reader:
    """Follows names through the code of one function, as far as modules and imports go.

    Parameters
    ----------
    scope, local : dict
        What names stand for outside the function, and inside.
    """

    def __init__(self, scope: Named, local: Named) -> None:
        self.scope, self.local = scope, local
        self.held: Any = None  # what the last step has put on top
        self.imported: Any = None
        self.named: list[ModuleType] = []

    def read(self, code: CodeType) -> Iterator[tuple[str, Any]]:
        """Everything that code reads by name, with its full name: torch.nn.functional.pad."""
        for step in dis.get_instructions(code):
            names = step.argval if isinstance(step.argval, tuple) else (step.argval,)
            module, self.held = self.held, self._after(step.opname, names)
            if isinstance(self.held, ModuleType):
                self.named.append(self.held)
            elif self.held is not None:
                of_module = step.opname in _GOES_ON and isinstance(module, ModuleType)
                path = f"{module.__name__}.{names[0]}" if of_module else _path(self.held)
                yield path, self.held
        for const in code.co_consts:
            if isinstance(const, CodeType):
                yield from _Reader(self.scope, dict(self.local)).read(const)

    def _after(self, kind: str, names: tuple[Any, ...]) -> Any:
        """What lies on top after one step of code, if a name stands for it."""
        if kind in _GOES_ON:
            return self._attribute(names[0])
        if kind == "IMPORT_NAME":
            self.imported = sys.modules.get(names[0])
            return sys.modules.get(names[0].partition(".")[0])
        if kind == "IMPORT_FROM":
            return getattr(self.imported, names[0], self.imported)
        if kind.startswith(("STORE_FAST", "STORE_DEREF")):
            self.local[names[0]] = self.held
            return self.local.get(names[1]) if len(names) > 1 else None
        if kind in ("LOAD_GLOBAL", "LOAD_NAME"):
            return self.scope.get(names[0])
        if kind.startswith(("LOAD_FAST", "LOAD_DEREF")):
            return self.local.get(names[-1])
        return self.held if kind in ("SWAP", "POP_TOP") else None

    def _attribute(self, name: str) -> Any:
        if isinstance(self.held, ModuleType):
            return getattr(self.held, name, None)
        torch = sys.modules.get("torch")
        if name == "backward" and torch in self.named:  # of a tensor, which no name tells
            return torch.Tensor.backward
        return None


def _path(value: Any) -> str:
    """Full name of a function, a class, or the class of an object, without private modules."""
    while isinstance(value, functools.partial):
        value = value.func
    named = value if isinstance(getattr(value, "__name__", None), str) else type(value)
    parts = str(getattr(named, "__module__", "")).split(".")
    name = named.__qualname__ if isinstance(named, FunctionType) else named.__name__
    return ".".join([*(part for part in parts if not part.startswith("_")), name])


def _is_layer(path: str, asked: str) -> bool:
    inside = any(path.startswith(f"{room}.") for room in _LAYERS)
    same = bool(asked) and path.startswith("cnnlab.") and path.rpartition(".")[2] == asked
    return (inside and path not in _HELPERS) or same or path in _TORCH
