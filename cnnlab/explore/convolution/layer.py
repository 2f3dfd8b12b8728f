"""A layer small enough to be drawn: where its windows lie and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any, TypeAlias, cast

import numpy as np

from cnnlab import geometry
from cnnlab.explore.convolution.defaults import default_input, default_weight
from cnnlab.scratch import functional

Array: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
Tap: TypeAlias = tuple[int, int]  # input position, kernel position

KINDS = ("plain", "depthwise", "pointwise", "transposed")
LARGEST = {  # larger ones make sense, but not in a picture of single numbers
    "size": 64,
    "channels": 16,
    "filters": 16,
    "kernel_size": 64,
    "stride": 64,
    "dilation": 64,
    "padding": 64,
    "groups": 16,
}


@dataclass(frozen=True)
class Settings:
    """What a learner chooses; names and meanings as in PyTorch."""

    kind: str = "plain"
    ndim: int = 2
    size: int = 7
    channels: int = 1
    filters: int = 1
    kernel_size: int = 3
    stride: int = 1
    padding: int = 0
    each_side: bool = False
    top: int = 0
    bottom: int = 0
    left: int = 0
    right: int = 0
    dilation: int = 1
    groups: int = 1
    policy: geometry.Policy = "floor"
    flip: bool = False
    values: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Axis:
    """One axis: what each output reads."""

    size: int
    kernel_size: int
    before: int  # pixels of padding
    after: int
    hanging: int  # positions beyond the padding that a last window of "ceil" reads
    taps: tuple[tuple[Tap, ...], ...]  # for each output

    @property
    def positions(self) -> range:
        """What is drawn, padding and all."""
        return range(-self.before, self.size + self.after + self.hanging)

    @property
    def unread(self) -> set[int]:
        """Input positions that no output reads."""
        return set(range(self.size)) - {position for taps in self.taps for position, _ in taps}


@dataclass(frozen=True)
class Layer:
    """All numbers of one layer; a 1-D layer is one row high."""

    settings: Settings
    rows: Axis
    columns: Axis
    groups: int
    input: Array  # (C, H, W)
    weight: Array  # (K, C // groups, kh, kw), or (C, K // groups, kh, kw) if transposed
    bias: Array  # (K,)
    output: Array  # (K, H', W')

    @property
    def transposed(self) -> bool:
        """Whether inputs stamp the kernel instead of windows reading through it."""
        return bool(self.settings.kind == "transposed")

    def plane(self, filter_: int, channel: int) -> tuple[int, int] | None:
        """First two indices of the weights between two channels, None across groups."""
        outs, ins = len(self.output) // self.groups, len(self.input) // self.groups
        if filter_ // outs != channel // ins:
            return None
        return (channel, filter_ % outs) if self.transposed else (filter_, channel % ins)

    def taps(self, i: int, j: int) -> list[tuple[int, int, int, int]]:
        """Input row and column, weight row and column of every product of one output."""
        both = product(self.along(self.rows, i), self.along(self.columns, j))
        return [(row, column, u, v) for (row, u), (column, v) in both]

    def along(self, axis: Axis, output: int) -> list[Tap]:
        """Input positions and weights of one output along one axis; a turned kernel reversed."""
        last = axis.kernel_size - 1
        return [(at, last - u if self.settings.flip else u) for at, u in axis.taps[output]]

    def value(self, channel: int, row: int, column: int) -> float:
        """Input there; 0 in the padding and beyond."""
        _, height, width = self.input.shape
        inside = 0 <= row < height and 0 <= column < width
        return float(self.input[channel, row, column]) if inside else 0.0


def dimensions(settings: Settings) -> tuple[int, int, int, int]:
    """Channels, filters, groups and kernel size, as the kind of layer has them."""
    channels, filters, groups = settings.channels, settings.filters, settings.groups
    kernel_size = settings.kernel_size
    if settings.kind == "depthwise":
        return channels, channels, channels, kernel_size
    if settings.kind == "pointwise":
        return channels, filters, 1, 1
    return channels, filters, groups, kernel_size


def sides(settings: Settings) -> tuple[tuple[int, int], tuple[int, int]]:
    """Padding (top, bottom), (left, right)."""
    if not settings.each_side:
        return ((settings.padding,) * 2,) * 2
    return (settings.top, settings.bottom), (settings.left, settings.right)


def check(settings: Settings) -> None:
    """Say what makes no sense, with what would.

    Raises
    ------
    ValueError
    """
    for name, largest in LARGEST.items():
        names = ("top", "bottom", "left", "right") if name == "padding" else ()
        for each in (name, *(side for side in names if settings.each_side)):
            geometry.integer(each, getattr(settings, each), 0 if name == "padding" else 1)
            if getattr(settings, each) > largest:
                raise ValueError(
                    f"{each} must be at most {largest} here, not {getattr(settings, each)}. "
                    f"Choose a smaller {each}."
                )
    channels, filters, groups, _ = dimensions(settings)
    for name, number in (("channels", channels), ("filters", filters)):
        if number % groups:
            raise ValueError(
                f"groups {groups} must divide {name} {number}. Use one of "
                f"{', '.join(str(g) for g in range(1, number + 1) if number % g == 0)}."
            )


def axes(settings: Settings) -> tuple[Axis, Axis]:
    """Rows and columns; geometry's error says what does not fit."""
    size, stride, dilation = settings.size, settings.stride, settings.dilation
    kernel_size, (vertical, horizontal) = dimensions(settings)[3], sides(settings)
    if settings.kind == "transposed":
        numbers = [(size, kernel_size, stride, side, dilation) for side in (vertical, horizontal)]
        both = [_transposed_axis(*each) for each in numbers]
    else:
        shape, padding = (
            ((size,), (horizontal,))
            if settings.ndim == 1
            else (
                (size, size),
                (vertical, horizontal),
            )
        )
        policy = settings.policy
        geometry.output_shape(shape, kernel_size, stride, padding, dilation, policy)
        both = [_axis(size, kernel_size, stride, each, dilation, policy) for each in padding]
    if settings.ndim == 1:
        both = [Axis(1, 1, 0, 0, 0, (((0, 0),),)), both[-1]]
    return both[0], both[1]


