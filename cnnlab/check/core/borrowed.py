"""Whether a student's function lets a library do the work that a step asks for."""

import dis
import functools
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

_LAYERS = ("cnnlab.scratch", "cnnlab.pytorch", "torch.nn", "scipy.signal", "scipy.ndimage")
_TORCH = {"torch.conv1d", "torch.conv2d", "torch.max_pool2d", "torch.relu", "torch.softmax"}
_HELPERS = {"torch.nn.functional.pad"}
_READS = {"LOAD_GLOBAL", "LOAD_NAME"}
_GOES_ON = {"LOAD_ATTR", "LOAD_METHOD"}


def borrowed(function: Callable[..., Any]) -> str:
    """Find a ready-made layer in the code of a function, or of functions that it calls.

    Parameters
    ----------
    function : callable
        It is read, not called.

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
    while isinstance(function, functools.partial):
        function = function.func
    return next(_borrowed(function, set()), "")


def _borrowed(function: Any, seen: set[int]) -> Iterator[str]:
    if not isinstance(function, FunctionType) or id(function) in seen:
        return
    seen.add(id(function))
    scope = function.__globals__
    for path, value in _reached(function.__code__, scope):
        if _is_layer(path):
            yield path
        elif isinstance(value, FunctionType) and value.__globals__ is scope:
            yield from _borrowed(value, seen)


def _reached(code: CodeType, scope: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Everything that code reads by name, with its full name, such as torch.nn.functional.pad."""
    held: Any = None
    for step in dis.get_instructions(code):
        if step.opname in _READS:
            held = scope.get(step.argval)
            path = f"{getattr(held, '__module__', '')}.{getattr(held, '__name__', '')}"
        elif step.opname in _GOES_ON and isinstance(held, ModuleType):
            path, held = f"{held.__name__}.{step.argval}", getattr(held, step.argval, None)
        else:
            continue
        if not isinstance(held, ModuleType):
            yield path, held
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _reached(const, scope)


def _is_layer(path: str) -> bool:
    inside = any(path.startswith(f"{room}.") for room in _LAYERS)
    return (inside and path not in _HELPERS) or path in _TORCH
