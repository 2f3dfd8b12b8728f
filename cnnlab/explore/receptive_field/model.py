"""Levels that are drawn together, and what the units of each see of those below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from cnnlab import count, spec
from cnnlab.explore.networks import Choice, chosen, source
from cnnlab.explore.receptive_field.levels import Layer, Level, fitting, of_network
from cnnlab.explore.receptive_field.relations import (
    exactly,
    relations_in_network,
    relations_in_stack,
    seen,
)
from cnnlab.geometry import ReceptiveField, integer
from cnnlab.spec import Row, Shape

STACK = "own stack"
MAX_LAYERS = 5
PAGE = 5  # layers of a network that are drawn together
DRAWN = 15  # units of a layer that are drawn, at most, where there are too many
SHORT = 24  # a stack's input of which every unit is drawn
LONG = 227


class Stack(NamedTuple):
    """Layers with kernels of one size: what they see, and the parameters they need."""

    stack: str
    sees: int
    term: str
    params: int
    layers: int


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Levels, and what their units see.

    Attributes
    ----------
    problem : str
        Why a layer does not fit, or "".
    own : bool
        Whether it is a stack of one's own.
    layers : sequence of (int, int, int)
        That stack, whether it fits or not.
    levels : list of Level
        The input and all layers that fit.
    drawn : list of int
        Numbers of the levels on the page.
    units : dict
        For each of them, the numbers of its units that are drawn.
    relations : dict
        What a unit of one level sees of another, by their numbers.
    page, pages : int
        Which part of a long network is drawn.
    source : list of str
        Lines of code that make the network.
    branches : bool
        Whether several ways lead through it.
    """

    network: str
    layers: Sequence[Layer]
    padding: str
    size: int
    channels: int
    problem: str = ""
    levels: Sequence[Level] = ()
    drawn: Sequence[int] = ()
    units: Mapping[int, list[int]] = field(default_factory=dict)
    relations: Mapping[tuple[int, int], ReceptiveField] = field(default_factory=dict)
    page: int = 1
    pages: int = 1
    source: Sequence[str] = ()
    branches: bool = False

    @property
    def own(self) -> bool:
        return self.network == STACK

    @cached_property
    def comparison(self) -> list[Stack]:
        """Stacks of 3×3 beside the one layer that sees as much."""
        return compare(self.channels)

    def below(self, i: int, unit: int) -> dict[int, range]:
        """What a unit sees of each drawn level below, from the first to the last unit."""
        return {
            j: seen(self.relations[i, j], unit, self.levels[j].length)
            for j in self.drawn
            if (i, j) in self.relations
        }

    def marked(self, i: int, unit: int) -> dict[int, list[int]]:
        """The same, without the gaps that dilation leaves in a stack of one's own."""
        exact = exactly(self.levels, i, unit) if self.own else {}
        return {j: list(exact.get(j, span)) for j, span in self.below(i, unit).items()}


def reach(
    *,
    network: str = STACK,
    layers: Sequence[Layer] = ((3, 1, 1),) * 3,
    padding: str = "valid",
    size: int = 14,
    page: int = 1,
    channels: int = 64,
    spec: Row | None = None,
    input_shape: Shape = (),
) -> Reach:
    """Follow what units see through a stack of layers, or through a network.

    Parameters
    ----------
    network : str
        "own stack" for ``layers``, a name in the zoo, or "own specification" for ``spec``.
    layers : sequence of (int, int, int)
        Kernel size, stride and dilation of each layer, the first layer first.
    padding : {"valid", "same"}
        Of every layer of the stack.
    size : int
        Pixels of the stack's input along one axis.
    page : int
        Which layers of a network are drawn, counted from 1.
    channels : int
        Channels in the comparison of stacks.
    spec, input_shape
        A specification of one's own.
    """
    asked: dict[str, Any] = {
        "network": network,
        "layers": layers,
        "padding": padding,
        "size": size,
        "channels": channels,
    }
    try:
        if network == STACK:
            return Reach(**asked, **_stack(size, layers, padding))
        return Reach(**asked, **_network(chosen(network, spec, input_shape), page))
    except (TypeError, ValueError) as error:
        return Reach(**asked, problem=str(error).splitlines()[0])


def _stack(size: int, layers: Sequence[Layer], padding: str) -> dict[str, Any]:
    if integer("size", size, 1) > LONG:
        raise ValueError(f"size must be at most {LONG}, not {size}. Choose a smaller one.")
    levels, problem = fitting(size, layers, padding)
    most = size if size <= SHORT else DRAWN
    return {
        "problem": problem,
        "levels": levels,
        "drawn": list(range(len(levels))),
        "units": {i: _some(level.length, most) for i, level in enumerate(levels)},
        "relations": relations_in_stack(levels),
    }


def _network(choice: Choice, page: int) -> dict[str, Any]:
    levels = of_network(choice.spec, choice.steps)
    pages = -(-(len(levels) - 1) // PAGE)
    page = min(max(page, 1), pages)
    drawn = [0, *range(1, len(levels))[(page - 1) * PAGE : page * PAGE]]
    return {
        "levels": levels,
        "drawn": drawn,
        "units": {i: _some(levels[i].length, DRAWN) for i in drawn},
        "relations": relations_in_network(choice.spec, choice.steps, levels, drawn),
        "page": page,
        "pages": pages,
        "source": source(choice),
        "branches": any(isinstance(step.row, spec.Add | spec.Concat) for step in choice.steps),
    }


def _some(count: int, most: int) -> list[int]:
    """Numbers of at most so many units, evenly spread.

    Examples
    --------
    >>> _some(5, 15), _some(100, 3)
    ([0, 1, 2, 3, 4], [0, 34, 68])
    """
    return list(range(0, count, max(-(-count // most), 1)))


def compare(channels: int) -> list[Stack]:
    """Stacks of 3×3 beside the one layer that sees as much.

    Parameters
    ----------
    channels : int
        Channels that enter and leave every layer.

    Examples
    --------
    >>> [(row.stack, row.sees, row.params) for row in compare(64)][:2]
    [('two 3×3', 5, 73856), ('one 5×5', 5, 102464)]
    """
    if channels < 1:
        return []
    rows = []
    for words, kernel_size, times in (
        ("two", 3, 2),
        ("one", 5, 1),
        ("three", 3, 3),
        ("one", 7, 1),
    ):
        convolutions = [spec.Conv(channels, kernel_size) for _ in range(times)]
        summary = count.summarize(spec.Chain(*convolutions), (channels, 9, 9))
        fields = summary.rows[-1].receptive_field or ()
        bracket = f"({kernel_size}·{kernel_size}·{channels} + 1)·{channels}"
        name = f"{words} {kernel_size}×{kernel_size}"
        term = f"{times}·{bracket}" if times > 1 else bracket
        rows.append(Stack(name, fields[0].size, term, summary.params, times))
    return rows
