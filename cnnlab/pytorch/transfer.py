"""Weights from a module we did not write into its twin here."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

# Counts batches in training only; older files do not have it.
_NOT_NEEDED = "num_batches_tracked"


def copy_by_order(source: nn.Module, target: nn.Module) -> None:
    """Copy parameters and buffers from one module to another, in the order they stand.

    Names may differ; order and shapes must not.

    Parameters
    ----------
    source : torch.nn.Module
        Where the numbers come from; it is left alone.
    target : torch.nn.Module
        Where they go; one on "meta", which has no numbers yet, gets its own.

    Raises
    ------
    ValueError
        If the modules do not have equally many arrays, or two of them differ in shape; the
        message names both.

    Examples
    --------
    >>> import torch
    >>> from torch import nn
    >>> source, target = nn.Linear(3, 2), nn.Sequential(nn.Linear(3, 2))
    >>> copy_by_order(source, target)
    >>> bool(torch.equal(source.weight, target[0].weight))
    True
    """
    load_by_order(source.state_dict(), target)


def load_by_order(state: Mapping[str, Tensor], target: nn.Module) -> None:
    """Copy a state dictionary into a module, in the order it stands.

    Parameters
    ----------
    state : dict of str to Tensor
        As from ``state_dict()``; names may differ, order and shapes must not.
    target : torch.nn.Module
        Where they go; one on "meta", which has no numbers yet, gets its own.

    Raises
    ------
    ValueError
        As :func:`copy_by_order`.

    Examples
    --------
    >>> from torch import nn
    >>> target = nn.Linear(3, 2)
    >>> load_by_order({"other.weight": torch.ones(2, 3), "other.bias": torch.ones(2)}, target)
    >>> target.bias.tolist()
    [1.0, 1.0]
    """
    ours = target.state_dict()
    tensors = {
        key: value.detach().clone().to(ours[key].dtype) for key, value in _pairs(state, ours)
    }
    for key in ours.keys() - tensors.keys():
        tensors[key] = torch.zeros((), dtype=torch.long)  # no batches counted yet
    unborn = any(value.is_meta for value in ours.values())
    target.load_state_dict(tensors, assign=unborn)


def _pairs(theirs: Mapping[str, Tensor], ours: Mapping[str, Tensor]) -> list[tuple[str, Tensor]]:
    """Our keys with their arrays; refuses before anything is copied."""
    sources = [(key, value) for key, value in theirs.items() if not key.endswith(_NOT_NEEDED)]
    targets = [(key, value) for key, value in ours.items() if not key.endswith(_NOT_NEEDED)]
    for (source, a), (target, b) in zip(sources, targets, strict=False):
        if a.shape != b.shape:
            raise ValueError(
                f"{target} must have the shape of {source}, {tuple(a.shape)}, "
                f"not {tuple(b.shape)}. {_advice(sources, targets)}"
            )
    if len(sources) != len(targets):
        longer = max(sources, targets, key=len)
        raise ValueError(
            f"target must hold {len(sources)} arrays as source does, not {len(targets)}: "
            f"{longer[min(len(sources), len(targets))][0]} is the first without a partner. "
            f"{_advice(sources, targets)}"
        )
    return [(key, value) for (_, value), (key, _) in zip(sources, targets, strict=True)]


def _advice(sources: list[tuple[str, Tensor]], targets: list[tuple[str, Tensor]]) -> str:
    """Name a part of the source without which it would fit, such as heads that only train."""
    shapes = [value.shape for _, value in targets]
    parts = list(dict.fromkeys(key.partition(".")[0] for key, _ in sources))
    heads = [part for part in parts if part.lower().startswith("aux")]
    for extra in (heads, *([part] for part in parts)):
        kept = [value.shape for key, value in sources if key.partition(".")[0] not in extra]
        if extra and kept == shapes:
            return (
                f"Without {' and '.join(extra)} it would fit: leave the keys that begin so out, "
                "or build the source without this part."
            )
    return "Use modules with the same layers in the same order."
