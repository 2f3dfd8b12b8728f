"""Scores of models over seeds, and the evidence that a study keeps of them."""

from dataclasses import dataclass, field
from html import escape
from typing import Any, NamedTuple

import numpy as np

from cnnlab._text import aligned, html_table
from cnnlab.data import Dataset

PARTS = ("train", "validation", "test")

_HEADINGS = ("model", "seeds", "mean", "deviation", "lowest … highest")
_SIDES = ("left", "right", "right", "right", "left")


class Scores(NamedTuple):
    """What one model reached on one part, a number for each seed.

    Attributes
    ----------
    name : str
    each : tuple of float
    """

    name: str
    each: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Mean over the seeds."""
        return float(np.mean(self.each))

    @property
    def spread(self) -> float:
        """Standard deviation over the seeds, of a sample; 0 for a single one."""
        return float(np.std(self.each, ddof=1)) if len(self.each) > 1 else 0.0


class Table(NamedTuple):
    """Scores of several models, shown as a table."""

    caption: str
    scores: tuple[Scores, ...]

    def _rows(self) -> list[list[str]]:
        return [
            [s.name, f"{len(s.each)}", f"{s.mean:.2f}", f"{s.spread:.2f}",
             f"{min(s.each):.2f} … {max(s.each):.2f}"]
            for s in self.scores
        ]  # fmt: skip

    def __repr__(self) -> str:
        return "\n".join([self.caption, *aligned([_HEADINGS, *self._rows()], _SIDES)])

    def _repr_html_(self) -> str:
        rows = [[escape(cell) for cell in row] for row in self._rows()]
        return html_table(escape(self.caption), _HEADINGS, _SIDES, rows)


@dataclass
class Evidence:
    """What was asked and done, as the gates read it.

    Attributes
    ----------
    question, metric : str
    parts : dict of str to Dataset
        ``"train"``, ``"validation"`` and ``"test"``, once they are handed in.
    groups : dict of str to (N,) array or None
        What the examples of each part belong to.
    baselines, candidates : dict of str to Scores
        On the validation set.
    opened : list of str
        What was chosen, each time that the test set was opened.
    tested : dict of str to Scores
        On the test set.
    reported : float or None
        What the report says.
    """

    question: str
    metric: str
    parts: dict[str, Dataset] = field(default_factory=dict)
    groups: dict[str, Any] = field(default_factory=dict)
    baselines: dict[str, Scores] = field(default_factory=dict)
    candidates: dict[str, Scores] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)
    tested: dict[str, Scores] = field(default_factory=dict)
    reported: float | None = None

    @property
    def chosen(self) -> str:
        """The candidate that is best on the validation set.

        Raises
        ------
        ValueError
            If there is none yet.
        """
        if not self.candidates:
            raise ValueError(
                "Study: a candidate must have been trained, but there is none. Call candidate(...)."
            )
        return max(self.candidates.values(), key=lambda scores: scores.mean).name
