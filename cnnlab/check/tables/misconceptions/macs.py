"""What students believe about multiply-accumulates."""

from math import prod

from cnnlab.check.tables.misconceptions.base import CONVOLUTIONS, About, of, of_another_row, rounded
from cnnlab.check.tables.misconceptions.lines import gates
from cnnlab.check.tables.misconceptions.weights import LEARNING

MISCONCEPTIONS: tuple[About, ...] = (
    *of(
        CONVOLUTIONS,
        (
            "positions forgotten",
            lambda c: c.weights,
            "These are the weights; each of them is used once at every position of the {c.side}.",
        ),
        (
            "positions forgotten, bias counted",
            lambda c: c.weights + c.biases,
            "These are the parameters; each weight is used once at every position of the {c.side}.",
        ),
        (
            "input positions",
            lambda c: c.weights * prod(c.into[1:]),
            "You counted the positions that enter, but each position that leaves is computed once.",
        ),
        (
            "padded positions",
            lambda c: c.weights * prod(c.padded) if c.padded else None,
            "You counted the positions of the padded input, but each position that leaves is "
            "computed once.",
        ),
        (
            "padding forgotten in MACs",
            lambda c: c.weights * prod(c.unpadded) if c.unpadded else None,
            "You let the kernel take pixels away at the edges, but this row is padded.",
        ),
        (
            "a quarter of the positions",
            lambda c: (
                c.weights * prod(n // 2 for n in c.positions) if len(c.positions) > 1 else None
            ),
            "You counted the positions of a map half as high and half as wide.",
        ),
        (
            "one side of the output",
            lambda c: c.weights * c.positions[-1] if len(c.positions) > 1 else None,
            "You counted one side of the {c.side}, but it has a height and a width.",
        ),
        (
            "input channels forgotten in MACs",
            lambda c: prod(c.kernel) * c.out[0] * prod(c.positions),
            "You let each filter read one channel, but it sums over all that it reads.",
        ),
        (
            "groups ignored in MACs",
            lambda c: c.into[0] * prod(c.kernel) * c.out[0] * prod(c.positions),
            "You let each filter read every channel, but here it reads {c.reads}.",
        ),
        (
            "one filter's MACs",
            lambda c: c.one_filter * prod(c.positions) if c.one_filter else None,
            "These are those of one filter; there is one for each output channel.",
        ),
    ),
    *of(
        ("transposed convolution",),
        (
            "output positions",
            lambda c: c.weights * prod(c.out[1:]),
            "You counted the positions that leave, but a transposed convolution uses each weight "
            "once for every position that enters.",
        ),
    ),
    *of(
        ("recurrent",),
        (
            "steps forgotten",
            lambda c: c.weights,
            "These are the weights; each of them is used once at every step.",
        ),
        (
            "steps forgotten, bias counted",
            lambda c: c.weights + c.biases,
            "These are the parameters; each weight is used once at every step.",
        ),
        (
            "one gate's MACs",
            lambda c: c.table.rows[c.path].macs // gates(c) if gates(c) > 1 else None,
            "These are those of a plain recurrent layer; each gate has weights of its own, and so "
            "has what is written into the state.",
        ),
        (
            "state forgotten in MACs",
            lambda c: c.of_kind("weight_ih") * c.into[1],
            "You counted the weights of the input, but each step reads the state as well.",
        ),
        (
            "biases of all steps counted",
            lambda c: c.table.rows[c.path].macs + c.biases * c.into[1],
            "You counted the biases as well: adding them multiplies nothing, so they are left out.",
        ),
    ),
    *of(
        LEARNING,
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
        (
            "row shifted",
            of_another_row,
            "This belongs to the row {c.twin}: in what does this one differ from it?",
        ),
        (
            "MACs in a row without weights",
            lambda c: c.answer if c.path != "total" and not c.row.param_shapes(c.into) else None,
            "By the course's convention only weights are counted, and this row has none.",
        ),
        (
            "MACs in a row that counts none",
            lambda c: c.answer if c.path != "total" and not c.table.rows[c.path].macs else None,
            "This row learns numbers, but by the course's convention it counts no "
            "multiply-accumulates.",
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
        ("rounded MACs", rounded, "This is rounded; counts are exact."),
    ),
)
"""Misconceptions about the column of multiply-accumulates."""

HINTS = {
    "convolution": "every weight is used once at every position of the output.",
    "transposed convolution": "every weight is used once at every position of the input.",
    "dense": "every weight is used once.",
    "recurrent": "every weight is used once at every step.",
    "total": "Add up the rows above.",
}
"""What to remember, by family of row."""
