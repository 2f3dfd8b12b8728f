"""Optimisers: what to do with a gradient, in place, with PyTorch's names, rules and defaults.

An optimiser walks over ``grads`` and changes the array of the same name in ``params``; a
parameter without a gradient is frozen.

References
----------
L. Bottou, F. Curtis and J. Nocedal, "Optimization Methods for Large-Scale Machine Learning",
2018.
"""

import copy
from collections.abc import Mapping
from typing import Any

import numpy as np

from cnnlab.scratch.functional.checks import Array


class Optimizer:
    """What all optimisers share: a learning rate, weight decay, and a memory of each parameter.

    Attributes
    ----------
    lr : float
        Learning rate; may be changed between steps.
    weight_decay : float
        Strength of the pull towards 0, added to the gradient: ``g + weight_decay · p``.
    memory : dict
        For each parameter the arrays that the rule keeps from step to step.
    """

    def __init__(self, lr: float, weight_decay: float = 0.0) -> None:
        for name, value in {"lr": lr, "weight_decay": weight_decay}.items():
            if not value >= 0:
                raise ValueError(
                    f"{type(self).__name__}: {name} must be at least 0, not {value}. "
                    "Give a small positive number."
                )
        self.lr, self.weight_decay = lr, weight_decay
        self.memory: dict[str, dict[str, Any]] = {}

    def step(self, params: Mapping[str, Array], grads: Mapping[str, Array]) -> None:
        """Change ``params`` in place, one step along ``grads``, which are not changed.

        Raises
        ------
        KeyError
            If a gradient belongs to no parameter.
        """
        for name, gradient in grads.items():
            if name not in params:
                raise KeyError(
                    f"{type(self).__name__}: every gradient needs its parameter, but there is no "
                    f"{name!r}. Pass the params and grads of one network."
                )
            param, memory = params[name], self.memory.setdefault(name, {})
            self.update(param, self.decayed(param, gradient), memory)

    def decayed(self, param: Array, gradient: Array) -> Array:
        """Gradient with weight decay added."""
        return gradient + self.weight_decay * param if self.weight_decay else gradient

    def update(self, param: Array, gradient: Array, memory: dict[str, Any]) -> None:
        """Change one parameter in place; what each optimiser is about."""
        raise NotImplementedError

    def state_dict(self) -> dict[str, Any]:
        """A copy of the learning rate and the memory."""
        return {"lr": self.lr, "memory": copy.deepcopy(self.memory)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Put a copy of a :meth:`state_dict` back."""
        self.lr, self.memory = state["lr"], copy.deepcopy(state["memory"])


class SGD(Optimizer):
    """Stochastic gradient descent, with momentum and Nesterov's look ahead.

    ``v ← momentum · v + g``, ``p ← p − lr · v``; Nesterov steps along ``g + momentum · v``.

    Parameters
    ----------
    lr, weight_decay
        As :class:`Optimizer`.
    momentum : float
        Share of the last velocity that is kept.
    nesterov : bool
        Whether to look ahead; needs momentum.

    References
    ----------
    I. Sutskever et al., "On the importance of initialization and momentum in deep learning",
    2013.

    Examples
    --------
    >>> params, grads = {"w": np.array([1.0])}, {"w": np.array([0.5])}
    >>> optimizer = SGD(lr=0.1, momentum=0.9)
    >>> for _ in range(2):
    ...     optimizer.step(params, grads)
    >>> params["w"].round(4)
    array([0.855])
    """

    def __init__(
        self,
        lr: float = 1e-3,
        momentum: float = 0.0,
        *,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(lr, weight_decay)
        if nesterov and not momentum > 0:
            raise ValueError("SGD: nesterov needs momentum above 0, not 0. Try momentum=0.9.")
        self.momentum, self.nesterov = momentum, nesterov

    def update(self, param: Array, gradient: Array, memory: dict[str, Any]) -> None:
        if not self.momentum:
            param -= self.lr * gradient
            return
        if "velocity" in memory:
            velocity = memory["velocity"]
            velocity *= self.momentum
            velocity += gradient
        else:
            velocity = memory["velocity"] = gradient.copy()
        step = gradient + self.momentum * velocity if self.nesterov else velocity
        param -= self.lr * step


class Adagrad(Optimizer):
    """Divides each step by the root of the sum of all squared gradients so far.

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
        eps: float = 1e-10,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(lr, weight_decay)
        self.lr_decay, self.eps = lr_decay, eps

    def update(self, param: Array, gradient: Array, memory: dict[str, Any]) -> None:
        steps = memory.get("steps", 0)
        total = memory.setdefault("total", np.zeros_like(param))
        total += gradient * gradient
        rate = self.lr / (1 + steps * self.lr_decay)
        param -= rate * gradient / (np.sqrt(total) + self.eps)
        memory["steps"] = steps + 1


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

    def update(self, param: Array, gradient: Array, memory: dict[str, Any]) -> None:
        square = memory.setdefault("square", np.zeros_like(param))
        square *= self.alpha
        square += (1 - self.alpha) * (gradient * gradient)
        step = gradient / (np.sqrt(square) + self.eps)
        if self.momentum:
            velocity = memory.setdefault("velocity", np.zeros_like(param))
            velocity *= self.momentum
            velocity += step
            step = velocity
        param -= self.lr * step


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

    def update(self, param: Array, gradient: Array, memory: dict[str, Any]) -> None:
        beta1, beta2 = self.betas
        steps = memory["steps"] = memory.get("steps", 0) + 1
        mean = memory.setdefault("mean", np.zeros_like(param))
        square = memory.setdefault("square", np.zeros_like(param))
        mean += (1 - beta1) * (gradient - mean)
        square *= beta2
        square += (1 - beta2) * (gradient * gradient)
        root = np.sqrt(square)
        root /= (1 - beta2**steps) ** 0.5
        root += self.eps
        param -= (self.lr / (1 - beta1**steps)) * (mean / root)


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


OPTIMIZERS: dict[str, type[Optimizer]] = {
    "adagrad": Adagrad,
    "adam": Adam,
    "adamw": AdamW,
    "rmsprop": RMSprop,
    "sgd": SGD,
}
