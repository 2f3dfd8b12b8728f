"""Activations: two libraries may mean two functions by one name, or one adds what the other lacks."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from cnnlab.pytorch.comparing.steps import Step

GATES: dict[str, Callable[[Tensor], Tensor]] = {
    "ReLU": F.relu,
    "GELU with erf": F.gelu,
    "GELU in its tanh form": lambda z: F.gelu(z, approximate="tanh"),
    "GELU as z·σ(1.702 z)": lambda z: z * torch.sigmoid(1.702 * z),
    "SiLU": F.silu,
    "hard swish": F.hardswish,
    "leaky ReLU with slope 0.01": F.leaky_relu,
    "leaky ReLU with slope 0.2": lambda z: F.leaky_relu(z, 0.2),
    "leaky ReLU with slope 0.3": lambda z: F.leaky_relu(z, 0.3),
    "leaky ReLU with slope 0.1": lambda z: F.leaky_relu(z, 0.1),
    "ReLU6": F.relu6,
    "ELU": F.elu,
    "SELU": F.selu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "LeCun's 1.7159·tanh(2z/3)": lambda z: 1.7159 * torch.tanh(2 / 3 * z),
    "hard sigmoid with slope 1/6": lambda z: F.relu6(z + 3) / 6,
    "hard sigmoid with slope 0.2": lambda z: (0.2 * z + 0.5).clamp(0, 1),
    "softplus": F.softplus,
    "softsign": F.softsign,
    "softmax over axis 1": lambda z: torch.softmax(z, 1),
    "softmax over the last axis": lambda z: torch.softmax(z, -1),
    "log softmax": lambda z: torch.log_softmax(z, 1),
}


def activation(step: Step) -> Iterator[tuple[str, Tensor]]:
    """Other activations on the same input."""
    yield f"has no {step.what} here", step.x
    for name, gate in GATES.items():
        yield f"computes {name}", gate(step.x)


def added(y: Tensor) -> Iterator[tuple[str, Tensor]]:
    """What theirs would give if an activation belonged to its layer."""
    for name, gate in GATES.items():
        if name not in ("softsign", "softplus"):
            yield f"applies {name} to the layer's output", gate(y)


def dropout(step: Step) -> Iterator[tuple[str, Tensor]]:
    """Dropout that scales when it rests."""
    module: Any = step.module
    yield f"multiplies by {1 - module.p:g} when it rests", step.x * (1 - module.p)
    yield f"divides by {1 - module.p:g} when it rests", step.x / max(1 - module.p, 1e-9)


def resize(step: Step) -> Iterator[tuple[str, Tensor]]:
    """Upsampling by another rule."""
    size = tuple(step.y.shape[2:])
    yield "repeats the nearest pixel", F.interpolate(step.x, size, mode="nearest")
    smooth = {3: "linear", 4: "bilinear", 5: "trilinear"}[step.x.ndim]
    for corners, words in ((False, "pixels' areas"), (True, "their corner pixels")):
        y = F.interpolate(step.x, size, mode=smooth, align_corners=corners)
        yield f"interpolates and aligns {words}", y
    if step.x.ndim == 4:
        yield "interpolates by cubic pieces", F.interpolate(step.x, size, mode="bicubic")
