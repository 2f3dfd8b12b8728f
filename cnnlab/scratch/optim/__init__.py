"""Optimisers: what to do with a gradient, in place, with PyTorch's names, rules and defaults.

An optimiser walks over ``grads`` and changes the array of the same name in ``params``; a
parameter without a gradient is frozen.

References
----------
L. Bottou, F. Curtis and J. Nocedal, "Optimization Methods for Large-Scale Machine Learning",
2018.
"""

from typing import Any

from cnnlab._names import unknown
from cnnlab.scratch.optim.adam import Adam, AdamW, NAdam
from cnnlab.scratch.optim.adaptive import Adagrad, RMSprop
from cnnlab.scratch.optim.base import SGD, Optimizer

__all__ = [
    "DEFAULT_LR",
    "KERAS",
    "OPTIMIZERS",
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "NAdam",
    "Optimizer",
    "RMSprop",
    "by_name",
]

OPTIMIZERS: dict[str, type[Optimizer]] = {
    "adagrad": Adagrad,
    "adam": Adam,
    "adamw": AdamW,
    "nadam": NAdam,
    "rmsprop": RMSprop,
    "sgd": SGD,
}

KERAS: dict[str, dict[str, Any]] = {
    "adagrad": {"lr": 1e-3, "initial_accumulator_value": 0.1, "eps": 1e-7},
    "adam": {"lr": 1e-3, "eps": 1e-7},
    "adamw": {"lr": 1e-3, "eps": 1e-7, "weight_decay": 4e-3},
    "nadam": {"lr": 1e-3, "eps": 1e-7, "momentum_decay": 1.0},
    "rmsprop": {"lr": 1e-3, "alpha": 0.9, "eps": 1e-7},
    "sgd": {"lr": 1e-2},
}
"""Keras' defaults in PyTorch's words, for the optimisers of both worlds."""

DEFAULT_LR = 1e-3


def by_name(name: Any, lr: float | None = None) -> tuple[str, dict[str, Any]]:
    """A rule and its settings, from the name that a stepper takes.

    Parameters
    ----------
    name : str
        One of ``OPTIMIZERS``, with PyTorch's defaults; or ``"keras-adam"`` and its like, with
        Keras'. Keras adds eps under the root in RMSprop and Adagrad, and before the correction
        in Adam, which shows only where gradients are about as small as eps.
    lr : float, optional
        Learning rate; by default 0.001, or Keras'.

    Returns
    -------
    rule : str
    settings : dict

    Raises
    ------
    ValueError
        If there is none of that name.

    Examples
    --------
    >>> by_name("keras-rmsprop")
    ('rmsprop', {'lr': 0.001, 'alpha': 0.9, 'eps': 1e-07})
    >>> by_name("nadam", lr=0.01)
    ('nadam', {'lr': 0.01})
    """
    known = [*OPTIMIZERS, *(f"keras-{rule}" for rule in KERAS)]
    if name not in known:
        raise ValueError(
            unknown("Stepper: optimizer", name, known) + " Or pass an Optimizer object."
        )
    rule = str(name).removeprefix("keras-")
    settings = {"lr": DEFAULT_LR} if rule == name else KERAS[rule]
    return rule, settings | ({} if lr is None else {"lr": lr})
