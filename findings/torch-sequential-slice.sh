#!/usr/bin/env bash
# PyTorch 2.14.1: a slice of a Sequential in evaluation mode says that it is in training mode.
#
# net[:2] is a new container, and new containers begin with training=True. The layers inside are
# still in evaluation mode, so that the outputs are right; but code that asks the part whether it is
# in training is told that it is, and code that restores what it found by part.train(part.training)
# switches dropout and batch normalisation on.
#
# Seen: the slice True, its layers False; after part.train(part.training) the layers of the network
# that was sliced are True as well.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --no-compile --disable-pip-version-check torch==2.14.1 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
import sys

import torch
from torch import nn

net = nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.5), nn.ReLU()).eval()
part = net[:2]
before = part.training, [layer.training for layer in part]
part.train(part.training)
after = [layer.training for layer in net]
print("PyTorch", torch.__version__)
print("the slice:", before[0], "· its layers:", before[1])
print("the network's layers after part.train(part.training):", after)
expected = before == (True, [False, False]) and after == [True, True, False]
sys.exit(0 if expected else "This has changed.")
PYTHON
