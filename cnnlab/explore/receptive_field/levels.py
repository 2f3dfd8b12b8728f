"""Layers as levels over one axis of the input: what a unit of each sees in those below."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from cnnlab import geometry, spec
from cnnlab._text import by
from cnnlab.geometry import ReceptiveField
from cnnlab.spec import Row, Shape, TraceStep

Layer = Sequence[int]
"""Kernel size, stride and dilation."""


class Window(NamedTuple):
    """A window along one axis; ``before`` is its padding at the start."""

    kernel_size: int
    stride: int
    before: int
    dilation: int


class Level(NamedTuple):
    """The input, or one layer that slides a window.

    Attributes
    ----------
    name : str
        What a reader calls it.
    key : str
        Start of its cells' keys.
    length : int
        Units along the axis.
    field : ReceptiveField
        What one unit sees of the input along the axis.
    window : Window
        What a unit reads of the level below; that of the input reads its own pixel.
    sizes : tuple of int
        Units along every axis.
    fields : tuple of ReceptiveField
        For every axis.
    kind : str
        Kind of the row, with its kernel.
    """

    name: str
    key: str
    length: int
    field: ReceptiveField
    window: Window
    sizes: tuple[int, ...]
    fields: tuple[ReceptiveField, ...]
    kind: str


def stacked(size: int, layers: Sequence[Layer], padding: str) -> list[Level]:
    """Lay a stack of one's own over an input of ``size`` pixels.

    Parameters
    ----------
    size : int
        Pixels.
    layers : sequence of (int, int, int)
        Kernel size, stride and dilation of each.
    padding : {"valid", "same"}

    Raises
    ------
    ValueError
        If a layer does not fit; the message names it.

    Examples
    --------
    >>> [level.length for level in stacked(9, [(3, 1, 1), (3, 2, 1)], "valid")]
    [9, 7, 3]
    """
    field = ReceptiveField()
    levels = [_pixels((size, size))]
    for i, (kernel_size, stride, dilation) in enumerate(layers, start=1):
        numbers: Any = (kernel_size, stride, padding, dilation)
        try:
            count = geometry.output_size(levels[-1].length, *numbers)
        except (TypeError, ValueError) as error:
            raise ValueError(f"layer {i}: {error}") from None
        before, _ = geometry.resolve_padding(
            numbers[2], levels[-1].length, kernel_size, stride, dilation
        )
        field = field.then(kernel_size, stride, before, dilation)
        kind = f"{kernel_size}×{kernel_size}"
        levels.append(
            Level(
                f"layer {i}",
                f"layer{i}",
                count,
                field,
                Window(kernel_size, stride, before, dilation),
                (count, count),
                (field,) * 2,
                kind,
            )
        )
    return levels


def _pixels(sizes: Shape) -> Level:
    field = ReceptiveField()
    fields = (field,) * len(sizes)
    return Level("input", "input", sizes[-1], field, Window(1, 1, 0, 1), sizes, fields, "pixels")


def fitting(size: int, layers: Sequence[Layer], padding: str) -> tuple[list[Level], str]:
    """Stack as many of the layers as fit, and say what is wrong with the first that does not.

    Parameters
    ----------
    size, layers, padding
        As in :func:`stacked`.

    Examples
    --------
    >>> levels, problem = fitting(5, [(3, 1, 1), (4, 1, 1)], "valid")
    >>> len(levels), problem.split(".")[0]
    (2, 'layer 2: kernel 4 does not fit size 3 with padding 0 (padded size 3)')
    """
    problem = ""
    for count in range(len(layers), -1, -1):
        try:
            return stacked(size, layers[:count], padding), problem
        except (TypeError, ValueError) as error:
            problem = str(error)
    return [], problem


def of_network(net: Row, steps: list[TraceStep]) -> list[Level]:
    """Rows of a network that slide a window, as levels over the last axis of the image.

    Gates of squeeze-and-excitation are left out, as a receptive field leaves them out.

    Parameters
    ----------
    net : Row
        The specification.
    steps : list of TraceStep
        The same, followed row by row.

    Examples
    --------
    >>> from cnnlab import zoo
    >>> lenet = zoo.get("lenet-5")
    >>> [level.name for level in of_network(lenet.spec, spec.trace(lenet.spec, (1, 32, 32)))]
    ['input', 'c1', 's2', 'c3', 's4', 'c5', 'f6', 'output']
    """
    levels = [_pixels(steps[0].in_shape[1:] or steps[0].in_shape)]
    for step in steps:
        if isinstance(step.row, spec.Combinator) or _gated(net, step.path):
            continue
        reach = step.row.reach(step.in_shape)
        if isinstance(reach, spec.Window) and step.fields:
            levels.append(_windowed(step, reach, len(levels)))
        elif step.row.family == "dense" and len(step.in_shape) == 1:
            levels.append(_dense(step, levels))
    return levels


def _windowed(step: TraceStep, reach: spec.Window, number: int) -> Level:
    kernels = geometry.per_axis("kernel_size", reach.kernel_size, len(step.in_shape) - 1)
    fields = step.fields or ()
    return Level(
        step.path,
        f"layer{number}",
        step.out_shape[-1],
        fields[-1],
        last_axis(reach, step.in_shape),
        step.out_shape[1:],
        fields,
        f"{type(step.row).__name__} {by(kernels)}",
    )


def _dense(step: TraceStep, levels: list[Level]) -> Level:
    """A dense layer: each unit sees everything, so one is drawn for all."""
    fields = tuple(ReceptiveField(size=size, jump=size) for size in levels[0].sizes)
    below = levels[-1].length
    return Level(
        step.path,
        f"layer{len(levels)}",
        1,
        fields[-1],
        Window(below, below, 0, 1),
        step.out_shape,
        fields,
        f"{type(step.row).__name__} all",
    )


def _gated(row: Row, path: str) -> bool:
    for name in path.split("."):
        if isinstance(row, spec.Scale):
            return True
        if isinstance(row, spec.Combinator):
            row = row[name]
    return False


def last_axis(window: spec.Window, in_shape: Shape) -> Window:
    """Numbers of a window along the last axis, as :meth:`ReceptiveField.then` takes them.

    Parameters
    ----------
    window : Window
        What a row reads.
    in_shape : tuple of int
        Shape that enters it, without the batch.
    """
    kernel, stride, padding, dilation = window.axes(len(in_shape) - 1)[-1]
    before, _ = geometry.resolve_padding(padding, in_shape[-1], kernel, stride, dilation)
    return Window(kernel, stride, before, dilation)
