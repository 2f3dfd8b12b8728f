#!/usr/bin/env bash
# NumPy 2.4.6: copying maps to channels last takes several times as long for each number where a map is
# a multiple of 4096 bytes: 64×64 and 224×224 in float32, but not 56×56.
#
# The same pixel of all channels is read together then, and such addresses share a few lines of a cache,
# so that each line is fetched again for each of its sixteen numbers. Eight channels at a time take a
# quarter of the time of all 64 there, and longer than all 64 elsewhere.
#
# Seen, one thread, 64 channels, nanoseconds a number, all at once and eight channels at a time:
#   56×56 0.34 and 0.61; 64×64 2.84 and 0.61; 8 rows of 224×224 2.82 and 0.61.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --no-compile --disable-pip-version-check numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
import statistics
import sys
import time

import numpy as np

CHANNELS = 64


def nanoseconds(maps, out, together) -> float:
    """Processor time for each number that is copied, so many channels together."""
    started = time.process_time()
    for _ in range(20):
        for start in range(0, CHANNELS, together):
            some = slice(start, start + together)
            out[..., some] = maps[some].transpose(1, 2, 0)
    return (time.process_time() - started) / 20 / out.size * 1e9


print("NumPy", np.__version__)
times = {}
for side, rows in ((56, 56), (64, 64), (224, 8)):
    maps = np.random.default_rng(0).standard_normal((CHANNELS, side, side), np.float32)[:, :rows]
    out = np.empty((rows, side, CHANNELS), np.float32)
    rounds = [[nanoseconds(maps, out, together) for together in (64, 8)] for _ in range(15)]
    np.testing.assert_array_equal(out, np.moveaxis(maps, 0, 2))
    whole, eight = map(statistics.median, zip(*rounds))
    times[side] = whole, eight
    print(f"{rows} rows of {side}×{side}: {whole:.2f} ns a number, {eight:.2f} ns by eight channels")
slow = all(times[side][0] > 2 * times[56][0] for side in (64, 224))
helped = all(times[side][1] < 0.6 * times[side][0] for side in (64, 224))
sys.exit(0 if slow and helped else "This has changed.")
PYTHON
