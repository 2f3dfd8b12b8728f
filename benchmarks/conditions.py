"""Under which conditions a benchmark ran: versions, processor, threads, and what holds back.

Some variables of the environment hold a library to fewer threads or an older instruction set.
A benchmark that calls :func:`start_clean` first starts itself again without them, and names them.
"""

import os
import sys
import time
from collections.abc import Callable

# Each is read when the library behind it is loaded.
HOLDS_BACK = (
    "ATEN_CPU_CAPABILITY",
    "DNNL_MAX_CPU_ISA",
    "MKL_DEBUG_CPU_TYPE",
    "MKL_ENABLE_INSTRUCTIONS",
    "NPY_DISABLE_CPU_FEATURES",
    "ONEDNN_MAX_CPU_ISA",
    "OPENBLAS_CORETYPE",
    "OPENBLAS_VERBOSE",
)
THREADS = ("MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
SETTLED = 0.02  # seconds after which PyTorch's threads no longer wait in a loop; found by measuring
DROPPED = "CNNLAB_BENCHMARK_DROPPED"  # hands on to the clean process what was dropped


def start_clean(threads: int, keep: bool = False) -> None:
    """Give each library as many threads, and start this process again without what holds back.

    Parameters
    ----------
    threads : int
        Of each library.
    keep : bool
        Whether to leave the variables as they are, to measure their effect.
    """
    held = [] if keep else [name for name in HOLDS_BACK if name in os.environ]
    wanted = dict.fromkeys(THREADS, str(threads))
    if not held and all(os.environ.get(name) == value for name, value in wanted.items()):
        return
    os.environ.update(wanted)
    os.environ[DROPPED] = ", ".join(f"{name}={os.environ.pop(name)}" for name in held)
    os.execv(sys.executable, [*sys.orig_argv])


def settle(function: Callable[[], object]) -> None:
    """Call a function until the threads of whatever ran before it have gone to sleep.

    For some milliseconds after their work they wait in a loop for more, and take a processor from
    another library.
    """
    start = time.perf_counter()
    while time.perf_counter() - start < SETTLED:
        function()


def conditions() -> list[str]:
    """Return sentences that say what ran: versions, instruction sets, threads and variables."""
    import numpy as np
    import torch
    from threadpoolctl import threadpool_info

    known = [library for library in threadpool_info() if "numpy" in library["filepath"].lower()]
    blas = known[0] if known else {}
    left = [f"{name}={os.environ[name]}" for name in HOLDS_BACK if name in os.environ]
    lines = [
        f"NumPy {np.__version__} with {blas.get('internal_api', 'an unknown BLAS')} "
        f"{blas.get('version', '')}, its kernels for {blas.get('architecture', 'unknown')} "
        f"processors, {threads(blas.get('num_threads', 1))}; PyTorch {torch.__version__}, its "
        f"instruction set {torch.backends.cpu.get_cpu_capability()}, "
        f"{threads(torch.get_num_threads())}.",
    ]
    if os.environ.get(DROPPED):
        lines.append(f"Left out, as they hold a library back: {os.environ[DROPPED]}.")
    if left:
        lines.append(f"Held back by {', '.join(left)}.")
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    if busy > 0.5 * (os.cpu_count() or 1):
        lines.append(f"The machine was busy: {busy:.1f} processes on {os.cpu_count()} processors.")
    return lines


def threads(count: int) -> str:
    return f"{count} thread" if count == 1 else f"{count} threads"
