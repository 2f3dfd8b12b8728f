#!/usr/bin/env bash
# ptflops 0.7.5: with the backend "pytorch" a ReLU that is a module is counted twice, one that is
# called as a function once.
#
# The module is counted, and so is the function that it calls. Two networks that compute the same
# get different counts, and the difference grows with the maps.
#
# Seen, ten inputs and five outputs with biases: dense layer alone 55, with F.relu 60, with
# nn.ReLU 65.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --no-compile --disable-pip-version-check \
  torch==2.14.1 ptflops==0.7.5 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
import contextlib
import io
import sys
from importlib.metadata import version

import ptflops
import torch
from torch import nn
from torch.nn import functional as F


class Called(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(10, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(self.layer(x))


def counted(network: nn.Module) -> int:
    with contextlib.redirect_stdout(io.StringIO()):
        found, _ = ptflops.get_model_complexity_info(
            network, (10,), as_strings=False, print_per_layer_stat=False, backend="pytorch"
        )
    return found


found = {
    "dense": counted(nn.Sequential(nn.Linear(10, 5))),
    "with F.relu": counted(Called()),
    "with nn.ReLU": counted(nn.Sequential(nn.Linear(10, 5), nn.ReLU())),
}
print("ptflops", version("ptflops"), found)
sys.exit(0 if [*found.values()] == [55, 60, 65] else "This has changed.")
PYTHON
