"""One warm process at hand for all submissions of a lab that this process runs."""

import atexit
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from cnnlab.course.grading.workers import warm

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from cnnlab.course.grading.sandbox import Limits

_LOCK = Lock()
# Bubblewrap ends with the thread that started it, so one that stays starts them all.
_STARTER = ThreadPoolExecutor(1)


@dataclass
class _Held:
    """A warm process, or None where there can be none; and who uses it."""

    process: warm.Warm | None
    until: ExitStack = field(default_factory=ExitStack)
    users: int = 0


_HELD: dict[tuple[object, ...], _Held] = {}


@contextmanager
def at_hand(source: "NotebookNode", most: "Limits") -> Iterator[warm.Warm | None]:
    """Give the warm process of a lab, which whoever comes first waits for.

    It stays until another lab's is needed, or until :func:`end`.

    Parameters
    ----------
    source : NotebookNode
        The lab's source.
    most : Limits
        What each of its children may use.

    Yields
    ------
    Warm or None
        None where there can be none; that is said once.
    """
    key = (*warm.imports(source), most)
    with _LOCK:
        known = _HELD.get(key)
        if known is None or (known.process and not known.process.runs()):
            for other in [one for one, held in _HELD.items() if not held.users or one == key]:
                _HELD.pop(other).until.close()
            _HELD[key] = _STARTER.submit(_started, warm.imports(source), most).result()
        held = _HELD[key]
        held.users += 1
    try:
        yield held.process
    finally:
        held.users -= 1


def _started(imports: list[str], most: "Limits") -> _Held:
    held = _Held(None)
    try:
        held.process = held.until.enter_context(warm.warm(imports, most))
    except warm.EndedError:
        raise
    except warm.ColdError as error:
        logging.getLogger("cnnlab").warning(
            "Each notebook starts a Python of its own, which takes longer, because none can be "
            "shared here: %s.",
            error,
        )
    return held


@atexit.register
def end() -> None:
    """End what is at hand, and with it all that it has forked."""
    warm.end_all()  # whoever waits for one hears of it, and lets others in
    with _LOCK:
        while _HELD:
            _HELD.popitem()[1].until.close()
