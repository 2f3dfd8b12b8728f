"""Memory that is used again.

A system hands out new memory page by page, and clears each when it is first touched. For what lives
only as long as one block of a convolution, that takes up to a third of the whole time, so each thread
keeps such arrays from call to call (:func:`workspace`). Results are left to the C library, which is
asked to keep more of what is freed (:func:`keep_freed_memory`).
"""

import threading
from collections.abc import Sequence
from math import prod

import numpy as np
from numpy.typing import DTypeLike

from cnnlab.scratch.functional.checks import Array

KEPT = 64 * 2**20  # bytes of an array up to which its memory is kept


class _Kept(threading.local):
    def __init__(self) -> None:
        self.memory: dict[str, Array] = {}


_kept = _Kept()


def workspace(name: str, shape: Sequence[int], dtype: DTypeLike) -> Array:
    """Return an array of undefined numbers, in the memory that the last one of this name had.

    So an array may be used until its thread asks for the next one of that name; it must never be
    part of a result. Beyond :data:`KEPT` its memory is new.

    Parameters
    ----------
    name : str
        What the array is for.
    shape : sequence of int
    dtype : dtype

    Examples
    --------
    >>> import numpy as np
    >>> first = workspace("columns", (2, 3), np.float32)
    >>> np.shares_memory(first, workspace("columns", (3, 2), np.float32))
    True
    """
    size = prod(shape) * np.dtype(dtype).itemsize
    if size > KEPT:
        return np.empty(shape, dtype)
    memory = _kept.memory.get(name)
    if memory is None or memory.size < size:
        memory = _kept.memory[name] = np.empty(size, np.uint8)
    return np.ndarray(shape, dtype, memory)


def keep_freed_memory() -> None:
    """Let the C library keep up to 64 MB of freed memory, where it adapts to what a program frees.

    It would give the system back what a training step has freed, only to be handed new pages in the
    next step, which can double the time of both. glibc keeps twice as much as the largest array that
    was freed, among those of up to 32 MB; so one that is never touched is enough.
    """
    np.empty(32 * 2**20 - 2**16, np.uint8)
