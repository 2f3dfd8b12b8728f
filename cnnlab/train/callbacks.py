"""What may happen between epochs: stop early, lower the learning rate, or your own idea."""

import math
from numbers import Integral
from typing import Any, Literal, TypeAlias

from cnnlab._names import nearest
from cnnlab.train.history import History
from cnnlab.train.stepper import Stepper

Mode: TypeAlias = Literal["auto", "min", "max"]


class Callback:
    """Base class: override what you need, each method does nothing by itself.

    Examples
    --------
    >>> class Report(Callback):
    ...     def epoch_end(self, history, stepper):
    ...         print(history)
    ...         return False
    """

    def start(self, stepper: Stepper) -> None:
        """Forget earlier runs; called once before the first epoch."""

    def epoch_end(self, history: History, stepper: Stepper) -> bool:
        """Look at the history after each epoch; return True to stop training."""
        return False

    def finish(self, history: History, stepper: Stepper) -> None:
        """Tidy up after the last epoch or an error; not called when training was interrupted."""


class _Monitor(Callback):
    """Reads one metric and knows which direction is better."""

    def __init__(self, monitor: Any, patience: Any, mode: Mode) -> None:
        name = type(self).__name__
        if isinstance(patience, bool) or not isinstance(patience, Integral) or patience < 0:
            raise ValueError(
                f"{name}: patience must be a whole number of epochs, at least 0, not {patience!r}. "
                "Give for example 5."
            )
        if not isinstance(monitor, str):
            raise TypeError(
                f"{name}: monitor must be the name of a metric, not {monitor!r}. "
                "Give for example 'val_loss'."
            )
        if mode == "auto":
            mode = _better(monitor)
        if mode not in ("min", "max"):
            meant = nearest(monitor, ("val_loss", "val_accuracy", "loss", "accuracy"))
            raise ValueError(
                f"{name}: mode must be 'min' or 'max' for the metric {monitor!r}, not {mode!r}. "
                f"Say which direction is better{f', or give {meant!r}' if meant else ''}."
            )
        self.monitor: str = monitor
        self.patience = int(patience)
        # Turned so that smaller is always better.
        self._sign = 1.0 if mode == "min" else -1.0

    def _value(self, history: History) -> float:
        if self.monitor not in history:
            raise ValueError(
                f"{type(self).__name__}: the metric {self.monitor!r} is not among "
                f"{', '.join(history)}. Monitor one of these."
            )
        return self._sign * history[self.monitor][-1]


def _better(monitor: str) -> Mode:
    """Which direction a metric's name speaks of."""
    words = set(monitor.split("_"))
    if words & {"loss", "error"}:
        return "min"
    return "max" if words & {"accuracy", "precision", "recall"} else "auto"


class EarlyStopping(_Monitor):
    """Stop when a metric no longer improves, and put the best weights back.

    The best weights are put back at the end of training, whether it stopped early, ran through
    all its epochs or failed. An interrupted run keeps the weights it has; the best ones are put
    back by ``stepper.restore(stopping.best_state)``.

    Parameters
    ----------
    monitor : str
        Name of the metric to watch.
    patience : int
        Stop after this many epochs in a row without improvement; at least 1.
    min_delta : float
        An improvement must be larger than this.
    mode : {"auto", "min", "max"}
        Whether smaller or larger is better; "auto" knows losses, errors,
        accuracies, precision and recall.

    Attributes
    ----------
    best_state : object or None
        While training runs, and after it was interrupted: what ``stepper.state()`` gave at the
        best epoch.

    References
    ----------
    L. Prechelt, "Early stopping - but when?", 1998.

    Examples
    --------
    >>> EarlyStopping("val_accuracy", patience=3).patience
    3
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        patience: int = 5,
        min_delta: float = 0.0,
        mode: Mode = "auto",
    ) -> None:
        super().__init__(monitor, patience, mode)
        if patience < 1:
            raise ValueError(
                f"EarlyStopping: patience must be at least 1, not {patience}. "
                "Allow one epoch without improvement or more."
            )
        if not min_delta >= 0:
            raise ValueError(
                f"EarlyStopping: min_delta must be at least 0, not {min_delta}. "
                "Give the smallest change that counts."
            )
        self.min_delta = min_delta
        self._forget()

    def _forget(self) -> None:
        self._best, self._best_epoch = math.inf, 0
        self.best_state: Any = None

    def start(self, stepper: Stepper) -> None:
        """Forget earlier runs."""
        self._forget()

    def epoch_end(self, history: History, stepper: Stepper) -> bool:
        """Keep the weights if they are the best so far; stop when patience is spent."""
        value = self._value(history)
        if value < self._best - self.min_delta:
            self._best, self._best_epoch = value, history.epochs
            self.best_state = stepper.state()
        return history.epochs - self._best_epoch >= self.patience

    def finish(self, history: History, stepper: Stepper) -> None:
        """Put the best weights back."""
        if self.best_state is not None:
            stepper.restore(self.best_state)
            history.restored_epoch = self._best_epoch
        self._forget()


class ReduceLROnPlateau(_Monitor):
    """Multiply the learning rate by a factor when a metric no longer improves.

    Same rule, names and defaults as ``torch.optim.lr_scheduler.ReduceLROnPlateau``.

    Parameters
    ----------
    monitor : str
        Name of the metric to watch.
    factor : float
        What the learning rate is multiplied by, between 0 and 1.
    patience : int
        Epochs in a row without improvement that are borne; the next one lowers the rate.
    min_lr : float
        The learning rate never goes below this.
    threshold : float
        An improvement must be larger than this share of the best value.
    mode : {"auto", "min", "max"}
        Whether smaller or larger is better; "auto" knows losses, errors,
        accuracies, precision and recall.

    Examples
    --------
    >>> ReduceLROnPlateau(factor=0.5, patience=2).factor
    0.5
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        min_lr: float = 0.0,
        threshold: float = 1e-4,
        mode: Mode = "auto",
    ) -> None:
        super().__init__(monitor, patience, mode)
        if not 0 < factor < 1:
            raise ValueError(
                f"ReduceLROnPlateau: factor must be between 0 and 1, not {factor}. "
                "Give what the learning rate is multiplied by, such as 0.1."
            )
        self.factor = factor
        self.min_lr = min_lr
        self.threshold = threshold
        self._forget()

    def _forget(self) -> None:
        self._best, self._bad_epochs = math.inf, 0

    def start(self, stepper: Stepper) -> None:
        """Forget earlier runs."""
        self._forget()

    def epoch_end(self, history: History, stepper: Stepper) -> bool:
        """Lower the learning rate when patience is spent; never stops training."""
        value = self._value(history)
        # A share of the best value in the direction that is better, whatever its sign means.
        if value < self._best * (1 - self._sign * self.threshold):
            self._best, self._bad_epochs = value, 0
        else:
            self._bad_epochs += 1
        if self._bad_epochs > self.patience:
            lowered = max(stepper.learning_rate * self.factor, self.min_lr)
            if stepper.learning_rate - lowered > 1e-8:  # torch's eps: smaller steps are not taken
                stepper.learning_rate = lowered
            self._bad_epochs = 0
        return False
