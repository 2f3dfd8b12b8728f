"""The four ways of putting rows together."""

import keyword
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import indent
from typing import ClassVar, overload

from cnnlab.spec.base import Family, Row, Shape

__all__ = ["Add", "Chain", "Combinator", "Concat", "Scale"]

_LINE = 88


@dataclass(frozen=True, repr=False, init=False)
class Combinator(Row, family="combinator"):
    """Rows under names; unnamed rows are called "0", "1", … as in ``torch.nn.Sequential``."""

    children: tuple[tuple[str, Row], ...]

    def __init__(self, /, *rows: Row, **named: Row) -> None:
        children = (*((str(i), row) for i, row in enumerate(rows)), *named.items())
        seen: set[str] = set()
        for name, row in children:
            if not name or "." in name or name in seen:
                raise ValueError(
                    f"{type(self).__name__}: names of rows must differ and hold no dot, "
                    f"not {name!r}. Choose another name."
                )
            seen.add(name)
            if not isinstance(row, Row):
                raise self._no_row(name, row)
        object.__setattr__(self, "children", children)
        with self.speaking():
            self.check()

    def _no_row(self, name: str, given: object) -> TypeError:
        must = f"{type(self).__name__}: row {name} must be a row"
        if isinstance(given, type) and issubclass(given, Row):
            return TypeError(
                f"{must}, not the class {given.__name__}. Add parentheses: {given.__name__}()."
            )
        return TypeError(
            f"{must} such as ReLU() or Chain(…), not {given!r}. {self._unpacked(given)}"
        )

    def _unpacked(self, given: object) -> str:
        """What helps where rows stand in a list or a dictionary, as other libraries take them."""
        kind = type(self).__name__
        if isinstance(given, dict):
            return f"Put two stars before the dictionary: {kind}(**rows)."
        if isinstance(given, list | tuple):
            return f"Put a star before the list: {kind}(*rows)."
        return "Replace it."

    def __iter__(self) -> Iterator[Row]:
        return (row for _, row in self.children)

    def __len__(self) -> int:
        return len(self.children)

    @overload
    def __getitem__(self, key: int | str) -> Row: ...
    @overload
    def __getitem__(self, key: slice) -> "Combinator": ...
    def __getitem__(self, key: int | str | slice) -> Row:
        """Return a row by position or name, or the same combinator of a slice of its rows."""
        if isinstance(key, str):
            return dict(self.children)[key]
        if isinstance(key, int):
            return self.children[key][1]
        part = object.__new__(type(self))
        object.__setattr__(part, "children", self.children[key])
        return part

    def __repr__(self) -> str:
        shown = [
            repr(row) if name == str(position) else _named(name, row)
            for position, (name, row) in enumerate(self.children)
        ]
        line = f"{type(self).__name__}({', '.join(shown)})"
        if len(line) <= _LINE - 40 and "\n" not in line:
            return line
        return (
            f"{type(self).__name__}(\n"
            + "".join(indent(row, "    ") + ",\n" for row in shown)
            + ")"
        )

    in_series: ClassVar[bool] = False

    def entering(self, in_shape: Shape) -> Iterator[tuple[str, Row, Shape]]:
        """Each row with its name and the shape that enters it."""
        for name, row in self.children:
            yield name, row, in_shape
            in_shape = row.out_shape(in_shape) if self.in_series else in_shape

    def join(self, in_shape: Shape, ends: list[Shape]) -> Shape:
        """Shape that leaves, given those that leave the branches or the end of a series."""
        return ends[-1]

    def holds(self, family: Family) -> bool:
        """Whether a row of this family is inside, however deep."""
        return any(
            row.holds(family) if isinstance(row, Combinator) else row.family == family
            for row in self
        )

    def how_to_meet(self, ends: list[Shape]) -> str:
        """What helps where branches leave maps of different sizes."""
        if len({len(shape) for shape in ends}) > 1:
            return "Flatten all of them, or none."
        if self.holds("transposed convolution") or self.holds("layout"):
            return (
                "What is halved and doubled again meets its old size only if the input's height "
                "and width are a multiple of 2 for each time: choose such a size, or add the lost "
                "pixels by output_padding=1 or Pad."
            )
        return "Use padding='same' and equal strides."

    def out_shape(self, in_shape: Shape) -> Shape:
        ends = [row.out_shape(shape) for _, row, shape in self.entering(in_shape)] or [in_shape]
        return self.join(in_shape, ends[-1:] if self.in_series else ends)

    def param_shapes(self, in_shape: Shape) -> dict[str, Shape]:
        return {
            f"{name}.{key}": value
            for name, row, shape in self.entering(in_shape)
            for key, value in row.param_shapes(shape).items()
        }

    def buffer_shapes(self, in_shape: Shape) -> dict[str, Shape]:
        return {
            f"{name}.{key}": value
            for name, row, shape in self.entering(in_shape)
            for key, value in row.buffer_shapes(shape).items()
        }

    def macs(self, in_shape: Shape) -> int:
        return sum(row.macs(shape) for _, row, shape in self.entering(in_shape))


