"""What is said of a number inside the network: sentences, sums and code."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from cnnlab.explore.inside.network import Array
from cnnlab.explore.inside.pen import Stroke
from cnnlab.explore.inside.samples import OWN
from cnnlab.explore.inside.sums import Cell, Origin
from cnnlab.explore.numbers import number, products, short, total
from cnnlab.explore.unrolled.words import share

TITLES = {
    "input": "input", "conv1": "conv1", "relu1": "ReLU", "pool1": "pool1", "conv2": "conv2",
    "relu2": "ReLU", "pool2": "pool2", "flatten": "flatten", "dense": "dense", "softmax": "softmax",
}  # fmt: skip
MEANING = {
    "input": "A pixel: 0 is paper, 1 is ink. Everything that follows is computed from these 784.",
    "conv": "A convolution: each number of the window times its weight, all added up, and a bias.",
    "relu": "ReLU: what is below 0 becomes 0, and the rest stays.",
    "pool": "Max pooling: of four neighbours the greatest stays.",
    "flatten": "Flattening computes nothing: map after map, row after row, the numbers line up.",
    "dense": "The dense layer: every number of every map times a weight of its own, and a bias.",
    "softmax": "Softmax: e to the power of each score, divided by the sum of all ten.",
}
COLOURS = "Orange is above 0 and blue below, the darker the further from 0."
HIGH = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
LARGEST = 3  # contributions that are named


def kind(layer: str) -> str:
    """A layer without its number.

    Examples
    --------
    >>> kind("conv2")
    'conv'
    """
    return layer.rstrip("12")


def text(name: str, found: Mapping[str, Array], here: Origin) -> str:
    """The result in one line."""
    best = int(found["softmax"].argmax())
    odds = share(float(found["softmax"].max()))
    return f"{name}: read as {best} ({odds}); {place(here)}: {number(here.value)}"


def place(here: Origin) -> str:
    """Where a number lies."""
    layer, channel, row, column = here.cell
    if layer in ("dense", "softmax"):
        return f"{layer}, class {row}"
    if layer == "flatten":
        return f"flatten, number {row} of 200"
    where = f"row {row}, column {column}"
    return f"{layer}, {where}" if layer == "input" else f"{layer}, map {channel}, {where}"


def said(found: Mapping[str, Array], here: Origin) -> list[str]:
    """At most three short lines beside the numbers."""
    layer, channel, row, column = here.cell
    value = number(here.value)
    if here.w is not None:
        end = f"score of {row}" if layer == "dense" else "sum"
        return [f"{here.x.size} products: {number(sum(here.parts))}", f"bias: {number(here.bias)}",
                f"{end}: {value}"]  # fmt: skip
    if layer == "softmax":
        powers = np.exp(found["dense"].ravel().astype(float))
        score = number(float(found["dense"][0, row, 0]))
        return [f"e^{factor(score)} = {large(powers[row])}", f"all ten: {large(powers.sum())}",
                f"share of {row}: {share(here.value)}"]  # fmt: skip
    if kind(layer) == "relu":
        return [f"max(0, {number(float(here.x.item()))}) = {value}"]
    if kind(layer) == "pool":
        return [f"max({', '.join(number(float(each)) for each in here.x.ravel())})", f"= {value}"]
    if layer == "flatten" and here.window:
        _, (channel,), row, column, _, _ = here.window
        return [f"map {channel}, row {row}, column {column}", f"({channel}·5 + {row})·5 + {column} = {here.cell.row}",
                f"value: {value}"]  # fmt: skip
    return [f"brightness: {value}"]


def factor(words: str) -> str:
    """A number as an exponent: a negative one in parentheses."""
    return f"({words})" if words.startswith("−") else words


def large(value: float, digits: int = 4) -> str:
    """Write a power of e with so many digits at most, a small one with a power of ten.

    Examples
    --------
    >>> large(3310.4), large(0.0456), large(2.5e7), large(5.44e-5)
    ('3,310', '0.0456', '25,000,000', '5.4·10⁻⁵')
    """
    if value >= 100:
        return f"{float(f'{value:.4g}'):,.0f}"
    if value >= 0.001:
        return f"{float(f'{value:.{digits - 1}g}'):g}"
    factor, _, power = f"{value:.{digits - 3}e}".partition("e-")
    return f"{factor}·10⁻{power.lstrip('0').translate(HIGH)}"


def lines(found: Mapping[str, Array], here: Origin) -> list[str]:
    """The single sum, written out."""
    return [*_written(found, here)]


def _written(found: Mapping[str, Array], here: Origin) -> Iterator[str]:
    layer, value = here.cell.layer, number(here.value)
    if layer == "softmax":
        scores = found["dense"].ravel().astype(float)
        powers = np.exp(scores)
        yield " + ".join(f"e^{factor(number(z))}" for z in scores)
        yield f"= {' + '.join(large(each) for each in powers)}"
        yield f"= {large(powers.sum())}"
        top, all_ten = large(powers[here.cell.row]), large(powers.sum())
        yield f"share of {here.cell.row}: {top} / {all_ten} = {float(f'{here.value:.4g}'):g}"
    elif here.w is None:
        yield " ".join(said(found, here))
    elif layer == "dense":
        parts = [*here.parts, here.bias]
        yield f"the 8 maps, then the bias: {total(parts)} = {value}"
        yield from largest(here)
    else:
        yield from _convolved(here)
        added = total(here.parts) if len(here.parts) > 1 else number(here.parts[0])
        yield f"{added} + bias {factor(number(here.bias))} = {value}"


def _convolved(here: Origin) -> Iterator[str]:
    """The products, a line for each map; of a single map, a line for each row."""
    if here.w is None:
        return
    x, w, name = here.x, here.w, "map"
    if len(x) == 1:
        x, w, name = x[0, :, None], w[0, :, None], "row"
    for i, (values, factors) in enumerate(zip(x, w, strict=True)):
        pairs: Any = zip(values.ravel().tolist(), factors.ravel().tolist(), strict=True)
        part = float((values * factors).sum())
        yield f"{name} {i}: {products(pairs)} = {number(part)}"


def strongest(here: Origin) -> Sequence[tuple[int, int, int]]:
    """Places of the largest products, by size.

    Examples
    --------
    >>> from cnnlab.explore.inside.network import forward
    >>> from cnnlab.explore.inside.sums import Cell, origin
    >>> len(strongest(origin(forward(np.eye(28)), Cell("dense", 0, 3, 0))))
    3
    """
    order = np.argsort(-abs(here.products), axis=None, kind="stable")[:LARGEST]
    _, rows, columns = here.x.shape
    return [(int(i) // (rows * columns), int(i) // columns % rows, int(i) % columns) for i in order]


def largest(here: Origin) -> Iterator[str]:
    """The largest contributions to a score."""
    if here.w is None:
        return
    yield "largest contributions:"
    for at in strongest(here):
        c, i, j = at
        pair = [(float(here.x[at]), float(here.w[at]))]
        yield (f"  map {c}, row {i}, column {j}: {products(pair)} = "
               f"{number(float(here.products[at]))}")  # fmt: skip


def sentence(here: Origin) -> str:
    """What is pointed at, and where it comes from."""
    words, seen = f"{place(here)}: {number(here.value)}", here.window
    words = words[0].upper() + words[1:]
    if seen is None:
        return f"{words}. The windows of conv1 that lie over it read it, 25 of them in the middle."
    if here.cell.layer in ("dense", "softmax"):
        source = {"dense": "from all 200 numbers", "softmax": "from all ten scores"}
        return f"{words}, {source[here.cell.layer]}."
    rows, columns = (_range(*way) for way in ((seen.top, seen.height), (seen.left, seen.width)))
    maps = "the input" if seen.layer == "input" else f"{seen.layer}, map {seen.channels[0]}"
    if len(seen.channels) > 1:
        maps = f"all {len(seen.channels)} maps of {seen.layer}"
    return f"{words}, from {maps}, row{rows}, column{columns}."


def _range(first: int, count: int) -> str:
    return f" {first}" if count == 1 else f"s {first} to {first + count - 1}"


def near(found: Mapping[str, Array], at: Cell) -> list[list[str]]:
    """The numbers around one, for the lens.

    Examples
    --------
    >>> from cnnlab.explore.inside.network import forward
    >>> near(forward(np.eye(28)), Cell("input", 0, 0, 0))[2]
    ['', '', '1', '0', '0']
    """
    values = found[at.layer][at.channel]
    rows, columns = values.shape
    reach = range(-2, 3)
    return [
        [
            short(float(values[at.row + i, at.column + j]))
            if 0 <= at.row + i < rows and 0 <= at.column + j < columns
            else ""
            for j in reach
        ]
        for i in reach
    ]


def code(picture: str, strokes: Sequence[Stroke], here: Origin) -> list[str]:
    """Lines that compute the number that is shown."""
    layer, channel, row, column = here.cell
    drawing = [[list(point) for point in stroke] for stroke in strokes]
    return [
        "from cnnlab.explore.inside.network import forward",
        "from cnnlab.explore.inside.samples import image_of",
        f"image = image_of({picture!r}, {drawing if picture == OWN else []!r})",
        f'print(forward(image)["{layer}"][{channel}, {row}, {column}])',
    ]
