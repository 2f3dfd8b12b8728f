"""Time the NumPy conv2d against PyTorch, the loops and SciPy, in one run.

    python -m benchmarks.conv2d                      # every layer, one thread each
    python -m benchmarks.conv2d --threads 2          # two threads each
    python -m benchmarks.conv2d --only VGG           # layers whose name contains VGG
    python -m benchmarks.conv2d --drawn 7            # 20 layers of the zoo, drawn with seed 7
    python -m benchmarks.conv2d --large              # kernels of 7×7 and more
    python -m benchmarks.conv2d --roofline           # beside what this machine can do at best
    python -m benchmarks.conv2d --write docs/speed.md    # also put the table between its markers,
                                                     # which name the threads and PyTorch's instruction set

Both sides take turns within each repetition, so that whatever else the machine does meets
both; a row gives the median over repetitions and the quartiles of the ratio. Gradients are
those of input, weight and bias.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.conditions import SETTLED, conditions, settle, start_clean

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
parser.add_argument("--threads", type=int, default=1, help="threads of each side")
parser.add_argument("--as-it-is", action="store_true", help="keep variables that hold back")
parser.add_argument("--drawn", type=int, metavar="SEED", help="20 layers drawn from the zoo")
parser.add_argument("--large", action="store_true", help="layers with large kernels")
parser.add_argument("--only", default="", help="part of a layer's name")
parser.add_argument("--seconds", type=float, default=3.0, help="time to spend on a layer")
parser.add_argument(
    "--roofline", action="store_true", help="compare with what the machine can do at best"
)
parser.add_argument("--write", type=Path, help="file to update between its markers")
options = parser.parse_args()
start_clean(options.threads, keep=options.as_it_is)  # before the libraries are loaded

import numpy as np  # noqa: E402
import torch  # noqa: E402

from benchmarks.layers import LARGE_KERNELS, LAYERS, Arrays, Layer, drawn  # noqa: E402
from benchmarks.tables import table, write  # noqa: E402
from cnnlab.scratch import naive  # noqa: E402
from cnnlab.scratch.functional import conv2d, conv2d_backward  # noqa: E402

torch.set_num_threads(options.threads)


def take_turns(functions: Sequence[Callable[[], object]], seconds: float) -> np.ndarray:
    """Seconds of each function, (repetitions, functions), after two calls to warm up."""
    for function in functions:
        function()
    start = time.perf_counter()
    for function in functions:
        function()
    once = time.perf_counter() - start
    waits = SETTLED * len(functions) if options.threads > 1 else 0
    repetitions = int(np.clip(seconds / (once + waits), 5, 200))
    times = np.empty((repetitions, len(functions)))
    for repetition in times:
        for i, function in enumerate(functions):
            if options.threads > 1:
                settle(function)
            start = time.perf_counter()
            function()
            repetition[i] = time.perf_counter() - start
    return times


def compare(layer: Layer, seconds: float) -> np.ndarray:
    """Seconds of PyTorch forward, NumPy forward, PyTorch both passes, NumPy both passes."""
    x, weight, bias, dy, settings = Arrays.of(layer)
    tensors = [torch.from_numpy(array).requires_grad_() for array in (x, weight, bias)]
    upstream = torch.from_numpy(dy)

    def torch_forward() -> torch.Tensor:
        with torch.no_grad():
            return torch.nn.functional.conv2d(*tensors, **settings)

    def torch_both() -> tuple[torch.Tensor, ...]:
        y = torch.nn.functional.conv2d(*tensors, **settings)
        return torch.autograd.grad(y, tensors, upstream)

    def numpy_forward() -> np.ndarray:
        return conv2d(x, weight, bias, **settings)[0]

    def numpy_both() -> tuple[np.ndarray, ...]:
        return conv2d_backward(dy, conv2d(x, weight, bias, **settings)[1])

    for ours, theirs in zip(numpy_both(), torch_both(), strict=True):
        assert np.abs(ours - theirs.numpy()).max() < 1e-3 * theirs.abs().max().item()
    return take_turns([torch_forward, numpy_forward, torch_both, numpy_both], seconds)


def comparison_table(layers: Sequence[Layer], seconds: float) -> list[str]:
    """Rows of times in ms and ratios NumPy / PyTorch; geometric means at the end."""
    lines = [
        "| layer | forward: PyTorch, NumPy (ms) | ratio | both passes: PyTorch, NumPy (ms) "
        "| ratio (quartiles) |",
        "| --- | --: | --: | --: | --: |",
    ]
    ratios = []
    for layer in layers:
        times = compare(layer, seconds)
        forward, both = times[:, 1] / times[:, 0], times[:, 3] / times[:, 2]
        ratios.append((np.median(forward), np.median(both)))
        ms = np.median(times, axis=0) * 1e3
        low, high = np.quantile(both, [0.25, 0.75])
        lines.append(
            f"| {layer.name} | {ms[0]:.2f}, {ms[1]:.2f} | {ratios[-1][0]:.2f} "
            f"| {ms[2]:.2f}, {ms[3]:.2f} | {ratios[-1][1]:.2f} ({low:.2f}–{high:.2f}) |"
        )
        print(lines[-1], flush=True)
    forward, both = np.exp(np.log(ratios).mean(axis=0))
    worst = np.max(ratios, axis=0)
    lines.append(f"| **geometric mean** | | **{forward:.2f}** | | **{both:.2f}** |")
    lines.append(f"| largest | | {worst[0]:.2f} | | {worst[1]:.2f} |")
    return lines


def learner_table() -> list[str]:
    """One small layer against what one would write without this package."""
    layer = Layer("LeNet-5 C3, batch 2", 2, 6, 14, 16, 5)
    x, weight, bias, _, _ = Arrays.of(layer)
    rows: dict[str, Callable[[], object]] = {
        "`scratch.functional.conv2d`": lambda: conv2d(x, weight, bias),
        "loops (`scratch.naive.conv2d`)": lambda: naive.conv2d(x, weight, bias),
    }
    try:
        from scipy.signal import correlate
    except ImportError:
        pass
    else:
        rows["`scipy.signal.correlate`, image by image"] = lambda: np.stack(
            [[correlate(image, w, "valid")[0] for w in weight] for image in x]
        )
    times = np.median(take_turns(list(rows.values()), seconds=1), axis=0)
    return [f"| {layer.name}, forward | ms | times as long |", "| --- | --: | --: |"] + [
        f"| {name} | {t * 1e3:.3g} | {t / times[0]:,.0f} |"
        for name, t in zip(rows, times, strict=True)
    ]


def roofline_table(layers: Sequence[Layer], seconds: float) -> list[str]:
    """Least times of both passes beside those of PyTorch and NumPy.

    At best, a machine multiplies at full speed or touches each array once, whichever takes longer:
    three products, each of which reads or writes x, y or their gradients, and the weights
    (S. Williams, A. Waterman and D. Patterson, "Roofline", 2009). The products alone are those of
    im2col in the shapes of this layer, with nothing copied.
    """
    a = np.ones((1024, 1024), np.float32)
    source, target = np.ones((2, 64 * 2**20 // 4), np.float32)
    (multiply, copy) = np.min(
        take_turns([lambda: a @ a, lambda: np.copyto(target, source)], seconds), axis=0
    )
    rate, bandwidth = 2 * 1024**3 / multiply, 2 * source.nbytes / copy
    lines = [
        f"{rate / 1e9:.0f} GFLOP/s in a large matrix product, {bandwidth / 1e9:.0f} GB/s copied.",
        "",
    ]
    headings = ["both passes, ms", "at best", "products alone", "PyTorch", "NumPy"]
    headings += ["products / PyTorch", "NumPy / PyTorch"]
    rows, ratios = [], []
    for layer in layers:
        arrays = Arrays.of(layer)
        moved = 3 * (arrays.x.nbytes + arrays.dy.nbytes + arrays.weight.nbytes)
        best = max(3 * arrays.operations() / rate, moved / bandwidth)
        _, _, theirs, ours = np.median(compare(layer, seconds), axis=0)
        # By themselves, because OpenBLAS's threads go on waiting in a loop after each.
        alone = np.median(take_turns([arrays.products()], seconds / 3))
        times = [f"{1e3 * time:.2f}" for time in (best, alone, theirs, ours)]
        ratios.append((alone / theirs, ours / theirs))
        rows.append([layer.name, *times, *(f"{ratio:.2f}" for ratio in ratios[-1])])
        print(*rows[-1], sep=" | ", flush=True)
    means, largest = np.exp(np.log(ratios).mean(axis=0)), np.max(ratios, axis=0)
    rows.append(["**geometric mean**", *[""] * 4, *(f"**{mean:.2f}**" for mean in means)])
    rows.append(["largest", *[""] * 4, *(f"{ratio:.2f}" for ratio in largest)])
    return lines + table(headings, rows)


def main() -> None:
    known = LARGE_KERNELS if options.large else LAYERS
    if options.drawn is not None:
        known = drawn(options.drawn)
    layers = [layer for layer in known if options.only in layer.name]
    if not layers:
        raise SystemExit(f"--only {options.only!r} names no layer. Choose a part of a name.")
    threads = "1 thread" if options.threads == 1 else f"{options.threads} threads"
    where = f"{threads}, {torch.backends.cpu.get_cpu_capability()}"
    if options.roofline:
        name, lines = "limits", roofline_table(layers, options.seconds)
    else:
        name = "large kernels" if options.large else "conv2d"
        lines = ["", *comparison_table(layers, options.seconds)]
    lines = [*conditions(), *lines]
    if name == "conv2d":
        lines += ["", *learner_table()]
    print("", *lines, sep="\n")
    if options.write:
        write(options.write, f"{name}, {where}", lines)


if __name__ == "__main__":
    main()
