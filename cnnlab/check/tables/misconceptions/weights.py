"""What students believe about the parameters of rows that learn weights."""

from collections.abc import Callable, Iterator
from math import prod

from cnnlab.check.tables.misconceptions.base import (
    CONVOLUTIONS,
    DENSE,
    About,
    Count,
    Families,
    of,
    of_weights,
)
from cnnlab.check.tables.misconceptions.cells import (
    Cell,
)
from cnnlab.check.tables.misconceptions.readings import READINGS
from cnnlab.spec import Row, TableConv

LEARNING: Families = (*CONVOLUTIONS, *DENSE, "recurrent")


def biases() -> Iterator[About]:
    """Misconceptions about the bias of a row that learns weights."""
    yield from of(
        LEARNING,
        (
            "bias forgotten",
            lambda c: c.weights if c.biases else None,
            "{c.answer:,} = {c.product}: {c.missing_biases}",
        ),
        (
            "bias that is not there",
            lambda c: None if c.biases else c.weights + c.out[0],
            "You counted biases, but this row {c.no_bias}.",
        ),
        (
            "one bias for the whole layer",
            lambda c: c.weights + 1 if c.biases else None,
            "You counted one bias for the whole layer, but each output channel or unit has its own.",
        ),
        (
            "one bias per weight",
            # with two groups this is the count without groups, which is told instead
            lambda c: 2 * c.weights if c.biases and c.groups != 2 else None,
            "You counted one bias for each weight, but all weights of one filter or unit share one.",
        ),
        (
            "one bias per input",
            lambda c: c.weights + c.into[0] if c.biases else None,
            "You counted a bias for each channel or value that enters; biases belong to what leaves.",
        ),
        (
            "only the biases",
            lambda c: c.biases or None,
            "These are the biases alone: the weights are missing.",
        ),
    )
    yield from of(
        CONVOLUTIONS,
        (
            "one bias per kernel",
            lambda c: c.weights + c.weights // prod(c.kernel) if c.biases else None,
            "You counted a bias for each slice of a filter, but the slices are summed and share one.",
        ),
        (
            "one bias per output value",
            lambda c: c.weights + prod(c.out) if c.biases else None,
            "You counted a bias at each position, but a filter keeps its bias wherever it goes.",
        ),
    )


def convolutions() -> Iterator[About]:
    """Misconceptions about the weight of a convolution."""
    yield from of(
        CONVOLUTIONS,
        (
            "one number of channels and the bias forgotten",
            lambda c: c.one_filter if c.one_filter == c.out[0] * prod(c.kernel) else None,
            "Channels that a filter reads, number of filters: one of the two is missing, and the "
            "biases are missing too.",
        ),
    )
    yield from of_weights(
        CONVOLUTIONS,
        (
            "groups ignored",
            lambda c: c.into[0] * c.out[0] * prod(c.kernel),
            "You let each filter read every channel, but here it reads {c.reads}.",
        ),
        (
            "input channels forgotten",
            lambda c: c.out[0] * prod(c.kernel),
            "You gave each filter one kernel, but it has one for each channel that it reads.",
        ),
        (
            "output channels forgotten",
            lambda c: c.one_filter,
            "You counted the weights of one filter, but there is one filter for each output "
            "channel.",
        ),
        (
            "kernel not squared",
            lambda c: c.weights // c.kernel[-1] if len(c.kernel) > 1 else None,
            "You counted one side of the kernel, but it has a height and a width.",
        ),
        (
            "channels of the image",
            lambda c: c.table.input_shape[0] * c.out[0] * prod(c.kernel),
            "You let the filters read the network's input, but they read what the row before "
            "leaves.",
        ),
        (
            "input channels and filters added",
            lambda c: (
                None if isinstance(c.row, TableConv) else (c.into[0] + c.out[0]) * prod(c.kernel)
            ),
            "You added the channels that enter and those that leave, but each pair of them has a "
            "kernel: multiply.",
        ),
        (
            "weights for each position",
            lambda c: c.weights * prod(c.out[1:]),
            "You gave each position weights of its own, but a filter is shared by all positions.",
        ),
        (
            "weights for each padded pixel",
            lambda c: c.into[0] * c.out[0] * prod(c.padded) if c.padded else None,
            "You counted the pixels of the padded input, but weights belong to the kernel: "
            "neither size nor padding changes their number.",
        ),
        (
            "as a dense layer",
            lambda c: prod(c.into) * c.out[0],
            "You let each filter see the whole input, as a dense layer does, but it sees one "
            "window of the kernel's size.",
        ),
    )
    yield from of(
        CONVOLUTIONS,
        (
            "one filter and its bias",
            lambda c: c.one_filter + 1 if c.biases and c.one_filter else None,
            "This is one filter with its bias, but there is one for each output channel.",
        ),
        (
            "parameters for every place",
            lambda c: (c.weights + c.biases) * prod(c.out[1:]),
            "You counted the parameters again for every place of the map, but all places share one "
            "set: that is what a convolution saves.",
        ),
    )


# How a student may have read the network above a dense row, and what came out of it.


def _dense_reading(change: Callable[[Row], Row | None]) -> Count:
    def model(c: Cell) -> int | None:
        shape = c.entered_as(change)
        return None if shape is None else prod(shape) * c.out[0]

    return model


def dense() -> Iterator[About]:
    """Misconceptions about the weight of a dense row, most about what enters it."""
    for name, change, says in READINGS:
        sentence = f"The number of values that enter is not right: {says}."
        yield from of_weights(DENSE, (f"dense after {name}", _dense_reading(change), sentence))
    yield from of_weights(
        DENSE,
        (
            "channels of the flattened map forgotten",
            lambda c: prod(c.flattened[1:]) * c.out[0] if c.flattened else None,
            "You flattened one map only, but all of them enter this row.",
        ),
        (
            "positions of the flattened map forgotten",
            lambda c: c.flattened[0] * c.out[0] if c.flattened else None,
            "You let one value of each map enter, but Flatten keeps all positions.",
        ),
        (
            "one side of the flattened map",
            lambda c: prod(c.flattened[:-1]) * c.out[0] if len(c.flattened) > 2 else None,
            "You counted one side of the flattened map, but it has a height and a width.",
        ),
        (
            "the row before passed over",
            lambda c: c.before * c.out[0] if c.before else None,
            "You connected this row to what enters the dense row before; it reads what that one "
            "leaves.",
        ),
        (
            "the image enters",
            lambda c: prod(c.table.input_shape) * c.out[0],
            "You connected this row to the network's input, but it reads what the row before "
            "leaves.",
        ),
    )
    yield from of(
        DENSE,
        (
            "added instead of multiplied",
            lambda c: c.into[0] + c.out[0],
            "You added inputs and units, but every unit has a weight for every input: multiply.",
        ),
        (
            "only the units",
            lambda c: c.out[0] if not c.biases else None,
            "This is the number of units; each has a weight for every input.",
        ),
        (
            "only the inputs",
            lambda c: c.into[0],
            "This is the number of inputs; each unit has a weight for every one of them.",
        ),
    )
