"""What every row of an architecture has in common."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Literal, NamedTuple, Self, TypeAlias

from cnnlab import geometry
from cnnlab.geometry import AxisPadding, Policy
from cnnlab.spec.settings import check_kind, check_settings, plain

__all__ = ["Family", "Reach", "Row", "Shape", "Window"]

Shape: TypeAlias = tuple[int, ...]
Size: TypeAlias = int | tuple[int, ...]
Padding: TypeAlias = int | str | tuple[int | str | tuple[int, int], ...]


class Window(NamedTuple):
    """How a row's window slides: the arguments of :func:`cnnlab.geometry.output_shape`."""

    kernel_size: Size
    stride: Size = 1
    padding: Padding = 0
    dilation: Size = 1
    policy: Policy = "floor"

    def axes(self, ndim: int) -> list[tuple[int, int, AxisPadding, int]]:
        """Kernel size, stride, padding and dilation along each of ``ndim`` axes.

        Examples
        --------
        >>> Window((3, 5), stride=2, padding="same").axes(2)
        [(3, 2, 'same', 1), (5, 2, 'same', 1)]
        """
        settings = (
            geometry.per_axis("kernel_size", self.kernel_size, ndim),
            geometry.per_axis("stride", self.stride, ndim),
            geometry.padding_per_axis(self.padding, ndim),
            geometry.per_axis("dilation", self.dilation, ndim),
        )
        return list(zip(*settings, strict=True))


Family: TypeAlias = Literal[
    "convolution",
    "transposed convolution",
    "pooling",
    "dense",
    "recurrent",
    "embedding",
    "flatten",
    "layout",
    "normalization",
    "activation",
    "dropout",
    "combinator",
    "pointwise",
]
"""What a row does with its input; "layout" if it only moves numbers to other places, "pointwise" if
it treats each number by itself otherwise."""


class Moved(NamedTuple):
    """A row that only moves its units: how many are left out in front of each axis."""

    left_out: tuple[int, ...]  # negative where some are put in front


Reach: TypeAlias = Window | Moved | Literal["point", "all", "varies"]


