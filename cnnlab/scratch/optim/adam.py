"""Adam and what was made of it."""

from typing import Any

import numpy as np

from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.optim.base import Optimizer


class Adam(Optimizer):
    """A running mean of the gradients over the root of a running mean of their squares.

    Both means begin at 0 and are corrected for that.

    Parameters
    ----------
    lr, weight_decay
        As :class:`Optimizer`.
    betas : (float, float)
        Shares of the two running means that are kept.
    eps : float
        Added to the root.

    References
    ----------
    D. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", 2015.

    Examples
    --------
    The first step has the length of the learning rate, however small the gradient.

    >>> params = {"w": np.array([1.0, 1.0])}
    >>> Adam(lr=0.1).step(params, {"w": np.array([1e-3, -1e3])})
    >>> params["w"].round(4)
    array([0.9, 1.1])
    """

    def __init__(
        self,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        *,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(lr, weight_decay)
        self.betas, self.eps = betas, eps

    def begin(self, param: Array) -> dict[str, Any]:
        return {"steps": 0, "mean": np.zeros_like(param), "square": np.zeros_like(param)}

    def advance(self, memory: dict[str, Any]) -> None:
        memory["steps"] += 1

    def update(self, param: Array, gradient: Array, memory: dict[str, Any]) -> None:
        beta1, beta2 = self.betas
        mean, square, steps = memory["mean"], memory["square"], memory["steps"]
        pull = gradient - mean
        pull *= 1 - beta1
        mean += pull
        np.multiply(gradient, gradient, out=pull)
        pull *= 1 - beta2
        square *= beta2
        square += pull
        root = np.sqrt(square, out=pull)
        root /= (1 - beta2**steps) ** 0.5
        root += self.eps
        step = np.divide(mean, root, out=root)
        step *= self.lr / (1 - beta1**steps)
        param -= step


class AdamW(Adam):
    """Adam whose weight decay shrinks the weights directly, instead of through the gradient.

    References
    ----------
    I. Loshchilov and F. Hutter, "Decoupled Weight Decay Regularization", 2019.
    """

    def __init__(
        self,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        *,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(lr, betas, eps, weight_decay=weight_decay)

    def decayed(self, param: Array, gradient: Array) -> Array:
        return gradient

    def update(self, param: Array, gradient: Array, memory: dict[str, Any]) -> None:
        param *= 1 - self.lr * self.weight_decay
        super().update(param, gradient, memory)


class NAdam(Adam):
    """Adam with Nesterov's look ahead: part of the step is taken along the newest gradient.

    The share that looks ahead grows from step to step, ``μ_t = β₁ · (1 − 0.96^{t · d} / 2)``.

    Parameters
    ----------
    lr, betas, eps, weight_decay
        As :class:`Adam`.
    momentum_decay : float
        d, how fast the share grows; 1 in Keras and in the paper's example.

    References
    ----------
    T. Dozat, "Incorporating Nesterov Momentum into Adam", 2016.

    Examples
    --------
    >>> params = {"w": np.array([1.0])}
    >>> NAdam(lr=0.1).step(params, {"w": np.array([0.5])})
    >>> params["w"].round(4)
    array([0.8944])
    """

    def __init__(
        self,
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        *,
        momentum_decay: float = 4e-3,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(lr, betas, eps, weight_decay=weight_decay)
        self.momentum_decay = momentum_decay

    def begin(self, param: Array) -> dict[str, Any]:
        return super().begin(param) | {"product": 1.0}

    def advance(self, memory: dict[str, Any]) -> None:
        super().advance(memory)
        memory["product"] *= self._share(memory["steps"])

    def _share(self, step: int) -> float:
        return float(self.betas[0] * (1 - 0.5 * 0.96 ** (step * self.momentum_decay)))

    def update(self, param: Array, gradient: Array, memory: dict[str, Any]) -> None:
        beta1, beta2 = self.betas
        mean, square, steps = memory["mean"], memory["square"], memory["steps"]
        mean += (1 - beta1) * (gradient - mean)
        square *= beta2
        square += (1 - beta2) * (gradient * gradient)
        root = np.sqrt(square / (1 - beta2**steps)) + self.eps
        now, next_, product = self._share(steps), self._share(steps + 1), memory["product"]
        newest = (1 - now) / (1 - product) * gradient
        param -= self.lr * (newest + next_ / (1 - product * next_) * mean) / root
