"""Layers as levels over one axis of the input: what a unit of each sees in those below."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from cnnlab import geometry, spec
from cnnlab.geometry import ReceptiveField
from cnnlab.spec import Row, Shape, TraceStep

Layer = Sequence[int]
"""Kernel size, stride and dilation."""


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
    window : dict
        ``kernel_size``, ``stride``, ``dilation``, ``before`` (padding); empty for the input.
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
    window: dict[str, int]
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
    levels = [Level("input", "input", size, field, {}, (size, size), (field,) * 2, "pixels")]
    for i, (kernel_size, stride, dilation) in enumerate(layers, start=1):
        window: Any = (kernel_size, stride, padding, dilation)
        try:
            count = geometry.output_size(levels[-1].length, *window)
        except (TypeError, ValueError) as error:
            raise ValueError(f"layer {i}: {error}") from None
        before, _ = geometry.resolve_padding(
            window[2], levels[-1].length, kernel_size, stride, dilation
        )
        field = field.then(kernel_size, stride, before, dilation)
        numbers = {"kernel_size": kernel_size, "stride": stride, "dilation": dilation}
        kind = f"{kernel_size}×{kernel_size}"
        levels.append(
            Level(
                f"layer {i}",
                f"layer{i}",
                count,
                field,
                {**numbers, "before": before},
                (count, count),
                (field,) * 2,
                kind,
            )
        )
    return levels


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
    ['input', 'c1', 's2', 'c3', 's4', 'c5']
    """
    image = steps[0].in_shape[1:]
    if not image:
        return []
    field = ReceptiveField()
    fields = (field,) * len(image)
    levels = [Level("input", "input", image[-1], field, {}, image, fields, "pixels")]
    for step in steps:
        reach = None if isinstance(step.row, spec.Combinator) else step.row.reach(step.in_shape)
        if not isinstance(reach, spec.Window) or not step.fields or _gated(net, step.path):
            continue
        ndim = len(step.in_shape) - 1
        kernels = geometry.per_axis("kernel_size", reach.kernel_size, ndim)
        window = _last_axis(reach, step.in_shape)
        kind = f"{type(step.row).__name__} {'×'.join(map(str, kernels))}"
        levels.append(
            Level(
                step.path,
                f"layer{len(levels)}",
                step.out_shape[-1],
                step.fields[-1],
                window,
                step.out_shape[1:],
                step.fields,
                kind,
            )
        )
    return levels


def _gated(row: Row, path: str) -> bool:
    for name in path.split("."):
        if isinstance(row, spec.Scale):
            return True
        if isinstance(row, spec.Combinator):
            row = row[name]
    return False


def relations_in_stack(levels: list[Level]) -> dict[tuple[int, int], ReceptiveField]:
    """What a unit of each level sees of each level below, counted in units of that one.

    Parameters
    ----------
    levels : list of Level
        From :func:`stacked`.

    Examples
    --------
    >>> relations_in_stack(stacked(9, [(3, 1, 1), (3, 2, 1)], "valid"))[2, 1]
    ReceptiveField(size=3, jump=2, start=0)
    """
    found: dict[tuple[int, int], ReceptiveField] = {}
    for j in range(len(levels)):
        field = ReceptiveField()
        for i in range(j + 1, len(levels)):
            field = field.then(**levels[i].window)
            found[i, j] = field
    return found


def relations_in_network(
    net: Row, steps: list[TraceStep], levels: list[Level], drawn: list[int]
) -> dict[tuple[int, int], ReceptiveField]:
    """What a unit of each level sees of the levels below, through whatever lies between them.

    Rows on two branches do not see one another.

    Parameters
    ----------
    net : Row
        The specification.
    steps : list of TraceStep
        The same, followed row by row.
    levels : list of Level
        From :func:`of_network`.
    drawn : list of int
        Numbers of the levels wanted.
    """
    wanted = {levels[i].name: i for i in drawn if i}
    shapes = {step.path: step.in_shape for step in steps}
    found: dict[tuple[int, int], ReceptiveField] = {}

    def follow(row: Row, path: str, fields: dict[int, ReceptiveField]) -> dict[int, ReceptiveField]:
        if isinstance(row, spec.Scale):
            return fields
        if isinstance(row, spec.Combinator):
            ends = [fields]
            for name, child in row.children:
                before = ends[-1] if row.in_series else fields
                ends.append(follow(child, f"{path}.{name}" if path else name, before))
            return ends[-1] if row.in_series else _joined(ends[1:])
        path = path or type(row).__name__.lower()
        reach = row.reach(shapes[path])
        if isinstance(reach, spec.Window):
            fields = {
                j: field.then(**_last_axis(reach, shapes[path])) for j, field in fields.items()
            }
            if path in wanted:
                i = wanted[path]
                found.update({(i, j): field for j, field in fields.items()})
                fields = {**fields, i: ReceptiveField()}
        return fields if reach == "point" or isinstance(reach, spec.Window) else {}

    follow(net, "", {0: ReceptiveField()})
    return found


def _joined(branches: list[dict[int, ReceptiveField]]) -> dict[int, ReceptiveField]:
    fields: dict[int, ReceptiveField] = {}
    for branch in branches:
        for j, field in branch.items():
            fields[j] = fields[j].union(field) if j in fields else field
    return fields


def _last_axis(window: spec.Window, in_shape: Shape) -> dict[str, int]:
    """Numbers of a window along the last axis, as :meth:`ReceptiveField.then` takes them."""
    ndim = len(in_shape) - 1
    kernel, stride, dilation = (
        geometry.per_axis(name, value, ndim)[-1]
        for name, value in (
            ("kernel_size", window.kernel_size),
            ("stride", window.stride),
            ("dilation", window.dilation),
        )
    )
    padding = geometry.padding_per_axis(window.padding, ndim)[-1]
    before, _ = geometry.resolve_padding(padding, in_shape[-1], kernel, stride, dilation)
    return {"kernel_size": kernel, "stride": stride, "before": before, "dilation": dilation}


def seen(field: ReceptiveField, unit: int, length: int) -> range:
    """Units of a level below that a unit sees, cut to the ones there are.

    Parameters
    ----------
    field : ReceptiveField
        Of the unit's level, counted in units of the level below.
    unit : int
        Its number.
    length : int
        Units of the level below.

    Examples
    --------
    >>> seen(ReceptiveField(size=3, jump=2, start=-1), 0, 9)
    range(0, 2)
    """
    begin = field.start + unit * field.jump
    return range(max(begin, 0), max(min(begin + field.size, length), 0))


def exactly(levels: list[Level], i: int, unit: int) -> dict[int, list[int]]:
    """Every unit below that a unit of a stack reads, directly or not; dilation leaves gaps.

    Parameters
    ----------
    levels : list of Level
        From :func:`stacked`.
    i, unit : int
        Number of the level and of its unit.

    Returns
    -------
    dict
        Units by number of the level, without those in the padding.

    Examples
    --------
    >>> exactly(stacked(9, [(3, 1, 2)], "valid"), 1, 0)
    {0: [0, 2, 4]}
    """
    found: dict[int, list[int]] = {}
    units = {unit}
    for j in range(i, 0, -1):
        window, count = levels[j].window, levels[j - 1].length
        units = {
            position
            for each in units
            for position in range(
                each * window["stride"] - window["before"],
                each * window["stride"]
                - window["before"]
                + (window["kernel_size"] - 1) * window["dilation"]
                + 1,
                window["dilation"],
            )
            if 0 <= position < count
        }
        found[j - 1] = sorted(units)
    return found
