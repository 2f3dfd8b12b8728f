"""Optimisers that measure each parameter by its own gradients."""

from typing import Any

import numpy as np

from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.optim.base import Optimizer


class Adagrad(Optimizer):
    """Divides each step by the root of the sum of all squared gradients so far.

    Parameters
    ----------
    lr, weight_decay
        As :class:`Optimizer`.
    lr_decay : float
        Step ``t``, counted from 0, has the rate ``lr / (1 + t · lr_decay)``.
    initial_accumulator_value : float
        Where the sum begins.
    eps : float
        Added to the root.

    References
    ----------
    J. Duchi, E. Hazan and Y. Singer, "Adaptive Subgradient Methods for Online Learning and
    Stochastic Optimization", 2011.
    """

    def __init__(
        self,
        lr: float = 1e-2,
        *,
        lr_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(lr, weight_decay)
        self.lr_decay, self.eps = lr_decay, eps
        self.initial_accumulator_value = initial_accumulator_value

    def begin(self, param: Array) -> dict[str, Any]:
        return {"steps": 0, "total": np.full_like(param, self.initial_accumulator_value)}

    def advance(self, memory: dict[str, Any]) -> None:
        memory["steps"] += 1

    def update(self, param: Array, gradient: Array, memory: dict[str, Any]) -> None:
        total = memory["total"]
        total += gradient * gradient
        rate = self.lr / (1 + (memory["steps"] - 1) * self.lr_decay)
        param -= rate * gradient / (np.sqrt(total) + self.eps)


class RMSprop(Optimizer):
    """Divides each step by the root of a running mean of squared gradients.

    Parameters
    ----------
    lr, weight_decay
        As :class:`Optimizer`.
    alpha : float
        Share of the running mean that is kept.
    eps : float
        Added to the root.
    momentum : float
        Share of the last velocity that is kept.

    References
    ----------
    G. Hinton, N. Srivastava and K. Swersky, "Neural Networks for Machine Learning", lecture 6,
    2012.
    """

    def __init__(
        self,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        *,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(lr, weight_decay)
        self.alpha, self.eps, self.momentum = alpha, eps, momentum

    def begin(self, param: Array) -> dict[str, Any]:
        names = ("square", "velocity") if self.momentum else ("square",)
        return {name: np.zeros_like(param) for name in names}

    def update(self, param: Array, gradient: Array, memory: dict[str, Any]) -> None:
        square = memory["square"]
        square *= self.alpha
        square += (1 - self.alpha) * (gradient * gradient)
        step = gradient / (np.sqrt(square) + self.eps)
        if self.momentum:
            velocity = memory["velocity"]
            velocity *= self.momentum
            velocity += step
            step = velocity
        param -= self.lr * step
