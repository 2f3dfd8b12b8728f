#!/usr/bin/env bash
# NumPy 2.4.6: ascontiguousarray may return an array with a negative stride.
#
# An axis of length 1 has no next element, so its stride means nothing, and the array counts as
# contiguous whatever the stride is. It is returned as it came, negative stride and all. Libraries
# that look at the strides refuse it: torch.from_numpy asks for a copy, which is what
# ascontiguousarray was called for. A batch of one that was flipped is such an array.
#
# Seen: flipped and then contiguous, shape (2, 3) has strides 24, 8, shape (1, 3) −24, 8; PyTorch
# 2.14.1 takes the first and refuses the second, and takes np.array(x, order="C").
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check torch==2.14.1 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
import sys

import numpy as np
import torch


def taken(x: np.ndarray) -> bool:
    try:
        torch.from_numpy(x)
    except ValueError as error:
        print("   ", str(error).split(".")[0])
        return False
    return True


print("NumPy", np.__version__, "· PyTorch", torch.__version__)
found = []
for length in (2, 1):
    flipped = np.zeros((length, 3))[::-1]
    whole = np.ascontiguousarray(flipped)
    found.append((whole.strides, taken(whole), taken(np.array(flipped, order="C"))))
    print(f"length {length}: strides {whole.strides}, contiguous {whole.flags.c_contiguous}")
expected = [((24, 8), True, True), ((-24, 8), False, True)]
sys.exit(0 if found == expected else "This has changed.")
PYTHON
