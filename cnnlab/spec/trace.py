"""Follow a shape through an architecture, row by row."""

import warnings
from collections.abc import Iterator
from functools import reduce
from typing import NamedTuple, TypeAlias

from cnnlab import geometry
from cnnlab.geometry import ReceptiveField
from cnnlab.spec.base import Moved, Reach, Row, Shape, Window
from cnnlab.spec.combine import Chain, Combinator, Scale

__all__ = ["ShapeError", "TraceStep", "trace"]

Fields: TypeAlias = tuple[ReceptiveField, ...]
_Slide: TypeAlias = tuple[int, int, int, int]  # kernel size, stride, padding before, dilation
_STAYS: _Slide = (1, 1, 0, 1)


class ShapeError(ValueError):
    """A shape that does not fit a row.

    Attributes
    ----------
    path : str
        Where the row stands, as in ``state_dict`` keys.
    steps : list of TraceStep
        The rows before it.
    """

    def __init__(self, path: str, reason: str, steps: "list[TraceStep]", in_shape: Shape) -> None:
        self.path, self.steps = path, steps
        input_shape = steps[0].in_shape if steps else in_shape
        shapes = [("input", input_shape), *((step.path, step.out_shape) for step in steps)]
        width = max(len(name) for name, _ in shapes)
        listing = "\n".join(f"  {name:<{width}}  {shape}" for name, shape in shapes)
        super().__init__(
            f"{path}: {reason}{_other_order(input_shape)}\nShapes up to there:\n{listing}"
        )


def _warn_of_other_order(shape: Shape) -> None:
    """Say so where a large square stands, but not where height and width belong."""
    in_front = len(shape) == 4 and shape[2] == shape[3] >= 16
    behind = len(shape) == 3 and shape[0] == shape[1] >= 16
    if (in_front or behind) and (hint := _other_order(shape)):
        warnings.warn(f"input_shape {shape} is taken at its word.{hint}", stacklevel=3)


def _other_order(shape: Shape) -> str:
    """A sentence about an input shape that looks like another library's, else nothing."""
    if len(shape) == 4 and shape[1] in (1, 3) and min(shape[2:]) > 4:
        return (
            f" If {shape[0]} is the batch size, leave it out: shapes are (C, H, W) without the "
            f"batch, here {shape[1:]}."
        )
    if len(shape) == 3 and shape[2] in (1, 3) and min(shape[:2]) > 4:
        return (
            f" If {shape} is height, width and channels, turn it round: shapes are (C, H, W), "
            f"channels first, here {(shape[2], *shape[:2])}."
        )
    return ""


class TraceStep(NamedTuple):
    """One row met on the way: a layer, or the point where branches join.

    Attributes
    ----------
    path : str
        Names from the top, joined by dots.
    row : Row
        The layer, or the Add, Concat or Scale that joins.
    in_shape, out_shape : tuple of int
        Without the batch.
    param_shapes : dict
        Shapes of the learned arrays, by their PyTorch names; empty where branches join, because
        their rows have steps of their own.
    fields : tuple of ReceptiveField or None
        What one output unit sees of the input, for each of its axes; empty for a flat input,
        None where units differ.
    """

    path: str
    row: Row
    in_shape: Shape
    out_shape: Shape
    param_shapes: dict[str, Shape]
    fields: Fields | None


class _Flow(NamedTuple):
    shape: Shape
    fields: Fields | None
    grid: Shape  # positions of the last map, which a dense row reads together
    image: Shape  # positions of the input, beyond which there is nothing to see


def check_shape(input_shape: Shape) -> Shape:
    """Refuse an input shape that is not a tuple of positive integers without the batch."""
    if not isinstance(input_shape, tuple | list) or not 1 <= len(input_shape) <= 4:
        raise ValueError(
            "input_shape must be (C, H, W) without the batch, or (F,), (C, L), (C, D, H, W), "
            f"not {input_shape!r}. Leave out the batch size."
        )
    if input_shape[0] is None:
        raise TypeError(
            f"input_shape must be (C, H, W) without the batch, not {tuple(input_shape)}. "
            "Leave out the None that stands for the batch size, and put the channels first."
        )
    return tuple(geometry.integer("input_shape", number, 1) for number in input_shape)


def trace(spec: Row, input_shape: Shape) -> list[TraceStep]:
    """Follow ``input_shape`` through ``spec``.

    Parameters
    ----------
    spec : Row
        A row or a combinator of rows.
    input_shape : tuple of int
        ``(C, H, W)``, ``(C, L)``, ``(C, D, H, W)`` or ``(F,)``, without the batch.

    Returns
    -------
    list of TraceStep
        One for each layer, and one where branches join, in the order of computation.

    Raises
    ------
    ShapeError
        If a row does not fit; it names the row and shows the shapes up to there.

    Warns
    -----
    UserWarning
        If all rows fit, but ``input_shape`` looks like channels last or begins with a batch.

    Examples
    --------
    >>> from cnnlab.spec import Chain, Conv, MaxPool
    >>> for step in trace(Chain(conv1=Conv(10, 3), pool1=MaxPool(2)), (1, 28, 28)):
    ...     print(step.path, step.out_shape, step.fields[0].size)
    conv1 (10, 26, 26) 3
    pool1 (10, 13, 13) 4
    """
    if not isinstance(spec, Row):
        raise TypeError(f"spec must be a row such as Conv(8, 3) or Chain(…), not {_in_words(spec)}")
    shape = check_shape(input_shape)
    steps: list[TraceStep] = []
    fields = (ReceptiveField(),) * len(shape[1:])
    _follow(spec, "", _Flow(shape, fields, shape[1:], shape[1:]), steps, {})
    _warn_of_other_order(shape)
    return steps


