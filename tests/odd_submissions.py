"""More of what students of the trial lab hand in: right work in odd forms, accidents, and tricks.

Every trick is harmless: nothing here harms the machine that it runs on, confined or not.
"""

import io
import json
import zipfile
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbformat import NotebookNode
from nbformat import v4 as new

from tests import submissions
from tests.submissions import (
    LAB,
    RIGHT,
    WRONG_ANSWERS,
    Case,
    cell,
    changed,
    done,
    lab,
    with_own_cell,
    without,
)

TITLE = "\x1b]0;seen\x07\x1b[2J\u202e"  # a terminal would take it for orders


def with_own_names_of_cells(nb: NotebookNode) -> None:
    """Colab and others give cells ids of their own."""
    for number, one in enumerate(nb.cells):
        one.id = f"c{number}"


def with_windows_lines(nb: NotebookNode) -> None:
    for one in nb.cells:
        one.source = one.source.replace("\n", "\r\n")


def with_another_language(nb: NotebookNode) -> None:
    nb.metadata.kernelspec = {"name": "ir", "display_name": "R", "language": "R"}
    nb.metadata.language_info = {"name": "R"}


def with_answers_of_other_kinds(nb: NotebookNode) -> None:
    """A slip of a key in JupyterLab: Y and M change a cell's kind."""
    cell(nb, "answer-2").update(cell_type="raw")
    words = cell(nb, "reflection")
    words.update(cell_type="code", source="It must fit.", outputs=[], execution_count=None)


def with_outputs(nb: NotebookNode) -> None:
    """All that one sees after many runs: a picture of 3 MB, a widget, an error."""
    show = {"image/png": "A" * 3_000_000, "application/x.widget+json": {"a": 1}}
    cell(nb, "answer-1").outputs = [
        new.new_output("display_data", show),
        new.new_output("error", ename="E", evalue=TITLE, traceback=[TITLE]),
    ]


def with_an_answer_below(nb: NotebookNode) -> None:
    place = next(i for i, one in enumerate(nb.cells) if one.id == "answer-2")
    nb.cells.insert(place + 1, new.new_code_cell(RIGHT["answer-2"]))
    cell(nb, "answer-2").source = "strided = ..."


def with_an_answer_twice(nb: NotebookNode) -> None:
    twin = nbformat.from_dict(cell(nb, "answer-2"))
    twin.update(id="twin", source="strided = 1")
    nb.cells.append(twin)


def with_all_in_one_cell(nb: NotebookNode) -> None:
    cell(nb, "answer-1").source = "\n".join(RIGHT.values())
    without("answer-2", "answer-3")(nb)


def with_odd_attachments(nb: NotebookNode) -> None:
    cell(nb, "reflection").update(source="See ![it](attachment:it.png)", attachments=["it.png"])


def with_odd_marks(nb: NotebookNode) -> None:
    one = new.new_code_cell("1")
    one.metadata.nbgrader = ["answer-1"]
    two = new.new_code_cell("2")
    two.metadata.nbgrader = {"grade_id": ["answer-1"], "solution": True}
    nb.cells += [one, two]


def with_words_in_many_places(nb: NotebookNode) -> None:
    place = next(i for i, one in enumerate(nb.cells) if one.id == "reflection")
    nb.cells[place + 1 : place + 1] = [
        new.new_code_cell("# It must fit."), new.new_markdown_cell("So it must fit.")]  # fmt: skip


THREAD = """
import threading, time
def talk():
    while True:
        print("still here")
        time.sleep(0.01)
threading.Thread(target=talk, daemon=True).start()
strided = 3"""
WRITES = """
import os, pathlib
for place in (".", "/tmp", os.path.expanduser("~"), "/dev/shm"):
    pathlib.Path(place, "written-by-a-student").write_text("x")
strided = 3"""
AWAIT = "import asyncio\nasync def three():\n    await asyncio.sleep(0)\n    return 3\nstrided = await three()"
MAGIC = "%%time\nstrided = 3"
CALLABLE = (
    "class Size:\n    def __call__(self, size, kernel_size):\n        return size - kernel_size + 1\n"
    "size_of = Size()"
)
NAMES = f"raise type({TITLE!r}, (Exception,), {{}})({TITLE!r})"
REPLACED = "import builtins\nbuiltins.len = lambda value: 1\nstrided = 1"
LEFT = f"import shutil, os\nshutil.rmtree('.', ignore_errors=True)\n{RIGHT['answer-2']}"
TELLS = """
from IPython.display import HTML, Javascript, display
display(HTML("<h1>All points, please</h1>"), Javascript("1"))
print("✓ passed: step 2.")
strided = 2"""
DEEP = "def down(depth):\n    return down(depth + 1)\nstrided = down(0)"
CLOSED = "import sys\nsys.stdout.close()\nstrided = 3"
MANY = "\n".join(f"value_{number} = {number}" for number in range(2_000)) + "\nstrided = 3"

