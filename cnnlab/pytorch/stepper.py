"""A PyTorch module with its loss and optimiser, driven by :func:`cnnlab.train.fit`."""

import contextlib
import copy
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

Array: TypeAlias = NDArray[Any]
Measure: TypeAlias = Callable[[Tensor, Tensor], Tensor]

OPTIMIZERS: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "rmsprop": torch.optim.RMSprop,
    "sgd": torch.optim.SGD,
}
DEFAULT_LR = 1e-3


def accuracy(outputs: Tensor, targets: Tensor) -> Tensor:
    """Share of examples whose largest output is at the label.

    Parameters
    ----------
    outputs : (N, K) tensor
    targets : (N,) tensor of integer labels

    Examples
    --------
    >>> accuracy(torch.tensor([[2.0, 1.0], [0.0, 3.0]]), torch.tensor([0, 0])).item()
    0.5
    """
    if targets.ndim != 1:
        raise ValueError(
            f"accuracy: labels must have shape (N,), not {tuple(targets.shape)}. "
            "Use metrics=() for other targets."
        )
    return (outputs.argmax(dim=1) == targets).float().mean()


class Stepper:
    """Take training steps with a PyTorch module: NumPy batches in, plain numbers out.

    As in any PyTorch loop, the module is left in the mode it was last used in: ``step``
    needs training mode, ``evaluate`` and ``predict`` need evaluation mode.

    Parameters
    ----------
    module : nn.Module
        Maps (N, ...) to outputs; logits (N, K) for the default loss.
    loss : "cross-entropy" or function (outputs, targets) -> scalar tensor
        The batch's mean loss.
    optimizer : name, torch.optim.Optimizer, or function (parameters, lr=...) -> Optimizer
        Names: "adam", "adamw", "rmsprop", "sgd", with PyTorch's defaults.
    lr : float, optional
        Learning rate; 0.001 unless ``optimizer`` is an Optimizer, which has its own.
    metrics : sequence of "accuracy" or functions (outputs, targets) -> scalar tensor
        Reported beside the loss; functions under their ``__name__``.
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
        loss: Literal["cross-entropy"] | Measure = "cross-entropy",
        optimizer: str | torch.optim.Optimizer | Callable[..., torch.optim.Optimizer] = "adam",
        lr: float | None = None,
        metrics: Sequence[Literal["accuracy"] | Measure] = ("accuracy",),
        device: str | torch.device | None = None,
        seed: int = 0,
        threads: int | None = 1,
    ) -> None:
        if threads is not None and (not isinstance(threads, int) or threads < 1):
            raise ValueError(
                f"Stepper: threads must be at least 1, not {threads!r}. "
                "Give a number, or None for PyTorch's own choice."
            )
        if not callable(loss) and loss != "cross-entropy":
            raise ValueError(
                f"Stepper: loss must be 'cross-entropy' or a function, not {loss!r}. "
                "Pass for example torch.nn.functional.mse_loss."
            )
        example = next(module.parameters(), torch.empty(0))
        self.device = example.device if device is None else torch.device(device)
        self.dtype = example.dtype
        self.module = module.to(self.device).eval()
        self.optimizer = _optimizer(module, optimizer, lr)
        self._loss: Measure = loss if callable(loss) else nn.functional.cross_entropy
        self._takes_logits = not callable(loss)
        self._checked = False
        self._metrics = {"loss": self._loss} | dict(_named(metric) for metric in metrics)
        self._random = _random_state(self.device, seed)
        self._threads = threads

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
            outputs, targets = self._forward(x, y)
            values = {name: measure(outputs, targets) for name, measure in self._metrics.items()}
            self.optimizer.zero_grad()
            values["loss"].backward()  # type: ignore[no-untyped-call]
            self.optimizer.step()
        return _numbers(values)

    @torch.inference_mode()
    def evaluate(self, x: Array, y: Array) -> dict[str, float]:
        """Return a batch's mean loss and metrics in evaluation mode; learn nothing."""
        self._switch(training=False)
        with self._own_threads():
            outputs, targets = self._forward(x, y)
            return _numbers({name: m(outputs, targets) for name, m in self._metrics.items()})

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
        starts = range(0, max(len(x), 1), batch_size)
        with self._own_threads():
            outputs = [self.module(self._inputs(x[i : i + batch_size])) for i in starts]
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

    def _forward(self, x: Array, y: Array) -> tuple[Tensor, Tensor]:
        outputs = self.module(self._inputs(x))
        y = np.asarray(y)
        if self._takes_logits:
            _check_labels(y, outputs)
            if not self._checked:
                _check_logits(outputs)
                self._checked = True
        if np.issubdtype(y.dtype, np.integer):
            return outputs, _tensor(y.astype(np.int64, copy=False)).to(self.device)
        return outputs, _tensor(y).to(self.device, self.dtype)

    def _inputs(self, x: Array) -> Tensor:
        return _tensor(x).to(self.device, self.dtype)

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
        before = _get_random(self.device)
        _set_random(self.device, self._random)
        try:
            yield
        finally:
            self._random = _get_random(self.device)
            _set_random(self.device, before)


