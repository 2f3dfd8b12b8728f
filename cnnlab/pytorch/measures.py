"""Losses and metrics of a batch, with sentences where PyTorch or a broadcast would surprise."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from cnnlab.scratch.batch_metrics import Share
from cnnlab.scratch.gate import unknown_loss

Measure: TypeAlias = Callable[[Tensor, Tensor], Any]

LOSSES: dict[str, Measure] = {
    "cross-entropy": nn.functional.cross_entropy,
    "binary-cross-entropy": nn.functional.binary_cross_entropy_with_logits,
    "mse": nn.functional.mse_loss,
    "mae": nn.functional.l1_loss,
}


class NoSurprise(TorchFunctionMode):
    """Refuses a loss that lines (N, 1) outputs up with (N,) targets: each with all of them.

    PyTorch stretches one axis of length 1 to the other's N, and compares every output with every
    target; the loss falls, and the network learns the mean.
    """

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        shapes = [tuple(a.shape) for a in args[:2] if isinstance(a, Tensor)]
        if len(shapes) == 2 and _differ_by_an_axis(*shapes):
            name = getattr(func, "__name__", "")
            larger = isinstance(result, Tensor) and result.numel() > args[0].numel()
            if larger or "loss" in name or "cross_entropy" in name:
                raise SurpriseError(*shapes)
        return result


class SurpriseError(ValueError):
    """Two shapes that differ by an axis of length 1 only."""

    def __init__(self, first: tuple[int, ...], second: tuple[int, ...]) -> None:
        super().__init__(
            f"it lines {first} up with {second}, which compares every example with every other"
        )


def read_loss(loss: Any) -> tuple[str, Measure]:
    """Name, empty for a function of one's own, and function."""
    if isinstance(loss, type):
        raise TypeError(
            f"Stepper: loss must be a function, but {loss.__name__} is a class. "
            f"Put brackets after it: {loss.__name__}()."
        )
    if callable(loss):
        return "", loss
    if not isinstance(loss, str) or loss not in LOSSES:
        raise unknown_loss(
            loss, LOSSES, "a function", "Pass for example torch.nn.functional.huber_loss."
        )
    return loss, LOSSES[loss]


def evaluate(measures: Mapping[str, Measure], outputs: Tensor, targets: Tensor) -> dict[str, Any]:
    """Value of each measure; an error names it, and the shapes that it was given."""
    values: dict[str, Any] = {}
    for name, measure in measures.items():
        try:
            value = measure(outputs, targets)
            pair = isinstance(value, tuple)
            parts = tuple(map(torch.as_tensor, value if pair else (value,)))
            if any(part.ndim for part in parts):
                raise ValueError(f"it returned shape {tuple(value.shape)}, not one number")
            values[name] = parts if pair else parts[0]
        except torch.cuda.OutOfMemoryError:
            raise
        except (RuntimeError, ValueError, IndexError, TypeError) as error:
            raise ValueError(_sentence(name, measure, outputs, targets, error)) from error
    return values


def numbers(values: Mapping[str, Any]) -> dict[str, float]:
    """Plain numbers, in one transfer: each one of its own would make the device wait."""
    flat = [
        t for value in values.values() for t in (value if isinstance(value, tuple) else (value,))
    ]
    device = values["loss"].device
    plain = iter(torch.stack([t.detach().to(device) for t in flat]).tolist())
    return {
        name: Share(next(plain), next(plain)) if isinstance(value, tuple) else next(plain)
        for name, value in values.items()
    }


def backward(loss: Tensor) -> None:
    """Compute the gradients of all weights."""
    try:
        loss.backward()  # type: ignore[no-untyped-call]
    except RuntimeError as error:
        if loss.requires_grad:
            raise
        raise ValueError(
            "Stepper: the loss must depend on weights that are trained, but it depends on none. "
            "Set requires_grad of some parameters, and let the loss work on tensors throughout."
        ) from error


def check_logits(outputs: Tensor) -> None:
    """Refuse outputs that went through a softmax already."""
    values = outputs.detach()
    if bool((values >= 0).all()) and bool(((values.sum(dim=1) - 1).abs() < 1e-4).all()):
        raise ValueError(
            "Stepper: cross-entropy takes logits, but the outputs are already probabilities. "
            "Remove the softmax at the end of the module."
        )


def _differ_by_an_axis(first: tuple[int, ...], second: tuple[int, ...]) -> bool:
    long_axes = [tuple(n for n in shape if n != 1) for shape in (first, second)]
    return len(first) != len(second) and long_axes[0] == long_axes[1] != ()


def _sentence(
    name: str, measure: Measure, outputs: Tensor, targets: Tensor, error: Exception
) -> str:
    function = getattr(measure, "__name__", type(measure).__name__)
    what = "the loss" if name == "loss" else "the metric"
    kinds = [f"{str(t.dtype).removeprefix('torch.')} {tuple(t.shape)}" for t in (outputs, targets)]
    reason = " ".join(str(error).split()).removesuffix(".")
    return (
        f"Stepper: {what} {function} must be able to compare outputs, {kinds[0]}, with targets, "
        f"{kinds[1]}, but cannot: {reason}. {_cure(outputs, targets)}"
    )


def _cure(outputs: Tensor, targets: Tensor) -> str:
    if targets.shape != outputs.shape and _differ_by_an_axis(
        tuple(targets.shape), tuple(outputs.shape)
    ):
        return f"Give the targets the shape of the outputs: y.reshape{tuple(outputs.shape)}."
    if not targets.is_floating_point() and targets.shape == outputs.shape:
        return "Give the targets as floats: y.astype(np.float32)."
    return "It is called as function(outputs, targets), and returns the batch's mean."
