"""All answers in words on one page beside the model answer, and points for them from a list."""

import csv
import hashlib
import html
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cnnlab.course.grading import lists, shown
from cnnlab.course.grading.intake import roster
from cnnlab.course.grading.lists import Given
from cnnlab.course.grading.locked_cells import marked
from cnnlab.course.labs.files import read
from cnnlab.course.labs.source import flag, student_version

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from cnnlab.course.grading.course import Course


@dataclass(frozen=True)
class Question:
    """What is to be answered in words.

    Parameters
    ----------
    name : str
        Of its cell.
    task, model : str
        What is asked, and the lab's own answer, as Markdown.
    points : float
        What it is worth.
    """

    name: str
    task: str
    model: str
    points: float


@dataclass(frozen=True)
class Answer:
    """What somebody, or a group, wrote.

    Parameters
    ----------
    code : str
        Stands for the writers and what they wrote, so that it changes with it.
    question : str
        Name of the question's cell.
    students : tuple of str
        Whose it is.
    texts : tuple of str
        The answer and the texts below it, as Markdown that a page may show.
    """

    code: str
    question: str
    students: tuple[str, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A line of the list in which an instructor gives points."""

    answer: str
    question: str
    most: float
    points: str = ""
    comment: str = ""


def questions(source: "NotebookNode") -> list[Question]:
    """List what a lab asks for in words.

    Parameters
    ----------
    source : NotebookNode
        The lab's source.

    Returns
    -------
    list of Question
    """
    found: list[Question] = []
    before: list[str] = []
    for cell in source.cells:
        mark = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown" and flag(cell, "solution"):
            task = "\n\n".join(before)
            found.append(Question(mark["grade_id"], task, cell.source, mark.get("points", 0)))
        before = [*before, cell.source] if cell.cell_type == "markdown" and not mark else []
    return found


def answers(course: "Course", lab: str) -> list[Answer]:
    """List what was answered, by questions and in an order that tells nothing of who wrote it.

    Parameters
    ----------
    course : Course
        Where the graded notebooks lie.
    lab : str
        Its name.

    Returns
    -------
    list of Answer
        Untouched ones with no text below are left out.
    """
    source = read(course.source(lab))
    texts = [cell.source for cell in source.cells if cell.cell_type == "markdown"]
    own = {form.strip() for text in texts for form in (text, shown.markdown(text))}
    blank = {name: cell.source.strip() for name, cell in marked(student_version(source)).items()}
    listed = roster.of(course.folder)
    found: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for path in sorted(course.folder.glob(f"autograded/*/{lab}/{lab}.ipynb")):
        student = path.parents[1].name
        leader = listed.team(student)[0] if listed else student
        nb = read(path)
        for question in questions(source):
            if wrote := tuple(_texts(nb, question.name, {blank[question.name]}, own)):
                found.setdefault((question.name, leader, wrote), []).append(student)
    order = [question.name for question in questions(source)]
    made = [
        Answer(_code(name, leader, *wrote), name, tuple(students), wrote)
        for (name, leader, wrote), students in found.items()
    ]
    return sorted(made, key=lambda one: (order.index(one.question), one.code))


def _texts(nb: "NotebookNode", name: str, blank: set[str], own: set[str]) -> Iterator[str]:
    """A student's texts from one marked cell to the next."""
    inside = False
    for cell in nb.cells:
        mark = cell.metadata.get("nbgrader", {})
        inside = mark.get("grade_id") == name if mark.get("grade_id") else inside
        strange = cell.source.strip() not in (blank if mark.get("grade_id") else own)
        if inside and strange and cell.cell_type != "code" and cell.source.strip():
            yield cell.source


def _code(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8")).hexdigest()[:8]


STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46em; margin: 2em auto; padding: 0 1em; }
article { border-top: 1px solid #555; overflow-wrap: anywhere; } h3 { font: 0.9em monospace; }
section section { background: #eee; padding: 0.1em 1em; } img { max-width: 100%; }
"""


def page(lab: str, asked: list[Question], given: list[Answer], names: bool = False) -> str:
    """Write questions, model answers and answers as a page, which needs no network.

    Parameters
    ----------
    lab : str
        Its heading.
    asked : list of Question
        From :func:`questions`.
    given : list of Answer
        From :func:`answers`.
    names : bool
        Whether to say who.
    """
    parts = [f"<h1>{html.escape(lab)}</h1>"]
    for question in asked:
        worth = f"Model answer, {question.points:g} {'point' if question.points == 1 else 'points'}"
        parts.append(f"<section>{shown.page(question.task)}<section><h2>{worth}</h2>")
        parts.append(f"{shown.page(question.model)}</section>")
        for one in (one for one in given if one.question == question.name):
            who = f" {', '.join(one.students)}" if names else ""
            parts.append(f"<article><h3>{one.code}{html.escape(who)}</h3>")
            parts += [shown.page(text) for text in one.texts]
            parts.append("</article>")
        parts.append("</section>")
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8">{shown.RULE}'
        f"<title>{html.escape(lab)}</title><style>{STYLE}</style><body>{''.join(parts)}</body></html>"
    )


def write(path: Path, asked: list[Question], given: list[Answer]) -> None:
    """Write the list in which points are given; what was filled in before stays.

    Parameters
    ----------
    path : Path
        The list.
    asked : list of Question
        From :func:`questions`.
    given : list of Answer
        From :func:`answers`.
    """
    most = {question.name: question.points for question in asked}
    before = {row["answer"]: row for row in _rows(path)} if path.is_file() else {}
    rows = [
        Line(
            one.code,
            one.question,
            most[one.question],
            before.get(one.code, {}).get("points", ""),
            before.get(one.code, {}).get("comment", ""),
        )
        for one in given
    ]
    if rows:
        lists.write(path, rows)


def _rows(path: Path) -> list[dict[str, str]]:
    """Read the list as a spreadsheet saves it: with commas or semicolons."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        head = file.readline()
        file.seek(0)
        rows = list(csv.DictReader(file, delimiter=";" if ";" in head else ","))
    return [{key: (value or "").removeprefix("'") for key, value in row.items()} for row in rows]


def points(path: Path, asked: list[Question], given: list[Answer]) -> tuple[list[Given], list[str]]:
    """Read the list with the points in it.

    Parameters
    ----------
    path : Path
        The list.
    asked : list of Question
        From :func:`questions`.
    given : list of Answer
        From :func:`answers`.

    Returns
    -------
    entries : list of Given
        What is to be entered; lines without points are left out.
    remarks : list of str
        Lines that cannot be entered, and why.
    """
    most = {question.name: question.points for question in asked}
    by_code = {one.code: one for one in given}
    entries, remarks = [], []
    for row in _rows(path):
        code, said = row.get("answer", ""), row.get("points", "").strip()
        if not said:
            continue
        if (one := by_code.get(code)) is None:
            remarks.append(f"{code}: no such answer; it has changed since. Make the page again.")
            continue
        try:
            value = float(said.replace(",", "."))
        except ValueError:
            value = -1
        if not 0 <= value <= most[one.question]:
            remarks.append(
                f"{code}: points must be from 0 to {most[one.question]:g}, not {said!r}."
            )
            continue
        comment = row.get("comment", "").strip()
        entries += [Given(student, one.question, value, comment) for student in one.students]
    return entries, remarks
