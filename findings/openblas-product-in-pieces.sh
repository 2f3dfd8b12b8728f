#!/usr/bin/env bash
# NumPy 2.4.6 with OpenBLAS 0.3.31: one product takes about twice as long as four of a quarter each.
#
# Up to 100³ multiply-adds OpenBLAS multiplies without rearranging its factors, where it has kernels for
# that (AVX-512); above, it rearranges them first. If one factor is small, that costs more than it saves,
# however large the other is: it pays to cut the large one into pieces below the limit and to hand all of
# them to one matmul, as views, without a copy.
#
# Seen, one thread, 16×64 by 64×3072, in billions of operations a second:
#   whole 39, in four pieces 96.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --no-compile --disable-pip-version-check numpy==2.4.6 threadpoolctl==3.8.0
OPENBLAS_NUM_THREADS=1 "$folder/env/bin/python" - <<'PYTHON'
import statistics
import sys
import time

import numpy as np
from threadpoolctl import threadpool_info

rng = np.random.default_rng(0)
small = rng.standard_normal((16, 64), np.float32)
large = rng.standard_normal((64, 3072), np.float32)
result = np.empty((16, 3072), np.float32)


def pieces(matrix, count=4):
    return matrix.reshape(len(matrix), count, -1).swapaxes(0, 1)


def seconds(left, right, out) -> float:
    started = time.process_time()
    for _ in range(100):
        np.matmul(left, right, out=out)
    return (time.process_time() - started) / 100


ways = {"whole": (small, large, result), "in four pieces": (small, pieces(large), pieces(result))}
expected = small @ large
for factors in ways.values():
    result.fill(0)
    seconds(*factors)
    np.testing.assert_allclose(result, expected, rtol=1e-3, atol=1e-3)
rounds = [[seconds(*factors) for factors in ways.values()] for _ in range(15)]
whole, cut = map(statistics.median, zip(*rounds))
(blas,) = threadpool_info()
print("NumPy", np.__version__, blas["internal_api"], blas["version"], blas["architecture"])
for name, time_taken in zip(ways, (whole, cut)):
    print(f"{name:15}{2 * 16 * large.size / time_taken / 1e9:5.0f} billion operations a second")
if blas["architecture"] != "SkylakeX":
    sys.exit(f"Needs the AVX-512 kernels of OpenBLAS, not those for {blas['architecture']}.")
sys.exit(0 if whole > 1.5 * cut else "This has changed.")
PYTHON
