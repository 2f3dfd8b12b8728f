"""What students believe about the shapes of lines and sequences."""

from collections.abc import Callable, Iterator
from math import prod

from cnnlab.check.tables.misconceptions.base import DENSE, About, Model, of
from cnnlab.check.tables.misconceptions.cells import Cell
from cnnlab.check.tables.misconceptions.readings import READINGS
from cnnlab.spec import LSTM, RNN, Row, Shape


def sequences() -> Iterator[About]:
    """Misconceptions about rows that read a sequence."""
    yield from of(
        ("recurrent",),
        (
            "every step kept",
            lambda c: (c.out[0], c.into[1]),
            "You kept every step, but only the last state leaves.",
        ),
        (
            "last step only",
            lambda c: c.out[:1],
            "You kept the last state, but here those of all steps leave.",
        ),
        (
            "all gates leave",
            lambda c: (gates(c) * c.out[0], *c.out[1:]) if gates(c) > 1 else None,
            "You let each gate leave numbers of its own, but they only steer the state inside.",
        ),
        (
            "the cell leaves too",
            lambda c: (2 * c.out[0], *c.out[1:]) if c.kind is LSTM else None,
            "You let the cell leave as well, but it stays inside: only the state leaves.",
        ),
    )
    yield from of(
        ("embedding",),
        (
            "shape of the embedding's weight",
            lambda c: c.row.param_shapes(c.into).get("weight"),
            "This is the shape of the row's weight; the table asks for what leaves the row.",
        ),
        (
            "one vector of the sequence",
            lambda c: c.out[:1],
            "This is one vector, but every position of the sequence gets one.",
        ),
    )


def gates(c: Cell) -> int:
    """Sets of weights that a recurrent row has; 1 for any other row."""
    return c.row.gates if isinstance(c.row, RNN) else 1


def flat() -> Iterator[About]:
    """Misconceptions about a map in one line, and what dense rows make of it."""
    yield from of(
        ("flatten",),
        (
            "not flattened",
            lambda c: c.into,
            "This is the shape that enters; Flatten writes all its values in one line.",
        ),
        (
            "channels forgotten in the line",
            lambda c: (prod(c.into[1:]),) if len(c.into) > 1 else None,
            "You flattened one map only, but all of them are in the line.",
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
        (
            "pooled once more",
            lambda c: (prod(c.into) // 4,) if len(c.into) > 2 else None,
            "This is a quarter of the values that enter, as if they were pooled once more.",
        ),
    )
    for name, change, says in READINGS:
        sentence = f"The map that enters is not right: {says}."
        yield from of(("flatten",), (f"line after {name}", _line(change), sentence))
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
