"""A convolution as one product of matrices: windows become columns, kernels become rows."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from cnnlab.explore.convolution.layer import Array, Layer
from cnnlab.explore.convolution.links import key, pattern, place
from cnnlab.explore.numbers import number
from cnnlab.explore.scene import Grid, Link

MOST = 1500  # cells of the matrix of windows


@dataclass(frozen=True)
class Patches:
    """The windows of a layer as the columns of a matrix.

    Attributes
    ----------
    values : (T, N) array
        A row for each weight of one filter, a column for each output of one map.
    positions : dict
        Of each row and column, the channel, row and column of the input.
    weights : list of (int, int, int)
        Channel, row and column of the weight that each row belongs to.
    """

    layer: Layer
    values: Array
    positions: dict[tuple[int, int], tuple[int, int, int]]
    weights: list[tuple[int, ...]]


def patches(layer: Layer) -> Patches | None:
    """Gather the windows; None where groups, a transposed layer or sheer size forbid it.

    Examples
    --------
    >>> from cnnlab.explore.convolution.layer import Settings, make_layer
    >>> patches(make_layer(Settings(size=3, kernel_size=2))).values.shape
    (4, 4)
    """
    _, *taps = layer.weight.shape[1:]
    weights: list[tuple[int, ...]] = list(product(range(len(layer.input)), *map(range, taps)))
    _, high, wide = layer.output.shape
    if layer.transposed or layer.groups > 1 or len(weights) * high * wide > MOST:
        return None
    rows = {weight: t for t, weight in enumerate(weights)}
    values, positions = np.zeros((len(weights), high * wide)), {}
    for n, (i, j) in enumerate(product(range(high), range(wide))):
        for c in range(len(layer.input)):
            for row, column, u, v in layer.taps(i, j):
                t = rows[c, u, v]
                positions[t, n] = c, row, column
                values[t, n] = layer.value(c, row, column)
    return Patches(layer, values, positions, weights)


def patch_grids(found: Patches) -> list[Grid]:
    """The four matrices, row by row."""
    layer, (high, wide) = found.layer, found.values.shape
    filters, _, columns = layer.output.shape
    windows = [[key("patch", t, n) for n in range(wide)] for t in range(high)]
    kernels = [[key("kernel", k, *weight) for weight in found.weights] for k in range(filters)]
    biases = [[key("bias", k)] for k in range(filters)]
    outputs = [[key("output", k, *divmod(n, columns)) for n in range(wide)] for k in range(filters)]
    grids = {"patch": windows, "kernel": kernels, "bias": biases, "output": outputs}
    labels = {"patch": "windows as columns", "kernel": "kernels as rows"}
    return [
        Grid(name=name, label=labels.get(name, name), keys=keys) for name, keys in grids.items()
    ]


def patch_links(found: Patches, forward: dict[str, Link]) -> dict[str, Link]:
    """What is said and marked: the forward pass, its windows standing as columns."""
    layer, (high, wide) = found.layer, found.values.shape
    columns = layer.output.shape[2]
    links = {name: link for name, link in forward.items() if name.startswith("bias")}
    for name, link in forward.items():
        grid, _, numbers = name.partition(":")
        if grid not in ("output", "kernel"):
            continue
        index = tuple(map(int, numbers.split(",")))
        marks = dict(link.get("marks", {}))
        if grid == "output":
            marks["window"] = [pattern("patch", range(high), [index[1] * columns + index[2]])]
        else:
            marks["window"] = [pattern("patch", [found.weights.index(index[1:])], range(wide))]
        links[name] = Link(text=link["text"], marks=marks)
    copies: dict[tuple[int, int, int], list[str]] = {}
    for at, position in found.positions.items():
        copies.setdefault(position, []).append(key("patch", *at))
    for (t, n), position in found.positions.items():
        links[key("patch", t, n)] = _patch_link(found, (t, n), copies[position])
    return links


def _patch_link(found: Patches, at: tuple[int, int], copies: list[str]) -> Link:
    layer, (t, n) = found.layer, at
    c, row, column = found.positions[at]
    first, u, v = found.weights[t]
    _, high, wide = layer.input.shape
    what = "input" if 0 <= row < high and 0 <= column < wide else "padding"
    where = place(layer, row, column, len(layer.input), c)
    i, j = divmod(n, layer.output.shape[2])
    times = "once" if len(copies) == 1 else f"{len(copies)} times"
    filters = range(len(layer.output))
    return Link(
        text=f"Row {t}, column {n}: {what} {where} = {number(float(found.values[at]))}. "
        f"Column {n} is the window of output {place(layer, i, j, 1, 0)}; "
        f"this pixel stands in the matrix {times}.",
        marks={
            "window": copies,
            "weight": [pattern("kernel", filters, [first], [u], [v])],
            "output": [pattern("output", filters, [i], [j])],
        },
    )
