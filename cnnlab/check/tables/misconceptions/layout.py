"""What students believe about the shapes of rows that move values to other places."""

from collections.abc import Callable, Iterator
from math import prod

from cnnlab import geometry
from cnnlab.check.tables.misconceptions.base import About, Model, of
from cnnlab.check.tables.misconceptions.cells import Cell
from cnnlab.spec import Crop, Pad, Reshape, Row, Shape, TransposedConv, Upsample


def moved() -> Iterator[About]:
    """Misconceptions about padding, cropping, enlarging and reshaping."""
    yield from of(
        ("layout",),
        (
            "margin on one side",
            _sizes((Pad, Crop), lambda before, after: (before + after) // 2),
            "You counted the margin once, but it lies on both sides.",
        ),
        (
            "margin the wrong way",
            _sizes((Pad, Crop), lambda before, after: 2 * before - after),
            "Padding makes a map larger, cropping makes it smaller: you went the other way.",
        ),
        (
            "channels enlarged",
            lambda c: _enlarged(c, channels=True),
            "Height and width are right, but upsampling takes each map by itself: as many leave "
            "as enter.",
        ),
        (
            "enlarged in area",
            lambda c: _enlarged(c, power=2),
            "You enlarged each side by the area's factor; the factor is that of a side.",
        ),
        (
            "made smaller",
            lambda c: _enlarged(c, power=-1),
            "You divided, but upsampling makes a map larger.",
        ),
        (
            "reshaped into other numbers",
            lambda c: c.answer if _other_number(c) else None,
            "Reshape keeps every number: the product of the sizes must stay what it was.",
        ),
    )


def transposed() -> Iterator[About]:
    """Misconceptions about "same" where a convolution runs backwards."""
    yield from of(
        ("transposed convolution",),
        (
            "'same' keeps the size",
            lambda c: (c.out[0], *c.into[1:]) if _same(c) else None,
            "You kept the size, as 'same' does in a convolution of stride 1; in a transposed one "
            "it leaves size · stride.",
        ),
        (
            "weight with its channels swapped",
            _swapped_weight,
            "This is the shape of a convolution's weight; the table asks for what leaves the row.",
        ),
    )


def _same(c: Cell) -> bool:
    padding = getattr(c.row, "padding", 0)
    return padding == "same" or (isinstance(padding, tuple) and "same" in padding)


def _swapped_weight(c: Cell) -> Shape | None:
    if not isinstance(c.row, TransposedConv):
        return None
    first, second, *kernel = c.row.param_shapes(c.into)["weight"]
    return second, first, *kernel


def _sizes(kinds: tuple[type[Row], ...], change: Callable[[int, int], int]) -> Model:
    """Sizes as they leave, less what each axis differs by, changed as a student may."""

    def model(c: Cell) -> Shape | None:
        if not isinstance(c.row, kinds):
            return None
        pairs = zip(c.into[1:], c.out[1:], strict=True)
        return c.into[0], *(change(before, after) for before, after in pairs)

    return model


def _enlarged(c: Cell, power: int = 1, channels: bool = False) -> Shape | None:
    if not isinstance(c.row, Upsample):
        return None
    factors = geometry.per_axis("scale_factor", c.row.scale_factor, len(c.into) - 1)
    sizes = zip(c.into[1:], factors, strict=True)
    return c.into[0] * (factors[0] if channels else 1), *(int(n * f**power) for n, f in sizes)


def _other_number(c: Cell) -> bool:
    answer = c.answer
    return isinstance(c.row, Reshape) and isinstance(answer, tuple) and prod(answer) != prod(c.into)
