#!/usr/bin/env bash
# PyTorch 2.14.1: the slope of hardsigmoid has only float32's digits, in float64 too.
#
# The function is the line x/6 + 1/2 between −3 and 3. Its values are exact in float64, but the slope
# is 1/6 rounded to float32. A check of gradients in float64 at a fine tolerance fails on it, and
# looks like a mistake in one's own layer. hardswish, a product with the same line, is exact.
#
# Seen: slope of hardsigmoid at ½ less 1/6: 5.0e-9; that of the same line by relu6: below 1e-15.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --no-compile --disable-pip-version-check torch==2.14.1 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
import sys

import torch
from torch.nn import functional as F


def slope(function) -> float:
    x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
    function(x).backward()
    return x.grad.item()


found = slope(F.hardsigmoid) - 1 / 6
by_hand = slope(lambda x: F.relu6(x + 3) / 6) - 1 / 6
print("PyTorch", torch.__version__, f"hardsigmoid: {found:.1e}, relu6: {by_hand:.1e} from 1/6")
sys.exit(0 if 4e-9 < abs(found) < 6e-9 and abs(by_hand) < 1e-15 else "This has changed.")
PYTHON
