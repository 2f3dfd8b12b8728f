"""What hangs together: an output with its window, an input or a weight with its outputs."""

from collections import defaultdict
from typing import Any, TypeAlias

from cnnlab.explore.scenes.convolution.layer import Layer
from cnnlab.explore.scenes.convolution.words import factor, number, products, times, total

Links: TypeAlias = dict[str, dict[str, Any]]


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
    flat = layer.settings["ndim"] == 1
    words = f"position {number(column)}"
    if not flat:
        words = f"row {number(row)}, column {number(column)}"
    return f"channel {channel}, {words}" if channels > 1 else words


def make_links(layer: Layer) -> Links:
    """Link every cell: forward from the outputs, and back from what they read."""
    links: Links = {}
    reads: dict[str, list[tuple[str, str]]] = defaultdict(list)  # cell → (partner, output)
    for k, i, j in indices(layer.output.shape):
        name = key("output", k, i, j)
        links[name] = link = _output_link(layer, k, i, j)
        for x, w in zip(link["marks"]["window"], link["marks"]["weight"], strict=True):
            reads[x].append((w, name))
            reads[w].append((x, name))
        link["marks"] = {role: _unique(keys) for role, keys in link["marks"].items()}
        link["marks"]["weight"].append(key("bias", k))
    for c in range(len(layer.input)):
        for row in layer.rows.positions:
            for column in layer.columns.positions:
                name = key("input", c, row, column)
                links[name] = _input_link(layer, (c, row, column), reads[name])
    for index in indices(layer.weight.shape):
        name = key("kernel", *index)
        links[name] = _weight_link(layer, index, reads[name])
    for k, value in enumerate(layer.bias):
        links[key("bias", k)] = _bias_link(layer, k, float(value))
    return links


def indices(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """All indices of an array, the last one fastest."""
    found: list[tuple[int, ...]] = [()]
    for length in shape:
        found = [(*index, i) for index in found for i in range(length)]
    return found


def _unique(keys: list[str]) -> list[str]:
    return list(dict.fromkeys(keys))


def _output_link(layer: Layer, k: int, i: int, j: int) -> dict[str, Any]:
    """Write the sum out, and mark window and weights, product by product."""
    partial: dict[int, float] = {}
    lines, window, weights = [], [], []
    taps = layer.taps(i, j)
    for c in range(len(layer.input)):
        plane = layer.plane(k, c)
        if plane is None:
            continue
        pairs = [(layer.value(c, r, s), float(layer.weight[*plane, u, v])) for r, s, u, v in taps]
        partial[c] = sum(x * w for x, w in pairs)
        window += [key("input", c, r, s) for r, s, _, _ in taps]
        weights += [key("kernel", *plane, u, v) for _, _, u, v in taps]
        lines.append(f"{products(pairs)}")
    bias, value = float(layer.bias[k]), float(layer.output[k, i, j])
    head = f"Output {place(layer, i, j, len(layer.output), k)}"
    if len(partial) == 1:
        written = [f"{head}: {lines[0]} {_signed(bias)} = {number(value)}"]
    else:
        written = [f"{head}: {total([*partial.values(), bias])} = {number(value)}"]
        sums = zip(partial, lines, partial.values(), strict=True)
        written += [f"channel {c}: {line} = {number(p)}" for c, line, p in sums]
        written.append(f"bias: {number(bias)}")
    if not taps:
        written = [f"{head}: no input reaches it, so it is the bias {number(bias)}."]
    put = {f"sum:{c}": number(p) for c, p in partial.items()}
    put |= {"bias": _signed(bias), "total": f"= {number(value)}"}
    marks = {"window": window, "weight": weights}
    return {"text": "\n".join(written), "marks": marks, "put": put}


def _signed(value: float) -> str:
    return f"− {number(-value)}" if value < 0 else f"+ {number(value)}"


def _input_link(
    layer: Layer, at: tuple[int, int, int], reads: list[tuple[str, str]]
) -> dict[str, Any]:
    c, row, column = at
    _, height, width = layer.input.shape
    what = "Input"
    if not (0 <= row < height and 0 <= column < width):
        beyond = row >= height + layer.rows.after or column >= width + layer.columns.after
        what = "Nothing, counted as 0, at" if beyond else "Padding, always 0, at"
    value = "" if what != "Input" else f" = {number(layer.value(c, row, column))}"
    head = f"{what} {place(layer, row, column, len(layer.input), c)}{value}"
    outputs = _unique([output for _, output in reads])
    marks = {"output": outputs, "weight": _unique([weight for weight, _ in reads])}
    if not outputs:
        return {"text": f"{head}: no output reads it, so it changes nothing.", "marks": {}}
    return {"text": f"{head} goes into {_shares(layer, reads)}.", "marks": marks}


def _shares(layer: Layer, reads: list[tuple[str, str]]) -> str:
    """Say into which outputs a pixel goes, and by how much; of many only the number."""
    outputs = _count(len(reads), "output")
    if len(reads) > 12:
        return outputs
    parts = []
    for weight, output in reads:
        w = layer.weight[tuple(map(int, weight.split(":")[1].split(",")))]
        k, i, j = map(int, output.split(":")[1].split(","))
        where = place(layer, i, j, len(layer.output), k)
        parts.append(f"{where} (times {factor(float(w))})")
    return f"{outputs}: {'; '.join(parts)}"


def _weight_link(
    layer: Layer, index: tuple[int, ...], reads: list[tuple[str, str]]
) -> dict[str, Any]:
    outputs, inputs = (_unique([pair[i] for pair in reads]) for i in (1, 0))
    first, second, u, v = index
    group = first // (len(layer.weight) // layer.groups)
    inner = layer.weight.shape[1]
    k, c = first, group * inner + second
    if layer.transposed:
        k, c = c, first
    ends = [f"filter {k}"] * (len(layer.output) > 1) + [f"channel {c}"] * (len(layer.input) > 1)
    where = ", ".join([*ends, place(layer, u, v, 1, 0)])
    text = (
        f"Weight {where} = {number(float(layer.weight[index]))}: one number, shared by "
        f"{_count(len(outputs), 'output')}; it multiplies {_count(len(inputs), 'marked input')}."
    )
    return {"text": text, "marks": {"output": outputs, "window": inputs}}


def _bias_link(layer: Layer, k: int, value: float) -> dict[str, Any]:
    _, height, width = layer.output.shape
    outputs = [key("output", k, i, j) for i, j in indices((height, width))]
    of = f" of filter {k}" if len(layer.bias) > 1 else ""
    shape = times((width,) if layer.settings["ndim"] == 1 else (height, width))
    text = f"Bias{of} = {number(value)}, added to each of the {shape} outputs."
    return {"text": text, "marks": {"output": outputs}}


def _count(number_: int, word: str) -> str:
    return f"{number_} {word}{'' if number_ == 1 else 's'}"
