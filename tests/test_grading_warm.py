"""What a warm process forks: confined as other programs are, each in a world of its own."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from nbformat import NotebookNode
from nbformat import v4 as new

from cnnlab.course.grading import attempts, execute, kernels, sandbox
from cnnlab.course.grading.locked_cells import reset
from cnnlab.course.grading.workers import interrupts, keeping, printing, warm
from cnnlab.course.labs import cells
from tests import submissions, trial_lab
from tests.test_grading import INSIDE, MOST, confinable

REFUSED = {"OSError", "FileNotFoundError", "PermissionError", "MemoryError",
           "ConnectionRefusedError", "BlockingIOError", "ProcessLookupError", "RuntimeError"}  # fmt: skip

THREADS = """
import threading, time
for _ in range(400):
    threading.Thread(target=time.sleep, args=(1,), daemon=True).start()
"""


@pytest.fixture(scope="module")
def ready() -> Iterator[warm.Warm]:
    if why := sandbox.obstacle(MOST):
        pytest.skip(why)
    try:
        with warm.warm(["import torch"], MOST) as process:
            yield process
    except warm.ColdError as error:
        pytest.skip(f"Nothing can be warm here: {error}")


def ran(ready: warm.Warm, *codes: str | NotebookNode, **most: int) -> list[NotebookNode]:
    new_cells = [new.new_code_cell(code) if isinstance(code, str) else code for code in codes]
    nb = new.new_notebook(cells=new_cells)
    execute.run(nb, replace(MOST, **{"cell_seconds": 60} | most), warm=ready)
    return nb.cells


def printed(cell: NotebookNode) -> str:
    return "".join(output.get("text", "") for output in cell.outputs)


def test_a_child_has_what_a_confined_program_has(ready: warm.Warm, tmp_path: Path) -> None:
    secret = tmp_path / "gradebook.db"
    secret.write_text("marks", encoding="utf-8")
    checkout = str(Path(sandbox.__file__).parents[3] / "pyproject.toml")
    words = {"port": 9, "secret": str(secret), "checkout": checkout, "pid": os.getpid()}
    codes = {what: code.format(**words) for what, code in INSIDE.items()}
    codes["limited processes"] = THREADS  # are counted with processes, and made sooner
    for what, cell in zip(codes, ran(ready, *codes.values()), strict=True):
        (error,) = (output.ename for output in cell.outputs if output.output_type == "error")
        assert error in REFUSED, what


SEEN = """
import os, socket, threading
print(os.listdir("/tmp"), sorted(int(name) for name in os.listdir("/proc") if name.isdigit()))
print(len(os.listdir({folder!r})), sorted(map(int, os.listdir("/proc/self/fd")))[:3])
print([line.split()[1] for line in open("/proc/self/status") if line.startswith(("Cap", "NoNew"))])
open("/tmp/left", "w").write("x"); socket.create_server(("127.0.0.1", 7777)).fileno()
"""


def test_a_child_sees_nothing_of_another(ready: warm.Warm) -> None:
    code = SEEN.format(folder=str(ready.folder))
    first, second = (printed(ran(ready, code)[0]) for _ in range(2))
    assert "left" not in first + second
    assert "[1, 2]" in first, "its first process and the kernel"
    assert "\n1 [0, 1, 2]" in first, "one folder of sockets"
    rights = first.splitlines()[-1]
    assert rights.count("0000000000000000") == 4, rights
    assert rights.endswith("'1']")


def test_a_child_ends_with_everything_it_started(ready: warm.Warm) -> None:
    seconds = str(900_000 + os.getpid())
    ran(ready, f"import subprocess; subprocess.Popen(['sleep', '{seconds}'])")
    left = set()
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it has ended
            left.add(place.read_bytes())
    assert f"sleep\0{seconds}\0".encode() not in left


def test_children_draw_numbers_of_their_own_and_workers_work(ready: warm.Warm) -> None:
    code = (
        "import numpy as np, torch; from torch.utils.data import DataLoader\n"
        "print([len(part) for part in DataLoader(torch.ones(8, 3), batch_size=4, num_workers=2)])\n"
        "print(np.random.rand(), torch.ones(2, requires_grad=True).sum().backward())"
    )
    first, second = (printed(ran(ready, code)[0]) for _ in range(2))
    assert first.startswith("[4, 4]\n0.")
    assert first != second


def test_a_kernel_that_ends_itself_is_told(ready: warm.Warm) -> None:
    with pytest.raises(execute.NoScoreError, match="ended its own kernel"):
        ran(ready, "import os; os._exit(1)")


def test_memory_of_a_child_is_watched(ready: warm.Warm) -> None:
    hold = "import os, time; os.fork(); os.fork(); x = bytearray(b'x') * 10**8; time.sleep(50)"
    with pytest.raises(execute.NoScoreError, match=r"used more than .* of memory"):
        ran(ready, hold, memory=300_000_000)


def test_a_figure_is_shown(ready: warm.Warm) -> None:
    (cell,) = ran(ready, "import matplotlib.pyplot as plt; plt.plot([1, 2]);")
    assert [*cell.outputs[-1].data] == ["text/plain", "image/png"]


# Checks run in another child of the same process.

SECRET = "the-expected-value-is-41999"
SEARCH = r"""
import re
found = {"secret": 0, "own": 0}
own = "-".join(["something", "of-my-own"])
for line in open("/proc/self/maps"):
    place, rights, *_ = line.split()
    if rights != "rw-p":
        continue
    first, last = (int(number, 16) for number in place.split("-"))
    with open("/proc/self/mem", "rb", 0) as memory:
        memory.seek(first)
        seen = memory.read(last - first)
    found["secret"] += len(re.findall(rb"value-is-[4]1999", seen))
    found["own"] += len(re.findall(rb"of-my-[o]wn", seen))
    del seen
