"""Steppers leave the C library with memory at hand for the next step."""

import os
import platform
import subprocess
import sys

import pytest

STEPS = """
import resource

import numpy as np



def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def step():  # of a batch of 256 with ten maps of 26 by 26 pixels
    arrays = [np.full((256, 10, 26, 26), 1, np.float32) for _ in range(5)]
    del arrays


STEPPER
for _ in range(20):
    step()
before = faults()
for _ in range(20):
    step()
print(faults() - before)
"""
STEPPERS = {
    "NumPy": "from cnnlab import scratch; from cnnlab.scratch import nets; scratch.Stepper(nets.Chain())",
    "PyTorch": "from cnnlab import pytorch; from torch import nn; pytorch.Stepper(nn.Linear(3, 2))",
}


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other libraries do not adapt so")
@pytest.mark.parametrize("stepper", STEPPERS.values(), ids=STEPPERS)
def test_memory_of_a_step_is_at_hand_in_the_next(stepper):
    """Without help each step would touch 35 MB of new memory, page by page."""
    ours = ("MALLOC_", "GLIBC_TUNABLES")  # what would set the library otherwise
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    command = [sys.executable, "-c", STEPS.replace("STEPPER", stepper)]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert int(run.stdout) < 1000
