"""PyTorch twins: the same specification as an ``nn.Module`` with the same names."""

from cnnlab.pytorch.build import build
from cnnlab.pytorch.stepper import Stepper

__all__ = ["Stepper", "build"]
