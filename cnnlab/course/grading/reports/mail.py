"""A text for each student, to be sent by mail: points, steps and remarks."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cnnlab.course.grading.intake import roster, variants
from cnnlab.course.grading.locked_cells import marked
from cnnlab.course.grading.reports.overview import sentence
from cnnlab.course.labs.files import read
from cnnlab.course.labs.source import flag, headings, is_test, step_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from cnnlab.course.grading.course import Course
    from cnnlab.course.grading.lists import Row


def write(course: "Course", lab: str) -> Iterator[Path]:
    """Write a text for each student in the list of grades.

    Parameters
    ----------
    course : Course
        Where the lab was graded.
    lab : str
        Its name.

    Yields
    ------
    Path
        ``mail/LAB/STUDENT.txt``; whom to send it to stands in its first line.
    """
    source, listed = read(course.source(lab)), roster.of(course.folder)
    rows, points, comments = course.graded(lab), course.points(lab), course.comments(lab)
    folder = course.folder / "mail" / lab
    folder.mkdir(parents=True, exist_ok=True)
    for row in rows:
        if not row.student:
            continue
        ran = course.folder / "autograded" / row.student / lab / f"{lab}.ipynb"
        lines = list(letter(row, lab))
        if row.score != "" and ran.is_file():
            own = points.get(row.student, {}), comments.get(row.student, {})
            lines += ["", *_steps(source, marked(read(ran)), *own)]
        to = listed.emails.get(row.student, "") if listed else ""
        path = folder / f"{row.student}.txt"
        path.write_text("\n".join([f"To: {to or row.student}", *lines, ""]), encoding="utf-8")
        yield path


def letter(row: "Row", lab: str) -> Iterator[str]:
    r"""Say what somebody has reached in all.

    Examples
    --------
    >>> from cnnlab.course.grading.lists import Row
    >>> late = Row("ada", 3.0, 4.0, penalty=0.6, counts=2.4, late="2 d")
    >>> print(*letter(late, "Lab"), sep="\n")
    Subject: Lab: 2.4 of 4 points
    <BLANKLINE>
    You have 3 of 4 points.
    It came 2 d late, which costs 0.6: 2.4 count.
    """
    if row.score == "":
        yield from (f"Subject: {lab}: no points yet", "", row.remark)
        return
    yield from (f"Subject: {lab}: {row.final:g} of {row.max_score:g} points", "")
    yield f"You have {row.score:g} of {row.max_score:g} points."
    if row.late:
        costs = f", which costs {row.penalty:g}: {row.final:g} count" if row.penalty else ""
        yield f"It came {row.late} late{costs}."
    if row.by_hand:
        yield "Some of it is still to be graded by hand."
    if row.remark:
        yield variants.discreet(row.remark)


def _steps(
    source: "NotebookNode",
    ran: "Mapping[str, NotebookNode]",
    points: Mapping[str, float],
    comments: Mapping[str, str],
) -> Iterator[str]:
    titles = headings(source)
    for name, cell in marked(source).items():
        if not flag(cell, "grade"):
            continue
        step = step_of(cell) if is_test(cell) else ""
        title = f"Step {step}, {titles[step]}" if titles.get(step) else f"Step {step}"
        said = sentence(ran[name]) if step and name in ran else comments.get(name, "")
        of = f"{points.get(name, 0):g} of {cell.metadata.nbgrader.points:g}"
        yield f"{title if step else 'Your words'}: {of}" + (f". {said}" if said else "")
