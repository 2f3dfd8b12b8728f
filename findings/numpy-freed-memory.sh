#!/usr/bin/env bash
# NumPy 2.4.6 on glibc 2.36: a step that makes a few arrays of 7 MB and lets go of them gets all of its
# memory anew each time, cleared page by page, until one larger array has been freed, even one that was
# never touched.
#
# glibc keeps free memory up to twice the largest array that was freed, if that had at most 32 MB; what
# a step frees beyond that goes back to the system. So training with large maps, in NumPy or PyTorch,
# takes up to twice as long or not, by the order of what was freed before.
#
# Seen, a step of five arrays of 6.9 MB filled with ones: as it is 2,129 page faults and 5.7 ms; after
# np.empty(32 * 2**20 - 2**16, np.uint8) had been made and freed once, 0 page faults and 1.0 ms.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --no-compile --disable-pip-version-check numpy==2.4.6
cat > "$folder/step.py" <<'PYTHON'
import platform
import resource
import statistics
import sys
import time

import numpy as np

if sys.argv[1] == "freed":
    np.empty(32 * 2**20 - 2**16, np.uint8)
faults, times = [], []
for _ in range(60):
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_minflt, time.perf_counter()
    arrays = [np.full(1_730_560, 1, np.float32) for _ in range(5)]
    del arrays
    times.append((time.perf_counter() - started) * 1e3)
    faults.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
print(
    f"NumPy {np.__version__}, {' '.join(platform.libc_ver())}, {sys.argv[1]}: "
    f"{statistics.median(faults[20:])} page faults, {statistics.median(times[20:]):.1f} ms a step",
    file=sys.stderr,
)
print(round(statistics.median(faults[20:])))
PYTHON
clean=(env -u MALLOC_TRIM_THRESHOLD_ -u MALLOC_MMAP_THRESHOLD_ -u MALLOC_TOP_PAD_ -u GLIBC_TUNABLES)
plain=$("${clean[@]}" "$folder/env/bin/python" "$folder/step.py" plain)
freed=$("${clean[@]}" "$folder/env/bin/python" "$folder/step.py" freed)
[ "$plain" -gt 1000 ] && [ "$freed" -lt 100 ] || { echo "This has changed."; exit 1; }
