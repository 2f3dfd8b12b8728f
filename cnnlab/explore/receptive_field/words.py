"""Receptive fields in words: sentences, tables, formulas and code."""

from collections.abc import Sequence
from typing import NamedTuple

from cnnlab._text import by, listed
from cnnlab.explore.numbers import number
from cnnlab.explore.receptive_field.levels import Layer, Level
from cnnlab.explore.receptive_field.model import Reach
from cnnlab.geometry import ReceptiveField

LIMITS = {"kernel_size": 9, "stride": 4, "dilation": 4}


class LayerRow(NamedTuple):
    """One layer: what it does and what its units see."""

    path: str
    kind: str
    kernel_size: int
    stride: int
    dilation: int
    output: str
    receptive_field: str
    jump: str
    fields: tuple[ReceptiveField, ...]


def row(level: Level) -> LayerRow:
    """One layer as a row: what it does and what its units see, for every axis.

    Parameters
    ----------
    level : Level
        Not the input.
    """
    return LayerRow(
        path=level.name,
        kind=level.kind,
        kernel_size=level.window.kernel_size,
        stride=level.window.stride,
        dilation=level.window.dilation,
        output=by(level.sizes),
        receptive_field=by(field.size for field in level.fields),
        jump=_jump(level),
        fields=level.fields,
    )


def _jump(level: Level) -> str:
    jumps = [field.jump for field in level.fields]
    return str(jumps[0]) if len(set(jumps)) == 1 else by(jumps)


def span(units: Sequence[int], name: str) -> str:
    """Say which units, with the gaps that dilation leaves.

    Examples
    --------
    >>> span([2, 3, 4], "pixel"), span([5], "unit"), span([0, 2, 4], "pixel"), span([], "unit")
    ('pixels 2 to 4', 'unit 5', '3 of the 5 pixels from 0 to 4', 'nothing but padding')
    """
    if not units:
        return "nothing but padding"
    first, last = units[0], units[-1]
    if first == last:
        return f"{name} {first}"
    if len(units) < last - first + 1:
        return f"{len(units)} of the {last - first + 1} {name}s from {first} to {last}"
    return f"{name}s {first} to {last}"


def sees(levels: Sequence[Level], i: int, unit: int, marked: dict[int, list[int]]) -> str:
    """Say what a unit sees in the levels below that are drawn.

    Parameters
    ----------
    levels : list of Level
    i, unit : int
        Number of the level and of its unit.
    marked : dict
        Units seen, by number of the level.
    """
    level = levels[i]
    parts = [
        f"{span(marked[j], 'unit')} of {levels[j].name}" for j in sorted(marked, reverse=True) if j
    ]
    parts.append(f"{span(marked[0], 'pixel')} of the input")
    words = f"{level.name}, unit {unit}, sees {listed(parts)}."
    begin = level.field.start + unit * level.field.jump
    outside = max(-begin, 0) + max(begin + level.field.size - levels[0].length, 0)
    words += f" Its receptive field is {by([field.size for field in level.fields])} pixels"
    return words + (f", {outside} of {level.field.size} beyond the edge." if outside else ".")


def reaches(levels: Sequence[Level], pixel: int, reached: dict[int, list[int]]) -> str:
    """Say which units a pixel can influence.

    Parameters
    ----------
    levels : list of Level
    pixel : int
        Its position.
    reached : dict
        Units drawn that see it, by number of the level.
    """
    if not reached:
        return f"input, pixel {pixel}: no unit that is drawn sees it."
    parts = [f"{len(units)} of {levels[i].name}" for i, units in reached.items()]
    return f"input, pixel {pixel}, is seen by units drawn: {listed(parts)}."


def about(levels: Sequence[Level], i: int) -> str:
    """Say where the fields of a layer's units lie.

    Parameters
    ----------
    levels : list of Level
    i : int
        Number of the layer.
    """
    level, field = levels[i], levels[i].field
    return (
        f"{level.name} ({level.kind}, stride {level.window.stride}): unit 0 sees the {field.size} "
        f"pixels from {number(field.start)} to {number(field.start + field.size - 1)}, each next "
        f"unit sees {field.jump} further."
    )


