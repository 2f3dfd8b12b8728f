#!/usr/bin/env bash
# PyTorch 2.14.1: FlopCounterMode counts the weight gradient of a grouped convolution as if there
# were no groups.
#
# With 4 groups each filter reads a quarter of the channels, so that the forward pass, the gradient
# of the input and the gradient of the weights cost a quarter each. The counter divides the first
# two by the groups and not the third, which for a depthwise convolution is most of the total.
#
# Seen, 8 filters of 3×3 on 8×10×10: without groups 73,728 forward and three times that with the
# backward pass; with 4 groups 18,432 forward and six times that.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --no-compile --disable-pip-version-check torch==2.14.1 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
import sys

import torch
from torch.utils.flop_counter import FlopCounterMode


def counted(groups: int) -> tuple[int, int]:
    layer = torch.nn.Conv2d(8, 8, 3, groups=groups)
    x = torch.zeros(1, 8, 10, 10, requires_grad=True)
    with FlopCounterMode(display=False) as forward:
        layer(x)
    with FlopCounterMode(display=False) as both:
        layer(x).sum().backward()
    return forward.get_total_flops(), both.get_total_flops()


print("PyTorch", torch.__version__)
found = {groups: counted(groups) for groups in (1, 4)}
for groups, (forward, both) in found.items():
    print(f"{groups} groups: forward {forward:,}, with backward {both:,}, {both / forward:g} times")
expected = {1: (73_728, 221_184), 4: (18_432, 110_592)}
sys.exit(0 if found == expected else "This has changed.")
PYTHON
