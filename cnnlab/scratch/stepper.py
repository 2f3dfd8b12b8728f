"""A NumPy network with its loss and optimiser, driven by :func:`cnnlab.train.fit`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np

from cnnlab.scratch import losses
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.layers.base import Layer
from cnnlab.scratch.optim import OPTIMIZERS, Optimizer
from cnnlab.scratch.regularization import clip_grad_norm

Loss: TypeAlias = tuple[Callable[[Array, Array], tuple[float, Any]], Callable[[Any], Array]]
Penalty: TypeAlias = Callable[[Mapping[str, Array]], tuple[float, dict[str, Array]]]

LOSSES: dict[str, Loss] = {
    "cross-entropy": (losses.cross_entropy, losses.cross_entropy_backward),
    "binary-cross-entropy": (
        losses.binary_cross_entropy_with_logits,
        losses.binary_cross_entropy_with_logits_backward,
    ),
    "mse": (losses.mse_loss, losses.mse_loss_backward),
    "mae": (losses.l1_loss, losses.l1_loss_backward),
}
DEFAULT_LR = 1e-3


def accuracy(outputs: Array, targets: Array) -> float:
    """Share of examples whose largest output is at the label.

    Parameters
    ----------
    outputs : (N, K) array
    targets : (N,) array of integers

    Returns
    -------
    float
        From 0 to 1.

    Examples
    --------
    >>> accuracy(np.array([[2.0, 1.0], [0.0, 3.0]]), np.array([0, 0]))
    0.5
    """
    return float((outputs.argmax(axis=1) == targets).mean())


class Stepper:
    """Take training steps with a NumPy network.

    Parameters
    ----------
    net : Layer
        Maps (N, ...) to outputs; logits (N, K) for the default loss.
    loss : name or (loss, loss_backward)
        Names: "cross-entropy", "binary-cross-entropy" (both of logits), "mse", "mae". A pair
        has the form ``value, cache = loss(outputs, targets)`` and ``loss_backward(cache)``.
    optimizer : name or Optimizer
        Names: "adagrad", "adam", "adamw", "rmsprop", "sgd", with PyTorch's defaults.
    lr : float, optional
        Learning rate; 0.001 unless ``optimizer`` is an Optimizer, which has its own.
    metrics : sequence of "accuracy" or functions (outputs, targets) -> float
        Reported beside the loss; functions under their ``__name__``. By default accuracy for
        cross-entropy, nothing for other losses.
    penalty : function, optional
        ``penalty(params) -> (value, grads)``, added to the loss in training, such as
        ``lambda params: l2_penalty(params, 1e-4)``.
    max_norm : float, optional
        Clip the common length of all gradients.

    Examples
    --------
    >>> from cnnlab import scratch, spec
    >>> net = scratch.build(spec.Chain(fc=spec.Linear(3)), (4,))
    >>> stepper = Stepper(net, optimizer="sgd", lr=0.1)
    >>> x, y = np.ones((2, 4), np.float32), np.array([0, 2])
    >>> sorted(stepper.step(x, y))
    ['accuracy', 'loss']
    >>> stepper.predict(x).shape
    (2, 3)
    """

    def __init__(
        self,
        net: Layer,
        loss: str | Loss = "cross-entropy",
        optimizer: str | Optimizer = "adam",
        lr: float | None = None,
        metrics: Sequence[Literal["accuracy"] | Callable[[Array, Array], float]] | None = None,
        *,
        penalty: Penalty | None = None,
        max_norm: float | None = None,
    ) -> None:
        if isinstance(loss, str) and loss not in LOSSES:
            raise ValueError(
                f"Stepper: loss must be one of {', '.join(LOSSES)}, not {loss!r}. "
                "Or pass a pair (loss, loss_backward)."
            )
        self.net = net
        self._loss, self._loss_backward = LOSSES[loss] if isinstance(loss, str) else loss
        self._unseen = loss == "cross-entropy"  # its outputs are looked at once
        self.optimizer = _optimizer(optimizer, lr)
        usual: Sequence[Literal["accuracy"]] = ("accuracy",) if loss == "cross-entropy" else ()
        self._metrics = dict(map(_named, usual if metrics is None else metrics))
        self._penalty, self._max_norm = penalty, max_norm
        floats = [array.dtype for array in net.params.values()]
        self._dtype = floats[0] if floats else np.dtype(np.float32)

    @property
    def learning_rate(self) -> float:
        """The optimiser's learning rate."""
        return self.optimizer.lr

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        self.optimizer.lr = value

    def step(self, x: Array, y: Array) -> dict[str, float]:
        """Take one optimisation step on a batch.

        Parameters
        ----------
        x : (N, ...) array
        y : (N,) integer labels, or what the loss takes as targets

        Returns
        -------
        dict
            The batch's mean loss and metrics, of the weights before the step.
        """
        outputs, y = self.net.forward(self._input(x), training=True), self._target(y)
        value, cache = self._value(outputs, y)
        self.net.backward(self._loss_backward(cache))
        params, grads = self.net.params, self.net.grads
        if self._penalty is not None:
            trained = {name: params[name] for name in grads}
            extra, pulls = self._penalty(trained)
            value += extra
            grads |= {name: grads[name] + pull for name, pull in pulls.items()}
        if self._max_norm is not None:
            clip_grad_norm(grads, self._max_norm)
        result = self._report(value, outputs, y)
        self.optimizer.step(params, grads)
        return result

    def evaluate(self, x: Array, y: Array) -> dict[str, float]:
        """Return a batch's mean loss and metrics in evaluation mode; learn nothing."""
        outputs, y = self.net.forward(self._input(x)), self._target(y)
        return self._report(self._value(outputs, y)[0], outputs, y)

    def predict(self, x: Array, batch_size: int = 256) -> Array:
        """Return the network's outputs in evaluation mode.

        Parameters
        ----------
        x : (N, ...) array
        batch_size : int
            Examples computed at once; bounds the memory.

        Returns
        -------
        (N, ...) array
        """
        starts = range(0, max(len(x), 1), batch_size)
        parts = [self.net.forward(self._input(x[i : i + batch_size])) for i in starts]
        return np.concatenate(parts)

    def state(self) -> dict[str, Any]:
        """Return a copy of weights, optimiser and random state."""
        return {
            "net": self.net.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "random": self.net.random_state(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Put a copy from :meth:`state` back."""
        self.net.load_state_dict(state["net"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.net.set_random_state(state["random"])

    def _value(self, outputs: Array, y: Array) -> tuple[float, Any]:
        if self._unseen:
            _check_logits(outputs)
            self._unseen = False
        return self._loss(outputs, y)

    def _report(self, value: float, outputs: Array, y: Array) -> dict[str, float]:
        return {"loss": value} | {name: m(outputs, y) for name, m in self._metrics.items()}

    def _input(self, x: Array) -> Array:
        # Tokens stay integers; numbers take on the dtype of the weights.
        return x if x.dtype.kind in "iu" else x.astype(self._dtype, copy=False)

    def _target(self, y: Array) -> Array:
        return y if y.dtype.kind in "iu" else y.astype(self._dtype, copy=False)


def _optimizer(optimizer: str | Optimizer, lr: float | None) -> Optimizer:
    if isinstance(optimizer, Optimizer):
        if lr is not None:
            raise ValueError(
                f"Stepper: an Optimizer has its own learning rate, lr={lr} cannot be given too. "
                "Give lr to one of them."
            )
        return optimizer
    if optimizer not in OPTIMIZERS:
        raise ValueError(
            f"Stepper: optimizer must be one of {', '.join(OPTIMIZERS)}, not {optimizer!r}. "
            "Or pass an Optimizer of cnnlab.scratch.optim."
        )
    return OPTIMIZERS[optimizer](lr=DEFAULT_LR if lr is None else lr)


def _named(
    metric: str | Callable[[Array, Array], float],
) -> tuple[str, Callable[[Array, Array], float]]:
    if callable(metric):
        return metric.__name__, metric
    if metric != "accuracy":
        raise ValueError(
            f"Stepper: metrics must be 'accuracy' or functions, not {metric!r}. "
            "Pass a function (outputs, targets) -> float."
        )
    return metric, accuracy


def _check_logits(outputs: Array) -> None:
    if (outputs >= 0).all() and (np.abs(outputs.sum(axis=1) - 1) < 1e-4).all():
        raise ValueError(
            "Stepper: cross-entropy takes logits, but the outputs are already probabilities. "
            "Remove the softmax at the end, or use cross_entropy_of_probabilities."
        )