@dataclasses.dataclass(frozen=True, repr=False)
class Row:
    """One row of an architecture: a value that knows shapes, and holds no weights.

    Shapes are written without the batch: ``(C, H, W)`` for images, ``(C, L)`` for
    sequences, ``(C, D, H, W)`` for volumes, ``(F,)`` for flat features. Input channels
    are inferred from the shape that enters. Rows compare and hash by value, and print as
    the source code that rebuilds them. A class says its family once, as in
    ``class ReLU(Row, family="activation")``, and heirs keep it.
    """

    trainable: ClassVar[bool] = True
    family: ClassVar[Family] = "pointwise"
    order: ClassVar[str] = ""
    """What the row takes, for those who know another library's order of arguments."""

    def __init_subclass__(cls, family: Family | None = None, **settings: Any) -> None:
        super().__init_subclass__(**settings)
        if family is not None:
            cls.family = family

    def __new__(cls, /, *given: Any, **named: Any) -> Self:
        row = super().__new__(cls)
        written = vars(cls).get("__dataclass_params__")
        if written is not None and written.init:  # others say themselves what they take
            settings = _settings(cls)
            if len(given) > len(settings) or not settings.keys() >= named.keys():
                with row.speaking():
                    check_settings(tuple(settings), given, named, cls.order)
        return row

    def __post_init__(self) -> None:
        settings = vars(self)
        try:
            for name, field in _settings(type(self)).items():
                given = settings[name]
                value = plain(given)
                check_kind(name, field.type, value, self.order)
                if value is not given:
                    object.__setattr__(self, name, value)
            self.check()
        except (TypeError, ValueError) as error:
            raise self._named(error) from None

    def check(self) -> None:
        """Refuse senseless settings; called at construction."""

    def out_shape(self, in_shape: Shape) -> Shape:
        """Shape that leaves when ``in_shape`` enters."""
        return in_shape

    def param_shapes(self, in_shape: Shape) -> dict[str, Shape]:
        """Shapes of the learned arrays, by their PyTorch names."""
        return {}

    def buffer_shapes(self, in_shape: Shape) -> dict[str, Shape]:
        """Shapes of arrays that are saved but not learned, by their PyTorch names."""
        return {}

    def macs(self, in_shape: Shape) -> int:
        """Multiply-accumulates for one example; additions of a bias are not counted."""
        return 0

    def reach(self, in_shape: Shape) -> Reach:
        """What one output unit reads: a window, its own point (moved), all, or what varies."""
        return "point"

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Put the row's name in front of an error's message."""
        try:
            yield
        except (TypeError, ValueError) as error:
            raise self._named(error) from None

    def _named(self, error: Exception) -> Exception:
        return type(error)(f"{type(self).__name__}: {error}")

    def __repr__(self) -> str:
        shown = []
        for name, field in _settings(type(self)).items():
            value = getattr(self, name)
            if field.default is dataclasses.MISSING:
                shown.append(repr(value))
            elif value != field.default:
                shown.append(f"{name}={value!r}")
        return f"{type(self).__name__}({', '.join(shown)})"


_FIELDS: dict[type, dict[str, "dataclasses.Field[Any]"]] = {}


def _settings(row: type) -> "dict[str, dataclasses.Field[Any]]":
    """The settings of a row, by name."""
    if row not in _FIELDS:  # asked for each row that is made
        _FIELDS[row] = {field.name: field for field in dataclasses.fields(row)}
    return _FIELDS[row]


def spatial(in_shape: Shape) -> Shape:
    """Axes that a window slides over: all but the channels.

    Raises
    ------
    ValueError
        If there is no such axis.
    """
    if not 2 <= len(in_shape) <= 4:
        raise ValueError(
            "input must be (C, L), (C, H, W) or (C, D, H, W), "
            f"not {in_shape}. Put this row before Flatten, or give the input its channels."
        )
    return in_shape[1:]


def flat(in_shape: Shape) -> int:
    """Features of a flat input ``(F,)``.

    Raises
    ------
    ValueError
        If the input still has channels and positions.
    """
    if len(in_shape) != 1:
        raise ValueError(
            f"input must be flat, (F,), not {in_shape}. Put Flatten() or a global pooling "
            "and Flatten() before it."
        )
    return in_shape[0]


def slide(in_shape: Shape, window: Window) -> Shape:
    """Positions of a window over the input's spatial axes."""
    return geometry.output_shape(spatial(in_shape), *window)


def check_window(window: Window) -> None:
    """Refuse window settings that no input could make sense of."""
    for name in ("kernel_size", "stride", "dilation"):
        value = getattr(window, name)
        if type(value) is int and value >= 1:  # nearly always so
            continue
        if value in ("same", "valid"):
            raise TypeError(
                f"{name} must be an integer, not {value!r}. Name what it is: padding={value!r}."
            )
        check_size(name, value)
    geometry.check_policy(window.policy)
    if type(window.padding) is int and window.padding >= 0:
        return
    sides = window.padding if isinstance(window.padding, tuple) else (window.padding,)
    check_axes("padding", sides)
    for side in geometry.padding_per_axis(sides, len(sides)):
        geometry.resolve_padding(side, 1, 1)


def check_size(name: str, value: Size, minimum: int = 1) -> None:
    """Refuse what is neither one whole number nor one for each axis."""
    numbers = value if isinstance(value, tuple) else (value,)
    check_axes(name, numbers)
    for number in numbers:
        geometry.integer(name, number, minimum)


def check_axes(name: str, values: tuple[Any, ...]) -> None:
    """Refuse more or fewer entries than an input can have axes."""
    if len(values) not in geometry.AXIS_NAMES:
        raise ValueError(
            f"{name} must be one number or one for each of 1 to 3 axes, "
            f"not {len(values)}: {values}. Match the axes."
        )


def check_probability(name: str, value: float) -> None:
    """Refuse what is not in [0, 1)."""
    if not 0 <= value < 1:
        raise ValueError(f"{name} must be a probability in [0, 1), not {value!r}. Try 0.5.")
