#!/usr/bin/env bash
# PyTorch 2.14.1: NAdam computes one of its factors in float32 for weights in float64.
#
# It keeps the product of its momenta so far, mu_product, in a tensor of the default dtype. Its other
# two states take on the dtype of the weight. So a run in float64, made to check another
# implementation, agrees with it to nine digits and no further.
#
# Seen: mu_product float32, exp_avg and exp_avg_sq float64; ten steps differ from the same ten with a
# default dtype of float64 by more than 1e-9 of their length; Adam's do not differ at all.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --no-compile --disable-pip-version-check torch==2.14.1 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
import sys

import torch


def walked(rule: type, default: torch.dtype) -> tuple[float, dict[str, str]]:
    torch.set_default_dtype(default)
    weight = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer = rule([weight], lr=0.1)
    for step in range(10):
        weight.grad = torch.tensor([1.0 + step], dtype=torch.float64)
        optimizer.step()
    kinds = {name: str(value.dtype) for name, value in optimizer.state[weight].items()}
    return weight.item(), kinds


print("PyTorch", torch.__version__)
gaps = {}
for rule in (torch.optim.Adam, torch.optim.NAdam):
    (narrow, kinds), (wide, _) = (walked(rule, kind) for kind in (torch.float32, torch.float64))
    gaps[rule.__name__] = abs(narrow / wide - 1)
    print(f"{rule.__name__}: apart by {gaps[rule.__name__]:.1e} after ten steps; {kinds}")
kept = kinds["mu_product"] == "torch.float32" and kinds["exp_avg"] == "torch.float64"
sys.exit(0 if kept and gaps["Adam"] == 0 and gaps["NAdam"] > 1e-9 else "This has changed.")
PYTHON
