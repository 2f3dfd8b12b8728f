"""Parameters of a convolution that would be right for another kernel, other channels or filters."""

from collections.abc import Iterator
from math import prod

from cnnlab.check.tables.misconceptions.base import CONVOLUTIONS, About, Count, of, of_weights
from cnnlab.check.tables.misconceptions.cells import Cell
from cnnlab.spec import TableConv

_KERNELS = (3, 5, 1, 7, 11)  # the sizes that networks have, most frequent first


def misread() -> Iterator[About]:
    """Misconceptions that get every rule right and read one number of the row wrongly."""
    for size in _KERNELS:
        yield from of_weights(
            CONVOLUTIONS,
            (
                f"kernels of {size}×{size}",
                _other_kernel(size),
                f"This would be right for kernels of {size}×{size}, but this row has others.",
            ),
        )
    yield from of_weights(
        CONVOLUTIONS,
        (
            "as many channels as filters",
            lambda c: c.out[0] * c.out[0] * prod(c.kernel) if _reads_all(c) else None,
            "You let each filter read as many channels as the row makes, but it reads those that "
            "enter.",
        ),
        (
            "half of the channels",
            lambda c: c.weights // 2 if _reads_all(c) and c.into[0] % 2 == 0 else None,
            "These are half of the weights. Did you count half of the filters, or let each read half "
            "of the channels that enter?",
        ),
        (
            "channels of another row",
            lambda c: next((n for n in _elsewhere(c) if n + c.biases == c.answer), None),
            "You let each filter read as many channels as another row leaves; it reads what "
            "enters: which row comes right before it?",
        ),
    )
    yield from of(
        CONVOLUTIONS,
        (
            "filters of one group",
            lambda c: (c.weights + c.biases) // c.groups if c.groups > 1 else None,
            "You counted the filters of one group only; all of them have weights.",
        ),
        (
            "channels divided twice",
            lambda c: c.weights // c.groups + c.biases if c.groups > 1 else None,
            "You divided twice by the groups: each filter reads fewer channels, and there are as "
            "many filters as without groups.",
        ),
        (
            "other kernels than the table names",
            lambda c: c.answer if c.kernels_counted else None,
            "With its {c.biases} biases this would be {c.kernels_counted} kernels. Add up how many "
            "maps each filter reads.",
        ),
    )


def _other_kernel(size: int) -> Count:
    def model(c: Cell) -> int | None:
        other = c.weights // prod(c.kernel) * size**2
        return other if len(c.kernel) == 2 and c.kernel != (size, size) else None

    return model


def _reads_all(c: Cell) -> bool:
    """Whether each filter reads every channel."""
    return c.groups == 1 and not isinstance(c.row, TableConv)


def _elsewhere(c: Cell) -> Iterator[int]:
    """Weights if filters read as many channels as another row leaves."""
    for row in c.table.rows.values() if _reads_all(c) else ():
        yield row.output_shape[0] * c.out[0] * prod(c.kernel)
