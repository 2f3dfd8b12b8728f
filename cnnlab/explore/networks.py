"""Which network an explorer shows: one of the zoo, or a specification of one's own."""

from dataclasses import replace
from typing import Any, NamedTuple

import traitlets

from cnnlab import spec, zoo
from cnnlab.explore.controls import Control
from cnnlab.explore.examples import ExampleExplorer, S
from cnnlab.spec import Row, Shape

OWN = "own specification"


class Choice(NamedTuple):
    """A network to explore, or why there is none.

    Attributes
    ----------
    name : str
        As the explorer calls it.
    spec : Row
        Its table.
    input_shape : tuple of int
        Without the batch.
    steps : list of TraceStep
        The table followed row by row.
    """

    name: str
    spec: Row
    input_shape: Shape
    steps: list[spec.TraceStep]


def chosen(network: str, own: Row | None, input_shape: Shape) -> Choice:
    """Look up and follow the network.

    Parameters
    ----------
    network : str
        Name in the zoo, or :data:`OWN`.
    own : Row or None
        The specification that OWN means.
    input_shape : tuple of int
        What enters it, without the batch.

    Raises
    ------
    ValueError
        If there is nothing to follow, or a row does not fit.

    Examples
    --------
    >>> chosen("lenet-5", None, ()).input_shape
    (1, 32, 32)
    """
    if network != OWN:
        known = zoo.get(network)
        return Choice(network, known.spec, known.input_shape, _steps(known.spec, known.input_shape))
    if own is None:
        raise ValueError("spec must be set from Python first. Write x.spec = Chain(Conv(8, 3), …).")
    if not input_shape:
        raise ValueError(
            "input_shape must be set beside spec, without the batch. "
            "Write x.input_shape = (1, 28, 28)."
        )
    return Choice(OWN, own, tuple(input_shape), _steps(own, tuple(input_shape)))


def _steps(row: Row, input_shape: Shape) -> list[spec.TraceStep]:
    steps = spec.trace(row, input_shape)
    if not steps:
        raise ValueError("spec must hold at least one row, not none. Add one.")
    return steps


def names() -> list[str]:
    """What an explorer offers: the zoo, then a specification of one's own."""
    return [*zoo.names(), OWN]


class NetworkExplorer(ExampleExplorer[S]):
    """An explorer of a network: one of the zoo, or ``spec`` with its ``input_shape``.

    A subclass declares the trait ``network``. Setting ``spec`` chooses it, unless a network is
    named beside it.
    """

    network: Any
    spec = traitlets.Instance(Row, allow_none=True)
    input_shape: Any = traitlets.Tuple()

    def __init__(self, **settings: Any) -> None:
        if settings.get("spec") is not None:
            settings.setdefault("network", OWN)
        super().__init__(**settings)
        self.network = settings.get("network", self.network)

    def offered(self) -> tuple[Control, ...]:
        """Controls that offer a specification of one's own only once there is one."""
        if self.spec is not None:
            return self.controls
        return tuple(
            replace(each, options=tuple(option for option in each.options if option[0] != OWN))
            for each in self.controls
        )

    def _differing(self) -> dict[str, Any]:
        named = {} if self.spec is None else {"network": self.network}  # or it would be one's own
        return super()._differing() | named

    @traitlets.observe("spec")
    def _choose_own(self, change: Any) -> None:
        if change["new"] is not None:
            self.network = OWN


def source(choice: Choice) -> list[str]:
    """Lines of code that make ``spec`` and ``input_shape``.

    Parameters
    ----------
    choice : Choice
        The network.
    """
    if choice.name != OWN:
        return [
            "from cnnlab import zoo",
            f'network = zoo.get("{choice.name}")',
            "spec, input_shape = network.spec, network.input_shape",
        ]
    text = repr(choice.spec)
    kinds = [
        name for name, kind in vars(spec).items() if isinstance(kind, type) and f"{name}(" in text
    ]
    return [
        f"from cnnlab.spec import {', '.join(kinds)}",
        f"spec = {text}",
        f"input_shape = {choice.input_shape}",
    ]
