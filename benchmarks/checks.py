"""Time what a student waits for: each kind of check on a wrong answer, its slowest case.

python -m benchmarks.checks
"""

import subprocess
import sys
import time

from cnnlab import check, zoo

DEEPEST = "efficientnet-b7"
LAST = [row.path for row in zoo.get(DEEPEST).summary().rows if row.params][-1]
STACK = [{"kernel_size": 3, "stride": 2}] * 12

CHECKS = {
    "output size": lambda: check.output_size(7, 227, 11, 4),
    "padding": lambda: check.padding(9, 227, 11),
    "receptive field": lambda: check.receptive_field(7, STACK),
    "number of the bank": lambda: check.number(7, "05-parameter-memory"),
    "choice": lambda: check.choice("a", "05-max-pool-padding"),
    "table of DATASCI 207": lambda: check.table({"fc1": (7, (7,))}, "datasci-207"),
    "table of EfficientNet-B7": lambda: check.table({LAST: (7, (7,))}, DEEPEST),
    "first variant": lambda: check.variant("table", "s1"),
}


def seconds(repetitions: int = 5) -> dict[str, tuple[float, float]]:
    """First and median time of each check."""
    times = {}
    for name, ask in CHECKS.items():
        taken = []
        for _ in range(repetitions):
            start = time.perf_counter()
            ask()
            taken.append(time.perf_counter() - start)
        times[name] = taken[0], sorted(taken)[repetitions // 2]
    return times


def import_seconds() -> float:
    """Time that a fresh process takes to import the checks."""
    code = (
        "import time; t = time.perf_counter(); import cnnlab.check; print(time.perf_counter() - t)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


if __name__ == "__main__":
    print(f"{'check':<26} {'first':>9} {'median':>9}")
    for name, (first, median) in seconds().items():
        print(f"{name:<26} {1000 * first:>6.0f} ms {1000 * median:>6.0f} ms")
    print(f"{'import cnnlab.check':<26} {1000 * import_seconds():>6.0f} ms")