def _named(name: str, row: Row) -> str:
    """An argument as source code, also where the name is no identifier: the rest of a slice."""
    plain = name.isidentifier() and not keyword.iskeyword(name)
    return f"{name}={row!r}" if plain else f"**{{{name!r}: {row!r}}}"


@dataclass(frozen=True, repr=False, init=False)
class Chain(Combinator):
    """Rows one after another.

    Examples
    --------
    >>> from cnnlab.spec import Conv, MaxPool, ReLU
    >>> Chain(conv1=Conv(10, 3), relu1=ReLU(), pool1=MaxPool(2)).out_shape((1, 28, 28))
    (10, 13, 13)
    """

    in_series: ClassVar[bool] = True


@dataclass(frozen=True, repr=False, init=False)
class Add(Combinator):
    """Branches side by side, added up: the residual connection.

    References
    ----------
    K. He et al., "Deep Residual Learning for Image Recognition", 2016.

    Examples
    --------
    >>> from cnnlab.spec import Conv, Identity
    >>> Add(Conv(8, 3, padding="same"), Identity()).out_shape((8, 14, 14))
    (8, 14, 14)
    """

    def check(self) -> None:
        if len(self) < 2:
            raise ValueError(f"it must have at least 2 branches, not {len(self)}. Add Identity().")

    def join(self, in_shape: Shape, ends: list[Shape]) -> Shape:
        if len(set(ends)) != 1:
            raise ValueError(
                f"branches must have one shape, not {', '.join(map(str, ends))}. "
                f"{self.how_to_match(ends)}"
            )
        return ends[0]

    def how_to_match(self, ends: list[Shape]) -> str:
        """What helps where branches leave another number of channels, or maps of other sizes."""
        alike = len({len(shape) for shape in ends}) == 1
        if not alike or len({shape[0] for shape in ends}) == 1:
            return self.how_to_meet(ends)
        if len(ends[0]) == 1:
            return "Give the shortcut a Linear(…) with as many outputs."
        return "Give the shortcut a Conv(…, 1) with the same stride and channels."


@dataclass(frozen=True, repr=False, init=False)
class Concat(Combinator):
    """Branches side by side, their channels stacked.

    References
    ----------
    C. Szegedy et al., "Going Deeper with Convolutions", 2015.

    Examples
    --------
    >>> from cnnlab.spec import Conv
    >>> Concat(Conv(64, 1), Conv(128, 3, padding="same")).out_shape((192, 28, 28))
    (192, 28, 28)
    """

    def check(self) -> None:
        if len(self) < 1:
            raise ValueError("it must have at least 1 branch, not 0. Add a row.")

    def join(self, in_shape: Shape, ends: list[Shape]) -> Shape:
        if len({shape[1:] for shape in ends}) != 1:
            raise ValueError(
                "branches must have one height and width, "
                f"not {', '.join(map(str, ends))}. {self.how_to_meet(ends)}"
            )
        return sum(shape[0] for shape in ends), *ends[0][1:]


@dataclass(frozen=True, repr=False, init=False)
class Scale(Combinator):
    """Rows one after another whose output multiplies their own input, as squeeze-excite does.

    References
    ----------
    J. Hu et al., "Squeeze-and-Excitation Networks", 2018.

    Examples
    --------
    >>> from cnnlab.spec import Conv, GlobalAvgPool, ReLU, Sigmoid
    >>> gate = Scale(GlobalAvgPool(), Conv(4, 1), ReLU(), Conv(32, 1), Sigmoid())
    >>> gate.out_shape((32, 14, 14))
    (32, 14, 14)
    """

    in_series: ClassVar[bool] = True

    def check(self) -> None:
        if len(self) < 1:
            raise ValueError("it must have at least 1 row, not 0. Add a gate.")

    def join(self, in_shape: Shape, ends: list[Shape]) -> Shape:
        gate = ends[-1]
        fits = len(gate) == len(in_shape) and all(
            g in (1, size) for g, size in zip(gate, in_shape, strict=True)
        )
        if not fits:
            raise ValueError(
                f"its rows must leave {in_shape} or 1 in place of an axis, not {gate}. "
                f"{_mend_gate(gate, in_shape)}"
            )
        return in_shape


def _mend_gate(gate: Shape, in_shape: Shape) -> str:
    if len(gate) < len(in_shape):
        ones = ", ".join("1" for _ in in_shape[1:])
        return (
            "A flat gate has lost the axes that it multiplies along: leave Flatten() out and use "
            f"Conv(…, 1) in place of Linear(…), or end with Reshape(({in_shape[0]}, {ones}))."
        )
    if gate[0] not in (1, in_shape[0]):
        return "Let them end with as many channels as enter."
    return "Pool to one position with GlobalAvgPool(), or keep the size with padding='same'."