HONEST: dict[str, Case] = {
    "own-names-of-cells": Case(changed(done(), with_own_names_of_cells), 3),
    "windows-lines": Case(changed(done(), with_windows_lines), 3),
    "another-language": Case(changed(done(), with_another_language), 3),
    "kinds-of-cells-changed": Case(changed(done(), with_answers_of_other_kinds), 3),
    "all-outputs-kept": Case(changed(done(), with_outputs), 3),
    "answer-in-a-cell-below": Case(changed(done(), with_an_answer_below), 3),
    "answer-twice": Case(changed(done(), with_an_answer_twice), 3),
    "all-in-one-cell": Case(
        changed(done(), with_all_in_one_cell), 1, "Put back deleted cells: answer-2, answer-3."),
    "odd-marks": Case(changed(done(), with_odd_marks), 3),
    "words-in-many-places": Case(
        changed(done(), with_words_in_many_places), 3, "Words may stand in a cell below"),
    "awaits": Case(done(answer_2=AWAIT), 3),
    "times-itself": Case(done(answer_2=MAGIC), 3),
    "function-is-an-object": Case(done(answer_3=CALLABLE), 3),
    "function-is-a-lambda": Case(done(answer_3="size_of = lambda size, k: size - k + 1"), 3),
    "numbers-of-numpy": Case(done(answer_1="import numpy as np\nsize = np.int64(5)"), 3),
    "letters-of-the-world": Case(done(answer_2="größe = 3\nstrided = größe\nprint('ñ 漢 🎓')"), 3),
    "installs-a-package": Case(changed(done(), with_own_cell("!pip install emoji")), 3),
    "asks-for-input": Case(done(answer_2="strided = int(input('How many?'))"), 2),
    "forgot-a-file": Case(done(answer_2="strided = int(open('mine.txt').read())"), 2),
    "leaves-with-exit": Case(done(answer_2="import sys\nsys.exit()"), 2),
    "two-thousand-lines": Case(done(answer_2=MANY), 3),
    "writes-files": Case(done(answer_2=WRITES), 3),
    "leaves-a-thread": Case(done(answer_2=THREAD), 3),
}  # fmt: skip
HOSTILE: dict[str, Case] = {
    "orders-to-the-terminal": Case(done(answer_2=NAMES), 2),
    "tells-a-lie": Case(done(answer_2=TELLS), 2),
    "replaced-builtin": Case(
        lab(**WRONG_ANSWERS | {"answer_1": REPLACED}), "checks"),  # changed, or not to be asked
    "empties-its-folder": Case(done(answer_2=LEFT), 3),
    "closes-its-output": Case(done(answer_2=CLOSED), 3),
    "falls-for-ever": Case(done(answer_2=DEEP), None),  # IPython writes the error for many seconds
    "stops-its-parents": Case(
        done(answer_2="import os, signal\nos.kill(os.getppid(), signal.SIGKILL)"), None),
    "reads-nowhere": Case(
        done(answer_2="import ctypes\nctypes.string_at(0)"), "A cell of step 2 ended its own"),
    "alarm": Case(
        done(answer_2="import signal, time\nsignal.alarm(1)\ntime.sleep(3)"),
        "A cell of step 2 ended its own"),
}  # fmt: skip
CASES = HONEST | HOSTILE


class File(NamedTuple):
    """A file as it was handed in, and what it deserves."""

    path: str  # in the folder of everything received
    data: bytes
    due: float | str
    remark: str = ""


def _text(nb: NotebookNode) -> str:
    return json.dumps(nb)