def _growth(levels: Sequence[Level], i: int) -> str:
    """The rule with its numbers: how a layer widens what units see."""
    window, below, here = levels[i].window, levels[i - 1].field, levels[i].field
    kernel, stride, dilation = window.kernel_size, window.stride, window.dilation
    dilated = f"·{dilation}" if dilation > 1 else ""
    return (
        f"{levels[i].name}: sees {below.size} + ({kernel} − 1){dilated}·{below.jump} = {here.size} "
        f"pixels, jump {below.jump}·{stride} = {here.jump}"
    )


def formulas(found: Reach) -> list[str]:
    """Growth of the receptive field, a line for each layer of a stack.

    Parameters
    ----------
    found : Reach
    """
    levels = found.levels
    if not levels:
        return []
    if found.own:
        lines = [_growth(levels, i) for i in range(1, len(levels))]
    else:
        shown = found.drawn[1:]
        lines = [f"layers {shown[0]} to {shown[-1]} of {len(levels) - 1} are drawn"]
    if any(len(found.units[i]) < levels[i].length for i in found.drawn):
        lines.append("of long layers only every second, third, … unit is drawn")
    return lines


def summary(found: Reach, rows: Sequence[LayerRow]) -> str:
    """Say the scene in one line.

    Parameters
    ----------
    found : Reach
    rows : sequence of LayerRow
        Its layers.
    """
    start = found.network
    if found.own:
        kernels = ", ".join(_layer(layer) for layer in found.layers)
        start = f"input {found.size}, layers {kernels}"
        start += ", padding same" * (found.padding == "same")
    if found.problem:
        return f"{start} → {found.problem}"
    last = rows[-1]
    if not found.own:
        start += f", input {by(found.levels[0].sizes)}, {len(rows)} windowed layers"
    name = "a unit of the last layer" if found.own else last.path
    return (
        f"{start} → {name} sees {last.receptive_field} pixels, jump {last.jump}, "
        f"output {last.output}"
    )


def _layer(layer: Layer) -> str:
    kernel, stride, dilation = layer
    words = f"{kernel}×{kernel}"
    words += f" stride {stride}" * (stride > 1)
    return words + f" dilation {dilation}" * (dilation > 1)


def code(found: Reach) -> list[str]:
    """Lines of NumPy and PyTorch that find the receptive field of the last layer.

    Parameters
    ----------
    found : Reach
    """
    if found.problem:
        return [f"# {found.problem}"]
    levels = found.levels
    if found.own:
        return _followed(found.layers, levels[-1].field.size)
    lines = [
        *found.source,
        "from cnnlab.count import summarize",
        f'field = summarize(spec, input_shape)["{levels[-1].name}"].receptive_field[-1]',
        "",
    ]
    if found.branches:
        return [*lines, "# Branches: the field of the widest way through them counts."]
    windows = [[getattr(level.window, name) for name in LIMITS] for level in levels[1:]]
    return lines + _followed(windows, levels[-1].field.size)


def _followed(layers: Sequence[Layer], size: int) -> list[str]:
    """Lines that follow one unit down to the pixels it reads."""
    written = ", ".join(str(tuple(layer)) for layer in layers)
    return [
        f"layers = [{written}]  # kernel size, stride, dilation",
        "",
        "# NumPy",
        "import numpy as np",
        "pixels = np.array([0])  # what one unit of the last layer reads",
        "for kernel_size, stride, dilation in reversed(layers):",
        "    taps = np.arange(kernel_size) * dilation",
        "    pixels = np.unique(pixels[:, None] * stride + taps)",
        "size = int(pixels.max() - pixels.min()) + 1",
        "",
        "# PyTorch",
        "import torch",
        f"x = torch.ones(1, 1, {size}, requires_grad=True)",
        "y = x",
        "for kernel_size, stride, dilation in layers:",
        "    kernel = torch.full((1, 1, kernel_size), 1 / kernel_size)",
        "    y = torch.nn.functional.conv1d(y, kernel, stride=stride, dilation=dilation)",
        "y[0, 0, 0].backward()",
        "read = x.grad[0, 0].nonzero()",
        "torch_size = int(read.max() - read.min()) + 1",
    ]
