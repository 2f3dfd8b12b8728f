"""Explorers: move one slider, see what changes, read it as text.

All arithmetic is Python: a pure scene, tested without a browser, becomes a picture and one
line of text that says the same. Every explorer's settings can be set and read from Python,
and its ``code()`` is the library call that computes what it shows.

Examples
--------
>>> from cnnlab import explore
>>> print(explore.listing())
OutputSizeExplorer  how many windows fit, and which pixels are left over
>>> explore.OutputSizeExplorer(stride=3)
input 7, kernel 3, stride 3, padding 0 -> floor 2, ceil 3, error: does not fit, 1 pixel left over
"""

from cnnlab.explore.base import Explorer
from cnnlab.explore.output_size import OutputSizeExplorer

__all__ = ["Explorer", "OutputSizeExplorer", "listing", "names"]

_EXPLORERS: tuple[type[Explorer], ...] = (OutputSizeExplorer,)


def names() -> list[str]:
    """Names of all explorers, in the order of the course.

    Examples
    --------
    >>> names()
    ['OutputSizeExplorer']
    """
    return [explorer.__name__ for explorer in _EXPLORERS]


def listing() -> str:
    """One line for each explorer: its name and what it shows.

    Examples
    --------
    >>> print(listing())
    OutputSizeExplorer  how many windows fit, and which pixels are left over
    """
    width = max(map(len, names()))
    return "\n".join(f"{e.__name__:{width}}  {e.purpose}" for e in _EXPLORERS)
