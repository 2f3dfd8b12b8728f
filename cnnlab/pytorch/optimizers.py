"""PyTorch's optimisers by name."""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from cnnlab.scratch.optim import DEFAULT_LR, by_name
from cnnlab.scratch.optim.base import check_rate

OPTIMIZERS: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "adagrad": torch.optim.Adagrad,
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "nadam": torch.optim.NAdam,
    "rmsprop": torch.optim.RMSprop,
    "sgd": torch.optim.SGD,
}


def make(module: nn.Module, optimizer: Any, lr: float | None) -> torch.optim.Optimizer:
    """The optimiser of a module, by name, by function, or one that exists already."""
    parameters = list(module.parameters())
    if not parameters:
        raise ValueError(
            f"Stepper: the module must have parameters to train, but {type(module).__name__} has "
            "none. Give it a layer with weights, such as nn.Linear."
        )
    if lr is not None:
        check_rate("Stepper: lr", lr)
    if isinstance(optimizer, torch.optim.Optimizer):
        if lr is not None:
            raise ValueError(
                f"Stepper: an Optimizer has its own learning rate, lr={lr} cannot be given too. "
                "Give lr to one of them."
            )
        held = {id(p) for group in optimizer.param_groups for p in group["params"]}
        if held.isdisjoint(id(p) for p in parameters):
            raise ValueError(
                "Stepper: the optimizer must hold the module's parameters, but holds none of them. "
                "Build it from module.parameters()."
            )
        return optimizer
    if callable(optimizer):
        settings = {"lr": DEFAULT_LR if lr is None else lr}
    else:
        rule, settings = by_name(optimizer, lr)
        optimizer = OPTIMIZERS[rule]
    built: torch.optim.Optimizer = optimizer(parameters, **settings)
    return built
