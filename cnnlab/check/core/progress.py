"""The steps of the lab that runs in this notebook, and whether what they checked still stands."""

import linecache
import re
import sys
from collections.abc import Iterable, Mapping
from types import FrameType, TracebackType
from typing import Any

from cnnlab.check.core.result import Result, Status
from cnnlab.check.core.scorecard import Standing
from cnnlab.check.core.watch import Watch, makes


class Progress:
    """Latest result of each step; without declared steps, they appear as they are checked."""

    def __init__(self, title: str, steps: Iterable[str] | Mapping[str, str] = ()) -> None:
        self.title = title
        self.titles = dict(steps) if isinstance(steps, Mapping) else dict.fromkeys(steps, "")
        self.declared = bool(self.titles)
        self.standing: dict[str, Standing] = dict.fromkeys(self.titles, "todo")
        self.watches: dict[str, Watch] = {}
        self.makers: dict[str, set[str]] = {}  # names by the cell that makes them

    def admit(self, step: str, frame: FrameType) -> None:
        """Begin a step: refuse one that the lab does not have; until it ends, it stands open."""
        if not isinstance(step, str) or (self.declared and step not in self.titles):
            raise ValueError(
                f"step must be one of {', '.join(self.titles) or 'the names of a lab'}, "
                f"not {step!r}. Correct it, or add it to check.lab(…)."
            )
        self.watches[step] = Watch(frame)
        self.doubt([step])

    def record(self, step: str, status: Status) -> None:
        self.titles.setdefault(step, "")
        self.standing[step] = status

    def doubt(self, steps: Iterable[str]) -> None:
        """What passed or failed before no longer counts."""
        for step in steps:
            if self.standing.get(step) in ("pass", "fail"):
                self.standing[step] = "again"

    def stand(self, step: str) -> Standing:
        """How a step stands, after a look at what its check has looked at."""
        if self.standing.get(step, "todo") == "pass" and self.watches[step].changed():
            self.standing[step] = "again"
        return self.standing.get(step, "todo")

    def cell_ran(self, source: str, cell: str | None, success: bool) -> None:
        """Doubt the steps whose answer a cell makes, if it fails or no longer makes it."""
        lost, steps = makes(source), set(_STEP.findall(source))
        if success:
            lost, steps = self._lost(cell, lost), set()
        steps |= {step for step, watch in self.watches.items() if lost & watch.held.keys()}
        self.doubt(step for step in steps if self.standing.get(step) == "pass")

    def _lost(self, cell: str | None, names: set[str]) -> set[str]:
        """Names that a cell made when it ran last, and that no cell makes now."""
        if cell is None:
            return set()
        before, self.makers[cell] = self.makers.get(cell, set()), names
        return before - {name for names in self.makers.values() for name in names}


_STEP = re.compile(r"""\bstep\s*=\s*["']([^"']+)["']""")
_progress = Progress("This notebook")


def current() -> Progress:
    """The progress of this notebook."""
    return _progress


def start(title: str, steps: Iterable[str] | Mapping[str, str]) -> None:
    """Begin anew."""
    global _progress
    _progress = Progress(title, steps)
    listen()


def listen() -> None:
    """Hear of the cells that run, in a notebook."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None and _cell_ran not in shell.events.callbacks["post_run_cell"]:
        shell.events.register("post_run_cell", _cell_ran)
        if not shell.custom_exceptions:  # IPython has one place for such a handler
            shell.set_custom_exc((NameError,), _name_unknown)


def _cell_ran(result: Any) -> None:
    info = result.info
    if isinstance(info.raw_cell, str):
        _progress.cell_ran(info.raw_cell, getattr(info, "cell_id", None), bool(result.success))


def _name_unknown(
    shell: Any, kind: type, error: NameError, trace: TracebackType, tb_offset: int | None = None
) -> None:
    """Show a card where a cell of a step reads a name that no cell has made yet."""
    last = trace
    while last.tb_next is not None:
        last = last.tb_next
    code = last.tb_frame.f_code
    source = "".join(linecache.getlines(code.co_filename))
    checks = code.co_name == "<module>" and _STEP.search(source)
    if not checks and "check.after(" not in source:
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
        return
    sys.modules["IPython"].display.display(
        Result("todo", f"there is no `{error.name}` yet.", _RUN_FIRST)
    )


_RUN_FIRST = (
    "Run the cell that makes it. If that shows an error or uses another name, mend it; if you have "
    "restarted the kernel, run the cells above again, from the top."
)
