"""Things put aside for a later check, which no longer depends on what became of them."""

import copy
from typing import Any

from cnnlab.check.core.result import Result

_KEPT: dict[str, Any] = {}


class NotKeptError(KeyError):
    """The cell that keeps a thing has not run; in a notebook, a card instead of a traceback."""

    def _render_traceback_(self) -> list[str]:
        return Result(
            "todo", str(self.args[0]), "Run the cells above from the first one on."
        ).show()


def keep(**things: Any) -> None:
    """Put copies of things aside for later checks.

    Whoever changes, renames or trains a thing afterwards changes nothing of what is kept.

    Parameters
    ----------
    **things
        Arrays, data, steppers and the like, by name.

    Examples
    --------
    >>> numbers = [1, 2]
    >>> keep(numbers=numbers)
    >>> numbers.append(3)
    >>> kept("numbers")
    [1, 2]
    """
    _KEPT.update({name: copy.deepcopy(thing) for name, thing in things.items()})


def kept(name: str) -> Any:
    """Give a fresh copy of what was put aside.

    Parameters
    ----------
    name : str

    Returns
    -------
    object

    Raises
    ------
    KeyError
        If nothing was put aside under this name.

    Examples
    --------
    >>> keep(word="early")
    >>> kept("word")
    'early'
    """
    if name not in _KEPT:
        raise NotKeptError(f"{name} is not there yet: the cell that prepares it has not run.")
    return copy.deepcopy(_KEPT[name])
