"""Train the DS 4400 network on all of MNIST, as the deck does: 20 epochs of 235 steps.

    python -m benchmarks.full_mnist [--only NumPy] [--threads 2] [--write docs/speed.md]

PyTorch's stepper, the NumPy one and, where it is installed, Keras on TensorFlow train one after
another, at the same learning rates and batch size, and measure the test set after each epoch; it
is never trained or tuned on. The shortest loop that does the same in PyTorch shows what PyTorch's
stepper cannot undercut. Both are timed with weights in PyTorch's usual layout and in channels_last.
The deck reports 98.66 % and 112 s, on a machine of its own. The set is read from CNNLAB_DATA or ``data/``, and downloaded once
if it is not there. Install Keras into an environment of its own, beside the course and its
benchmarks:

    python -m venv peers
    peers/bin/pip install -e ".[benchmark]" tensorflow-cpu
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.conditions import conditions, start_clean
from benchmarks.tables import table, write

DECK_ACCURACY = 0.9866
KERAS = "Keras on TensorFlow"
EPOCHS, BATCH_SIZE = 20, 256


def rate(epoch: int, *_: Any) -> float:
    """Return the learning rate of an epoch, the first being 0: halved every four epochs."""
    return 0.005 * 0.5 ** (epoch / 4)


class Run(NamedTuple):
    """The accuracy on the 10,000 test images after the last epoch, and the seconds of each."""

    accuracy: float
    seconds: list[float]


def ours(stepper: Any) -> Run:
    from cnnlab import data, train

    class Rates(train.Callback):
        def epoch_end(self, history: train.History, stepper: Any) -> bool:
            stepper.learning_rate = rate(history.epochs)
            return False

    training, test = data.load("mnist", split="train"), data.load("mnist", split="test")
    settings = {"epochs": EPOCHS, "batch_size": BATCH_SIZE, "callbacks": [Rates()]}
    history = train.fit(stepper, training, test, **settings, progress=False)
    return Run(history["val_accuracy"][-1], history.seconds)


def pytorch(*, channels_last: bool = False) -> Run:
    import torch

    from cnnlab import zoo
    from cnnlab.pytorch import Stepper

    module = zoo.get("ds-4400").torch(seed=0, init="he-normal")
    if channels_last:
        module.to(memory_format=torch.channels_last)
    return ours(Stepper(module, lr=rate(0), threads=None))


def numpy() -> Run:
    from cnnlab import zoo
    from cnnlab.scratch import Stepper

    return ours(Stepper(zoo.get("ds-4400").numpy(seed=0, init="he-normal"), lr=rate(0)))


def by_hand(*, channels_last: bool = False) -> Run:
    """Train without a stepper: tensors in place, no metrics, nothing checked."""
    import torch
    from torch.nn.functional import cross_entropy

    from cnnlab import data, zoo

    pairs = [data.load("mnist", split=split) for split in ("train", "test")]
    (x, y), (unseen, labels) = [
        (torch.from_numpy(pair.images), torch.from_numpy(pair.labels).long()) for pair in pairs
    ]
    module = zoo.get("ds-4400").torch(seed=0, init="he-normal")
    if channels_last:
        module.to(memory_format=torch.channels_last)
        x, unseen = (part.to(memory_format=torch.channels_last) for part in (x, unseen))
    optimizer = torch.optim.Adam(module.parameters(), rate(0))
    torch.manual_seed(0)
    right, seconds = 0, []
    for epoch in range(EPOCHS):
        start = time.perf_counter()
        optimizer.param_groups[0]["lr"] = rate(epoch)
        for batch in torch.randperm(len(x)).split(BATCH_SIZE):
            optimizer.zero_grad()
            cross_entropy(module(x[batch]), y[batch]).backward()
            optimizer.step()
        with torch.inference_mode():
            parts = zip(unseen.split(BATCH_SIZE), labels.split(BATCH_SIZE), strict=True)
            right = sum(int((module(part).argmax(1) == true).sum()) for part, true in parts)
        seconds.append(time.perf_counter() - start)
    return Run(right / len(labels), seconds)


def keras() -> Run:
    from cnnlab import data, spec, zoo

    # read first: this loads PyTorch, which ends the process if TensorFlow is there already
    pairs = [data.load("mnist", split=split) for split in ("train", "test")]
    training, test = [(pair.images.transpose(0, 2, 3, 1), pair.labels) for pair in pairs]
    tensorflow = import_module("tensorflow")
    threads = int(os.environ["OMP_NUM_THREADS"])
    tensorflow.config.threading.set_intra_op_parallelism_threads(threads)
    tensorflow.config.threading.set_inter_op_parallelism_threads(threads)
    library = import_module("keras")
    callbacks, layers = library.callbacks, library.layers

    def layer(row: spec.Row) -> Any:
        match row:
            case spec.Conv():
                return layers.Conv2D(
                    row.out_channels, row.kernel_size, kernel_initializer="he_normal"
                )
            case spec.Linear():
                return layers.Dense(row.out_features, kernel_initializer="he_normal")
            case spec.MaxPool():
                return layers.MaxPooling2D(row.kernel_size)
        return getattr(layers, type(row).__name__)()

    class Clock(callbacks.Callback):
        def __init__(self) -> None:
            super().__init__()
            self.ends = [time.perf_counter()]

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self.ends.append(time.perf_counter())

    library.utils.set_random_seed(0)
    rows = [layer(row) for _, row in zoo.get("ds-4400").spec.children]
    model = library.Sequential([library.Input((28, 28, 1)), *rows, layers.Softmax()])
    loss = "sparse_categorical_crossentropy"
    model.compile(library.optimizers.Adam(rate(0)), loss, metrics=["accuracy"])
    clock = Clock()
    history = model.fit(
        *training,
        batch_size=BATCH_SIZE,
        epochs=EPOCHS,
        validation_data=test,
        callbacks=[callbacks.LearningRateScheduler(rate), clock],
        verbose=0,
    )
    seconds = [end - start for start, end in zip(clock.ends, clock.ends[1:], strict=False)]
    return Run(history.history["val_accuracy"][-1], seconds)


WAYS: dict[str, Callable[[], Run]] = {
    KERAS: keras,
    "PyTorch by hand": by_hand,
    "PyTorch by hand, channels_last": partial(by_hand, channels_last=True),
    "PyTorch stepper": pytorch,
    "PyTorch stepper, channels_last": partial(pytorch, channels_last=True),
    "NumPy stepper": numpy,
}


def apart(name: str) -> Run:
    """Run a way in a process of its own, so that none holds memory or threads of another."""
    command = [sys.executable, "-m", "benchmarks.full_mnist", "--apart", name]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return Run(*json.loads(answer.splitlines()[-1]))


def rows(runs: dict[str, Run]) -> list[list[str]]:
    """Return the table's rows; times are also given as a share of the first one's."""
    whole = {name: sum(run.seconds) for name, run in runs.items()}
    first = next(iter(whole.values()))
    return [
        [
            name,
            f"{run.accuracy:.2%}",
            f"{whole[name]:.1f}",
            f"{statistics.median(run.seconds):.2f}",
            f"{whole[name] / first:.2f}",
        ]
        for name, run in runs.items()
    ]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only", default="", help="part of a way's name")
    parser.add_argument("--threads", type=int, default=1, help="of each library")
    parser.add_argument("--write", type=Path, help="put the table into this file")
    parser.add_argument("--apart", choices=WAYS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.apart:
        print(json.dumps(WAYS[options.apart]()))
        return 0
    start_clean(options.threads)  # before the libraries are loaded
    os.environ["KERAS_BACKEND"] = "tensorflow"
    lines = conditions()
    chosen = [name for name in WAYS if options.only.lower() in name.lower()]
    if find_spec("tensorflow") is None and KERAS in chosen:
        chosen.remove(KERAS)
        lines.append(f"{KERAS} is not installed here.")
    runs = {name: apart(name) for name in chosen}
    heads = ["full MNIST, 20 epochs", "test accuracy", "seconds", "an epoch", f"/ {chosen[0]}"]
    lines += ["", *table(heads, rows(runs))]
    print(*lines, sep="\n")
    if options.write:
        write(options.write, "full MNIST", lines)
    return min(run.accuracy for run in runs.values()) < DECK_ACCURACY


if __name__ == "__main__":
    sys.exit(main())
