"""What students believe about multiply-accumulates."""

from math import prod

from cnnlab.check.tables.beliefs.base import CONVOLUTIONS, DENSE, Belief, of
from cnnlab.check.tables.cells import Cell, Value

_LEARNING = CONVOLUTIONS + DENSE


def _of_another_row(c: Cell) -> Value | None:
    return c.answer if c.answer and c.answer in c.others else None


BELIEFS: tuple[Belief, ...] = (
    *of(
        CONVOLUTIONS,
        (
            "positions forgotten",
            lambda c: c.weights,
            "These are the weights; each of them is used once at every position of the output.",
        ),
        (
            "positions forgotten, bias counted",
            lambda c: c.weights + c.biases,
            "These are the parameters; each weight is used once at every position of the output.",
        ),
        (
            "input positions",
            lambda c: c.weights * prod(c.into[1:]),
            "You counted the positions that enter, but each position that leaves is computed once.",
        ),
        (
            "padded positions",
            lambda c: c.weights * prod(c.padded),
            "You counted the positions of the padded input, but each position that leaves is "
            "computed once.",
        ),
        (
            "one side of the output",
            lambda c: c.weights * c.out[-1] if len(c.out) > 2 else None,
            "You counted one side of the output, but it has a height and a width.",
        ),
        (
            "input channels forgotten in MACs",
            lambda c: prod(c.kernel) * prod(c.out),
            "You let each filter read one channel, but it sums over all that enter.",
        ),
        (
            "groups ignored in MACs",
            lambda c: c.into[0] * prod(c.kernel) * prod(c.out),
            "You let each filter read every channel, but here it reads those of its own group.",
        ),
        (
            "one filter's MACs",
            lambda c: c.weights // c.out[0] * prod(c.out[1:]),
            "These are those of one filter; there is one for each output channel.",
        ),
    ),
    *of(
        _LEARNING,
        (
            "bias counted in MACs",
            lambda c: c.table.rows[c.path].macs + c.biases * prod(c.out[1:]),
            "You counted the bias as well: adding it multiplies nothing, so it is left out.",
        ),
        (
            "operations",
            lambda c: 2 * c.table.rows[c.path].macs,
            "You counted multiplications and additions apart; one MAC is both.",
        ),
        (
            "outputs instead of MACs",
            lambda c: prod(c.out),
            "These are the values that leave; each of them takes many multiply-accumulates.",
        ),
    ),
    *of(
        (),
        ("row shifted", _of_another_row, "This belongs to another row: mind the row's name."),
        (
            "MACs in a row without weights",
            lambda c: c.answer if c.path != "total" and not c.row.param_shapes(c.into) else None,
            "By the course's convention only weights are counted, and this row has none.",
        ),
        (
            "parameters for MACs in total",
            lambda c: c.table.summary.params if c.path == "total" else None,
            "These are the parameters; a filter's weight is used again at every position.",
        ),
        (
            "operations in total",
            lambda c: 2 * c.table.summary.macs if c.path == "total" else None,
            "You counted multiplications and additions apart; one MAC is both.",
        ),
    ),
)
"""Beliefs about the column of multiply-accumulates."""

HINTS = {
    "Conv": "every weight is used once at every position of the output.",
    "DepthwiseConv": "every weight is used once at every position of the output.",
    "Linear": "every weight is used once.",
    "total": "Add up the rows above.",
}
"""What to remember, by kind of row."""
