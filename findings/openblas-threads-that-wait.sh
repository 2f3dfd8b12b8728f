#!/usr/bin/env bash
# NumPy 2.4.6 with its OpenBLAS 0.3.31: after a product in two threads, the second one goes on asking
# for work for some hundredths of a second, and takes a processor from Python's threads meanwhile.
#
# So a program that multiplies matrices and shares other work between two threads of its own gains less
# from them on two processors, until the environment says OPENBLAS_THREAD_TIMEOUT=4 before NumPy is
# loaded.
#
# Seen on two processors, maxima of 2 × 8 MB in two threads, in ms, after a product of 256×256 matrices:
#   as it is 1.58, with OPENBLAS_THREAD_TIMEOUT=4 0.82.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --no-compile --disable-pip-version-check numpy==2.4.6
cat > "$folder/shared.py" <<'PYTHON'
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

matrix = np.ones((256, 256), np.float32)
halves = np.ones((2, 2_000_000), np.float32)
out = np.empty_like(halves)
pool = ThreadPoolExecutor(1)


def both():
    """Take maxima of one half here, and of the other half in another thread."""
    other = pool.submit(np.maximum, halves[1], 0, out=out[1])
    np.maximum(halves[0], 0, out=out[0])
    other.result()


times = []
for _ in range(200):
    matrix @ matrix
    started = time.perf_counter()
    both()
    times.append(time.perf_counter() - started)
print(statistics.median(times) * 1e3)
PYTHON
"$folder/env/bin/python" - "$folder" <<'PYTHON'
import os
import statistics
import subprocess
import sys

import numpy as np

clean = {name: value for name, value in os.environ.items() if "THREAD" not in name}
ways = {"as it is": {}, "with OPENBLAS_THREAD_TIMEOUT=4": {"OPENBLAS_THREAD_TIMEOUT": "4"}}
times = {way: [] for way in ways}
for _ in range(7):
    for way, extra in ways.items():
        command = [sys.executable, f"{sys.argv[1]}/shared.py"]
        environment = clean | {"OPENBLAS_NUM_THREADS": "2"} | extra
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        times[way].append(float(run.stdout))
print("NumPy", np.__version__, "on", os.cpu_count(), "processors")
first, second = map(statistics.median, times.values())
print(f"as it is {first:.2f} ms, with OPENBLAS_THREAD_TIMEOUT=4 {second:.2f} ms")
sys.exit(0 if first > 1.25 * second else "This has changed.")
PYTHON
