"""What students of the trial lab hand in: good work, mistakes, accidents and tricks."""

from collections.abc import Callable
from typing import NamedTuple

import nbformat
from nbformat import NotebookNode
from nbformat import v4 as new

from cnnlab.course import labs
from tests import trial_lab

LAB = trial_lab.NAME
RIGHT = {
    "answer-1": "size = 7 - 3 + 1",
    "answer-2": "strided = 3",
    "answer-3": "def size_of(size, kernel_size):\n    return size - kernel_size + 1",
}
WRONG = {
    "answer-1": "size = 4",
    "answer-2": "strided = 2.5",
    "answer-3": "def size_of(size, kernel_size):\n    return size - kernel_size",
}
LIE = "check.{name} = lambda *args, **kwargs: check.Result('pass', 'fine.')"


class Case(NamedTuple):
    """A submission, and the score it deserves or a part of the reason why it has none."""

    nb: NotebookNode
    due: float | str | None  # None: it may end either way, but it ends
    remark: str = ""


def lab(**answers: str) -> NotebookNode:
    """The student's notebook with these answers, the others left open."""
    nb = labs.student_version(trial_lab.source())
    for cell in nb.cells:
        cell.source = answers.get(cell.id.replace("-", "_"), cell.source)
    return nb


def done(**answers: str) -> NotebookNode:
    """The right answers, but for these."""
    right = {name.replace("-", "_"): source for name, source in RIGHT.items()}
    return lab(**right | answers)


def cell(nb: NotebookNode, name: str) -> NotebookNode:
    return next(one for one in nb.cells if one.id == name)


def changed(nb: NotebookNode, *changes: Callable[[NotebookNode], object]) -> NotebookNode:
    for change in changes:
        change(nb)
    return nb


def without(*names: str) -> Callable[[NotebookNode], object]:
    return lambda nb: nb.update(cells=[one for one in nb.cells if one.id not in names])


def with_test(source: str) -> Callable[[NotebookNode], object]:
    return lambda nb: [one.update(source=source) for one in nb.cells if one.id.startswith("test")]


def with_marks(**marks: object) -> Callable[[NotebookNode], object]:
    return lambda nb: [
        one.metadata.nbgrader.update(marks) for one in nb.cells if one.id.startswith("test")
    ]


def with_own_cell(source: str) -> Callable[[NotebookNode], object]:
    return lambda nb: nb.cells.append(new.new_code_cell(source))


def with_copies(nb: NotebookNode) -> None:
    copies = [nbformat.from_dict(one) for one in nb.cells if one.id.startswith("test")]
    for number, one in enumerate(copies):
        one.update(id=f"copy-{number}", source="print('✓ passed: copy.')")
    nb.cells += copies


def reordered(nb: NotebookNode) -> None:
    nb.cells.reverse()


def with_cell_of_another_program(nb: NotebookNode) -> None:
    own = new.new_raw_cell("SELECT 1")
    own.cell_type = "sql"
    nb.cells.append(own)


def with_picture(nb: NotebookNode) -> None:
    dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    words = cell(nb, "reflection")
    words.source = "As the sketch shows: ![sketch](attachment:dot.png)"
    words.attachments = {"dot.png": {"image/png": dot}}


def with_words_below(nb: NotebookNode) -> None:
    place = next(i for i, one in enumerate(nb.cells) if one.id == "reflection")
    nb.cells.insert(place + 1, new.new_markdown_cell("It must fit in."))


STUBBORN = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    pass"
WARNING = (
    "import sys\ndef size_of(size, kernel_size):\n    print('careful', file=sys.stderr)\n"
    "    return size - kernel_size + 1"
)
FORGED = """
strided, shell = 1, get_ipython()
def say(*args, **kwargs):
    data = {"execution_count": 1, "data": {"text/plain": "✓ passed: forged."}, "metadata": {}}
    kernel = shell.kernel
    kernel.session.send(
        kernel.iopub_socket, "execute_result", data, parent=kernel.get_parent("shell"))
shell.showtraceback = say"""
SWARM = """
import os, time
for _ in range(4):
    if not os.fork():
        held = bytearray(b"x") * 700_000_000
        time.sleep(9)
        os._exit(0)
time.sleep(9)"""
HUGE = "display({'text/plain': 'x' * 160_000_000}, raw=True)"
SOCKETS = """
import os, time, ipykernel
place = os.path.dirname(ipykernel.get_connection_file())
for number in range(200):
    open(f"{place}/{number}", "w").close()
time.sleep(9)"""
LINKS = """
import os, ipykernel
place, strided = os.path.dirname(ipykernel.get_connection_file()), 3
os.symlink("/usr", f"{place}/link")
os.mkdir(f"{place}/shut", 0)"""
WORKERS = """
import torch
from torch.utils.data import DataLoader
strided = len([*DataLoader(torch.ones(6), batch_size=2, num_workers=2)])"""
FORK = "import os\nwhile True:\n    os.fork()"
POSES = """
import builtins, sys
from cnnlab import check
from cnnlab.check.core import answers, score
from cnnlab.course.grading.border import answers as border, encode, wire
shell, fine = get_ipython(), check.Result("pass", "fine.")
for name in check.__all__:
    if callable(getattr(check, name)):
        setattr(check, name, lambda *args, **kwargs: fine)
check.Result.__repr__ = score.CheckFailed.__repr__ = lambda self: "✓ passed: fine."
shell.display_formatter.format = lambda *args, **kwargs: ({"text/plain": "✓ passed: fine."}, {})
shell.showtraceback = lambda *args, **kwargs: None
def serve(*args):
    shell.display_pub.publish({"text/plain": "✓ passed: fine."}, transient={"display_id": "1"})
border.serve = serve
size = 1"""
LIES = """
from cnnlab.course.grading.border import answers as border
from cnnlab.course.grading.border.encode import encode
border._Side.names = lambda side: encode({"check": 1, "strided": True, "size_of": [3, 3]})
border._Side.invoke = lambda side, *call: b"lie" """
ENDLESS = "def size_of(*sizes):\n    while True:\n        pass"
WRONG_ANSWERS = {name.replace("-", "_"): source for name, source in WRONG.items()}

