"""Counting and shaping one large network, beside torchinfo.

    python -m benchmarks.count_zoo [--network efficientnet-b7]

Ours reads the table; torchinfo (``pip install -e ".[benchmark]"``) runs a module that is built
beforehand, without numbers (on PyTorch's meta device). Both are warm, and their turns are
interleaved; the ratio is the median of the paired ones.
"""

import argparse
import importlib.util
import statistics
import time
import tracemalloc
from collections.abc import Callable

from cnnlab import zoo
from cnnlab.count import summarize

WANTED = "efficientnet-b7"


def milliseconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - started)


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


def main(name: str, pairs: int) -> None:
    network = zoo.get(name)

    def ours() -> object:
        return summarize(network.spec, network.input_shape)

    params = summarize(network.spec, network.input_shape).params
    for _ in range(3):
        ours()
    print(f"{name}: {params:,} parameters, {4 * params / 1024**2:.1f} MB as float32")
    print(f"peak while counting: {peak_bytes(ours) / 1024**2:.2f} MB, so no weights")
    if importlib.util.find_spec("torchinfo") is None:
        times = [milliseconds(ours) for _ in range(pairs)]
        print(f"ours: {statistics.median(times):.2f} ms (torchinfo is not installed)")
        return
    theirs, found = torchinfo_call(network)
    print(f"torchinfo finds {found:,} parameters")
    both = [(milliseconds(ours), milliseconds(theirs)) for _ in range(pairs)]
    print(f"ours: {statistics.median(a for a, _ in both):.2f} ms")
    print(f"torchinfo: {statistics.median(b for _, b in both):.2f} ms")
    low, middle, high = statistics.quantiles((a / b for a, b in both), n=4)
    print(f"ours / torchinfo: {middle:.3f}, middle half {low:.3f}–{high:.3f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--network", help=f"{WANTED} if left out")
    parser.add_argument("--pairs", type=int, default=31)
    options = parser.parse_args()
    chosen = options.network or WANTED
    if chosen not in zoo.names() and not options.network:
        chosen = max(zoo.table(), key=lambda row: row.params).name
        print(f"The zoo has no {WANTED}; this is {chosen}, its largest network.")
    main(chosen, options.pairs)
