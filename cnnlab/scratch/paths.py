"""Settings that differ from layer to layer, told by the paths of ``state_dict``."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

Value = TypeVar("Value")


def nearest(path: str, values: Mapping[str, Value], otherwise: Value) -> Value:
    """Value of the longest name in ``values`` that is the path, or a part that holds it.

    Parameters
    ----------
    path : str
        Names from the top, joined by dots.
    values : dict
        By path; the name "" holds everything.
    otherwise : object
        What a path gets that no name holds.

    Examples
    --------
    >>> nearest("block1.conv1", {"": 1, "block1": 2, "block10": 3}, 0)
    2
    """
    parts = path.split(".")
    for stop in range(len(parts), -1, -1):
        name = ".".join(parts[:stop])
        if name in values:
            return values[name]
    return otherwise


def check_names(what: str, names: Iterable[str], paths: Iterable[str]) -> None:
    """Refuse a name that holds none of the paths, as it would change nothing.

    Examples
    --------
    >>> check_names("init", ["fc9"], ["fc1", "fc2"])
    Traceback (most recent call last):
        ...
    ValueError: init must name rows of the network, such as fc1, fc2, not 'fc9'. Mend the name, \
or leave it out.
    """
    known = list(dict.fromkeys(paths))
    for name in names:
        if name and not any(f"{path}.".startswith(f"{name}.") for path in known):
            raise ValueError(
                f"{what} must name rows of the network, such as {', '.join(known[:3])}, "
                f"not {name!r}. Mend the name, or leave it out."
            )
