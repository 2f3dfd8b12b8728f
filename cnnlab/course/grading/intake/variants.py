"""For whom numbers were drawn, in labs that draw some for each student."""

import re
from typing import TYPE_CHECKING

from cnnlab.course.grading.intake.roster import Roster
from cnnlab.course.labs.source import flag

if TYPE_CHECKING:
    from nbformat import NotebookNode

_DRAWN = re.compile(r"\bcheck\.variant\([^,()]+,\s*(\w+)\)")  # the name that holds who it is
_WHOSE = re.compile(r'Its numbers were drawn for [^"\s]\S*\.(?!\S)')
_SET = r"""^{}[ \t]*=[ \t]*(["']?)(.*?)\1[ \t]*(?:#.*)?$"""


def remark(nb: "NotebookNode", student: str, listed: Roster | None) -> str:
    """Say if numbers were drawn for anybody else than those who handed a notebook in.

    Parameters
    ----------
    nb : NotebookNode
        With the lab's own locked cells.
    student : str
        Whose it is.
    listed : Roster or None
        Who is in the course; without a roster, nobody can tell.

    Returns
    -------
    str
        A sentence; empty if all is well.

    Examples
    --------
    >>> from nbformat import v4
    >>> from cnnlab.course.labs import cells
    >>> drawn = cells.fixed("numbers", 'check.variant("fits", student)')
    >>> nb = v4.new_notebook(cells=[v4.new_code_cell('student = "Bo"'), drawn])
    >>> remark(nb, "ada", Roster([{"id": "ada"}, {"id": "bo"}]))
    'Its numbers were drawn for bo.'
    """
    if listed is None:
        return ""
    code = [cell for cell in nb.cells if cell.cell_type == "code"]
    names = {name for cell in code if flag(cell, "locked") for name in _DRAWN.findall(cell.source)}
    said = []
    for name in sorted(names):
        place = re.compile(_SET.format(name), re.MULTILINE)
        for _, text in (found for cell in code for found in place.findall(cell.source)):
            who, _ = listed.identify(text)
            if not text:
                said.append("Its numbers were drawn without a name.")
            elif not who:
                said.append(f'Its numbers were drawn for "{text}", who is not on the roster.')
            elif who not in listed.team(student):
                said.append(f"Its numbers were drawn for {who}.")
    return " ".join(dict.fromkeys(said))


def discreet(remarks: str) -> str:
    """Say the same to a student, and not whose the numbers are.

    Examples
    --------
    >>> discreet("Its numbers were drawn for bo.lee. Put back deleted cells: test-1.")
    'Its numbers were drawn for somebody else. Put back deleted cells: test-1.'
    """
    return _WHOSE.sub("Its numbers were drawn for somebody else.", remarks)
