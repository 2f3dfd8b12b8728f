"""Run a submission, and believe a check only where nothing it stands on was changed."""

import ast
import asyncio
import atexit
import os
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_output

from cnnlab.course.grading import integrity, sandbox
from cnnlab.course.grading.border.crossing import Checker, CheckerError, checking
from cnnlab.course.grading.border.plan import plans
from cnnlab.course.grading.cards import error_output, judged, prove, shorten
from cnnlab.course.grading.kernels import BIGGEST_MESSAGE, Kernels, kernels, watch
from cnnlab.course.labs.source import PARSING, is_test, step_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from cnnlab.course.grading.workers.warm import Warm

PRINTED = 200_000  # characters of output that are kept of one cell
ANSWER_SECONDS = 60  # for a question about the checks; milliseconds, but machines can be busy
_INTEGRITY = Path(integrity.__file__).read_text(encoding="utf-8")
_TIMEOUT = {"ename": "TimeLimit", "evalue": "", "traceback": []}
_NEVER = "so the checks after it never ran."
_LEFT_OUT = f"[Output is left out from here on: more than {PRINTED:,} characters.]\n"


class NoScoreError(Exception):
    """Why a submission gets no score; its text is for the instructor and the student."""


class NotNowError(NoScoreError):
    """The machine is to blame, not the submission: it may go well another time."""


class _Client(NotebookClient):
    """Runs a notebook, watches its time and output, and guards its checks."""

    def __init__(self, nb: "NotebookNode", km: Kernels, checker: Checker | None) -> None:
        super().__init__(
            nb,
            km=km,
            allow_errors=True,
            interrupt_on_timeout=True,
            error_on_timeout=_TIMEOUT,
            raise_on_iopub_timeout=True,
            record_timing=False,
            store_widget_state=False,
            coalesce_streams=True,
            shutdown_kernel="immediate",
            timeout_func=self._seconds,
            timeout=ANSWER_SECONDS,
            on_notebook_start=self._first,
            on_cell_execute=self._before,
            on_cell_complete=self._sent,
            on_cell_executed=self._after,
        )
        self.most = km.most
        self.end = time.monotonic() + km.most.seconds
        self.printed = 0
        self.allowed = 0  # seconds, for the cell that runs
        self.index = 0  # of the cell that runs
        self.notes: list[str] = []
        self.before: dict[str, str] = {}
        self.checker, self.plans = checker, plans(nb)
        self.test = ""  # the test cell's own code, while the answer's goes to the kernel
        self.verdicts: dict[int, list[NotebookNode]] = {}  # what stands below it, by its place
        self.too_much = ""  # why it was ended, if it was

    def _seconds(self, cell: "NotebookNode") -> int:
        self.allowed = max(1, min(self.most.cell_seconds, int(self.end - time.monotonic())))
        return self.allowed

    def where(self) -> str:
        """Name the cell that runs in words that make sense beside the notebook."""
        following = [step_of(cell) for cell in self.nb.cells[self.index :] if is_test(cell)]
        return f"A cell of step {following[0]}" if following else "A cell after the last step"

    def output(self, outs: Any, msg: Any, display_id: str | None, cell_index: int) -> Any:
        before, self.printed = self.printed, self.printed + len(str(msg["content"]))
        if self.printed <= PRINTED:
            return super().output(outs, msg, display_id, cell_index)
        if before <= PRINTED:
            outs.append(new_output("stream", name="stdout", text=_LEFT_OUT))  # type: ignore[no-untyped-call]
        return None

    async def _ask(self, code: str, question: str) -> Any:
        assert self.kc is not None
        message = self.kc.execute(
            code, silent=True, store_history=False, user_expressions={"answer": question}
        )
        reply = await self.async_wait_for_reply(message)
        answer = (reply or {}).get("content", {}).get("user_expressions", {}).get("answer", {})
        try:
            with PARSING:
                return ast.literal_eval(answer["data"]["text/plain"])
        except (KeyError, SyntaxError, ValueError):
            why = ": ".join(answer[key] for key in ("ename", "evalue") if key in answer)
            raise NoScoreError(
                f"The kernel does not answer questions about its checks ({why or 'silence'})."
            ) from None

    async def _fingerprint(self, load: bool = False) -> dict[str, str]:
        run = f"(lambda room: (exec({_INTEGRITY!r}, room), room['load']() if {load} else 0, room['fingerprint']())[2])"
        found: dict[str, str] = await self._ask("", f"{run}({{'__name__': 'integrity'}})")
        return found

    async def _first(self, notebook: "NotebookNode") -> None:
        if self.checker is None:
            self.before = await self._fingerprint(load=True)

    async def _before(self, cell: "NotebookNode", cell_index: int) -> None:
        if time.monotonic() > self.end:
            raise NoScoreError(f"The notebook took longer than {self.most.seconds} seconds.")
        self.printed, self.index = 0, cell_index
        if is_test(cell) and self.checker is not None:
            self.test, plan = cell.source, self.plans[cell_index]
            self.verdicts[cell_index] = []  # without one, the step has not passed
            try:
                cell.source = await self.checker.begin(cell.source, plan, self._seconds(cell))
            except CheckerError as error:
                raise self._because(NotNowError(f"{error} Grade it again.")) from None
        elif is_test(cell):
            await self._compare(step_of(cell))
            # A student's own variable named check, or np, must not stand in the way.
            await self._ask(self.plans[cell_index].imports, "1")

    async def _sent(self, cell: "NotebookNode", cell_index: int) -> None:
        cell.source = self.test if cell_index in self.verdicts else cell.source

    def _because(self, error: Exception) -> Exception:
        """The error, or what ended everything before it."""
        return DeadKernelError(self.too_much) if self.too_much else error

    async def _compare(self, step: str) -> None:
        now = await self._fingerprint()
        changed = [name for name, digest in self.before.items() if now.get(name) != digest]
        if changed:
            raise NoScoreError(
                f"{', '.join(changed)} changed before the check of step {step} had finished, so no "
                "check can be believed. A notebook must leave Python, NumPy and the checks as they "
                "are: find the line that replaces something there."
            )

    async def _after(self, cell: "NotebookNode", cell_index: int, execute_reply: Any) -> None:
        content = execute_reply["content"]
        failed = content["status"] == "error"
        late = failed and content["ename"] == _TIMEOUT["ename"]
        if late:
            sentence = f"{self.where()} was stopped after {self.allowed} seconds."
            self.notes += [sentence] * (sentence not in self.notes)
            content = content | {"evalue": sentence, "traceback": [sentence]}
            cell.outputs.append(error_output(content))
        if failed and not any(output.output_type == "error" for output in cell.outputs):
            cell.outputs.append(error_output(content))
        if is_test(cell) and self.checker is not None:
            try:
                verdict = await self.checker.verdict()
            except CheckerError as error:
                why = f"The check of step {step_of(cell)} has no result: {error}"
                raise self._because(NoScoreError(why)) from None
            self.verdicts[cell_index] = [error_output(content)] if late else verdict
        elif is_test(cell):
            await self._compare(step_of(cell))
            prove(cell)
            shorten(cell)


