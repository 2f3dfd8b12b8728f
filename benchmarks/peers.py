"""Convolutions and training steps of other engines beside the NumPy ones, one thread each.

    python -m benchmarks.peers [--only JAX] [--task step] [--write docs/speed.md]

Peers are PyTorch, eager and through torch.compile, JAX and tinygrad on the CPU. Install those that
you want into an environment of their own, beside the course and its benchmarks:

    python -m venv peers
    peers/bin/pip install -e ".[benchmark]" "jax[cpu]" "tinygrad>=0.14"

What is missing, or has no compiler here, is named and left out. All start from the same weights and
must find the same loss. Times are of the processor, which other processes lengthen least; an engine
that works in several threads is charged for all of them, so each is asked for one.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.conditions import conditions, start_clean

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
parser.add_argument("--only", default="", help="part of a peer's name")
parser.add_argument("--task", default="", help="part of the name of a layer or a step")
parser.add_argument("--seconds", type=float, default=2.0, help="time to spend on each pair")
parser.add_argument("--write", type=Path, help="file to update between its markers")
options = parser.parse_args()
start_clean(1)  # before the libraries are loaded
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["DEV"] = "CPU"  # of tinygrad

import numpy as np  # noqa: E402
import torch  # noqa: E402

from benchmarks.layers import LAYERS, Arrays  # noqa: E402
from benchmarks.tables import table, write  # noqa: E402
from benchmarks.training_step import BATCH, INPUT_SHAPE, NETWORKS  # noqa: E402
from cnnlab import pytorch, scratch, spec  # noqa: E402
from cnnlab.scratch.functional import conv2d, conv2d_backward  # noqa: E402

torch.set_num_threads(1)
LAYER_NAMES = (
    "LeNet-5 C3, 16@5×5, batch 64",
    "DS 4400, 10@3×3, batch 64",
    "AlexNet 3, 384@3×3",
    "VGG 256→256@3×3 at 56",
    "ResNet 256→64@1×1 at 56",
    "depthwise 128@3×3 at 56",
)
STEPS = ("LeNet-5", "DS 4400")
LR = 0.01


class Task(NamedTuple):
    """A network's rows, its first weights, and a batch."""

    rows: spec.Chain
    weights: dict[str, np.ndarray]
    x: np.ndarray
    y: np.ndarray


Run = Callable[[], Any]


class OurEngine:
    """The layers of ``cnnlab.scratch``."""

    def both_passes(self, c: Arrays) -> Run:
        return lambda: conv2d_backward(c.dy, conv2d(c.x, c.weight, c.bias, **c.settings)[1])

    def step(self, task: Task) -> Run:
        net = scratch.build(task.rows, INPUT_SHAPE)
        stepper = scratch.Stepper(net, optimizer="sgd", lr=LR)
        return lambda: stepper.step(task.x, task.y)["loss"]


class Eager:
    """PyTorch, operation by operation."""

    def compiled(self, function: Any) -> Any:
        return function

    def both_passes(self, c: Arrays) -> Run:
        leaves = [torch.from_numpy(a).requires_grad_() for a in (c.x, c.weight, c.bias)]
        dy = torch.from_numpy(c.dy)
        forward = self.compiled(lambda *given: torch.nn.functional.conv2d(*given, **c.settings))
        return lambda: torch.autograd.grad(forward(*leaves), leaves, dy)

    def step(self, task: Task) -> Run:
        module = self.compiled(pytorch.build(task.rows, INPUT_SHAPE))
        stepper = pytorch.Stepper(module, optimizer="sgd", lr=LR, threads=None)
        return lambda: stepper.step(task.x, task.y)["loss"]


class Compiled(Eager):
    """PyTorch through torch.compile, which needs a C++ compiler."""

    def compiled(self, function: Any) -> Any:
        return torch.compile(function)


