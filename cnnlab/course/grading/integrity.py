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
from array import array
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


def _note(value: Any, found: list[int]) -> None:
    """Note the identities of an object and of what a function would run."""
    found.append(id(value))
    if isinstance(value, types.FunctionType):
        found += (id(value.__code__), id(value.__defaults__), id(value.__kwdefaults__))
        found += [id(cell.cell_contents) for cell in value.__closure__ or ()]
        if (wrapped := getattr(value, "__wrapped__", None)) is not None:
            _note(wrapped, found)


def _identities(module: types.ModuleType) -> list[int]:
    """Identities of everything in a module that can be called, and of its name."""
    found, home = [id(module)], module.__name__
    for name, value in vars(module).items():
        if not callable(value) or (name.startswith("_") and home == "builtins"):
            continue
        found.append(id(name))
        _note(value, found)
        if isinstance(value, type) and value.__module__.startswith("cnnlab."):
            at_home = vars(sys.modules.get(value.__module__, module)).get(value.__name__)
            if value.__module__ != home and at_home is value:
                continue  # its insides are noted there
            for key, member in vars(value).items():
                function = getattr(member, "fget", getattr(member, "__func__", member))
                if callable(function) or key == "__dict__":
                    found.append(id(key))
                    _note(function, found)
    return found


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
        numbers = array("Q", _identities(sys.modules[name]))
        digests[name] = hashlib.sha256(numbers).hexdigest()
    return digests
