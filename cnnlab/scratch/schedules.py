"""Schedules: how the learning rate falls from epoch to epoch, with PyTorch's names and rules.

A schedule holds an optimiser and is told when an epoch has ended: ``schedule.step()``.
"""

import math
from typing import Protocol


class _HasRate(Protocol):
    lr: float


class StepLR:
    """Multiply the learning rate by gamma every ``step_size`` epochs.

    Examples
    --------
    >>> from cnnlab.scratch.optim import SGD
    >>> optimizer = SGD(lr=1.0)
    >>> schedule = StepLR(optimizer, step_size=2, gamma=0.5)
    >>> rates = []
    >>> for _ in range(5):
    ...     rates.append(optimizer.lr)
    ...     schedule.step()
    >>> rates
    [1.0, 1.0, 0.5, 0.5, 0.25]
    """

    def __init__(self, optimizer: _HasRate, step_size: int, gamma: float = 0.1) -> None:
        self.optimizer, self.step_size, self.gamma = optimizer, step_size, gamma
        self.base_lr, self.epoch = optimizer.lr, 0

    def step(self) -> None:
        """Count one epoch and set the learning rate."""
        self.epoch += 1
        self.optimizer.lr = self.base_lr * self.gamma ** (self.epoch // self.step_size)


class CosineAnnealingLR:
    """Let the learning rate fall along half a cosine, from its start to ``eta_min``.

    Parameters
    ----------
    optimizer
        Its learning rate is the start.
    t_max : int
        Epochs until ``eta_min``; PyTorch writes ``T_max``.
    eta_min : float
        The lowest learning rate.

    References
    ----------
    I. Loshchilov and F. Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017.

    Examples
    --------
    >>> from cnnlab.scratch.optim import SGD
    >>> optimizer = SGD(lr=1.0)
    >>> schedule = CosineAnnealingLR(optimizer, t_max=2)
    >>> schedule.step()
    >>> round(optimizer.lr, 4)
    0.5
    """

    def __init__(self, optimizer: _HasRate, t_max: int, eta_min: float = 0.0) -> None:
        self.optimizer, self.t_max, self.eta_min = optimizer, t_max, eta_min
        self.base_lr, self.epoch = optimizer.lr, 0

    def step(self) -> None:
        """Count one epoch and set the learning rate."""
        self.epoch += 1
        share = (1 + math.cos(math.pi * self.epoch / self.t_max)) / 2
        self.optimizer.lr = self.eta_min + (self.base_lr - self.eta_min) * share


class ReduceLROnPlateau:
    """Multiply the learning rate by a factor when a loss no longer falls.

    Parameters
    ----------
    optimizer
        Whose learning rate is set.
    factor : float
        What the learning rate is multiplied by.
    patience : int
        Epochs in a row without improvement that are borne; the next one lowers the rate.
    threshold : float
        An improvement must be larger than this share of the best loss.
    min_lr : float
        The learning rate never goes below this.

    Examples
    --------
    >>> from cnnlab.scratch.optim import SGD
    >>> optimizer = SGD(lr=1.0)
    >>> schedule = ReduceLROnPlateau(optimizer, patience=1)
    >>> for loss in (3.0, 2.0, 2.0, 2.0):
    ...     schedule.step(loss)
    >>> optimizer.lr
    0.1
    """

    def __init__(
        self,
        optimizer: _HasRate,
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        min_lr: float = 0.0,
    ) -> None:
        if not 0 < factor < 1:
            raise ValueError(
                f"ReduceLROnPlateau: factor must lie between 0 and 1, not {factor}. Try 0.1."
            )
        self.optimizer, self.factor, self.patience = optimizer, factor, patience
        self.threshold, self.min_lr = threshold, min_lr
        self.best, self.bad_epochs = math.inf, 0

    def step(self, loss: float) -> None:
        """Take in the loss of one epoch and lower the learning rate if patience is spent."""
        if loss < self.best * (1 - self.threshold):
            self.best, self.bad_epochs = loss, 0
        else:
            self.bad_epochs += 1
        if self.bad_epochs > self.patience:
            lowered = max(self.optimizer.lr * self.factor, self.min_lr)
            if self.optimizer.lr - lowered > 1e-8:  # torch's eps: smaller steps are not taken
                self.optimizer.lr = lowered
            self.bad_epochs = 0
