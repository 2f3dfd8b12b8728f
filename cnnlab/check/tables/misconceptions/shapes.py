"""What students believe about the shape that leaves a row."""

from collections.abc import Iterator

from cnnlab.check.tables.misconceptions import layout, lines
from cnnlab.check.tables.misconceptions.base import (
    CONVOLUTIONS,
    DENSE,
    POOLINGS,
    About,
    Families,
    of,
    of_another_row,
)
from cnnlab.check.tables.misconceptions.cells import Cell
from cnnlab.check.tables.misconceptions.readings import (
    as_convolution,
    no_output_padding,
    no_padding,
    no_stride,
    other_rounding,
    same_padding,
)
from cnnlab.geometry import padding_per_axis
from cnnlab.spec import Add, Concat, Shape

SLIDING: Families = ("convolution", *POOLINGS)
CHANGING: Families = (*SLIDING, "transposed convolution", "flatten", *DENSE)


def _is_image(c: Cell) -> bool:
    return len(c.out) == 3


def _order() -> Iterator[About]:
    yield from of(
        (),
        (
            "channels last",
            lambda c: (*c.out[1:], c.out[0]) if len(c.out) > 1 else None,
            "You put the channels last, as Keras does; here they come first: "
            "(channels, height, width).",
        ),
        (
            "batch included",
            lambda c: c.answer if _batch_of(c) and c.answer != (*c.into, *c.out) else None,
            "You wrote the batch too; shapes here are those of one example.",
        ),
        (
            "channels left out",
            lambda c: c.out[1:] if len(c.out) > 1 else None,
            "These are height and width; the channels come before them.",
        ),
        (
            "height and width swapped",
            lambda c: (c.out[0], c.out[2], c.out[1]) if _is_image(c) else None,
            "Height comes before width.",
        ),
    )


def _batch_of(c: Cell) -> bool:
    return isinstance(c.answer, tuple) and c.answer[1:] in (c.out, (*c.out[1:], c.out[0]))


def _sliding() -> Iterator[About]:
    yield from of(
        (*SLIDING, "transposed convolution"),
        (
            "channels unchanged",
            lambda c: (c.into[0], *c.out[1:]),
            "Height and width are right, but the channels are those that enter: each filter makes "
            "a map of its own.",
        ),
        (
            "padding forgotten",
            lambda c: c.left_as(no_padding),
            "You left the padding out: this row is padded.",
        ),
        (
            "padding that is not there",
            lambda c: c.left_as(same_padding),
            "You kept the size as padding 'same' does, but this row is not padded so.",
        ),
        (
            "rounded the other way",
            lambda c: c.left_as(other_rounding),
            "The stride does not fit, and you rounded the other way: mind the row's policy.",
        ),
        (
            "stride forgotten",
            lambda c: c.left_as(no_stride),
            "You moved the window one pixel at a time, but this row has a stride.",
        ),
        (
            "the + 1 forgotten",
            lambda c: (c.out[0], *(size - 1 for size in c.out[1:])) if c.window else None,
            "You counted the steps between the windows: the window before the first step is "
            "missing.",
        ),
        (
            "kernel subtracted whole",
            _kernel_subtracted,
            "You took the whole kernel off, but the kernel fits once where it begins.",
        ),
        (
            "size unchanged",
            lambda c: (c.out[0], *c.into[1:]),
            "You kept height and width, but this row changes them.",
        ),
        (
            "padded size",
            lambda c: (c.out[0], *c.padded) if c.padded else None,
            "This is the padded input's size: count the windows that fit into it.",
        ),
    )


def _kernel_subtracted(c: Cell) -> Shape | None:
    sizes = (n - k for n, k in zip(c.into[1:], c.kernel, strict=True))
    return (c.out[0], *sizes) if c.window else None


def _transposed() -> Iterator[About]:
    yield from of(
        ("transposed convolution",),
        (
            "as a convolution",
            lambda c: c.left_as(as_convolution),
            "This is what a convolution would leave; a transposed one runs the other way: each "
            "position that enters writes a window.",
        ),
        (
            "padding added",
            lambda c: _enlarged(c, 4),
            "You added the padding, but in a transposed convolution it is cut off.",
        ),
        (
            "one side of the padding cut off",
            lambda c: _enlarged(c, 1),
            "You cut the padding off one side only.",
        ),
        (
            "stride times size",
            lambda c: (c.out[0], *(n * s for n, s in zip(c.into[1:], c.stride, strict=True))),
            "You multiplied each size by the stride, but the first window counts with the whole "
            "kernel, only the others with the stride.",
        ),
        (
            "output padding forgotten",
            lambda c: c.left_as(no_output_padding),
            "You left the output padding out: it adds to one side.",
        ),
    )