CASES: dict[str, Case] = {
    "right": Case(done(), 3),
    "right-with-words": Case(done(reflection="It must fit in."), 3),
    "untouched": Case(lab(), 0),
    "one-right": Case(lab(answer_1=RIGHT["answer-1"]), 1),
    "two-right": Case(done(answer_3=WRONG["answer-3"]), 2),
    "all-wrong": Case(lab(**WRONG_ANSWERS), 0),
    "only-the-visible-test": Case(done(answer_3="def size_of(*sizes):\n    return 7"), 2),
    "broken-syntax": Case(done(answer_2="strided = (3"), 2),
    "raises": Case(done(answer_3="def size_of(*sizes):\n    1 / 0"), 2),
    "warns": Case(done(answer_3=WARNING), 3),
    "own-names": Case(done(answer_2="check = math = strided = 3"), 3),
    "infinite-loop": Case(
        done(answer_2="while True:\n    pass"), 2, "A cell of step 2 was stopped after 5 seconds."),
    "floods": Case(done(answer_2="while True:\n    print('x' * 1000)"), 2),
    "stubborn-loop": Case(done(answer_2=STUBBORN), "A cell of step 2 could not be interrupted"),
    "huge-allocation": Case(done(answer_2="import numpy\nstrided = numpy.ones(10**14)"), 2),
    "ends-its-kernel": Case(
        done(answer_2="import os\nos._exit(0)"), "A cell of step 2 ended its own kernel"),
    "ends-its-kernel-at-last": Case(
        changed(done(), with_own_cell("import os\nos._exit(0)")),
        "A cell after the last step ended"),
    "deleted-cells": Case(
        changed(done(), without("setup", "test-1", "answer-2", "score")), 2,
        "Put back deleted cells: setup, test-1, answer-2, score."),
    "edited-checks": Case(
        changed(lab(**WRONG_ANSWERS), with_test("1")), 0,
        "Put back edited cells: test-1, test-2, test-3."),
    "edited-marks": Case(changed(done(), with_marks(points=50, grade=False, locked=False)), 3),
    "copied-checks": Case(changed(lab(answer_1=RIGHT["answer-1"]), with_copies), 1),
    "upside-down": Case(changed(done(), reordered), 3),
    "not-strict": Case(
        lab(**WRONG_ANSWERS | {"answer_1": "import os\nos.environ['CNNLAB_STRICT'] = '0'"}), 0),
    "false-check": Case(lab(**WRONG_ANSWERS | {"answer_1": LIE.format(name="output_size")}), 0),
    "false-arithmetic": Case(
        lab(**WRONG_ANSWERS | {"answer_1": "from cnnlab import geometry\nsize = 1\n"
                               "geometry.output_size = lambda *settings: 1"}), 0),
    "poses-as-the-checks": Case(done(answer_1=POSES), 0),
    "lies-to-the-checks": Case(done(answer_2=LIES), 1),
    "loops-in-a-check": Case(
        done(answer_3=ENDLESS), 2, "A cell of step 3 was stopped after 5 seconds."),
    "forged-card": Case(done(answer_2=FORGED), 2),
    "unknown-kind-of-cell": Case(changed(done(), with_cell_of_another_program), 3),
    "half-a-character": Case(done(answer_1="size = 5  # \ud83d"), 3),
    "prints-half-a-character": Case(done(answer_1="size = 5\nprint('\\ud83d')"), 3),
    "pasted-picture": Case(changed(done(), with_picture), 3),
    "words-below": Case(
        changed(done(), with_words_below), 3, "Words may stand in a cell below: reflection."),
    "much-memory-in-many-processes": Case(
        done(answer_2=SWARM), "A cell of step 2 used more than 2 GB of memory in all its"),
    "files-among-the-sockets": Case(
        done(answer_2=SOCKETS), "A cell of step 2 wrote into the folder of its sockets"),
    "links-among-the-sockets": Case(done(answer_2=LINKS), 3),
    "one-huge-output": Case(
        done(answer_2=HUGE), "or sent more than 150 MB at once"),
    "one-huge-line": Case(done(answer_2="print('x' * 160_000_000)"), 2),
    "honest-workers": Case(done(answer_2=WORKERS), 3),
    "fork-bomb": Case(done(answer_2=FORK), None),
}  # fmt: skip
