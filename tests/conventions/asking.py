"""How a library is asked: functions by the row's id, and answers in one form."""

import importlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

REFUSES = "refuses"
Question = Callable[[], Any]


def refuses(question: Question) -> Any:
    """What a question is answered, or that it is refused."""
    try:
        return question()
    except Exception:  # each library has its own way of refusing
        return REFUSES


def dot() -> Any:
    """A picture with a dot to the right of its middle, (101, 101), whose turns can be measured."""
    picture = np.zeros((101, 101), np.float32)
    picture[48:53, 88:93] = 1
    return picture


def turned(picture: Any) -> float:
    """Degrees by which the dot was turned, whichever way."""
    picture = np.asarray(picture, np.float64).reshape(101, 101)
    rows, columns = np.indices(picture.shape) - 50
    up, right = (float((picture * where).sum()) for where in (rows, columns))
    return float(round(abs(np.degrees(np.arctan2(up, right))), 2))


def plain(answer: Any) -> Any:
    """Numbers as Python's own with four digits, everything else as it is."""
    if isinstance(answer, str | bool):
        return answer
    if hasattr(answer, "detach"):
        answer = answer.detach()
    if type(answer).__module__.startswith("tinygrad"):
        answer = answer.numpy()
    numbers = np.asarray(answer, dtype=np.float64).ravel()
    numbers = np.where(abs(numbers) < 1e-12, 0, numbers)
    told = [_short(float(number)) for number in numbers]
    return told[0] if np.ndim(answer) == 0 else told


def _short(number: float) -> Any:
    if not np.isfinite(number):
        return str(number).replace("inf", "∞").replace("-", "−")
    if abs(number) > 1e30:  # the end of float32 stands for infinity
        return f"{number:.1e}".replace("e+", "e").replace("-", "−")
    rounded = number if number == int(number) else float(f"{number:.4g}")
    return int(rounded) if rounded == int(rounded) else rounded


def agree(stored: Any, found: Any) -> bool:
    """Whether two answers say the same, but for float32's last digits."""
    a, b = (value if isinstance(value, list) else [value] for value in (stored, found))
    if len(a) != len(b):
        return False
    pairs = list(zip(a, b, strict=True))
    if any(isinstance(value, str) for value in a + b):
        return all(_alike(x, y) for x, y in pairs)
    return bool(np.allclose(a, b, rtol=2e-3, atol=1e-9))


def _alike(x: Any, y: Any) -> bool:
    if isinstance(x, str) or isinstance(y, str):
        return bool(x == y)
    return bool(np.isclose(x, y, rtol=2e-3, atol=1e-9))


def asked(name: str) -> Iterator[tuple[str, str, Any]]:
    """Row's id, library and answer, for every question that a module asks."""
    module = importlib.import_module(name)
    for library, questions in module.LIBRARIES.items():
        for row, question in questions.items():
            yield row, library, plain(question())
