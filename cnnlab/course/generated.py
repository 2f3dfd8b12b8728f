"""Cells made from the facts of the notebooks: the opening, and the links to the neighbours."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cnnlab.notebooks import is_source, notebooks, read_facts

LINKS = "links"  # id of the cell that leads to the neighbours


_ADVICE = (
    "**Work in a copy of your own**, so that no update of the course touches your answers: type "
    "`python -m cnnlab start {lab}` in a terminal, and open the copy that it puts into the folder "
    "`work`."
)


def links(path: str | Path) -> str:
    """Lead from a notebook to its lab or lecture, the next chapter and the map.

    Parameters
    ----------
    path : path
        A notebook of the course, or the source of a lab.

    Returns
    -------
    str
        Markdown, for notebooks that lie in the same folder. The last line has the links; above
        it, a lab says how to make a copy of one's own.

    Raises
    ------
    ValueError
        If the notebook is not of the course, by its name, or a fact of another is wrong.
    """
    place = Path(path)
    rows = notebooks(place.parent.parent if is_source(place) else place.parent)
    own = next((at for at, row in enumerate(rows) if row.path.name == place.name), None)
    if own is None:
        raise ValueError(
            f"links: {place.name} must be a notebook of the course, such as "
            "04_lecture_convolution.ipynb. Correct its name."
        )
    number = rows[own].number
    partners = [row for row in rows if row.number == number and row is not rows[own]]
    later = [row for row in rows[own + 1 :] if row.number != number]
    named = [(row.kind.capitalize(), row) for row in partners]
    named += [("Next", row) for row in later[:1]]
    named += [("Map", rows[0])] if own else []
    line = " · ".join(
        f"{word}: [{row.title.removeprefix(f'{word}: ')}]({row.path.name})" for word, row in named
    )
    return f"{_ADVICE.format(lab=place.stem)}\n\n{line}" if rows[own].kind == "lab" else line


def opening(metadata: Mapping[str, Any]) -> str:
    """The text of a notebook's first cell, made from its metadata.

    Examples
    --------
    >>> facts = dict(title="Pooling", minutes=25, prerequisites=["04"], goals=["pool by hand"])
    >>> print(opening({"cnnlab": facts}))
    # Pooling
    <BLANKLINE>
    **25 minutes** · Prerequisites: 04
    <BLANKLINE>
    You will be able to
    <BLANKLINE>
    - pool by hand
    """
    facts = read_facts(metadata)
    needs = ", ".join(facts.prerequisites) or "none"
    goals = "\n".join(f"- {goal}" for goal in facts.goals)
    return (
        f"# {facts.title}\n\n**{facts.minutes} minutes** · Prerequisites: {needs}\n\n"
        f"You will be able to\n\n{goals}"
    )