class Jax:
    """JAX on the CPU, a step in one compiled function."""

    def __init__(self) -> None:
        self.jax = import_module("jax")
        self.jax.config.update("jax_platforms", "cpu")

    def _convolve(self, x: Any, weight: Any, bias: Any, stride: int, padding: int, groups: int):
        sides = [(padding, padding)] * 2
        maps = ("NCHW", "OIHW", "NCHW")
        y = self.jax.lax.conv_general_dilated(
            x,
            weight,
            (stride, stride),
            sides,
            dimension_numbers=maps,
            feature_group_count=groups,
        )
        return y + bias[:, None, None]

    def both_passes(self, c: Arrays) -> Run:
        jax, settings = self.jax, tuple(c.settings.values())

        @jax.jit
        def gradients(x, weight, bias, dy):
            _, pull = jax.vjp(lambda *given: self._convolve(*given, *settings), x, weight, bias)
            return pull(dy)

        arrays = jax.device_put(tuple(c[:4]))
        return lambda: jax.block_until_ready(gradients(*arrays))

    def _apply(self, row: spec.Row, x: Any, weight: Any, bias: Any) -> Any:
        jnp, lax = self.jax.numpy, self.jax.lax
        match row:
            case spec.Conv():
                return self._convolve(x, weight, bias, row.stride, row.padding, row.groups)
            case spec.Linear():
                return x @ weight.T + bias
            case spec.Tanh():
                return jnp.tanh(x)
            case spec.ReLU():
                return jnp.maximum(x, 0)
            case spec.Flatten():
                return x.reshape(len(x), -1)
        k = row.kernel_size
        window = (1, 1, k, k)
        if isinstance(row, spec.MaxPool):
            return lax.reduce_window(x, -jnp.inf, lax.max, window, window, "VALID")
        return lax.reduce_window(x, 0.0, lax.add, window, window, "VALID") / k**2

    def step(self, task: Task) -> Run:
        jax, jnp = self.jax, self.jax.numpy

        def loss(weights, x, y):
            for name, row in task.rows.children:
                x = self._apply(row, x, weights.get(f"{name}.weight"), weights.get(f"{name}.bias"))
            logs = jax.nn.log_softmax(x)
            return -jnp.take_along_axis(logs, y[:, None], axis=1).mean()

        @jax.jit
        def update(weights, x, y):
            value, pulls = jax.value_and_grad(loss)(weights, x, y)
            return value, jax.tree.map(lambda w, pull: w - LR * pull, weights, pulls)

        kept = [jax.device_put(task.weights)]

        def run() -> float:
            value, kept[0] = update(kept[0], task.x, task.y)
            jax.block_until_ready(kept[0])
            return float(value)

        return run


class Tinygrad:
    """tinygrad's CPU device, which needs clang; a step in one captured graph."""

    def __init__(self) -> None:
        self.tinygrad, self.optim, self.helpers = map(
            import_module, ("tinygrad", "tinygrad.nn.optim", "tinygrad.helpers")
        )
        (self.tinygrad.Tensor([1.0]) + 1).realize()  # says at once if there is no compiler

    def both_passes(self, c: Arrays) -> Run:
        tensor = self.tinygrad.Tensor
        leaves = [tensor(a).realize() for a in (c.x, c.weight, c.bias)]
        dy = tensor(c.dy).realize()

        @self.tinygrad.TinyJit
        def gradients():
            y = leaves[0].conv2d(*leaves[1:], **c.settings)
            return tensor.realize(*(y * dy).sum().gradient(*leaves))

        return gradients

    def step(self, task: Task) -> Run:
        tensor = self.tinygrad.Tensor
        weights = {k: tensor(a) for k, a in task.weights.items()}
        rule = self.optim.SGD(list(weights.values()), lr=LR)
        x, y = tensor(task.x).realize(), tensor(task.y.astype(np.int32)).realize()

        def apply(name: str, row: spec.Row, x: Any) -> Any:
            learned = [weights.get(f"{name}.{kind}") for kind in ("weight", "bias")]
            match row:
                case spec.Conv():
                    return x.conv2d(*learned, stride=row.stride, padding=row.padding)
                case spec.Linear():
                    return x.linear(learned[0].T, learned[1])
                case spec.MaxPool():
                    return x.max_pool2d((row.kernel_size,) * 2)
                case spec.AvgPool():
                    return x.avg_pool2d((row.kernel_size,) * 2)
                case spec.Flatten():
                    return x.flatten(1)
            return getattr(x, type(row).__name__.lower())()

        @self.tinygrad.TinyJit
        def update():
            with self.helpers.Context(TRAINING=1):
                rule.zero_grad()
                out = x
                for name, row in task.rows.children:
                    out = apply(name, row, out)
                loss = out.sparse_categorical_crossentropy(y).backward()
                rule.step()
                return loss.realize()

        return lambda: update().item()


