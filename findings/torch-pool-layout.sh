#!/usr/bin/env bash
# PyTorch 2.14.1 on a CPU: a 2×2 maximum takes several times as long in the usual layout.
#
# Maps that are stored channel by channel (contiguous, what every tensor starts as) are pooled number
# by number; stored pixel by pixel (channels_last) they are pooled in vectors, and the results are the
# same to the bit. Whoever times the layers of a small network finds pooling, which computes almost
# nothing, beside the convolutions.
#
# Seen, one thread, 64 images of 64 maps of 56×56, contiguous against channels_last:
#   AVX-512: 69 ms against 6; AVX2: 78 ms against 17. With ATEN_CPU_CAPABILITY=default, which turns
#   vectors off, 79 ms against 90: it is the vectors, and not the memory.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --no-compile --disable-pip-version-check torch==2.14.1 numpy==2.4.6
OMP_NUM_THREADS=1 "$folder/env/bin/python" - <<'PYTHON'
import statistics
import sys
import time

import torch

torch.set_num_threads(1)
usual = torch.rand(64, 64, 56, 56)
pixels = usual.to(memory_format=torch.channels_last)


def milliseconds(x: torch.Tensor) -> float:
    started = time.process_time()
    torch.nn.functional.max_pool2d(x, 2)
    return 1000 * (time.process_time() - started)


same = torch.equal(torch.nn.functional.max_pool2d(usual, 2), torch.nn.functional.max_pool2d(pixels, 2))
times = [(milliseconds(usual), milliseconds(pixels)) for _ in range(15)]
slow, quick = map(statistics.median, zip(*times))
print("PyTorch", torch.__version__, torch.backends.cpu.get_cpu_capability())
print(f"contiguous {slow:.0f} ms, channels_last {quick:.0f} ms: {slow / quick:.1f} times as long")
print("equal to the bit:", same)
sys.exit(0 if same and slow > 3 * quick else "This has changed.")
PYTHON
