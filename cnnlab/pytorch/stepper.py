"""A PyTorch module with its loss and optimiser, driven by :func:`cnnlab.train.fit`."""

import contextlib
import copy
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cnnlab.pytorch import randomness
from cnnlab.pytorch.measures import (
    Measure,
    NoSurprise,
    backward,
    check_logits,
    evaluate,
    numbers,
    read_loss,
)
from cnnlab.pytorch.optimizers import make
from cnnlab.scratch import gate
from cnnlab.scratch.batch_metrics import named as read_metrics
from cnnlab.scratch.functional.workspace import keep_freed_memory

Array: TypeAlias = NDArray[Any]


class Stepper:
    """Take training steps with a PyTorch module: NumPy batches in, plain numbers out.

    As in any PyTorch loop, the module is left in the mode it was last used in: ``step``
    needs training mode, ``evaluate`` and ``predict`` need evaluation mode.

    Parameters
    ----------
    module : nn.Module
        Maps (N, ...) to outputs; logits (N, K) for the default loss. Convolutions are often quicker
        on a CPU once it is ``module.to(memory_format=torch.channels_last)``.
    loss : name, or function (outputs, targets) -> scalar tensor
        The batch's mean loss. Names: "cross-entropy", "binary-cross-entropy" (both of logits),
        "mse", "mae".
    optimizer : name, torch.optim.Optimizer, or function (parameters, lr=...) -> Optimizer
        Names: "adagrad", "adam", "adamw", "nadam", "rmsprop", "sgd", with PyTorch's defaults;
        "keras-adam" and so on, with Keras'.
    lr : float, optional
        Learning rate; 0.001 by default, 0.01 for "keras-sgd". An Optimizer has its own.
    metrics : sequence of names, or of functions (outputs, targets) -> scalar tensor
        Reported beside the loss, see :mod:`cnnlab.scratch.batch_metrics`; functions under their
        ``__name__``. By default nothing for the losses "binary-cross-entropy", "mse" and "mae",
        else accuracy.
    device : str or torch.device, optional
        Where to compute; the module is moved there. By default where it already is.
    seed : int
        Decides dropout and any other draw inside the module; PyTorch's global generator is
        neither read nor moved.
    threads : int, optional
        CPU threads while a step is computed. One suits the course's small networks: it is
        steady when the machine is busy with other things, and rounds alike whatever the number
        of cores. None leaves PyTorch's own choice, which is quicker for large networks.

    Examples
    --------
    >>> import numpy as np
    >>> stepper = Stepper(nn.Linear(4, 3), optimizer="sgd", lr=0.1)
    >>> x, y = np.zeros((2, 4), dtype=np.float32), np.array([0, 2])
    >>> sorted(stepper.step(x, y))
    ['accuracy', 'loss']
    >>> stepper.predict(x).shape
    (2, 3)
    """

    def __init__(
        self,
        module: nn.Module,
        loss: str | Measure = "cross-entropy",
        optimizer: str | torch.optim.Optimizer | Callable[..., torch.optim.Optimizer] = "adam",
        lr: float | None = None,
        metrics: Sequence[str | Measure] | None = None,
        device: str | torch.device | None = None,
        seed: int = 0,
        threads: int | None = 1,
    ) -> None:
        if threads is not None and (not isinstance(threads, int) or threads < 1):
            raise ValueError(
                f"Stepper: threads must be at least 1, not {threads!r}. "
                "Give a number, or None for PyTorch's own choice."
            )
        _check_module(module)
        keep_freed_memory()
        self._loss, measure = read_loss(loss)
        usual = ("accuracy",) if self._loss in ("", "cross-entropy") else ()
        self._measures = {"loss": measure} | read_metrics(usual if metrics is None else metrics)
        example = next(module.parameters(), torch.empty(0))
        self.device = example.device if device is None else torch.device(device)
        self.dtype = example.dtype
        self.module = module.to(self.device).eval()
        self.optimizer = make(module, optimizer, lr)
        self._vocabulary = _vocabulary(module)
        self._unseen = True  # the first outputs are looked at closely
        self._random = randomness.seeded(self.device, seed)
        self._threads = threads

    @property
    def takes_tokens(self) -> bool:
        """Whether the module looks its inputs up in an embedding, so that they are integers."""
        return self._vocabulary is not None

    @property
    def learning_rate(self) -> float:
        """The first parameter group's learning rate; setting it scales all groups alike."""
        return float(self.optimizer.param_groups[0]["lr"])

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        first, *others = self.optimizer.param_groups
        scale = value / first["lr"] if others and first["lr"] else 1.0
        for group in others:
            group["lr"] *= scale
        first["lr"] = value

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
        self._switch(training=True)
        with self._own_threads(), self._own_randomness():
            values = self._values(x, y)
            self.optimizer.zero_grad()
            backward(values["loss"])
            self.optimizer.step()
        return numbers(values)

    @torch.inference_mode()
    def evaluate(self, x: Array, y: Array) -> dict[str, float]:
        """Return a batch's mean loss and metrics in evaluation mode; learn nothing."""
        self._switch(training=False)
        with self._own_threads():
            return numbers(self._values(x, y))

    @torch.inference_mode()
    def predict(self, x: Array, batch_size: int = 256) -> Array:
        """Return the module's outputs in evaluation mode.

        Parameters
        ----------
        x : (N, ...) array
        batch_size : int
            Examples computed at once; bounds the memory.

        Returns
        -------
        (N, ...) array
        """
        self._switch(training=False)
        x = gate.read_inputs(x, self._vocabulary)
        starts = gate.batch_starts(len(x), batch_size)
        with self._own_threads():
            outputs = [self._outputs(x[i : i + batch_size]) for i in starts]
            result: Array = torch.cat(outputs).cpu().numpy()
        return result

    def state(self) -> dict[str, Any]:
        """Return a copy of weights, optimiser and random state."""
        return copy.deepcopy(
            {
                "module": self.module.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "random": self._random,
            }
        )

    def restore(self, state: dict[str, Any]) -> None:
        """Put a copy from :meth:`state` back."""
        # The optimiser would go on working in the tensors it is handed.
        state = copy.deepcopy(state)
        self.module.load_state_dict(state["module"])
        self.optimizer.load_state_dict(state["optimizer"])
        self._random = state["random"]

    def _values(self, x: Array, y: Array) -> dict[str, Any]:
        """The batch's loss and metrics, as tensors."""
        outputs = self._outputs(x)
        targets = self._targets(y, outputs)
        if not self._unseen:
            return evaluate(self._measures, outputs, targets)
        if self._loss == "cross-entropy":
            check_logits(outputs)
        with NoSurprise():
            values = evaluate(self._measures, outputs, targets)
        self._unseen = len(outputs) < 2  # one example cannot be lined up wrongly
        return values

    def _outputs(self, x: Array) -> Tensor:
        x = gate.read_inputs(x, self._vocabulary)
        dtype = torch.int64 if x.dtype.kind in "iu" else self.dtype
        try:
            outputs: Tensor = self.module(_tensor(x).to(self.device, dtype))
        except torch.cuda.OutOfMemoryError:
            raise
        except (RuntimeError, ValueError, TypeError, IndexError) as error:
            raise ValueError(self._refusal(x, error)) from error
        return outputs

    def _refusal(self, x: Array, error: Exception) -> str:
        reason = " ".join(str(error).split())
        known = gate.lonely(reason, x.shape)
        return (
            known
            or gate.misfit(x.shape, getattr(self.module, "in_shape", None))
            or (
                f"Stepper: the module must be able to take x of shape {x.shape}, but cannot: "
                f"{reason.removesuffix('.')}. Images are (N, C, H, W), channels first."
            )
        )

    def _targets(self, y: Array, outputs: Tensor) -> Tensor:
        shape = tuple(outputs.shape)
        if self._loss == "cross-entropy":
            y = gate.read_labels(y, shape, soft=True)
        elif self._loss:
            y = gate.read_numbers(y, shape)
            return _tensor(y).to(self.device, self.dtype)
        else:
            y = gate.read_targets(y)
        if y.dtype.kind in "iu":
            return _tensor(y.astype(np.int64, copy=False)).to(self.device)
        return _tensor(y).to(self.device, self.dtype)

    def _switch(self, *, training: bool) -> None:
        # Walking through all modules at every step would cost more than the whole loop.
        if self.module.training != training:
            self.module.train(training)

    @contextlib.contextmanager
    def _own_threads(self) -> Iterator[None]:
        before = torch.get_num_threads()
        if self._threads in (None, before):
            yield
            return
        torch.set_num_threads(self._threads)
        try:
            yield
        finally:
            torch.set_num_threads(before)

    @contextlib.contextmanager
    def _own_randomness(self) -> Iterator[None]:
        before = randomness.current(self.device)
        randomness.put(self.device, self._random)
        try:
            yield
        finally:
            self._random = randomness.current(self.device)
            randomness.put(self.device, before)


def _check_module(module: Any) -> None:
    if isinstance(module, nn.Module):
        return
    what = f"the class {module.__name__}" if isinstance(module, type) else type(module).__name__
    raise TypeError(
        f"Stepper: module must be a torch.nn.Module, not {what}. Build one from a specification "
        "by cnnlab.pytorch.build; networks in NumPy have cnnlab.scratch.Stepper."
    )


def _vocabulary(module: nn.Module) -> int | None:
    """How many tokens an embedding inside knows; None if there is none."""
    tables = (m for m in module.modules() if isinstance(m, (nn.Embedding, nn.EmbeddingBag)))
    return max((table.num_embeddings for table in tables), default=None)


def _tensor(array: Array) -> Tensor:
    """Share memory with the array where PyTorch can, copy where it must."""
    array = np.ascontiguousarray(array, array.dtype.newbyteorder("="))
    return torch.from_numpy(array) if array.flags.writeable else torch.tensor(array)
