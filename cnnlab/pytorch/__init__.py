"""PyTorch twins: the same specification as an ``nn.Module`` with the same names."""

from cnnlab.pytorch.build import build

__all__ = ["build"]
