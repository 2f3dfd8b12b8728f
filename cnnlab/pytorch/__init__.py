"""PyTorch twins: the same specification as an ``nn.Module`` with the same names."""

from cnnlab.pytorch.build import build
from cnnlab.pytorch.comparing import compare
from cnnlab.pytorch.decay import decay_groups
from cnnlab.pytorch.stepper import Stepper
from cnnlab.pytorch.transfer import copy_by_order, load_by_order

__all__ = ["Stepper", "build", "compare", "copy_by_order", "decay_groups", "load_by_order"]
