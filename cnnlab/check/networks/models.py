"""One view of networks in NumPy and in PyTorch: run, count, copy weights, learn a few examples."""

import copy
import sys
from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from cnnlab import spec
from cnnlab.check.core.answers import kind
from cnnlab.check.core.arrays import Array
from cnnlab.spec import Row, Shape


class Model(Protocol):
    """What checks need of a network; the student's own is left as it was."""

    @property
    def normalizes(self) -> bool:
        """Whether it has batch normalisation."""
        ...

    def run(self, x: Array, training: bool = False) -> Array:
        """Outputs of a batch."""
        ...

    def state(self) -> dict[str, Array]:
        """Copies of parameters and running statistics, in PyTorch's order."""
        ...

    def params(self) -> dict[str, Array]:
        """Copies of the parameters."""
        ...

    def frozen(self) -> set[str]:
        """Parameters that are kept from learning on purpose."""
        ...

    def load(self, state: Mapping[str, Array]) -> None:
        """Take over parameters and running statistics."""
        ...

    def learn(self, x: Array, labels: Array, steps: int, lr: float, enough: float) -> list[float]:
        """Train on one batch by Adam; the losses before each step, until one is low enough."""
        ...


def is_torch(answer: Any) -> bool:
    """Whether an object is a PyTorch module, without loading PyTorch.

    Examples
    --------
    >>> is_torch(3)
    False
    """
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(answer, torch.nn.Module)


def model(answer: Any, input_shape: Shape) -> Model | None:
    """View an object as a network: a module, a NumPy network, a specification, or a Stepper's.

    Parameters
    ----------
    answer : object
    input_shape : tuple of int
        Without the batch.

    Returns
    -------
    Model or None
        None if it is none of these.

    Examples
    --------
    >>> from cnnlab import spec
    >>> model(spec.Chain(fc=spec.Linear(2)), (3,)).run(np.ones((5, 3), np.float32)).shape
    (5, 2)
    """
    if all(callable(getattr(answer, name, None)) for name in ("step", "evaluate")):
        answer = getattr(answer, "module", getattr(answer, "net", answer))  # that of a Stepper
    if is_torch(answer):
        return _Torch(copy.deepcopy(answer).cpu())
    if isinstance(answer, Row):
        from cnnlab.scratch import build

        return _NumPy(build(answer, input_shape))
    if all(callable(getattr(answer, name, None)) for name in ("forward", "backward")):
        return _NumPy(copy.deepcopy(answer))
    return None


def drops(answer: Any) -> tuple[list[float], bool]:
    """Probabilities of dropouts, as far as they can be read, and whether in their order.

    Examples
    --------
    >>> drops(spec.Chain(drop=spec.Dropout(0.25), fc=spec.Linear(2)))
    ([0.25], True)
    """
    if isinstance(answer, spec.Combinator):
        return [p for _, child in answer.children for p in drops(child)[0]], True
    if isinstance(answer, Row):
        return [answer.p] if isinstance(answer, spec.Dropout) and answer.p else [], True
    modules = answer.modules() if is_torch(answer) else ()
    dropouts = (m for m in modules if type(m).__name__.startswith("Dropout"))
    return [float(m.p) for m in dropouts if getattr(m, "p", 0)], False


class NetworkView:
    """A copy of a student's network, on its side."""

    _model: Model

    def __init__(self, answer: Any, input_shape: Shape) -> None:
        self._answer, self._shape = answer, input_shape

    def is_class(self) -> bool:
        return isinstance(self._answer, type)

    def build(self) -> str:
        """Copy or build it; what the answer is if it is no network, else empty."""
        built = model(self._answer, self._shape)
        if built is None:
            return kind(self._answer)
        self._model = built
        return ""

    def normalizes(self) -> bool:
        return self._model.normalizes

    def run(self, x: Array, training: bool) -> Array:
        return self._model.run(x, training)

    def state(self) -> Mapping[str, Array]:
        return self._model.state()

    def params(self) -> Mapping[str, Array]:
        return self._model.params()

    def frozen(self) -> list[str]:
        return sorted(self._model.frozen())

    def learn(self, x: Array, labels: Array, steps: int, lr: float, enough: float) -> list[float]:
        return self._model.learn(x, labels, steps, lr, enough)

    def drops(self) -> tuple[list[float], bool]:
        """Probabilities of its dropouts, and whether they are all and in their order."""
        return drops(self._answer)


class _NumPy:
    def __init__(self, net: Any) -> None:
        self.net = net

    @property
    def normalizes(self) -> bool:
        return any("running_mean" in key for key in self.state())

    def run(self, x: Array, training: bool = False) -> Array:
        y: Array = self.net.forward(x.copy(), training=training)
        return y

    def state(self) -> dict[str, Array]:
        return {key: np.copy(value) for key, value in self.net.state_dict().items()}

    def params(self) -> dict[str, Array]:
        return {key: np.copy(value) for key, value in self.net.params.items()}

    def frozen(self) -> set[str]:
        return set()

    def load(self, state: Mapping[str, Array]) -> None:
        self.net.load_state_dict(state)

    def learn(self, x: Array, labels: Array, steps: int, lr: float, enough: float) -> list[float]:
        from cnnlab.scratch.stepper import Stepper

        stepper = Stepper(self.net, optimizer="adam", lr=lr)
        losses: list[float] = []
        while len(losses) < steps and not (losses and losses[-1] < enough):
            losses.append(stepper.step(x, labels)["loss"])
        return losses


class _Torch:
    def __init__(self, net: Any) -> None:
        self.net, self.runs = net, 0

    @property
    def normalizes(self) -> bool:
        return any("BatchNorm" in type(part).__name__ for part in self.net.modules())

    def run(self, x: Array, training: bool = False) -> Array:
        import torch

        self.net.train(training)
        self.runs += 1
        with torch.no_grad(), torch.random.fork_rng():
            torch.manual_seed(
                self.runs
            )  # noise differs from run to run, but is never left to chance
            y: Array = self.net(torch.from_numpy(x.copy())).numpy()
        return y

    def state(self) -> dict[str, Array]:
        return {key: t.detach().numpy().copy() for key, t in self.net.state_dict().items()}

    def params(self) -> dict[str, Array]:
        return {key: t.detach().numpy().copy() for key, t in self.net.named_parameters()}

    def frozen(self) -> set[str]:
        return {key for key, t in self.net.named_parameters() if not t.requires_grad}

    def load(self, state: Mapping[str, Array]) -> None:
        import torch

        self.net.load_state_dict({key: torch.from_numpy(a.copy()) for key, a in state.items()})

    def learn(self, x: Array, labels: Array, steps: int, lr: float, enough: float) -> list[float]:
        import torch

        from cnnlab.scratch.optim import Adam  # torch.optim takes a second to load

        self.net.train()
        named = dict(self.net.named_parameters())
        arrays = {key: p.detach().numpy() for key, p in named.items()}  # views, not copies
        optimizer, images, targets = Adam(lr), torch.from_numpy(x), torch.from_numpy(labels)
        losses: list[float] = []
        with torch.random.fork_rng():
            torch.manual_seed(0)
            while len(losses) < steps and not (losses and losses[-1] < enough):
                self.net.zero_grad()
                loss = torch.nn.functional.cross_entropy(self.net(images), targets)
                losses.append(float(loss.detach()))
                if not loss.requires_grad:  # nothing to learn: no parameter takes part
                    break
                loss.backward()  # type: ignore[no-untyped-call]
                grads = {k: p.grad.numpy() for k, p in named.items() if p.grad is not None}
                optimizer.step(arrays, grads)
        return losses
