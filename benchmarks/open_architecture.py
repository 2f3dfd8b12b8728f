"""Opening a large network in the ArchitectureExplorer, beside building its PyTorch module.

    python -m benchmarks.open_architecture [--network efficientnet-b7]

Opening counts the table, reads it into blocks and draws it; nothing is remembered from one time to
the next. A step of a walk is what Python does when another block is pointed at, for the large
network and for LeNet-5. Turns are interleaved; the ratio is the median of the paired ones.
"""

import argparse
import statistics
from collections.abc import Callable
from itertools import cycle

from benchmarks.count_zoo import milliseconds
from benchmarks.tables import table
from cnnlab import explore, zoo
from cnnlab.explore.architecture.blocks import tree


def opening(name: str) -> Callable[[], object]:
    def open_it() -> object:
        tree.cache_clear()
        return explore.ArchitectureExplorer(network=name)

    return open_it


def walking(name: str) -> Callable[[], object]:
    """Point at the next block, over and over."""
    explorer = explore.ArchitectureExplorer(network=name)
    keys = cycle(explorer.scene.links)

    def step() -> object:
        explorer.set_state({"selected": next(keys)})
        return explorer

    return step


def compared(ours: Callable[[], object], theirs: Callable[[], object], pairs: int) -> list[str]:
    ours(), theirs()  # both warm
    both = [(milliseconds(ours), milliseconds(theirs)) for _ in range(pairs)]
    mine, others = (statistics.median(times) for times in zip(*both, strict=True))
    middle = statistics.median(a / b for a, b in both)
    return [f"{mine:.3g}", f"{others:.3g}", f"{middle:.2g}"]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--network", default="efficientnet-b7", choices=zoo.names(), metavar="NAME")
    parser.add_argument("--pairs", type=int, default=7)
    options = parser.parse_args()
    network = zoo.get(options.network)
    opened = compared(opening(options.network), network.torch, options.pairs)
    walked = compared(walking(options.network), walking("lenet-5"), 40 * options.pairs)
    rows = [
        ["open it, beside building the module", *opened],
        ["a step of a walk, beside LeNet-5", *walked],
    ]
    print("\n".join(table([options.network, "ms", "beside ms", "ratio"], rows)))
