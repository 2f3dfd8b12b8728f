"""Rows that only move numbers to other places."""

from dataclasses import dataclass
from math import prod

from cnnlab import geometry
from cnnlab.spec.base import Padding, Reach, Row, Shape, Size, check_axes, check_size, spatial


@dataclass(frozen=True, repr=False)
class Reshape(Row, family="layout"):
    """The same numbers in the same order under another shape, such as flat ones as maps.

    Examples
    --------
    >>> Reshape((64, 7, 7)).out_shape((3136,))
    (64, 7, 7)
    """

    shape: tuple[int, ...]

    def check(self) -> None:
        if not isinstance(self.shape, tuple) or not 1 <= len(self.shape) <= 4:
            raise ValueError(
                f"shape must be a tuple of 1 to 4 numbers, not {self.shape!r}. "
                "Leave the batch out: Reshape((64, 7, 7))."
            )
        for number in self.shape:
            geometry.integer("shape", number, 1)

    def out_shape(self, in_shape: Shape) -> Shape:
        if prod(in_shape) != prod(self.shape):
            raise ValueError(
                f"shape {self.shape} must hold the {prod(in_shape):,} numbers of {in_shape}, "
                f"not {prod(self.shape):,}. Make the products equal."
            )
        return self.shape

    def reach(self, in_shape: Shape) -> Reach:
        return "varies"


@dataclass(frozen=True, repr=False)
class Pad(Row, family="layout"):
    """Zeros around each map.

    Parameters
    ----------
    padding : int or tuple
        Pixels on each side; one entry an axis, where an entry may be a pair (before, after).

    Examples
    --------
    >>> Pad(1).out_shape((3, 28, 28)), Pad(((0, 1), (0, 1))).out_shape((3, 28, 28))
    ((3, 30, 30), (3, 29, 29))
    """

    padding: Padding

    def check(self) -> None:
        _check_sides("padding", self.padding)

    def out_shape(self, in_shape: Shape) -> Shape:
        pairs = zip(in_shape[1:], sides("padding", self.padding, in_shape), strict=True)
        return in_shape[0], *(before + size + after for size, (before, after) in pairs)

    def reach(self, in_shape: Shape) -> Reach:
        return "varies"


@dataclass(frozen=True, repr=False)
class Crop(Row, family="layout"):
    """Each map without its margins.

    Parameters
    ----------
    cropping : int or tuple
        Pixels cut off each side; one entry an axis, where an entry may be a pair (before, after).

    Examples
    --------
    >>> Crop(2).out_shape((3, 32, 32))
    (3, 28, 28)
    """

    cropping: Padding

    def check(self) -> None:
        _check_sides("cropping", self.cropping)

    def out_shape(self, in_shape: Shape) -> Shape:
        pairs = zip(in_shape[1:], sides("cropping", self.cropping, in_shape), strict=True)
        left = [size - before - after for size, (before, after) in pairs]
        if min(left) < 1:
            raise ValueError(
                f"cropping {self.cropping} must leave pixels of {in_shape[1:]}, but leaves none. "
                "Cut off less."
            )
        return in_shape[0], *left

    def reach(self, in_shape: Shape) -> Reach:
        return "varies"


@dataclass(frozen=True, repr=False)
class Upsample(Row, family="layout"):
    """Each pixel repeated, so that it fills a block: the nearest neighbour.

    Parameters
    ----------
    scale_factor : int or tuple
        How often each pixel is repeated; one number, or one an axis.

    Examples
    --------
    >>> Upsample(2).out_shape((64, 7, 7))
    (64, 14, 14)
    """

    scale_factor: Size

    def check(self) -> None:
        check_size("scale_factor", self.scale_factor)

    def out_shape(self, in_shape: Shape) -> Shape:
        factors = geometry.per_axis("scale_factor", self.scale_factor, len(spatial(in_shape)))
        sizes = zip(in_shape[1:], factors, strict=True)
        return in_shape[0], *(size * factor for size, factor in sizes)

    def reach(self, in_shape: Shape) -> Reach:
        return "varies"


def sides(name: str, given: Padding, in_shape: Shape) -> list[tuple[int, int]]:
    """Pixels before and after on each axis after the channels."""
    entries = geometry.padding_per_axis(given, len(spatial(in_shape)))
    return [geometry.resolve_padding(entry, 1, 1) for entry in entries]


def _check_sides(name: str, given: Padding) -> None:
    entries = given if isinstance(given, tuple) else (given,)
    check_axes(name, entries)
    for entry in entries:
        pair = entry if isinstance(entry, tuple) else (entry, entry)
        if len(pair) != 2:
            raise ValueError(
                f"{name} of one axis must be one number or a pair (before, after), not {entry}. "
                "Give one or two numbers."
            )
        for number in pair:
            geometry.integer(name, number, 0)
