"""One whole training step in NumPy beside PyTorch: forward, loss, backward, update.

    python -m benchmarks.training_step [--write docs/speed.md]    # between the markers that name
                                                              # PyTorch's instruction set

Both sides start from the same weights, see the same batch of 64 and take plain SGD steps.
Steps are interleaved in one run after a warm-up; the table shows the median of the paired
ratios and their middle half. Two limits are timed with them: a step of one thread on its share of
the images, which is what sharing would reach if it cost nothing, and the matrix products of the
step alone, with nothing copied.
"""

import argparse
import time
from collections.abc import Callable
from math import prod
from pathlib import Path

import numpy as np
import torch
from threadpoolctl import ThreadpoolController, threadpool_limits

from benchmarks.conditions import settle
from benchmarks.layers import Arrays, Layer, of
from benchmarks.tables import table, write
from cnnlab import pytorch, scratch, spec, zoo
from cnnlab.spec.trace import trace

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


def products(network: spec.Chain) -> Callable[[], None]:
    """Return the matrix products alone of a step; the first layer needs no input gradient."""
    layers: list[Layer] = []
    for step in trace(network, INPUT_SHAPE):
        layers += of(step)
        if isinstance(step.row, spec.Linear):
            layers.append(Layer("dense", 1, prod(step.in_shape), 1, step.row.out_features, 1))
    arrays = [Arrays.of(layer._replace(images=BATCH)) for layer in layers]
    runs = [each.products(input_gradient=i > 0) for i, each in enumerate(arrays)]

    def run() -> None:
        for products_of_layer in runs:
            products_of_layer()

    return run


def seconds(function: Callable[[], object], *, wait: bool) -> float:
    if wait:
        settle(function)
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def measure(network: spec.Chain, threads: int, pairs: int) -> np.ndarray:
    """Seconds of a step in NumPy and in PyTorch, of a share, and of the products: (pairs, 4)."""
    ours, alone = (
        scratch.Stepper(scratch.build(network, INPUT_SHAPE), optimizer="sgd", lr=0.01)
        for _ in range(2)
    )
    module = pytorch.build(network, INPUT_SHAPE)
    theirs = pytorch.Stepper(module, optimizer="sgd", lr=0.01, threads=None)
    rng = np.random.default_rng(0)
    x = rng.random((BATCH, *INPUT_SHAPE), np.float32)
    y = rng.integers(0, 10, BATCH)
    share = slice(BATCH // threads)
    ways = [
        lambda: ours.step(x, y),
        lambda: theirs.step(x, y),
        lambda: alone.step(x[share], y[share]),
        products(network),
    ]
    numpy_blas = ThreadpoolController().select(internal_api="openblas")
    times = np.empty((pairs, len(ways)))
    for function in ways[:3] * 5:
        function()
    for row in times:
        row[:2] = [seconds(function, wait=threads > 1) for function in ways[:2]]
        with numpy_blas.limit(limits=1):  # PyTorch's threads would have to be started anew
            row[2] = seconds(ways[2], wait=threads > 1)
    for row in times:  # by themselves, because OpenBLAS's threads wait in a loop, too
        row[3] = seconds(ways[3], wait=False)
    return times


def rows(threads: int, pairs: int) -> list[tuple[str, ...]]:
    torch.set_num_threads(threads)
    found = []
    with threadpool_limits(threads):
        for name, network in NETWORKS.items():
            times = measure(network, threads, pairs)
            ratios = times / times[:, 1:2]
            step, _, share, alone = np.median(ratios, axis=0)
            low, high = np.quantile(ratios[:, 0], [0.25, 0.75])
            found.append(
                (
                    name,
                    str(threads),
                    f"{1000 * np.median(times[:, 0]):.1f}",
                    f"{step:.2f}",
                    f"{low:.2f}–{high:.2f}",
                    f"{share:.2f}",
                    f"{alone:.2f}",
                )
            )
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
        "share / PyTorch",
        "products / PyTorch",
    )
    body = [row for threads in options.threads for row in rows(threads, options.pairs)]
    lines = table(headings, body)
    print(*lines, sep="\n")
    if options.write:
        instructions = torch.backends.cpu.get_cpu_capability()
        write(options.write, f"training step, {instructions}", lines)
