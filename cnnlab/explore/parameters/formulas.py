"""How many numbers a row learns, and how many products it computes, written out."""

from typing import NamedTuple

from cnnlab.geometry import per_axis
from cnnlab.spec import (
    RBF,
    RNN,
    BatchNorm,
    Combinator,
    Conv,
    DepthwiseConv,
    Embedding,
    Linear,
    Row,
    Shape,
    Subsample,
    TableConv,
    TransposedConv,
)

_Convolution = Conv | DepthwiseConv | TransposedConv | TableConv


class Formula(NamedTuple):
    """One count, written out.

    Attributes
    ----------
    term : str
        The formula with its numbers, such as ``(3·3·32 + 1)·64``.
    words : str
        What its parts are.
    """

    term: str
    words: str


def params_formula(row: Row, in_shape: Shape) -> Formula:
    """Write out how many numbers a row learns.

    Parameters
    ----------
    row : Row
        A row of any kind; one of an unknown kind is written as the sum of its arrays.
    in_shape : tuple of int
        Shape that enters it, without the batch.

    Examples
    --------
    >>> params_formula(Conv(64, 3), (32, 28, 28)).term
    '(3·3·32 + 1)·64'
    >>> params_formula(DepthwiseConv(3, bias=False), (32, 28, 28)).term
    '3·3·1·32'
    """
    if isinstance(row, Combinator):
        return Formula("0", "joins branches, learns nothing of its own")
    shapes = row.param_shapes(in_shape)
    if not shapes:
        return Formula("0", "learns nothing")
    if isinstance(row, _Convolution | Linear):
        return _weighted(row, in_shape)
    return _other(row, in_shape, shapes)


def _factors(row: _Convolution | Linear | RBF, in_shape: Shape) -> tuple[str, str]:
    """Weights of one filter or unit, and how many there are."""
    if isinstance(row, Linear | RBF):
        return f"{in_shape[0]:,}", f"{row.out_features:,}"
    kernel = per_axis("kernel_size", row.kernel_size, len(in_shape) - 1)
    window = "·".join(map(str, kernel))
    if isinstance(row, TableConv):
        return window, f"{sum(map(len, row.table)):,}"
    if isinstance(row, DepthwiseConv):
        copies = f"·{row.multiplier}" if row.multiplier > 1 else ""
        return f"{window}·1", f"{in_shape[0]:,}{copies}"
    shared = f"/{row.groups:,}" if row.groups > 1 else ""
    return f"{window}·{in_shape[0]:,}{shared}", f"{row.out_channels:,}"


def _weighted(row: _Convolution | Linear, in_shape: Shape) -> Formula:
    weights, times = _factors(row, in_shape)
    if isinstance(row, TableConv):
        words = f"{times} connections of the table, each a kernel {weights}"
        maps = f"{len(row.table):,}"
        if row.bias:
            return Formula(f"{weights}·{times} + {maps}", f"{words}, and {maps} biases")
        return Formula(f"{weights}·{times}", f"{words}, no bias")
    unit = ("unit" if isinstance(row, Linear) else "filter") + "s" * (times != "1")
    words = f"{times} {unit}, each {weights} weights"
    if isinstance(row, DepthwiseConv):
        words += " for one channel alone"
    elif not isinstance(row, Linear) and row.groups > 1:
        words += f" for one of {row.groups:,} groups of channels"
    if row.bias:
        return Formula(f"({weights} + 1)·{times}", words + " and 1 bias")
    return Formula(f"{weights}·{times}", words + ", no bias")


def _other(row: Row, in_shape: Shape, shapes: dict[str, Shape]) -> Formula:
    terms = ["·".join(f"{number:,}" for number in shape) for shape in shapes.values()]
    sums = " + ".join(terms)
    if isinstance(row, BatchNorm):
        saved = "running mean and variance are saved, not learned"
        return Formula(f"2·{terms[0]}", f"γ and β of each channel; {saved}")
    if isinstance(row, Subsample):
        return Formula(f"2·{terms[0]}", "a weight and a bias for each map")
    if isinstance(row, Embedding):
        return Formula(sums, f"{row.num_embeddings:,} tokens, each {row.embedding_dim:,} numbers")
    if isinstance(row, RBF):
        return Formula(sums, f"{row.out_features:,} codes of {in_shape[0]:,} numbers, not trained")
    if isinstance(row, RNN):
        kinds = "input weights, state weights" + (" and two biases" if row.bias else ", no bias")
        return Formula(sums, kinds)
    return Formula(sums, ", ".join(shapes))


def macs_formula(row: Row, in_shape: Shape) -> Formula:
    """Write out the multiply-accumulates of a row, as :mod:`cnnlab.count` counts them.

    Parameters
    ----------
    row : Row
        A row of any kind.
    in_shape : tuple of int
        Shape that enters it, without the batch.

    Examples
    --------
    >>> macs_formula(Conv(64, 3, padding="same"), (32, 28, 28)).term
    '3·3·32·64 · 28·28'
    """
    if isinstance(row, Combinator) or not row.macs(in_shape):
        return Formula("0", "no products counted")
    if isinstance(row, RNN):
        hidden = f"{row.hidden_size:,}"
        gates = "" if row.gates == 1 else f"{row.gates}·"
        term = f"{in_shape[1]:,}·{gates}{hidden}·({in_shape[0]:,} + {hidden})"
        return Formula(term, "each step multiplies the input and the state")
    if isinstance(row, Subsample):
        return Formula("·".join(map(str, row.out_shape(in_shape))), "one product for each output")
    if isinstance(row, Linear | RBF):
        return Formula("·".join(_factors(row, in_shape)), "each weight is used once")
    if isinstance(row, _Convolution):
        places = in_shape[1:] if isinstance(row, TransposedConv) else row.out_shape(in_shape)[1:]
        where = "·".join(f"{number:,}" for number in places)
        term = f"{'·'.join(_factors(row, in_shape))} · {where}"
        return Formula(term, f"each weight is used at {where} positions")
    return Formula(f"{row.macs(in_shape):,}", "products")
