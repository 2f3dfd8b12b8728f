"""Convolutional networks as a course: one architecture value, read by everything.

``import cnnlab`` is light: PyTorch, matplotlib and the widget libraries load only
when the room that needs them is first used.

Examples
--------
>>> import cnnlab
>>> cnnlab.geometry.output_size(7, kernel_size=3, stride=2)
3
"""

import importlib
from types import ModuleType

__version__ = "0.1.0"

_ROOMS = (
    "check",
    "conventions",
    "count",
    "data",
    "explore",
    "geometry",
    "plots",
    "pytorch",
    "scratch",
    "spec",
    "train",
    "zoo",
)

__all__ = ["__version__", *_ROOMS, "slides"]


def __getattr__(name: str) -> ModuleType:
    """Import a room on first use, so that ``import cnnlab`` stays light."""
    if name in _ROOMS:
        return importlib.import_module(f"cnnlab.{name}")
    if name == "slides":  # people make slides of notebooks of their own; other tools are commands
        return importlib.import_module("cnnlab.course.slides")
    raise AttributeError(
        f"module 'cnnlab' has no attribute {name!r}; it has {', '.join(__all__[1:])}."
    )


def __dir__() -> list[str]:
    return sorted(__all__)