def _enlarged(c: Cell, sides: int) -> Shape | None:
    """What a transposed convolution leaves if padding is added on so many sides."""
    paddings = padding_per_axis(getattr(c.row, "padding", 0), len(c.into) - 1)
    pixels = [p for p in paddings if isinstance(p, int)]
    if len(pixels) < len(paddings):
        return None  # there is no one number for both sides
    return c.out[0], *(n + sides * p for n, p in zip(c.out[1:], pixels, strict=True))


def _channels() -> Iterator[About]:
    yield from of(
        CONVOLUTIONS,
        (
            "channels multiplied",
            lambda c: (c.into[0] * c.out[0], *c.out[1:]),
            "You multiplied the channels, but a filter sums over all channels that enter and makes "
            "one map.",
        ),
        (
            "channels added",
            lambda c: (c.into[0] + c.out[0], *c.out[1:]),
            "You added the channels that enter, but a filter sums over them and makes one map.",
        ),
        (
            "one map",
            lambda c: (1, *c.out[1:]),
            "This is what one filter makes; each filter makes a map of its own.",
        ),
        (
            "shape of the weight",
            lambda c: c.row.param_shapes(c.into).get("weight"),
            "This is the shape of the row's weight; the table asks for what leaves the row.",
        ),
    )
    yield from of(
        POOLINGS,
        (
            "pooling changes depth",
            lambda c: c.answer if _right_but_depth(c) else None,
            "Height and width are right, but pooling takes each map by itself: as many leave as "
            "enter.",
        ),
        (
            "pooled twice",
            lambda c: (c.out[0], *(size // 2 for size in c.out[1:])),
            "You divided once too often.",
        ),
        (
            "pooled to one value",
            lambda c: (c.out[0], *(1 for _ in c.out[1:])),
            "You pooled each whole map, but the window is smaller.",
        ),
        (
            "one axis pooled",
            lambda c: c.answer if _one_axis(c) else None,
            "You pooled one axis, but the window moves along height and width.",
        ),
    )


def _right_but_depth(c: Cell) -> bool:
    return isinstance(c.answer, tuple) and len(c.answer) > 1 and c.answer[1:] == c.out[1:]


def _one_axis(c: Cell) -> bool:
    return c.answer in ((*c.out[:-1], c.into[-1]), (*c.into[:-1], c.out[-1]))


def _any_row() -> Iterator[About]:
    yield from of(
        ("dropout",),
        (
            "dropout removes values",
            lambda c: c.answer if isinstance(c.answer, tuple) else None,
            "Dropout sets values to zero; they keep their places, so the shape stays as it was.",
        ),
    )
    yield from of(
        (),
        (
            "branches stacked",
            lambda c: c.answer if c.kind is Concat and _right_but_depth(c) else None,
            "Concat stacks the channels of all its branches: add them up.",
        ),
        (
            "branches added",
            lambda c: c.answer if c.kind is Add and _right_but_depth(c) else None,
            "Add sums its branches value by value: the channels stay as many as in one branch.",
        ),
        (
            "a row that keeps its shape",
            lambda c: c.answer if c.out == c.into and c.family not in CHANGING else None,
            "This row works value by value: the shape that enters also leaves.",
        ),
        (
            "shape that enters",
            lambda c: c.into,
            "This is the shape that enters; the table asks for the one that leaves.",
        ),
        (
            "row shifted",
            of_another_row,
            "This belongs to the row {c.twin}: in what does this one differ from it?",
        ),
    )


MISCONCEPTIONS: tuple[About, ...] = (
    *_order(),
    *layout.transposed(),
    *layout.moved(),
    *_sliding(),
    *_transposed(),
    *lines.sequences(),
    *_channels(),
    *lines.flat(),
    *_any_row(),
)
"""Misconceptions about the column of output shapes."""

_WINDOWS = (
    "each size becomes (size + padding on both sides − kernel)/stride + 1, rounded by the policy"
)
HINTS = {
    "convolution": f"{_WINDOWS}; as many channels leave as there are filters.",
    "transposed convolution": "each size becomes (size − 1) · stride + kernel − padding on both "
    "sides, or size · stride with padding 'same'; as many channels leave as there are filters.",
    "pooling": f"{_WINDOWS}; the channels stay.",
    "flatten": "multiply all sizes that enter.",
    "layout": "values are only moved: their number changes by what is added, repeated or cut off.",
    "dense": "one value leaves for each unit.",
    "recurrent": "the state has one number for each unit.",
    "embedding": "every position of the sequence gets a vector.",
}
"""What to remember, by family of row."""
