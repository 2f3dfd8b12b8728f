"""A network is asked: one score for each image, and nothing of the network changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

import torch
from torch import Tensor, nn

Target: TypeAlias = int | Tensor


def scores(logits: Tensor, target: Target) -> Tensor:
    """Logit of the class asked about, for each image.

    Parameters
    ----------
    logits : (N, classes) Tensor
    target : int or (N,) integer Tensor

    Returns
    -------
    (N,) Tensor

    Raises
    ------
    ValueError
        If there is no such class, or not one for each image.

    Examples
    --------
    >>> scores(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([1, 0]))
    tensor([2., 3.])
    """
    if logits.ndim != 2:
        raise ValueError(
            f"the network must give (N, classes) logits, not {tuple(logits.shape)}. "
            "Flatten its output."
        )
    count, classes = logits.shape
    wanted = torch.as_tensor(target, device=logits.device)
    if wanted.shape not in ((), (count,)):
        raise ValueError(
            f"target must be one class, or one for each of {count} images, not of shape "
            f"{tuple(wanted.shape)}. Pass an int or an (N,) tensor."
        )
    if wanted.is_floating_point() or wanted.min() < 0 or wanted.max() >= classes:
        raise ValueError(
            f"target must be a class from 0 to {classes - 1}, not {target}. "
            "Pass its number in the order of the logits."
        )
    return logits.gather(1, wanted.expand(count)[:, None])[:, 0]


@contextmanager
def at_rest(net: nn.Module) -> Iterator[None]:
    """In evaluation mode and able to compute gradients; every mode comes back."""
    modes = [(module, module.training) for module in net.modules()]
    net.eval()
    try:
        with torch.inference_mode(False), torch.enable_grad():
            yield
    finally:
        for module, training in modes:
            module.training = training


def leaf(x: Tensor) -> Tensor:
    """A copy that gradients are computed for."""
    if not x.is_floating_point():
        raise TypeError(
            f"x must hold floating-point numbers, not {x.dtype}. Scale images as in training."
        )
    return x.detach().clone().requires_grad_()


def check_images(x: Tensor) -> None:
    """Refuse what has no height and width."""
    if x.ndim != 4:
        raise ValueError(
            f"x must be (N, C, H, W) images, not {tuple(x.shape)}. Add a batch axis with x[None]."
        )
