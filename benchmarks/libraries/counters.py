"""Programs that count multiplications, each in its own unit."""

import contextlib
import io
import logging
import warnings
from typing import Any

import ptflops
import thop
import torch
import torchinfo
from fvcore.nn import FlopCountAnalysis
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from tests.conventions.asking import Question

logging.getLogger("fvcore").setLevel(logging.ERROR)
IMAGE = (1, 3, 32, 32)


def networks() -> dict[str, tuple[nn.Module, tuple[int, ...]]]:
    norm = nn.Sequential(nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2))
    return {
        "count-conv": (nn.Sequential(nn.Conv2d(3, 8, 3)), IMAGE),
        "count-norm": (norm, (1, 8, 30, 30)),
        "count-dense": (nn.Sequential(nn.Linear(10, 5)), (1, 10)),
        "count-sequence": (nn.Sequential(nn.Linear(10, 5)), (1, 7, 10)),
        "count-grouped": (nn.Sequential(nn.Conv2d(8, 8, 3, groups=4)), (1, 8, 32, 32)),
        "count-transposed": (nn.Sequential(nn.ConvTranspose2d(3, 4, 3, 2)), (1, 3, 8, 8)),
        "count-lstm": (nn.Sequential(nn.LSTM(3, 4, batch_first=True)), (1, 5, 3)),
        "count-attention": (Attention(), (1, 5, 8)),
        "count-double": (nn.Sequential(nn.Linear(10, 5), nn.ReLU(), nn.ReLU()), (1, 10)),
    }


class Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, x: Any) -> Any:
        return self.attention(x, x, x, need_weights=False)[0]


def by_torchinfo(module: nn.Module, shape: tuple[int, ...]) -> int:
    return torchinfo.summary(module, shape, verbose=0).total_mult_adds


def by_fvcore(module: nn.Module, shape: tuple[int, ...]) -> int:
    return FlopCountAnalysis(module, torch.zeros(shape)).total()


def by_ptflops(module: nn.Module, shape: tuple[int, ...]) -> int:
    with contextlib.redirect_stdout(io.StringIO()):
        found, _ = ptflops.get_model_complexity_info(
            module, shape[1:], as_strings=False, print_per_layer_stat=False, backend="pytorch"
        )
    return found


def by_thop(module: nn.Module, shape: tuple[int, ...]) -> int:
    found, _ = thop.profile(module, inputs=(torch.zeros(shape),), verbose=False)
    return int(found)


def by_pytorch(module: nn.Module, shape: tuple[int, ...]) -> int:
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        module(torch.zeros(shape))
    return counter.get_total_flops()


def counts(program: Any) -> dict[str, Question]:
    def ask(row: str) -> int:
        module, shape = networks()[row]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return program(module.eval(), shape)

    return {row: lambda row=row: ask(row) for row in networks()}


LIBRARIES = {
    "torchinfo": counts(by_torchinfo),
    "fvcore": counts(by_fvcore),
    "ptflops": counts(by_ptflops),
    "thop": counts(by_thop),
    "PyTorch's FlopCounterMode": counts(by_pytorch),
}
