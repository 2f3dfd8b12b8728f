#!/usr/bin/env bash
# torchvision 0.29.1: rotate(image, 90) turns to the left, affine(image, 90, …) turns to the right.
#
# Both take an angle in degrees and live side by side. Whoever replaces one by the other, to shift as
# well, mirrors the sense of every turn. With angles drawn evenly from both sides nobody notices;
# with boxes or points that must turn along, they end up elsewhere.
#
# Seen: a bright pixel at the top left is at the bottom left after rotate, at the top right after
# affine; both in transforms.functional and in transforms.v2.functional.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --no-compile --disable-pip-version-check \
  torch==2.14.1 torchvision==0.29.1 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
import sys

import torch
import torchvision
from torchvision.transforms import functional as v1
from torchvision.transforms.v2 import functional as v2

image = torch.zeros(1, 3, 3)
image[0, 0, 0] = 1
PLACES = {(0, 0): "top left", (0, 2): "top right", (2, 0): "bottom left", (2, 2): "bottom right"}


def place(turned: torch.Tensor) -> str:
    return PLACES[tuple(divmod(turned[0].argmax().item(), 3))]


found = {}
for name, tool in (("v1", v1), ("v2", v2)):
    left = place(tool.rotate(image, 90))
    right = place(tool.affine(image, 90, [0, 0], 1.0, [0.0, 0.0]))
    found[name] = left, right
print("torchvision", torchvision.__version__, "(rotate, affine):", found)
expected = ("bottom left", "top right")
sys.exit(0 if all(pair == expected for pair in found.values()) else "This has changed.")
PYTHON