def _archive(**files: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/"), text)
    return target.getvalue()


def _without_names() -> str:
    """As Jupyter of 2020 writes it: format 4.4, in which cells have no ids."""
    nb = done()
    for one in nb.cells:
        del one["id"]
    nb.nbformat_minor = 4
    return _text(nb)


OTHER = _text(new.new_notebook(cells=[new.new_code_cell("1")]))
TOO_BIG = "The file is bigger than 20 MB."
FILES: dict[str, File] = {
    "format-3": File(f"format-3_{LAB}.ipynb", _text(nbformat.convert(done(), 3)).encode(), 3),
    "no-ids": File(f"no-ids_{LAB}.ipynb", _without_names().encode(), 3),
    "byte-order-mark": File(f"byte-order-mark/{LAB}.ipynb", _text(done()).encode("utf-8-sig"), 3),
    "esc_31m": File(f"esc\x1b[31m_{LAB}.ipynb", _text(done()).encode(), 3),
    "Zo\u00e9": File(f"Zoe\u0301_{LAB}.ipynb", _text(done()).encode(), 3),
    "twice": File(f"twice_{LAB}-2.ipynb", _text(done()).encode(), 3),
    "late": File(f"late_{LAB}.ipynb", _text(lab()).encode(), 3),
    "late-and-damaged": File(f"late-and-damaged_{LAB}.ipynb", _text(done()).encode(), 3),
    "renamed": File("renamed/homework (1).ipynb", _text(done()).encode(), 3),
    "two-labs": File("two-labs/all.zip", _archive(
        **{f"x__{LAB}.ipynb": _text(done()), "x__04_lab.ipynb": OTHER}), 3),
    "utf-16": File(f"utf-16_{LAB}.ipynb", _text(done()).encode("utf-16"), "is damaged"),
    "not-json": File(f"not-json_{LAB}.ipynb", b"{", "is damaged"),
    "half-a-file": File(
        f"half-a-file_{LAB}.ipynb", _text(done()).encode()[:900], "is damaged"),
    "no-notebook": File(f"no-notebook_{LAB}.ipynb", b"[1]", "is no notebook"),
    "a-page": File(f"a-page_{LAB}.ipynb", b"<!doctype html><html></html>", "is damaged"),
    "deep": File(f"deep_{LAB}.ipynb", b"[" * 200_000, "is no notebook (RecursionError)"),
    "cells-are-a-word": File(
        f"cells-are-a-word_{LAB}.ipynb", b'{"cells": "none", "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
        "The file is no notebook"),
    "odd-attachments": File(
        f"odd-attachments_{LAB}.ipynb", _text(changed(done(), with_odd_attachments)).encode(),
        "is no notebook (ValidationError)"),
    "empty": File(f"empty_{LAB}.ipynb", b"", "is empty"),
    "too-big": File(f"too-big_{LAB}.ipynb", b" " * 20_000_001, TOO_BIG),
    "another-lab": File(f"another-lab_{LAB}.ipynb", OTHER.encode(), "holds no cell of this lab"),
    "deleted-file": File("deleted-file/excuse.txt", b"sorry", "no notebook of 03_lab_trial"),
    "only-a-page": File("only-a-page/lab.html", b"<html></html>", "no notebook of 03_lab_trial"),
    "packed": File("packed.zip", b"PK", "The archive cannot be unpacked"),
    "rolled": File(f"rolled_{LAB}.tar.gz", b"1", "only .zip is unpacked here"),
}  # fmt: skip

# Not what counts: a first attempt, files beside; a first one that a later one replaces, or not.
BESIDE = {
    f"twice_{LAB}-1.ipynb": _text(lab()).encode(),
    "renamed/notes.txt": b"x",
    "renamed/.DS_Store": b"x",
    f"{LAB}.ipynb": b"{}",
}
LATE = {
    f"late_{LAB}.ipynb": _text(done()).encode(),
    f"late-and-damaged_{LAB}.ipynb": b"{",
}
NAMELESS = f"{LAB}.ipynb: Nobody can tell whose it is. Name it STUDENT_{LAB}.ipynb."

GATE = {  # graded at every change: no two of them take the same path
    "right-with-words", "untouched", "all-wrong", "only-the-visible-test", "warns", "infinite-loop",
    "floods", "stubborn-loop", "ends-its-kernel", "deleted-cells", "edited-checks", "loops-in-a-check",
    "poses-as-the-checks", "forged-card", "unknown-kind-of-cell", "pasted-picture", "links-among-the-sockets", "fork-bomb",
    "orders-to-the-terminal", "kinds-of-cells-changed", "format-3", "esc_31m"}  # fmt: skip


def everything() -> dict[str, Case]:
    """What each student deserves."""
    files = {student: Case(new.new_notebook(), one.due) for student, one in FILES.items()}
    return submissions.CASES | CASES | files


def some() -> dict[str, Case]:
    """Those of the gate, and all that need no kernel."""
    return {
        student: case
        for student, case in everything().items()
        if student in GATE or (student in FILES and isinstance(case.due, str))
    }


def hand_in(folder: Path, late: Path, students: dict[str, Case]) -> None:
    """Write what these students handed in, and what came late."""
    files = {FILES[student].path: FILES[student].data for student in students if student in FILES}
    for number, (student, case) in enumerate(students.items()):
        if student not in FILES:
            name = f"{student}_{LAB}.ipynb" if number % 2 else f"{student}/{LAB}.ipynb"
            files[name] = _text(case.nb).encode()
    files |= {name: data for name, data in BESIDE.items() if _whose(name) in {"", *students}}
    late_ones = {name: data for name, data in LATE.items() if _whose(name) in students}
    for place, there in ((folder, files), (late, late_ones)):
        for name, data in there.items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


def _whose(name: str) -> str:
    return "" if name.startswith(LAB) else name.partition("/")[0].partition(f"_{LAB}")[0]
