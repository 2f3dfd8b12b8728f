"""JavaScript of this explorer: that of all explorers, the pad, and on a page the network."""

from pathlib import Path

from cnnlab.explore.page import SCRIPT

HERE = Path(__file__).parent
ENDS = ("export default { render };", "export default { render: renderWithPad };")


def module(*more: str) -> str:
    """One module, since a page cannot import from its neighbours.

    Parameters
    ----------
    *more : str
        Files of this folder that follow; they say what is exported.

    Examples
    --------
    >>> module().count("export default"), module("page.js").count("export default")
    (1, 0)
    """
    parts = [SCRIPT, source("pad.js")]
    for place, end in enumerate(ENDS if more else ENDS[:1]):
        if end not in parts[place]:
            raise ValueError(f"the code of explorers must end with {end!r}. Put it there.")
        parts[place] = parts[place].replace(end, "")
    return "\n".join([*parts, *map(source, more)])


def source(name: str) -> str:
    """Read a file of this folder."""
    return (HERE / name).read_text("utf-8")
