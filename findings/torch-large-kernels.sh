#!/usr/bin/env bash
# PyTorch 2.14.1 on the CPU: conv2d takes no Fourier transform, however large the kernel is.
#
# Its time grows with the pixels of the kernel. The same sums by torch.fft, with maps and kernels filled up
# to a common size and one product of matrices for each frequency, take five times as long for a 7×7
# kernel, but less than half as long for one of 31×31.
#
# Seen, one thread, 32 to 32 channels, 64×64 outputs, batch of 4:
#   7×7 kernels: conv2d 15 ms, torch.fft 80 ms; 31×31 kernels: conv2d 286 ms, torch.fft 120 ms.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --no-compile --disable-pip-version-check \
  numpy==2.4.6 torch==2.14.1
"$folder/env/bin/python" - <<'PYTHON'
import statistics
import sys
import time

import torch

torch.set_num_threads(1)
torch.manual_seed(0)
IMAGES, CHANNELS, SIDE = 4, 32, 64


def by_waves(x, weight):
    """Cross-correlation: the product of all frequencies with the conjugate of the kernel's."""
    side = -(-x.shape[2] // 16) * 16
    waves = torch.fft.rfft2(x, (side, side)).permute(2, 3, 0, 1)
    kernels = torch.fft.rfft2(weight, (side, side)).conj().permute(2, 3, 1, 0)
    sums = (waves @ kernels).permute(2, 3, 0, 1)
    return torch.fft.irfft2(sums, (side, side))[..., :SIDE, :SIDE]


def seconds(call) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


print("PyTorch", torch.__version__, torch.backends.cpu.get_cpu_capability())
times = {}
for k in (7, 31):
    x = torch.randn(IMAGES, CHANNELS, SIDE + k - 1, SIDE + k - 1)
    weight = torch.randn(CHANNELS, CHANNELS, k, k)
    ways = lambda: torch.conv2d(x, weight), lambda: by_waves(x, weight)
    directly, waves = (way() for way in ways)
    torch.testing.assert_close(waves, directly, rtol=1e-3, atol=1e-3 * directly.abs().max().item())
    rounds = [[seconds(way) for way in ways] for _ in range(9)]
    times[k] = [statistics.median(some) * 1e3 for some in zip(*rounds)]
    print(f"{k}×{k} kernels: conv2d {times[k][0]:.0f} ms, torch.fft {times[k][1]:.0f} ms")
grows = times[31][0] / times[7][0]
print(f"conv2d takes {grows:.1f} times as long for {31**2 / 7**2:.1f} times as many pixels of a kernel")
sys.exit(0 if grows > 8 and times[31][0] > 1.5 * times[31][1] else "This has changed.")
PYTHON