print(found["secret"], found["own"] > 0)
"""


def test_memory_of_a_notebook_holds_nothing_of_its_checks(ready: warm.Warm) -> None:
    lab = (
        cells.fixed("setup", "from cnnlab import check"),
        cells.fixed("own", "size = 5"),
        cells.step("test", f"{SECRET!r}\ncheck.output_size(size, size=7, kernel_size=3, step='1')"),
    )
    for _ in range(2):  # what the first left with the parent, the second might inherit
        *_, test, seen = ran(ready, *lab, SEARCH)
        assert test.outputs[0].output_type == "execute_result"
        assert printed(seen) == "0 True\n"


def test_a_right_answer_passes_and_a_wrong_one_does_not(ready: warm.Warm) -> None:
    for answer, passed in (("size = 7 - 3 + 1", True), ("size = 4", False)):
        nb, _ = reset(submissions.done(answer_1=answer), trial_lab.source())
        execute.run(nb, MOST, warm=ready)
        (shown,) = submissions.cell(nb, "test-1").outputs
        assert (shown.output_type == "execute_result") is passed


def test_a_checker_is_watched_like_a_kernel(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        most = sandbox.Limits(memory=2**20)
        running: Any = SimpleNamespace(
            provisioner=SimpleNamespace(process=subprocess.Popen(["true"])),
            most=most, confined=True, box=tmp_path,
        )  # fmt: skip
        why = asyncio.run(kernels.watch(running, process))
        assert why.startswith("used more than")
        assert process.wait() != 0


# What a cell prints.


def test_a_loop_that_prints_is_stopped_and_the_notebook_goes_on(ready: warm.Warm) -> None:
    flood, after = "while True:\n    print('x' * 1000)", "print('after')"
    first, second = ran(ready, flood, after, cell_seconds=1)
    assert execute.PRINTED < printing.MOST
    assert len(printed(first)) < printing.MOST
    assert execute._LEFT_OUT in printed(first)
    assert first.outputs[-1].ename == "TimeLimit"
    assert printed(second) == "after\n"


# The process itself.


@confinable
def test_a_lab_has_one_process_which_is_started_again_if_it_is_gone() -> None:
    source = trial_lab.source()
    with keeping.at_hand(source, MOST) as first, keeping.at_hand(source, MOST) as second:
        assert first is second
    assert first is not None
    first.process.kill()
    first.process.wait()
    with pytest.raises(execute.NotNowError, match="Its kernel did not start"):
        ran(first, "1")
    with keeping.at_hand(source, MOST) as third:
        assert third is not first
        assert third is not None
        assert third.runs()
    keeping.end()
    assert not third.runs()


@confinable
def test_without_one_the_notebook_starts_a_python_of_its_own(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sandbox, "warmed", lambda command, *rest: ["false"])
    for _ in range(2):
        with keeping.at_hand(trial_lab.source(), MOST) as process:
            assert process is None
    assert caplog.text.count("Each notebook starts a Python of its own") == 1
    keeping.end()


def test_imports_that_fail_are_left_to_the_notebook(ready: warm.Warm) -> None:
    with warm.warm(["import not_there"], MOST) as process:
        (cell,) = ran(process, "import not_there")
    assert cell.outputs[0].ename == "ModuleNotFoundError"


@pytest.mark.skipif(os.name == "nt", reason="Windows raises no signals like that.")
def test_an_interrupt_that_python_forgets_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    class Callback:
        def __del__(self) -> None:  # whatever is raised here is printed, and the program goes on
            signal.raise_signal(signal.SIGINT)

    def run(path: Path) -> attempts.Attempt:
        time.sleep(0.5)
        return attempts.Attempt(None, "")

    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with interrupts.heeded():
            runs = attempts.results(run, [Path("a"), Path("b")], 1)
            Callback()
            with pytest.raises(KeyboardInterrupt):
                next(runs)
        interrupts.check()
    finally:
        signal.signal(signal.SIGINT, before)
