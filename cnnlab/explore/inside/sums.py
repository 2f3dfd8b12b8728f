"""What a single number was computed from: its window, the weights, and the products."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from cnnlab.explore.inside.network import LAYERS, SHAPES, Array, weights

ALIKE = 1e-5  # what rounding may put between two numbers that are the same


class Cell(NamedTuple):
    """A number of the network: a layer, and the place in it."""

    layer: str
    channel: int
    row: int
    column: int

    @property
    def key(self) -> str:
        """As the page calls it."""
        return f"{self.layer}:{self.channel},{self.row},{self.column}"


class Window(NamedTuple):
    """Where a number was computed from: a layer, and the place in each of its channels."""

    layer: str
    channels: tuple[int, ...]
    top: int
    left: int
    height: int
    width: int


def cell(layer: str, channel: int, row: int, column: int, found: Mapping[str, Array]) -> Cell:
    """The number at a place, the nearest one there is; at a negative row, the map's greatest.

    Examples
    --------
    >>> from cnnlab.explore.inside.network import forward
    >>> cell("pool2", 9, 2, 99, forward(np.zeros((28, 28))))
    Cell(layer='pool2', channel=7, row=2, column=4)
    """
    channels, rows, columns = SHAPES[layer]
    channel = min(channel, channels - 1)
    if row < 0:
        values = found[layer][channel]
        # The first of those that rounding alone keeps apart, so that a page chooses the same.
        first = int((values > values.max() - ALIKE).argmax())
        row, column = divmod(first, columns)
    return Cell(layer, channel, min(row, rows - 1), min(max(column, 0), columns - 1))


def window(at: Cell) -> Window | None:
    """Where a number was computed from; nowhere, if it is a pixel.

    Examples
    --------
    >>> window(Cell("conv2", 3, 4, 5))
    Window(layer='pool1', channels=(0, 1, 2, 3, 4, 5), top=4, left=5, height=3, width=3)
    >>> window(Cell("pool1", 3, 4, 5))
    Window(layer='relu1', channels=(3,), top=8, left=10, height=2, width=2)
    """
    layer, channel, row, column = at
    if layer == "input":
        return None
    before = LAYERS[LAYERS.index(layer) - 1]
    if layer == "flatten":
        channel, place = divmod(row, 25)
        return Window(before, (channel,), *divmod(place, 5), 1, 1)
    if layer == "dense":  # of the maps that were flattened
        return Window("pool2", tuple(range(8)), 0, 0, 5, 5)
    if layer == "softmax":
        return Window(before, (0,), 0, 0, 10, 1)
    if layer.startswith("conv"):
        channels, _, _ = SHAPES[before]
        side = weights()[f"{layer}.weight"].shape[-1]
        return Window(before, tuple(range(channels)), row, column, side, side)
    if layer.startswith("pool"):
        return Window(before, (channel,), 2 * row, 2 * column, 2, 2)
    return Window(before, (channel,), row, column, 1, 1)


@dataclass(frozen=True)
class Origin:
    """A number and what it was computed from.

    Attributes
    ----------
    cell : Cell
    value : float
    window : Window or None
    x : (C, h, w) array
        The numbers of the window.
    w : (C, h, w) array or None
        A weight for each, in a convolution and in the dense layer.
    bias : float
    """

    cell: Cell
    value: float
    window: Window | None
    x: Array
    w: Array | None = None
    bias: float = 0.0

    @property
    def products(self) -> Array:
        """Each number times its weight."""
        return self.x * (np.float32(1) if self.w is None else self.w)

    @property
    def parts(self) -> list[float]:
        """The sum of the products of each channel."""
        return [float(part) for part in self.products.sum(axis=(1, 2))]


def origin(found: Mapping[str, Array], at: Cell) -> Origin:
    """Look up what a number was computed from.

    Parameters
    ----------
    found : dict of str to (C, H, W) array
        As :func:`cnnlab.explore.inside.network.forward` computes it.
    at : Cell

    Examples
    --------
    >>> from cnnlab.explore.inside.network import forward
    >>> here = origin(forward(np.eye(28)), Cell("conv2", 3, 4, 5))
    >>> here.x.shape, bool(np.isclose(sum(here.parts) + here.bias, here.value, atol=1e-5))
    ((6, 3, 3), True)
    """
    value, seen = float(found[at.layer][at[1:]]), window(at)
    if seen is None:
        return Origin(at, value, None, np.full((1, 1, 1), value, np.float32))
    rows, columns = (slice(a, a + n) for a, n in ((seen.top, seen.height), (seen.left, seen.width)))
    x: Any = found[seen.layer][list(seen.channels), rows, columns]
    if f"{at.layer}.weight" not in weights():
        return Origin(at, value, seen, x)
    output = at.row if at.layer == "dense" else at.channel
    w = weights()[f"{at.layer}.weight"][output].reshape(x.shape)
    return Origin(at, value, seen, x, w, float(weights()[f"{at.layer}.bias"][output]))
