"""The backward pass of a layer: which gradients reach a pixel, a weight and a bias."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import product

import numpy as np

from cnnlab.explore.convolution.layer import Layer, padded, prepared
from cnnlab.explore.convolution.links import Back, place
from cnnlab.explore.numbers import number, products
from cnnlab.explore.scene import Link
from cnnlab.scratch import functional

NAMES = {"input": "dx", "kernel": "dw", "bias": "db", "output": "dy"}
MOST = 12  # products that are written out


def gradients(layer: Layer) -> Layer:
    """The same layer with a gradient in each number's place, for an upstream gradient 1, 2, 3, ….

    Examples
    --------
    >>> from cnnlab.explore.convolution.layer import Settings, make_layer
    >>> back = gradients(make_layer(Settings(size=2, kernel_size=1)))
    >>> back.output.tolist(), back.bias.tolist()
    ([[[1.0, 2.0], [3.0, 4.0]]], [10.0])
    """
    both, settings = (layer.rows, layer.columns), layer.settings
    used, options = prepared(settings, layer.weight, layer.groups)
    dy = np.arange(1.0, layer.output.size + 1).reshape(layer.output.shape)
    _, cache = functional.conv2d(padded(layer.input, both)[None], used, layer.bias, **options)
    dx, dweight, dbias = functional.conv2d_backward(dy[None], cache)
    _, height, width = layer.input.shape
    top, left = (axis.before for axis in both)
    dweight = dweight[:, :, ::-1, ::-1] if settings.flip else dweight
    inside = dx[0, :, top : top + height, left : left + width]
    return replace(layer, input=inside, weight=dweight, bias=np.asarray(dbias), output=dy)


def backward_links(layer: Layer, back: Layer, forward: dict[str, Link]) -> dict[str, Link]:
    """The marks of the forward pass, which gradients follow the other way, in other words.

    Parameters
    ----------
    layer, back : Layer
        The layer, and its :func:`gradients`.
    forward : dict
        Links of the layer.
    """
    words = _Words(layer, back)
    return {
        name: Link(text=words.of(name), marks=link.get("marks", {}), put=_weights(link))
        for name, link in forward.items()
    }


def _weights(link: Link) -> dict[str, str]:
    """What lies on the pixels of a window."""
    return {name: each for name, each in link.get("put", {}).items() if name.startswith("on:")}


class _Words:
    """Sentences for one layer and its gradients."""

    def __init__(self, layer: Layer, back: Layer) -> None:
        self.layer, self.back = layer, back
        self.rows, self.columns = Back(layer, layer.rows), Back(layer, layer.columns)

    def of(self, name: str) -> str:
        grid, _, numbers = name.partition(":")
        index = tuple(map(int, numbers.split(",")))
        said: dict[str, Callable[..., str]] = {"input": self.pixel, "kernel": self.weight}
        said |= {"bias": self.bias, "output": self.output}
        return said[grid](*index)

    def pixel(self, c: int, row: int, column: int) -> str:
        layer, (_, height, width) = self.layer, self.layer.input.shape
        where = place(layer, row, column, len(layer.input), c)
        if not (0 <= row < height and 0 <= column < width):
            return f"Padding at {where}: it is always 0, so it has no gradient."
        down, across = self.rows.by_input[row], self.columns.by_input[column]
        pairs = [
            (float(self.back.output[k, i, j]), float(layer.weight[*plane, u, v]))
            for k in range(len(layer.output))
            if (plane := layer.plane(k, c)) is not None
            for (u, i), (v, j) in product(down, across)
        ]
        head = f"dx {where} = "
        if not pairs:
            return f"{head}0: no output reads this pixel, so no gradient reaches it."
        sums = _sum(pairs, float(self.back.input[c, row, column]), "dy", "weight")
        return f"{head}{sums}: each output that reads the pixel sends its gradient back."

    def weight(self, first: int, second: int, u: int, v: int) -> str:
        layer, k = self.layer, first
        c = first // (len(layer.weight) // layer.groups) * layer.weight.shape[1] + second
        ends = [f"filter {k}"] * (len(layer.output) > 1) + [f"channel {c}"] * (len(layer.input) > 1)
        where = ", ".join([*ends, place(layer, u, v, 1, 0)])
        down, across = self.rows.by_weight[u], self.columns.by_weight[v]
        pairs = [
            (layer.value(c, row, column), float(self.back.output[k, i, j]))
            for (row, i), (column, j) in product(down, across)
        ]
        sums = _sum(pairs, float(self.back.weight[first, second, u, v]), "input", "dy")
        return (
            f"dw {where} = {sums}: the weight is used at {len(pairs)} places, so it sums over them."
        )

    def bias(self, k: int) -> str:
        of = f" of filter {k}" if len(self.layer.bias) > 1 else ""
        count, value = self.back.output[k].size, number(float(self.back.bias[k]))
        return (
            f"db{of} = {value}: the sum of all {count} dy, since the bias is added to each output."
        )

    def output(self, k: int, i: int, j: int) -> str:
        where = place(self.layer, i, j, len(self.layer.output), k)
        dy = number(float(self.back.output[k, i, j]))
        return (
            f"dy {where} = {dy}: it goes to each pixel of its window, times the weight that lies "
            "on it, and to each weight, times the pixel under it."
        )


def _sum(pairs: Iterable[tuple[float, float]], value: float, first: str, second: str) -> str:
    found = list(pairs)
    if len(found) > MOST:
        return f"{number(value)}, a sum of {len(found)} products {first}·{second}"
    return f"{products(found)} = {number(value)}"