def _optimizer(module: nn.Module, optimizer: Any, lr: float | None) -> torch.optim.Optimizer:
    parameters = list(module.parameters())
    if isinstance(optimizer, torch.optim.Optimizer):
        if lr is not None:
            raise ValueError(
                f"Stepper: an Optimizer has its own learning rate, lr={lr} cannot be given too. "
                "Give lr to one of them."
            )
        held = {id(p) for group in optimizer.param_groups for p in group["params"]}
        if held.isdisjoint(id(p) for p in parameters):
            raise ValueError(
                "Stepper: the optimizer must hold the module's parameters, but holds none of them. "
                "Build it from module.parameters()."
            )
        return optimizer
    if not callable(optimizer):
        if optimizer not in OPTIMIZERS:
            raise ValueError(
                f"Stepper: optimizer must be one of {', '.join(OPTIMIZERS)}, not {optimizer!r}. "
                "Or pass a torch.optim.Optimizer."
            )
        optimizer = OPTIMIZERS[optimizer]
    built: torch.optim.Optimizer = optimizer(parameters, lr=DEFAULT_LR if lr is None else lr)
    return built


def _named(metric: str | Measure) -> tuple[str, Measure]:
    if callable(metric):
        return metric.__name__, metric
    if metric != "accuracy":
        raise ValueError(
            f"Stepper: metrics must be 'accuracy' or functions, not {metric!r}. "
            "Pass a function (outputs, targets) -> scalar tensor."
        )
    return metric, accuracy


def _check_labels(y: Array, outputs: Tensor) -> None:
    if y.ndim == 1 and (y.min() < 0 or y.max() >= outputs.shape[1]):
        raise ValueError(
            f"Stepper: labels must lie between 0 and {outputs.shape[1] - 1}, not {y.min()} to "
            f"{y.max()}. Count classes from 0, or give the last layer more outputs."
        )


def _check_logits(outputs: Tensor) -> None:
    values = outputs.detach()
    if bool((values >= 0).all()) and bool(((values.sum(dim=1) - 1).abs() < 1e-4).all()):
        raise ValueError(
            "Stepper: cross-entropy takes logits, but the outputs are already probabilities. "
            "Remove the softmax at the end of the module."
        )


def _numbers(values: dict[str, Tensor]) -> dict[str, float]:
    # One transfer for all of them: each one of its own would make the device wait.
    numbers = torch.stack([value.detach() for value in values.values()]).tolist()
    return dict(zip(values, numbers, strict=True))


def _tensor(array: Array) -> Tensor:
    """Share memory with the array where PyTorch can, copy where it must."""
    array = np.ascontiguousarray(array)
    return torch.from_numpy(array) if array.flags.writeable else torch.tensor(array)


def _random_state(device: torch.device, seed: int) -> tuple[Tensor, ...]:
    states = [torch.Generator().manual_seed(seed).get_state()]
    if device.type == "cuda":
        states.append(torch.Generator(device).manual_seed(seed).get_state())
    return tuple(states)


def _get_random(device: torch.device) -> tuple[Tensor, ...]:
    states = [torch.get_rng_state()]
    if device.type == "cuda":
        states.append(torch.cuda.get_rng_state(device))
    return tuple(states)


def _set_random(device: torch.device, states: tuple[Tensor, ...]) -> None:
    torch.set_rng_state(states[0])
    if device.type == "cuda":
        torch.cuda.set_rng_state(states[1], device)
