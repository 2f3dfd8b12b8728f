"""What students believe about the shape that leaves a row."""

from collections.abc import Callable, Iterator
from math import prod

from cnnlab.check.tables.beliefs.base import CONVOLUTIONS, DENSE, POOLINGS, Belief, Model, of
from cnnlab.check.tables.beliefs.weights import READINGS
from cnnlab.check.tables.cells import (
    Cell,
    Value,
    no_padding,
    no_stride,
    other_rounding,
    same_padding,
)
from cnnlab.spec import Row, Shape

SLIDING = (*CONVOLUTIONS, *POOLINGS, "Subsample")
FLAT = ("Flatten", *DENSE)


def _is_image(c: Cell) -> bool:
    return len(c.out) == 3


def _order() -> Iterator[Belief]:
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
            lambda c: c.answer if _batch_of(c) else None,
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


def _sliding() -> Iterator[Belief]:
    yield from of(
        SLIDING,
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
            lambda c: (c.out[0], *(size - 1 for size in c.out[1:])),
            "You counted the steps between the windows: the window before the first step is "
            "missing.",
        ),
        (
            "kernel subtracted whole",
            lambda c: (c.out[0], *(n - k for n, k in zip(c.into[1:], c.kernel, strict=True))),
            "You took the whole kernel off, but the kernel fits once where it begins.",
        ),
        (
            "size unchanged",
            lambda c: (c.out[0], *c.into[1:]),
            "You kept height and width, but this row changes them.",
        ),
        (
            "padded size",
            lambda c: (c.out[0], *c.padded),
            "This is the padded input's size: count the windows that fit into it.",
        ),
    )


def _channels() -> Iterator[Belief]:
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
        (*POOLINGS, "Subsample"),
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


def _flat() -> Iterator[Belief]:
    yield from of(
        ("Flatten",),
        (
            "not flattened",
            lambda c: c.into,
            "This is the shape that enters; Flatten writes all its values in one line.",
        ),
        (
            "channels forgotten in the line",
            lambda c: (prod(c.into[1:]),) if len(c.into) > 1 else None,
            "You flattened one map only, but all of them stand in the line.",
        ),
        (
            "channels alone in the line",
            lambda c: (c.into[0],),
            "You kept one value of each map, but Flatten keeps all positions.",
        ),
        (
            "one side in the line",
            lambda c: (prod(c.into[:-1]),) if len(c.into) > 2 else None,
            "You counted one side of the map, but it has a height and a width.",
        ),
        (
            "the image in one line",
            lambda c: (prod(c.table.input_shape[1:]),),
            "You flattened the network's input, but Flatten writes down what the row before leaves.",
        ),
        (
            "sizes added",
            lambda c: (sum(c.into),),
            "You added the sizes, but the values fill a box: multiply.",
        ),
    )
    for name, change, says in READINGS:
        sentence = f"The map that enters is not right: {says}."
        yield from of(("Flatten",), (f"line after {name}", _line(change), sentence))
    yield from of(
        DENSE,
        (
            "inputs of the dense row",
            lambda c: c.into,
            "This is what enters; one value leaves for each unit.",
        ),
        (
            "weight of the dense row",
            lambda c: c.answer if c.answer in ((*c.into, *c.out), (*c.out, *c.into)) else None,
            "This is the shape of the row's weight; the table asks for what leaves the row.",
        ),
        (
            "dense row keeps positions",
            lambda c: c.answer if isinstance(c.answer, tuple) and len(c.answer) > 1 else None,
            "A dense row leaves one value for each unit: no height, no width.",
        ),
    )


def _line(change: Callable[[Row], Row | None]) -> Model:
    def model(c: Cell) -> Shape | None:
        shape = c.entered_as(change)
        return None if shape is None else (prod(shape),)

    return model


def _any_row() -> Iterator[Belief]:
    yield from of(
        ("Dropout",),
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
            lambda c: c.answer if c.kind == "Concat" and _right_but_depth(c) else None,
            "Concat stacks the channels of all its branches: add them up.",
        ),
        (
            "branches added",
            lambda c: c.answer if c.kind == "Add" and _right_but_depth(c) else None,
            "Add sums its branches value by value: the channels stay as many as in one branch.",
        ),
        (
            "a row that keeps its shape",
            lambda c: c.answer if c.out == c.into and c.kind not in SLIDING + FLAT else None,
            "This row works value by value: the shape that enters also leaves.",
        ),
        (
            "shape that enters",
            lambda c: c.into,
            "This is the shape that enters; the table asks for the one that leaves.",
        ),
        ("row shifted", _of_another_row, "This belongs to another row: mind the row's name."),
    )


def _of_another_row(c: Cell) -> Value | None:
    return c.answer if c.answer in c.others else None


BELIEFS: tuple[Belief, ...] = (*_order(), *_sliding(), *_channels(), *_flat(), *_any_row())
"""Beliefs about the column of output shapes."""

_WINDOWS = (
    "each size becomes (size + padding on both sides − kernel)/stride + 1, rounded by the policy"
)
HINTS = {
    "Conv": f"{_WINDOWS}; as many channels leave as there are filters.",
    "DepthwiseConv": f"{_WINDOWS}.",
    "MaxPool": f"{_WINDOWS}.",
    "AvgPool": f"{_WINDOWS}.",
    "Flatten": "multiply all sizes that enter.",
    "Linear": "one value leaves for each unit.",
}
"""What to remember, by kind of row."""
