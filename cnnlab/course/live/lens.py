"""Numbers of the cells that are too small to hold them, for the lens of a page without Python."""

import re
from collections.abc import Callable
from itertools import product
from typing import Any

from cnnlab.explore.scene import Link

# As svg.many writes it.
_CELLS = re.compile(
    r'data-cells="([^"]*)" data-shape="([^"]*)" data-first="([^"]*)" data-step="([^"]*)"'
)
REACH = 2  # cells to each side that an explorer tells of together with one


Tell = Callable[[str], Link | None]


def planes(tell: Tell, svg: str) -> list[dict[str, Any]]:
    """Find all planes of such cells in a drawing, with the words for each of their numbers.

    Parameters
    ----------
    tell : callable
        :meth:`cnnlab.explore.Explorer.tell`.
    svg : str

    Returns
    -------
    list of dict
        Each with the plane's ``name``, the place of its ``first`` number, and its ``rows``.
    """
    return [_plane(tell, *found.groups()) for found in _CELLS.finditer(svg)]


def _plane(tell: Tell, name: str, *numbers: str) -> dict[str, Any]:
    shape, (top, left), (step,) = ([*map(int, each.split(","))] for each in numbers)
    rows, columns = ((size - 1) * step + 1 for size in shape)
    words = [[""] * columns for _ in range(rows)]
    for row, column in product(_centres(rows), _centres(columns)):
        place = f"{left + column}" if name.endswith(":") else f",{top + row},{left + column}"
        link = tell(name + place)
        near = link["near"] if link else []
        for i, line in enumerate(near, row - len(near) // 2):
            for j, number in enumerate(line, column - REACH):
                if 0 <= i < rows and 0 <= j < columns:
                    words[i][j] = number
    return {"name": name, "first": [top, left], "rows": words}


def _centres(size: int) -> list[int]:
    """Places from which all places are near.

    Examples
    --------
    >>> _centres(12), _centres(3)
    ([2, 7, 11], [2])
    """
    return [min(i, size - 1) for i in range(REACH, size + REACH, 2 * REACH + 1)]
