"""Penalties that differ from layer to layer, for PyTorch's optimisers."""

from collections.abc import Mapping
from typing import Any

from torch import nn

from cnnlab.scratch.paths import check_names, nearest


def decay_groups(module: nn.Module, l2: Mapping[str, float]) -> list[dict[str, Any]]:
    """Deal a module's parameters into groups, so that each weight has an L2 penalty of its own.

    The penalty is ``strength · Σ w²``, as :func:`cnnlab.scratch.regularization.l2_penalty` and
    Keras write it; an optimiser's ``weight_decay`` is twice the strength. That is so for SGD,
    Adam, NAdam, RMSprop and Adagrad; AdamW decays weights in another way.

    Parameters
    ----------
    module : torch.nn.Module
        Its biases, and all that is one-dimensional, go free.
    l2 : dict of str to float
        Strengths by path, of a layer or of a part that holds it, or "" for the whole module.

    Returns
    -------
    list of dict
        What an optimiser of ``torch.optim`` takes in place of the parameters.

    Examples
    --------
    >>> module = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
    >>> groups = decay_groups(module, {"0": 1e-5, "1": 1e-4})
    >>> [(len(group["params"]), group["weight_decay"]) for group in groups]
    [(2, 0.0), (1, 2e-05), (1, 0.0002)]
    """
    check_names("l2", l2, (name.rpartition(".")[0] for name, _ in module.named_parameters()))
    dealt: dict[float, list[nn.Parameter]] = {}
    for name, parameter in module.named_parameters():
        strength = nearest(name, l2, 0.0) if parameter.ndim > 1 else 0.0
        dealt.setdefault(2 * strength, []).append(parameter)
    return [{"params": dealt[decay], "weight_decay": decay} for decay in sorted(dealt)]