def run(
    nb: "NotebookNode",
    most: sandbox.Limits,
    *,
    confined: bool = True,
    warm: "Warm | None" = None,
) -> tuple[str, ...]:
    """Run a submission in place, strictly and under limits.

    A cell that fails or takes too long gets an error as its output, and the next one runs.

    Parameters
    ----------
    nb : NotebookNode
        A submission whose test cells are the lab's own.
    most : Limits
        What it may use.
    confined : bool
        Whether bubblewrap must stand around the kernel.
    warm : Warm, optional
        A process that forks what is needed, confined in any case.

    Returns
    -------
    tuple of str
        What had to be stopped, one sentence each.

    Raises
    ------
    NoScoreError
        If the kernel dies, does not stop, or had its checks changed.
    """
    try:
        with (
            kernels(most, confined, warm) as running,
            checking(running.box, most, confined, warm) as checker,
        ):
            client = _Client(nb, running, checker)
            _done(client, running)
    except RuntimeError as error:  # from nbclient: nothing of the student has run yet
        raise NotNowError(f"Its kernel did not start: {error}. Grade it again.") from None
    # Only now, when nothing of the student's runs that could change what stands there.
    for index, verdict in client.verdicts.items():
        judged(nb.cells[index], verdict)
    return tuple(client.notes)


def _done(client: _Client, running: Kernels) -> None:
    try:
        # A loop that zmq can use everywhere, closed again, whatever thread this is.
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(_executed(client, running))
    except DeadKernelError:
        why = client.too_much or "ended its own kernel or ran out of memory"
        raise NoScoreError(f"{client.where()} {why}, {_NEVER}") from None
    except CellTimeoutError:
        why = f"could not be interrupted or sent more than {BIGGEST_MESSAGE // 10**6} MB at once"
        raise NoScoreError(f"{client.where()} {why}, {_NEVER}") from None


async def _executed(client: _Client, running: Kernels) -> None:
    env = os.environ | sandbox.KERNEL_ENV  # bubblewrap empties it again
    folder = running.box if os.name != "nt" else Path(tempfile.gettempdir())

    def note(task: "asyncio.Task[str]") -> None:
        client.too_much = "" if task.cancelled() else task.result()

    guard = asyncio.create_task(watch(running, client.checker.process if client.checker else None))
    guard.add_done_callback(note)
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    running.stop = partial(loop.call_soon_threadsafe, task.cancel) if task else None
    try:
        await client.async_execute(cleanup_kc=True, cwd=str(folder), env=env)
    finally:
        guard.cancel()
        atexit.unregister(client._cleanup_kernel)  # left there where a kernel did not start
