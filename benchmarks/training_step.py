"""One whole training step in NumPy beside PyTorch: forward, loss, backward, update.

    python -m benchmarks.training_step [--write docs/speed.md]

Both sides start from the same weights, see the same batch of 64 and take plain SGD steps.
Steps are interleaved in one run after a warm-up; the table shows the median of the paired
ratios and their middle half.
"""

import argparse
import statistics
import time
from pathlib import Path

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from benchmarks.conditions import settle
from benchmarks.tables import table, write
from cnnlab import pytorch, scratch, spec, zoo

LENET_5 = spec.Chain(
    c1=spec.Conv(6, 5, padding=2),
    tanh1=spec.Tanh(),
    s2=spec.AvgPool(2),
    c3=spec.Conv(16, 5),
    tanh3=spec.Tanh(),
    s4=spec.AvgPool(2),
    flatten=spec.Flatten(),
    c5=spec.Linear(120),
    tanh5=spec.Tanh(),
    f6=spec.Linear(84),
    tanh6=spec.Tanh(),
    output=spec.Linear(10),
)
NETWORKS = {
    "LeNet-5": LENET_5,
    "DS 4400": zoo.get("ds-4400").spec,
    "DATASCI 207": zoo.get("datasci-207").spec,
}
BATCH, INPUT_SHAPE = 64, (1, 28, 28)


def seconds(stepper, x, y, *, wait: bool) -> float:
    if wait:
        settle(lambda: stepper.step(x, y))
    started = time.perf_counter()
    stepper.step(x, y)
    return time.perf_counter() - started


def ratios(network, pairs: int) -> tuple[list[float], float]:
    """Paired time ratios, NumPy over PyTorch, and the median milliseconds of a NumPy step."""
    ours = scratch.Stepper(scratch.build(network, INPUT_SHAPE), optimizer="sgd", lr=0.01)
    module = pytorch.build(network, INPUT_SHAPE)
    theirs = pytorch.Stepper(module, optimizer="sgd", lr=0.01, threads=None)
    rng = np.random.default_rng(0)
    x = rng.random((BATCH, *INPUT_SHAPE), np.float32)
    y = rng.integers(0, 10, BATCH)
    for _ in range(5):
        ours.step(x, y)
        theirs.step(x, y)
    wait = torch.get_num_threads() > 1
    times = [[seconds(each, x, y, wait=wait) for each in (ours, theirs)] for _ in range(pairs)]
    return [a / b for a, b in times], 1000 * statistics.median(a for a, _ in times)


def rows(threads: int, pairs: int) -> list[tuple[str, ...]]:
    torch.set_num_threads(threads)
    found = []
    with threadpool_limits(threads):
        for name, network in NETWORKS.items():
            measured, milliseconds = ratios(network, pairs)
            low, middle, high = statistics.quantiles(measured, n=4)
            spread = f"{low:.2f}–{high:.2f}"
            found.append((name, str(threads), f"{milliseconds:.1f}", f"{middle:.2f}", spread))
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--pairs", type=int, default=101)
    parser.add_argument("--write", type=Path, help="put the table into this file")
    options = parser.parse_args()
    headings = (
        "training step, batch of 64",
        "threads",
        "NumPy ms",
        "NumPy / PyTorch",
        "middle half",
    )
    body = [row for threads in options.threads for row in rows(threads, options.pairs)]
    lines = table(headings, body)
    print(*lines, sep="\n")
    if options.write:
        write(options.write, "training step", lines)
