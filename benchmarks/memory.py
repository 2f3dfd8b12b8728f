"""Peak memory of large convolutions in NumPy, both passes, beside what they must hold.

    python -m benchmarks.memory [--above 50] [--write docs/speed.md]

What must be held are inputs, outputs and gradients: x and dL/dx, y and dL/dy, weight and bias and
theirs. The peak is of NumPy's arrays, which are traced; it holds the same arrays and what the
algorithm needs beside them.
"""

import argparse
import tracemalloc
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from benchmarks.layers import LAYERS, Layer
from benchmarks.tables import table, write
from cnnlab.scratch.functional import conv2d, conv2d_backward

MB = 1024**2


def held_bytes(layer: Layer) -> int:
    """Bytes of inputs, outputs and gradients in float32."""
    out = (layer.size + 2 * layer.padding - layer.kernel_size) // layer.stride + 1
    maps = layer.images * (layer.channels * layer.size**2 + layer.kernels * out**2)
    learned = layer.kernels * (layer.channels // layer.groups * layer.kernel_size**2 + 1)
    return 2 * 4 * (maps + learned)


def peak_bytes(layer: Layer, algorithm: str) -> int:
    """Largest memory of arrays during both passes."""
    k = layer.kernel_size
    tracemalloc.start()
    x = np.ones((layer.images, layer.channels, layer.size, layer.size), np.float32)
    # Weights that are whole numbers would not be given to Winograd's way.
    weight = np.full((layer.kernels, layer.channels // layer.groups, k, k), 0.5, np.float32)
    settings = {"stride": layer.stride, "padding": layer.padding, "groups": layer.groups}
    bias = np.zeros(layer.kernels, np.float32)
    y, cache = conv2d(x, weight, bias, algorithm=algorithm, **settings)
    dy = np.ones_like(y)
    gradients = conv2d_backward(dy, cache)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del gradients
    return peak


def apart(layer: Layer, algorithm: str) -> int:
    """Measure in a process of its own, where no memory of another layer can be used again."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(peak_bytes, layer, algorithm).result()


def rows(above: float) -> list[list[str]]:
    found = []
    for layer in LAYERS:
        held = held_bytes(layer)
        if held < above * MB:
            continue
        peak, plain = (apart(layer, algorithm) for algorithm in ("auto", "im2col"))
        cells = (held / MB, peak / MB, plain / MB)
        ratios = (peak / held, plain / held)
        found.append(
            [layer.name, *(f"{cell:.0f}" for cell in cells), *(f"{r:.2f}" for r in ratios)]
        )
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--above", type=float, default=50, help="MB that a layer must hold")
    parser.add_argument("--write", type=Path, help="put the table into this file")
    options = parser.parse_args()
    headings = ("layer", "held MB", "peak MB", "by im2col MB", "peak / held", "by im2col / held")
    lines = table(headings, rows(options.above))
    print(*lines, sep="\n")
    if options.write:
        write(options.write, "memory", lines)
