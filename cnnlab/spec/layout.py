"""Rows that only move numbers to other places."""

from dataclasses import dataclass
from math import prod
from typing import ClassVar

from cnnlab import geometry
from cnnlab.spec.base import (
    Moved,
    Padding,
    Reach,
    Row,
    Shape,
    Size,
    check_axes,
    check_size,
    spatial,
)

__all__ = ["Crop", "Pad", "Reshape", "Upsample"]

_AXES = {"linear": 1, "bilinear": 2, "trilinear": 3}


@dataclass(frozen=True, repr=False)
class Reshape(Row, family="layout"):
    """The same numbers in the same order under another shape, such as flat ones as maps.

    What a unit sees is known behind it only if all units see the same, as after a dense row:
    otherwise neighbours of the new shape may stem from anywhere.

    Examples
    --------
    >>> Reshape((64, 7, 7)).out_shape((3136,))
    (64, 7, 7)
    """

    shape: tuple[int, ...]
    order: ClassVar[str] = "Write the sizes as one tuple: Reshape((64, 7, 7))."

    def check(self) -> None:
        if not isinstance(self.shape, tuple) or not 1 <= len(self.shape) <= 4:
            raise ValueError(
                f"shape must be a tuple of 1 to 4 numbers, not {self.shape!r}. "
                "Leave the batch out: Reshape((64, 7, 7))."
            )
        if -1 in self.shape:
            raise ValueError(
                f"shape must say every size, so {self.shape} must not hold -1, which lets an array "
                "work one out. Divide the numbers that enter by the product of the others."
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
        return Moved(tuple(-before for before, _ in sides("padding", self.padding, in_shape)))


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
        return Moved(tuple(before for before, _ in sides("cropping", self.cropping, in_shape)))


@dataclass(frozen=True, repr=False)
class Upsample(Row, family="layout"):
    """Each map enlarged: pixels repeated, or straight lines between their centres.

    Neighbours that leave may have read the same pixels, so that fields do not move by a fixed
    step: what a unit sees varies.

    Parameters
    ----------
    scale_factor : int or tuple
        How many times as large each side becomes; one number, or one an axis.
    mode : str
        "nearest" repeats each pixel; "linear", "bilinear" and "trilinear", for 1, 2 and 3 axes,
        draw lines between the centres of pixels, as PyTorch with ``align_corners=False`` and
        Keras do.

    Examples
    --------
    >>> Upsample(2).out_shape((64, 7, 7)), Upsample(2, "bilinear").out_shape((64, 7, 7))
    ((64, 14, 14), (64, 14, 14))
    """

    scale_factor: Size
    mode: str = "nearest"

    def check(self) -> None:
        check_size("scale_factor", self.scale_factor)
        if self.mode != "nearest" and self.mode not in _AXES:
            raise ValueError(
                f"mode must be one of nearest, {', '.join(_AXES)}, not {self.mode!r}. Choose one."
            )

    def out_shape(self, in_shape: Shape) -> Shape:
        if _AXES.get(self.mode, len(in_shape) - 1) != len(spatial(in_shape)):
            fits = next(mode for mode, axes in _AXES.items() if axes == len(in_shape) - 1)
            raise ValueError(
                f"mode must fit the {len(in_shape) - 1} axes of {in_shape}, not be {self.mode!r}. "
                f'Use "{fits}" or "nearest".'
            )
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
