"""What a worker of the tests' cluster loads first: attempts without a kernel, so without a box."""

import os
import time
from pathlib import Path

from cnnlab.course.grading import attempts, remote
from cnnlab.course.grading.attempts import Attempt, fingerprint
from cnnlab.course.grading.cards import error_output
from cnnlab.course.grading.locked_cells import marked, reset
from cnnlab.course.labs import files
from tests import trial_lab
from tests.submissions import RIGHT

DEADLY = "import os; os.kill(os.getppid(), 9)"


def attempt(path: Path, *rest: object) -> Attempt:
    """An answer is right if it is the known one, and deadly if it says so."""
    time.sleep(0.2)
    whole, _ = reset(files.read(path), trial_lab.source())
    cells = marked(whole)
    for name, source in RIGHT.items():
        if cells[name].source == DEADLY:
            os._exit(1)
        if cells[name].source != source:
            wrong = {"ename": "CheckFailed", "evalue": "✗ not yet: It is 5.", "traceback": []}
            cells[name.replace("answer", "test")].outputs = [error_output(wrong)]
    return Attempt(whole, "", fingerprint(path))


def dask_setup(worker: object) -> None:
    """Make a worker quick; whoever only imports this module stays as it is."""
    attempts.attempt = attempt
    remote.obstacle = lambda most: ""
