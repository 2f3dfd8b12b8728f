"""Counting and shaping one large network, beside torchinfo.

    python -m benchmarks.count_zoo [--network efficientnet-b7] [--write docs/speed.md]

Ours reads the table; torchinfo (``pip install -e ".[benchmark]"``) runs a module that is built
beforehand, without numbers (on PyTorch's meta device). Both are warm, and their turns are
interleaved; times are of the processor, and the ratio is the median of the paired ones.
"""

import argparse
import importlib.util
import statistics
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from benchmarks.tables import table, write
from cnnlab import zoo
from cnnlab.count import summarize


def milliseconds(call: Callable[[], object]) -> float:
    started = time.process_time()
    call()
    return 1000 * (time.process_time() - started)


def peak_bytes(call: Callable[[], object]) -> int:
    tracemalloc.start()
    call()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def torchinfo_call(network: zoo.Network) -> tuple[Callable[[], object], int]:
    """Return a call that lets torchinfo count the network, and the parameters that it finds."""
    import torch
    import torchinfo

    torch.set_num_threads(1)
    module = network.torch(device="meta").eval()

    def count() -> torchinfo.ModelStatistics:
        x = torch.empty((1, *network.input_shape), device="meta")
        # The summary is not cached and not printed.
        return torchinfo.summary(module, input_data=x, device="meta", depth=9, verbose=0)

    return count, count().total_params


def compared(name: str, pairs: int) -> list[str]:
    """Count the network both ways in turns and return the table's lines."""
    network = zoo.get(name)

    def ours() -> object:
        return summarize(network.spec, network.input_shape)

    params = summarize(network.spec, network.input_shape).params
    theirs, found = torchinfo_call(network)
    if found != params:
        raise SystemExit(f"torchinfo finds {found:,} parameters in {name}, the table {params:,}.")
    for _ in range(3):
        ours()
    both = [(milliseconds(ours), milliseconds(theirs)) for _ in range(pairs)]
    mine, others = (statistics.median(times) for times in zip(*both, strict=True))
    low, middle, high = statistics.quantiles((a / b for a, b in both), n=4)
    memory = f"{peak_bytes(ours) / 1024**2:.1f} ({4 * params / 1024**2:.0f})"
    cells = [f"{mine:.1f}", f"{others:.0f}", f"{middle:.3f}", f"{low:.3f}–{high:.3f}", memory]
    headings = [
        "network",
        "ours ms",
        "torchinfo ms",
        "ratio",
        "middle half",
        "peak MB (weights MB)",
    ]
    return table(headings, [[name, *cells]])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--network", default="efficientnet-b7", choices=zoo.names(), metavar="NAME")
    parser.add_argument("--pairs", type=int, default=31)
    parser.add_argument("--write", type=Path, help="put the table into this file")
    options = parser.parse_args()
    if importlib.util.find_spec("torchinfo") is None:
        raise SystemExit('torchinfo is missing. Install it: pip install -e ".[benchmark]".')
    lines = compared(options.network, options.pairs)
    print("\n".join(lines))
    if options.write:
        write(options.write, "count", lines)
