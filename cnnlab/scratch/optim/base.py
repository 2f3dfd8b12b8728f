"""What every optimiser is, and the plainest one."""

import copy
import math
from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any, TypeAlias

import numpy as np

from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.threads import COPY, share_out, workers

Part: TypeAlias = tuple[Array, Array, dict[str, Any]]  # of a parameter, its gradient, what is kept

BLOCK = 1 << 16  # numbers; all arrays of a rule then fit a core's cache


def check_rate(name: str, value: Any) -> None:
    """Refuse a learning rate, or a strength, that is no number from 0 on.

    Examples
    --------
    >>> check_rate("Adam: lr", "0.1")
    Traceback (most recent call last):
        ...
    TypeError: Adam: lr must be a number, not '0.1'. Write it without quotation marks, as 0.001.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        quoted = "Write it without quotation marks, as" if isinstance(value, str) else "Give"
        raise TypeError(f"{name} must be a number, not {value!r}. {quoted} 0.001.")
    if not 0 <= float(value) < math.inf:
        range_ = "finite" if float(value) > 0 else "at least 0"
        raise ValueError(f"{name} must be {range_}, not {value}. Give a small positive number.")


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
            check_rate(f"{type(self).__name__}: {name}", value)
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
            param = params[name]
            if name not in self.memory:
                self.memory[name] = self.begin(param)
            memory = self.memory[name]
            self.advance(memory)
            whole = type(self).begin is Optimizer.begin  # says not what it keeps
            parts = [(param, gradient, memory)] if whole else _parts(param, gradient, memory)
            passes = 2 + len(memory)  # over the parameter, its gradient and what is kept
            share_out(self._update, parts, min(len(parts), workers(param.size * passes * COPY)))

    def _update(self, parts: Sequence[Part]) -> None:
        for param, gradient, kept in parts:
            self.update(param, self.decayed(param, gradient), kept)

    def begin(self, param: Array) -> dict[str, Any]:
        """What the rule keeps of a parameter, before its first step.

        A rule that says it here is handed a large parameter part by part, as each number goes its
        own way; numbers that count, such as the steps, then change in :meth:`advance`.
        """
        return {}

    def advance(self, memory: dict[str, Any]) -> None:
        """Count one more step, before the arrays change."""

    def decayed(self, param: Array, gradient: Array) -> Array:
        """Gradient with weight decay added."""
        return gradient + self.weight_decay * param if self.weight_decay else gradient

    def update(self, param: Array, gradient: Array, memory: dict[str, Any]) -> None:
        """Change a parameter, or a part of it, in place; what each optimiser is about."""
        raise NotImplementedError

    def state_dict(self) -> dict[str, Any]:
        """A copy of the learning rate and the memory."""
        return {"lr": self.lr, "memory": copy.deepcopy(self.memory)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Put a copy of a :meth:`state_dict` back."""
        self.lr, self.memory = state["lr"], copy.deepcopy(state["memory"])


def _parts(param: Array, gradient: Array, memory: dict[str, Any]) -> list[Part]:
    """Cut a large parameter into parts that stay in the processor's cache through all of a rule."""
    alike = param.flags.c_contiguous and gradient.shape == param.shape
    if param.size <= BLOCK or not memory or not alike:
        return [(param, gradient, memory)]
    arrays = {name: kept.reshape(-1) for name, kept in memory.items() if np.ndim(kept)}
    param, gradient = param.reshape(-1), gradient.reshape(-1)
    parts = []
    for start in range(0, param.size, BLOCK):
        part = slice(start, start + BLOCK)
        kept = memory | {name: array[part] for name, array in arrays.items()}
        parts.append((param[part], gradient[part], kept))
    return parts


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
    >>> import numpy as np
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

    def begin(self, param: Array) -> dict[str, Any]:
        return {"velocity": np.zeros_like(param)} if self.momentum else {}

    def update(self, param: Array, gradient: Array, memory: dict[str, Any]) -> None:
        if not self.momentum:
            param -= self.lr * gradient
            return
        velocity = memory["velocity"]
        velocity *= self.momentum
        velocity += gradient
        step = gradient + self.momentum * velocity if self.nesterov else velocity
        param -= self.lr * step
