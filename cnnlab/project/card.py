"""The data card: what a reader must know of a data set before believing a result on it."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnlab._text import aligned, by, html_table
from cnnlab.data import Dataset

_HEADINGS = ("part", "images", "groups", "smallest class", "largest class", "mean", "deviation")
_SIDES = ("left", *["right"] * 2, *["left"] * 2, *["right"] * 2)


class DataCard:
    """Source, size and summary statistics of the parts of a set; see :func:`data_card`."""

    def __init__(self, facts: Mapping[str, str], rows: Sequence[Sequence[str]]) -> None:
        self.facts = dict(facts)
        self.rows = [tuple(row) for row in rows]

    def __repr__(self) -> str:
        facts = [f"{name}: {fact or 'NOT SAID'}" for name, fact in self.facts.items()]
        return "\n".join([*facts, "", *aligned([_HEADINGS, *self.rows], _SIDES)])

    def _repr_html_(self) -> str:
        facts = "".join(
            f"<li><strong>{escape(name)}:</strong> {escape(fact) or '<em>not said</em>'}</li>"
            for name, fact in self.facts.items()
        )
        rows = [[escape(cell) for cell in row] for row in self.rows]
        return f"<ul>{facts}</ul>{html_table('Data card', _HEADINGS, _SIDES, rows)}"


def data_card(
    parts: Mapping[str, Dataset], groups: Mapping[str, npt.ArrayLike | None] | None = None
) -> DataCard:
    """Describe the parts of a data set.

    Parameters
    ----------
    parts : mapping of str to Dataset
        Such as ``{"train": train, "test": test}``; the first says source and licence.
    groups : mapping of str to (N,) array, optional
        What each example of a part belongs to.

    Returns
    -------
    DataCard
        Shown as a table; mean and deviation are those of the pixels, in [0, 1].

    Examples
    --------
    >>> from cnnlab import data
    >>> train, test = data.load("faces").split(0.8)
    >>> print(repr(data_card({"train": train, "test": test})).splitlines()[-2])
    train     160       –  80 non-face     80 non-face    0.36       0.26
    """
    first = next(iter(parts.values()))
    facts = {
        "data": first.name,
        "source": first.source,
        "licence": first.licence,
        "image": f"{by(first.image_shape)} (channels, height, width)",
        "classes": ", ".join(first.class_names) or "none: numbers are to be predicted",
    }
    return DataCard(facts, [_row(name, part, groups) for name, part in parts.items()])


def _row(
    name: str, part: Dataset, groups: Mapping[str, npt.ArrayLike | None] | None
) -> tuple[str, ...]:
    own: Any = None if groups is None else groups.get(name)
    counts = np.bincount(part.labels, minlength=part.num_classes) if part.class_names else None

    def told(place: Any) -> str:
        return "–" if counts is None else f"{counts[place]:,} {part.class_names[place]}"

    return (
        name,
        f"{len(part):,}",
        "–" if own is None else f"{len(np.unique(np.asarray(own))):,}",
        told(0 if counts is None else np.argmin(counts)),
        told(0 if counts is None else np.argmax(counts)),
        f"{part.images.mean():.2f}",
        f"{part.images.std():.2f}",
    )
