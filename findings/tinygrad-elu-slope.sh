#!/usr/bin/env bash
# tinygrad 0.14.0: the slope of ELU at 0 is 0, although the function has the slope 1 on both sides.
#
# It is computed as relu(x) − relu(1 − exp(x)), and at 0 each relu answers 0. ELU is smooth there,
# so no choice is open: just left and right of 0 tinygrad says 1 itself. A unit whose input is exactly
# 0, as with zero biases behind padding, gets no gradient. CELU, written another way, answers 1.
#
# Seen: slope of ELU at −1e-3, 0 and 1e-3: 0.999, 0, 1; of CELU 0.999, 1, 1.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
  tinygrad==0.14.0 numpy==2.4.6
DEV=PYTHON "$folder/env/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

from tinygrad import Tensor


def slopes(name: str) -> list[float]:
    x = Tensor([-1e-3, 0.0, 1e-3])
    return [round(s, 4) for s in getattr(x, name)().sum().gradient(x)[0].numpy().tolist()]


found = {name: slopes(name) for name in ("elu", "celu")}
print("tinygrad", version("tinygrad"), found)
expected = {"elu": [0.999, 0, 1], "celu": [0.999, 1, 1]}
sys.exit(0 if found == expected else "This has changed.")
PYTHON
