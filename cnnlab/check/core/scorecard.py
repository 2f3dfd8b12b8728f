"""How a lab stands: its steps on one card."""

import html
from dataclasses import dataclass
from typing import Literal, TypeAlias

from cnnlab.check.core.result import CARD, LOOKS, Look, Status

Standing: TypeAlias = Status | Literal["again"]

_NEXT = {
    "todo": "put your answer in place of the dots and run its cell.",
    "fail": "read its card, change your answer and run its cell again.",
    "again": "its answer has changed since it was checked, or a cell was stopped. Run its cells "
    "again.",
}
_LOOKS = {**LOOKS, "again": Look("↻", "run again", LOOKS["todo"].color)}


@dataclass(frozen=True, repr=False)
class Score:
    """The steps of a lab and how each of them stands; the card and text list them all.

    Parameters
    ----------
    title : str
        The lab.
    steps : tuple of (str, str, str)
        Name, title (may be empty) and status of each step, in the order of the lab.
    complete : bool
        Whether these are all its steps.

    Examples
    --------
    >>> score = Score("Shapes", (("1", "Sizes", "pass"), ("2", "", "todo")))
    >>> score
    Shapes: 1 of 2 steps passed.
    ✓ 1 Sizes
    ○ 2
    Next, step 2: put your answer in place of the dots and run its cell.
    >>> score.passed, score.total
    (1, 2)
    """

    title: str
    steps: tuple[tuple[str, str, Standing], ...]
    complete: bool = True

    @property
    def passed(self) -> int:
        """Steps that passed."""
        return sum(status == "pass" for _, _, status in self.steps)

    @property
    def total(self) -> int:
        """All steps."""
        return len(self.steps)

    @property
    def _headline(self) -> str:
        plural = "" if self.total == 1 else "s"
        of = "of" if self.complete else "of at least"
        return f"{self.title}: {self.passed} {of} {self.total} step{plural} passed."

    @property
    def _next(self) -> str:
        open_steps = [(name, status) for name, _, status in self.steps if status != "pass"]
        if not open_steps and not self.complete:
            return "Run the cell with check.lab, which knows all steps, and the cells of the steps."
        if not open_steps:
            return "Everything is done." if self.total else "Run the cells of the steps first."
        name, status = open_steps[0]
        return f"Next, step {name}: {_NEXT[status]}"

    def __repr__(self) -> str:
        lines = (f"{_LOOKS[status].icon} {name} {title}" for name, title, status in self.steps)
        return "\n".join([self._headline, *map(str.rstrip, lines), self._next])

    def _repr_html_(self) -> str:
        done = self.complete and self.passed == self.total > 0
        items = "".join(_item(*step) for step in self.steps)
        return (
            f'<div role="status" style="{CARD.format(color=LOOKS["pass" if done else "todo"].color)}">'
            f"<strong>{html.escape(self._headline)}</strong>"
            f'<ul style="list-style: none; margin: 4px 0; padding: 0">{items}</ul>'
            f"{html.escape(self._next)}</div>"
        )


def _item(name: str, title: str, status: Standing) -> str:
    look = _LOOKS[status]
    icon = f'<span aria-hidden="true" style="color: {look.color}">{look.icon}</span>'
    label = html.escape(f"{name} {title}".strip())
    return f"<li>{icon} {label} <small>({look.word})</small></li>"
