"""What the training loop drives: whatever can take one optimisation step on a batch."""

from collections.abc import Mapping
from typing import Any, Protocol, TypeAlias

from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]


class Stepper(Protocol):
    """What :func:`fit` needs of a network with its loss and its optimiser."""

    learning_rate: float

    def step(self, x: Array, y: Array) -> Mapping[str, float]:
        """Take one optimisation step; return the batch's mean metrics, ``"loss"`` among them."""
        ...

    def evaluate(self, x: Array, y: Array) -> Mapping[str, float]:
        """Return the batch's mean metrics in evaluation mode; learn nothing."""
        ...

    def predict(self, x: Array) -> Array:
        """Return the network's outputs in evaluation mode."""
        ...

    def state(self) -> Any:
        """Return a copy of the weights and the optimiser that later steps do not touch."""
        ...

    def restore(self, state: Any) -> None:
        """Put a copy from :meth:`state` back; it may be put back again later."""
        ...
