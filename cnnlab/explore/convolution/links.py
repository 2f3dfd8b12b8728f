"""What hangs together: an output with its window, an input or a weight with its outputs."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import product
from typing import Any

from cnnlab._text import by
from cnnlab.explore.convolution.layer import Axis, Layer
from cnnlab.explore.numbers import factor, number, products, total
from cnnlab.explore.scene import Link

LAID, ONE_LINE = 700, 12  # weights that are laid on pixels, products in one line


def key(grid: str, *place: int) -> str:
    """Name a cell.

    Examples
    --------
    >>> key("input", 0, -1, 2)
    'input:0,-1,2'
    """
    return f"{grid}:{','.join(map(str, place))}"


def place(layer: Layer, row: int, column: int, channels: int, channel: int) -> str:
    """Say where a cell lies, and no more than is needed to find it."""
    flat = layer.settings.ndim == 1
    words = f"position {number(column)}"
    if not flat:
        words = f"row {number(row)}, column {number(column)}"
    return f"channel {channel}, {words}" if channels > 1 else words


def make_links(layer: Layer) -> dict[str, Link]:
    """Link every cell: forward from the outputs, and back from what they read."""
    of = Linker(layer).of
    return {key(grid, *at): of(grid, at) for grid in GRIDS for at in cells(layer, grid)}


GRIDS = ("output", "input", "kernel", "bias")


def cells(layer: Layer, grid: str) -> list[tuple[int, ...]]:
    """Places of all cells of a grid, those of the padding too."""
    if grid == "input":
        positions = layer.rows.positions, layer.columns.positions
        return list(product(range(len(layer.input)), *positions))
    arrays = {"output": layer.output, "kernel": layer.weight, "bias": layer.bias}
    return indices(arrays[grid].shape)


class Linker:
    """Makes the links of one layer's cells, one by one."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.rows, self.columns = Back(layer, layer.rows), Back(layer, layer.columns)

    def of(self, grid: str, at: tuple[int, ...]) -> Link:
        """The link of one cell."""
        if grid == "output":
            k, i, j = at
            return _output_link(self.layer, k, i, j)
        if grid == "input":
            c, row, column = at
            return _input_link(self.layer, (c, row, column), self.rows, self.columns)
        if grid == "kernel":
            return _weight_link(self.layer, at, self.rows, self.columns)
        return _bias_link(self.layer, at[0], float(self.layer.bias[at[0]]))


def pattern(grid: str, *places: Iterable[int]) -> str:
    """Name all cells of a product of places.

    Examples
    --------
    >>> pattern("input", [0], [-1, 0], [3, 4])
    'input:0,-1 0,3 4'
    """
    return f"{grid}:{','.join([' '.join(map(str, sorted(set(each)))) for each in places])}"


class Back:
    """The taps of one axis, by input position and by weight."""

    def __init__(self, layer: Layer, axis: Axis) -> None:
        self.by_input: dict[int, list[tuple[int, int]]] = defaultdict(list)  # (weight, output)
        self.by_weight: dict[int, list[tuple[int, int]]] = defaultdict(list)  # (input, output)
        for output in range(len(axis.taps)):
            for position, weight in layer.along(axis, output):
                self.by_input[position].append((weight, output))
                self.by_weight[weight].append((position, output))


