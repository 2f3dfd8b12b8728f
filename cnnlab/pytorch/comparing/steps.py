"""What each layer of a network made of an input, in the order of computation."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from cnnlab.pytorch.rows import module_of
from cnnlab.scratch.layers import FunctionLayer
from cnnlab.scratch.nets import Net

KINDS = {
    "output": ("output",),
    "transposed": ("convtranspose", "transpos"),
    "conv": ("conv",),
    "norm": ("norm", "lrn"),
    "pool": ("pool", "subsampl"),
    "recurrent": ("lstm", "gru", "rnn"),
    "dense": ("linear", "dense", "gemm", "matmul"),
    "flatten": ("flatten", "reshape"),
    "dropout": ("drop",),
    "pad": ("pad",),
    "resize": ("upsampl", "resize"),
    "embedding": ("embed", "gather"),
    "join": ("add", "concat", "mul"),
}
"""Kinds of layers, each with parts of the names that libraries give them; the first that fits."""


@dataclass(frozen=True)
class Step:
    """One layer at work.

    Attributes
    ----------
    name : str
        Where it stands in the network.
    what : str
        What it is called there, such as Conv2d.
    x, y : (N, ...) torch.Tensor
        What entered and what left.
    module : torch.nn.Module or None
        The layer in PyTorch, where it can be run again.
    """

    name: str
    what: str
    x: Tensor
    y: Tensor
    module: nn.Module | None = None

    @property
    def kind(self) -> str:
        """What sort of layer it is; an activation if nothing else."""
        if self.module is not None and any(True for _ in self.module.children()):
            return "join"
        name = self.what.lower()
        found = (kind for kind, parts in KINDS.items() if any(part in name for part in parts))
        return next(found, "activation")

    def __str__(self) -> str:
        return f"{self.name} ({self.what})"


def tensors(module: nn.Module, x: Tensor, training: bool) -> tuple[list[Step], nn.Module]:
    """Steps of a PyTorch module, and the copy that made them."""
    running = prepared(module, x, training)
    found: list[Step] = []

    def note(name: str) -> Any:
        def hook(part: nn.Module, inputs: tuple[Any, ...], output: Any) -> None:
            entered, left = _first(inputs), _first(output)
            if entered is not None and left is not None:
                found.append(Step(name, type(part).__name__, entered, left.clone(), part))

        return hook

    hooks = []
    for name, part in running.named_modules():
        # Leaves, and blocks with a forward pass of their own, at whose end branches may meet.
        whole = not any(True for _ in part.children())
        if whole or (name and not isinstance(part, nn.Sequential)):
            hooks.append(part.register_forward_hook(note(name or "network")))
    with torch.no_grad():
        output = _first(running(x))
    for handle in hooks:  # the parts will be run again, and then nobody is to take notes
        handle.remove()
    if output is not None:
        last = found[-1].y if found else x
        found.append(Step("output", "output", last, output))
    return found, running


def prepared(module: nn.Module, x: Tensor, training: bool) -> nn.Module:
    """A copy in double precision, whose dropout rests."""
    running = copy.deepcopy(module).to("cpu").double().train(training)
    for part in running.modules():
        if "dropout" in type(part).__name__.lower():
            part.eval()
        if hasattr(part, "inplace"):  # else a layer would overwrite what another one noted
            setattr(part, "inplace", False)  # noqa: B010 - no attribute of every module
    return running


def arrays(network: Any, x: Tensor, training: bool) -> list[Step]:
    """Steps of a NumPy network; each layer comes with its PyTorch module."""
    running = copy.deepcopy(network)
    found: list[Step] = []
    for name, layer in _leaves(running, ""):
        for kept in (layer.params, layer.buffers):
            for key, value in kept.items():
                if value.dtype == np.float32:
                    kept[key] = value.astype(np.float64)
        layer.forward = _noting(layer, name, found)
    output = torch.as_tensor(running.forward(x.numpy(), training=training))
    found.append(Step("output", "output", found[-1].y if found else x, output))
    return found


def _noting(layer: Any, name: str, found: list[Step]) -> Any:
    forward, module = layer.forward, twin(layer)

    def noted(x: Any, *, training: bool = False) -> Any:
        drops = "Drop" in type(getattr(layer, "row", layer)).__name__
        y = forward(x, training=training and not drops)
        what = type(getattr(layer, "row", layer)).__name__
        found.append(Step(name, what, torch.as_tensor(x), torch.as_tensor(y).clone(), module))
        return y

    return noted


def twin(layer: Any) -> nn.Module | None:
    """The PyTorch module of a NumPy layer, with its numbers."""
    if not isinstance(layer, FunctionLayer):
        return None
    module = module_of(layer.row, layer.in_shape).double().eval()
    state = {key: torch.as_tensor(array) for key, array in layer.arrays().items()}
    module.load_state_dict(state, strict=False)  # without the count of batches
    return module


def _leaves(layer: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(layer, Net):
        for name, child in layer.children.items():
            yield from _leaves(child, f"{path}.{name}".lstrip("."))
    else:
        yield path or "network", layer


def _first(value: Any) -> Tensor | None:
    """The first tensor of what a module takes or returns."""
    while isinstance(value, tuple | list) and value:
        value = value[0]
    return value if isinstance(value, Tensor) else None


def unfolded(x: Tensor, axis: int, sizes: tuple[int, ...]) -> Tensor:
    """One axis made into several."""
    axis %= x.ndim
    return x.reshape(*x.shape[:axis], *sizes, *x.shape[axis + 1 :])
