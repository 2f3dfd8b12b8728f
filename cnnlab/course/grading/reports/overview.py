"""What a class has understood: who solved each step, and what went wrong most often."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cnnlab._text import aligned
from cnnlab.course.grading.locked_cells import marked
from cnnlab.course.labs.files import read
from cnnlab.course.labs.source import headings, is_test, step_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from cnnlab.course.grading.course import Course

MOST = 3  # mistakes that are listed for a step
OPEN = "○ to do"


@dataclass(frozen=True)
class Mistake:
    """What a check said, and to whom; sentences that differ in their numbers alone are one.

    Parameters
    ----------
    sentence : str
        As one of the students read it.
    students : tuple of str
        Whose answers got it.
    """

    sentence: str
    students: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """How a class did at one step.

    Parameters
    ----------
    name, title : str
        As in the lab.
    right, open : tuple of str
        Who solved it, and who left it open.
    mistakes : tuple of Mistake
        The most frequent first.
    """

    name: str
    title: str
    right: tuple[str, ...]
    open: tuple[str, ...]
    mistakes: tuple[Mistake, ...]

    @property
    def students(self) -> int:
        """How many notebooks hold it."""
        return len(self.right) + len(self.open) + sum(len(one.students) for one in self.mistakes)


def overview(course: "Course", lab: str) -> list[Step]:
    """Look at all notebooks of a lab that were graded.

    Parameters
    ----------
    course : Course
        Where they lie.
    lab : str
        Its name.

    Returns
    -------
    list of Step
        In the order of the lab.

    Raises
    ------
    FileNotFoundError
        If none was graded.
    """
    paths = sorted(course.folder.glob(f"autograded/*/{lab}/{lab}.ipynb"))
    if not paths:
        raise FileNotFoundError(
            f"There must be graded notebooks of {lab} in {course.folder}, but there are none. "
            f"Run python -m cnnlab grade {lab}."
        )
    source = read(course.source(lab))
    titles = headings(source)
    said = {path.parents[1].name: marked(read(path)) for path in paths}
    return [
        _step(step_of(cell), titles, {who: cells.get(name) for who, cells in said.items()})
        for name, cell in marked(source).items()
        if is_test(cell)
    ]


def _step(name: str, titles: dict[str, str], cells: "dict[str, NotebookNode | None]") -> Step:
    right, waiting = [], []
    wrong: dict[str, tuple[str, list[str]]] = {}
    for student, cell in cells.items():
        said = "" if cell is None else sentence(cell)
        if cell is None or said.startswith(OPEN):
            waiting.append(student)
        elif not said:
            right.append(student)
        else:
            kind = re.sub(r"[−-]?\d[\d.,]*", "#", said)
            wrong.setdefault(kind, (said, []))[1].append(student)
    mistakes = [Mistake(said, tuple(students)) for said, students in wrong.values()]
    mistakes.sort(key=lambda one: -len(one.students))
    return Step(name, titles.get(name, ""), tuple(right), tuple(waiting), tuple(mistakes))


def sentence(cell: "NotebookNode") -> str:
    """Say what went wrong in a check's cell that has run; nothing if it passed."""
    for output in cell.outputs:
        if output.output_type == "error":
            text: str = output.evalue.partition(" Hint: ")[0]
            if output.ename in ("CheckFailed", "NotPassed", "TimeLimit"):
                return text.removeprefix("✗ not yet: ")
            return f"{output.ename}: {text}"
    return ""


def lines(steps: Iterable[Step], names: bool = False) -> Iterator[str]:
    r"""Say it in lines of text.

    Parameters
    ----------
    steps : iterable of Step
        From :func:`overview`.
    names : bool
        Whether to say who.

    Examples
    --------
    >>> mistake = Mistake("The bias is missing.", ("bo", "cy"))
    >>> print(*lines([Step("1", "Parameters", ("ada",), (), (mistake,))]), sep="\n")
    step             right   open
    1     Parameters  33 %    0 %
          2 × The bias is missing.
    """
    steps = list(steps)
    table = [("step", "", "right", "open")]
    for step in steps:
        right, left = (f"{100 * len(who) / step.students:.0f} %" for who in (step.right, step.open))
        table.append((step.name, step.title, right, left))
    rows = aligned(table, ("left", "left", "right", "right"))
    margin = " " * (2 + max(len(row[0]) for row in table))
    yield rows[0]
    for row, step in zip(rows[1:], steps, strict=True):
        yield row
        for mistake in step.mistakes[:MOST]:
            who = _who(mistake) if names else ""
            yield f"{margin}{len(mistake.students)} × {mistake.sentence}{who}"


def _who(mistake: Mistake) -> str:
    return f" ({', '.join(mistake.students)})"


STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46em; margin: 2em auto; padding: 0 1em; }
.bar { display: flex; height: 1.2em; border: 1px solid #555; }
.right { background: #0072b2; } .wrong { background: #d55e00; } .open { background: #ddd; }
h2 { font-size: 1em; margin: 1.5em 0 0.2em; } ul { margin: 0.3em 0; }
"""


def page(title: str, steps: Iterable[Step], names: bool = False) -> str:
    """Write it as a page with bars, which needs no network.

    Parameters
    ----------
    title : str
        Its heading.
    steps : iterable of Step
        From :func:`overview`.
    names : bool
        Whether to say who.

    Examples
    --------
    >>> "1 of 1 right" in page("Lab", [Step("1", "Parameters", ("ada",), (), ())])
    True
    """
    parts = [
        f"<h1>{html.escape(title)}</h1>",
        "<p>Blue: right. Orange: wrong. Grey: left open.</p>",
    ]
    for step in steps:
        wrong = sum(len(one.students) for one in step.mistakes)
        counts = {"right": len(step.right), "wrong": wrong, "open": len(step.open)}
        said = ", ".join(f"{count} {kind}" for kind, count in counts.items())
        said = said.replace(" right", f" of {step.students} right", 1)
        bars = "".join(
            f'<div class="{kind}" style="width:{100 * count / step.students:.1f}%"></div>'
            for kind, count in counts.items()
        )
        parts.append(f"<h2>Step {html.escape(f'{step.name}: {step.title}'.rstrip(': '))}</h2>")
        parts.append(f'<div class="bar" role="img" aria-label="{said}">{bars}</div><p>{said}</p>')
        rows = "".join(
            f"<li>{len(one.students)} × {html.escape(one.sentence)}"
            f"{html.escape(_who(one)) if names else ''}</li>"
            for one in step.mistakes[:MOST]
        )
        parts.append(f"<ul>{rows}</ul>" if rows else "")
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{STYLE}</style><body>{''.join(parts)}</body></html>"
    )
