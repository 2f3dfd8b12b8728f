"""Networks whose topmost layers have forgotten what they learned."""

from copy import deepcopy

import torch
from torch import nn


def depth(net: nn.Module) -> int:
    """How many layers have weights: what :func:`randomized` counts.

    Parameters
    ----------
    net : torch.nn.Module

    Examples
    --------
    >>> depth(nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 2, 3)))
    2
    """
    return len(_with_weights(_owners(net)))


def randomized(net: nn.Module, layers: int, seed: int = 0) -> nn.Module:
    """Copy a network and shuffle the weights of its topmost layers.

    A map that hardly changes says little of what the network has learned. Shuffled, the numbers
    are as large as before, and only their places are random: drawn afresh, the weights of a deep
    network that relies on its normalisation would let the signal die out.

    Parameters
    ----------
    net : torch.nn.Module
        Left alone; its modules should be in the order in which the input passes them.
    layers : int
        0 to :func:`depth`; batch norms above the lowest one are shuffled too.
    seed : int
        Of the shuffling. With one seed, more layers leave those above as they are.

    Returns
    -------
    torch.nn.Module

    References
    ----------
    J. Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018, who draw new weights.

    Examples
    --------
    >>> net = nn.Sequential(nn.Linear(9, 9), nn.ReLU(), nn.Linear(9, 9))
    >>> other = randomized(net, layers=1)
    >>> [bool((a.weight == b.weight).all()) for a, b in zip(net[::2], other[::2])]
    [True, False]
    """
    copy = deepcopy(net)
    owners = _owners(copy)
    weighted = _with_weights(owners)
    if not 0 <= layers <= len(weighted):
        raise ValueError(
            f"layers must be 0 to {len(weighted)}, the layers with weights, not {layers}. "
            "Choose one of these."
        )
    first = weighted[-layers] if layers else len(owners)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for owner in reversed(owners[first:]):
            for parameter in owner.parameters(recurse=False):
                order = torch.randperm(parameter.numel(), generator=generator)
                parameter.copy_(parameter.flatten()[order.to(parameter.device)].view_as(parameter))
    return copy


def _owners(net: nn.Module) -> list[nn.Module]:
    """Modules with parameters of their own."""
    return [module for module in net.modules() if [*module.parameters(recurse=False)]]


def _with_weights(owners: list[nn.Module]) -> list[int]:
    """Which of them have weights, and not only a number for each channel."""
    return [
        place
        for place, owner in enumerate(owners)
        if any(parameter.ndim > 1 for parameter in owner.parameters(recurse=False))
    ]