def _in_words(given: object) -> str:
    """What was given in place of a row, and what helps."""
    if isinstance(given, type):
        return f"the class {given.__name__}. Add parentheses."
    advice = "Build one from cnnlab.spec."
    if isinstance(getattr(given, "spec", None), Row):
        advice = "Give its .spec, and its .input_shape."
    elif isinstance(given, list | tuple):
        advice = "Put a star before it: Chain(*rows)."
    return f"{type(given).__name__}. {advice}"


class _Known(NamedTuple):
    """What a row makes of a shape, so that the same row met again is not worked out again."""

    shape: Shape
    params: dict[str, Shape]
    reach: Reach
    slides: tuple[_Slide, ...]  # of a window, for each axis; empty if each unit stays in place


_Memory: TypeAlias = dict[tuple[int, Shape], _Known]


def _follow(row: Row, path: str, flow: _Flow, steps: list[TraceStep], memory: _Memory) -> _Flow:
    if isinstance(row, Combinator):
        return _branch(row, path, flow, steps, memory)
    path = path or type(row).__name__.lower()
    key = id(row), flow.shape
    known = memory.get(key)
    if known is None:
        try:
            known = memory[key] = _work_out(row, flow)
        except (TypeError, ValueError) as error:
            raise _unfit(row, path, error, steps, flow) from None
    after = _see(known, flow)
    steps.append(TraceStep(path, row, flow.shape, after.shape, known.params, after.fields))
    return after


def _branch(
    row: Combinator, path: str, flow: _Flow, steps: list[TraceStep], memory: _Memory
) -> _Flow:
    ends: list[_Flow] = []
    before = flow
    prefix = f"{path}." if path else ""
    for name, child in row.children:
        ends.append(_follow(child, prefix + name, before, steps, memory))
        before = ends[-1] if row.in_series else flow
    if isinstance(row, Chain):
        return before
    path = path or type(row).__name__.lower()
    ends = ends[-1:] if row.in_series else ends
    try:
        shape = row.join(flow.shape, [end.shape for end in ends])
        after = flow  # a gate sees the whole map; by custom a receptive field leaves it out
        if not isinstance(row, Scale):
            fields = _union([end.fields for end in ends])
            after = _Flow(shape, fields, shape[1:] or flow.grid, flow.image)
    except (TypeError, ValueError) as error:
        raise _unfit(row, path, error, steps, flow) from None
    steps.append(TraceStep(path, row, flow.shape, shape, {}, after.fields))
    return after


def _unfit(
    row: Row, path: str, error: Exception, steps: list[TraceStep], flow: _Flow
) -> ShapeError:
    return ShapeError(path, f"{type(row).__name__}: {error}", steps, flow.shape)


def _work_out(row: Row, flow: _Flow) -> _Known:
    shape = row.out_shape(flow.shape)
    params = row.param_shapes(flow.shape)  # a wrong number of channels shows here
    reach = row.reach(flow.shape)
    slides: tuple[_Slide, ...] = ()
    if isinstance(reach, Window):
        slides = tuple(_slides(reach, flow.shape[1:]))
        if all(slide == _STAYS for slide in slides):
            reach, slides = "point", ()
    return _Known(shape, params, reach, slides)


def _see(known: _Known, flow: _Flow) -> _Flow:
    """Update what units see."""
    shape = known.shape
    grid = shape[1:] or flow.grid
    if not flow.image and shape[1:]:  # tokens have become a sequence
        return _Flow(shape, (ReceptiveField(),) * len(grid), grid, image=grid)
    fields = _reach(known, flow, len(grid))
    if shape == flow.shape and fields is flow.fields:
        return flow
    return _Flow(shape, fields, grid, flow.image)


def _moved(field: ReceptiveField, left_out: int) -> ReceptiveField:
    return field._replace(start=field.start + left_out * field.jump)


def _reach(known: _Known, flow: _Flow, ndim: int) -> Fields | None:
    reach = known.reach
    if flow.fields is None or reach == "point":
        return flow.fields
    if reach == "varies":  # unless all units see the same: then so do those that read any of them
        same = all(field.jump == 0 for field in flow.fields) and len(flow.fields) == ndim
        return flow.fields if same else None
    if isinstance(reach, Moved):
        return tuple(map(_moved, flow.fields, reach.left_out))
    if reach == "all":
        axes = zip(flow.fields, flow.grid, flow.image, strict=True)
        return tuple(_all_of(field, count, size) for field, count, size in axes)
    return tuple(field.then(*slide) for field, slide in zip(flow.fields, known.slides, strict=True))


def _slides(window: Window, grid: Shape) -> Iterator[_Slide]:
    """Kernel size, stride, padding before and dilation along each axis."""
    axes = zip(grid, window.axes(len(grid)), strict=True)
    for size, (kernel_size, stride, padding, dilation) in axes:
        before, _ = geometry.resolve_padding(padding, size, kernel_size, stride, dilation)
        yield kernel_size, stride, before, dilation


def _all_of(field: ReceptiveField, count: int, size: int) -> ReceptiveField:
    """Field of a unit that reads ``count`` neighbours at once, cut to the ``size`` pixels there are."""
    start = max(field.start, 0)
    stop = min(field.start + field.size + (count - 1) * field.jump, size)
    return ReceptiveField(stop - start, 0, start)


def _union(branches: list[Fields | None]) -> Fields | None:
    fields = [branch for branch in branches if branch is not None]
    if len(fields) != len(branches):
        return None
    return tuple(reduce(ReceptiveField.union, axis) for axis in zip(*fields, strict=True))
