"""A student's network through the seam: a copy of it stays there and is asked for plain data."""

from typing import Any

from cnnlab.check.core.arrays import Array, to_array
from cnnlab.check.core.result import RefusedError, Result
from cnnlab.check.run.things import Thing


class OwnNetwork:
    """A student's network on this side; where it is stopped, the check ends.

    Parameters
    ----------
    thing : Thing
        A view of it, see :class:`cnnlab.check.networks.models.NetworkView`.
    where : str
        The case, in words that follow a verb; the shape of the batch if left out.

    Examples
    --------
    >>> import numpy as np
    >>> from cnnlab import spec
    >>> from cnnlab.check.networks.models import NetworkView
    >>> view = NetworkView(spec.Chain(fc=spec.Linear(2)), (3,))
    >>> own = OwnNetwork(Thing(view, "network"))
    >>> own.build(), own.run(np.ones((5, 3), np.float32)).shape
    ('', (5, 2))
    """

    def __init__(self, thing: Thing, where: str = "") -> None:
        self._thing, self._where = thing, where

    def at(self, where: str) -> "OwnNetwork":
        """The same, with other words for the case."""
        return OwnNetwork(self._thing, where)

    def _ask(self, method: str, *inputs: Any) -> Any:
        return self._thing.ask(method, *inputs, where=self._where).returned

    def build(self) -> str:
        """What the answer is if it is no network, else empty."""
        return self._ask("build")  # type: ignore[no-any-return]

    @property
    def is_class(self) -> bool:
        """Whether the answer is a class, not yet a network."""
        return self._ask("is_class")  # type: ignore[no-any-return]

    @property
    def normalizes(self) -> bool:
        """Whether it has batch normalisation."""
        return self._ask("normalizes")  # type: ignore[no-any-return]

    def run(self, x: Array, training: bool = False) -> Array:
        """Outputs of a batch."""
        words = self if self._where else self.at(f"with a batch of shape {x.shape}")
        y = to_array(words._ask("run", x, training), "output of the network")
        if isinstance(y, Result):
            raise RefusedError(y)
        return y

    def state(self) -> dict[str, Array]:
        """Copies of parameters and running statistics, in PyTorch's order."""
        return self._ask("state")  # type: ignore[no-any-return]

    def params(self) -> dict[str, Array]:
        """Copies of the parameters."""
        return self._ask("params")  # type: ignore[no-any-return]

    def frozen(self) -> list[str]:
        """Parameters that are kept from learning on purpose."""
        return self._ask("frozen")  # type: ignore[no-any-return]

    def learn(self, x: Array, labels: Array, steps: int, lr: float, enough: float) -> list[float]:
        """Train on one batch by Adam; the losses before each step, until one is low enough."""
        return self._ask("learn", x, labels, steps, lr, enough)  # type: ignore[no-any-return]

    def drops(self) -> tuple[list[float], bool]:
        """Probabilities of its dropouts, and whether they are all and in their order."""
        return self._ask("drops")  # type: ignore[no-any-return]