PEERS: dict[str, type] = {
    "PyTorch": Eager,
    "torch.compile": Compiled,
    "JAX": Jax,
    "tinygrad": Tinygrad,
}


def seconds(run: Run) -> float:
    started = time.process_time()
    run()
    return time.process_time() - started


def ratio(ours: Run, theirs: Run) -> str:
    """Milliseconds of the peer, and our share of its time, in turns after two warm-ups."""
    for _ in range(2):
        theirs(), ours()
    once = seconds(theirs) + seconds(ours)
    turns = int(np.clip(options.seconds / once, 5, 200))
    times = np.array([(seconds(theirs), seconds(ours)) for _ in range(turns)])
    low, middle, high = np.quantile(times[:, 1] / times[:, 0], (0.25, 0.5, 0.75))
    return f"{1000 * np.median(times[:, 0]):.2f} ms, {middle:.2f} ({low:.2f}–{high:.2f})"


def tasks() -> Iterator[tuple[str, Callable[[Any], Run]]]:
    """What is timed, and how an engine sets about it."""
    for name in STEPS:
        if options.task not in f"step of {name}":
            continue
        rng = np.random.default_rng(0)
        x = rng.random((BATCH, *INPUT_SHAPE), np.float32)
        rows, y = NETWORKS[name], rng.integers(0, 10, BATCH)
        task = Task(rows, dict(scratch.build(rows, INPUT_SHAPE).params), x, y)
        yield f"step of {name}", lambda engine, task=task: engine.step(task)
    for layer in LAYERS:
        if layer.name in LAYER_NAMES and options.task in layer.name:
            arrays = Arrays.of(layer)
            yield layer.name, lambda engine, arrays=arrays: engine.both_passes(arrays)


def compared(engine: Any, start: Callable[[Any], Run]) -> str:
    """One cell: the first results must agree."""
    try:
        ours, theirs = start(OurEngine()), start(engine)
        mine, other = ours(), theirs()
        if isinstance(mine, float) and not abs(mine - other) < 1e-3:
            return f"another loss: {other:.4f}, ours {mine:.4f}"
        return ratio(ours, theirs)
    except Exception as error:  # a benchmark of several engines goes on without one of them
        return f"{type(error).__name__}: {error}"[:60]


def main() -> None:
    lines = conditions()
    engines = {}
    for name, kind in PEERS.items():
        if options.only.lower() not in name.lower():
            continue
        try:
            engines[name] = kind()
        except Exception as error:
            lines.append(
                f"{name} is left out: {type(error).__name__}: {str(error).splitlines()[0]}"
            )
    lines += [f"{name} {version(name)}." for name in ("jax", "tinygrad") if name in sys.modules]
    lines += ["", "Milliseconds of each peer; NumPy / peer (quartiles).", ""]
    rows = [
        [task, *(compared(engine, start) for engine in engines.values())] for task, start in tasks()
    ]
    lines += table(["", *engines], rows)
    print(*lines, sep="\n")
    if options.write:
        write(options.write, "peers", lines)


if __name__ == "__main__":
    main()