def _axis(
    size: int, kernel_size: int, stride: int, padding: tuple[int, int], dilation: int, policy: Any
) -> Axis:
    windows = geometry.windows(size, kernel_size, stride, padding, dilation, policy)
    taps = tuple(tuple((position, u) for u, position in enumerate(w)) for w in windows)
    before, after = padding
    return Axis(size, kernel_size, before, after, max(0, windows[-1][-1] + 1 - size - after), taps)


def _transposed_axis(
    size: int, kernel_size: int, stride: int, padding: tuple[int, int], dilation: int
) -> Axis:
    outputs = geometry.transposed_output_size(size, kernel_size, stride, padding, dilation=dilation)
    taps = tuple(
        tuple(
            (position, u)
            for position in range(size)
            for u in range(kernel_size)
            if position * stride + u * dilation - padding[0] == output
        )
        for output in range(outputs)
    )
    return Axis(size, kernel_size, 0, 0, 0, taps)


def arrays(settings: Settings) -> tuple[Array, Array, Array]:
    """Input, weight and bias: the default numbers, and over them those that were set."""
    channels, filters, groups, kernel_size = dimensions(settings)
    size, flat = settings.size, settings.ndim == 1
    taps = (1 if flat else kernel_size, kernel_size)
    first, second = (channels, filters) if settings.kind == "transposed" else (filters, channels)
    found = {
        "input": default_input(channels, 1 if flat else size, size),
        "kernel": default_weight((first, second // groups, *taps)),
        "bias": np.zeros(filters),
    }
    for key, value in settings.values.items():
        name, _, place = key.partition(":")
        index = tuple(int(number) for number in place.split(","))
        array = found[name]
        if len(index) == array.ndim and all(i < n for i, n in zip(index, array.shape, strict=True)):
            array[index] = value
    return found["input"], found["kernel"], found["bias"]


def make_layer(settings: Settings) -> Layer:
    """Resolve the settings and compute the output.

    Raises
    ------
    ValueError
        If the settings make no sense together; the sentence says what would.
    """
    check(settings)
    rows, columns = axes(settings)
    x, weight, bias = arrays(settings)
    groups = dimensions(settings)[2]
    output = _compute(settings, x, weight, bias, (rows, columns), groups)
    return Layer(settings, rows, columns, groups, x, weight, bias, output)


def _compute(
    settings: Settings, x: Array, weight: Array, bias: Array, both: tuple[Axis, Axis], groups: int
) -> Array:
    used, common = prepared(settings, weight, groups)
    if settings.kind == "transposed":
        vertical, horizontal = sides(settings)
        cut = ((0, 0) if settings.ndim == 1 else vertical, horizontal)
        y, _ = functional.conv_transpose2d(x[None], used, bias, padding=cut, **common)
    else:
        y, _ = functional.conv2d(padded(x, both)[None], used, bias, **common)
    return cast("Array", y[0])


def padded(x: Array, both: tuple[Axis, Axis]) -> Array:
    """The input with its padding, and with what a window that hangs over reads beyond it."""
    around = [(axis.before, axis.after + axis.hanging) for axis in both]
    return np.pad(x, ((0, 0), *around))


def prepared(settings: Settings, weight: Array, groups: int) -> tuple[Array, dict[str, Any]]:
    """The weight as it is laid on the input, and the options of the course's functions."""
    stride, dilation = (
        (1 if settings.ndim == 1 else number, number)
        for number in (settings.stride, settings.dilation)
    )
    used = weight[:, :, ::-1, ::-1] if settings.flip else weight
    return used, {"stride": stride, "dilation": dilation, "groups": groups}
