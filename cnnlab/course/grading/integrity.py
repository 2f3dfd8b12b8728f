"""Runs inside a student's kernel: a fingerprint of everything that decides whether a step passes.

It is taken before the student's first cell and again around every check. The text of this
module is sent each time, so nothing of it lies in the kernel to be changed.
"""

import hashlib
import importlib
import os
import pkgutil
import sys
import types
from collections.abc import Iterator
from typing import Any

ROOMS = ("check", "count", "geometry", "scratch", "spec", "zoo")  # what checks stand on
LIBRARIES = ("builtins", "math", "numpy", "operator", "os")
FLAG = "CNNLAB_STRICT"


def load() -> None:
    """Load every module of these rooms, so that none is left to be replaced later."""
    for room in ROOMS:
        module = importlib.import_module(f"cnnlab.{room}")
        path = getattr(module, "__path__", None)
        for found in pkgutil.walk_packages(path or [], f"cnnlab.{room}."):
            importlib.import_module(found.name)
        for name in getattr(module, "__all__", ()):
            getattr(module, name)  # some are imported on first use, which must not look like harm


def _inside(value: Any) -> Iterator[int]:
    """Identities of an object and of what a function would run."""
    yield id(value)
    if isinstance(value, types.FunctionType):
        yield from map(id, (value.__code__, value.__defaults__, value.__kwdefaults__))
        yield from (id(cell.cell_contents) for cell in value.__closure__ or ())
        if (wrapped := getattr(value, "__wrapped__", None)) is not None:
            yield from _inside(wrapped)


def _lines(module: types.ModuleType) -> Iterator[str]:
    for name, value in sorted(vars(module).items()):
        if not callable(value) or (name.startswith("_") and module.__name__ == "builtins"):
            continue
        yield f"{name} {list(_inside(value))}"
        if isinstance(value, type) and value.__module__.startswith("cnnlab."):
            for key, member in sorted(vars(value).items()):
                function = getattr(member, "fget", getattr(member, "__func__", member))
                if callable(function) or key == "__dict__":
                    yield f"{name}.{key} {list(_inside(function))}"


def fingerprint() -> dict[str, str]:
    """Give a digest of each module.

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> fingerprint() == fingerprint()
    True
    """
    own = [f"cnnlab.{room}" for room in ROOMS]
    names = [
        name
        for name in sorted(sys.modules)
        if name in LIBRARIES or any(name == one or name.startswith(f"{one}.") for one in own)
    ]
    digests = {FLAG: os.environ.get(FLAG, "")}
    for name in names:
        text = "\n".join([str(id(sys.modules[name])), *_lines(sys.modules[name])])
        digests[name] = hashlib.sha256(text.encode()).hexdigest()
    return digests
