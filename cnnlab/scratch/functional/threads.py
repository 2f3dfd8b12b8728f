"""Sharing work among threads.

NumPy releases the interpreter's lock while it copies and computes, so threads speed up everything that
is done with an array, where BLAS's own threads speed up the products alone. BLAS is therefore held to
one thread meanwhile, or the two kinds would fight for the same processors. It is best held for a whole
training step (:func:`own_threads`): after each product that OpenBLAS has shared out, its threads go on
asking for the next one for some milliseconds, and no thread of ours can use their processors.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from math import prod
from types import EllipsisType
from typing import TypeAlias, TypeVar

from threadpoolctl import ThreadpoolController

Block = TypeVar("Block")
Result = TypeVar("Result")
Images: TypeAlias = slice | EllipsisType  # some of a batch, or all

# Found by measuring with benchmarks/conv2d.py; they change speed, not results.
COPY = 16  # multiply-adds in the time that one float takes to be copied
PIECE = 1_000_000  # floats of a map that a call goes over; of smaller ones threads would wait for each other
THREAD = 10_000_000  # multiply-adds of a share, below which a thread wakes too late to be of help


def workers(operations: float) -> int:
    """Return among how many threads so many multiply-adds are worth sharing: all, or none but this."""
    if operations < 2 * THREAD:
        return 1  # asking how many there are takes longer than a small layer
    count = threads()
    return count if operations >= THREAD * count else 1


def share_out(
    work: Callable[[Sequence[Block]], Result], blocks: Sequence[Block], shares: int
) -> list[Result]:
    """Run ``work`` on shares of the blocks, each in a thread of its own; its results in order."""
    if shares > len(blocks):  # BLAS shares out each product, even where it is held
        with _blas_threads():
            return [work(blocks)]
    if shares == 1:
        return [work(blocks)]
    mine, *others = [blocks[part] for part in cut(len(blocks), shares)]
    with own_threads():
        begun = [_pool(shares).submit(work, share) for share in others]
        return [work(mine), *(one.result() for one in begun)]  # this thread need not be woken


def over_images(work: Callable[[Images], object], shape: Sequence[int]) -> None:
    """Run ``work`` on some images of a batch of this shape at a time, in all threads if it is large."""
    size = prod(shape)
    if size <= PIECE:
        work(...)
        return
    shares = min(workers(size * COPY), shape[0])
    blocks = min(-(-size // (PIECE * shares)) * shares, shape[0])

    def each(share: Sequence[slice]) -> None:
        for some in share:
            work(some)

    share_out(each, cut(shape[0], blocks), shares)


def cut(length: int, parts: int) -> list[slice]:
    """Cut a length into parts, as even as they can be."""
    return [slice(length * i // parts, length * (i + 1) // parts) for i in range(parts)]


class _Held:
    """How often BLAS is being held, and how many threads each of its libraries had before."""

    def __init__(self) -> None:
        self.lock, self.times, self.counts = threading.Lock(), 0, [1]


_held = _Held()


@contextmanager
def own_threads() -> Iterator[None]:
    """Hold BLAS to one thread, so that work is shared out by :func:`share_out` alone.

    Examples
    --------
    >>> before = threads()
    >>> with own_threads():
    ...     threads() == before, max(_ask())
    (True, 1)
    """
    with _held.lock:
        if not _held.times:
            _held.counts = _ask()
            _set([1] * len(_held.counts))
        _held.times += 1
    try:
        yield
    finally:
        with _held.lock:
            _held.times -= 1
            if not _held.times:
                _set(_held.counts)


@contextmanager
def _blas_threads() -> Iterator[None]:
    """Let BLAS have its threads for a while, even where it is held."""
    with _held.lock:
        if _held.times:
            _set(_held.counts)
    try:
        yield
    finally:
        with _held.lock:
            if _held.times:
                _set([1] * len(_held.counts))


def threads() -> int:
    """Return among how many threads work is shared: as many as BLAS may use when it is not held."""
    return max(_held.counts if _held.times else _ask())


def _ask() -> list[int]:
    return [library.num_threads for library in numpy_blas().lib_controllers] or [
        1
    ]  # of another kind


def _set(counts: Sequence[int]) -> None:
    """Set BLAS's threads; threadpoolctl's own ``limit`` takes several times as long."""
    for library, count in zip(numpy_blas().lib_controllers, counts, strict=False):
        # From 3.8 on the first thread that sets a count keeps the others from it, without a word.
        if hasattr(library, "clear_controlling_thread"):
            library.clear_controlling_thread(force=True)
        library.set_num_threads(count)


@cache
def numpy_blas() -> ThreadpoolController:
    """Return NumPy's OpenBLAS: none, if it is built with another library."""
    return ThreadpoolController().select(internal_api="openblas")


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, thread_name_prefix="cnnlab")


def _begin_anew() -> None:
    """Forget, in a forked process, the threads of its parent, and a lock that one of them may hold."""
    _pool.cache_clear()
    _held.lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)
