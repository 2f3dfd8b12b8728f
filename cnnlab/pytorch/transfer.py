"""Weights from one PyTorch module into another that computes the same under other names."""

import torch
from torch import nn


def copy_by_order(source: nn.Module, target: nn.Module) -> None:
    """Copy parameters and buffers in the order in which both modules list them.

    Parameters
    ----------
    source : torch.nn.Module
        Where the numbers come from.
    target : torch.nn.Module
        Where they go; a module on "meta", which has no numbers yet, gets its own copies.

    Raises
    ------
    ValueError
        If the modules list different numbers of arrays, or arrays of different shapes; it
        names both keys, and nothing is copied.

    Examples
    --------
    >>> source, target = nn.Linear(3, 2), nn.Sequential(nn.Linear(3, 2))
    >>> copy_by_order(source, target)
    >>> bool((target[0].weight == source.weight).all())
    True
    """
    old, new = source.state_dict(), target.state_dict()
    pairs = list(zip(old.items(), new.items(), strict=False))
    for (old_key, old_tensor), (new_key, new_tensor) in pairs:
        if old_tensor.shape != new_tensor.shape:
            raise ValueError(
                f"copy_by_order: {new_key} must have the shape of {old_key}, "
                f"{tuple(old_tensor.shape)}, not {tuple(new_tensor.shape)}. "
                "Compare the layers of both modules in their order."
            )
    if len(old) != len(new):
        longer = old if len(old) > len(new) else new
        raise ValueError(
            f"copy_by_order: both modules must list as many arrays, not {len(old)} and {len(new)}. "
            f"{list(longer)[len(pairs)]} is the first without a partner."
        )
    tensors = {new_key: tensor.detach().clone() for (_, tensor), (new_key, _) in pairs}
    unborn = any(tensor.is_meta for tensor in new.values())
    with torch.no_grad():
        target.load_state_dict(tensors, assign=unborn)