def indices(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """All indices of an array, the last one fastest."""
    found: list[tuple[int, ...]] = [()]
    for length in shape:
        found = [(*index, i) for index in found for i in range(length)]
    return found


def _output_link(layer: Layer, k: int, i: int, j: int) -> Link:
    """Mark window and weights, and write the sum out."""
    marks: dict[str, list[str]] = {"window": [], "weight": [key("bias", k)]}
    sums: dict[int, list[tuple[float, float]]] = {}
    taps = layer.taps(i, j)
    for c in range(len(layer.input)):
        if (plane := layer.plane(k, c)) is None:
            continue
        sums[c] = [(layer.value(c, r, s), float(layer.weight[*plane, u, v])) for r, s, u, v in taps]
        if taps:
            rows, columns, us, vs = zip(*taps, strict=True)
            marks["window"].append(pattern("input", [c], rows, columns))
            marks["weight"].append(pattern("kernel", *([p] for p in plane), us, vs))
    bias, value = float(layer.bias[k]), float(layer.output[k, i, j])
    put = {f"sum:{k},{c}": number(_sum(pairs)) for c, pairs in sums.items()}
    put[f"total:{k}"] = f"{_signed(bias)} = {number(value)}"
    if len(layer.input) == 1:  # the sum and the bias stand in one line
        put = {f"total:{k}": f"{put[f'sum:{k},0']} {put[f'total:{k}']}"}
    head = f"Output {place(layer, i, j, len(layer.output), k)}"
    put |= _laid_on(layer, k, taps)
    wide = len({v for *_, v in taps})
    return {"text": f"{head}: {_written(sums, wide, bias, value)}", "marks": marks, "put": put}


def _laid_on(layer: Layer, k: int, taps: list[tuple[int, int, int, int]]) -> dict[str, str]:
    """The weight that lies on each pixel of a window, as long as those of all windows are few."""
    if layer.transposed or layer.output.size * len(taps) * len(layer.input) > LAID:
        return {}
    return {
        f"on:{c},{row},{column}": f"×{number(float(layer.weight[*plane, u, v]))}"
        for c in range(len(layer.input))
        if (plane := layer.plane(k, c)) is not None
        for row, column, u, v in taps
    }


def _written(
    sums: dict[int, list[tuple[float, float]]], wide: int, bias: float, value: float
) -> str:
    """All products in one line; of large windows or several channels the sums, then their lines."""
    if not any(sums.values()):
        return f"no input reaches it, so it is the bias {number(bias)}."
    (first, pairs), *others = sums.items()
    if not others and len(pairs) <= ONE_LINE:
        return f"{products(pairs)} {_signed(bias)} = {number(value)}"
    if others:
        parts = {f"channel {c}": each for c, each in sums.items()}
    else:
        parts = _by_row("", sums[first], wide)
    lines = [f"{total([*map(_sum, parts.values()), bias])} = {number(value)}"]
    for name, each in parts.items():
        rows = _by_row(f"{name}, ", each, wide) if len(each) > ONE_LINE else {}
        if rows:
            lines.append(f"{name}: {total(map(_sum, rows.values()))} = {number(_sum(each))}")
        for label, row in (rows or {name: each}).items():
            lines.append(f"{label}: {products(row)} = {number(_sum(row))}")
    return "\n".join([*lines, f"bias: {number(bias)}"])


def _by_row(
    start: str, pairs: list[tuple[float, float]], wide: int
) -> dict[str, list[tuple[float, float]]]:
    """The products of each row of a window."""
    rows = range(len(pairs) // wide)
    return {f"{start}row {u}": pairs[u * wide : (u + 1) * wide] for u in rows}


def _sum(pairs: list[tuple[float, float]]) -> float:
    return sum(x * w for x, w in pairs)


def _signed(value: float) -> str:
    return f"− {number(-value)}" if value < 0 else f"+ {number(value)}"


def _input_link(layer: Layer, at: tuple[int, int, int], rows: Back, columns: Back) -> Link:
    c, row, column = at
    _, height, width = layer.input.shape
    what = "Input"
    if not (0 <= row < height and 0 <= column < width):
        beyond = row >= height + layer.rows.after or column >= width + layer.columns.after
        what = "Nothing, counted as 0, at" if beyond else "Padding, always 0, at"
    value = "" if what != "Input" else f" = {number(layer.value(c, row, column))}"
    head = f"{what} {place(layer, row, column, len(layer.input), c)}{value}"
    down, across = rows.by_input[row], columns.by_input[column]
    if not (down and across):
        return {"text": f"{head}: no output reads it, so it changes nothing.", "marks": {}}
    filters = [k for k in range(len(layer.output)) if layer.plane(k, c) is not None]
    firsts, seconds = zip(*(layer.plane(k, c) or (0, 0) for k in filters), strict=True)
    us, vs = ([weight for weight, _ in each] for each in (down, across))
    outputs = [filters, *([output for _, output in each] for each in (down, across))]
    marks = {
        "output": [pattern("output", *outputs)],
        "weight": [pattern("kernel", firsts, seconds, us, vs)],
    }
    products = [(k, c, *pair) for k in filters for pair in product(down, across)]
    return {"text": f"{head} goes into {_shares(layer, products)}.", "marks": marks}


def _shares(layer: Layer, products: list[Any]) -> str:
    """Say into which outputs a pixel goes, and by how much; of many only the number."""
    outputs = _count(len(products), "output")
    if len(products) > 12:
        return outputs
    parts = []
    for k, c, (u, i), (v, j) in products:
        weight = float(layer.weight[(*(layer.plane(k, c) or ()), u, v)])
        where = place(layer, i, j, len(layer.output), k)
        parts.append(f"{where} (times {factor(weight)})")
    return f"{outputs}: {'; '.join(parts)}"


def _weight_link(layer: Layer, index: tuple[int, ...], rows: Back, columns: Back) -> Link:
    first, second, u, v = index
    group = first // (len(layer.weight) // layer.groups)
    other = group * layer.weight.shape[1] + second
    k, c = (other, first) if layer.transposed else (first, other)
    down, across = rows.by_weight[u], columns.by_weight[v]
    ends = [f"filter {k}"] * (len(layer.output) > 1) + [f"channel {c}"] * (len(layer.input) > 1)
    head = f"Weight {', '.join([*ends, place(layer, u, v, 1, 0)])}"
    head += f" = {number(float(layer.weight[index]))}"
    if not (down and across):
        return {"text": f"{head}: no output uses it.", "marks": {}}
    inputs, outputs = ([{pair[n] for pair in each} for each in (down, across)] for n in (0, 1))
    marks = {
        "output": [pattern("output", [k], *outputs)],
        "window": [pattern("input", [c], *inputs)],
    }
    many, read = (len(both[0]) * len(both[1]) for both in (outputs, inputs))
    text = (
        f"{head}: one number, shared by {_count(many, 'output')}; "
        f"it multiplies {_count(read, 'marked input')}."
    )
    return {"text": text, "marks": marks}


def _bias_link(layer: Layer, k: int, value: float) -> Link:
    _, height, width = layer.output.shape
    of = f" of filter {k}" if len(layer.bias) > 1 else ""
    marks = {"output": [pattern("output", [k], range(height), range(width))]}
    shape = by((width,) if layer.settings.ndim == 1 else (height, width))
    text = f"Bias{of} = {number(value)}, added to each of the {shape} outputs."
    return {"text": text, "marks": marks}


def _count(number_: int, word: str) -> str:
    return f"{number_} {word}{'' if number_ == 1 else 's'}"
