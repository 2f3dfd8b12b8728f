"""A NumPy network with its loss and optimiser, driven by :func:`cnnlab.train.fit`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from cnnlab.scratch import gate, losses
from cnnlab.scratch.batch_metrics import Metric, Share
from cnnlab.scratch.batch_metrics import named as read_metrics
from cnnlab.scratch.functional.checks import Array
from cnnlab.scratch.functional.threads import own_threads
from cnnlab.scratch.functional.workspace import keep_freed_memory
from cnnlab.scratch.layers.base import Layer
from cnnlab.scratch.nets import Net
from cnnlab.scratch.optim import OPTIMIZERS, Optimizer, by_name
from cnnlab.scratch.regularization import clip_grad_norm
from cnnlab.spec import Embedding

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
        Names: "adagrad", "adam", "adamw", "nadam", "rmsprop", "sgd", with PyTorch's defaults;
        "keras-adam" and so on, with Keras'.
    lr : float, optional
        Learning rate; 0.001 by default, 0.01 for "keras-sgd". An Optimizer has its own.
    metrics : sequence of names, or of functions (outputs, targets) -> float
        Reported beside the loss, see :mod:`cnnlab.scratch.batch_metrics`; functions under their
        ``__name__``. By default accuracy for cross-entropy, nothing for other losses.
    penalty : function, optional
        ``penalty(params) -> (value, grads)``, added to the loss in training, such as
        ``lambda params: l2_penalty(params, 1e-4)``.
    max_norm : float, optional
        Clip the common length of all gradients.

    Notes
    -----
    While it computes, BLAS is held to one thread, and the work is shared among as many threads as BLAS
    may use otherwise.

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
        metrics: Sequence[str | Metric] | None = None,
        *,
        penalty: Penalty | None = None,
        max_norm: float | None = None,
    ) -> None:
        _check_net(net)
        keep_freed_memory()
        self.net = net
        self._loss_name = loss if isinstance(loss, str) else ""
        self._loss, self._loss_backward = _loss(loss)
        self._unseen = loss == "cross-entropy"  # its outputs are looked at once
        self.optimizer = _optimizer(optimizer, lr)
        usual = ("accuracy",) if loss == "cross-entropy" else ()
        self._metrics = read_metrics(usual if metrics is None else metrics)
        self._vocabulary = _vocabulary(net)
        self._penalty, self._max_norm = penalty, max_norm
        floats = [array.dtype for array in net.params.values()]
        self._dtype = floats[0] if floats else np.dtype(np.float32)

    @property
    def takes_tokens(self) -> bool:
        """Whether the network looks its inputs up in an embedding, so that they are integers."""
        return self._vocabulary is not None

    @property
    def learning_rate(self) -> float:
        """The optimiser's learning rate."""
        return self.optimizer.lr

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        self.optimizer.lr = value

    @own_threads()
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
        outputs = self._outputs(x, training=True)
        y = self._targets(y, outputs)
        value, cache = self._value(outputs, y)
        # A network of one's own may know `backward` alone.
        backward = getattr(self.net, "backward_to_params", self.net.backward)
        backward(self._gradient(cache, outputs, y))
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

    @own_threads()
    def evaluate(self, x: Array, y: Array) -> dict[str, float]:
        """Return a batch's mean loss and metrics in evaluation mode; learn nothing."""
        outputs = self._outputs(x)
        y = self._targets(y, outputs)
        return self._report(self._value(outputs, y)[0], outputs, y)

    @own_threads()
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
        x = gate.read_inputs(x, self._vocabulary)
        starts = gate.batch_starts(len(x), batch_size)
        parts = [self._outputs(x[i : i + batch_size]) for i in starts]
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

    def _gradient(self, cache: Any, outputs: Array, y: Array) -> Array:
        gradient = self._loss_backward(cache)
        if np.shape(gradient) != outputs.shape:
            raise ValueError(
                f"Stepper: loss_backward must return the shape of the outputs, {outputs.shape}, "
                f"not {np.shape(gradient)}. Let the loss compare like with like: here the targets "
                f"are {y.shape}."
            )
        return gradient

    def _report(self, value: float, outputs: Array, y: Array) -> dict[str, float]:
        report = {"loss": value}
        for name, metric in self._metrics.items():
            found = metric(outputs, y)
            report[name] = Share(*map(float, found)) if isinstance(found, tuple) else float(found)
        return report

    def _outputs(self, x: Array, *, training: bool = False) -> Array:
        x = gate.read_inputs(x, self._vocabulary)
        # Tokens stay integers; numbers take on the dtype of the weights.
        entering = x if x.dtype.kind in "iu" else x.astype(self._dtype, copy=False)
        try:
            return self.net.forward(entering, training=training)
        except (TypeError, ValueError) as error:
            sentence = gate.lonely(str(error), x.shape) or gate.misfit(
                x.shape, getattr(self.net, "in_shape", None)
            )
            if not sentence:
                raise
            raise ValueError(sentence) from error

    def _targets(self, y: Array, outputs: Array) -> Array:
        if self._loss_name == "cross-entropy":
            return gate.read_labels(y, outputs.shape)
        if self._loss_name:
            return gate.read_numbers(y, outputs.shape).astype(self._dtype, copy=False)
        y = gate.read_targets(y)
        return y if y.dtype.kind in "iu" else y.astype(self._dtype, copy=False)


def _check_net(net: Any) -> None:
    if not isinstance(net, type) and all(hasattr(net, name) for name in ("forward", "backward")):
        return
    what = f"the class {net.__name__}" if isinstance(net, type) else type(net).__name__
    raise TypeError(
        f"Stepper: net must be a network in NumPy, with forward and backward, not {what}. "
        "Build one from a specification by cnnlab.scratch.build; a PyTorch module has "
        "cnnlab.pytorch.Stepper."
    )


def _loss(loss: Any) -> Loss:
    if isinstance(loss, str) and loss in LOSSES:
        return LOSSES[loss]
    if isinstance(loss, tuple) and len(loss) == 2 and all(map(callable, loss)):
        return loss
    raise gate.unknown_loss(
        loss,
        LOSSES,
        "a pair (loss, loss_backward)",
        "Functions of one's own come in pairs, because there is no tape.",
    )


def _vocabulary(net: Any) -> int | None:
    """How many tokens an embedding inside knows; None if there is none."""
    if isinstance(net, Net):
        known = [size for size in map(_vocabulary, net) if size is not None]
        return max(known, default=None)
    row = getattr(net, "row", None)
    return row.num_embeddings if isinstance(row, Embedding) else None


def _optimizer(optimizer: str | Optimizer, lr: float | None) -> Optimizer:
    if isinstance(optimizer, Optimizer):
        if lr is not None:
            raise ValueError(
                f"Stepper: an Optimizer has its own learning rate, lr={lr} cannot be given too. "
                "Give lr to one of them."
            )
        return optimizer
    rule, settings = by_name(optimizer, lr)
    return OPTIMIZERS[rule](**settings)


def _check_logits(outputs: Array) -> None:
    if (outputs >= 0).all() and (np.abs(outputs.sum(axis=1) - 1) < 1e-4).all():
        raise ValueError(
            "Stepper: cross-entropy takes logits, but the outputs are already probabilities. "
            "Remove the softmax at the end, or use cross_entropy_of_probabilities."
        )
