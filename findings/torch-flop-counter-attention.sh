#!/usr/bin/env bash
# PyTorch 2.14.1: FlopCounterMode finds nothing to count in MultiheadAttention in evaluation mode
# without gradients, where a model is usually counted.
#
# The layer then takes a fast path, one call that the counter does not know, and it does not say so.
# In training mode, or with the fast path switched off, the same layer counts 2,560.
#
# Seen, 8 features, 2 heads, 5 tokens: training 2,560, evaluation 0, without the fast path 2,560.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --no-compile --disable-pip-version-check torch==2.14.1 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
import sys

import torch
from torch.utils.flop_counter import FlopCounterMode

tokens = torch.zeros(1, 5, 8)


def counted(training: bool, fast: bool) -> int:
    torch.backends.mha.set_fastpath_enabled(fast)
    layer = torch.nn.MultiheadAttention(8, 2, batch_first=True).train(training)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        layer(tokens, tokens, tokens, need_weights=False)
    return counter.get_total_flops()


found = {
    "training": counted(training=True, fast=True),
    "evaluation": counted(training=False, fast=True),
    "evaluation without the fast path": counted(training=False, fast=False),
}
print("PyTorch", torch.__version__, found)
sys.exit(0 if [*found.values()] == [2560, 0, 2560] else "This has changed.")
PYTHON
