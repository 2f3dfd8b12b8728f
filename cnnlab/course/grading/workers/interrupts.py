"""Ctrl+C that is heeded even where Python forgets it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, current_thread, main_thread
from types import FrameType

_PRESSED = Event()


@contextmanager
def heeded() -> Iterator[None]:
    """Remember Ctrl+C, so that :func:`check` can raise it once more.

    If it falls into a callback of the garbage collector, Python prints it and goes on. Where
    somebody else handles it, or ignores it, nothing changes.
    """

    def press(number: int, frame: FrameType | None) -> None:
        _PRESSED.set()
        signal.default_int_handler(number, frame)

    usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not usual or current_thread() is not main_thread():
        yield
        return
    signal.signal(signal.SIGINT, press)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _PRESSED.clear()


def check() -> None:
    """Raise what Ctrl+C raises, if it was pressed and nobody has heeded it.

    Examples
    --------
    >>> check()
    """
    if _PRESSED.is_set():
        raise KeyboardInterrupt
