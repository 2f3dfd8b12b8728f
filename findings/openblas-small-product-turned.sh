#!/usr/bin/env bash
# NumPy 2.4.6 with OpenBLAS 0.3.31: of small products, a @ b.T takes almost twice as long as a.T @ b.
#
# Up to 100³ multiply-adds OpenBLAS multiplies without rearranging its factors, where it has kernels for
# that (AVX-512). They are as quick for a @ b and a.T @ b, but not for a @ b.T; and just above that
# size, where factors are rearranged, all forms are slower again. A convolution's weight gradient is a
# @ b.T if channels come before pixels, and a.T @ b if they come after, so the layout decides.
#
# Seen, one thread, 36 products of 64×98 by 98×64, in billions of operations a second:
#   a @ b 106, a.T @ b 105, a @ b.T 56.
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
left, right = rng.standard_normal((2, 36, 64, 98), np.float32)
turned_left, turned_right = (np.ascontiguousarray(a.swapaxes(1, 2)) for a in (left, right))
forms = {
    "a @ b": lambda: left @ turned_right,
    "a.T @ b": lambda: turned_left.swapaxes(1, 2) @ turned_right,
    "a @ b.T": lambda: left @ right.swapaxes(1, 2),
}


def seconds(product) -> float:
    started = time.process_time()
    for _ in range(20):
        product()
    return (time.process_time() - started) / 20


for product in forms.values():
    np.testing.assert_allclose(product(), forms["a @ b"](), rtol=1e-3, atol=1e-3)
rounds = [[seconds(product) for product in forms.values()] for _ in range(15)]
plain, first, second = map(statistics.median, zip(*rounds))
(blas,) = threadpool_info()
print("NumPy", np.__version__, blas["internal_api"], blas["version"], blas["architecture"])
for name, time_taken in zip(forms, (plain, first, second)):
    print(f"{name:8}{2 * left.size * 64 / time_taken / 1e9:5.0f} billion operations a second")
if blas["architecture"] != "SkylakeX":
    sys.exit(f"Needs the AVX-512 kernels of OpenBLAS, not those for {blas['architecture']}.")
sys.exit(0 if second > 1.4 * first and first < 1.2 * plain else "This has changed.")
PYTHON
